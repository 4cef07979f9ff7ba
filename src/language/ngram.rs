//! `CharModel`: how probable a character is after those before it, in running Chinese text and at paragraph ends.
//!
//! Asked at breaks only. It must never be asked character by character over a whole text, and it decides nothing.

use super::counts::CountTable;
use super::fold::{HEAD_END, HEAD_START, PARA_END, PARA_START, fold};
use std::collections::HashMap;

/// Longest sequence that is counted, in characters.
const ORDER: usize = 4;
/// Weight of the shorter context, in observations. Best of 2, 4, 8 on held-out news by perplexity.
const PRIOR: f32 = 4.0;
/// Characters that a text may hold: the share of the unseen.
const ALPHABET: f32 = 8000.0;
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
        let mut all: Vec<char> = before.iter().copied().rev().take(ORDER - 1).collect();
        all.reverse();
        next.iter()
            .map(|&c| {
                let p = self.log_prob(&all, c);
                all.push(c);
                p
            })
            .sum()
    }

    /// How often a folded sequence of up to four characters was seen.
    pub fn seen(&self, chars: &[char]) -> f32 {
        self.table.count(key(chars))
    }
}

/// Sequences pack 16 bits a character; no character is 0, so lengths cannot be confused.
pub(super) fn key(chars: &[char]) -> u64 {
    chars.iter().fold(0, |k, &c| extend(k, c))
}

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
}
