//! The lines near the ends of the pages: what each says, how far from the edge it stands, which other pages have its like.
//!
//! Facts only; it must never decide what is furniture.

use super::fields::{Fields, Kind};
use super::folio::folio_number;
use super::likeness::{Bigrams, likeness};
use crate::document::Document;
use crate::text::lists;
use crate::text::script::{is_closing, is_han, is_letter_or_digit, is_sentence_end};

/// Inked lines at the head and at the foot of a page that are looked at. A head comes in up to five parts.
const ZONE: (usize, usize) = (9, 8);
/// Likeness from which two lines are copies of one head, digits folded (measured on the degraded pages of the corpus:
/// OCR garbles a fifth of a head's characters).
const ALIKE: f32 = 0.62;
/// Longest head, in characters without white space.
const LONGEST: usize = 110;
/// Pages on each side that a head is compared with.
const NEAR: usize = 4;
/// White space of that many characters parts the fields of a head.
const GAP: usize = 3;

/// A line near an end of its page.
#[derive(Debug)]
pub(super) struct Candidate<'t> {
    /// Number of the line in the document.
    pub(super) line: usize,
    /// Its text without white space at the ends.
    pub(super) text: &'t str,
    /// True at the page's head, false at its foot.
    pub(super) top: bool,
    /// Inked lines between it and its page's edge.
    pub(super) order: usize,
    /// What it says.
    pub(super) fields: Fields,
    /// Letters and marks, white space aside.
    pub(super) ink: usize,
    /// True where it could be part of a sentence.
    pub(super) prose: bool,
    /// True where wide gaps part it.
    pub(super) gapped: bool,
    /// True where it holds a Han character.
    pub(super) han: bool,
    /// Its letters, folded, for comparison with names.
    pub(super) folded: String,
    /// Other pages whose same end has a like line.
    pub(super) copies: usize,
    /// Number, and whether something sets it off, where the line is a page number and nothing else.
    pub(super) folio: Option<(u32, bool)>,
    grams: Bigrams,
}

/// Both ends of one page.
#[derive(Debug, Default)]
pub(super) struct Zone<'t> {
    /// The head, from the edge inwards, then the foot, from the edge inwards.
    pub(super) lines: Vec<Candidate<'t>>,
    /// How many of them are the head.
    pub(super) heads: usize,
}

/// The ends of all pages that have ink.
pub(super) fn zones<'t>(doc: &Document<'t>) -> Vec<Zone<'t>> {
    let mut out = Vec::new();
    let lines = doc.lines();
    let mut from = 0;
    while from < lines.len() {
        let page = lines[from].page;
        let to = from + lines[from..].partition_point(|l| l.page == page);
        let zone = zone(doc, from..to);
        if !zone.lines.is_empty() {
            out.push(zone);
        }
        from = to;
    }
    count_copies(&mut out);
    out
}

fn zone<'t>(doc: &Document<'t>, page: std::ops::Range<usize>) -> Zone<'t> {
    let lines = doc.lines();
    let inked = |from_end: bool, most: usize| -> Vec<usize> {
        let ink = |n: &usize| !lines[*n].blank;
        if from_end {
            page.clone().rev().filter(ink).take(most).collect()
        } else {
            page.clone().filter(ink).take(most).collect()
        }
    };
    let mut top = inked(false, ZONE.0);
    let mut foot = inked(true, ZONE.1);
    // A page of few lines is split in two, the head first.
    let all = if top.len() < ZONE.0 { top.len() } else { page.clone().filter(|&n| !lines[n].blank).take(32).count() };
    top.truncate(ZONE.0.min(all.div_ceil(2)));
    foot.truncate(ZONE.1.min(all - top.len()));
    let heads = top.len();
    let made =
        |(order, line): (usize, usize), top: bool| candidate(line, doc.line_text(&lines[line]).trim(), order, top);
    let mut out: Vec<Candidate<'t>> = top.into_iter().enumerate().map(|x| made(x, true)).collect();
    out.extend(foot.into_iter().enumerate().map(|x| made(x, false)));
    Zone { lines: out, heads }
}

fn candidate(line: usize, text: &str, order: usize, top: bool) -> Candidate<'_> {
    let mut c = Candidate {
        line,
        text,
        top,
        order,
        fields: Fields::default(),
        ink: 0,
        prose: true,
        gapped: false,
        han: false,
        folded: String::new(),
        copies: 0,
        folio: None,
        grams: Bigrams::default(),
    };
    // Four bytes hold at most one character: a long paragraph is not looked at.
    c.ink = if text.len() > 8 * LONGEST { LONGEST + 1 } else { text.chars().filter(|c| !c.is_whitespace()).count() };
    if c.ink > LONGEST {
        return c;
    }
    c.han = text.chars().any(is_han);
    c.prose = prose(text);
    c.gapped = gapped(text);
    c.grams = Bigrams::of(text);
    c.folio = folio_number(text);
    c.fields = Fields::of(text);
    c.folded = fold_name(text);
    c
}

/// Letters only, in lower case.
pub(super) fn fold_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_letter_or_digit(*c)) {
        if is_han(c) { out.push(c) } else { out.extend(c.to_lowercase()) }
    }
    out
}

/// A line that could be part of a sentence: marks of running text inside, or a stop at its end after words.
pub(super) fn prose(text: &str) -> bool {
    let end = text.trim_end_matches(is_closing).chars().next_back();
    let stop = end.is_some_and(|c| is_sentence_end(c) && c != '.');
    let small = |w: &str| w.len() > 3 && !w.starts_with(is_han) && w.chars().all(char::is_lowercase);
    let lower = text.split_whitespace().filter(|w| small(w)).count();
    stop || text.contains(['，', '。', '；', '、']) || lower > 3
}

fn gapped(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars() {
        if c.is_whitespace() {
            run += if c == '\u{3000}' { 2 } else { 1 };
        } else if run >= GAP {
            return true;
        } else {
            run = 0;
        }
    }
    false
}

/// Counts for every candidate the other pages whose same end has a like line.
fn count_copies(zones: &mut [Zone<'_>]) {
    let mut counts: Vec<Vec<usize>> = Vec::with_capacity(zones.len());
    for p in 0..zones.len() {
        let near = p.saturating_sub(NEAR)..(p + NEAR + 1).min(zones.len());
        let count = |c: &Candidate<'_>| {
            let like = |o: &Candidate<'_>| {
                o.top == c.top && o.order.abs_diff(c.order) <= 2 && likeness(&c.grams, &o.grams) >= ALIKE
            };
            near.clone().filter(|&q| q != p && zones[q].lines.iter().any(like)).count()
        };
        counts.push(zones[p].lines.iter().map(count).collect());
    }
    for (zone, counts) in zones.iter_mut().zip(counts) {
        zone.lines.iter_mut().zip(counts).for_each(|(c, n)| c.copies = n);
    }
}

/// What a story or a byline opens with.
static STARTS: lists::Words = lists::Words::named("story-start");

impl Candidate<'_> {
    /// Longest name of a paper, in letters.
    fn longest_name(&self) -> usize {
        if self.han { 12 } else { 40 }
    }

    /// True where the line could be a paper's name: short, no sentence, nobody's byline, no story's start.
    pub(super) fn may_be_name(&self) -> bool {
        !self.prose
            && (2..=self.longest_name()).contains(&self.folded.chars().count())
            && !self.text.contains(['讯', '訊', '电', '電', '记', '記'])
            && !STARTS.iter().any(|s| self.text.starts_with(s))
    }

    /// True where the line is one of these names of the paper, or a part of one, however the OCR garbled it.
    pub(super) fn is_name(&self, names: &[String], garbled: bool) -> bool {
        let letters = self.folded.chars().count();
        if letters < 2 || letters > self.longest_name() {
            return false;
        }
        let grams = Bigrams::of(&self.folded);
        let enough = if garbled { 0.45 } else { ALIKE };
        names.iter().any(|n| {
            letters >= 3 && (if garbled { 5 } else { 3 }) * letters >= n.chars().count() && n.contains(&self.folded)
                || self.folded.contains(n.as_str()) && letters <= n.chars().count() + 1
                || likeness(&grams, &Bigrams::of(n)) >= enough
        })
    }

    /// True where it holds nothing but these kinds of fields, specks and a year aside.
    pub(super) fn holds_only(&self, kinds: &[Kind]) -> bool {
        !self.fields.kinds.is_empty()
            && self.fields.kinds.iter().all(|k| kinds.contains(k))
            && self.fields.letters <= (self.ink / 5).max(1)
            && self.fields.rest <= self.fields.letters + 4
    }
}
