//! Words of a Hunspell dictionary that a user gives: they are known, as those of the built-in lists are.
//!
//! It must never propose a word: affixes and compounds can be checked, not listed.

use super::words::Latin;
use spellbook::Dictionary;
use std::fmt;
use std::sync::Arc;

/// A dictionary and the language it is for. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hunspell {
    lang: Latin,
    dictionary: Arc<Dictionary>,
}

impl fmt::Debug for Hunspell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hunspell").field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Hunspell {
    /// Reads both files as text; None where they are no Hunspell dictionary.
    pub(super) fn new(lang: Latin, aff: &str, dic: &str) -> Option<Self> {
        Some(Self { lang, dictionary: Arc::new(Dictionary::new(aff, dic).ok()?) })
    }

    /// True where it is for the language and takes the word as it is written.
    pub(super) fn has(&self, lang: Latin, word: &str) -> bool {
        self.lang == lang && self.dictionary.check(&word.replace('\u{2019}', "'"))
    }
}
