//! Back from an output folder to the originals, and the proof that it holds: every hash, both replays.
//!
//! It must never repair what it finds wrong.

use super::error::StoreError;
use super::layout::{Layout, inside};
use super::manifest::{ManifestEntry, read_manifest};
use super::marks::Marks;
use crate::hash::{of_json, sha256_hex};
use crate::ledger::{Ledger, LedgerError, pages_of, restore_text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// One thing that does not fit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The file, relative to the output folder.
    pub path: String,
    /// What does not fit.
    pub what: String,
}

/// What a verification looked at and what it found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// Ledgers replayed both ways.
    pub issues: usize,
    /// Pages whose original was rebuilt.
    pub pages: usize,
    /// Files whose checksum was compared.
    pub files: usize,
    /// Proposals that nobody has decided.
    pub undecided: usize,
    /// Pages whose issue an interrupted run left half written, in order of name.
    pub incomplete: Vec<String>,
    /// Issues that the interrupted run has done, and how many it set out to do.
    pub interrupted: Option<(usize, usize)>,
    /// What does not fit, in order of name.
    pub problems: Vec<Problem>,
}

/// The originals of one issue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// Name and bytes of each page.
    pub pages: Vec<(String, Vec<u8>)>,
    /// The decoded text of the issue.
    pub text: String,
    /// The final text of the issue.
    pub last: String,
}

/// All ledgers of an output folder, in name order.
///
/// # Errors
/// [`StoreError::NotOutput`] for a folder without `run.json`.
pub fn ledgers(layout: &Layout) -> Result<Vec<PathBuf>, StoreError> {
    if !layout.run().is_file() && !layout.ledgers().is_dir() && !layout.own().is_dir() {
        return Err(StoreError::NotOutput(layout.root().to_owned()));
    }
    let mut out = Vec::new();
    let walker = ignore::WalkBuilder::new(layout.ledgers())
        .standard_filters(false)
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    for e in walker.flatten() {
        if e.file_type().is_some_and(|t| t.is_file()) && e.path().extension().is_some_and(|x| x == "jsonl") {
            out.push(e.into_path());
        }
    }
    Ok(out)
}

/// Reads a ledger and rebuilds its issue's originals from the output.
///
/// # Errors
/// [`StoreError::Ledger`] where output and ledger do not fit together, or what the system said.
pub fn restore_issue(layout: &Layout, path: &Path) -> Result<(Ledger, Restored), StoreError> {
    let file = File::open(path).map_err(StoreError::io(path))?;
    let wrong = |source| StoreError::Ledger { path: path.to_owned(), source };
    let ledger = Ledger::read(BufReader::new(file)).map_err(wrong)?;
    let mut last = String::new();
    let mut end = 0;
    for page in &ledger.header.pages {
        let file = layout.text(&page.path)?;
        let bytes = std::fs::read(&file).map_err(StoreError::io(&file))?;
        let altered = |what: &str| wrong(LedgerError::Page { page: page.path.clone(), what: what.to_owned() });
        if sha256_hex(&bytes) != page.output {
            return Err(altered("the output was altered since recto wrote it"));
        }
        let text = String::from_utf8(bytes).map_err(|_| altered("the output is not UTF-8"))?;
        if page.slice.0 == end + 1 {
            last.push(crate::document::SEAM);
        } else if page.slice.0 != end {
            return Err(altered("the slices of the pages do not fit together"));
        }
        if text.len() != page.slice.1.saturating_sub(page.slice.0) {
            return Err(altered("the output is not as long as its slice"));
        }
        last.push_str(&text);
        end = page.slice.1;
    }
    let text = restore_text(&ledger, &last).map_err(wrong)?;
    let bytes = pages_of(&ledger, &text, sha256_hex).map_err(wrong)?;
    let pages = ledger.header.pages.iter().map(|p| p.path.clone()).zip(bytes).collect();
    Ok((ledger, Restored { pages, text, last }))
}

/// Names of the originals that the output folder's list holds.
///
/// # Errors
/// What the system said, or the first line that is none.
pub fn listed_originals(layout: &Layout) -> Result<Vec<String>, StoreError> {
    Ok(read_manifest(&layout.originals())?.into_iter().map(|e| e.path).collect())
}

/// Replays one issue both ways.
///
/// # Errors
/// As [`restore_issue`]; also where the forward replay does not give the output.
pub fn verify_issue(layout: &Layout, path: &Path) -> Result<Ledger, StoreError> {
    let (ledger, restored) = restore_issue(layout, path)?;
    let wrong = |source| StoreError::Ledger { path: path.to_owned(), source };
    let mut text = restored.text;
    for layer in &ledger.layers {
        let patch = layer.patch().map_err(wrong)?;
        text = patch
            .apply(&text)
            .map_err(|e| wrong(LedgerError::Replay { layer: layer.number(), what: e.to_string() }))?;
    }
    if text != restored.last {
        return Err(wrong(LedgerError::Replay {
            layer: 0,
            what: "replaying the edits does not give the output".into(),
        }));
    }
    Ok(ledger)
}

/// What an output folder should hold, by its lists or, while a run has not ended, by its marks.
struct Expected {
    outputs: Vec<ManifestEntry>,
    originals: BTreeMap<String, String>,
    /// Hashes of rules, configuration and profile by page, where marks say so.
    settings: BTreeMap<String, (String, String, String)>,
    /// Pages that nothing can be said about.
    incomplete: BTreeSet<String>,
}

impl Expected {
    fn of(layout: &Layout, marks: &Marks, v: &mut Verified) -> Self {
        let mut x = Self {
            outputs: Vec::new(),
            originals: BTreeMap::new(),
            settings: BTreeMap::new(),
            incomplete: marks.incomplete().into_iter().collect(),
        };
        // A folder that was never marked and has no record was left by a run that did not come to its first issue.
        let ended = !marks.is_open() && (layout.run().is_file() || !marks.is_empty());
        if !ended {
            let done = marks.units().filter(|(_, done)| *done).count();
            v.interrupted = Some((done, marks.planned().max(done)));
        }
        v.incomplete = x.incomplete.iter().cloned().collect();
        let read = marks.each(|m, done| {
            if done {
                let pages = m.report.pages.into_iter().filter(|p| !p.sha256.is_empty());
                for p in pages {
                    x.settings.insert(p.path.clone(), m.settings.clone());
                    x.originals.insert(p.path, p.sha256);
                }
                x.outputs.extend(m.outputs);
            }
            Ok(())
        });
        if let Err(e) = read {
            v.problem(".recto/marks.jsonl", &e.to_string());
        }
        if marks.unreadable() > 0 {
            v.problem(".recto/marks.jsonl", &format!("{} lines are no marks", marks.unreadable()));
        }
        if !ended {
            return x;
        }
        let marked = !marks.is_empty();
        let list = |path: &Path, name: &str, v: &mut Verified| {
            let read = read_manifest(path);
            read.map_err(|e| v.problem(name, &e.to_string())).unwrap_or_default()
        };
        let outputs = list(&layout.manifest(), "manifest-sha256.txt", v);
        let originals = list(&layout.originals(), "originals-sha256.txt", v);
        x.outputs.sort();
        if marked && x.outputs != outputs {
            v.problem(".recto/marks.jsonl", "the marks and manifest-sha256.txt do not list the same files");
        }
        x.outputs = outputs;
        x.originals = originals.into_iter().map(|e| (e.path, e.sha256)).collect();
        x
    }
}

/// Checks a whole output folder: lists, files beside them, settings, ledgers, both replays. Where a run has not ended
/// the marks stand for the lists, and the issues that it left half written are named.
///
/// # Errors
/// [`StoreError::NotOutput`]; single problems are listed in the result.
pub fn verify_output(layout: &Layout, mut each: impl FnMut(&Path)) -> Result<Verified, StoreError> {
    let mut v = Verified::default();
    let paths = ledgers(layout)?;
    let marks = Marks::read(&layout.marks())?;
    let mut expected = Expected::of(layout, &marks, &mut v);
    let listed = compare(layout, &expected.outputs, &mut v);
    extra_files(layout, &listed, &expected.incomplete, &mut v);
    let settings = if v.interrupted.is_some() { None } else { settings(layout, &mut v) };
    for path in paths {
        each(&path);
        let name = path.strip_prefix(layout.root()).unwrap_or(&path).display().to_string();
        let half = |h: Option<&crate::ledger::Header>| {
            h.is_some_and(|h| h.pages.iter().any(|p| expected.incomplete.contains(&p.path)))
        };
        if !expected.incomplete.is_empty() && half(header_of(&path).as_ref()) {
            continue;
        }
        v.issues += 1;
        let ledger = match verify_issue(layout, &path) {
            Ok(ledger) => ledger,
            Err(e) => {
                v.problem(&name, &reason(&e));
                continue;
            }
        };
        v.pages += ledger.header.pages.len();
        v.undecided += ledger.layers.iter().map(crate::ledger::Layer::undecided).sum::<usize>();
        let h = &ledger.header;
        let marked = h.pages.first().and_then(|p| expected.settings.get(&p.path));
        if marked.or(settings.as_ref()).is_some_and(|s| [&s.0, &s.1, &s.2] != [&h.rules, &h.config, &h.profile]) {
            v.problem(&name, "made with other rules, configuration or profile than run.json names");
        }
        let odd = |r: &crate::ledger::Record| r.p.is_some_and(|p| !(0.0..=1.0).contains(&p));
        if ledger.layers.iter().flat_map(|l| &l.records).any(odd) {
            v.problem(&name, "a probability lies outside 0 to 1");
        }
        for p in &h.pages {
            match expected.originals.remove(&p.path) {
                Some(sum) if sum == p.sha256 => {}
                Some(_) => {
                    v.problem("originals-sha256.txt", &format!("{}: not the checksum that the ledger holds", p.path))
                }
                None => v.problem("originals-sha256.txt", &format!("{}: not listed", p.path)),
            }
        }
    }
    for name in expected.originals.into_keys() {
        v.problem("originals-sha256.txt", &format!("{name}: no readable ledger holds this page"));
    }
    v.problems.sort();
    v.problems.dedup();
    Ok(v)
}

/// The header of a ledger; None where it cannot be read.
pub fn header_of(path: &Path) -> Option<crate::ledger::Header> {
    let file = File::open(path).ok()?;
    let first = std::io::BufRead::lines(BufReader::new(file)).next()?.ok()?;
    crate::ledger::read_header(&first).ok()
}

impl Verified {
    fn problem(&mut self, path: &str, what: &str) {
        self.problems.push(Problem { path: path.to_owned(), what: what.to_owned() });
    }
}

/// What is wrong, without the path that stands beside it.
fn reason(e: &StoreError) -> String {
    match e {
        StoreError::Ledger { source, .. } => source.to_string(),
        StoreError::Io { path, source } => format!("{}: {source}", path.display()),
        other => other.to_string(),
    }
}

/// The hashes of rules, configuration and profile that `run.json` names; the stored profile must have its own.
fn settings(layout: &Layout, v: &mut Verified) -> Option<(String, String, String)> {
    #[derive(serde::Deserialize)]
    struct Run {
        rules: String,
        config: String,
        profile: String,
    }
    let run = std::fs::read_to_string(layout.run()).ok().and_then(|t| serde_json::from_str::<Run>(&t).ok());
    let Some(run) = run else {
        v.problem("run.json", "missing or no record of a run");
        return None;
    };
    let profile = std::fs::read_to_string(layout.profile()).ok();
    let profile = profile.and_then(|t| serde_json::from_str::<crate::profile::Profile>(&t).ok());
    if profile.is_none_or(|p| of_json(&p) != run.profile) {
        v.problem(".recto/profile.json", "missing or not the profile that run.json names");
    }
    Some((run.rules, run.config, run.profile))
}

/// Compares each listed file with its checksum. Gives the names.
fn compare(layout: &Layout, list: &[ManifestEntry], v: &mut Verified) -> BTreeSet<String> {
    let mut listed = BTreeSet::new();
    for e in list {
        v.files += 1;
        match inside(&e.path).map(|p| std::fs::read(layout.root().join(p))) {
            Ok(Ok(bytes)) if sha256_hex(&bytes) == e.sha256 => {}
            Ok(Ok(_)) => v.problem(&e.path, "altered since recto wrote it"),
            Ok(Err(err)) => v.problem(&e.path, &err.to_string()),
            Err(err) => v.problem("manifest-sha256.txt", &err.to_string()),
        }
        if !listed.insert(e.path.clone()) {
            v.problem("manifest-sha256.txt", &format!("{}: listed twice", e.path));
        }
    }
    listed
}

/// Files of the folder that the manifest does not name.
fn extra_files(layout: &Layout, listed: &BTreeSet<String>, incomplete: &BTreeSet<String>, v: &mut Verified) {
    let half = |name: &str| {
        let page = name.split_once('/').map_or("", |(_, p)| p);
        incomplete.contains(page) || name.starts_with("ledger/") && !incomplete.is_empty()
    };
    for area in ["text", "ledger", "dropped"] {
        let walker = ignore::WalkBuilder::new(layout.root().join(area)).standard_filters(false).build();
        for e in walker.flatten().filter(|e| !e.file_type().is_some_and(|t| t.is_dir())) {
            let parts = e.path().strip_prefix(layout.root()).unwrap_or(e.path()).components();
            let name = parts.map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            if !listed.contains(&name) && e.depth() > 0 && !half(&name) {
                v.problem(&name, "not in the manifest: recto did not write it");
            }
        }
    }
}
