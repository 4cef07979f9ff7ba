//! The weights of the evidence for a look-alike, as data, and the one place where they are summed.
//!
//! It must never look at a text.

use super::search::Terms;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Learned by `cargo run --release --example learn_han -- weights`.
const TABLE: &str = include_str!("../../../../dictionaries/han-weights.tsv");

/// Weights by term: knots (value, weight), linear between them, flat outside.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    curves: HashMap<String, Vec<(f32, f32)>>,
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
        for (term, knots) in tsv.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')) {
            let knot = |k: &str| k.split_once(':').and_then(|(x, w)| Some((x.parse().ok()?, w.parse().ok()?)));
            out.curves.insert(term.to_owned(), knots.split(' ').filter_map(knot).collect());
        }
        out
    }

    /// What each term adds to the logarithm of the odds that the best candidate is right.
    pub fn parts<'t>(&'t self, terms: &'t Terms) -> impl Iterator<Item = (&'static str, f32)> + 't {
        terms.iter().filter_map(|&(name, x)| Some((name, interpolate(self.curves.get(name)?, x))))
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
        let rows: Vec<&str> = TABLE.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(TABLE.starts_with("# licence: ") && rows.len() > 12);
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "sorted and unique");
        assert!(
            Weights::shipped().curves.len() == rows.len() && Weights::shipped().curves.values().all(|c| !c.is_empty())
        );
    }

    #[test]
    fn more_gain_is_never_less_odds_by_much() {
        let p = |x| Weights::shipped().probability(&Terms::from_slice(&[("gain", x)]));
        assert!(p(12.0) > p(2.0));
    }
}
