//! What a person is shown: each change of an issue with its state, its group and its place.
//!
//! It must never decide: states follow from ledger and log alone.

use super::decision::{Decision, Log, Op, OwnPlace, Resolved};
use super::{issue_name, replay};
use crate::ledger::{Change, Fate, Group, Ledger, Place, Record, Seen, changes};
use crate::pipeline::Issue;
use crate::report::PlaceIndex;
use crate::rule::{Confidence, Stage};
use crate::text::Span;
use serde::Serialize;
use std::collections::HashSet;

/// Where a change stands on its way to a decision. The output holds `auto`, `accepted` and `edited` ones only.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Applied by the policy, not yet looked at.
    Auto,
    /// A proposal, not applied.
    Proposed,
    /// A person wants it.
    Accepted,
    /// A person does not want it.
    Rejected,
    /// A person put a text of their own.
    Edited,
    /// Left as in the original until somebody knows better.
    Doubt,
    /// A decision found its place changed: asked again, not applied.
    Stale,
    /// Another edit stands at its place.
    Superseded,
}

impl State {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            State::Auto => "auto",
            State::Proposed => "proposed",
            State::Accepted => "accepted",
            State::Rejected => "rejected",
            State::Edited => "edited",
            State::Doubt => "doubt",
            State::Stale => "stale",
            State::Superseded => "superseded",
        }
    }
    /// True where a person has decided.
    pub const fn decided(self) -> bool {
        matches!(self, State::Accepted | State::Rejected | State::Edited | State::Doubt)
    }
}

/// One difference of a change: the place in the original and what stands there instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// In bytes of the decoded original of the issue.
    pub before: Span,
    /// The text put there.
    pub after: String,
}

/// One change as a person sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// Twelve digits that name it on the command line.
    pub id: String,
    /// Keys of its fixes, sorted.
    pub keys: Vec<String>,
    /// What differs, in text order.
    pub pieces: Vec<Piece>,
    /// The rule of its least certain edit.
    pub rule: String,
    /// The stage of that rule.
    pub stage: Stage,
    /// What it is decided on together with.
    pub group: Group,
    /// How sure its least certain edit is.
    pub confidence: Confidence,
    /// Probability of that edit.
    pub p: Option<f32>,
    /// All rules at work, each once.
    pub rules: Vec<String>,
    /// Messages, evidence and marks of all edits, printable lines.
    pub reasons: Vec<String>,
    /// Why it is decided by itself, if it is.
    pub protected: Option<&'static str>,
    /// True where the output holds it.
    pub live: bool,
    /// Its state by the ledger alone.
    pub base: State,
    /// Where it stands on its way.
    pub state: State,
    /// The act that decided it.
    pub act: Option<String>,
    /// The note of that act.
    pub note: Option<String>,
    /// The own text that was put and is not in the output yet.
    pub own: Option<String>,
    /// The path of its page.
    pub page: String,
    /// Line of the page, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Item {
    /// The whole place in the original.
    pub fn span(&self) -> Span {
        let start = self.pieces.first().map_or(0, |p| p.before.start());
        Span::new(start, self.pieces.iter().map(|p| p.before.end()).max().unwrap_or(start))
    }

    /// The text of the whole place after the change.
    pub fn after(&self, original: &str) -> String {
        let (mut out, mut at) = (String::new(), self.span().start());
        for p in &self.pieces {
            out.push_str(original.get(at..p.before.start()).unwrap_or(""));
            out.push_str(&p.after);
            at = p.before.end();
        }
        out
    }

    /// True where the output does not show yet what was decided.
    pub fn unapplied(&self) -> bool {
        match self.state {
            State::Accepted => !self.live,
            State::Rejected | State::Doubt => self.live,
            State::Edited => self.stage != Stage::Review,
            State::Auto => !self.live,
            _ => false,
        }
    }

    /// True where nobody need look: no reader could object, and it was applied.
    pub fn safe(&self) -> bool {
        self.state == State::Auto && self.confidence == Confidence::Certain
    }
}

/// All changes of an issue, in text order, with their states under `log`.
pub fn items(issue: &Issue, ledger: &Ledger, log: &Log) -> Vec<Item> {
    let index = PlaceIndex::new(issue);
    let name = issue_name(ledger);
    let resolved = log.resolve(name);
    let paths: Vec<String> = ledger.header.pages.iter().map(|p| p.path.clone()).collect();
    let all = changes(issue.text(), &ledger.layers).unwrap_or_default();
    let mut items: Vec<Item> = all.into_iter().filter_map(|c| item(c, issue, ledger, &index)).collect();
    // An own text that was applied stands for the act that put it; what it covers is not shown beside it.
    let mut shown: HashSet<&str> = HashSet::new();
    for i in items.iter_mut().filter(|i| i.stage == Stage::Review) {
        let here = |e: &OwnPlace| {
            let at = replay::locate(e, issue, &paths);
            i.pieces.iter().any(|p| p.after == e.text && at == Some(p.before))
        };
        let puts = |a: &&&Decision| a.edits.iter().any(here);
        if let Some(a) = resolved.acts.iter().rev().find(puts) {
            if !a.keys.is_empty() {
                i.keys.clone_from(&a.keys);
            }
            shown.insert(&a.act);
        }
    }
    let covered = |i: &Item| {
        let act = i.keys.iter().find_map(|k| resolved.keys.get(k.as_str()));
        i.stage != Stage::Review && i.base != State::Auto && act.is_some_and(|a| shown.contains(a.act.as_str()))
    };
    items.retain(|i| !covered(i));
    let stale: HashSet<String> = replay::stale_in(issue.text(), ledger, log).into_iter().map(|s| s.act).collect();
    items.iter_mut().for_each(|i| settle(i, &resolved, &stale));
    items
}

/// Gives an item the state that the acts on its issue give it.
pub(super) fn settle(i: &mut Item, resolved: &Resolved<'_>, stale: &HashSet<String>) {
    let (state, act) = state(i, resolved, stale);
    i.state = state;
    i.act = act.map(|a| a.act.clone());
    i.note = act.and_then(|a| a.note.clone());
    let own = act.filter(|_| state == State::Edited && i.stage != Stage::Review);
    i.own = own.and_then(|a| a.text.clone());
}

fn record(ledger: &Ledger, p: Place) -> Option<(&Record, Stage)> {
    let layer = ledger.layers.get(p.layer)?;
    Some((layer.records.get(p.record)?, layer.stage))
}

fn item(c: Change, issue: &Issue, ledger: &Ledger, index: &PlaceIndex<'_>) -> Option<Item> {
    let edits: Vec<(&crate::ledger::Located, &Record, Stage)> =
        c.edits.iter().filter_map(|e| record(ledger, e.place).map(|(r, s)| (e, r, s))).collect();
    let (head, r, stage) = edits.iter().copied().min_by_key(|(e, r, _)| (r.confidence, e.place))?;
    let parts: Vec<(&str, &str)> = r.parts.iter().map(|p| (p.before.as_str(), p.after.as_ref())).collect();
    let flags: Vec<&str> = r.flags.iter().map(AsRef::as_ref).collect();
    let seen = Seen { rule: &r.rule, stage, confidence: r.confidence, parts: &parts, flags: &flags };
    let spot = index.spot(c.origin());
    let base = base(&edits);
    let mut pieces: Vec<Piece> = if c.hunks.is_empty() {
        edits.iter().flat_map(|(e, r, _)| proposed(e, r)).collect()
    } else {
        c.hunks.iter().map(|h| Piece { before: h.before, after: h.after.clone() }).collect()
    };
    pieces.sort_by_key(|p| p.before);
    let mut rules: Vec<String> = edits.iter().map(|(_, r, _)| r.rule.to_string()).collect();
    rules.dedup();
    Some(Item {
        id: crate::report::change_id(&c),
        keys: c.keys().into_iter().map(|k| k.as_str().to_owned()).collect(),
        pieces,
        rule: r.rule.to_string(),
        stage,
        group: seen.group(),
        confidence: r.confidence,
        p: r.p,
        rules,
        reasons: reasons(&edits),
        protected: seen.protected(issue.text(), head.origin),
        live: !c.hunks.is_empty(),
        base,
        state: base,
        act: None,
        note: None,
        own: None,
        page: ledger.header.pages.get(spot.page).map_or(String::new(), |p| p.path.clone()),
        line: spot.line,
        column: spot.column,
    })
}

/// A proposal's parts at their places in the original.
fn proposed(e: &crate::ledger::Located, r: &Record) -> Vec<Piece> {
    let spans = e.parts.iter().copied();
    if e.parts.len() == r.parts.len() {
        return spans.zip(&r.parts).map(|(before, p)| Piece { before, after: p.after.to_string() }).collect();
    }
    let after = r.parts.iter().map(|p| p.after.as_ref()).collect();
    vec![Piece { before: e.origin, after }]
}

/// The state before any decision that the ledger does not know yet.
fn base(edits: &[(&crate::ledger::Located, &Record, Stage)]) -> State {
    let any = |f: &dyn Fn(&Record, Stage) -> bool| edits.iter().any(|(_, r, s)| f(r, *s));
    if any(&|r, s| s == Stage::Review && r.applied()) {
        // Its act says that it was put; without one the next rebuilding takes it out.
        State::Rejected
    } else if any(&|r, _| r.applied()) {
        State::Auto
    } else if !any(&|r, _| !matches!(r.fate, Fate::Superseded(_))) {
        State::Superseded
    } else if any(&|r, _| r.fate == Fate::Rejected && r.confidence >= Confidence::Likely) {
        // Left out by a decision: where that was taken back, the next rebuilding applies it again.
        State::Auto
    } else {
        State::Proposed
    }
}

fn state<'l>(i: &Item, resolved: &Resolved<'l>, stale: &HashSet<String>) -> (State, Option<&'l Decision>) {
    let by_key = || i.keys.iter().find_map(|k| resolved.keys.get(k.as_str()).copied());
    let by_group = || {
        let holds = |a: &&&Decision| a.group.as_ref().is_some_and(|g| g.covers(&i.group, i.stage, &i.page));
        let act = resolved.groups.iter().rev().find(holds).copied()?;
        (act.op != Op::Accept || i.protected.is_none()).then_some(act)
    };
    let Some(a) = by_key().or_else(by_group) else { return (i.base, None) };
    if stale.contains(&a.act) {
        return (State::Stale, Some(a));
    }
    let state = match a.op {
        Op::Accept => State::Accepted,
        Op::Reject => State::Rejected,
        Op::Edit => State::Edited,
        Op::Doubt | Op::Undo => State::Doubt,
    };
    (state, Some(a))
}

fn reasons(edits: &[(&crate::ledger::Located, &Record, Stage)]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (_, r, _) in edits {
        let p = r.p.map(|p| format!(" {p:.3}")).unwrap_or_default();
        out.push(format!("{} ({}{p})", r.rule, r.confidence.name()));
        if !r.message.is_empty() {
            out.push(r.message.to_string());
        }
        out.extend(r.evidence.iter().map(|e| format!("{}: {}", e.name, e.value)));
        out.extend(r.flags.iter().map(|f| format!("[{f}]")));
    }
    out.dedup();
    out
}
