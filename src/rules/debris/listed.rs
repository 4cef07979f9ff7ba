//! Lines that look like a page's head or foot and are entries of a list: a film's editors, what the pages hold, issues that
//! are for sale.
//!
//! It must never say that a line is furniture: it only says of what looks so that a list may hold it.

use super::fields::Kind;
use super::labels::Label;
use super::zone::{Candidate, Zone};

/// True where the candidate `k` of a zone stands in a list with others.
pub(super) fn is_listed(zone: &Zone<'_>, k: usize) -> bool {
    is_of_cast(zone, &zone.lines[k]) || is_of_contents(zone, k) || is_of_series(zone, k)
}

/// True for a line that opens with a page right beside one that opens with another: a list of what the pages hold.
fn is_of_contents(zone: &Zone<'_>, k: usize) -> bool {
    let page = |c: &Candidate<'_>| {
        let named = c.fields.places.iter().find(|(kind, at)| c.han && *kind == Kind::Page && at.start == 0)?;
        Label::read(&c.text[named.1.clone()]).map(|l| l.number)
    };
    let c = &zone.lines[k];
    let mine = page(c);
    let beside = |i: usize| {
        zone.lines.get(i).is_some_and(|x| {
            let other = page(x);
            x.top == c.top && x.line.abs_diff(c.line) <= CONTENTS_GAP && other.is_some() && other != mine
        })
    };
    mine.is_some() && (k.checked_sub(1).is_some_and(beside) || beside(k + 1))
}

/// True for a line right beside one that says the same kinds of things, numbers and prices of several issues: a list of them,
/// no masthead.
fn is_of_series(zone: &Zone<'_>, k: usize) -> bool {
    let c = &zone.lines[k];
    let kinds = &c.fields.kinds;
    let like = |i: usize| {
        zone.lines.get(i).is_some_and(|x| x.top == c.top && x.line.abs_diff(c.line) == 1 && x.fields.kinds == *kinds)
    };
    kinds.len() > 1 && c.fields.has(Kind::Issue) && (k.checked_sub(1).is_some_and(like) || like(k + 1))
}

/// Lines from one entry of a list of contents to the next.
const CONTENTS_GAP: usize = 2;

/// True for an office with a name in a list of others: the editors of a film stand among its author and its actors.
fn is_of_cast(zone: &Zone<'_>, c: &Candidate<'_>) -> bool {
    // A blank line may stand between two of them.
    let above = |line: usize| {
        let near = zone.lines.iter().filter(|x| x.line < line && line - x.line <= CONTENTS_GAP);
        near.max_by_key(|x| x.line)
    };
    let labelled = |t: &str| {
        t.split_once(['：', ':']).is_some_and(|(office, name)| {
            (2..=4).contains(&office.chars().count()) && (2..=4).contains(&name.trim().chars().count())
        })
    };
    let mut at = c;
    while at.fields.kinds == [Kind::Credits] && at.copies == 0 {
        let Some(next) = above(at.line) else { return false };
        at = next;
    }
    at.line != c.line && at.fields.kinds.is_empty() && labelled(at.text)
}
