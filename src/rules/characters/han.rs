//! Radicals and compatibility ideographs that stand for ordinary Han characters.
//!
//! It must never fold variants that Unicode keeps apart (simplified and traditional, 戶 and 户).

use super::scan::Scan;
use crate::rule::{Confidence, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::lists;
use crate::text::{Span, Splice, script};
use std::sync::LazyLock;
use unicode_normalization::char::{decompose_canonical, decompose_compatible};

/// Kangxi radicals and the radicals supplement.
pub(super) static RADICAL_AS_CHARACTER: Rule = Rule {
    id: "radical-as-character",
    name_zh: "部首代替汉字",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A character of the blocks of radicals (⼀ U+2F00, ⻓ U+2ED3) that looks like a Han character and stands among Han \
          characters. Programs that read PDF files write them; no search for the word finds them. Alone, where a dictionary \
          might mean the radical, the change is only likely.",
    examples: &[
        Example { before: "⼈⺠日报", after: "人民日报" },
        Example { before: "市⻓出席会议", after: "市长出席会议" },
    ],
    leaves_alone: &["人民日报", "市长出席会议", "丶丿乛"],
    flag: false,
};

/// F900..FAD9 and 2F800..2FA1D.
pub(super) static COMPATIBILITY_IDEOGRAPH: Rule = Rule {
    id: "compatibility-ideograph",
    name_zh: "兼容汉字",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A compatibility ideograph, which Unicode declares to be the same character as an ordinary one. Those that came from \
          a Korean table or from Big5 are plain doubles; the others may show an older shape, so a diplomatic copy keeps them.",
    examples: &[
        Example { before: "\u{F98E}度", after: "年度" },
        Example { before: "明治\u{FA19}宮", after: "明治神宮" },
    ],
    leaves_alone: &["明治神宮", "\u{FA11}市", "年度"],
    flag: false,
};

/// Up to here the block holds doubles by reading (KS X 1001) and by mistake (Big5), drawn the same.
const LAST_PLAIN_DOUBLE: char = '\u{FA0D}';

/// Radicals of the supplement with their characters, in order.
static SUPPLEMENT: LazyLock<Vec<(char, char)>> =
    LazyLock::new(|| rows(include_str!("../../../dictionaries/cjk-radicals.tsv")).collect());

fn rows(table: &str) -> impl Iterator<Item = (char, char)> + '_ {
    lists::rows(table).filter_map(|l| {
        let (radical, character) = l.split_once('\t')?;
        Some((radical.chars().next()?, character.chars().next()?))
    })
}

/// A compatibility ideograph that has a canonical equivalent.
pub(super) fn is_compatibility(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAD9}' | '\u{2F800}'..='\u{2FA1D}')
}

/// The ordinary character for `c`, if there is one.
fn ordinary(c: char) -> Option<char> {
    let mut first = None;
    let mut keep = |d| first = first.or(Some(d));
    match c {
        '\u{2E80}'..='\u{2EFF}' => {
            let i = SUPPLEMENT.binary_search_by_key(&c, |r| r.0).ok()?;
            first = Some(SUPPLEMENT[i].1);
        }
        '\u{2F00}'..='\u{2FD5}' => decompose_compatible(c, &mut keep),
        _ => decompose_canonical(c, &mut keep),
    }
    first.filter(|&d| d != c)
}

/// A radical or compatibility ideograph at `i`. Returns where to go on.
pub(super) fn character(scan: &Scan<'_>, i: usize, c: char, out: &mut Findings) -> usize {
    let end = i + c.len_utf8();
    let Some(d) = ordinary(c) else { return end };
    if scan.combines(end) {
        return end;
    }
    let fix = Fix::one(Splice::replace(Span::new(i, end), d.to_string()));
    if is_compatibility(c) {
        let sure = if c <= LAST_PLAIN_DOUBLE { Confidence::Certain } else { Confidence::Likely };
        out.push(Finding::edit(&COMPATIBILITY_IDEOGRAPH, fix).at(sure));
    } else {
        let han = |c: Option<char>| c.is_some_and(|c| script::is_cjk(c) || matches!(c, '\u{2E80}'..='\u{2FD5}'));
        let sure = if han(scan.before(i)) || han(scan.at(end)) { Confidence::Certain } else { Confidence::Likely };
        out.push(Finding::edit(&RADICAL_AS_CHARACTER, fix).at(sure));
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::is_nfc;

    #[test]
    fn the_table_of_radicals_is_in_order() {
        let table = include_str!("../../../dictionaries/cjk-radicals.tsv");
        assert!(table.starts_with("# licence: ") && table.contains("\n# source: "));
        let rows: Vec<_> = rows(table).collect();
        assert!(rows.len() > 100 && rows.len() == lists::rows(table).count());
        assert!(rows.windows(2).all(|w| w[0].0 < w[1].0), "sorted and unique");
        for (radical, character) in rows {
            assert!(matches!(radical, '\u{2E80}'..='\u{2EF3}') && script::is_han(character), "{radical}");
            assert!(is_nfc(&character.to_string()));
        }
    }
}
