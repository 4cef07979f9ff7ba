//! `HanWords`: Chinese words with their frequencies, and whether a word stands across a break.
//!
//! It must never decide a join; it gives numbers and the word.

use super::counts::{CountTable, key_of, key_of_bytes};
use super::fold::simplified;
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

/// Costs of words by where they start and by their length less one.
type Costs = [[f32; LONGEST]; 2 * WINDOW];

/// Words of a reviewable list, by fingerprint.
#[derive(Clone, Debug, Default)]
pub struct HanWords {
    table: CountTable,
}

/// Idioms of four characters with one of them left open, by fingerprint.
#[derive(Clone, Debug, Default)]
pub struct Idioms {
    table: CountTable,
}

impl Idioms {
    /// Idioms over a built table.
    pub fn new(table: CountTable) -> Self {
        Self { table }
    }

    /// Builds the stored form from the word list: words of four characters that it calls idioms or set phrases.
    pub fn build(tsv: &str) -> Vec<u8> {
        let mut keys = std::collections::BTreeSet::new();
        for line in tsv.lines().filter(|l| !l.starts_with('#')) {
            let mut f = line.split('\t');
            let word: Vec<char> = f.next().unwrap_or("").chars().collect();
            if let ([_, _, _, _], Some("i" | "l")) = (word.as_slice(), f.nth(1)) {
                keys.extend((0..4).map(|open| gap_key(&word, open)));
            }
        }
        let rows: Vec<(u64, u64)> = keys.into_iter().map(|k| (k, 1)).collect();
        CountTable::build(&rows, 2, rows.len() as u64)
    }

    /// True where some idiom has these four characters, whatever stands at `open`.
    pub fn with_gap(&self, four: &[char], open: usize) -> bool {
        four.len() == 4 && self.table.contains(gap_key(four, open))
    }
}

/// A key for four characters of which one is left open. Sixteen bits a character, as the models have it.
fn gap_key(four: &[char], open: usize) -> u64 {
    let at = |i: usize| if i == open { 1 } else { u64::from((simplified(four[i]) as u32).min(0xFFFD) as u16) };
    (0..4).fold(0, |k, i| k << 16 | at(i))
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

    /// Builds the stored form from lines `word TAB frequency ...`; lines with `#` are skipped.
    pub fn build(tsv: &str) -> Vec<u8> {
        let rows: Vec<(&str, u64, &str)> = tsv
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| {
                let mut f = l.split('\t');
                Some((f.next()?, f.next()?.parse().ok()?, f.next().unwrap_or("")))
            })
            .collect();
        let total = rows.iter().map(|r| r.1).sum();
        let mut counts: std::collections::BTreeMap<u64, u64> =
            rows.iter().map(|&(w, n, _)| (key_of(w), n.max(1))).collect();
        for &(w, _, pos) in &rows {
            if pos.ends_with('g') && w.chars().count() == 1 {
                counts.insert(key_of(&format!("{w}{BOUND}")), 1);
            }
        }
        CountTable::build(&counts.into_iter().collect::<Vec<_>>(), 3, total)
    }

    /// How often the word was counted; 0 where it is unknown. Traditional characters are read as simplified ones.
    pub fn frequency(&self, word: &[char]) -> f32 {
        let mut buf = [0u8; 4];
        let mut bytes = SmallVec::<[u8; 16]>::new();
        for &c in word {
            bytes.extend_from_slice(simplified(c).encode_utf8(&mut buf).as_bytes());
        }
        self.table.count(key_of_bytes(bytes.into_iter()))
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
    fn an_idiom_is_known_by_three_of_its_characters() {
        let tsv = "# licence: test\n严阵以待\t43\ti\n市政协会\t9\tn\n";
        let idioms = Idioms::new(CountTable::new(Idioms::build(tsv)).expect("table"));
        let v = |s: &str| s.chars().collect::<Vec<_>>();
        assert!(idioms.with_gap(&v("严防以待"), 1) && idioms.with_gap(&v("嚴陣以侍"), 3));
        assert!(
            !idioms.with_gap(&v("严防以待"), 2) && !idioms.with_gap(&v("市政协员"), 3) && !idioms.with_gap(&v("严"), 0)
        );
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
