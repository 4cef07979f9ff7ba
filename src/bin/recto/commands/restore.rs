//! `recto restore`: the originals, from output and ledger alone.

use crate::Outcome;
use crate::args::Restore;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::report::plural;
use recto::store::{Layout, ledgers, put_original, restore_issue};
use std::collections::BTreeSet;

pub(super) fn run(a: &Restore, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let mut wanted: BTreeSet<&str> = a.files.iter().map(String::as_str).collect();
    let all = wanted.is_empty();
    let (mut pages, mut bad) = (0usize, Vec::new());
    for path in ledgers(&layout)? {
        if !all && !names(&layout, &path).iter().any(|n| wanted.contains(n.as_str())) {
            continue;
        }
        match restore_issue(&layout, &path) {
            Ok((_, restored)) => {
                for (name, bytes) in &restored.pages {
                    if all || wanted.remove(name.as_str()) {
                        put_original(&a.out, name, bytes)?;
                        pages += 1;
                    }
                }
            }
            Err(e) => bad.push(e),
        }
    }
    for e in &bad {
        ui.failure(&Failure::new(Exit::Integrity, e.to_string()));
    }
    for name in &wanted {
        ui.warn(&format!("Error: {name}: no ledger names this page"));
    }
    ui.say(&format!(
        "{} restored to {}, each with the SHA-256 that the ledger holds",
        plural(pages, "original"),
        a.out.display()
    ));
    Ok(match (bad.is_empty(), wanted.is_empty()) {
        (false, _) => Exit::Integrity,
        (true, false) => Exit::Partial,
        (true, true) => Exit::Done,
    })
}

/// The pages that a ledger's header names; none where it cannot be read, which the restoring reports.
fn names(_layout: &Layout, path: &std::path::Path) -> Vec<String> {
    use std::io::BufRead;
    let first = std::fs::File::open(path).ok().and_then(|f| std::io::BufReader::new(f).lines().next());
    let header = first.and_then(Result::ok).and_then(|l| recto::ledger::read_header(&l).ok());
    header.map(|h| h.pages.into_iter().map(|p| p.path).collect()).unwrap_or_default()
}
