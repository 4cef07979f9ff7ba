//! Rules of the stage `lexicon`.

pub mod han;
mod known_misprint;
pub mod latin;
mod marks;

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&known_misprint::CHECK, &latin::CHECK, &han::CHECK, &marks::CHECK];
