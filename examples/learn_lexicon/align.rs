//! Recognised text beside printed text: words that stand for each other, characters that were confused, and what an edit
//! gains.

use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::ops::Range;

/// Blocks longer than this are lost text, not misread text.
const LONGEST_BLOCK: usize = 500;

/// Forms of marks that an editor's policy decides, made alike.
pub(crate) fn alike(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{17F}' => out.push('s'),
            '\u{2E17}' | '\u{AC}' | '\u{2010}' | '\u{2013}' | '\u{2014}' => out.push('-'),
            '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => out.push('"'),
            '\u{2018}'..='\u{201B}' => out.push('\''),
            '\u{FB00}' => out.push_str("ff"),
            '\u{FB01}' => out.push_str("fi"),
            '\u{FB02}' => out.push_str("fl"),
            '\u{FB03}' => out.push_str("ffi"),
            '\u{FB04}' => out.push_str("ffl"),
            c => out.push(c),
        }
    }
    out
}

/// Levenshtein distance.
pub(crate) fn distance(a: &str, b: &str) -> i32 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<i32> = (0..=b.len() as i32).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as i32 + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + i32::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

/// Levenshtein distance of long texts, 64 cells at a time (Myers 1999, in blocks as Hyyrö 2003 has them).
pub(crate) fn long_distance(a: &str, b: &str) -> i64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len()) as i64;
    }
    let blocks = a.len().div_ceil(64);
    let mut places: std::collections::HashMap<char, Vec<u64>> = std::collections::HashMap::new();
    for (i, c) in a.iter().enumerate() {
        places.entry(*c).or_insert_with(|| vec![0; blocks])[i / 64] |= 1 << (i % 64);
    }
    let none = vec![0u64; blocks];
    let (mut up, mut down) = (vec![u64::MAX; blocks], vec![0u64; blocks]);
    let last = 1u64 << ((a.len() - 1) % 64);
    let mut score = a.len() as i64;
    for c in &b {
        let here = places.get(c).unwrap_or(&none);
        let (mut plus, mut minus) = (1u64, 0u64);
        for k in 0..blocks {
            let (vp, vn) = (up[k], down[k]);
            let eq = here[k];
            let x = eq | minus;
            let d0 = ((x & vp).wrapping_add(vp) ^ vp) | x | vn;
            let (mut hp, mut hn) = (vn | !(d0 | vp), d0 & vp);
            if k + 1 == blocks {
                score += i64::from(hp & last != 0) - i64::from(hn & last != 0);
            }
            let (next_plus, next_minus) = (hp >> 63, hn >> 63);
            hp = hp << 1 | plus;
            hn = hn << 1 | minus;
            up[k] = hn | !(d0 | hp);
            down[k] = d0 & hp;
            (plus, minus) = (next_plus, next_minus);
        }
    }
    score
}

/// What was confused in one pair of strings: groups of characters that differ, with what stands between them.
fn groups(read: &str, printed: &str) -> Vec<(String, String)> {
    let (a, b): (Vec<char>, Vec<char>) = (read.chars().collect(), printed.chars().collect());
    let (n, m) = (a.len(), b.len());
    // Cost of the rest, case differences at half price, so that the walk forward can choose.
    let width = m + 1;
    let mut rest = vec![0i32; (n + 1) * width];
    let same = |x: char, y: char| x == y || x.to_lowercase().eq(y.to_lowercase());
    for i in (0..=n).rev() {
        for j in (0..=m).rev() {
            if i == n && j == m {
                continue;
            }
            let mut best = i32::MAX;
            if i < n && j < m {
                best = rest[(i + 1) * width + j + 1] + if same(a[i], b[j]) { 0 } else { 3 };
            }
            if i < n {
                best = best.min(rest[(i + 1) * width + j] + 2);
            }
            if j < m {
                best = best.min(rest[i * width + j + 1] + 2);
            }
            rest[i * width + j] = best;
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    let (mut r, mut p) = (String::new(), String::new());
    while i < n || j < m {
        let here = rest[i * width + j];
        if i < n && j < m && same(a[i], b[j]) && rest[(i + 1) * width + j + 1] == here {
            if !(r.is_empty() && p.is_empty()) {
                out.push((std::mem::take(&mut r), std::mem::take(&mut p)));
            }
            (i, j) = (i + 1, j + 1);
        } else if i < n && j < m && rest[(i + 1) * width + j + 1] + 3 == here && !same(a[i], b[j]) {
            r.push(a[i]);
            p.push(b[j]);
            (i, j) = (i + 1, j + 1);
        } else if i < n && rest[(i + 1) * width + j] + 2 == here {
            r.push(a[i]);
            i += 1;
        } else {
            p.push(b[j]);
            j += 1;
        }
    }
    if !(r.is_empty() && p.is_empty()) {
        out.push((r, p));
    }
    out
}

/// A document aligned by its runs of ink.
pub(crate) struct Aligned {
    /// Places of the runs in the recognised text.
    runs: Vec<Range<usize>>,
    read: Vec<String>,
    printed: Vec<String>,
    ops: Vec<(bool, Range<usize>, Range<usize>)>,
}

/// The bare word of a run of ink.
pub(crate) fn bare(run: &str) -> &str {
    run.trim_matches(|c: char| !c.is_alphanumeric())
}

impl Aligned {
    /// Aligns two texts.
    pub(crate) fn new(read: &str, printed: &str) -> Self {
        let mut runs = Vec::new();
        let mut start = None;
        for (i, c) in read.char_indices() {
            match (c.is_whitespace(), start) {
                (true, Some(s)) => {
                    runs.push(s..i);
                    start = None;
                }
                (false, None) => start = Some(i),
                _ => {}
            }
        }
        runs.extend(start.map(|s| s..read.len()));
        let read: Vec<String> = runs.iter().map(|r| alike(&read[r.clone()])).collect();
        let printed: Vec<String> = printed.split_whitespace().map(alike).collect();
        let ops = capture_diff_slices(Algorithm::Myers, &read, &printed)
            .into_iter()
            .map(|op| {
                let (tag, old, new) = op.as_tag_tuple();
                (tag == DiffTag::Equal, old, new)
            })
            .collect();
        Self { runs, read, printed, ops }
    }

    /// The recognised text with all errors put right but one in `left`, by places that depend on the words alone.
    pub(crate) fn mended(&self, text: &str, left: u64) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (equal, old, new) in &self.ops {
            let hash = self.read[old.clone()].iter().chain(&self.printed[new.clone()]).flat_map(|w| w.bytes());
            let hash = hash.fold(old.start as u64 + 7, |h, b| (h ^ u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            if *equal || (hash >> 33) % left == 0 {
                continue;
            }
            let start = self.runs.get(old.start).map_or(text.len(), |r| r.start);
            let end = if old.is_empty() { start } else { self.runs[old.end - 1].end };
            out.push_str(&text[at..start]);
            out.push_str(&self.printed[new.clone()].join(" "));
            if old.is_empty() {
                out.push(' ');
            }
            at = end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// Characters printed.
    pub(crate) fn length(&self) -> usize {
        self.printed.iter().map(|w| w.chars().count() + 1).sum()
    }

    /// What an edit of `span` to `insert` gains in characters; None where the text there is lost.
    pub(crate) fn gain(&self, text: &str, span: Range<usize>, insert: &str) -> Option<i32> {
        let from = self.runs.partition_point(|r| r.end <= span.start);
        let to = self.runs.partition_point(|r| r.start < span.end);
        if from >= to {
            return None;
        }
        // All blocks that the runs touch, with what is equal between them.
        let first = self.ops.partition_point(|o| o.1.end <= from);
        let last = self.ops.partition_point(|o| o.1.start < to);
        let touched = &self.ops[first..last];
        let part = |op: &(bool, Range<usize>, Range<usize>)| -> (Range<usize>, Range<usize>) {
            if !op.0 {
                return (op.1.clone(), op.2.clone());
            }
            let (a, b) = (op.1.start.max(from), op.1.end.min(to));
            let shift = op.2.start;
            (a..b, shift + (a - op.1.start)..shift + (b - op.1.start))
        };
        let (mut old, mut new) = part(touched.first()?);
        for op in &touched[1..] {
            let (o, n) = part(op);
            (old.end, new.end) = (o.end, n.end);
        }
        // An insertion beside the place may be what the edit mends.
        if let Some(next) = self.ops.get(last).filter(|o| !o.0 && o.1.is_empty()) {
            new.end = next.2.end;
        }
        let before = self.read[old.clone()].join(" ");
        let truth = self.printed[new].join(" ");
        if before.len() > LONGEST_BLOCK || truth.len() > LONGEST_BLOCK {
            return None;
        }
        let (start, end) = (self.runs[old.start].start, self.runs[old.end - 1].end);
        let after = format!("{}{insert}{}", &text[start..span.start], &text[span.end..end]);
        let after = alike(&after.split_whitespace().collect::<Vec<_>>().join(" "));
        Some(distance(&before, &truth) - distance(&after, &truth))
    }

    /// Confused characters, up to three for three, white space left out.
    pub(crate) fn confusions(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (equal, old, new) in &self.ops {
            let (r, p) = (self.read[old.clone()].join(" "), self.printed[new.clone()].join(" "));
            // More wrong than right: not the same text.
            if *equal || r.len() > LONGEST_BLOCK || p.len() > LONGEST_BLOCK || r.is_empty() || p.is_empty() {
                continue;
            }
            if distance(&r, &p) * 2 > p.chars().count() as i32 {
                continue;
            }
            let fits = |s: &str| s.chars().count() <= 3 && !s.contains(' ');
            out.extend(
                groups(&r, &p).into_iter().filter(|(a, b)| {
                    fits(a) && fits(b) && b.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
                }),
            );
        }
        out
    }

    /// Words read for words printed (not equal), and words read right.
    pub(crate) fn words(&self) -> (Vec<(String, String)>, Vec<&str>) {
        let (mut wrong, mut right) = (Vec::new(), Vec::new());
        for (equal, old, new) in &self.ops {
            if *equal {
                right.extend(self.read[old.clone()].iter().map(|w| bare(w)));
            } else if old.len() == new.len() {
                for (r, p) in old.clone().zip(new.clone()) {
                    let (r, p) = (bare(&self.read[r]), bare(&self.printed[p]));
                    let alphabetic =
                        |w: &str| w.chars().count() > 1 && w.chars().all(|c| c.is_alphabetic() || c == '\'');
                    if r == p {
                        right.push(r);
                    } else if !r.is_empty() && alphabetic(p) && distance(r, p) * 2 <= p.chars().count() as i32 + 1 {
                        wrong.push((r.to_owned(), p.to_owned()));
                    }
                }
            }
        }
        (wrong, right)
    }
}
