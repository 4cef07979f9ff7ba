//! Where things stand in an output folder, and which names may lead there.
//!
//! It must never touch a file but to look for links.

use super::error::StoreError;
use crate::hash;
use std::path::{Component, Path, PathBuf};

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
    /// Why there is no `run.json`: the folder is no output, or a run over it has not ended.
    pub fn no_run(&self) -> StoreError {
        let of = if self.marks().is_file() { StoreError::Unfinished } else { StoreError::NotOutput };
        of(self.root.clone())
    }
    /// Checksums of the outputs.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("manifest-sha256.txt")
    }
    /// Checksums of the originals.
    pub fn originals(&self) -> PathBuf {
        self.root.join("originals-sha256.txt")
    }
    /// recto's own folder: marks, lock, profile.
    pub fn own(&self) -> PathBuf {
        self.root.join(".recto")
    }
    /// Completion marks.
    pub fn marks(&self) -> PathBuf {
        self.own().join("marks.jsonl")
    }
    /// Held by the run that writes.
    pub fn lock(&self) -> PathBuf {
        self.own().join("lock")
    }
    /// What the marks were made with.
    pub fn settings(&self) -> PathBuf {
        self.own().join("settings.json")
    }
    /// Files that wait for their rename.
    pub fn waiting(&self) -> PathBuf {
        self.own().join("tmp")
    }
    /// The learned profile.
    pub fn profile(&self) -> PathBuf {
        self.root.join(".recto").join("profile.json")
    }
    /// The copy of a model of own text that the folder was made with, by its SHA-256.
    pub fn model(&self, sha256: &str) -> PathBuf {
        self.own().join("models").join(format!("{sha256}.lm"))
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
        Ok(self.root.join(inside(&ledger_name(name))?))
    }
    /// What the debris stage took out of a page.
    ///
    /// # Errors
    /// [`StoreError::Escape`] for a name that leads out of the folder.
    pub fn dropped(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.root.join("dropped").join(inside(name)?))
    }
}

/// Longest name of a file that every usual file system takes, in bytes.
const LONGEST_NAME: usize = 255;

/// Bytes of a long page name that its ledger's name keeps before the hash.
const KEPT_OF_A_LONG_NAME: usize = 180;

/// The ledger's name below the folder. The name of a page may be as long as the system allows, so that nothing can be
/// put behind it: such a ledger is named by the name's beginning and its hash. Nothing reads a page's name out of it.
pub(super) fn ledger_name(page: &str) -> String {
    let (dir, file) = page.rsplit_once('/').map_or(("", page), |(d, f)| (d, f));
    let file = if file.len() + ".jsonl".len() > LONGEST_NAME {
        let cut = (0..=KEPT_OF_A_LONG_NAME).rev().find(|&n| file.is_char_boundary(n)).unwrap_or(0);
        format!("{}-{}", &file[..cut], &hash::sha256_hex(page.as_bytes())[..16])
    } else {
        file.to_owned()
    };
    let slash = if dir.is_empty() { "" } else { "/" };
    format!("ledger/{dir}{slash}{file}.jsonl")
}

/// A relative name whose parts are all plain.
pub(super) fn inside(name: &str) -> Result<&Path, StoreError> {
    let path = Path::new(name);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_))) && path.components().next().is_some();
    if plain { Ok(path) } else { Err(StoreError::Escape(name.to_owned())) }
}

/// Refuses a path below `root` that leads through a symbolic link: it could lead onto an original.
pub(super) fn no_links(root: &Path, path: &Path) -> Result<(), StoreError> {
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
