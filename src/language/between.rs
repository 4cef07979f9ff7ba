//! `Between`: what the counts say of words in one place between two neighbours, asking no question twice.
//!
//! It must give the same probabilities as [`WordContext::log_sequence`]; it exists because a place is asked with several
//! candidates.

use super::context::{PRIOR, UNSEEN, WordContext};

/// A place between two words, each of which may be empty where nothing is known.
#[derive(Clone, Copy, Debug)]
pub struct Between<'c> {
    context: &'c WordContext,
    left: &'c str,
    right: &'c str,
    /// How often each was seen.
    counts: (f32, f32),
    total: f32,
}

/// How words fit a place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fit {
    /// Logarithm of their probability there, with that of the right neighbour.
    pub log: f32,
    /// How often the first stood behind the left neighbour and the last before the right one, as logarithms of one more.
    pub pairs: f32,
    /// How often the rarest of them was seen.
    pub seen: f32,
}

impl<'c> Between<'c> {
    /// A place between `left` and `right`.
    pub fn new(context: &'c WordContext, left: &'c str, right: &'c str) -> Self {
        let count = |w: &str| if w.is_empty() { 0.0 } else { context.count(w) };
        Self { context, left, right, counts: (count(left), count(right)), total: context.total() }
    }

    /// How these words fit.
    pub fn fit(&self, words: &[&str]) -> Fit {
        let mut fit = Fit { log: 0.0, pairs: 0.0, seen: f32::MAX };
        let (mut before, mut count) = (self.left, self.counts.0);
        for (n, word) in words.iter().enumerate() {
            let (seen, pair) = (self.context.count(word), self.pair(before, word));
            fit.log += self.after(before, count, pair, seen);
            fit.seen = fit.seen.min(seen);
            if n == 0 {
                fit.pairs += pair.ln_1p();
            }
            (before, count) = (word, seen);
        }
        let pair = self.pair(before, self.right);
        fit.pairs += pair.ln_1p();
        if !self.right.is_empty() {
            fit.log += self.after(before, count, pair, self.counts.1);
        }
        fit
    }

    fn pair(&self, left: &str, right: &str) -> f32 {
        if left.is_empty() || right.is_empty() { 0.0 } else { self.context.pair(left, right) }
    }

    fn after(&self, before: &str, count: f32, pair: f32, seen: f32) -> f32 {
        let p = seen.max(UNSEEN) / self.total;
        if before.is_empty() { p.ln() } else { ((pair + PRIOR * p) / (count + PRIOR)).ln() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Latin};

    #[test]
    fn a_place_says_the_same_as_the_counts() {
        let l = Language::embedded();
        let c = &l.model(Latin::En).context;
        for (left, right) in [("the", "of"), ("", "house"), ("Lord", ""), ("", "")] {
            for words in [&["members"][..], &["in", "the"], &["zzxyburg"]] {
                let (fit, log) = (Between::new(c, left, right).fit(words), c.log_sequence(left, words, right));
                assert!((fit.log - log).abs() < 1e-3, "{left} {words:?} {right}: {} {log}", fit.log);
            }
        }
        let fit = Between::new(c, "the", "of").fit(&["members"]);
        assert!(fit.pairs > c.pair("the", "members").ln_1p() && fit.seen == c.count("members"));
    }
}
