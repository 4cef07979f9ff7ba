//! `Trees`: a sum of small decision trees that turns what is known of a proposed edit into a probability. Data, learned by
//! `cargo run --release --example learn_lexicon`.
//!
//! It must never look at a text: it sees numbers only.

/// One node: a question or, with `feature == LEAF`, an answer.
#[derive(Copy, Clone, PartialEq, Debug)]
struct Node {
    feature: u16,
    /// The question's threshold, or the answer's value.
    value: f32,
    /// Where to go for `x <= value`; the other way is the next node.
    yes: u16,
}

const LEAF: u16 = u16::MAX;

/// So many trees tell where an edit is hopeless: the others add little to what they say.
const FIRST: usize = 30;
/// Logarithm of the odds below which no other tree is asked.
const HOPELESS: f32 = -5.5;

/// The trees, one after another.
#[derive(Clone, Debug, Default)]
pub struct Trees {
    nodes: Vec<Node>,
    starts: Vec<u32>,
    /// Logarithm of the odds before any tree.
    pub base: f32,
}

impl Trees {
    /// Reads `base TAB value` and, for each tree, one line of nodes in order of a walk that takes "no" first: `name>value@n`
    /// for a question (where `n` is the node for "yes") and `=value` for an answer. `names` gives the features' order.
    pub fn parse(text: &str, names: &[&str]) -> Self {
        let mut out = Self::default();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            if let Some(base) = line.strip_prefix("base\t") {
                out.base = base.parse().unwrap_or(0.0);
                continue;
            }
            let Some(nodes) = line.strip_prefix("tree\t") else { continue };
            let start = out.nodes.len();
            for n in nodes.split(' ') {
                let node = n.strip_prefix('=').and_then(|v| v.parse().ok()).map_or_else(
                    || {
                        let (name, rest) = n.split_once('>')?;
                        let (value, yes) = rest.split_once('@')?;
                        let feature = names.iter().position(|x| *x == name)? as u16;
                        Some(Node { feature, value: value.parse().ok()?, yes: yes.parse().ok()? })
                    },
                    |value| Some(Node { feature: LEAF, value, yes: 0 }),
                );
                out.nodes.extend(node);
            }
            // A tree that does not fit is left out whole.
            let made = out.nodes.len() - start;
            let fits = made == nodes.split(' ').count()
                && out.nodes[start..].iter().enumerate().all(|(i, n)| {
                    n.feature == LEAF || (usize::from(n.yes) > i && usize::from(n.yes) < made && i + 1 < made)
                });
            if fits {
                out.starts.push(start as u32);
            } else {
                out.nodes.truncate(start);
            }
        }
        out
    }

    /// Probability that an edit with these features is right.
    pub fn probability(&self, features: &[f32]) -> f32 {
        let mut odds = self.base;
        for (n, &start) in self.starts.iter().enumerate() {
            if n == FIRST && odds < HOPELESS {
                break;
            }
            let tree = &self.nodes[start as usize..];
            let mut at = 0usize;
            loop {
                let n = tree[at];
                if n.feature == LEAF {
                    odds += n.value;
                    break;
                }
                let x = features.get(usize::from(n.feature)).copied().unwrap_or(0.0);
                at = if x <= n.value { usize::from(n.yes) } else { at + 1 };
            }
        }
        1.0 / (1.0 + (-odds).exp())
    }

    /// Number of trees.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_answer_and_damaged_ones_are_left_out() {
        let t = Trees::parse("# x\nbase\t-1\ntree\tb>0.5@2 =2 =-2\ntree\ta>1@9 =1\ntree\tq>1@2 =1 =1\n", &["a", "b"]);
        assert_eq!(t.len(), 1);
        assert!(t.probability(&[0.0, 1.0]) > 0.7 && t.probability(&[0.0, 0.0]) < 0.1 && t.probability(&[]) < 0.1);
    }
}
