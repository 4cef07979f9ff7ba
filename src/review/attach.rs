//! Decisions on a page that was read anew: each finds its place in the new text, or is lost and asked again.
//!
//! A decision is carried over only where the same rule makes the same edit at the aligned place; it must never go where
//! an equal key merely happens to stand.

use super::decision::{Decision, Log, Op, OwnPlace};
use super::replay::is_own;
use super::session::own_place;
use super::{Opened, issue_name, pages_from};
use crate::ledger::{Key, Ledger, Located, Record, changes};
use crate::pipeline::{Cleaned, Issue};
use crate::text::{Alignment, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;

/// The acts that carry the decisions of `log` on the issue `old` over to its new reading: to be appended to the log.
/// `new` is the issue cleaned without decisions. An act whose keys are all where they were needs none.
pub fn attach(old: &Opened, new: &Cleaned, log: &Log) -> Vec<Decision> {
    let resolved = log.resolve(&old.name);
    if resolved.acts.is_empty() || old.original == new.issue.text() {
        return Vec::new();
    }
    let alignment = Alignment::new(&old.original, new.issue.text());
    let before = located(&old.original, &old.ledger);
    let after = located(new.issue.text(), &new.ledger);
    let mut by_place: HashMap<(usize, usize), Vec<&(Located, &Record)>> = HashMap::new();
    for e in &after {
        by_place.entry((e.0.origin.start(), e.0.origin.end())).or_default().push(e);
    }
    let by_key: HashMap<&str, &(Located, &Record)> = before.iter().map(|e| (e.0.key.as_str(), e)).collect();
    let counterpart = |key: &str| -> Option<Key> {
        if is_own(key) {
            return Some(Key::from(key.to_owned()));
        }
        let (edit, record) = by_key.get(key)?;
        let place = alignment.map(edit.origin)?;
        if !clear(edit.origin, place, &old.original, new.issue.text()) {
            return None;
        }
        let same = |e: &&&(Located, &Record)| e.1.rule == record.rule && e.1.parts == record.parts;
        let mut found = by_place.get(&(place.start(), place.end()))?.iter().filter(same);
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.0.key.clone()),
            _ => None,
        }
    };
    let old_issue = Issue::new(pages_from(&old.ledger, &old.original).into_iter().map(|p| p.decoded.text));
    let new_issue = Opened {
        name: issue_name(&new.ledger).to_owned(),
        ledger: new.ledger.clone(),
        original: String::new(),
        last: String::new(),
    };
    let place = |e: &OwnPlace| -> Option<OwnPlace> {
        let page = old.ledger.header.pages.iter().position(|p| p.path == e.page)?;
        let at = old_issue.pages().get(page)?.start() + e.at;
        let old_span = Span::new(at, at + e.before.len());
        let span = alignment.map(old_span)?;
        if !clear(old_span, span, &old.original, new.issue.text()) {
            return None;
        }
        own_place(&new.issue, &new_issue, span, &e.text)
    };
    let mut out = Vec::new();
    for a in &resolved.acts {
        let keys: Vec<Option<String>> = a.keys.iter().map(|k| counterpart(k).map(|k| k.as_str().to_owned())).collect();
        let edits: Vec<Option<OwnPlace>> = a.edits.iter().map(place).collect();
        let found: Vec<String> = keys.iter().flatten().cloned().collect();
        let whole = found.len() == keys.len() && edits.iter().all(Option::is_some);
        // A fix that stood on top of another rejected one need not be there.
        let enough = match a.op {
            Op::Reject | Op::Doubt => whole || (!found.is_empty() && a.keys.len() > found.len()),
            _ => whole,
        };
        if whole && found == a.keys && a.edits.is_empty() {
            continue;
        }
        let mut act = (*a).clone();
        act.of = vec![a.act.clone()];
        act.lost = !enough;
        if enough {
            act.keys = found;
            act.edits = edits.into_iter().flatten().collect();
        }
        out.push(act);
    }
    out
}

/// Characters on each side that must bear out an aligned place.
const WITNESSES: usize = 4;
/// How many of those on both sides must be the same. Of two misread neighbours one may look like the edit itself.
const ENOUGH_WITNESSES: usize = 5;

/// True where the surroundings say that an aligned place is the right one: most characters around it are the same, one
/// beside it is, and its own text does not stand beside it a second time.
fn clear(old: Span, new: Span, old_text: &str, new_text: &str) -> bool {
    let left = |t: &str, at: usize| t.get(..at).unwrap_or("").chars().rev().take(WITNESSES).collect::<Vec<char>>();
    let right = |t: &str, at: usize| t.get(at..).unwrap_or("").chars().take(WITNESSES).collect::<Vec<char>>();
    let (ol, nl) = (left(old_text, old.start()), left(new_text, new.start()));
    let (or, nr) = (right(old_text, old.end()), right(new_text, new.end()));
    let all = ol.len().max(nl.len()) + or.len().max(nr.len());
    let borne = (in_common(&ol, &nl) + in_common(&or, &nr)) * 2 * WITNESSES >= ENOUGH_WITNESSES * all;
    let beside = ol.first() == nl.first() || or.first() == nr.first();
    let text = new_text.get(new.range()).unwrap_or("");
    let twice = |t: &str, s: Span| {
        let own = t.get(s.range()).unwrap_or("");
        !own.is_empty()
            && (t.get(..s.start()).is_some_and(|l| l.ends_with(own))
                || t.get(s.end()..).is_some_and(|r| r.starts_with(own)))
    };
    borne && beside && (text.is_empty() || twice(old_text, old) || !twice(new_text, new))
}

/// How many of a few characters two readings have in common, in their order: one too many or too few counts as one, where
/// a comparison place by place would lose all that lie behind it.
fn in_common(a: &[char], b: &[char]) -> usize {
    capture_diff_slices(Algorithm::Myers, a, b)
        .iter()
        .map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 })
        .sum()
}

/// Every edit of a ledger with its record.
fn located<'a>(original: &str, ledger: &'a Ledger) -> Vec<(Located, &'a Record)> {
    let all = changes(original, &ledger.layers).unwrap_or_default();
    let record = |e: Located| {
        let r = ledger.layers.get(e.place.layer)?.records.get(e.place.record)?;
        Some((e, r))
    };
    all.into_iter().flat_map(|c| c.edits).filter_map(record).collect()
}
