//! Phrases of newsrooms by which a line is known: who wrote, from where, what a picture shows, who made the page.
//!
//! It must never look at anything but the words of one line.

use crate::text::lists;
use crate::text::phrase;
use regex::Regex;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The phrases, as data.
const NEWSROOM: &str = include_str!("../../dictionaries/newsroom.tsv");

/// The phrases of one script.
pub(super) struct Phrases {
    pub(super) byline: Vec<Phrase>,
    pub(super) dateline: Vec<Phrase>,
    pub(super) caption: Vec<Phrase>,
    pub(super) credits: Vec<Phrase>,
}

/// Marks behind which a line is running text that happens to name an agency: they stand before no story's start.
const RUNNING: [char; 4] = ['。', '！', '？', '、'];

/// One expression.
pub(super) struct Phrase {
    regex: Regex,
    /// Characters before it in its line, where any but [`RUNNING`] may stand there: `^.{0,24}` in the table. An engine that
    /// counted them would hold a state for each way of having come so far.
    before: Option<RangeInclusive<usize>>,
}

impl Phrases {
    /// Latin and Chinese phrases apart: compiling them takes milliseconds, and most runs need one of the two.
    pub(super) fn shared(zh: bool) -> &'static Phrases {
        static OF: [LazyLock<Phrases>; 2] =
            [LazyLock::new(|| Phrases::read(false)), LazyLock::new(|| Phrases::read(true))];
        &OF[usize::from(zh)]
    }

    fn read(zh: bool) -> Self {
        let pick = |role: &str| {
            lists::rows(NEWSROOM)
                .filter_map(|l| {
                    let mut f = l.split('\t');
                    let (r, lang, pattern) = (f.next()?, f.next()?, f.next()?);
                    (r == role && (lang == "zh") == zh).then(|| Phrase::new(pattern))?
                })
                .collect::<Vec<_>>()
        };
        Self { byline: pick("byline"), dateline: pick("dateline"), caption: pick("caption"), credits: pick("credits") }
    }
}

impl Phrase {
    fn new(pattern: &str) -> Option<Self> {
        let (before, pattern) = match anything_before(pattern) {
            Some((before, rest)) => (Some(before), rest),
            None => (None, pattern),
        };
        Some(Self { regex: phrase(pattern)?, before })
    }

    fn is_match(&self, text: &str) -> bool {
        let Some(before) = &self.before else { return self.regex.is_match(text) };
        let Some((from, _)) = text.char_indices().nth(*before.start()) else { return false };
        let found = self.regex.find_at(text, from);
        let fits = |head: &str| head.chars().count() <= *before.end() && !head.contains(RUNNING);
        found.is_some_and(|m| fits(&text[..m.start()]))
    }
}

/// How many characters an expression lets stand before what it looks for, and what that is.
fn anything_before(pattern: &str) -> Option<(RangeInclusive<usize>, &str)> {
    let (range, rest) = pattern.strip_prefix("^.{")?.split_once('}')?;
    let (least, most) = range.split_once(',')?;
    Some((least.parse().ok()?..=most.parse().ok()?, rest))
}

/// True where the line holds one of them.
pub(super) fn matches(list: &[Phrase], text: &str) -> bool {
    list.iter().any(|p| p.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lists;

    #[test]
    fn what_stands_before_is_counted_as_the_expression_says() {
        let text = "一二三四五六本报北京七月讯（记者";
        for before in ["{0,5}", "{0,6}", "{2,16}", "{7,9}", "{0,40}"] {
            let pattern = format!("^.{before}(本报|北京).{{0,9}}(讯|电)");
            let plain = Regex::new(&pattern).expect("compiles");
            let phrase = Phrase::new(&pattern).expect("compiles");
            assert!(phrase.before.is_some());
            for start in text.char_indices().map(|(i, _)| &text[i..]) {
                assert_eq!(phrase.is_match(start), plain.is_match(start), "{pattern} {start}");
            }
        }
    }

    #[test]
    fn every_line_of_the_table_is_used() {
        let all: usize = [false, true]
            .map(|zh| {
                let p = Phrases::read(zh);
                p.byline.len() + p.dateline.len() + p.caption.len() + p.credits.len()
            })
            .iter()
            .sum();
        assert_eq!(all, lists::rows(NEWSROOM).count());
    }
}
