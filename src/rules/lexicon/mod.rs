//! Rules of the stage `lexicon`.

mod known_misprint;
pub mod latin;

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&known_misprint::CHECK, &latin::CHECK];
