//! One input file as it is read: a plain file, or an entry of a zip archive. It must never be opened for writing.

use crate::hash::Hasher;
use crate::source::STREAMED;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
#[cfg(feature = "archives")]
use std::sync::Arc;

/// The largest file that is cleaned as one page, in bytes. A page is held in memory with its edits, at about ten times
/// its size (measured on pages of 10 and 100 MB), so a larger one says so at once instead of running out of memory.
pub const LARGEST_PAGE: u64 = 256 << 20;

/// Where a page's bytes come from.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// An entry of a zip archive.
    #[cfg(feature = "archives")]
    Entry(Arc<super::archive::Archive>, usize),
}

/// A file that a run reads.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its name relative to the root, `/` between its parts.
    pub name: String,
    /// Where it is.
    pub place: Place,
}

/// What a file is read as.
#[derive(Debug)]
pub enum Contents {
    /// All its bytes.
    Bytes(Vec<u8>),
    /// A file so large that it is better decoded while it is read.
    Large(File),
}

impl InputFile {
    /// All its bytes.
    ///
    /// # Errors
    /// What the system said; a file that is too large for one page, or none at all.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        match &self.place {
            Place::File(path) => open(path).and_then(read_all),
            #[cfg(feature = "archives")]
            Place::Entry(archive, n) => archive.read(*n),
        }
    }

    /// Its bytes, or the open file where it is large.
    ///
    /// # Errors
    /// As [`InputFile::read`].
    pub fn contents(&self) -> io::Result<Contents> {
        match &self.place {
            Place::File(path) => match open(path)? {
                (file, len) if len >= STREAMED => Ok(Contents::Large(file)),
                small => read_all(small).map(Contents::Bytes),
            },
            #[cfg(feature = "archives")]
            Place::Entry(archive, n) => archive.read(*n).map(Contents::Bytes),
        }
    }

    /// Whether it still has that SHA-256: the file is read again from the start.
    ///
    /// # Errors
    /// What the system said.
    pub fn still_has(&self, sha256: &str) -> io::Result<bool> {
        match &self.place {
            Place::File(path) => {
                let mut file = File::open(path)?;
                let mut hasher = Hasher::default();
                io::copy(&mut file, &mut hasher)?;
                Ok(hasher.hex() == sha256)
            }
            // An archive is open since it was listed; its entries carry checksums of their own.
            #[cfg(feature = "archives")]
            Place::Entry(..) => Ok(true),
        }
    }
}

/// A plain file that fits in memory, with its length in bytes.
fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file"));
    }
    fits_in_memory(meta.len())?;
    Ok((file, meta.len()))
}

fn read_all((file, len): (File, u64)) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    // A file may grow while it is read.
    file.take(LARGEST_PAGE + 1).read_to_end(&mut bytes)?;
    fits_in_memory(bytes.len() as u64)?;
    Ok(bytes)
}

/// Refuses what is too large for one page, with what to do about it.
///
/// # Errors
/// The refusal.
pub fn fits_in_memory(bytes: u64) -> io::Result<()> {
    if bytes <= LARGEST_PAGE {
        return Ok(());
    }
    let what = format!(
        "{} MB in one page, at most {} MB are cleaned as one; split it into pages or issues (csplit, split -C 100m), \
         or give it as JSON lines, which are streamed",
        bytes >> 20,
        LARGEST_PAGE >> 20
    );
    Err(io::Error::new(io::ErrorKind::FileTooLarge, what))
}
