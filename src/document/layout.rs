//! `Layout`: what each line measures, in which column it stands, how paragraphs are indented, what its role may be.
//!
//! Derived from the text alone, lazily, once per document. It must never hold what a stage decided.

use super::columns::{self, Columns, Proof, Run};
use super::faces;
use super::fill::{Unit, full_density};
use super::measure::{Face, Measure, measure};
use super::prose::{
    ENDS_ITSELF, GOES_ON, GOES_ON_MIXED, RUN_ENDS_ITSELF, divided, ends_itself, goes_on, punctuated, run_on, torn,
};
use super::roles::{self, Reading, Role};
use super::{Document, Line};
use crate::text::script::{is_closing, is_letter, is_sentence_end};

/// Lines that are measured both ways before the better way is taken.
const SAMPLE: usize = 1500;
/// Indents that are tried, in em.
const INDENTS: [f32; 6] = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0];
/// Share of lines with a blank line before them from which a text is not set in lines (OCR puts 7 % into columns).
const APART: f32 = 0.8;
/// Logarithm by which the usual indent (2 cells in Chinese, 1 em in Latin type) is preferred before anything is seen.
const USUAL: f32 = 2.0;

/// A line whose slack is below this fills its column; digits and quotes vary in width. In em.
const FILLED: f32 = 1.6;
/// The same for what is left when the indent is taken off.
const INDENTED: f32 = 0.8;

/// Blank lines at places that are surely paragraph ends and surely not, with their totals.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub struct BlankRates {
    /// Share of paragraph ends that a blank line follows.
    pub at_ends: f32,
    /// Share of line ends inside paragraphs that a blank line follows.
    pub inside: f32,
}

/// One inked line.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Shape {
    /// Number of the line in [`Document::lines`].
    pub line: usize,
    /// What it measures.
    pub measure: Measure,
    /// Edge of its column in em; 0 where there is none.
    pub column: f32,
    /// What it may be, by shape, words and neighbours.
    pub role: Role,
    /// The same, finer, with its score and the evidence.
    pub reading: Reading,
    /// Blank lines before it.
    pub blanks: u32,
}

impl Shape {
    /// What is missing to the column's edge, in em.
    pub fn slack(&self) -> f32 {
        self.column - self.measure.width
    }

    /// True where it fills its column.
    pub fn is_full(&self) -> bool {
        self.slack().abs() < FILLED
    }
}

/// The derived structure of a document.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The lines that have ink, in order.
    pub lines: Vec<Shape>,
    /// True where the text is set in lines; false where a line is a paragraph.
    pub wrapped: bool,
    /// True where nearly every line has a blank line before it.
    pub apart: bool,
    /// True where most lines are CJK.
    pub cjk: bool,
    /// How characters were measured.
    pub face: Face,
    /// Indent of paragraphs that the OCR lost, in em.
    pub indent: f32,
    /// Each line is a paragraph, and many end without a stop: that one does says nothing.
    pub unstopped: bool,
    /// Blank lines.
    pub blanks: BlankRates,
}

impl Layout {
    pub(super) fn of(doc: &Document<'_>) -> Self {
        let inked: Vec<(usize, &Line)> = doc.lines().iter().enumerate().filter(|(_, l)| !l.blank).collect();
        let with = |face, n: usize| -> Vec<Measure> {
            inked[..n].iter().map(|(_, l)| measure(doc.line_text(l), l.span.start(), face)).collect()
        };
        let mut measures = with(Face::CjkHalf, inked.len());
        let cjk = 2 * measures.iter().filter(|m| m.cjk).count() >= measures.len();
        let mut face = Face::CjkHalf;
        let mut found = None;
        let widths = |m: &[Measure]| m.iter().map(|m| m.width).collect::<Vec<f32>>();
        if !cjk {
            measures = with(Face::Latin(0), inked.len());
            let texts: Vec<&str> = measures.iter().map(|m| doc.slice(m.ink)).collect();
            let w = widths(&measures);
            let kind = faces::choose(&texts, &w, &columns::find(&w[..w.len().min(SAMPLE)], true));
            face = Face::Latin(kind);
            if kind > 0 {
                measures = with(face, inked.len());
            }
        } else {
            let n = measures.len().min(SAMPLE);
            let full = with(Face::CjkFull, n);
            let [in_full, in_half] = [&full, &measures].map(|m| columns::find(&widths(&m[..n]), false));
            let all = n == measures.len();
            if in_full.score > in_half.score {
                face = Face::CjkFull;
                measures = if all { full } else { with(Face::CjkFull, inked.len()) };
                found = all.then_some(in_full);
            } else {
                found = all.then_some(in_half);
            }
        }
        let mut found = found.unwrap_or_else(|| columns::find(&widths(&measures), !cjk));
        if let Face::Latin(kind) = face {
            let texts: Vec<&str> = measures.iter().map(|m| doc.slice(m.ink)).collect();
            faces::sharpen(&texts, &widths(&measures), kind, &mut found);
        }
        let Columns { edge, wrapped, mixed, proof, runs, .. } = found;
        let mut before = 0;
        let mut lines: Vec<Shape> = Vec::with_capacity(inked.len());
        for ((&(line, _), measure), column) in inked.iter().zip(measures).zip(edge) {
            let blanks = (line - before) as u32;
            before = line + 1;
            lines.push(Shape { line, measure, column, role: Role::Body, reading: Reading::default(), blanks });
        }
        // Where nearly every line stands apart, each is a paragraph, however even their lengths. What stands between two
        // pages says nothing of it.
        let page = |s: &Shape| doc.lines()[s.line].page;
        let pairs = || lines.windows(2).filter(|w| page(&w[0]) == page(&w[1]));
        let apart = pairs().filter(|w| w[1].blanks > 0).count() as f32 >= APART * pairs().count() as f32;
        let set = match proof {
            Proof::Sure => true,
            Proof::Narrow => punctuated(doc, &lines) || torn(doc, &lines) || run_on(doc, &lines),
            Proof::None => torn(doc, &lines) || run_on(doc, &lines),
        };
        let shown = || {
            mixed
                && proof == Proof::Sure
                && if cjk { torn(doc, &lines) || run_on(doc, &lines) } else { goes_on(doc, &lines, GOES_ON_MIXED) }
        };
        let wrapped = (wrapped || shown()) && !apart && set && !ends_itself(doc, &lines, ENDS_ITSELF);
        if wrapped {
            borrow_columns(doc, &mut lines, &runs, cjk);
        }
        let mut out =
            Self { lines, wrapped, apart, cjk, face, indent: 0.0, blanks: BlankRates::default(), unstopped: false };
        out.blanks = out.blank_rates(doc);
        out.indent = out.find_indent(doc);
        roles::assign(doc, &mut out);
        out.unstopped = unstopped(doc, &out);
        out
    }

    /// Number in `lines` of the first inked line at or after document line `line`.
    pub fn index_from_line(&self, line: usize) -> usize {
        self.lines.partition_point(|s| s.line < line)
    }

    /// True where line `i` fills its column, or does so but for an indent that was lost.
    pub fn fills(&self, i: usize) -> bool {
        let s = &self.lines[i];
        s.is_full() || self.indent > 0.0 && (s.slack() - self.indent).abs() < INDENTED
    }

    fn surely_ends(&self, i: usize, doc: &Document<'_>) -> bool {
        ends_sentence(doc.slice(self.lines[i].measure.ink)) && (!self.wrapped || self.lines[i].slack() > 3.0)
    }

    fn blank_rates(&self, doc: &Document<'_>) -> BlankRates {
        let (mut end, mut end_blank, mut inside, mut inside_blank) = (2.0f32, 1.0f32, 4.0f32, 0.6f32);
        if self.apart {
            // All lines stand apart: the few ends of a short text need not be counted.
            return BlankRates { at_ends: 1.0, inside: inside_blank / inside };
        }
        for i in 0..self.lines.len().saturating_sub(1) {
            let blank = f32::from(u8::from(self.lines[i + 1].blanks > 0));
            let (l, r) = (&self.lines[i], &self.lines[i + 1]);
            if self.surely_ends(i, doc) {
                end += 1.0;
                end_blank += blank;
            } else if self.wrapped
                && is_letter(l.measure.last)
                && l.slack().abs() < 1.0
                && (r.slack().abs() < 1.0 || ends_sentence(doc.slice(r.measure.ink)))
            {
                inside += 1.0;
                inside_blank += blank;
            }
        }
        BlankRates { at_ends: end_blank / end, inside: inside_blank / inside }
    }

    fn find_indent(&self, doc: &Document<'_>) -> f32 {
        let usual = if self.cjk { 2.0 } else { 1.0 };
        let mut score = INDENTS.map(|x| if x == usual { USUAL } else { 0.0 });
        for i in 0..self.lines.len().saturating_sub(2) {
            if !self.surely_ends(i, doc) || ends_sentence(doc.slice(self.lines[i + 1].measure.ink)) {
                continue;
            }
            let unit = self.unit_after(doc, i + 1);
            let slack = self.lines[i + 1].slack();
            for (s, x) in score.iter_mut().zip(INDENTS) {
                *s += full_density(slack - x, unit).ln();
            }
        }
        let best = score.iter().enumerate().fold((0, f32::NEG_INFINITY), |m, (k, &s)| if s > m.1 { (k, s) } else { m });
        INDENTS[best.0]
    }

    /// What line `i` had no room for: the start of the line after it.
    pub fn unit_after(&self, doc: &Document<'_>, i: usize) -> Unit {
        use crate::text::script::{forbidden_at_line_start, is_cjk, is_opening};
        let next = self.lines.get(i + 1).map_or("", |s| doc.slice(s.measure.ink));
        if let Face::Latin(face) = self.face {
            let divided = self.lines.get(i).is_some_and(|s| doc.slice(s.measure.ink).ends_with(faces::is_stroke));
            return faces::unit(next, divided, face);
        }
        if next.is_empty() {
            return Unit { whole: 1.0, part: 1.0, latin: false };
        }
        let mut whole = 0.0;
        let mut core = false;
        for c in next.chars().take(24) {
            let after = whole > 0.0 && !core && is_cjk(c);
            if c.is_whitespace() || after || (core && (is_cjk(c) || is_opening(c) || !forbidden_at_line_start(c))) {
                break;
            }
            core |= is_cjk(c);
            whole += super::measure::advance(c, self.face);
        }
        Unit { whole, part: whole, latin: false }
    }
}

/// True where a text ends a sentence, closing marks aside.
pub fn ends_sentence(text: &str) -> bool {
    text.trim_end().trim_end_matches(is_closing).chars().next_back().is_some_and(is_sentence_end)
}

/// Gives lines that no column made the measure of the column beside them: a poem, a list, a notice between columns of prose
/// fills a measure of its own by chance, and would be joined as if it were full.
fn borrow_columns(doc: &Document<'_>, lines: &mut [Shape], runs: &[Run], cjk: bool) {
    let column = |run: &Run| {
        let own = &lines[run.lines.clone()];
        if !cjk {
            return goes_on(doc, own, GOES_ON);
        }
        let prose = !run.narrow || run.proved && punctuated(doc, own) && divided(doc, own) || torn(doc, own);
        prose && !ends_itself(doc, own, RUN_ENDS_ITSELF)
    };
    let columns: Vec<bool> = runs.iter().map(column).collect();
    let edge = |k: usize| columns[k].then(|| lines[runs[k].lines.start].column);
    let last = |found: &mut Option<f32>, k: usize| {
        *found = edge(k).or(*found);
        Some(*found)
    };
    let above: Vec<Option<f32>> = (0..runs.len()).scan(None, last).collect();
    let mut below: Vec<Option<f32>> = (0..runs.len()).rev().scan(None, last).collect();
    below.reverse();
    let borrowed = (0..runs.len()).filter(|&k| !columns[k]).filter_map(|k| {
        let beside = above[k].or(below[k])?;
        Some((runs[k].lines.clone(), beside))
    });
    for (own, beside) in borrowed.collect::<Vec<_>>() {
        lines[own].iter_mut().filter(|s| WIDER * s.column < beside).for_each(|s| s.column = beside);
    }
}

/// A column lends its measure to lines of a measure this many times smaller: columns of prose side by side are nearer.
const WIDER: f32 = 1.2;

/// True where each line is a paragraph and many of them end without a stop.
fn unstopped(doc: &Document<'_>, layout: &Layout) -> bool {
    let body = || layout.lines.iter().filter(|s| s.role == Role::Body && s.measure.width >= PARAGRAPH);
    let open = body().filter(|s| !ends_sentence(doc.slice(s.measure.ink))).count();
    layout.apart && open >= UNSTOPPED && open as f32 > UNSTOPPED_SHARE * body().count() as f32
}

/// Width of a line that is a paragraph of some sentences, in em; so many without a stop at their end, and their share: of
/// torn pages one in seven is so, of letters and opinions from the net most.
const PARAGRAPH: f32 = 18.0;
const UNSTOPPED: usize = 3;
const UNSTOPPED_SHARE: f32 = 0.4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_ends_are_seen_through_closing_marks() {
        for yes in ["完成。", "完成。”", "done.", "done.\u{201D} ", "清零？）"] {
            assert!(ends_sentence(yes), "{yes}");
        }
        for no in ["完成，", "完成", "”", "《人民日报》", ""] {
            assert!(!ends_sentence(no), "{no}");
        }
    }

    #[test]
    fn a_narrow_column_with_lost_indents_is_understood() {
        let mut text = String::new();
        for _ in 0..12 {
            text.push_str("各地正忙着春季田管和\n春耕备耕工作并为完成全\n年粮食稳产保供目标任务\n打下坚实基础。\n");
        }
        let doc = Document::new(&text, &[]);
        let l = doc.layout();
        assert!(l.wrapped && l.cjk);
        assert_eq!(l.lines[1].column, 11.0);
        assert!(l.indent > 0.0, "{}", l.indent);
    }

    #[test]
    fn lines_that_start_with_a_comma_are_of_a_column() {
        let column = "自從去年秋天以來各地\n，遠近的商人都往\n城裏去看貨，價錢\n。雖然高了一成，\n買的人還是很多，\n都說比前年便宜些\n";
        assert!(Document::new(column, &[]).layout().wrapped);
        let song = "月亮出來了\n照着那小河\n小河慢慢流\n流到門前過\n";
        assert!(!Document::new(song, &[]).layout().wrapped);
    }
}
