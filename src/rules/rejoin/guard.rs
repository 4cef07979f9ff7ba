//! Places that are never joined, whatever the evidence says.
//!
//! It must never weigh anything: a place is guarded or it is not.

use super::marks::{End, bracket_across, end_of};
use crate::document::jumps::ends_with_jump;
use crate::document::roles::{has_inner_space, headline_shape};
use crate::document::{Document, Layout, Role, Shape, ends_sentence};
use crate::text::script::{forbidden_at_line_start, is_opening};

/// Where a line is a paragraph, a line below this width (em) is short.
const SHORT: f32 = 20.0;
/// A line of a headline whose slack is below this may go on in the next line, in em; digits and quotes vary in width.
const HEADLINE_FULL: f32 = 1.6;

/// Places that are never joined, whatever the evidence: headlines, bylines, the starts of stories, items of lists.
pub fn guarded(doc: &Document<'_>, layout: &Layout, right: usize) -> bool {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    let left = doc.slice(l.measure.ink);
    if ends_with_jump(left) || r.measure.width < SHORT && ends_with_jump(doc.slice(r.measure.ink)) {
        // The story goes on elsewhere: whatever follows the mark is not its next line.
        return true;
    }
    let closing = forbidden_at_line_start(r.measure.first) && !is_opening(r.measure.first);
    if closing && !matches!(r.measure.first, '"' | '\'' | '»' | '«') || bracket_across(left, doc.slice(r.measure.ink))
    {
        // No line starts with a closing mark, and a bracket that is open goes on.
        return false;
    }
    if layout.wrapped && runs_on(l, r, left) {
        // A full line that stops in mid-sentence: what looks like a byline or a caption may be part of a sentence.
        return r.role == Role::Dateline;
    }
    if l.role == Role::Caption && layout.wrapped || l.role.keeps_its_lines() || r.role.keeps_its_lines() {
        return true;
    }
    if layout.wrapped {
        // A headline in one size may fill its line and go on in the next one.
        let full = l.slack().abs() < HEADLINE_FULL && r.blanks == 0;
        if full && matches!(l.role, Role::Headline | Role::Body) && r.role == Role::Headline && !ends_sentence(left) {
            return false;
        }
    } else if r.role == Role::Caption
        || unfinished_pair(doc, l, r)
        || spaced(left, l)
        || (r.role == Role::List && end_of(left) != End::Letter)
    {
        return true;
    }
    matches!(r.role, Role::Headline | Role::Byline | Role::Dateline | Role::Subhead)
        || matches!(l.role, Role::Headline | Role::Byline | Role::Subhead)
        || (l.role == Role::List && r.role == Role::List)
}

/// A full line of a text that ends no sentence, with the next one right below it.
fn runs_on(l: &Shape, r: &Shape, left: &str) -> bool {
    let full = l.slack().abs() < HEADLINE_FULL && r.blanks == 0;
    let open = matches!(end_of(left), End::Letter | End::Comma | End::Digit | End::Opening);
    let kept = |s: &Shape| s.role == Role::List || s.role.keeps_its_lines();
    full && open && !(kept(l) && kept(r)) && !matches!(l.role, Role::Headline | Role::Byline | Role::Subhead)
}

/// A short line set with spaces between its words, as headlines and signatures are.
fn spaced(left: &str, l: &Shape) -> bool {
    l.measure.width < SHORT && has_inner_space(left) && headline_shape(left, &l.measure)
}

/// Two short lines, neither with a sentence's end: rows of a table, verse, names, headlines; not a torn paragraph.
fn unfinished_pair(doc: &Document<'_>, l: &Shape, r: &Shape) -> bool {
    l.measure.width < SHORT && r.measure.width < SHORT && !ends_sentence(doc.slice(r.measure.ink))
}
