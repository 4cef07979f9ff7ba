//! Unified diffs by lines, for `patch` and for eyes used to them. It must never be asked what changed: the ledger knows.

use super::place::PlaceIndex;
use crate::ledger::Change;
use crate::pipeline::Cleaned;
use crate::text::{Alignment, Span};
use similar::TextDiff;
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

/// Writes the difference of two given texts, line by line of the first, marked character by character.
///
/// # Errors
/// Those of `out`.
pub fn write_between(out: &mut impl Write, before: &str, after: &str, style: &super::InlineStyle) -> io::Result<bool> {
    let gaps = Alignment::close(before, after).gaps();
    let (mut rest, mut line, mut counted) = (gaps.as_slice(), 1, 0);
    while let Some((first, _)) = rest.first() {
        let between = |w: &[(Span, Span)]| before.get(w[0].0.end()..w[1].0.start()).unwrap_or("\n").contains('\n');
        let n = 1 + rest.windows(2).take_while(|w| !between(w)).count();
        let (group, tail) = rest.split_at(n);
        rest = tail;
        line += memchr::memchr_iter(b'\n', &before.as_bytes()[counted..first.start()]).count();
        counted = first.start();
        write!(out, "{line}  ")?;
        let mut at = before[..first.start()].rfind('\n').map_or(0, |i| i + 1);
        for (old, new) in group {
            write!(out, "{}", equal(&before[at..old.start()], style))?;
            for (text, marks) in [(&before[old.range()], style.deleted), (&after[new.range()], style.inserted)] {
                if !text.is_empty() {
                    write!(out, "{}{}{}", marks.0, super::visible(text, text.trim().is_empty()), marks.1)?;
                }
            }
            at = old.end();
        }
        let end = before[at..].find('\n').map_or(before.len(), |i| at + i);
        writeln!(out, "{}", equal(&before[at..end], style))?;
    }
    Ok(!gaps.is_empty())
}

/// What two texts share, cut in the middle where it is long. Only its ends are looked at.
fn equal(text: &str, style: &super::InlineStyle) -> String {
    let room = style.columns / 3;
    let (head, tail) = (chars_head(text, room * 2), chars_tail(text, room));
    if head.len() == text.len() {
        let shown = super::visible(text, false);
        let (left, cut) = super::marks::cut_head(&shown, room);
        let (right, _) = super::marks::cut_tail(&shown, room);
        return if cut { format!("{left}…{right}") } else { shown.clone() };
    }
    let (head, tail) = (super::visible(head, false), super::visible(tail, false));
    format!("{}…{}", super::marks::cut_head(&head, room).0, super::marks::cut_tail(&tail, room).0)
}

fn chars_head(text: &str, n: usize) -> &str {
    text.char_indices().nth(n).map_or(text, |(i, _)| &text[..i])
}

fn chars_tail(text: &str, n: usize) -> &str {
    text.char_indices().rev().nth(n).map_or(text, |(i, c)| &text[i + c.len_utf8()..])
}
