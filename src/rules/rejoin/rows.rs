//! Lines that are set one by one: rows of tables and lists, numbered items, indented first lines. They are told by what
//! neighbours have in common, each line looked at once a document.
//!
//! It must never tell a line by itself, but where it is nothing but numbers or has a dot leader.

use crate::document::{Document, Layout, Shape, ends_sentence};
use crate::text::lists;
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
        (item && !is_month(rest)).then(|| text[..digits].parse().ok())?
    };
    // Below a full line that ends no sentence it is the sentence's own.
    let goes_on = |i: usize| {
        let above = i.checked_sub(1).and_then(|k| layout.lines.get(k));
        above.is_some_and(|s| s.is_full() && !ends_sentence(doc.slice(s.measure.ink)))
    };
    let found: Vec<(usize, u32)> = (0..layout.lines.len())
        .filter(|&i| !(layout.wrapped && goes_on(i)))
        .filter_map(|i| number(&layout.lines[i]).map(|n| (i, n)))
        .collect();
    let mut out = vec![false; layout.lines.len()];
    for w in found.windows(2).filter(|w| w[0].1 + 1 == w[1].1 && w[1].0 - w[0].0 <= ITEM) {
        (out[w[0].0], out[w[1].0]) = (true, true);
    }
    out
}

/// True where a month is named first: 12. Mai.
fn is_month(text: &str) -> bool {
    let word = text.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    lists::has("month", &word)
}

/// Tokens of a row of a table or a list.
const ROW: std::ops::RangeInclusive<usize> = 2..=8;

/// Which lines are rows of a table or a list: three on end are of one shape, as names with places or prices, or are parted
/// into cells without a mark, or open with the same two Han characters where no word need be broken between them; two end
/// with a number, are of numbers or of several cells; one is of nothing but numbers, or has dots that lead to its last cell.
fn rows(doc: &Document<'_>, layout: &Layout) -> Vec<bool> {
    let lines = &layout.lines;
    let text = |i: usize| doc.slice(lines[i].measure.ink);
    let all = || 0..lines.len();
    let numbers: Vec<Numbers> = all().map(|i| Numbers::of(text(i))).collect();
    let mut out: Vec<bool> =
        all().map(|i| numbers[i] == Numbers::All || !lines[i].measure.cjk && is_led(text(i))).collect();
    // Marks lines on end of one page that are all alike.
    let page = |s: &Shape| doc.lines()[s.line].page;
    let mut mark = |n: usize, alike: &dyn Fn(usize, usize) -> bool| {
        for (from, run) in lines.windows(n).enumerate() {
            if page(&run[0]) == page(&run[n - 1]) && (from..from + n).all(|i| alike(from, i)) {
                out[from..from + n].fill(true);
            }
        }
    };
    mark(2, &|_, i| numbers[i] != Numbers::Few);
    let loose = sets_loose(doc, layout);
    let cells: Vec<usize> = all().map(|i| if loose { 0 } else { cells(text(i), lines[i].measure.cjk) }).collect();
    mark(3, &|_, i| cells[i] >= 2);
    mark(2, &|_, i| cells[i] >= 3);
    let closing: Vec<bool> = all().map(|i| closes_with_number(text(i), &lines[i], lines.get(i + 1))).collect();
    // A heading may end with a year, and what it stands over too: no blank line parts two rows of this kind.
    mark(2, &|from, i| closing[i] && (i == from || lines[i].blanks == 0));
    let opening = |i: usize| {
        let mut chars = text(i).chars();
        let two = (chars.next()?, chars.next()?);
        let whole = !lines[i].is_full() || text(i).ends_with(['；', '。']);
        (layout.wrapped && whole && text(i).len() <= LONGEST_ROW && is_han(two.0) && is_han(two.1)).then_some(two)
    };
    let opening: Vec<Option<(char, char)>> = all().map(opening).collect();
    mark(3, &|from, i| opening[i].is_some() && opening[i] == opening[from]);
    let shapes: Vec<Option<Vec<char>>> = all().map(|i| shape_of(text(i), lines[i].measure.cjk)).collect();
    mark(3, &|from, i| shapes[i].is_some() && shapes[i] == shapes[from]);
    out
}

/// True for a Latin line that fills no column, begins with no small letter and ends with a number, where the next one does
/// not go on with a small letter: a score, a price, a time.
fn closes_with_number(text: &str, line: &Shape, next: Option<&Shape>) -> bool {
    let small = |s: &Shape| s.measure.first.is_lowercase();
    !line.measure.cjk
        && !line.is_full()
        && !small(line)
        && !next.is_some_and(|n| n.blanks == 0 && small(n))
        && text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '½' | '¼' | '¾'))
        && text.contains(' ')
        && text.contains(char::is_alphabetic)
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
    // A space between Han characters and figures is a matter of style.
    let mixed = |a: &str, b: &str| {
        let (a, b) = (a.chars().next_back(), b.chars().next());
        a.zip(b).is_some_and(|(a, b)| is_han(a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && is_han(b))
    };
    let tokens: Vec<&str> = line.split_whitespace().collect();
    let cells = 1 + tokens.windows(2).filter(|w| !mixed(w[0], w[1])).count();
    let ink = line.chars().filter(|c| !c.is_whitespace()).count();
    if CELL.1 * ink >= CELL.0 * cells { cells } else { 0 }
}

/// Dots on end that lead to a last cell, with spaces between them and without: an ellipsis has three or four.
const LEADER: [usize; 2] = [5, 6];

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
        let mut tokens = line.split_whitespace().peekable();
        while let Some(t) = tokens.next() {
            all += 1;
            // 5 月 12 日 is no row.
            let counts = tokens.peek().is_some_and(|n| n.starts_with(is_han));
            numbers += usize::from(number(&t) && !counts);
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
