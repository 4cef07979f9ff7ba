//! How common a character is in Chinese, Japanese and Korean newspapers, from `dictionaries/cjk-frequency.tsv`.

use crate::text::lists;
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

/// The table covers U+3000 to U+FFFF.
const FIRST: u32 = 0x3000;

/// Costs by code point from [`FIRST`] on; all 0 for what belongs to none of the languages.
static COSTS: LazyLock<Vec<[u8; 4]>> = LazyLock::new(|| {
    let mut costs = vec![[0; 4]; 0x1_0000 - FIRST as usize];
    for line in lists::rows(TABLE) {
        let Some((c, marks)) = line.split_once('\t') else { continue };
        let at = c.chars().next().and_then(|c| u32::from(c).checked_sub(FIRST)).map(|n| n as usize);
        let Some(slot) = at.and_then(|n| costs.get_mut(n)) else { continue };
        for (s, m) in slot.iter_mut().zip(marks.chars()) {
            *s = m.to_digit(36).and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
        }
    }
    for (code, slot) in (FIRST..).zip(&mut costs) {
        let Some(unseen) = char::from_u32(code).and_then(unseen) else { continue };
        // What one language lacks but another has costs a little less than what nobody has seen.
        let best = slot.iter().copied().filter(|n| *n > 0).min();
        let lacking = best.map_or(unseen, |b| unseen.min(b.saturating_add(14)).max(26));
        *slot = slot.map(|n| if n == 0 { lacking } else { n });
    }
    costs
});

/// What a character costs that is not in the table; None where it belongs to none of the languages.
const fn unseen(c: char) -> Option<u8> {
    Some(match c {
        // Rare ideographs; those outside the main block are rarer still.
        '\u{4E00}'..='\u{9FFF}' => 38,
        '\u{AC00}'..='\u{D7A3}' => 36,
        '\u{FF65}'..='\u{FF9F}' => 36,
        '\u{3041}'..='\u{30FF}' => 30,
        '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}' => 28,
        '\u{3100}'..='\u{33FF}' | '\u{FE30}'..='\u{FE4F}' => 40,
        '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '\u{1100}'..='\u{11FF}' => 46,
        _ => return None,
    })
}

/// The costs of U+4E00 to U+9FFF, for loops over running text.
pub fn han_costs() -> &'static [[u8; 4]] {
    COSTS.get(0x4E00 - FIRST as usize..0xA000 - FIRST as usize).unwrap_or_default()
}

/// What the character costs in the four languages, in half bits; None where it belongs to none of them.
#[inline]
pub fn cjk_cost(c: char) -> Option<[u8; 4]> {
    let code = u32::from(c);
    match COSTS.get(code.wrapping_sub(FIRST) as usize) {
        Some([0, ..]) => None,
        Some(costs) => Some(*costs),
        None => unseen(c).map(|n| [n; 4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_sorted_unique_and_well_formed() {
        let rows: Vec<_> = lists::rows(TABLE).collect();
        assert!(
            TABLE.lines().any(|l| l.starts_with("# licence: ")) && TABLE.lines().any(|l| l.starts_with("# source: "))
        );
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
