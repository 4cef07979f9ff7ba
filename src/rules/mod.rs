//! The registry: every check in the order in which it wins over later ones.
//!
//! It must never hold the code of a rule; each stage's folder does.

pub mod characters;
pub mod debris;
pub mod encoding;
pub mod lexicon;
pub mod punctuation;
pub mod rejoin;

use crate::rule::{Check, Rule, Stage};

/// The checks of one stage, first come first served where two want the same place.
pub fn checks(stage: Stage) -> &'static [&'static Check] {
    match stage {
        Stage::Encoding => encoding::CHECKS,
        Stage::Characters => characters::CHECKS,
        Stage::Debris => debris::CHECKS,
        Stage::Rejoin => rejoin::CHECKS,
        Stage::Punctuation => punctuation::CHECKS,
        Stage::Lexicon => lexicon::CHECKS,
        Stage::Review => &[],
    }
}

/// Rules that only text of Chinese or Japanese has a use for: `--lang` without one of them leaves them out.
const CJK_ONLY: &[&str] = &[
    "radical-as-character",
    "compatibility-ideograph",
    "full-width-letter-or-digit",
    "half-width-katakana",
    "spaced-out-han",
    "space-inside-clause",
    "split-word-across-break",
    "ellipsis-of-dots",
    "dash-of-hyphens",
    "split-title-mark",
    "doubled-mark",
    "half-width-bracket",
    "half-width-mark",
    "half-width-stop",
    "space-beside-cjk-mark",
    "turned-quote",
    "han-look-alike",
    "han-slip",
    "misread-bracket",
    "han-one-for-dash",
    "speck-for-stop",
];

/// Rules that only alphabetic text has a use for.
const ALPHABETIC_ONLY: &[&str] = &[
    "latin-ligature",
    "long-s",
    "hyphen-at-line-end",
    "space-before-mark",
    "cjk-mark-in-latin-text",
    "misread-word",
    "words-run-together",
    "word-in-pieces",
];

/// Whether a rule may run where only these languages are expected (tags as `zh-Hans`, `en`); none named: all of them.
pub fn runs_for(id: &str, languages: &[String]) -> bool {
    let cjk = |tag: &String| matches!(tag.split('-').next(), Some("zh" | "ja" | "ko" | "yue" | "lzh"));
    languages.is_empty()
        || !((CJK_ONLY.contains(&id) && !languages.iter().any(cjk))
            || (ALPHABETIC_ONLY.contains(&id) && languages.iter().all(cjk)))
}

/// All rules in order of stage and rank.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    Stage::ALL.into_iter().flat_map(checks).flat_map(|c| c.rules.iter().copied())
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|r| r.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_name_rules_that_are_there_and_leave_out_the_right_ones() {
        assert!(CJK_ONLY.iter().chain(ALPHABETIC_ONLY).all(|id| find(id).is_some()));
        let only = |tags: &[&str]| tags.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert!(runs_for("half-width-mark", &[]) && runs_for("half-width-mark", &only(&["en", "zh-Hans"])));
        assert!(!runs_for("half-width-mark", &only(&["en", "de"])) && runs_for("long-s", &only(&["de"])));
        assert!(!runs_for("long-s", &only(&["zh-Hant"])) && runs_for("jump-line", &only(&["fr"])));
    }
}
