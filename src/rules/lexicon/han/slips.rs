//! A phrase of four in which one character stands twice and another is missing.
//!
//! The typesetter's slip that no look-alike mends. It must never be applied by itself, nor touch a phrase that is usual.

use super::HAN_SLIP;
use super::survey::Survey;
use crate::language::{Familiar, Glyph, Language, key};
use crate::rule::{Finding, Fix};
use crate::text::{Span, Splice};
use smallvec::SmallVec;

/// Marks that a phrase may stand between.
const MARKS: &str = "，。、；：！？“”（）《》";
/// Pairs of the three that were seen hardly ever; one of them never.
const UNUSUAL: usize = 2;
/// Readings that a proposal names.
const SHOWN: usize = 3;

/// A reading of a phrase, with the model's score.
type Reading = ([char; 4], f32);

/// Proposals for the phrases of a text.
pub(super) fn find(text: &str, survey: &Survey, language: &Language) -> Vec<Finding> {
    let glyphs = &survey.reading.glyphs;
    let strange = &survey.strange;
    let mut out = Vec::new();
    for (n, s) in strange.iter().enumerate() {
        for start in (1..=3).filter_map(|k| s.index.checked_sub(k)) {
            // Another strange pair of the same phrase came before.
            let before = n.checked_sub(1).is_some_and(|k| strange[k].index > start);
            if before || !between_marks(glyphs, start) {
                continue;
            }
            let unusual = |k: &usize| {
                let told = language.model.familiar(glyphs[start + k], glyphs[start + k + 1]);
                matches!(told, Familiar::Never | Familiar::Hardly)
            };
            let unusual = (0..3).filter(unusual).count();
            if unusual < UNUSUAL {
                continue;
            }
            let four: [Glyph; 4] = std::array::from_fn(|k| glyphs[start + k]);
            let mut found = readings(four, language);
            if let Some(&(best, _)) = found.first() {
                let span = Span::new(survey.reading.extent(start).0, survey.reading.extent(start + 3).1);
                let fix = Fix::one(Splice::replace(span, best.iter().collect::<String>()));
                let mut f = Finding::edit(&HAN_SLIP, fix)
                    .because("candidate", best.iter().collect::<String>())
                    .because("unusual pairs", unusual.to_string());
                for (other, _) in found.drain(..).skip(1).take(SHOWN) {
                    f = f.because("less likely", other.iter().collect::<String>());
                }
                if span.end() <= text.len() {
                    out.push(f);
                }
            }
        }
    }
    out
}

/// True where four Han characters from `start` on stand between marks.
fn between_marks(glyphs: &[Glyph], start: usize) -> bool {
    let mark =
        |i: Option<usize>| i.and_then(|i| glyphs.get(i)).is_some_and(|g| !g.is_han() && MARKS.contains(g.folded));
    glyphs.get(start..start + 4).is_some_and(|f| f.iter().all(|g| g.is_han()))
        && mark(start.checked_sub(1))
        && mark(Some(start + 4))
}

/// What the phrase may be, likeliest first: one of the two equal characters gone, another put in somewhere, so that an
/// idiom comes out, or two words that the model knows side by side.
fn readings(four: [Glyph; 4], language: &Language) -> Vec<Reading> {
    let chars = four.map(|g| g.folded);
    // Of the ways in which a character stands twice, 一心一意 is one in which phrases are made at will, 天天 another.
    let twice = [(1, 3), (0, 3)].into_iter().find(|&(i, j)| chars[i] == chars[j] && chars[1] != chars[2]);
    let Some((first, second)) = twice else { return Vec::new() };
    // Nor 明锁暗锁, where the other two are a word: such phrases are made at will.
    if first == 1 && language.han.frequency_folded(&[chars[0], chars[2]]) >= 1.0 {
        return Vec::new();
    }
    let mut out: Vec<Reading> = Vec::new();
    for gone in [first, second] {
        let rest: SmallVec<[char; 3]> = (0..4).filter(|&k| k != gone).map(|k| chars[k]).collect();
        for open in 0..4 {
            let mut new = ['\0'; 4];
            let mut left = rest.iter();
            for (k, c) in new.iter_mut().enumerate() {
                if k != open {
                    *c = left.next().copied().unwrap_or_default();
                }
            }
            let idioms = language.idioms.fillers(key(&new), open);
            for c in idioms.chain(between(&new, open, language)) {
                let mut with = new;
                with[open] = c;
                if with != chars && !out.iter().any(|o| o.0 == with) {
                    let score = (0..4).map(|k| language.model.log_prob(&with[..k], with[k])).sum();
                    out.push((with, score));
                }
            }
        }
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}

/// Characters that make two common words of `four` when put in at `open`, all neighbours known.
fn between(four: &[char; 4], open: usize, language: &Language) -> Vec<char> {
    let other = open ^ 1;
    let kept = if open < 2 { &four[2..] } else { &four[..2] };
    if language.han.frequency_folded(kept) < COMMON {
        return Vec::new();
    }
    let map = crate::language::PairMap::embedded();
    let known = |a: char, b: char| language.model.familiar(map.glyph(a), map.glyph(b)) != Familiar::Never;
    let makes = |c: &char| {
        let mut with = *four;
        with[open] = *c;
        let word = if open < 2 { &with[..2] } else { &with[2..] };
        language.han.frequency_folded(word) >= COMMON && with.windows(2).all(|w| known(w[0], w[1]))
    };
    let beside = map.glyph(four[other]);
    map.beside(beside, other < open).filter(makes).collect()
}

/// How often each of two words must have been counted.
const COMMON: f32 = 10.0;
