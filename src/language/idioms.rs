//! `Idioms`: idioms of four characters, found by three of them.
//!
//! Built from the word list and read in place. It must never say whether the fourth was misread.

use super::counts::{BadTable, mix};
use super::fold::fold;
use super::han::HanWords;
use super::ngram::key;
use std::collections::BTreeSet;

/// First bytes of a stored table.
const MAGIC: &[u8; 4] = b"RCI2";
/// Magic, slots (u32, little-endian).
const HEADER: usize = 8;
/// Bits that say of most of what is asked that no idiom has it: so few that they stay in a processor's second cache.
const SIEVE_BITS: u32 = 20;
const SIEVE: usize = 1 << SIEVE_BITS >> 3;
/// Bytes of the sieve in which all bits of a key stand: one look into memory answers for both.
const BLOCK: usize = 8;
/// Slots for each key: what is not there ends after two and a half of them.
const ROOM: usize = 2;

/// Idioms with one character left open, by fingerprint. `Default` knows none.
#[derive(Copy, Clone, Debug, Default)]
pub struct Idioms {
    sieve: &'static [u8],
    /// Fingerprint and the character that was left open; 0 in an empty slot.
    slots: &'static [[u8; 4]],
}

impl Idioms {
    /// Reads a stored table in place.
    ///
    /// # Errors
    /// [`BadTable`] where the bytes are no table of this version.
    pub fn new(bytes: &'static [u8]) -> Result<Self, BadTable> {
        let (head, rest) = bytes.split_at_checked(HEADER).ok_or(BadTable)?;
        let (sieve, slots) = rest.split_at_checked(SIEVE).ok_or(BadTable)?;
        let (slots, more) = slots.as_chunks::<4>();
        let n = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        if &head[..4] != MAGIC
            || !more.is_empty()
            || slots.len() != n as usize
            || !slots.iter().any(|s| s[2..] == [0; 2])
        {
            return Err(BadTable);
        }
        Ok(Self { sieve, slots })
    }

    /// The stored form of the words of four characters that the list calls idioms or set phrases.
    pub fn build(tsv: &str) -> Vec<u8> {
        let mut keys = BTreeSet::new();
        for (word, ..) in HanWords::rows(tsv).filter(|r| matches!(r.2, "i" | "l")) {
            let word: Vec<char> = word.chars().map(fold).collect();
            if word.len() == 4 {
                let missing = |open: usize| (word[open] as u32).min(0xFFFD) as u16;
                keys.extend((0..4).map(|open| (gap_key(key(&word), open), missing(open))));
            }
        }
        let n = ROOM * keys.len() + 1;
        let (mut sieve, mut slots) = (vec![0u8; SIEVE], vec![[0u8; 4]; n]);
        for (gap, c) in keys {
            let ((block, bits), (slot, print)) = (sieve_bits(gap), place(gap, n));
            sieve.iter_mut().skip(BLOCK * block).zip(bits.to_le_bytes()).for_each(|(s, b)| *s |= b);
            let free = (slot..n).chain(0..slot).find(|&i| slots[i][2..] == [0; 2]);
            if let Some(i) = free {
                slots[i][..2].copy_from_slice(&print.to_le_bytes());
                slots[i][2..].copy_from_slice(&c.to_le_bytes());
            }
        }
        let head = MAGIC.iter().copied().chain((n as u32).to_le_bytes());
        head.chain(sieve).chain(slots.into_iter().flatten()).collect()
    }

    /// False where no idiom has the other three of these characters than the one at `open`: cheap, and right for most of
    /// what is asked. `four` is their key, sixteen bits a character.
    #[inline]
    pub fn may_fill(&self, four: u64, open: usize) -> bool {
        let (block, bits) = sieve_bits(gap_key(four, open));
        self.sieve.as_chunks::<BLOCK>().0.get(block).is_some_and(|b| u64::from_le_bytes(*b) & bits == bits)
    }

    /// What stands at `open` in idioms that have the other three of these characters.
    pub fn fillers(&self, four: u64, open: usize) -> impl Iterator<Item = char> + use<> {
        let slots = self.slots;
        let (slot, print) = place(gap_key(four, open), slots.len());
        let chain = if self.may_fill(four, open) { slots.len() } else { 0 };
        (0..chain)
            .map(move |k| slots[(slot + k) % slots.len()])
            .take_while(|s| s[2..] != [0; 2])
            .filter(move |s| s[..2] == print.to_le_bytes())
            .filter_map(|s| char::from_u32(u32::from(u16::from_le_bytes([s[2], s[3]]))))
    }
}

/// The key of four characters with one of them left open.
#[inline]
fn gap_key(four: u64, open: usize) -> u64 {
    let shift = 16 * (3 - open.min(3));
    four & !(0xFFFF << shift) | 1 << shift
}

/// Block of the sieve for a key, and its two bits in it.
#[inline]
fn sieve_bits(key: u64) -> (usize, u64) {
    let h = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let block = (h >> (64 + 6 - SIEVE_BITS)) as usize;
    (block, 1 << (h >> 40 & 63) | 1 << (h >> 34 & 63))
}

/// First slot and fingerprint of a key.
fn place(key: u64, slots: usize) -> (usize, u16) {
    let h = mix(key);
    (((u128::from(h) * slots as u128) >> 64) as usize, h as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idiom_is_known_by_three_of_its_characters() {
        let tsv = "# licence: test\n严阵以待\t43\ti\n严惩以待\t3\tl\n市政协会\t9\tn\n";
        let idioms = Idioms::new(Box::leak(Idioms::build(tsv).into_boxed_slice())).expect("table");
        let at = |s: &str, open| {
            let four: Vec<char> = s.chars().map(fold).collect();
            let mut found: Vec<char> = idioms.fillers(key(&four), open).collect();
            found.sort_unstable();
            found.into_iter().collect::<String>()
        };
        assert_eq!((at("严防以待", 1), at("嚴陣以侍", 3)), ("惩阵".into(), "待".into()));
        assert_eq!((at("严防以待", 2), at("市政协员", 3)), (String::new(), String::new()));
        assert!(Idioms::default().fillers(0, 1).next().is_none() && Idioms::new(b"RCI1").is_err());
    }
}
