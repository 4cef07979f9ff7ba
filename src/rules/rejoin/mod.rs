//! Rules of the stage `rejoin`: lines to paragraphs, over blank lines, columns, pages and files.
//!
//! One function weighs all evidence for a break ([`weights::Weights::probability`]). A join takes away white space, form
//! feeds and hyphens, never a letter. Headlines, bylines and the starts of stories are never joined to.

pub mod facts;
pub mod guard;
pub mod names;
pub mod terms;
pub mod weights;

mod ceiling;
mod hyphen;
mod join;
mod marks;
mod rows;
mod rules;
mod settle;
mod spellings;

use crate::document::{Document, Layout};
use crate::language::Language;
use crate::rule::{Check, Confidence};

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] = &[&join::CHECK];

pub use spellings::Spellings;

/// True where the evidence for a break is weighed: it is not guarded, and no hyphen or ceiling decides it alone.
pub fn is_weighed(
    doc: &Document<'_>,
    layout: &Layout,
    sides: &facts::Sides,
    right: usize,
    spellings: &Spellings<'_, '_>,
    language: &Language,
) -> bool {
    let judged = join::hyphen_at(doc, layout, right, spellings, language);
    !judged.verdict.is_hyphen()
        && ceiling::ceiling(doc, layout, sides, right, &judged) >= Some(Confidence::Likely)
        && !guard::guarded(doc, layout, sides, right)
}
