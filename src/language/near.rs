//! `NearList`: the words that a misread word is looked for among, a language's list and what printed text has beside it,
//! each with how rare it is. A finite state transducer read in place; on every path it tells how rare the commonest word
//! beyond is, so that a search can go where common words are.
//!
//! It must never grow at run time.

use super::words::{Entry, WordList, fold_word};
use fst::Map;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Steps of rarity: the commonest words have 0.
pub(super) const RAREST: u8 = 15;
/// Natural logarithms of frequency to a step.
const STEP: f32 = 0.9;
/// Words of a higher probability than this logarithm says are all as common as can be.
const COMMONEST: f32 = -3.0;

/// What the list says of a word.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Near {
    /// Written with a small first letter somewhere.
    pub lower: bool,
    /// Written with a capital: a name, or a German noun.
    pub capital: bool,
    /// Only printed text has it, no list.
    pub seen: bool,
    /// How rare: 0 to 15.
    pub rarity: u8,
}

impl Near {
    fn code(self) -> u64 {
        u64::from(self.rarity) << 3 | u64::from(self.seen) << 2 | u64::from(self.capital) << 1 | u64::from(self.lower)
    }

    pub(super) fn from_code(code: u64) -> Self {
        Self { lower: code & 1 != 0, capital: code & 2 != 0, seen: code & 4 != 0, rarity: rarity_of(code) as u8 }
    }

    /// The same as a list of words would say it.
    pub fn entry(self) -> Entry {
        Entry { lower: self.lower, capital: self.capital, band: 0 }
    }
}

/// The rarity in what a path has put out.
pub(super) const fn rarity_of(code: u64) -> u64 {
    code >> 3
}

/// How rare a word of that logarithmic probability is.
fn rarity(log_word: f32) -> u8 {
    ((COMMONEST - log_word) / STEP).round().clamp(0.0, f32::from(RAREST)) as u8
}

/// The words of one language that may have been printed.
#[derive(Clone, Default)]
pub struct NearList {
    map: Option<Map<Cow<'static, [u8]>>>,
}

impl std::fmt::Debug for NearList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NearList({})", self.len())
    }
}

impl NearList {
    /// Reads a compiled list in place; bytes that are none give a list that knows nothing.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self { map: Map::new(bytes.into()).ok() }
    }

    /// The compiled form of a language's list and of `seen` words, which it lacks; `log_word` tells how common a word is.
    ///
    /// # Errors
    /// Those of the transducer's builder; none are expected.
    pub fn build<'a>(
        list: &WordList,
        seen: impl Iterator<Item = &'a str>,
        log_word: &dyn Fn(&str) -> f32,
    ) -> Result<Vec<u8>, fst::Error> {
        let mut all = BTreeMap::<Vec<u8>, Near>::new();
        list.each(|key, e| {
            let rarity = std::str::from_utf8(key).map_or(RAREST, |w| rarity(log_word(w)));
            all.insert(key.to_vec(), Near { lower: e.lower, capital: e.capital, seen: false, rarity });
        });
        for word in seen {
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            let fresh = Near { lower: false, capital: false, seen: true, rarity: rarity(log_word(word)) };
            let n = all.entry(fold_word(word).to_vec()).or_insert(fresh);
            if n.seen {
                n.lower |= !capital;
                n.capital |= capital;
            }
        }
        let mut out = fst::MapBuilder::memory();
        for (key, n) in &all {
            out.insert(key, n.code())?;
        }
        out.into_inner()
    }

    /// What it says of `word`, in whatever case it is written.
    pub fn get(&self, word: &str) -> Option<Near> {
        self.map.as_ref()?.get(fold_word(word)).map(Near::from_code)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.map.as_ref().map_or(0, Map::len)
    }

    /// True where it knows nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn transducer(&self) -> Option<&fst::raw::Fst<Cow<'static, [u8]>>> {
        self.map.as_ref().map(Map::as_fst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_and_what_was_seen_are_told_apart_and_rare_words_are_named_so() {
        let list = [("government", 0), ("Paris", 0), ("gove", 0)];
        let list = WordList::new(WordList::build(list.into_iter()).expect("built"));
        let log = |w: &str| if w == "government" { -6.0 } else { -16.0 };
        let near = NearList::new(NearList::build(&list, ["Swindle", "paris"].into_iter(), &log).expect("built"));
        let got = |w: &str| near.get(w).map(|n| (n.lower, n.capital, n.seen, n.rarity));
        assert_eq!(got("Government"), Some((true, false, false, 3)));
        assert_eq!(got("paris"), Some((false, true, false, 14)));
        assert_eq!((got("swindle"), got("x"), near.len()), (Some((false, true, true, 14)), None, 4));
    }
}
