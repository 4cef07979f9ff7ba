//! A title's own word list, `recto.words.tsv`: what is right here, what is wrong, and what stands for what.
//!
//! A line is `good<TAB>word`, `bad<TAB>word` or `replace<TAB>wrong<TAB>right`; `#` opens a comment. A person or the
//! review's *always* writes it. It must never decide an edit: rules ask it.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a title says about words. Part of the configuration, so its lines take part in the configuration hash.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TitleWords {
    /// Words that are right here, whatever a lexicon says.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub good: BTreeSet<String>,
    /// Words that are wrong here: worth a proposal, never the result of one.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub bad: BTreeSet<String>,
    /// Wrong word to right word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub replace: BTreeMap<String, String>,
}

/// One line of a word list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WordLine {
    /// A word that is right.
    Good(String),
    /// A word that is wrong.
    Bad(String),
    /// A wrong word and the right one.
    Replace(String, String),
}

impl fmt::Display for WordLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WordLine::Good(w) => write!(f, "good\t{w}"),
            WordLine::Bad(w) => write!(f, "bad\t{w}"),
            WordLine::Replace(a, b) => write!(f, "replace\t{a}\t{b}"),
        }
    }
}

/// A line that is none of a word list.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct BadWords {
    /// Number of the line, from 1.
    pub line: usize,
    /// What was expected.
    pub what: String,
}

impl TitleWords {
    /// Reads a list.
    ///
    /// # Errors
    /// [`BadWords`] for the first line of another form, or that contradicts an earlier one.
    pub fn parse(text: &str) -> Result<Self, BadWords> {
        let mut list = Self::default();
        for (n, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: String| BadWords { line: n + 1, what };
            list.add(word_line(line).map_err(wrong)?).map_err(wrong)?;
        }
        Ok(list)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// What the line contradicts.
    pub fn add(&mut self, line: WordLine) -> Result<(), String> {
        match line {
            WordLine::Good(w) if self.bad.contains(&w) || self.replace.contains_key(&w) => {
                return Err(format!("{w} is called good here and wrong in another line"));
            }
            WordLine::Bad(w) | WordLine::Replace(w, _) if self.good.contains(&w) => {
                return Err(format!("{w} is called wrong here and good in another line"));
            }
            WordLine::Replace(a, b) if self.replace.get(&a).is_some_and(|old| *old != b) => {
                return Err(format!("{a} has two replacements, {} and {b}", self.replace[&a]));
            }
            WordLine::Good(w) => {
                self.good.insert(w);
            }
            WordLine::Bad(w) => {
                self.bad.insert(w);
            }
            WordLine::Replace(a, b) => {
                self.replace.insert(a, b);
            }
        }
        Ok(())
    }

    /// True where the list says that already.
    pub fn says(&self, line: &WordLine) -> bool {
        match line {
            WordLine::Good(w) => self.good.contains(w),
            WordLine::Bad(w) => self.bad.contains(w),
            WordLine::Replace(a, b) => self.replace.get(a) == Some(b),
        }
    }

    /// True where the list says nothing.
    pub fn is_empty(&self) -> bool {
        self.good.is_empty() && self.bad.is_empty() && self.replace.is_empty()
    }

    /// True for a word that the title calls right: a right side of `replace` is one too.
    pub fn is_good(&self, word: &str) -> bool {
        self.good.contains(word) || self.replace.values().any(|w| w == word)
    }

    /// True for a word that the title calls wrong.
    pub fn is_bad(&self, word: &str) -> bool {
        self.bad.contains(word) || self.replace.contains_key(word)
    }

    /// What the title puts for a wrong word.
    pub fn replacement(&self, word: &str) -> Option<&str> {
        self.replace.get(word).map(String::as_str)
    }
}

fn word_line(line: &str) -> Result<WordLine, String> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let full = |w: &&str| !w.is_empty();
    match fields.as_slice() {
        ["good", w] if full(w) => Ok(WordLine::Good((*w).to_owned())),
        ["bad", w] if full(w) => Ok(WordLine::Bad((*w).to_owned())),
        ["replace", a, b] if full(a) && full(b) && a != b => Ok(WordLine::Replace((*a).to_owned(), (*b).to_owned())),
        _ => Err("expected good<TAB>word, bad<TAB>word or replace<TAB>wrong<TAB>right".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_is_good_bad_and_replaced() {
        let l = TitleWords::parse("# 株洲日报\ngood\t师资\nbad\t帅资\r\n\nreplace\t未来曰\t未来日\n").expect("a list");
        assert!(l.is_good("师资") && l.is_good("未来日") && l.is_bad("帅资") && l.is_bad("未来曰"));
        assert_eq!(l.replacement("未来曰"), Some("未来日"));
    }

    #[test]
    fn a_bad_line_is_named_with_what_was_expected() {
        let e = |t: &str| TitleWords::parse(t).expect_err("bad").to_string();
        assert!(e("good\ta\nnonsense").starts_with("line 2: expected good"));
        assert!(e("good\ta\nbad\ta").starts_with("line 2: a is called wrong"));
        assert!(e("replace\ta\tb\nreplace\ta\tc").contains("two replacements"));
        assert!(e("replace\ta\ta").starts_with("line 1"));
    }

    #[test]
    fn a_line_reads_back_as_it_is_written() {
        for line in [WordLine::Good("a".into()), WordLine::Bad("b".into()), WordLine::Replace("c".into(), "d".into())] {
            assert_eq!(word_line(&line.to_string()), Ok(line));
        }
    }
}
