//! Zip archives, read in place. Their directory is untrusted: names must stay inside, sizes are limited while they are
//! read, and an archive that would unpack to far more than any text does is refused.

use super::file::fits_in_memory;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How many times its packed size an archive or an entry may have. Text packs to a third or a tenth of its size, empty
/// tables to a fiftieth; deflate itself can do a thousandth.
const MOST_EXPANSION: u64 = 200;

/// Below this many bytes nobody is harmed.
const ALWAYS_ALLOWED: u64 = 1 << 20;

/// Entries of one archive.
const MOST_ENTRIES: usize = 500_000;

/// A zip archive that is open for reading.
pub struct Archive {
    path: PathBuf,
    zip: Mutex<zip::ZipArchive<File>>,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What an archive holds: text entries with their names, and what cannot be used, with the reason.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) entries: Vec<(String, usize)>,
    pub(super) failures: Vec<(String, String)>,
}

impl Archive {
    /// Opens an archive and lists the entries that `wanted` wants.
    pub(super) fn open(path: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<(Self, Listing)> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut zip = zip::ZipArchive::new(file).map_err(said)?;
        let refused = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
        if zip.len() > MOST_ENTRIES {
            return Err(refused(format!("{} entries, at most {MOST_ENTRIES} are read", zip.len())));
        }
        let (mut list, mut seen, mut total) = (Listing::default(), HashSet::new(), 0u64);
        for n in 0..zip.len() {
            let entry = zip.by_index_raw(n).map_err(said)?;
            total = total.saturating_add(entry.size());
            let Some(name) = name_of(entry.name_raw().strip_prefix(b"./").unwrap_or(entry.name_raw())) else {
                let shown = String::from_utf8_lossy(entry.name_raw()).into_owned();
                list.failures.push((shown, "the entry's name is neither UTF-8 nor GB18030".into()));
                continue;
            };
            if entry.is_dir() || !wanted(&name) {
                continue;
            }
            let plain = super::layout::inside(&name).is_ok() && !name.contains('\\');
            if !plain || entry.is_symlink() {
                list.failures.push((name, "the entry leads out of the archive".into()));
            } else if entry.encrypted() {
                list.failures.push((name, "the entry is encrypted; unpack the archive first".into()));
            } else if expands_too_far(entry.size(), entry.compressed_size()) {
                list.failures.push((name, bomb(entry.size())));
            } else if !seen.insert(name.clone()) {
                list.failures.push((name, "the archive holds two entries of this name".into()));
            } else {
                list.entries.push((name, n));
            }
        }
        if expands_too_far(total, size) {
            return Err(refused(bomb(total)));
        }
        if let Some(all) = entries(path, size, zip.comment().len())
            && all > zip.len()
        {
            let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let what =
                format!("{} more entries than names: of those of one name only the last is read", all - zip.len());
            list.failures.push((shown, what));
        }
        Ok((Self { path: path.to_owned(), zip: Mutex::new(zip) }, list))
    }

    /// The bytes of entry `n`. What the directory says about its size is not believed.
    pub(super) fn read(&self, n: usize) -> io::Result<Vec<u8>> {
        let mut zip = self.zip.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = zip.by_index(n).map_err(said)?;
        fits_in_memory(entry.size())?;
        let packed = entry.compressed_size();
        let most = ALWAYS_ALLOWED.max(packed.saturating_mul(MOST_EXPANSION)).min(super::file::LARGEST_PAGE);
        let mut bytes = Vec::new();
        entry.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::new(io::ErrorKind::InvalidData, bomb(most)));
        }
        Ok(bytes)
    }
}

/// The number of entries that the end of the archive tells. The library keeps one of a name and does not say so. None where
/// the number stands elsewhere, as it does from 65,535 on.
fn entries(path: &Path, size: u64, comment: usize) -> Option<usize> {
    /// Length of the end record without its comment, and where the number stands in it.
    const END: (u64, u64) = (22, 10);
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(size.checked_sub(END.0 + comment as u64)? + END.1)).ok()?;
    let mut number = [0; 2];
    file.read_exact(&mut number).ok()?;
    Some(usize::from(u16::from_le_bytes(number))).filter(|&n| n < usize::from(u16::MAX))
}

fn expands_too_far(size: u64, packed: u64) -> bool {
    size > ALWAYS_ALLOWED && size / MOST_EXPANSION > packed
}

fn bomb(size: u64) -> String {
    format!("would unpack to more than {MOST_EXPANSION} times its size ({} MB or more): not read", size >> 20)
}

fn said(e: zip::result::ZipError) -> io::Error {
    match e {
        zip::result::ZipError::Io(e) => e,
        other => io::Error::new(io::ErrorKind::InvalidData, other.to_string()),
    }
}

/// The name of an entry. Chinese Windows writes names in GB18030 without saying so.
fn name_of(raw: &[u8]) -> Option<String> {
    if let Ok(s) = std::str::from_utf8(raw) {
        return Some(s.to_owned());
    }
    encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(raw).map(std::borrow::Cow::into_owned)
}
