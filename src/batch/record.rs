//! `run.json`: what made an output folder. It must hold nothing that takes part in a later decision: marks do that.

use super::{Job, Summary};
use crate::config::Config;
use crate::ledger::Counts;
use crate::pipeline::Cleaner;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What only the caller knows of a run: the library asks neither the clock nor the system.
pub struct Provenance<'a> {
    /// Names this run to a second one that wants the same folder.
    pub holder: String,
    /// The command line.
    pub argv: Vec<String>,
    /// Operating system and processor.
    pub platform: String,
    /// The commit that the program was built from, where the build knew it.
    pub commit: Option<String>,
    /// The time, as RFC 3339 writes it.
    pub now: &'a (dyn Fn() -> String + Sync),
    /// When the run began.
    pub started: String,
}

/// `run.json`. The only file of an output folder that may differ between equal runs.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRecord {
    /// Version of this form.
    pub v: u32,
    /// Name and version of the tool.
    pub tool: String,
    /// The commit that it was built from, where the build knew it.
    pub commit: Option<String>,
    /// Operating system and processor.
    pub platform: String,
    /// The command line.
    pub argv: Vec<String>,
    /// When the last run began and ended.
    pub started: String,
    /// When it ended.
    pub ended: String,
    /// Hash of the rule set.
    pub rules: String,
    /// Hash of the configuration.
    pub config: String,
    /// Hash of the profile.
    pub profile: String,
    /// The configuration itself.
    pub configuration: Config,
    /// Language data that was used: name, SHA-256, licence.
    pub dictionaries: Vec<BTreeMap<String, String>>,
    /// Issues.
    pub issues: usize,
    /// Pages.
    pub pages: usize,
    /// Edits by rule and fate, over the whole folder.
    pub counts: Counts,
    /// Pages whose text was wholly taken in by the page before.
    pub taken_in: Vec<String>,
    /// Pages with bytes that no decoder accepts.
    pub damaged: Vec<String>,
    /// Pages whose originals were not among the inputs of the last run; their output was kept.
    pub gone: Vec<String>,
    /// What failed and why.
    pub failures: BTreeMap<String, String>,
    /// Originals that had the same SHA-256 after their issue was cleaned as before. Every page that is not among the
    /// failures was compared.
    pub unchanged_originals: usize,
}

impl RunRecord {
    pub(super) fn of(job: &Job<'_>, cleaner: &Cleaner<'_>, s: &Summary) -> Self {
        let p = job.provenance;
        let (rules, config, profile) = cleaner.hashes();
        let mut failures: BTreeMap<String, String> = s.failures.iter().cloned().collect();
        failures.extend(s.bad.iter().filter_map(|p| p.failure.clone().map(|f| (p.path.clone(), f))));
        Self {
            v: 1,
            tool: format!("recto {}", env!("CARGO_PKG_VERSION")),
            commit: p.commit.clone(),
            platform: p.platform.clone(),
            argv: p.argv.clone(),
            started: p.started.clone(),
            ended: (p.now)(),
            rules: rules.to_owned(),
            config: config.to_owned(),
            profile: profile.to_owned(),
            configuration: cleaner.config().clone(),
            dictionaries: cleaner.language().sources(),
            issues: s.issues,
            pages: s.pages,
            counts: s.counts.clone(),
            taken_in: s.taken_in.clone(),
            damaged: s.bad.iter().filter(|p| p.damaged.is_some()).map(|p| p.path.clone()).collect(),
            gone: s.gone.clone(),
            failures,
            unchanged_originals: s.compared,
        }
    }
}
