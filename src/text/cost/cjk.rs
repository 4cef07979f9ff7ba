//! How common a character is in Chinese, Japanese and Korean newspapers, from `dictionaries/cjk-frequency.tsv`.

use crate::text::script::{is_han, is_hangul, is_kana};
use std::sync::LazyLock;

/// The languages of the table, in its order.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CjkLanguage {
    /// Simplified Chinese.
    Simplified,
    /// Traditional Chinese.
    Traditional,
    /// Japanese.
    Japanese,
    /// Korean.
    Korean,
}

impl CjkLanguage {
    /// All of them.
    pub const ALL: [CjkLanguage; 4] =
        [CjkLanguage::Simplified, CjkLanguage::Traditional, CjkLanguage::Japanese, CjkLanguage::Korean];
}

static TABLE: &str = include_str!("../../../dictionaries/cjk-frequency.tsv");

/// The table covers U+3000 to U+FFFF; 0 where a character is not in it.
const FIRST: u32 = 0x3000;

static COSTS: LazyLock<Vec<[u8; 4]>> = LazyLock::new(|| {
    let mut costs = vec![[0; 4]; 0x1_0000 - FIRST as usize];
    for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
        let Some((c, marks)) = line.split_once('\t') else { continue };
        let at = c.chars().next().and_then(|c| u32::from(c).checked_sub(FIRST)).map(|n| n as usize);
        let Some(slot) = at.and_then(|n| costs.get_mut(n)) else { continue };
        for (s, m) in slot.iter_mut().zip(marks.chars()) {
            *s = m.to_digit(36).and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
        }
    }
    costs
});

/// What the character costs in the four languages, in half bits; None where it belongs to none of them.
pub fn cjk_cost(c: char) -> Option<[u8; 4]> {
    let code = u32::from(c);
    let known = code.checked_sub(FIRST).and_then(|n| COSTS.get(n as usize)).copied().unwrap_or([0; 4]);
    let unseen = if is_han(c) {
        // Rare ideographs; those outside the main block are rarer still.
        if matches!(code, 0x4E00..=0x9FFF) { 38 } else { 46 }
    } else if is_hangul(c) {
        if matches!(code, 0xAC00..=0xD7A3) { 30 } else { 44 }
    } else if is_kana(c) {
        if code >= 0xFF00 { 36 } else { 30 }
    } else if matches!(code, 0x3000..=0x303F | 0xFF00..=0xFFEF) {
        28
    } else if matches!(code, 0x3040..=0x33FF | 0xFE30..=0xFE4F) {
        40
    } else {
        return None;
    };
    // What one language lacks but another has costs a little less than what nobody has seen.
    let best = known.iter().copied().filter(|n| *n > 0).min();
    Some(known.map(|n| match (n, best) {
        (0, Some(best)) => unseen.min(best.saturating_add(14)).max(26),
        (0, None) => unseen,
        (n, _) => n,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_sorted_unique_and_well_formed() {
        let rows: Vec<_> = TABLE.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(TABLE.lines().any(|l| l.starts_with("# licence: ")) && TABLE.lines().any(|l| l.starts_with("# source: ")));
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "sorted and unique");
        for row in &rows {
            let (c, marks) = row.split_once('\t').expect("two columns");
            assert_eq!((c.chars().count(), marks.len()), (1, 4), "{row}");
            assert!(marks.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase()), "{row}");
        }
        assert!(unicode_normalization::is_nfc(TABLE));
    }

    #[test]
    fn common_characters_are_cheap_in_their_language() {
        let cost = |c, l: CjkLanguage| cjk_cost(c).expect("cjk")[l as usize];
        assert!(cost('国', CjkLanguage::Simplified) < cost('国', CjkLanguage::Traditional));
        assert!(cost('國', CjkLanguage::Traditional) < cost('國', CjkLanguage::Simplified));
        assert!(cost('の', CjkLanguage::Japanese) < cost('の', CjkLanguage::Simplified));
        assert!(cost('다', CjkLanguage::Korean) < cost('다', CjkLanguage::Japanese));
        assert_eq!(cjk_cost('é'), None);
    }
}
