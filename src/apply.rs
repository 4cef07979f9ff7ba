//! Decisions on an output folder: rebuilding it under its log.
//!
//! The originals come out of the output itself, as `restore` has them, or from a folder whose files have the hashes of
//! the ledger. It must never write a page whose original it did not prove first.

use crate::batch::RunRecord;
use crate::language::Language;
use crate::ledger::{Ledger, counts};
use crate::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput};
use crate::profile::Profile;
use crate::review::{Log, Opened, Stale, issue_name, pages_from, replay};
use crate::source::Hint;
use crate::store::{Layout, ManifestEntry, Output, StoreError, ledgers, restore_issue};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Why an output folder cannot be rebuilt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// Files of the folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another version, rule set, configuration or profile made the output.
    #[error("{0}: written by {1}; this build would replay it differently")]
    Version(PathBuf, String),
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
    /// [`StoreError::NotOutput`] or [`StoreError::Run`].
    pub fn read(layout: &Layout) -> Result<Self, StoreError> {
        let read =
            |path: PathBuf| std::fs::read_to_string(&path).map_err(|_| StoreError::NotOutput(layout.root().into()));
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
        if cleaner.hashes() == own && self.run.tool == tool {
            return Ok(cleaner);
        }
        Err(ApplyError::Version(layout.root().into(), self.run.tool.clone()))
    }
}

/// Rebuilds the output folder under the decisions of `log`. Issues that come out as they were are left alone.
///
/// # Errors
/// [`ApplyError`]; nothing was written then but whole issues.
pub fn apply(layout: &Layout, log: &Log, originals: Option<&Path>, language: &Language) -> Result<Applied, ApplyError> {
    let made = Made::read(layout)?;
    let cleaner = made.cleaner(layout, language)?;
    let output = Output::existing(layout.root())?;
    let paths = ledgers(layout)?;
    let done: Vec<Rebuilt> =
        paths.par_iter().map(|p| rebuild(layout, p, log, originals, &cleaner, &output)).collect::<Result<_, _>>()?;
    let mut applied = Applied { issues: done.len(), ..Applied::default() };
    let (mut entries, mut gone, mut run) = (Vec::new(), Vec::new(), made.run.clone());
    for d in done {
        applied.stale.extend(d.stale);
        let Some(w) = d.written else { continue };
        applied.written += 1;
        applied.pages.extend(w.pages);
        entries.extend(w.entries);
        gone.extend(w.gone);
        add_counts(&mut run, &w.before, false);
        add_counts(&mut run, &w.after, true);
    }
    if applied.written > 0 {
        output.update_manifest(entries, &gone)?;
        output.write_json(&layout.run(), &run)?;
    }
    Ok(applied)
}

struct Rebuilt {
    stale: Vec<Stale>,
    written: Option<Written>,
}

struct Written {
    pages: Vec<String>,
    entries: Vec<ManifestEntry>,
    gone: Vec<String>,
    before: Ledger,
    after: Ledger,
}

fn rebuild(
    layout: &Layout,
    path: &Path,
    log: &Log,
    originals: Option<&Path>,
    cleaner: &Cleaner<'_>,
    output: &Output,
) -> Result<Rebuilt, ApplyError> {
    let (ledger, pages) = match originals {
        None => {
            let (ledger, restored) = restore_issue(layout, path)?;
            let pages = pages_from(&ledger, &restored.text);
            (ledger, pages)
        }
        Some(dir) => given(path, dir)?,
    };
    // A damaged page passes through as it is: no stage ran, so there is nothing to decide.
    let damaged = pages.iter().any(|p| p.decoded.decoding.damaged);
    let replayed = replay(cleaner, pages, if damaged { &EMPTY } else { log });
    let cleaned = replayed.cleaned;
    let stale = replayed.stale;
    if cleaned.ledger == ledger && originals.is_none() {
        return Ok(Rebuilt { stale, written: None });
    }
    let entries = output.write_issue(&cleaned)?;
    let changed = |(a, b): (&crate::ledger::PageRecord, &crate::ledger::PageRecord)| {
        (a.output != b.output).then(|| b.path.clone())
    };
    let pages = ledger.header.pages.iter().zip(&cleaned.ledger.header.pages).filter_map(changed).collect();
    let gone = cleaned.ledger.header.pages.iter().map(|p| format!("dropped/{}", p.path)).collect();
    let Cleaned { ledger: after, .. } = cleaned;
    Ok(Rebuilt { stale, written: Some(Written { pages, entries, gone, before: ledger, after }) })
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

fn add_counts(run: &mut RunRecord, ledger: &Ledger, come: bool) {
    for (rule, fates) in counts(ledger) {
        let own = run.counts.entry(rule.clone()).or_default();
        for (fate, n) in fates {
            let slot = own.entry(fate).or_default();
            *slot = if come { *slot + n } else { slot.saturating_sub(n) };
        }
        own.retain(|_, n| *n > 0);
    }
    run.counts.retain(|_, f| !f.is_empty());
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
