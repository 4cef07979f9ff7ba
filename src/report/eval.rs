//! Against ground truth: errors before and after, and for each rule how many of its edits helped and how many harmed.
//!
//! Which characters are right is read off an alignment with the truth, so the verdict on a single edit is an estimate;
//! the error rates are exact.

use super::measure::{Errors, Overlap, character_errors, paragraph_overlap, word_errors};
use crate::document::SEAM;
use crate::ledger::{LedgerError, changes};
use crate::pipeline::Cleaned;
use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What a rule's applied edits did to the distance from the truth.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Effect {
    /// Edits that brought the text nearer.
    pub better: usize,
    /// Edits that took it away.
    pub worse: usize,
    /// Edits that did neither.
    pub same: usize,
}

/// Errors of one version of the texts.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Score {
    /// Characters.
    pub characters: Errors,
    /// Words.
    pub words: Errors,
    /// Paragraphs.
    pub paragraphs: Overlap,
}

impl Score {
    /// The errors of one text.
    pub fn of(truth: &str, text: &str) -> Self {
        Self {
            characters: character_errors(truth, text),
            words: word_errors(truth, text),
            paragraphs: paragraph_overlap(truth, text),
        }
    }
    /// Adds another text's.
    pub fn add(&mut self, other: &Score) {
        self.characters.add(other.characters);
        self.words.add(other.words);
        self.paragraphs.add(other.paragraphs);
    }
}

/// An evaluation over any number of texts.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Evaluation {
    /// Texts with a truth.
    pub texts: usize,
    /// Of the originals, where they are known.
    pub before: Option<Score>,
    /// Of what was judged.
    pub after: Score,
    /// By rule, where a ledger is known.
    pub rules: BTreeMap<String, Effect>,
}

impl Evaluation {
    /// Adds a plain text.
    pub fn add_text(&mut self, truth: &str, text: &str) {
        self.texts += 1;
        self.after.add(&Score::of(truth, text));
    }

    /// Adds a cleaned issue of which `truths` has a text for each page.
    ///
    /// # Errors
    /// [`LedgerError`] where ledger and text do not fit.
    pub fn add_issue(&mut self, truths: &[String], c: &Cleaned) -> Result<(), LedgerError> {
        // A paragraph stands whole on the page where it begins, in the output and not in a page's truth: so the pages of
        // an issue are judged as one text.
        self.texts += truths.len();
        let truth = truths.join("\n");
        self.before.get_or_insert_default().add(&Score::of(&truth, &c.issue.text().replace(SEAM, "\n")));
        self.after.add(&Score::of(&truth, &c.text.replace(SEAM, "\n")));
        self.add_effects(&truth, c)
    }

    fn add_effects(&mut self, truth: &str, c: &Cleaned) -> Result<(), LedgerError> {
        let was = Right::of(truth, c.issue.text());
        let is = Right::of(truth, &c.text);
        let list = changes(c.issue.text(), &c.ledger.layers)?;
        // Where each hunk ended up: by how much those before it moved the text.
        let mut hunks: Vec<(usize, usize, usize)> =
            list.iter().flat_map(|x| &x.hunks).map(|h| (h.before.start(), h.before.end(), h.after.len())).collect();
        hunks.sort_unstable();
        let (mut moved, mut delta) = (BTreeMap::new(), 0isize);
        for (start, end, len) in hunks {
            moved.insert((start, end), start.saturating_add_signed(delta));
            delta += len as isize - (end - start) as isize;
        }
        for change in list.iter().filter(|x| !x.hunks.is_empty()) {
            let mut gain = 0isize;
            for h in &change.hunks {
                let at = moved.get(&(h.before.start(), h.before.end())).copied().unwrap_or(0);
                gain += is.worth(at, at + h.after.len()) - was.worth(h.before.start(), h.before.end());
            }
            for e in &change.edits {
                let Some(r) = c.ledger.layers.get(e.place.layer).and_then(|l| l.records.get(e.place.record)) else {
                    continue;
                };
                let effect = self.rules.entry(r.rule.to_string()).or_default();
                match gain.signum() {
                    1 => effect.better += 1,
                    -1 => effect.worse += 1,
                    _ => effect.same += 1,
                }
            }
        }
        Ok(())
    }
}

/// Which bytes of a text stand in the truth, as sums: how many characters up to a byte are right, and how many wrong.
struct Right {
    sums: Vec<(u32, u32)>,
}

impl Right {
    fn of(truth: &str, text: &str) -> Self {
        let a: Vec<&str> = truth.split_inclusive('\n').collect();
        let b: Vec<&str> = text.split_inclusive('\n').collect();
        let chars: Vec<char> = text.chars().collect();
        let mut right = vec![false; chars.len()];
        let counts = |lines: &[&str]| lines.iter().map(|l| l.chars().count()).sum::<usize>();
        // Lines first: what is equal line by line needs no closer look.
        let mut at = 0;
        for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
            let lines = b.get(op.new_range()).unwrap_or(&[]);
            let n = counts(lines);
            match op {
                DiffOp::Equal { .. } => right[at..at + n].fill(true),
                _ => {
                    let own: Vec<char> = a.get(op.old_range()).unwrap_or(&[]).concat().chars().collect();
                    for o in capture_diff_slices(Algorithm::Myers, &own, &chars[at..at + n]) {
                        if let DiffOp::Equal { new_index, len, .. } = o {
                            right[at + new_index..at + new_index + len].fill(true);
                        }
                    }
                }
            }
            at += n;
        }
        let mut sums = vec![(0, 0); text.len() + 1];
        let (mut yes, mut no) = (0, 0);
        for ((i, c), ok) in text.char_indices().zip(right) {
            (yes, no) = if ok { (yes + 1, no) } else { (yes, no + 1) };
            sums[i + 1..=i + c.len_utf8()].fill((yes, no));
        }
        Self { sums }
    }

    /// Right characters less wrong ones.
    fn worth(&self, start: usize, end: usize) -> isize {
        let (Some(a), Some(b)) = (self.sums.get(start), self.sums.get(end)) else { return 0 };
        (b.0 - a.0) as isize - (b.1 - a.1) as isize
    }
}

/// Writes an evaluation for a person.
///
/// # Errors
/// Those of `out`.
pub fn write_evaluation(out: &mut impl Write, e: &Evaluation) -> io::Result<()> {
    let line = |out: &mut dyn Write, name: &str, s: &Score| {
        writeln!(
            out,
            "{name:<8} CER {:>7.3} %   WER {:>7.3} %   paragraph F1 {:.4}   ({} of {} characters, {} of {} words, {} of {} paragraphs)",
            s.characters.rate() * 100.0,
            s.words.rate() * 100.0,
            s.paragraphs.f1(),
            s.characters.errors,
            s.characters.of,
            s.words.errors,
            s.words.of,
            s.paragraphs.both,
            s.paragraphs.truth
        )
    };
    writeln!(out, "{}", super::plural(e.texts, "text"))?;
    if let Some(b) = &e.before {
        line(out, "before", b)?;
    }
    line(out, "after", &e.after)?;
    if !e.rules.is_empty() {
        writeln!(out, "\n  {:<36} {:>8} {:>8} {:>8}", "rule", "better", "worse", "same")?;
    }
    for (rule, x) in &e.rules {
        writeln!(out, "  {rule:<36} {:>8} {:>8} {:>8}", x.better, x.worse, x.same)?;
    }
    Ok(())
}
