//! Places where the reading order is in doubt: columns read across, text that was set vertically; and headlines that
//! stand inside a line of text.
//!
//! Flags only: what was read across is text, not noise, and must never be taken out.

use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Rule, Stage};
use crate::text::Span;
use crate::text::plain_classes;
use crate::text::script::is_han;
use regex::Regex;
use std::sync::LazyLock;

/// Lines read across, within `WITHIN` lines of each other, from which the place is flagged.
const ACROSS: usize = 3;
const WITHIN: usize = 3;
/// White space inside a line that is the gap between two columns, in characters.
const GAP: usize = 3;
/// Letters on each side of such a gap; a table's cells have fewer, or digits.
const LETTERS: usize = 6;
/// Lines of one or two Han characters from which a text was set vertically.
const VERTICAL: usize = 8;
/// Longest headline that is looked for inside a line, in characters.
const HEADLINE: usize = 40;

const COLUMNS: &str = "会议总结了全年的工作，分析   农业部门派出技术人员进入\n了当前的形势，对下一阶段   田间地头，指导农户科学施\n的工作作了全面的部署和安   肥，帮助他们解决生产中的\n排，要求各部门抓好落实。   困难，受到广泛的欢迎。\n";
const COLUMNS_EN: &str = "Plans for a new generation of   The council met again on the\nsilent aircraft that would make   same day and decided to build a\nmuch less noise while they also   school beside the church. It\nneed less fuel have been shown.   was late when they went home.\n";

/// Columns read across.
pub(super) static READING_ORDER: Rule = Rule {
    id: "reading-order",
    name_zh: "阅读顺序存疑",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "Lines hold wide gaps between words of two columns: the OCR read across the columns, and the text has to be read in \
          another order. Or one or two characters stand on each line: the text was set vertically. A flag: nothing is changed.",
    examples: &[Example::new(COLUMNS, COLUMNS), Example::new(COLUMNS_EN, COLUMNS_EN)],
    leaves_alone: &[
        "小麦   120   135\n玉米   110   128\n大豆   200   210\n棉花   300   310\n",
        "市里召开座谈会   弘扬精神   再立新功\n会议开得很好，大家都很高兴。\n",
        "The council met.\nIt was late.\n",
    ],
    flag: true,
};

const SWALLOWED: &str = "工作圆满完成。市长到海关调研 本报讯（记者 王文）昨日，市长到海关调研。\n";
const SWALLOWED_LINE: &str = "市里召开医师节座谈会 江州日报讯（记者 王文）昨日，市里召开座谈会。\n";

/// A headline inside a line.
pub(super) static HEADLINE_SWALLOWED: Rule = Rule {
    id: "headline-swallowed",
    name_zh: "标题混入正文",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "A headline stands inside a line of text, right before the words that open its story: the OCR lost the line break. \
          A flag: nothing is changed.",
    examples: &[Example::new(SWALLOWED, SWALLOWED), Example::new(SWALLOWED_LINE, SWALLOWED_LINE)],
    leaves_alone: &[
        "市长到海关调研\n本报讯（记者 王文）昨日，市长到海关调研。\n",
        "江州日报讯（记者 王文）昨日，市里召开座谈会。\n",
        "据本报讯，市里召开座谈会。\n",
    ],
    flag: true,
};

pub(super) static CHECK: Check = Check { rules: &[&READING_ORDER, &HEADLINE_SWALLOWED], run };

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    across(doc, out);
    vertical(doc, out);
    swallowed(doc, out);
}

fn across(doc: &Document<'_>, out: &mut Findings) {
    let lines = doc.lines();
    // First and last line of the run that is open, lines in it, inked lines since its last one.
    let mut open: Option<(usize, usize, usize)> = None;
    let mut since = 0;
    let mut close = |open: &mut Option<(usize, usize, usize)>| {
        if let Some((first, last, n)) = open.take().filter(|(_, _, n)| *n >= ACROSS) {
            let span = Span::new(lines[first].span.start(), lines[last].span.end());
            let message = format!("columns read across: {n} lines hold the text of more than one column");
            out.push(Finding::flag(&READING_ORDER, span, message));
        }
    };
    for (n, line) in lines.iter().enumerate().filter(|(_, l)| !l.blank) {
        if open.is_some_and(|(_, last, _)| lines[last].page != line.page || since >= WITHIN) {
            close(&mut open);
        }
        if is_across(doc.line_text(line)) {
            open = Some(open.map_or((n, n, 1), |(first, _, k)| (first, n, k + 1)));
            since = 0;
        } else {
            since += 1;
        }
    }
    close(&mut open);
}

/// True where a line holds a wide gap or a column's rule between words of running text.
fn is_across(text: &str) -> bool {
    let b = text.as_bytes();
    // Nearly every line ends here.
    let gap =
        memchr::memmem::find(b, b"   ").is_some() || memchr::memmem::find(b, "\u{3000}\u{3000}".as_bytes()).is_some();
    if !gap && memchr::memchr2(b'|', 0xC2, b).is_none() {
        return false;
    }
    let text = text.trim();
    let (mut run, mut from) = (0, 0);
    for (at, c) in text.char_indices() {
        let white = c.is_whitespace() || matches!(c, '|' | '¦');
        if white {
            from = if run == 0 { at } else { from };
            run += match c {
                '|' | '¦' => GAP,
                '\u{3000}' => 2,
                _ => 1,
            };
            continue;
        }
        if run >= GAP && worded(&text[..from]) && worded(&text[at..]) {
            return true;
        }
        run = 0;
    }
    false
}

/// True where a side of a gap holds running text: letters enough, few digits.
fn worded(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters >= LETTERS && 3 * digits <= letters
}

fn vertical(doc: &Document<'_>, out: &mut Findings) {
    let lines = doc.lines();
    let narrow = |l: &crate::document::Line| {
        let text = doc.line_text(l).trim();
        text.len() <= 7 && text.chars().filter(|c| !c.is_whitespace()).count() <= 2 && text.chars().any(is_han)
    };
    let mut run: Vec<usize> = Vec::new();
    let mut close = |run: &mut Vec<usize>| {
        if run.len() >= VERTICAL
            && let (Some(&first), Some(&last)) = (run.first(), run.last())
        {
            let span = Span::new(lines[first].span.start(), lines[last].span.end());
            let message = format!("{} lines of one or two characters: the text was set vertically", run.len());
            out.push(Finding::flag(&READING_ORDER, span, message));
        }
        run.clear();
    };
    for (n, line) in lines.iter().enumerate().filter(|(_, l)| !l.blank) {
        if narrow(line) {
            run.push(n);
        } else {
            close(&mut run);
        }
    }
    close(&mut run);
}

/// The words that open a story, behind a headline.
static OPENING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&plain_classes(r"(?:^|[。！？」”])\s*([^，。；、,;。！？：:（(]{5}[^，。；、,;。！？：:（(]*?)[\s　]*((本报|本報|本台)|\p{Han}{2,4}[日晚时時商早][报報])(讯|訊)\s*[（(〈【《]\s*(本报)?(记者|記者|通讯员|通訊員)")).ok()
});

fn swallowed(doc: &Document<'_>, out: &mut Findings) {
    // The phrase is rare: two fast searches over the whole text find the lines that may hold it.
    let text = doc.text();
    let found = |key: &str| -> Vec<usize> {
        let ends = memchr::memmem::find_iter(text.as_bytes(), key.as_bytes()).map(|at| at + key.len());
        ends.filter(|&end| text[end..].starts_with(['（', '('])).map(|end| doc.line_at(end)).collect()
    };
    let mut lines = found("讯");
    lines.extend(found("訊"));
    lines.sort_unstable();
    lines.dedup();
    for line in lines.into_iter().map(|n| &doc.lines()[n]) {
        let text = doc.line_text(line);
        let Some(m) = OPENING.as_ref().and_then(|r| r.captures(text)) else { continue };
        let Some(head) = m.get(1).filter(|h| h.as_str().trim().chars().count() <= HEADLINE) else { continue };
        // A name of a place before the paper's own is no headline.
        if head.as_str().trim().chars().filter(|c| is_han(*c)).count() < 5 {
            continue;
        }
        let at = line.span.start();
        let span = Span::new(at + head.start(), at + head.start() + head.as_str().trim_end().len());
        out.push(Finding::flag(
            &HEADLINE_SWALLOWED,
            span,
            "a headline stands inside the line, before the start of its story",
        ));
    }
}
