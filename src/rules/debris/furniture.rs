//! Heads and feet of pages: running heads, mastheads, imprints, credits, page numbers.
//!
//! Evidence is what a line says (date, page, price, editors), what else it holds, whether other pages of the issue carry
//! the like at the same end, and which fields and names their heads hold. Position only says where to look; it must
//! never be a reason.

use super::continues::{self, CONTINUES, RESUMES};
use super::credits;
use super::fields::Kind;
use super::folio::{folio, garbled, page_numbers};
use super::labels::labels;
use super::line_with_end;
use super::listed::is_listed;
use super::pages::{self, DOUBLED, MISSING};
use super::rules::{CREDITS, FOLIO, FOOT, HEAD, MASTHEAD};
use super::zone::{Candidate, Zone, zones};
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Finding, Findings, Fix, Rule};
use crate::text::Splice;
use crate::text::lists;
use crate::text::script::is_letter;
use std::collections::{BTreeMap, BTreeSet};

/// Score from which a line is furniture.
const ENOUGH: f32 = 3.0;
/// Score from which a line that holds nothing else is proposed.
const DOUBT: f32 = 2.5;
/// What a date alone, a number alone or a price alone lacks: courts report under a date, and shops have prices.
const ALONE: f32 = 0.5;
/// Lines of the page's own text between a line and the edge from which it is not looked at: head, foot.
const DEEPEST: [usize; 2] = [6, 4];
/// Ink that no pattern explains and that a head may still hold: the paper's name, a section. CJK, Latin.
const REST: [usize; 2] = [10, 26];
/// Times that the passes over the parts of heads are made: each may find a part beside a part.
const PASSES: usize = 3;
/// Times that the issue's names are learned.
const ROUNDS: usize = 2;
/// Letters of a part of a head that nothing explains.
const SCRAP: usize = 4;
/// Letters of a name that heads share: Han characters, Latin letters.
const NAME: [usize; 2] = [3, 7];
/// Other pages that must repeat a line before it counts as a name: a byline or a column's title is soon repeated once.
const TITLED: usize = 2;

pub(super) static CHECK: Check =
    Check { rules: &[&HEAD, &MASTHEAD, &FOOT, &CREDITS, &FOLIO, &CONTINUES, &RESUMES, &MISSING, &DOUBLED], run };

/// What one line was found to be.
struct Verdict {
    rule: &'static Rule,
    confidence: Confidence,
    why: String,
}

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    let zones = zones(doc);
    let numbers = page_numbers(&zones);
    let set_off = |z: &Zone<'_>| z.lines.iter().any(|c| c.order < 2 && c.folio.is_some_and(|(_, set_off)| set_off));
    let numbered = zones.iter().filter(|z| set_off(z)).count();
    let mut found: Vec<Vec<Option<Verdict>>> =
        zones.iter().zip(&numbers).map(|(z, n)| first_pass(z, *n, numbered)).collect();
    // What the first round finds teaches the second: the paper's name on one page is its name on the others.
    for _ in 0..ROUNDS {
        let issue = Issue::learn(&zones, &found);
        for (p, zone) in zones.iter().enumerate() {
            for _ in 0..PASSES {
                if !parts(zone, &mut found[p], &issue, p) {
                    break;
                }
            }
        }
    }
    let labels = labels(doc, &zones, &|p, k| is_found(&found[p][k]));
    continues::flags(doc, &labels, out);
    pages::flags(doc, &labels, out);
    let take = |rule: &'static Rule, line: usize| {
        Finding::edit(rule, Fix::one(Splice::delete(line_with_end(doc, &doc.lines()[line]))))
    };
    let mut taken = BTreeSet::new();
    for (zone, found) in zones.iter().zip(found) {
        for (c, v) in zone.lines.iter().zip(found) {
            let Some(v) = v else { continue };
            taken.insert(c.line);
            let finding = take(v.rule, c.line).at(v.confidence);
            out.push(if v.why.is_empty() { finding } else { finding.because("holds", v.why) });
        }
    }
    let inside = credits::lines(doc).filter(|line| !taken.contains(line));
    inside.for_each(|line| out.push(take(&CREDITS, line).at(Confidence::Likely).because("holds", "credits")));
}

/// Lines that are furniture by themselves or by their copies.
fn first_pass(zone: &Zone<'_>, expected: Option<u32>, numbered: usize) -> Vec<Option<Verdict>> {
    let mut out: Vec<Option<Verdict>> = Vec::with_capacity(zone.lines.len());
    let mut stays = 0;
    for (k, c) in zone.lines.iter().enumerate() {
        if k == zone.heads {
            stays = 0;
        }
        let v = if stays >= DEEPEST[usize::from(!c.top)] {
            None
        } else if let Some(confidence) = folio(c, expected) {
            Some(Verdict { rule: &FOLIO, confidence, why: String::new() })
        } else if garbled(c, numbered) {
            Some(Verdict { rule: &FOLIO, confidence: Confidence::Likely, why: "where other pages have theirs".into() })
        } else {
            let s = score(c, stays);
            let confidence = if s < ENOUGH || is_listed(zone, k) {
                Confidence::Suggest
            } else if c.copies > 0 || s >= ENOUGH + 1.0 {
                Confidence::Certain
            } else {
                Confidence::Likely
            };
            let doubtful = s >= DOUBT && c.fields.rest == 0 && !c.prose;
            (s >= ENOUGH || doubtful).then(|| Verdict { rule: class(c), confidence, why: reason(c) })
        };
        stays += usize::from(v.as_ref().is_none_or(|v| v.confidence < Confidence::Likely));
        out.push(v);
    }
    out
}

fn score(c: &Candidate<'_>, stays: usize) -> f32 {
    if c.ink < 2 {
        return 0.0;
    }
    let f = &c.fields;
    // A name set off from its office, or a number: 校对工作 is no credit.
    let set_off = |r: &std::ops::Range<usize>| c.text[r.clone()].contains([' ', ':', '：', '/', '／', '\u{3000}']);
    // In brackets they are the credits of one story.
    let own = c.text.starts_with(['(', '（', '[', '【']);
    let bare = f.kinds == [Kind::Credits] && (own || !f.places.iter().any(|(_, r)| set_off(r)));
    // Whoever looks for workers gives a telephone number and a postcode too.
    let anybodys = f.kinds.iter().all(|k| matches!(k, Kind::Contact | Kind::Imprint | Kind::Address))
        && c.copies == 0
        && c.han
        && !lists::words("paper-itself").iter().any(|w| c.text.contains(w));
    let bare = bare || anybodys;
    let (kinds, rest) = if bare { (&[][..], c.ink) } else { (f.kinds.as_slice(), f.rest) };
    let strong = |k: Kind| matches!(k, Kind::Credits | Kind::Imprint | Kind::Issue | Kind::Price);
    let weight = |k: &Kind| match k {
        k if strong(*k) => 1.5,
        Kind::Date | Kind::Page => 1.0,
        _ => 0.5,
    };
    let mut says: f32 = kinds.iter().map(weight).sum();
    let several = f.places.iter().filter(|(k, _)| strong(*k) && *k != Kind::Price).count();
    if !kinds.is_empty() {
        says += 0.75 * several.saturating_sub(1) as f32;
    }
    let mut s = says;
    let short = rest <= REST[usize::from(!c.han)];
    if !kinds.is_empty() {
        s += if rest == 0 {
            1.5
        } else if short {
            1.0
        } else {
            0.0
        };
        // Date and section far apart on one line are set so in heads only.
        s += if c.gapped && kinds.len() > 1 && short { 0.5 } else { 0.0 };
    }
    let alone = kinds.iter().all(|k| matches!(k, Kind::Date | Kind::Weekday))
        || matches!(kinds, [Kind::Price])
        || matches!(kinds, [Kind::Issue]) && several < 2 && !c.han;
    if alone && !kinds.is_empty() {
        s -= ALONE;
    }
    if c.copies > 0 && (c.ink >= 4 || !kinds.is_empty()) {
        s += if kinds.is_empty() && !short { 0.5 } else { 1.0 + 0.5 * (c.copies.min(3) as f32) };
    }
    if c.prose {
        // A comma between things that only a page's head or foot says is the OCR's.
        let only = short && !c.text.contains('。') && (says >= 3.0 || several > 1);
        s -= if only { 0.25 } else { 2.5 };
    }
    if c.order == 0 && short && !c.prose && opens_with_page(c) {
        s += 1.0;
    }
    // Deep in the page a line needs more.
    s - 0.25 * stays.saturating_sub(2) as f32
}

/// "Page 7 ...", and no sentence about it.
fn opens_with_page(c: &Candidate<'_>) -> bool {
    if c.text.ends_with('.') && c.fields.rest > 0 {
        return false;
    }
    let first = |(k, r): &(Kind, std::ops::Range<usize>)| *k == Kind::Page && r.start == 0;
    c.text.starts_with(char::is_alphabetic)
        && !c.text.starts_with(['A', 'B', 'C', 'D'])
        && c.fields.places.iter().any(first)
}

fn class(c: &Candidate<'_>) -> &'static Rule {
    if c.fields.kinds == [Kind::Credits] {
        &CREDITS
    } else if c.top {
        if c.fields.has(Kind::Issue) || c.fields.has(Kind::Price) { &MASTHEAD } else { &HEAD }
    } else {
        &FOOT
    }
}

fn reason(c: &Candidate<'_>) -> String {
    let mut out: Vec<String> = c.fields.kinds.iter().map(|k| k.name().to_owned()).collect();
    if c.copies > 0 {
        out.push(format!("like on {} other pages", c.copies));
    }
    out.join(", ")
}

/// What the heads of the issue have in common.
struct Issue {
    /// Names that heads hold, by the page that they stand on.
    names: Vec<(usize, String)>,
    /// Kinds of fields in the heads of each page.
    kinds: Vec<Vec<Kind>>,
    /// Lines that are furniture and hold fields, with their page and line, folded.
    holders: Vec<(usize, String)>,
}

impl Issue {
    fn learn(zones: &[Zone<'_>], found: &[Vec<Option<Verdict>>]) -> Self {
        let mut out = Self { names: Vec::new(), kinds: Vec::new(), holders: Vec::new() };
        for (p, (zone, found)) in zones.iter().zip(found).enumerate() {
            let mut kinds = Vec::new();
            let held =
                zone.lines.iter().zip(found).filter(|(c, v)| is_found(v) && !c.fields.kinds.is_empty() && !c.prose);
            out.holders.extend(held.map(|(c, _)| (c.line, c.folded.clone())));
            // A line like lines of other pages that says nothing is the paper's name, or a column's title: which of the
            // two, its neighbours decide.
            let lines =
                || zone.lines.iter().zip(found).filter(|(c, _)| c.top && c.fields.kinds.is_empty() && c.may_be_name());
            let repeated = lines().filter(|(c, v)| is_found(v) || c.order < 4 && c.copies >= TITLED);
            out.names.extend(repeated.map(|(c, _)| (p, c.folded.clone())));
            for (c, _) in zone.lines.iter().zip(found).filter(|(c, v)| c.top && is_found(v)) {
                kinds.extend(&c.fields.kinds);
                let least = NAME[usize::from(!c.han)];
                out.names.extend(c.fields.names(c.text, least).into_iter().map(|n| (p, n)));
            }
            kinds.sort_unstable();
            kinds.dedup();
            out.kinds.push(kinds);
        }
        // A name that one page alone holds is that page's section or a headline; a title stands on several, or in one
        // line with number and price.
        let mut pages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        out.names.iter().for_each(|(p, n)| pages.entry(n).or_default().push(*p));
        pages.values_mut().for_each(|v| v.dedup());
        let certain: BTreeSet<&str> = zones
            .iter()
            .zip(found)
            .flat_map(|(z, f)| z.lines.iter().zip(f))
            .filter(|(c, v)| c.top && c.fields.kinds.is_empty() && is_found(v) && c.may_be_name())
            .map(|(c, _)| c.folded.as_str())
            .collect();
        let several: BTreeSet<String> =
            pages.into_iter().filter(|(n, v)| v.len() > 1 || certain.contains(n)).map(|(n, _)| n.to_owned()).collect();
        out.names.retain(|(_, n)| several.contains(n));
        out
    }

    /// Names that the heads of pages other than `p` hold.
    fn names_for(&self, p: usize) -> Vec<String> {
        let mut out: Vec<String> = self.names.iter().filter(|(q, _)| *q != p).map(|(_, n)| n.clone()).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// True where the head of a page other than `p` holds such a field.
    fn has(&self, p: usize, kind: Kind) -> bool {
        self.kinds.iter().enumerate().any(|(q, k)| q != p && k.contains(&kind))
    }
}

fn is_found(v: &Option<Verdict>) -> bool {
    v.as_ref().is_some_and(|v| v.confidence >= Confidence::Likely)
}

/// The parts into which the OCR broke a head or foot: lines that would be nothing by themselves. True where one was
/// found.
fn parts(zone: &Zone<'_>, found: &mut [Option<Verdict>], issue: &Issue, page: usize) -> bool {
    let names = issue.names_for(page);
    let mut more = false;
    for k in 0..zone.lines.len() {
        if is_found(&found[k]) {
            continue;
        }
        let c = &zone.lines[k];
        let end = if c.top { 0..zone.heads } else { zone.heads..zone.lines.len() };
        let stays = (end.start..k).filter(|&h| !is_found(&found[h])).count();
        if stays >= DEEPEST[usize::from(!c.top)] {
            continue;
        }
        let near =
            |from: usize, to: usize| (from.max(end.start)..to.min(end.end)).any(|h| h != k && is_found(&found[h]));
        let outside = near(k.saturating_sub(2), k);
        let inside = near(k + 1, k + 3);
        let part = Part { zone, found, issue, names: &names, page, k, stays, outside, inside };
        let Some((rule, why)) = part.is_one() else { continue };
        found[k] = Some(Verdict { rule, confidence: Confidence::Likely, why: why.into() });
        more = true;
    }
    more
}

/// A line and what is known around it.
struct Part<'a, 't> {
    zone: &'a Zone<'t>,
    found: &'a [Option<Verdict>],
    issue: &'a Issue,
    names: &'a [String],
    page: usize,
    k: usize,
    /// Lines between it and the page's edge that are no furniture.
    stays: usize,
    /// A part that was found stands next to it on the side of the edge, or on the other side.
    outside: bool,
    inside: bool,
}

impl Part<'_, '_> {
    fn is_one(&self) -> Option<(&'static Rule, &'static str)> {
        let c = &self.zone.lines[self.k];
        if c.ink < 2 && !self.inside || c.prose && !c.top {
            return None;
        }
        if self.masthead() {
            return Some((&MASTHEAD, "the paper's name over number and price"));
        }
        if c.prose {
            return None;
        }
        if c.top && self.stays < 3 && self.name() {
            return Some((&HEAD, "the paper's name, as in the heads of other pages"));
        }
        if c.top && self.fields() {
            return Some((&HEAD, "fields of a head beside one that was found"));
        }
        if c.top && self.scrap() {
            return Some((&HEAD, "part of a head"));
        }
        if !c.top && self.foot() {
            return Some((&FOOT, "part of a foot"));
        }
        None
    }

    /// A name over the line with number and price.
    fn masthead(&self) -> bool {
        let c = &self.zone.lines[self.k];
        let long = if c.han { 10 } else { 40 };
        let mut below = (self.k + 1..(self.k + 3).min(self.zone.heads)).filter(|&h| {
            let f = &self.zone.lines[h].fields;
            is_found(&self.found[h]) && (f.has(Kind::Issue) || f.has(Kind::Price))
        });
        c.top
            && self.stays < 2
            && !c.prose
            && c.ink >= 2
            && c.ink <= long
            && c.text.chars().any(is_letter)
            && below.next().is_some()
    }

    /// The paper's name alone, as other pages have it.
    fn name(&self) -> bool {
        let c = &self.zone.lines[self.k];
        let first = c.text.chars().find(|x| x.is_alphanumeric());
        let title = first.is_some_and(|x| x.is_uppercase() || c.han && x.is_alphabetic());
        let garbled = self.inside && (self.outside || c.order == 0);
        let near = self.inside || self.outside;
        let fielded = (self.k.saturating_sub(2)..(self.k + 3).min(self.zone.lines.len())).any(|h| {
            let o = &self.zone.lines[h];
            h != self.k && o.top == c.top && is_found(&self.found[h]) && !o.fields.kinds.is_empty()
        });
        let long = c.folded.chars().count() >= NAME[usize::from(!c.han)];
        let held = || self.issue.holders.iter().any(|(line, h)| *line != c.line && h.contains(&c.folded));
        title
            && c.may_be_name()
            && (near && c.top && fielded && c.is_name(self.names, garbled)
                || near && c.top && c.copies > TITLED && c.order < 2
                || long && (c.order < 2 || near) && !c.text.ends_with('.') && held())
    }

    /// Date, page, weekday or section alone, beside a part that was found or where the other pages have the same.
    fn fields(&self) -> bool {
        let c = &self.zone.lines[self.k];
        let near = self.inside || self.outside;
        let all = [Kind::Credits, Kind::Date, Kind::Page, Kind::Section, Kind::Weekday, Kind::Issue, Kind::Price];
        if !c.holds_only(&all[..if near { 7 } else { 5 }]) || self.stays > if near { 3 } else { 1 } {
            return false;
        }
        let others = c.fields.kinds.iter().all(|&k| self.issue.has(self.page, k));
        if c.fields.kinds == [Kind::Section] {
            // A column's title repeats the section of the head above it.
            let (from, to) = (self.k.saturating_sub(2), (self.k + 3).min(self.zone.heads));
            let named = (from..to)
                .any(|h| h != self.k && is_found(&self.found[h]) && self.zone.lines[h].fields.has(Kind::Section));
            // A line of the page's own text between the two, and it is the end of a paragraph.
            let own = self.stays == 0 && near && !named;
            return own || c.order == 0 && self.inside;
        }
        near || others && c.order < 2
    }

    /// A few letters between the page's edge and a part, or between two parts; or two words far apart over a part.
    fn scrap(&self) -> bool {
        let c = &self.zone.lines[self.k];
        let digits = c.text.chars().filter(char::is_ascii_digit).count();
        let small = c.ink <= SCRAP
            || !c.fields.kinds.is_empty() && c.fields.rest <= SCRAP
            || c.ink <= 2 * SCRAP && 2 * digits > c.ink;
        let gap = c.gapped && c.ink <= 2 * SCRAP;
        self.inside && (small || gap) && (self.stays == 0 && c.order < 2 || self.outside)
    }

    /// Address, telephone, printer or the paper's name beside a part of the foot.
    fn foot(&self) -> bool {
        let c = &self.zone.lines[self.k];
        let all = [Kind::Address, Kind::Contact, Kind::Imprint];
        let says = c.holds_only(&all);
        let imprint = (self.zone.heads..self.zone.lines.len())
            .any(|h| is_found(&self.found[h]) && self.zone.lines[h].fields.has(Kind::Imprint));
        let named = || c.ink <= 40 && c.is_name(self.names, false);
        let scrap = c.ink <= SCRAP && self.outside && self.inside;
        imprint && (self.outside || self.inside) && (says || named() || scrap) || self.stays == 0 && self.name()
    }
}
