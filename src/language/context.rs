//! `WordContext`: counts of words, of words in sequence and of letters in sequence, and the probabilities made of them.
//!
//! It must never hold a text: only hashed sequences and their counts.

use super::counts::{CountTable, key_of_bytes};
use super::words::fold_word;
use std::collections::HashMap;

/// Letters of the longest sequence counted.
const LETTERS: usize = 5;
/// Weight of the shorter sequence where the longer one was not seen (Brants et al. 2007, "stupid backoff").
const BACKOFF: f32 = 0.4;
/// Weight of the single word in the probability after its neighbour, in counts.
const PRIOR: f32 = 12.0;
/// Count given to a word that was never seen.
const UNSEEN: f32 = 0.15;

/// What kind of sequence a key stands for: its first byte.
const WORD: u8 = 1;
const PAIR: u8 = 2;
const LETTER: u8 = 3;

/// Counts of one language.
#[derive(Clone, Debug, Default)]
pub struct WordContext {
    table: CountTable,
}

impl WordContext {
    /// Reads a table in place.
    pub fn new(table: CountTable) -> Self {
        Self { table }
    }

    /// The same with the counts of another table added.
    #[must_use]
    pub fn with(self, table: CountTable) -> Self {
        Self { table: self.table.with(table) }
    }

    /// How often the word was seen, in small letters.
    pub fn count(&self, word: &str) -> f32 {
        self.table.count(key(WORD, &fold_word(word)))
    }

    /// How often the two stood side by side.
    pub fn pair(&self, left: &str, right: &str) -> f32 {
        self.table.count(pair_key(left, right))
    }

    /// Logarithm of the probability of a word by itself.
    pub fn log_word(&self, word: &str) -> f32 {
        (self.count(word).max(UNSEEN) / self.table.total().max(1) as f32).ln()
    }

    /// Logarithm of the probability of `word` after `before` (empty: nothing is known of what stands before).
    pub fn log_after(&self, before: &str, word: &str) -> f32 {
        let p = self.count(word).max(UNSEEN) / self.table.total().max(1) as f32;
        if before.is_empty() {
            return p.ln();
        }
        ((self.pair(before, word) + PRIOR * p) / (self.count(before) + PRIOR)).ln()
    }

    /// Logarithm of the probability of words in sequence between two neighbours, which may be empty.
    pub fn log_sequence(&self, left: &str, words: &[&str], right: &str) -> f32 {
        let (mut before, mut sum) = (left, 0.0);
        for &w in words {
            sum += self.log_after(before, w);
            before = w;
        }
        if right.is_empty() { sum } else { sum + self.log_after(before, right) }
    }

    /// Logarithm of the probability of a word's letters, per letter.
    pub fn log_letters(&self, word: &str) -> f32 {
        let framed = frame(word);
        let mut sum = 0.0;
        for end in 1..framed.len() {
            sum += self.letter(&framed[..=end]);
        }
        sum / (framed.len().max(2) - 1) as f32
    }

    /// Logarithm of the probability of the last letter after those before it.
    fn letter(&self, upto: &[char]) -> f32 {
        let mut penalty = 0.0;
        for n in (2..=LETTERS.min(upto.len())).rev() {
            let seen = self.table.count(letters_key(&upto[upto.len() - n..]));
            if seen > 0.0 {
                let before = self.table.count(letters_key(&upto[upto.len() - n..upto.len() - 1])).max(seen);
                return penalty + (seen / before).ln();
            }
            penalty += BACKOFF.ln();
        }
        let one = self.table.count(letters_key(&upto[upto.len() - 1..])).max(1.0);
        penalty + (one / (self.table.total().max(1) as f32 * 5.0)).ln()
    }
}

fn key(kind: u8, bytes: &[u8]) -> u64 {
    key_of_bytes(std::iter::once(kind).chain(bytes.iter().copied()))
}

fn pair_key(left: &str, right: &str) -> u64 {
    let (l, r) = (fold_word(left), fold_word(right));
    key_of_bytes(std::iter::once(PAIR).chain(l.iter().copied()).chain([b' ']).chain(r.iter().copied()))
}

fn letters_key(letters: &[char]) -> u64 {
    let mut buf = [0u8; 4];
    let bytes = letters.iter().flat_map(|c| c.encode_utf8(&mut buf).bytes().collect::<smallvec::SmallVec<[u8; 4]>>());
    key_of_bytes(std::iter::once(LETTER).chain(bytes))
}

/// The word in small letters between two marks.
fn frame(word: &str) -> Vec<char> {
    let low = String::from_utf8_lossy(&fold_word(word)).into_owned();
    std::iter::once('^').chain(low.chars()).chain(['$']).collect()
}

/// Counts sequences and makes the stored form.
#[derive(Clone, Debug, Default)]
pub struct ContextCounter {
    counts: HashMap<u64, u64>,
    words: u64,
    kinds: HashMap<u64, u8>,
}

/// Least counts that are kept, for words, pairs and sequences of three and more letters.
#[derive(Copy, Clone, Debug)]
pub struct Least {
    /// Words.
    pub word: u64,
    /// Pairs of words.
    pub pair: u64,
    /// Sequences of letters.
    pub letters: u64,
}

impl ContextCounter {
    /// Counts the words of one sentence or paragraph, in order.
    pub fn add<'a>(&mut self, words: impl Iterator<Item = &'a str>, weight: u64) {
        let mut before: Option<&str> = None;
        for w in words {
            self.words += weight;
            self.bump(key(WORD, &fold_word(w)), WORD, weight);
            let framed = frame(w);
            for end in 0..framed.len() {
                for n in 1..=LETTERS.min(end + 1) {
                    self.bump(letters_key(&framed[end + 1 - n..=end]), if n < 3 { 0 } else { LETTER }, weight);
                }
            }
            if let Some(b) = before {
                self.bump(pair_key(b, w), PAIR, weight);
            }
            before = Some(w);
        }
    }

    fn bump(&mut self, key: u64, kind: u8, weight: u64) {
        *self.counts.entry(key).or_default() += weight;
        self.kinds.entry(key).or_insert(kind);
    }

    /// The stored form.
    pub fn build(&self, least: Least) -> Vec<u8> {
        let wanted = |k: &u64, n: u64| match self.kinds.get(k) {
            Some(&WORD) => n >= least.word,
            Some(&PAIR) => n >= least.pair,
            Some(&LETTER) => n >= least.letters,
            _ => true,
        };
        let rows: Vec<(u64, u64)> = self.counts.iter().filter(|(k, n)| wanted(k, **n)).map(|(&k, &n)| (k, n)).collect();
        CountTable::build(&rows, 2, self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_likelier() {
        let mut c = ContextCounter::default();
        for _ in 0..5 {
            c.add("the members of the board met at the house of commons".split(' '), 1);
        }
        let t = WordContext::new(CountTable::new(c.build(Least { word: 1, pair: 1, letters: 1 })).expect("table"));
        assert!(t.log_sequence("of", &["the"], "board") > t.log_sequence("of", &["met"], "board"));
        assert!(t.log_letters("members") > t.log_letters("mxqrbers") && t.count("The") > 9.0);
        assert!(t.log_after("", "nowhere").is_finite() && WordContext::default().log_letters("a").is_finite());
    }
}
