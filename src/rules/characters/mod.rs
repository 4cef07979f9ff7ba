//! Rules of the stage `characters`: each character to its ordinary form, invisible ones out, line ends to one kind.
//!
//! A character changes only under the rule that names its defect; compatibility data is asked per character, and no
//! text is ever normalised as a whole.

mod composed;
mod forms;
mod han;
mod invisible;
mod lines;
mod lookalike;
mod scan;
mod spaces;
mod width;

use crate::rule::Check;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&scan::CHECK, &lines::CHECK, &spaces::CHECK];
