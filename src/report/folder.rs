//! The report on an output folder as text, JSON and CSV. The page for a browser stands in `page`.

use super::tally::{Fates, Tally};
use super::{plural, visible};
use crate::batch::RunRecord;
use serde_json::json;
use std::io::{self, Write};

/// Pages that the terminal's report names one by one.
const NAMED_PAGES: usize = 25;

fn row(out: &mut impl Write, name: &str, f: &Fates, flags: Option<usize>) -> io::Result<()> {
    let flags = flags.map_or_else(String::new, |n| format!(" {n:>9}"));
    writeln!(out, "  {name:<36} {:>9} {:>9} {:>9} {:>11}{flags}", f.applied, f.proposed, f.rejected, f.superseded)
}

/// Writes the tables for a terminal.
///
/// # Errors
/// Those of `out`.
pub fn write_report(out: &mut impl Write, run: &RunRecord, t: &Tally, folder: &str) -> io::Result<()> {
    let (pages, issues) = (plural(t.pages.len(), "page"), plural(t.issues, "issue"));
    writeln!(out, "{folder}: {pages} in {issues}, {}, policy {}", run.tool, run.configuration.policy.name())?;
    let head = |out: &mut dyn Write, what: &str, flags: &str| {
        writeln!(out, "\n  {what:<36} {:>9} {:>9} {:>9} {:>11}{flags}", "applied", "proposed", "rejected", "superseded")
    };
    head(out, "stage", "")?;
    for (name, f) in t.stages.values() {
        row(out, name, f, None)?;
    }
    row(out, "all", &t.total(), None)?;
    head(out, "confidence", "")?;
    for (name, f) in &t.confidences {
        row(out, name, f, None)?;
    }
    head(out, "rule", &format!(" {:>9}", "flags"))?;
    let mut rules: Vec<_> = t.rules.iter().collect();
    rules.sort_by(|a, b| (b.1.fates.all() + b.1.flags).cmp(&(a.1.fates.all() + a.1.flags)).then(a.0.cmp(b.0)));
    for (name, r) in rules {
        row(out, name, &r.fates, Some(r.flags))?;
    }
    writeln!(out, "\nnot done:")?;
    for line in not_done(run, t) {
        writeln!(out, "  {line}")?;
    }
    let people = t.for_a_person();
    writeln!(out, "\nfor a person: {}", plural(people.len(), "page"))?;
    for p in people.iter().take(NAMED_PAGES) {
        writeln!(out, "  {}: {}", visible(&p.path, false), visible(&p.reasons.join("; "), false))?;
        for m in &p.messages {
            writeln!(out, "    {}", visible(m, false))?;
        }
    }
    if people.len() > NAMED_PAGES {
        writeln!(out, "  and {} more: --format csv or --html FILE names all", people.len() - NAMED_PAGES)?;
    }
    Ok(())
}

/// What was not done, in sentences. Never empty.
pub(super) fn not_done(run: &RunRecord, t: &Tally) -> Vec<String> {
    let mut out = Vec::new();
    let total = t.total();
    if total.proposed > 0 {
        out.push(format!("{} that nobody has decided (recto review)", plural(total.proposed, "proposal")));
    }
    let flags: usize = t.rules.values().map(|r| r.flags).sum();
    if flags > 0 {
        out.push(format!("{} on what no rule can put right", plural(flags, "flag")));
    }
    let off = t.stages_not_run(&run.configuration.stages);
    if !off.is_empty() {
        out.push(format!("stages that were switched off: {}", off.join(", ")));
    }
    if !run.configuration.ignore.is_empty() {
        out.push(format!("rules that were switched off: {}", run.configuration.ignore.join(", ")));
    }
    if !run.damaged.is_empty() {
        out.push(format!(
            "{} kept whole and not cleaned: bytes that no decoder accepts",
            plural(run.damaged.len(), "page")
        ));
    }
    for (path, why) in &run.failures {
        out.push(format!("failed: {}: {}", visible(path, false), visible(why, false)));
    }
    if !run.gone.is_empty() {
        out.push(format!("{} whose originals were gone at the last run", plural(run.gone.len(), "page")));
    }
    if out.is_empty() {
        out.push("nothing was left out".to_owned());
    }
    out
}

/// Writes all numbers as one JSON object.
///
/// # Errors
/// Those of `out`.
pub fn write_report_json(out: &mut impl Write, run: &RunRecord, t: &Tally) -> io::Result<()> {
    let stages: Vec<_> = t.stages.values().map(|(name, f)| json!({"stage": name, "fates": f})).collect();
    let people: Vec<&str> = t.for_a_person().into_iter().map(|p| p.path.as_str()).collect();
    let all = json!({
        "v": 1, "tool": run.tool, "policy": run.configuration.policy, "issues": t.issues, "total": t.total(),
        "stages": stages, "rules": t.rules, "confidences": t.confidences, "not_done": not_done(run, t),
        "for_a_person": people, "pages": t.pages,
    });
    writeln!(out, "{all}")
}

/// Writes a row per page, for a spreadsheet.
///
/// # Errors
/// Those of `out`.
#[cfg(feature = "reports")]
pub fn write_report_csv(out: &mut impl Write, t: &Tally) -> io::Result<()> {
    use super::sheet::Sheet;
    let mut sheet = Sheet::new(out)?;
    let stages = crate::rule::Stage::ALL.map(|s| s.name());
    let mut head = vec!["page", "encoding", "characters", "applied", "proposed", "rejected", "superseded", "flags"];
    head.extend(stages);
    head.extend(["for a person", "flags in words"]);
    sheet.row(head)?;
    for p in &t.pages {
        let f = &p.fates;
        let numbers = [p.characters, f.applied, f.proposed, f.rejected, f.superseded, p.flags];
        let mut cells = vec![p.path.clone(), p.encoding.clone()];
        cells.extend(numbers.iter().chain(&p.stages).map(ToString::to_string));
        cells.extend([p.reasons.join("; "), p.messages.join("; ")]);
        sheet.row(cells.iter().map(String::as_str))?;
    }
    sheet.end()
}
