//! Rules of the stage `characters`.

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[];
