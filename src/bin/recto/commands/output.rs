//! An output folder issue by issue, as report, sample, eval and export go through it. Nothing is held but one issue.

use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::batch::RunRecord;
use recto::pipeline::{Cleaned, Issue};
use recto::store::{Layout, ledgers, restore_issue};
use std::path::Path;

/// An output folder that is read.
pub(super) struct Folder {
    pub(super) layout: Layout,
    pub(super) run: RunRecord,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let layout = Layout::new(path);
        let text = std::fs::read_to_string(layout.run()).map_err(|_| layout.no_run())?;
        let run = serde_json::from_str(&text).map_err(|e| {
            Failure::new(Exit::Integrity, format!("{}: {e}", layout.run().display()))
                .hint("the record was altered; `recto clean` writes it again")
        })?;
        Ok(Self { layout, run })
    }

    /// Goes through the issues that can be replayed. Gives the number of those that cannot: they are named.
    pub(super) fn each(&self, ui: &Ui, mut f: impl FnMut(&Cleaned) -> Result<(), Failure>) -> Result<usize, Failure> {
        let mut broken = 0;
        for path in ledgers(&self.layout)? {
            match restore_issue(&self.layout, &path) {
                Ok((ledger, restored)) => {
                    let pages = ledger.header.pages.iter().scan(0, |at, p| {
                        let page = restored.text.get(*at..*at + p.text).unwrap_or("");
                        *at += p.text + 1;
                        Some(page)
                    });
                    let issue = Issue::new(pages);
                    f(&Cleaned { ledger, issue, text: restored.last, seams: Vec::new() })?;
                }
                Err(e) => {
                    broken += 1;
                    ui.failure(&Failure::from(e));
                }
            }
        }
        Ok(broken)
    }
}

/// How a command ends that went through a folder with so many broken issues.
pub(super) fn exit(broken: usize) -> Exit {
    if broken > 0 { Exit::Integrity } else { Exit::Done }
}

/// An error of the ledger as a failure of integrity.
pub(super) fn misfit(e: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Integrity, e.to_string()).hint("`recto verify OUT` lists all that does not fit")
}
