//! Folding of characters to what the Han tables are keyed by: simplified, full-width marks, one digit, one letter.
//!
//! For questions to tables only. It must never be used to change a text.

use crate::text::lists;
use std::sync::LazyLock;

/// Traditional characters and the simplified ones they are counted under.
const VARIANTS: &str = include_str!("../../dictionaries/zh-variants.tsv");

/// First and last character that the list of variants may name.
const FIRST: usize = 0x3400;
const LAST: usize = 0xFAFF;

/// Simplified forms by traditional code point, from `FIRST` on; 0 where a character stands for itself. An array, because
/// it is asked for every character of a text. Built on first use (about 3,900 lines, well under a millisecond).
static SIMPLE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![0u16; LAST - FIRST + 1];
    for (a, b) in lists::rows(VARIANTS).filter_map(|l| l.split_once('\t')) {
        if let (Some(a), Some(b)) = (a.chars().next(), b.chars().next())
            && let Some(slot) = (a as usize).checked_sub(FIRST).and_then(|i| table.get_mut(i))
        {
            *slot = u16::try_from(b as u32).unwrap_or(0);
        }
    }
    table
});

/// Start of a paragraph.
pub const PARA_START: char = '\u{2}';
/// End of a paragraph.
pub const PARA_END: char = '\u{3}';
/// End of a headline.
pub const HEAD_END: char = '\u{4}';
/// Start of a headline.
pub const HEAD_START: char = '\u{5}';

/// Before two characters of the clause that opens a paragraph.
pub const OPENS_PARA: char = '\u{6}';
/// Before two characters of the clause that opens a sentence inside a paragraph.
pub const OPENS_SENTENCE: char = '\u{7}';

/// The simplified form of a character, or itself.
pub fn simplified(c: char) -> char {
    match (c as usize).checked_sub(FIRST).and_then(|i| SIMPLE.get(i)) {
        Some(&s) if s != 0 => char::from_u32(u32::from(s)).unwrap_or(c),
        _ => c,
    }
}

/// What a character is counted under.
pub fn fold(c: char) -> char {
    match c {
        '0'..='9' | '０'..='９' => '0',
        'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => 'a',
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        '?' => '？',
        '(' => '（',
        ')' => '）',
        '「' | '『' | '"' => '“',
        '」' | '』' => '”',
        '\u{3000}' => ' ',
        c if (c as u32) > 0xFFFF => '\u{FFFD}',
        c => simplified(c),
    }
}

/// A key for a Latin word, letters in lower case, all hyphens alike.
pub fn word_key(word: &str) -> u64 {
    let mut buf = [0u8; 4];
    let mut hash = 0xCBF2_9CE4_8422_2325u64;
    for c in word.chars().flat_map(char::to_lowercase) {
        let c = if c == '\u{2010}' { '-' } else { c };
        for b in c.encode_utf8(&mut buf).bytes() {
            hash = (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_script_width_and_digits() {
        let s: String = "電力,７月(a)𠀀".chars().map(fold).collect();
        assert_eq!(s, "电力，0月（a）\u{FFFD}");
    }
}
