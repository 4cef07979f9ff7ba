//! The highest confidence that the place of a break allows, whatever its probability: what joins two texts by mistake is
//! a blank line, a page, a change of measure, columns read across.
//!
//! It must never raise a confidence.

use super::facts::Sides;
use super::hyphen::{Judged, Verdict};
use super::join::COLUMN_FULL;
use super::marks::End;
use crate::document::{Document, Layout};
use crate::rule::Confidence;

/// A line with a hyphen that ends this far from its column's edge, in em, was divided by no compositor.
const LOOSE: f32 = 4.0;
/// Width of a letter, in em.
const LETTER: f32 = 0.5;
/// A line with more room than that, in em, behind what the next one begins with, has come to its end. A first line of
/// Chinese that lost its indent has two.
const ROOM: f32 = 3.0;
/// White space of that many characters inside a line is the gap between two columns.
const GAP: usize = 3;
/// What OCR makes of the rule between two columns.
const RULE: &str = " | ";
/// Letters on both sides of a gap between two columns.
const LETTERS: usize = 4;

/// The highest confidence of a join; None where there is none at all.
pub(super) fn ceiling(
    doc: &Document<'_>,
    layout: &Layout,
    sides: &Sides,
    right: usize,
    hyphen: &Judged,
) -> Option<Confidence> {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    let far = is_far(doc, layout, right);
    // Behind a hyphen that was there before the break, the whole next word had no room.
    let word = || doc.slice(r.measure.ink).chars().take_while(|c| !c.is_whitespace()).count();
    let room = if hyphen.verdict == Verdict::Keep { LOOSE.max(LETTER * word() as f32 + 1.0) } else { LOOSE };
    let loose = layout.wrapped && ((l.column - r.column).abs() >= COLUMN_FULL || l.slack() > room);
    let most = match hyphen.verdict {
        Verdict::None | Verdict::Lost => Confidence::Certain,
        Verdict::Apart => return None,
        // A capital over a blank line begins another text.
        _ if hyphen.capital && far && !hyphen.known => return None,
        _ if hyphen.known && !hyphen.odd && (hyphen.listed || !far) => Confidence::Certain,
        _ if hyphen.known && !far => Confidence::Likely,
        // A hyphen before a capital stays where the word is spelt so; else it may be another text, or a long s.
        Verdict::Undo if hyphen.capital => Confidence::Suggest,
        _ if far && (loose || !hyphen.torn || hyphen.capital) => Confidence::Suggest,
        _ if hyphen.capital && !hyphen.compound => Confidence::Suggest,
        _ if loose && !hyphen.torn => Confidence::Suggest,
        _ if far || loose || hyphen.odd || hyphen.capital => Confidence::Likely,
        _ => Confidence::Certain,
    };
    let across = sides.lines[right - 1].across || sides.lines[right].across;
    // Chinese type leaves gaps that no column made: there the weights are asked, and more is asked of them (`join`).
    let doubtful = across && (hyphen.verdict.is_hyphen() || !(l.measure.cjk && r.measure.cjk));
    Some(if doubtful { Confidence::Suggest } else { most })
}

/// True for a line that leaves room and ends without a mark, behind the end of a sentence: it would be a paragraph's last
/// line, and that ends its sentence. It is a heading, a name, a row.
pub(super) fn would_hang(doc: &Document<'_>, layout: &Layout, sides: &Sides, right: usize) -> bool {
    let above = &sides.lines[right - 1];
    above.ends && !above.open && is_bare(doc, layout, sides, right)
}

/// True for two such lines, one below the other.
pub(super) fn are_headings(doc: &Document<'_>, layout: &Layout, sides: &Sides, right: usize) -> bool {
    right > 1 && would_hang(doc, layout, sides, right - 1) && is_bare(doc, layout, sides, right)
}

fn is_bare(doc: &Document<'_>, layout: &Layout, sides: &Sides, i: usize) -> bool {
    matches!(sides.lines[i].end, End::Letter | End::Digit) && is_open_line(doc, layout, i)
}

/// True where line `i` leaves more room than what follows it needs: no compositor broke it there. In Latin type, whose
/// measures are rougher, only where what follows begins with no small letter either.
pub(super) fn is_open_line(doc: &Document<'_>, layout: &Layout, i: usize) -> bool {
    let cjk = layout.lines[i].measure.cjk;
    let small = || layout.lines.get(i + 1).is_some_and(|r| r.measure.first.is_lowercase());
    layout.wrapped && (cjk || !small()) && layout.lines[i].slack() - layout.unit_after(doc, i).whole > ROOM
}

/// A blank line or a page's end stands between the two.
fn is_far(doc: &Document<'_>, layout: &Layout, right: usize) -> bool {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    r.blanks > 0 || doc.lines()[l.line].page != doc.lines()[r.line].page
}

/// The same, or the measure changes.
pub(super) fn is_apart(doc: &Document<'_>, layout: &Layout, right: usize) -> bool {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    is_far(doc, layout, right) || layout.wrapped && (l.column - r.column).abs() >= COLUMN_FULL
}

/// True where the line holds a wide gap or a column rule between words: it was read across columns, and its end is no
/// line's end. Specks apart from the text make a gap as well, and say nothing.
pub(super) fn reads_across(text: &str) -> bool {
    let wide = |at: usize, len: usize| worded(&text[..at]) && worded(&text[at + len..]);
    let (mut run, mut from) = (0, 0);
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            from = if run == 0 { at } else { from };
            run += 1;
            continue;
        }
        if run >= GAP && wide(from, at - from) {
            return true;
        }
        run = 0;
    }
    text.match_indices(RULE).any(|(at, m)| wide(at, m.len()))
}

/// True where the text holds enough letters for a word or two.
fn worded(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).nth(LETTERS - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_across_are_seen() {
        assert!(reads_across("the mayor said   who had been") && reads_across("the mayor | who had been"));
        assert!(!reads_across("the mayor said  who|had been"));
        assert!(!reads_across("the mayor said who had    ]") && !reads_across("| the mayor said"));
    }
}
