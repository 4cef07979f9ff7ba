//! The log of decisions: one act a line, append-only. docs/decisions-format.md describes the form.
//!
//! An act is never altered: an undo is an act that names others. It must never lose a field that it does not know.

use crate::ledger::{Group, Key};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Version of the form that this build writes and reads.
pub const DECISION_VERSION: u64 = 1;

/// Acts are not counted on from numbers above this: somebody else may have written one that nothing can be added to.
const MOST_COUNTED: u64 = 1 << 52;

/// What an act says.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// The edit stands in the output.
    Accept,
    /// The original stands in the output.
    Reject,
    /// A person's own text stands in the output.
    Edit,
    /// The original stands in the output until somebody knows better.
    Doubt,
    /// The acts named in `of` count no more.
    Undo,
}

impl Op {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Op::Accept => "accept",
            Op::Reject => "reject",
            Op::Edit => "edit",
            Op::Doubt => "doubt",
            Op::Undo => "undo",
        }
    }
}

/// How far an act reaches.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The changes of the keys.
    #[default]
    One,
    /// The group on one page.
    Page,
    /// The group in one issue.
    Issue,
    /// The group in the whole run.
    All,
    /// The group in the whole run, and a line in the title's word list.
    Always,
}

impl Scope {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Scope::One => "one",
            Scope::Page => "page",
            Scope::Issue => "issue",
            Scope::All => "all",
            Scope::Always => "always",
        }
    }
}

/// A place of a decoded original with a person's text for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnPlace {
    /// Path of the page.
    pub page: String,
    /// Start in bytes of the page's decoded text when the act was made; a hint only.
    pub at: usize,
    /// The text that stood there.
    pub before: String,
    /// What stood before it.
    pub left: String,
    /// What stood after it.
    pub right: String,
    /// What is put there.
    pub text: String,
}

/// One act of a person.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// [`DECISION_VERSION`].
    pub v: u64,
    /// Number of the act in its log.
    pub act: String,
    /// What it says.
    pub op: Op,
    /// How far it reaches.
    #[serde(default)]
    pub scope: Scope,
    /// The issue (path of its first page); None: every issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// Keys of the fixes of the changes decided on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The group decided on, where the act reaches further than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The text of an `edit`, for people; `edits` has the places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The places of an `edit`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<OwnPlace>,
    /// The acts that this one replaces (`undo`: with nothing).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// The run that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Rule and texts as a person saw them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, as the front end tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// True for an act whose place is gone from a new reading of the page: asked again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
    /// The reading of the pages that it was carried over to, for an act that a run made of an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Decision {
    /// An act that says `op` and nothing else yet.
    pub fn new(op: Op) -> Self {
        Self {
            v: DECISION_VERSION,
            act: String::new(),
            op,
            scope: Scope::One,
            issue: None,
            keys: Vec::new(),
            group: None,
            text: None,
            edits: Vec::new(),
            of: Vec::new(),
            run: None,
            what: None,
            by: None,
            at: None,
            note: None,
            lost: false,
            reading: None,
            rest: Map::new(),
        }
    }

    /// The act as its line, without the line end.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What makes it this act and no other, whatever its number: two logs with equal ones began as one.
    pub fn identity(&self) -> String {
        let d = (self.op, self.scope, &self.issue, &self.keys, &self.group, &self.text, &self.edits, &self.of);
        serde_json::to_string(&(d, &self.run, &self.by, &self.at, self.lost)).unwrap_or_default()
    }
}

/// A line that is no act.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct BadLog {
    /// Number of the line, from 1.
    pub line: usize,
    /// What was expected.
    pub what: String,
}

/// All acts in their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Log {
    acts: Vec<Decision>,
    /// The highest number of an act.
    last: u64,
}

/// What the acts come to in one issue.
#[derive(Debug, Default)]
pub(super) struct Resolved<'l> {
    /// The act that decides on a key.
    pub(super) keys: HashMap<Key, &'l Decision>,
    /// Acts with keys or own texts, in their order.
    pub(super) acts: Vec<&'l Decision>,
    /// Acts on groups, in their order.
    pub(super) groups: Vec<&'l Decision>,
}

impl Log {
    /// A log without acts.
    pub const EMPTY: Log = Log { acts: Vec::new(), last: 0 };

    /// Reads a log. A last line without its end was cut off by a crash and is left out.
    ///
    /// # Errors
    /// [`BadLog`] for the first line that is no act of this version.
    pub fn parse(text: &str) -> Result<Self, BadLog> {
        let (mut acts, mut numbers): (Vec<Decision>, HashSet<String>) = (Vec::new(), HashSet::new());
        // Editors of some systems put a byte order mark before a file that a person looked at.
        for (n, line) in text.trim_start_matches('\u{FEFF}').split_inclusive('\n').enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let bad = |what: String| BadLog { line: n + 1, what };
            match serde_json::from_str::<Decision>(line) {
                Ok(d) if d.v != DECISION_VERSION => {
                    return Err(bad(format!("decision version {}, this build reads {DECISION_VERSION}", d.v)));
                }
                Ok(d) if !numbers.insert(d.act.clone()) => {
                    return Err(bad(format!("act {} stands twice", d.act)));
                }
                Ok(d) => acts.push(d),
                Err(_) if !line.ends_with('\n') => break,
                Err(e) => return Err(bad(format!("column {}: a decision was expected", e.column()))),
            }
        }
        let counted = acts.iter().filter_map(|a| a.act.parse::<u64>().ok()).filter(|n| *n < MOST_COUNTED);
        let last = counted.max().unwrap_or(0);
        Ok(Self { acts, last })
    }

    /// The acts in their order, undone ones too.
    pub fn acts(&self) -> &[Decision] {
        &self.acts
    }

    /// Adds an act and gives it its number.
    pub fn push(&mut self, mut act: Decision) -> &Decision {
        self.last += 1;
        act.act = self.last.to_string();
        self.acts.push(act);
        &self.acts[self.acts.len() - 1]
    }

    /// An act, and those of earlier readings of the page that it was carried over from: taken back together.
    pub(super) fn with_origins(&self, act: &str) -> Vec<String> {
        let mut all = vec![act.to_owned()];
        let mut n = 0;
        while n < all.len() {
            let carried = self.acts.iter().find(|a| a.act == all[n] && a.reading.is_some());
            let more: Vec<String> = carried.map(|a| a.of.clone()).unwrap_or_default();
            all.extend(more.into_iter().filter(|m| !all.contains(m)).collect::<Vec<_>>());
            n += 1;
        }
        all
    }

    /// Takes acts out of this copy of a log and gives them.
    pub(super) fn without(&mut self, gone: &HashSet<String>) -> Vec<Decision> {
        let (out, kept) = std::mem::take(&mut self.acts).into_iter().partition(|a| gone.contains(&a.act));
        self.acts = kept;
        out
    }

    /// The numbers of the acts that another act took back or replaced. An undo can be undone.
    pub fn undone(&self) -> HashSet<&str> {
        let mut gone: HashSet<&str> = HashSet::new();
        for a in self.acts.iter().rev() {
            if !gone.contains(a.act.as_str()) {
                gone.extend(a.of.iter().map(String::as_str));
            }
        }
        gone
    }

    /// The acts that hold: not undone, and no undoing themselves.
    pub fn active(&self) -> Vec<&Decision> {
        let gone = self.undone();
        self.acts.iter().filter(|a| a.op != Op::Undo && !gone.contains(a.act.as_str())).collect()
    }

    /// The last act that holds, an undoing one included: what `undo --last` takes back.
    pub fn last(&self) -> Option<&Decision> {
        let gone = self.undone();
        self.acts.iter().rev().find(|a| a.op != Op::Undo && !gone.contains(a.act.as_str()))
    }

    /// What the acts come to in the issue of that name. A later act on a key beats an earlier one; an act on keys beats
    /// one on a group.
    pub(super) fn resolve(&self, issue: &str) -> Resolved<'_> {
        let mut r = Resolved::default();
        for a in self.active() {
            if a.issue.as_deref().is_some_and(|i| i != issue) {
                continue;
            }
            if a.group.is_some() {
                r.groups.push(a);
            }
            if !a.keys.is_empty() || !a.edits.is_empty() {
                // A lost act's keys may stand elsewhere by chance: they decide nothing.
                if !a.lost {
                    r.keys.extend(a.keys.iter().map(|k| (Key::from(k.clone()), a)));
                }
                r.acts.push(a);
            }
        }
        // An act whose every key was decided again later says nothing any more.
        let keys = &r.keys;
        let holds = |a: &&Decision| {
            a.lost
                || a.keys.is_empty()
                || a.keys.iter().any(|k| keys.get(&Key::from(k.clone())).is_some_and(|w| w.act == a.act))
        };
        r.acts.retain(holds);
        r
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(log: &mut Log, op: Op, keys: &[&str], of: &[&str]) -> String {
        let own = |s: &[&str]| s.iter().map(|k| (*k).to_owned()).collect();
        let d = Decision { keys: own(keys), of: own(of), ..Decision::new(op) };
        log.push(d).act.clone()
    }

    #[test]
    fn a_log_reads_back_as_it_was_written_and_keeps_what_it_does_not_know() {
        let mut log = Log::default();
        act(&mut log, Op::Reject, &["1-ab"], &[]);
        let line = log.acts()[0].line();
        assert_eq!(line, r#"{"v":1,"act":"1","op":"reject","scope":"one","keys":["1-ab"]}"#);
        let text = format!("{}\n", line.replace("\"op\"", "\"later\":{\"x\":1},\"op\""));
        let read = Log::parse(&text).expect("a log");
        assert!(read.acts()[0].line().contains("\"later\":{\"x\":1}"));
    }

    #[test]
    fn a_torn_last_line_is_left_out_and_a_torn_middle_one_is_named() {
        let good = r#"{"v":1,"act":"1","op":"accept","keys":["1-a"]}"#;
        assert_eq!(Log::parse(&format!("{good}\n{{\"v\":1,\"a")).expect("a log").acts().len(), 1);
        let e = Log::parse(&format!("{{\"v\":1,\"a\n{good}\n")).expect_err("bad");
        assert_eq!(e.line, 1);
        assert!(Log::parse(&format!("{good}\n{good}\n")).is_err(), "an act twice");
        assert!(Log::parse("{\"v\":2,\"act\":\"1\",\"op\":\"accept\"}\n").is_err());
    }

    #[test]
    fn an_undo_can_be_undone() {
        let mut log = Log::default();
        let one = act(&mut log, Op::Accept, &["1-a"], &[]);
        let two = act(&mut log, Op::Undo, &[], &[&one]);
        assert!(log.active().is_empty());
        act(&mut log, Op::Undo, &[], &[&two]);
        assert_eq!(log.active().len(), 1);
    }

    #[test]
    fn the_later_act_on_a_key_holds() {
        let mut log = Log::default();
        act(&mut log, Op::Accept, &["1-a", "1-b"], &[]);
        act(&mut log, Op::Reject, &["1-a"], &[]);
        let r = log.resolve("x");
        assert_eq!(r.keys[&Key::from("1-a".to_owned())].op, Op::Reject);
        assert_eq!(r.keys[&Key::from("1-b".to_owned())].op, Op::Accept);
        act(&mut log, Op::Doubt, &["1-b"], &[]);
        assert_eq!(log.resolve("x").acts.len(), 2, "the first act has no key left");
    }
}
