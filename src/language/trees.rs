//! `Trees`: a sum of small decision trees that turns what is known of a proposed edit into a probability. Data, learned by
//! `cargo run --release --example learn_lexicon`.
//!
//! It must never look at a text: it sees numbers only.

use crate::text::lists;
/// One node: a question or an answer. An answer's threshold is above all numbers and leads to itself, so that a walk of as
/// many steps as the tree is deep ends there without asking where it is.
#[derive(Copy, Clone, PartialEq, Debug)]
struct Node {
    /// The question's threshold.
    value: f32,
    feature: u16,
    /// Where to go for `x <= value`; the other way is the next node.
    yes: u16,
}

/// A tree: its nodes from `start` on and its answers beside them.
#[derive(Copy, Clone, PartialEq, Debug)]
struct Tree {
    start: u32,
    end: u32,
    depth: u32,
}

/// So many trees tell where an edit is hopeless: the others add little to what they say.
const FIRST: usize = 40;
/// Logarithm of the odds below which no other tree is asked.
const HOPELESS: f32 = -5.5;
/// Edits that go through the trees together.
const BLOCK: usize = 64;
/// Walks side by side: one waits for memory while the others go on.
const LANES: usize = 8;

/// The trees, one after another.
#[derive(Clone, Debug, Default)]
pub struct Trees {
    nodes: Vec<Node>,
    /// The answers of `nodes`, 0 for questions.
    answers: Vec<f32>,
    trees: Vec<Tree>,
    /// Logarithm of the odds before any tree.
    pub base: f32,
}

impl Trees {
    /// Reads `base TAB value` and, for each tree, one line of nodes in order of a walk that takes "no" first: `name>value@n`
    /// for a question (where `n` is the node for "yes") and `=value` for an answer. `names` gives the features' order.
    pub fn parse(text: &str, names: &[&str]) -> Self {
        let mut out = Self::default();
        for line in lists::rows(text) {
            if let Some(base) = line.strip_prefix("base\t") {
                out.base = base.parse().unwrap_or(0.0);
                continue;
            }
            let Some(nodes) = line.strip_prefix("tree\t") else { continue };
            let start = out.nodes.len();
            for (i, n) in nodes.split(' ').enumerate() {
                let answer = n.strip_prefix('=').and_then(|v| v.parse().ok());
                let node = match answer {
                    Some(_) => Some(Node { feature: 0, value: f32::INFINITY, yes: i as u16 }),
                    None => n.split_once('>').and_then(|(name, rest)| {
                        let (value, yes) = rest.split_once('@')?;
                        let feature = names.iter().position(|x| *x == name)? as u16;
                        Some(Node { feature, value: value.parse().ok()?, yes: yes.parse().ok()? })
                    }),
                };
                out.answers.extend(node.map(|_| answer.unwrap_or(0.0)));
                out.nodes.extend(node);
            }
            // A tree that does not fit is left out whole.
            let made = out.nodes.len() - start;
            let fits = made == nodes.split(' ').count()
                && out.nodes[start..].iter().enumerate().all(|(i, n)| {
                    n.value == f32::INFINITY || (usize::from(n.yes) > i && usize::from(n.yes) < made && i + 1 < made)
                });
            if fits {
                let depth = depth(&out.nodes[start..]);
                out.trees.push(Tree { start: start as u32, end: (start + made) as u32, depth });
            } else {
                out.nodes.truncate(start);
                out.answers.truncate(start);
            }
        }
        out
    }

    /// Probability that an edit with these features is right.
    pub fn probability(&self, features: &[f32]) -> f32 {
        self.probabilities(&[features]).first().copied().unwrap_or(0.0)
    }

    /// The same of many edits, each with as many features as the trees know of.
    pub fn probabilities(&self, rows: &[&[f32]]) -> Vec<f32> {
        let mut out = Vec::with_capacity(rows.len());
        for block in rows.chunks(BLOCK) {
            let mut odds = vec![self.base; block.len()];
            let mut open: Vec<usize> = (0..block.len()).collect();
            for (n, tree) in self.trees.iter().enumerate() {
                if n == FIRST {
                    open.retain(|i| odds[*i] >= HOPELESS);
                }
                for lanes in open.chunks(LANES) {
                    self.add(tree, block, lanes, &mut odds);
                }
            }
            out.extend(odds.into_iter().map(|o| 1.0 / (1.0 + (-o).exp())));
        }
        out
    }

    /// Adds what a tree says of some rows to their odds.
    fn add(&self, tree: &Tree, rows: &[&[f32]], lanes: &[usize], odds: &mut [f32]) {
        let range = tree.start as usize..tree.end as usize;
        let (Some(nodes), Some(answers)) = (self.nodes.get(range.clone()), self.answers.get(range)) else { return };
        let mut at = [0usize; LANES];
        for _ in 0..tree.depth {
            for (at, row) in at.iter_mut().zip(lanes) {
                let node = nodes[*at];
                let x = rows[*row].get(usize::from(node.feature)).copied().unwrap_or(0.0);
                *at = if x <= node.value { usize::from(node.yes) } else { *at + 1 };
            }
        }
        for (at, row) in at.iter().zip(lanes) {
            odds[*row] += answers[*at];
        }
    }

    /// Number of trees.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }
}

/// Questions on the longest way through a tree. Every way leads forward.
fn depth(nodes: &[Node]) -> u32 {
    let mut deep = vec![0u32; nodes.len()];
    let mut most = 0;
    for (i, n) in nodes.iter().enumerate() {
        most = most.max(deep[i]);
        if n.value < f32::INFINITY {
            for to in [usize::from(n.yes), i + 1] {
                deep[to] = deep[to].max(deep[i] + 1);
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_answer_and_damaged_ones_are_left_out() {
        let t = Trees::parse("# x\nbase\t-1\ntree\tb>0.5@2 =2 =-2\ntree\ta>1@9 =1\ntree\tq>1@2 =1 =1\n", &["a", "b"]);
        assert_eq!(t.len(), 1);
        assert_eq!(t.probabilities(&[&[0.0, 1.0], &[0.0, 0.0]]), [t.probability(&[0.0, 1.0]), t.probability(&[])]);
        assert!(t.probability(&[0.0, 1.0]) > 0.7 && t.probability(&[0.0, 0.0]) < 0.1 && t.probability(&[]) < 0.1);
    }
}
