//! `places`: where a look-alike may be meant.
//!
//! A text that may be noisy is searched at every pair that no one has seen. One that is clean is searched only where the
//! answer can be a proposal: where no word covers what is written and some look-alike makes a common one, or an idiom.
//! It must never decide.

use super::PROPOSE;
use super::search::{Candidate, Place};
use super::survey::Survey;
use super::terms::Terms;
use crate::language::{Language, LookAlike, key};
use smallvec::SmallVec;

/// A place with the candidates that fit it better, best first, and the numbers that judge the best.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The place.
    pub place: Place,
    /// Candidates, at least one.
    pub candidates: Vec<Candidate>,
    /// What the best is judged by.
    pub terms: Terms,
}

/// All places of `text` at which some look-alike fits its neighbours better, in text order.
pub fn places(text: &str, survey: &Survey, language: &Language) -> Vec<Judged> {
    let mut wanted = idioms(text, survey, language);
    if survey.is_doubtful() {
        wanted.extend(survey.strange.iter().flat_map(|s| [s.index - 1, s.index]));
    } else {
        promising(text, survey, language, &mut wanted);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let judged = |i| {
        let place = Place::new(text, &survey.reading, i, language)?;
        let candidates = place.candidates(survey, language);
        let terms = (!candidates.is_empty()).then(|| place.terms(&candidates, survey, language))?;
        Some(Judged { place, candidates, terms })
    };
    wanted.into_iter().filter_map(judged).collect()
}

/// Characters for which some look-alike makes an idiom of four, beside a neighbour that they were hardly ever seen with.
fn idioms(text: &str, survey: &Survey, language: &Language) -> Vec<usize> {
    let mut out = Vec::new();
    let (glyphs, idioms) = (&survey.reading.glyphs, &language.idioms);
    for i in survey.strange.iter().map(|s| s.index).chain(survey.rare.iter().copied()) {
        for start in i.saturating_sub(3)..i {
            let Some(&[a, b, c, d]) = glyphs.get(start..).and_then(|g| g.first_chunk()) else { continue };
            let four = key(&[a.folded, b.folded, c.folded, d.folded]);
            for open in [i - 1, i] {
                if idioms.may_fill(four, open - start) {
                    let row = language.look_alikes.of(survey.reading.written(text, open));
                    let (mine, fillers) = (glyphs[open].folded, idioms.fillers(four, open - start));
                    let alike = |c: &char| *c != mine && row.all.iter().any(|a| a.glyph.folded == *c);
                    out.extend(fillers.filter(alike).map(|_| open));
                }
            }
        }
    }
    out
}

/// Characters of firm strange pairs that a proposal may come of.
fn promising(text: &str, survey: &Survey, language: &Language, out: &mut Vec<usize>) {
    let (glyphs, strange) = (&survey.reading.glyphs, &survey.strange);
    for (n, s) in strange.iter().enumerate().filter(|s| s.1.firm) {
        for i in [s.index - 1, s.index] {
            // A character between two firm pairs was looked at with the first.
            let before = n.checked_sub(1).map(|k| strange[k]).filter(|b| b.index == i);
            if before.is_some_and(|b| b.firm) {
                continue;
            }
            let row = language.look_alikes.of(survey.reading.written(text, i));
            let mut hits: SmallVec<[&LookAlike; 8]> = SmallVec::new();
            if i == s.index || before.is_some() {
                row.behind(glyphs[i - 1], &mut hits);
            }
            if i < s.index || strange.get(n + 1).is_some_and(|b| b.index == i + 1) {
                row.before(glyphs[i + 1], &mut hits);
            }
            hits.retain(|a| a.glyph != glyphs[i]);
            let place = if hits.is_empty() { None } else { Place::new(text, &survey.reading, i, language) };
            if place.is_some_and(|p| p.may_reach(PROPOSE, &hits, survey, language)) {
                out.push(i);
            }
        }
    }
}
