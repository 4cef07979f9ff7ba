//! The whole job on folders: learn the profile, clean issue by issue in parallel, write the output folder.
//!
//! It must never stop at a bad file, nor talk: what happens is told to a `Watcher` and summed up.

use crate::config::Config;
use crate::language::Language;
use crate::ledger::{Counts, counts};
use crate::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Suppressed};
use crate::profile::Profile;
use crate::source::{Decoding, Hint};
use crate::store::{Inputs, ManifestEntry, Output, StoreError, group_pages};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How a run is told about.
pub trait Watcher: Sync {
    /// The first pass has read so many pages of all.
    fn learning(&self, done: usize, all: usize);
    /// An issue is done; `number` counts issues in the order of their names. Called from several threads.
    fn issue(&self, number: usize, report: &IssueReport);
}

/// What became of one page.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PageReport {
    /// Relative name.
    pub path: String,
    /// How it was decoded; None for a page that could not be read.
    pub decoding: Option<Decoding>,
    /// Why the page failed.
    pub failure: Option<String>,
    /// True where nothing was left for the page's own file: all of it stands on the page before.
    pub taken_in: bool,
}

/// What became of one issue.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct IssueReport {
    /// Its pages in order.
    pub pages: Vec<PageReport>,
    /// Edits by rule and fate.
    pub counts: Counts,
    /// Flags: rule and message.
    pub flags: Vec<(String, String)>,
}

/// What a run did.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Summary {
    /// Issues in order of name.
    pub issues: Vec<IssueReport>,
    /// Inputs that could not even be listed, with the reason.
    pub failures: Vec<(String, String)>,
}

impl Summary {
    /// All pages.
    pub fn pages(&self) -> impl Iterator<Item = &PageReport> {
        self.issues.iter().flat_map(|i| &i.pages)
    }
    /// Edits by rule and fate over all issues.
    pub fn counts(&self) -> Counts {
        let mut all = Counts::new();
        for i in &self.issues {
            for (rule, fates) in &i.counts {
                for (fate, n) in fates {
                    *all.entry(rule.clone()).or_default().entry(fate.clone()).or_default() += n;
                }
            }
        }
        all
    }
    /// Pages that failed or are damaged.
    pub fn bad_pages(&self) -> usize {
        let damaged = |p: &PageReport| p.decoding.as_ref().is_some_and(|d| d.damaged);
        self.failures.len() + self.pages().filter(|p| p.failure.is_some() || damaged(p)).count()
    }
}

/// `run.json`: what made an output folder. The only file of it that may differ between equal runs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of this form.
    pub v: u32,
    /// Name and version of the tool.
    pub tool: String,
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
    /// Pages, with failed ones.
    pub pages: usize,
    /// Edits by rule and fate.
    pub counts: Counts,
    /// Pages whose text was wholly taken in by the page before.
    pub taken_in: Vec<String>,
    /// Pages with bytes that no decoder accepts.
    pub damaged: Vec<String>,
    /// What failed and why.
    pub failures: BTreeMap<String, String>,
}

/// Splits the decoded pages of a group into issues: a damaged page stands alone and parts its neighbours, and a page
/// whose head bears another date begins another issue.
pub fn split_at_damage(pages: Vec<DecodedPage>) -> Vec<Vec<DecodedPage>> {
    split_damaged(pages).into_iter().flat_map(split_by_head).collect()
}

fn split_by_head(mut pages: Vec<DecodedPage>) -> Vec<Vec<DecodedPage>> {
    let breaks = crate::document::issues::breaks(pages.iter().map(|p| p.decoded.text.as_str()));
    let mut out: Vec<Vec<DecodedPage>> = breaks.into_iter().rev().map(|n| pages.split_off(n)).collect();
    out.push(pages);
    out.reverse();
    out
}

fn split_damaged(pages: Vec<DecodedPage>) -> Vec<Vec<DecodedPage>> {
    let mut out: Vec<Vec<DecodedPage>> = Vec::new();
    let mut open = false;
    for page in pages {
        let damaged = page.decoded.decoding.damaged;
        match out.last_mut() {
            Some(last) if open && !damaged => last.push(page),
            _ => out.push(vec![page]),
        }
        open = !damaged;
    }
    out
}

/// What the pages of a batch teach. Reads every input once.
pub fn learn(inputs: &Inputs, config: &Config, watcher: &dyn Watcher) -> Profile {
    let all = inputs.files.len();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let label = (config.encoding != "auto").then_some(config.encoding.as_str());
    inputs
        .files
        .par_iter()
        .fold(Profile::default, |mut profile, (name, path)| {
            if let Ok(bytes) = std::fs::read(path) {
                let page = DecodedPage::new(&PageInput { name: name.clone(), bytes }, &Hint { label, votes: None });
                if !page.decoded.decoding.damaged {
                    profile.learn(&page.decoded.decoding.encoding, &page.decoded.text);
                }
            }
            watcher.learning(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, all);
            profile
        })
        .reduce(Profile::default, |mut a, b| {
            a.merge(&b);
            a
        })
}

/// Cleans `inputs` into the folder `out`. The thread pool is the caller's: run it inside `rayon::ThreadPool::install`.
///
/// # Errors
/// [`StoreError`] where the output folder cannot be used; a page that fails is in the summary.
pub fn clean_folder(
    inputs: &Inputs,
    out: &Path,
    fresh: bool,
    config: &Config,
    language: &Language,
    given: Option<Profile>,
    watcher: &dyn Watcher,
) -> Result<Summary, StoreError> {
    let profile = given.unwrap_or_else(|| learn(inputs, config, watcher));
    let cleaner = Cleaner::new(config, language, &profile);
    let fits = |run: &str| {
        serde_json::from_str::<RunRecord>(run)
            .is_ok_and(|r| (r.rules.as_str(), r.config.as_str(), r.profile.as_str()) == cleaner.hashes())
    };
    let output = Output::open(out, fresh, fits)?;
    if let (false, edited) = (fresh, output.edited())
        && let Some(first) = edited.first()
    {
        return Err(StoreError::Edited(first.clone(), edited.len()));
    }
    output.write_json(&output.layout().profile(), &profile)?;
    let names: Vec<String> = inputs.files.iter().map(|(n, _)| n.clone()).collect();
    let groups = group_pages(&names);
    let done: Vec<Done> = groups
        .par_iter()
        .enumerate()
        .map(|(number, g)| {
            let files: Vec<(&str, &Path)> =
                g.pages.iter().map(|&n| (inputs.files[n].0.as_str(), inputs.files[n].1.as_path())).collect();
            let done = clean_group(&files, &cleaner, &output);
            watcher.issue(number, &done.report);
            done
        })
        .collect();
    finish(inputs, done, &cleaner, &output)
}

/// What one group of files left behind.
struct Done {
    report: IssueReport,
    outputs: Vec<ManifestEntry>,
    originals: Vec<ManifestEntry>,
}

fn clean_group(files: &[(&str, &Path)], cleaner: &Cleaner<'_>, output: &Output) -> Done {
    let mut done = Done { report: IssueReport::default(), outputs: Vec::new(), originals: Vec::new() };
    let mut pages = Vec::new();
    for (name, path) in files {
        match std::fs::read(path) {
            Ok(bytes) => pages.push(DecodedPage::new(&PageInput { name: (*name).to_owned(), bytes }, &cleaner.hint())),
            Err(e) => done.report.pages.push(PageReport {
                path: (*name).to_owned(),
                failure: Some(e.to_string()),
                ..PageReport::default()
            }),
        }
    }
    for issue in split_at_damage(pages) {
        let cleaned = cleaner.clean(issue, &Suppressed::default());
        match output.write_issue(&cleaned) {
            Ok(entries) => {
                done.outputs.extend(entries);
                let originals = cleaned
                    .ledger
                    .header
                    .pages
                    .iter()
                    .map(|p| ManifestEntry { path: p.path.clone(), sha256: p.sha256.clone() });
                done.originals.extend(originals);
                add(&mut done.report, &cleaned);
            }
            Err(e) => {
                let failed = cleaned.ledger.header.pages.iter().map(|p| PageReport {
                    path: p.path.clone(),
                    decoding: Some(p.decoding.clone()),
                    failure: Some(e.to_string()),
                    taken_in: false,
                });
                done.report.pages.extend(failed);
            }
        }
    }
    done
}

/// Adds what one cleaned issue did to a report.
pub fn add(report: &mut IssueReport, cleaned: &Cleaned) {
    for (n, p) in cleaned.ledger.header.pages.iter().enumerate() {
        let taken_in = p.text > 0 && cleaned.page(n).trim().is_empty() && n > 0 && p.slice.0 == p.slice.1;
        report.pages.push(PageReport {
            path: p.path.clone(),
            decoding: Some(p.decoding.clone()),
            failure: None,
            taken_in,
        });
    }
    for (rule, fates) in counts(&cleaned.ledger) {
        for (fate, n) in fates {
            *report.counts.entry(rule.clone()).or_default().entry(fate).or_default() += n;
        }
    }
    let flags = cleaned.ledger.layers.iter().flat_map(|l| &l.flags);
    report.flags.extend(flags.map(|f| (f.rule.to_string(), f.message.to_string())));
}

fn finish(inputs: &Inputs, done: Vec<Done>, cleaner: &Cleaner<'_>, output: &Output) -> Result<Summary, StoreError> {
    let (mut summary, mut outputs, mut originals) = (Summary::default(), Vec::new(), Vec::new());
    summary.failures = inputs.failures.clone();
    for d in done {
        outputs.extend(d.outputs);
        originals.extend(d.originals);
        summary.issues.push(d.report);
    }
    let failed: BTreeSet<&str> = summary.pages().filter(|p| p.failure.is_some()).map(|p| p.path.as_str()).collect();
    output.write_manifests(outputs, originals, &|page| failed.contains(page))?;
    let pick =
        |f: &dyn Fn(&PageReport) -> bool| summary.pages().filter(|p| f(p)).map(|p| p.path.clone()).collect::<Vec<_>>();
    let mut failures: BTreeMap<String, String> = summary.failures.iter().cloned().collect();
    failures.extend(summary.pages().filter_map(|p| p.failure.clone().map(|f| (p.path.clone(), f))));
    let (rules, config, profile) = cleaner.hashes();
    let record = RunRecord {
        v: 1,
        tool: format!("recto {}", env!("CARGO_PKG_VERSION")),
        rules: rules.to_owned(),
        config: config.to_owned(),
        profile: profile.to_owned(),
        configuration: cleaner.config().clone(),
        dictionaries: cleaner.language().sources(),
        issues: summary.issues.len(),
        pages: summary.pages().count(),
        counts: summary.counts(),
        taken_in: pick(&|p| p.taken_in),
        damaged: pick(&|p| p.decoding.as_ref().is_some_and(|d| d.damaged)),
        failures,
    };
    output.write_json(&output.layout().run(), &record)?;
    Ok(summary)
}
