//! What stands in an output folder that is opened again: whether it fits the settings, and which issues are not as they
//! were written.
//!
//! It must never write.

use super::error::StoreError;
use super::layout::{Layout, inside};
use super::manifest::read_manifest;
use super::marks::Marks;
use super::output::Settings;
use crate::hash;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Whether the folder was made with these settings. A folder without a record of them holds nothing that could differ.
pub(super) fn fits(layout: &Layout, now: &Settings, relearn: bool) -> bool {
    let Ok(text) = std::fs::read_to_string(layout.settings()) else {
        return !layout.run().is_file();
    };
    serde_json::from_str::<Settings>(&text).is_ok_and(|mut then| {
        if relearn {
            then.profile.clone_from(&now.profile);
        }
        then == *now
    })
}

/// Looks at every file that a mark lists. Gives the issues that do not stand as they were written, which are done again.
/// A page whose text is neither what its mark says nor what an interrupted run was about to write was edited by hand.
pub(super) fn examine(layout: &Layout, marks: &Marks, fresh: bool) -> Result<BTreeSet<String>, StoreError> {
    let units: Vec<(&str, bool)> = marks.units().collect();
    let look = |&(unit, done): &(&str, bool)| -> Option<(String, Vec<PathBuf>)> {
        let Ok(mark) = marks.mark(unit) else { return Some((unit.to_owned(), Vec::new())) };
        let (mut broken, mut edited) = (!done, Vec::new());
        for e in &mark.outputs {
            let Ok(path) = inside(&e.path).map(|p| layout.root().join(p)) else { continue };
            match std::fs::read(&path) {
                Ok(bytes) if hash::sha256_hex(&bytes) == e.sha256 => {}
                Ok(bytes) => {
                    broken = true;
                    // An interrupted issue may still hold the page of the run before it, which its ledger knows.
                    if done && e.path.starts_with("text/") || !done && !is_recorded(layout, &e.path, &bytes) {
                        edited.push(path);
                    }
                }
                Err(_) => broken = true,
            }
        }
        broken.then(|| (unit.to_owned(), edited))
    };
    let looked: Vec<(String, Vec<PathBuf>)> = units.par_iter().filter_map(look).collect();
    let edited: Vec<&PathBuf> = looked.iter().flat_map(|(_, e)| e).collect();
    if let (false, Some(first)) = (fresh, edited.first()) {
        return Err(StoreError::Edited((*first).clone(), edited.len()));
    }
    Ok(looked.into_iter().map(|(unit, _)| unit).collect())
}

/// True for a page's text that the list of outputs of the last whole run holds.
fn is_recorded(layout: &Layout, name: &str, bytes: &[u8]) -> bool {
    if !name.starts_with("text/") {
        return true;
    }
    let listed = read_manifest(&layout.manifest()).unwrap_or_default();
    let sum = hash::sha256_hex(bytes);
    listed.iter().any(|e| e.path == name && e.sha256 == sum)
}
