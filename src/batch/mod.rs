//! The whole job on folders: learn the profile, clean issue by issue in parallel, write the output folder batch by batch.
//!
//! It must never stop at a bad file, hold the texts of a whole batch, or talk: what happens is told to a `Watcher`.

mod carry;
mod decided;
mod original;
mod record;
mod unit;

pub use crate::store::{IssueReport, PageReport};
pub use record::{Provenance, RunRecord};
pub use unit::{add, split_at_damage};

pub(crate) use decided::Decided;
pub(crate) use unit::key_of;

use crate::config::Config;
use crate::hash;
use crate::language::Language;
use crate::ledger::{Counts, add_counts};
use crate::pipeline::Cleaner;
use crate::profile::Profile;
use crate::review::{Decision, Log};
use crate::source::Hint;
use crate::store::{InputFile, Inputs, Mark, Mode, Output, Settings, Staged, StoreError, append_log, read_log};
use original::read_text;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use unit::{Unit, Worked, is_full};

/// Pages that are cleaned between two syncs. Fewer cost time, more are done again after a power cut.
pub const BATCH_PAGES: usize = 256;

/// How a run is told about.
pub trait Watcher: Sync {
    /// The first pass has read so many pages of all.
    fn learning(&self, done: usize, all: usize);
    /// An issue is about to be cleaned.
    fn begins(&self, first_page: &str) {
        let _ = first_page;
    }
    /// An issue is done; `number` counts issues in the order of their names; `before` is true where an earlier run had
    /// done it. Called from several threads.
    fn issue(&self, number: usize, report: &IssueReport, before: bool);
}

/// What a run over folders is to do.
pub struct Job<'a> {
    /// The files.
    pub inputs: &'a Inputs,
    /// The output folder.
    pub out: &'a Path,
    /// How the folder is opened.
    pub mode: Mode,
    /// The settings.
    pub config: &'a Config,
    /// The language data.
    pub language: &'a Language,
    /// A profile instead of the one that the inputs teach.
    pub profile: Option<Profile>,
    /// Pages that are put in place together, [`BATCH_PAGES`] as a rule.
    pub batch_pages: usize,
    /// Stop after so many failures.
    pub max_failures: Option<usize>,
    /// What `run.json` says of the run.
    pub provenance: &'a Provenance<'a>,
    /// Set from outside to end the run early: what was begun is finished, the rest is left for the next run.
    pub stop: &'a AtomicBool,
}

/// What a run did. Names and numbers only.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Summary {
    /// Issues of the whole folder.
    pub issues: usize,
    /// Pages of the whole folder, without those that failed and left nothing there.
    pub pages: usize,
    /// Pages among them whose originals were compared before and after, in this run or an earlier one.
    pub compared: usize,
    /// Issues that an earlier run had done.
    pub before: usize,
    /// Edits by rule and fate over the whole folder.
    pub counts: Counts,
    /// Pages that failed or are damaged, in order of name.
    pub bad: Vec<PageReport>,
    /// Pages whose text stands on the page before.
    pub taken_in: Vec<String>,
    /// True where the folder holds texts that were taken out of pages.
    pub taken_out: bool,
    /// Pages whose originals are no longer among the inputs; their output was kept, or with `fresh` dropped.
    pub gone: Vec<String>,
    /// True where the output of what is gone was dropped.
    pub dropped: bool,
    /// Inputs that could not even be listed, with the reason.
    pub failures: Vec<(String, String)>,
    /// Why the run ended before all was done.
    pub stopped: Option<Stop>,
    /// Issues that are left.
    pub left: usize,
    /// Decisions that could not be honoured.
    pub stale: usize,
    /// Decisions that were found again in a new reading of their pages.
    pub carried: usize,
}

/// Why a run ended early. The same command goes on where it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stop {
    /// It was asked to.
    Interrupted,
    /// More failures than were allowed.
    Failures(usize),
    /// The disk is full or cannot be written.
    Disk(String),
}

impl Summary {
    /// What became of the output of pages that are gone.
    pub fn fate_of_gone(&self) -> &'static str {
        if self.dropped { "dropped" } else { "kept" }
    }
    /// Pages and inputs that failed or are damaged.
    pub fn bad_pages(&self) -> usize {
        self.failures.len() + self.bad.len()
    }
}

/// What the pages of a batch teach. Reads every input once; None where it was stopped.
pub fn learn(inputs: &Inputs, config: &Config, stop: &AtomicBool, watcher: &dyn Watcher) -> Option<Profile> {
    let all = inputs.files.len();
    let done = AtomicUsize::new(0);
    let label = (config.encoding != "auto").then_some(config.encoding.as_str());
    let profile = inputs
        .files
        .par_iter()
        .fold(Profile::default, |mut profile, file| {
            if stop.load(Ordering::Relaxed) {
                return profile;
            }
            let hint = Hint { label, votes: None };
            if let Some(page) = read_text(file, &hint).ok().filter(|p| !p.decoding.damaged) {
                profile.learn(&page.decoding.encoding, &page.text);
            }
            watcher.learning(done.fetch_add(1, Ordering::Relaxed) + 1, all);
            profile
        })
        .reduce(Profile::default, |mut a, b| {
            a.merge(&b);
            a
        })
        .finished();
    (!stop.load(Ordering::Relaxed)).then_some(profile)
}

/// Does the job. The thread pool is the caller's: run it inside `rayon::ThreadPool::install`.
///
/// # Errors
/// [`StoreError`] where the output folder cannot be used; a page that fails is in the summary.
pub fn clean_folder(job: &Job<'_>, watcher: &dyn Watcher) -> Result<Summary, StoreError> {
    let stopped = Summary { stopped: Some(Stop::Interrupted), left: job.inputs.files.len(), ..Summary::default() };
    let profile = match &job.profile {
        Some(p) => p.clone(),
        None => match learn(job.inputs, job.config, job.stop, watcher) {
            Some(p) => p,
            None => return Ok(stopped),
        },
    };
    let cleaner = Cleaner::new(job.config, job.language, &profile);
    let settings = settings_of(&cleaner);
    let output = Output::open(job.out, job.mode, &job.provenance.holder, &settings)?;
    output.write_json(&output.layout().profile(), &profile)?;
    job.language.own_models().iter().try_for_each(|(_, m)| output.keep_model(m.bytes()))?;
    let log = read_log(&output.layout().decisions())?;
    let run = Run {
        job,
        decided: Decided::new(&log),
        log: &log,
        cleaner: &cleaner,
        output: &output,
        settings: hash::of_json(&settings),
        names: job.inputs.files.iter().map(|f| f.name.as_str()).collect(),
        clashes: if output.folds_case() {
            job.inputs.clashes.iter().map(String::as_str).collect()
        } else {
            HashSet::new()
        },
        halt: AtomicBool::new(false),
    };
    run.go(watcher)
}

/// What the marks of an output folder that this cleaner makes are made with.
pub(crate) fn settings_of(cleaner: &Cleaner<'_>) -> Settings {
    let (rules, config, profile) = cleaner.hashes();
    Settings {
        tool: format!("recto {}", env!("CARGO_PKG_VERSION")),
        rules: rules.to_owned(),
        config: config.to_owned(),
        profile: profile.to_owned(),
        dictionaries: hash::of_json(&cleaner.language().sources()),
    }
}

/// What the threads of a run share.
struct Run<'a> {
    job: &'a Job<'a>,
    cleaner: &'a Cleaner<'a>,
    output: &'a Output,
    log: &'a Log,
    decided: Decided,
    /// Hash of all settings, for the keys of the marks.
    settings: String,
    names: HashSet<&'a str>,
    /// Pages that would be written over others.
    clashes: HashSet<&'a str>,
    /// Set where going on would be of no use.
    halt: AtomicBool,
}

/// What a run keeps while it works: only what did not go well, and sums.
#[derive(Default)]
struct Tally {
    before: usize,
    left: usize,
    failures: usize,
    failed: Vec<PageReport>,
    gone: Vec<String>,
    full: Option<String>,
    /// The log with the acts that were carried over, where there are any.
    grown: Option<Log>,
    carried: usize,
    /// Why the log could not be written.
    log: Option<StoreError>,
}

impl Run<'_> {
    fn halted(&self) -> bool {
        self.halt.load(Ordering::Relaxed) || self.job.stop.load(Ordering::Relaxed)
    }

    fn go(&self, watcher: &dyn Watcher) -> Result<Summary, StoreError> {
        let groups = self.job.inputs.groups();
        let mut tally = Tally { failures: self.job.inputs.failures.len(), ..Tally::default() };
        let planned = groups.len();
        // One thread puts batches in place while the others clean the next one; it is never more than one behind.
        let (send, receive) = sync_channel::<Vec<(Staged, Mark)>>(0);
        let committed = std::thread::scope(|scope| {
            let committer = scope.spawn(move || self.commit_all(&receive, planned));
            self.clean_all(&groups, &send, &mut tally, watcher);
            std::mem::drop(send);
            committer.join()
        });
        // A thread that panicked has a bug: what it left is incomplete, and the next run does it again.
        let failed = committed.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        if let Some(e) = tally.log.take() {
            return Err(e);
        }
        for (unit, e) in failed {
            tally.failed.push(PageReport { path: unit, failure: Some(e.to_string()), ..PageReport::default() });
        }
        self.finish(tally)
    }

    fn clean_all(
        &self,
        groups: &[crate::store::Group],
        send: &SyncSender<Vec<(Staged, Mark)>>,
        tally: &mut Tally,
        watcher: &dyn Watcher,
    ) {
        let mut at = 0;
        while at < groups.len() {
            let mut pages = 0;
            let size = groups[at..].iter().take_while(|g| {
                let fits = pages == 0 || pages + g.pages.len() <= self.job.batch_pages;
                pages += g.pages.len();
                fits
            });
            let size = size.count();
            let worked: Vec<Worked> = groups[at..at + size]
                .par_iter()
                .enumerate()
                .map(|(n, g)| {
                    if self.halted() {
                        return Worked::Left;
                    }
                    let files: Vec<&InputFile> = g.pages.iter().filter_map(|&n| self.job.inputs.files.get(n)).collect();
                    watcher.begins(files.first().map_or("", |f| f.name.as_str()));
                    let worked = Unit { run: self, files }.work();
                    if let Some((report, before)) = worked.report() {
                        watcher.issue(at + n, report, before);
                    }
                    worked
                })
                .collect();
            at += size;
            let mut batch: Vec<(Staged, Mark)> = Vec::new();
            let mut carried: Vec<(usize, Vec<Decision>)> = Vec::new();
            for w in worked {
                let Some((staged, mark, acts)) = self.count(w, tally) else { continue };
                if !acts.is_empty() {
                    carried.push((batch.len(), acts));
                }
                batch.push((staged, mark));
            }
            if let Err(e) = self.carry_over(carried, &mut batch, tally) {
                // Without its acts in the log the batch must not be put in place.
                tally.left += batch.len() + groups.len() - at;
                if is_full(&e) {
                    tally.full = Some(e.to_string());
                } else {
                    tally.log = Some(e);
                }
                return;
            }
            if self.job.max_failures.is_some_and(|most| tally.failures > most) || tally.full.is_some() {
                self.halt.store(true, Ordering::Relaxed);
            }
            if send.send(batch).is_err() {
                // The marks cannot be written: the committer has the reason.
                self.halt.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Sums up what came of one group; gives what is to be put in place.
    fn count(&self, worked: Worked, tally: &mut Tally) -> Option<(Staged, Mark, Vec<Decision>)> {
        match worked {
            Worked::Left => tally.left += 1,
            Worked::Before(mark) => {
                tally.before += 1;
                tally.failures += mark.report.pages.iter().filter(|p| p.failure.is_some()).count();
            }
            Worked::Kept { report, gone } => {
                let failed = report.pages.into_iter().filter(|p| p.failure.is_some());
                let before = tally.failed.len();
                tally.failed.extend(failed);
                tally.failures += tally.failed.len() - before;
                tally.gone.extend(gone);
            }
            Worked::Failed { report, full } => {
                tally.failures += report.pages.len();
                tally.failed.extend(report.pages);
                tally.full = tally.full.take().or(full);
            }
            Worked::Staged(staged, mark, carried) => {
                tally.failures += mark.report.pages.iter().filter(|p| p.failure.is_some()).count();
                return Some((staged, mark, carried));
            }
        }
        None
    }

    /// Puts the acts that were carried over to new readings into the log, before the output that they were read from is
    /// written over: from then on only they say where the decisions belong. The keys of the marks name them.
    fn carry_over(
        &self,
        carried: Vec<(usize, Vec<Decision>)>,
        batch: &mut [(Staged, Mark)],
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        if carried.is_empty() {
            return Ok(());
        }
        let log = tally.grown.get_or_insert_with(|| self.log.clone());
        let first = log.acts().len();
        let mut units = Vec::new();
        for (n, acts) in carried {
            units.push(n);
            for act in acts {
                log.push(act);
            }
        }
        let new = log.acts().get(first..).unwrap_or_default();
        append_log(&self.output.layout().decisions(), new)?;
        tally.carried += new.iter().filter(|d| !d.lost).count();
        let decided = Decided::new(log);
        for n in units {
            let mark = &mut batch[n].1;
            mark.key = key_of(&self.settings, mark, &decided);
        }
        Ok(())
    }

    fn commit_all(
        &self,
        batches: &Receiver<Vec<(Staged, Mark)>>,
        planned: usize,
    ) -> Result<Vec<(String, StoreError)>, StoreError> {
        let mut failed = Vec::new();
        for batch in batches {
            match self.output.commit(batch, planned) {
                Ok(f) => failed.extend(f),
                Err(e) => {
                    self.halt.store(true, Ordering::Relaxed);
                    return Err(e);
                }
            }
        }
        Ok(failed)
    }

    fn finish(&self, mut tally: Tally) -> Result<Summary, StoreError> {
        let mut s = Summary { failures: self.job.inputs.failures.clone(), before: tally.before, ..Summary::default() };
        s.carried = tally.carried;
        s.left = tally.left;
        s.dropped = self.job.mode.fresh;
        s.stopped = match (&tally.full, self.job.stop.load(Ordering::Relaxed) && tally.left > 0) {
            (Some(why), _) => Some(Stop::Disk(why.clone())),
            (None, true) => Some(Stop::Interrupted),
            (None, false) if tally.left > 0 => Some(Stop::Failures(tally.failures)),
            _ => None,
        };
        tally.failed.sort_by(|a, b| a.path.cmp(&b.path));
        if s.stopped.is_some() {
            s.bad = tally.failed;
            return Ok(s);
        }
        let away = self.output.without(&self.names);
        let dropped = if self.job.mode.fresh { away.clone() } else { BTreeSet::new() };
        self.output.finish(&dropped, |marks| {
            let failed: HashSet<&str> = tally.failed.iter().map(|p| p.path.as_str()).collect();
            marks.each(|m, _| {
                if away.contains(m.unit()) {
                    s.gone.extend(m.report.pages.iter().map(|p| p.path.clone()));
                    if dropped.contains(m.unit()) {
                        return Ok(());
                    }
                }
                s.issues += m.report.issues;
                s.stale += m.report.stale;
                s.taken_out |= m.outputs.iter().any(|e| e.path.starts_with("dropped/"));
                add_counts(&mut s.counts, &m.report.counts);
                for p in m.report.pages {
                    s.pages += usize::from(p.failure.is_none());
                    s.compared += usize::from(p.failure.is_none() && !failed.contains(p.path.as_str()));
                    if p.taken_in {
                        s.taken_in.push(p.path.clone());
                    }
                    if (p.failure.is_some() || p.damaged.is_some()) && !failed.contains(p.path.as_str()) {
                        s.bad.push(p);
                    }
                }
                Ok(())
            })?;
            s.bad.extend(tally.failed.iter().cloned());
            s.bad.sort_by(|a, b| a.path.cmp(&b.path));
            s.gone.extend(tally.gone.iter().cloned());
            s.gone.sort();
            s.gone.dedup();
            Ok(RunRecord::of(self.job, self.cleaner, &s))
        })?;
        Ok(s)
    }
}
