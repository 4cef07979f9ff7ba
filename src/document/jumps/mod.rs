//! Jump marks: the phrases at a line's end that send a reader to another page, by their shape: words of a list, a page
//! word, a number, however the OCR garbled one of them.
//!
//! It must never decide what becomes of a mark.

mod han;
mod latin;
mod words;

use crate::text::script::{is_closing, is_han, is_letter_or_digit};

/// Marks that may follow a phrase.
const AFTER: usize = 3;
/// Characters at a line's end in which a Chinese phrase stands.
const HAN_TAIL: usize = 22;

/// A jump mark at the end of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Jump {
    /// True where it sends on, false where it says whence.
    pub onward: bool,
    /// True for Chinese.
    pub zh: bool,
    /// Bytes of the line at which the phrase starts and ends.
    pub from: usize,
    /// End of the phrase: only marks follow.
    pub to: usize,
    /// The page that it names, as printed; empty where it names none or none that can be read.
    pub target: String,
    /// True where the words alone make it sure; false where they also stand in sentences, or are garbled.
    pub strong: bool,
    /// True where a word of it was garbled: it holds for lines of their own only.
    pub loose: bool,
}

/// The jump mark at the end of a line, if there is one. Asks nothing of what stands before it.
pub fn find(text: &str) -> Option<Jump> {
    let end = trimmed(text);
    let line = &text[..end];
    let last = line.chars().next_back()?;
    // Cheap questions first: nearly every line of a page ends here.
    if is_han(last) {
        if !words::TABLE.zh_last.contains(&last) {
            return None;
        }
    } else if let Some(j) = latin::find(line) {
        return Some(j);
    }
    let tail = tail(line);
    let verb = |c: char| {
        matches!(
            c,
            '转' | '轉'
                | '接'
                | '续'
                | '續'
                | '見'
                | '见'
                | '看'
                | '承'
                | '按'
                | '援'
                | '传'
                | '傳'
                | '抟'
                | '砖'
                | '完'
                | '前'
                | '昨'
                | '搂'
                | '捿'
        )
    };
    if !tail.contains(verb) {
        return None;
    }
    han::find(line, tail)
}

/// Where the ink of a line ends when the marks that may follow a phrase are taken off.
fn trimmed(text: &str) -> usize {
    let mut end = text.trim_end().len();
    for _ in 0..AFTER {
        let Some(c) = text[..end].chars().next_back() else { break };
        if is_letter_or_digit(c) && !('①'..='⑳').contains(&c) || is_han(c) {
            break;
        }
        end = text[..end - c.len_utf8()].trim_end().len();
    }
    end
}

fn tail(line: &str) -> &str {
    line.char_indices().rev().nth(HAN_TAIL - 1).map_or(line, |(i, _)| &line[i..])
}

/// True where a line is the jump mark that was found in it, or ends with it and something other than a space sets off from the text before.
pub fn sets_off(text: &str, j: &Jump) -> bool {
    let before = text[..j.from].trim_end();
    before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() || is_closing(c))
        && (j.strong || before.trim_start().is_empty() || before.len() < j.from)
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
            assert!(find(yes).is_some_and(|j| sets_off(yes, &j)), "{yes}");
        }
        for no in ["The story was continued on page 7", "he read it, and turned the page", "会议开得很好", ""] {
            assert!(!find(no).is_some_and(|j| sets_off(no, &j)), "{no}");
        }
    }

    #[test]
    fn direction_and_target_are_read_in_every_language() {
        for (text, onward, target) in [
            ("研究决定，（下转第三版）", true, "三"),
            (">>> 上接第6版                    ，", false, "6"),
            ("国 下转A3版", true, "A3"),
            ("( 上:接A3版)", false, "A3"),
            ("下转Al版", true, "A1"),
            ("详见4版", true, "4"),
            ("(Continued from page 1)", false, "1"),
            ("Continued on Page A12", true, "A12"),
            ("From Page3 .", false, "3"),
            ("Contlnued on pago 5", true, "5"),
            ("Concluded on next page", true, "next"),
            ("(Fortsetzung auf Seite 2.)", true, "2"),
            ("Schluß von S. 3", false, "3"),
            ("Fortsetzung von der ersten Seite", false, "ersten"),
            ("(La suite à la page 2.)", true, "2"),
            ("Suite de la première page", false, "première"),
            ("(Fortsetzung folgt.)", true, ""),
            ("(À suivre.)", true, ""),
            ("（未完待续）", true, ""),
        ] {
            let j = find(text);
            let got = j.as_ref().map(|j| (j.onward, j.target.as_str()));
            assert_eq!(got, Some((onward, target)), "{text}");
        }
    }

    #[test]
    fn sentences_are_no_jump_marks() {
        for no in [
            "钢水经过氧气顶吹下转炉",
            "从三版转到四版继续阅读这篇文章",
            "会议上接到了三份报告",
            "He read the first page",
            "A total of 14",
            "Er las die Zeitung auf der letzten Seite",
            "il tourna la page",
            "the meeting of the council on the 14th",
        ] {
            assert_eq!(find(no), None, "{no}");
        }
    }
}
