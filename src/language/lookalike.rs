//! `LookAlikes`: which Han characters are drawn alike, and which a recogniser was seen to confuse.
//!
//! Sorted text, read in place, each row once. It must never say what a text should be.

use super::pairs::{Familiar, Glyph, PairMap};
use smallvec::SmallVec;
use std::sync::{Arc, LazyLock, OnceLock};

/// Measured on rendered glyphs by `dictionaries/build/render_han.py`.
const RENDERED: &str = include_str!("../../dictionaries/han-look-alikes.tsv");
/// Counted in recognised text beside its truth by `cargo run --release --example learn_han -- misreads`.
const MISREAD: &str = include_str!("../../dictionaries/han-misreads.tsv");

/// First and last character that may have a row.
const FIRST: usize = 0x3005;
const LAST: usize = 0xFAFF;
/// A character without a row.
const NONE: u32 = u32::MAX;

/// Where the rows of the rendered table begin, by character from `FIRST` on: built on first use, in a fraction of a
/// millisecond.
static STARTS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut table = vec![NONE; LAST - FIRST + 1];
    let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', RENDERED.as_bytes()).map(|i| i + 1));
    for at in starts {
        let first = RENDERED.get(at..).and_then(|r| r.chars().next()).filter(|&c| c != '#');
        if let Some(slot) = first.and_then(|c| (c as usize).checked_sub(FIRST)).and_then(|i| table.get_mut(i)) {
            *slot = at as u32;
        }
    }
    table
});

/// Rows that were asked for.
type Kept = Vec<OnceLock<Box<Row>>>;

/// What one character may stand for.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Most alike first, then what only the counts know.
    all: Box<[Packed]>,
    /// A bit for each remainder of their ranks in the map of pairs: most places are asked no more than whether one of a few
    /// would do.
    bits: [u64; 16],
    /// Which of them are among the most frequent characters.
    top: Box<[u16]>,
}

impl Row {
    fn new(all: &[LookAlike]) -> Self {
        let mut bits = [0; 16];
        all.iter().map(|a| a.glyph.rank).for_each(|r| bits[usize::from(r / 64) % 16] |= 1 << (r % 64));
        let map = PairMap::embedded();
        let top = all.iter().enumerate().filter(|a| map.is_top(a.1.glyph)).map(|a| a.0 as u16).collect();
        Self { all: all.iter().map(Packed::of).collect(), bits, top }
    }

    /// What the character may stand for, most alike first, then what only the counts know.
    pub fn all(&self) -> impl Iterator<Item = LookAlike> + '_ {
        self.all.iter().map(Packed::look_alike)
    }

    /// Adds those that stand behind `left` in some common word.
    pub fn behind(&self, left: Glyph, out: &mut SmallVec<[LookAlike; 8]>) {
        let map = PairMap::embedded();
        if map.is_top(left) {
            self.add_top(|c| map.familiar(left, c) == Some(Familiar::InWord), out);
        }
        self.add_ranks(map.followers(left), out);
    }

    /// Adds those that stand before `right` in some common word.
    pub fn before(&self, right: Glyph, out: &mut SmallVec<[LookAlike; 8]>) {
        let map = PairMap::embedded();
        if map.is_top(right) {
            self.add_top(|c| map.familiar(c, right) == Some(Familiar::InWord), out);
        }
        self.add_ranks(map.predecessors(right), out);
    }

    #[inline]
    fn add_top(&self, wanted: impl Fn(Glyph) -> bool, out: &mut SmallVec<[LookAlike; 8]>) {
        for &i in &self.top {
            if let Some(a) = self.all.get(usize::from(i))
                && wanted(a.glyph())
            {
                out.push(a.look_alike());
            }
        }
    }

    #[inline]
    fn add_ranks(&self, ranks: impl Iterator<Item = u16>, out: &mut SmallVec<[LookAlike; 8]>) {
        for r in ranks {
            if self.bits[usize::from(r / 64) % 16] >> (r % 64) & 1 != 0 {
                out.extend(self.all.iter().filter(|a| a.rank == r).map(Packed::look_alike));
            }
        }
    }
}

/// A [`LookAlike`] as it is kept: a batch comes to hold thousands of rows of fifty.
#[derive(Copy, Clone, Debug)]
struct Packed {
    /// No character of the tables is longer than two bytes of UTF-16.
    with: u16,
    folded: u16,
    rank: u16,
    misread: u16,
    /// In steps of a [`STEPS`]th.
    likeness: u8,
}

/// Steps of likeness that a table tells apart.
const STEPS: u8 = 63;

impl Packed {
    fn of(a: &LookAlike) -> Self {
        Self {
            with: a.with as u16,
            folded: a.glyph.folded as u16,
            rank: a.glyph.rank,
            misread: u16::try_from(a.misread).unwrap_or(u16::MAX),
            likeness: (a.likeness * f32::from(STEPS)).round() as u8,
        }
    }

    #[inline]
    fn glyph(self) -> Glyph {
        Glyph { folded: char::from_u32(u32::from(self.folded)).unwrap_or_default(), rank: self.rank }
    }

    #[inline]
    fn look_alike(&self) -> LookAlike {
        LookAlike {
            with: char::from_u32(u32::from(self.with)).unwrap_or_default(),
            glyph: self.glyph(),
            likeness: f32::from(self.likeness) / f32::from(STEPS),
            misread: u32::from(self.misread),
        }
    }
}

static NO_ROW: LazyLock<Row> = LazyLock::new(Row::default);

/// The tables. `Default` knows nothing.
#[derive(Clone, Debug, Default)]
pub struct LookAlikes {
    rendered: bool,
    misread: &'static str,
    /// By character from `FIRST` on: a row is read once, a place asks for it each time.
    rows: Arc<OnceLock<Kept>>,
}

/// A character that another may stand for.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct LookAlike {
    /// The character.
    pub with: char,
    /// The same as the models count it.
    pub glyph: Glyph,
    /// Likeness of the drawings, 0 to 1; 0 where it is not among the most alike.
    pub likeness: f32,
    /// How often a recogniser wrote the one for the other.
    pub misread: u32,
}

impl LookAlikes {
    /// The tables that are built into the library.
    pub fn embedded() -> Self {
        Self { rendered: true, misread: MISREAD, rows: Arc::default() }
    }

    /// Other counts of misreadings, in the form of the shipped table.
    #[must_use]
    pub fn with_misread(self, misread: &'static str) -> Self {
        Self { rendered: self.rendered, misread, rows: Arc::default() }
    }

    /// True where the tables know nothing.
    pub fn is_empty(&self) -> bool {
        !self.rendered && self.misread.is_empty()
    }

    /// Which script the character belongs to: `s` (GB 2312 only), `t` (Big5 only), `b` (both); None where it has no row.
    pub fn script(&self, c: char) -> Option<char> {
        let at = self.start(c)?;
        RENDERED.get(at + c.len_utf8() + 1..)?.chars().next()
    }

    /// Where the row of the rendered table begins.
    fn start(&self, c: char) -> Option<usize> {
        let at = *(c as usize).checked_sub(FIRST).and_then(|i| STARTS.get(i)).filter(|_| self.rendered)?;
        (at != NONE).then_some(at as usize)
    }

    /// The row of the rendered table, behind its first tab.
    fn drawn(&self, c: char) -> Option<&'static str> {
        let line = RENDERED.get(self.start(c)?..)?;
        let end = memchr::memchr(b'\n', line.as_bytes()).unwrap_or(line.len());
        line.get(c.len_utf8() + 1..end)
    }

    /// What `c` may stand for, most alike first, then what only the counts know.
    pub fn of(&self, c: char) -> &Row {
        let rows = self.rows.get_or_init(|| (FIRST..=LAST).map(|_| OnceLock::new()).collect());
        let row = (c as usize).checked_sub(FIRST).and_then(|i| rows.get(i));
        row.map_or(&*NO_ROW, |r| r.get_or_init(|| Box::new(self.read(c))))
    }

    fn read(&self, c: char) -> Row {
        let mut out: Vec<LookAlike> = Vec::with_capacity(64);
        let new =
            |with, likeness, misread| LookAlike { with, glyph: PairMap::embedded().glyph(with), likeness, misread };
        let mut fields = self.drawn(c).unwrap_or("").split('\t').skip(1);
        if let (Some(chars), Some(scores)) = (fields.next(), fields.next()) {
            out.extend(chars.chars().zip(scores.bytes()).map(|(with, s)| new(with, digit(s) / f32::from(STEPS), 0)));
        }
        for pair in row(self.misread, c).unwrap_or("").split(' ') {
            let mut chars = pair.chars();
            let (Some(with), Ok(n)) = (chars.next(), chars.as_str().parse::<u32>()) else { continue };
            match out.iter_mut().find(|a| a.with == with) {
                Some(a) => a.misread = n,
                None => out.push(new(with, 0.0, n)),
            }
        }
        out.retain(|a| u16::try_from(a.with as u32).is_ok());
        Row::new(&out)
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
    use crate::text::lists;

    #[test]
    fn rows_are_found_sorted_and_well_formed() {
        let all = LookAlikes::embedded();
        for table in [RENDERED, MISREAD] {
            assert!(table.starts_with("# licence: ") && table.contains("\n# source: "));
            let rows: Vec<&str> = lists::rows(table).collect();
            assert!(rows.windows(2).all(|w| w[0].chars().next() < w[1].chars().next()), "not sorted or not unique");
            for line in rows.iter().step_by(97).chain(rows.first()).chain(rows.last()) {
                let c = line.chars().next().expect("a character");
                let found = if table == MISREAD { row(table, c) } else { all.drawn(c) };
                assert_eq!(found, line.get(c.len_utf8() + 1..), "{c}");
                let mut out = all.of(c).all().peekable();
                assert!(out.peek().is_some() && out.all(|a| a.with != c && (0.0..=1.0).contains(&a.likeness)));
            }
        }
        assert!(all.drawn('a').is_none() && all.drawn('\u{FFFF}').is_none() && row(MISREAD, 'a').is_none());
    }

    #[test]
    fn the_worst_twins_are_known() {
        let all = LookAlikes::embedded();
        for (a, b) in [('未', '末'), ('己', '已'), ('土', '士'), ('師', '帥'), ('农', '衣')] {
            assert!(all.of(a).all().any(|x| x.with == b), "{a}{b}");
        }
        assert_eq!((all.script('国'), all.script('國'), all.script('人')), (Some('s'), Some('t'), Some('b')));
    }
}
