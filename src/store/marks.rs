//! Completion marks: which issues of an output folder are whole, made from what, and with what result.
//!
//! `.recto/marks.jsonl` is appended to while a run works, and written anew, sorted, when it ends. A `begin` line voids
//! every mark that shares a page with it and goes to the disk before the first file of its issue is renamed; the `done`
//! line follows the last rename. What was begun and is not done is incomplete. A torn last line counts for nothing. It
//! must never claim more than is on the disk.

use super::error::StoreError;
use super::manifest::ManifestEntry;
use crate::hash::sha256;
use crate::ledger::{Counts, add_counts};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of the lines.
const MARKS_VERSION: u32 = 1;

/// What became of one page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PageReport {
    /// Relative name.
    pub path: String,
    /// SHA-256 of the original; empty for a page that could not be read.
    pub sha256: String,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// Its encoding; empty for a page that could not be read.
    pub encoding: String,
    /// What settles a doubt about the encoding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// Why no decoder accepts the page: it was passed through whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damaged: Option<String>,
    /// Why the page failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// True where nothing was left for the page's own file: all of it stands on the page before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub taken_in: bool,
}

/// What became of one group of files: one issue, or several where damage or evidence parts it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueReport {
    /// Its pages in order.
    pub pages: Vec<PageReport>,
    /// Ledgers that were written.
    pub issues: usize,
    /// Edits by rule and fate, flags under `flag`.
    pub counts: Counts,
    /// Decisions that could not be honoured.
    #[serde(skip_serializing_if = "is_zero")]
    pub stale: usize,
}

impl IssueReport {
    /// Takes in what became of another part of the group.
    pub fn join(&mut self, other: IssueReport) {
        self.pages.extend(other.pages);
        self.issues += other.issues;
        self.stale += other.stale;
        add_counts(&mut self.counts, &other.counts);
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // The form that serde asks for.
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// The mark of one group of files.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mark {
    /// SHA-256 over all that the result depends on: names and checksums of the pages, settings, decisions.
    pub key: String,
    /// SHA-256 of rule set, configuration and profile, as the ledgers hold them.
    pub settings: (String, String, String),
    /// What became of the pages.
    pub report: IssueReport,
    /// The files that were written.
    pub outputs: Vec<ManifestEntry>,
}

impl Mark {
    /// The name of its first page, which names the issue.
    pub fn unit(&self) -> &str {
        self.report.pages.first().map_or("", |p| p.path.as_str())
    }
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    v: u32,
    t: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    units: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<std::borrow::Cow<'a, Mark>>,
}

impl Line<'_> {
    fn of(t: &'static str) -> Self {
        Self { v: MARKS_VERSION, t: t.into(), unit: None, units: None, mark: None }
    }
}

/// Where a mark stands in the file, and whether it holds. Folders have very many of them: names are shared, keys hashed.
#[derive(Clone, Debug)]
struct Entry {
    offset: u64,
    len: usize,
    done: bool,
    key: [u8; 32],
    pages: Box<[Arc<str>]>,
}

/// The marks of an output folder. Texts of marks stay in the file; memory holds names and places.
#[derive(Debug)]
pub struct Marks {
    path: PathBuf,
    file: Option<File>,
    end: u64,
    units: BTreeMap<Arc<str>, Entry>,
    owner: HashMap<Arc<str>, Arc<str>>,
    orphans: BTreeSet<Arc<str>>,
    open: bool,
    planned: usize,
    unreadable: usize,
}

impl Marks {
    /// Reads the marks; a file that is not there holds none.
    ///
    /// # Errors
    /// What the system said.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let mut marks = Self {
            path: path.to_owned(),
            file: None,
            end: 0,
            units: BTreeMap::new(),
            owner: HashMap::new(),
            orphans: BTreeSet::new(),
            open: false,
            planned: 0,
            unreadable: 0,
        };
        let file = match File::open(path) {
            Ok(f) => f,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(marks),
            Err(e) => return Err(StoreError::Io { path: path.to_owned(), source: e }),
        };
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let n = reader.read_until(b'\n', &mut line).map_err(StoreError::io(path))?;
            if !line.ends_with(b"\n") {
                // Torn by a crash or a full disk: the next line begins where it began.
                break;
            }
            match serde_json::from_slice::<Line<'_>>(&line) {
                Ok(l) if l.v == MARKS_VERSION => marks.take(l, n),
                _ => marks.unreadable += 1,
            }
            marks.end += n as u64;
        }
        Ok(marks)
    }

    fn take(&mut self, line: Line<'_>, len: usize) {
        match (line.t.as_ref(), line.mark, line.unit) {
            ("open", ..) => {
                self.open = true;
                self.planned = line.units.unwrap_or(0);
            }
            (kind @ ("begin" | "mark"), Some(mark), _) => self.enter(&mark, self.end, len, kind == "mark"),
            ("done", _, Some(unit)) => self.close(&unit),
            _ => self.unreadable += 1,
        }
    }

    fn close(&mut self, unit: &str) {
        if let Some(e) = self.units.get_mut(unit) {
            e.done = true;
        }
    }

    /// A new mark voids all that share a page with it; pages that it does not take over belong to no issue.
    fn enter(&mut self, mark: &Mark, offset: u64, len: usize, done: bool) {
        let pages: Box<[Arc<str>]> = mark.report.pages.iter().map(|p| Arc::from(p.path.as_str())).collect();
        for unit in self.sharing(pages.iter().map(AsRef::as_ref)) {
            for page in self.units.remove(unit.as_str()).into_iter().flat_map(|e| e.pages) {
                self.owner.remove(&page);
                self.orphans.insert(page);
            }
        }
        let unit = pages.first().map_or_else(|| Arc::from(""), Arc::clone);
        for page in &pages {
            self.orphans.remove(page);
            self.owner.insert(Arc::clone(page), Arc::clone(&unit));
        }
        let key = sha256(mark.key.as_bytes());
        self.units.insert(unit, Entry { offset, len, done, key, pages });
    }

    /// The issues that hold any of these pages.
    pub fn sharing<'a>(&self, pages: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        pages.filter_map(|p| self.owner.get(p)).map(|u| u.as_ref().to_owned()).collect()
    }

    /// True where an issue with that key is done.
    pub fn is_done(&self, unit: &str, key: &str) -> bool {
        self.units.get(unit).is_some_and(|e| e.done && e.key == sha256(key.as_bytes()))
    }

    /// Edits by rule and fate over all issues.
    ///
    /// # Errors
    /// What the system said.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut all = Counts::new();
        self.each(|m, _| {
            add_counts(&mut all, &m.report.counts);
            Ok(())
        })?;
        Ok(all)
    }

    /// Names of all issues that were begun, and whether they are done.
    pub fn units(&self) -> impl Iterator<Item = (&str, bool)> {
        self.units.iter().map(|(u, e)| (u.as_ref(), e.done))
    }

    /// Pages of an issue.
    pub fn pages(&self, unit: &str) -> &[Arc<str>] {
        self.units.get(unit).map_or(&[], |e| &e.pages)
    }

    /// Names of the pages whose issue was begun and is not done, or whose issue gave them up.
    pub fn incomplete(&self) -> Vec<String> {
        let begun = self.units.values().filter(|e| !e.done).flat_map(|e| &e.pages);
        let all: BTreeSet<&str> = begun.chain(&self.orphans).map(AsRef::as_ref).collect();
        all.into_iter().map(str::to_owned).collect()
    }

    /// True while a run has begun and not ended.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// How many issues the run that has not ended set out to do.
    pub fn planned(&self) -> usize {
        self.planned
    }

    /// Lines that are no marks: the file was altered.
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The file that they stand in.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// True where nothing was ever marked.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty() && self.orphans.is_empty()
    }

    /// Reads one mark from the file.
    ///
    /// # Errors
    /// What the system said; a mark that is not there.
    pub fn mark(&self, unit: &str) -> Result<Mark, StoreError> {
        let none = || StoreError::Run { path: self.path.clone(), what: format!("no mark for {unit}") };
        let e = self.units.get(unit).ok_or_else(none)?;
        let mut file = File::open(&self.path).map_err(StoreError::io(&self.path))?;
        read_at(&mut file, e).map_err(StoreError::io(&self.path))?.ok_or_else(none)
    }

    /// Goes through all marks in order of name.
    ///
    /// # Errors
    /// What the system said, or what `each` said.
    pub fn each(&self, mut each: impl FnMut(Mark, bool) -> Result<(), StoreError>) -> Result<(), StoreError> {
        if self.units.is_empty() {
            return Ok(());
        }
        let mut file = File::open(&self.path).map_err(StoreError::io(&self.path))?;
        for e in self.units.values() {
            if let Some(mark) = read_at(&mut file, e).map_err(StoreError::io(&self.path))? {
                each(mark, e.done)?;
            }
        }
        Ok(())
    }

    /// Writes that these issues are about to be changed. `planned` counts the issues of the whole run.
    ///
    /// # Errors
    /// What the system said. Nothing may be renamed then.
    pub fn begin(&mut self, marks: &[&Mark], planned: usize) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        if !self.open {
            push(&mut bytes, &Line { units: Some(planned), ..Line::of("open") });
        }
        let mut places = Vec::with_capacity(marks.len());
        for m in marks {
            let start = bytes.len();
            push(&mut bytes, &Line { mark: Some(std::borrow::Cow::Borrowed(*m)), ..Line::of("begin") });
            places.push((start, bytes.len() - start));
        }
        let base = self.end;
        self.append(&bytes, true)?;
        if !self.open {
            (self.open, self.planned) = (true, planned);
        }
        for (m, (start, len)) in marks.iter().zip(places) {
            self.enter(m, base + start as u64, len, false);
        }
        Ok(())
    }

    /// Writes that these issues are whole on the disk.
    ///
    /// # Errors
    /// What the system said.
    pub fn done<'a>(&mut self, units: impl Iterator<Item = &'a str>) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        let units: Vec<&str> = units.collect();
        for unit in &units {
            push(&mut bytes, &Line { unit: Some((*unit).to_owned()), ..Line::of("done") });
        }
        self.append(&bytes, false)?;
        units.iter().for_each(|u| self.close(u));
        Ok(())
    }

    fn append(&mut self, bytes: &[u8], to_disk: bool) -> Result<(), StoreError> {
        let failed = StoreError::io(self.path.clone());
        let mut go = || {
            if self.file.is_none() {
                let mut f = OpenOptions::new().create(true).truncate(false).write(true).open(&self.path)?;
                // Cuts off a torn line.
                f.set_len(self.end)?;
                f.seek(SeekFrom::Start(self.end))?;
                self.file = Some(f);
            }
            let Some(f) = &mut self.file else { return Ok(()) };
            if let Err(e) = f.write_all(bytes).and_then(|()| if to_disk { f.sync_data() } else { Ok(()) }) {
                // Half a line must not stand before the next one.
                self.file = None;
                return Err(e);
            }
            self.end += bytes.len() as u64;
            Ok(())
        };
        go().map_err(failed)
    }

    /// Writes the marks as they stand when a run has ended: one line for each issue, in order of name. What was begun and
    /// not done stays so.
    ///
    /// # Errors
    /// What the system said.
    pub(super) fn write_sorted(&self, out: &mut dyn Write, keep: &dyn Fn(&str) -> bool) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        self.each(|mark, done| {
            if keep(mark.unit()) {
                let kind = if done { "mark" } else { "begin" };
                bytes.clear();
                push(&mut bytes, &Line { mark: Some(std::borrow::Cow::Borrowed(&mark)), ..Line::of(kind) });
                out.write_all(&bytes).map_err(StoreError::io(&self.path))?;
            }
            Ok(())
        })
    }

    /// Forgets all, to be read again from the file: two of these need not be in memory at once.
    pub(super) fn reread(&mut self) -> Result<(), StoreError> {
        let path = std::mem::take(&mut self.path);
        self.units.clear();
        self.owner = HashMap::new();
        self.file = None;
        *self = Self::read(&path)?;
        Ok(())
    }
}

fn read_at(file: &mut File, e: &Entry) -> std::io::Result<Option<Mark>> {
    file.seek(SeekFrom::Start(e.offset))?;
    let mut bytes = vec![0; e.len];
    file.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice::<Line<'_>>(&bytes).ok().and_then(|l| l.mark).map(std::borrow::Cow::into_owned))
}

fn push(bytes: &mut Vec<u8>, line: &Line<'_>) {
    // A line of strings and numbers always has a JSON form.
    if serde_json::to_writer(&mut *bytes, line).is_ok() {
        bytes.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(pages: &[&str]) -> Mark {
        let page = |p: &&str| PageReport { path: (*p).to_owned(), ..PageReport::default() };
        let report = IssueReport { pages: pages.iter().map(page).collect(), ..IssueReport::default() };
        Mark { key: pages.concat(), report, ..Mark::default() }
    }

    #[test]
    fn a_begun_issue_is_incomplete_until_it_is_done() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("marks.jsonl");
        let mut m = Marks::read(&path).expect("none");
        m.begin(&[&mark(&["A1", "A2"]), &mark(&["B1"])], 2).expect("written");
        m.done(["B1"].into_iter()).expect("written");
        for m in [&m, &Marks::read(&path).expect("read")] {
            assert_eq!(m.incomplete(), ["A1", "A2"]);
            assert!(m.is_done("B1", "B1") && !m.is_done("B1", "other") && !m.is_done("A1", "A1A2"));
            assert!(m.is_open() && m.planned() == 2);
        }
    }

    #[test]
    fn a_new_grouping_voids_the_old_marks_of_its_pages() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("marks.jsonl");
        let mut m = Marks::read(&path).expect("none");
        m.begin(&[&mark(&["A1", "A2", "A3"])], 1).expect("written");
        m.done(["A1"].into_iter()).expect("written");
        m.begin(&[&mark(&["A1", "A2"])], 1).expect("written");
        m.done(["A1"].into_iter()).expect("written");
        let m = Marks::read(&path).expect("read");
        assert_eq!(m.incomplete(), ["A3"]);
        assert_eq!(m.mark("A1").expect("there").report.pages.len(), 2);
    }

    #[test]
    fn a_torn_line_is_written_over() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("marks.jsonl");
        let mut m = Marks::read(&path).expect("none");
        m.begin(&[&mark(&["A1"])], 1).expect("written");
        let mut bytes = std::fs::read(&path).expect("there");
        bytes.extend_from_slice(b"{\"v\":1,\"t\":\"do");
        std::fs::write(&path, bytes).expect("written");
        let mut m = Marks::read(&path).expect("read");
        assert_eq!(m.incomplete(), ["A1"]);
        m.done(["A1"].into_iter()).expect("written");
        assert!(Marks::read(&path).expect("read").incomplete().is_empty());
        let mut sorted = Vec::new();
        m.write_sorted(&mut sorted, &|_| true).expect("read");
        std::fs::write(&path, sorted).expect("written");
        let m = Marks::read(&path).expect("read");
        assert!(!m.is_open() && m.is_done("A1", "A1") && m.unreadable() == 0);
    }
}
