//! `LookAlikes`: which Han characters are drawn alike, and which a recogniser was seen to confuse.
//!
//! Sorted text, read in place: rows are found by halving. It must never say what a text should be.

use std::sync::LazyLock;

/// Measured on rendered glyphs by `dictionaries/build/render_han.py`.
const RENDERED: &str = include_str!("../../dictionaries/han-look-alikes.tsv");
/// Counted in recognised text beside its truth by `cargo run --release --example learn_han -- misreads`.
const MISREAD: &str = include_str!("../../dictionaries/han-misreads.tsv");

/// Where the rows of the rendered table begin, by character: built on first use, in a fraction of a millisecond.
static ROWS: LazyLock<Vec<(char, u32)>> = LazyLock::new(|| {
    let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', RENDERED.as_bytes()).map(|i| i + 1));
    let row = |at: usize| Some((RENDERED.get(at..)?.chars().next().filter(|&c| c != '#')?, at as u32));
    starts.filter_map(row).collect()
});

/// The tables. `Default` knows nothing.
#[derive(Copy, Clone, Debug, Default)]
pub struct LookAlikes {
    rendered: bool,
    misread: &'static str,
}

/// A character that another may stand for.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct LookAlike {
    /// The character.
    pub with: char,
    /// Likeness of the drawings, 0 to 1; 0 where it is not among the most alike.
    pub likeness: f32,
    /// How often a recogniser wrote the one for the other.
    pub misread: u32,
}

impl LookAlikes {
    /// The tables that are built into the library.
    pub const fn embedded() -> Self {
        Self { rendered: true, misread: MISREAD }
    }

    /// Other counts of misreadings, in the form of the shipped table.
    pub const fn with_misread(self, misread: &'static str) -> Self {
        Self { rendered: self.rendered, misread }
    }

    /// True where the tables know nothing.
    pub fn is_empty(&self) -> bool {
        !self.rendered && self.misread.is_empty()
    }

    /// Which script the character belongs to: `s` (GB 2312 only), `t` (Big5 only), `b` (both); None where it has no row.
    pub fn script(&self, c: char) -> Option<char> {
        self.drawn(c)?.chars().next()
    }

    /// The row of the rendered table, behind its first tab.
    fn drawn(&self, c: char) -> Option<&'static str> {
        let at = ROWS.binary_search_by_key(&c, |r| r.0).ok().filter(|_| self.rendered)?;
        let line = RENDERED.get(ROWS[at].1 as usize..)?;
        let end = memchr::memchr(b'\n', line.as_bytes()).unwrap_or(line.len());
        line.get(c.len_utf8() + 1..end)
    }

    /// What `c` may stand for, most alike first, then what only the counts know.
    pub fn of(&self, c: char, out: &mut Vec<LookAlike>) {
        out.clear();
        let mut fields = self.drawn(c).unwrap_or("").split('\t').skip(1);
        if let (Some(chars), Some(scores)) = (fields.next(), fields.next()) {
            out.extend(chars.chars().zip(scores.bytes()).map(|(with, s)| LookAlike {
                with,
                likeness: digit(s) / 63.0,
                misread: 0,
            }));
        }
        for pair in row(self.misread, c).unwrap_or("").split(' ') {
            let mut chars = pair.chars();
            let (Some(with), Ok(n)) = (chars.next(), chars.as_str().parse::<u32>()) else { continue };
            match out.iter_mut().find(|a| a.with == with) {
                Some(a) => a.misread = n,
                None => out.push(LookAlike { with, likeness: 0.0, misread: n }),
            }
        }
    }
}

/// The rest of the row of `c`, behind its first tab.
fn row(table: &'static str, c: char) -> Option<&'static str> {
    let bytes = table.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    // Rows from `low` on and before `high` may be the one; both stand at the start of a row.
    while low < high {
        let middle = (low + high) / 2;
        let start = memchr::memrchr(b'\n', &bytes[low..middle]).map_or(low, |i| low + i + 1);
        let end = memchr::memchr(b'\n', &bytes[middle..]).map_or(bytes.len(), |i| middle + i);
        let line = table.get(start..end)?;
        let first = line.chars().next().unwrap_or('\0');
        // Lines with `#` stand first.
        match if first == '#' { std::cmp::Ordering::Less } else { first.cmp(&c) } {
            std::cmp::Ordering::Equal => return line.get(first.len_utf8() + 1..),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// The value of a base64 digit.
fn digit(b: u8) -> f32 {
    f32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_sorted_and_well_formed() {
        let all = LookAlikes::embedded();
        let mut out = Vec::new();
        for table in [RENDERED, MISREAD] {
            assert!(table.starts_with("# licence: ") && table.contains("\n# source: "));
            let rows: Vec<&str> = table.lines().filter(|l| !l.starts_with('#')).collect();
            assert!(rows.windows(2).all(|w| w[0].chars().next() < w[1].chars().next()), "not sorted or not unique");
            for line in rows.iter().step_by(97).chain(rows.first()).chain(rows.last()) {
                let c = line.chars().next().expect("a character");
                let found = if table == MISREAD { row(table, c) } else { all.drawn(c) };
                assert_eq!(found, line.get(c.len_utf8() + 1..), "{c}");
                all.of(c, &mut out);
                assert!(!out.is_empty() && out.iter().all(|a| a.with != c && (0.0..=1.0).contains(&a.likeness)));
            }
        }
        assert!(all.drawn('a').is_none() && all.drawn('\u{FFFF}').is_none() && row(MISREAD, 'a').is_none());
    }

    #[test]
    fn the_worst_twins_are_known() {
        let all = LookAlikes::embedded();
        let mut out = Vec::new();
        for (a, b) in [('未', '末'), ('己', '已'), ('土', '士'), ('師', '帥'), ('农', '衣')] {
            all.of(a, &mut out);
            assert!(out.iter().any(|x| x.with == b), "{a}{b}");
        }
        assert_eq!((all.script('国'), all.script('國'), all.script('人')), (Some('s'), Some('t'), Some('b')));
    }
}
