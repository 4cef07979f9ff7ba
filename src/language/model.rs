//! `HanModel`: which Han characters stand side by side, and how probable one is in its place.
//!
//! Larger than [`super::CharModel`], which only breaks are asked of: it is asked once for each pair of a text, and closer
//! only where a pair is unknown. It must never decide an edit.

use super::counts::{BadTable, CountTable};
use super::fold::fold;
use super::ngram::{CharCounter, extend, key};
use super::pairs::{Familiar, Glyph, PairMap};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Longest sequence that is counted, in characters.
pub(super) const ORDER: usize = 4;
/// How much the shorter context weighs against `n` observations of the longer: `SHORTER * n ^ SPREAD`, as the number of
/// different followers grows. Set by hand, not fitted.
const SHORTER: f32 = 1.6;
const SPREAD: f32 = 0.65;
/// Characters that a text may hold: the share of the unseen.
pub(super) const ALPHABET: f32 = 8000.0;

/// Count and weight of the shorter context for each stored byte: roots and exponentials once, not once a question.
static STEPS: LazyLock<[(f32, f32); 256]> = LazyLock::new(|| {
    std::array::from_fn(|raw| {
        let n = CountTable::of_raw(raw as u8);
        (n, SHORTER * n.powf(SPREAD))
    })
});

/// A character model over counts of sequences of up to four characters, all folded.
#[derive(Clone, Debug, Default)]
pub struct HanModel {
    table: CountTable,
    /// True where [`PairMap::embedded`] was made of it.
    mapped: bool,
}

impl HanModel {
    /// Reads a stored model in place.
    ///
    /// # Errors
    /// [`BadTable`] where the bytes are no model of this version.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, BadTable> {
        Ok(Self { table: CountTable::new(bytes)?, mapped: false })
    }

    /// The same model with the counts of another table added.
    #[must_use]
    pub fn with(self, table: CountTable) -> Self {
        Self { table: self.table.with(table), mapped: false }
    }

    /// The same model, that the map of pairs was made of.
    pub(super) fn mapped(self) -> Self {
        Self { mapped: true, ..self }
    }

    /// True where the model knows nothing.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// True where the two folded characters were seen side by side.
    pub fn knows_pair(&self, a: char, b: char) -> bool {
        self.table.contains(extend(key(&[a]), b))
    }

    /// What is known of two neighbours. Most questions end in the map, which is faster than the table.
    #[inline]
    pub fn familiar(&self, a: Glyph, b: Glyph) -> Familiar {
        self.familiar_by(self.map(), a, b)
    }

    /// The map that was made of this model: who asks often gets it once.
    pub fn map(&self) -> Option<&'static PairMap> {
        self.mapped.then(PairMap::embedded)
    }

    /// [`HanModel::familiar`] with [`HanModel::map`].
    #[inline]
    pub fn familiar_by(&self, map: Option<&PairMap>, a: Glyph, b: Glyph) -> Familiar {
        match map.and_then(|m| m.familiar(a, b)) {
            Some(told) => told,
            None => Familiar::of(self.seen(&[a.folded, b.folded])),
        }
    }

    /// How often a folded sequence of up to four characters was seen.
    #[inline]
    pub fn seen(&self, chars: &[char]) -> f32 {
        self.count(key(chars)).0
    }

    /// Number of characters that were counted.
    pub fn total(&self) -> f32 {
        self.table.total().max(1) as f32
    }

    /// How often a sequence was seen, and what the shorter context weighs against it.
    #[inline]
    pub(super) fn count(&self, key: u64) -> (f32, f32) {
        if !self.table.is_extended() {
            return STEPS[usize::from(self.table.raw(key))];
        }
        let n = self.table.count(key);
        (n, SHORTER * n.powf(SPREAD))
    }

    /// [`HanModel::count`] of what was never seen.
    pub(super) fn never(&self) -> (f32, f32) {
        if self.table.is_extended() { (0.0, 0.0) } else { STEPS[0] }
    }

    /// Natural logarithm of the probability of `next` after `before`, both folded. At most the last three characters of
    /// `before` count.
    pub fn log_prob(&self, before: &[char], next: char) -> f32 {
        let mut p = (self.count(key(&[next])).0 + 0.5) / (self.total() + 0.5 * ALPHABET);
        let from = before.len().saturating_sub(ORDER - 1);
        let mut together = true;
        for start in (from..before.len()).rev() {
            let context = key(&before[start..]);
            let (seen, shorter) = self.count(context);
            if seen < 1.0 {
                break;
            }
            // What is longer was never seen where the shorter was not.
            let both = if together { self.count(extend(context, next)).0 } else { 0.0 };
            together = both > 0.0;
            p = (both.min(seen) + shorter * p) / (seen + shorter);
        }
        p.max(1e-9).ln()
    }

    /// Logarithm of the probability of the characters from `at` on that feel the one at `at`: itself and three more.
    pub fn window(&self, chars: &[char], at: usize) -> f32 {
        (at..chars.len().min(at + ORDER)).map(|i| self.log_prob(&chars[i.saturating_sub(ORDER - 1)..i], chars[i])).sum()
    }
}

/// Counts a [`HanModel`] from clean text and word lists.
#[derive(Default, Debug)]
pub struct HanCounter {
    text: CharCounter,
    words: HashMap<u64, f32>,
    word_characters: f32,
}

/// All words together count at most as many characters as this share of the text.
const WORDS_SHARE: f32 = 0.6;
/// Sequences of three and more seen less often are left out of the stored model.
const KEEP_LONG: f32 = 2.0;

impl HanCounter {
    /// Adds one paragraph of clean text.
    pub fn paragraph(&mut self, text: &str) {
        self.text.paragraph(text);
    }

    /// Adds one headline.
    pub fn headline(&mut self, text: &str) {
        self.text.headline(text);
    }

    /// Adds a word of a list with its frequency there.
    pub fn word(&mut self, word: &str, frequency: u64) {
        let chars: Vec<char> = word.chars().map(fold).collect();
        for from in 0..chars.len() {
            for to in from + 1..=chars.len().min(from + ORDER) {
                *self.words.entry(key(&chars[from..to])).or_default() += frequency as f32;
            }
        }
        self.word_characters += frequency as f32 * chars.len() as f32;
    }

    /// The stored form. Words are scaled to the size of the text; what stands in any word is known at least once.
    pub fn build(self) -> Vec<u8> {
        let (text, total) = self.text.into_counts();
        let scale = if self.word_characters > 0.0 {
            (WORDS_SHARE * (total as f32).max(1e5) / self.word_characters).min(1.0)
        } else {
            0.0
        };
        let mut all: HashMap<u64, f32> = text.into_iter().map(|(k, n)| (k, n as f32)).collect();
        for (k, n) in self.words {
            let long = k >> 32 != 0;
            let n = n * scale;
            if !long || n >= 0.5 {
                *all.entry(k).or_default() += if long { n } else { n.max(1.0) };
            }
        }
        let mut kept: Vec<(u64, u64)> = all
            .into_iter()
            .filter(|&(k, n)| k >> 32 == 0 || n >= KEEP_LONG)
            .map(|(k, n)| (k, n.round().max(1.0) as u64))
            .collect();
        kept.sort_unstable();
        let total = total + (self.word_characters * scale) as u64;
        CountTable::build(&kept, 2, total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_words_make_pairs_known_and_places_probable() {
        let mut c = HanCounter::default();
        for _ in 0..5 {
            c.paragraph("会议强调，要做好医疗卫生工作。");
        }
        c.word("严阵以待", 30);
        let m = HanModel::new(c.build()).expect("model");
        assert!(m.knows_pair('医', '疗') && m.knows_pair('阵', '以') && !m.knows_pair('防', '以'));
        let v = |s: &str| s.chars().map(fold).collect::<Vec<_>>();
        assert!(m.window(&v("做好医疗卫生"), 3) > m.window(&v("做好医庁卫生"), 3) + 2.0);
        let mut own = HanCounter::default();
        own.paragraph("株洲云发集团助力防控");
        let m = m.with(CountTable::new(own.build()).expect("a second table"));
        assert!(m.knows_pair('云', '发') && m.knows_pair('医', '疗') && m.seen(&['发', '集']) == 1.0);
        assert!(HanModel::default().is_empty() && HanModel::new(vec![1u8]).is_err());
    }
}
