//! What a rule is and what it yields: `Rule`, `Check`, `Finding`, `Fix`, `Confidence`, `Stage`.
//!
//! A rule reads a document and yields findings. It must never build the text after an edit, read a file, or know
//! of other rules.

use crate::config::Config;
use crate::document::Document;
use crate::language::Language;
use crate::profile::Profile;
use crate::text::{Span, Splice};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::borrow::Cow;

/// The six stages, in the order in which they run.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Mojibake, stray byte order marks, controls left by a wrong decoding.
    Encoding,
    /// Characters to their ordinary form, invisible ones, line ends.
    Characters,
    /// Running heads, folios, jump lines, rules, specks.
    Debris,
    /// Lines to paragraphs, hyphens undone.
    Rejoin,
    /// Width and form of punctuation marks.
    Punctuation,
    /// Dictionary corrections.
    Lexicon,
    /// Texts that people put in themselves: after all rules, in no setting.
    #[serde(rename = "review")]
    Review,
}

impl Stage {
    /// All stages of rules in order.
    pub const ALL: [Stage; 6] =
        [Stage::Encoding, Stage::Characters, Stage::Debris, Stage::Rejoin, Stage::Punctuation, Stage::Lexicon];

    /// The name in lower case, as flags and the ledger spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Encoding => "encoding",
            Stage::Characters => "characters",
            Stage::Debris => "debris",
            Stage::Rejoin => "rejoin",
            Stage::Punctuation => "punctuation",
            Stage::Lexicon => "lexicon",
            Stage::Review => "review",
        }
    }

    /// The stage of that name.
    pub fn from_name(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How sure an edit is. The order is the contract: one `>=` decides what is applied.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A proposal: never applied without a decision or a policy that says so.
    Suggest,
    /// Applied by default, listed first in review.
    Likely,
    /// No reader could object.
    Certain,
}

impl Confidence {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::Suggest => "suggest",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// A text before a rule and after it. Runs as a test, prints in `recto rules show`.
#[derive(Copy, Clone, Debug)]
pub struct Example {
    /// The text as received. A form feed is a page seam.
    pub before: &'static str,
    /// The text when this rule alone has run (proposals applied too).
    pub after: &'static str,
}

impl Example {
    /// A text before and after.
    pub const fn new(before: &'static str, after: &'static str) -> Self {
        Self { before, after }
    }
}

/// A rule as data: what it is for, and examples that prove it.
#[derive(Debug)]
pub struct Rule {
    /// Names the defect, kebab-case, stable for ever.
    pub id: &'static str,
    /// The same in Chinese, for messages.
    pub name_zh: &'static str,
    /// Where it runs.
    pub stage: Stage,
    /// The highest confidence it gives.
    pub confidence: Confidence,
    /// What it finds and why that is a defect, in sentences for an archivist.
    pub doc: &'static str,
    /// Before and after.
    pub examples: &'static [Example],
    /// Texts in which it must not fire.
    pub leaves_alone: &'static [&'static str],
    /// True for a rule that only reports: its findings carry no fix.
    pub flag: bool,
}

impl Rule {
    /// A rule whose findings may be certain and carry a fix: id, Chinese name, doc, examples, counter-examples.
    pub const fn certain(
        stage: Stage,
        id: &'static str,
        name_zh: &'static str,
        doc: &'static str,
        examples: &'static [Example],
        leaves_alone: &'static [&'static str],
    ) -> Self {
        Self { id, name_zh, stage, confidence: Confidence::Certain, doc, examples, leaves_alone, flag: false }
    }
}

/// One mechanism: code that looks through a document once and yields the findings of one or more rules.
pub struct Check {
    /// The rules whose findings it may yield. All of one stage.
    pub rules: &'static [&'static Rule],
    /// The code.
    pub run: fn(&Document<'_>, &Context<'_>, &mut Findings),
}

/// All that a rule may know beside its document.
#[derive(Copy, Clone)]
pub struct Context<'a> {
    /// Settings.
    pub config: &'a Config,
    /// Lexicons and models.
    pub language: &'a Language,
    /// What the batch taught.
    pub profile: &'a Profile,
}

/// Splices that stand or fall together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    splices: SmallVec<[Splice; 1]>,
}

impl Fix {
    /// A fix of one splice.
    pub fn one(splice: Splice) -> Self {
        Self { splices: SmallVec::from_buf([splice]) }
    }
    /// A fix of several splices, which are put into text order.
    pub fn many(splices: impl IntoIterator<Item = Splice>) -> Self {
        let mut splices: SmallVec<[Splice; 1]> = splices.into_iter().collect();
        splices.sort_by_key(|s| (s.span.start(), s.span.end()));
        Self { splices }
    }
    /// The splices in text order.
    pub fn splices(&self) -> &[Splice] {
        &self.splices
    }
    /// From the first byte of the first splice to the last of the last.
    pub fn span(&self) -> Span {
        let first = self.splices.first().map_or(0, |s| s.span.start());
        Span::new(first, self.splices.iter().map(|s| s.span.end()).max().unwrap_or(first))
    }
}

/// A small, printable reason: a dictionary word, a score, a pattern.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// What kind of reason.
    pub name: Cow<'static, str>,
    /// The reason.
    pub value: Cow<'static, str>,
}

impl Evidence {
    /// A reason.
    pub fn new(name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        Self { name: Cow::Borrowed(name), value: value.into() }
    }
}

/// What a rule found at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The place, in the stage's text.
    pub span: Span,
    /// What would mend it. None for a flag.
    pub fix: Option<Fix>,
    /// How sure.
    pub confidence: Confidence,
    /// Calibrated probability that the fix is right, where the rule has one.
    pub p: Option<f32>,
    /// Probability from which `nlp` applies it, where that differs from the policy's own.
    pub threshold: Option<f32>,
    /// What a reader should know about this place; empty where the rule's doc says it all.
    pub message: Cow<'static, str>,
    /// Why.
    pub evidence: SmallVec<[Evidence; 1]>,
    /// Marks for review, such as `doubtful-word`.
    pub flags: SmallVec<[&'static str; 1]>,
}

impl Finding {
    /// An edit by `rule` at its own confidence.
    pub fn edit(rule: &'static Rule, fix: Fix) -> Self {
        Self {
            rule,
            span: fix.span(),
            fix: Some(fix),
            confidence: rule.confidence,
            p: None,
            threshold: None,
            message: Cow::Borrowed(""),
            evidence: SmallVec::new(),
            flags: SmallVec::new(),
        }
    }

    /// A flag by `rule`: a place that a person should see.
    pub fn flag(rule: &'static Rule, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            rule,
            span,
            fix: None,
            confidence: rule.confidence,
            p: None,
            threshold: None,
            message: message.into(),
            evidence: SmallVec::new(),
            flags: SmallVec::new(),
        }
    }

    /// The same with another confidence.
    pub fn at(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }
    /// The same with a probability.
    pub fn with_p(mut self, p: f32) -> Self {
        self.p = Some(p);
        self
    }
    /// The same, applied by `nlp` from another probability on.
    pub fn needing(mut self, threshold: f32) -> Self {
        self.threshold = Some(threshold);
        self
    }
    /// The same with a message.
    pub fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }
    /// The same with one more reason.
    pub fn because(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.evidence.push(Evidence::new(name, value));
        self
    }
    /// The same with one more mark for review.
    pub fn marked(mut self, flag: &'static str) -> Self {
        self.flags.push(flag);
        self
    }
}

/// Where a check puts what it found. A check may push in any order.
#[derive(Default, Debug)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }
    /// Adds an edit of one splice.
    pub fn replace(&mut self, rule: &'static Rule, span: Span, insert: impl Into<Cow<'static, str>>) {
        self.push(Finding::edit(rule, Fix::one(Splice::replace(span, insert))));
    }
    /// All of them, in the order they were pushed.
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}
