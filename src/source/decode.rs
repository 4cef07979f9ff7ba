//! Bytes to text and the same text to the same bytes. It never fails to decode and must never lose a byte.

use super::codec::Codec;
use super::{Decoded, Decoding, Hint, Newline, RawPiece, detect, newline, parts};

/// Why text could not be turned into bytes: it is not the text that was decoded.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EncodeError {
    /// The encoding's name is none that recto knows.
    #[error("unknown encoding `{0}`")]
    Unknown(String),
    /// A character that the encoding does not hold, at that byte of the text.
    #[error("the character at byte {at} does not exist in {encoding}")]
    Unmappable {
        /// Offset in the text, in bytes.
        at: usize,
        /// Name of the encoding.
        encoding: String,
    },
    /// A raw piece lies outside the text or cuts a character.
    #[error("the raw bytes for byte {at} of the text do not fit it")]
    Misfit {
        /// Offset in the text, in bytes.
        at: usize,
    },
}

/// True where `label` names an encoding that [`decode`] can be told to use.
pub fn known_label(label: &str) -> bool {
    Codec::from_label(label).is_some()
}

/// Decodes a file. Never fails: bytes that no decoder accepts become U+FFFD and are kept.
///
/// [`Decoding::encode`] of the text gives `bytes` again, whatever they are.
pub fn decode(bytes: &[u8], hint: &Hint<'_>) -> Decoded {
    let mut found = detect::detect(bytes, hint);
    let mark = found.codec.bom();
    let bom = !mark.is_empty() && bytes.starts_with(mark);
    let body = if bom { &bytes[mark.len()..] } else { bytes };
    let mut plain = found.codec.decode(body);
    let mut parts = Vec::new();
    let asked = hint.label.is_none() && (plain.bad > 0 || found.doubt.is_some() || parts::changes(body, found.codec));
    // A mark is written back in the encoding of the first part.
    let fits = |s: &parts::Split| !bom || s.parts.first().is_some_and(|p| p.encoding == found.codec.name());
    if asked && let Some(split) = parts::split(body, found.codec).filter(fits) {
        found.why = format!("in {} parts, each the cheapest in its own", split.parts.len());
        (plain, parts, found.codec, found.doubt) = (split.plain, split.parts, split.main, None);
        parts.iter_mut().for_each(|p| p.bytes += bytes.len() - body.len());
    }
    let mut raw = plain.raw;
    let newline = newline::kind(&plain.text, &raw);
    newline::move_parts(&plain.text, newline, &mut parts);
    let text = newline::to_lf(plain.text, newline, &mut raw);
    let decoding = Decoding {
        encoding: found.codec.name(),
        why: found.why,
        doubt: found.doubt,
        bom,
        newline,
        parts,
        raw,
        damaged: plain.bad > 0,
    };
    Decoded { text, decoding }
}

impl Decoding {
    /// The bytes of `text`, which must be the very text that was decoded: then they are the bytes it was decoded from.
    ///
    /// # Errors
    /// Where `text` is another one and does not fit the encoding or the raw pieces.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        let known = |name: &str| Codec::from_label(name).ok_or_else(|| EncodeError::Unknown(name.to_owned()));
        let mut out = Vec::with_capacity(text.len() + 4);
        if self.bom {
            // The mark belongs to the file's first encoding.
            out.extend_from_slice(known(self.parts.first().map_or(&self.encoding, |p| &p.encoding))?.bom());
        }
        if self.parts.is_empty() {
            self.encode_range(known(&self.encoding)?, text, (0, text.len()), &self.raw, &mut out)?;
            return Ok(out);
        }
        let mut from = 0;
        for part in &self.parts {
            let first = self.raw.partition_point(|p| p.span.start() < from);
            let last = self.raw.partition_point(|p| p.span.start() < part.text);
            let raw = self.raw.get(first..last).ok_or(EncodeError::Misfit { at: from })?;
            self.encode_range(known(&part.encoding)?, text, (from, part.text), raw, &mut out)?;
            from = part.text;
        }
        if from == text.len() { Ok(out) } else { Err(EncodeError::Misfit { at: from }) }
    }

    /// Adds the bytes of a stretch of `text`; `raw` are the pieces in it.
    fn encode_range(
        &self,
        codec: Codec,
        text: &str,
        (mut from, end): (usize, usize),
        raw: &[RawPiece],
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        for piece in raw {
            let misfit = EncodeError::Misfit { at: piece.span.start() };
            let plain = text.get(from..piece.span.start()).ok_or(misfit.clone())?;
            text.get(piece.span.range()).ok_or(misfit)?;
            self.encode_part(codec, plain, from, out)?;
            out.extend_from_slice(&piece.bytes);
            from = piece.span.end();
        }
        let plain = text.get(from..end).ok_or(EncodeError::Misfit { at: from })?;
        self.encode_part(codec, plain, from, out)
    }

    fn encode_part(&self, codec: Codec, text: &str, at: usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let result = match self.newline {
            Newline::Lf | Newline::Mixed => codec.encode(text, out),
            Newline::Cr => codec.encode(&text.replace('\n', "\r"), out),
            Newline::Crlf => codec.encode(&text.replace('\n', "\r\n"), out),
        };
        result.map_err(|n| EncodeError::Unmappable { at: at + n, encoding: self.encoding.clone() })
    }
}
