//! Decisions on an output folder: rebuilding it under its log.
//!
//! The originals come out of the output itself, as `restore` has them, or from a folder whose files have the hashes of
//! the ledger. It must never write a page whose original it did not prove first.

use crate::batch::{Decided, RunRecord, key_of, settings_of};
use crate::hash::{of_json, sha256_hex};
use crate::language::{Language, OWN, OwnModel};
use crate::ledger::{Counts, Ledger, PageRecord, counts};
use crate::pipeline::{Cleaner, DecodedPage, Issue, PageInput};
use crate::profile::Profile;
use crate::review::{Decision, Log, Opened, Stale, issue_name, pages_from, replay};
use crate::source::Hint;
use crate::store::{Layout, Mark, Output, Staged, StoreError, ledgers, restore_issue};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Why an output folder cannot be rebuilt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// Files of the folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another version, rule set, configuration, profile or dictionary made the output.
    #[error("{0}: written by {1}; this build would replay it differently")]
    Version(PathBuf, String),
    /// A model of own text that the output was made with is gone from it or altered.
    #[error("{0}: {1}")]
    Model(PathBuf, String),
    /// Edits by hand that cannot be taken into the decisions.
    #[error("{0}: {1}")]
    Adopt(PathBuf, String),
    /// An original that is not the one of the ledger.
    #[error("{0}: not the original that the ledger names (SHA-256 differs)")]
    Original(PathBuf),
}

/// What a rebuilding did.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Applied {
    /// Issues of the folder.
    pub issues: usize,
    /// Issues that were written anew.
    pub written: usize,
    /// Pages whose text is another now.
    pub pages: Vec<String>,
    /// Decisions that could not be honoured.
    pub stale: Vec<Stale>,
}

/// The settings that made an output folder.
#[derive(Debug)]
pub struct Made {
    /// `run.json`.
    pub run: RunRecord,
    /// The profile.
    pub profile: Profile,
}

impl Made {
    /// Reads them.
    ///
    /// # Errors
    /// [`StoreError::NotOutput`], [`StoreError::Unfinished`] or [`StoreError::Run`].
    pub fn read(layout: &Layout) -> Result<Self, StoreError> {
        let read = |path: PathBuf| std::fs::read_to_string(&path).map_err(|_| layout.no_run());
        let bad = |path: PathBuf| move |e: serde_json::Error| StoreError::Run { path, what: e.to_string() };
        let run = serde_json::from_str(&read(layout.run())?).map_err(bad(layout.run()))?;
        let profile = serde_json::from_str(&read(layout.profile())?).map_err(bad(layout.profile()))?;
        Ok(Self { run, profile })
    }

    /// The cleaner that made the folder.
    ///
    /// # Errors
    /// [`ApplyError::Version`] where this build is another one or the folder's settings were altered.
    pub fn cleaner<'a>(&'a self, layout: &Layout, language: &'a Language) -> Result<Cleaner<'a>, ApplyError> {
        let cleaner = Cleaner::new(&self.run.configuration, language, &self.profile);
        let own = (self.run.rules.as_str(), self.run.config.as_str(), self.run.profile.as_str());
        let tool = format!("recto {}", env!("CARGO_PKG_VERSION"));
        if cleaner.hashes() == own && self.run.tool == tool && self.run.dictionaries == language.sources() {
            return Ok(cleaner);
        }
        Err(ApplyError::Version(layout.root().into(), self.run.tool.clone()))
    }
}

/// The language resources that made an output folder: those that are built in, and the models of own text that it keeps.
///
/// # Errors
/// [`ApplyError::Model`] where a model that `run.json` names is not there as it was; [`StoreError::NotOutput`].
pub fn language_of(layout: &Layout) -> Result<Language, ApplyError> {
    let built_in = Language::embedded();
    let mut own = Vec::new();
    for d in Made::read(layout)?.run.dictionaries {
        let (Some(name), Some(sum)) = (d.get("name"), d.get("sha256")) else { continue };
        // Tables of another build are not kept here: the cleaner will say that versions differ.
        if d.get("licence").map(String::as_str) != Some(OWN) {
            continue;
        }
        let path = layout.model(sum);
        let bad = |what: String| ApplyError::Model(path.clone(), what);
        let bytes = std::fs::read(&path).map_err(|e| bad(format!("the model {name} cannot be read: {e}")))?;
        if sha256_hex(&bytes) != *sum {
            return Err(bad(format!("not the model {name} that run.json names (SHA-256 differs)")));
        }
        own.push((name.clone(), OwnModel::parse(bytes).map_err(|e| bad(e.to_string()))?));
    }
    Ok(built_in.with_models(own))
}

/// Rebuilds the output folder under the decisions of `log`. Issues that come out as they were are left alone. `holder`
/// names this process to another one that wants the folder.
///
/// # Errors
/// [`ApplyError`]; nothing was written then but whole issues.
pub fn apply(
    layout: &Layout,
    log: &Log,
    originals: Option<&Path>,
    language: &Language,
    holder: &str,
) -> Result<Applied, ApplyError> {
    let made = Made::read(layout)?;
    let cleaner = made.cleaner(layout, language)?;
    let output = Output::existing(layout.root(), holder)?;
    let settings = of_json(&settings_of(&cleaner));
    let job = Job { layout, log, originals, cleaner: &cleaner, output: &output, settings, decided: Decided::new(log) };
    let done: Vec<Rebuilt> =
        output.units().par_iter().map(|unit| job.rebuild(unit)).collect::<Result<_, ApplyError>>()?;
    let mut applied = Applied::default();
    let mut batch = Vec::new();
    for d in done {
        applied.issues += d.issues;
        applied.written += d.written;
        applied.stale.extend(d.stale);
        applied.pages.extend(d.pages);
        batch.extend(d.put);
    }
    if !batch.is_empty() {
        let planned = batch.len();
        if let Some((_, e)) = output.commit(batch, planned)?.into_iter().next() {
            return Err(e.into());
        }
        output.finish(&BTreeSet::new(), |marks| Ok(RunRecord { counts: marks.counts()?, ..made.run.clone() }))?;
    }
    Ok(applied)
}

struct Job<'a> {
    layout: &'a Layout,
    log: &'a Log,
    originals: Option<&'a Path>,
    cleaner: &'a Cleaner<'a>,
    output: &'a Output,
    settings: String,
    decided: Decided,
}

/// What came of one group of files.
#[derive(Default)]
struct Rebuilt {
    issues: usize,
    written: usize,
    stale: Vec<Stale>,
    pages: Vec<String>,
    /// New files, where there are any, and the mark that says so.
    put: Option<(Staged, Mark)>,
}

impl Job<'_> {
    fn rebuild(&self, unit: &str) -> Result<Rebuilt, ApplyError> {
        let mut mark = self.output.mark(unit)?;
        let mut r = Rebuilt::default();
        let mut staged = Staged::default();
        let stale_before = std::mem::take(&mut mark.report.stale);
        let ledgers: Vec<String> =
            mark.outputs.iter().map(|e| &e.path).filter(|p| p.starts_with("ledger/")).cloned().collect();
        for name in ledgers {
            let (ledger, pages) = self.pages(&self.layout.root().join(&name))?;
            // A damaged page passes through as it is: no stage ran, so there is nothing to decide.
            let damaged = pages.iter().any(|p| p.decoded.decoding.damaged);
            let replayed = replay(self.cleaner, pages, if damaged { &EMPTY } else { self.log });
            r.issues += 1;
            mark.report.stale += replayed.stale.len();
            r.stale.extend(replayed.stale);
            let cleaned = replayed.cleaned;
            if cleaned.ledger == ledger && self.originals.is_none() {
                continue;
            }
            r.written += 1;
            let new = self.output.stage(&cleaned)?;
            let own = |path: &str| {
                ledger
                    .header
                    .pages
                    .iter()
                    .any(|p| path == format!("text/{}", p.path) || path == format!("dropped/{}", p.path))
            };
            mark.outputs.retain(|e| e.path != name && !own(&e.path));
            mark.outputs.extend(new.outputs());
            staged.join(new);
            let changed = |(a, b): (&PageRecord, &PageRecord)| (a.output != b.output).then(|| b.path.clone());
            r.pages.extend(ledger.header.pages.iter().zip(&cleaned.ledger.header.pages).filter_map(changed));
            add_counts(&mut mark.report.counts, &ledger, false);
            add_counts(&mut mark.report.counts, &cleaned.ledger, true);
        }
        let key = key_of(&self.settings, &mark, &self.decided);
        let same = key == mark.key && stale_before == mark.report.stale;
        mark.key = key;
        r.put = (r.written > 0 || !same).then_some((staged, mark));
        Ok(r)
    }

    fn pages(&self, path: &Path) -> Result<(Ledger, Vec<DecodedPage>), ApplyError> {
        match self.originals {
            None => {
                let (ledger, restored) = restore_issue(self.layout, path)?;
                let pages = pages_from(&ledger, &restored.text);
                Ok((ledger, pages))
            }
            Some(dir) => given(path, dir),
        }
    }
}

static EMPTY: Log = Log::EMPTY;

/// The ledger and the pages of an issue from a folder of originals, each proved by its hash.
fn given(path: &Path, dir: &Path) -> Result<(Ledger, Vec<DecodedPage>), ApplyError> {
    let file = std::fs::File::open(path).map_err(StoreError::io(path))?;
    let ledger = Ledger::read(std::io::BufReader::new(file))
        .map_err(|source| StoreError::Ledger { path: path.to_owned(), source })?;
    let mut pages = Vec::new();
    for p in &ledger.header.pages {
        let path = dir.join(&p.path);
        let bytes = std::fs::read(&path).map_err(StoreError::io(&path))?;
        let label = Some(p.decoding.encoding.as_str());
        let page = DecodedPage::new(&PageInput { name: p.path.clone(), bytes }, &Hint { label, votes: None });
        if page.sha256 != p.sha256 {
            return Err(ApplyError::Original(path));
        }
        let mut page = page;
        page.decoded.decoding = p.decoding.clone();
        pages.push(page);
    }
    Ok((ledger, pages))
}

/// The acts after which the output comes out as people edited it. The originals prove what stood there before.
///
/// # Errors
/// [`ApplyError`]; [`ApplyError::Adopt`] where an edit cannot be expressed.
pub fn adopt_folder(
    layout: &Layout,
    log: &Log,
    originals: &Path,
    language: &Language,
) -> Result<Vec<Decision>, ApplyError> {
    let made = Made::read(layout)?;
    let cleaner = made.cleaner(layout, language)?;
    let mut out = Vec::new();
    for path in ledgers(layout)? {
        let (ledger, pages) = given(&path, originals)?;
        let (mut wanted, mut edited) = (Vec::new(), false);
        for p in &ledger.header.pages {
            let file = layout.text(&p.path)?;
            let bytes = std::fs::read(&file).map_err(StoreError::io(&file))?;
            edited |= crate::hash::sha256_hex(&bytes) != p.output;
            let text = String::from_utf8(bytes)
                .map_err(|_| ApplyError::Adopt(file.clone(), "the edited page is not UTF-8".into()))?;
            wanted.push(text);
        }
        if edited {
            let acts = crate::review::adopt(&cleaner, &pages, log, &wanted);
            out.extend(acts.map_err(|why| ApplyError::Adopt(path.clone(), why))?);
        }
    }
    Ok(out)
}

fn add_counts(all: &mut Counts, ledger: &Ledger, come: bool) {
    for (rule, fates) in counts(ledger) {
        let own = all.entry(rule.clone()).or_default();
        for (fate, n) in fates {
            let slot = own.entry(fate).or_default();
            *slot = if come { *slot + n } else { slot.saturating_sub(n) };
        }
        own.retain(|_, n| *n > 0);
    }
    all.retain(|_, f| !f.is_empty());
}

/// Every issue of an output folder with its ledger and its originals from another folder, each proved by its hash.
///
/// # Errors
/// [`ApplyError`] of the first issue that does not fit.
pub fn open_given(layout: &Layout, originals: &Path) -> Result<Vec<Opened>, ApplyError> {
    let open = |path: &PathBuf| {
        let (ledger, pages) = given(path, originals)?;
        let issue = Issue::new(pages.iter().map(|p| p.decoded.text.as_str()));
        let name = issue_name(&ledger).to_owned();
        Ok(Opened { name, ledger, original: issue.text().to_owned(), last: String::new() })
    };
    ledgers(layout)?.par_iter().map(open).collect()
}

/// Every issue of an output folder with its ledger and its originals, read one by one.
///
/// # Errors
/// [`StoreError`] of the first issue that does not fit.
pub fn open_all(layout: &Layout) -> Result<Vec<Opened>, StoreError> {
    let paths = ledgers(layout)?;
    let open = |path: &PathBuf| {
        let (ledger, restored) = restore_issue(layout, path)?;
        let name = issue_name(&ledger).to_owned();
        Ok(Opened { name, ledger, original: restored.text, last: restored.last })
    };
    paths.par_iter().map(open).collect()
}
