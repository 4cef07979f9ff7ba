//! Pages of one byte a character: WHATWG's and the DOS code pages. It must never map a byte that the page leaves open.

use super::Plain;
use encoding_rs::Encoding;
use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use oem_cp::code_table_type::TableType;

/// A page.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::source) enum Single {
    /// One of WHATWG's.
    Web(&'static Encoding),
    /// A DOS code page by its number.
    Oem(u16),
}

/// The characters of the bytes 0x80 to 0xFF; None where the page leaves one open.
pub(in crate::source) type High = [Option<char>; 128];

impl Single {
    /// The code page of that number in decimal digits. 866 and 874 are WHATWG's.
    pub(in crate::source) fn oem(number: &str) -> Option<Single> {
        let n: u16 = number.parse().ok()?;
        match n {
            866 => Some(Single::Web(encoding_rs::IBM866)),
            874 => Some(Single::Web(encoding_rs::WINDOWS_874)),
            _ => DECODING_TABLE_CP_MAP.get(&n).map(|_| Single::Oem(n)),
        }
    }

    /// WHATWG's name in lower case or `cp` with the number.
    pub(in crate::source) fn name(self) -> String {
        match self {
            Single::Web(e) => e.name().to_ascii_lowercase(),
            Single::Oem(n) => format!("cp{n}"),
        }
    }

    /// The upper half of the page.
    pub(in crate::source) fn high(self) -> High {
        let mut high = [None; 128];
        for (i, slot) in (0x80..=0xFF_u8).zip(high.iter_mut()) {
            *slot = match self {
                Single::Web(e) => {
                    let byte = [i];
                    let (text, bad) = e.decode_without_bom_handling(&byte);
                    if bad { None } else { text.chars().next() }
                }
                Single::Oem(n) => match DECODING_TABLE_CP_MAP.get(&n) {
                    Some(TableType::Complete(t)) => t.get(usize::from(i - 0x80)).copied(),
                    Some(TableType::Incomplete(t)) => t.get(usize::from(i - 0x80)).copied().flatten(),
                    None => None,
                },
            };
        }
        // A page that maps two bytes to one character would not come back: the later byte counts as open.
        for i in 1..high.len() {
            if high[..i].contains(&high[i]) {
                high[i] = None;
            }
        }
        high
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Plain {
        let high = self.high();
        let mut out = Plain { text: String::with_capacity(bytes.len() + bytes.len() / 4), ..Plain::default() };
        let mut rest = bytes;
        while !rest.is_empty() {
            let ascii = Encoding::ascii_valid_up_to(rest);
            let (plain, other) = rest.split_at(ascii);
            out.text.push_str(std::str::from_utf8(plain).unwrap_or_default());
            let Some((&b, tail)) = other.split_first() else { break };
            match high[usize::from(b & 0x7F)] {
                Some(c) => out.text.push(c),
                None => out.reject(&[b]),
            }
            rest = tail;
        }
        out
    }

    pub(super) fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), usize> {
        let high = self.high();
        let mut back: Vec<(char, u8)> = (0x80..=0xFF_u8).zip(high).filter_map(|(b, c)| Some((c?, b))).collect();
        back.sort_unstable();
        for (at, c) in text.char_indices() {
            match u8::try_from(c) {
                Ok(b) if b < 0x80 => out.push(b),
                _ => match back.binary_search_by_key(&c, |p| p.0) {
                    Ok(k) => out.push(back[k].1),
                    Err(_) => return Err(at),
                },
            }
        }
        Ok(())
    }
}
