//! `places`: where a look-alike may be meant.
//!
//! A text that may be noisy is searched at every pair that no one has seen. One that is clean is searched only where the
//! answer can be a proposal: where no word covers what is written and some look-alike makes a common one, or an idiom.
//! It must never decide.

use super::PROPOSE;
use super::search::{Candidate, Place};
use super::survey::Survey;
use super::terms::Terms;
use crate::language::{Familiar, Language, LookAlike, key};
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

/// How closely a text is searched.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Depth {
    /// For proposals: only where one may come of it.
    Proposals,
    /// Every strange pair, for learning.
    All,
}

/// Places of `text` at which some look-alike fits its neighbours better, in text order.
pub fn places(text: &str, survey: &Survey, language: &Language, depth: Depth) -> Vec<Judged> {
    let floor = if depth == Depth::All { 0.0 } else { PROPOSE };
    let mut wanted = idioms(text, survey, language);
    if depth == Depth::All || survey.is_doubtful() {
        wanted.extend(survey.strange.iter().flat_map(|s| [s.index - 1, s.index]));
    } else {
        promising(text, survey, language, &mut wanted);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let judged = |i| {
        let place = Place::new(text, &survey.reading, i, language)?;
        let candidates = place.candidates(floor, survey, language);
        let terms = (!candidates.is_empty()).then(|| place.terms(&candidates, survey, language))?;
        Some(Judged { place, candidates, terms })
    };
    wanted.into_iter().filter_map(judged).collect()
}

/// Characters for which some look-alike makes an idiom of four, beside a neighbour that they were hardly ever seen with.
fn idioms(text: &str, survey: &Survey, language: &Language) -> Vec<usize> {
    let mut out = Vec::new();
    let (glyphs, idioms) = (&survey.reading.glyphs, &language.idioms);
    let han = |k: Option<usize>| k.and_then(|k| glyphs.get(k)).is_some_and(|g| g.is_han());
    for i in survey.strange.iter().map(|s| s.index).chain(survey.rare.iter().copied()) {
        // A mark leaves no room for four.
        let (left, right) = (han(i.checked_sub(2)), han(i.checked_add(1)));
        let room = [left && han(i.checked_sub(3)), left && right, right && han(i.checked_add(2))];
        if room == [false; 3] {
            continue;
        }
        // Two characters before the pair and two behind it.
        let at = |k: usize| (i + k).checked_sub(3).and_then(|i| glyphs.get(i)).map_or('\0', |g| g.folded);
        let mut four = key(&[at(0), at(1), at(2), at(3)]);
        for (start, room) in room.into_iter().enumerate() {
            if start > 0 {
                four = four << 16 | key(&[at(3 + start)]);
            }
            if !room {
                continue;
            }
            for open in [2, 3] {
                if idioms.may_fill(four, open - start) {
                    let open_at = i + open - 3;
                    let row = language.look_alikes.of(survey.reading.written(text, open_at));
                    let (mine, fillers) = (at(open), idioms.fillers(four, open - start));
                    let alike = |c: &char| *c != mine && row.all().any(|a| a.glyph.folded == *c);
                    out.extend(fillers.filter(alike).map(|_| open_at));
                }
            }
        }
    }
    out
}

/// Characters of firm strange pairs that a proposal may come of.
fn promising(text: &str, survey: &Survey, language: &Language, out: &mut Vec<usize>) {
    let (glyphs, strange, map) = (&survey.reading.glyphs, &survey.strange, language.model.map());
    for (n, s) in strange.iter().enumerate().filter(|s| s.1.firm) {
        for i in [s.index - 1, s.index] {
            // A character between two firm pairs was looked at with the first.
            let before = n.checked_sub(1).map(|k| strange[k]).filter(|b| b.index == i);
            if before.is_some_and(|b| b.firm) {
                continue;
            }
            let (after, until) =
                (i == s.index || before.is_some(), i < s.index || strange.get(n + 1).is_some_and(|b| b.index == i + 1));
            let word =
                |a: usize, b: usize| map.is_some_and(|m| m.familiar(glyphs[a], glyphs[b]) == Some(Familiar::InWord));
            if (!after && i > 0 && word(i - 1, i)) || (!until && i + 1 < glyphs.len() && word(i, i + 1)) {
                continue;
            }
            let row = language.look_alikes.of(survey.reading.written(text, i));
            let mut hits: SmallVec<[LookAlike; 8]> = SmallVec::new();
            if after {
                row.behind(glyphs[i - 1], &mut hits);
            }
            if until {
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
