//! `recto restore`: the originals, from output and ledger alone.

use crate::Outcome;
use crate::args::Restore;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::report::{plural, visible};
use recto::store::{Layout, StoreError, header_of, ledgers, listed_originals, put_original, restore_issue};
use std::collections::BTreeSet;
use std::path::Path;

pub(super) fn run(a: &Restore, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let ledgers = ledgers(&layout)?;
    super::clean::refuse_nesting(std::slice::from_ref(&a.folder), &a.out)?;
    if a.out.join(".recto").is_dir() {
        let what = format!("{}: the folder is recto's own output", a.out.display());
        return Err(Failure::usage(what).hint("name a new or empty folder with -o"));
    }
    let all = a.files.is_empty();
    // What must come back: the pages named, or all that the list of originals holds.
    let listed = listed_originals(&layout).unwrap_or_default();
    let mut wanted: BTreeSet<String> =
        if all { listed.into_iter().collect() } else { a.files.iter().cloned().collect() };
    let (mut pages, mut broken, mut refused) = (0usize, Vec::new(), Vec::new());
    for path in ledgers {
        let names = names(&path);
        if !all && !names.iter().any(|n| wanted.contains(n)) {
            continue;
        }
        match restore_issue(&layout, &path) {
            Ok((_, restored)) => {
                for (name, bytes) in &restored.pages {
                    if !wanted.remove(name) && !all {
                        continue;
                    }
                    match put_original(&a.out, name, bytes) {
                        Ok(()) => pages += 1,
                        Err(e) => refused.push(e),
                    }
                }
            }
            Err(e) => {
                names.iter().for_each(|n| {
                    wanted.remove(n);
                });
                broken.push(e);
            }
        }
    }
    for e in &broken {
        ui.failure(&Failure::new(Exit::Integrity, e.to_string()));
    }
    let exists = refused.iter().any(|e| matches!(e, StoreError::Exists(_)));
    for e in &refused {
        ui.warn(&format!("Error: {e}"));
    }
    if exists {
        ui.warn("Hint: restore into a new or empty folder; recto writes over nothing it did not make");
    }
    let open = all && !layout.run().is_file();
    if open {
        ui.warn(&format!("Error: {}", StoreError::Unfinished(a.folder.clone())));
        ui.warn("Hint: only the pages that it has done can come back; the same `recto clean` finishes it");
    }
    for name in &wanted {
        ui.warn(&format!("Error: {}: no ledger names this page", visible(name, false)));
    }
    let out = a.out.display();
    ui.say(&format!("{} restored to {out}, each with the SHA-256 that the ledger holds", plural(pages, "original")));
    let lost = !broken.is_empty() || (all && !wanted.is_empty());
    Ok(match (lost, wanted.is_empty() && refused.is_empty() && !open) {
        (true, _) => Exit::Integrity,
        (false, false) => Exit::Partial,
        (false, true) => Exit::Done,
    })
}

/// The pages that a ledger's header names; none where it cannot be read, which the restoring reports.
fn names(path: &Path) -> Vec<String> {
    header_of(path).map(|h| h.pages.into_iter().map(|p| p.path).collect()).unwrap_or_default()
}
