//! `CountTable`: an embedded hash table from 64-bit keys to rough counts, read in place without a load step.
//!
//! Open addressing; a slot holds a fingerprint of the key and the logarithm of its count in one byte. A wrong key is
//! answered for about one question in 2^(8 * fingerprint bytes) times the probe length, so an answer is evidence, never
//! proof. It must never grow at run time or depend on the order in which it was built.

use std::borrow::Cow;
use std::sync::LazyLock;

/// First bytes of a stored table.
const MAGIC: &[u8; 4] = b"RCT1";
/// Magic, fingerprint bytes, three reserved bytes, slots (u32), entries (u32), sum of counts (u64). Little-endian.
const HEADER: usize = 24;
/// Steps of the stored count per unit of its natural logarithm.
const STEPS: f32 = 16.0;
/// The counts that stored bytes stand for: a question is asked millions of times.
static COUNTS: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|n| if n == 0 { 0.0 } else { ((n - 1) as f32 / STEPS).exp() }));
/// Share of slots in use. Higher is smaller and probes longer.
const LOAD: f64 = 0.8;
/// A key that is not there costs 13 steps at the load above, two and a half at this one.
const SPARSE_LOAD: f64 = 0.5;

/// Counts by key. `Default` is an empty table that knows nothing.
#[derive(Clone, Debug, Default)]
pub struct CountTable {
    bytes: Cow<'static, [u8]>,
    slots: u64,
    width: usize,
    total: u64,
    entries: usize,
    /// Tables whose counts are added.
    more: Vec<CountTable>,
}

/// Why bytes are no table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a count table of this version")]
pub struct BadTable;

impl CountTable {
    /// Reads a table in place.
    ///
    /// # Errors
    /// [`BadTable`] where header and length do not fit each other.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, BadTable> {
        let bytes = bytes.into();
        let head = bytes.get(..HEADER).ok_or(BadTable)?;
        let fp = usize::from(head[4]);
        let u32_at = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]);
        let slots = u64::from(u32_at(8));
        let (entries, low, high) = (u32_at(12) as usize, u64::from(u32_at(16)), u64::from(u32_at(20)));
        let fits = bytes.len() as u64 == HEADER as u64 + slots * (fp as u64 + 1);
        if &head[..4] != MAGIC || !(2..=3).contains(&fp) || slots == 0 || entries as u64 >= slots || !fits {
            return Err(BadTable);
        }
        Ok(Self { slots, width: fp + 1, total: low | high << 32, entries, bytes, more: Vec::new() })
    }

    /// Builds the stored form. Keys must be unique; `fingerprint` is 2 or 3 bytes.
    pub fn build(counts: &[(u64, u64)], fingerprint: u8, total: u64) -> Vec<u8> {
        Self::build_with(LOAD, counts, fingerprint, total)
    }

    /// The same with room between the keys: for tables that are mostly asked for what they do not have.
    pub(super) fn build_sparse(counts: &[(u64, u64)], fingerprint: u8, total: u64) -> Vec<u8> {
        Self::build_with(SPARSE_LOAD, counts, fingerprint, total)
    }

    fn build_with(load: f64, counts: &[(u64, u64)], fingerprint: u8, total: u64) -> Vec<u8> {
        let fp = usize::from(fingerprint.clamp(2, 3));
        let slots = ((counts.len() as f64 / load) as u64 + 2).max(4);
        let mut out = vec![0u8; HEADER + slots as usize * (fp + 1)];
        out[..4].copy_from_slice(MAGIC);
        out[4] = fp as u8;
        out[8..12].copy_from_slice(&(slots as u32).to_le_bytes());
        out[12..16].copy_from_slice(&(counts.len() as u32).to_le_bytes());
        out[16..24].copy_from_slice(&total.to_le_bytes());
        let mut sorted: Vec<(u64, u64)> = counts.to_vec();
        sorted.sort_unstable();
        for (key, n) in sorted {
            let (mut slot, print) = place(key, slots, fp);
            loop {
                let at = HEADER + slot as usize * (fp + 1);
                if out[at + fp] == 0 {
                    out[at..at + fp].copy_from_slice(&print.to_le_bytes()[..fp]);
                    out[at + fp] = 1 + (STEPS * (n.max(1) as f32).ln()).round().clamp(0.0, 254.0) as u8;
                    break;
                }
                slot = (slot + 1) % slots;
            }
        }
        out
    }

    /// The same table with the counts of another one added.
    #[must_use]
    pub fn with(mut self, other: CountTable) -> Self {
        self.more.push(other);
        self
    }

    /// True where counts of other tables are added.
    pub(super) fn is_extended(&self) -> bool {
        !self.more.is_empty()
    }

    /// The count of `key`, within three per cent; 0 where it is unknown.
    #[inline]
    pub fn count(&self, key: u64) -> f32 {
        Self::of_raw(self.raw(key)) + self.more.iter().map(|t| t.count(key)).sum::<f32>()
    }

    /// The count that a stored byte stands for.
    #[inline]
    pub(super) fn of_raw(raw: u8) -> f32 {
        COUNTS[usize::from(raw)]
    }

    /// True where `key` is known.
    #[inline]
    pub fn contains(&self, key: u64) -> bool {
        self.raw(key) != 0 || self.more.iter().any(|t| t.contains(key))
    }

    /// Sum of the counts as its builder gave it.
    pub fn total(&self) -> u64 {
        self.total + self.more.iter().map(CountTable::total).sum::<u64>()
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.entries + self.more.iter().map(CountTable::len).sum::<usize>()
    }

    /// True where the table knows nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stored byte of `key` in this table alone: 0 where it is unknown, else a step of [`CountTable::of_raw`].
    #[inline]
    pub(super) fn raw(&self, key: u64) -> u8 {
        if self.slots == 0 {
            return 0;
        }
        let fp = self.width - 1;
        let (slot, print) = place(key, self.slots, fp);
        let cells = self.bytes.get(HEADER..).unwrap_or_default();
        // Two fixed widths: a comparison of bytes of a length known at run time only would cost more than the look-up.
        if fp == 2 { probe::<3>(cells, slot as usize, print) } else { probe::<4>(cells, slot as usize, print) }
    }
}

/// Looks for a fingerprint from `slot` on, in cells of `W` bytes of which the last is the count.
#[inline]
fn probe<const W: usize>(cells: &[u8], mut slot: usize, print: u32) -> u8 {
    let (cells, _) = cells.as_chunks::<W>();
    while let Some(cell) = cells.get(slot) {
        let found = u32::from(cell[0]) | u32::from(cell[1]) << 8 | if W > 3 { u32::from(cell[2]) << 16 } else { 0 };
        let count = cell[W - 1];
        if count == 0 || found == print {
            return count;
        }
        slot = if slot + 1 == cells.len() { 0 } else { slot + 1 };
    }
    0
}

/// First slot and fingerprint of a key.
#[inline]
fn place(key: u64, slots: u64, fp: usize) -> (u64, u32) {
    let h = mix(key);
    let slot = ((u128::from(h) * u128::from(slots)) >> 64) as u64;
    (slot, (h as u32) & ((1u32 << (8 * fp)) - 1))
}

/// Spreads a key over 64 bits (the finaliser of SplitMix64, public domain).
#[inline]
pub(super) fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The key of nothing (FNV-1a over the bytes of a string).
pub(crate) const KEY_SEED: u64 = 0xCBF2_9CE4_8422_2325;

/// A key carried on by a byte.
#[inline]
pub(crate) const fn key_step(key: u64, byte: u8) -> u64 {
    (key ^ byte as u64).wrapping_mul(0x0100_0000_01B3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_back_roughly_and_unknown_is_zero() {
        let counts: Vec<(u64, u64)> = (1..5000u64).map(|k| (k * 7, k)).collect();
        let t = CountTable::new(CountTable::build(&counts, 3, 9)).expect("table");
        for &(k, n) in &counts {
            assert!((t.count(k) / n as f32 - 1.0).abs() < 0.04, "{k} {n} {}", t.count(k));
        }
        let wrong = (0..20_000u64).filter(|k| k % 7 != 0 && t.contains(*k)).count();
        assert!(wrong < 5, "{wrong}");
        assert_eq!((t.total(), t.len()), (9, 4999));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let good = CountTable::build(&[(1, 1)], 2, 1);
        assert!(CountTable::new(good[..good.len() - 1].to_vec()).is_err());
        assert!(CountTable::new(b"RCT1".to_vec()).is_err());
        assert_eq!(CountTable::default().count(4), 0.0);
    }
}
