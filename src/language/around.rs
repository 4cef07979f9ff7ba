//! `Around`: what the Han model says of one place with any character in it, asking no question twice.
//!
//! It must give the same numbers as [`HanModel::window`]; it exists because a place is asked with a dozen candidates.

use super::model::{ALPHABET, HanModel, ORDER};
use super::ngram::{extend, key};
use smallvec::SmallVec;

/// A count, and what the shorter context weighs against it.
type Count = (f32, f32);

/// A place between its folded neighbours.
#[derive(Clone, Debug)]
pub struct Around<'m> {
    model: &'m HanModel,
    /// Keys of the neighbours before the place, from none to all three, and how often those were seen.
    before: SmallVec<[(u64, Count); ORDER]>,
    after: SmallVec<[Behind; ORDER]>,
}

/// A neighbour behind the place.
#[derive(Clone, Debug)]
struct Behind {
    c: char,
    /// Its probability from what stands between it and the place.
    p: f32,
    /// False where that was seen never, so that longer contexts are not asked.
    open: bool,
}

/// Counts of the sequences of up to four characters over the place, by characters before it and behind it.
struct Counts<'a> {
    around: &'a Around<'a>,
    c: char,
    known: [[Option<Count>; ORDER]; ORDER],
}

impl Counts<'_> {
    fn of(&mut self, before: usize, behind: usize) -> Count {
        if let Some(n) = self.known[before][behind] {
            return n;
        }
        // What is longer was never seen where the shorter was not.
        let never = |n: Option<Count>| n.is_some_and(|n| n.0 == 0.0);
        if (before > 0 && never(self.known[before - 1][behind]))
            || (behind > 0 && never(self.known[before][behind - 1]))
        {
            let n = self.around.model.never();
            self.known[before][behind] = Some(n);
            return n;
        }
        let after = self.around.after.iter().take(behind);
        let k = after.fold(extend(self.around.before[before].0, self.c), |k, b| extend(k, b.c));
        let n = self.around.model.count(k);
        self.known[before][behind] = Some(n);
        n
    }
}

impl<'m> Around<'m> {
    /// The place `at` of `chars`, all folded.
    pub fn new(model: &'m HanModel, chars: &[char], at: usize) -> Self {
        let from = at.saturating_sub(ORDER - 1);
        let before = (from..=at).rev().map(|start| {
            let k = key(&chars[start..at]);
            (k, if start < at { model.count(k) } else { (0.0, 0.0) })
        });
        let before = before.collect();
        let behind = chars.get(at + 1..).unwrap_or_default();
        let after = (0..behind.len().min(ORDER - 1)).map(|i| {
            let (mut p, mut open) = (alone(model, model.count(key(&behind[i..=i])).0), true);
            let mut together = true;
            for start in (0..i).rev() {
                let context = key(&behind[start..i]);
                let (seen, shorter) = model.count(context);
                if seen < 1.0 {
                    open = false;
                    break;
                }
                let both = if together { model.count(extend(context, behind[i])).0 } else { 0.0 };
                together = both > 0.0;
                p = (both.min(seen) + shorter * p) / (seen + shorter);
            }
            Behind { c: behind[i], p, open }
        });
        Self { model, before, after: after.collect() }
    }

    /// [`HanModel::window`] with `c`, folded, in the place.
    pub fn window(&self, c: char) -> f32 {
        let mut counts = Counts { around: self, c, known: [[None; ORDER]; ORDER] };
        let mut p = alone(self.model, counts.of(0, 0).0);
        for (n, &(_, (seen, shorter))) in self.before.iter().enumerate().skip(1) {
            if seen < 1.0 {
                break;
            }
            p = (counts.of(n, 0).0.min(seen) + shorter * p) / (seen + shorter);
        }
        let mut sum = p.max(1e-9).ln();
        for (i, behind) in self.after.iter().enumerate() {
            let mut p = behind.p;
            // Contexts from the place on, then with what stands before it, of three characters at most.
            for n in 0..self.before.len().min(ORDER - 1 - i) {
                if !behind.open {
                    break;
                }
                let (seen, shorter) = counts.of(n, i);
                if seen < 1.0 {
                    break;
                }
                p = (counts.of(n, i + 1).0.min(seen) + shorter * p) / (seen + shorter);
            }
            sum += p.max(1e-9).ln();
        }
        sum
    }
}

/// The probability of a character that was seen `n` times, whatever stands before it.
fn alone(model: &HanModel, n: f32) -> f32 {
    (n + 0.5) / (model.total() + 0.5 * ALPHABET)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::language::fold::fold;

    #[test]
    fn it_gives_what_the_model_gives() {
        let model = &Language::embedded().model;
        let text = "会议强调，要认真做好疫情防控工作，保障人民群众生命安全。市委、市政府召开会汉部署乇作";
        let chars: Vec<char> = text.chars().map(fold).collect();
        for at in 0..chars.len() {
            for (from, to) in [(0, chars.len()), (at.saturating_sub(3), chars.len().min(at + 4)), (at, at + 1)] {
                let around = Around::new(model, &chars[from..to], at - from);
                for c in ['会', '汉', '议', '作', '，', '乇'] {
                    let mut with = chars[from..to].to_vec();
                    with[at - from] = c;
                    assert_eq!(around.window(c), model.window(&with, at - from), "{at} {c}");
                }
            }
        }
    }
}
