//! Plain settings. It must never search for files, read the environment or the clock.

use crate::language::TitleWords;
use crate::rule::{Confidence, Stage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which edits are applied.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Decoding, `encoding` and the certain part of `characters`; line structure is kept.
    Diplomatic,
    /// Every certain and likely edit of all stages.
    #[default]
    Archive,
    /// Also suggestions above the rule's threshold, protected spans never.
    Nlp,
}

impl Policy {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Policy::Diplomatic => "diplomatic",
            Policy::Archive => "archive",
            Policy::Nlp => "nlp",
        }
    }
}

/// Settings of one rule.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RuleConfig {
    /// Apply findings of this confidence and above, whatever the policy says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_at: Option<Confidence>,
    /// Apply findings with at least this probability only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f32>,
}

/// What is never changed without a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Protect {
    /// Numbers.
    pub numbers: bool,
    /// Dates.
    pub dates: bool,
    /// Text inside quotation marks.
    pub quotations: bool,
    /// Headlines.
    pub headlines: bool,
}

impl Default for Protect {
    fn default() -> Self {
        Self { numbers: true, dates: true, quotations: true, headlines: true }
    }
}

/// All that the library must be told. Everything in it takes part in the configuration hash.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Config {
    /// What is applied.
    pub policy: Policy,
    /// The stages that run, in their order.
    pub stages: Vec<Stage>,
    /// Only these rules, where not empty.
    pub select: Vec<String>,
    /// Not these rules.
    pub ignore: Vec<String>,
    /// Apply nothing below this confidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<Confidence>,
    /// Languages to expect, as `zh-Hans`, `en`; empty: decided per paragraph.
    pub languages: Vec<String>,
    /// `auto` or a label of an encoding.
    pub encoding: String,
    /// Settings per rule.
    pub rules: BTreeMap<String, RuleConfig>,
    /// What is protected.
    pub protect: Protect,
    /// The title's own words (`[words] files`).
    #[serde(default, skip_serializing_if = "TitleWords::is_empty")]
    pub words: TitleWords,
    /// Findings say all their evidence, at more cost. It changes no edit, so it takes no part in the hash.
    #[serde(skip)]
    pub explain: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            stages: Stage::ALL.to_vec(),
            select: Vec::new(),
            ignore: Vec::new(),
            min_confidence: None,
            languages: Vec::new(),
            encoding: "auto".into(),
            rules: BTreeMap::new(),
            protect: Protect::default(),
            words: TitleWords::default(),
            explain: false,
        }
    }
}

impl Config {
    /// Whether the rule of that id may run.
    pub fn rule_runs(&self, id: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|r| r == id);
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore)
    }
}
