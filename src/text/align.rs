//! Which place of one text is which place of another: two readings of the same page, or a page before and after a
//! person's edits. It must never guess: a place that did not come through has none.

use super::Span;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Characters of a sequence that is looked for once in each text. Short enough that 5 % changed characters leave two of
/// three, long enough to be rare.
const ANCHOR_CHARS: usize = 8;
/// Gaps between anchors larger than this (characters of one times characters of the other) are cut with shorter
/// anchors, then left without a counterpart.
const MOST_CELLS: usize = 4_000_000;

/// The parts that two texts have in common, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Alignment {
    /// (start in the old text, start in the new one, length), in bytes; ascending in both.
    runs: Vec<(usize, usize, usize)>,
    old: usize,
    new: usize,
}

impl Alignment {
    /// Aligns `old` with `new`, character by character.
    pub fn new(old: &str, new: &str) -> Self {
        let chars = |t: &str| t.char_indices().map(|(at, c)| (c, at)).unzip::<char, usize, Vec<char>, Vec<usize>>();
        let ((a, a_at), (b, b_at)) = (chars(old), chars(new));
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        gap(&a, &b, (0, 0), ANCHOR_CHARS, &mut pairs);
        let place = |at: &[usize], n: usize, end: usize| at.get(n).copied().unwrap_or(end);
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (i, j, n) in pairs {
            let (s, t) = (place(&a_at, i, old.len()), place(&b_at, j, new.len()));
            let len = place(&a_at, i + n, old.len()) - s;
            match runs.last_mut() {
                Some(last) if last.0 + last.2 == s && last.1 + last.2 == t => last.2 += len,
                _ => runs.push((s, t, len)),
            }
        }
        Self { runs, old: old.len(), new: new.len() }
    }

    /// Aligns two texts that differ in a few places here and there: goes through both once, and where they part looks a
    /// little ahead for the place at which they meet again. Much faster than [`Alignment::new`], which it asks about the
    /// rest where they do not; the places it gives are no proof of where a passage came from.
    pub fn close(old: &str, new: &str) -> Self {
        let (mut i, mut j) = (0, 0);
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut same = |s: usize, t: usize, len: usize| match runs.last_mut() {
            _ if len == 0 => {}
            Some(last) if last.0 + last.2 == s && last.1 + last.2 == t => last.2 += len,
            _ => runs.push((s, t, len)),
        };
        loop {
            let n = common(&old[i..], &new[j..]);
            same(i, j, n);
            (i, j) = (i + n, j + n);
            if i == old.len() || j == new.len() {
                break;
            }
            let Some((a, b)) = meet(&old[i..], &new[j..]) else {
                for (s, t, len) in Self::new(&old[i..], &new[j..]).runs {
                    same(i + s, j + t, len);
                }
                break;
            };
            // What stands between may still have characters in common.
            if a > 0 && b > 0 {
                for (s, t, len) in Self::new(&old[i..i + a], &new[j..j + b]).runs {
                    same(i + s, j + t, len);
                }
            }
            (i, j) = (i + a, j + b);
        }
        Self { runs, old: old.len(), new: new.len() }
    }

    /// Where `span` of the old text stands in the new one: all its characters must be there, side by side. An empty
    /// span needs the character on its left or on its right.
    pub fn map(&self, span: Span) -> Option<Span> {
        let n = self.runs.partition_point(|r| r.0 + r.2 < span.end().max(span.start() + 1));
        let inside = |r: &(usize, usize, usize)| r.0 <= span.start() && span.end() <= r.0 + r.2;
        let near = self.runs.get(n.saturating_sub(1)..(n + 2).min(self.runs.len()))?;
        let run = near.iter().find(|r| inside(r))?;
        let start = run.1 + (span.start() - run.0);
        Some(Span::new(start, start + span.len()))
    }

    /// The places where the texts differ: (in the old text, in the new one), in order.
    pub fn gaps(&self) -> Vec<(Span, Span)> {
        let (mut i, mut j, mut out) = (0, 0, Vec::new());
        for &(s, t, n) in self.runs.iter().chain(std::iter::once(&(self.old, self.new, 0))) {
            if s > i || t > j {
                out.push((Span::new(i, s), Span::new(j, t)));
            }
            (i, j) = (s + n, t + n);
        }
        out
    }
}

/// Characters that must be the same where two texts meet again: few enough to lie between two of many errors.
const MEET_CHARS: usize = 6;
/// Characters of both texts together that are passed over in search of it.
const MEET_WITHIN: usize = 64;

/// The length of what both texts begin with, in bytes of whole characters.
fn common(a: &str, b: &str) -> usize {
    const BLOCK: usize = 32;
    let (x, y) = (a.as_bytes(), b.as_bytes());
    let blocks = x.chunks_exact(BLOCK).zip(y.chunks_exact(BLOCK)).take_while(|(p, q)| p == q).count();
    let mut n = blocks * BLOCK;
    n += x[n..].iter().zip(&y[n..]).take_while(|(p, q)| p == q).count();
    while !a.is_char_boundary(n) || !b.is_char_boundary(n) {
        n -= 1;
    }
    n
}

/// How much of each text, which begin differently, must be passed over until they go on alike: the least together.
fn meet(a: &str, b: &str) -> Option<(usize, usize)> {
    let ahead = |t: &str| {
        let at = |n: usize, t: &str| t.char_indices().nth(n).map_or(t.len(), |(i, _)| i);
        let end = at(MEET_WITHIN + MEET_CHARS, t);
        let mut places: Vec<usize> = t[..end].char_indices().map(|(i, _)| i).collect();
        places.push(end);
        places
    };
    let (p, q) = (ahead(a), ahead(b));
    for both in 1..=MEET_WITHIN {
        // Of equally short ways the one that passes over the same on both sides, then the next to it.
        let mut from = both / 2;
        for step in 0..=both {
            from = if step % 2 == 1 { from + step } else { from.checked_sub(step)? };
            let to = both.checked_sub(from)?;
            let (Some(&s), Some(&e)) = (p.get(from), p.get(from + MEET_CHARS)) else { continue };
            let (Some(&t), Some(&f)) = (q.get(to), q.get(to + MEET_CHARS)) else { continue };
            if a[s..e] == b[t..f] {
                return Some((s, t));
            }
        }
    }
    None
}

/// Aligns two stretches of characters that begin at `from`.
fn gap(a: &[char], b: &[char], from: (usize, usize), anchor: usize, out: &mut Vec<(usize, usize, usize)>) {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    if head > 0 {
        out.push((from.0, from.1, head));
    }
    let (a, b, from) = (&a[head..], &b[head..], (from.0 + head, from.1 + head));
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (middle_a, middle_b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    middle(middle_a, middle_b, from, anchor, out);
    if tail > 0 {
        out.push((from.0 + middle_a.len(), from.1 + middle_b.len(), tail));
    }
}

fn middle(a: &[char], b: &[char], from: (usize, usize), anchor: usize, out: &mut Vec<(usize, usize, usize)>) {
    if a.is_empty() || b.is_empty() {
        return;
    }
    let chain = if anchor >= 3 && a.len() >= anchor && b.len() >= anchor { anchors(a, b, anchor) } else { Vec::new() };
    if chain.is_empty() {
        let cells = a.len().saturating_mul(b.len());
        if cells > MOST_CELLS {
            if anchor > 3 {
                middle(a, b, from, anchor / 2, out);
            }
            return;
        }
        for op in capture_diff_slices(Algorithm::Myers, a, b) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                out.push((from.0 + old_index, from.1 + new_index, len));
            }
        }
        return;
    }
    let (mut i, mut j) = (0, 0);
    for (s, t) in chain {
        if s < i || t < j {
            continue;
        }
        gap(&a[i..s], &b[j..t], (from.0 + i, from.1 + j), anchor / 2, out);
        let n = a[s..].iter().zip(&b[t..]).take_while(|(x, y)| x == y).count();
        out.push((from.0 + s, from.1 + t, n));
        (i, j) = (s + n, t + n);
    }
    gap(&a[i..], &b[j..], (from.0 + i, from.1 + j), anchor / 2, out);
}

/// Sequences that stand once in each text, in an order that both have: the longest such chain.
fn anchors(a: &[char], b: &[char], n: usize) -> Vec<(usize, usize)> {
    let (left, right) = (once(a, n), once(b, n));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (left.get(i), right.get(j)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                // Equal hashes are not equal texts.
                if a[x.1..x.1 + n] == b[y.1..y.1 + n] {
                    pairs.push((x.1, y.1));
                }
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    pairs.sort_unstable();
    // Longest ascending chain by patience.
    let mut ends: Vec<usize> = Vec::new();
    let mut back: Vec<Option<usize>> = vec![None; pairs.len()];
    for k in 0..pairs.len() {
        let place = ends.partition_point(|&e| pairs[e].1 < pairs[k].1);
        back[k] = place.checked_sub(1).map(|p| ends[p]);
        if place == ends.len() { ends.push(k) } else { ends[place] = k }
    }
    let mut chain = Vec::new();
    let mut at = ends.last().copied();
    while let Some(k) = at {
        chain.push(pairs[k]);
        at = back[k];
    }
    chain.reverse();
    chain
}

/// The hashes of the sequences of `n` characters that stand once in a text, with their places; sorted by hash.
fn once(t: &[char], n: usize) -> Vec<(u64, usize)> {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let top = (1..n).fold(1u64, |p, _| p.wrapping_mul(BASE));
    let mut hash = t.iter().take(n).fold(0u64, |h, &c| h.wrapping_mul(BASE).wrapping_add(u64::from(c)));
    let mut all = Vec::with_capacity(t.len());
    all.push((hash, 0));
    for at in 1..=t.len() - n {
        hash = hash.wrapping_sub(u64::from(t[at - 1]).wrapping_mul(top));
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(t[at + n - 1]));
        all.push((hash, at));
    }
    all.sort_unstable();
    let mut out = Vec::with_capacity(all.len());
    for (k, &x) in all.iter().enumerate() {
        let same = |y: Option<&(u64, usize)>| y.is_some_and(|y| y.0 == x.0);
        if !same(k.checked_sub(1).and_then(|k| all.get(k))) && !same(all.get(k + 1)) {
            out.push(x);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(t: &str, s: &str) -> Span {
        let i = t.find(s).expect("there");
        Span::new(i, i + s.len())
    }

    #[test]
    fn a_place_is_found_beside_changed_characters() {
        let old = "市领导强调,全市上下要认真学习。会议要求,各单位要抓好落实。";
        let new = "前言。市须导强调,全市上卞要认真字习。会议要求,各单位要抓好洛实。";
        let a = Alignment::new(old, new);
        for s in ["强调,", "会议", "各单位", ",各"] {
            assert_eq!(a.map(at(old, s)), Some(at(new, s)), "{s}");
        }
        assert_eq!(a.map(at(old, "领")), None, "what was changed has no place");
        assert_eq!(a.gaps().first().map(|g| g.1), Some(Span::new(0, "前言。".len())));
    }

    #[test]
    fn close_texts_meet_again_and_others_are_aligned_all_the_same() {
        let back = |old: &str, new: &str| {
            let (mut out, mut at) = (String::new(), 0);
            for (o, n) in Alignment::close(old, new).gaps() {
                out.push_str(&old[at..o.start()]);
                out.push_str(&new[n.range()]);
                at = o.end();
            }
            out + &old[at..]
        };
        let text: String = (0..3000u32).filter_map(|n| char::from_u32(0x4E00 + n * n % 701)).collect();
        for every in [1usize, 2, 3, 7, 50, 900] {
            let kept = |(n, _): &(usize, char)| n % every != 1;
            let less: String = text.chars().enumerate().filter(kept).map(|x| x.1).collect();
            let more: String = text
                .chars()
                .enumerate()
                .flat_map(|(n, c)| [c].into_iter().chain((n % every == 0).then_some('x')))
                .collect();
            for (a, b) in [(&text, &less), (&less, &text), (&text, &more), (&more, &less)] {
                assert_eq!(back(a, b), *b, "every {every}th");
            }
        }
        assert_eq!(
            Alignment::close("市领导强调要认真学习贯彻", "市须导强调要认真学习贯彻").gaps(),
            [(Span::new(3, 6), Span::new(3, 6))]
        );
        for (a, b) in [("", "a"), ("a", ""), ("é", "è"), ("ab", "ba"), ("", "")] {
            assert_eq!(back(a, b), b);
        }
    }

    #[test]
    fn equal_texts_have_no_gap_and_strange_ones_no_place() {
        assert!(Alignment::new("abc", "abc").gaps().is_empty());
        assert!(Alignment::new("", "").gaps().is_empty());
        let a = Alignment::new("abc", "xyz");
        assert_eq!(a.map(Span::new(0, 1)), None);
        assert_eq!(a.gaps(), [(Span::new(0, 3), Span::new(0, 3))]);
    }

    #[test]
    fn the_gaps_and_the_runs_make_up_both_texts() {
        let (old, new) = ("一二三四五六七八九十甲乙丙丁", "一二三X五六七八九十丁丙乙甲甲乙丙丁");
        let a = Alignment::new(old, new);
        let mut text = String::new();
        let mut i = 0;
        for (o, n) in a.gaps() {
            text.push_str(&old[i..o.start()]);
            text.push_str(&new[n.range()]);
            i = o.end();
        }
        text.push_str(&old[i..]);
        assert_eq!(text, new);
    }
}
