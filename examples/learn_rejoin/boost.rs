//! Gradient boosting of small decision trees on the logarithm of the odds: histograms, the best leaf first.
//!
//! The same samples in the same order give the same trees.

use recto::rules::rejoin::names::COUNT;
use recto::rules::rejoin::weights::{Node, Tree, leaf, sigmoid};

/// Trees of a script.
const TREES: usize = 150;
/// Leaves of a tree.
const LEAVES: usize = 15;
/// Share of each tree that is added. Best of .03 (500 trees) to .12 by held-out log loss at this number of trees.
const RATE: f32 = 0.08;
/// Weight of samples that a leaf has at least.
const LEAST: f32 = 20.0;
/// Square penalty on leaves.
const PENALTY: f32 = 2.0;
/// Bounds per kind of evidence.
const BOUNDS: usize = 63;

/// What is known about one break.
pub(crate) struct Row {
    pub(crate) values: [f32; COUNT],
    pub(crate) join: bool,
    pub(crate) weight: f32,
}

/// A repeatable choice of numbers.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }
}

/// Bounds between the values of each kind of evidence: at most [`BOUNDS`], between values that occur.
fn bounds(rows: &[&Row], name: usize) -> Vec<f32> {
    let mut v: Vec<f32> = rows.iter().map(|r| r.values[name]).collect();
    v.sort_by(f32::total_cmp);
    let mut out: Vec<f32> = Vec::new();
    let mut distinct = v.clone();
    distinct.dedup();
    let middle = |a: f32, b: f32| ((a + b) * 500.0).round() / 1000.0;
    if distinct.len() <= BOUNDS {
        out.extend(distinct.windows(2).map(|w| middle(w[0], w[1])));
    } else {
        for k in 1..=BOUNDS {
            let at = k * (v.len() - 1) / (BOUNDS + 1);
            if let Some(next) = v[at..].iter().find(|&&x| x > v[at]) {
                out.push(middle(v[at], *next));
            }
        }
    }
    out.dedup();
    out
}

/// One leaf while a tree grows: its samples and its best split.
struct Growing {
    rows: Vec<u32>,
    node: usize,
    sums: (f32, f32),
    best: Option<(f32, usize, usize)>,
}

/// Trees for some samples, with no evidence from the names that `without` says.
pub(crate) fn fit(rows: &[&Row], without: &[usize]) -> Vec<Tree> {
    let names: Vec<usize> = (0..COUNT).filter(|n| !without.contains(n)).collect();
    let bounds: Vec<Vec<f32>> = names.iter().map(|&n| bounds(rows, n)).collect();
    let bins: Vec<Vec<u8>> = names
        .iter()
        .zip(&bounds)
        .map(|(&n, b)| rows.iter().map(|r| b.partition_point(|&x| x < r.values[n]) as u8).collect())
        .collect();
    let mut odds = vec![0.0f32; rows.len()];
    let mut random = Random(5);
    let mut out = Vec::new();
    for _ in 0..TREES {
        let slope: Vec<(f32, f32)> = rows
            .iter()
            .zip(&odds)
            .map(|(r, &o)| {
                let p = sigmoid(o);
                (r.weight * (p - f32::from(u8::from(r.join))), r.weight * p * (1.0 - p))
            })
            .collect();
        let sampled: Vec<u32> = (0..rows.len() as u32).filter(|_| random.next(100) < 80).collect();
        let used: Vec<usize> = (0..names.len()).filter(|_| random.next(100) < 50).collect();
        let tree = grow(&sampled, &slope, rows, &Binned { names: &names, bounds: &bounds, bins: &bins, used: &used });
        rows.iter().zip(&mut odds).for_each(|(r, o)| *o += leaf(&tree, &r.values));
        out.push(tree);
    }
    out
}

struct Binned<'b> {
    names: &'b [usize],
    bounds: &'b [Vec<f32>],
    bins: &'b [Vec<u8>],
    used: &'b [usize],
}

fn gain(g: f32, h: f32) -> f32 {
    g * g / (h + PENALTY)
}

/// A leaf with its best split: by how much, of which evidence, at which bound.
fn open(ids: Vec<u32>, node: usize, slope: &[(f32, f32)], rows: &[&Row], b: &Binned<'_>) -> Growing {
    let sums = ids.iter().fold((0.0, 0.0), |s, &i| (s.0 + slope[i as usize].0, s.1 + slope[i as usize].1));
    let all: f32 = ids.iter().map(|&i| rows[i as usize].weight).sum();
    let mut best: Option<(f32, usize, usize)> = None;
    for &k in b.used {
        let mut hist = [(0.0f32, 0.0f32, 0.0f32); BOUNDS + 2];
        for &i in &ids {
            let cell = &mut hist[usize::from(b.bins[k][i as usize])];
            let s = slope[i as usize];
            *cell = (cell.0 + s.0, cell.1 + s.1, cell.2 + rows[i as usize].weight);
        }
        let (mut g, mut h, mut n) = (0.0, 0.0, 0.0);
        for (at, cell) in hist.iter().enumerate().take(b.bounds[k].len()) {
            (g, h, n) = (g + cell.0, h + cell.1, n + cell.2);
            if n < LEAST || all - n < LEAST {
                continue;
            }
            let won = gain(g, h) + gain(sums.0 - g, sums.1 - h) - gain(sums.0, sums.1);
            if won > best.map_or(1e-3, |x| x.0) {
                best = Some((won, k, at));
            }
        }
    }
    Growing { rows: ids, node, sums, best }
}

fn grow(sampled: &[u32], slope: &[(f32, f32)], rows: &[&Row], b: &Binned<'_>) -> Tree {
    // Children by node, put into the order of a walk at the end.
    let mut splits: Vec<Option<(usize, usize, usize, usize)>> = vec![None];
    let mut values = vec![0.0f32];
    let mut leaves = vec![open(sampled.to_vec(), 0, slope, rows, b)];
    while leaves.len() < LEAVES {
        let best = (0..leaves.len()).filter(|&i| leaves[i].best.is_some()).max_by(|&i, &j| {
            leaves[i].best.map_or(0.0, |x| x.0).total_cmp(&leaves[j].best.map_or(0.0, |x| x.0)).then(j.cmp(&i))
        });
        let Some(best) = best else { break };
        let parent = leaves.swap_remove(best);
        let Some((_, k, at)) = parent.best else { break };
        let (small, great): (Vec<u32>, Vec<u32>) =
            parent.rows.iter().partition(|&&i| usize::from(b.bins[k][i as usize]) <= at);
        let first = splits.len();
        splits.extend([None, None]);
        values.extend([0.0, 0.0]);
        splits[parent.node] = Some((k, at, first, first + 1));
        leaves.push(open(small, first, slope, rows, b));
        leaves.push(open(great, first + 1, slope, rows, b));
    }
    for l in &leaves {
        values[l.node] = (-RATE * l.sums.0 / (l.sums.1 + PENALTY) * 1000.0).round() / 1000.0;
    }
    let mut tree = Tree::new();
    walk(0, &splits, &values, b, &mut tree);
    tree
}

/// Puts a node and all below it into the order of a walk. Returns the mean of its leaves.
fn walk(
    node: usize,
    splits: &[Option<(usize, usize, usize, usize)>],
    values: &[f32],
    b: &Binned<'_>,
    tree: &mut Tree,
) -> f32 {
    let Some((k, at, small, great)) = splits[node] else {
        tree.push(Node::Leaf(values[node]));
        return values[node];
    };
    let here = tree.len();
    tree.push(Node::Leaf(0.0));
    let first = walk(small, splits, values, b, tree);
    let greater = tree.len() as u16;
    let mean = 0.5 * (first + walk(great, splits, values, b, tree));
    tree[here] = Node::Split { name: b.names[k] as u16, at: b.bounds[k][at], greater, mean };
    mean
}
