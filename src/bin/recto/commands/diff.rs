//! `recto diff`: what cleaning would change, what an output folder holds, or how two files differ.

use super::input::{self, Source};
use crate::Outcome;
use crate::args::{Diff, DiffFormat};
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use recto::ledger::changes;
use recto::pipeline::{Cleaned, Issue};
use recto::report::{
    PageMode, Pages, Show, plural, visible, write_between, write_diff_json, write_inline, write_unified,
};
use recto::review::{Log, Opened, Session, State, issue_name, items};
use recto::source::{Hint, decode};
use recto::store::{Layout, ledgers, restore_issue};
use std::collections::HashMap;
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
                let states = states(&cleaned, &log, a.proposed);
                found |= show(a, ui, &mut out, &cleaned, &mut shown, Some(&states))?;
            }
            0
        }
        paths => {
            let e = settings::load(&a.settings, &super::start_of(paths))?;
            Source::new(paths, &a.input, &e, ui)?.each(&e, ui, |cleaned| {
                found |= show(a, ui, &mut out, cleaned, &mut shown, None)?;
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

/// The states of an issue's changes by id, or those of its proposals only. What lost to another edit is no news.
fn states(cleaned: &Cleaned, log: &Log, proposed: bool) -> HashMap<String, State> {
    let wanted = |s: State| match s {
        State::Superseded => false,
        State::Proposed | State::Stale => true,
        _ => !proposed,
    };
    let all = items(&cleaned.issue, &cleaned.ledger, log).into_iter().filter(|i| wanted(i.state));
    all.map(|i| (i.id, i.state)).collect()
}

/// Shows one issue, with what was decided where that is known; true where something differs.
fn show(
    a: &Diff,
    ui: &Ui,
    out: &mut impl Write,
    cleaned: &Cleaned,
    shown: &mut Vec<Opened>,
    states: Option<&HashMap<String, State>>,
) -> Result<bool, Failure> {
    let list = changes(cleaned.issue.text(), &cleaned.ledger.layers)
        .map_err(|e| Failure::new(Exit::Integrity, e.to_string()))?;
    match a.format {
        DiffFormat::Html => shown.push(Opened {
            name: issue_name(&cleaned.ledger).to_owned(),
            ledger: cleaned.ledger.clone(),
            original: cleaned.issue.text().to_owned(),
            last: cleaned.text.clone(),
        }),
        DiffFormat::Json => write_diff_json(out, cleaned, states)?,
        DiffFormat::Unified => write_unified(out, cleaned, &list)?,
        DiffFormat::Text => {
            if !list.is_empty()
                && let Some(p) = cleaned.ledger.header.pages.first()
            {
                let name = visible(&p.path, false);
                let n = list.iter().filter(|c| !c.hunks.is_empty()).count();
                let applied = plural(n, "change");
                match states {
                    None => writeln!(out, "{name}: {applied} applied, {} proposed", list.len() - n)?,
                    Some(states) => writeln!(out, "{name}: {applied} applied{}", decided(states))?,
                }
            }
            let show = match states {
                Some(states) => Show::States(states),
                None if a.proposed => Show::Proposed,
                None => Show::Applied,
            };
            write_inline(out, &cleaned.issue, &cleaned.ledger, &list, &ui.style(), show)?;
        }
    }
    Ok(!list.is_empty())
}

/// How many changes are in each state that the output alone does not show.
fn decided(states: &HashMap<String, State>) -> String {
    let told = [State::Proposed, State::Accepted, State::Edited, State::Rejected, State::Doubt, State::Stale];
    let count = |s: State| states.values().filter(|x| **x == s).count();
    told.into_iter().map(|s| (s, count(s))).filter(|c| c.1 > 0).map(|(s, n)| format!(", {n} {}", s.name())).collect()
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|e| Failure::file(path, &e))?;
    Ok(decode(&bytes, &Hint::default()).text)
}
