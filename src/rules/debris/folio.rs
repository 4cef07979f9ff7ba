//! Page numbers: a number on a line of its own, judged by the sequence over the pages of the issue.
//!
//! A year or a price is no page number: the sequence or a mark that sets it off decides. It must never take a Roman
//! numeral for one; MIX and CIVIL are words.

use super::zone::{Candidate, Zone};
use crate::rule::Confidence;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Lines from the edge within which a page number stands.
const DEPTH: usize = 3;
/// Pages that must agree before numbers are a sequence.
const AGREE: usize = 2;

/// The number of a line that holds a page number only, and whether dashes or a word set it off.
pub(super) fn folio_number(text: &str) -> Option<(u32, bool)> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^([-–—~·.•«»*|\[(（【<>=_ ]*)((?i:page|seite|pag\.?|p\.|第) ?)?([A-D]?-?)([0-9]{1,3})( ?(版|页|頁))?([-–—~·.•«»*|\])）】<>=_ ]*)$").ok()
    });
    // Most lines end here: a page number is short and has a digit.
    if text.len() > 40 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let m = FORM.as_ref()?.captures(text)?;
    let dashed = |k: usize| m.get(k).is_some_and(|g| g.as_str().contains(['-', '–', '—', '~', '·', '•', '=']));
    let set_off = (dashed(1) && dashed(7)) || m.get(2).is_some() || m.get(5).is_some();
    Some((m.get(4)?.as_str().parse().ok()?, set_off))
}

/// For each page the number that the sequence of page numbers gives it.
pub(super) fn page_numbers(zones: &[Zone<'_>]) -> Vec<Option<u32>> {
    let mut offsets: BTreeMap<i64, usize> = BTreeMap::new();
    for (p, zone) in zones.iter().enumerate() {
        let near = zone.lines.iter().filter(|c| c.order < DEPTH);
        let mut seen: Vec<i64> = near.filter_map(|c| c.folio).map(|(n, _)| i64::from(n) - p as i64).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.into_iter().for_each(|o| *offsets.entry(o).or_default() += 1);
    }
    let best = offsets.into_iter().filter(|&(_, n)| n >= AGREE).max_by_key(|&(o, n)| (n, -o));
    (0..zones.len()).map(|p| best.and_then(|(o, _)| u32::try_from(o + p as i64).ok())).collect()
}

/// How sure the line is a page number, if it is one.
pub(super) fn folio(c: &Candidate<'_>, expected: Option<u32>) -> Option<Confidence> {
    let (n, set_off) = c.folio?;
    if c.order >= DEPTH || n == 0 {
        return None;
    }
    Some(match (expected == Some(n), set_off) {
        (true, true) => Confidence::Certain,
        (true, false) | (false, true) => Confidence::Likely,
        (false, false) => Confidence::Suggest,
    })
}

/// A page number that the OCR garbled: a dash and a character or two at the very edge, where the other pages have a
/// number between dashes.
pub(super) fn garbled(c: &Candidate<'_>, others: usize) -> bool {
    let dash = |x: char| matches!(x, '-' | '–' | '—');
    others > 0
        && c.order < 2
        && c.ink <= 4
        && c.text.starts_with(dash)
        && (1..=2).contains(&c.text.chars().filter(|x| x.is_alphanumeric()).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pages_are_read_and_words_and_years_are_not() {
        assert_eq!(folio_number("— 3 —"), Some((3, true)));
        assert_eq!(folio_number("第3版"), Some((3, true)));
        assert_eq!(folio_number("12"), Some((12, false)));
        for no in ["1949", "MIX", "CIVIL", "IV", "3月", "12 Uhr", ""] {
            assert_eq!(folio_number(no), None, "{no}");
        }
    }
}
