//! What the terminal review knows between two keys. It must never draw.

use super::Options;
use recto::report::plural;
use recto::review::{Item, Scope, Session, State};
use std::collections::{BTreeSet, HashMap};
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
    Typing {
        ask: Ask,
        text: Vec<char>,
        cursor: usize,
    },
    Acts {
        at: usize,
    },
    Help,
    Explain,
    /// *Always* waits for accept or reject.
    Always,
}

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
    /// The row that the concordance was asked at.
    from: usize,
    pub(super) scope: Scope,
    pub(super) query: String,
    pub(super) filter: String,
    pub(super) said: String,
    /// A bulk act that waits for its second key.
    pub(super) armed: Option<(char, usize)>,
    /// Acts that one key made, by the last of them: taken back together.
    pub(super) batches: HashMap<String, Vec<String>>,
    started: Instant,
    pub(super) acts: usize,
    /// How long the log was when it was read or written.
    pub(super) bytes: u64,
}

impl App {
    pub(super) fn new(s: Session, o: Options) -> Self {
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
            from: 0,
            scope: Scope::All,
            query: String::new(),
            filter: String::new(),
            said: String::new(),
            armed: None,
            batches: HashMap::new(),
            started: Instant::now(),
            acts: 0,
            bytes: 0,
        };
        app.bytes = app.length();
        app.sift();
        app.resume();
        let lost = app.s.orphans().len();
        if app.o.read_only {
            app.said = app.o.lang.say("read_only").to_owned();
        } else if lost > 0 {
            app.said = app.o.lang.say("lost_acts").replace("{}", &lost.to_string());
        }
        app
    }

    pub(super) fn length(&self) -> u64 {
        std::fs::metadata(self.o.layout.decisions()).map_or(0, |m| m.len())
    }

    /// To the first change that nobody has decided.
    pub(super) fn resume(&mut self) {
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
            let fits = |r: &usize| any || !self.s.items()[self.rows[*r]].state.decided();
            let to = if forward { (self.row + 1..self.rows.len()).find(fits) } else { (0..self.row).rev().find(fits) };
            self.row = to.unwrap_or(self.row);
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
        } else if !any && forward {
            self.resume();
        }
    }

    /// All occurrences of this before -> after in the run, or back to the group.
    pub(super) fn toggle_concordance(&mut self) {
        if self.concordance {
            let (at, from) = (self.at, self.from);
            self.enter(at);
            self.row = from.min(self.rows.len().saturating_sub(1));
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
        self.from = self.row;
        self.row = self.rows.iter().position(|&m| m == n).unwrap_or(0);
        self.concordance = true;
        let open = |n: &&usize| {
            let i = &self.s.items()[**n];
            !i.state.decided() && i.protected.is_none()
        };
        self.ticked = self.rows.iter().filter(open).copied().collect();
        self.said = plural(self.rows.len(), "occurrence");
    }

    pub(super) fn go_to(&mut self, what: &str) {
        let what = what.trim();
        if let Some(row) = what.parse::<usize>().ok().filter(|n| (1..=self.rows.len()).contains(n)) {
            self.row = row - 1;
            return;
        }
        let named = |&b: &usize| self.s.queue().bundles[b].id == what;
        if let Some(at) = self.list.iter().position(named) {
            self.enter(at);
            return;
        }
        let place = what.rsplit_once(':').and_then(|(page, line)| Some((page, line.parse::<usize>().ok()?)));
        let hit = |i: &Item| match place {
            Some((page, line)) => i.line == line && i.page.contains(page),
            None => !what.is_empty() && i.id.starts_with(what),
        };
        let Some(n) = self.s.items().iter().position(hit) else {
            self.said = self.o.lang.say("nothing").to_owned();
            return;
        };
        self.show(n);
    }

    /// Puts the cursor on an item, past search and filter.
    pub(super) fn show(&mut self, n: usize) {
        if !(self.query.is_empty() && self.filter.is_empty()) {
            self.query.clear();
            self.filter.clear();
            self.sift();
        }
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

    /// To the next group that wants a decision, round to the first one.
    pub(super) fn next_bundle(&mut self) {
        let open = |&at: &usize| {
            let b = &self.s.queue().bundles[self.list[at]];
            !b.is_safe() && b.members.iter().any(|&m| !self.s.items()[m].state.decided())
        };
        if let Some(at) = (self.at + 1..self.list.len()).chain(0..self.at + 1).find(open) {
            self.enter(at);
            self.row = self.rows.iter().position(|&m| !self.s.items()[m].state.decided()).unwrap_or(0);
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
