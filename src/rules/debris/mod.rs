//! Rules of the stage `debris`.

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[];
