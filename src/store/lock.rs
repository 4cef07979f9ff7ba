//! One writer at a time. The system's own lock is held while the run lives and falls with it, however it ends, so there
//! is no stale lock to recognise; the text in the file only names who holds it.

use super::error::StoreError;
use super::layout::Layout;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The lock of an output folder, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// None where the file system knows no locks.
    file: Option<File>,
}

impl Lock {
    /// Takes the lock for `holder`.
    ///
    /// # Errors
    /// [`StoreError::Locked`] with the name of the holder, or what the system said.
    pub(super) fn take(layout: &Layout, holder: &str) -> Result<Self, StoreError> {
        Self::at(&layout.lock(), layout, holder)
    }

    fn at(path: &Path, layout: &Layout, holder: &str) -> Result<Self, StoreError> {
        let io = |source| StoreError::Io { path: path.to_owned(), source };
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0).map_err(io)?;
                file.write_all(holder.as_bytes()).map_err(io)?;
                Ok(Self { file: Some(file) })
            }
            Err(TryLockError::WouldBlock) => {
                let mut name = String::new();
                let _ = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut name));
                let holder = if name.is_empty() { "another run of recto".to_owned() } else { name };
                Err(StoreError::Locked { path: layout.root().to_owned(), holder })
            }
            Err(TryLockError::Error(e)) if e.kind() == std::io::ErrorKind::Unsupported => Ok(Self { file: None }),
            Err(TryLockError::Error(e)) => Err(io(e)),
        }
    }
}

/// A reviewer's seat at an output folder: of two sittings under one name only the first may write.
#[derive(Debug)]
pub struct Seat {
    _lock: Lock,
}

impl Seat {
    /// Takes the seat of `reviewer` for `holder`.
    ///
    /// # Errors
    /// [`StoreError::Locked`] with the name of the holder, or what the system said.
    pub fn take(layout: &Layout, reviewer: Option<&str>, holder: &str) -> Result<Self, StoreError> {
        let name = crate::hash::sha256_hex(reviewer.unwrap_or("").as_bytes());
        let path = layout.own().join(format!("review-{}.lock", &name[..12]));
        Ok(Self { _lock: Lock::at(&path, layout, holder)? })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(f) = &self.file {
            let _ = f.set_len(0);
            let _ = f.unlock();
        }
    }
}
