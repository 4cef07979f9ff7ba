//! Which letter follows which in some forty alphabetic languages, from `dictionaries/letter-pairs.tsv`.

use super::{CAMEL, FOREIGN, GARBAGE, symbol_cost};
use crate::text::lists;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../../dictionaries/letter-pairs.tsv");

/// A pair that was never seen costs this much more than its second letter by itself, in half bits.
const UNSEEN: u8 = 10;

/// What all alphabets see alike in a character. Small, so that a text can be looked up once for all of them.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Sign {
    /// Place among the letters of all alphabets from 1; 0 for what is no letter of any.
    id: u16,
    /// What it costs wherever it stands, in half bits.
    own: u8,
    flags: u8,
}

const ASCII: u8 = 1;
const UPPER: u8 = 2;
const LETTER: u8 = 4;
/// Opens or closes, as a quotation mark does.
const OPENS: u8 = 8;
const CLOSES: u8 = 16;
/// A letter outside ASCII, which an alphabet has or has not.
const OWN_LETTER: u8 = 32;
/// Stands in a word, by Unicode; a small letter.
const WORD: u8 = 64;
const SMALL: u8 = 128;

impl Sign {
    /// The edge of a word.
    pub const EDGE: Sign = Sign { id: 0, own: 0, flags: ASCII };
    /// A byte that no character belongs to.
    pub const NONE: Sign = Sign { id: 0, own: 2 * GARBAGE as u8, flags: 0 };

    /// How a character is seen.
    #[inline]
    pub fn of(c: char) -> Sign {
        SIGNS.get(c as usize).copied().unwrap_or_else(|| Sign::count(c))
    }

    /// Stands in a word, by Unicode.
    #[inline]
    pub const fn is_word(self) -> bool {
        self.has(WORD)
    }

    /// A small letter.
    #[inline]
    pub const fn is_small(self) -> bool {
        self.has(SMALL)
    }

    /// A capital letter.
    #[inline]
    pub const fn is_capital(self) -> bool {
        self.has(UPPER)
    }

    #[inline]
    const fn has(self, flags: u8) -> bool {
        self.flags & flags == flags
    }

    fn count(c: char) -> Sign {
        let mut sign = Sign::count_cost(c);
        sign.flags |= if c.is_alphabetic() { WORD } else { 0 } | if c.is_lowercase() { SMALL } else { 0 };
        sign
    }

    fn count_cost(c: char) -> Sign {
        let id = |small: char| LETTERS.binary_search(&small).ok().and_then(|n| u16::try_from(n + 1).ok()).unwrap_or(0);
        if c.is_ascii() {
            let odd = c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0C');
            let mut sign = Sign { own: if odd { 20 } else { 0 }, ..Sign::EDGE };
            if c.is_ascii_alphabetic() {
                sign.id = id(c.to_ascii_lowercase());
                sign.flags |= LETTER | if c.is_ascii_uppercase() { UPPER } else { 0 };
            }
            return sign;
        }
        if let Some(cost) = symbol_cost(c) {
            let opens = matches!(c, '“' | '‘' | '„' | '‚' | '«' | '‹' | '¿' | '¡');
            let closes = matches!(c, '”' | '»' | '›' | '™' | '®' | '©' | '…' | '°' | 'º' | 'ª');
            let flags = if opens { OPENS } else { 0 } | if closes { CLOSES } else { 0 };
            return Sign { id: 0, own: cost as u8, flags };
        }
        let small = crate::text::script::lower(c);
        Sign { id: id(small), own: 0, flags: LETTER | OWN_LETTER | if small == c { 0 } else { UPPER } }
    }

    /// The cost of a mark or symbol by itself; None for a letter.
    #[inline]
    pub(super) const fn symbol(self) -> Option<u32> {
        if self.has(LETTER) { None } else { Some(self.own as u32) }
    }

    /// What it costs in every alphabet that `b` follows `a`.
    #[inline]
    pub(super) fn step(a: Sign, b: Sign) -> u32 {
        let mut cost = u32::from(b.own);
        let (letter, after) = (a.has(LETTER), b.has(LETTER));
        if letter && after && !a.has(UPPER) && b.has(UPPER) && !(a.has(ASCII) && b.has(ASCII)) {
            cost += CAMEL;
        }
        if (letter && !after && b.has(OPENS)) || (after && !letter && a.has(CLOSES)) {
            cost += CAMEL;
        }
        cost
    }

    /// True for two signs that cost the same in all alphabets: no letter outside ASCII and no mark is among them.
    #[inline]
    pub(super) const fn plain(a: Sign, b: Sign) -> bool {
        a.has(ASCII) && b.has(ASCII)
    }
}

/// All letters of all alphabets.
static LETTERS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut all: Vec<char> = alphabets().iter().flat_map(|a| a.letters.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
});

/// The signs of the characters among which nearly all letters stand.
static SIGNS: LazyLock<Vec<Sign>> =
    LazyLock::new(|| (0..SIGNS_END).map(|n| char::from_u32(n).map_or(Sign::NONE, Sign::count)).collect());

/// What follows are symbols and East Asia.
const SIGNS_END: u32 = 0x2600;

/// A character as an alphabet sees it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    sign: Sign,
    /// Place in the alphabet from 1; 0 for anything that is no letter of it.
    index: u8,
}

/// The letters of one language and what follows what.
#[derive(Debug)]
pub struct Alphabet {
    name: &'static str,
    /// Place among [`alphabets`].
    number: u8,
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
        let rows: Vec<[&'static str; 3]> = lists::rows(TABLE)
            .filter_map(|l| {
                let mut cells = l.split('\t');
                Some([cells.next()?, cells.next()?, cells.next()?])
            })
            .collect();
        (0..).zip(rows.chunk_by(|a, b| a[0] == b[0])).map(|(n, rows)| Alphabet::read(n, rows)).collect()
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
    fn read(number: u8, rows: &[[&'static str; 3]]) -> Alphabet {
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
        Alphabet { name: rows[0][0], number, letters, latin, pairs }
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
        self.unit(Sign::of(c)).index != 0
    }

    /// How this alphabet sees a sign.
    #[inline]
    pub fn unit(&self, sign: Sign) -> Unit {
        let places = PLACES.get(usize::from(self.number)).map_or(&[][..], Vec::as_slice);
        Unit { sign, index: places.get(usize::from(sign.id)).copied().unwrap_or(0) }
    }

    fn place(&self, small: char) -> u8 {
        self.letters.binary_search(&small).ok().and_then(|n| u8::try_from(n + 1).ok()).unwrap_or(0)
    }

    /// What it costs that `b` follows `a`, in half bits.
    pub fn step(&self, a: Unit, b: Unit) -> u32 {
        let common = Sign::step(a.sign, b.sign);
        if Sign::plain(a.sign, b.sign) { common } else { common + self.pair((a.sign, a.index), (b.sign, b.index)) }
    }

    /// The part of a step that differs between alphabets.
    #[inline]
    fn pair(&self, (a, i): (Sign, u8), (b, j): (Sign, u8)) -> u32 {
        let mut cost = 0;
        if i != 0 || j != 0 {
            let size = self.letters.len() + 1;
            cost += u32::from(self.pairs[usize::from(i) * size + usize::from(j)]);
        }
        if j == 0 && b.has(OWN_LETTER) {
            cost += FOREIGN;
        }
        if !self.latin && a.has(LETTER) && b.has(LETTER) && a.has(ASCII) != b.has(ASCII) {
            cost += CAMEL;
        }
        cost
    }

    /// The part of a text's cost that differs between alphabets, from its pairs that are not plain; None as soon as it is
    /// not below `limit`.
    pub(super) fn cost(&self, pairs: &[(Sign, Sign)], limit: u32) -> Option<u32> {
        let places = PLACES.get(usize::from(self.number))?;
        let place = |s: Sign| places.get(usize::from(s.id)).copied().unwrap_or(0);
        let mut sum = 0_u32;
        for &(a, b) in pairs {
            sum = sum.saturating_add(self.pair((a, place(a)), (b, place(b))));
            if sum >= limit {
                return None;
            }
        }
        Some(sum)
    }
}

/// For each alphabet the places of [`LETTERS`] in it, by their ids.
static PLACES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let places = |a: &Alphabet| std::iter::once(0).chain(LETTERS.iter().map(|c| a.place(*c))).collect();
    alphabets().iter().map(places).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_sorted_unique_and_well_formed() {
        let rows: Vec<Vec<&str>> = lists::rows(TABLE).map(|l| l.split('\t').collect()).collect();
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
