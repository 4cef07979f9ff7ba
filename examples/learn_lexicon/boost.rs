//! Gradient boosting of small trees over binned features: learns the trees that `language::Trees` reads.

/// One example.
#[derive(Clone)]
pub(crate) struct Row {
    /// Features.
    pub(crate) x: Vec<f32>,
    /// 1 for a right edit.
    pub(crate) y: f32,
    /// Weight.
    pub(crate) w: f32,
}

/// Rows in bytes, features and answer each.
pub(crate) fn packed(rows: &[Row]) -> Vec<u8> {
    rows.iter().flat_map(|r| r.x.iter().chain([&r.y]).flat_map(|v| v.to_le_bytes())).collect()
}

/// The rows of those bytes, of so many features, with this weight.
pub(crate) fn unpacked(bytes: &[u8], width: usize, w: f32) -> impl Iterator<Item = Row> {
    bytes.chunks_exact(4 * (width + 1)).map(move |row| {
        let number = |b: &[u8]| b.try_into().map_or(0.0, f32::from_le_bytes);
        let (x, y) = row.split_at(4 * width);
        Row { x: x.chunks_exact(4).map(number).collect(), y: number(y), w }
    })
}

/// Settings.
pub(crate) struct Setting {
    /// Trees.
    pub(crate) rounds: usize,
    /// Answers of one tree.
    pub(crate) leaves: usize,
    /// Share of each answer that is taken.
    pub(crate) rate: f32,
    /// Share of the features that a tree may ask.
    pub(crate) columns: f32,
    /// Least weight of second derivatives in an answer.
    pub(crate) least: f32,
}

const BINS: usize = 48;
const L2: f32 = 2.0;

enum Node {
    Ask { feature: usize, value: f32, no: usize, yes: usize },
    Answer(f32),
}

/// Learned trees in the form that `language::Trees` reads.
pub(crate) fn learn(rows: &[Row], names: &[&str], s: &Setting) -> String {
    let (n, width) = (rows.len(), names.len());
    let cuts: Vec<Vec<f32>> = (0..width).map(|f| cuts(rows, f)).collect();
    let mut bins = vec![0u8; n * width];
    for (i, r) in rows.iter().enumerate() {
        for f in 0..width {
            bins[i * width + f] = cuts[f].partition_point(|c| *c < r.x[f]) as u8;
        }
    }
    let (right, all) = rows.iter().fold((0.0f64, 0.0f64), |a, r| (a.0 + f64::from(r.y * r.w), a.1 + f64::from(r.w)));
    let base = ((right + 1.0) / (all - right + 1.0)).ln() as f32;
    let mut odds = vec![base; n];
    let mut text = format!("base\t{base:.4}\n");
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    for _ in 0..s.rounds {
        let mut grad = vec![(0f32, 0f32); n];
        let mut some = Vec::with_capacity(n / 2 + 1);
        for (i, r) in rows.iter().enumerate() {
            let p = 1.0 / (1.0 + (-odds[i]).exp());
            grad[i] = ((r.y - p) * r.w, (p * (1.0 - p)).max(1e-6) * r.w);
            seed = step(seed);
            if seed >> 63 == 0 {
                some.push(i as u32);
            }
        }
        // Each tree asks some of the features only, so that no one of them decides alone.
        let asked: Vec<bool> = (0..width)
            .map(|_| {
                seed = step(seed);
                (seed >> 33) as f32 / (1u64 << 31) as f32 <= s.columns
            })
            .collect();
        let tree = grow(&bins, &asked, &grad, some, &cuts, s);
        for (i, r) in rows.iter().enumerate() {
            let mut at = 0;
            odds[i] += loop {
                match &tree[at] {
                    Node::Answer(v) => break *v,
                    Node::Ask { feature, value, no, yes } => at = if r.x[*feature] <= *value { *yes } else { *no },
                }
            };
        }
        text.push_str("tree\t");
        let mut out = Vec::new();
        write(&tree, 0, names, &mut out);
        text.push_str(&out.join(" "));
        text.push('\n');
    }
    text
}

/// The next number of a row that looks like chance and is the same each time.
const fn step(seed: u64) -> u64 {
    seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

fn write(tree: &[Node], at: usize, names: &[&str], out: &mut Vec<String>) {
    match &tree[at] {
        Node::Answer(v) => out.push(format!("={}", short(*v))),
        Node::Ask { feature, value, no, yes } => {
            let place = out.len();
            out.push(String::new());
            write(tree, *no, names, out);
            out[place] = format!("{}>{}@{}", names[*feature], short(*value), out.len());
            write(tree, *yes, names, out);
        }
    }
}

fn short(v: f32) -> String {
    let t = format!("{v:.4}");
    t.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn cuts(rows: &[Row], f: usize) -> Vec<f32> {
    let step = (rows.len() / 40_000).max(1);
    let mut all: Vec<f32> = rows.iter().step_by(step).map(|r| r.x[f]).collect();
    all.sort_by(f32::total_cmp);
    let mut distinct = all.clone();
    distinct.dedup();
    let mut out: Vec<f32> = if distinct.len() <= BINS {
        distinct.windows(2).map(|w| f32::midpoint(w[0], w[1])).collect()
    } else {
        (1..BINS).map(|b| all[b * (all.len() - 1) / BINS]).collect()
    };
    // Written with four digits: what is learned is what is read.
    for v in &mut out {
        *v = (*v * 1e4).round() / 1e4;
    }
    out.dedup();
    out
}

type Histogram = Vec<(f64, f64)>;

struct Open {
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    best: Option<(f64, usize, usize)>,
}

fn grow(bins: &[u8], asked: &[bool], grad: &[(f32, f32)], rows: Vec<u32>, cuts: &[Vec<f32>], s: &Setting) -> Vec<Node> {
    let width = asked.len();
    let count = |rows: &[u32]| {
        let mut h: Histogram = vec![(0.0, 0.0); width * BINS];
        for &i in rows {
            let g = grad[i as usize];
            let row = &bins[i as usize * width..(i as usize + 1) * width];
            for (f, &b) in row.iter().enumerate() {
                let cell = &mut h[f * BINS + usize::from(b)];
                cell.0 += f64::from(g.0);
                cell.1 += f64::from(g.1);
            }
        }
        h
    };
    let answer = |h: &Histogram| {
        let (g, w) = h[..BINS].iter().fold((0.0, 0.0), |a, c| (a.0 + c.0, a.1 + c.1));
        Node::Answer((g / (w + f64::from(L2))) as f32 * s.rate)
    };
    let split = |h: &Histogram| {
        let (g, w) = h[..BINS].iter().fold((0.0, 0.0), |a, c| (a.0 + c.0, a.1 + c.1));
        let score = |g: f64, w: f64| g * g / (w + f64::from(L2));
        let mut best: Option<(f64, usize, usize)> = None;
        for f in (0..width).filter(|f| asked[*f]) {
            let (mut lg, mut lw) = (0.0, 0.0);
            for b in 0..cuts[f].len() {
                lg += h[f * BINS + b].0;
                lw += h[f * BINS + b].1;
                if lw < f64::from(s.least) || w - lw < f64::from(s.least) {
                    continue;
                }
                let gain = score(lg, lw) + score(g - lg, w - lw) - score(g, w);
                if gain > best.map_or(0.5, |x| x.0) {
                    best = Some((gain, f, b));
                }
            }
        }
        best
    };
    let histogram = count(&rows);
    let mut tree = vec![answer(&histogram)];
    let best = split(&histogram);
    let mut open = vec![Open { node: 0, rows, histogram, best }];
    let mut leaves = 1;
    while leaves < s.leaves {
        let Some(at) = (0..open.len())
            .filter(|&i| open[i].best.is_some())
            .max_by(|&a, &b| open[a].best.map_or(0.0, |x| x.0).total_cmp(&open[b].best.map_or(0.0, |x| x.0)))
        else {
            break;
        };
        let o = open.swap_remove(at);
        let Some((_, f, b)) = o.best else { break };
        let (yes, no): (Vec<u32>, Vec<u32>) =
            o.rows.iter().partition(|&&i| usize::from(bins[i as usize * width + f]) <= b);
        let (small, large) = if yes.len() < no.len() { (&yes, &no) } else { (&no, &yes) };
        let first = count(small);
        let _ = large;
        let second: Histogram = o.histogram.iter().zip(&first).map(|(a, b)| (a.0 - b.0, a.1 - b.1)).collect();
        let (hy, hn) = if yes.len() < no.len() { (first, second) } else { (second, first) };
        let (ny, nn) = (tree.len(), tree.len() + 1);
        tree.push(answer(&hy));
        tree.push(answer(&hn));
        tree[o.node] = Node::Ask { feature: f, value: cuts[f][b], no: nn, yes: ny };
        let (by, bn) = (split(&hy), split(&hn));
        open.push(Open { node: ny, rows: yes, histogram: hy, best: by });
        open.push(Open { node: nn, rows: no, histogram: hn, best: bn });
        leaves += 1;
    }
    tree
}
