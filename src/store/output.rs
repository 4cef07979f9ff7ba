//! The output folder: where things stand in it and how they are written: temporary name, then rename.
//!
//! It must never write outside its root, and never over a folder that is not recto's.

use crate::document::SEAM;
use crate::hash;
use crate::ledger::LedgerError;
use crate::pipeline::Cleaned;
use crate::rule::Stage;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// Why the output folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds things that recto did not make.
    #[error("{0}: the folder is not empty and holds no output of recto")]
    Foreign(PathBuf),
    /// The folder holds the output of another configuration.
    #[error("{0}: the folder holds the output of another configuration, version or profile")]
    OtherConfiguration(PathBuf),
    /// The folder holds no output of recto.
    #[error("{0}: no output of recto (run.json is missing)")]
    NotOutput(PathBuf),
    /// A name in a ledger or manifest leads out of the folder.
    #[error("{0}: the name leads out of the folder")]
    Escape(String),
    /// Output pages were edited by hand since recto wrote them.
    #[error("{0}: edited since recto wrote it ({1} such files)")]
    Edited(PathBuf, usize),
    /// A file with other content stands where an original would go.
    #[error("{0}: a file with other content is there already")]
    Exists(PathBuf),
    /// A ledger cannot be used.
    #[error("{path}: {source}")]
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        source: LedgerError,
    },
    /// `run.json` cannot be used.
    #[error("{path}: {what}")]
    Run {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| StoreError::Io { path, source }
    }
}

/// Where things stand in an output folder.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The layout below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// `run.json`.
    pub fn run(&self) -> PathBuf {
        self.root.join("run.json")
    }
    /// Checksums of the outputs.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("manifest-sha256.txt")
    }
    /// Checksums of the originals.
    pub fn originals(&self) -> PathBuf {
        self.root.join("originals-sha256.txt")
    }
    /// The learned profile.
    pub fn profile(&self) -> PathBuf {
        self.root.join(".recto").join("profile.json")
    }
    /// The folder of ledgers.
    pub fn ledgers(&self) -> PathBuf {
        self.root.join("ledger")
    }
    /// A cleaned page.
    ///
    /// # Errors
    /// [`StoreError::Escape`] for a name that leads out of the folder.
    pub fn text(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.root.join("text").join(inside(name)?))
    }
    /// The ledger of the issue that begins with page `name`.
    ///
    /// # Errors
    /// [`StoreError::Escape`] for a name that leads out of the folder.
    pub fn ledger(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.ledgers().join(inside(&format!("{name}.jsonl"))?))
    }
    /// What the debris stage took out of a page.
    ///
    /// # Errors
    /// [`StoreError::Escape`] for a name that leads out of the folder.
    pub fn dropped(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.root.join("dropped").join(inside(name)?))
    }
}

/// A relative name whose parts are all plain.
pub(super) fn inside(name: &str) -> Result<&Path, StoreError> {
    let path = Path::new(name);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_))) && path.components().next().is_some();
    if plain { Ok(path) } else { Err(StoreError::Escape(name.to_owned())) }
}

/// Refuses a path below `root` that leads through a symbolic link: it could lead onto an original.
fn no_links(root: &Path, path: &Path) -> Result<(), StoreError> {
    let mut at = root.to_path_buf();
    let below = path.strip_prefix(root).unwrap_or(Path::new(""));
    for part in below.parent().into_iter().flat_map(Path::components) {
        at.push(part);
        if std::fs::symlink_metadata(&at).is_ok_and(|m| m.file_type().is_symlink()) {
            return Err(StoreError::Escape(at.display().to_string()));
        }
    }
    Ok(())
}

/// One line of a manifest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// Name with `/` between its parts.
    pub path: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A line as `sha256sum` writes it: a name with a line end or a backslash is escaped, and a backslash says so in front.
fn manifest_line(e: &ManifestEntry) -> String {
    if e.path.contains(['\n', '\r', '\\']) {
        let name = e.path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        return format!("\\{}  {name}\n", e.sha256);
    }
    format!("{}  {}\n", e.sha256, e.path)
}

/// The lines of a manifest.
///
/// # Errors
/// What the system said, or the first line that is none.
pub(super) fn read_manifest(path: &Path) -> Result<Vec<ManifestEntry>, StoreError> {
    let text = std::fs::read_to_string(path).map_err(StoreError::io(path))?;
    let entry = |line: &str| {
        let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |l| (true, l));
        let (sha256, name) = line.split_once("  ")?;
        let path = if escaped { unescape(name) } else { name.to_owned() };
        (sha256.len() == 64).then(|| ManifestEntry { path, sha256: sha256.to_owned() })
    };
    text.lines()
        .map(|l| {
            entry(l).ok_or_else(|| StoreError::Run { path: path.to_owned(), what: format!("no checksum line: {l}") })
        })
        .collect()
}

fn unescape(name: &str) -> String {
    let (mut out, mut chars) = (String::new(), name.chars());
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}

/// An output folder that is being written.
#[derive(Clone, Debug)]
pub struct Output {
    layout: Layout,
}

impl Output {
    /// Opens `root` for writing, making it where needed. `fits` judges the `run.json` that stands there.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] for a folder with other things in it, [`StoreError::OtherConfiguration`] where `fits`
    /// says no, or what the system said.
    pub fn open(root: &Path, fresh: bool, fits: impl FnOnce(&str) -> bool) -> Result<Self, StoreError> {
        let layout = Layout::new(root);
        std::fs::create_dir_all(root).map_err(StoreError::io(root))?;
        match std::fs::read_to_string(layout.run()) {
            Ok(run) if !fresh && !fits(&run) => return Err(StoreError::OtherConfiguration(root.to_owned())),
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut entries = std::fs::read_dir(root).map_err(StoreError::io(root))?;
                let ours = layout.root.join(".recto").is_dir();
                if !ours && entries.next().is_some() {
                    return Err(StoreError::Foreign(root.to_owned()));
                }
            }
            Err(e) => return Err(StoreError::Io { path: layout.run(), source: e }),
        }
        let own = root.join(".recto");
        std::fs::create_dir_all(&own).map_err(StoreError::io(own))?;
        Ok(Self { layout })
    }

    /// Where things stand.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Writes a cleaned issue: pages, what was dropped, ledger. Gives the manifest lines of what was written.
    ///
    /// # Errors
    /// What the system said, with the file.
    pub fn write_issue(&self, cleaned: &Cleaned) -> Result<Vec<ManifestEntry>, StoreError> {
        let mut entries = Vec::new();
        let root = self.layout.root().to_owned();
        let mut put = |area: &str, name: &str, path: &Path, bytes: &[u8]| {
            no_links(&root, path)?;
            write_file(path, bytes)?;
            entries.push(ManifestEntry { path: format!("{area}/{name}"), sha256: hash::sha256_hex(bytes) });
            Ok::<(), StoreError>(())
        };
        // The ledger first: a name that the system refuses then leaves nothing half written.
        if let Some(first) = cleaned.ledger.header.pages.first() {
            let mut bytes = Vec::new();
            let path = self.layout.ledger(&first.path)?;
            cleaned.ledger.write(&mut bytes).map_err(StoreError::io(path.clone()))?;
            put("ledger", &format!("{}.jsonl", first.path), &path, &bytes)?;
        }
        let dropped = dropped_text(cleaned);
        for (n, page) in cleaned.ledger.header.pages.iter().enumerate() {
            put("text", &page.path, &self.layout.text(&page.path)?, cleaned.page(n).as_bytes())?;
            let path = self.layout.dropped(&page.path)?;
            match dropped.get(n).filter(|d| !d.is_empty()) {
                Some(d) => put("dropped", &page.path, &path, d.as_bytes())?,
                None => remove_if_there(&path)?,
            }
        }
        Ok(entries)
    }

    /// Output pages that no longer have the checksum that the manifest gives them.
    pub fn edited(&self) -> Vec<PathBuf> {
        let listed = read_manifest(&self.layout.manifest()).unwrap_or_default();
        let texts = listed.into_iter().filter(|e| e.path.starts_with("text/"));
        texts
            .filter_map(|e| {
                let path = self.layout.root().join(inside(&e.path).ok()?);
                let bytes = std::fs::read(&path).ok()?;
                (hash::sha256_hex(&bytes) != e.sha256).then_some(path)
            })
            .collect()
    }

    /// Writes both manifests in name order, and takes away what an earlier run wrote and this one did not; what belongs
    /// to a page of `failed` stays.
    ///
    /// # Errors
    /// What the system said, with the file.
    pub fn write_manifests(
        &self,
        mut outputs: Vec<ManifestEntry>,
        mut originals: Vec<ManifestEntry>,
        failed: &dyn Fn(&str) -> bool,
    ) -> Result<(), StoreError> {
        let now: HashSet<String> = outputs.iter().map(|e| e.path.clone()).collect();
        for old in read_manifest(&self.layout.manifest()).unwrap_or_default() {
            let page = old.path.split_once('/').map_or("", |(_, name)| name);
            if now.contains(&old.path) {
                continue;
            }
            if failed(page) || failed(page.trim_end_matches(".jsonl")) {
                outputs.push(old);
            } else {
                let path = self.layout.root().join(inside(&old.path)?);
                no_links(self.layout.root(), &path)?;
                remove_if_there(&path)?;
            }
        }
        let kept: HashSet<String> = originals.iter().map(|e| e.path.clone()).collect();
        let old = read_manifest(&self.layout.originals()).unwrap_or_default();
        originals.extend(old.into_iter().filter(|e| !kept.contains(&e.path) && failed(&e.path)));
        for (path, list) in [(self.layout.manifest(), &mut outputs), (self.layout.originals(), &mut originals)] {
            list.sort();
            list.dedup();
            let text: String = list.iter().map(manifest_line).collect();
            write_file(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Writes the manifest of outputs anew with the checksums of these entries; the others stay. Entries of `gone` are
    /// taken out.
    ///
    /// # Errors
    /// What the system said, with the file.
    pub fn update_manifest(&self, entries: Vec<ManifestEntry>, gone: &[String]) -> Result<(), StoreError> {
        let path = self.layout.manifest();
        let now: HashSet<String> = entries.iter().map(|e| e.path.clone()).collect();
        let old = read_manifest(&path)?;
        let mut list: Vec<ManifestEntry> =
            old.into_iter().filter(|e| !now.contains(&e.path) && !gone.contains(&e.path)).chain(entries).collect();
        list.sort();
        let text: String = list.iter().map(manifest_line).collect();
        write_file(&path, text.as_bytes())
    }

    /// Opens an output folder that is there.
    ///
    /// # Errors
    /// [`StoreError::NotOutput`] for a folder without `run.json`.
    pub fn existing(root: &Path) -> Result<Self, StoreError> {
        let layout = Layout::new(root);
        if layout.run().is_file() { Ok(Self { layout }) } else { Err(StoreError::NotOutput(root.to_owned())) }
    }

    /// Writes any other file of the folder, as `run.json`.
    ///
    /// # Errors
    /// What the system said, with the file.
    pub fn write_json(&self, path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec_pretty(value)
            .map_err(|e| StoreError::Run { path: path.to_owned(), what: e.to_string() })?;
        bytes.push(b'\n');
        write_file(path, &bytes)
    }
}

/// Writes under a temporary name in the same folder, then renames: the file is old or new, never half.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(StoreError::io(dir))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".recto-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut tmp = builder.tempfile_in(dir).map_err(StoreError::io(path))?;
    tmp.write_all(bytes).map_err(StoreError::io(path))?;
    tmp.persist(path).map_err(|e| StoreError::Io { path: path.to_owned(), source: e.error })?;
    Ok(())
}

/// Writes a restored original below `dir`. A file that already stands there with the same bytes is left alone.
///
/// # Errors
/// [`StoreError::Escape`] for a name that leads out of the folder, [`StoreError::Exists`] where another file stands
/// there, or what the system said.
pub fn put_original(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let path = dir.join(inside(name)?);
    no_links(dir, &path)?;
    match std::fs::read(&path) {
        Ok(old) if old == bytes => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => write_file(&path, bytes),
        _ => Err(StoreError::Exists(path)),
    }
}

/// Writes the record of a single file. Only a ledger is written over.
///
/// # Errors
/// [`StoreError::Exists`] where something else stands there, or what the system said.
pub fn put_ledger(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let is_ledger = |old: &[u8]| {
        let first = old.split(|&b| b == b'\n').next().unwrap_or(b"");
        std::str::from_utf8(first).is_ok_and(|l| crate::ledger::read_header(l).is_ok())
    };
    match std::fs::read(path) {
        Ok(old) if !old.is_empty() && !is_ledger(&old) => Err(StoreError::Exists(path.to_owned())),
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Io { path: path.to_owned(), source: e }),
        _ => write_file(path, bytes),
    }
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Io { path: path.to_owned(), source: e }),
        _ => Ok(()),
    }
}

/// What the debris stage took out, page by page, by class, readable. Empty where nothing was taken out.
pub fn dropped_text(cleaned: &Cleaned) -> Vec<String> {
    let mut pages = vec![String::new(); cleaned.ledger.header.pages.len()];
    let layers = cleaned.ledger.layers.iter().zip(&cleaned.seams);
    let Some((layer, seams)) = layers.into_iter().find(|(l, _)| l.stage == Stage::Debris) else { return pages };
    let mut lines: Vec<(usize, &str, &str)> = Vec::new();
    for r in layer.records.iter().filter(|r| r.applied()) {
        for place in r.places() {
            let taken = place.iter().zip(&r.parts).filter(|(_, p)| !p.before.trim().is_empty());
            lines.extend(taken.map(|(&at, p)| (at, r.rule.as_ref(), p.before.as_str())));
        }
    }
    lines.sort_unstable();
    for (at, rule, text) in lines {
        let page = seams.partition_point(|&s| s < at);
        if let Some(out) = pages.get_mut(page) {
            for l in text.split(['\n', SEAM]).filter(|l| !l.trim().is_empty()) {
                let _ = writeln!(out, "{rule}\t{l}");
            }
        }
    }
    pages
}
