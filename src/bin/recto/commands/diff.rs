//! `recto diff`: what cleaning would change, what an output folder holds, or how two files differ.

use super::input::{self, Source};
use crate::Outcome;
use crate::args::{Diff, DiffFormat};
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use recto::ledger::changes;
use recto::pipeline::{Cleaned, Issue};
use recto::report::{PageMode, Pages, visible, write_between, write_diff_json, write_inline, write_unified};
use recto::review::{Log, Opened, Session, issue_name};
use recto::source::{Hint, decode};
use recto::store::{Layout, ledgers, restore_issue};
use std::io::{BufWriter, Write};
use std::path::Path;

pub(super) fn run(a: &Diff, ui: &Ui) -> Outcome {
    let mut out = BufWriter::new(std::io::stdout().lock());
    if let Some(other) = &a.against {
        if a.format == DiffFormat::Html {
            return Err(
                Failure::usage("--against has no page").hint("leave --format out, or name a file or folder to clean")
            );
        }
        let [one] = a.paths.as_slice() else {
            return Err(Failure::usage("--against compares two files").hint("recto diff FILE --against FILE"));
        };
        let differs = write_between(&mut out, &text_of(one)?, &text_of(other)?, &ui.style())?;
        out.flush()?;
        return Ok(if differs { Exit::Found } else { Exit::Done });
    }
    let mut found = false;
    // The page wants all issues at once.
    let mut shown: Vec<Opened> = Vec::new();
    let mut log = Log::default();
    let paths = input::paths(&a.paths, &a.input)?;
    let bad = match paths.as_slice() {
        [dir] if dir.is_dir() && dir.join("run.json").is_file() => {
            let layout = Layout::new(dir);
            log = super::decisions::read_run_log(&layout)?;
            for path in ledgers(&layout)? {
                let (ledger, restored) = restore_issue(&layout, &path)?;
                let pages = ledger.header.pages.iter().scan(0, |at, p| {
                    let page = restored.text.get(*at..*at + p.text).unwrap_or("");
                    *at += p.text + 1;
                    Some(page)
                });
                let issue = Issue::new(pages);
                let cleaned = Cleaned { ledger, issue, text: restored.last, seams: Vec::new() };
                found |= show(a, ui, &mut out, &cleaned, &mut shown)?;
            }
            0
        }
        paths => {
            let e = settings::load(&a.settings, &super::start_of(paths))?;
            Source::new(paths, &a.input, &e, ui)?.each(&e, ui, |cleaned| {
                found |= show(a, ui, &mut out, cleaned, &mut shown)?;
                Ok(())
            })?
        }
    };
    if a.format == DiffFormat::Html {
        let folder = a.paths.first().map_or(Path::new(""), |p| p.as_path());
        let options = super::review_html::options(folder, None, a.ui_lang.chinese(), PageMode::Diff);
        Pages::new(&Session::new(shown, log, None)).write(&mut out, &options)?;
    }
    out.flush()?;
    Ok(match (bad, found) {
        (0, false) => Exit::Done,
        (0, true) => Exit::Found,
        _ => Exit::Partial,
    })
}

/// Shows one issue; true where something differs.
fn show(a: &Diff, ui: &Ui, out: &mut impl Write, cleaned: &Cleaned, shown: &mut Vec<Opened>) -> Result<bool, Failure> {
    let list = changes(cleaned.issue.text(), &cleaned.ledger.layers)
        .map_err(|e| Failure::new(Exit::Integrity, e.to_string()))?;
    match a.format {
        DiffFormat::Html => shown.push(Opened {
            name: issue_name(&cleaned.ledger).to_owned(),
            ledger: cleaned.ledger.clone(),
            original: cleaned.issue.text().to_owned(),
            last: cleaned.text.clone(),
        }),
        DiffFormat::Json => write_diff_json(out, cleaned)?,
        DiffFormat::Unified => write_unified(out, cleaned, &list)?,
        DiffFormat::Text => {
            if !list.is_empty()
                && let Some(p) = cleaned.ledger.header.pages.first()
            {
                let applied = list.iter().filter(|c| !c.hunks.is_empty()).count();
                writeln!(
                    out,
                    "{}: {applied} changes applied, {} proposed",
                    visible(&p.path, false),
                    list.len() - applied
                )?;
            }
            write_inline(out, &cleaned.issue, &cleaned.ledger, &list, &ui.style(), a.proposed)?;
        }
    }
    Ok(!list.is_empty())
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
    Ok(decode(&bytes, &Hint::default()).text)
}
