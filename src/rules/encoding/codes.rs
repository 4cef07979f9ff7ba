//! The codes of East Asia from character back to bytes, by table: a line of doubtful characters is turned back in several
//! of them.
//!
//! It must never judge, and never give other bytes than `encoding_rs` would where that has any.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS};
use std::sync::LazyLock;

/// Stands for a lost byte. It is no byte of UTF-8, and neither a lead nor a trail in the codes of East Asia.
pub(super) const LOST: u8 = 0xFF;

/// An encoding with the bytes of its characters.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) encoding: &'static Encoding,
    /// Bytes of one or two by code point of the basic plane; 0 for none.
    back: Vec<u16>,
}

static CODES: [LazyLock<Code>; 4] = [
    LazyLock::new(|| Code::count(GB18030)),
    LazyLock::new(|| Code::count(BIG5)),
    LazyLock::new(|| Code::count(SHIFT_JIS)),
    LazyLock::new(|| Code::count(EUC_KR)),
];

/// The codes that text is commonly misread in, the likeliest first.
pub(super) fn codes() -> impl Iterator<Item = &'static Code> {
    CODES.iter().map(|c| &**c)
}

impl Code {
    /// Decodes all sequences at once, a line end after each.
    fn count(encoding: &'static Encoding) -> Code {
        let singles = std::iter::once(0x80).chain(0xA1..=0xDF_u8).filter(|_| encoding == SHIFT_JIS).map(u16::from);
        let pairs = (0x81..=0xFE_u16).flat_map(|lead| (0x40..=0xFE).map(move |trail| lead << 8 | trail));
        let all: Vec<u16> = singles.chain(pairs).collect();
        let mut bytes = Vec::with_capacity(all.len() * 3);
        for n in &all {
            push(&mut bytes, *n);
            bytes.push(b'\n');
        }
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        let mut code = Code { encoding, back: vec![0; 0x1_0000] };
        for (n, cell) in all.into_iter().zip(text.split('\n')) {
            let mut chars = cell.chars();
            let (Some(c), None) = (chars.next(), chars.next()) else { continue };
            let Some(slot) = code.back.get_mut(c as usize).filter(|_| !c.is_ascii() && c != '\u{FFFD}') else {
                continue;
            };
            if *slot == 0 {
                *slot = n;
            } else if encoding.encode(cell).0.iter().fold(0, |n, b| n << 8 | u16::from(*b)) == n {
                // Two sequences for one character: the one that everybody writes counts.
                *slot = n;
            }
        }
        // Signs that Shift_JIS writes as others.
        for (c, n) in [('¥', 0x5C), ('‾', 0x7E), ('−', 0x817C)] {
            if let Some(slot) = code.back.get_mut(c as usize).filter(|_| encoding == SHIFT_JIS) {
                *slot = n;
            }
        }
        code
    }

    /// Adds the bytes of a character; false where it has none.
    pub(super) fn add(&self, c: char, bytes: &mut Vec<u8>) -> bool {
        match self.back.get(c as usize) {
            _ if c.is_ascii() => bytes.extend(u8::try_from(c)),
            _ if c == '\u{FFFD}' => bytes.push(LOST),
            // GBK has the euro at 0x80, a byte that UTF-8 is full of; its other place is met only in real text.
            _ if c == '€' && self.encoding == GB18030 => bytes.push(0x80),
            Some(n) if *n != 0 => push(bytes, *n),
            _ if self.encoding != GB18030 => return false,
            // The places of four bytes.
            _ => {
                let mut buffer = [0; 4];
                let (seq, _, bad) = self.encoding.encode(c.encode_utf8(&mut buffer));
                if bad {
                    return false;
                }
                bytes.extend_from_slice(&seq);
            }
        }
        true
    }
}

fn push(bytes: &mut Vec<u8>, n: u16) {
    let [high, low] = n.to_be_bytes();
    if high != 0 {
        bytes.push(high);
    }
    bytes.push(low);
}

/// Rows C6 and C7 from C6A1 on, as the first mapping of Big5 has them.
const OLD_BIG5: &str = "ヾゝゞ々ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽";

/// The bytes of a character in that mapping.
pub(super) fn old_big5(c: char) -> Option<[u8; 2]> {
    if c.is_ascii() || ('\u{3100}'..).contains(&c) {
        return None;
    }
    // A row has 157 places: 0x40 to 0x7E and 0xA1 to 0xFE.
    let place = 63 + OLD_BIG5.chars().position(|o| o == c)?;
    let (row, place) = (0xC6 + u8::try_from(place / 157).ok()?, u8::try_from(place % 157).ok()?);
    Some([row, if place < 63 { 0x40 + place } else { 0xA1 - 63 + place }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_that_the_encoder_gives() {
        for code in codes() {
            for c in ('\u{80}'..='\u{FFEF}').filter(|c| *c != '€') {
                let mut buffer = [0; 4];
                let (seq, _, bad) = code.encoding.encode(c.encode_utf8(&mut buffer));
                let mut bytes = Vec::new();
                // Big5 is decoded with more characters than it is encoded with: those have bytes here.
                if !bad {
                    assert!(code.add(c, &mut bytes), "{c} {}", code.encoding.name());
                    assert_eq!(bytes, *seq, "{c} {}", code.encoding.name());
                }
            }
        }
    }
}
