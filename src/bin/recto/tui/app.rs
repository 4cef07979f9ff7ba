//! What the terminal review knows between two keys. It must never draw.

use super::Options;
use crate::exit::Failure;
use recto::report::{plural, visible};
use recto::review::{Decision, Item, Op, Scope, Session, State, Target};
use recto::store::{append_log, append_words};
use std::collections::BTreeSet;
use std::time::Instant;

/// What a line of typing is for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Ask {
    Edit,
    Doubt,
    Search,
    Filter,
    Goto,
}

/// What the keys mean at present.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    Queue,
    Typing { ask: Ask, text: Vec<char>, cursor: usize },
    Acts { at: usize },
    Help,
    Explain,
}

/// Bulk acts on more places than this ask once.
const MANY: usize = 1000;
/// Characters of context that a search looks at on each side.
const SEARCH_CONTEXT: usize = 24;

pub(super) struct App {
    pub(super) s: Session,
    pub(super) o: Options,
    pub(super) mode: Mode,
    /// Bundles that the filter lets through, as places in the queue.
    pub(super) list: Vec<usize>,
    /// Place in `list`.
    pub(super) at: usize,
    /// Items of the bundle, or of the concordance.
    pub(super) rows: Vec<usize>,
    pub(super) row: usize,
    pub(super) ticked: BTreeSet<usize>,
    /// True while the rows are all occurrences of one change.
    pub(super) concordance: bool,
    pub(super) scope: Scope,
    pub(super) query: String,
    pub(super) filter: String,
    pub(super) said: String,
    /// A bulk act that waits for its second key.
    armed: Option<(char, usize)>,
    started: Instant,
    acts: usize,
}

impl App {
    pub(super) fn new(s: Session, o: Options) -> Self {
        let scope = if s.issues().count() > 1 { Scope::All } else { Scope::Issue };
        let mut app = Self {
            s,
            o,
            mode: Mode::Queue,
            list: Vec::new(),
            at: 0,
            rows: Vec::new(),
            row: 0,
            ticked: BTreeSet::new(),
            concordance: false,
            scope,
            query: String::new(),
            filter: String::new(),
            said: String::new(),
            armed: None,
            started: Instant::now(),
            acts: 0,
        };
        app.sift();
        app.resume();
        app
    }

    /// To the first change that nobody has decided.
    fn resume(&mut self) {
        let open = |&b: &usize| {
            let b = &self.s.queue().bundles[b];
            !b.is_safe() && b.members.iter().any(|&m| !self.s.items()[m].state.decided())
        };
        if let Some(n) = self.list.iter().position(open) {
            self.enter(n);
            let first = self.rows.iter().position(|&m| !self.s.items()[m].state.decided());
            self.row = first.unwrap_or(0);
        } else if !self.list.is_empty() {
            self.enter(0);
        }
        if self.s.left() == 0 {
            self.said = self.o.lang.say("settled").to_owned();
        }
    }

    pub(super) fn item(&self) -> Option<(usize, &Item)> {
        let n = *self.rows.get(self.row)?;
        Some((n, self.s.items().get(n)?))
    }

    /// The texts of a change as a person sees them.
    pub(super) fn texts(&self, n: usize) -> (String, String) {
        let i = &self.s.items()[n];
        let original = self.s.original(n);
        let after = i.own.clone().unwrap_or_else(|| i.after(original));
        (original.get(i.span().range()).unwrap_or("").to_owned(), after)
    }

    fn matches(&self, n: usize) -> bool {
        let i = &self.s.items()[n];
        let word = |w: &str| {
            let p = |t: &str| t.parse::<f32>().ok().zip(i.p);
            match w.strip_prefix("p<").and_then(p).map(|(t, p)| p < t) {
                Some(hit) => return hit,
                None if w.starts_with("p<") => return false,
                None => {}
            }
            match w.strip_prefix("p>").and_then(p).map(|(t, p)| p > t) {
                Some(hit) => return hit,
                None if w.starts_with("p>") => return false,
                None => {}
            }
            i.state.name() == w
                || i.rule.contains(w)
                || i.confidence.name() == w
                || i.page.contains(w)
                || i.protected == Some(w)
        };
        if !self.filter.split_whitespace().all(word) {
            return false;
        }
        if self.query.is_empty() {
            return true;
        }
        let original = self.s.original(n);
        let span = i.span();
        let left: String = {
            let mut c: Vec<char> = original[..span.start()].chars().rev().take(SEARCH_CONTEXT).collect();
            c.reverse();
            c.into_iter().collect()
        };
        let right: String = original[span.end()..].chars().take(SEARCH_CONTEXT).collect();
        let (before, after) = self.texts(n);
        format!("{left}{before}{right}").contains(&self.query)
            || after.contains(&self.query)
            || i.rule.contains(&self.query)
    }

    /// Chooses bundles and rows again after search or filter.
    pub(super) fn sift(&mut self) {
        let plain = self.query.is_empty() && self.filter.is_empty();
        let all = 0..self.s.queue().bundles.len();
        self.list =
            all.filter(|&b| plain || self.s.queue().bundles[b].members.iter().any(|&m| self.matches(m))).collect();
        let at = self.at.min(self.list.len().saturating_sub(1));
        self.enter(at);
        if self.list.is_empty() {
            self.said = self.o.lang.say("nothing").to_owned();
        }
    }

    pub(super) fn enter(&mut self, at: usize) {
        self.at = at;
        self.row = 0;
        self.concordance = false;
        self.ticked.clear();
        let plain = self.query.is_empty() && self.filter.is_empty();
        let members = self.list.get(at).map(|&b| self.s.queue().bundles[b].members.clone()).unwrap_or_default();
        self.rows = members.into_iter().filter(|&m| plain || self.matches(m)).collect();
    }

    /// To the next (or previous) change; `any`: also decided ones.
    pub(super) fn step(&mut self, forward: bool, any: bool) {
        if self.concordance {
            self.row = if forward {
                (self.row + 1).min(self.rows.len().saturating_sub(1))
            } else {
                self.row.saturating_sub(1)
            };
            return;
        }
        let (at, row) = (self.at, self.row);
        loop {
            let more = if forward { self.row + 1 < self.rows.len() } else { self.row > 0 };
            if more {
                self.row = if forward { self.row + 1 } else { self.row - 1 };
            } else {
                let next = if forward { Some(self.at + 1) } else { self.at.checked_sub(1) };
                let Some(next) = next.filter(|&n| n < self.list.len()) else { break };
                self.enter(next);
                if !forward {
                    self.row = self.rows.len().saturating_sub(1);
                }
            }
            let safe = self.list.get(self.at).is_some_and(|&b| self.s.queue().bundles[b].is_safe());
            if safe && !any && forward {
                break;
            }
            if any || self.item().is_some_and(|(_, i)| !i.state.decided()) {
                return;
            }
        }
        // Nothing further on: what was passed over comes again, or nothing is left.
        self.enter(at);
        self.row = row;
        if !any && self.s.left() == 0 {
            self.said = self.o.lang.say("settled").to_owned();
        } else if !any && forward && self.item().is_some_and(|(_, i)| i.state.decided()) {
            self.resume();
        }
    }

    /// What an act is about: ticked rows, or the one under the cursor.
    fn chosen(&self) -> Option<Target> {
        if !self.ticked.is_empty() {
            return Some(Target::Items(self.ticked.iter().copied().collect()));
        }
        self.item().map(|(n, _)| Target::Item(n))
    }

    fn keep(&mut self, done: Result<Decision, String>) -> Result<bool, Failure> {
        match done {
            Ok(act) => {
                append_log(&self.o.layout.decisions(), std::slice::from_ref(&act))?;
                self.acts += 1;
                let lang = self.o.lang;
                let left = lang.say("left").replace("{}", &self.s.left().to_string());
                self.said = format!("{} {}: {} — {left}", lang.say("act_of"), act.act, lang.say(act.op.name()));
                self.ticked.clear();
                Ok(true)
            }
            Err(why) => {
                self.said = why;
                Ok(false)
            }
        }
    }

    pub(super) fn decide(&mut self, op: Op, note: Option<String>) -> Result<(), Failure> {
        let Some(target) = self.chosen() else { return Ok(()) };
        let now = crate::commands::now();
        let done = self.s.decide(&target, op, note, Some(now));
        if self.keep(done)? {
            self.step(true, self.concordance);
        }
        Ok(())
    }

    /// The same for the whole group, or for the ticked rows.
    pub(super) fn decide_group(&mut self, op: Op, key: char) -> Result<(), Failure> {
        if !self.ticked.is_empty() {
            return self.decide(op, None);
        }
        let Some((n, i)) = self.item() else { return Ok(()) };
        if i.protected.is_some() || i.state == State::Stale {
            return self.decide(op, None);
        }
        let target = if self.concordance { Target::Items(self.rows.clone()) } else { Target::Group(n, self.scope) };
        let reach = self.s.reach(&target, op).len();
        if reach > MANY && self.armed != Some((key, reach)) {
            self.armed = Some((key, reach));
            self.said = self.o.lang.say("many").replace("{}", &reach.to_string());
            return Ok(());
        }
        self.armed = None;
        let done = self.s.decide(&target, op, None, Some(crate::commands::now()));
        if self.keep(done)? {
            self.step(true, false);
        }
        Ok(())
    }

    /// How many places the group key would decide.
    pub(super) fn reach(&self) -> usize {
        self.item().map_or(0, |(n, _)| self.s.reach(&Target::Group(n, self.scope), Op::Accept).len())
    }

    pub(super) fn own_text(&mut self, text: &str) -> Result<(), Failure> {
        let Some((n, _)) = self.item() else { return Ok(()) };
        let done = self.s.edit(n, text, None, Some(crate::commands::now()));
        if self.keep(done)? {
            self.step(true, self.concordance);
        }
        Ok(())
    }

    pub(super) fn undo(&mut self, act: Option<String>) -> Result<(), Failure> {
        let Some(act) = act.or_else(|| self.s.log().last().map(|d| d.act.clone())) else {
            self.said = self.o.lang.say("nothing").to_owned();
            return Ok(());
        };
        let done = self.s.undo(&act, Some(crate::commands::now()));
        self.keep(done)?;
        Ok(())
    }

    /// *Always*: the group in the whole run, and where it is about words a line in the title's list.
    pub(super) fn always(&mut self) -> Result<(), Failure> {
        let Some((n, i)) = self.item() else { return Ok(()) };
        let (rule, single) = (i.rule.clone(), i.protected.is_some());
        let target = if single { Target::Item(n) } else { Target::Group(n, Scope::Always) };
        let lines = self.s.word_lines(&target, Op::Accept);
        let done = self.s.decide(&target, Op::Accept, None, Some(crate::commands::now()));
        if !self.keep(done)? {
            return Ok(());
        }
        let told = if lines.is_empty() {
            format!("recto.toml: [rules.\"{rule}\"] apply-at = \"suggest\"")
        } else {
            match append_words(&self.o.words, &lines) {
                Ok(done) => {
                    let added = done.added.iter().map(ToString::to_string);
                    let told: Vec<String> = added.chain(done.refused).collect();
                    format!("{}: {}", self.o.words.display(), told.join("; "))
                }
                Err(e) => e.to_string(),
            }
        };
        self.said = format!("{}; {}", self.said, visible(&told, false));
        self.step(true, false);
        Ok(())
    }

    /// All occurrences of this before -> after in the run, or back to the group.
    pub(super) fn toggle_concordance(&mut self) {
        if self.concordance {
            let at = self.at;
            self.enter(at);
            return;
        }
        let Some((n, _)) = self.item() else { return };
        let here = self.texts(n);
        // Most texts differ by their length already.
        let shown = |m: &usize| {
            let i = &self.s.items()[*m];
            i.state != State::Superseded && i.span().len() == here.0.len() && self.texts(*m) == here
        };
        self.rows = (0..self.s.items().len()).filter(shown).collect();
        self.row = self.rows.iter().position(|&m| m == n).unwrap_or(0);
        self.concordance = true;
        self.said = plural(self.rows.len(), "occurrence");
    }

    pub(super) fn go_to(&mut self, what: &str) {
        let what = what.trim();
        let hit = |i: &Item| {
            i.id.starts_with(what) && what.len() >= 4
                || format!("{}:{}", i.page, i.line) == what
                || i.line.to_string() == what
        };
        let Some(n) = self.s.items().iter().position(hit) else {
            self.said = self.o.lang.say("nothing").to_owned();
            return;
        };
        self.query.clear();
        self.filter.clear();
        self.sift();
        if let Some(b) = self.list.iter().position(|&b| self.s.queue().bundles[b].members.contains(&n)) {
            self.enter(b);
            self.row = self.rows.iter().position(|&m| m == n).unwrap_or(0);
        }
    }

    pub(super) fn paste(&mut self, new: &str) {
        if let Mode::Typing { text, cursor, .. } = &mut self.mode {
            for c in new.chars() {
                text.insert(*cursor, c);
                *cursor += 1;
            }
        }
    }

    pub(super) fn next_scope(&mut self) {
        self.scope = match self.scope {
            Scope::Page => Scope::Issue,
            Scope::Issue => Scope::All,
            _ => Scope::Page,
        };
    }

    /// Minutes left at the present pace, once there is a pace.
    pub(super) fn minutes(&self) -> Option<u64> {
        const ENOUGH: usize = 3;
        let per_act = self.started.elapsed().as_secs_f64() / self.acts.max(1) as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        (self.acts >= ENOUGH).then(|| (per_act * self.s.left() as f64 / 60.0).ceil() as u64)
    }

    pub(super) fn farewell(&self) -> String {
        format!(
            "{} in {}; {} left. `recto apply {}` rebuilds the output.",
            plural(self.acts, "act"),
            self.o.layout.decisions().display(),
            plural(self.s.left(), "decision"),
            self.o.layout.root().display()
        )
    }
}
