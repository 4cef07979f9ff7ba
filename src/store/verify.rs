//! Back from an output folder to the originals, and the proof that it holds: every hash, both replays.
//!
//! It must never repair what it finds wrong.

use super::output::{Layout, StoreError, inside};
use crate::hash::sha256_hex;
use crate::ledger::{Ledger, LedgerError, pages_of, restore_text};
use std::collections::BTreeMap;
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
    if !layout.run().is_file() && !layout.ledgers().is_dir() {
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

/// Checks a whole output folder: manifest, ledgers, both replays.
///
/// # Errors
/// [`StoreError::NotOutput`]; single problems are listed in the result.
pub fn verify_output(layout: &Layout, mut each: impl FnMut(&Path)) -> Result<Verified, StoreError> {
    let mut v = Verified::default();
    let name_of = |p: &Path| p.strip_prefix(layout.root()).unwrap_or(p).display().to_string();
    let listed = manifest(layout, &mut v)?;
    for path in ledgers(layout)? {
        each(&path);
        v.issues += 1;
        match verify_issue(layout, &path) {
            Ok(ledger) => {
                v.pages += ledger.header.pages.len();
                v.undecided += ledger.layers.iter().map(crate::ledger::Layer::undecided).sum::<usize>();
            }
            Err(e) => v.problems.push(Problem { path: name_of(&path), what: reason(&e) }),
        }
        if !listed.contains_key(&name_of(&path)) {
            v.problems.push(Problem { path: name_of(&path), what: "the manifest does not name it".into() });
        }
    }
    v.problems.sort();
    v.problems.dedup();
    Ok(v)
}

/// What is wrong, without the path that stands beside it.
fn reason(e: &StoreError) -> String {
    match e {
        StoreError::Ledger { source, .. } => source.to_string(),
        StoreError::Io { path, source } => format!("{}: {source}", path.display()),
        other => other.to_string(),
    }
}

fn manifest(layout: &Layout, v: &mut Verified) -> Result<BTreeMap<String, String>, StoreError> {
    let path = layout.manifest();
    let text = std::fs::read_to_string(&path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => StoreError::NotOutput(layout.root().to_owned()),
        _ => StoreError::Io { path: path.clone(), source: e },
    })?;
    let mut listed = BTreeMap::new();
    for line in text.lines() {
        let Some((sum, name)) = line.split_once("  ") else {
            v.problems.push(Problem { path: "manifest-sha256.txt".into(), what: format!("no checksum line: {line}") });
            continue;
        };
        v.files += 1;
        let file = layout.root().join(inside(name)?);
        match std::fs::read(&file) {
            Ok(bytes) if sha256_hex(&bytes) == sum => {}
            Ok(_) => v.problems.push(Problem { path: name.to_owned(), what: "altered since recto wrote it".into() }),
            Err(e) => v.problems.push(Problem { path: name.to_owned(), what: e.to_string() }),
        }
        listed.insert(name.to_owned(), sum.to_owned());
    }
    Ok(listed)
}
