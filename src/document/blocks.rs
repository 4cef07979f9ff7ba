//! Blocks that are set line by line: tables, verse, advertisements. They are told by what their lines have in common.
//!
//! A block is never told by one line, and must never take a column of prose: the shapes asked for do not come about by
//! breaking a paragraph into lines.

use super::layout::{Layout, Shape, ends_sentence};
use super::roles::{Reading, Role};
use super::{Document, jumps};
use crate::text::lists;
use crate::text::script::{is_cjk_mark, is_han};

/// Rows from which lines with cells are a table.
const ROWS: usize = 3;
/// White space between two cells, in characters.
const CELL: usize = 2;
/// Lines from which short lines of one kind are verse, in one stanza or several.
const VERSE: usize = 4;
/// Lines of a stanza that show by their lengths alone what they are.
const STANZA: usize = 3;
/// Blank lines between two stanzas.
const STANZA_GAP: u32 = 2;
/// A line of Chinese verse is not wider, in em.
const VERSE_WIDTH: f32 = 18.0;
/// Room behind a line of a column from which it is short, in em.
const SHORT: f32 = 4.0;
/// Share of a poem's lines that may reach the edge, which is this share of the longest line deep.
const FULL: f32 = 0.4;
const EDGE: f32 = 0.08;
/// Share of the lines of even verse that end with a mark.
const MARKED: f32 = 0.6;
/// Words of a line of verse on average.
const WORDS: usize = 2;
/// Lines of a block that is looked at for an advertisement.
const NOTICE: std::ops::RangeInclusive<usize> = 2..=14;

/// Gives the lines of such blocks their role, where they have none of their own.
pub(super) fn assign(doc: &Document<'_>, layout: &mut Layout) {
    marks(doc, layout);
    let blocks = split(doc, layout);
    let mut at = 0;
    while at < blocks.len() {
        let poem = verse(doc, layout, &blocks[at..]);
        for b in &blocks[at..at + poem.unwrap_or(1)] {
            block(doc, layout, b.clone(), poem.is_some());
        }
        at += poem.unwrap_or(1);
    }
}

/// The blocks: each ends at a blank line, a page's end, a line with a role, and in columns where lines that leave room begin
/// or end, or begin or cease to end with a mark: verse has prose above it, and a title.
fn split(doc: &Document<'_>, layout: &Layout) -> Vec<std::ops::Range<usize>> {
    let open = |s: &Shape| s.role == Role::Body;
    let short = |s: &Shape| layout.wrapped && s.measure.cjk && s.slack() > SHORT;
    let marked = |s: &Shape| doc.slice(s.measure.ink).ends_with(|c| is_cjk_mark(c) || matches!(c, ',' | '.' | ';'));
    let alike = |a: &Shape, b: &Shape| short(a) == short(b) && (!short(a) || marked(a) == marked(b));
    let together = |a: &Shape, b: &Shape| {
        let page = doc.lines()[a.line].page == doc.lines()[b.line].page;
        open(a) && open(b) && b.blanks == 0 && page && alike(a, b)
    };
    let (mut blocks, mut from) = (Vec::new(), 0);
    for part in layout.lines.chunk_by(together) {
        blocks.push(from..from + part.len());
        from += part.len();
    }
    blocks
}

/// Lines that are a jump mark or a page's number and nothing else.
fn marks(doc: &Document<'_>, layout: &mut Layout) {
    for (line, jump) in doc.jumps() {
        let k = layout.index_from_line(*line);
        let Some(shape) = layout.lines.get_mut(k).filter(|s| s.line == *line && s.role == Role::Body) else { continue };
        if alone(doc.line_text(&doc.lines()[*line]), jump) {
            set(shape, Role::JumpLine, 0.95, "sends to another page, and says nothing else");
        }
    }
}

fn alone(text: &str, jump: &jumps::Jump) -> bool {
    jump.strong && !text[..jump.from].contains(char::is_alphanumeric)
}

fn set(shape: &mut Shape, role: Role, score: f32, why: &'static str) {
    shape.role = role;
    shape.reading = Reading { role, score, why };
}

fn block(doc: &Document<'_>, layout: &mut Layout, lines: std::ops::Range<usize>, verse: bool) {
    if !verse && lines.len() < ROWS.min(*NOTICE.start()) {
        return;
    }
    let found = if let Some(rows) = table(doc, layout, lines.clone()) {
        rows.into_iter().map(|k| (k, Role::Table, 0.9, "cells in a row, and rows like it beside it")).collect()
    } else if verse {
        lines.map(|k| (k, Role::Verse, 0.85, "short lines of one measure or one beginning")).collect()
    } else if notice(doc, layout, lines.clone()) {
        lines
            .map(|k| (k, Role::Advertisement, 0.75, "telephone, price or address in several lines, no sentence"))
            .collect()
    } else {
        Vec::new()
    };
    for (k, role, score, why) in found {
        set(&mut layout.lines[k], role, score, why);
    }
}

/// Rows of a table: runs of lines that end with a number in a cell of its own, dots or space before it.
fn table(doc: &Document<'_>, layout: &Layout, lines: std::ops::Range<usize>) -> Option<Vec<usize>> {
    let (mut out, mut run): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut close = |run: &mut Vec<usize>| {
        if run.len() >= ROWS {
            out.append(run);
        }
        run.clear();
    };
    for k in lines {
        if is_row(doc.slice(layout.lines[k].measure.ink)) { run.push(k) } else { close(&mut run) }
    }
    close(&mut run);
    (!out.is_empty()).then_some(out)
}

fn is_row(text: &str) -> bool {
    if text.len() > 200 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    // Nearly every line ends here: nothing in it parts two cells.
    let parted = ["  ", "\t", "|", "│", "…", "\u{3000}", "..", "··", " .", " ·"];
    if !parted.iter().any(|p| memchr::memmem::find(text.as_bytes(), p.as_bytes()).is_some()) {
        return false;
    }
    let cells = cells(text);
    let number = |c: &str| {
        let ink = c.chars().filter(|c| !c.is_whitespace()).count();
        2 * c.chars().filter(char::is_ascii_digit).count() >= ink
    };
    // Two cells of which the last is a number, or three and more with two numbers.
    let numbers = cells.iter().filter(|c| number(c)).count();
    cells.len() >= 2 && cells.last().is_some_and(|c| number(c)) || cells.len() >= 3 && numbers >= 2
}

/// The parts of a line between wide spaces, tabs, dot leaders and bars.
fn cells(text: &str) -> Vec<&str> {
    let (mut out, mut start, mut gap, mut gap_at) = (Vec::new(), 0, 0, 0);
    for (i, c) in text.char_indices() {
        let weight = match c {
            '\t' | '|' | '│' | '…' | '\u{3000}' => CELL,
            c if c.is_whitespace() => 1,
            '.' | '·' if gap > 0 || text[i..].starts_with("..") || text[i..].starts_with("··") => 1,
            _ => 0,
        };
        if weight > 0 {
            gap_at = if gap == 0 { i } else { gap_at };
            gap += weight;
        } else {
            if gap >= CELL && gap_at > start {
                out.push(text[start..gap_at].trim());
                start = i;
            }
            gap = 0;
        }
    }
    out.push(text[start..].trim());
    out.retain(|c| !c.is_empty());
    out
}

/// How many blocks, from the first of `blocks` on, are stanzas that are verse together; None where they are none. One stanza
/// alone may be too short to tell.
fn verse(doc: &Document<'_>, layout: &Layout, blocks: &[std::ops::Range<usize>]) -> Option<usize> {
    let shapes = |b: &std::ops::Range<usize>| &layout.lines[b.clone()];
    let near = |b: &std::ops::Range<usize>| layout.lines[b.start].blanks <= STANZA_GAP;
    let han = |b: &std::ops::Range<usize>| 2 * shapes(b).iter().filter(|s| s.measure.cjk).count() > b.len();
    let is_han = han(blocks.first()?);
    let stanza = |b: &std::ops::Range<usize>| {
        let kind = if is_han { han_stanza(doc, shapes(b)) } else { latin_stanza(doc, shapes(b)) };
        b.len() >= 2 && han(b) == is_han && kind
    };
    // Lines of one length that all stand apart.
    let apart = |b: &std::ops::Range<usize>| {
        let (first, own) = (layout.lines[blocks[0].start].measure.width, layout.lines[b.start].measure.width);
        b.len() == 1 && is_han && han(b) && (own - first).abs() < 1.0 && han_stanza(doc, shapes(b))
    };
    let single = blocks[0].len() == 1;
    let fits = |b: &std::ops::Range<usize>| if single { apart(b) } else { stanza(b) };
    let n = blocks.iter().enumerate().take_while(|(i, b)| (*i == 0 || near(b)) && fits(b)).count();
    let poem: Vec<&Shape> = blocks.iter().take(n).flat_map(shapes).collect();
    let tall = blocks.iter().take(n).any(|b| b.len() >= STANZA);
    let told = poem.len() >= VERSE && if is_han { verse_han(doc, &poem) } else { verse_latin(doc, &poem, tall) };
    told.then_some(n)
}

/// Every line is short and ends with a mark, not the one within a list.
fn han_stanza(doc: &Document<'_>, shapes: &[Shape]) -> bool {
    shapes.iter().all(|s| {
        let text = doc.slice(s.measure.ink);
        let marked = text.ends_with(is_cjk_mark) && !text.ends_with('、') || text.ends_with([',', '.', ';', '?', '!']);
        marked && s.measure.width <= VERSE_WIDTH && text.chars().filter(|c| is_han(*c)).count() >= 3
    })
}

/// No line is much longer than another, the last one ends a sentence and not each does.
fn verse_han(doc: &Document<'_>, shapes: &[&Shape]) -> bool {
    let ends = shapes.iter().filter(|s| ends_sentence(doc.slice(s.measure.ink))).count();
    let (mut short, mut long) = (f32::MAX, 0.0_f32);
    for s in shapes {
        (short, long) = (short.min(s.measure.width), long.max(s.measure.width));
    }
    let closed = shapes.last().is_some_and(|s| ends_sentence(doc.slice(s.measure.ink)));
    closed && 3 * ends <= 2 * shapes.len() && 3.0 * short > long
}

/// Every line opens with a capital, none ends within a word, and none names a figure.
fn latin_stanza(doc: &Document<'_>, shapes: &[Shape]) -> bool {
    shapes.iter().all(|s| {
        let text = doc.slice(s.measure.ink);
        let first = text.chars().find(|c| c.is_alphanumeric());
        let figure = text.bytes().any(|b| b.is_ascii_digit());
        first.is_some_and(char::is_uppercase) && !figure && !text.ends_with(['-', '\u{AD}', '¬'])
    })
}

/// Few lines reach the edge (the ends of two paragraphs may look so, a stanza of three lines does not) or most end with a
/// mark, they hold some words, and not all end a sentence: a column of prose is full but for its last line, a list has a
/// word or two a line.
fn verse_latin(doc: &Document<'_>, shapes: &[&Shape], tall: bool) -> bool {
    let text = |s: &Shape| doc.slice(s.measure.ink);
    let longest = shapes.iter().map(|s| s.measure.width).fold(0.0, f32::max);
    let edge = longest - (EDGE * longest).max(1.0);
    let full = shapes.iter().filter(|s| s.measure.width > edge).count();
    let words: usize = shapes.iter().map(|s| text(s).split_whitespace().count()).sum();
    let ends = shapes.iter().filter(|s| ends_sentence(text(s))).count();
    let marks = shapes.iter().filter(|s| text(s).ends_with([',', ';', ':', '.', '!', '?', '—'])).count();
    let ragged = full as f32 <= FULL * shapes.len() as f32;
    (ragged && tall || marks as f32 >= MARKED * shapes.len() as f32)
        && words >= WORDS * shapes.len()
        && 2 * ends < shapes.len()
}

/// A block of short lines without a sentence in which several name a telephone, a price or an address.
fn notice(doc: &Document<'_>, layout: &Layout, lines: std::ops::Range<usize>) -> bool {
    if !NOTICE.contains(&lines.len()) {
        return false;
    }
    let text = |k: usize| doc.slice(layout.lines[k].measure.ink);
    if lines.clone().any(|k| ends_sentence(text(k)) || text(k).len() > 240) {
        return false;
    }
    lines.filter(|&k| sells(text(k))).count() >= 2
}

/// What says in Chinese where something is to be had.
static ASKS: lists::Words = lists::Words::named("address-or-price");

/// The same in Latin type.
static OFFERS: lists::Words = lists::Words::named("advertisement");

/// True for a line that gives a telephone number, a price or an address.
fn sells(text: &str) -> bool {
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    (digit && ASKS.iter().any(|w| text.contains(w))) || OFFERS.iter().any(|w| text.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<Role> {
        Document::new(text, &[]).layout().lines.iter().map(|s| s.role).collect()
    }

    #[test]
    fn tables_verse_and_notices_are_told() {
        assert_eq!(roles("小麦   120   135\n玉米   110   128\n大豆   200   210\n"), [Role::Table; 3]);
        assert_eq!(roles("Wheat ........ 120\nMaize ........ 110\nBeans ........ 200\n"), [Role::Table; 3]);
        assert_eq!(roles("白日依山尽，\n黄河入海流。\n欲穷千里目，\n更上一层楼。\n"), [Role::Verse; 4]);
        let poem = "The night is long and cold and still,\nThe wind is in the tree,\nAnd all the lights upon the hill\nGo out where none may see,\nUntil the morning comes to fill\nThe harbour and the sea\n";
        assert_eq!(roles(poem), [Role::Verse; 6]);
        let stanzas = "夜里的风停了，\n窗外的雨也停了；\n\n我听见邻家的笛声，\n慢慢地远了。\n";
        assert_eq!(roles(stanzas), [Role::Verse; 4]);
        let short = "Die Nacht ist still,\nDer Wind schläft ein am Wald,\n\nUnd wer noch wandern will,\nDem wird es bitter kalt.\n";
        assert_eq!(roles(short), [Role::Verse; 4]);
        assert_eq!(
            roles("新房出售 两室一厅\n地址：江州市新华路168号\n电话：0731-22007367\n"),
            [Role::Advertisement; 3]
        );
    }

    #[test]
    fn columns_of_prose_are_none_of_them() {
        let zh = "各地正忙着春季田管和\n春耕备耕工作，为完成\n全年的粮食稳产打下良\n好基础。\n";
        assert!(roles(zh).iter().all(|r| *r == Role::Body));
        let en = "Plans for a new generation of\nSilent aircraft that would make\nmuch less noise while they also\nNeed less fuel have been shown\nBy experts in both countries.\n";
        assert!(roles(en).iter().all(|r| *r == Role::Body), "{:?}", roles(en));
    }
}
