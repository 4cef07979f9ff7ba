//! What the recogniser keeps doing on this text: how many of its unknown words come out as a likely word by each confusion.
//!
//! It must never count a word for itself.

use super::candidates::{Candidate, NEIGHBOUR_COST, of_kind, worth};
use super::page::{Page, Type};
use crate::language::Known;
use std::collections::HashMap;

/// A candidate so much worthier than the next is taken for what was printed.
const CLEAR: f32 = 2.0;
/// Of fewer words no share is made.
const FEW: f32 = 20.0;

/// Confusions by their key, with the number of words that show them.
#[derive(Debug, Default)]
pub(super) struct Habits {
    words: HashMap<u32, f32>,
    all: f32,
}

impl Habits {
    /// The habits on a page.
    pub(super) fn of(page: &Page<'_, '_>) -> Self {
        let mut out = Self::default();
        for best in page.types.iter().filter_map(|t| clear(page, t)) {
            out.all += 1.0;
            for swap in &best.swaps {
                *out.words.entry(*swap).or_default() += 1.0;
            }
        }
        out
    }

    /// Share of a page's words, by type, that clearly were read wrong.
    pub(super) fn share(&self, page: &Page<'_, '_>) -> f32 {
        self.all / page.words.max(1) as f32
    }
}

/// What an unknown word was most likely printed as, where one candidate stands out.
fn clear<'p>(page: &'p Page<'_, '_>, ty: &'p Type<'_>) -> Option<&'p Candidate> {
    if ty.skip || ty.known != Known::No {
        return None;
    }
    let found = of_kind(page, ty);
    let number = ty.clear.get_or_init(|| {
        let (mut first, mut next) = ((f32::MIN, None), f32::MIN);
        for (n, c) in
            found.iter().enumerate().filter(|(_, c)| c.case.is_none() && c.words.len() == 1 && c.cost <= NEIGHBOUR_COST)
        {
            let w = worth(page, c);
            if w > first.0 {
                (next, first) = (first.0, (w, Some(n)));
            } else {
                next = next.max(w);
            }
        }
        first.1.filter(|_| first.0 - next >= CLEAR)
    });
    number.and_then(|n| found.get(n))
}

/// How many other words show the rarest of a candidate's confusions, as the logarithm of one more and as a share.
pub(super) fn habit(page: &Page<'_, '_>, ty: &Type<'_>, c: &Candidate) -> (f32, f32) {
    let habits = page.habits.get_or_init(|| Habits::of(page));
    let own = clear(page, ty);
    let shown = |swap: &u32| {
        let itself = own.is_some_and(|o| o.swaps.contains(swap));
        habits.words.get(swap).copied().unwrap_or(0.0) - f32::from(u8::from(itself))
    };
    let least = c.swaps.iter().map(shown).fold(f32::MAX, f32::min);
    if c.swaps.is_empty() { (-1.0, 0.0) } else { (least.max(0.0).ln_1p(), least.max(0.0) / habits.all.max(FEW)) }
}
