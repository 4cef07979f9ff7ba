//! Encodings in seven bits with escapes: ISO-2022-JP, ISO-2022-KR, HZ.
//!
//! They can say the same text in many ways. What is written as its encoder writes it comes back by itself; a line that
//! is not is kept raw, and the whole file where even its lines do not stand alone. It must never drop an escape.

use super::{Multi, Plain};
use crate::text::Span;

/// A seven-bit encoding.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::source) enum Stateful {
    Iso2022Jp,
    Iso2022Kr,
    Hz,
}

/// Announces ISO-2022-KR at the start of a file; taken off as a byte order mark is.
pub(super) const KR_HEADER: &[u8] = b"\x1B$)C";
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

impl Stateful {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Stateful::Iso2022Jp => "iso-2022-jp",
            Stateful::Iso2022Kr => "iso-2022-kr",
            Stateful::Hz => "hz-gb-2312",
        }
    }

    /// The one whose escapes stand in these bytes, all of which must be ASCII.
    pub(in crate::source) fn find(bytes: &[u8]) -> Option<Stateful> {
        let has = |p: &[u8]| memchr::memmem::find(bytes, p).is_some();
        if memchr::memchr(0x1B, bytes).is_some() {
            if has(b"\x1B$)C") && has(&[SHIFT_OUT]) {
                return Some(Stateful::Iso2022Kr);
            }
            return [b"\x1B$B", b"\x1B$@", b"\x1B(J", b"\x1B(I"].iter().any(|e| has(*e)).then_some(Stateful::Iso2022Jp);
        }
        (has(b"~{") && has(b"~}")).then_some(Stateful::Hz)
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Plain {
        let (text, damaged) = self.read(bytes);
        if !damaged && self.comes_back(&text, bytes) {
            return Plain { text, ..Plain::default() };
        }
        self.by_lines(bytes).filter(|p| p.text == text).unwrap_or_else(|| {
            let raw = vec![super::RawPiece { span: Span::new(0, text.len()), bytes: bytes.to_vec() }];
            Plain { text, raw, bad: usize::from(damaged) }
        })
    }

    /// Each line by itself; raw the ones that do not come back.
    fn by_lines(self, bytes: &[u8]) -> Option<Plain> {
        let mut out = Plain::default();
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let (text, damaged) = self.read(line);
            let start = out.text.len();
            out.text.push_str(&text);
            if damaged || !self.comes_back(&text, line) {
                // The line end stays outside, so that a file of one kind of line end still counts as such.
                let end = ["\r\n", "\n"].into_iter().find(|e| text.ends_with(e) && line.ends_with(e.as_bytes()))?;
                let cut = end.len();
                let span = Span::new(start, out.text.len() - cut);
                super::super::raw::push(&mut out.raw, span, &line[..line.len() - cut]);
                out.bad += usize::from(damaged);
            }
        }
        Some(out)
    }

    fn comes_back(self, text: &str, bytes: &[u8]) -> bool {
        let mut back = Vec::with_capacity(bytes.len());
        self.encode(text, &mut back).is_ok() && back == bytes
    }

    /// The text, and whether U+FFFD stands in it for something.
    fn read(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Stateful::Iso2022Jp => {
                let (text, damaged) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes);
                (text.into_owned(), damaged)
            }
            Stateful::Iso2022Kr => {
                let mut eight = Vec::with_capacity(bytes.len());
                let mut out = false;
                for &b in bytes {
                    match b {
                        SHIFT_OUT => out = true,
                        SHIFT_IN => out = false,
                        b'\n' => {
                            out = false;
                            eight.push(b);
                        }
                        _ if out && b > b' ' => eight.push(b | 0x80),
                        _ => eight.push(b),
                    }
                }
                let (text, damaged) = encoding_rs::EUC_KR.decode_without_bom_handling(&eight);
                (text.into_owned(), damaged)
            }
            Stateful::Hz => {
                let mut eight = Vec::with_capacity(bytes.len());
                let (mut out, mut at) = (false, 0);
                while at < bytes.len() {
                    match &bytes[at..] {
                        [b'~', b'{', ..] if !out => out = true,
                        [b'~', b'}', ..] if out => out = false,
                        [b'~', b'~', ..] if !out => eight.push(b'~'),
                        [b'~', b'\n', ..] if !out => {}
                        [a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..] if out => eight.extend([a | 0x80, b | 0x80]),
                        [b, ..] => {
                            out &= *b != b'\n';
                            eight.push(*b);
                            at += 1;
                            continue;
                        }
                        [] => break,
                    }
                    at += 2;
                }
                let (text, damaged) = encoding_rs::GBK.decode_without_bom_handling(&eight);
                (text.into_owned(), damaged)
            }
        }
    }

    pub(super) fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), usize> {
        let multi = match self {
            Stateful::Iso2022Jp => {
                let (bytes, _, bad) = encoding_rs::ISO_2022_JP.encode(text);
                out.extend_from_slice(&bytes);
                return if bad { Err(0) } else { Ok(()) };
            }
            Stateful::Iso2022Kr => Multi::EucKr,
            Stateful::Hz => Multi::Gb18030,
        };
        let (open, close): (&[u8], &[u8]) =
            if self == Stateful::Hz { (b"~{", b"~}") } else { (&[SHIFT_OUT], &[SHIFT_IN]) };
        let mut shifted = false;
        for (at, c) in text.char_indices() {
            let seq = if c.is_ascii() { None } else { Some(multi.table().and_then(|t| t.get(c)).ok_or(at)?) };
            if shifted != seq.is_some() {
                out.extend_from_slice(if shifted { close } else { open });
                shifted = !shifted;
            }
            match seq.map(u32::to_be_bytes) {
                Some([0, 0, a @ 0xA1..=0xFE, b @ 0xA1..=0xFE]) => out.extend([a & 0x7F, b & 0x7F]),
                Some(_) => return Err(at),
                None if c == '~' && self == Stateful::Hz => out.extend_from_slice(b"~~"),
                None => out.extend(u8::try_from(c)),
            }
        }
        if shifted {
            out.extend_from_slice(close);
        }
        Ok(())
    }
}
