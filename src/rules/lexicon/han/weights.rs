//! The weights of the evidence for a look-alike, as data, and the one place where they are summed.
//!
//! It must never look at a text.

use super::terms::{NAMES, Term, Terms};
use crate::text::lists;
use std::sync::LazyLock;

/// Learned by `cargo run --release --example learn_han -- weights`.
const TABLE: &str = include_str!("../../../../dictionaries/han-weights.tsv");

/// Weights of [`Term::Again`]. The lines that the others are learned from are too short for it, so it was measured: two
/// thousandths of the characters of news pages of 1998, which the model had not seen, were exchanged for look-alikes, and
/// the odds that a candidate is right compared with what the others said. Where the pair was to be expected half a time a
/// page and more they were 2.7 times as high for what was said to be less than one in ten, 2.6 for the rest; 3.0 and 4.5
/// from a tenth on, 9.5 and 3.6 from a fiftieth on, 14 and 5.7 below. These are the means, in logarithms.
const AGAIN: [(f32, f32); 5] = [(0.0, 0.0), (1.0, 1.0), (2.5, 1.25), (4.1, 1.75), (5.5, 2.2)];

/// Weights by term: knots (value, weight), linear between them, flat outside.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    curves: [Vec<(f32, f32)>; NAMES.len()],
}

static SHIPPED: LazyLock<Weights> = LazyLock::new(|| Weights::parse(TABLE));

impl Weights {
    /// The weights that are built into the library.
    pub fn shipped() -> &'static Weights {
        &SHIPPED
    }

    /// Reads lines `term TAB value:weight value:weight ...`; what does not fit is skipped.
    pub fn parse(tsv: &str) -> Self {
        let mut out = Self::default();
        out.curves[Term::Again as usize] = AGAIN.to_vec();
        for (term, knots) in lists::rows(tsv).filter_map(|l| l.split_once('\t')) {
            let knot = |k: &str| k.split_once(':').and_then(|(x, w)| Some((x.parse().ok()?, w.parse().ok()?)));
            if let Some(i) = NAMES.iter().position(|n| *n == term) {
                out.curves[i] = knots.split(' ').filter_map(knot).collect();
            }
        }
        out
    }

    /// What each term adds to the logarithm of the odds that the best candidate is right.
    pub fn parts<'t>(&'t self, terms: &'t Terms) -> impl Iterator<Item = (&'static str, f32)> + 't {
        terms.iter().zip(&self.curves).map(|((name, x), curve)| (name, interpolate(curve, x)))
    }

    /// What one term adds to them with that value.
    pub fn part(&self, term: Term, value: f32) -> f32 {
        interpolate(&self.curves[term as usize], value)
    }

    /// The most that a term can add.
    pub fn most(&self, term: Term) -> f32 {
        self.curves[term as usize].iter().map(|k| k.1).reduce(f32::max).unwrap_or(0.0)
    }

    /// The probability that the best candidate is right.
    pub fn probability(&self, terms: &Terms) -> f32 {
        let odds: f32 = self.parts(terms).map(|p| p.1).sum();
        1.0 / (1.0 + (-odds).exp())
    }
}

fn interpolate(curve: &[(f32, f32)], x: f32) -> f32 {
    match curve.partition_point(|k| k.0 <= x) {
        0 => curve.first().map_or(0.0, |k| k.1),
        n if n == curve.len() => curve[n - 1].1,
        n => {
            let (a, b) = (curve[n - 1], curve[n]);
            a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let rows: Vec<&str> = lists::rows(TABLE).collect();
        assert!(TABLE.starts_with("# licence: ") && rows.len() > 12);
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "sorted and unique");
        let with_curve = Weights::shipped().curves.iter().filter(|c| !c.is_empty()).count();
        assert_eq!(with_curve, rows.len() + 1, "a row that names no term");
    }

    #[test]
    fn more_gain_is_never_less_odds_by_much() {
        let p = |x| {
            let mut t = Terms::default();
            t[Term::Gain] = x;
            Weights::shipped().probability(&t)
        };
        assert!(p(12.0) > p(2.0));
        assert!(Weights::shipped().most(Term::Gain) >= Weights::shipped().part(Term::Gain, 5.0));
    }
}
