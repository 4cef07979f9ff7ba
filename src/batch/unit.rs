//! One group of files, from bytes to staged output. It must never change the output folder itself.

use super::carry::carry;
use super::original::{Original, Seen};
use super::{Decided, IssueReport, PageReport, Run};
use crate::document::issues::{Head, breaks};
use crate::hash;
use crate::ledger::{add_counts, counts};
use crate::pipeline::{Cleaned, DecodedPage, Verdicts};
use crate::review::{Decision, replay};
use crate::store::{InputFile, Mark, Staged, StoreError};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::PathBuf;

/// What came of a group.
pub(super) enum Worked {
    /// The run had ended before it was begun.
    Left,
    /// An earlier run had done it.
    Before(Mark),
    /// Its earlier output was left as it is; `gone` names pages that are no longer among the inputs.
    Kept {
        /// The pages, with what failed.
        report: IssueReport,
        /// Pages that are gone.
        gone: Vec<String>,
    },
    /// Nothing could be written.
    Failed {
        /// The pages with the reason.
        report: IssueReport,
        /// The reason, where it will be the same for every other issue.
        full: Option<String>,
    },
    /// It waits to be put in place. Acts that were carried over to its new reading have to go to the log first; they
    /// have no numbers yet.
    Staged(Staged, Mark, Vec<Decision>),
}

impl Worked {
    /// What to tell, and whether an earlier run had done it.
    pub(super) fn report(&self) -> Option<(&IssueReport, bool)> {
        match self {
            Worked::Left => None,
            Worked::Before(m) => Some((&m.report, true)),
            Worked::Kept { report, .. } => Some((report, true)),
            Worked::Failed { report, .. } => Some((report, false)),
            Worked::Staged(_, m, _) => Some((&m.report, false)),
        }
    }
}

/// A group of files that are pages of one issue by their names.
pub(super) struct Unit<'r, 'a> {
    pub(super) run: &'r Run<'a>,
    pub(super) files: Vec<&'r InputFile>,
}

/// A page that was read, or why not.
type Read<'f> = (&'f InputFile, Result<Original, String>);

/// A group of more pages, as a folder of years in one flat list, is not held in memory: its pages are read again when
/// their issue's turn comes. No issue of a newspaper has so many.
const HELD_PAGES: usize = 256;

/// A page whose issue waits.
enum Waiting<'u> {
    Page(DecodedPage),
    /// To be read again.
    Away(&'u InputFile, &'u mut Original),
}

impl Waiting<'_> {
    fn held(self) -> Option<DecodedPage> {
        match self {
            Waiting::Page(page) => Some(page),
            Waiting::Away(..) => None,
        }
    }
}

impl Unit<'_, '_> {
    pub(super) fn work(&self) -> Worked {
        let mut read: Vec<Read<'_>> = self.files.par_iter().map(|f| (*f, self.read(f))).collect();
        let key = self.key(&read);
        let unit = self.files.first().map_or("", |f| f.name.as_str());
        let output = self.run.output;
        if let Some(mark) = output.done(unit, &key) {
            return Worked::Before(mark);
        }
        let names: Vec<&str> = self.files.iter().map(|f| f.name.as_str()).collect();
        let earlier = output.earlier(&names);
        if let Some(kept) = self.keep(&read, &earlier) {
            return kept;
        }
        let mut report = IssueReport::default();
        let (staged, carried) = self.clean(&mut read, &earlier, &mut report);
        if let Some(failed) = self.changed_meanwhile(&read) {
            return failed;
        }
        match staged {
            Ok(staged) => {
                let (rules, config, profile) = self.run.cleaner.hashes();
                let settings = (rules.to_owned(), config.to_owned(), profile.to_owned());
                let outputs = staged.outputs();
                Worked::Staged(staged, Mark { key, settings, report, outputs }, carried)
            }
            Err(e) => {
                let full = is_full(&e).then(|| e.to_string());
                for p in &mut report.pages {
                    p.failure.get_or_insert_with(|| e.to_string());
                }
                Worked::Failed { report, full }
            }
        }
    }

    fn read(&self, file: &InputFile) -> Result<Original, String> {
        if self.run.clashes.contains(file.name.as_str()) {
            return Err("the output's disk cannot tell its name from another's; rename one of the two".into());
        }
        let mut original = Original::read(file, &self.run.cleaner.hint()).map_err(|e| e.to_string())?;
        if self.files.len() > HELD_PAGES {
            original.let_go();
        }
        Ok(original)
    }

    /// All that the result depends on.
    fn key(&self, read: &[Read<'_>]) -> String {
        let pages: Vec<(&str, &str)> =
            read.iter().map(|(f, r)| (f.name.as_str(), r.as_ref().map_or("unreadable", |o| &o.sum))).collect();
        unit_key(&self.run.settings, &pages, &self.run.decided.key(pages.iter().map(|p| p.0)))
    }

    /// True where an act may bear on one of these pages.
    fn is_decided(&self) -> bool {
        !self.run.decided.key(self.files.iter().map(|f| f.name.as_str())).is_empty()
    }

    /// Nothing is lost: where pages of an issue cannot be read any more, or are gone from the inputs, its earlier output
    /// may be the only place from which their originals come back. It is left as it is, and the run says so.
    fn keep(&self, read: &[Read<'_>], earlier: &[Mark]) -> Option<Worked> {
        let held = |name: &str| earlier.iter().flat_map(|m| &m.report.pages).find(|p| p.path == name);
        let lost = |(f, r): &Read<'_>| r.is_err() && held(&f.name).is_some_and(|p| !p.sha256.is_empty());
        let mut gone: Vec<String> = Vec::new();
        if !self.run.job.mode.fresh {
            let old = earlier.iter().flat_map(|m| &m.report.pages).filter(|p| !p.sha256.is_empty());
            gone.extend(old.map(|p| &p.path).filter(|p| !self.run.names.contains(p.as_str())).cloned());
        }
        let unreadable = read.iter().any(lost);
        if gone.is_empty() && !unreadable {
            return None;
        }
        let mut report = IssueReport::default();
        for (f, r) in read {
            let failure = match r {
                Err(why) => Some(format!("{why}; the earlier output of its issue was kept")),
                Ok(o) if held(&f.name).is_some_and(|p| p.sha256 == o.sum) => None,
                Ok(_) if unreadable => Some("not cleaned: another page of its issue cannot be read".to_owned()),
                Ok(_) => Some(format!(
                    "not cleaned: {} of the same issue is gone from the inputs; put it back (recto restore), or --fresh \
                     drops it",
                    gone.first().map_or("a page", String::as_str)
                )),
            };
            report.pages.push(PageReport { path: f.name.clone(), failure, ..PageReport::default() });
        }
        Some(Worked::Kept { report, gone })
    }

    /// Cleans and stages what could be read, each issue as soon as it is clean, so that few are held at a time. A page that
    /// could not be read parts its neighbours, as a damaged one does. Decisions on an earlier reading of the pages are
    /// carried over; they are given beside what is staged.
    fn clean(
        &self,
        read: &mut [Read<'_>],
        earlier: &[Mark],
        report: &mut IssueReport,
    ) -> (Result<Staged, StoreError>, Vec<Decision>) {
        let cleaner = self.run.cleaner;
        let decided = self.is_decided();
        // Where decisions are carried over, old and new readings are laid beside each other.
        let held = decided || self.files.len() <= HELD_PAGES;
        let mut runs: Vec<Vec<(Seen, Waiting<'_>)>> = vec![Vec::new()];
        let mut failed = Vec::new();
        for (f, r) in read.iter_mut() {
            let page = match r {
                Ok(o) => o.page(f, &cleaner.hint()).map(|page| (page, o)).map_err(|e| e.to_string()),
                Err(why) => Err(why.clone()),
            };
            match page {
                Ok((page, o)) => {
                    let seen = Seen::of(&page.decoded);
                    let waiting = if held { Waiting::Page(page) } else { Waiting::Away(f, o) };
                    if let Some(last) = runs.last_mut() {
                        last.push((seen, waiting));
                    }
                }
                Err(why) => {
                    runs.push(Vec::new());
                    failed.push(PageReport { path: f.name.clone(), failure: Some(why), ..PageReport::default() });
                }
            }
        }
        let issues = runs.into_iter().flat_map(|run| split(run, |p| p.0));
        let mut issues: Vec<Vec<Waiting<'_>>> = issues.map(|issue| issue.into_iter().map(|p| p.1).collect()).collect();
        let mut carried = Vec::new();
        if decided {
            let pages = |issue: Vec<Waiting<'_>>| issue.into_iter().filter_map(Waiting::held).collect();
            let held: Vec<Vec<DecodedPage>> = issues.into_iter().map(pages).collect();
            carried = carry(self.run, earlier, &held);
            issues = held.into_iter().map(|issue| issue.into_iter().map(Waiting::Page).collect()).collect();
        }
        let mut log = Cow::Borrowed(self.run.log);
        for d in &carried {
            log.to_mut().push(d.clone());
        }
        // A folder of pages may be many issues, told apart by their heads only: they are done side by side, in order.
        let one = |issue: Vec<Waiting<'_>>| {
            let page = |w: Waiting<'_>| match w {
                Waiting::Page(page) => Ok(page),
                Waiting::Away(f, o) => {
                    o.page(f, &cleaner.hint()).map_err(|source| StoreError::Io { path: PathBuf::from(&f.name), source })
                }
            };
            let issue: Vec<DecodedPage> = match issue.into_iter().map(page).collect() {
                Ok(issue) => issue,
                // What has changed meanwhile is named below.
                Err(e) => return (IssueReport::default(), Err(e)),
            };
            // A damaged page passes through as it is: no stage runs, so there is nothing to decide.
            let damaged = issue.iter().any(|p| p.decoded.decoding.damaged);
            let (cleaned, stale) = if damaged || !decided {
                (cleaner.clean(issue, &Verdicts::default()), 0)
            } else {
                let replayed = replay(cleaner, issue, &log);
                (replayed.cleaned, replayed.stale.len())
            };
            let mut own = IssueReport { stale, ..IssueReport::default() };
            add(&mut own, &cleaned);
            (own, self.run.output.stage(&cleaned))
        };
        let join = |mut a: (IssueReport, Result<Staged, StoreError>), (report, staged)| {
            a.0.join(report);
            match (&mut a.1, staged) {
                (Ok(all), Ok(staged)) => all.join(staged),
                (Ok(_), Err(e)) => a.1 = Err(e),
                (Err(_), _) => {}
            }
            a
        };
        let none = || (IssueReport::default(), Ok(Staged::default()));
        let (own, all) = issues.into_par_iter().map(one).fold(none, join).reduce(none, join);
        report.join(own);
        report.pages.extend(failed);
        let places: HashMap<&str, usize> = self.files.iter().enumerate().map(|(n, f)| (f.name.as_str(), n)).collect();
        report.pages.sort_by_cached_key(|p| places.get(p.path.as_str()).copied());
        (all, carried)
    }

    /// SHA-256 of the originals after as before: a page that changed while it was read would be half old, half new.
    fn changed_meanwhile(&self, read: &[Read<'_>]) -> Option<Worked> {
        let changed = |(f, r): &Read<'_>| match r {
            Ok(o) => match f.still_has(&o.sum) {
                Ok(true) => None,
                Ok(false) => Some("changed while it was read; run the same command again".to_owned()),
                Err(e) => Some(format!("went away while it was read: {e}")),
            },
            Err(why) => Some(why.clone()),
        };
        let reasons: Vec<Option<String>> = read.iter().map(changed).collect();
        if read.iter().zip(&reasons).all(|((_, r), reason)| r.is_err() || reason.is_none()) {
            return None;
        }
        let mut report = IssueReport::default();
        for ((f, _), reason) in read.iter().zip(reasons) {
            let failure = reason.or_else(|| Some("not cleaned: another page of its issue changed".to_owned()));
            report.pages.push(PageReport { path: f.name.clone(), failure, ..PageReport::default() });
        }
        Some(Worked::Failed { report, full: None })
    }
}

/// The key of a group: all that its result depends on. `decided` is empty where no decision bears on it.
pub(crate) fn unit_key(settings: &str, pages: &[(&str, &str)], decided: &str) -> String {
    hash::of_json(&(settings, pages, decided))
}

/// The key of the group that a mark is about.
pub(crate) fn key_of(settings: &str, mark: &Mark, decided: &Decided) -> String {
    let sum = |p: &PageReport| if p.sha256.is_empty() { "unreadable".to_owned() } else { p.sha256.clone() };
    let pages: Vec<(&str, String)> = mark.report.pages.iter().map(|p| (p.path.as_str(), sum(p))).collect();
    let pages: Vec<(&str, &str)> = pages.iter().map(|(n, s)| (*n, s.as_str())).collect();
    unit_key(settings, &pages, &decided.key(pages.iter().map(|p| p.0)))
}

/// True where every other issue would fail for the same reason.
pub(super) fn is_full(e: &StoreError) -> bool {
    let StoreError::Io { source, .. } = e else { return false };
    matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem)
}

/// Splits the decoded pages of a group into issues: a damaged page stands alone and parts its neighbours, and a page
/// whose head bears another date begins another issue.
pub fn split_at_damage(pages: Vec<DecodedPage>) -> Vec<Vec<DecodedPage>> {
    split(pages, |p| Seen::of(&p.decoded))
}

fn split<T>(pages: Vec<T>, seen: impl Fn(&T) -> Seen) -> Vec<Vec<T>> {
    let all: Vec<Seen> = pages.iter().map(seen).collect();
    // Pages between damaged ones, or a damaged one.
    let together = all.chunk_by(|a, b| !a.damaged && !b.damaged);
    let lengths = together.flat_map(|pages| {
        let heads: Vec<Head> = pages.iter().map(|p| p.head).collect();
        let breaks = breaks(&heads);
        let ends: Vec<usize> = breaks.iter().copied().chain([pages.len()]).collect();
        let starts = std::iter::once(0).chain(breaks);
        ends.into_iter().zip(starts).map(|(end, start)| end - start).collect::<Vec<_>>()
    });
    let mut pages = pages.into_iter();
    lengths.map(|n| pages.by_ref().take(n).collect()).collect()
}

/// Adds what one cleaned issue did to a report.
pub fn add(report: &mut IssueReport, cleaned: &Cleaned) {
    report.issues += 1;
    for (n, p) in cleaned.ledger.header.pages.iter().enumerate() {
        let taken_in = p.text > 0 && cleaned.page(n).trim().is_empty() && n > 0 && p.slice.0 == p.slice.1;
        report.pages.push(PageReport {
            path: p.path.clone(),
            sha256: p.sha256.clone(),
            bytes: p.bytes,
            encoding: p.decoding.encoding.to_string(),
            doubt: p.decoding.doubt.as_ref().map(ToString::to_string),
            damaged: p.decoding.damaged.then(|| p.decoding.why.to_string()),
            failure: None,
            taken_in,
        });
    }
    add_counts(&mut report.counts, &counts(&cleaned.ledger));
}
