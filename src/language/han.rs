//! `HanWords`: Chinese words with their frequencies, and whether a word stands across a break.
//!
//! It must never decide a join; it gives numbers and the word.

use super::counts::{CountTable, mix};
use super::fold::simplified;
use super::ngram::{extend, key};
use crate::text::lists;
use crate::text::script::is_han;
use smallvec::SmallVec;

/// Longest word that is asked for, in characters.
const LONGEST: usize = 4;
/// Logarithm of the cost of a character that is no word of its own, in units of natural logarithm.
const UNKNOWN: f32 = -17.0;
/// Put behind a character in the key that says it is a bound morpheme (the list's parts of speech `ng`, `vg`, `ag`...).
const BOUND: char = '\u{1}';
/// Characters on each side of a break that a reading covers.
const WINDOW: usize = 5;

/// The key of a word: sixteen bits a character, the first of longer ones stirred in.
fn word_key(word: impl Iterator<Item = char>) -> u64 {
    let step = |(n, k): (usize, u64), c| (n + 1, extend(if n < 4 { k } else { mix(k) }, simplified(c)));
    word.fold((0, 0), step).1
}

/// Costs of words by where they start and by their length less one.
type Costs = [[f32; LONGEST]; 2 * WINDOW];

/// Words of a reviewable list, by fingerprint.
#[derive(Clone, Debug, Default)]
pub struct HanWords {
    table: CountTable,
}

/// What the word list says of a break between two Han characters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Crossing {
    /// Best reading without a boundary at the break minus best reading with one, as logarithms. Above 0: a word stands
    /// across.
    pub gain: f32,
    /// That word, where there is one.
    pub word: String,
    /// True where the best readings leave a single character beside the break that hardly ever stands alone.
    pub stump: bool,
}

impl HanWords {
    /// Words over a built table.
    pub fn new(table: CountTable) -> Self {
        Self { table }
    }

    /// Words of lines `word TAB frequency ...` with their frequencies and what else is said of them.
    pub(super) fn rows(tsv: &str) -> impl Iterator<Item = (&str, u64, &str)> {
        lists::rows(tsv).filter_map(|l| {
            let mut f = l.split('\t');
            Some((f.next()?, f.next()?.parse().ok()?, f.next().unwrap_or("")))
        })
    }

    /// Builds the stored form from lines `word TAB frequency ...`; lines with `#` are skipped.
    pub fn build(tsv: &str) -> Vec<u8> {
        let rows: Vec<(&str, u64, &str)> = Self::rows(tsv).collect();
        let total = rows.iter().map(|r| r.1).sum();
        let mut counts = std::collections::BTreeMap::<u64, u64>::new();
        for &(w, n, _) in &rows {
            // Of a word in two scripts the more frequent.
            let known = counts.entry(word_key(w.chars())).or_default();
            *known = n.max(*known).max(1);
        }
        for &(w, _, pos) in &rows {
            // What a traditional form is bound to may be said of that form alone.
            if pos.ends_with('g') && w.chars().count() == 1 && w.chars().all(|c| simplified(c) == c) {
                counts.insert(word_key(w.chars().chain([BOUND])), 1);
            }
        }
        CountTable::build_sparse(&counts.into_iter().collect::<Vec<_>>(), 3, total)
    }

    /// How often the word was counted; 0 where it is unknown. Traditional characters are read as simplified ones.
    pub fn frequency(&self, word: &[char]) -> f32 {
        self.table.count(word_key(word.iter().copied()))
    }

    /// The same of a word of at most four characters that are folded already.
    #[inline]
    pub fn frequency_folded(&self, word: &[char]) -> f32 {
        self.table.count(key(word))
    }

    fn cost(&self, word: &[char]) -> f32 {
        let n = self.frequency(word);
        let total = (self.table.total() as f32).max(1.0);
        if n >= 1.0 {
            (n / total).ln()
        } else if word.len() == 1 {
            UNKNOWN
        } else {
            f32::NEG_INFINITY
        }
    }

    /// The costs of all words of a run of Han characters, by where they start and how long they are.
    fn costs(&self, chars: &[char]) -> Costs {
        let mut out = [[f32::NEG_INFINITY; LONGEST]; 2 * WINDOW];
        for (start, row) in out.iter_mut().enumerate().take(chars.len()) {
            for (k, cost) in row.iter_mut().enumerate().take(chars.len() - start) {
                *cost = self.cost(&chars[start..=start + k]);
            }
        }
        out
    }

    /// Best reading of a run of Han characters: its logarithm, and where its words end.
    fn best(costs: &Costs, n: usize, across: Option<usize>) -> (f32, SmallVec<[usize; 12]>) {
        let mut score = [f32::NEG_INFINITY; 2 * WINDOW + 1];
        let mut from = [0usize; 2 * WINDOW + 1];
        score[0] = 0.0;
        for end in 1..=n {
            for start in end.saturating_sub(LONGEST)..end {
                if across.is_some_and(|a| start < a && a < end) {
                    continue;
                }
                let s = score[start] + costs[start][end - start - 1];
                if s > score[end] {
                    score[end] = s;
                    from[end] = start;
                }
            }
        }
        let mut cuts: SmallVec<[usize; 12]> = SmallVec::from_slice(&[n]);
        let mut at = n;
        while at > 0 {
            at = from[at];
            cuts.push(at);
        }
        cuts.reverse();
        (score[n], cuts)
    }

    /// What stands across the break between `left` and `right`. Only the Han characters next to it count.
    pub fn crossing(&self, left: &str, right: &str) -> Crossing {
        if self.table.is_empty() {
            return Crossing::default();
        }
        let mut l: SmallVec<[char; WINDOW]> = left.chars().rev().take(WINDOW).take_while(|&c| is_han(c)).collect();
        l.reverse();
        let r: SmallVec<[char; WINDOW]> = right.chars().take(WINDOW).take_while(|&c| is_han(c)).collect();
        if l.is_empty() || r.is_empty() {
            return Crossing::default();
        }
        let at = l.len();
        let all: SmallVec<[char; 2 * WINDOW]> = l.iter().chain(&r).copied().collect();
        let costs = self.costs(&all);
        let (free, free_cuts) = Self::best(&costs, all.len(), None);
        let (cut, cuts) = Self::best(&costs, all.len(), Some(at));
        let word = free_cuts.windows(2).find(|w| w[0] < at && at < w[1]).map(|w| all[w[0]..w[1]].iter().collect());
        let before = cuts.iter().rev().find(|&&c| c < at).map_or(at, |&c| at - c);
        let after = cuts.iter().find(|&&c| c > at).map_or(0, |&c| c - at);
        let stump =
            (before == 1 && l.len() > 1 && self.bound(l[at - 1])) || (after == 1 && r.len() > 1 && self.bound(r[0]));
        Crossing { gain: free - cut, word: word.unwrap_or_default(), stump }
    }

    /// True where the list knows a character as a bound morpheme: part of words, no word.
    fn bound(&self, c: char) -> bool {
        self.frequency(&[c, BOUND]) >= 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> HanWords {
        let tsv = "# licence: test\n中医\t900\n医生\t5000\n代表\t9000\n希望\t7000\n发展\t8000\n师\t2\tng\n生\t40\n医\t30\n的\t900000\n又\t9000\n是\t90000\n望\t30\n希\t4\n";
        HanWords::new(CountTable::new(HanWords::build(tsv)).expect("table"))
    }

    #[test]
    fn a_word_across_the_break_gains() {
        let c = words().crossing("来株发展。希", "望的代表");
        assert!(c.gain > 3.0 && c.word == "希望", "{c:?}");
        let c = words().crossing("又", "是的");
        assert!(c.gain <= 0.0 && c.word.is_empty(), "{c:?}");
    }

    #[test]
    fn a_stump_beside_the_break_is_seen() {
        assert!(words().crossing("中医生", "师代表").stump);
        assert!(!words().crossing("的代表", "的希望").stump);
    }

    #[test]
    fn marks_end_the_window() {
        assert_eq!(words().crossing("发展。", "代表"), Crossing::default());
    }
}
