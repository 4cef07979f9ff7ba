//! `Terms`: the numbers that a place and its best candidate are judged by.
//!
//! It must never judge.

use std::ops::{Index, IndexMut};

/// What is measured.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Term {
    /// Model score with the best candidate less the score of what stands there, natural logarithm.
    Gain,
    /// Model score of what stands there, a character.
    Before,
    /// The same with the candidate.
    After,
    /// Likeness of the drawings.
    Likeness,
    /// How often a recogniser was seen to do it, logarithm of one more.
    Misread,
    /// Rank of the best less that of the next.
    Margin,
    /// Characters of the longest word over the place with the candidate.
    Word,
    /// Logarithm of how often that word was counted.
    WordFrequency,
    /// Characters of the longest word over the place as it is written.
    OwnWord,
    /// Logarithm of how often that word was counted.
    OwnWordFrequency,
    /// Sides that are strange.
    Strange,
    /// Sides that stay strange.
    StrangeAfter,
    /// Sides with a Han character.
    Sides,
    /// How often the model saw the character, logarithm of one more.
    OwnFrequency,
    /// The same of the candidate.
    Frequency,
    /// Firm strange pairs near by.
    Near,
    /// Firm strange pairs that the place is part of.
    Firm,
    /// Logarithm of the share of firm strange pairs elsewhere in the text.
    Noise,
    /// Logarithm of how often the strange pair stands in the text.
    Times,
    /// 0 where the candidate stands beside its neighbour nowhere near in the text; else 1, and more the less it was to be
    /// expected: what an article speaks of it names again.
    Again,
}

/// Names in the order of [`Term`], as the table of weights has them.
pub(super) const NAMES: [&str; 20] = [
    "gain",
    "before",
    "after",
    "likeness",
    "misread",
    "margin",
    "word",
    "word-frequency",
    "own-word",
    "own-word-frequency",
    "strange",
    "strange-after",
    "sides",
    "own-frequency",
    "frequency",
    "near",
    "firm",
    "noise",
    "times",
    "again",
];

/// A number a term.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub struct Terms([f32; NAMES.len()]);

impl Terms {
    /// Names with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f32)> + '_ {
        NAMES.into_iter().zip(self.0)
    }
}

impl Index<Term> for Terms {
    type Output = f32;

    fn index(&self, term: Term) -> &f32 {
        &self.0[term as usize]
    }
}

impl IndexMut<Term> for Terms {
    fn index_mut(&mut self, term: Term) -> &mut f32 {
        &mut self.0[term as usize]
    }
}
