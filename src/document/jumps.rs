//! Jump marks: the phrases that send a reader to another page, as a table of expressions, and where a line ends with one.
//!
//! It must never decide what becomes of a mark.

use regex::Regex;
use std::sync::LazyLock;

/// The phrases, as data.
const PHRASES: &str = include_str!("../../dictionaries/jump-lines.tsv");
/// A jump mark stands within this many characters of the end of its line.
const TAIL: usize = 48;
/// Marks that may follow a phrase.
const AFTER: usize = 3;

/// One phrase of the table.
#[derive(Debug)]
pub struct Phrase {
    /// True where it sends on, false where it says whence.
    pub onward: bool,
    /// True for Chinese.
    pub zh: bool,
    /// True where the pattern is loose and holds for whole lines only.
    pub whole: bool,
    /// The pattern.
    pub pattern: Regex,
}

/// All phrases, in the table's order.
pub static PHRASE_LIST: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    PHRASES
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut f = l.split('\t');
            let (to, lang, pattern) = (f.next()?, f.next()?, f.next()?);
            Some(Phrase {
                onward: to.starts_with("to"),
                zh: lang == "zh",
                whole: to.ends_with("-line"),
                pattern: Regex::new(pattern).ok()?,
            })
        })
        .collect()
});

/// The last characters of a line, where a jump mark stands.
pub fn tail_of(text: &str) -> &str {
    text.char_indices().rev().nth(TAIL - 1).map_or(text, |(i, _)| &text[i..])
}

/// True where the tail of a line may hold a Chinese phrase (`Some(true)`), a Latin one (`Some(false)`) or none.
pub fn script_of(tail: &str) -> Option<bool> {
    if tail.contains(['版', '页', '頁', '面', '转', '轉', '接', '张', '片', '板']) {
        return Some(true);
    }
    // Words one of which every Latin jump line holds.
    let keys = ["age", "AGE", "eite", "uite", "fin ", "ontin", "ONTIN", "ortsetz", "chlu", "umn", " p. "];
    keys.iter().any(|k| tail.contains(k)).then_some(false)
}

/// True where a line is a jump mark, or ends with one that something other than a space sets off from the text before.
pub fn ends_with_jump(text: &str) -> bool {
    let tail = tail_of(text);
    let Some(zh) = script_of(tail) else { return false };
    let at = text.len() - tail.len();
    PHRASE_LIST.iter().filter(|p| p.zh == zh && !(p.whole && at > 0)).any(|p| {
        p.pattern.find(tail).is_some_and(|m| {
            let after = &tail[m.end()..];
            let before = text[..at + m.start()].trim_end();
            after.chars().all(|c| !c.is_alphanumeric())
                && after.chars().filter(|c| !c.is_whitespace()).count() <= AFTER
                && before.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jump_marks_at_a_lines_end_are_seen() {
        for yes in [
            "— Continued on Page 4",
            "he met the man — Turn to Page 4",
            "研究决定，（下转第三版）",
            "(Suite de la page 2.)",
        ] {
            assert!(ends_with_jump(yes), "{yes}");
        }
        for no in ["The story was continued on page 7", "he read it, and turned the page", "会议开得很好", ""] {
            assert!(!ends_with_jump(no), "{no}");
        }
    }
}
