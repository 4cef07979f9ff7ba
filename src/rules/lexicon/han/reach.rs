//! What a place can reach before the model is asked about every candidate: most places end here.
//!
//! It must never refuse a place that would be a proposal, but for the few that its limits name.

use super::search::{Place, Word};
use super::survey::Survey;
use super::terms::{Term, Terms};
use super::weights::Weights;
use crate::language::{Glyph, Language, LookAlike};
use smallvec::SmallVec;

/// Logarithm of how often a word must have been counted for [`Place::may_reach`]: ten times, as the map of pairs has it.
const COMMON_WORD: f32 = 2.3;
/// What the terms of the model and the margin add together: more in 2 of 100 proposals on news of 1998.
const MODEL_ADDS: f32 = 1.4;
/// The same for all 132 proposals on noisy text of the same news: a place that needs more is not asked of the model.
pub(super) const MODEL_ADDS_AT_MOST: f32 = 2.0;
/// Terms of the place itself.
const OWN: [Term; 9] = [
    Term::OwnWord,
    Term::OwnWordFrequency,
    Term::Strange,
    Term::Sides,
    Term::OwnFrequency,
    Term::Near,
    Term::Firm,
    Term::Noise,
    Term::Times,
];

impl Place {
    /// True where one of `hits` may reach that probability, were it the best by far. Nothing more is asked of a place of
    /// which a word covers what is written, or for which no hit makes a word that is counted so often.
    pub fn may_reach(&self, p: f32, hits: &[LookAlike], survey: &Survey, language: &Language) -> bool {
        let own = self.own_terms(survey, language);
        if own[Term::OwnWord] > 0.0 {
            return false;
        }
        let needed = odds(p) - self.own_odds(&own);
        // Without the model first.
        let plain = hits.iter().filter_map(|a| {
            let word = self.word(a.glyph, language);
            let common = word.1 >= COMMON_WORD;
            let plain = || self.plain_odds(a, &word, self.strange_with(a.glyph, language), language);
            self.with_again(common.then(plain)?, needed - MODEL_ADDS, a.glyph, survey, language)
                .map(|x| (a.glyph.folded, x))
        });
        let plain: SmallVec<[(char, f32); 4]> = plain.collect();
        if plain.is_empty() {
            return false;
        }
        let weights = Weights::shipped();
        let around = self.around(language);
        let base = around.window(self.chars[self.here]);
        let shown = self.shown();
        let needed = needed - weights.part(Term::Before, base / shown) - weights.most(Term::Margin);
        plain.into_iter().any(|(c, odds)| {
            let gain = around.window(c) - base;
            odds + weights.part(Term::Gain, gain) + weights.part(Term::After, (base + gain) / shown) >= needed
        })
    }

    /// The number of [`Term::Again`].
    pub(super) fn again(&self, c: Glyph, survey: &Survey, language: &Language) -> f32 {
        let sides = [self.left().map(|l| (l.folded, c.folded)), self.right().map(|r| (c.folded, r.folded))];
        let model = &language.model;
        let told = |p: (char, char)| {
            survey.has_near(self.index, p).then(|| {
                let expected = model.seen(&[p.0, p.1]) / model.total() * survey.reading.glyphs.len() as f32;
                1.0 - expected.clamp(1e-6, 1.0).ln()
            })
        };
        sides.into_iter().flatten().filter_map(told).fold(0.0, f32::max)
    }

    /// What the place itself adds to the odds of any candidate.
    pub(super) fn own_odds(&self, own: &Terms) -> f32 {
        OWN.iter().map(|&t| Weights::shipped().part(t, own[t])).sum()
    }

    /// `plain` odds with what [`Term::Again`] adds, where that is enough.
    pub(super) fn with_again(
        &self,
        plain: f32,
        needed: f32,
        c: Glyph,
        survey: &Survey,
        language: &Language,
    ) -> Option<f32> {
        let weights = Weights::shipped();
        if plain + weights.most(Term::Again) < needed {
            return None;
        }
        let sum = plain + weights.part(Term::Again, self.again(c, survey, language));
        (sum >= needed).then_some(sum)
    }

    /// What a candidate adds to its odds, the model and the margin left aside.
    pub(super) fn plain_odds(&self, a: &LookAlike, word: &Word, strange: usize, language: &Language) -> f32 {
        let part = |t: Term, x: f32| Weights::shipped().part(t, x);
        part(Term::Likeness, a.likeness)
            + part(Term::Misread, (1.0 + a.misread as f32).ln())
            + part(Term::Word, word.0.len() as f32)
            + part(Term::WordFrequency, word.1)
            + part(Term::StrangeAfter, strange as f32)
            + part(Term::Frequency, (1.0 + language.model.seen(&[a.glyph.folded])).ln())
    }
}

/// The logarithm of the odds of a probability.
pub(super) fn odds(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}
