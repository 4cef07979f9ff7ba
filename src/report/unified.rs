//! Unified diffs by lines, for `patch` and for eyes used to them. It must never be asked what changed: the ledger knows.

use super::place::PlaceIndex;
use crate::ledger::Change;
use crate::pipeline::Cleaned;
use crate::text::Span;
use similar::{ChangeTag, TextDiff};
use std::io::{self, Write};

/// Writes the unified diff of each page of an issue. A page whose head was joined to the page before says so and is
/// then no patch.
///
/// # Errors
/// Those of `out`.
pub fn write_unified(out: &mut impl Write, cleaned: &Cleaned, changes: &[Change]) -> io::Result<()> {
    let issue = &cleaned.issue;
    let index = PlaceIndex::new(issue);
    let pages = &cleaned.ledger.header.pages;
    for (n, page) in pages.iter().enumerate() {
        let own = issue.pages().get(n).copied().unwrap_or_default();
        // A hunk that swallowed the seam before this page: what follows it up to the line's end moved.
        let swallowed = changes
            .iter()
            .flat_map(|c| &c.hunks)
            .find(|h| h.before.start() < own.start() && own.start() <= h.before.end());
        if let (Some(h), true) = (swallowed, n > 0) {
            let to = pages.get(index.spot(Span::at(h.before.start())).page).map_or("", |p| p.path.as_str());
            let text = issue.text().get(h.before.end()..own.end()).unwrap_or("");
            let moved = text.split('\n').next().unwrap_or("").chars().count();
            writeln!(out, "# {moved} characters moved to {to}")?;
        }
        let before = issue.text().get(own.range()).unwrap_or("");
        write_lines(out, before, cleaned.page(n), &page.path)?;
    }
    Ok(())
}

/// Writes the unified diff of two texts under one name.
fn write_lines(out: &mut impl Write, before: &str, after: &str, name: &str) -> io::Result<()> {
    if before == after {
        return Ok(());
    }
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    out.write_all(text.as_bytes())
}

/// Writes the difference of two given texts: lines first, then characters inside the lines that differ.
///
/// # Errors
/// Those of `out`.
pub fn write_between(out: &mut impl Write, before: &str, after: &str, style: &super::InlineStyle) -> io::Result<bool> {
    let lines = TextDiff::from_lines(before, after);
    let mut differs = false;
    for op in lines.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal) {
        differs = true;
        let (old, new) = (op.old_range(), op.new_range());
        let side = |r: std::ops::Range<usize>, old: bool| -> String {
            r.filter_map(|i| if old { lines.old_slice(i) } else { lines.new_slice(i) }).collect()
        };
        let (a, b) = (side(old.clone(), true), side(new, false));
        write!(out, "{}  ", old.start + 1)?;
        let mut run: Option<(ChangeTag, String)> = None;
        for c in TextDiff::from_chars(a.as_str(), b.as_str()).iter_all_changes() {
            match &mut run {
                Some((tag, s)) if *tag == c.tag() => s.push_str(c.value()),
                _ => {
                    flush(out, run.take(), style)?;
                    run = Some((c.tag(), c.value().to_owned()));
                }
            }
        }
        flush(out, run, style)?;
        writeln!(out)?;
    }
    Ok(differs)
}

fn flush(out: &mut impl Write, run: Option<(ChangeTag, String)>, style: &super::InlineStyle) -> io::Result<()> {
    let Some((tag, s)) = run else { return Ok(()) };
    match tag {
        ChangeTag::Equal => {
            let shown = super::visible(s.trim_end_matches('\n'), false);
            let (left, cut) = super::marks::head(&shown, style.columns / 3);
            let (right, _) = super::marks::tail(&shown, style.columns / 3);
            if cut { write!(out, "{left}…{right}") } else { write!(out, "{shown}") }
        }
        ChangeTag::Delete => {
            write!(out, "{}{}{}", style.deleted.0, super::visible(&s, s.trim().is_empty()), style.deleted.1)
        }
        ChangeTag::Insert => {
            write!(out, "{}{}{}", style.inserted.0, super::visible(&s, s.trim().is_empty()), style.inserted.1)
        }
    }
}
