//! The diff that people read: each change in its line, marked character by character.
//!
//! Marks are signs first (`[-…-]{+…+}`) and colour only beside them. It must never show a control as it is.

use super::json::change_id;
use super::marks::{cut_head, cut_tail, visible, width};
use super::place::PlaceIndex;
use crate::document::SEAM;
use crate::ledger::{Change, Ledger, Place, Record};
use crate::pipeline::Issue;
use crate::review::State;
use crate::text::Span;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

/// How marks are set around what was taken away and put in.
#[derive(Copy, Clone, Debug)]
pub struct InlineStyle {
    /// Before and after deleted text.
    pub deleted: (&'static str, &'static str),
    /// Before and after inserted text.
    pub inserted: (&'static str, &'static str),
    /// Before and after what is said about a change.
    pub dim: (&'static str, &'static str),
    /// Columns of the terminal.
    pub columns: usize,
}

/// Marks without colour.
pub const PLAIN: InlineStyle =
    InlineStyle { deleted: ("[-", "-]"), inserted: ("{+", "+}"), dim: ("", ""), columns: 100 };

/// Changes whose places are at most this far apart (bytes of the original) share a line of output.
const NEAR_BYTES: usize = 36;
/// At most so many changes share a line.
const TOGETHER: usize = 6;

/// Which changes are shown.
#[derive(Copy, Clone, Debug)]
pub enum Show<'s> {
    /// What is applied.
    Applied,
    /// What is proposed.
    Proposed,
    /// The changes of these ids, each with its state; `auto` goes without saying.
    States(&'s HashMap<String, State>),
}

/// Something to show: where, what gives way to what, why, and where it stands if that must be said.
struct Item<'a> {
    before: Span,
    after: &'a str,
    why: Vec<(Place, &'a Record)>,
    state: Option<&'static str>,
}

/// Writes changes of an issue page by page, marked in their lines.
///
/// # Errors
/// Those of `out`.
pub fn write_inline(
    out: &mut impl Write,
    issue: &Issue,
    ledger: &Ledger,
    changes: &[Change],
    style: &InlineStyle,
    show: Show<'_>,
) -> io::Result<()> {
    let index = PlaceIndex::new(issue);
    let mut items: Vec<Item<'_>> = Vec::new();
    for c in changes {
        let records: Vec<(Place, &Record)> =
            c.edits.iter().filter_map(|e| record(ledger, e.place).map(|r| (e.place, r))).collect();
        let applied = records.iter().any(|(_, r)| r.applied());
        let state = match show {
            Show::Applied if applied => None,
            Show::Proposed if !applied => None,
            Show::States(all) => match all.get(&change_id(c)) {
                Some(State::Auto) => None,
                Some(s) => Some(s.name()),
                None => continue,
            },
            Show::Applied | Show::Proposed => continue,
        };
        if applied {
            items.extend(c.hunks.iter().map(|h| Item {
                before: h.before,
                after: &h.after,
                why: records.clone(),
                state,
            }));
            continue;
        }
        for (e, (place, r)) in c.edits.iter().zip(&records) {
            let why = vec![(*place, *r)];
            match r.parts.as_slice() {
                [part] => items.push(Item { before: e.origin, after: &part.after, why, state }),
                many if matches!(show, Show::States(_)) && many.len() == e.parts.len() => {
                    items.extend(many.iter().zip(&e.parts).map(|(p, s)| Item {
                        before: *s,
                        after: &p.after,
                        why: why.clone(),
                        state,
                    }));
                }
                _ => {}
            }
        }
    }
    items.sort_by_key(|i| (i.before.start(), i.before.end()));
    let mut rest = items.as_slice();
    while !rest.is_empty() {
        let n = together(rest, issue);
        let (group, tail) = rest.split_at(n);
        write_group(out, issue, &index, ledger, group, style)?;
        rest = tail;
    }
    Ok(())
}

fn record(ledger: &Ledger, p: Place) -> Option<&Record> {
    ledger.layers.get(p.layer).and_then(|l| l.records.get(p.record))
}

/// How many of the first items stand so near that one line shows them.
fn together(items: &[Item<'_>], issue: &Issue) -> usize {
    let near = |w: &[Item<'_>]| {
        let (a, b) = (w[0].before.end(), w[1].before.start());
        let between = issue.text().get(a..b).unwrap_or("\n");
        w[0].state == w[1].state
            && a <= b
            && b - a <= NEAR_BYTES
            && !between.contains(['\n', SEAM])
            && !holds_line_end(w[0].before, issue)
    };
    1 + items.windows(2).take(TOGETHER - 1).take_while(|w| near(w)).count()
}

/// True where the span holds a line end: such a change ends its line of output.
fn holds_line_end(span: Span, issue: &Issue) -> bool {
    issue.text().get(span.range()).is_some_and(|t| t.contains(['\n', SEAM]))
}

fn write_group(
    out: &mut impl Write,
    issue: &Issue,
    index: &PlaceIndex<'_>,
    ledger: &Ledger,
    group: &[Item<'_>],
    style: &InlineStyle,
) -> io::Result<()> {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return Ok(()) };
    let text = issue.text();
    let mut middle = String::new();
    let mut columns = 0;
    let mut push = |s: &str, marks: (&str, &str)| {
        columns += width(s) + if marks.0.is_empty() { 0 } else { 4 };
        middle.push_str(marks.0);
        middle.push_str(s);
        middle.push_str(marks.1);
    };
    let mut at = first.before.start();
    for i in group {
        push(&visible(text.get(at..i.before.start()).unwrap_or(""), false), ("", ""));
        let taken = text.get(i.before.range()).unwrap_or("");
        let spaces = taken.chars().chain(i.after.chars()).all(char::is_whitespace);
        if !taken.is_empty() {
            push(&shortened(&visible(taken, spaces), style.columns), style.deleted);
        }
        if !i.after.is_empty() {
            push(&shortened(&visible(i.after, spaces), style.columns), style.inserted);
        }
        at = i.before.end();
    }
    let line_start = text[..first.before.start()].rfind(['\n', SEAM]).map_or(0, |n| n + 1);
    let line_end = text[last.before.end()..].find(['\n', SEAM]).map_or(text.len(), |n| last.before.end() + n);
    let spot = index.spot(first.before);
    let place = match ledger.header.pages.get(spot.page).filter(|_| ledger.header.pages.len() > 1) {
        Some(p) => format!("{}:{}:{}", visible(&p.path, false), spot.line, spot.column),
        None => format!("{}:{}", spot.line, spot.column),
    };
    let free = style.columns.saturating_sub(columns + width(&place) + 6) / 2;
    let left = visible(&text[line_start..first.before.start()], false);
    let right = visible(&text[last.before.end()..line_end], false);
    let (left, cut_left) = cut_tail(&left, free.max(8));
    let (right, cut_right) = cut_head(&right, free.max(8));
    let dots = |cut: bool| if cut { "…" } else { "" };
    writeln!(out, "{place}  {}{left}{middle}{right}{}", dots(cut_left), dots(cut_right))?;
    let state = first.state.map(|s| format!("{s}: ")).unwrap_or_default();
    writeln!(out, "    {}{state}{}{}", style.dim.0, reasons(group), style.dim.1)
}

/// A long deletion is shown by its ends.
fn shortened(text: &str, columns: usize) -> String {
    let room = (columns / 2).max(20);
    if width(text) <= room * 2 {
        return text.to_owned();
    }
    format!("{}…{}", cut_head(text, room).0, cut_tail(text, room).0)
}

/// The rules at work with confidence, probability and marks, each once. An edit of several parts counts once.
fn reasons(group: &[Item<'_>]) -> String {
    let mut edits: Vec<(Place, &Record)> = group.iter().flat_map(|i| i.why.iter().copied()).collect();
    edits.sort_by_key(|(place, _)| *place);
    edits.dedup_by_key(|(place, _)| *place);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, r) in edits {
        let p = r.p.map(|p| format!(" {p:.2}")).unwrap_or_default();
        let flags: String = r.flags.iter().map(|f| format!(" [{f}]")).collect();
        *seen.entry(format!("{} ({}{p}){flags}", r.rule, r.confidence.name())).or_default() += 1;
    }
    let one = |(s, n): (String, usize)| if n > 1 { format!("{s} ×{n}") } else { s };
    seen.into_iter().map(one).collect::<Vec<_>>().join(", ")
}
