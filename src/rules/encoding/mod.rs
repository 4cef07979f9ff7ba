//! Rules of the stage `encoding`: text that was read in a wrong encoding, and what a wrong reading leaves behind.
//!
//! Decoding the file itself again is always better than repairing its text; that is the work of `source`. A rule here
//! must never change text without proof from the bytes it would have been.

mod cjk;
mod codes;
mod controls;
mod layer;
mod misread;
mod page;
mod utf8;

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&misread::CHECK];
