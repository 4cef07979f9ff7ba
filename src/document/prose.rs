//! Whether lines are prose that a column broke, by how they begin and end; verse, lists and precepts are not.
//!
//! It must never look at one line alone: each test is of many, and counts.

use super::layout::Shape;
use super::roles::{self, Role};
use super::{Document, faces};
use crate::text::script::{is_cjk_mark, is_closing, is_han, is_letter, is_letter_or_digit};

/// True where so many lines of Latin type go on from the line above, by a small letter or a hyphen, as they do in prose.
pub(super) fn goes_on(doc: &Document<'_>, lines: &[Shape], share: f32) -> bool {
    let breaks = lines.windows(2).filter(|w| w[1].blanks == 0);
    let on =
        |w: &&[Shape]| w[1].measure.first.is_lowercase() || doc.slice(w[0].measure.ink).ends_with(faces::is_stroke);
    let (all, some) = breaks.fold((0, 0), |(all, some), w| (all + 1, some + usize::from(on(&w))));
    some > 0 && some as f32 >= share * all as f32
}

/// Share of the breaks of a column of prose at which that shows: .2 to .8 in prose of three languages, up to .16 in lists,
/// programmes, advertisements and prices.
pub(super) const GOES_ON: f32 = 0.17;
/// The same for a whole text of which few lines are full: with a paragraph a line it is .22 at the most.
pub(super) const GOES_ON_MIXED: f32 = 0.25;

/// True where nearly every full line ends with a mark: a column breaks its lines where there is no more room, and one in
/// ten so; verse and precepts are of one width too, but each line of them is a sentence or a part of one.
pub(super) fn ends_itself(doc: &Document<'_>, lines: &[Shape], least: usize) -> bool {
    let mut full = 0;
    let mut open = 0;
    for s in lines.iter().filter(|s| s.slack().abs() <= 1.0) {
        full += 1;
        let ink = doc.slice(s.measure.ink).trim_end_matches(is_closing);
        open += usize::from(ink.ends_with(|c: char| is_letter_or_digit(c) || faces::is_stroke(c)));
    }
    full >= least && (open as f32) < OPEN_SHARE * full as f32
}

/// Full lines from which that can be told, and the least share of a column's full lines that end without a mark: .8 to 1 in
/// news and in the articles of 1939, 0 in poems of even lines.
pub(super) const ENDS_ITSELF: usize = 2;
/// The same for one measure among others: last lines of paragraphs are full by chance.
pub(super) const RUN_ENDS_ITSELF: usize = 3;
const OPEN_SHARE: f32 = 0.3;

/// True where lines hold as many marks as running text; verse and lists have few, or one at each end.
pub(super) fn punctuated(doc: &Document<'_>, lines: &[Shape]) -> bool {
    let marked = |s: &&Shape| doc.slice(s.measure.ink).contains(['，', '。', '、', '；', ',', ';']);
    lines.iter().filter(marked).count() as f32 >= PUNCTUATED * lines.len() as f32
}

/// True where marks stand inside narrow lines: those of verse stand at the ends.
pub(super) fn divided(doc: &Document<'_>, lines: &[Shape]) -> bool {
    let inside = |s: &&Shape| {
        let text = doc.slice(s.measure.ink).trim_end_matches(|c| is_cjk_mark(c) || is_closing(c));
        text.contains(['，', '。', '、', '；', ',', ';'])
    };
    lines.iter().filter(inside).count() as f32 >= DIVIDED * lines.len() as f32
}

/// Share of narrow lines with a mark inside, from which that is so. Set by hand.
const DIVIDED: f32 = 0.12;

/// Share of narrow lines with a mark, from which they are running text. Articles of 1939 in columns of seven and eight
/// characters have .27 to .65; songs and couplets have none, precepts a quarter.
const PUNCTUATED: f32 = 0.27;

/// True where lines start with a mark that ends something, or narrow ones hold the end of a sentence that began in the line
/// above: nobody sets a list, a song or a letter so, but a column may fall so where nobody cared how its lines start.
pub(super) fn torn(doc: &Document<'_>, lines: &[Shape]) -> bool {
    let broken = |pair: &&[Shape]| {
        let (l, r) = (&pair[0], &pair[1]);
        let text = doc.slice(r.measure.ink);
        let start = text.starts_with(['，', '、', '。', '；', '）', '」', '』', '》']);
        let inside = || text.split_once('。').is_some_and(|(a, b)| a.ends_with(is_han) && b.starts_with(is_han));
        let under = r.measure.width <= TORN_WIDTH && l.slack().abs() <= 1.0 && is_letter(l.measure.last);
        r.measure.cjk && r.blanks == 0 && (start || under && inside())
    };
    let n = lines.windows(2).filter(broken).count();
    n >= TORN && n as f32 >= TORN_SHARE * lines.len() as f32
}

/// Such lines from which a text is set in columns, their least share, and the width up to which a stop inside counts, in em.
/// Set by hand: one may be a misreading.
const TORN: usize = 2;
const TORN_SHARE: f32 = 0.05;
const TORN_WIDTH: f32 = 12.0;

/// True where so many full lines stop in mid-sentence, with the next one right below them, that the text must be set in
/// lines though their widths differ: several columns and few lines of each.
pub(super) fn run_on(doc: &Document<'_>, lines: &[Shape]) -> bool {
    let runs = |pair: &&[Shape]| {
        let (l, r) = (&pair[0], &pair[1]);
        let full = l.measure.width >= RUN_ON_WIDTH && l.slack().abs() <= 1.0;
        let item = || roles::own_reading(doc.slice(r.measure.ink), &r.measure).role != Role::Body;
        full && r.blanks == 0 && is_letter(l.measure.last) && !item()
    };
    let n = lines.windows(2).filter(runs).count();
    n >= RUN_ON && n as f32 >= RUN_ON_SHARE * lines.len() as f32
}

/// Full lines that stop in mid-sentence, from which a text is set in lines; their least width, in em; their least share.
/// Set by hand: steps of a recipe and answers of an interview are two or three, articles of 1939 in lists of ten lines four.
const RUN_ON: usize = 4;
const RUN_ON_WIDTH: f32 = 12.0;
const RUN_ON_SHARE: f32 = 0.25;
