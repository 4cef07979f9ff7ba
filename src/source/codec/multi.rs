//! The multi-byte encodings GB18030, Big5 with HKSCS, Shift_JIS (CP932), EUC-JP and EUC-KR (CP949).
//!
//! `encoding_rs` decodes; encoding back uses tables counted from its decoder, so that every character it can yield has
//! bytes, and every byte sequence that is not its character's own (an alias) is known ahead and kept raw. It must never
//! encode a whole file again to see whether it comes back: that would cost twenty times the decoding.

use super::Plain;
use crate::text::Span;
use encoding_rs::{DecoderResult, Encoding};
use memchr::memmem;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A multi-byte encoding.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::source) enum Multi {
    Gb18030,
    Big5,
    ShiftJis,
    EucJp,
    EucKr,
}

/// Marks of JIS X 0208 that browsers read as CP932's look-alikes; in EUC-JP they are 〜, ‖ and −. All take three bytes in
/// UTF-8, so that places in the text stay.
const WEB_MARKS: [char; 3] = ['～', '∥', '－'];

/// Byte sequences of GB18030 that decode to a character with other bytes of its own, as the bytes of a big-endian
/// number. A test counts them again over all sequences.
const GB18030_ALIASES: [u32; 20] = [
    0x80,
    0xA3A0,
    0x8235_9037,
    0x8235_9038,
    0x8235_9039,
    0x8235_9130,
    0x8235_9131,
    0x8235_9132,
    0x8235_9133,
    0x8235_9134,
    0x8431_8236,
    0x8431_8237,
    0x8431_8238,
    0x8431_8239,
    0x8431_8330,
    0x8431_8331,
    0x8431_8332,
    0x8431_8333,
    0x8431_8334,
    0x8431_8335,
];

impl Multi {
    pub(in crate::source) const ALL: [Multi; 5] =
        [Multi::Gb18030, Multi::Big5, Multi::ShiftJis, Multi::EucJp, Multi::EucKr];

    pub(in crate::source) const fn encoding(self) -> &'static Encoding {
        match self {
            Multi::Gb18030 => encoding_rs::GB18030,
            Multi::Big5 => encoding_rs::BIG5,
            Multi::ShiftJis => encoding_rs::SHIFT_JIS,
            Multi::EucJp => encoding_rs::EUC_JP,
            Multi::EucKr => encoding_rs::EUC_KR,
        }
    }

    /// True where all of `bytes` are valid, to the last one. Keeps no text.
    pub(in crate::source) fn accepts(self, bytes: &[u8]) -> bool {
        let mut decoder = self.encoding().new_decoder_without_bom_handling();
        let (mut buffer, mut at) = ([0; 4096], 0);
        loop {
            let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut buffer, true);
            at += read;
            match result {
                DecoderResult::InputEmpty => return true,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return false,
            }
        }
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Plain {
        let mut decoder = self.encoding().new_decoder_without_bom_handling();
        let mut out = Plain { text: String::with_capacity(bytes.len() * 3 / 2 + 16), ..Plain::default() };
        // `at` bytes are read, of which those from `from` on, with their text from `text_from` on, are not yet looked
        // through for aliases.
        let (mut at, mut from, mut text_from) = (0, 0, 0);
        loop {
            let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut out.text, true);
            at += read;
            match result {
                DecoderResult::InputEmpty => {
                    self.keep_aliases(&bytes[from..], text_from, &mut out);
                    if self == Multi::EucJp && out.text.contains(WEB_MARKS) {
                        out.text =
                            out.text.replace(WEB_MARKS[0], "〜").replace(WEB_MARKS[1], "‖").replace(WEB_MARKS[2], "−");
                    }
                    return out;
                }
                DecoderResult::OutputFull => out.text.reserve((bytes.len() - at) * 2 + 16),
                DecoderResult::Malformed(len, after) => {
                    let end = at - usize::from(after);
                    let start = end - usize::from(len);
                    self.keep_aliases(&bytes[from..start], text_from, &mut out);
                    out.reject(&bytes[start..end]);
                    (from, text_from) = (end, out.text.len());
                }
            }
        }
    }

    /// Keeps as raw the aliases among `bytes`, whose text stands at the end of `out` from `text_at` on.
    fn keep_aliases(self, bytes: &[u8], mut text_at: usize, out: &mut Plain) {
        if !self.may_hold_alias(bytes) {
            return;
        }
        // Block by block, each to the end of a line: no sequence holds a line end, so the text has as many.
        let mut at = 0;
        while at < bytes.len() {
            let far = bytes.get(at + BLOCK..).and_then(|rest| memchr::memchr(b'\n', rest));
            let end = far.map_or(bytes.len(), |n| at + BLOCK + n + 1);
            let block = &bytes[at..end];
            let next = if end == bytes.len() {
                out.text.len()
            } else {
                let lines = memchr::memchr_iter(b'\n', block).count();
                let text = &out.text.as_bytes()[text_at..];
                text_at + memchr::memchr_iter(b'\n', text).nth(lines.saturating_sub(1)).map_or(text.len(), |n| n + 1)
            };
            if self.may_hold_alias(block) {
                self.keep_aliases_of(block, text_at, out);
            }
            (at, text_at) = (end, next);
        }
    }

    fn keep_aliases_of(self, bytes: &[u8], mut text_at: usize, out: &mut Plain) {
        let mut at = 0;
        while at < bytes.len() {
            let ascii = Encoding::ascii_valid_up_to(&bytes[at..]);
            (at, text_at) = (at + ascii, text_at + ascii);
            let Some(here) = bytes.get(at..).filter(|b| !b.is_empty()) else { return };
            let seq = &here[..self.sequence_len(here)];
            let chars = if self == Multi::Big5 && is_big5_pair(seq) { 2 } else { 1 };
            let len = out.text[text_at..].chars().take(chars).map(char::len_utf8).sum::<usize>();
            if self.is_alias(seq) {
                super::super::raw::push(&mut out.raw, Span::new(text_at, text_at + len), seq);
            }
            (at, text_at) = (at + seq.len(), text_at + len);
        }
    }

    /// Quick test: false where `bytes` surely hold no alias.
    fn may_hold_alias(self, bytes: &[u8]) -> bool {
        match self {
            // All aliases of GB18030 hold one of these; in running text they hardly occur.
            Multi::Gb18030 => gb18030_may_alias(bytes),
            Multi::EucKr => false,
            _ => Encoding::ascii_valid_up_to(bytes) < bytes.len(),
        }
    }

    /// Length of the sequence at the start of well-formed, non-empty bytes.
    fn sequence_len(self, bytes: &[u8]) -> usize {
        let (lead, next) = (bytes[0], bytes.get(1).copied().unwrap_or(0));
        let len = match self {
            _ if lead < 0x80 => 1,
            Multi::Gb18030 if lead == 0x80 => 1,
            Multi::Gb18030 if next.is_ascii_digit() => 4,
            Multi::ShiftJis if lead == 0x80 || matches!(lead, 0xA1..=0xDF) => 1,
            Multi::EucJp if lead == 0x8F => 3,
            _ => 2,
        };
        len.min(bytes.len())
    }

    fn is_alias(self, seq: &[u8]) -> bool {
        let number = number(seq);
        match self {
            Multi::Gb18030 => GB18030_ALIASES.binary_search(&number).is_ok(),
            Multi::EucKr => false,
            _ => self.table().is_some_and(|t| t.aliases.binary_search(&number).is_ok()),
        }
    }

    pub(super) fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), usize> {
        let table = self.table();
        out.reserve(text.len());
        for (at, c) in text.char_indices() {
            if c.is_ascii() {
                out.extend(u8::try_from(c));
            } else if let Some(seq) = table.and_then(|t| t.get(c)) {
                let bytes = seq.to_be_bytes();
                let skip = bytes.iter().take_while(|b| **b == 0).count();
                out.extend_from_slice(&bytes[skip..]);
            } else {
                let mut buffer = [0; 4];
                let (bytes, _, bad) = self.encoding().encode(c.encode_utf8(&mut buffer));
                if bad {
                    return Err(at);
                }
                out.extend_from_slice(&bytes);
            }
        }
        Ok(())
    }

    /// The bytes of a character, if it has any.
    pub(super) fn table(self) -> Option<&'static Table> {
        static GB18030: LazyLock<Table> = LazyLock::new(|| Table::count(Multi::Gb18030));
        static BIG5: LazyLock<Table> = LazyLock::new(|| Table::count(Multi::Big5));
        static SHIFT_JIS: LazyLock<Table> = LazyLock::new(|| Table::count(Multi::ShiftJis));
        static EUC_JP: LazyLock<Table> = LazyLock::new(|| Table::count(Multi::EucJp));
        static EUC_KR: LazyLock<Table> = LazyLock::new(|| Table::count(Multi::EucKr));
        Some(match self {
            Multi::Gb18030 => &GB18030,
            Multi::Big5 => &BIG5,
            Multi::ShiftJis => &SHIFT_JIS,
            Multi::EucJp => &EUC_JP,
            Multi::EucKr => &EUC_KR,
        })
    }
}

/// Looks for 0x80, A3 A0, 82 35 and 84 31 by blocks that stay in the cache.
fn gb18030_may_alias(bytes: &[u8]) -> bool {
    let block = |b: &[u8]| {
        memchr::memchr3(0x80, 0x82, 0x84, b).is_some() && {
            memchr::memchr(0x80, b).is_some()
                || memmem::find(b, b"\x82\x35").is_some()
                || memmem::find(b, b"\x84\x31").is_some()
        } || (memchr::memchr(0xA0, b).is_some() && memmem::find(b, b"\xA3\xA0").is_some())
    };
    (0..bytes.len()).step_by(BLOCK).any(|at| block(&bytes[at..bytes.len().min(at + BLOCK + 1)]))
}

/// Bytes looked through at a time.
const BLOCK: usize = 16 * 1024;

/// The bytes as a big-endian number.
fn number(seq: &[u8]) -> u32 {
    seq.iter().fold(0, |n, b| n << 8 | u32::from(*b))
}

/// The four sequences of Big5 that decode to a letter and a combining mark.
fn is_big5_pair(seq: &[u8]) -> bool {
    matches!(seq, [0x88, 0x62 | 0x64 | 0xA3 | 0xA5])
}

/// Characters to bytes, counted from the decoder: sequences of one to three bytes.
#[derive(Debug)]
pub(super) struct Table {
    /// By code point of the Basic Multilingual Plane; 0 for none.
    basic: Vec<u32>,
    astral: HashMap<char, u32>,
    /// Sequences whose character has other bytes of its own, sorted.
    aliases: Vec<u32>,
}

impl Table {
    fn count(multi: Multi) -> Table {
        let mut table = Table { basic: vec![0; 0x1_0000], astral: HashMap::new(), aliases: Vec::new() };
        let encoding = multi.encoding();
        for lead in 0x80..=0xFF_u8 {
            table.add(encoding, &[lead]);
            for trail in 0x30..=0xFF_u8 {
                if multi.sequence_len(&[lead, trail, 0, 0]) == 2 {
                    table.add(encoding, &[lead, trail]);
                } else if multi == Multi::EucJp && lead == 0x8F {
                    (0xA1..=0xFE_u8).for_each(|third| table.add(encoding, &[lead, trail, third]));
                }
            }
        }
        table.aliases.sort_unstable();
        table
    }

    fn add(&mut self, encoding: &'static Encoding, seq: &[u8]) {
        let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(seq) else { return };
        let mut chars = text.chars();
        let (Some(c), next) = (chars.next(), chars.next()) else { return };
        let c = match c {
            '～' if encoding == encoding_rs::EUC_JP => '〜',
            '∥' if encoding == encoding_rs::EUC_JP => '‖',
            '－' if encoding == encoding_rs::EUC_JP => '−',
            c => c,
        };
        let new = number(seq);
        if next.is_some() {
            self.aliases.push(new);
            return;
        }
        let slot = match self.basic.get_mut(c as usize) {
            Some(slot) => slot,
            None => self.astral.entry(c).or_default(),
        };
        if *slot == 0 {
            *slot = new;
            return;
        }
        // Two sequences for one character: the one that everybody writes keeps it.
        let (own, _, bad) = encoding.encode(&text);
        let mut alias = new;
        if !bad && number(&own) == new {
            std::mem::swap(slot, &mut alias);
        }
        self.aliases.push(alias);
    }

    pub(super) fn get(&self, c: char) -> Option<u32> {
        match self.basic.get(c as usize) {
            Some(n) => Some(*n).filter(|n| *n != 0),
            None => self.astral.get(&c).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_aliases_of_gb18030_are_all_there_are() {
        let mut found = Vec::new();
        let mut look = |seq: &[u8]| {
            if let Some(text) = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(seq)
                && text.chars().count() == 1
                && *encoding_rs::GB18030.encode(&text).0 != *seq
            {
                found.push(number(seq));
            }
        };
        for a in 0x80..=0xFF_u8 {
            look(&[a]);
            for b in 0x30..=0xFF_u8 {
                look(&[a, b]);
                for c in 0x81..=0xFE_u8 {
                    if b <= 0x39 {
                        (0x30..=0x39_u8).for_each(|d| look(&[a, b, c, d]));
                    }
                }
            }
        }
        found.sort_unstable();
        assert_eq!(found, GB18030_ALIASES);
    }

    #[test]
    fn every_sequence_comes_back() {
        for multi in Multi::ALL {
            for a in 0x80..=0xFF_u8 {
                for b in 0..=0xFF_u8 {
                    let mut seqs = vec![vec![a, b], vec![b'x', a, b, b'\n', a]];
                    if a == 0x8F {
                        seqs.extend((0xA0..=0xFF).map(|c| vec![a, b, c]));
                    }
                    for bytes in seqs {
                        let plain = multi.decode(&bytes);
                        let mut back = Vec::new();
                        let mut from = 0;
                        for piece in &plain.raw {
                            multi.encode(&plain.text[from..piece.span.start()], &mut back).expect("encodes");
                            back.extend_from_slice(&piece.bytes);
                            from = piece.span.end();
                        }
                        multi.encode(&plain.text[from..], &mut back).expect("encodes");
                        assert_eq!(back, bytes, "{multi:?}");
                    }
                }
            }
        }
    }
}
