//! `Vocabulary`: how often each Latin word stands in a batch, by a hash of its small letters.
//!
//! It must never depend on the order of the texts, nor hold a word itself.

use foldhash::HashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Words seen less often in the whole batch are forgotten: they say nothing of its habits.
const LEAST: u32 = 3;
/// Shorter words are not counted.
const SHORTEST: usize = 3;

/// Counts by word.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Vocabulary {
    counts: HashMap<u64, u32>,
}

impl Serialize for Vocabulary {
    /// Keys in order and in hexadecimal: the same counts give the same bytes.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let sorted: BTreeMap<String, u32> = self.counts.iter().map(|(k, n)| (format!("{k:x}"), *n)).collect();
        sorted.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Vocabulary {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let sorted = BTreeMap::<String, u32>::deserialize(d)?;
        let counts = sorted.into_iter().filter_map(|(k, n)| Some((u64::from_str_radix(&k, 16).ok()?, n))).collect();
        Ok(Self { counts })
    }
}

impl Vocabulary {
    /// Adds the words of one text. Linear.
    pub fn learn(&mut self, text: &str) {
        let (mut hash, mut letters) = (SEED, 0usize);
        let mut next = 0;
        while let Some(&lead) = text.as_bytes().get(next) {
            // What is longer than two bytes is no letter here, and is not decoded.
            let c = match lead {
                0..0x80 => char::from(lead),
                0xE0.. => '\u{FFFD}',
                _ => text.get(next..).and_then(|t| t.chars().next()).unwrap_or_default(),
            };
            next += match lead {
                0..0x80 => 1,
                0x80..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            };
            if letter(c) {
                hash = step(hash, c);
                letters += 1;
            } else {
                self.end(&mut hash, &mut letters);
            }
        }
        self.end(&mut hash, &mut letters);
    }

    #[inline]
    fn end(&mut self, hash: &mut u64, letters: &mut usize) {
        if *letters == 0 {
            return;
        }
        if *letters >= SHORTEST {
            *self.counts.entry(*hash).or_default() += 1;
        }
        (*hash, *letters) = (SEED, 0);
    }

    /// Adds the counts of another batch. Order does not matter.
    pub fn merge(&mut self, other: &Vocabulary) {
        for (k, n) in &other.counts {
            *self.counts.entry(*k).or_default() += n;
        }
    }

    /// Forgets rare words. Once, when all texts are in.
    pub fn prune(&mut self) {
        self.counts.retain(|_, n| *n >= LEAST);
    }

    /// How often the word stands in the batch, whatever its case; 0 for a rare one.
    pub fn count(&self, word: &str) -> f32 {
        if self.counts.is_empty() || !word.chars().all(letter) {
            return 0.0;
        }
        self.counts.get(&word.chars().fold(SEED, step)).copied().unwrap_or(0) as f32
    }

    /// True where nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

use super::script::lower;

const SEED: u64 = 0xCBF2_9CE4_8422_2325;

const fn letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' if c != '\u{D7}' && c != '\u{F7}')
}

fn step(hash: u64, c: char) -> u64 {
    let c = match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{17F}' => 's',
        c if c.is_ascii() => c,
        c => lower(c),
    };
    (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01B3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_any_order_and_come_back_from_their_stored_form() {
        let (mut a, mut b) = (Vocabulary::default(), Vocabulary::default());
        a.learn("The Swindlehurst case. Swindlehurst,");
        b.learn("of SWINDLEHURST and the 汉字 case");
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.merge(&b);
        ba.merge(&a);
        ab.prune();
        ba.prune();
        assert_eq!((ab.count("swindlehurst"), ab.count("case"), ab.count("of")), (3.0, 0.0, 0.0));
        let stored = serde_json::to_string(&ab).expect("written");
        assert_eq!(stored, serde_json::to_string(&ba).expect("written"));
        assert_eq!(serde_json::from_str::<Vocabulary>(&stored).expect("read"), ab);
    }
}
