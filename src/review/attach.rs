//! Decisions on a page that was read anew: each finds its place in the new text, or is lost and asked again.
//!
//! A decision is carried over only where the same rule makes the same edit at the aligned place; it must never go where
//! an equal key merely happens to stand.

use super::decision::{Decision, Log, Op, OwnPlace, Resolved};
use super::replay::{is_own, locate};
use super::session::own_place;
use super::{Opened, issue_name};
use crate::ledger::{Ledger, Located, Record, changes};
use crate::pipeline::{Cleaned, Issue};
use crate::text::{Alignment, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{HashMap, HashSet};

/// The acts that carry the decisions of `log` on the issue `old` over to its new reading: to be appended to the log.
/// `new` are the issues that its pages are in now, cleaned without decisions. An act whose keys are all where they were
/// needs none, nor does one that was carried over to this reading already.
pub fn attach(old: &Opened, new: &[&Cleaned], log: &Log) -> Vec<Decision> {
    let now: Vec<String> = new.iter().map(|c| reading_of(&c.ledger)).collect();
    let (log, dropped) = as_of(log, &reading_of(&old.ledger), &now);
    let resolved = log.resolve(&old.name);
    if resolved.acts.is_empty() && resolved.groups.is_empty() {
        return Vec::new();
    }
    let targets: Vec<Target<'_>> = new.iter().map(|c| Target::new(old, c)).collect();
    let mut out = Vec::new();
    for a in &resolved.acts {
        let carried = a.reading.as_ref().is_some_and(|r| now.contains(r));
        // A group needs no keys, and what is lost stays so.
        if carried || a.lost || a.group.is_some() {
            continue;
        }
        let all = targets.iter().zip(&now).filter_map(|(t, reading)| {
            let mut d = t.carry(a)?;
            d.reading = Some(reading.clone());
            Some(d)
        });
        let mut all: Vec<Decision> = all.collect();
        let at = all.iter().position(|d| !d.lost).unwrap_or(0);
        let stays = |d: &Decision| {
            !d.lost && d.keys == a.keys && d.edits == a.edits && (a.issue.is_none() || d.issue == a.issue)
        };
        let of = chain(&a.act, &dropped);
        if all.get(at).is_none_or(|d| stays(d) && of.len() == 1) {
            continue;
        }
        let mut d = all.swap_remove(at);
        // Where keys of other issues stand in it, the act goes on deciding those.
        d.of = if targets.first().is_some_and(|t| t.is_about(a)) { of } else { Vec::new() };
        out.push(d);
    }
    out.extend(groups(old, new, &resolved, &now));
    let replaced: HashSet<&String> = out.iter().flat_map(|d| &d.of).collect();
    let left: Vec<String> = dropped.iter().map(|d| &d.act).filter(|d| !replaced.contains(d)).cloned().collect();
    if !left.is_empty() {
        out.push(Decision { of: left, ..Decision::new(Op::Undo) });
    }
    out
}

/// Which reading of its pages an issue is: the same originals give the same name.
pub fn reading_of(ledger: &Ledger) -> String {
    let pages: Vec<(&str, &str)> = ledger.header.pages.iter().map(|p| (p.path.as_str(), p.sha256.as_str())).collect();
    crate::hash::of_json(&pages)[..12].to_owned()
}

/// The log without acts that were carried over to a reading that is neither the old one nor the new one: a run that wrote
/// them was killed before it wrote the output, and now there is a third reading. What they replaced holds again.
fn as_of(log: &Log, old: &str, now: &[String]) -> (Log, Vec<Decision>) {
    let (mut log, mut dropped) = (log.clone(), Vec::new());
    loop {
        let foreign = |a: &&Decision| a.reading.as_ref().is_some_and(|r| r != old && !now.contains(r));
        let gone: HashSet<String> = log.active().into_iter().filter(foreign).map(|a| a.act.clone()).collect();
        if gone.is_empty() {
            return (log, dropped);
        }
        dropped.extend(log.without(&gone));
    }
}

/// An act and those of `dropped` that had replaced it.
fn chain(act: &str, dropped: &[Decision]) -> Vec<String> {
    let mut of = vec![act.to_owned()];
    let mut n = 0;
    while n < of.len() {
        let more: Vec<String> = dropped.iter().filter(|d| d.of.contains(&of[n])).map(|d| d.act.clone()).collect();
        of.extend(more.into_iter().filter(|m| *m != act));
        n += 1;
        if n > dropped.len() {
            break;
        }
    }
    of
}

/// Acts on groups of an issue that goes by another name now, or is several.
fn groups(old: &Opened, new: &[&Cleaned], resolved: &Resolved<'_>, now: &[String]) -> Vec<Decision> {
    let names: Vec<&str> = new.iter().map(|c| issue_name(&c.ledger)).collect();
    let own = |a: &&&Decision| a.issue.as_deref() == Some(&old.name) && a.keys.is_empty();
    let mut out = Vec::new();
    for a in resolved.groups.iter().filter(own) {
        let carried = a.reading.as_ref().is_some_and(|r| now.contains(r));
        let stays = names.contains(&old.name.as_str());
        for (name, reading) in names.iter().zip(now).filter(|(n, _)| !carried && **n != old.name) {
            let mut d = (*a).clone();
            d.issue = Some((*name).to_owned());
            d.reading = Some(reading.clone());
            d.of = if stays { Vec::new() } else { vec![a.act.clone()] };
            out.push(d);
        }
    }
    out
}

/// An issue of the new reading, beside the old one.
struct Target<'t> {
    old: &'t Opened,
    old_issue: Issue,
    new: &'t Cleaned,
    alignment: Alignment,
    /// The edits of the old reading by key.
    before: HashMap<String, (Located, &'t Record)>,
    /// The edits of the new reading by place.
    after: HashMap<(usize, usize), Vec<(Located, &'t Record)>>,
    /// What an own text needs to know of the new issue.
    opened: Opened,
}

impl<'t> Target<'t> {
    fn new(old: &'t Opened, new: &'t Cleaned) -> Self {
        let mut after: HashMap<(usize, usize), Vec<(Located, &Record)>> = HashMap::new();
        for e in located(new.issue.text(), &new.ledger) {
            after.entry((e.0.origin.start(), e.0.origin.end())).or_default().push(e);
        }
        let by_key = |e: (Located, &'t Record)| (e.0.key.as_str().to_owned(), e);
        let name = issue_name(&new.ledger).to_owned();
        Self {
            old,
            old_issue: old.issue(),
            new,
            alignment: Alignment::new(&old.original, new.issue.text()),
            before: located(&old.original, &old.ledger).into_iter().map(by_key).collect(),
            after,
            opened: Opened { name, ledger: new.ledger.clone(), original: String::new(), last: String::new() },
        }
    }

    /// True where an act is about the old issue and no other.
    fn is_about(&self, a: &Decision) -> bool {
        a.issue.is_some() || a.keys.iter().all(|k| is_own(k) || self.before.contains_key(k))
    }

    /// The act for the new reading, lost where it has no place there. None where it is not about this issue at all.
    fn carry(&self, a: &Decision) -> Option<Decision> {
        let own: Vec<&String> =
            a.keys.iter().filter(|k| a.issue.is_some() || is_own(k) || self.before.contains_key(*k)).collect();
        if own.is_empty() && a.edits.is_empty() {
            return None;
        }
        let keys: Vec<String> = own.iter().filter_map(|k| self.counterpart(k)).collect();
        let edits: Vec<OwnPlace> = a.edits.iter().filter_map(|e| self.place(e)).collect();
        let whole = keys.len() == own.len() && edits.len() == a.edits.len();
        // A fix that stood on top of another rejected one need not be there.
        let enough = match a.op {
            Op::Reject | Op::Doubt => whole || !keys.is_empty(),
            _ => whole,
        };
        let mut act = a.clone();
        act.lost = !enough;
        act.issue = Some(self.opened.name.clone());
        if enough {
            (act.keys, act.edits) = (keys, edits);
        }
        Some(act)
    }

    /// The key of the same edit at the aligned place.
    fn counterpart(&self, key: &str) -> Option<String> {
        if is_own(key) {
            return Some(key.to_owned());
        }
        let (edit, record) = self.before.get(key)?;
        let place = self.aligned(edit.origin)?;
        let same = |e: &&(Located, &Record)| e.1.rule == record.rule && e.1.parts == record.parts;
        let mut found = self.after.get(&(place.start(), place.end()))?.iter().filter(same);
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.0.key.as_str().to_owned()),
            _ => None,
        }
    }

    /// The place of an own text in the new reading.
    fn place(&self, e: &OwnPlace) -> Option<OwnPlace> {
        let paths: Vec<String> = self.old.ledger.header.pages.iter().map(|p| p.path.clone()).collect();
        let span = self.aligned(locate(e, &self.old_issue, &paths)?)?;
        own_place(&self.new.issue, &self.opened, span, &e.text)
    }

    /// Where a place of the old original lies in the new one, if the surroundings bear it out.
    fn aligned(&self, old: Span) -> Option<Span> {
        let place = self.alignment.map(old)?;
        clear(old, place, &self.old.original, self.new.issue.text()).then_some(place)
    }
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
