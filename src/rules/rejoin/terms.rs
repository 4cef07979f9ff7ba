//! The evidence for one break, as named numbers: what stands on both sides, how full the lines are, what the language
//! models say. It must never weigh them or decide.

use super::ceiling::reads_across;
use super::marks::{End, balance, end_of, is_serial, start_of};
use super::names::{COUNT, NAMES, Name, term};
use crate::document::roles::{has_inner_space, headline_shape};
use crate::document::{Document, Layout, Role, Shape, ends_sentence, full_density};
use crate::language::fold::{HEAD_END, PARA_END, PARA_START, fold};
use crate::language::{Crossing, Language};
use crate::text::Span;
use crate::text::script::{is_closing, is_latin};
use smallvec::SmallVec;

/// Characters of the right side whose probability is asked.
const AHEAD: usize = 5;
/// Most that one comparison of two readings may say, as a logarithm.
const LOGIT_CAP: f32 = 4.0;
/// Most that the character model may say, as a logarithm.
const MODEL_CAP: f32 = 12.0;
/// A chance that the left line is a first line with a lost indent: after a sentence's end, and elsewhere.
const FIRST: [f32; 2] = [0.1, 0.4];
/// Where a line is a paragraph, lengths are given in units of so many em, up to four.
const UNIT: f32 = 40.0;
/// A line that is longer than its column by so much is not of it, in em.
const OVER: f32 = 2.0;
/// Headlines that are set with spaces between their words are shorter than this, in em.
const SPACED: f32 = 45.0;

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

/// By script, and by whether the text is set in lines: how sure one must be, and how probabilities are calibrated.
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
    /// True for Chinese and Japanese.
    pub const fn is_cjk(self) -> bool {
        matches!(self, Setting::CjkLines | Setting::CjkParagraphs)
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
#[derive(Clone, Debug)]
pub struct Terms {
    /// One number for each of [`super::names::NAMES`]; 0 where the evidence is not there.
    pub values: [f32; COUNT],
    /// What the word list said.
    pub crossing: Crossing,
    /// True where no text of the left side was ever seen before that of the right side.
    pub unseen: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self { values: [0.0; COUNT], crossing: Crossing::default(), unseen: false }
    }
}

impl Terms {
    fn push(&mut self, name: Name, value: f32) {
        self.values[usize::from(name.0)] = value;
    }
    /// The value of some evidence by its name, 0 for none.
    pub fn value(&self, name: &str) -> f32 {
        NAMES.iter().position(|n| *n == name).map_or(0.0, |k| self.values[k])
    }
    pub(super) fn value_of(&self, name: Name) -> f32 {
        self.values[usize::from(name.0)]
    }
    fn flag(&mut self, name: Name, yes: bool) {
        self.push(name, f32::from(u8::from(yes)));
    }
}

/// Gathers all evidence about a break.
pub fn terms(b: &Break<'_>, language: &Language) -> (Setting, Terms) {
    let mut t = Terms::default();
    let (l, r) = (&b.layout.lines[b.left], &b.layout.lines[b.right]);
    let (left, right) = (b.doc.slice(l.measure.core), b.doc.slice(r.measure.core));
    let setting = Setting::of(l.measure.cjk || r.measure.cjk, b.layout.wrapped);
    t.flag(term!("lines"), b.layout.wrapped);
    marks(&mut t, left, right);
    if b.layout.wrapped {
        fill(&mut t, b, l, r);
    } else {
        lengths(&mut t, l, r, left, right);
    }
    roles(&mut t, b, l, r, left, right);
    between(&mut t, b, l, r);
    if setting.is_cjk() {
        language_terms(&mut t, left, right, language);
    }
    (setting, t)
}

fn marks(t: &mut Terms, left: &str, right: &str) {
    let end = end_of(left);
    t.push(term!("end-L"), f32::from(end as u8));
    t.push(term!("start-R"), f32::from(start_of(right) as u8));
    if end == End::Stop {
        let mut token = left.trim_end_matches(['.', '!', '?']).chars().rev().take_while(|c| c.is_alphanumeric());
        let last = token.next();
        t.push(term!("stop-token"), (1.0 + token.take(6).count() as f32).min(6.0));
        t.flag(term!("stop-digit"), last.is_some_and(|c| c.is_ascii_digit()));
    }
    let (open, _) = balance(left);
    let (_, early) = balance(right);
    t.flag(term!("open-bracket"), open);
    t.flag(term!("closes-first"), early);
    t.flag(term!("bracket-across"), open && early);
}

/// Where a line is a paragraph: how long the two are, and the marks in them.
fn lengths(t: &mut Terms, l: &Shape, r: &Shape, left: &str, right: &str) {
    let long = |w: f32| (w / UNIT).min(4.0);
    let marked = |s: &str| s.contains(['，', ',', '。', '；', ';']);
    t.push(term!("lead"), r.measure.lead.min(4.0));
    t.push(term!("len-L"), long(l.measure.width));
    t.push(term!("len-R"), long(r.measure.width));
    t.flag(term!("L-has-marks"), marked(left));
    t.flag(term!("R-has-marks"), marked(right));
    t.flag(
        term!("L-has-stop-inside"),
        left.trim_end_matches(is_closing).char_indices().rev().skip(1).any(|(_, c)| matches!(c, '。' | '；')),
    );
    t.flag(term!("both-headline-shape"), headline_shape(left, &l.measure) && headline_shape(right, &r.measure));
    t.flag(term!("R-ends-stop"), ends_sentence(right));
}

/// Set in lines: how well both sides fit into their column as full, short, or indented lines.
fn fill(t: &mut Terms, b: &Break<'_>, l: &Shape, r: &Shape) {
    let indent = b.layout.indent;
    let (unit_l, unit_r) = (b.layout.unit_after(b.doc, b.left), b.layout.unit_after(b.doc, b.right));
    let (sl, sr) = (l.slack(), r.slack());
    let ratio = |a: f32, c: f32| (a / c).ln().clamp(-LOGIT_CAP, LOGIT_CAP);
    let ends = |k: usize| ends_sentence(b.doc.slice(b.layout.lines[k].measure.core));
    // The right line: does it fit better as an indented first line that is full?
    let llr_r = if indent > 0.2 { ratio(full_density(sr - indent, unit_r), full_density(sr, unit_r)) } else { 0.0 };
    // The left line: does it fit better as a short last line? It may itself be a first line with its indent lost.
    let before = b.left == 0 || ends(b.left - 1);
    let first = FIRST[usize::from(before)];
    let full = (1.0 - first) * full_density(sl, unit_l) + first * full_density(sl - indent, unit_l);
    t.push(term!("lead"), r.measure.lead.min(4.0));
    t.push(term!("llr-R"), llr_r);
    t.push(term!("llr-L"), ratio(1.0 / l.column.max(6.0), full));
    t.push(term!("fit"), (sl - unit_l.whole).clamp(-3.0, 6.0));
    t.push(term!("fit-part"), (sl - unit_l.part).clamp(-3.0, 6.0));
    let slack = |k: Option<usize>| k.and_then(|k| b.layout.lines.get(k)).map_or(-3.0, |s| s.slack().clamp(-3.0, 12.0));
    t.push(term!("slack-before"), slack(b.left.checked_sub(1)));
    t.push(term!("slack-L"), slack(Some(b.left)));
    t.push(term!("slack-R"), slack(Some(b.right)));
    t.push(term!("slack-after"), slack(Some(b.right + 1)));
    t.flag(term!("before-ends"), before);
    t.flag(term!("R-ends-stop"), ends(b.right));
    t.push(term!("column"), l.column);
    t.push(term!("width-change"), (r.column - l.column).clamp(-8.0, 8.0));
    t.push(term!("overfull"), f32::from(u8::from(l.slack() < -OVER)) + 2.0 * f32::from(u8::from(sr < -OVER)));
}

fn roles(t: &mut Terms, b: &Break<'_>, l: &Shape, r: &Shape, left: &str, right: &str) {
    let number = |role: Role| match role {
        Role::Dateline => 1.0,
        Role::List => 2.0,
        Role::Verse => 3.0,
        Role::Table => 4.0,
        Role::Caption => 5.0,
        Role::Subhead => 6.0,
        Role::Byline => 7.0,
        Role::Headline => 8.0,
        _ => 0.0,
    };
    t.push(term!("role-L"), number(l.role));
    t.push(term!("role-R"), number(r.role));
    if l.measure.cjk {
        t.flag(term!("inner-space-L"), has_inner_space(left) && l.measure.width < SPACED);
        t.flag(term!("inner-space-R"), has_inner_space(right) && r.measure.width < SPACED);
    } else {
        let caps = |s: &str| {
            let letters = s.chars().filter(|&c| is_latin(c)).count();
            letters > 3 && 10 * s.chars().filter(|c| c.is_uppercase()).count() > 8 * letters
        };
        t.flag(term!("capitals-L"), caps(left));
        t.flag(term!("capitals-R"), caps(right));
    }
    let across = |s: &Shape| f32::from(u8::from(reads_across(b.doc.slice(s.measure.ink))));
    t.push(term!("across"), across(l) + 2.0 * across(r));
    t.flag(term!("serial-R"), is_serial(right));
    let next = b.layout.lines.get(b.right + 1).map_or(Role::Body, |s| s.role);
    t.flag(term!("next-dateline"), matches!(next, Role::Dateline | Role::Byline));
    t.flag(term!("next-caption"), next == Role::Caption);
    t.flag(term!("script-change"), l.measure.cjk != r.measure.cjk && l.measure.width > 2.0 && r.measure.width > 2.0);
}

/// Blank lines, pages and files between the two.
fn between(t: &mut Terms, b: &Break<'_>, l: &Shape, r: &Shape) {
    t.push(term!("blanks"), b.blanks.min(3) as f32);
    let rates = b.layout.blanks;
    let odds = if b.blanks > 0 {
        rates.inside / rates.at_ends
    } else {
        (1.0 - rates.inside) / (1.0 - rates.at_ends).max(0.02)
    };
    t.push(term!("blank-odds"), odds.max(1e-3).ln().clamp(-LOGIT_CAP, LOGIT_CAP));
    let (lp, rp) = (b.doc.lines()[l.line], b.doc.lines()[r.line]);
    t.flag(term!("page"), lp.page != rp.page);
    t.flag(term!("file"), lp.file != rp.file);
}

fn language_terms(t: &mut Terms, left: &str, right: &str, language: &Language) {
    if language.chars.is_empty() {
        return;
    }
    let mut before: SmallVec<[char; 3]> = left.chars().rev().take(3).map(fold).collect();
    before.reverse();
    let next: SmallVec<[char; AHEAD]> = right.chars().filter(|c| !c.is_whitespace()).take(AHEAD).map(fold).collect();
    let m = &language.chars;
    let cap = |x: f32| x.clamp(-MODEL_CAP, MODEL_CAP);
    let joined = m.log_prob_of(&before, &next);
    let start = m.log_prob_of(&[PARA_START], &next);
    let end = m.log_prob(&before, PARA_END);
    let head = m.log_prob(&before, HEAD_END);
    t.push(term!("lm-next"), cap(joined - start));
    t.push(term!("lm-end"), cap(end));
    t.push(term!("lm-head-end"), cap(head));
    t.push(term!("lm-all"), cap(joined - start - end.max(head)));
    let pair = [before.last().copied().unwrap_or(' '), next.first().copied().unwrap_or(' ')];
    t.unseen = m.seen(&pair) < 1.0;
    t.flag(term!("pair-unseen"), t.unseen);
    t.crossing = language.han.crossing(left, right);
    t.push(term!("word"), t.crossing.gain.clamp(0.0, MODEL_CAP));
}

/// The white space (line ends, blank lines, indents) between the ink of two lines.
pub(super) fn gap(l: &Shape, r: &Shape) -> Span {
    Span::new(l.measure.ink.end(), r.measure.ink.start())
}
