//! `Original`: one input file as a run holds it, with its SHA-256. It must never hold a large file's bytes beside its text.

use crate::hash::{self, Hasher};
use crate::pipeline::DecodedPage;
use crate::source::{Decoded, Hint, decode, decode_stream};
use crate::store::{InputFile, fits_in_memory};
use std::io;

/// A file that was read.
pub(super) struct Original {
    /// SHA-256 of its bytes.
    pub(super) sum: String,
    /// Its length in bytes.
    len: usize,
    /// What there is of it.
    held: Held,
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
    match large(file, hint, &mut |_| {})? {
        Some(decoded) => Ok(decoded),
        None => Ok(decode(&file.read()?, hint)),
    }
}

/// A large file, decoded while it is read; `seen` has its bytes. None where it must be had whole, and is to be seen anew.
fn large(file: &InputFile, hint: &Hint<'_>, seen: &mut dyn FnMut(&[u8])) -> io::Result<Option<Decoded>> {
    let Some(mut open) = file.open_large()? else { return Ok(None) };
    let (mut text, mut len) = (String::new(), 0);
    let decoding = decode_stream(&mut open, hint, &mut |bytes, piece| {
        seen(bytes);
        text.push_str(piece);
        // It may have grown since it was opened.
        len += bytes.len() as u64;
        fits_in_memory(len)
    })?;
    Ok(decoding.map(|decoding| Decoded { text, decoding }))
}

impl Original {
    /// Reads a file.
    ///
    /// # Errors
    /// What the system said; a file that is too large for one page, or none at all.
    pub(super) fn read(file: &InputFile, hint: &Hint<'_>) -> io::Result<Original> {
        let (mut sum, mut len) = (Hasher::default(), 0);
        let decoded = large(file, hint, &mut |bytes| {
            sum.update(bytes);
            len += bytes.len();
        })?;
        if let Some(decoded) = decoded {
            return Ok(Original { sum: sum.hex(), len, held: Held::Text(decoded) });
        }
        let bytes = file.read()?;
        Ok(Original { sum: hash::sha256_hex(&bytes), len: bytes.len(), held: Held::Bytes(bytes) })
    }

    /// The page that it is. What was held of it is gone then.
    pub(super) fn page(&mut self, name: &str, hint: &Hint<'_>) -> DecodedPage {
        let decoded = match std::mem::replace(&mut self.held, Held::Bytes(Vec::new())) {
            Held::Bytes(bytes) => decode(&bytes, hint),
            Held::Text(decoded) => decoded,
        };
        DecodedPage { name: name.to_owned(), sha256: self.sum.clone(), bytes: self.len, decoded }
    }
}
