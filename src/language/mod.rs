//! Lexicons, n-gram models and confusion tables: read-only resources, built ahead from `dictionaries/`.
//!
//! It must never look at a document's structure or decide an edit.

mod counts;
pub mod fold;
mod han;
mod ngram;

pub use counts::{BadTable, CountTable};
pub use han::{Crossing, HanWords};
pub use ngram::{CharCounter, CharModel};

use std::collections::BTreeMap;

/// Chinese words, compiled from `dictionaries/zh-words.tsv` by `cargo run --example build_tables`.
const ZH_WORDS: &[u8] = include_bytes!("../../dictionaries/compiled/zh-words.table");
/// Counts of character sequences in Chinese news, built by `cargo run --example build_tables -- chars ...`.
const ZH_CHARS: &[u8] = include_bytes!("../../dictionaries/compiled/zh-chars.table");

/// English words, compiled from `dictionaries/en-words.tsv` by `cargo run --example build_tables`.
const EN_WORDS: &[u8] = include_bytes!("../../dictionaries/compiled/en-words.table");

/// All resources a run may ask. `Default` knows nothing; [`Language::embedded`] is what the tool uses.
#[derive(Clone, Debug, Default)]
pub struct Language {
    /// Chinese words.
    pub han: HanWords,
    /// Chinese characters in sequence.
    pub chars: CharModel,
    /// English words.
    pub english: CountTable,
}

impl Language {
    /// The resources that are built into the library. Nothing is loaded: tables are read in place.
    pub fn embedded() -> Self {
        Self {
            han: HanWords::new(CountTable::new(ZH_WORDS).unwrap_or_default()),
            chars: CharModel::new(CountTable::new(ZH_CHARS).unwrap_or_default()),
            english: CountTable::new(EN_WORDS).unwrap_or_default(),
        }
    }

    /// True where an English word list of moderate size has the word, in any case.
    pub fn is_english(&self, word: &str) -> bool {
        self.english.contains(fold::word_key(word))
    }

    /// What was built in: for each table its name, SHA-256 and licence.
    pub fn sources(&self) -> Vec<BTreeMap<String, String>> {
        let row = |name: &str, bytes: &[u8], licence: &str| {
            [("name", name.to_owned()), ("sha256", crate::hash::sha256_hex(bytes)), ("licence", licence.to_owned())]
                .map(|(k, v)| (k.to_owned(), v))
                .into()
        };
        vec![
            row("zh-words", ZH_WORDS, "MIT"),
            row("en-words", EN_WORDS, "SCOWL"),
            row("zh-chars", ZH_CHARS, "MIT OR Apache-2.0 (counts)"),
        ]
    }
}

/// Stored form of a plain list of words, one a line.
pub fn word_table(tsv: &str) -> Vec<u8> {
    let keys: std::collections::BTreeSet<u64> =
        tsv.lines().filter(|l| !l.starts_with('#')).map(fold::word_key).collect();
    let rows: Vec<(u64, u64)> = keys.into_iter().map(|k| (k, 1)).collect();
    CountTable::build(&rows, 3, rows.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_words_are_current() {
        let tsv = include_str!("../../dictionaries/zh-words.tsv");
        assert!(HanWords::build(tsv) == ZH_WORDS, "run `cargo run --example build_tables`");
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
    fn the_embedded_model_knows_chinese() {
        let l = Language::embedded();
        assert!(l.han.frequency(&['希', '望']) > 100.0 && l.han.crossing("的医", "疗队员").word.starts_with('医'));
        let v: Vec<char> = "医疗卫".chars().collect();
        assert!(l.chars.log_prob(&v, '生') > -2.0);
    }
}
