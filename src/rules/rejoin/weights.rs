//! The weights of the evidence, as data, and the one place where they are summed.
//!
//! It must never look at a text.

use super::terms::{Setting, Terms};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Learned by `cargo run --release --example learn_rejoin`; see the table's own head for where.
const TABLE: &str = include_str!("../../../dictionaries/rejoin-weights.tsv");

/// Weights of one term: knots (value, weight), linear between them, flat outside.
pub type Curve = Vec<(f32, f32)>;

/// Weights by setting and term.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    curves: [HashMap<String, Curve>; 4],
}

static SHIPPED: LazyLock<Weights> = LazyLock::new(|| Weights::parse(TABLE));

impl Weights {
    /// The weights that are built into the library.
    pub fn shipped() -> &'static Weights {
        &SHIPPED
    }

    /// Reads lines `setting TAB term TAB value:weight value:weight ...`; what does not fit is skipped.
    pub fn parse(tsv: &str) -> Self {
        let mut out = Self::default();
        for line in tsv.lines().filter(|l| !l.starts_with('#')) {
            let mut f = line.split('\t');
            let (Some(setting), Some(term), Some(knots)) = (f.next(), f.next(), f.next()) else { continue };
            let Some(k) = Setting::ALL.iter().position(|s| s.name() == setting) else { continue };
            let curve = knots
                .split(' ')
                .filter_map(|k| k.split_once(':').and_then(|(x, w)| Some((x.parse().ok()?, w.parse().ok()?))))
                .collect();
            out.curves[k].insert(term.to_owned(), curve);
        }
        out
    }

    /// What each term adds to the logarithm of the odds for a join.
    pub fn parts<'t>(&'t self, setting: Setting, terms: &'t Terms) -> impl Iterator<Item = (&'static str, f32)> + 't {
        let curves = &self.curves[Setting::ALL.iter().position(|&s| s == setting).unwrap_or(0)];
        terms.list.iter().filter_map(|&(name, x)| Some((name, interpolate(curves.get(name)?, x))))
    }

    /// The probability of a join.
    pub fn probability(&self, setting: Setting, terms: &Terms) -> f32 {
        let odds: f32 = self.parts(setting, terms).map(|p| p.1).sum();
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
        assert!(TABLE.starts_with("# licence: ") && rows.len() > 40);
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "sorted and unique");
        let parsed: usize = Weights::shipped().curves.iter().map(HashMap::len).sum();
        assert_eq!(parsed, rows.len());
    }

    #[test]
    fn curves_are_linear_between_knots() {
        let c = [(0.0, 1.0), (2.0, 3.0)];
        assert_eq!([-1.0, 0.0, 1.0, 5.0].map(|x| interpolate(&c, x)), [1.0, 1.0, 2.0, 3.0]);
        assert_eq!(interpolate(&[], 1.0), 0.0);
    }
}
