//! Rules of the stage `debris`: what stands on a page and is no part of any story.
//!
//! Whole lines go, with their line end; only a jump mark may go from within a line. Position alone never makes a line
//! debris, and nothing that could be a sentence goes.

mod captions;
mod continues;
mod credits;
mod fields;
mod folio;
mod furniture;
mod jump;
mod jump_head;
mod labels;
mod likeness;
mod listed;
mod order;
mod pages;
mod rules;
mod strokes;
mod zone;

use crate::document::{Document, Line};
use crate::rule::Check;
use crate::text::Span;

/// The checks of this stage, in order of rank.
pub static CHECKS: &[&Check] =
    &[&jump::CHECK, &furniture::CHECK, &jump_head::CHECK, &strokes::CHECK, &captions::CHECK, &order::CHECK];

/// A line with its line end; a page break or the seam between two files stays.
fn line_with_end(doc: &Document<'_>, line: &Line) -> Span {
    let feed = doc.text().as_bytes().get(line.span.end()) == Some(&b'\x0C');
    Span::new(line.span.start(), if feed { line.span.end() } else { line.next })
}
