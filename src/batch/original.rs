//! `Original`: one input file as a run holds it, with its SHA-256. It must never hold a large file's bytes beside its text.

use crate::document::issues::Head;
use crate::hash::{self, Hasher};
use crate::pipeline::DecodedPage;
use crate::source::{Decoded, Hint, decode, decode_stream};
use crate::store::{Contents, InputFile, fits_in_memory};
use std::io;

/// A file that was read.
pub(super) struct Original {
    /// SHA-256 of its bytes.
    pub(super) sum: String,
    /// Its length in bytes.
    len: usize,
    /// What there is of it; None where the file is read again when its turn comes.
    held: Option<Held>,
}

/// What tells where the issue of a page ends.
#[derive(Copy, Clone, Debug)]
pub(super) struct Seen {
    /// No decoder accepted it.
    pub(super) damaged: bool,
    /// What its head says.
    pub(super) head: Head,
}

impl Seen {
    pub(super) fn of(page: &Decoded) -> Self {
        Self { damaged: page.decoding.damaged, head: Head::of(&page.text) }
    }
}

/// A page that an earlier run has done is not decoded again; a large one is decoded while it is read.
enum Held {
    Bytes(Vec<u8>),
    Text(Decoded),
}

/// The text of a file that is only looked at.
///
/// # Errors
/// What the system said; a file that is too large for one page, or none at all.
pub(super) fn read_text(file: &InputFile, hint: &Hint<'_>) -> io::Result<Decoded> {
    Ok(match hold(file, hint, &mut |_| {})? {
        Held::Bytes(bytes) => decode(&bytes, hint),
        Held::Text(decoded) => decoded,
    })
}

/// Reads a file; of a large one that is decoded while it is read, `seen` has the bytes. What `seen` was given means nothing
/// where the bytes are held after all.
fn hold(file: &InputFile, hint: &Hint<'_>, seen: &mut dyn FnMut(&[u8])) -> io::Result<Held> {
    let mut large = match file.contents()? {
        Contents::Bytes(bytes) => return Ok(Held::Bytes(bytes)),
        Contents::Large(large) => large,
    };
    let (mut text, mut len) = (String::new(), 0);
    let decoding = decode_stream(&mut large, hint, &mut |bytes, piece| {
        seen(bytes);
        text.push_str(piece);
        // It may have grown since it was opened.
        len += bytes.len() as u64;
        fits_in_memory(len)
    })?;
    match decoding {
        Some(decoding) => Ok(Held::Text(Decoded { text, decoding })),
        None => file.read().map(Held::Bytes),
    }
}

impl Original {
    /// Reads a file.
    ///
    /// # Errors
    /// What the system said; a file that is too large for one page, or none at all.
    pub(super) fn read(file: &InputFile, hint: &Hint<'_>) -> io::Result<Original> {
        let (mut sum, mut len) = (Hasher::default(), 0);
        let held = hold(file, hint, &mut |bytes| {
            sum.update(bytes);
            len += bytes.len();
        })?;
        Ok(match held {
            Held::Bytes(ref bytes) => Original { sum: hash::sha256_hex(bytes), len: bytes.len(), held: Some(held) },
            Held::Text(_) => Original { sum: sum.hex(), len, held: Some(held) },
        })
    }

    /// The page that it is. What was held of it is gone then, and where nothing is held the file is read again.
    ///
    /// # Errors
    /// What the system said; a file that changed since it was read first.
    pub(super) fn page(&mut self, file: &InputFile, hint: &Hint<'_>) -> io::Result<DecodedPage> {
        let held = match self.held.take() {
            Some(held) => held,
            None => self.again(file, hint)?,
        };
        let decoded = match held {
            Held::Bytes(bytes) => decode(&bytes, hint),
            Held::Text(decoded) => decoded,
        };
        Ok(DecodedPage { name: file.name.clone(), sha256: self.sum.clone(), bytes: self.len, decoded })
    }

    /// Holds no more than the checksum.
    pub(super) fn let_go(&mut self) {
        self.held = None;
    }

    fn again(&self, file: &InputFile, hint: &Hint<'_>) -> io::Result<Held> {
        let new = Original::read(file, hint)?;
        let same = if new.sum == self.sum { new.held } else { None };
        same.ok_or_else(|| io::Error::other("changed while it was read"))
    }
}
