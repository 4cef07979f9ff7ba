//! `CharModel`: how probable a character is after those before it, in running Chinese text and at paragraph ends.
//!
//! Asked at breaks only. It must never be asked character by character over a whole text, and it decides nothing.

use super::counts::CountTable;
use super::fold::{HEAD_END, HEAD_START, OPENS_PARA, OPENS_SENTENCE, PARA_END, PARA_START, fold};
use crate::text::script::{is_cjk_mark, is_closing, is_opening, is_sentence_end};
use smallvec::SmallVec;
use std::collections::HashMap;

/// Longest sequence that is counted, in characters.
const ORDER: usize = 4;
/// Weight of the shorter context, in observations. Best of 2, 4, 8 on held-out news by perplexity.
const PRIOR: f32 = 4.0;
/// Characters that a text may hold: the share of the unseen.
const ALPHABET: f32 = 8000.0;
/// Characters of a clause that are looked at to tell what opens a paragraph.
const CLAUSE: usize = 12;
/// Weight of the mean share of openings, in observations; best of 1, 2, 4 on the other half of the news.
const OPENING_PRIOR: f32 = 2.0;
/// Sequences of three and more seen less often than this are not kept in the shipped table.
const KEEP_LONG: u32 = 2;

/// A character model over counts of sequences of up to four characters.
#[derive(Clone, Debug, Default)]
pub struct CharModel {
    table: CountTable,
}

impl CharModel {
    /// A model over a built table.
    pub fn new(table: CountTable) -> Self {
        Self { table }
    }

    /// The same model with the counts of another table added.
    #[must_use]
    pub fn with(self, table: CountTable) -> Self {
        Self { table: self.table.with(table) }
    }

    /// True where the model knows nothing.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Natural logarithm of the probability of `next` after `before`, both folded. At most the last three characters
    /// of `before` count.
    pub fn log_prob(&self, before: &[char], next: char) -> f32 {
        let total = (self.table.total() as f32).max(1.0);
        let mut p = (self.table.count(key(&[next])) + 0.5) / (total + 0.5 * ALPHABET);
        let from = before.len().saturating_sub(ORDER - 1);
        for start in (from..before.len()).rev() {
            let context = &before[start..];
            let seen = self.table.count(key(context));
            if seen < 1.0 {
                break;
            }
            let both = self.table.count(extend(key(context), next)).min(seen);
            p = (both + PRIOR * p) / (seen + PRIOR);
        }
        p.max(1e-9).ln()
    }

    /// Logarithm of the probability of the whole of `next` after `before`.
    pub fn log_prob_of(&self, before: &[char], next: &[char]) -> f32 {
        let mut all: SmallVec<[char; 16]> = before.iter().copied().rev().take(ORDER - 1).collect();
        all.reverse();
        next.iter()
            .map(|&c| {
                let p = self.log_prob(&all, c);
                all.push(c);
                p
            })
            .sum()
    }

    /// Logarithm of the odds that the first clause of `text` opens a paragraph and not a sentence inside one, by its pairs
    /// of characters.
    pub fn opening(&self, text: &str) -> f32 {
        let (paras, sentences) = (self.seen(&[OPENS_PARA]), self.seen(&[OPENS_SENTENCE]));
        if paras < 1.0 || sentences < 1.0 {
            return 0.0;
        }
        let share = paras / (paras + sentences);
        let odds = |pair: [char; 2]| {
            let of = |class| self.table.count(key(&[class, pair[0], pair[1]]));
            let (a, b) = (of(OPENS_PARA), of(OPENS_SENTENCE));
            if a + b < 1.0 {
                return 0.0;
            }
            let smooth = (a + OPENING_PRIOR * share) / (b + OPENING_PRIOR * (1.0 - share));
            (smooth * (1.0 - share) / share).ln()
        };
        clause(text).map(odds).sum()
    }

    /// How often a folded sequence of up to four characters was seen.
    pub fn seen(&self, chars: &[char]) -> f32 {
        self.table.count(key(chars))
    }
}

/// The pairs of characters of a text's first clause, folded.
fn clause(text: &str) -> impl Iterator<Item = [char; 2]> {
    let mark = |c: char| {
        is_cjk_mark(c) || is_opening(c) || is_closing(c) || is_sentence_end(c) || matches!(c, ',' | ':' | ';')
    };
    let chars = text.trim_start().chars().filter(|c| !c.is_whitespace()).take(CLAUSE).take_while(move |&c| !mark(c));
    let mut before = None;
    chars.map(fold).filter_map(move |c| before.replace(c).map(|b| [b, c]))
}

/// Sequences pack 16 bits a character; no character is 0, so lengths cannot be confused.
#[inline]
pub fn key(chars: &[char]) -> u64 {
    chars.iter().fold(0, |k, &c| extend(k, c))
}

#[inline]
pub(super) fn extend(key: u64, c: char) -> u64 {
    (key << 16) | u64::from((c as u32).min(0xFFFD) as u16)
}

/// Counts sequences of clean text, paragraph by paragraph.
#[derive(Default, Debug)]
pub struct CharCounter {
    counts: HashMap<u64, u32>,
    total: u64,
}

impl CharCounter {
    /// Adds one paragraph (a line of clean text).
    pub fn paragraph(&mut self, text: &str) {
        self.add(PARA_START, text, PARA_END);
        let mut class = OPENS_PARA;
        for sentence in text.trim().split_inclusive(['。', '！', '？']) {
            let sentence = sentence.trim_start_matches(is_closing);
            if sentence.is_empty() {
                continue;
            }
            *self.counts.entry(key(&[class])).or_default() += 1;
            for pair in clause(sentence) {
                *self.counts.entry(key(&[class, pair[0], pair[1]])).or_default() += 1;
            }
            class = OPENS_SENTENCE;
        }
    }

    /// Adds one headline.
    pub fn headline(&mut self, text: &str) {
        self.add(HEAD_START, text, HEAD_END);
    }

    fn add(&mut self, start: char, text: &str, end: char) {
        let mut window: Vec<char> = vec![start];
        let mut last = start;
        for c in text.trim().chars().chain([end]) {
            let c = if c.is_whitespace() { ' ' } else { fold(c) };
            if c == '\0' || (c == ' ' && last == ' ') {
                continue;
            }
            last = c;
            window.push(c);
            if window.len() > ORDER {
                window.remove(0);
            }
            self.total += 1;
            for from in 0..window.len() {
                *self.counts.entry(key(&window[from..])).or_default() += 1;
            }
        }
        // A start mark is a context only; count it as one so that conditional shares are right.
        *self.counts.entry(key(&[start])).or_default() += 1;
    }

    /// The counts by key, and their sum.
    pub(super) fn into_counts(self) -> (HashMap<u64, u32>, u64) {
        (self.counts, self.total)
    }

    /// Stored form of a [`CountTable`]; sequences of three and four characters that were seen once are left out.
    pub fn build(&self) -> Vec<u8> {
        let long = |k: u64| k >> 32 != 0;
        let mut kept: Vec<(u64, u64)> = self
            .counts
            .iter()
            .filter(|&(&k, &n)| n >= KEEP_LONG || !long(k))
            .map(|(&k, &n)| (k, u64::from(n)))
            .collect();
        kept.sort_unstable();
        CountTable::build(&kept, 2, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_likelier_and_ends_are_known() {
        let mut c = CharCounter::default();
        for _ in 0..5 {
            c.paragraph("会议强调，要做好医疗卫生工作。");
            c.headline("医疗卫生工作会议召开");
        }
        let m = CharModel::new(CountTable::new(c.build()).expect("table"));
        let v = |s: &str| s.chars().map(fold).collect::<Vec<_>>();
        assert!(m.log_prob(&v("做好医"), '疗') > m.log_prob(&v("做好医"), '生'));
        assert!(m.log_prob(&v("工作。"), PARA_END) > m.log_prob(&v("好医疗"), PARA_END));
        assert!(m.log_prob(&v("议召开"), HEAD_END) > m.log_prob(&v("议召开"), PARA_END));
    }

    #[test]
    fn what_opens_paragraphs_is_told_from_what_goes_on() {
        let mut c = CharCounter::default();
        for _ in 0..5 {
            c.paragraph("据新华社报道，会议开幕。他还指出要做好工作。他还要求抓好落实。");
        }
        let m = CharModel::new(CountTable::new(c.build()).expect("table"));
        assert!(m.opening("据新华社消息") > 0.5 && m.opening("他还强调") < -0.5 && m.opening("开花结果") == 0.0);
    }
}
