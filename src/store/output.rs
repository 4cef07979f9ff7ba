//! An output folder that is being written: staged under temporary names, then renamed batch by batch between marks.
//!
//! It must never write outside its root, never over a folder that is not recto's, and never over a page that was edited
//! by hand.

use super::dropped::dropped_text;
use super::error::StoreError;
use super::examine::{examine, fits};
use super::layout::{Layout, inside, ledger_name, no_links};
use super::lock::Lock;
use super::manifest::{Lines, ManifestEntry, entries, only_in_old, read_manifest};
use super::marks::{Mark, Marks, PageReport};
use super::write::{Waiting, remove_if_there, sweep, sync_all, write_file, write_stream};
use crate::hash;
use crate::pipeline::Cleaned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What all marks of an output folder were made with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// Name and version of the tool.
    pub tool: String,
    /// Hash of the rule set.
    pub rules: String,
    /// Hash of the configuration.
    pub config: String,
    /// Hash of the profile.
    pub profile: String,
    /// Hash over the language data.
    pub dictionaries: String,
}

/// How an output folder is opened.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Mode {
    /// Take over the output of another configuration, and pages edited by hand.
    pub fresh: bool,
    /// Take over the output of another profile.
    pub relearn: bool,
    /// Leave out the syncs: after a power cut the folder may hold less than its marks say.
    pub unsynced: bool,
}

/// Files of one group that wait under temporary names.
#[derive(Debug, Default)]
pub struct Staged {
    files: Vec<(PathBuf, ManifestEntry)>,
}

impl Staged {
    /// The files with their checksums, as the mark lists them.
    pub fn outputs(&self) -> Vec<ManifestEntry> {
        self.files.iter().map(|(_, e)| e.clone()).collect()
    }

    /// Takes the files of another one of the same group along.
    pub fn join(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        for (tmp, _) in &self.files {
            let _ = std::fs::remove_file(tmp);
        }
    }
}

/// An output folder that is being written. One process holds it at a time.
#[derive(Debug)]
pub struct Output {
    layout: Layout,
    mode: Mode,
    marks: Mutex<Marks>,
    /// Issues whose files do not stand as their mark says.
    broken: BTreeSet<String>,
    made: Mutex<HashSet<PathBuf>>,
    next: AtomicU64,
    _lock: Lock,
}

impl Output {
    /// Opens `root` for writing, making it where needed. `holder` names this run to a second one.
    ///
    /// # Errors
    /// [`StoreError::NotMade`] for a path where no folder can be, [`StoreError::Foreign`] for a folder with other things
    /// in it, [`StoreError::Locked`] while another run writes it, [`StoreError::OtherConfiguration`] where it was made
    /// otherwise, [`StoreError::Edited`] where pages were edited
    /// since, or what the system said.
    pub fn open(root: &Path, mode: Mode, holder: &str, settings: &Settings) -> Result<Self, StoreError> {
        std::fs::create_dir_all(root).map_err(|source| StoreError::NotMade { path: root.to_owned(), source })?;
        let layout = Layout::new(root);
        let ours = layout.own().is_dir() || layout.run().is_file();
        if !ours && std::fs::read_dir(root).map_err(StoreError::io(root))?.next().is_some() {
            return Err(StoreError::Foreign(root.to_owned()));
        }
        std::fs::create_dir_all(layout.own()).map_err(StoreError::io(layout.own()))?;
        let lock = Lock::take(&layout, holder)?;
        if !mode.fresh && !fits(&layout, settings, mode.relearn) {
            return Err(StoreError::OtherConfiguration(root.to_owned()));
        }
        let out = Self::prepare(layout, mode, lock)?;
        out.write_json(&out.layout.settings(), settings)?;
        Ok(out)
    }

    /// Opens an output folder whose last run has ended, to change single issues of it.
    ///
    /// # Errors
    /// [`StoreError::NotOutput`], [`StoreError::Unfinished`] where a run has not ended, and as [`Output::open`].
    pub fn existing(root: &Path, holder: &str) -> Result<Self, StoreError> {
        let layout = Layout::new(root);
        if !layout.run().is_file() || !layout.own().is_dir() {
            return Err(layout.no_run());
        }
        let lock = Lock::take(&layout, holder)?;
        let out = Self::prepare(layout, Mode::default(), lock)?;
        if out.marks().is_open() {
            return Err(StoreError::Unfinished(root.to_owned()));
        }
        Ok(out)
    }

    fn prepare(layout: Layout, mode: Mode, lock: Lock) -> Result<Self, StoreError> {
        let marks = Marks::read(&layout.marks())?;
        let broken = examine(&layout, &marks, mode.fresh)?;
        sweep(layout.root())?;
        sweep(&layout.own())?;
        let waiting = layout.waiting();
        if waiting.exists() {
            std::fs::remove_dir_all(&waiting).map_err(StoreError::io(&waiting))?;
        }
        Ok(Self {
            layout,
            mode,
            marks: Mutex::new(marks),
            broken,
            made: Mutex::default(),
            next: AtomicU64::new(0),
            _lock: lock,
        })
    }

    /// Names of all issues that are marked.
    pub fn units(&self) -> Vec<String> {
        self.marks().units().map(|(u, _)| u.to_owned()).collect()
    }

    /// The mark of an issue, whether it is done or not.
    ///
    /// # Errors
    /// What the system said; a mark that is not there.
    pub fn mark(&self, unit: &str) -> Result<Mark, StoreError> {
        self.marks().mark(unit)
    }

    /// Where things stand.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    fn marks(&self) -> std::sync::MutexGuard<'_, Marks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True where the folder's disk does not tell upper from lower case.
    pub fn folds_case(&self) -> bool {
        self.layout.root().join(".RECTO").is_dir()
    }

    /// The mark of an issue that is done with that key and stands as it was written.
    pub fn done(&self, unit: &str, key: &str) -> Option<Mark> {
        let marks = self.marks();
        let holds = !self.mode.fresh && marks.is_done(unit, key) && !self.broken.contains(unit);
        if holds { marks.mark(unit).ok() } else { None }
    }

    /// The marks of the issues that hold any of these pages, those that are done and stand as they were written.
    pub fn earlier(&self, pages: &[&str]) -> Vec<Mark> {
        let marks = self.marks();
        let units = marks.sharing(pages.iter().copied());
        let done = marks.units().filter(|(u, done)| *done && units.contains(*u) && !self.broken.contains(*u));
        done.filter_map(|(u, _)| marks.mark(u).ok()).collect()
    }

    /// Writes what came of one issue under temporary names: ledger, pages, what was dropped.
    ///
    /// # Errors
    /// What the system said, with the file that was meant; nothing stays behind.
    pub fn stage(&self, cleaned: &Cleaned) -> Result<Staged, StoreError> {
        let mut staged = Staged::default();
        let Some(first) = cleaned.ledger.header.pages.first() else { return Ok(staged) };
        let name = ledger_name(&first.path);
        let mut bytes = Vec::new();
        cleaned.ledger.write(&mut bytes).map_err(StoreError::io(self.layout.root().join(&name)))?;
        self.put(&mut staged, name, &bytes, None)?;
        let dropped = dropped_text(cleaned);
        for (n, page) in cleaned.ledger.header.pages.iter().enumerate() {
            let sum = Some(page.output.clone());
            self.put(&mut staged, format!("text/{}", page.path), cleaned.page(n).as_bytes(), sum)?;
            if let Some(d) = dropped.get(n).filter(|d| !d.is_empty()) {
                self.put(&mut staged, format!("dropped/{}", page.path), d.as_bytes(), None)?;
            }
        }
        Ok(staged)
    }

    fn put(&self, staged: &mut Staged, name: String, bytes: &[u8], sum: Option<String>) -> Result<(), StoreError> {
        let target = self.layout.root().join(inside(&name)?);
        self.make_room(&target)?;
        let tmp = self.layout.waiting().join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        self.make_dir(&self.layout.waiting())?;
        let sha256 = sum.unwrap_or_else(|| hash::sha256_hex(bytes));
        // Listed before it is written, so that a half-written one goes as well.
        staged.files.push((tmp.clone(), ManifestEntry { path: name, sha256 }));
        let write = std::fs::File::create_new(&tmp).and_then(|mut f| f.write_all(bytes));
        write.map_err(|source| StoreError::Io { path: target, source })
    }

    /// Sees that a file can be renamed to `target`: its folder is there, no link leads elsewhere, no folder is in the way.
    fn make_room(&self, target: &Path) -> Result<(), StoreError> {
        if let Some(dir) = target.parent().filter(|d| !self.is_made(d)) {
            no_links(self.layout.root(), target)?;
            self.make_dir(dir)?;
        }
        match std::fs::symlink_metadata(target) {
            Ok(m) if !m.is_file() => Err(StoreError::Exists(target.to_owned())),
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Io { path: target.to_owned(), source: e })
            }
            _ => Ok(()),
        }
    }

    /// True for a folder that this run has made, or found to be a folder below the root.
    fn is_made(&self, dir: &Path) -> bool {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).contains(dir)
    }

    fn make_dir(&self, dir: &Path) -> Result<(), StoreError> {
        if !self.is_made(dir) {
            std::fs::create_dir_all(dir).map_err(StoreError::io(dir))?;
            self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(dir.to_owned());
        }
        Ok(())
    }

    /// Puts a batch of staged issues in place: marks void, renames, what is stale goes, one sync, marks done. `planned`
    /// counts the issues of the whole run. Gives the names of the issues that could not be put in place, and why; they
    /// are incomplete then.
    ///
    /// # Errors
    /// Where the marks cannot be written: nothing more may be changed then.
    pub fn commit(&self, batch: Vec<(Staged, Mark)>, planned: usize) -> Result<Vec<(String, StoreError)>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let stale: Vec<BTreeSet<String>> = batch.iter().map(|(_, m)| self.stale(m)).collect();
        let new: Vec<&Mark> = batch.iter().map(|(_, m)| m).collect();
        self.marks().begin(&new, planned)?;
        let (mut failed, mut done, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
        for ((mut staged, mark), stale) in batch.into_iter().zip(stale) {
            match self.put_in_place(&mut staged, &stale, &mut renamed) {
                Ok(()) => done.push(mark.unit().to_owned()),
                Err(e) => failed.push((mark.unit().to_owned(), e)),
            }
        }
        if !self.mode.unsynced {
            sync_all(self.layout.root(), &renamed)?;
        }
        self.marks().done(done.iter().map(String::as_str))?;
        Ok(failed)
    }

    fn put_in_place(
        &self,
        staged: &mut Staged,
        stale: &BTreeSet<String>,
        renamed: &mut Vec<PathBuf>,
    ) -> Result<(), StoreError> {
        while let Some((tmp, entry)) = staged.files.last() {
            let target = self.layout.root().join(inside(&entry.path)?);
            std::fs::rename(tmp, &target).map_err(StoreError::io(&target))?;
            renamed.push(target);
            // It waits no more, so there is nothing to remove.
            staged.files.pop();
        }
        for name in stale {
            self.remove(name)?;
        }
        Ok(())
    }

    /// Files of the issues that this one takes the place of and that it does not write itself.
    fn stale(&self, mark: &Mark) -> BTreeSet<String> {
        let marks = self.marks();
        let mut out = BTreeSet::new();
        for unit in marks.sharing(mark.report.pages.iter().map(|p| p.path.as_str())) {
            let Ok(old) = marks.mark(&unit) else { continue };
            out.extend(old.outputs.into_iter().map(|e| e.path));
        }
        for e in &mark.outputs {
            out.remove(&e.path);
        }
        out
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.layout.root().join(inside(name)?);
        no_links(self.layout.root(), &path)?;
        remove_if_there(&path)
    }

    /// Ends a run: with `drop` the issues named go, files and marks; manifests, `run.json` and sorted marks are written.
    /// `record` makes `run.json` from all marks.
    ///
    /// # Errors
    /// What the system said, with the file; the run has not ended then.
    pub fn finish<R: Serialize>(
        &self,
        drop: &BTreeSet<String>,
        record: impl FnOnce(&Marks) -> Result<R, StoreError>,
    ) -> Result<(), StoreError> {
        let marks = self.marks();
        let (manifest, originals) = (self.layout.manifest(), self.layout.originals());
        let outputs = write_stream(&manifest, |out| {
            AREAS.iter().try_for_each(|area| {
                list(&marks, drop, &manifest, out, |m, take| {
                    m.outputs.iter().filter(|e| e.path.starts_with(area)).try_for_each(take)
                })
            })
        })?;
        // What neither a mark nor the list of an earlier run accounts for stays; what only the list does goes.
        for name in stale(&marks, drop, &manifest, &outputs)? {
            self.remove(&name)?;
        }
        outputs.put(&manifest)?;
        write_stream(&originals, |out| {
            list(&marks, drop, &originals, out, |m, take| {
                let read = m.report.pages.iter().filter(|p| !p.sha256.is_empty());
                let entry = |p: &PageReport| ManifestEntry { path: p.path.clone(), sha256: p.sha256.clone() };
                read.map(entry).try_for_each(|e| take(&e))
            })
        })?
        .put(&originals)?;
        self.write_json(&self.layout.run(), &record(&marks)?)?;
        let path = self.layout.marks();
        let sorted = write_stream(&path, |out| marks.write_sorted(out, &|unit| !drop.contains(unit)))?;
        std::mem::drop(marks);
        let files = [manifest, originals, self.layout.run()];
        if !self.mode.unsynced {
            sync_all(self.layout.root(), &files)?;
        }
        sorted.put(&path)?;
        let waiting = self.layout.waiting();
        if waiting.exists() {
            std::fs::remove_dir_all(&waiting).map_err(StoreError::io(&waiting))?;
        }
        self.marks().reread()
    }

    /// Names of the issues that no page of `pages` belongs to.
    pub fn without(&self, pages: &HashSet<&str>) -> BTreeSet<String> {
        let marks = self.marks();
        let none = |u: &str| !marks.pages(u).iter().any(|p| pages.contains(p.as_ref()));
        marks.units().filter(|(u, _)| none(u)).map(|(u, _)| u.to_owned()).collect()
    }

    /// Writes any other file of the folder.
    ///
    /// # Errors
    /// What the system said, with the file.
    pub fn write_json(&self, path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec_pretty(value)
            .map_err(|e| StoreError::Run { path: path.to_owned(), what: e.to_string() })?;
        bytes.push(b'\n');
        write_file(path, &bytes)
    }

    /// Keeps a copy of a model of own text, so that the folder can be rebuilt wherever it lies.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn keep_model(&self, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.layout.model(&hash::sha256_hex(bytes));
        if path.is_file() { Ok(()) } else { write_file(&path, bytes) }
    }
}

/// The folders whose files the list of outputs holds, in order of name.
const AREAS: [&str; 3] = ["dropped/", "ledger/", "text/"];

/// Writes what `pick` takes from the marks that are done, sorted. Nothing is held but that.
fn list(
    marks: &Marks,
    drop: &BTreeSet<String>,
    path: &Path,
    out: &mut dyn Write,
    pick: impl Fn(&Mark, &mut dyn FnMut(&ManifestEntry) -> Result<(), String>) -> Result<(), String>,
) -> Result<(), StoreError> {
    let mut lines = Lines::default();
    let bad = |what: String| StoreError::Run { path: marks.path().to_owned(), what };
    marks.each(|m, done| {
        if done && !drop.contains(m.unit()) { pick(&m, &mut |e| lines.take(e)).map_err(bad) } else { Ok(()) }
    })?;
    lines.write(out).map_err(StoreError::io(path))
}

/// Names of what the new list of outputs does not hold any more: of issues that are dropped, and of the old list.
fn stale(marks: &Marks, drop: &BTreeSet<String>, path: &Path, outputs: &Waiting) -> Result<Vec<String>, StoreError> {
    let new = || outputs.read().map(|f| entries(path, f)).map_err(StoreError::io(path));
    let mut gone = Vec::new();
    if !drop.is_empty() {
        marks.each(|m, _| {
            gone.extend(
                m.outputs.into_iter().filter(|_| drop.contains(m.report.pages.first().map_or("", |p| &p.path))),
            );
            Ok(())
        })?;
        gone.sort();
    }
    let dropped = only_in_old(gone.into_iter().map(Ok), new()?).unwrap_or_default();
    let Ok(old) = std::fs::File::open(path) else { return Ok(dropped) };
    let mut all = match only_in_old(entries(path, old), new()?) {
        Some(listed) => listed,
        // Not as recto wrote it: compared without any order.
        None => {
            let now: HashSet<String> = new()?.filter_map(Result::ok).map(|e| e.path).collect();
            let listed = read_manifest(path).unwrap_or_default();
            listed.into_iter().map(|e| e.path).filter(|n| !now.contains(n)).collect()
        }
    };
    all.extend(dropped);
    Ok(all)
}
