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
    }
}

/// All rules in order of stage and rank.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    Stage::ALL.into_iter().flat_map(checks).flat_map(|c| c.rules.iter().copied())
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|r| r.id == id)
}
