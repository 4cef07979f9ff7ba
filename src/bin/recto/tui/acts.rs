//! What the keys of the terminal review decide. The page's keys come to the same acts: tests/keys.rs compares them.
//!
//! It must never leave an act in memory alone: the log on the disk counts.

use super::app::App;
use crate::exit::Failure;
use recto::report::visible;
use recto::review::{Decision, Op, Scope, State, Target};
use recto::store::{append_log, append_words, read_log};
use std::collections::BTreeMap;

/// Bulk acts on more places than this ask once.
const MANY: usize = 1000;

impl App {
    /// Reads the log again where somebody else wrote to it.
    pub(super) fn sync(&mut self) -> Result<(), Failure> {
        let now = self.length();
        if now != self.bytes {
            self.s.reload(read_log(&self.o.layout.decisions())?);
            self.bytes = now;
            self.said = self.o.lang.say("news").to_owned();
        }
        Ok(())
    }

    /// True, and said, where this sitting may not write.
    fn refuses(&mut self) -> bool {
        if self.o.read_only {
            self.said = self.o.lang.say("read_only").to_owned();
        }
        self.o.read_only
    }

    /// Puts acts of the session on the disk, those that one key made. Gives their numbers.
    fn write(&mut self, acts: Vec<Decision>) -> Result<Vec<String>, Failure> {
        let mut numbers = Vec::new();
        for act in acts {
            let written = append_log(&self.o.layout.decisions(), std::slice::from_ref(&act))?;
            self.acts += 1;
            self.bytes += act.line().len() as u64 + 1;
            // Somebody else wrote in between: the file counts.
            if written.first() != Some(&act) || self.length() != self.bytes {
                self.s.reload(read_log(&self.o.layout.decisions())?);
                self.bytes = self.length();
            }
            let act = written.into_iter().next().unwrap_or(act);
            let lang = self.o.lang;
            let left = lang.say("left").replace("{}", &self.s.left().to_string());
            self.said = format!("{} {}: {} — {left}", lang.say("act_of"), act.act, lang.say(act.op.name()));
            numbers.push(act.act);
        }
        if let (Some(last), true) = (numbers.last(), numbers.len() > 1) {
            self.batches.insert(last.clone(), numbers.clone());
        }
        Ok(numbers)
    }

    fn keep(&mut self, done: Result<Decision, String>) -> Result<bool, Failure> {
        match done {
            Ok(act) => self.write(vec![act]).map(|_| true),
            Err(why) => {
                self.said = why;
                Ok(false)
            }
        }
    }

    /// The change under the cursor.
    pub(super) fn decide(&mut self, op: Op, note: Option<String>) -> Result<(), Failure> {
        let Some((n, i)) = self.item() else { return Ok(()) };
        if i.state == State::Superseded {
            self.said = self.o.lang.say("nothing").to_owned();
            return Ok(());
        }
        if self.refuses() {
            return Ok(());
        }
        let done = self.s.decide(&Target::Item(n), op, note, Some(crate::commands::now()));
        if self.keep(done)? {
            self.step(true, false);
        }
        Ok(())
    }

    /// The same for the whole group, or for the ticked rows of a concordance.
    pub(super) fn decide_group(&mut self, op: Op, key: char) -> Result<(), Failure> {
        let Some((n, i)) = self.item() else { return Ok(()) };
        let single = i.protected.is_some() || i.state == State::Stale;
        if self.refuses() {
            return Ok(());
        }
        if single && op == Op::Accept && !self.concordance {
            self.said = self.o.lang.say("alone").to_owned();
            return Ok(());
        }
        let target = Target::Group(n, self.scope);
        let reach = if self.concordance { self.ticked.len() } else { self.s.reach(&target, op).len() };
        if reach > MANY && self.armed != Some((key, reach)) {
            self.armed = Some((key, reach));
            self.said = self.o.lang.say("many").replace("{}", &reach.to_string());
            return Ok(());
        }
        self.armed = None;
        if self.concordance {
            return self.decide_ticked(op);
        }
        let done = self.s.decide(&target, op, None, Some(crate::commands::now()));
        if self.keep(done)? {
            self.step(true, false);
        }
        Ok(())
    }

    /// One act for each issue that ticked rows stand in.
    fn decide_ticked(&mut self, op: Op) -> Result<(), Failure> {
        let mut by_issue: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &n in &self.ticked {
            by_issue.entry(self.s.owner(n)).or_default().push(n);
        }
        if by_issue.is_empty() {
            self.said = self.o.lang.say("nothing").to_owned();
            return Ok(());
        }
        let mut acts = Vec::new();
        for (_, items) in by_issue {
            match self.s.decide(&Target::Items(items), op, None, Some(crate::commands::now())) {
                Ok(act) => acts.push(act),
                Err(why) => self.said = why,
            }
        }
        self.write(acts)?;
        self.ticked.clear();
        Ok(())
    }

    /// How many places the group key would decide.
    pub(super) fn reach(&self) -> usize {
        if self.concordance {
            return self.ticked.len();
        }
        self.item().map_or(0, |(n, _)| self.s.reach(&Target::Group(n, self.scope), Op::Accept).len())
    }

    pub(super) fn own_text(&mut self, text: &str) -> Result<(), Failure> {
        let Some((n, _)) = self.item() else { return Ok(()) };
        if self.refuses() {
            return Ok(());
        }
        let done = self.s.edit(n, text, None, Some(crate::commands::now()));
        if self.keep(done)? {
            self.step(true, false);
        }
        Ok(())
    }

    /// Takes an act back, or the last one with those that the same key made, and shows what is asked again.
    pub(super) fn undo(&mut self, act: Option<String>) -> Result<(), Failure> {
        if self.refuses() {
            return Ok(());
        }
        let of = match act {
            Some(act) => vec![act],
            None => {
                let last = self.s.log().last().map(|d| d.act.clone());
                last.map(|l| self.batches.get(&l).cloned().unwrap_or_else(|| vec![l])).unwrap_or_default()
            }
        };
        if of.is_empty() {
            self.said = self.o.lang.say("nothing").to_owned();
            return Ok(());
        }
        let was = |n: &usize| self.s.items()[*n].act.as_ref().is_some_and(|a| of.contains(a));
        let hits: Vec<usize> = (0..self.s.items().len()).filter(was).collect();
        let done = self.s.undo(&of, Some(crate::commands::now()));
        if !self.keep(done)? {
            return Ok(());
        }
        if self.concordance {
            self.ticked.extend(hits);
        } else if let Some(&first) = hits.first() {
            self.show(first);
        }
        Ok(())
    }

    /// What *always* would do here: places accepted, places rejected.
    pub(super) fn always_reach(&self) -> (usize, usize) {
        let Some((n, i)) = self.item() else { return (0, 0) };
        let target = Target::Group(n, Scope::Always);
        let accepted =
            if i.protected.is_some() || i.state == State::Stale { 0 } else { self.s.reach(&target, Op::Accept).len() };
        (accepted, self.s.reach(&target, Op::Reject).len())
    }

    /// *Always*: the group in the whole run, and where it is about words lines in the title's list.
    pub(super) fn always(&mut self, op: Op) -> Result<(), Failure> {
        let Some((n, i)) = self.item() else { return Ok(()) };
        let (rule, single) = (i.rule.clone(), i.protected.is_some() || i.state == State::Stale);
        if self.refuses() {
            return Ok(());
        }
        if op == Op::Accept && single {
            self.said = self.o.lang.say("alone").to_owned();
            return Ok(());
        }
        let target = Target::Group(n, Scope::Always);
        let lines = self.s.word_lines(&target, op);
        let done = self.s.decide(&target, op, None, Some(crate::commands::now()));
        if !self.keep(done)? {
            return Ok(());
        }
        let told = if !lines.is_empty() {
            match append_words(&self.o.words, &lines) {
                Ok(done) => {
                    let added = done.added.iter().map(ToString::to_string);
                    let told: Vec<String> = added.chain(done.refused).collect();
                    format!("; {}: {}", self.o.words.display(), told.join("; "))
                }
                Err(e) => format!("; {e}"),
            }
        } else if op == Op::Accept {
            format!("; recto.toml: [rules.\"{rule}\"] apply-at = \"suggest\"")
        } else {
            String::new()
        };
        self.said.push_str(&visible(&told, false));
        self.step(true, false);
        Ok(())
    }
}
