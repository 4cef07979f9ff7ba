//! NFC, segment by segment: only where a character can combine, and only from its base to the last mark on it.
//!
//! It must never ask for a compatibility form, nor touch compatibility ideographs, which have a rule of their own.

use super::han;
use super::scan::Scan;
use crate::rule::{Confidence, Example, Findings, Rule, Stage};
use crate::text::Span;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc, is_nfc_quick};

/// Base and combining mark, or a canonical duplicate.
pub(super) static DECOMPOSED_CHARACTER: Rule = Rule {
    id: "decomposed-character",
    name_zh: "字符未合成（NFC）",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A letter and its accent as two characters where Unicode has one, or a duplicate that Unicode declares to be the \
          same character (the ohm sign, the angstrom sign). Search does not find them. The canonical form (NFC) stands for \
          the same letter, so no reader sees a difference.",
    examples: &[
        Example { before: "le cafe\u{301} ferme\u{301}", after: "le café fermé" },
        Example { before: "カ\u{3099}ラス", after: "ガラス" },
        Example { before: "5 \u{2126}, 10 \u{212B}", after: "5 \u{3A9}, 10 \u{C5}" },
    ],
    leaves_alone: &["le café fermé", "ガラス", "x\u{302} ist ein Schätzwert", "北京\u{FA19}社", "½ ㈱ ① ﬁ"],
    flag: false,
};

/// True for a character that may change by canonical composition, alone or with what stands before it.
pub(super) fn may_combine(c: char) -> bool {
    !han::is_compatibility(c)
        && (canonical_combining_class(c) != 0 || is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes)
}

/// Composes the segment around the character at `i`. Returns its end.
pub(super) fn segment(scan: &Scan<'_>, i: usize, done: &mut usize, out: &mut Findings) -> usize {
    let text = scan.text;
    let mut start = i;
    while start > *done {
        let Some(c) = scan.before(start) else { break };
        if han::is_compatibility(c) || matches!(c, '\n' | '\r' | '\u{C}') {
            break;
        }
        start -= c.len_utf8();
        if !may_combine(c) {
            break;
        }
    }
    let end = i + scan.from(i).take_while(|&c| may_combine(c)).map(char::len_utf8).sum::<usize>();
    *done = end;
    let part = &text[start..end];
    if !is_nfc(part) {
        let composed: String = part.nfc().collect();
        // What did not change at either end stays out of the edit.
        let same = part.char_indices().zip(composed.chars()).take_while(|((_, a), b)| a == b).count();
        let skip: usize = part.chars().take(same).map(char::len_utf8).sum();
        out.replace(&DECOMPOSED_CHARACTER, Span::new(start + skip, end), composed[skip..].to_owned());
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn what_may_combine_is_known_per_character() {
        assert!(may_combine('\u{301}') && may_combine('\u{2126}') && may_combine('\u{3099}'));
        assert!(!may_combine('é') && !may_combine('医') && !may_combine('\u{F900}'));
    }

    #[test]
    fn composing_is_a_fixed_point() {
        for s in ["e\u{301}\u{323}", "\u{1100}\u{1161}\u{11A8}", "a\u{340}", "\u{958}"] {
            let once: String = s.nfc().collect();
            assert!(is_nfc(&once), "{s:?}");
        }
    }
}
