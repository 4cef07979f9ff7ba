//! The ledger: every edit of every layer with its reason and its fate, in memory and as JSON lines.
//!
//! It must never decide an edit, run a rule or touch a file. Output and ledger alone give the original back.

mod build;
mod change;
mod format;
mod group;
mod key;
mod replay;

pub use build::LayerBuilder;
pub(crate) use change::flag_places;
pub use change::{Change, Located, Place, changes};
pub use format::{Header, LEDGER_VERSION, LedgerError, PageRecord, read_header};
pub use group::{Group, Seen};
pub use key::{KEY_VERSION, Key, Keyer};
pub use replay::{pages_of, restore_text};

use crate::rule::{Confidence, Evidence, Stage};
use crate::text::{Patch, Span, Splice};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What became of an edit.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Stands in the output.
    Applied,
    /// Another edit at the same place won; here is its rule.
    Superseded(Cow<'static, str>),
    /// A proposal: the policy or a threshold left it out.
    Proposed,
    /// A decision left it out.
    Rejected,
}

/// One replacement of an edit: what was taken away and what was put there.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The text taken away.
    pub before: String,
    /// The text put in its place.
    pub after: Cow<'static, str>,
}

/// Equal edits of one layer: the same rule, reason and fate at one or more places.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// How sure.
    pub confidence: Confidence,
    /// Probability that the edit is right, where the rule gives one.
    pub p: Option<f32>,
    /// The replacements that stand or fall together, in text order. Never empty.
    pub parts: Vec<Part>,
    /// Where: for each place the starts of all parts, in bytes of the layer's input. Sorted; length is a multiple of
    /// the number of parts.
    pub at: Vec<usize>,
    /// What became of it.
    pub fate: Fate,
    /// What a reader should know; often empty.
    pub message: Cow<'static, str>,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Marks for review.
    pub flags: Vec<Cow<'static, str>>,
}

impl Record {
    /// The places, each as the starts of its parts.
    pub fn places(&self) -> impl Iterator<Item = &[usize]> {
        self.at.chunks_exact(self.parts.len().max(1))
    }
    /// How many edits the record stands for.
    pub fn count(&self) -> usize {
        self.at.len() / self.parts.len().max(1)
    }
    /// The splices of one place.
    pub fn splices<'a>(&'a self, place: &'a [usize]) -> impl Iterator<Item = Splice> + 'a {
        place.iter().zip(&self.parts).map(|(&s, p)| Splice::replace(Span::new(s, s + p.before.len()), p.after.clone()))
    }
    /// True where the edit stands in the output.
    pub fn applied(&self) -> bool {
        self.fate == Fate::Applied
    }
}

/// A place that a person should see, without an edit.
#[derive(Clone, PartialEq, Debug)]
pub struct Flag {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// The place, in bytes of the layer's input.
    pub span: Span,
    /// What is the matter.
    pub message: Cow<'static, str>,
    /// Why.
    pub evidence: Vec<Evidence>,
}

/// All edits and flags of one stage.
#[derive(Clone, PartialEq, Debug)]
pub struct Layer {
    /// The stage.
    pub stage: Stage,
    /// Edits, in order of their first place.
    pub records: Vec<Record>,
    /// Flags, in text order.
    pub flags: Vec<Flag>,
}

impl Layer {
    /// The number that the ledger gives the layer: 1 for `encoding` to 6 for `lexicon`, 7 for own texts.
    pub fn number(&self) -> u32 {
        stage_number(self.stage)
    }

    /// The applied edits as a patch over the layer's input. Equal ledgers give equal patches.
    ///
    /// # Errors
    /// [`LedgerError::Replay`] where applied edits overlap: the ledger was tampered with.
    pub fn patch(&self) -> Result<Patch, LedgerError> {
        let mut splices: Vec<Splice> =
            self.records.iter().filter(|r| r.applied()).flat_map(|r| r.places().flat_map(|p| r.splices(p))).collect();
        splices.sort_by_key(|s| (s.span.start(), s.span.end()));
        Patch::new(splices).map_err(|e| LedgerError::Replay { layer: self.number(), what: e.to_string() })
    }

    /// How many edits have that fate.
    pub fn count(&self, wanted: impl Fn(&Fate) -> bool) -> usize {
        self.records.iter().filter(|r| wanted(&r.fate)).map(Record::count).sum()
    }
}

/// The ledger of one issue.
#[derive(Clone, PartialEq, Debug)]
pub struct Ledger {
    /// Versions, hashes and pages.
    pub header: Header,
    /// The layers in order.
    pub layers: Vec<Layer>,
}

impl Ledger {
    /// How many edits have that fate, over all layers.
    pub fn count(&self, wanted: impl Fn(&Fate) -> bool + Copy) -> usize {
        self.layers.iter().map(|l| l.count(wanted)).sum()
    }
}

/// Edits by rule and then by fate: `applied`, `proposed`, `superseded`, `rejected`; flags under `flag`.
pub type Counts = BTreeMap<String, BTreeMap<String, usize>>;

/// Counts the edits and flags of a ledger.
pub fn counts(ledger: &Ledger) -> Counts {
    let mut all = Counts::new();
    let mut add = |rule: &str, fate: &str, n: usize| add_count(&mut all, rule, fate, n);
    for layer in &ledger.layers {
        for r in &layer.records {
            let fate = match r.fate {
                Fate::Applied => "applied",
                Fate::Proposed => "proposed",
                Fate::Superseded(_) => "superseded",
                Fate::Rejected => "rejected",
            };
            add(&r.rule, fate, r.count());
        }
        for f in &layer.flags {
            add(&f.rule, "flag", 1);
        }
    }
    all
}

/// Adds the counts of one to another.
pub fn add_counts(all: &mut Counts, more: &Counts) {
    for (rule, fates) in more {
        fates.iter().for_each(|(fate, n)| add_count(all, rule, fate, *n));
    }
}

fn add_count(all: &mut Counts, rule: &str, fate: &str, n: usize) {
    match all.get_mut(rule).and_then(|fates| fates.get_mut(fate)) {
        Some(sum) => *sum += n,
        None => *all.entry(rule.to_owned()).or_default().entry(fate.to_owned()).or_default() += n,
    }
}

pub(crate) fn stage_number(stage: Stage) -> u32 {
    Stage::ALL.iter().position(|&s| s == stage).unwrap_or(Stage::ALL.len()) as u32 + 1
}
