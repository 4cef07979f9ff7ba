//! `Reading`: a text as the Han model reads it, so that no place decodes or folds its neighbours again.
//!
//! It must never judge a character.

use crate::language::{Glyph, PairMap};
use crate::text::script::is_han_lead;

/// The characters of a text, folded, and where they stand.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Characters in order.
    pub glyphs: Vec<Glyph>,
    /// Byte at which each begins, and the text's end.
    starts: Vec<u32>,
    /// Characters that are written otherwise than they are counted: the traditional ones among the Han.
    pub traditional: usize,
}

impl Reading {
    /// Reads a text once. Of one too long for its offsets (4 GB) the rest is left out.
    pub fn of(text: &str) -> Self {
        let map = PairMap::embedded();
        let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
        let mut out = Self {
            glyphs: Vec::with_capacity(text.len() / 3 + 1),
            starts: Vec::with_capacity(text.len() / 3 + 2),
            traditional: 0,
        };
        let (bytes, mut at) = (text.as_bytes(), 0);
        while let Some(&lead) = bytes.get(at) {
            let (glyph, width) = match bytes.get(at..at + 3) {
                // Nearly all of what is read, decoded by hand: three bytes of which no check is needed again.
                Some(&[_, b, c]) if is_han_lead(lead) => {
                    let code = u32::from(lead & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
                    let glyph = map.glyph_of(code);
                    out.traditional += usize::from(glyph.folded as u32 != code && glyph.is_han());
                    (glyph, 3)
                }
                _ => {
                    let c = text[at..].chars().next().unwrap_or_default();
                    let glyph = map.glyph(c);
                    out.traditional += usize::from(glyph.folded != c && glyph.is_han());
                    (glyph, c.len_utf8())
                }
            };
            out.glyphs.push(glyph);
            out.starts.push(at as u32);
            at += width;
        }
        out.starts.push(text.len() as u32);
        out
    }

    /// First byte of a character and the one after its last.
    pub fn extent(&self, i: usize) -> (usize, usize) {
        let at = |i: usize| self.starts.get(i).map_or(0, |&s| s as usize);
        (at(i), at(i + 1))
    }

    /// The character at `i` as it stands in the text.
    pub fn written(&self, text: &str, i: usize) -> char {
        text.get(self.extent(i).0..).and_then(|t| t.chars().next()).unwrap_or_default()
    }

    /// The character at `i`, where there is one and it is Han.
    pub fn han(&self, i: usize) -> Option<Glyph> {
        self.glyphs.get(i).copied().filter(|g| g.is_han())
    }
}
