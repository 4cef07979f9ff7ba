//! Distances between a text and the truth: characters, words, paragraphs. Linear in space, whatever the texts.
//!
//! It must never change a text but by the folding that it names.

use crate::text::script::is_han;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Errors against a number of units of the truth.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Errors {
    /// Insertions, deletions and substitutions.
    pub errors: usize,
    /// Characters or words of the truth.
    pub of: usize,
}

impl Errors {
    /// The rate; of an empty truth 0 where nothing is wrong, else 1.
    pub fn rate(&self) -> f64 {
        if self.of > 0 { self.errors as f64 / self.of as f64 } else { f64::from(u8::from(self.errors > 0)) }
    }
    /// Adds another text's.
    pub fn add(&mut self, other: Errors) {
        self.errors += other.errors;
        self.of += other.of;
    }
}

/// Paragraphs that are in both, in the truth, in the text.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Overlap {
    /// In both.
    pub both: usize,
    /// In the truth.
    pub truth: usize,
    /// In the text.
    pub text: usize,
}

impl Overlap {
    /// The harmonic mean of precision and recall; 1 where both have none.
    pub fn f1(&self) -> f64 {
        let all = self.truth + self.text;
        if all == 0 { 1.0 } else { 2.0 * self.both as f64 / all as f64 }
    }
    /// Adds another text's.
    pub fn add(&mut self, other: Overlap) {
        self.both += other.both;
        self.truth += other.truth;
        self.text += other.text;
    }
}

/// NFC, each run of white space one space, none at the ends: what character and word errors are counted on.
pub(super) fn folded(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    for c in text.nfc() {
        if !c.is_whitespace() {
            out.push(c);
        } else if out.last().is_some_and(|&l| l != ' ') {
            out.push(' ');
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out
}

/// Character errors.
pub fn character_errors(truth: &str, text: &str) -> Errors {
    let (a, b) = (folded(truth), folded(text));
    Errors { errors: distance(&a, &b), of: a.len() }
}

/// Word errors. A word is a run of letters and digits, a Han character is a word of its own; marks are none.
pub fn word_errors(truth: &str, text: &str) -> Errors {
    let mut ids: HashMap<String, u32> = HashMap::new();
    let mut number = |words: Vec<String>| -> Vec<u32> {
        words
            .into_iter()
            .map(|w| {
                let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                *ids.entry(w).or_insert(next)
            })
            .collect()
    };
    let (a, b) = (number(words(truth)), number(words(text)));
    Errors { errors: distance(&a, &b), of: a.len() }
}

fn words(text: &str) -> Vec<String> {
    let (mut out, mut word) = (Vec::new(), String::new());
    for c in text.nfc() {
        if c.is_alphanumeric() && !is_han(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if is_han(c) {
            out.push(c.to_string());
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// Paragraphs of both texts that are equal when white space is folded. Where the truth has blank lines those part
/// paragraphs, else every line is one.
pub fn paragraph_overlap(truth: &str, text: &str) -> Overlap {
    let blank = truth.trim().lines().any(|l| l.trim().is_empty());
    let (a, b) = (paragraphs(truth, blank), paragraphs(text, blank));
    let both = a.iter().map(|(p, n)| (*n).min(b.get(p).copied().unwrap_or(0))).sum();
    Overlap { both, truth: a.values().sum(), text: b.values().sum() }
}

fn paragraphs(text: &str, blank: bool) -> HashMap<Vec<char>, usize> {
    let mut out: HashMap<Vec<char>, usize> = HashMap::new();
    let mut own = String::new();
    for line in text.lines().chain([""]) {
        let empty = line.trim().is_empty();
        if !empty {
            own.push_str(line);
            own.push('\n');
        }
        if (empty || !blank) && !own.is_empty() {
            *out.entry(folded(&own)).or_default() += 1;
            own.clear();
        }
    }
    out
}

/// Levenshtein's distance, 64 cells at a time (Myers 1999, in blocks as Hyyrö has it). Time is the product of the
/// lengths over 64, space is linear.
pub fn distance<T: Eq + std::hash::Hash + Copy>(a: &[T], b: &[T]) -> usize {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len());
    }
    let blocks = a.len().div_ceil(64);
    let mut equal: HashMap<T, Vec<(u32, u64)>> = HashMap::new();
    for (i, &x) in a.iter().enumerate() {
        let block = (i / 64) as u32;
        let list = equal.entry(x).or_default();
        match list.last_mut() {
            Some((n, bits)) if *n == block => *bits |= 1 << (i % 64),
            _ => list.push((block, 1 << (i % 64))),
        }
    }
    let (mut up, mut down) = (vec![u64::MAX; blocks], vec![0u64; blocks]);
    let last = 1u64 << ((a.len() - 1) % 64);
    let mut score = a.len();
    let none = Vec::new();
    for y in b {
        let list = equal.get(y).unwrap_or(&none);
        let mut next = list.iter().peekable();
        // What the block before hands over: plus one at the first row, as deleting all of `b` so far costs.
        let (mut plus, mut minus) = (1u64, 0u64);
        for block in 0..blocks {
            let bits = next.next_if(|(n, _)| *n as usize == block).map_or(0, |(_, bits)| *bits);
            let (pv, mv) = (up[block], down[block]);
            let xv = bits | mv;
            let eq = bits | minus;
            let xh = (((eq & pv).wrapping_add(pv)) ^ pv) | eq;
            let mut ph = mv | !(xh | pv);
            let mut mh = pv & xh;
            if block == blocks - 1 {
                score += usize::from(ph & last != 0);
                score -= usize::from(mh & last != 0);
            }
            let (plus_out, minus_out) = (ph >> 63, mh >> 63);
            ph = (ph << 1) | plus;
            mh = (mh << 1) | minus;
            up[block] = mh | !(xv | ph);
            down[block] = ph & xv;
            (plus, minus) = (plus_out, minus_out);
        }
    }
    score
}

/// The share of `right` among `all` with its 95 % interval by Wilson's score; None of none.
pub fn wilson(right: usize, all: usize) -> Option<(f64, f64, f64)> {
    if all == 0 {
        return None;
    }
    // The normal distribution's 97.5 % point.
    const Z: f64 = 1.959_963_984_540_054;
    let n = all as f64;
    let p = right as f64 / n;
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Some((p, (middle - half).max(0.0), (middle + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow(a: &[u8], b: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let cost = diagonal + usize::from(x != y);
                diagonal = row[j + 1];
                row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn the_fast_distance_is_the_slow_one(
            a in proptest::collection::vec(0u8..4, 0..200),
            b in proptest::collection::vec(0u8..4, 0..200),
        ) {
            prop_assert_eq!(distance(&a, &b), slow(&a, &b));
        }
    }

    #[test]
    fn white_space_and_paragraphs() {
        assert_eq!(character_errors("医 生\n", " 医\n\n生").errors, 0);
        assert_eq!(word_errors("Die Zeit, 医生", "Die Zeir 医主"), Errors { errors: 2, of: 4 });
        assert_eq!(paragraph_overlap("a\nb\nc", "a\nb c"), Overlap { both: 1, truth: 3, text: 2 });
        assert_eq!(paragraph_overlap("a\nb\n\nc", "a b\n\nc\n\n"), Overlap { both: 2, truth: 2, text: 2 });
    }
}
