//! Characters without a picture of their own: zero-width ones, soft hyphens, direction marks, controls, tatweel, private use.
//!
//! It must never take out what shapes a script (joiners in Persian, Hindi or emoji) or carries structure (tab, form feed).

use super::scan::Scan;
use crate::rule::{Confidence, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};

/// Zero-width space, joiners, word joiner.
pub(super) static ZERO_WIDTH_CHARACTER: Rule = Rule {
    id: "zero-width-character",
    name_zh: "零宽字符",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A zero-width space, joiner or word joiner between letters, Han characters or marks. It is left over from web pages \
          and word processors, cannot be seen, and breaks search. Where a script needs it (Arabic, Indic and South-East Asian \
          scripts, emoji) it stays.",
    examples: &[
        Example { before: "株洲\u{200B}日报", after: "株洲日报" },
        Example { before: "news\u{200C}paper \u{2060}1921", after: "newspaper 1921" },
    ],
    leaves_alone: &["می\u{200C}خواهم", "क्\u{200D}ष", "👩\u{200D}👧", "ภาษา\u{200B}ไทย", "葛\u{E0100}城"],
    flag: false,
};

/// U+00AD inside a word.
pub(super) static SOFT_HYPHEN: Rule = Rule {
    id: "soft-hyphen",
    name_zh: "词中软连字符",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A soft hyphen between two letters of one line: a place where a word might have been broken but was not. At a line \
          end it is a real hyphen and is left to the stage that joins lines.",
    examples: &[
        Example { before: "news\u{AD}paper", after: "newspaper" },
        Example { before: "Zusammen\u{AD}ar\u{AD}beit", after: "Zusammenarbeit" },
    ],
    leaves_alone: &["news\u{AD}\npaper", "news-paper", "the sign \u{AD} alone"],
    flag: false,
};

/// Marks and overrides of writing direction.
pub(super) static DIRECTION_CONTROL: Rule = Rule {
    id: "direction-control",
    name_zh: "书写方向控制符",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "An invisible mark of writing direction in a text that has no right-to-left letter, where it does nothing. The \
          overrides U+202D and U+202E can turn letters about on the screen, so taking them out is only proposed.",
    examples: &[
        Example { before: "\u{200E}Morning Post\u{202C}", after: "Morning Post" },
        Example { before: "株洲\u{2068}日报\u{2069}", after: "株洲日报" },
    ],
    leaves_alone: &["שלום\u{200E} (abc)", "قال\u{200F}: 12", "Morning Post"],
    flag: false,
};

/// C0 controls and DEL.
pub(super) static CONTROL_CHARACTER: Rule = Rule {
    id: "control-character",
    name_zh: "控制字符",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A control character of ASCII that is no tab, line end or form feed. It has no place in text. Between two letters it \
          may stand for a letter or ligature that an extraction program lost, so there it is only proposed and marked.",
    examples: &[
        Example { before: "第一版\u{1F}。", after: "第一版。" },
        Example { before: "The end.\u{1A}", after: "The end." },
    ],
    leaves_alone: &["a\tb", "page\u{C}page", "line\r\nline"],
    flag: false,
};

/// U+0640 between Arabic letters.
pub(super) static TATWEEL: Rule = Rule {
    id: "tatweel",
    name_zh: "阿拉伯文延长符",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "A tatweel (kashida) between two Arabic letters: a stroke that fills a line in print and is no letter. At the end of \
          a word it may be an abbreviation and stays.",
    examples: &[Example { before: "مـــحمد", after: "محمد" }, Example { before: "كتـاب", after: "كتاب" }],
    leaves_alone: &["1445هـ", "محمد", "ـ"],
    flag: false,
};

/// E000..F8FF and planes 15 and 16.
pub(super) static PRIVATE_USE_CHARACTER: Rule = Rule {
    id: "private-use-character",
    name_zh: "私用区字符",
    stage: Stage::Characters,
    confidence: Confidence::Suggest,
    doc: "A character of Unicode's private-use area. What it showed is known only to the font or the encoding that it came \
          from, so a person must look at the page.",
    examples: &[
        Example { before: "人名\u{E863}某", after: "人名\u{E863}某" },
        Example { before: "see \u{F0B7} item", after: "see \u{F0B7} item" },
    ],
    leaves_alone: &["人名䶮某", "see • item", "𠮷野家"],
    flag: true,
};

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and the presentation forms.
pub(super) const fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Invisible characters that `run` knows. NUL and the controls of Latin-1 belong to the stage before.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{1}'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}')
}

/// A neighbour beside which a joiner or a zero-width space may have work to do: scripts whose letters join or stack,
/// scripts without spaces between words, emoji.
fn shaped(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        matches!(c, '\u{590}'..='\u{109F}' | '\u{1200}'..='\u{1DFF}' | '\u{2190}'..='\u{2BFF}' | '\u{A800}'..='\u{ABFF}'
            | '\u{FB1D}'..='\u{FE0F}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{16FFF}' | '\u{1B000}'..='\u{1FAFF}'
            | '\u{E0000}'..='\u{E0FFF}')
    })
}

/// A run of invisible characters from `i` on, seen against what stands around the run. Returns its end.
pub(super) fn run(scan: &Scan<'_>, i: usize, out: &mut Findings) -> usize {
    let end = i + scan.from(i).take_while(|&c| is_invisible(c)).map(char::len_utf8).sum::<usize>();
    // What combines would combine with something else if they went.
    if scan.combines(end) {
        return end;
    }
    let (before, after) = (scan.before(i), scan.at(end));
    let letters = [scan.seen_before(i), after].iter().all(|c| c.is_some_and(char::is_alphabetic));
    let latin = [before, after].iter().all(|c| c.is_some_and(script::is_latin));
    let joiners_idle = !shaped(before) && !shaped(after);
    let mut at = i;
    for c in scan.from(i).take_while(|&c| is_invisible(c)) {
        let span = Span::new(at, at + c.len_utf8());
        at = span.end();
        let delete = |rule| Finding::edit(rule, Fix::one(Splice::delete(span)));
        let finding = match c {
            '\u{AD}' if letters => delete(&SOFT_HYPHEN),
            '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' if joiners_idle => delete(&ZERO_WIDTH_CHARACTER),
            '\u{202D}' | '\u{202E}' if !scan.has_rtl => delete(&DIRECTION_CONTROL).at(Confidence::Suggest),
            // The end of an override goes or stays with its beginning.
            '\u{202C}' if !scan.has_rtl && overridden(scan, span.start()) => {
                delete(&DIRECTION_CONTROL).at(Confidence::Suggest)
            }
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}'
                if !scan.has_rtl =>
            {
                delete(&DIRECTION_CONTROL)
            }
            '\u{1}'..='\u{1F}' | '\u{7F}' if latin => {
                delete(&CONTROL_CHARACTER).at(Confidence::Suggest).marked("doubtful-word")
            }
            '\u{1}'..='\u{1F}' | '\u{7F}' => delete(&CONTROL_CHARACTER),
            _ => continue,
        };
        out.push(finding);
    }
    end
}

/// How far back the beginning of an override is looked for, in characters.
const OVERRIDE: usize = 1000;

/// True where an override of the direction is open before `at` in its line.
fn overridden(scan: &Scan<'_>, at: usize) -> bool {
    let mut closed = 0_usize;
    for c in scan.text[..at].chars().rev().take(OVERRIDE) {
        match c {
            '\n' => return false,
            '\u{202C}' => closed += 1,
            '\u{202A}' | '\u{202B}' if closed == 0 => return false,
            '\u{202D}' | '\u{202E}' if closed == 0 => return true,
            '\u{202A}'..='\u{202E}' => closed -= 1,
            _ => {}
        }
    }
    false
}

/// Strokes that stretch an Arabic word, from `i` on. Returns their end.
pub(super) fn tatweel(scan: &Scan<'_>, i: usize, out: &mut Findings) -> usize {
    let end = i + scan.from(i).take_while(|&c| c == TATWEEL_CHAR).map(char::len_utf8).sum::<usize>();
    let arabic = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{620}'..='\u{6D3}'));
    if arabic(scan.before(i)) && arabic(scan.at(end)) && !scan.combines(end) {
        out.push(Finding::edit(&TATWEEL, Fix::one(Splice::delete(Span::new(i, end)))));
    }
    end
}

/// The stroke.
pub(super) const TATWEEL_CHAR: char = '\u{640}';

/// A run of private-use characters from `i` on. Returns its end.
pub(super) fn private_use(scan: &Scan<'_>, i: usize, out: &mut Findings) -> usize {
    let private = |c: &char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}');
    let run = || scan.from(i).take_while(private);
    let end = i + run().map(char::len_utf8).sum::<usize>();
    let first = run().next().map_or(0, u32::from);
    let message = match run().count() {
        1 => format!("private-use character U+{first:04X}: look at the page"),
        n => format!("{n} private-use characters from U+{first:04X}: look at the page"),
    };
    out.push(Finding::flag(&PRIVATE_USE_CHARACTER, Span::new(i, end), message));
    end
}
