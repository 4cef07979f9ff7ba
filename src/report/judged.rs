//! How often people found each rule right, for a reader who decides what is applied for a title.
//!
//! It must never promote a rule: a person writes that into recto.toml.

use super::measure::wilson;
use super::plural;
use crate::config::Config;
use crate::review::{Judged, PROMOTE_FROM};
use crate::rule::Confidence;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The settings that apply all findings of a rule.
fn setting(rule: &str) -> String {
    format!("[rules.\"{rule}\"] apply-at = \"suggest\"")
}

/// True where the configuration has all findings of the rule applied already.
fn is_promoted(rule: &str, config: &Config) -> bool {
    config.rules.get(rule).is_some_and(|r| r.apply_at == Some(Confidence::Suggest))
}

/// Writes the table and, for each rule that may be promoted, the line of recto.toml that does it.
///
/// # Errors
/// Those of `out`.
pub fn write_judged(out: &mut impl Write, all: &BTreeMap<String, Judged>, config: &Config) -> io::Result<()> {
    if all.is_empty() {
        return writeln!(out, "no rule was judged yet: recto review, then recto report --rules");
    }
    writeln!(
        out,
        "{:<32} {:>7} {:>6} {:>6}  {:<22} {:>9} {:>8}",
        "rule", "judged", "right", "wrong", "precision (95 %)", "by group", "waiting"
    )?;
    for (rule, j) in all {
        let precision = match wilson(j.right, j.judged()) {
            Some((p, low, high)) => format!("{p:.3} ({low:.3}-{high:.3})"),
            None => "-".to_owned(),
        };
        writeln!(
            out,
            "{rule:<32} {:>7} {:>6} {:>6}  {precision:<22} {:>9} {:>8}",
            j.judged(),
            j.right,
            j.wrong,
            j.by_group,
            j.waiting
        )?;
    }
    for (rule, j) in all {
        if is_promoted(rule, config) {
            writeln!(out, "\n{rule} is applied for this title: {}", setting(rule))?;
        } else if j.may_be_promoted() {
            writeln!(
                out,
                "\n{rule}: {} and none wrong. To have it applied for this title, write into recto.toml\n  {}",
                plural(j.judged(), "judged change"),
                setting(rule)
            )?;
        }
    }
    if !all.iter().any(|(r, j)| j.may_be_promoted() && !is_promoted(r, config)) {
        writeln!(out, "\nno rule has {PROMOTE_FROM} changes judged one by one and none wrong")?;
    }
    Ok(())
}

/// The same as one JSON object.
///
/// # Errors
/// Those of `out`.
pub fn write_judged_json(out: &mut impl Write, all: &BTreeMap<String, Judged>, config: &Config) -> io::Result<()> {
    let rule = |(rule, j): (&String, &Judged)| {
        let interval = wilson(j.right, j.judged());
        json!({
            "rule": rule, "judged": j.judged(), "right": j.right, "wrong": j.wrong, "doubt": j.doubt,
            "precision": interval.map(|i| i.0), "interval": interval.map(|i| [i.1, i.2]),
            "by_group": j.by_group, "by_group_rejected": j.by_group_rejected, "waiting": j.waiting,
            "may_be_promoted": j.may_be_promoted(), "promoted": is_promoted(rule, config),
        })
    };
    writeln!(out, "{}", json!({ "v": 1, "rules": all.iter().map(rule).collect::<Vec<_>>() }))
}
