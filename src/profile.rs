//! `Profile`: what one batch of pages teaches about itself, learned in a first pass and read-only afterwards.
//!
//! It must never hold a decision, a path or a time: the same inputs give the same profile in any order.

use crate::text::Vocabulary;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the stored form.
pub const PROFILE_VERSION: u32 = 1;

/// Counts over a batch.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Profile {
    /// Version of the stored form.
    pub v: u32,
    /// Pages that were read.
    pub pages: u64,
    /// How many pages each encoding was found on.
    pub encodings: BTreeMap<String, u64>,
    /// How the batch sets its Latin commas and stops.
    #[serde(default)]
    pub mark_spacing: MarkSpacing,
    /// How often each Latin word stands in the batch.
    #[serde(default)]
    pub vocabulary: Vocabulary,
}

/// Counts of commas and full stops after a Latin letter, and of those with a space between.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MarkSpacing {
    /// Commas after a letter or after a letter and a space.
    pub commas: u64,
    /// Those after a letter and a space.
    pub spaced_commas: u64,
    /// Full stops before white space, after a letter or after a letter and a space.
    pub stops: u64,
    /// Those after a letter and a space.
    pub spaced_stops: u64,
}

impl MarkSpacing {
    /// Counts over one text. Linear.
    pub fn count(text: &str) -> Self {
        let b = text.as_bytes();
        // Any byte above ASCII before the mark counts as a letter if it ends a Latin one (two-byte forms).
        let letter = |i: Option<usize>| {
            i.and_then(|i| b.get(i)).is_some_and(u8::is_ascii_alphabetic)
                || i.and_then(|i| i.checked_sub(1)).and_then(|i| b.get(i)).is_some_and(|c| (0xC3..=0xC9).contains(c))
        };
        let mut n = Self::default();
        for i in memchr::memchr2_iter(b',', b'.', b) {
            let spaced = i > 0 && b[i - 1] == b' ' && letter(i.checked_sub(2));
            if !spaced && !letter(i.checked_sub(1)) {
                continue;
            }
            if b[i] == b',' {
                n.commas += 1;
                n.spaced_commas += u64::from(spaced);
            } else if b.get(i + 1).is_none_or(u8::is_ascii_whitespace) {
                n.stops += 1;
                n.spaced_stops += u64::from(spaced);
            }
        }
        n
    }

    /// Adds the counts of another text. Order does not matter.
    pub fn merge(&mut self, other: Self) {
        self.commas += other.commas;
        self.spaced_commas += other.spaced_commas;
        self.stops += other.stops;
        self.spaced_stops += other.spaced_stops;
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            v: PROFILE_VERSION,
            pages: 0,
            encodings: BTreeMap::new(),
            mark_spacing: MarkSpacing::default(),
            vocabulary: Vocabulary::default(),
        }
    }
}

impl Profile {
    /// Adds what one decoded page teaches.
    pub fn learn(&mut self, encoding: &str, text: &str) {
        self.pages += 1;
        *self.encodings.entry(encoding.to_owned()).or_default() += 1;
        self.mark_spacing.merge(MarkSpacing::count(text));
        self.vocabulary.learn(text);
    }

    /// The same without what is too rare to tell anything. Once, when all pages are in.
    pub fn finished(mut self) -> Self {
        self.vocabulary.prune();
        self
    }

    /// Adds the counts of another profile. Order does not matter.
    pub fn merge(&mut self, other: &Profile) {
        self.pages += other.pages;
        self.mark_spacing.merge(other.mark_spacing);
        self.vocabulary.merge(&other.vocabulary);
        for (k, n) in &other.encodings {
            *self.encodings.entry(k.clone()).or_default() += n;
        }
    }
}
