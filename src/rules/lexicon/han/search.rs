//! Candidates for one place: what is drawn alike, how well the neighbours take it, and the evidence for the best.
//!
//! Everything is measured, nothing is decided here.

use super::reach::{MODEL_ADDS_AT_MOST, odds};
use super::reading::Reading;
use super::survey::Survey;
use super::terms::{Term, Terms};
use crate::language::{Around, Familiar, Glyph, Language, LookAlike, key};
use smallvec::SmallVec;

/// Characters before and after a place that the model is asked with.
const BEFORE: usize = 3;
const AFTER: usize = 3;
const WIDTH: usize = BEFORE + 1 + AFTER;
/// Candidates that the model is asked about in full, the best by pairs and likeness.
const FULL: usize = 12;
/// Longest word that is asked for.
const LONGEST: usize = 4;
/// A word, and the logarithm of how often it was counted; no character and 0 where there is none.
pub(super) type Word = (SmallVec<[char; 4]>, f32);

/// What speaks for one candidate in one place.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The character as it would be written.
    pub with: char,
    /// As it is counted.
    pub glyph: Glyph,
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
    /// Which character of the text it is.
    pub(super) index: usize,
    /// The character as written.
    pub written: char,
    /// Neighbours and the character, folded; white space at a line end stops them.
    pub(super) chars: [char; WIDTH],
    pub(super) glyphs: [Glyph; WIDTH],
    /// So many of them.
    pub(super) len: usize,
    /// Where among them it stands.
    pub(super) here: usize,
    /// Whether the side before it and the one behind it is strange.
    odd: (bool, bool),
    /// Sides with a Han character beside it that is strange.
    pub strange: usize,
}

impl Place {
    /// The place at the character `i` of a text.
    pub fn new(text: &str, reading: &Reading, i: usize, language: &Language) -> Option<Self> {
        let at = reading.extent(i).0;
        let written = text.get(at..)?.chars().next()?;
        let stop = |g: &&Glyph| !matches!(g.folded, '\n' | '\u{C}');
        let before = reading.glyphs[i.saturating_sub(BEFORE)..i].iter().rev().take_while(stop).count();
        let behind = &reading.glyphs[i + 1..reading.glyphs.len().min(i + 1 + AFTER)];
        let len = before + 1 + behind.iter().take_while(stop).count();
        let (mut chars, mut glyphs) = (['\0'; WIDTH], [Glyph::NOTHING; WIDTH]);
        for ((c, g), &glyph) in chars.iter_mut().zip(&mut glyphs).zip(&reading.glyphs[i - before..i - before + len]) {
            (*c, *g) = (glyph.folded, glyph);
        }
        let mut place =
            Self { at, index: i, written, chars, glyphs, len, here: before, odd: (false, false), strange: 0 };
        let mine = place.glyphs[before];
        place.odd = (
            place.left().is_some_and(|l| language.model.familiar(l, mine) == Familiar::Never),
            place.right().is_some_and(|r| language.model.familiar(mine, r) == Familiar::Never),
        );
        place.strange = usize::from(place.odd.0) + usize::from(place.odd.1);
        Some(place)
    }

    /// The Han character before it.
    pub(super) fn left(&self) -> Option<Glyph> {
        self.here.checked_sub(1).and_then(|i| self.glyphs.get(i)).copied().filter(|g| g.is_han())
    }

    /// The Han character behind it.
    pub(super) fn right(&self) -> Option<Glyph> {
        self.glyphs.get(self.here + 1).copied().filter(|g| g.is_han())
    }

    /// Sides that are strange with `c` in the place.
    pub(super) fn strange_with(&self, c: Glyph, language: &Language) -> usize {
        let strange = |a, b| usize::from(language.model.familiar(a, b) == Familiar::Never);
        self.left().map_or(0, |l| strange(l, c)) + self.right().map_or(0, |r| strange(c, r))
    }

    /// The same, and how much the model has seen of the other sides, in logarithms.
    fn sides(&self, c: Glyph, language: &Language) -> (usize, f32) {
        let m = &language.model;
        let (mut strange, mut seen) = (0, 0.0);
        for (a, b) in [self.left().map(|l| (l, c)), self.right().map(|r| (c, r))].into_iter().flatten() {
            match m.familiar(a, b) {
                Familiar::Never => strange += 1,
                Familiar::Well | Familiar::InWord => seen += m.seen(&[a.folded, b.folded]).ln(),
                Familiar::Hardly => {}
            }
        }
        (strange, seen)
    }

    /// Whether `c` in the place was seen after the Han character before it, and before the one behind it.
    fn at_home(&self, c: Glyph, language: &Language) -> (bool, bool) {
        let knows = |a, b| language.model.familiar(a, b) != Familiar::Never;
        (
            c.is_han() && self.left().is_some_and(|l| knows(l, c)),
            c.is_han() && self.right().is_some_and(|r| knows(c, r)),
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

    /// What would make an idiom of four characters over the place that are no word, each but once.
    fn fillers(&self, language: &Language) -> SmallVec<[char; 4]> {
        let mut out = SmallVec::new();
        for s in self.four() {
            let four = &self.chars[s..s + 4];
            let mut found = language.idioms.fillers(key(four), self.here - s).peekable();
            if found.peek().is_some() && language.han.frequency_folded(four) < 1.0 {
                out.extend(found);
            }
        }
        out
    }

    /// Starts of the runs of four Han characters over the place.
    fn four(&self) -> impl Iterator<Item = usize> + '_ {
        let starts = self.here.saturating_sub(3)..=self.here;
        starts.filter(|&s| self.glyphs.get(s..s + 4).is_some_and(|f| f.iter().all(|c| c.is_han())))
    }

    /// Longest word over the place with `c` in it, and the logarithm of its frequency.
    pub fn word(&self, c: Glyph, language: &Language) -> Word {
        // The model knows all pairs of all words, so no run with another pair in it need be looked up.
        let sides = self.at_home(c, language);
        let mut with = self.chars;
        with[self.here] = c.folded;
        // How many characters on each side may be of one word with it.
        let pair = |i: usize| {
            let (a, b) = (self.glyphs[i], self.glyphs[i + 1]);
            a.is_han() && b.is_han() && language.model.familiar(a, b) != Familiar::Never
        };
        let most = LONGEST - 1;
        let (mut before, mut after) = (0, 0);
        if sides.0 {
            before = 1 + (self.here.saturating_sub(most)..self.here - 1).rev().take_while(|&i| pair(i)).count();
        }
        if sides.1 {
            let last = (self.here + most).min(self.len - 1);
            after = 1 + (self.here + 1..last).take_while(|&i| pair(i)).count();
        }
        let (first, end) = (self.here - before, self.here + after + 1);
        for length in (2..=LONGEST.min(end - first)).rev() {
            let from = (self.here + 1).saturating_sub(length).max(first);
            let best = (from..=self.here)
                .filter(|&s| s + length <= end)
                .map(|s| (language.han.frequency_folded(&with[s..s + length]), s))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((n, s)) = best.filter(|b| b.0 >= 1.0) {
                return (SmallVec::from_slice(&with[s..s + length]), n.ln());
            }
        }
        (SmallVec::new(), 0.0)
    }

    /// The model around the place.
    pub(super) fn around<'m>(&self, language: &'m Language) -> Around<'m> {
        Around::new(&language.model, &self.chars[..self.len], self.here)
    }

    /// Characters that the model's window over the place has.
    pub(super) fn shown(&self) -> f32 {
        (self.len - self.here).min(4) as f32
    }

    /// Candidates that leave fewer sides strange, best first; none where no candidate can reach the probability `floor`.
    pub fn candidates(&self, floor: f32, survey: &Survey, language: &Language) -> Vec<Candidate> {
        let wrong_script = if survey.is_traditional() { 's' } else { 't' };
        let mine = self.chars[self.here];
        // Cheap first: likeness and the pairs, for all of them. What leaves the strange side strange is asked no further,
        // unless it is a known misreading.
        let (left, right) = (self.left().filter(|_| self.odd.0), self.right().filter(|_| self.odd.1));
        let fillers = self.fillers(language);
        let known = |c: Glyph| {
            let knows = |a, b| language.model.familiar(a, b) != Familiar::Never;
            left.is_some_and(|l| knows(l, c)) || right.is_some_and(|r| knows(c, r))
        };
        let mut kept: Vec<(f32, usize, LookAlike)> = language
            .look_alikes
            .of(self.written)
            .all()
            .filter_map(|a| {
                let mended = fillers.contains(&a.glyph.folded);
                if a.glyph.folded == mine || a.misread == 0 && !mended && !known(a.glyph) {
                    return None;
                }
                let (strange, seen) = self.sides(a.glyph, language);
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
        let words: SmallVec<[_; FULL]> = kept.iter().map(|k| self.word(k.2.glyph, language)).collect();
        let needed = odds(floor) - MODEL_ADDS_AT_MOST - self.own_odds(&self.own_terms(survey, language));
        let reaches = |(k, w): (&(f32, usize, LookAlike), &Word)| {
            let plain = self.plain_odds(&k.2, w, k.1, language);
            self.with_again(plain, needed, k.2.glyph, survey, language).is_some()
        };
        if !kept.iter().zip(&words).any(reaches) {
            return Vec::new();
        }
        let around = self.around(language);
        let base = around.window(mine);
        let mut out: Vec<Candidate> = kept
            .into_iter()
            .zip(words)
            .map(|((_, strange, a), (word, word_frequency))| {
                let mut c = Candidate {
                    with: a.with,
                    glyph: a.glyph,
                    likeness: a.likeness,
                    misread: a.misread,
                    gain: around.window(a.glyph.folded) - base,
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

    /// What is known of the place before any candidate is.
    pub fn own_terms(&self, survey: &Survey, language: &Language) -> Terms {
        let m = &language.model;
        let mine = self.glyphs[self.here];
        let (own_word, own_frequency) = self.word(mine, language);
        let times = [self.left().map(|l| (l, mine)), self.right().map(|r| (mine, r))]
            .into_iter()
            .flatten()
            .map(|p| survey.times((p.0.folded, p.1.folded)))
            .max()
            .unwrap_or(1);
        let firm = survey.firm_at(self.at, self.at + self.written.len_utf8());
        let mut t = Terms::default();
        t[Term::OwnWord] = own_word.len() as f32;
        t[Term::OwnWordFrequency] = own_frequency;
        t[Term::Strange] = self.strange as f32;
        t[Term::Sides] = f32::from(u8::from(self.left().is_some()) + u8::from(self.right().is_some()));
        t[Term::OwnFrequency] = (1.0 + m.seen(&[mine.folded])).ln();
        t[Term::Near] = survey.near(self.at) as f32;
        t[Term::Firm] = firm as f32;
        t[Term::Noise] = survey.noise(firm).ln();
        t[Term::Times] = (times as f32).ln();
        t
    }

    /// The numbers by which the best of `candidates` is judged.
    pub fn terms(&self, candidates: &[Candidate], survey: &Survey, language: &Language) -> Terms {
        let mut t = self.own_terms(survey, language);
        let Some(best) = candidates.first() else { return t };
        let m = &language.model;
        let shown = self.shown();
        let before = m.window(&self.chars[..self.len], self.here) / shown;
        let second = candidates.get(1).map_or(0.0, |c| c.score);
        t[Term::Gain] = best.gain;
        t[Term::Before] = before;
        t[Term::After] = before + best.gain / shown;
        t[Term::Likeness] = best.likeness;
        t[Term::Misread] = (1.0 + best.misread as f32).ln();
        t[Term::Margin] = best.score - second.max(0.0);
        t[Term::Word] = best.word.len() as f32;
        t[Term::WordFrequency] = best.word_frequency;
        t[Term::StrangeAfter] = best.strange as f32;
        t[Term::Frequency] = (1.0 + m.seen(&[best.glyph.folded])).ln();
        t[Term::Again] = self.again(best.glyph, survey, language);
        t
    }
}

/// What candidates of one place are ranked by. Set by hand: on recognised captions the best was the
/// right one in four of five places where the right one was a candidate (`learn_han`).
fn rank(c: &Candidate) -> f32 {
    c.gain + 6.0 * c.likeness + 1.0 * (1.0 + c.misread as f32).ln() + 0.5 * c.word.len() as f32 - 2.0 * c.strange as f32
}
