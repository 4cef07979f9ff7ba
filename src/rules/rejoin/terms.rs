//! The evidence for one break, as named numbers: what stands on both sides, how full the lines are, what the language
//! models say. It must never weigh them or decide.

use super::facts::{Facts, Sides};
use super::marks::{End, is_serial};
use super::names::{COUNT, NAMES, Name, term};
use crate::document::roles::headline_shape;
use crate::document::{Document, Layout, Role, Shape, full_density};
use crate::language::fold::{HEAD_END, PARA_END, PARA_START, fold};
use crate::language::{Crossing, Language};
use crate::text::Span;
use crate::text::script::{is_han, is_latin};
use smallvec::SmallVec;

/// Characters of the right side whose probability is asked.
const AHEAD: usize = 5;
/// The mark that ends a sentence inside a paragraph.
const STOP: char = '。';
/// Set in lines: a sentence's end this far from the edge, in em, needs no question.
const CLEAR: f32 = 6.0;
/// Lines on each side of a break whose sentences are counted.
const NEAR: u16 = 20;
/// Pairs of characters of a line that are compared with those of the next.
const PAIRS: usize = 32;
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
    /// What each of its lines shows by itself.
    pub sides: &'d Sides,
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
    let (fl, fr) = (&b.sides.lines[b.left], &b.sides.lines[b.right]);
    let setting = Setting::of(l.measure.cjk || r.measure.cjk, b.layout.wrapped);
    t.flag(term!("lines"), b.layout.wrapped);
    marks(&mut t, fl, fr, left);
    t.flag(term!("L-has-marks"), fl.marked);
    t.flag(term!("R-has-marks"), fr.marked);
    if b.layout.wrapped {
        fill(&mut t, b, l, r);
        reach(&mut t, b, fl, fr, left);
    } else {
        lengths(&mut t, l, r, left, right);
        t.flag(term!("L-has-stop-inside"), fl.stop_inside);
        t.flag(term!("R-ends-stop"), fr.ends);
    }
    roles(&mut t, b, l, r, left, right);
    between(&mut t, b, l, r);
    if setting.is_cjk() && !is_clear(&t, b.layout.wrapped, l, fl) {
        language_terms(&mut t, left, right, fl, language);
    }
    (setting, t)
}

/// A sentence's end where the text says as plainly as it can that a paragraph ends: nobody asks the language.
fn is_clear(t: &Terms, wrapped: bool, l: &Shape, fl: &Facts) -> bool {
    let kinsoku = t.value_of(term!("start-R")) == f32::from(super::marks::Start::Kinsoku as u8);
    let brackets = t.value_of(term!("open-bracket")) + t.value_of(term!("closes-first")) > 0.0;
    fl.ends && !kinsoku && !brackets && (!wrapped || l.slack() > CLEAR)
}

fn marks(t: &mut Terms, fl: &Facts, fr: &Facts, left: &str) {
    let end = fl.end;
    t.push(term!("end-L"), f32::from(end as u8));
    t.push(term!("start-R"), f32::from(fr.start as u8));
    if end == End::Stop {
        let mut token = left.trim_end_matches(['.', '!', '?']).chars().rev().take_while(|c| c.is_alphanumeric());
        let last = token.next();
        t.push(term!("stop-token"), (1.0 + token.take(6).count() as f32).min(6.0));
        t.flag(term!("stop-digit"), last.is_some_and(|c| c.is_ascii_digit()));
    }
    t.flag(term!("open-bracket"), fl.open);
    t.flag(term!("closes-first"), fr.early);
    t.flag(term!("bracket-across"), fl.open && fr.early);
}

/// Where a line is a paragraph: how long the two are, and the marks in them.
fn lengths(t: &mut Terms, l: &Shape, r: &Shape, left: &str, right: &str) {
    let long = |w: f32| (w / UNIT).min(4.0);
    t.push(term!("lead"), r.measure.lead.min(4.0));
    t.push(term!("len-L"), long(l.measure.width));
    t.push(term!("len-R"), long(r.measure.width));
    t.flag(term!("both-headline-shape"), headline_shape(left, &l.measure) && headline_shape(right, &r.measure));
}

/// Set in lines: how long the paragraphs on both sides of the break would be, against those whose ends are sure, and
/// whether the left line looks like a headline that fills its line.
fn reach(t: &mut Terms, b: &Break<'_>, fl: &Facts, fr: &Facts, left: &str) {
    t.push(term!("lines-since"), f32::from(fl.since));
    t.push(term!("lines-until"), f32::from(fr.until));
    t.push(term!("lines-typical"), b.sides.typical);
    let from = (b.left + 1).saturating_sub(usize::from(fl.since.min(NEAR)));
    let to = (b.right + usize::from(fr.until.min(NEAR))).min(b.sides.lines.len());
    let stops = |lines: std::ops::Range<usize>| -> f32 {
        b.sides.lines.get(lines).unwrap_or_default().iter().map(|f| f32::from(f.stops)).sum()
    };
    t.push(term!("stops-since"), stops(from..b.left + 1));
    t.push(term!("stops-until"), stops(b.right..to));
    t.push(term!("sentence-L"), f32::from(b.sides.sentence_before(b.left)));
    t.push(term!("sentence-R"), f32::from(b.sides.sentence_after(b.right)));
    if !fl.ends {
        return;
    }
    // Words that the line before the break and the one behind it share.
    let right = b.doc.slice(b.layout.lines[b.right].measure.core);
    let pairs = |s: &str| -> SmallVec<[[char; 2]; 32]> {
        let mut before = ' ';
        s.chars()
            .filter_map(|c| {
                let pair = [std::mem::replace(&mut before, c), c];
                (is_han(pair[0]) && is_han(pair[1])).then_some(pair)
            })
            .take(PAIRS)
            .collect()
    };
    let (l, r) = (pairs(left), pairs(right));
    t.push(term!("echo"), r.iter().filter(|p| l.contains(p)).count() as f32);
}

/// Set in lines: how well both sides fit into their column as full, short, or indented lines.
fn fill(t: &mut Terms, b: &Break<'_>, l: &Shape, r: &Shape) {
    let indent = b.layout.indent;
    let (unit_l, unit_r) = (b.layout.unit_after(b.doc, b.left), b.layout.unit_after(b.doc, b.right));
    let (sl, sr) = (l.slack(), r.slack());
    let ratio = |a: f32, c: f32| (a / c).ln().clamp(-LOGIT_CAP, LOGIT_CAP);
    let ends = |k: usize| b.sides.lines[k].ends;
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
    let (fl, fr) = (&b.sides.lines[b.left], &b.sides.lines[b.right]);
    t.push(term!("role-L"), number(l.role));
    t.push(term!("role-R"), number(r.role));
    if l.measure.cjk {
        t.flag(term!("inner-space-L"), fl.spaced && l.measure.width < SPACED);
        t.flag(term!("inner-space-R"), fr.spaced && r.measure.width < SPACED);
    } else {
        let caps = |s: &str| {
            let letters = s.chars().filter(|&c| is_latin(c)).count();
            letters > 3 && 10 * s.chars().filter(|c| c.is_uppercase()).count() > 8 * letters
        };
        t.flag(term!("capitals-L"), caps(left));
        t.flag(term!("capitals-R"), caps(right));
    }
    t.push(term!("across"), f32::from(u8::from(fl.across)) + 2.0 * f32::from(u8::from(fr.across)));
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

fn language_terms(t: &mut Terms, left: &str, right: &str, fl: &Facts, language: &Language) {
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
    if fl.ends {
        // A sentence in the midst of a paragraph against the first one of another.
        t.push(term!("lm-sentence"), cap(m.log_prob_of(&[STOP], &next) - start));
    }
    if t.value_of(term!("lines")) > 0.0 {
        t.push(term!("opening"), cap(m.opening(right)));
    }
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
