//! Candidates for one place: what is drawn alike, how well the neighbours take it, and the evidence for the best.
//!
//! Everything is measured, nothing is decided here.

use super::survey::Survey;
use crate::language::fold::fold;
use crate::language::{Around, Language, LookAlike};
use crate::text::script::is_han;
use smallvec::SmallVec;

/// Characters before and after a place that the model is asked with.
const BEFORE: usize = 3;
const AFTER: usize = 3;
/// Candidates that the model is asked about in full, the best by pairs and likeness.
const FULL: usize = 12;
/// Longest word that is asked for.
const LONGEST: usize = 4;

/// What speaks for one candidate in one place.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The character as it would be written.
    pub with: char,
    /// Likeness of the drawings, 0 to 1.
    pub likeness: f32,
    /// How often a recogniser was seen to do it.
    pub misread: u32,
    /// Model score with it less the score of what stands there, natural logarithm.
    pub gain: f32,
    /// Longest word over the place with it.
    pub word: SmallVec<[char; 4]>,
    /// Logarithm of that word's frequency.
    pub word_frequency: f32,
    /// Sides that stay strange.
    pub strange: usize,
    /// All of it in one number: what candidates are ranked by.
    pub score: f32,
}

/// A place with its neighbours.
#[derive(Clone, Debug)]
pub struct Place {
    /// Offset of the character.
    pub at: usize,
    /// The character as written.
    pub written: char,
    /// Neighbours and the character, folded; white space at a line end stops them.
    chars: SmallVec<[char; 8]>,
    /// Where in `chars` it stands.
    here: usize,
    /// Whether the side before it and the one behind it is strange.
    odd: (bool, bool),
    /// Sides with a Han character beside it that is strange.
    pub strange: usize,
}

/// Numbers that a place and its best candidate are judged by: term and value.
pub type Terms = SmallVec<[(&'static str, f32); 20]>;

impl Place {
    /// The place at byte `at` of `text`.
    pub fn new(text: &str, at: usize, language: &Language) -> Option<Self> {
        let written = text.get(at..)?.chars().next()?;
        let stop = |c: &char| !matches!(c, '\n' | '\u{C}');
        let mut chars: SmallVec<[char; 8]> = text[..at].chars().rev().take_while(stop).take(BEFORE).collect();
        chars.reverse();
        let here = chars.len();
        chars.extend(text[at..].chars().take_while(stop).take(AFTER + 1));
        chars.iter_mut().for_each(|c| *c = fold(*c));
        let mut place = Self { at, written, chars, here, odd: (false, false), strange: 0 };
        let (left, right) = place.neighbours();
        let (mine, m) = (place.chars[here], &language.model);
        place.odd = (
            left.is_some_and(|l| is_han(l) && !m.knows_pair(l, mine)),
            right.is_some_and(|r| is_han(r) && !m.knows_pair(mine, r)),
        );
        place.strange = usize::from(place.odd.0) + usize::from(place.odd.1);
        Some(place)
    }

    /// Strange sides with `c` in the place, and how much the model has seen of the others, in logarithms.
    fn sides(&self, c: char, language: &Language) -> (usize, f32) {
        let m = &language.model;
        let (left, right) = self.neighbours();
        let (mut strange, mut seen) = (0, 0.0);
        for pair in [left.map(|l| [l, c]), right.map(|r| [c, r])].into_iter().flatten() {
            if is_han(pair[0]) && is_han(pair[1]) {
                match m.seen(&pair) {
                    0.0 => strange += 1,
                    n => seen += n.ln(),
                }
            }
        }
        (strange, seen)
    }

    /// Whether `c` in the place was seen after the Han character before it, and before the one behind it.
    fn at_home(&self, c: char, language: &Language) -> (bool, bool) {
        let (left, right) = self.neighbours();
        let m = &language.model;
        let han = |n: Option<char>| n.filter(|n| is_han(*n));
        (
            is_han(c) && han(left).is_some_and(|l| m.knows_pair(l, c)),
            is_han(c) && han(right).is_some_and(|r| m.knows_pair(c, r)),
        )
    }

    /// First byte of the character and the one after its last.
    pub fn extent(&self) -> (usize, usize) {
        (self.at, self.at + self.written.len_utf8())
    }

    /// True where the character stands right beside the bytes `at..end`.
    pub fn touches(&self, at: usize, end: usize) -> bool {
        let mine = self.extent();
        mine.1 == at || mine.0 == end
    }

    /// True where three of four characters over the place are an idiom's and the place is not.
    pub fn spoils_idiom(&self, language: &Language) -> bool {
        self.four().any(|s| {
            let four = &self.chars[s..s + 4];
            language.idioms.with_gap(four, self.here - s) && language.han.frequency(four) < 1.0
        })
    }

    /// Starts of the runs of four Han characters over the place.
    fn four(&self) -> impl Iterator<Item = usize> + '_ {
        let starts = self.here.saturating_sub(3)..=self.here;
        starts.filter(|&s| self.chars.get(s..s + 4).is_some_and(|f| f.iter().all(|&c| is_han(c))))
    }

    /// The neighbouring characters, folded: left, right.
    pub fn neighbours(&self) -> (Option<char>, Option<char>) {
        (self.here.checked_sub(1).map(|i| self.chars[i]), self.chars.get(self.here + 1).copied())
    }

    /// Longest word over the place with `c` in it, and the logarithm of its frequency. `sides` says whether `c` was seen
    /// beside its neighbours: the model knows all pairs of all words, so no other run need be looked up.
    fn word(&self, c: char, sides: (bool, bool), language: &Language) -> (SmallVec<[char; 4]>, f32) {
        let mut with = self.chars.clone();
        with[self.here] = c;
        // How many characters on each side may be of one word with it.
        let pair = |i: usize| is_han(with[i]) && is_han(with[i + 1]) && language.model.knows_pair(with[i], with[i + 1]);
        let most = LONGEST - 1;
        let (mut before, mut after) = (0, 0);
        if sides.0 {
            before = 1 + (self.here.saturating_sub(most)..self.here - 1).rev().take_while(|&i| pair(i)).count();
        }
        if sides.1 {
            let last = (self.here + most).min(with.len() - 1);
            after = 1 + (self.here + 1..last).take_while(|&i| pair(i)).count();
        }
        let (first, end) = (self.here - before, self.here + after + 1);
        for length in (2..=LONGEST.min(end - first)).rev() {
            let from = (self.here + 1).saturating_sub(length).max(first);
            let best = (from..=self.here)
                .filter(|&s| s + length <= end)
                .map(|s| (language.han.frequency(&with[s..s + length]), s))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((n, s)) = best.filter(|b| b.0 >= 1.0) {
                return (SmallVec::from_slice(&with[s..s + length]), n.ln());
            }
        }
        (SmallVec::new(), 0.0)
    }

    /// Candidates that leave fewer sides strange, best first.
    pub fn candidates(&self, survey: &Survey, language: &Language, buffer: &mut Vec<LookAlike>) -> Vec<Candidate> {
        language.look_alikes.of(self.written, buffer);
        let wrong_script = if survey.is_traditional() { 's' } else { 't' };
        let mine = self.chars[self.here];
        // Cheap first: likeness and the pairs, for all of them. What leaves the strange side strange is asked no further,
        // unless it is a known misreading.
        let (left, right) = self.neighbours();
        let idiom = self.spoils_idiom(language);
        let mends = |c: char| {
            idiom && {
                let mut with = self.chars.clone();
                with[self.here] = c;
                self.four().any(|s| {
                    language.idioms.with_gap(&with[s..s + 4], self.here - s)
                        && language.han.frequency(&with[s..s + 4]) >= 1.0
                })
            }
        };
        let known = |c: char| {
            let m = &language.model;
            (self.odd.0 && left.is_some_and(|l| m.knows_pair(l, c)))
                || (self.odd.1 && right.is_some_and(|r| m.knows_pair(c, r)))
        };
        let mut kept: Vec<(f32, usize, LookAlike)> = buffer
            .iter()
            .filter_map(|&a| {
                let f = fold(a.with);
                let mended = f != mine && mends(f);
                if f == mine || a.misread == 0 && !mended && !known(f) {
                    return None;
                }
                let (strange, seen) = self.sides(f, language);
                let rough = 6.0 * a.likeness + (1.0 + a.misread as f32).ln() + 0.7 * seen - 3.0 * strange as f32;
                (strange < self.strange || mended || (strange == self.strange && a.misread > 0))
                    .then_some((rough, strange, a))
            })
            .collect();
        if kept.is_empty() {
            return Vec::new();
        }
        kept.sort_by(|a, b| b.0.total_cmp(&a.0));
        kept.truncate(FULL);
        kept.retain(|k| language.look_alikes.script(k.2.with) != Some(wrong_script));
        let around = Around::new(&language.model, &self.chars, self.here);
        let base = around.window(mine);
        let mut out: Vec<Candidate> = kept
            .into_iter()
            .map(|(_, strange, a)| {
                let f = fold(a.with);
                let gain = around.window(f) - base;
                let (word, word_frequency) = self.word(f, self.at_home(f, language), language);
                let mut c = Candidate {
                    with: a.with,
                    likeness: a.likeness,
                    misread: a.misread,
                    gain,
                    word,
                    word_frequency,
                    strange,
                    score: 0.0,
                };
                c.score = rank(&c);
                c
            })
            .collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score));
        out
    }

    /// The numbers by which the best of `candidates` is judged.
    pub fn terms(&self, candidates: &[Candidate], survey: &Survey, language: &Language) -> Terms {
        let Some(best) = candidates.first() else { return Terms::new() };
        let m = &language.model;
        let mine = self.chars[self.here];
        let (own_word, own_frequency) = self.word(mine, self.at_home(mine, language), language);
        let shown = (self.chars.len() - self.here).min(4) as f32;
        let before = m.window(&self.chars, self.here) / shown;
        let (left, right) = self.neighbours();
        let times = [left.map(|l| (l, mine)), right.map(|r| (mine, r))]
            .into_iter()
            .flatten()
            .map(|p| survey.times(p))
            .max()
            .unwrap_or(1);
        let han = |c: Option<char>| f32::from(u8::from(c.is_some_and(is_han)));
        let second = candidates.get(1).map_or(0.0, |c| c.score);
        let mut t = Terms::new();
        t.push(("gain", best.gain));
        t.push(("before", before));
        t.push(("after", before + best.gain / shown));
        t.push(("likeness", best.likeness));
        t.push(("misread", (1.0 + best.misread as f32).ln()));
        t.push(("margin", best.score - second.max(0.0)));
        t.push(("word", best.word.len() as f32));
        t.push(("word-frequency", best.word_frequency));
        t.push(("own-word", own_word.len() as f32));
        t.push(("own-word-frequency", own_frequency));
        t.push(("strange", self.strange as f32));
        t.push(("strange-after", best.strange as f32));
        t.push(("sides", han(left) + han(right)));
        t.push(("own-frequency", (1.0 + m.seen(&[mine])).ln()));
        t.push(("frequency", (1.0 + m.seen(&[fold(best.with)])).ln()));
        t.push(("near", survey.near(self.at) as f32));
        let firm = survey.firm_at(self.at, self.at + self.written.len_utf8());
        t.push(("firm", firm as f32));
        t.push(("noise", survey.noise(firm).ln()));
        t.push(("times", (times as f32).ln()));
        t
    }
}

/// What candidates of one place are ranked by. Set by hand: on recognised captions the best was the
/// right one in four of five places where the right one was a candidate (`learn_han`).
fn rank(c: &Candidate) -> f32 {
    c.gain + 6.0 * c.likeness + 1.0 * (1.0 + c.misread as f32).ln() + 0.5 * c.word.len() as f32 - 2.0 * c.strange as f32
}
