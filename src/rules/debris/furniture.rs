//! Heads and feet of pages: running heads, mastheads, imprints, credits, page numbers, headlines repeated after a jump.
//!
//! Evidence is what a line says (date, page, price, editors), what else it holds, and whether other pages of the issue
//! carry the like at the same end. Position only says where to look; it must never be a reason.

use super::jump;
use super::likeness::{Bigrams, likeness};
use super::line_with_end;
use super::rules::{CREDITS, FOLIO, FOOT, HEAD, JUMP_HEAD, MASTHEAD};
use crate::document::{Document, Shape, ends_sentence};
use crate::rule::{Check, Confidence, Context, Finding, Findings, Fix, Rule};
use crate::text::Splice;
use crate::text::script::{is_closing, is_han, is_sentence_end};
use regex::Regex;
use std::sync::LazyLock;

/// What furniture says, as data.
const FURNITURE: &str = include_str!("../../../dictionaries/page-furniture.tsv");
/// Inked lines at the head and at the foot of a page that are looked at.
const ZONE: (usize, usize) = (6, 4);
/// Likeness from which two lines are copies of one head, digits folded (measured on the degraded pages of the corpus:
/// OCR garbles a fifth of a head's characters).
const ALIKE: f32 = 0.62;
/// Score from which a line is furniture.
const ENOUGH: f32 = 3.0;
/// Ink that no pattern explains and that a head may still hold: the paper's name, a section. CJK, Latin.
const REST: [usize; 2] = [10, 26];
/// Bytes from which a paper's name is told from a word that other heads hold by chance: four Han characters.
const TITLE: usize = 10;
/// Longest head, in characters.
const LONGEST: usize = 110;
/// Pages on each side that a head is compared with.
const NEAR: usize = 4;

pub(super) static CHECK: Check = Check { rules: &[&HEAD, &MASTHEAD, &FOOT, &CREDITS, &FOLIO, &JUMP_HEAD], run };

struct Pattern {
    kind: Kind,
    regex: Regex,
}

#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Credits,
    Date,
    Imprint,
    Issue,
    Page,
    Price,
    Section,
    Weekday,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    FURNITURE
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut f = l.split('\t');
            let kind = match f.next()? {
                "credits" => Kind::Credits,
                "date" => Kind::Date,
                "imprint" => Kind::Imprint,
                "issue" => Kind::Issue,
                "page" => Kind::Page,
                "price" => Kind::Price,
                "section" => Kind::Section,
                "weekday" => Kind::Weekday,
                _ => return None,
            };
            let regex = Regex::new(f.nth(1)?).ok()?;
            Some(Pattern { kind, regex })
        })
        .collect()
});

/// A line near an end of its page.
struct Candidate<'t> {
    /// Number in the layout.
    shape: usize,
    text: &'t str,
    /// Inked lines between it and its page's end.
    depth: usize,
    top: bool,
    /// Weight of what it says, kinds found, and characters that no pattern explains.
    says: f32,
    kinds: Vec<Kind>,
    rest: usize,
    ink: usize,
    prose: bool,
    /// True where it opens with its page: "Page 7 ...".
    paged: bool,
    grams: Bigrams,
    copies: usize,
    folio: Option<(u32, bool)>,
}

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let pages = pages(doc);
    let mut zones: Vec<Vec<Candidate<'_>>> = pages.iter().map(|p| candidates(doc, p)).collect();
    count_copies(&mut zones);
    let numbers = page_numbers(&zones);
    let mut taken = vec![false; doc.layout().lines.len()];
    for (number, zone) in zones.iter().enumerate() {
        let heads: Vec<usize> = (0..zone.len()).filter(|&k| score(&zone[k]) >= ENOUGH).collect();
        for (k, c) in zone.iter().enumerate() {
            let found = if let Some((rule, confidence)) = folio(c, numbers[number]) {
                Some((rule, confidence, None))
            } else if heads.contains(&k) {
                let sure = c.copies > 0 || score(c) >= ENOUGH + 1.0;
                Some((class(c), if sure { Confidence::Certain } else { Confidence::Likely }, Some(reason(c))))
            } else if masthead(zone, k, &heads, &zones) {
                Some((&MASTHEAD, Confidence::Likely, None))
            } else if broken_part(doc, &zones, zone, k, &heads) {
                Some((&HEAD, Confidence::Likely, Some("part of a head".into())))
            } else {
                None
            };
            if let Some((rule, confidence, why)) = found
                && !taken[c.shape]
            {
                taken[c.shape] = true;
                let finding = finding(doc, c.shape, rule).at(confidence);
                out.push(match why {
                    Some(w) => finding.because("holds", w),
                    None => finding,
                });
            }
        }
    }
    jump_heads(doc, cx, &mut taken, out);
}

fn finding(doc: &Document<'_>, shape: usize, rule: &'static Rule) -> Finding {
    let line = &doc.lines()[doc.layout().lines[shape].line];
    Finding::edit(rule, Fix::one(Splice::delete(line_with_end(doc, line))))
}

/// First and last layout number of each page that has ink.
fn pages(doc: &Document<'_>) -> Vec<std::ops::Range<usize>> {
    let lines = &doc.layout().lines;
    let page = |s: &Shape| doc.lines()[s.line].page;
    let mut out = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && page(&lines[to]) == page(&lines[from]) {
            to += 1;
        }
        out.push(from..to);
        from = to;
    }
    out
}

fn candidates<'t>(doc: &Document<'t>, page: &std::ops::Range<usize>) -> Vec<Candidate<'t>> {
    let n = page.len();
    let top = ZONE.0.min(n.div_ceil(2));
    let foot = ZONE.1.min(n - top);
    let at = |k: usize, depth: usize, top: bool| {
        let shape = page.start + k;
        let text = doc.slice(doc.layout().lines[shape].measure.ink);
        candidate(shape, text, depth, top)
    };
    (0..top).map(|k| at(k, k, true)).chain((n - foot..n).map(|k| at(k, n - 1 - k, false))).collect()
}

fn candidate(shape: usize, text: &str, depth: usize, top: bool) -> Candidate<'_> {
    let ink = text.chars().filter(|c| !c.is_whitespace()).count();
    let mut c = Candidate {
        shape,
        text,
        depth,
        top,
        says: 0.0,
        kinds: Vec::new(),
        rest: ink,
        ink,
        prose: false,
        paged: false,
        grams: Bigrams::default(),
        copies: 0,
        folio: None,
    };
    if ink > LONGEST {
        c.prose = true;
        return c;
    }
    c.grams = Bigrams::of(text);
    c.folio = folio_number(text);
    let mut covered = vec![false; text.len()];
    let (mut found, mut bare) = (0usize, true);
    for p in PATTERNS.iter() {
        for m in p.regex.find_iter(text) {
            c.kinds.push(p.kind);
            c.paged |= p.kind == Kind::Page && m.start() == 0 && m.as_str().starts_with(char::is_alphabetic);
            found += usize::from(matches!(p.kind, Kind::Credits | Kind::Imprint | Kind::Issue));
            // A name set off from its office, or a number: 校对工作 is no credit.
            bare &= p.kind == Kind::Credits && !m.as_str().contains([' ', ':', '：', '/', '／', '\u{3000}']);
            covered[m.range()].fill(true);
        }
    }
    c.kinds.sort_unstable();
    c.kinds.dedup();
    c.rest = text.char_indices().filter(|&(i, ch)| !covered[i] && ch.is_alphanumeric()).count();
    c.says = c
        .kinds
        .iter()
        .map(|k| match k {
            Kind::Credits | Kind::Imprint | Kind::Issue | Kind::Price => 1.5,
            Kind::Date | Kind::Page => 1.0,
            Kind::Section | Kind::Weekday => 0.5,
        })
        .sum();
    c.says += 0.75 * found.saturating_sub(1) as f32;
    if bare {
        c.says = 0.0;
        c.kinds.clear();
        c.rest = ink;
    }
    c.prose = prose(text);
    c
}

/// A line that could be part of a sentence: marks of running text inside, or a stop at its end after words.
fn prose(text: &str) -> bool {
    let end = text.trim_end_matches(is_closing).chars().next_back();
    let stop = end.is_some_and(|c| is_sentence_end(c) && c != '.');
    let lower = text.split_whitespace().filter(|w| w.len() > 3 && w.chars().all(char::is_lowercase)).count();
    stop || text.contains(['，', '。', '；', '、']) || lower > 3
}

fn score(c: &Candidate<'_>) -> f32 {
    if c.ink < 2 {
        return 0.0;
    }
    let han = c.text.chars().any(is_han);
    let rest = REST[usize::from(!han)];
    let mut s = c.says;
    let short = c.rest <= rest;
    if !c.kinds.is_empty() {
        s += if c.rest == 0 {
            1.5
        } else if short {
            1.0
        } else {
            0.0
        };
    }
    if c.copies > 0 && (c.ink >= 4 || !c.kinds.is_empty()) {
        s += if c.kinds.is_empty() && !short { 0.5 } else { 1.0 + 0.5 * (c.copies.min(3) as f32) };
    }
    if c.prose {
        // A comma between four things that only a page's head or foot says is the OCR's.
        s -= if c.says >= 3.0 && short && !c.text.contains('。') { 0.5 } else { 2.5 };
    }
    if c.paged && c.depth == 0 && short && !c.prose {
        s += 1.0;
    }
    // Deep in a zone a line needs more.
    s - 0.25 * c.depth.saturating_sub(2) as f32
}

fn class(c: &Candidate<'_>) -> &'static Rule {
    if c.kinds == [Kind::Credits] {
        &CREDITS
    } else if c.top {
        if c.kinds.iter().any(|k| matches!(k, Kind::Issue | Kind::Price)) { &MASTHEAD } else { &HEAD }
    } else {
        &FOOT
    }
}

fn reason(c: &Candidate<'_>) -> String {
    let mut out: Vec<String> = c.kinds.iter().map(|k| format!("{k:?}").to_lowercase()).collect();
    if c.copies > 0 {
        out.push(format!("like on {} other pages", c.copies));
    }
    out.join(", ")
}

/// Counts for every candidate the other pages whose same end has a like line.
fn count_copies(zones: &mut [Vec<Candidate<'_>>]) {
    let counts: Vec<Vec<usize>> = (0..zones.len())
        .map(|p| {
            let near = (p.saturating_sub(NEAR)..(p + NEAR + 1).min(zones.len())).filter(|&q| q != p);
            let near: Vec<usize> = near.collect();
            zones[p]
                .iter()
                .map(|c| {
                    let like = |o: &Candidate<'_>| {
                        o.top == c.top && o.depth.abs_diff(c.depth) <= 2 && likeness(&c.grams, &o.grams) >= ALIKE
                    };
                    near.iter().filter(|&&q| zones[q].iter().any(like)).count()
                })
                .collect()
        })
        .collect();
    for (zone, counts) in zones.iter_mut().zip(counts) {
        zone.iter_mut().zip(counts).for_each(|(c, n)| c.copies = n);
    }
}

/// The number of a line that holds a page number only, and whether dashes or a word set it off.
fn folio_number(text: &str) -> Option<(u32, bool)> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^([-–—~·.•«»*|\[(（【<>=_ ]*)((?i:page|seite|pag\.?|p\.|第) ?)?([A-D]?-?)(\d{1,3})( ?(版|页|頁))?([-–—~·.•«»*|\])）】<>=_ ]*)$").ok()
    });
    let m = FORM.as_ref()?.captures(text)?;
    let dashed = |k: usize| m.get(k).is_some_and(|g| g.as_str().contains(['-', '–', '—', '~', '·', '•', '=']));
    let set_off = (dashed(1) && dashed(7)) || m.get(2).is_some() || m.get(5).is_some();
    Some((m.get(4)?.as_str().parse().ok()?, set_off))
}

/// For each page the number that the sequence of folios gives it: at least two pages must agree.
fn page_numbers(zones: &[Vec<Candidate<'_>>]) -> Vec<Option<u32>> {
    let mut offsets: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for (p, zone) in zones.iter().enumerate() {
        let mut seen: Vec<i64> =
            zone.iter().filter(|c| c.depth < 3).filter_map(|c| c.folio).map(|(n, _)| i64::from(n) - p as i64).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.into_iter().for_each(|o| *offsets.entry(o).or_default() += 1);
    }
    let best = offsets.into_iter().filter(|&(_, n)| n >= 2).max_by_key(|&(o, n)| (n, -o));
    (0..zones.len()).map(|p| best.and_then(|(o, _)| u32::try_from(o + p as i64).ok())).collect()
}

fn folio(c: &Candidate<'_>, expected: Option<u32>) -> Option<(&'static Rule, Confidence)> {
    let (n, set_off) = c.folio?;
    if c.depth > 2 || n == 0 {
        return None;
    }
    match (expected == Some(n), set_off) {
        (true, true) => Some((&FOLIO, Confidence::Certain)),
        (true, false) | (false, true) => Some((&FOLIO, Confidence::Likely)),
        (false, false) => Some((&FOLIO, Confidence::Suggest)),
    }
}

/// A paper's name over the line with number and price, or as other pages' heads repeat it.
fn masthead(zone: &[Candidate<'_>], k: usize, heads: &[usize], zones: &[Vec<Candidate<'_>>]) -> bool {
    let c = &zone[k];
    let long = if c.text.chars().any(is_han) { 10 } else { 40 };
    if (!c.top && c.depth > 0)
        || c.depth > 2
        || c.prose
        || c.ink > long
        || c.ink < 2
        || !c.text.chars().any(char::is_alphabetic)
    {
        return false;
    }
    let info = heads.iter().any(|&h| {
        h > k && h <= k + 2 && zone[h].top && zone[h].kinds.iter().any(|x| matches!(x, Kind::Issue | Kind::Price))
    });
    let name: String = fold_name(c.text);
    let named = || {
        zones
            .iter()
            .flatten()
            .filter(|o| o.shape != c.shape && !o.kinds.is_empty() && !o.prose)
            .any(|o| fold_name(o.text).contains(&name))
    };
    let title = c.text.chars().next().is_some_and(|x| x.is_uppercase() || is_han(x)) && !c.text.ends_with('.');
    info && c.depth < 2 || (title && name.chars().count() >= 3 && c.depth < 2 && named())
}

fn fold_name(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A short line without marks directly beside a part of a head that was recognised, at the very end of the page.
fn broken_part(
    doc: &Document<'_>,
    zones: &[Vec<Candidate<'_>>],
    zone: &[Candidate<'_>],
    k: usize,
    heads: &[usize],
) -> bool {
    let c = &zone[k];
    let shape = &doc.layout().lines[c.shape];
    if !c.top || c.prose {
        return false;
    }
    let near = || heads.iter().filter(|&&h| h < k && h + 2 >= k);
    // The section's name alone, below a part that does not name it, or the paper's name as other pages have it.
    let section = c.kinds == [Kind::Section] && c.rest == 0 && near().all(|&h| !zone[h].kinds.contains(&Kind::Section));
    let name = fold_name(c.text);
    let heads_of_issue = || zones.iter().flatten().filter(|o| o.shape != c.shape && score(o) >= ENOUGH);
    let title = name.len() >= TITLE
        && c.ink <= 30
        && near().next().is_some()
        && heads_of_issue().any(|o| o.ink > c.ink && fold_name(o.text).contains(&name));
    if (section || title) && near().next().is_some() {
        return true;
    }
    if shape.measure.width > 8.0 || c.kinds.is_empty() && c.ink > 4 {
        return false;
    }
    // Between the page's edge and a found part, or between two found parts.
    let below = heads.iter().any(|&h| h > k && h <= k + 2);
    let above = heads.iter().any(|&h| h < k && h + 2 >= k);
    below && (c.depth < 2 || above)
}

/// The headline that is printed again over the rest of a story, after its "continued from" line.
fn jump_heads(doc: &Document<'_>, cx: &Context<'_>, taken: &mut [bool], out: &mut Findings) {
    let mut found = Findings::default();
    (jump::CHECK.run)(doc, cx, &mut found);
    let lines = &doc.layout().lines;
    for f in found.into_vec().iter().filter(|f| f.rule.id == jump::FROM.id) {
        let from = doc.line_at(f.span.start());
        let i = doc.layout().index_from_line(from + 1);
        let Some(head) = lines.get(i) else { continue };
        let text = doc.slice(head.measure.ink);
        if text.chars().count() > 60 || prose(text) || ends_sentence(text) || taken[i] {
            continue;
        }
        let grams = Bigrams::of(text);
        let page = doc.lines()[head.line].page;
        let like = |s: &Shape| {
            let t = doc.slice(s.measure.ink);
            s.measure.width <= 3.0 * head.measure.width.max(8.0)
                && (grams.len() >= 4 && likeness(&grams, &Bigrams::of(t)) >= 0.66
                    || text.chars().count() >= 5 && t.len() < 400 && fold_name(t).starts_with(&fold_name(text)))
        };
        if lines[..i].iter().rev().filter(|s| doc.lines()[s.line].page < page).any(like) {
            taken[i] = true;
            out.push(finding(doc, i, &JUMP_HEAD));
        }
    }
}
