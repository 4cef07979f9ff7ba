//! Rules as a person reads them: the list, and one rule with its examples and counter-examples.

use super::json::change_id;
use super::place::PlaceIndex;
use super::visible;
use crate::ledger::{Record, changes};
use crate::pipeline::Cleaned;
use crate::rule::{Confidence, Rule};
use std::io::{self, Write};

/// Writes one line per rule.
///
/// # Errors
/// Those of `out`.
pub fn write_rule_list(
    out: &mut impl Write,
    rules: impl Iterator<Item = &'static Rule>,
    chinese: bool,
) -> io::Result<()> {
    for r in rules {
        let name = if chinese { r.name_zh } else { first_sentence(r.doc) };
        writeln!(out, "{:<12} {:<34} {:<8} {name}", r.stage.name(), r.id, kind(r))?;
    }
    Ok(())
}

fn kind(r: &Rule) -> &'static str {
    if r.flag { "flag" } else { r.confidence.name() }
}

fn first_sentence(doc: &str) -> &str {
    doc.split_inclusive(['.', '\n']).next().unwrap_or(doc).trim()
}

/// Writes all that is known of a rule.
///
/// # Errors
/// Those of `out`.
pub fn write_rule(out: &mut impl Write, r: &Rule) -> io::Result<()> {
    writeln!(out, "{} ({})\n", r.id, r.name_zh)?;
    let default = match (r.flag, r.confidence) {
        (true, _) => "reports only",
        (_, Confidence::Suggest) => "proposed, not applied by default",
        _ => "applied by default (policy archive)",
    };
    writeln!(out, "stage {}; at most {}; {default}\n", r.stage.name(), kind(r))?;
    writeln!(out, "{}\n", r.doc.trim())?;
    if !r.examples.is_empty() {
        writeln!(out, "Examples:")?;
        for e in r.examples {
            writeln!(out, "  - {}", visible(e.before, false))?;
            let same = if e.before == e.after { "  (flagged)" } else { "" };
            writeln!(out, "  + {}{same}", visible(e.after, false))?;
        }
        writeln!(out)?;
    }
    if !r.leaves_alone.is_empty() {
        writeln!(out, "Leaves alone:")?;
        for t in r.leaves_alone {
            // An empty text is an example, too: the rule must not fall over it.
            let shown = if t.is_empty() { "(an empty text)".to_owned() } else { visible(t, false) };
            writeln!(out, "    {shown}")?;
        }
    }
    Ok(())
}

/// Writes why a change was made, or proposed, or not: each edit with its rule, evidence and fate. `what` is an id or
/// a key. False where no change has it.
///
/// # Errors
/// Those of `out`.
pub fn write_explanation(out: &mut impl Write, cleaned: &Cleaned, what: &str) -> io::Result<bool> {
    let text = cleaned.issue.text();
    let all = changes(text, &cleaned.ledger.layers).map_err(io::Error::other)?;
    let index = PlaceIndex::new(&cleaned.issue);
    let mut found = false;
    for c in &all {
        let id = change_id(c);
        let by_id = what.len() >= 4 && id.starts_with(what);
        if !by_id && c.edits.iter().all(|e| e.key.as_str() != what) {
            continue;
        }
        found = true;
        let spot = index.spot(c.origin());
        let page = cleaned.ledger.header.pages.get(spot.page).map_or(String::new(), |p| visible(&p.path, false));
        writeln!(out, "change {id} at {page}:{}:{}", spot.line, spot.column)?;
        for h in &c.hunks {
            writeln!(
                out,
                "  [-{}-]{{+{}+}}",
                visible(text.get(h.before.range()).unwrap_or(""), true),
                visible(&h.after, true)
            )?;
        }
        for e in &c.edits {
            let layer = cleaned.ledger.layers.get(e.place.layer);
            let Some(r) = layer.and_then(|l| l.records.get(e.place.record)) else { continue };
            explain_edit(out, r, e.key.as_str())?;
        }
    }
    Ok(found)
}

fn explain_edit(out: &mut impl Write, r: &Record, key: &str) -> io::Result<()> {
    let p = r.p.map(|p| format!(", probability {p:.3}")).unwrap_or_default();
    writeln!(out, "\n  {} ({}{p}), {:?}, key {key}", r.rule, r.confidence.name(), r.fate)?;
    for part in &r.parts {
        writeln!(out, "    {} -> {}", visible(&part.before, true), visible(&part.after, true))?;
    }
    if !r.message.is_empty() {
        writeln!(out, "    {}", visible(&r.message, false))?;
    }
    for e in &r.evidence {
        writeln!(out, "    {:<24} {}", e.name, visible(&e.value, false))?;
    }
    for f in &r.flags {
        writeln!(out, "    marked {f}")?;
    }
    if let Some(rule) = crate::rules::find(&r.rule) {
        writeln!(out, "    {}", rule.doc.trim())?;
    }
    Ok(())
}
