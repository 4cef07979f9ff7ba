//! What people have decided, as the pipeline takes it: fixes to apply or to leave by key, groups, and own texts.
//!
//! It must never know who decided or when. A verdict on a key beats one on a group; of two groups the later one wins.

use super::Issue;
use crate::ledger::{Group, Key, Keyer, Seen};
use crate::rule::{Confidence, Finding, Fix, Rule, Stage};
use crate::text::{Composed, OriginMap, Patch, Span, Splice};
use std::collections::HashMap;

/// What is to become of a fix.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// Applied, whatever the policy says.
    Apply,
    /// Not applied, whatever the policy says.
    Leave,
}

/// A person's own text for a place of the decoded original. No rule changes anything there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnText {
    /// The place, in bytes of the issue's decoded original.
    pub span: Span,
    /// What stands there in the output.
    pub text: String,
}

/// All verdicts on one issue.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    keys: HashMap<Key, Verdict>,
    groups: Vec<(Group, Verdict)>,
    /// Disjoint, in text order.
    own: Vec<OwnText>,
    /// Paths of the issue's pages, for groups that are bound to a page.
    pages: Vec<String>,
}

impl Verdicts {
    /// Leaves the fixes of these keys out.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        Self { keys: keys.into_iter().map(|k| (k, Verdict::Leave)).collect(), ..Self::default() }
    }

    /// Decides on a fix.
    pub fn set(&mut self, key: Key, verdict: Verdict) {
        self.keys.insert(key, verdict);
    }

    /// Decides on a group, over the groups before it. A protected member is left to the policy.
    pub fn set_group(&mut self, group: Group, verdict: Verdict) {
        self.groups.push((group, verdict));
    }

    /// Puts own texts. One that overlaps an earlier one is left out: false.
    pub fn put(&mut self, own: OwnText) -> bool {
        let free = self.own.iter().all(|o| !conflicts(o.span, own.span));
        if free {
            self.own.push(own);
            self.own.sort_by_key(|o| o.span);
        }
        free
    }

    /// Names the issue's pages, which groups may be bound to.
    pub fn on_pages(mut self, pages: impl IntoIterator<Item = String>) -> Self {
        self.pages = pages.into_iter().collect();
        self
    }

    /// True where nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.groups.is_empty() && self.own.is_empty()
    }

    pub(super) fn own(&self) -> &[OwnText] {
        &self.own
    }
}

/// Two places that one of the two edits cannot leave alone: they share a byte, or one is empty and they touch.
fn conflicts(a: Span, b: Span) -> bool {
    a.overlaps(b) || ((a.is_empty() || b.is_empty()) && a.start() <= b.end() && b.start() <= a.end())
}

/// The rule under which own texts stand in the ledger.
pub static OWN_TEXT: Rule = Rule {
    id: "own-text",
    name_zh: "自行改写",
    stage: Stage::Review,
    confidence: Confidence::Certain,
    doc: "A person put this text in place of what stood here.",
    examples: &[],
    leaves_alone: &[],
    flag: false,
};

/// The verdict on each finding of a stage, where there is one.
pub(super) fn judge(
    found: &[Finding],
    verdicts: &Verdicts,
    issue: &Issue,
    text: &str,
    origins: &OriginMap,
) -> Vec<Option<Verdict>> {
    let mut out = vec![None; found.len()];
    if verdicts.is_empty() {
        return out;
    }
    let original = issue.text();
    let keyer = Keyer::new(original);
    let mut by_key: HashMap<Key, Vec<(usize, usize, bool)>> = HashMap::new();
    for (n, f) in found.iter().enumerate() {
        let Some(fix) = &f.fix else { continue };
        let own = touches_own(verdicts.own(), fix.splices().iter().map(|s| origins.origin(s.span)));
        // The fix's own extent, as `ledger::changes` has it: a rule may report another place.
        let origin = origins.origin(fix.span());
        let parts: Vec<(&str, &str)> =
            fix.splices().iter().map(|s| (text.get(s.span.range()).unwrap_or(""), s.insert.as_ref())).collect();
        if !verdicts.keys.is_empty() {
            let key = keyer.key(f.rule.id, parts.iter().copied(), origin);
            // Those under an own text count too: the ledger numbers them.
            by_key.entry(key).or_default().push((origin.start(), n, own));
        }
        if own {
            out[n] = Some(Verdict::Leave);
        } else if !verdicts.groups.is_empty() {
            let seen =
                Seen { rule: f.rule.id, stage: f.rule.stage, confidence: f.confidence, parts: &parts, flags: &f.flags };
            let page = verdicts.pages.get(issue.page_at(origin.start())).map_or("", String::as_str);
            let group = verdicts.groups.iter().rev().find(|(g, _)| g.holds(&seen, page));
            // To take a protected edit back is safe; to apply it needs a decision on the place.
            let allowed = |v: Verdict| v == Verdict::Leave || seen.protected(original, origin).is_none();
            out[n] = group.map(|(_, v)| *v).filter(|v| allowed(*v));
        }
    }
    for (key, mut places) in by_key {
        places.sort_unstable();
        let count = places.len();
        for (i, (_, n, own)) in places.into_iter().enumerate() {
            let full = if count > 1 { Key::from(format!("{key}#{}/{count}", i + 1)) } else { key.clone() };
            if let (Some(v), false) = (verdicts.keys.get(&full), own) {
                out[n] = Some(*v);
            }
        }
    }
    out
}

fn touches_own(own: &[OwnText], mut places: impl Iterator<Item = Span>) -> bool {
    !own.is_empty() && places.any(|p| own.iter().any(|o| conflicts(o.span, p)))
}

/// The own texts as fixes over the final text. One whose place did not come through whole is left out.
pub(super) fn own_fixes(own: &[OwnText], composed: &Composed, original: &str, text: &str) -> Vec<(Finding, Span)> {
    let all: Patch = composed.patch_without(|_| false);
    own.iter()
        .filter_map(|o| {
            let taken = original.get(o.span.range())?;
            let start = all.map_offset(o.span.start()).or_else(|| all.map_span(o.span).map(Span::start))?;
            let span = Span::new(start, start + taken.len());
            // Nothing else may have changed there; and an own text that changes nothing is no edit.
            let fits = text.get(span.range()) == Some(taken) && taken != o.text;
            let fix = Fix::one(Splice::replace(span, o.text.clone()));
            fits.then(|| (Finding::edit(&OWN_TEXT, fix), o.span))
        })
        .collect()
}
