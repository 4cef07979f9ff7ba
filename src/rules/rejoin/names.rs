//! Names of the evidence for a break. A name is turned into a number when the program is compiled.
//!
//! It must never weigh anything.

/// Number of a name in [`NAMES`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Name(pub u16);

/// How many kinds of evidence there are.
pub const COUNT: usize = 59;

/// All evidence about a break between a left and a right line (L, R). Widths are in em.
pub const NAMES: [&str; COUNT] = [
    // 1 where the text is set in lines, 0 where a line is a paragraph.
    "lines",
    // How L ends and R starts, by rising likeliness of a paragraph's end (see `END_NAMES`, `START_NAMES`).
    "end-L",
    "start-R",
    // Letters before L's full stop (an abbreviation has few), and 1 where a digit stands there.
    "stop-token",
    "stop-digit",
    // Brackets and quotes: open in L, closed first in R, both.
    "open-bracket",
    "closes-first",
    "bracket-across",
    // Roles, see `ROLE_NAMES`.
    "role-L",
    "role-R",
    // White space before R; lengths in units of 40 em where a line is a paragraph; marks inside.
    "lead",
    "len-L",
    "len-R",
    "R-ends-stop",
    "L-has-marks",
    "R-has-marks",
    "L-has-stop-inside",
    "both-headline-shape",
    // Fill: what is missing to the column's edge in the line before L, in L, R and the line after R.
    "slack-before",
    "slack-L",
    "slack-R",
    "slack-after",
    // Logarithm of the odds: L a short last line against a full one, R an indented first line against a full one.
    "llr-L",
    "llr-R",
    // Slack of L less the word, or the part of it, that did not fit.
    "fit",
    "fit-part",
    "column",
    "width-change",
    "overfull",
    // The line before L ends a sentence, so that L may be a first line.
    "before-ends",
    // Lines and sentences of the paragraph before and behind the break, by the ends that are sure, and how many lines a
    // paragraph of this text has; characters of the two sentences at the break; pairs of characters that both lines
    // have, after a sentence's end.
    "lines-since",
    "lines-until",
    "lines-typical",
    "stops-since",
    "stops-until",
    "sentence-L",
    "sentence-R",
    "echo",
    // Shapes of headlines.
    "inner-space-L",
    "inner-space-R",
    "capitals-L",
    "capitals-R",
    "serial-R",
    "next-dateline",
    "next-caption",
    "script-change",
    // A wide gap or a rule inside: 1 in L, 2 in R, 3 in both.
    "across",
    // Between the two.
    "blanks",
    "blank-odds",
    "page",
    "file",
    // Character model (Chinese): R after L against R at a start; the end of a paragraph or headline after L; both; a
    // sentence inside a paragraph against a paragraph's start, by its first characters and by the words of its first clause.
    "lm-next",
    "lm-end",
    "lm-head-end",
    "lm-all",
    "lm-sentence",
    "opening",
    "pair-unseen",
    // Gain of the reading with a word across the break.
    "word",
];

/// Ways of ending, in the order of the numbers of `end-L`.
pub const END_NAMES: [&str; 12] = [
    "hyphen",
    "opening",
    "comma",
    "letter",
    "digit",
    "other",
    "dash",
    "closing",
    "colon",
    "semicolon",
    "stop",
    "stop-quote",
];

/// Ways of starting, in the order of the numbers of `start-R`.
pub const START_NAMES: [&str; 10] =
    ["lower", "kinsoku", "han", "digit", "other", "ellipsis", "dash", "quote", "bracket", "upper"];

/// Roles, in the order of the numbers of `role-L` and `role-R`.
pub const ROLE_NAMES: [&str; 9] =
    ["body", "dateline", "list", "verse", "table", "caption", "subhead", "byline", "headline"];

/// Number of a name. Only ever asked while compiling, through [`term`]: an unknown name is no program.
pub(super) const fn index(name: &str) -> Name {
    let mut k = 0;
    while k < COUNT {
        if same(NAMES[k].as_bytes(), name.as_bytes()) {
            return Name(k as u16);
        }
        k += 1;
    }
    panic!("no such evidence")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut k = 0;
    while k < a.len() {
        if a[k] != b[k] {
            return false;
        }
        k += 1;
    }
    true
}

/// The name of some evidence, as a number.
macro_rules! term {
    ($name:literal) => {
        const { $crate::rules::rejoin::names::index($name) }
    };
}
pub(super) use term;

/// The value of some evidence in words.
pub fn value_name(name: &str, value: f32) -> String {
    let table: &[&str] = match name {
        "end-L" => &END_NAMES,
        "start-R" => &START_NAMES,
        "role-L" | "role-R" => &ROLE_NAMES,
        _ => &[],
    };
    table.get(value as usize).map_or_else(|| format!("{value:.2}"), |n| (*n).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (k, n) in NAMES.iter().enumerate() {
            assert_eq!(index(n), Name(k as u16), "{n}");
        }
        assert_eq!(value_name("end-L", 2.0), "comma");
        assert_eq!(value_name("slack-L", 1.5), "1.50");
    }
}
