//! `Channel`: what a recogniser makes of what was printed, up to three characters for three, with a cost for each.
//!
//! It must never know a word: it is the noise alone.

use super::counts::{KEY_SEED, key_step};
use super::walker::{ANY, class_bit};
use smallvec::SmallVec;
use std::collections::HashMap;

/// One confusion.
#[derive(Clone, PartialEq, Debug)]
pub struct Confusion {
    /// What the recogniser wrote, case kept. Empty where it lost something.
    pub read: SmallVec<[char; 3]>,
    /// What was printed, in small letters.
    pub printed: String,
    /// Negative natural logarithm of how often this is read where that is printed.
    pub cost: f32,
}

/// A confusion as a search reads it.
#[derive(Copy, Clone, Debug)]
pub(super) struct Packed {
    /// Cost in tenths.
    pub cost: u16,
    /// Cost less what is usual for so many letters, in tenths.
    pub step: i16,
    /// Class of the first byte printed; [`ANY`] where nothing was.
    pub first: u32,
    /// What it is known by, whatever the case: see [`swap_key`].
    pub swap: u32,
    /// Characters read.
    pub read: u8,
    /// The characters read behind the first.
    rest: [char; 2],
    printed: [u8; MOST_PRINTED],
    length: u8,
}

/// What tells that a confusion may be tried: rows of these are gone through for every place.
#[derive(Copy, Clone, Debug)]
pub(super) struct Slot {
    /// As [`Packed::first`].
    pub first: u32,
    /// As [`Packed::cost`].
    pub cost: u16,
    /// As [`Packed::step`]: never more than the cost, and what the rows are in order of.
    pub step: i16,
    /// The confusion's number.
    pub row: u16,
}

/// A key for characters read where others were printed, whatever their case.
pub fn swap_key(read: &[char], printed: impl Iterator<Item = char>) -> u32 {
    let low = read.iter().copied().flat_map(char::to_lowercase);
    let key =
        low.chain(['\t']).chain(printed).fold(KEY_SEED, |k, c| (c as u32).to_le_bytes().into_iter().fold(k, key_step));
    (key >> 32) as u32
}

/// Longest print of a confusion, in bytes.
const MOST_PRINTED: usize = 14;

impl Packed {
    fn new(c: &Confusion) -> Self {
        let bytes = c.printed.as_bytes();
        let mut printed = [0; MOST_PRINTED];
        printed[..bytes.len()].copy_from_slice(bytes);
        let mut rest = ['\0'; 2];
        for (to, from) in rest.iter_mut().zip(c.read.iter().skip(1)) {
            *to = *from;
        }
        let cost = (c.cost * TENTHS).round() as u16;
        let step = (i32::from(cost) - (PACE as usize * c.read.len()) as i32) as i16;
        let first = bytes.first().map_or(ANY, |b| class_bit(*b));
        let swap = swap_key(&c.read, c.printed.chars());
        Self { cost, step, first, swap, read: c.read.len() as u8, rest, printed, length: bytes.len() as u8 }
    }

    fn slot(&self, row: u16) -> Slot {
        Slot { first: self.first, cost: self.cost, step: self.step, row }
    }

    /// What was printed.
    #[inline]
    pub(super) fn printed(&self) -> &[u8] {
        &self.printed[..usize::from(self.length)]
    }

    /// True where the reading stands in front of `chars`; its first character is known to.
    #[inline]
    pub(super) fn fits(&self, chars: &[char]) -> bool {
        let more = usize::from(self.read).saturating_sub(1);
        more == 0 || chars.get(1..=more).is_some_and(|c| *c == self.rest[..more])
    }
}

/// Costs are counted in tenths, as the tables have them.
pub(super) const TENTHS: f32 = 10.0;
/// What a right path costs for each letter, about, in tenths: searches prefer paths that are farther along by so much a
/// letter (by the share of misread words of the development corpus that they find).
pub(super) const PACE: u32 = 20;

/// The confusions of one language.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    rows: Vec<Packed>,
    /// For each first character the rows that it begins and those where something got lost, the best bargain for a search
    /// first; at the end, the latter alone.
    order: Vec<Slot>,
    ascii: Vec<(u32, u32)>,
    others: HashMap<char, (u32, u32)>,
    lost: (u32, u32),
}

impl Channel {
    /// Reads lines `read TAB printed TAB cost`, further columns ignored; what does not fit is skipped.
    pub fn parse(tsv: &str) -> Self {
        let rows = tsv.lines().filter(|l| !l.starts_with("# ")).filter_map(|line| {
            let mut f = line.split('\t');
            let (read, printed, cost) = (f.next()?, f.next()?, f.next()?.parse().ok()?);
            Some(Confusion { read: read.chars().collect(), printed: printed.to_owned(), cost })
        });
        Self::new(rows.collect())
    }

    /// A channel of these confusions.
    pub fn new(mut rows: Vec<Confusion>) -> Self {
        // Numbers of rows are two bytes.
        rows.retain(|r| {
            !(r.read.is_empty() && r.printed.is_empty()) && r.printed.len() <= MOST_PRINTED && r.read.len() <= 3
        });
        rows.truncate(usize::from(u16::MAX));
        rows.sort_by(|a, b| a.read.cmp(&b.read).then_with(|| a.printed.cmp(&b.printed)));
        let packed: Vec<Packed> = rows.iter().map(Packed::new).collect();
        let losses = rows.partition_point(|r| r.read.is_empty());
        let mut out = Self { ascii: vec![(0, 0); 128], ..Self::default() };
        let add = |order: &mut Vec<Slot>, own: std::ops::Range<usize>| {
            let start = order.len();
            order.extend(own.chain(0..losses).map(|r| packed[r].slot(r as u16)));
            order[start..].sort_by_key(|s| (packed[usize::from(s.row)].step, s.row));
            (start as u32, order.len() as u32)
        };
        let mut at = losses;
        while let Some(first) = rows.get(at).map(|r| r.read[0]) {
            let end = at + rows[at..].iter().take_while(|r| r.read[0] == first).count();
            let range = add(&mut out.order, at..end);
            match out.ascii.get_mut(first as usize) {
                Some(slot) => *slot = range,
                None => drop(out.others.insert(first, range)),
            }
            at = end;
        }
        out.lost = add(&mut out.order, 0..0);
        out.rows = packed;
        out
    }

    /// Confusions that may be where `c` was read, or at the end of a word: those that bring a search farthest for their cost
    /// first.
    pub(super) fn at(&self, c: Option<char>) -> &[Slot] {
        let range = c.map_or(self.lost, |c| match self.ascii.get(c as usize) {
            Some(&(0, 0)) | None => self.others.get(&c).copied().unwrap_or(self.lost),
            Some(range) => *range,
        });
        self.order.get(range.0 as usize..range.1 as usize).unwrap_or_default()
    }

    /// A confusion by its number.
    #[inline]
    pub(super) fn row(&self, row: u16) -> &Packed {
        &self.rows[usize::from(row)]
    }

    /// Number of confusions.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where it knows none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_first_letter_best_first_with_what_got_lost() {
        let c = Channel::parse("# head\nm\trn\t9\nm\tni\t4\nmt\tu\t5\n\tt\t6\nbad line\n");
        let costs = |at| c.at(at).iter().map(|s| s.cost).collect::<Vec<_>>();
        assert_eq!((costs(Some('m')), costs(Some('x')), costs(None)), (vec![50, 40, 60, 90], vec![60], vec![60]));
        let two = c.row(c.at(Some('m'))[0].row);
        assert!(two.fits(&['m', 't']) && !two.fits(&['m', 'a']) && !two.fits(&['m']));
    }
}
