//! Rules of the stage `rejoin`: lines to paragraphs, over blank lines, columns, pages and files.
//!
//! One function weighs all evidence for a break ([`weights::Weights::probability`]). A join takes away white space, form
//! feeds and hyphens, never a letter. Headlines, bylines and the starts of stories are never joined to.

pub mod guard;
pub mod terms;
pub mod weights;

mod ceiling;
mod hyphen;
mod join;
mod rules;

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&join::CHECK];
