//! Column widths: the most probable measure of every line's column, and whether the text is set in lines at all.
//!
//! A Viterbi path over candidate widths: most lines of a column fill it, last lines of paragraphs are shorter, and
//! the measure seldom changes. It must never look at what a line says, only at how long it is.

use std::sync::LazyLock;

/// Step between candidate widths, in em.
const STEP: f32 = 0.5;
/// Narrowest and widest column that is looked for, in em (CJK cells).
const CJK_RANGE: (f32, f32) = (5.0, 60.0);
/// The same for Latin type, in em.
const LATIN_RANGE: (f32, f32) = (7.0, 60.0);
/// Chance that the measure changes between two lines.
const SWITCH: f32 = 0.02;
/// Lines near the measure that a run needs before its own edge is trusted.
const ENOUGH: usize = 8;
/// A run in which fewer than one line in so many is near the measure has another one.
const STRAY: usize = 10;
/// Percentile of the lines near the measure that is taken for the column's edge: CJK columns hang little, Latin ones
/// are ragged by the type's unknown widths.
const EDGE: [f32; 2] = [0.80, 0.93];
/// A document is set in lines where at least this share of its lines ends within one em of the column's edge.
const FULL_SHARE: f32 = 0.30;
/// The same share where what the lines say shows it too.
const MIXED_SHARE: f32 = 0.15;
/// And where at most this share is longer than any column.
const LONG_SHARE: f32 = 0.12;
/// And where at least this many lines are full: two lines of like length prove nothing.
const LEAST: usize = 3;
/// Density of the widths of lines that no column made, per em: lists, letters, programmes, interviews.
const ANY: f32 = 1.0 / 30.0;
/// How much likelier, as a logarithm, the columns must make the widths than that: whole numbers of characters fall
/// together by chance where there are few lines.
const SURE: f32 = 0.5;
/// Narrower lines of Chinese prove nothing: verse has five or seven characters, an item of a list not many more.
const NARROW: f32 = 9.0;
/// Longer than any column of running text, in em: CJK, Latin.
const LONG: [f32; 2] = [45.0, 55.0];
/// Resolution of the table of emissions, in parts of an em.
const FINE: f32 = 8.0;

/// Lines of one measure on end.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its lines, by number.
    pub lines: std::ops::Range<usize>,
    /// True where its measure is one that verse and lists have too.
    pub narrow: bool,
    /// True where its widths make it likelier that a column made them than that they fell together.
    pub proved: bool,
}

/// The columns of a sequence of lines.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Edge of each line's column, in em; 0 where no column was found.
    pub edge: Vec<f32>,
    /// Number of each line's measure: lines of columns of one width have the same.
    pub state: Vec<u16>,
    /// True where the text may be set in lines, false where a line is a paragraph.
    pub wrapped: bool,
    /// The same for a text of which much is not set in columns: lists, programmes, advertisements beside prose.
    pub mixed: bool,
    /// What the widths alone prove of it.
    pub proof: Proof,
    /// Logarithm of the probability of the path, to compare ways of measuring.
    pub score: f32,
    /// The runs, in order.
    pub runs: Vec<Run>,
}

/// Logarithms of the density of a line's slack (measure minus width), from -8 em on in steps of an eighth.
struct Emissions {
    /// One table for each eighth of a step between candidate widths, so that the candidates of a line lie side by side.
    by_phase: [Vec<f32>; PHASES],
}

/// Eighths of an em in a step between candidate widths.
const PHASES: usize = (STEP * FINE) as usize;
/// Slack of the first entry, in em.
const FIRST: f32 = -8.0;
/// Slack of the last entry that is computed, in em.
const LAST: f32 = 60.0;
/// The most candidate widths that there are.
const MOST: usize = 120;

impl Emissions {
    /// The table of a script; filling it takes longer than finding the columns of a page.
    fn shared(latin: bool) -> &'static Self {
        static OF: [LazyLock<Emissions>; 2] =
            [LazyLock::new(|| Emissions::of(false)), LazyLock::new(|| Emissions::of(true))];
        &OF[usize::from(latin)]
    }

    fn of(latin: bool) -> Self {
        let sigma = if latin { 0.7 } else { 0.45 };
        let normal = |x: f32, s: f32| (-0.5 * (x / s) * (x / s)).exp() / (s * 2.506_628);
        let indent = if latin { 1.0 } else { 2.0 };
        let at = |i: usize| {
            let slack = (i as f32 / FINE + FIRST).min(LAST);
            let near = if (0.0..2.5).contains(&slack) { 0.10 / 2.5 } else { 0.0 };
            let short = if slack > 0.0 { 0.20 / 24.0 } else { 0.0 };
            (0.62 * normal(slack, sigma) + near + 0.07 * normal(slack - indent, sigma) + short + 0.0005).ln()
        };
        let steps = ((LAST - FIRST) * FINE) as usize / PHASES + 1;
        // Before its first entry a table goes on with it, for all candidates of a line that is too long for them.
        let table = |phase: usize| {
            let first = std::iter::repeat_n(at(phase), MOST);
            first.chain((0..steps + MOST).map(|k| at(k * PHASES + phase))).collect()
        };
        Self { by_phase: std::array::from_fn(table) }
    }

    /// The entries for the candidates of one line, the narrowest first, whose slack is `first` em.
    fn of_line(&self, first: f32, states: usize) -> &[f32] {
        let eighths = ((first - FIRST) * FINE).floor().max(-((MOST * PHASES) as f32)) as i32;
        let phase = eighths.rem_euclid(PHASES as i32) as usize;
        let from = (eighths.div_euclid(PHASES as i32) + MOST as i32).max(0) as usize;
        self.by_phase[phase].get(from..from + states).unwrap_or(&[])
    }
}

/// What the widths of lines prove of their being set in columns.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Proof {
    /// Nothing: they could fall together by chance.
    #[default]
    None,
    /// They are a column's, or of one narrow measure as verse is.
    Narrow,
    /// They are a column's.
    Sure,
}

/// Finds the columns of lines of the given widths (em), in order.
pub fn find(widths: &[f32], latin: bool) -> Columns {
    let n = widths.len();
    if n == 0 {
        return Columns::default();
    }
    let (low, high) = if latin { LATIN_RANGE } else { CJK_RANGE };
    let states = ((high - low) / STEP) as usize + 1;
    let table = Emissions::shared(latin);
    let emit = |width: f32| table.of_line(low - width, states);
    let (stay, switch) = ((1.0 - SWITCH).ln(), (SWITCH / states as f32).ln());
    let mut score: Vec<f32> = emit(widths[0]).to_vec();
    // For each line the best state so far, and per state whether the path came from it (true) or stayed (false).
    let mut best_of = Vec::with_capacity(n);
    let mut moved = vec![false; n * states];
    for (&w, moved) in widths.iter().zip(moved.chunks_exact_mut(states)).skip(1) {
        let (best, top_score) = argmax(&score);
        best_of.push(best);
        let jump = top_score + switch;
        for ((score, moved), &e) in score.iter_mut().zip(moved).zip(emit(w)) {
            let kept = *score + stay;
            *moved = jump > kept;
            *score = kept.max(jump) + e;
        }
    }
    let (mut state, total) = argmax(&score);
    let mut path = vec![0usize; n];
    for i in (0..n).rev() {
        path[i] = state;
        if i > 0 && moved[i * states + state] {
            state = best_of[i - 1];
        }
    }
    let measure = |i: usize| low + path[i] as f32 * STEP;
    let edge = edges(widths, &path, measure, EDGE[usize::from(latin)]);
    let full = (0..n).filter(|&i| (edge[i] - widths[i]).abs() <= 1.0).count();
    let long = widths.iter().filter(|&&w| w > LONG[usize::from(latin)]).count();
    let switches = path.windows(2).filter(|p| p[0] != p[1]).count();
    let says = |i: usize| emit(widths[i])[path[i]] - ANY.ln();
    let is_narrow = |i: usize| !latin && measure(i) <= NARROW;
    let proves = |narrow: bool| {
        let line = |i: usize| if !narrow && is_narrow(i) { says(i).min(0.0) } else { says(i) };
        (0..n).map(line).sum::<f32>() + switches as f32 * switch - (states as f32).ln() >= SURE
    };
    let proof = if proves(false) {
        Proof::Sure
    } else if proves(true) {
        Proof::Narrow
    } else {
        Proof::None
    };
    let mut from = 0;
    let runs = path.chunk_by(|a, b| a == b).map(|run| {
        let lines = from..from + run.len();
        from = lines.end;
        let sum: f32 = lines.clone().map(says).sum();
        Run { proved: sum + switch >= SURE, narrow: is_narrow(lines.start), lines }
    });
    let runs = runs.collect();
    let set = |share: f32| full >= LEAST && full as f32 >= share * n as f32 && long as f32 <= LONG_SHARE * n as f32;
    let (wrapped, mixed) = (set(FULL_SHARE), set(MIXED_SHARE));
    Columns { edge, state: path.iter().map(|&s| s as u16).collect(), wrapped, mixed, proof, score: total, runs }
}

/// The edge of each run: a high percentile of the lines near its measure, borrowed from runs of like measure where the
/// run is short.
fn edges(widths: &[f32], path: &[usize], measure: impl Fn(usize) -> f32, share: f32) -> Vec<f32> {
    let near = |i: usize| (widths[i] - measure(i)).abs() <= 1.5;
    let mut pooled: std::collections::BTreeMap<usize, Vec<f32>> = std::collections::BTreeMap::new();
    for i in 0..widths.len() {
        if near(i) {
            pooled.entry(path[i]).or_default().push(widths[i]);
        }
    }
    let pooled: std::collections::BTreeMap<usize, f32> =
        pooled.into_iter().map(|(k, mut v)| (k, percentile(&mut v, share))).collect();
    let mut out = vec![0.0; widths.len()];
    let mut from = 0;
    while from < widths.len() {
        let mut to = from + 1;
        while to < widths.len() && path[to] == path[from] {
            to += 1;
        }
        let mut own: Vec<f32> = (from..to).filter(|&i| near(i)).map(|i| widths[i]).collect();
        if to - from >= ENOUGH && own.len() < (to - from) / STRAY {
            // No line fills the measure: the column is narrower than any that was tried.
            own = widths[from..to].to_vec();
        }
        let edge = if own.len() >= ENOUGH {
            percentile(&mut own, share)
        } else {
            pooled.get(&path[from]).copied().unwrap_or_else(|| measure(from))
        };
        out[from..to].fill(edge);
        from = to;
    }
    out
}

fn percentile(v: &mut [f32], share: f32) -> f32 {
    v.sort_by(f32::total_cmp);
    v.get(((v.len().saturating_sub(1)) as f32 * share).round() as usize).copied().unwrap_or(0.0)
}

/// The first of the largest numbers. In lanes, as the processor compares several at once.
fn argmax(v: &[f32]) -> (usize, f32) {
    let larger = |m: f32, x: f32| if x > m { x } else { m };
    let (lanes, rest) = v.as_chunks::<16>();
    let mut top = [f32::NEG_INFINITY; 16];
    for lane in lanes {
        top = std::array::from_fn(|i| larger(top[i], lane[i]));
    }
    let most = top.iter().chain(rest).fold(f32::NEG_INFINITY, |m, &x| larger(m, x));
    (v.iter().position(|&x| x == most).unwrap_or(0), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_are_told_apart() {
        let mut w: Vec<f32> = Vec::new();
        for i in 0..30 {
            w.push(if i % 5 == 4 { 7.0 } else { 16.0 });
        }
        for i in 0..30 {
            w.push(if i % 6 == 5 { 11.0 } else { 24.0 });
        }
        let c = find(&w, false);
        assert!(c.wrapped);
        assert_eq!((c.edge[3], c.edge[10], c.edge[45]), (16.0, 16.0, 24.0));
    }

    #[test]
    fn lines_of_like_length_are_no_columns() {
        // A letter, a programme, an interview, a list of names.
        let letter = [9.0, 9.0, 4.0, 27.0, 9.0, 13.0, 8.0, 9.0, 10.0, 6.0, 10.0];
        let programme = [6.0, 7.0, 4.0, 7.0, 11.0, 7.5, 7.5, 12.5, 4.0, 8.5, 7.5];
        let interview = [15.0, 19.0, 15.0, 15.0, 10.0, 26.0];
        let names = [4.0, 3.0, 10.0, 3.0, 10.0, 10.0, 3.0, 8.0];
        for lines in [&letter[..], &programme, &interview, &names] {
            assert_eq!(find(lines, false).proof, Proof::None, "{lines:?}");
        }
        assert_eq!(find(&[10.0, 10.0, 10.0, 4.0], false).proof, Proof::Sure);
        assert_eq!(find(&[7.0; 8], false).proof, Proof::Narrow);
    }

    #[test]
    fn the_first_of_the_largest_is_found() {
        let v: Vec<f32> = (0..40).map(|i| ((i * 29) % 37) as f32).collect();
        for n in 0..v.len() {
            let simple =
                v[..n].iter().enumerate().fold((0, f32::NEG_INFINITY), |m, (i, &x)| if x > m.1 { (i, x) } else { m });
            assert_eq!(argmax(&v[..n]), simple);
        }
    }

    #[test]
    fn paragraphs_a_line_are_no_columns() {
        let w: Vec<f32> = (0..40).map(|i| 20.0 + ((i * 37) % 90) as f32 * 1.7).collect();
        assert!(!find(&w, false).wrapped);
        assert!(!find(&[], false).wrapped);
    }
}
