//! `Profile`: what one batch of pages teaches about itself, learned in a first pass and read-only afterwards.
//!
//! It must never hold a decision, a path or a time: the same inputs give the same profile in any order.

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
}

impl Default for Profile {
    fn default() -> Self {
        Self { v: PROFILE_VERSION, pages: 0, encodings: BTreeMap::new() }
    }
}

impl Profile {
    /// Adds what one decoded page teaches.
    pub fn learn(&mut self, encoding: &str, _text: &str) {
        self.pages += 1;
        *self.encodings.entry(encoding.to_owned()).or_default() += 1;
    }

    /// Adds the counts of another profile. Order does not matter.
    pub fn merge(&mut self, other: &Profile) {
        self.pages += other.pages;
        for (k, n) in &other.encodings {
            *self.encodings.entry(k.clone()).or_default() += n;
        }
    }
}
