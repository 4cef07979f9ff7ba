//! Lines that are set one by one: rows of tables and lists, numbered items, indented first lines. They are told by what
//! neighbours have in common, each line looked at once a document.
//!
//! It must never tell a line by itself, but where it is nothing but numbers.

use crate::document::{Document, Layout, Shape, ends_sentence};
use crate::text::script::{is_cjk_mark, is_han};

/// What the lines of a document have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct SetLines {
    /// Which lines are rows of a table or a list.
    pub(super) rows: Vec<bool>,
    /// Which lines open a numbered item.
    pub(super) items: Vec<bool>,
    /// The text keeps the indents of its paragraphs.
    pub(super) indents: bool,
}

impl SetLines {
    pub(super) fn of(doc: &Document<'_>, layout: &Layout) -> Self {
        Self { rows: rows(doc, layout), items: items(doc, layout), indents: keeps_indents(doc, layout) }
    }
}

/// White space before a line from which it is an indent, in em: Chinese cells, Latin type.
const INDENT: [f32; 2] = [1.5, 0.4];
/// Indented lines from which a page keeps its indents, by script, and the share of them that must stand behind the end of a
/// sentence or of a line that is not full: OCR leaves some white space anywhere.
const INDENTS: [usize; 2] = [3, 5];
const INDENTED: f32 = 0.8;

/// True for a line with an indent before it.
pub(super) fn is_indented(s: &Shape) -> bool {
    s.measure.lead >= INDENT[usize::from(!s.measure.cjk)]
}

/// True where the text keeps the indents of its paragraphs.
fn keeps_indents(doc: &Document<'_>, layout: &Layout) -> bool {
    let (mut all, mut told) = (0, 0);
    for w in layout.lines.windows(2).filter(|w| is_indented(&w[1])) {
        all += 1;
        told += usize::from(ends_sentence(doc.slice(w[0].measure.ink)) || !w[0].is_full());
    }
    layout.wrapped && all >= INDENTS[usize::from(!layout.cjk)] && told as f32 >= INDENTED * all as f32
}

/// Lines from one item to the next at most.
const ITEM: usize = 15;

/// Which lines open with a number and a stop, where the number before it or behind it opens another line near: items of a
/// Latin list. A date or an amount that falls to a line's start has no such neighbour.
fn items(doc: &Document<'_>, layout: &Layout) -> Vec<bool> {
    let number = |s: &Shape| -> Option<u32> {
        let text = doc.slice(s.measure.ink).trim_start_matches('(');
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let rest = text.get(digits..)?.strip_prefix(['.', ')'])?;
        let item = rest.starts_with([' ', '\u{A0}']) && !s.measure.cjk && (1..=2).contains(&digits);
        item.then(|| text[..digits].parse().ok())?
    };
    let found: Vec<(usize, u32)> =
        layout.lines.iter().enumerate().filter_map(|(i, s)| number(s).map(|n| (i, n))).collect();
    let mut out = vec![false; layout.lines.len()];
    for w in found.windows(2).filter(|w| w[0].1 + 1 == w[1].1 && w[1].0 - w[0].0 <= ITEM) {
        (out[w[0].0], out[w[1].0]) = (true, true);
    }
    out
}

/// Tokens of a row of a table or a list.
const ROW: std::ops::RangeInclusive<usize> = 2..=8;

/// Which lines are rows of a table or a list: three on end are of one shape, as names with places or prices, or are parted
/// into cells without a mark, or open with the same two Han characters where no word need be broken between them; two end
/// with a number, are of numbers or of several cells; one is of nothing but numbers, or has dots that lead to its last cell.
fn rows(doc: &Document<'_>, layout: &Layout) -> Vec<bool> {
    let shapes: Vec<Option<Vec<char>>> =
        layout.lines.iter().map(|l| shape_of(doc.slice(l.measure.ink), l.measure.cjk)).collect();
    let numbers: Vec<Numbers> = layout.lines.iter().map(|l| Numbers::of(doc.slice(l.measure.ink))).collect();
    let mut out: Vec<bool> = numbers.iter().map(|n| *n == Numbers::All).collect();
    for (from, run) in numbers.windows(2).enumerate() {
        if run[0] != Numbers::Few && run[1] != Numbers::Few {
            out[from..from + 2].fill(true);
        }
    }
    let loose = sets_loose(doc, layout);
    let count = |l: &Shape| if loose { 0 } else { cells(doc.slice(l.measure.ink), l.measure.cjk) };
    let cells: Vec<usize> = layout.lines.iter().map(count).collect();
    for (lines, least) in [(3, 2), (2, 3)] {
        for (from, run) in cells.windows(lines).enumerate() {
            if run.iter().all(|n| *n >= least) {
                out[from..from + lines].fill(true);
            }
        }
    }
    let closing = |l: &Shape| {
        let text = doc.slice(l.measure.ink);
        !l.measure.cjk
            && !l.measure.first.is_lowercase()
            && text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '½' | '¼' | '¾'))
            && text.contains(' ')
            && text.contains(char::is_alphabetic)
    };
    for (from, run) in layout.lines.windows(2).enumerate() {
        if run.iter().all(closing) {
            out[from..from + 2].fill(true);
        }
    }
    let opening = |l: &Shape| {
        let text = doc.slice(l.measure.ink);
        let mut chars = text.chars();
        let two = (chars.next()?, chars.next()?);
        let whole = !l.is_full() || text.ends_with(['；', '。']);
        (layout.wrapped && whole && text.len() <= LONGEST_ROW && is_han(two.0) && is_han(two.1)).then_some(two)
    };
    for (from, run) in layout.lines.windows(3).enumerate() {
        let first = opening(&run[0]);
        if first.is_some() && run[1..].iter().all(|l| opening(l) == first) {
            out[from..from + 3].fill(true);
        }
    }
    for (row, l) in out.iter_mut().zip(&layout.lines) {
        *row |= !l.measure.cjk && is_led(doc.slice(l.measure.ink));
    }
    for (from, run) in shapes.windows(3).enumerate() {
        if run[0].is_some() && run[0] == run[1] && run[1] == run[2] {
            out[from..from + 3].fill(true);
        }
    }
    out
}

/// True where sentences have spaces inside: the OCR's, that make no cells.
fn sets_loose(doc: &Document<'_>, layout: &Layout) -> bool {
    let (mut all, mut spaced) = (0, 0);
    for l in layout.lines.iter().filter(|l| l.measure.cjk) {
        let text = doc.slice(l.measure.ink);
        if text.contains(['，', '。', '、', ',']) {
            all += 1;
            spaced += usize::from(text.contains(' '));
        }
    }
    spaced >= LOOSE_LINES && spaced as f32 > LOOSE * all as f32
}

/// Lines of sentences with a space inside from which that is so, and their share: a reporter's name in brackets has one.
const LOOSE_LINES: usize = 3;
const LOOSE: f32 = 0.1;

/// Characters in so many cells, on average at least: OCR that sets every character apart makes no cells.
const CELL: (usize, usize) = (3, 2);

/// Cells of a short Chinese line that no mark divides: what stands between its spaces.
fn cells(line: &str, cjk: bool) -> usize {
    if !cjk
        || line.len() > LONGEST_ROW
        || !line.contains([' ', '\u{3000}'])
        || line.contains(|c| is_cjk_mark(c) && c != '：')
    {
        return 0;
    }
    let cells = line.split_whitespace().count();
    let ink = line.chars().filter(|c| !c.is_whitespace()).count();
    if CELL.1 * ink >= CELL.0 * cells { cells } else { 0 }
}

/// Dots on end that lead to a last cell, with spaces between them and without: an ellipsis has three or four.
const LEADER: [usize; 2] = [4, 6];

/// True for a line with a dot leader: 48s. ........ to 54s.
fn is_led(line: &str) -> bool {
    let (mut dots, mut gaps) = (0, 0);
    line.trim_end().trim_end_matches(['.', ' ']).chars().any(|c| {
        match c {
            '.' | '·' => dots += 1,
            ' ' => gaps += usize::from(dots > 0),
            _ => (dots, gaps) = (0, 0),
        }
        dots >= LEADER[usize::from(gaps < 3)]
    })
}

/// How much of a line is numbers with white space between them.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Numbers {
    Few,
    /// Half of its tokens and at least three.
    Many,
    /// All of at least three.
    All,
}

impl Numbers {
    fn of(line: &str) -> Self {
        if line.len() > LONGEST_ROW || line.bytes().filter(|b| *b == b' ').nth(1).is_none() {
            return Numbers::Few;
        }
        let number = |t: &&str| {
            let figure =
                |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '：' | '/' | '%' | '+' | '-' | '−');
            t.chars().all(figure) && t.contains(|c: char| c.is_ascii_digit())
        };
        let (mut all, mut numbers) = (0, 0);
        for t in line.split_whitespace() {
            all += 1;
            numbers += usize::from(number(&t));
        }
        match numbers {
            0..3 => Numbers::Few,
            n if n == all => Numbers::All,
            n if 2 * n >= all => Numbers::Many,
            _ => Numbers::Few,
        }
    }
}

/// What a short line with a gap, a number or a mark inside looks like: its words by how they begin, numbers, marks.
fn shape_of(line: &str, cjk: bool) -> Option<Vec<char>> {
    let spaced = |b: &u8| *b == b' ' || *b == b'\t';
    if line.len() > LONGEST_ROW || cjk && !line.bytes().any(|b| spaced(&b)) && !line.contains('\u{3000}') {
        return None;
    }
    let (mut out, mut telling, mut tokens) = (Vec::new(), false, 1);
    let mut last = '\0';
    for c in line.chars() {
        let class = match c {
            _ if c.is_whitespace() => ' ',
            _ if is_han(c) => 'H',
            _ if c.is_ascii_digit() || matches!(c, '０'..='９') => 'n',
            // A word goes on as it began.
            _ if c.is_alphabetic() && matches!(last, 'C' | 'l') => last,
            _ if c.is_uppercase() => 'C',
            _ if c.is_alphabetic() => 'l',
            _ => c,
        };
        tokens += usize::from(class == ' ' && last != ' ');
        telling |= class == 'n' || c == '\u{3000}' || !cjk && matches!(class, ',' | ':' | ';');
        if class != last {
            out.push(class);
        }
        last = class;
    }
    let names = out.contains(&'C') || out.contains(&'n') || cjk;
    (telling && names && ROW.contains(&tokens)).then_some(out)
}

/// Bytes of the longest row.
const LONGEST_ROW: usize = 72;
