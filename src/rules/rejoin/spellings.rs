//! What the words of a document say: how it spells a word, in which language it is, what the lists of that language know.
//!
//! It must never decide what becomes of a hyphen.

use crate::document::Document;
use crate::language::fold::word_key;
use crate::language::{Known, Language, Latin};
use foldhash::{HashMap, HashMapExt};
use std::cell::OnceCell;

/// Words of a document from which its language is judged.
const ENOUGH_WORDS: usize = 3000;
/// The fewest of them from which it can be.
const FEWEST_WORDS: usize = 10;
/// One word in so many is one that the language cannot do without.
const SMALL_WORDS: usize = 20;

/// Words that a language cannot do without and that no other of the three has.
fn is_small_word(lang: Latin, word: &str) -> bool {
    match lang {
        Latin::En => matches!(word, "the" | "of" | "and" | "to" | "that" | "The"),
        Latin::De => matches!(word, "der" | "und" | "die" | "das" | "den" | "von" | "ist" | "nicht" | "Die" | "Der"),
        Latin::Fr => matches!(word, "le" | "la" | "les" | "et" | "des" | "du" | "que" | "une" | "La" | "Le"),
    }
}

/// Spellings of one document, counted on first use.
pub struct Spellings<'d, 't> {
    doc: &'d Document<'t>,
    words: OnceCell<HashMap<u64, u32>>,
    language: OnceCell<Option<Latin>>,
}

impl<'d, 't> Spellings<'d, 't> {
    /// Of a document.
    pub fn new(doc: &'d Document<'t>) -> Self {
        Self { doc, words: OnceCell::new(), language: OnceCell::new() }
    }

    /// The language in which small words are as frequent as in its texts; none where there are too few.
    pub(super) fn language(&self) -> Option<Latin> {
        *self.language.get_or_init(|| {
            let (mut all, mut small) = (0usize, [0usize; 3]);
            for w in self.doc.text().split_whitespace().take(ENOUGH_WORDS) {
                all += 1;
                for (n, &lang) in small.iter_mut().zip(&Latin::ALL) {
                    *n += usize::from(is_small_word(lang, w));
                }
            }
            let best = (0..small.len()).max_by_key(|&k| small[k])?;
            (SMALL_WORDS * small[best] >= all && all > FEWEST_WORDS).then_some(Latin::ALL[best])
        })
    }

    /// How often the document has a word.
    pub(super) fn count(&self, word: &str) -> u32 {
        let words = self.words.get_or_init(|| {
            let mut out: HashMap<u64, u32> = HashMap::new();
            for w in self.doc.text().split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\u{2010}')) {
                let w = w.trim_matches(['-', '\u{2010}']);
                if w.len() > 3 {
                    *out.entry(word_key(w)).or_default() += 1;
                }
            }
            out
        });
        words.get(&word_key(word)).copied().unwrap_or(0)
    }

    /// What the list of the document's language knows of a word; of any language where the document does not say.
    pub(super) fn known(&self, language: &Language, word: &str) -> Known {
        match self.language() {
            Some(lang) => language.known(lang, word),
            None => Latin::ALL.iter().map(|&l| language.known(l, word)).max().unwrap_or(Known::No),
        }
    }

    /// True where the list has the word with a capital only: a name, a German noun.
    pub(super) fn is_noun(&self, language: &Language, word: &str) -> bool {
        let of = |lang: Latin| match language.words(lang).entry(word) {
            Some(e) => e.capital && !e.lower,
            None => lang == Latin::De && language.known(lang, word) == Known::Compound,
        };
        self.language().map_or_else(|| of(Latin::De), of)
    }
}
