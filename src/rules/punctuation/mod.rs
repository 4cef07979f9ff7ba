//! Rules of the stage `punctuation`.
//!
//! Marks change their width and form here, never their place among letters; no letter, digit or Han character is
//! touched, and no space is put in.

mod brackets;
mod forms;
mod latin;
mod quotes;
mod running;
mod spacing;
mod width;

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&forms::CHECK, &width::CHECK, &spacing::CHECK, &latin::CHECK, &quotes::CHECK];
