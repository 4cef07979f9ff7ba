//! The evidence for one break, as named numbers: what stands on both sides, how full the lines are, what the language
//! models say. It must never weigh them or decide.

use crate::document::roles::{has_inner_space, headline_shape};
use crate::document::{Document, Layout, Role, Shape, ends_sentence, full_density};
use crate::language::fold::{HEAD_END, PARA_END, PARA_START, fold};
use crate::language::{Crossing, Language};
use crate::text::Span;
use crate::text::script::{forbidden_at_line_start, is_cjk, is_closing, is_latin, is_opening, is_sentence_end};
use smallvec::SmallVec;

/// Characters of the right side whose probability is asked.
const AHEAD: usize = 5;
/// A line whose slack is below this is full, in em.
pub(super) const FULL: f32 = 0.8;
/// Spread of a short last line, in em: uniform up to the column's edge.
const LOGIT_CAP: f32 = 4.0;

/// One break between two inked lines.
#[derive(Copy, Clone, Debug)]
pub struct Break<'d> {
    /// The document.
    pub doc: &'d Document<'d>,
    /// Its structure.
    pub layout: &'d Layout,
    /// Number of the left line in the layout.
    pub left: usize,
    /// Number of the right line in the layout.
    pub right: usize,
    /// Blank lines between the two, those left by what is no text not counted.
    pub blanks: u32,
}

/// Which weights apply: by script, and by whether the text is set in lines.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Setting {
    /// Chinese and Japanese set in columns.
    CjkLines,
    /// The same, a paragraph a line.
    CjkParagraphs,
    /// Latin script set in columns.
    LatinLines,
    /// The same, a paragraph a line.
    LatinParagraphs,
}

impl Setting {
    /// All settings.
    pub const ALL: [Setting; 4] =
        [Setting::CjkLines, Setting::CjkParagraphs, Setting::LatinLines, Setting::LatinParagraphs];
    /// The name in the table of weights.
    pub const fn name(self) -> &'static str {
        match self {
            Setting::CjkLines => "cjk-lines",
            Setting::CjkParagraphs => "cjk-paragraphs",
            Setting::LatinLines => "latin-lines",
            Setting::LatinParagraphs => "latin-paragraphs",
        }
    }
    const fn of(cjk: bool, wrapped: bool) -> Self {
        match (cjk, wrapped) {
            (true, true) => Setting::CjkLines,
            (true, false) => Setting::CjkParagraphs,
            (false, true) => Setting::LatinLines,
            (false, false) => Setting::LatinParagraphs,
        }
    }
}

/// Named numbers about one break.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Name and value, in a fixed order.
    pub list: SmallVec<[(&'static str, f32); 32]>,
    /// What the word list said.
    pub crossing: Crossing,
    /// True where no text of the left side was ever seen before that of the right side.
    pub unseen: bool,
}

impl Terms {
    fn push(&mut self, name: &'static str, value: f32) {
        self.list.push((name, value));
    }
    fn flag(&mut self, name: &'static str, yes: bool) {
        if yes {
            self.push(name, 1.0);
        }
    }
    /// The value of a term, 0 where it was not given.
    pub fn get(&self, name: &str) -> f32 {
        self.list.iter().find(|t| t.0 == name).map_or(0.0, |t| t.1)
    }
}

/// How the left side ends.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum End {
    Stop,
    StopQuote,
    Semicolon,
    Colon,
    Comma,
    Hyphen,
    Dash,
    Closing,
    Opening,
    Digit,
    Letter,
    Other,
}

pub(super) fn end_of(text: &str) -> End {
    let bare = text.trim_end_matches(is_closing);
    let closed = bare.len() < text.len();
    match bare.chars().next_back() {
        Some('\u{2026}') if !closed => End::StopQuote,
        Some(c) if is_sentence_end(c) => {
            if closed {
                End::StopQuote
            } else {
                End::Stop
            }
        }
        _ if closed => End::Closing,
        Some('；' | ';') => End::Semicolon,
        Some('：' | ':') => End::Colon,
        Some('，' | ',' | '、') => End::Comma,
        // A dash between spaces divides no word; two strokes may be one hyphen.
        Some('-' | '\u{2010}' | '=') if bare.ends_with("- -") || bare.ends_with("--") => End::Hyphen,
        Some('-' | '\u{2010}' | '=') if bare.chars().rev().nth(1).is_none_or(char::is_whitespace) => End::Dash,
        Some('-' | '\u{AC}' | '\u{AD}' | '\u{2010}' | '\u{2E17}' | '=') => End::Hyphen,
        Some('\u{2013}' | '\u{2014}') => End::Dash,
        Some(c) if is_opening(c) => End::Opening,
        Some(c) if c.is_numeric() => End::Digit,
        Some(c) if c.is_alphabetic() => End::Letter,
        _ => End::Other,
    }
}

const fn end_name(e: End) -> &'static str {
    match e {
        End::Stop => "L=stop",
        End::StopQuote => "L=stop-quote",
        End::Semicolon => "L=semicolon",
        End::Colon => "L=colon",
        End::Comma => "L=comma",
        End::Hyphen => "L=hyphen",
        End::Dash => "L=dash",
        End::Closing => "L=closing",
        End::Opening => "L=opening",
        End::Digit => "L=digit",
        End::Letter => "L=letter",
        End::Other => "L=other",
    }
}

/// Names of the fill terms of one way of ending: a full line with a comma is another thing than one with a bracket.
const fn by_end(e: End) -> Option<(&'static str, &'static str)> {
    Some(match e {
        End::StopQuote => ("L=stop-quote:slack-L", "L=stop-quote:llr-L"),
        End::Semicolon => ("L=semicolon:slack-L", "L=semicolon:llr-L"),
        End::Colon => ("L=colon:slack-L", "L=colon:llr-L"),
        End::Comma => ("L=comma:slack-L", "L=comma:llr-L"),
        End::Closing => ("L=closing:slack-L", "L=closing:llr-L"),
        End::Digit => ("L=digit:slack-L", "L=digit:llr-L"),
        End::Other => ("L=other:slack-L", "L=other:llr-L"),
        _ => return None,
    })
}

fn start_name(text: &str) -> &'static str {
    let Some(c) = text.chars().next() else { return "R=other" };
    match c {
        _ if is_cjk(c) => "R=han",
        '“' | '‘' | '「' | '『' | '„' | '«' | '"' => "R=quote",
        _ if is_opening(c) => "R=bracket",
        '—' | '–' | '-' => "R=dash",
        '…' => "R=ellipsis",
        _ if forbidden_at_line_start(c) => "R=kinsoku",
        _ if c.is_numeric() => "R=digit",
        _ if c.is_lowercase() => "R=lower",
        _ if c.is_uppercase() => "R=upper",
        _ => "R=other",
    }
}

/// Brackets and quotes of `text` that are opened and not closed, and whether one is closed that was not opened.
fn balance(text: &str) -> (bool, bool) {
    let (mut open, mut early) = (0i32, false);
    for c in text.chars() {
        if matches!(c, '"' | '\'' | '\u{2019}' | '\u{2018}') {
            continue;
        }
        if is_opening(c) {
            open += 1;
        } else if is_closing(c) {
            if open == 0 { early = true } else { open -= 1 }
        }
    }
    (open > 0, early)
}

/// True where a bracket or quote is open at the end of `left` and `right` closes it first.
pub(super) fn bracket_across(left: &str, right: &str) -> bool {
    balance(left).0 && balance(right).1
}

/// Gathers all evidence about a break.
pub fn terms(b: &Break<'_>, language: &Language) -> (Setting, Terms) {
    let mut t = Terms::default();
    let (l, r) = (&b.layout.lines[b.left], &b.layout.lines[b.right]);
    let (left, right) = (b.doc.slice(l.measure.core), b.doc.slice(r.measure.core));
    let setting = Setting::of(l.measure.cjk || r.measure.cjk, b.layout.wrapped);
    let end = end_of(left);
    let stop = matches!(end, End::Stop | End::StopQuote);
    let unmarked = matches!(end, End::Letter | End::Digit | End::Other);
    t.push("bias", 1.0);
    marks(&mut t, left, right, end, stop);
    shape(&mut t, b, l, r, left, right, stop, unmarked);
    roles(&mut t, b, l, r, left, right);
    let blank = b.blanks > 0;
    t.flag("blank", blank);
    if blank {
        t.flag("blank&unmarked", unmarked);
        t.flag("blank&stop", stop);
        let agree = (l.column - r.column).abs() < 1.5 && b.layout.wrapped;
        t.flag("blank&unstopped&L-full", !stop && agree && l.slack().abs() < FULL);
        t.flag("blank&unstopped&both-full", !stop && agree && l.slack().abs() < FULL && r.slack().abs() < FULL);
        t.flag("blank&stop&L-full", stop && agree && l.slack().abs() < FULL);
        t.flag("blank&both-full", l.slack().abs() < FULL && r.slack().abs() < FULL && b.layout.wrapped);
    }
    t.flag("blanks>1", b.blanks > 1);
    let rates = b.layout.blanks;
    let odds =
        if blank { rates.inside / rates.at_ends } else { (1.0 - rates.inside) / (1.0 - rates.at_ends).max(0.02) };
    t.push("blank-odds", odds.max(1e-3).ln().clamp(-LOGIT_CAP, LOGIT_CAP));
    let (lp, rp) = (b.doc.lines()[l.line], b.doc.lines()[r.line]);
    t.flag("page", lp.page != rp.page);
    t.flag("page&unmarked", lp.page != rp.page && !stop);
    t.flag("file", lp.file != rp.file);
    if matches!(setting, Setting::CjkLines | Setting::CjkParagraphs) {
        language_terms(&mut t, left, right, language, stop, b.layout.wrapped);
    }
    (setting, t)
}

fn marks(t: &mut Terms, left: &str, right: &str, end: End, stop: bool) {
    t.push(end_name(end), 1.0);
    let start = start_name(right);
    t.push(start, 1.0);
    match (stop, start) {
        // The rest depends on both ends.
        (true, "R=lower") => t.push("stop&lower", 1.0),
        (false, "R=lower") => t.push("unstopped&lower", 1.0),
        (true, "R=upper") => t.push("stop&upper", 1.0),
        (_, "R=kinsoku") => t.push("kinsoku", 1.0),
        (true, "R=quote") => t.push("stop&quote", 1.0),
        (false, "R=upper") => t.push("unstopped&upper", 1.0),
        _ => {}
    }
    if end == End::Comma {
        t.flag("comma&lower", start == "R=lower");
    }
    let (open, _) = balance(left);
    let (_, early) = balance(right);
    t.flag("open-bracket", open);
    t.flag("closes-first", early);
    t.flag("bracket-across", open && early);
}

#[allow(clippy::too_many_arguments)]
fn shape(t: &mut Terms, b: &Break<'_>, l: &Shape, r: &Shape, left: &str, right: &str, stop: bool, unmarked: bool) {
    if r.measure.lead > 0.0 {
        t.push("lead", r.measure.lead.min(4.0));
    }
    if !b.layout.wrapped {
        let long = |w: f32| (w / 40.0).min(4.0);
        t.push("len-L", long(l.measure.width));
        t.push("len-R", long(r.measure.width));
        t.flag("R-ends-stop", ends_sentence(right));
        let marked = left.contains(['，', ',', '。', '；', ';']);
        t.flag("L-has-marks", marked);
        t.flag("R-has-marks", right.contains(['，', ',', '。', '；', ';']));
        t.flag(
            "L-has-stop-inside",
            left.trim_end_matches(is_closing).char_indices().rev().skip(1).any(|(_, c)| matches!(c, '。' | '；')),
        );
        if !stop {
            t.push("unstopped:len-L", long(l.measure.width));
            t.flag("unstopped&marks", marked);
            t.flag("unstopped&R-stop", ends_sentence(right));
            t.flag(
                "unstopped&both-headline-shape",
                headline_shape(left, &l.measure) && headline_shape(right, &r.measure),
            );
        }
        return;
    }
    let indent = b.layout.indent;
    let unit_r = b.layout.first_unit(b.doc, b.right);
    let unit_n = b.layout.first_unit(b.doc, b.right + 1);
    // The right line: does it fit better as an indented first line that is full?
    let (sl, sr) = (l.slack(), r.slack());
    let ratio = |a: f32, c: f32| (a / c).ln().clamp(-LOGIT_CAP, LOGIT_CAP);
    let llr_r = if indent > 0.2 { ratio(full_density(sr - indent, unit_n), full_density(sr, unit_n)) } else { 0.0 };
    // The left line: does it fit better as a short last line? It may itself be a first line with its indent lost.
    let first =
        if b.left == 0 || ends_sentence(b.doc.slice(b.layout.lines[b.left - 1].measure.ink)) { 0.4 } else { 0.1 };
    let full = (1.0 - first) * full_density(sl, unit_r) + first * full_density(sl - indent, unit_r);
    let llr_l = ratio(1.0 / l.column.max(6.0), full);
    if let Some((slack, ratio)) = by_end(end_of(left)) {
        t.push(slack, sl.clamp(-3.0, 12.0));
        t.push(ratio, llr_l);
    }
    t.push("llr-R", llr_r);
    t.push("llr-L", llr_l);
    t.push("fit", (sl - unit_r).clamp(-3.0, 6.0));
    t.push("slack-L", sl.clamp(-3.0, 12.0));
    t.push("slack-R", sr.clamp(-3.0, 6.0));
    let short_right = ends_sentence(right) && sr > 2.0;
    t.flag("R-short-end", short_right);
    if stop {
        t.push("stop:llr-L", llr_l);
        t.push("stop:llr-R", llr_r);
        t.push("stop:slack-L", sl.clamp(-3.0, 12.0));
        t.flag("stop&full", sl.abs() < FULL);
        t.flag("stop&full&R-full", sl.abs() < FULL && sr.abs() < 0.5);
    }
    if unmarked {
        t.push("unmarked:llr-L", llr_l);
        t.push("unmarked:slack-L", sl.clamp(-3.0, 12.0));
        t.flag("unmarked&full", sl.abs() < FULL);
    }
    if !l.measure.cjk && !stop && r.measure.first.is_uppercase() {
        // A headline and the paragraph below it look so, and a name inside a sentence.
        t.push("unstopped&upper:slack-L", sl.clamp(-3.0, 12.0));
        t.push("unstopped&upper:width-change", (l.column - r.column).abs().min(8.0));
        t.flag("unstopped&upper&blank", b.blanks > 0);
    }
    t.flag("overfull", l.measure.width > l.column + 2.0);
    let change = (l.column - r.column).abs();
    t.push("width-change", change.min(8.0));
    t.flag("width-change&unmarked", change > 1.5 && unmarked);
}

fn roles(t: &mut Terms, b: &Break<'_>, l: &Shape, r: &Shape, left: &str, right: &str) {
    let name = |right: bool, role: Role| match (right, role) {
        (false, Role::Headline) => Some("L:headline"),
        (false, Role::Subhead) => Some("L:subhead"),
        (false, Role::Byline) => Some("L:byline"),
        (false, Role::Dateline) => Some("L:dateline"),
        (false, Role::Caption) => Some("L:caption"),
        (false, Role::List) => Some("L:list"),
        (true, Role::Headline) => Some("R:headline"),
        (true, Role::Subhead) => Some("R:subhead"),
        (true, Role::Byline) => Some("R:byline"),
        (true, Role::Dateline) => Some("R:dateline"),
        (true, Role::Caption) => Some("R:caption"),
        (true, Role::List) => Some("R:list"),
        _ => None,
    };
    [name(false, l.role), name(true, r.role)].into_iter().flatten().for_each(|n| t.push(n, 1.0));
    if l.measure.cjk {
        t.flag("L-inner-space", has_inner_space(left) && l.measure.width < 45.0);
        t.flag("R-inner-space", has_inner_space(right) && r.measure.width < 45.0);
    } else {
        let caps = |s: &str| {
            let letters = s.chars().filter(|&c| is_latin(c)).count();
            letters > 3 && 10 * s.chars().filter(|c| c.is_uppercase()).count() > 8 * letters
        };
        t.flag("L-capitals", caps(left));
        t.flag("R-capitals", caps(right));
    }
    t.flag(
        "R-has-next-dateline",
        b.layout.lines.get(b.right + 1).is_some_and(|n| matches!(n.role, Role::Dateline | Role::Byline)),
    );
    t.flag("script-change", l.measure.cjk != r.measure.cjk && l.measure.width > 2.0 && r.measure.width > 2.0);
}

fn language_terms(t: &mut Terms, left: &str, right: &str, language: &Language, stop: bool, wrapped: bool) {
    if language.chars.is_empty() {
        return;
    }
    let mut before: SmallVec<[char; 3]> = left.chars().rev().take(3).map(fold).collect();
    before.reverse();
    let next: SmallVec<[char; AHEAD]> = right.chars().filter(|c| !c.is_whitespace()).take(AHEAD).map(fold).collect();
    let m = &language.chars;
    let cap = |x: f32| x.clamp(-12.0, 12.0);
    let joined = m.log_prob_of(&before, &next);
    let start = m.log_prob_of(&[PARA_START], &next);
    let end = m.log_prob(&before, PARA_END);
    let head = m.log_prob(&before, HEAD_END);
    let gain = cap(joined - start);
    let all = cap(joined - start - end.max(head));
    t.push("lm-next", gain);
    t.push("lm-end", cap(end));
    t.push("lm-head-end", cap(head));
    t.push("lm-all", all);
    if stop {
        t.push("stop:lm-all", all);
    } else if wrapped {
        t.push("unstopped:lm-all", all);
    }
    let pair = [before.last().copied().unwrap_or(' '), next.first().copied().unwrap_or(' ')];
    t.unseen = m.seen(&pair) < 1.0;
    t.flag("pair-unseen", t.unseen);
    t.crossing = language.han.crossing(left, right);
    if t.crossing.gain > 0.0 {
        t.push("word", t.crossing.gain.min(12.0));
    }
}

/// The white space (line ends, blank lines, indents) between the ink of two lines.
pub(super) fn gap(l: &Shape, r: &Shape) -> Span {
    Span::new(l.measure.ink.end(), r.measure.ink.start())
}
