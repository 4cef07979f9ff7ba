//! `Survey`: one cheap pass over a text that says which pairs of Han characters no one has seen, and how noisy it is.
//!
//! A question a pair, no allocation a character. It must never look for what should stand there.

use super::reading::Reading;
use crate::language::{Familiar, Glyph, HanModel};

/// Two neighbouring Han characters that the model does not know side by side.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Strange {
    /// Offset of the right one in the text.
    pub at: usize,
    /// Which character of the text that is.
    pub index: usize,
    /// Both, folded.
    pub pair: (char, char),
    /// True where not both are at home on their other side: no seam between two words that were never seen side by side.
    pub firm: bool,
}

/// What the pass found.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The text.
    pub reading: Reading,
    /// Pairs of neighbouring Han characters.
    pub pairs: usize,
    /// The strange pairs in text order.
    pub strange: Vec<Strange>,
    /// The right characters of pairs that were seen hardly ever: enough only where an idiom is nearly there.
    pub rare: Vec<usize>,
    /// Strange pairs that are no seams.
    pub firm: usize,
    /// Strange pairs that stand more than once, sorted, with how often.
    repeated: Vec<((char, char), u32)>,
    /// A bit for each remainder of a pair of Han characters that stands somewhere: most questions about what is near end
    /// here.
    sieve: Vec<u64>,
}

/// Words of the sieve: two pages in it leave nine bits of ten unset.
const SIEVE: usize = 1 << 10;

/// Word and bit of the sieve for a pair.
#[inline]
fn sieve_bit((a, b): (char, char)) -> (usize, u64) {
    let h = ((a as u32) << 16 ^ b as u32).wrapping_mul(0x9E37_79B1) >> 16;
    (h as usize >> 6 & (SIEVE - 1), 1 << (h & 63))
}

/// A text is traditional from this share of traditional characters on. News in traditional type has a third.
const TRADITIONAL: f32 = 0.08;
/// Share of firm strange pairs from which a text is doubtful: clean news of 2021 that the model has not seen has .05. Set
/// by hand; the prior makes every text of less than about 30
/// pairs doubtful: searched without a prior, captions lost a quarter of what is mended (`learn_han`).
const NOISY: f32 = 0.06;
const SHORT_FIRM: f32 = 5.4;
const SHORT_PAIRS: f32 = 60.0;
/// Bytes on each side of a place that say how noisy its neighbourhood is: 14 Han characters.
const NEAR: usize = 42;
/// Characters on each side of a place that are of the same article.
const ARTICLE: usize = 200;

impl Survey {
    /// Looks through `text` once.
    pub fn of(text: &str, model: &HanModel) -> Self {
        let mut out = Self { reading: Reading::of(text), sieve: vec![0; SIEVE], ..Self::default() };
        let map = model.map();
        let mut before = Glyph::NOTHING;
        for (i, &glyph) in out.reading.glyphs.iter().enumerate() {
            let a = std::mem::replace(&mut before, glyph);
            if !(a.is_han() && glyph.is_han()) {
                continue;
            }
            out.pairs += 1;
            let (word, bit) = sieve_bit((a.folded, glyph.folded));
            out.sieve[word] |= bit;
            match model.familiar_by(map, a, glyph) {
                Familiar::Well | Familiar::InWord => {}
                Familiar::Hardly => out.rare.push(i),
                Familiar::Never => {
                    let at = out.reading.extent(i).0;
                    out.strange.push(Strange { at, index: i, pair: (a.folded, glyph.folded), firm: true });
                }
            }
        }
        out.find_seams();
        out.count_repeated();
        out
    }

    /// A strange pair whose left character goes with the one before and whose right one with the one behind is a seam.
    fn find_seams(&mut self) {
        for i in 0..self.strange.len() {
            let at = self.strange[i].index;
            let strange =
                |k: Option<usize>, at: usize| k.and_then(|k| self.strange.get(k)).is_some_and(|s| s.index == at);
            let home_left = at >= 2 && self.reading.han(at - 2).is_some() && !strange(i.checked_sub(1), at - 1);
            let home_right = self.reading.han(at + 1).is_some() && !strange(Some(i + 1), at + 1);
            self.strange[i].firm = !(home_left && home_right);
        }
        self.firm = self.strange.iter().filter(|s| s.firm).count();
    }

    fn count_repeated(&mut self) {
        let mut all: Vec<(char, char)> = self.strange.iter().map(|s| s.pair).collect();
        all.sort_unstable();
        for same in all.chunk_by(|a, b| a == b).filter(|s| s.len() > 1) {
            self.repeated.push((same[0], same.len() as u32));
        }
    }

    /// How often a pair that the model does not know stands in this text; 1 also for one that it has not.
    pub fn times(&self, pair: (char, char)) -> u32 {
        self.repeated.binary_search_by_key(&pair, |r| r.0).map_or(1, |i| self.repeated[i].1)
    }

    /// True where two Han characters stand side by side near the character `index`.
    pub fn has_near(&self, index: usize, pair: (char, char)) -> bool {
        let (word, bit) = sieve_bit(pair);
        if self.sieve.get(word).is_none_or(|w| w & bit == 0) {
            return false;
        }
        let glyphs = &self.reading.glyphs;
        let near = &glyphs[index.saturating_sub(ARTICLE)..glyphs.len().min(index + ARTICLE)];
        near.windows(2).any(|w| w[0].folded == pair.0 && w[1].folded == pair.1)
    }

    /// True where the text is in traditional characters.
    pub fn is_traditional(&self) -> bool {
        self.reading.traditional as f32 > TRADITIONAL * self.pairs as f32
    }

    /// Share of firm strange pairs in the whole text, `without` of them left out. The prior of one in forty keeps a short
    /// text from looking noisier than it can be known to be.
    pub fn noise(&self, without: usize) -> f32 {
        (self.firm.saturating_sub(without) as f32 + 1.0) / (self.pairs.saturating_sub(without) as f32 + 40.0)
    }

    /// True where the text may be noisy, or is too short to be known to be clean: seams between words are looked at too.
    pub fn is_doubtful(&self) -> bool {
        self.firm as f32 + SHORT_FIRM > NOISY * (self.pairs as f32 + SHORT_PAIRS)
    }

    /// Firm strange pairs near the place at byte `at` that do not touch it.
    pub fn near(&self, at: usize) -> usize {
        let i = self.strange.partition_point(|s| s.at < at);
        let apart = |s: &&Strange| s.firm && (s.at < at || s.at > at + 4);
        let before = self.strange[..i].iter().rev().take_while(|s| at - s.at <= NEAR);
        let after = self.strange[i..].iter().take_while(|s| s.at - at <= NEAR);
        before.filter(apart).count() + after.filter(apart).count()
    }

    /// Firm strange pairs that the character at byte `at`, ending at `end`, is a part of.
    pub fn firm_at(&self, at: usize, end: usize) -> usize {
        let i = self.strange.partition_point(|s| s.at < at);
        self.strange[i..].iter().take_while(|s| s.at <= end).filter(|s| s.firm && (s.at == at || s.at == end)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn damage_is_strange_and_news_is_not() {
        let l = Language::embedded();
        let clean = Survey::of("会议强调，要认真做好疫情防控工作，保障人民群众生命安全。", &l.model);
        assert!(clean.firm == 0 && clean.pairs > 20, "{:?}", clean.strange);
        let damaged = Survey::of("会汉强调，要认真做妤疫情防控工柞。", &l.model);
        assert!(damaged.strange.len() >= 3 && damaged.noise(0) > clean.noise(0));
        assert!(Survey::of("會議強調，認真做好工作", &l.model).is_traditional() && !clean.is_traditional());
    }
}
