//! Which letter follows which in some forty alphabetic languages, from `dictionaries/letter-pairs.tsv`.

use super::{CAMEL, FOREIGN, GARBAGE, cjk_cost, symbol_cost};
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../../dictionaries/letter-pairs.tsv");

/// A pair that was never seen costs this much more than its second letter by itself, in half bits.
const UNSEEN: u8 = 10;

/// A character as an alphabet sees it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Place in the alphabet from 1; 0 for anything that is no letter of it.
    index: u8,
    /// What it costs beside its place in the word, in half bits.
    own: u8,
    ascii: bool,
    upper: bool,
    letter: bool,
    /// Opens or closes, as a quotation mark does.
    opens: bool,
    closes: bool,
}

/// The letters of one language and what follows what.
#[derive(Debug)]
pub struct Alphabet {
    name: &'static str,
    /// Sorted small letters; those of ASCII are in it.
    letters: Vec<char>,
    /// False for Cyrillic, Greek and the like, whose words hold no Latin letters.
    latin: bool,
    /// `(letters + 1)` squared: row the first, column the second; 0 is the edge of a word.
    pairs: Vec<u8>,
}

/// All alphabets of the table.
pub fn alphabets() -> &'static [Alphabet] {
    static ALL: LazyLock<Vec<Alphabet>> = LazyLock::new(|| {
        let rows: Vec<[&'static str; 3]> = TABLE
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| {
                let mut cells = l.split('\t');
                Some([cells.next()?, cells.next()?, cells.next()?])
            })
            .collect();
        rows.chunk_by(|a, b| a[0] == b[0]).map(Alphabet::read).collect()
    });
    &ALL
}

/// Letters and costs by turns.
fn followers(cell: &str) -> impl Iterator<Item = (char, u8)> {
    let mut chars = cell.chars();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        let cost = chars.next()?.to_digit(36)?;
        Some((c, u8::try_from(cost).ok()?))
    })
}

impl Alphabet {
    fn read(rows: &[[&'static str; 3]]) -> Alphabet {
        let any = rows.iter().find(|r| r[1] == "*").map_or("", |r| r[2]);
        let mut letters: Vec<char> = ('a'..='z').chain(followers(any).map(|f| f.0)).collect();
        letters.sort_unstable();
        letters.dedup();
        let size = letters.len() + 1;
        let place = |c: char| if c == '_' { Some(0) } else { letters.binary_search(&c).ok().map(|n| n + 1) };
        // Letters of ASCII have no cost of their own; after others they are as rare as unseen pairs.
        let mut row = vec![20; size];
        row[0] = 12;
        for (c, cost) in followers(any) {
            if let Some(n) = place(c) {
                row[n] = cost + UNSEEN;
            }
        }
        let mut pairs = row.repeat(size);
        for [_, first, cell] in rows {
            let Some(first) = first.chars().next().and_then(place) else { continue };
            for (c, cost) in followers(cell) {
                if let Some(second) = place(c) {
                    pairs[first * size + second] = cost;
                }
            }
        }
        let latin = letters.iter().any(|c| matches!(*c, '\u{C0}'..='\u{24F}'));
        Alphabet { name: rows[0][0], letters, latin, pairs }
    }

    /// How many of its letters outside ASCII `has` knows, and how many there are.
    pub fn coverage(&self, has: impl Fn(char) -> bool) -> (usize, usize) {
        let own = self.letters.iter().filter(|c| !c.is_ascii());
        (own.clone().filter(|c| has(**c)).count(), own.count())
    }

    /// The language's code.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// True for a letter of this alphabet, small or capital.
    pub fn has(&self, c: char) -> bool {
        self.place(c.to_lowercase().next().unwrap_or(c)) != 0
    }

    /// How this alphabet sees a character. `None` stands for a byte that no character belongs to.
    pub fn unit(&self, c: Option<char>) -> Unit {
        let mut unit =
            Unit { index: 0, own: 0, ascii: false, upper: false, letter: false, opens: false, closes: false };
        let Some(c) = c else {
            unit.own = 2 * GARBAGE as u8;
            return unit;
        };
        if c.is_ascii() {
            unit.ascii = true;
            unit.letter = c.is_ascii_alphabetic();
            unit.upper = c.is_ascii_uppercase();
            unit.index = if unit.letter { self.place(c.to_ascii_lowercase()) } else { 0 };
            if c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0C') {
                unit.own = 20;
            }
            return unit;
        }
        if let Some(cost) = symbol_cost(c) {
            unit.own = cost as u8;
            unit.opens = matches!(c, '“' | '‘' | '„' | '‚' | '«' | '‹' | '¿' | '¡');
            unit.closes = matches!(c, '”' | '»' | '›' | '™' | '®' | '©' | '…' | '°' | 'º' | 'ª');
            return unit;
        }
        unit.letter = true;
        let mut lower = c.to_lowercase();
        let small = lower.next().unwrap_or(c);
        unit.upper = small != c;
        unit.index = self.place(small);
        if unit.index == 0 {
            unit.own = FOREIGN as u8;
        }
        unit
    }

    fn place(&self, small: char) -> u8 {
        self.letters.binary_search(&small).ok().and_then(|n| u8::try_from(n + 1).ok()).unwrap_or(0)
    }

    /// What it costs that `b` follows `a`, in half bits.
    pub fn step(&self, a: Unit, b: Unit) -> u32 {
        if a.ascii && b.ascii {
            return u32::from(b.own);
        }
        let size = self.letters.len() + 1;
        let mut cost = u32::from(b.own);
        if a.index != 0 || b.index != 0 {
            cost += u32::from(self.pairs[usize::from(a.index) * size + usize::from(b.index)]);
        }
        if a.letter && b.letter && !a.upper && b.upper {
            cost += CAMEL;
        }
        if a.letter && b.letter && a.ascii != b.ascii && !self.latin {
            cost += CAMEL;
        }
        if (a.letter && !b.letter && b.opens) || (b.letter && !a.letter && a.closes) {
            cost += CAMEL;
        }
        cost
    }

    /// The cost of a text, without its Chinese, Japanese and Korean characters.
    pub(super) fn cost(&self, text: &[char]) -> u32 {
        let edge = self.unit(Some('\n'));
        let mut before = edge;
        let mut sum = 0;
        for &c in text {
            let unit = if !c.is_ascii() && cjk_cost(c).is_some() { edge } else { self.unit(Some(c)) };
            sum += self.step(before, unit);
            before = unit;
        }
        sum + self.step(before, edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_sorted_unique_and_well_formed() {
        let rows: Vec<Vec<&str>> =
            TABLE.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
        assert!(
            TABLE.lines().any(|l| l.starts_with("# licence: ")) && TABLE.lines().any(|l| l.starts_with("# source: "))
        );
        assert!(rows.windows(2).all(|w| w[0][..2] < w[1][..2]), "sorted and unique");
        for row in &rows {
            assert_eq!(row.len(), 3, "{row:?}");
            let pairs: Vec<_> = followers(row[2]).collect();
            assert_eq!(pairs.len() * 2, row[2].chars().count(), "{row:?}");
            assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0), "{row:?}");
        }
        // In `vi-tones` the tones of windows-1258 stand apart by design.
        let composed = TABLE.lines().filter(|l| !l.starts_with("vi-tones\t"));
        assert!(composed.into_iter().all(unicode_normalization::is_nfc));
    }

    #[test]
    fn every_alphabet_fits_its_place() {
        assert!(alphabets().len() > 40);
        assert!(alphabets().iter().all(|a| a.letters.len() < 250), "places are bytes");
    }
}
