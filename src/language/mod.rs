//! Lexicons, n-gram models and confusion tables: read-only resources, built ahead from `dictionaries/`.
//!
//! It must never look at a document's structure or decide an edit.

mod around;
mod between;
mod channel;
mod compound;
mod context;
mod counts;
pub mod fold;
mod guess;
mod han;
#[cfg(feature = "hunspell")]
mod hunspell;
mod idioms;
mod latin_model;
mod lookalike;
mod model;
mod near;
mod nearby;
mod ngram;
mod old_spelling;
mod own;
mod pairs;
mod search;
mod title_words;
mod trees;
mod walker;
mod words;

pub use around::Around;
pub use between::{Between, Fit};
pub use channel::{Channel, Confusion, swap_key};
pub use context::{ContextCounter, Least, WordContext};
pub use counts::{BadTable, CountTable};
pub use guess::{guess, guess_tag, is_function_word};
pub use han::{Crossing, HanWords};
pub use idioms::Idioms;
pub use latin_model::{LatinModel, Misreads, Parsed};
pub use lookalike::{LookAlike, LookAlikes, Row};
pub use model::{HanCounter, HanModel};
pub use near::{Near, NearList};
pub use nearby::Nearby;
pub use ngram::{CharCounter, CharModel, key};
pub use own::{BadModel, OwnCounter, OwnModel};
pub use pairs::{Familiar, Glyph, PairMap};
pub use search::{Found, Reach, Room, search};
pub use title_words::{BadWords, TitleWords, WordLine};
pub use trees::Trees;
pub use words::{Entry, Latin, WordList, fold_word};

use crate::text::lists;
use std::collections::BTreeMap;

/// Chinese words, compiled from `dictionaries/zh-words.tsv` by `cargo run --example build_tables`.
const ZH_WORDS: &[u8] = include_bytes!("../../dictionaries/compiled/zh-words.table");
/// Idioms with one character left open, compiled from `dictionaries/zh-words.tsv` by `cargo run --example build_tables`.
const ZH_IDIOMS: &[u8] = include_bytes!("../../dictionaries/compiled/zh-idioms.table");
/// Counts of character sequences in Chinese news, built by `cargo run --example build_tables -- chars ...`.
const ZH_CHARS: &[u8] = include_bytes!("../../dictionaries/compiled/zh-chars.table");
/// The larger model of the lexicon stage, built by `cargo run --release --example learn_han -- model ...`.
const ZH_MODEL: &[u8] = include_bytes!("../../dictionaries/compiled/zh-model.table");

/// English words, compiled from `dictionaries/en-words.tsv` by `cargo run --example build_tables`.
const EN_WORDS: &[u8] = include_bytes!("../../dictionaries/compiled/en-words.table");

/// Words of English, German and French, compiled by `cargo run --example build_words`; DATA-LICENSES.md has the sources.
const LATIN_WORDS: [&[u8]; 3] = [
    include_bytes!("../../dictionaries/compiled/en-words.fst"),
    include_bytes!("../../dictionaries/compiled/de-words.fst"),
    include_bytes!("../../dictionaries/compiled/fr-words.fst"),
];

/// What was learned of one language: confusions, misread words, trees, and the counts in context.
macro_rules! learned {
    ($tag:literal) => {
        (
            include_str!(concat!("../../dictionaries/", $tag, "-confusions.tsv")),
            include_str!(concat!("../../dictionaries/", $tag, "-misreads.tsv")),
            include_str!(concat!("../../dictionaries/", $tag, "-lexicon-trees.tsv")),
            include_bytes!(concat!("../../dictionaries/compiled/", $tag, "-context.table")) as &[u8],
            include_bytes!(concat!("../../dictionaries/compiled/", $tag, "-near.fst")) as &[u8],
        )
    };
}

/// What was learned of one language: confusions, misread words, trees, words in context, words to look among.
type Learned = (&'static str, &'static str, &'static str, &'static [u8], &'static [u8]);

/// Learned by `cargo run --release --example learn_lexicon`, in the order of [`Latin::ALL`].
const LATIN_LEARNED: [Learned; 3] = [learned!("en"), learned!("de"), learned!("fr")];

/// What stands for the licence of what a user added.
pub(crate) const OWN: &str = "the user's own";

/// What is known of a word.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Known {
    /// Nothing.
    No,
    /// German: words of the list, one after another.
    Compound,
    /// A spelling that was right in its day.
    OldSpelling,
    /// It is in the list.
    Listed,
}

/// All resources a run may ask. `Default` knows nothing; [`Language::embedded`] is what the tool uses.
#[derive(Clone, Debug, Default)]
pub struct Language {
    /// Chinese words.
    pub han: HanWords,
    /// Chinese characters in sequence.
    pub chars: CharModel,
    /// Chinese idioms.
    pub idioms: Idioms,
    /// Chinese characters side by side.
    pub model: HanModel,
    /// Han characters drawn alike.
    pub look_alikes: LookAlikes,
    /// English words.
    pub english: CountTable,
    /// Words of the Latin languages, in the order of [`Latin::ALL`].
    pub latin: [WordList; 3],
    models: [LatinModel; 3],
    /// Models of own text, with their names.
    own: Vec<(String, OwnModel)>,
}

impl Language {
    /// The resources that are built into the library. Nothing is loaded: tables are read in place.
    pub fn embedded() -> Self {
        Self {
            han: HanWords::new(CountTable::new(ZH_WORDS).unwrap_or_default()),
            chars: CharModel::new(CountTable::new(ZH_CHARS).unwrap_or_default()),
            idioms: Idioms::new(ZH_IDIOMS).unwrap_or_default(),
            model: HanModel::new(ZH_MODEL).unwrap_or_default().mapped(),
            look_alikes: LookAlikes::embedded(),
            english: CountTable::new(EN_WORDS).unwrap_or_default(),
            latin: LATIN_WORDS.map(WordList::new),
            models: LATIN_LEARNED.map(|(confusions, misreads, trees, counts, near)| {
                let context = WordContext::new(CountTable::new(counts).unwrap_or_default());
                LatinModel::new(confusions, misreads, trees, context, NearList::new(near))
            }),
            own: Vec::new(),
        }
    }

    /// The same resources with the counts of own text added, each model under its name.
    #[must_use]
    pub fn with_models(mut self, models: Vec<(String, OwnModel)>) -> Self {
        for (_, own) in &models {
            if let Some(table) = own.chinese() {
                self.model = self.model.with(table.clone());
                self.chars = self.chars.with(table.clone());
            }
            for (lang, model) in Latin::ALL.into_iter().zip(&mut self.models) {
                if let Some(table) = own.latin(lang) {
                    model.context = std::mem::take(&mut model.context).with(table.clone());
                }
            }
        }
        self.own.extend(models);
        self
    }

    /// Models of own text with their names, in the order in which they were added.
    pub fn own_models(&self) -> &[(String, OwnModel)] {
        &self.own
    }

    /// True where an English word list of moderate size has the word, in any case.
    pub fn is_english(&self, word: &str) -> bool {
        self.english.contains(fold::word_key(word))
    }

    /// The word list of a language.
    pub fn words(&self, lang: Latin) -> &WordList {
        &self.latin[lang as usize]
    }

    /// What was learned of a language. Its tables are read when they are first asked.
    pub fn model(&self, lang: Latin) -> &LatinModel {
        &self.models[lang as usize]
    }

    /// Puts another model in the place of a language's own, as learning by folds does.
    pub fn set_model(&mut self, lang: Latin, model: LatinModel) {
        self.models[lang as usize] = model;
    }

    /// True where `word`, as it is written, is in the language's list or an old spelling of a word that is. A word in
    /// small letters must be listed so; one with a capital may be either. A lookup costs about a microsecond, the rules
    /// of old spellings some more for words that no list has.
    pub fn is_word(&self, lang: Latin, word: &str) -> bool {
        self.is_listed(lang, word) || self.is_old_spelling(lang, word)
    }

    /// True where the built-in list or a dictionary that the user gave has the word.
    fn is_listed(&self, lang: Latin, word: &str) -> bool {
        self.words(lang).has(word) || self.own.iter().any(|(_, own)| own.has(lang, word))
    }

    /// True where the word was spelled so in its day and is spelled otherwise now.
    pub fn is_old_spelling(&self, lang: Latin, word: &str) -> bool {
        old_spelling::modern(lang, word, &|form| self.words(lang).entry(form).is_some()).is_some()
    }

    /// What is known of a word, by the strongest claim.
    pub fn known(&self, lang: Latin, word: &str) -> Known {
        if self.is_listed(lang, word) {
            Known::Listed
        } else if self.is_old_spelling(lang, word) {
            Known::OldSpelling
        } else if lang == Latin::De && compound::is_compound(self.words(lang), word) {
            Known::Compound
        } else {
            Known::No
        }
    }

    /// What is used: for each table and each model of own text its name, SHA-256 and licence.
    pub fn sources(&self) -> Vec<BTreeMap<String, String>> {
        let sum = |name| SUMS.iter().find(|s| s.0 == name).map_or("", |s| s.1).to_owned();
        let built_in = BUILT_IN.iter().map(|&(name, licence)| source(name, sum(name), licence));
        let own = self.own.iter().map(|(name, m)| source(name, crate::hash::sha256_hex(m.bytes()), OWN));
        built_in.chain(own).collect()
    }
}

/// The tables that are built in, with their licences. `build.rs` takes their sums.
const BUILT_IN: [(&str, &str); 27] = [
    ("de-confusions.tsv", COUNTS),
    ("de-context.table", COUNTS),
    ("de-lexicon-trees.tsv", COUNTS),
    ("de-misreads.tsv", COUNTS),
    ("de-near.fst", DE_WORDS),
    ("de-words.fst", DE_WORDS),
    ("en-confusions.tsv", COUNTS),
    ("en-context.table", COUNTS),
    ("en-lexicon-trees.tsv", COUNTS),
    ("en-misreads.tsv", COUNTS),
    ("en-near.fst", "SCOWL"),
    ("en-words.fst", "SCOWL"),
    ("en-words.table", "SCOWL"),
    ("fr-confusions.tsv", COUNTS),
    ("fr-context.table", COUNTS),
    ("fr-lexicon-trees.tsv", COUNTS),
    ("fr-misreads.tsv", COUNTS),
    ("fr-near.fst", "MPL-2.0"),
    ("fr-words.fst", "MPL-2.0"),
    ("han-look-alikes.tsv", COUNTS),
    ("han-misreads.tsv", COUNTS),
    ("han-weights.tsv", COUNTS),
    ("zh-chars.table", COUNTS),
    ("zh-idioms.table", "MIT"),
    ("zh-model.table", COUNTS),
    ("zh-pairs.table", COUNTS),
    ("zh-words.table", "MIT"),
];
/// Counts and weights of our own.
const COUNTS: &str = "MIT OR Apache-2.0";
/// Of the German words: their forms, and their bands.
const DE_WORDS: &str = "CC0-1.0 AND CC-BY-4.0";
/// Name and SHA-256 of every table, by name.
const SUMS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/sums.rs"));

/// A row about a table.
fn source(name: &str, sha256: String, licence: &str) -> BTreeMap<String, String> {
    [("name", name.to_owned()), ("sha256", sha256), ("licence", licence.to_owned())]
        .map(|(k, v)| (k.to_owned(), v))
        .into()
}

/// Stored form of a plain list of words, one a line.
pub fn word_table(tsv: &str) -> Vec<u8> {
    let keys: std::collections::BTreeSet<u64> = lists::rows(tsv).map(fold::word_key).collect();
    let rows: Vec<(u64, u64)> = keys.into_iter().map(|k| (k, 1)).collect();
    CountTable::build(&rows, 3, rows.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_table_has_its_sum() {
        for (name, _) in BUILT_IN {
            let paths = ["compiled/", ""].map(|f| format!("{}/dictionaries/{f}{name}", env!("CARGO_MANIFEST_DIR")));
            let bytes = paths.iter().find_map(|p| std::fs::read(p).ok()).expect("the table is there");
            assert!(SUMS.contains(&(name, &crate::hash::sha256_hex(&bytes))), "{name}");
        }
    }

    #[test]
    fn compiled_words_are_current() {
        let tsv = include_str!("../../dictionaries/zh-words.tsv");
        assert!(HanWords::build(tsv) == ZH_WORDS, "run `cargo run --example build_tables`");
        assert!(Idioms::build(tsv) == ZH_IDIOMS, "run `cargo run --example build_tables`");
        let tsv = include_str!("../../dictionaries/en-words.tsv");
        assert!(word_table(tsv) == EN_WORDS, "run `cargo run --example build_tables`");
    }

    #[test]
    fn dictionaries_are_sorted_unique_and_normal() {
        use unicode_normalization::is_nfc;
        let all = [
            include_str!("../../dictionaries/zh-words.tsv"),
            include_str!("../../dictionaries/zh-variants.tsv"),
            include_str!("../../dictionaries/en-words.tsv"),
            include_str!("../../dictionaries/en-extra.tsv"),
        ];
        for tsv in all {
            assert!(tsv.starts_with("# licence: ") && tsv.lines().nth(1).is_some_and(|l| l.starts_with("# source: ")));
            let keys: Vec<&str> =
                tsv.lines().filter(|l| !l.starts_with("# ")).filter_map(|l| l.split('\t').next()).collect();
            assert!(keys.windows(2).all(|w| w[0] < w[1]), "not sorted or not unique");
            assert!(keys.iter().all(|k| is_nfc(k)));
        }
    }

    #[test]
    fn latin_words_and_old_spellings_are_known_as_they_are_written() {
        let l = Language::embedded();
        for w in ["government", "Government", "GOVERNMENT", "Paris", "connexion", "shew", "don\u{2019}t", "publick"] {
            assert!(l.is_word(Latin::En, w), "{w}");
        }
        for w in ["Regierung", "Regierungssprecher", "daß", "thun", "Theil", "seyn", "Häuser", "regiren", "muſs"] {
            assert!(l.is_word(Latin::De, w), "{w}");
        }
        for w in ["gouvernement", "étoit", "enfans", "siége", "poëte", "mangeaient", "François", "était"] {
            assert!(l.is_word(Latin::Fr, w), "{w}");
        }
        for (lang, w) in [
            (Latin::En, "govemment"),
            (Latin::En, "paris"),
            (Latin::En, "tbe"),
            (Latin::De, "Regiernng"),
            (Latin::De, "nnd"),
            (Latin::Fr, "gouvcrnement"),
        ] {
            assert!(!l.is_word(lang, w), "{w}");
        }
        assert_eq!(l.known(Latin::De, "Dampfmühlenverwaltung"), Known::Compound);
    }

    #[test]
    fn the_english_and_french_lists_are_current() {
        let files = ["en-words", "en-extra"].map(|n| format!("{}/dictionaries/{n}.tsv", env!("CARGO_MANIFEST_DIR")));
        let text = files.map(|f| std::fs::read_to_string(f).expect("readable"));
        let words = text.iter().flat_map(|t| t.lines()).filter(|l| !l.starts_with('#')).map(|w| (w, 0));
        assert!(
            WordList::build(words).expect("built") == LATIN_WORDS[0],
            "run `cargo run --example build_words -- en`"
        );
    }

    #[test]
    fn learned_tables_are_sorted_name_their_source_and_read_whole() {
        for (lang, (confusions, misreads, trees, context, near)) in Latin::ALL.into_iter().zip(LATIN_LEARNED) {
            for tsv in [confusions, misreads, trees] {
                assert!(
                    tsv.starts_with("# licence: ") && tsv.lines().nth(1).is_some_and(|l| l.starts_with("# source: "))
                );
            }
            for tsv in [confusions, misreads] {
                let rows: Vec<&str> = tsv.lines().filter(|l| !l.starts_with("# ")).collect();
                assert!(rows.len() > 100 && rows.windows(2).all(|w| w[0] < w[1]), "{lang:?}: not sorted or not unique");
            }
            let rows = confusions.lines().filter(|l| !l.starts_with("# ")).count();
            assert_eq!(Channel::parse(confusions).len(), rows, "{lang:?}");
            let near = NearList::new(near);
            let keys = Language::embedded().words(lang).keys();
            let lacks = keys.iter().step_by(37).find(|w| near.get(w).is_none_or(|n| n.seen));
            assert!(lacks.is_none() && near.len() >= keys.len(), "{lang:?}: {lacks:?}: run learn_lexicon again");
            assert!(CountTable::new(context).is_ok());
        }
    }

    #[test]
    fn the_embedded_model_knows_chinese() {
        let l = Language::embedded();
        assert!(l.han.frequency(&['希', '望']) > 100.0 && l.han.crossing("的医", "疗队员").word.starts_with('医'));
        let v: Vec<char> = "医疗卫".chars().collect();
        assert!(l.chars.log_prob(&v, '生') > -2.0);
    }
}
