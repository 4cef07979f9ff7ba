//! How much a text costs under counted letter statistics, in half bits: the lower, the more it looks like writing.
//!
//! Two readings of the same bytes can be compared by it. It must never decide anything, and it says nothing of
//! whether a text is correct: a rare name costs more than a common wrong word.

mod alphabet;
mod cjk;

pub use alphabet::{Alphabet, Sign, Unit, alphabets};
pub use cjk::{CjkLanguage, cjk_cost, han_costs};

/// What a letter costs that does not belong to the alphabet, in half bits. A letter that belongs costs 2 to 20.
pub const FOREIGN: u32 = 34;
/// A control character, a private-use character or U+FFFD.
pub const GARBAGE: u32 = 48;
/// A small letter before a capital inside a word.
const CAMEL: u32 = 12;

/// The cost of a whole text.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Cost {
    /// In half bits. ASCII next to ASCII costs nothing.
    pub half_bits: u32,
    /// Characters outside ASCII.
    pub chars: u32,
    /// Words with two capitals and then a small letter, as nobody writes them. They are not in the half bits.
    pub odd_words: u32,
}

/// The cost of `text` in the languages that suit it best: one alphabet, and one of Chinese, Japanese and Korean.
///
/// Linear in the text, times the number of alphabets where letters outside ASCII occur: for short runs.
pub fn cost(text: &str) -> Cost {
    Meter::default().cost(text.chars())
}

/// Measures one text after another without a new allocation for each.
///
/// What it measured before makes it quicker and never changes a cost.
#[derive(Debug, Default)]
pub struct Meter {
    pairs: Vec<(Sign, Sign)>,
    /// The alphabet that suited the last text: it is asked first, so that the others can be left early.
    last: usize,
}

impl Meter {
    /// The [`cost`] of characters in a row.
    pub fn cost(&mut self, text: impl Iterator<Item = char>) -> Cost {
        self.cost_below(text, u32::MAX)
    }

    /// The same; where it is not below `limit`, any number from `limit` on may stand for it.
    pub fn cost_below(&mut self, text: impl Iterator<Item = char>, limit: u32) -> Cost {
        self.pairs.clear();
        let mut cjk = [0_u32; CjkLanguage::ALL.len()];
        let (mut chars, mut alphabetic, mut symbols, mut common) = (0, false, 0, 0);
        let (mut capitals, mut small, mut odd_words) = (0, false, 0);
        let mut before = Sign::EDGE;
        for c in text {
            let mut sign = Sign::EDGE;
            if c.is_ascii() {
                sign = Sign::of(c);
            } else {
                chars += 1;
                if let Some(costs) = cjk_cost(c) {
                    cjk.iter_mut().zip(costs).for_each(|(sum, n)| *sum += u32::from(n));
                } else {
                    sign = Sign::of(c);
                    match sign.symbol() {
                        Some(n) => symbols += n,
                        None => alphabetic = true,
                    }
                }
            }
            if !sign.is_word() {
                (capitals, small) = (0, false);
            } else if !small {
                capitals += u32::from(sign.is_capital());
                small = sign.is_small();
                odd_words += u32::from(small && capitals >= 2);
            }
            common += Sign::step(before, sign);
            if !Sign::plain(before, sign) {
                self.pairs.push((before, sign));
            }
            before = sign;
        }
        let mut half_bits = cjk.into_iter().min().unwrap_or(0);
        if !alphabetic {
            half_bits += symbols;
        } else {
            common += Sign::step(before, Sign::EDGE);
            if !Sign::plain(before, Sign::EDGE) {
                self.pairs.push((before, Sign::EDGE));
            }
            half_bits += common;
            half_bits = half_bits.saturating_add(self.cheapest(limit.saturating_sub(half_bits)));
        }
        Cost { half_bits, chars, odd_words }
    }

    /// What the pairs cost in the alphabet that suits them best, or `limit` where that is less.
    fn cheapest(&mut self, limit: u32) -> u32 {
        let all = alphabets();
        let mut best = limit;
        let first = self.last.min(all.len().saturating_sub(1));
        for n in std::iter::once(first).chain((0..all.len()).filter(|n| *n != first)) {
            if let Some(cost) = all.get(n).and_then(|a| a.cost(&self.pairs, best)) {
                (best, self.last) = (cost, n);
            }
        }
        best
    }
}

/// The cost of a text in each of Chinese, Japanese and Korean, in half bits, and its characters outside ASCII.
/// Letters of other scripts cost as strangers. Linear, and much cheaper than [`cost`].
pub fn cjk_text_costs(text: &str) -> ([u32; CjkLanguage::ALL.len()], u32) {
    let mut sums = [0_u32; CjkLanguage::ALL.len()];
    let (mut other, mut chars) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        chars += 1;
        match cjk_cost(c) {
            Some(costs) => sums.iter_mut().zip(costs).for_each(|(sum, n)| *sum += u32::from(n)),
            None => other += symbol_cost(c).unwrap_or(FOREIGN),
        }
    }
    (sums.map(|n| n + other), chars)
}

/// The cost of a mark or symbol outside ASCII by itself, in half bits; None for a letter.
pub fn symbol_cost(c: char) -> Option<u32> {
    Some(match c {
        '“' | '”' | '‘' | '’' | '„' | '‚' | '–' | '—' | '…' | '«' | '»' => 12,
        '\u{A0}' | '°' | '§' | '·' | '•' | '€' | '£' | '№' | '©' | '®' | '™' | '½' | '¼' | '¾' | 'º' | 'ª' | '¿'
        | '¡' | '±' | '×' | '‹' | '›' | '´' | '\u{AD}' => 18,
        '\u{A1}'..='\u{BF}' | '÷' | '†' | '‡' | '‰' | '\u{2000}'..='\u{206F}' => 26,
        '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{FEFF}' => GARBAGE,
        '\u{2070}'..='\u{214F}' => 28,
        '\u{2150}'..='\u{2E7F}' | '\u{1F000}'..='\u{1FAFF}' => 32,
        '\u{2C2}'..='\u{2DF}' => 30,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheaper(right: &str, wrong: &str) {
        let (a, b) = (cost(right).half_bits, cost(wrong).half_bits);
        assert!(a < b, "{right} {a} {wrong} {b}");
    }

    #[test]
    fn writing_costs_less_than_its_mojibake() {
        cheaper("schön und größer", "schÃ¶n und grÃ¶ÃŸer");
        cheaper("中国人民", "ÖÐ¹úÈËÃñ");
        cheaper("中国人民", "涓浗浜烘皯");
        cheaper("правда", "рТБЧДБ");
        cheaper("Čeština", "ÄŒeÅ¡tina");
        cheaper("日本の新聞", "“ú–{‚ÌV•·");
        cheaper("신문을 읽는다", "脚巩阑 佬绰促");
    }

    #[test]
    fn ascii_costs_nothing() {
        assert_eq!(cost("Plain old ASCII, 1899.").half_bits, 0);
    }
}
