//! Articles that jump, as a view: their parts in reading order, with places in the pages received and in the pages written.
//!
//! Text is never moved: this says only which part belongs to which. It must never decide an edit.

use super::place::PlaceIndex;
use crate::document::{Document, stories};
use crate::ledger::{LedgerError, changes, flag_places};
use crate::pipeline::Cleaned;
use crate::text::Span;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Characters of a part's beginning and end that the view shows.
const SHOWN: usize = 16;

/// A flag of a jump mark: where it stands, whether it sends on, its pair, why, and the page it names.
struct Jump {
    span: Span,
    onward: bool,
    pair: Option<String>,
    why: String,
    target: String,
}

fn jumps(cleaned: &Cleaned) -> Result<Vec<Jump>, LedgerError> {
    let mut out = Vec::new();
    for (layer, flag, span) in flag_places(cleaned.issue.text(), &cleaned.ledger.layers)? {
        let Some(f) = cleaned.ledger.layers.get(layer).and_then(|l| l.flags.get(flag)) else { continue };
        let onward = f.rule == "article-continues";
        if !onward && f.rule != "article-resumes" {
            continue;
        }
        let of = |name: &str| f.evidence.iter().find(|e| e.name == name).map(|e| e.value.to_string());
        out.push(Jump {
            span,
            onward,
            pair: of("pair"),
            why: of("because").unwrap_or_default(),
            target: of("target").unwrap_or_default(),
        });
    }
    Ok(out)
}

/// For each flag of a pair the place of its partner, by the flag's own place.
pub(super) fn partners(cleaned: &Cleaned) -> Result<BTreeMap<Span, Span>, LedgerError> {
    let all = jumps(cleaned)?;
    let mut out = BTreeMap::new();
    for a in &all {
        let partner = all.iter().find(|b| a.pair.is_some() && b.pair == a.pair && b.onward != a.onward);
        out.extend(partner.map(|b| (a.span, b.span)));
    }
    Ok(out)
}

/// Offsets of the original mapped into the final text.
struct Moves(Vec<(usize, usize, usize)>);

impl Moves {
    fn of(cleaned: &Cleaned) -> Result<Self, LedgerError> {
        let mut list = Vec::new();
        for c in changes(cleaned.issue.text(), &cleaned.ledger.layers)? {
            list.extend(c.hunks.into_iter().map(|h| (h.before.start(), h.before.end(), h.after.len())));
        }
        list.sort_unstable();
        let mut delta = 0isize;
        for (start, end, len) in &mut list {
            let at = start.saturating_add_signed(delta);
            delta += *len as isize - (*end - *start) as isize;
            *len += at;
        }
        Ok(Self(list))
    }

    /// Where an offset of the original stands in the final text; inside a change, where that ends.
    fn map(&self, offset: usize) -> usize {
        let n = self.0.partition_point(|&(start, _, _)| start <= offset);
        match n.checked_sub(1).map(|n| self.0[n]) {
            Some((_, end, after)) => after + offset.saturating_sub(end),
            None => offset,
        }
    }
}

fn part(cleaned: &Cleaned, index: &PlaceIndex<'_>, moves: &Moves, span: Span) -> Value {
    let (start, end) = (moves.map(span.start()), moves.map(span.end()));
    let text = cleaned.text.get(start..end).unwrap_or("").trim();
    let skipped = cleaned.text.get(start..end).map_or(0, |t| t.len() - t.trim_start().len());
    let (start, end) = (start + skipped, start + skipped + text.len());
    let spot = index.spot(span);
    let pages = &cleaned.ledger.header.pages;
    let name = |n: usize| pages.get(n).map_or("", |p| p.path.as_str());
    // A part joined to the page before is written on that page.
    let written = pages.iter().position(|p| p.slice.0 <= start && start < p.slice.1).unwrap_or(spot.page);
    let from = pages.get(written).map_or(0, |p| p.slice.0);
    let left: String = text.chars().take(SHOWN).collect();
    let right: Vec<char> = text.chars().rev().take(SHOWN).collect();
    json!({
        "page": name(spot.page),
        "line": spot.line,
        "origin": [spot.in_page.start(), spot.in_page.end()],
        "output_page": name(written),
        "output": [start.saturating_sub(from), end.saturating_sub(from)],
        "begins": left,
        "ends": right.into_iter().rev().collect::<String>(),
    })
}

/// The articles that jump: each with its parts in order, why they belong together, and what is missing.
///
/// # Errors
/// [`LedgerError`] where the ledger does not fit its own original.
pub(super) fn articles(cleaned: &Cleaned) -> Result<Vec<Value>, LedgerError> {
    let all = jumps(cleaned)?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let seams = cleaned.issue.seams();
    let doc = Document::new(cleaned.issue.text(), &seams);
    let index = PlaceIndex::new(&cleaned.issue);
    let moves = Moves::of(cleaned)?;
    let mut out = Vec::new();
    let resumes = |pair: &Option<String>| all.iter().find(|j| !j.onward && pair.is_some() && j.pair == *pair);
    // The part that a mark of this line ends, and the part that begins behind it.
    let before = |j: &Jump| stories::before(&doc, doc.line_at(j.span.start()));
    let behind = |j: &Jump| stories::after(&doc, doc.line_at(j.span.start()) + 1);
    let inside = |j: &Jump, span: Span| span.start() <= j.span.start() && j.span.start() < span.end();
    let rests: Vec<Span> = all.iter().filter(|j| !j.onward).map(behind).collect();
    for first in all.iter().filter(|j| j.onward) {
        // A mark at the end of a rest is no beginning.
        if rests.iter().any(|r| inside(first, *r)) {
            continue;
        }
        let span = before(first);
        let mut parts = vec![part(cleaned, &index, &moves, Span::new(span.start(), first.span.start()))];
        let (mut why, mut mark, mut missing) = (Vec::new(), first, None);
        while parts.len() <= all.len() {
            let Some(rest) = resumes(&mark.pair) else {
                missing = Some(mark.target.clone());
                break;
            };
            why.push(mark.why.clone());
            let span = behind(rest);
            let next = all.iter().find(|j| j.onward && inside(j, span));
            let end = next.map_or(span.end(), |j| j.span.start());
            parts.push(part(cleaned, &index, &moves, Span::new(span.start().min(end), end)));
            match next {
                Some(j) => mark = j,
                None => break,
            }
        }
        let mut article = json!({"segments": parts, "because": why});
        if let (Some(page), Some(map)) = (missing, article.as_object_mut()) {
            map.insert("continues_on".into(), json!(page));
        }
        out.push(article);
    }
    for rest in all.iter().filter(|j| !j.onward && j.pair.is_none()) {
        let parts = [part(cleaned, &index, &moves, behind(rest))];
        out.push(json!({"segments": parts, "because": [], "begins_on": rest.target}));
    }
    Ok(out)
}
