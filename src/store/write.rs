//! Writing single files: temporary name, then rename. It must never write over what recto did not make.

use super::error::StoreError;
use super::layout::{inside, no_links};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// How temporary names begin and end.
const TMP: (&str, &str) = (".recto-", ".tmp");

/// Removes the temporary files that a killed run left in `dir`. Only for whoever holds the folder's lock.
pub(super) fn sweep(dir: &Path) -> Result<(), StoreError> {
    for e in std::fs::read_dir(dir).map_err(StoreError::io(dir))?.flatten() {
        let name = e.file_name();
        let ours = name.to_str().is_some_and(|n| n.starts_with(TMP.0) && n.ends_with(TMP.1));
        if ours && e.file_type().is_ok_and(|t| t.is_file()) {
            remove_if_there(&e.path())?;
        }
    }
    Ok(())
}

/// Writes under a temporary name in the same folder, then renames: the file is old or new, never half.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_stream(path, |out| out.write_all(bytes).map_err(StoreError::io(path)))?.put(path)
}

/// A file that waits under a temporary name.
pub(super) struct Waiting(tempfile::NamedTempFile);

impl Waiting {
    /// Renames it.
    pub(super) fn put(self, path: &Path) -> Result<(), StoreError> {
        self.0.persist(path).map_err(|e| StoreError::Io { path: path.to_owned(), source: e.error })?;
        Ok(())
    }
    /// Reads it from its beginning.
    pub(super) fn read(&self) -> std::io::Result<std::fs::File> {
        self.0.reopen()
    }
}

/// Writes a file that is to stand at `path` under a temporary name, piece by piece.
pub(super) fn write_stream(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), StoreError>,
) -> Result<Waiting, StoreError> {
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(StoreError::io(dir))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TMP.0).suffix(TMP.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let tmp = builder.tempfile_in(dir).map_err(StoreError::io(path))?;
    let mut out = std::io::BufWriter::new(tmp);
    write(&mut out)?;
    let tmp = out.into_inner().map_err(|e| StoreError::Io { path: path.to_owned(), source: e.into_error() })?;
    Ok(Waiting(tmp))
}

/// One sync for many files that were renamed: their contents and names are on the disk afterwards.
pub(super) fn sync_all(root: &Path, files: &[std::path::PathBuf]) -> Result<(), StoreError> {
    #[cfg(target_os = "linux")]
    {
        let _ = files;
        let dir = std::fs::File::open(root).map_err(StoreError::io(root))?;
        rustix::fs::syncfs(&dir).map_err(|e| StoreError::Io { path: root.to_owned(), source: e.into() })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = root;
        for f in files {
            let file = std::fs::OpenOptions::new().write(true).open(f).map_err(StoreError::io(f))?;
            file.sync_all().map_err(StoreError::io(f))?;
        }
        Ok(())
    }
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
        Err(e) if e.kind() == ErrorKind::NotFound => write_file(&path, bytes),
        _ => Err(StoreError::Exists(path)),
    }
}

/// Writes the record of a single file. Only a ledger is written over.
///
/// # Errors
/// [`StoreError::Exists`] where something else stands there, [`StoreError::Folder`] for a folder, or what the system said.
pub fn put_ledger(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let is_ledger = |old: &[u8]| {
        let first = old.split(|&b| b == b'\n').next().unwrap_or(b"");
        std::str::from_utf8(first).is_ok_and(|l| crate::ledger::read_header(l).is_ok())
    };
    match std::fs::read(path) {
        Err(e) if e.kind() == ErrorKind::IsADirectory => Err(StoreError::Folder(path.to_owned())),
        Ok(old) if !old.is_empty() && !is_ledger(&old) => Err(StoreError::Exists(path.to_owned())),
        Err(e) if e.kind() != ErrorKind::NotFound => Err(StoreError::Io { path: path.to_owned(), source: e }),
        _ => write_file(path, bytes),
    }
}

/// How much of a file's beginning tells its kind: a report, sheet or export begins as every other one of its kind.
const KIND_BYTES: usize = 100;

/// Writes a report or an export. Only one of the same kind is written over, and with `over` only.
///
/// # Errors
/// [`StoreError::Exists`] where something else stands there, [`StoreError::Folder`] for a folder, or what the system said.
pub fn put_report(path: &Path, bytes: &[u8], over: bool) -> Result<(), StoreError> {
    let kind = |b: &[u8]| b.get(..KIND_BYTES.min(b.len())).map(<[u8]>::to_vec);
    match std::fs::read(path) {
        Err(e) if e.kind() == ErrorKind::IsADirectory => Err(StoreError::Folder(path.to_owned())),
        Ok(old) if !old.is_empty() && (!over || kind(&old) != kind(bytes)) => Err(StoreError::Exists(path.to_owned())),
        Err(e) if e.kind() != ErrorKind::NotFound => Err(StoreError::Io { path: path.to_owned(), source: e }),
        _ => write_file(path, bytes),
    }
}

pub(super) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(StoreError::Io { path: path.to_owned(), source: e }),
        _ => Ok(()),
    }
}
