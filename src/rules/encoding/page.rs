//! The one-byte pages in which text is commonly misread, from character back to byte, and the quick signs of misreading.
//!
//! It must never judge: it says which bytes a character would have been.

use encoding_rs::Encoding;
use oem_cp::code_table::{DECODING_TABLE_CP437, DECODING_TABLE_CP850};
use std::sync::LazyLock;

/// A page, read backwards.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) name: &'static str,
    /// Place among [`PAGES`].
    number: usize,
    /// Sorted by character.
    back: Vec<(char, u8)>,
}

/// How many there are.
const COUNT: usize = 12;

/// All pages, the likeliest first: where two explain a text alike, the first one counts.
pub(super) static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    use encoding_rs as e;
    let web = [
        ("windows-1252", e::WINDOWS_1252),
        ("windows-1251", e::WINDOWS_1251),
        ("windows-1250", e::WINDOWS_1250),
        ("macintosh", e::MACINTOSH),
        ("windows-1257", e::WINDOWS_1257),
        ("iso-8859-2", e::ISO_8859_2),
        ("windows-1254", e::WINDOWS_1254),
        ("windows-1253", e::WINDOWS_1253),
        ("koi8-r", e::KOI8_R),
        ("ibm866", e::IBM866),
    ];
    let mut pages: Vec<Page> = web.into_iter().map(|(name, encoding)| Page::web(name, encoding)).collect();
    pages.push(Page::new("cp437", (0x80..=0xFF).zip(DECODING_TABLE_CP437).collect()));
    pages.push(Page::new("cp850", (0x80..=0xFF).zip(DECODING_TABLE_CP850).collect()));
    pages.iter_mut().enumerate().for_each(|(n, page)| page.number = n);
    pages
});

impl Page {
    fn new(name: &'static str, table: Vec<(u8, char)>) -> Page {
        let mut back: Vec<(char, u8)> = table.into_iter().map(|(b, c)| (c, b)).collect();
        back.sort_unstable();
        back.dedup_by_key(|p| p.0);
        Page { name, number: 0, back }
    }

    fn web(name: &'static str, encoding: &'static Encoding) -> Page {
        let mut table: Vec<(u8, char)> = Vec::with_capacity(160);
        for b in 0x80..=0xFF_u8 {
            if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&[b]) {
                table.extend(text.chars().map(|c| (b, c)));
            }
        }
        // Latin-1 is windows-1252 with controls, and careless readers keep the controls in the other pages too.
        if !matches!(name, "macintosh" | "koi8-r" | "ibm866") {
            table.extend((0x80..=0x9F_u8).map(|b| (b, char::from(b))));
        }
        table.sort_unstable_by_key(|(b, c)| (*c, *b));
        Page::new(name, table)
    }

    /// The byte that this page shows as `c`; of ASCII, itself.
    #[inline]
    pub(super) fn byte(&self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return u8::try_from(c).ok();
        }
        match BYTES.get(c as usize) {
            Some(row) => row.get(self.number).copied().filter(|b| *b != 0),
            None => self.back.binary_search_by_key(&c, |p| p.0).ok().map(|n| self.back[n].1),
        }
    }
}

/// Characters from here on are in no page of [`PAGES`] (but for a handful of ligatures and a logo in Mac Roman).
pub(super) const END: u32 = 0x2600;

/// For each character below [`END`] its byte in each of [`PAGES`], 0 where it has none.
static BYTES: LazyLock<Vec<[u8; COUNT]>> = LazyLock::new(|| {
    let mut rows = vec![[0; COUNT]; END as usize];
    for (n, page) in PAGES.iter().enumerate() {
        for (c, b) in &page.back {
            if let Some(slot) = rows.get_mut(*c as usize).and_then(|row| row.get_mut(n)) {
                *slot = *b;
            }
        }
    }
    rows
});

/// For each character below [`END`], a bit for each page in which it is a lead byte of UTF-8, and one for each in which
/// it is a continuation byte.
static SIGNS: LazyLock<Vec<(u16, u16)>> = LazyLock::new(|| {
    let mut signs = vec![(0, 0); END as usize];
    for (n, page) in PAGES.iter().enumerate() {
        for (c, b) in &page.back {
            if let Some(slot) = signs.get_mut(*c as usize) {
                match b {
                    0xC2..=0xF4 => slot.0 |= 1 << n,
                    0x80..=0xBF => slot.1 |= 1 << n,
                    _ => {}
                }
            }
        }
    }
    signs
});

/// The pages in which `c` is a lead byte of UTF-8 and those in which it is a continuation byte, as bits.
#[inline]
pub(super) fn signs(c: char) -> (u16, u16) {
    SIGNS.get(c as usize).copied().unwrap_or((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_1_and_windows_1252_are_one_page() {
        let page = &PAGES[0];
        assert_eq!((page.byte('é'), page.byte('€'), page.byte('\u{80}')), (Some(0xE9), Some(0x80), Some(0x80)));
        assert_eq!(page.byte('中'), None);
    }

    #[test]
    fn every_page_has_a_column() {
        assert_eq!(PAGES.len(), COUNT);
        for page in PAGES.iter() {
            assert!(page.back.iter().all(|(c, b)| page.byte(*c) == Some(*b)), "{}", page.name);
        }
    }

    #[test]
    fn signs_know_lead_and_continuation() {
        assert!(signs('Ã').0 & 1 == 1 && signs('©').1 & 1 == 1);
        assert_eq!(signs('中'), (0, 0));
    }
}
