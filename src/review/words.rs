//! What decisions say about a title's words: the lines of its list that *always* writes, and those that a whole log
//! comes to. It must never write one, nor turn a single character into a rule for all its places.

use super::decision::{Decision, Op, Scope};
use super::item::{Item, State};
use super::session::{Session, Target};
use crate::language::WordLine;
use crate::rule::Stage;
use crate::text::script::is_han;
use std::collections::{BTreeMap, HashSet};

/// Characters that a line about Han characters has at least: with fewer it would hold where nobody looked.
const HAN_CHARS: usize = 3;

impl Session {
    /// The line for the title's word list that *always* stands for at an item; none where the change is not about words.
    pub fn word_line(&self, n: usize, op: Op) -> Option<WordLine> {
        let (before, after) = words(self.items().get(n)?, self.original(n))?;
        match op {
            Op::Accept => Some(WordLine::Replace(before, after)),
            Op::Reject => Some(WordLine::Good(before)),
            _ => None,
        }
    }

    /// The lines that *always* writes for an act on this target, in text order, each once.
    pub fn word_lines(&self, target: &Target, op: Op) -> Vec<WordLine> {
        self.lines(self.reach(target, op), op)
    }

    /// The lines that an act of the scope *always* stands for: none for any other.
    pub fn lines_of(&self, act: &Decision) -> Vec<WordLine> {
        if act.scope != Scope::Always {
            return Vec::new();
        }
        let own = (0..self.items().len()).filter(|&n| self.items()[n].act.as_ref() == Some(&act.act));
        self.lines(own.collect(), act.op)
    }

    fn lines(&self, items: Vec<usize>, op: Op) -> Vec<WordLine> {
        let mut seen: HashSet<String> = HashSet::new();
        let lines = items.into_iter().filter_map(|n| self.word_line(n, op));
        lines.filter(|l| seen.insert(l.to_string())).collect()
    }

    /// What all decisions come to: a `replace` line for a correction that was accepted at least `least` times and never
    /// refused, a `good` line for a word whose correction was refused so often and never accepted. Sorted.
    pub fn learned_words(&self, least: usize) -> Vec<WordLine> {
        let mut seen: BTreeMap<String, (BTreeMap<String, usize>, usize)> = BTreeMap::new();
        for (n, i) in self.items().iter().enumerate() {
            let Some((before, after)) = words(i, self.original(n)) else { continue };
            let word = seen.entry(before).or_default();
            match i.state {
                State::Accepted => *word.0.entry(after).or_default() += 1,
                State::Rejected => word.1 += 1,
                _ => {}
            }
        }
        let line = |(before, (accepted, refused)): (String, (BTreeMap<String, usize>, usize))| {
            let mut all = accepted.into_iter();
            match (all.next(), all.next(), refused) {
                (Some((after, n)), None, 0) if n >= least => Some(WordLine::Replace(before, after)),
                (None, _, n) if n >= least.max(1) => Some(WordLine::Good(before)),
                _ => None,
            }
        };
        seen.into_iter().filter_map(line).collect()
    }
}

/// The word that a correction is about, as it was and as it is then: a Latin one whole, Han characters with neighbours.
fn words(i: &Item, original: &str) -> Option<(String, String)> {
    if i.stage != Stage::Lexicon {
        return None;
    }
    let span = i.span();
    let (before, after) = (original.get(span.range())?, i.after(original));
    let word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || "-'’".contains(c));
    if !word(before) || !word(&after) {
        return None;
    }
    let (left, right) = (original.get(..span.start())?, original.get(span.end()..)?);
    let (mut head, mut tail) = (0, 0);
    if before.chars().chain(after.chars()).any(is_han) {
        let mut chars = before.chars().count();
        let run = |c: &char| is_han(*c);
        let mut l = left.chars().rev().take_while(run);
        let mut r = right.chars().take_while(run);
        while chars < HAN_CHARS {
            let before = chars;
            if let Some(c) = l.next() {
                (head, chars) = (head + c.len_utf8(), chars + 1);
            }
            if let Some(c) = r.next().filter(|_| chars < HAN_CHARS) {
                (tail, chars) = (tail + c.len_utf8(), chars + 1);
            }
            if chars == before {
                return None;
            }
        }
    } else {
        let run = |c: &char| c.is_alphanumeric() && !is_han(*c);
        head = left.chars().rev().take_while(run).map(char::len_utf8).sum();
        tail = right.chars().take_while(run).map(char::len_utf8).sum();
    }
    let (head, tail) = (&left[left.len() - head..], &right[..tail]);
    Some((format!("{head}{before}{tail}"), format!("{head}{after}{tail}")))
}
