//! `Channel`: what a recogniser makes of what was printed, up to three characters for three, with a cost for each.
//!
//! It must never know a word: it is the noise alone.

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

/// The confusions of one language, cheapest first for each first character.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    rows: Vec<Confusion>,
    by_first: HashMap<char, (u32, u32)>,
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
        rows.retain(|r| !(r.read.is_empty() && r.printed.is_empty()));
        rows.sort_by(|a, b| a.read.first().cmp(&b.read.first()).then(a.cost.total_cmp(&b.cost)));
        let mut out = Self::default();
        let mut at = 0;
        while at < rows.len() {
            let first = rows[at].read.first().copied();
            let end = at + rows[at..].iter().take_while(|r| r.read.first().copied() == first).count();
            match first {
                Some(c) => drop(out.by_first.insert(c, (at as u32, end as u32))),
                None => out.lost = (at as u32, end as u32),
            }
            at = end;
        }
        out.rows = rows;
        out
    }

    /// Confusions whose reading begins with `c`, cheapest first.
    pub fn from(&self, c: char) -> &[Confusion] {
        self.by_first.get(&c).map_or(&[], |&(a, b)| &self.rows[a as usize..b as usize])
    }

    /// What gets lost altogether, cheapest first.
    pub fn lost(&self) -> &[Confusion] {
        &self.rows[self.lost.0 as usize..self.lost.1 as usize]
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
    fn rows_are_found_by_their_first_letter_cheapest_first() {
        let c = Channel::parse("# head\nm\trn\t9\nm\tni\t4\n\tt\t6\nbad line\n");
        let costs: Vec<f32> = c.from('m').iter().map(|r| r.cost).collect();
        assert_eq!((costs, c.lost().len(), c.from('x').len()), (vec![4.0, 9.0], 1, 0));
    }
}
