//! The weights of the evidence, as data, and the one place where they are summed: small decision trees, whose leaves
//! add to the logarithm of the odds for a join, and a calibration of the sum.
//!
//! It must never look at a text.

use super::names::{COUNT, NAMES};
use super::terms::{Setting, Terms};
use std::sync::LazyLock;

/// Learned by `cargo run --release --example learn_rejoin`; see the table's own head for the format.
const TABLE: &str = include_str!("../../../dictionaries/rejoin-weights.tsv");

/// A node of a tree, in the order of a walk that takes the smaller side first.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Node {
    /// Values up to `at` go on with the next node, greater ones with node number `greater` of the tree.
    Split {
        /// Number of the evidence in [`NAMES`].
        name: u16,
        /// The bound.
        at: f32,
        /// Where greater values go on.
        greater: u16,
        /// Mean of the leaves below.
        mean: f32,
    },
    /// What is added.
    Leaf(f32),
}

/// One tree.
pub type Tree = Vec<Node>;

/// Name of a step that is a leaf.
const LEAF: u16 = u16::MAX;

/// A node as it is walked: half the size of a [`Node`], all trees in one block of memory.
#[derive(Copy, Clone, Debug)]
struct Step {
    at: f32,
    name: u16,
    greater: u16,
}

/// The trees of one setting as they are walked.
#[derive(Clone, Debug, Default)]
struct Walk {
    steps: Vec<Step>,
    /// Where each tree starts.
    roots: Vec<u32>,
}

impl Walk {
    fn of(trees: &[Tree]) -> Self {
        let mut out = Self::default();
        for tree in trees {
            out.roots.push(out.steps.len() as u32);
            out.steps.extend(tree.iter().map(|node| match *node {
                Node::Split { name, at, greater, .. } => Step { at, name, greater },
                Node::Leaf(at) => Step { at, name: LEAF, greater: 0 },
            }));
        }
        out
    }

    /// The sum of the leaves to which the evidence leads.
    fn sum(&self, values: &[f32; COUNT]) -> f32 {
        let leaf = |&root: &u32| {
            let mut at = root as usize;
            loop {
                match self.steps.get(at) {
                    Some(s) if s.name == LEAF => return s.at,
                    Some(s) => {
                        let more = values.get(usize::from(s.name)).is_some_and(|&v| v > s.at);
                        at = if more { root as usize + usize::from(s.greater) } else { at + 1 };
                    }
                    None => return 0.0,
                }
            }
        };
        self.roots.iter().map(leaf).sum()
    }
}

/// Trees of one setting, and its calibration.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    trees: Vec<Tree>,
    walk: Walk,
    /// Slope and offset of the calibrated logarithm of the odds.
    calibration: Option<(f32, f32)>,
}

/// The settings apart: each is read when it is first needed.
static SHIPPED: [LazyLock<Weights>; 4] = [
    LazyLock::new(|| Weights::parse(TABLE, Setting::CjkLines)),
    LazyLock::new(|| Weights::parse(TABLE, Setting::CjkParagraphs)),
    LazyLock::new(|| Weights::parse(TABLE, Setting::LatinLines)),
    LazyLock::new(|| Weights::parse(TABLE, Setting::LatinParagraphs)),
];

impl Weights {
    /// The weights that are built into the library, for one setting.
    pub fn shipped(setting: Setting) -> &'static Weights {
        &SHIPPED[setting as usize]
    }

    /// Weights of given trees, uncalibrated.
    pub fn new(trees: Vec<Tree>) -> Self {
        Self { walk: Walk::of(&trees), trees, calibration: None }
    }

    /// Reads the lines `setting TAB number TAB nodes` and `setting TAB calibration TAB slope offset` of one setting; what
    /// does not fit is skipped. Nodes stand in the order of a walk: `name<bound` before its two sides, a leaf as a number.
    pub fn parse(tsv: &str, setting: Setting) -> Self {
        let (mut trees, mut calibration) = (Vec::new(), None);
        for line in tsv.lines() {
            let Some(rest) = line.strip_prefix(setting.name()).and_then(|r| r.strip_prefix('\t')) else { continue };
            let Some((kind, rest)) = rest.split_once('\t') else { continue };
            if kind == "calibration" {
                calibration = rest.split_once(' ').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
            } else if let Some(tree) = parse_tree(rest) {
                trees.push(tree);
            }
        }
        Self { calibration, ..Self::new(trees) }
    }

    /// The sum of the leaves: logarithm of the odds, not calibrated.
    pub fn odds(&self, terms: &Terms) -> f32 {
        self.walk.sum(&terms.values)
    }

    /// The probability of a join.
    pub fn probability(&self, terms: &Terms) -> f32 {
        let (slope, offset) = self.calibration.unwrap_or((1.0, 0.0));
        sigmoid(slope * self.odds(terms) + offset)
    }

    /// The sum term by term: what each kind of evidence adds to the logarithm of the odds on the way down all trees, and
    /// what is there before any is asked (the first, without a name). The parts add up to the logarithm of the odds.
    pub fn parts(&self, terms: &Terms) -> Vec<(Option<&'static str>, f32)> {
        let mut by_name = [0.0f32; COUNT];
        let mut start = 0.0;
        for tree in &self.trees {
            start += tree.first().map_or(0.0, mean);
            let mut at = 0;
            while let Some(&Node::Split { name, at: bound, greater, mean: here }) = tree.get(at) {
                let value = terms.values[usize::from(name)];
                at = if value <= bound { at + 1 } else { usize::from(greater) };
                by_name[usize::from(name)] += tree.get(at).map_or(0.0, mean) - here;
            }
        }
        let (slope, offset) = self.calibration.unwrap_or((1.0, 0.0));
        let named = NAMES.iter().zip(by_name).filter(|p| p.1 != 0.0).map(|(n, w)| (Some(*n), slope * w));
        std::iter::once((None, slope * start + offset)).chain(named).collect()
    }
}

/// One over one plus e to the minus x.
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn mean(node: &Node) -> f32 {
    match *node {
        Node::Split { mean, .. } => mean,
        Node::Leaf(w) => w,
    }
}

/// The leaf to which the evidence leads.
pub fn leaf(tree: &[Node], values: &[f32; COUNT]) -> f32 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(&Node::Split { name, at: bound, greater, .. }) => {
                at = if values[usize::from(name)] <= bound { at + 1 } else { usize::from(greater) };
            }
            Some(&Node::Leaf(w)) => return w,
            None => return 0.0,
        }
    }
}

fn parse_tree(text: &str) -> Option<Tree> {
    let mut tree = Tree::new();
    let mut tokens = text.split(' ');
    grow(&mut tokens, &mut tree)?;
    tokens.next().is_none().then_some(tree)
}

/// Reads one node and all below it. Returns the mean of its leaves.
fn grow<'t>(tokens: &mut impl Iterator<Item = &'t str>, tree: &mut Tree) -> Option<f32> {
    let token = tokens.next()?;
    let Some((name, bound)) = token.split_once('<') else {
        let w = token.parse().ok()?;
        tree.push(Node::Leaf(w));
        return Some(w);
    };
    let name = NAMES.iter().position(|n| *n == name)? as u16;
    let here = tree.len();
    tree.push(Node::Leaf(0.0));
    let small = grow(tokens, tree)?;
    let greater = u16::try_from(tree.len()).ok()?;
    let mean = 0.5 * (small + grow(tokens, tree)?);
    tree[here] = Node::Split { name, at: bound.parse().ok()?, greater, mean };
    Some(mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lists;

    #[test]
    fn the_table_is_well_formed() {
        let rows: Vec<&str> = lists::rows(TABLE).collect();
        assert!(TABLE.starts_with("# licence: ") && rows.len() > 40);
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "sorted and unique");
        let all = Setting::ALL.map(|s| Weights::parse(TABLE, s));
        let read: usize = all.iter().map(|w| w.trees.len() + usize::from(w.calibration.is_some())).sum();
        assert_eq!(read, rows.len());
        assert!(all.iter().all(|w| w.trees.len() > 40));
    }

    #[test]
    fn the_parts_add_up() {
        let tsv = "latin-lines\t000\tend-L<9.5 blanks<0.5 2 -1 slack-L<1 0.5 -3\nlatin-lines\tcalibration\t2 0.25\n";
        let w = Weights::parse(tsv, Setting::LatinLines);
        let mut t = Terms::default();
        for (end, blanks, slack, want) in [(2.0, 0.0, 0.0, 2.0), (2.0, 1.0, 0.0, -1.0), (10.0, 0.0, 2.0, -3.0)] {
            for (name, x) in [("end-L", end), ("blanks", blanks), ("slack-L", slack)] {
                t.values[NAMES.iter().position(|n| *n == name).expect("a term of that name")] = x;
            }
            assert_eq!(w.odds(&t), want);
            let sum: f32 = w.parts(&t).iter().map(|p| p.1).sum();
            assert!((sum - (2.0 * want + 0.25)).abs() < 1e-5);
            assert!((w.probability(&t) - sigmoid(sum)).abs() < 1e-6);
        }
        assert_eq!(Weights::parse(tsv, Setting::CjkLines).odds(&t), 0.0);
    }
}
