//! The check that decides every break of a document: gathers the evidence, asks the weights, makes the edits.
//!
//! It must never weigh evidence itself; guards name the places that are never joined.

use super::ceiling::{are_headings, ceiling, is_apart, is_open_line, would_hang};
use super::facts::Sides;
use super::guard::{guarded, is_note};
use super::hyphen::{Judged, Verdict, hyphen_len, judge};
use super::marks::{End, Start, end_of};
use super::names::{term, value_name};
use super::rules;
use super::settle::settle;
use super::spellings::Spellings;
use super::terms::{Break, Setting, Terms, gap, terms};
use super::weights::Weights;
use crate::document::{Document, Layout, Role, Shape, ends_sentence};
use crate::language::Language;
use crate::rule::{Check, Confidence, Context, Finding, Findings, Fix, Rule};
use crate::text::script::{is_cjk, is_cjk_mark};
use crate::text::{Span, Splice};

// Bounds of the calibrated probability, from joins held out by document (docs/rejoin.md has the counts).

/// From here on a join is certain: of 31,000 between lines that follow each other 26 were wrong.
const CERTAIN: f32 = 0.98;
/// The same over a blank line, the end of a page or a change of measure.
const CERTAIN_APART: f32 = 0.995;
/// From here on a join is applied; between .5 and .6 every second one was wrong (35 of 74 in the articles of 1939), so
/// those are proposed.
const LIKELY: f32 = 0.6;
/// The same over a blank line, the end of a page or a change of measure: nothing but the words says there that the
/// halves belong together. In Chinese every second join between .7 and .8 was wrong, in Latin script every fifth.
const LIKELY_APART: [f32; 2] = [0.7, 0.8];
/// The same over the seam between two files.
const LIKELY_FILE: f32 = 0.75;
/// The same where a line has a wide gap or a rule inside, as lines have that were read across two columns: from here on
/// 2 of 87 were wrong.
const LIKELY_ACROSS: f32 = 0.8;
/// Where a line is a paragraph, joins are rare: more is asked for. In Chinese every tenth between .7 and .8 was wrong, from .8 on
/// 56 of 5,240. In Latin script pages whose columns were read in another order look so on a second run: .95.
const LIKELY_PARAGRAPHS: [f32; 2] = [0.95, 0.8];
/// The same behind a line that leaves room for more than the next one begins with, in Latin and in Chinese: in Chinese ten
/// of 47 between .6 and .75 were wrong; in Latin, in lists set below prose, 25 of 26 between .6 and .9.
const LIKELY_OPEN: [f32; 2] = [0.9, 0.75];
/// The same to a short line that ends no sentence behind one that does, and from there to another: headings, as a rule. Set
/// by hand.
const LIKELY_HANGING: f32 = 0.9;
/// From here on a join is proposed.
const SUGGEST: f32 = 0.3;
/// A story that stops in mid-sentence is told from a headline by its length, in em, or by marks inside.
const CUT_OFF: f32 = 30.0;
/// A hyphen behind a letter and a letter after the break: the word goes on (99.5 % of the hyphen corpus).
const DIVIDED: f32 = 0.97;
/// A note in brackets behind a full line that ends a sentence (see [`is_note`]).
const NOTED: f32 = 0.7;
/// A line whose slack is below this is full at a column's foot, and two measures that differ by less are one, in em.
pub(super) const COLUMN_FULL: f32 = 1.2;
/// Gain of the joined reading from which a word counts as standing across the break.
const WORD: f32 = 2.0;

pub(super) static CHECK: Check = Check {
    rules: &[&rules::SPLIT_WORD, &rules::BY_COLUMN, &rules::BY_PAGE, &rules::LINE_END, &rules::HYPHEN, &rules::CUT_OFF],
    run,
};

/// What was decided about one break.
pub(super) struct Decided {
    p: f32,
    setting: Setting,
    terms: Terms,
    hyphen: Verdict,
    /// How sure the join is.
    pub(super) sure: Confidence,
    /// No hyphen, or one of a word that is spelt so elsewhere.
    pub(super) spelt: bool,
}

/// The joins of a document, one place for each break; None where nothing is worth a proposal.
pub(super) type Joins = Vec<Option<Box<Decided>>>;

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let layout = doc.layout();
    let (mut joins, apart) = decide(doc, cx.language);
    if layout.wrapped {
        settle(doc, cx.language, &mut joins);
    }
    apart.into_iter().filter(|right| joins[right - 1].is_none()).for_each(|right| cut_off(doc, layout, right, out));
    for (right, end) in chains(&joins).into_iter().rev() {
        let Some(d) = &joins[right - 1] else { continue };
        let mut finding = finding(doc, layout, right, end, d);
        if cx.config.explain {
            finding = explained(finding, d);
        }
        out.push(finding);
    }
}

/// Weighs every break once. Gives the joins, and the breaks that nothing may join.
pub(super) fn decide(doc: &Document<'_>, language: &Language) -> (Joins, Vec<usize>) {
    let layout = doc.layout();
    let sides = Sides::of(doc, layout);
    let spellings = Spellings::new(doc);
    let n = layout.lines.len();
    let mut joins: Joins = Vec::with_capacity(n);
    let mut apart = Vec::new();
    for right in 1..n {
        let b = Break { doc, layout, sides: &sides, left: right - 1, right, blanks: blanks(doc, layout, right) };
        let judged = hyphen_at(doc, layout, right, &spellings, language);
        let most = ceiling(doc, layout, &sides, right, &judged);
        let hyphen = judged.verdict;
        let plain = !hyphen.is_hyphen();
        let Some(most) = most.filter(|_| !plain || !guarded(doc, layout, &sides, right)) else {
            apart.push(right);
            joins.push(None);
            continue;
        };
        let (setting, mut terms) = terms(&b, language);
        let weights = Weights::shipped(setting);
        let mut p = weights.probability(&terms);
        if at_column_foot(&b) {
            // The blank may be the space between two columns: it says nothing then.
            let without = super::terms::terms(&Break { blanks: 0, ..b }, language).1;
            let other = weights.probability(&without);
            if other > p {
                (p, terms) = (other, without);
            }
        }
        if !plain {
            p = p.max(DIVIDED);
        } else if is_note(doc, layout, &sides, right) {
            p = p.max(NOTED);
        }
        joins.push((p >= SUGGEST).then(|| {
            let mut d = Box::new(Decided { p, setting, terms, hyphen, sure: most, spelt: plain || judged.known });
            d.sure = confidence(doc, layout, &sides, right, &d, most);
            d
        }));
    }
    (joins, apart)
}

/// The breaks that a join is known for, in order, each with the line at which the chain of joins ends that it is part of:
/// swallowed page breaks go there.
pub(super) fn chains(joins: &Joins) -> Vec<(usize, usize)> {
    let mut last = joins.len();
    let mut out = Vec::new();
    for right in (1..=joins.len()).rev() {
        let applied = |at: usize| is_applied(joins, at);
        if right < joins.len() && !applied(right + 1) {
            last = right;
        }
        if joins[right - 1].is_some() {
            out.push((right, if applied(right) { last } else { right }));
        }
    }
    out.reverse();
    out
}

/// True where the join of a break is made, not only proposed.
pub(super) fn is_applied(joins: &Joins, right: usize) -> bool {
    joins.get(right.wrapping_sub(1)).and_then(Option::as_ref).is_some_and(|d| d.sure >= Confidence::Likely)
}

/// What becomes of a hyphen at the left line's end; nothing in Chinese.
pub(super) fn hyphen_at(
    doc: &Document<'_>,
    layout: &Layout,
    right: usize,
    spellings: &Spellings<'_, '_>,
    language: &Language,
) -> Judged {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    if l.measure.cjk || r.measure.cjk {
        return Judged::NONE;
    }
    judge(doc.slice(l.measure.ink), doc.slice(r.measure.ink), spellings, language)
}

/// A blank line behind a full line that ends no sentence, between lines of one measure.
fn at_column_foot(b: &Break<'_>) -> bool {
    let (l, r) = (&b.layout.lines[b.left], &b.layout.lines[b.right]);
    b.blanks > 0
        && b.layout.wrapped
        && l.slack().abs() < COLUMN_FULL
        && (l.column - r.column).abs() < COLUMN_FULL
        && (l.measure.cjk || b.sides.lines[b.right].start == Start::Lower)
        && !ends_sentence(b.doc.slice(l.measure.core))
}

/// Blank lines that count as evidence: over a page break there are always some.
fn blanks(doc: &Document<'_>, layout: &Layout, right: usize) -> u32 {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    if doc.lines()[l.line].page == doc.lines()[r.line].page { r.blanks } else { 0 }
}

fn confidence(
    doc: &Document<'_>,
    layout: &Layout,
    sides: &Sides,
    right: usize,
    d: &Decided,
    most: Confidence,
) -> Confidence {
    let lines = doc.lines();
    let page = lines[layout.lines[right - 1].line].page != lines[layout.lines[right].line].page;
    let file = lines[layout.lines[right - 1].line].file != lines[layout.lines[right].line].file;
    let apart = is_apart(doc, layout, right);
    let likely = match d.setting {
        _ if file => LIKELY_FILE,
        // Where many paragraphs end without a stop, that one does says nothing.
        Setting::CjkParagraphs | Setting::LatinParagraphs if layout.unstopped => return Confidence::Suggest,
        Setting::CjkParagraphs | Setting::LatinParagraphs if layout.apart => {
            LIKELY_PARAGRAPHS[usize::from(d.setting.is_cjk())]
        }
        // Paragraphs that follow each other without a blank line are what this program writes: what a first run left
        // alone must stay. Only a page's end or a hyphen joins there.
        Setting::CjkParagraphs | Setting::LatinParagraphs if page || d.hyphen.is_hyphen() => {
            LIKELY_PARAGRAPHS[usize::from(d.setting.is_cjk())]
        }
        Setting::CjkParagraphs | Setting::LatinParagraphs => return Confidence::Suggest,
        _ if d.terms.value_of(term!("across")) > 0.0 => LIKELY_ACROSS,
        _ if apart => LIKELY_APART[usize::from(d.setting.is_cjk())],
        _ => LIKELY,
    };
    let open = is_open_line(doc, layout, right - 1);
    let likely = if open { likely.max(LIKELY_OPEN[usize::from(d.setting.is_cjk())]) } else { likely };
    let hanging = would_hang(doc, layout, sides, right) || are_headings(doc, layout, sides, right);
    let likely = if hanging { likely.max(LIKELY_HANGING) } else { likely };
    let c = if d.p >= if apart || open { CERTAIN_APART } else { CERTAIN } {
        Confidence::Certain
    } else if d.p >= likely {
        Confidence::Likely
    } else {
        Confidence::Suggest
    };
    c.min(most)
}

/// The join of a break as an edit. `last`: the line at which the chain of joins ends that it is part of.
pub(super) fn finding(doc: &Document<'_>, layout: &Layout, right: usize, last: usize, d: &Decided) -> Finding {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    let left = doc.slice(l.measure.ink);
    let between = gap(l, r);
    let rule = kind(doc, l, r, d, d.hyphen == Verdict::Undo);
    let (from, glue) = match d.hyphen {
        Verdict::Undo => (between.start() - hyphen_len(left), ""),
        Verdict::Keep | Verdict::Lost => (between.start(), ""),
        Verdict::KeepSpace => (between.start(), " "),
        Verdict::None | Verdict::Apart => (between.start(), glue(l, r)),
    };
    let mut splices = vec![Splice::replace(Span::new(from, between.end()), glue)];
    if let Some((at, feeds)) = feeds(doc, layout, between, last) {
        splices.push(Splice::insert(at, feeds));
    }
    let mut finding = Finding::edit(rule, Fix::many(splices)).at(d.sure).with_p((d.p * 1000.0).round() / 1000.0);
    finding.span = Span::new(from, between.end());
    if rule.id == rules::SPLIT_WORD.id {
        finding = finding.because("word", d.terms.crossing.word.clone());
    }
    if d.terms.crossing.stump && d.terms.unseen && d.terms.crossing.word.is_empty() {
        finding =
            finding.marked("doubtful-word").saying("the word that the join yields is in no list and was never seen");
    }
    finding
}

/// The finding with the sum of the evidence, term by term, the greatest parts first.
fn explained(mut finding: Finding, d: &Decided) -> Finding {
    /// Parts below this change no decision and are given together.
    const SMALL: f32 = 0.05;
    let mut parts = Weights::shipped(d.setting).parts(&d.terms);
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let sum: f32 = parts.iter().map(|p| p.1).sum();
    let small: f32 = parts.iter().filter(|p| p.1.abs() < SMALL).map(|p| p.1).sum();
    finding = finding.because("weights of", d.setting.name());
    for &(name, w) in parts.iter().filter(|p| p.1.abs() >= SMALL) {
        finding = match name {
            Some(n) => finding.because(n, format!("{w:+.2} for {}", value_name(n, d.terms.value(n)))),
            None => finding.because("to begin with", format!("{w:+.2}")),
        };
    }
    finding = finding.because("all else", format!("{small:+.2}")).because("sum", format!("{sum:+.2}"));
    if d.hyphen.is_hyphen() { finding.because("hyphen", "decides") } else { finding }
}

/// Which rule a join belongs to.
fn kind(doc: &Document<'_>, l: &Shape, r: &Shape, d: &Decided, hyphen: bool) -> &'static Rule {
    let page = doc.lines()[l.line].page != doc.lines()[r.line].page;
    if page {
        &rules::BY_PAGE
    } else if hyphen {
        &rules::HYPHEN
    } else if r.blanks == 0 {
        &rules::LINE_END
    } else if d.terms.crossing.gain >= WORD && !d.terms.crossing.word.is_empty() {
        &rules::SPLIT_WORD
    } else {
        &rules::BY_COLUMN
    }
}

/// What stands between the halves: nothing beside CJK, else a space.
fn glue(l: &Shape, r: &Shape) -> &'static str {
    let tight = |c: char| is_cjk(c) || is_cjk_mark(c) || matches!(c, '\u{2018}'..='\u{201D}' | '\u{2026}');
    let cjk = l.measure.cjk || r.measure.cjk;
    if cjk
        && (tight(l.measure.last)
            || tight(r.measure.first)
            || l.measure.last.is_ascii_digit()
            || is_mark(l.measure.last))
    {
        ""
    } else {
        " "
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')' | '/' | '-' | '%' | '"')
}

/// Form feeds inside files that the join swallows, and the place after the joined paragraph where they go.
fn feeds(doc: &Document<'_>, layout: &Layout, between: Span, last: usize) -> Option<(usize, String)> {
    let n = doc
        .slice(between)
        .char_indices()
        .filter(|&(i, c)| c == '\u{C}' && !doc.is_file_seam(between.start() + i))
        .count();
    (n > 0).then(|| {
        let line = &doc.lines()[layout.lines[last].line];
        // The line end belongs to the paragraph; a page break that ends it already stays behind the new one.
        let ends_page = doc.text().as_bytes().get(line.next.saturating_sub(1)) == Some(&b'\x0C');
        (if ends_page { line.span.end() } else { line.next }, "\u{C}".repeat(n))
    })
}

/// Flags a story that stops in mid-sentence before another one's headline.
fn cut_off(doc: &Document<'_>, layout: &Layout, right: usize, out: &mut Findings) {
    let (l, r) = (&layout.lines[right - 1], &layout.lines[right]);
    let left = doc.slice(l.measure.ink);
    let another = matches!(r.role, Role::Headline | Role::Byline | Role::Dateline);
    let open = !ends_sentence(left)
        && matches!(end_of(left), End::Comma | End::Letter | End::Digit | End::Hyphen | End::Semicolon);
    let inside = left.contains(['，', ',', '。']) || layout.wrapped && l.slack() < 1.0;
    let story = l.role == Role::Body && (l.measure.width > CUT_OFF || end_of(left) == End::Comma) && inside;
    if another && open && story {
        let at = l.measure.ink;
        let tail = left.chars().next_back().map_or(0, char::len_utf8);
        out.push(Finding::flag(
            &rules::CUT_OFF,
            Span::new(at.end() - tail, at.end()),
            "the story stops in mid-sentence before another one's headline",
        ));
    }
}
