//! `WordContext`: counts of words, of words in sequence and of letters in sequence, and the probabilities made of them.
//!
//! It must never hold a text: only hashed sequences and their counts.

use super::counts::{CountTable, KEY_SEED, key_step};
use super::words::fold_word;
use smallvec::SmallVec;
use std::collections::HashMap;

/// Letters of the longest sequence counted.
const LETTERS: usize = 5;
/// Weight of the shorter sequence where the longer one was not seen (Brants et al. 2007, "stupid backoff").
const BACKOFF: f32 = 0.4;
/// Weight of the single word in the probability after its neighbour, in counts.
pub(super) const PRIOR: f32 = 12.0;
/// Count given to a word that was never seen.
pub(super) const UNSEEN: f32 = 0.15;

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

    /// Number of words that were counted, one at least.
    pub(super) fn total(&self) -> f32 {
        self.table.total().max(1) as f32
    }

    /// How often the word was seen, in small letters.
    pub fn count(&self, word: &str) -> f32 {
        self.table.count(key(WORD, word))
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
        // Keys of the one to four letters before, the nearest alone first.
        let mut open = [0u64; LETTERS - 1];
        let (mut sum, mut letters) = (0.0, 0usize);
        let seed = key_step(KEY_SEED, LETTER);
        let mut low: SmallVec<[char; 32]> = SmallVec::new();
        low.push('^');
        low.extend(String::from_utf8_lossy(&fold_word(word)).chars());
        low.push('$');
        for &c in &low {
            if letters > 0 {
                sum += self.letter(&open[..letters.min(LETTERS - 1)], c);
            }
            for n in (1..open.len()).rev() {
                open[n] = key_char(open[n - 1], c);
            }
            open[0] = key_char(seed, c);
            letters += 1;
        }
        sum / (letters.max(2) - 1) as f32
    }

    /// Logarithm of the probability of a letter after those that `open` has the keys of.
    fn letter(&self, open: &[u64], c: char) -> f32 {
        let mut penalty = 0.0;
        for &before in open.iter().rev() {
            let seen = self.table.count(key_char(before, c));
            if seen > 0.0 {
                return penalty + (seen / self.table.count(before).max(seen)).ln();
            }
            penalty += BACKOFF.ln();
        }
        let one = self.table.count(key_char(key_step(KEY_SEED, LETTER), c)).max(1.0);
        penalty + (one / (self.table.total().max(1) as f32 * 5.0)).ln()
    }
}

fn key(kind: u8, word: &str) -> u64 {
    key_word(key_step(KEY_SEED, kind), word)
}

fn pair_key(left: &str, right: &str) -> u64 {
    key_word(key_step(key(PAIR, left), b' '), right)
}

/// A key carried on over a word as lists are keyed.
fn key_word(key: u64, word: &str) -> u64 {
    if word.is_ascii() {
        return word.bytes().fold(key, |k, b| key_step(k, b.to_ascii_lowercase()));
    }
    fold_word(word).iter().fold(key, |k, b| key_step(k, *b))
}

/// A key carried on over a character.
fn key_char(key: u64, c: char) -> u64 {
    if c.is_ascii() {
        return key_step(key, c as u8);
    }
    let mut buf = [0u8; 4];
    c.encode_utf8(&mut buf).bytes().fold(key, key_step)
}

fn letters_key(letters: &[char]) -> u64 {
    letters.iter().fold(key_step(KEY_SEED, LETTER), |k, c| key_char(k, *c))
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
            self.bump(key(WORD, w), WORD, weight);
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
