//! Text faces of Latin type: how wide their letters are, in which of them a text seems to be set, and where the edge of
//! its columns lies then.
//!
//! Lines in the midst of a paragraph stop where the next word did not fit: the face and the edge under which they do so
//! best are taken. It must never decide where a paragraph ends.

use super::columns::Columns;
use super::fill::{Unit, full_density};
use crate::text::lists;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Advance widths by code point and face, in thousandths of an em.
const TABLE: &str = include_str!("../../dictionaries/type-widths.tsv");
/// Code points that are looked up at once: Latin with its extensions, then dashes, quotes and the ellipsis.
const LOW: usize = 0x180;
const HIGH: std::ops::Range<usize> = 0x2010..0x2030;
/// Width of what no table has, in em.
const UNKNOWN: f32 = 0.5;
/// Lines from which the face is chosen, and lines of one column from which its edge is, at least and at most.
const SAMPLE: usize = 1500;
const ENOUGH: usize = 4;
const MOST: usize = 400;
/// Logarithm of the odds by which another face must be better than the first one.
const BETTER: f32 = 2.0;
/// Edges that are tried around the longest usual line, and their steps, in em.
const TRIED: (f32, f32, f32) = (-1.0, 2.0, 0.1);
/// A line that lacks more than this to its column's edge is not full in any face, in em.
const FAR: f32 = 5.0;
/// Letters of a word that stay on the line where it is divided, and the width of a hyphen with the space before the
/// word, in em.
const STEM: usize = 4;
const HYPHEN: f32 = 0.33;
const SPACE: f32 = 0.25;

/// Widths of one face.
struct Widths {
    low: Vec<f32>,
    high: Vec<f32>,
}

static FACES: LazyLock<Vec<Widths>> = LazyLock::new(|| {
    let count = lists::rows(TABLE).next().map_or(0, |l| l.split('\t').count() - 1);
    let blank = || Widths { low: vec![UNKNOWN; LOW], high: vec![UNKNOWN; HIGH.len()] };
    let mut out: Vec<Widths> = (0..count).map(|_| blank()).collect();
    for line in lists::rows(TABLE) {
        let mut f = line.split('\t');
        let Some(c) = f.next().and_then(|h| usize::from_str_radix(h, 16).ok()) else { continue };
        let widths: Vec<Option<f32>> = f.map(|w| w.parse::<f32>().ok().map(|w| w / 1000.0)).collect();
        // A face without the character: what the first face that has it says.
        let some = widths.iter().flatten().next().copied().unwrap_or(UNKNOWN);
        for (face, w) in out.iter_mut().zip(&widths) {
            let cell = if c < LOW { face.low.get_mut(c) } else { face.high.get_mut(c.wrapping_sub(HIGH.start)) };
            if let Some(cell) = cell {
                *cell = w.unwrap_or(some);
            }
        }
    }
    out
});

/// Width of a character in em; of no character outside Latin script and its marks.
pub(super) fn width(c: char, face: u8) -> f32 {
    let Some(face) = FACES.get(usize::from(face)) else { return UNKNOWN };
    match c as usize {
        n if n < LOW => face.low[n],
        n if HIGH.contains(&n) => face.high[n - HIGH.start],
        _ if c.is_uppercase() => 0.69,
        _ => UNKNOWN,
    }
}

/// What the line before `next` had no room for. `divided`: that line ends with a hyphen.
pub(super) fn unit(next: &str, divided: bool, face: u8) -> Unit {
    let (mut whole, mut part, mut letters) = (0.0, 0.0, 0);
    for c in next.chars().take(24) {
        if c.is_whitespace() {
            break;
        }
        whole += width(c, face);
        letters += 1;
        if letters == STEM {
            part = whole + HYPHEN;
        }
        if matches!(c, '-' | '\u{2010}' | '\u{2014}' | '/') && whole > 1.0 {
            break;
        }
    }
    if part == 0.0 || part > whole {
        part = whole;
    }
    if divided {
        return Unit { whole: part, part, latin: true };
    }
    Unit { whole: whole + SPACE, part: part + SPACE, latin: true }
}

/// True where a paragraph surely goes on from one line to the next.
fn goes_on(left: &str, right: &str) -> bool {
    left.ends_with(|c: char| c.is_alphabetic() || c == ',' || is_stroke(c)) && right.starts_with(char::is_lowercase)
}

/// What divides a word at a line's end.
pub(super) fn is_stroke(c: char) -> bool {
    matches!(c, '-' | '\u{AC}' | '\u{AD}' | '\u{2010}' | '\u{2E17}' | '=')
}

/// Lines in the midst of paragraphs, by the measure of their column: those whose width shows the column's edge.
fn inside(texts: &[&str], columns: &Columns, widths: &[f32]) -> BTreeMap<u16, Vec<usize>> {
    let mut out: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for i in 1..texts.len().saturating_sub(1) {
        let full = (columns.edge[i] - widths[i]).abs() < FAR;
        if full && goes_on(texts[i - 1], texts[i]) && goes_on(texts[i], texts[i + 1]) {
            let group = out.entry(columns.state[i]).or_default();
            if group.len() < MOST {
                group.push(i);
            }
        }
    }
    out.retain(|_, g| g.len() >= ENOUGH);
    out
}

/// The best edge of a column for some of its lines, and the logarithm of their likelihood under it.
fn best_edge(texts: &[&str], lines: &[usize], face: u8, of: impl Fn(usize) -> f32) -> (f32, f32) {
    let measured: Vec<(f32, Unit)> =
        lines.iter().map(|&i| (of(i), unit(texts[i + 1], texts[i].ends_with(is_stroke), face))).collect();
    let mut sorted: Vec<f32> = measured.iter().map(|m| m.0).collect();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted[(sorted.len() - 1) * 9 / 10];
    let steps = ((TRIED.1 - TRIED.0) / TRIED.2) as usize;
    (0..=steps)
        .map(|k| usual + TRIED.0 + k as f32 * TRIED.2)
        .map(|edge| (edge, measured.iter().map(|&(w, u)| full_density(edge - w, u).ln()).sum()))
        .fold((usual, f32::NEG_INFINITY), |m, x| if x.1 > m.1 { x } else { m })
}

/// The face in which the lines stop best at their columns' edges. `widths` and `columns` are those of the first face.
pub(super) fn choose(texts: &[&str], widths: &[f32], columns: &Columns) -> u8 {
    let texts = &texts[..texts.len().min(SAMPLE)];
    let groups = inside(texts, columns, widths);
    let total = |face: u8| -> f32 {
        let of = |i: usize| texts[i].chars().map(|c| width(c, face)).sum::<f32>();
        groups.values().map(|g| best_edge(texts, g, face, of).1).sum()
    };
    if groups.is_empty() {
        return 0;
    }
    let first = total(0);
    let (best, score) =
        (1..FACES.len() as u8).map(|f| (f, total(f))).fold((0, first), |m, x| if x.1 > m.1 { x } else { m });
    if score > first + BETTER { best } else { 0 }
}

/// Puts the edges of columns where the lines in the midst of paragraphs say that they are.
pub(super) fn sharpen(texts: &[&str], widths: &[f32], face: u8, columns: &mut Columns) {
    let edges: BTreeMap<u16, f32> = inside(texts, columns, widths)
        .into_iter()
        .map(|(state, g)| (state, best_edge(texts, &g, face, |i| widths[i]).0))
        .collect();
    for (edge, state) in columns.edge.iter_mut().zip(&columns.state) {
        if let Some(e) = edges.get(state) {
            *edge = *e;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        let rows: Vec<&str> = lists::rows(TABLE).collect();
        assert!(TABLE.starts_with("# licence: ") && TABLE.lines().nth(1).is_some_and(|l| l.starts_with("# source: ")));
        assert!(rows.windows(2).all(|w| w[0] < w[1]) && rows.len() > 300);
        let columns = rows[0].split('\t').count();
        assert!(rows.iter().all(|r| r.split('\t').count() == columns));
        assert!(width('m', 0) > 2.0 * width('i', 0) && width('é', 0) == width('e', 0));
        assert!(width('—', 0) > 0.9 && width('中', 0) == UNKNOWN);
    }

    #[test]
    fn the_face_in_which_the_lines_are_even_is_taken() {
        // Set to one measure in the face that is meant.
        const WORDS: &str = "the council met again on monday evening and heard what had been said about little bridges \
            under common hills where many willing women still fill their mills with warm summer wool until autumn comes \
            home from moonlit fields while children swim below";
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        for face in [0u8, 2, 7] {
            let (mut lines, mut line, mut full, mut seed) = (Vec::new(), String::new(), 0.0, 12345u64);
            for _ in 0..1500 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let word = words[(seed >> 33) as usize % words.len()];
                let w: f32 = word.chars().map(|c| width(c, face)).sum::<f32>() + SPACE;
                if full + w > 14.0 {
                    lines.push(std::mem::take(&mut line));
                    full = 0.0;
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                full += w;
            }
            let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
            let widths: Vec<f32> = texts.iter().map(|t| t.chars().map(|c| width(c, 0)).sum()).collect();
            let columns = super::super::columns::find(&widths, true);
            assert_eq!(choose(&texts, &widths, &columns), face);
        }
    }
}
