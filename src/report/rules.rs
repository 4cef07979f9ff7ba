//! Rules as a person reads them: the list, and one rule with its examples and counter-examples.

use super::visible;
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
            writeln!(out, "    {}", visible(t, false))?;
        }
    }
    Ok(())
}
