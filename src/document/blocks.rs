//! Blocks that are set line by line: tables, verse, advertisements. They are told by what their lines have in common.
//!
//! A block is never told by one line, and must never take a column of prose: the shapes asked for do not come about by
//! breaking a paragraph into lines.

use super::layout::{Layout, Shape, ends_sentence};
use super::roles::{Reading, Role};
use super::{Document, jumps};
use crate::text::script::{is_cjk_mark, is_han};

/// Rows from which lines with cells are a table.
const ROWS: usize = 3;
/// White space between two cells, in characters.
const CELL: usize = 2;
/// Lines from which short lines of one kind are verse: Chinese, Latin.
const VERSE: [usize; 2] = [4, 5];
/// Share of a poem's lines that may reach the column's edge.
const FULL: f32 = 0.4;
/// Lines of a block that is looked at for an advertisement.
const NOTICE: std::ops::RangeInclusive<usize> = 2..=14;

/// Gives the lines of such blocks their role, where they have none of their own.
pub(super) fn assign(doc: &Document<'_>, layout: &mut Layout) {
    marks(doc, layout);
    let n = layout.lines.len();
    let mut from = 0;
    while from < n {
        // A block ends at a blank line, a page's end, and a line with a role.
        let same = |a: &Shape, b: &Shape| doc.lines()[a.line].page == doc.lines()[b.line].page;
        let open = |s: &Shape| s.role == Role::Body;
        let mut to = from + 1;
        while to < n
            && open(&layout.lines[from])
            && open(&layout.lines[to])
            && layout.lines[to].blanks == 0
            && same(&layout.lines[from], &layout.lines[to])
        {
            to += 1;
        }
        block(doc, layout, from..to);
        from = to;
    }
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

fn block(doc: &Document<'_>, layout: &mut Layout, lines: std::ops::Range<usize>) {
    if lines.len() < ROWS.min(*NOTICE.start()) {
        return;
    }
    let found = if let Some(rows) = table(doc, layout, lines.clone()) {
        rows.into_iter().map(|k| (k, Role::Table, 0.9, "cells in a row, and rows like it beside it")).collect()
    } else if verse(doc, layout, lines.clone()) {
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

fn verse(doc: &Document<'_>, layout: &Layout, lines: std::ops::Range<usize>) -> bool {
    let shapes = &layout.lines[lines.clone()];
    if shapes.iter().filter(|s| s.measure.cjk).count() * 2 > shapes.len() {
        return lines.len() >= VERSE[0] && verse_han(doc, shapes);
    }
    lines.len() >= VERSE[1] && verse_latin(doc, shapes)
}

/// Every line has the same few characters, in one or two clauses, and ends with a mark.
fn verse_han(doc: &Document<'_>, shapes: &[Shape]) -> bool {
    let mut feet = None;
    for s in shapes {
        let text = doc.slice(s.measure.ink);
        if !text.ends_with(is_cjk_mark) && !text.ends_with([',', '.', ';', '?', '!']) {
            return false;
        }
        let clauses: Vec<usize> = text
            .split(|c: char| !c.is_alphanumeric())
            .map(|c| c.chars().filter(|c| is_han(*c)).count())
            .filter(|n| *n > 0)
            .collect();
        let foot = clauses.first().copied().unwrap_or(0);
        let even = (4..=7).contains(&foot) && clauses.len() <= 2 && clauses.iter().all(|n| *n == foot);
        if !even || *feet.get_or_insert(foot) != foot {
            return false;
        }
    }
    true
}

/// Every line opens with a capital, few reach the column's edge, and not all end a sentence.
fn verse_latin(doc: &Document<'_>, shapes: &[Shape]) -> bool {
    let text = |s: &Shape| doc.slice(s.measure.ink);
    let capital = |s: &Shape| {
        let first = text(s).chars().find(|c| c.is_alphanumeric());
        first.is_some_and(char::is_uppercase) && !text(s).ends_with(['-', '\u{AD}', '¬'])
    };
    let words = |s: &Shape| text(s).split_whitespace().count() >= 3;
    if !shapes.iter().all(|s| capital(s) && words(s)) {
        return false;
    }
    let longest = shapes.iter().map(|s| s.measure.width).fold(0.0, f32::max);
    let full = shapes.iter().filter(|s| longest - s.measure.width < 1.0).count();
    let ends = shapes.iter().filter(|s| ends_sentence(text(s))).count();
    full as f32 <= FULL * shapes.len() as f32 && 2 * ends < shapes.len()
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

/// True for a line that gives a telephone number, a price or an address.
fn sells(text: &str) -> bool {
    const ZH: [&str; 10] = ["电话", "電話", "热线", "地址", "售价", "售價", "联系人", "邮购", "批发", "优惠"];
    const LATIN: [&str; 8] =
        ["Phone", "Tel.", "Telephon", "Téléphone", "Apply", "For Sale", "Zu verkaufen", "A vendre"];
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    (digit && ZH.iter().any(|w| text.contains(w))) || LATIN.iter().any(|w| text.contains(w))
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
