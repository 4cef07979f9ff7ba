//! `recto log` and `recto decisions merge`, and what several commands need of the log.

use super::apply::conflict;
use crate::Outcome;
use crate::args::{Decisions, DecisionsCommand, LogFormat, ShowLog};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::report::{plural, visible};
use recto::review::{Decision, Log, merge};
use recto::store::{Layout, StoreError, read_log};
use std::io::Write;

/// The log of an output folder.
pub(super) fn read_run_log(layout: &Layout) -> Result<Log, Failure> {
    if !layout.run().is_file() {
        return Err(layout.no_run().into());
    }
    Ok(read_log(&layout.decisions())?)
}

/// The time of an act, UTC, to the second.
pub(crate) fn now() -> String {
    let text = time::OffsetDateTime::now_utc().replace_nanosecond(0).ok();
    text.and_then(|t| t.format(&time::format_description::well_known::Rfc3339).ok()).unwrap_or_default()
}

pub(super) fn log(a: &ShowLog) -> Outcome {
    let log = read_run_log(&Layout::new(&a.folder))?;
    let mut out = std::io::stdout().lock();
    let undone = log.undone();
    for d in log.acts() {
        match a.format {
            LogFormat::Jsonl => writeln!(out, "{}", d.line())?,
            LogFormat::Text => {
                let gone = if undone.contains(d.act.as_str()) { "  (taken back)" } else { "" };
                let at = d.at.as_deref().unwrap_or("-");
                let by = d.by.as_deref().unwrap_or("-");
                writeln!(out, "{:>4}  {}  {}  {}{gone}", d.act, visible(at, false), visible(by, false), summary(d))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// An act in a line.
pub(crate) fn summary(d: &Decision) -> String {
    let mut s = d.op.name().to_owned();
    if !d.of.is_empty() {
        s.push_str(&format!(" of act {}", d.of.join(", ")));
    }
    match &d.group {
        Some(g) => s.push_str(&format!(" {} [{g}]", d.scope.name())),
        None if d.keys.len() > 1 => s.push_str(&format!(" {} keys", d.keys.len())),
        None => {}
    }
    if let Some(w) = &d.what {
        s.push_str(&format!("  {w}"));
    }
    if let Some(t) = &d.text {
        s.push_str(&format!("  => {t}"));
    }
    if let Some(n) = &d.note {
        s.push_str(&format!("  ({n})"));
    }
    visible(&s, false)
}

pub(super) fn run(a: &Decisions, ui: &Ui) -> Outcome {
    let DecisionsCommand::Merge { files, out } = &a.command;
    let mut logs = Vec::new();
    for f in files {
        if !f.is_file() {
            return Err(Failure::usage(format!("{}: no such file", f.display())).hint("name decisions.jsonl files"));
        }
        logs.push(read_log(f)?);
    }
    let (merged, conflicts) = merge(&logs);
    let text: String = merged.acts().iter().map(|d| d.line() + "\n").collect();
    match out {
        Some(path) => {
            // Never over a file that is no log: an original may bear any name.
            if path.is_dir() {
                return Err(StoreError::Folder(path.clone()).into());
            }
            if path.exists() && read_log(path).is_err() {
                return Err(StoreError::Exists(path.clone()).into());
            }
            std::fs::write(path, text).map_err(|e| Failure::file(path, &e))?;
        }
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    for c in &conflicts {
        ui.warn(&format!("conflict: {}", conflict(c)));
    }
    ui.say(&format!("{}, {}", plural(merged.acts().len(), "decision"), plural(conflicts.len(), "conflict")));
    Ok(if conflicts.is_empty() { Exit::Done } else { Exit::Found })
}
