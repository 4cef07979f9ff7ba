//! The pipeline under decisions, and which decisions found nothing to decide on.
//!
//! A stale decision leaves its place as in the original: what was accepted elsewhere is never applied here. It must
//! never apply half of a change.

use super::decision::{Decision, Log, Op, OwnPlace, Resolved};
use super::issue_name;
use crate::ledger::{Fate, Key, Ledger, Located, Record, changes};
use crate::pipeline::{Cleaned, Cleaner, DecodedPage, Issue, OwnText, Verdict, Verdicts};
use crate::source::Decoded;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

/// A decision that found no place, or more than one, or is kept from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stale {
    /// Number of the act.
    pub act: String,
    /// The issue.
    pub issue: String,
    /// Why.
    pub why: &'static str,
}

/// An issue cleaned under decisions.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The issue.
    pub cleaned: Cleaned,
    /// Decisions that could not be honoured, in order of their acts.
    pub stale: Vec<Stale>,
}

/// Rounds after which all decisions that still move are called stale. Each round but the last finds a stale one, and two
/// are the rule.
const MOST_ROUNDS: usize = 12;

/// Why a lost act is stale.
const LOST: &str = "its place is gone from the new reading of the page";

/// Cleans an issue under the decisions of `log`. Decisions that cannot be honoured leave the original and are listed.
pub fn replay(cleaner: &Cleaner<'_>, pages: Vec<DecodedPage>, log: &Log) -> Replayed {
    let name = pages.first().map_or(String::new(), |p| p.name.clone());
    let resolved = log.resolve(&name);
    if resolved.acts.is_empty() && resolved.groups.is_empty() {
        return Replayed { cleaned: cleaner.clean(pages, &Verdicts::default()), stale: Vec::new() };
    }
    let issue = Issue::new(pages.iter().map(|p| p.decoded.text.as_str()));
    let paths: Vec<String> = pages.iter().map(|p| p.name.clone()).collect();
    let mut stale: HashMap<&str, &'static str> = HashMap::new();
    stale.extend(resolved.acts.iter().filter(|a| a.lost).map(|a| (a.act.as_str(), LOST)));
    for round in 0.. {
        let (verdicts, lost) = verdicts(&resolved, &issue, &paths, &stale);
        let cleaned = cleaner.clean(pages.clone(), &verdicts);
        let mut found = lost;
        found.extend(unmet(&resolved, &cleaned, &stale));
        let before = stale.len();
        if round < MOST_ROUNDS {
            stale.extend(found);
        } else {
            stale.extend(resolved.acts.iter().map(|a| (a.act.as_str(), "the decisions contradict each other here")));
        }
        if stale.len() == before || round > MOST_ROUNDS {
            let list = resolved.acts.iter().filter_map(|a| {
                let why = stale.get(a.act.as_str())?;
                Some(Stale { act: a.act.clone(), issue: name.clone(), why })
            });
            return Replayed { cleaned, stale: list.collect() };
        }
    }
    unreachable!("the loop ends by its rounds")
}

/// The acts as verdicts, and the own texts that have no place.
fn verdicts<'l>(
    r: &Resolved<'l>,
    issue: &Issue,
    paths: &[String],
    stale: &HashMap<&str, &'static str>,
) -> (Verdicts, Vec<(&'l str, &'static str)>) {
    let mut v = Verdicts::default().on_pages(paths.iter().cloned());
    let mut lost = Vec::new();
    for a in &r.groups {
        if let (Some(g), Some(verdict)) = (&a.group, verdict(a.op)) {
            v.set_group(g.clone(), verdict);
        }
    }
    for (key, a) in &r.keys {
        let is_stale = stale.contains_key(a.act.as_str());
        v.set(key.clone(), if a.op == Op::Accept && !is_stale { Verdict::Apply } else { Verdict::Leave });
    }
    // The latest own text wins where two want the same place.
    for a in r.acts.iter().rev().filter(|a| a.op == Op::Edit && !stale.contains_key(a.act.as_str())) {
        let current = a.keys.iter().all(|k| r.keys.get(&Key::from(k.clone())).is_some_and(|w| w.act == a.act));
        if !current {
            continue;
        }
        for e in &a.edits {
            match locate(e, issue, paths) {
                Some(span) if v.put(OwnText { span, text: e.text.clone() }) => {}
                Some(_) => lost.push((a.act.as_str(), "a later own text stands at its place")),
                None => lost.push((a.act.as_str(), "the text that it replaced is not there, or more than once")),
            }
        }
    }
    (v, lost)
}

fn verdict(op: Op) -> Option<Verdict> {
    match op {
        Op::Accept => Some(Verdict::Apply),
        Op::Reject | Op::Doubt => Some(Verdict::Leave),
        Op::Edit | Op::Undo => None,
    }
}

/// Where an own text belongs: at its old place where all still fits, else at the only place that fits.
pub(super) fn locate(e: &OwnPlace, issue: &Issue, paths: &[String]) -> Option<Span> {
    let page = issue.pages().get(paths.iter().position(|p| *p == e.page)?)?;
    let whole = issue.text();
    let text = whole.get(page.range())?;
    // Context may reach over a seam, so it is compared in the issue's text.
    let fits = |at: usize| {
        let start = page.start() + at;
        whole.get(..start).is_some_and(|t| t.ends_with(&e.left))
            && whole
                .get(start..)
                .and_then(|t| t.strip_prefix(e.before.as_str()))
                .is_some_and(|t| t.starts_with(&e.right))
    };
    let span = |at: usize| Span::new(page.start() + at, page.start() + at + e.before.len());
    if text.is_char_boundary(e.at.min(text.len())) && e.at <= text.len() && fits(e.at) {
        return Some(span(e.at));
    }
    let needle = format!("{}{}{}", e.left, e.before, e.right);
    if needle.is_empty() {
        return None;
    }
    let mut found = text.match_indices(needle.as_str());
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Some(span(at + e.left.len())),
        _ => None,
    }
}

/// Every edit of the ledger by key.
fn by_key<'a>(original: &str, ledger: &'a Ledger) -> HashMap<Key, (Located, &'a Record)> {
    let all = changes(original, &ledger.layers).unwrap_or_default();
    let record = |e: &Located| ledger.layers.get(e.place.layer)?.records.get(e.place.record);
    all.into_iter().flat_map(|c| c.edits).filter_map(|e| record(&e).map(|r| (e.key.clone(), (e, r)))).collect()
}

/// Acts that did not come about: an accepted fix that is not applied, a rejection that met nothing, an own text that is
/// not there.
fn unmet<'l>(r: &Resolved<'l>, cleaned: &Cleaned, stale: &HashMap<&str, &'static str>) -> Vec<(&'l str, &'static str)> {
    let found = by_key(cleaned.issue.text(), &cleaned.ledger);
    let fates: HashMap<&Key, &Fate> = found.iter().map(|(k, (_, r))| (k, &r.fate)).collect();
    r.acts
        .iter()
        .filter(|a| !stale.contains_key(a.act.as_str()))
        .filter_map(|a| judge(a, r, &fates).map(|why| (a.act.as_str(), why)))
        .collect()
}

fn judge(a: &Decision, r: &Resolved<'_>, fates: &HashMap<&Key, &Fate>) -> Option<&'static str> {
    // An act on a group names keys that it takes along; those of other issues are not looked for here.
    if a.group.is_some() {
        return None;
    }
    let own: Vec<Key> = a.keys.iter().map(|k| Key::from(k.clone())).collect();
    let holds = |k: &&Key| !is_own(k.as_str()) && r.keys.get(*k).is_some_and(|w| w.act == a.act);
    let mut own = own.iter().filter(holds);
    match a.op {
        Op::Accept if own.clone().any(|k| !fates.contains_key(k)) => Some("the edit is not found any more"),
        Op::Accept if own.any(|k| fates.get(k).is_none_or(|f| **f != Fate::Applied)) => {
            Some("another accepted edit stands at its place")
        }
        // A fix made on top of another rejected one is not found again: that is what was wanted.
        Op::Reject | Op::Doubt if own.clone().count() > 0 && !own.any(|k| fates.contains_key(k)) => {
            Some("the edit is not found any more")
        }
        _ => None,
    }
}

/// The pages of an issue as its ledger and its decoded original give them: what a replay starts from.
pub fn pages_from(ledger: &Ledger, original: &str) -> Vec<DecodedPage> {
    let mut at = 0;
    let page = |p: &crate::ledger::PageRecord| {
        let text = original.get(at..at + p.text).unwrap_or("").to_owned();
        at += p.text + crate::document::SEAM.len_utf8();
        DecodedPage {
            name: p.path.clone(),
            sha256: p.sha256.clone(),
            bytes: usize::try_from(p.bytes).unwrap_or(usize::MAX),
            decoded: Decoded { text, decoding: p.decoding.clone() },
        }
    };
    ledger.header.pages.iter().map(page).collect()
}

/// Decisions of an issue that its ledger does not bear out although it was made under them.
pub fn stale_in(original: &str, ledger: &Ledger, log: &Log) -> Vec<Stale> {
    let r = log.resolve(issue_name(ledger));
    if r.acts.is_empty() {
        return Vec::new();
    }
    let found = by_key(original, ledger);
    let fates: HashMap<&Key, &Fate> = found.iter().map(|(k, (_, r))| (k, &r.fate)).collect();
    let issue = Issue::new(pages_from(ledger, original).iter().map(|p| p.decoded.text.as_str()));
    let paths: Vec<String> = ledger.header.pages.iter().map(|p| p.path.clone()).collect();
    let lost: HashSet<&str> = verdicts(&r, &issue, &paths, &HashMap::new()).1.iter().map(|l| l.0).collect();
    let why = |a: &&Decision| {
        let mut keys = a.keys.iter().filter(|k| !is_own(k)).peekable();
        let missing =
            a.group.is_none() && keys.peek().is_some() && keys.all(|k| !fates.contains_key(&Key::from(k.clone())));
        if a.lost {
            return Some(LOST);
        }
        if lost.contains(a.act.as_str()) {
            return Some("the text that it replaced is not there, or more than once");
        }
        match a.op {
            _ if missing => Some("the edit is not found any more"),
            Op::Accept => judge(a, &r, &fates).filter(|_| {
                // Not applied yet is pending; suppressed because it is stale is stale.
                a.keys.iter().any(|k| fates.get(&Key::from(k.clone())).is_none_or(|f| matches!(f, Fate::Superseded(_))))
            }),
            _ => None,
        }
    };
    let name = issue_name(ledger).to_owned();
    r.acts.iter().filter_map(|a| Some(Stale { act: a.act.clone(), issue: name.clone(), why: why(a)? })).collect()
}

/// The key of an own text that stands where no rule found anything: later acts on it need a name for it.
pub(super) fn own_key(e: &OwnPlace) -> String {
    let name = crate::hash::of_json(&(&e.page, e.at, &e.left, &e.before, &e.right));
    format!("{OWN_KEY}{}", &name[..16])
}

const OWN_KEY: &str = "own-";

/// True for a key of [`own_key`]: no fix has it.
pub(super) fn is_own(key: &str) -> bool {
    key.starts_with(OWN_KEY)
}
