//! `recto export`: derivatives of the record for other systems.

use super::output::{Folder, exit};
use crate::Outcome;
use crate::args::{Export, ExportForm};
use crate::exit::Failure;
use crate::ui::Ui;
use recto::report::{Csv, Premis, Sarif};
use recto::store::put_report;
use std::collections::BTreeSet;

pub(super) fn run(a: &Export, ui: &Ui) -> Outcome {
    let folder = Folder::open(&a.folder)?;
    // A file is whole or not there, so it is made first and put in place then; a stream goes out as it is made.
    let mut bytes = Vec::new();
    let broken = match &a.out {
        Some(file) => {
            let broken = write(a, ui, &folder, &mut bytes)?;
            put_report(file, &bytes, true)?;
            ui.say(&format!("exported: {}", file.display()));
            broken
        }
        None => write(a, ui, &folder, std::io::BufWriter::new(std::io::stdout().lock()))?,
    };
    Ok(exit(broken))
}

fn write(a: &Export, ui: &Ui, folder: &Folder, out: impl std::io::Write) -> Result<usize, Failure> {
    match a.to {
        ExportForm::Csv => {
            let mut x = Csv::new(out)?;
            let broken = folder.each(ui, |c| Ok(x.add(c)?))?;
            x.end()?;
            Ok(broken)
        }
        ExportForm::Sarif => {
            let mut x = Sarif::new(out)?;
            let broken = folder.each(ui, |c| Ok(x.add(c)?))?;
            x.end()?;
            Ok(broken)
        }
        ExportForm::Premis => {
            let mut x = Premis::new(out, &folder.run, people(folder))?;
            let broken = folder.each(ui, |c| Ok(x.add(&c.ledger)?))?;
            x.end()?;
            Ok(broken)
        }
    }
}

/// Those who decided on changes, by the names that the log holds.
fn people(folder: &Folder) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.layout.root().join("decisions.jsonl")).unwrap_or_default();
    let by = |l: &str| {
        let act: serde_json::Value = serde_json::from_str(l).ok()?;
        act.get("by").and_then(|b| b.as_str()).map(str::to_owned)
    };
    text.lines().filter_map(by).collect()
}
