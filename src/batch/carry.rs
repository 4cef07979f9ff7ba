//! Decisions on pages that were read anew: what the output folder still holds of the old reading tells where they belong.
//!
//! It must never write, nor look at an output that does not stand as it was written.

use super::Run;
use crate::pipeline::{Cleaned, DecodedPage, Verdicts};
use crate::review::{Decision, Log, Opened, attach, issue_name};
use crate::store::{Mark, restore_issue};

/// The acts that carry decisions over from the issues of `earlier` to `issues`, without numbers.
pub(super) fn carry(run: &Run<'_>, earlier: &[Mark], issues: &[Vec<DecodedPage>]) -> Vec<Decision> {
    let layout = run.output.layout();
    let ledgers = earlier.iter().flat_map(|m| &m.outputs).filter(|e| e.path.starts_with("ledger/"));
    let mut cleaned: Vec<Option<Cleaned>> = vec![None; issues.len()];
    let mut log: Option<Log> = None;
    let first = run.log.acts().len();
    for entry in ledgers {
        // What cannot be restored has no place to carry from: its decisions are found by their keys or are stale.
        let Ok((ledger, restored)) = restore_issue(layout, &layout.root().join(&entry.path)) else { continue };
        let old = Opened { name: issue_name(&ledger).to_owned(), original: restored.text, last: restored.last, ledger };
        let shares =
            |pages: &[DecodedPage]| pages.iter().any(|p| old.ledger.header.pages.iter().any(|o| o.path == p.name));
        let own: Vec<usize> = (0..issues.len()).filter(|&n| shares(&issues[n])).collect();
        let as_it_was = |n: &usize| {
            let text: Vec<&str> = issues[*n].iter().map(|p| p.decoded.text.as_str()).collect();
            let names = issues[*n].iter().map(|p| p.name.as_str());
            names.eq(old.ledger.header.pages.iter().map(|p| p.path.as_str()))
                && crate::pipeline::Issue::new(text).text() == old.original
        };
        if own.iter().any(as_it_was) {
            continue;
        }
        for &n in &own {
            // A damaged page has no edits to decide on.
            if cleaned[n].is_none() && !issues[n].iter().any(|p| p.decoded.decoding.damaged) {
                cleaned[n] = Some(run.cleaner.clean(issues[n].clone(), &Verdicts::default()));
            }
        }
        let new: Vec<&Cleaned> = own.iter().filter_map(|&n| cleaned[n].as_ref()).collect();
        let log = log.get_or_insert_with(|| run.log.clone());
        for d in attach(&old, &new, log) {
            log.push(d);
        }
    }
    log.map(|l| l.acts().get(first..).unwrap_or_default().to_vec()).unwrap_or_default()
}
