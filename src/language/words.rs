//! `WordList`: the words of one Latin language, a finite state transducer read in place, without a load step.
//!
//! It must never grow at run time, nor say more of a word than its list does.

use fst::{IntoStreamer, Map, Streamer};
use smallvec::SmallVec;
use std::borrow::Cow;

/// The languages that have a word list.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Latin {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
}

impl Latin {
    /// All of them, in the order of their tables.
    pub const ALL: [Latin; 3] = [Latin::En, Latin::De, Latin::Fr];

    /// The language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Latin::En => "en",
            Latin::De => "de",
            Latin::Fr => "fr",
        }
    }

    /// The language of a tag as `en` or `de-AT`.
    pub fn from_tag(tag: &str) -> Option<Latin> {
        let primary = tag.split('-').next().unwrap_or("");
        Latin::ALL.into_iter().find(|l| l.tag() == primary)
    }
}

/// What a list says of a word.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Listed with a small first letter.
    pub lower: bool,
    /// Listed with a capital: a name, or a German noun.
    pub capital: bool,
    /// How common, 1 (most) to 6, where the list knows; 0 where it does not.
    pub band: u8,
}

impl Entry {
    /// The stored form.
    pub fn code(self) -> u64 {
        u64::from(self.lower) | u64::from(self.capital) << 1 | u64::from(self.band) << 2
    }

    fn from_code(code: u64) -> Self {
        Self { lower: code & 1 != 0, capital: code & 2 != 0, band: (code >> 2) as u8 }
    }
}

/// The words of one language.
#[derive(Clone, Default)]
pub struct WordList {
    map: Option<Map<Cow<'static, [u8]>>>,
}

impl std::fmt::Debug for WordList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WordList({})", self.len())
    }
}

/// The form of a word that lists are keyed by: small letters, straight apostrophe, plain hyphen, no long s.
pub fn fold_word(word: &str) -> SmallVec<[u8; 32]> {
    let (mut out, mut buf) = (SmallVec::new(), [0u8; 4]);
    for c in word.chars() {
        let c = match c {
            '\u{2019}' | '\u{2BC}' => '\'',
            '\u{2010}' | '\u{2011}' => '-',
            '\u{17F}' => 's',
            c => c,
        };
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase() as u8);
        } else {
            for l in c.to_lowercase() {
                out.extend_from_slice(l.encode_utf8(&mut buf).as_bytes());
            }
        }
    }
    out
}

impl WordList {
    /// Reads a compiled list in place; bytes that are none give a list that knows nothing.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self { map: Map::new(bytes.into()).ok() }
    }

    /// The compiled form of `words` with their bands. Forms that differ in case only share an entry.
    ///
    /// # Errors
    /// Those of the transducer's builder; none are expected.
    pub fn build<'a>(words: impl Iterator<Item = (&'a str, u8)>) -> Result<Vec<u8>, fst::Error> {
        let mut all = std::collections::BTreeMap::<SmallVec<[u8; 32]>, Entry>::new();
        for (word, band) in words {
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            let e = all.entry(fold_word(word)).or_insert(Entry { lower: false, capital: false, band: 0 });
            e.lower |= !capital;
            e.capital |= capital;
            if band > 0 {
                e.band = if e.band == 0 { band } else { e.band.min(band) };
            }
        }
        let mut out = fst::MapBuilder::memory();
        for (key, e) in &all {
            out.insert(key, e.code())?;
        }
        out.into_inner()
    }

    /// What the list says of `word`, in whatever case it is written.
    pub fn entry(&self, word: &str) -> Option<Entry> {
        self.map.as_ref()?.get(fold_word(word)).map(Entry::from_code)
    }

    /// True where the list has the word as it is written: a word with small letters only must be listed so, one with
    /// a capital may be either (a sentence may begin with it).
    pub fn has(&self, word: &str) -> bool {
        self.entry(word).is_some_and(|e| e.lower || word.chars().next().is_some_and(char::is_uppercase))
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.map.as_ref().map_or(0, Map::len)
    }

    /// True where it knows nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every key in order with what is said of it, for tools that build other lists.
    pub fn each(&self, mut f: impl FnMut(&[u8], Entry)) {
        let Some(map) = &self.map else { return };
        let mut stream = map.into_stream();
        while let Some((k, v)) = stream.next() {
            f(k, Entry::from_code(v));
        }
    }

    /// All keys in order, for tests and tools.
    pub fn keys(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.each(|k, _| out.push(String::from_utf8_lossy(k).into_owned()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_forms_of_marks_are_understood() {
        let list = [("Paris", 0), ("o'clock", 2), ("haus", 3), ("Haus", 1), ("sense", 0)];
        let list = WordList::new(WordList::build(list.into_iter()).expect("built"));
        assert!(list.has("Paris") && !list.has("paris") && list.has("PARIS") && list.has("O\u{2019}clock"));
        assert!(list.has("\u{17F}en\u{17F}e") && !list.has("sens"));
        assert_eq!(list.entry("HAUS"), Some(Entry { lower: true, capital: true, band: 1 }));
        assert_eq!((list.len(), WordList::new(b"nothing".as_slice()).len()), (4, 0));
    }
}
