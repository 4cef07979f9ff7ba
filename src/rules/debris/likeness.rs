//! How alike two short lines are under OCR noise: shared pairs of characters, digits folded. It must never be asked of
//! long texts.

use crate::text::script::{is_letter_or_digit, is_number, lower};

/// Sorted pairs of characters of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Bigrams(Vec<(char, char)>);

impl Bigrams {
    pub(super) fn of(text: &str) -> Self {
        let mut before = ' ';
        let mut out = Vec::new();
        for c in text.chars().filter(|c| is_letter_or_digit(*c)) {
            let c = if is_number(c) { '0' } else { lower(c) };
            out.push((before, c));
            before = c;
        }
        out.sort_unstable();
        Self(out)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Dice's measure: twice the shared pairs over all pairs.
pub(super) fn likeness(a: &Bigrams, b: &Bigrams) -> f32 {
    let (n, m) = (a.0.len(), b.0.len());
    if n < 3 || m < 3 || n > 2 * m || m > 2 * n {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while i < n && j < m {
        match a.0[i].cmp(&b.0[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    2.0 * shared as f32 / (n + m) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbled_copies_are_alike_and_other_lines_are_not() {
        let l = |a, b| likeness(&Bigrams::of(a), &Bigrams::of(b));
        assert!(l("Page 2 THE HARROW GAZETTE Wednesday", "Page 5 TIIE HARROW GAZET1E Wednesday") > 0.7);
        assert!(l("A5　要闻　2015年10月15日 星期四　江州日报", "A6 综合 2015年10月15日 星期四 江州日报") > 0.7);
        assert!(l("Plans for a new generation of", "silent aircraft, designed to") < 0.4);
    }
}
