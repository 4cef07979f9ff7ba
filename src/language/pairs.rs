//! `PairMap`: the same answers as the Han model and the word list give about two neighbouring characters, where they are
//! asked of every pair of a text.
//!
//! Built from both and read in place. It must never know more than they do, nor count.

use super::counts::BadTable;
use super::fold::fold;
use super::han::HanWords;
use super::model::HanModel;
use crate::text::script::is_han;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// First bytes of a stored map.
const MAGIC: &[u8; 4] = b"RCP1";
/// Magic, characters, characters that have bits, entries of each half (u32 each, little-endian).
const HEADER: usize = 16;
/// So many of the most frequent characters have two bits for each pair: most pairs of news are between two of them, and
/// the half megabyte of bits stays in a processor's second cache.
pub(super) const TOP: usize = 1448;
/// Bits that say of most other pairs that they were never seen, an eighth of them set.
const SIEVE_BITS: u32 = 22;
const SIEVE: usize = 1 << SIEVE_BITS >> 3;
/// How often a word must have been counted to be remembered here.
const COMMON: u64 = 10;
/// Longest word that is looked at, in characters.
const LONGEST: usize = 4;
/// Counts of a pair below this are [`Familiar::Hardly`].
const HARDLY: f32 = 1.5;
/// Rank of a Han character that the map does not have, and of what is no Han character.
const NO_RANK: u16 = u16::MAX - 1;
const NOT_HAN: u16 = u16::MAX;
/// First and last character that has a rank.
const FIRST: usize = 0x3005;
const LAST: usize = 0xFAFF;

/// What is known of two neighbours.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Familiar {
    /// They were never seen side by side.
    Never,
    /// Seen once.
    Hardly,
    /// Seen.
    Well,
    /// Seen, and side by side in some common word.
    InWord,
}

impl Familiar {
    /// By how often the pair was seen.
    pub(super) fn of(count: f32) -> Self {
        match count {
            0.0 => Familiar::Never,
            n if n < HARDLY => Familiar::Hardly,
            _ => Familiar::Well,
        }
    }
}

/// A character of a text: folded, and its place in the map's list.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Glyph {
    /// What it is counted under.
    pub folded: char,
    pub(super) rank: u16,
}

impl Glyph {
    /// No character at all.
    pub const NOTHING: Self = Self { folded: '\0', rank: NOT_HAN };

    /// True for a Han character.
    #[inline]
    pub fn is_han(self) -> bool {
        self.rank != NOT_HAN
    }
}

/// Built by `cargo run --example build_tables` from the Han model and `dictionaries/zh-words.tsv`.
const STORED: &[u8] = include_bytes!("../../dictionaries/compiled/zh-pairs.table");
/// The list of characters is unpacked on first use, in a fraction of a millisecond.
static EMBEDDED: LazyLock<PairMap> = LazyLock::new(|| PairMap::new(STORED).unwrap_or_default());

/// The map. `Default` knows nothing.
#[derive(Clone, Debug, Default)]
pub struct PairMap {
    /// Folded character and rank by code point from `FIRST` on.
    glyphs: Vec<(u16, u16)>,
    /// Characters by rank.
    chars: &'static [[u8; 2]],
    top: usize,
    bits: &'static [u8],
    sieve: &'static [u8],
    followers: Rows,
    predecessors: Rows,
}

/// The ranks of one list.
type RowRanks = std::iter::Map<std::slice::Iter<'static, [u8; 2]>, fn(&[u8; 2]) -> u16>;

/// Lists of ranks, one after another, by rank.
#[derive(Copy, Clone, Debug, Default)]
struct Rows {
    ends: &'static [[u8; 4]],
    ranks: &'static [[u8; 2]],
}

impl Rows {
    #[inline]
    fn of(&self, rank: u16) -> RowRanks {
        let end = |i: usize| self.ends.get(i).map_or(0, |e| u32::from_le_bytes(*e) as usize);
        let i = usize::from(rank);
        let from = i.checked_sub(1).map_or(0, end);
        let row = self.ranks.get(from..end(i).max(from)).unwrap_or_default();
        row.iter().map(|r| u16::from_le_bytes(*r))
    }
}

impl PairMap {
    /// The map that is built into the library.
    pub fn embedded() -> &'static PairMap {
        &EMBEDDED
    }

    /// Reads a stored map; only the list of characters is unpacked.
    ///
    /// # Errors
    /// [`BadTable`] where the bytes are no map of this version.
    pub fn new(bytes: &'static [u8]) -> Result<Self, BadTable> {
        let (head, rest) = bytes.split_at_checked(HEADER).ok_or(BadTable)?;
        let (fields, _) = head.as_chunks::<4>();
        let field = |i: usize| u32::from_le_bytes(fields[i]) as usize;
        let (n, top, entries) = (field(1), field(2), field(3));
        if &fields[0] != MAGIC || n >= usize::from(NO_RANK) || top > n || entries > bytes.len() {
            return Err(BadTable);
        }
        let (chars, rest) = rest.split_at_checked(2 * n).ok_or(BadTable)?;
        let (bits, rest) = rest.split_at_checked((top * top).div_ceil(4)).ok_or(BadTable)?;
        let (sieve, mut rest) = rest.split_at_checked(SIEVE).ok_or(BadTable)?;
        let mut halves = [Rows::default(); 2];
        for half in &mut halves {
            let (ends, more) = rest.split_at_checked(4 * n).ok_or(BadTable)?;
            let (ranks, more) = more.split_at_checked(2 * entries).ok_or(BadTable)?;
            *half = Rows { ends: ends.as_chunks().0, ranks: ranks.as_chunks().0 };
            rest = more;
        }
        let mut ranks = vec![NO_RANK; LAST - FIRST + 1];
        for (rank, c) in chars.as_chunks::<2>().0.iter().enumerate() {
            let slot = usize::from(u16::from_le_bytes(*c)).checked_sub(FIRST).and_then(|i| ranks.get_mut(i));
            *slot.ok_or(BadTable)? = rank as u16;
        }
        let glyph = |code: usize| {
            let c = char::from_u32(code as u32).unwrap_or('\u{FFFD}');
            let rank = (fold(c) as usize).checked_sub(FIRST).and_then(|i| ranks.get(i)).filter(|_| is_han(c));
            (fold(c) as u16, rank.copied().unwrap_or(NOT_HAN))
        };
        let glyphs = (FIRST..=LAST).map(glyph).collect();
        Ok(Self { glyphs, chars: chars.as_chunks().0, top, bits, sieve, followers: halves[0], predecessors: halves[1] })
    }

    /// The stored form of what `model` and the words of `tsv` (`word TAB frequency ...`) say.
    pub fn build(model: &HanModel, tsv: &str) -> Vec<u8> {
        let all = (FIRST as u32..=LAST as u32).filter_map(char::from_u32).filter(|&c| is_han(c) && fold(c) == c);
        let mut chars: Vec<(f32, char)> = all.map(|c| (model.seen(&[c]), c)).filter(|c| c.0 > 0.0).collect();
        chars.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let ranks: HashMap<char, u16> = chars.iter().enumerate().map(|(rank, c)| (c.1, rank as u16)).collect();
        let top = TOP.min(chars.len());
        let mut sieve = vec![0u8; SIEVE];
        for (a, b) in chars.iter().flat_map(|a| chars.iter().map(move |b| (a.1, b.1))) {
            if model.knows_pair(a, b) {
                let bit = sieve_bit(a, b);
                sieve[bit / 8] |= 1 << (bit % 8);
            }
        }
        let mut pairs = BTreeSet::new();
        for (word, ..) in HanWords::rows(tsv).filter(|r| r.1 >= COMMON) {
            let word: Vec<Option<u16>> = word.chars().map(|c| ranks.get(&fold(c)).copied()).collect();
            let two = word.windows(2).filter(|_| word.len() <= LONGEST);
            pairs.extend(two.filter_map(|w| Some((w[0]?, w[1]?))));
        }
        let mut bits = vec![0u8; (top * top).div_ceil(4)];
        for (i, (a, b)) in chars[..top].iter().flat_map(|a| chars[..top].iter().map(move |b| (a.1, b.1))).enumerate() {
            let common = pairs.remove(&((i / top) as u16, (i % top) as u16));
            let told = if common { Familiar::InWord } else { Familiar::of(model.seen(&[a, b])) };
            bits[i / 4] |= (told as u8) << (2 * (i % 4));
        }
        let mut out = MAGIC.to_vec();
        for n in [chars.len(), top, pairs.len()] {
            out.extend((n as u32).to_le_bytes());
        }
        out.extend(chars.iter().flat_map(|c| (c.1 as u16).to_le_bytes()));
        out.extend(bits);
        out.extend(sieve);
        let back: BTreeSet<(u16, u16)> = pairs.iter().map(|&(a, b)| (b, a)).collect();
        for half in [pairs, back] {
            let half: Vec<(u16, u16)> = half.into_iter().collect();
            let ends = (0..chars.len()).map(|r| half.partition_point(|p| usize::from(p.0) <= r) as u32);
            out.extend(ends.flat_map(u32::to_le_bytes));
            out.extend(half.iter().flat_map(|p| p.1.to_le_bytes()));
        }
        out
    }

    /// A character as it is counted, with its rank.
    #[inline]
    pub fn glyph(&self, c: char) -> Glyph {
        match (c as usize).checked_sub(FIRST).and_then(|i| self.glyphs.get(i)) {
            Some(&(folded, rank)) => Glyph { folded: char::from_u32(u32::from(folded)).unwrap_or(c), rank },
            None => Glyph { folded: fold(c), rank: if is_han(c) { NO_RANK } else { NOT_HAN } },
        }
    }

    /// The same of a code point that is a character between 々 and the last of the compatibility forms.
    #[inline]
    pub fn glyph_of(&self, code: u32) -> Glyph {
        let (folded, rank) =
            (code as usize).checked_sub(FIRST).and_then(|i| self.glyphs.get(i)).copied().unwrap_or_default();
        Glyph { folded: char::from_u32(u32::from(folded)).unwrap_or_default(), rank }
    }

    /// What the model knows of two neighbours, where the map can tell.
    #[inline]
    pub fn familiar(&self, a: Glyph, b: Glyph) -> Option<Familiar> {
        let (x, y) = (usize::from(a.rank), usize::from(b.rank));
        if x.max(y) >= self.top {
            let bit = sieve_bit(a.folded, b.folded);
            let never = self.sieve.get(bit / 8)? >> (bit % 8) & 1 == 0 && a.is_han() && b.is_han();
            return never.then_some(Familiar::Never);
        }
        let i = x * self.top + y;
        Some(match self.bits.get(i / 4)? >> (2 * (i % 4)) & 3 {
            0 => Familiar::Never,
            1 => Familiar::Hardly,
            2 => Familiar::Well,
            _ => Familiar::InWord,
        })
    }

    /// True for one of the most frequent characters.
    #[inline]
    pub fn is_top(&self, c: Glyph) -> bool {
        usize::from(c.rank) < self.top
    }

    /// Characters that stand in some common word behind a character, or before it.
    pub fn beside(&self, of: Glyph, behind: bool) -> impl Iterator<Item = char> + '_ {
        let side = move |c: Glyph| if behind { self.familiar(of, c) } else { self.familiar(c, of) };
        let top =
            (0..self.top as u16).filter(move |_| self.is_top(of)).filter_map(move |r| self.char_of(r).map(|c| (c, r)));
        let top = top.filter(move |&(folded, rank)| side(Glyph { folded, rank }) == Some(Familiar::InWord));
        let rest = if behind { self.followers(of) } else { self.predecessors(of) };
        top.map(|c| c.0).chain(rest.filter_map(|r| self.char_of(r)))
    }

    fn char_of(&self, rank: u16) -> Option<char> {
        let code = u16::from_le_bytes(*self.chars.get(usize::from(rank))?);
        char::from_u32(u32::from(code))
    }

    /// What stands behind a character in some common word, by rank, where not both are [`PairMap::is_top`].
    #[inline]
    pub fn followers(&self, of: Glyph) -> RowRanks {
        self.followers.of(of.rank)
    }

    /// What stands before a character in some common word, as [`PairMap::followers`].
    #[inline]
    pub fn predecessors(&self, of: Glyph) -> RowRanks {
        self.predecessors.of(of.rank)
    }
}

/// The bit of the sieve for two folded characters.
#[inline]
fn sieve_bit(a: char, b: char) -> usize {
    (u64::from((a as u32) << 16 ^ b as u32).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SIEVE_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn the_map_says_what_model_and_words_say() {
        let (map, model) = (PairMap::embedded(), Language::embedded().model);
        let glyphs: Vec<Glyph> = "的一是在工作会议強調疫情防控锌，a𠀀".chars().map(|c| map.glyph(c)).collect();
        for (a, b) in glyphs.iter().flat_map(|&a| glyphs.iter().map(move |&b| (a, b))) {
            let told = Familiar::of(model.seen(&[a.folded, b.folded]));
            let same = |f| f == told || (f == Familiar::InWord && told != Familiar::Never);
            let both = a.is_han() && b.is_han() && a.rank != NO_RANK && b.rank != NO_RANK;
            assert!(!both || map.familiar(a, b).is_none_or(same) && same(model.familiar(a, b)), "{a:?} {b:?}");
        }
        assert!(map.familiar(map.glyph('工'), map.glyph('作')) == Some(Familiar::InWord));
        assert!(map.glyph('強').folded == '强' && !map.glyph('，').is_han() && map.glyph('𠀀').is_han());
        assert!(map.followers(map.glyph('匍')).any(|r| r == map.glyph('匐').rank));
        assert!(map.predecessors(map.glyph('匐')).all(|r| r == map.glyph('匍').rank));
        assert!(PairMap::new(&STORED[..100]).is_err() && PairMap::new(b"RCP1").is_err());
    }
}
