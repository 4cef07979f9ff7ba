//! One sitting of a reviewer: all items of a run, the queue, the log, and the acts that change them.
//!
//! Every front end acts through it, so that the same keys give the same log. It must never write: the caller appends
//! each act that it hands out before it asks for the next.

use super::decision::{Decision, Log, Op, OwnPlace, Scope};
use super::item::{Item, State, items, settle};
use super::queue::{Bundle, Queue};
use super::{Opened, replay, run_id};
use crate::ledger::Group;
use crate::pipeline::Issue;
use crate::text::Span;
use rayon::prelude::*;
use std::collections::HashSet;

/// What an act is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// One item.
    Item(usize),
    /// These items.
    Items(Vec<usize>),
    /// The group of this item, as far as the scope reaches: the item's page, issue, or the run.
    Group(usize, Scope),
    /// A group given by name, in the whole run.
    Named(Group),
}

/// A sitting.
#[derive(Debug)]
pub struct Session {
    issues: Vec<(Opened, Issue)>,
    /// All items, issue by issue.
    items: Vec<Item>,
    /// The issue of each item.
    owner: Vec<usize>,
    /// Acts that are stale, by issue.
    stale: Vec<HashSet<String>>,
    queue: Queue,
    log: Log,
    run: String,
    by: Option<String>,
}

/// Characters of context that an own text is found again by.
const OWN_CONTEXT_CHARS: usize = 16;

impl Session {
    /// Opens a run for the reviewer `by`.
    pub fn new(opened: Vec<Opened>, log: Log, by: Option<String>) -> Self {
        let run = run_id(opened.iter().map(|o| &o.ledger));
        type Read = ((Opened, Issue), Vec<Item>, HashSet<String>);
        let read = |o: Opened| -> Read {
            let issue = o.issue();
            let list = items(&issue, &o.ledger, &log);
            let gone = replay::stale_in(issue.text(), &o.ledger, &log);
            ((o, issue), list, gone.into_iter().map(|s| s.act).collect())
        };
        let opened: Vec<Read> = opened.into_par_iter().map(read).collect();
        let (mut issues, mut all, mut owner, mut stale) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (n, (issue, list, gone)) in opened.into_iter().enumerate() {
            owner.extend(std::iter::repeat_n(n, list.len()));
            all.extend(list);
            issues.push(issue);
            stale.push(gone);
        }
        let queue = Queue::new(all.iter());
        Self { issues, items: all, owner, stale, queue, log, run, by }
    }

    /// All items.
    pub fn items(&self) -> &[Item] {
        &self.items
    }
    /// The queue, made when the run was opened.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }
    /// The log with all acts of this sitting.
    pub fn log(&self) -> &Log {
        &self.log
    }
    /// The id of the run.
    pub fn run(&self) -> &str {
        &self.run
    }
    /// The number of an item's issue.
    pub fn owner(&self, item: usize) -> usize {
        self.owner[item]
    }
    /// Acts that found no place.
    pub fn stale_acts(&self) -> impl Iterator<Item = &str> {
        self.stale.iter().flatten().map(String::as_str)
    }
    /// The issue of an item.
    pub fn issue_of(&self, item: usize) -> &Opened {
        &self.issues[self.owner[item]].0
    }
    /// The decoded original of an item's issue.
    pub fn original(&self, item: usize) -> &str {
        self.issues[self.owner[item]].1.text()
    }
    /// The issues.
    pub fn issues(&self) -> impl Iterator<Item = &Opened> {
        self.issues.iter().map(|(o, _)| o)
    }
    /// Decisions left.
    pub fn left(&self) -> usize {
        self.queue.left(|n| self.items[n].state)
    }
    /// Decisions that found no place at all and so belong to no item.
    pub fn orphans(&self) -> Vec<&Decision> {
        let shown: HashSet<&str> = self.items.iter().filter_map(|i| i.act.as_deref()).collect();
        let stale = |a: &&Decision| self.stale.iter().any(|s| s.contains(&a.act)) && !shown.contains(a.act.as_str());
        self.log.active().into_iter().filter(stale).collect()
    }

    /// The items that an act on `target` would decide: not yet decided ones of a group, without protected ones where
    /// the act accepts.
    pub fn reach(&self, target: &Target, op: Op) -> Vec<usize> {
        // A group says nothing about an item that an act on its own keys decides.
        let keyed: HashSet<&str> =
            self.log.acts().iter().filter(|a| !a.keys.is_empty()).map(|a| a.act.as_str()).collect();
        let group = |g: &Group, issue: Option<usize>| -> Vec<usize> {
            (0..self.items.len())
                .filter(|&n| issue.is_none_or(|i| self.owner[n] == i))
                .filter(|&n| {
                    let i = &self.items[n];
                    let free = i.state != State::Superseded && (op != Op::Accept || i.protected.is_none());
                    free && !i.act.as_deref().is_some_and(|a| keyed.contains(a)) && g.covers(&i.group, i.stage, &i.page)
                })
                .collect()
        };
        match target {
            Target::Item(n) => vec![*n],
            Target::Items(list) => list.clone(),
            Target::Named(g) => group(g, None),
            Target::Group(n, scope) => {
                let (g, issue) = self.group_of(*n, *scope);
                group(&g, issue)
            }
        }
    }

    /// The group of an item for a scope, and the issue that it is bound to.
    fn group_of(&self, n: usize, scope: Scope) -> (Group, Option<usize>) {
        let mut g = self.items[n].group.clone();
        let issue = matches!(scope, Scope::Page | Scope::Issue).then_some(self.owner[n]);
        if scope == Scope::Page {
            g.page = Some(self.items[n].page.clone());
        }
        (g, issue)
    }

    /// Decides. The act stands in the log now; the caller has to put it on the disk.
    ///
    /// # Errors
    /// Why there is nothing to decide.
    pub fn decide(
        &mut self,
        target: &Target,
        op: Op,
        note: Option<String>,
        at: Option<String>,
    ) -> Result<Decision, String> {
        let reached = self.reach(target, op);
        let Some(&first) = reached.first() else {
            return Err("nothing there to decide: its members are decided or stand one by one".into());
        };
        let mut d = Decision { note, at, by: self.by.clone(), run: Some(self.run.clone()), ..Decision::new(op) };
        d.what = Some(self.what(first));
        match target {
            Target::Item(_) | Target::Items(_) => {
                let owner = self.owner[first];
                if reached.iter().any(|&n| self.owner[n] != owner) {
                    return Err("one act on single changes stays inside one issue".into());
                }
                d.issue = Some(self.issues[owner].0.name.clone());
                d.keys = reached.iter().flat_map(|&n| self.items[n].keys.clone()).collect();
            }
            Target::Named(g) => {
                d.scope = Scope::All;
                d.group = Some(g.clone());
            }
            Target::Group(n, scope) => {
                let (g, issue) = self.group_of(*n, *scope);
                d.scope = *scope;
                d.group = Some(g);
                d.issue = issue.map(|i| self.issues[i].0.name.clone());
            }
        }
        let act = self.log.push(d).clone();
        self.refresh(&reached);
        Ok(act)
    }

    /// Decides on a group and, in the same act, on these keys whatever was decided on them before.
    ///
    /// # Errors
    /// Where nothing belongs to the group.
    pub fn decide_all(
        &mut self,
        group: Group,
        op: Op,
        keys: Vec<String>,
        scope: Scope,
        at: Option<String>,
    ) -> Result<Decision, String> {
        if keys.is_empty() && self.reach(&Target::Named(group.clone()), op).is_empty() {
            return Err("no change belongs to that".into());
        }
        let d = Decision {
            scope,
            keys,
            group: Some(group),
            run: Some(self.run.clone()),
            by: self.by.clone(),
            at,
            ..Decision::new(op)
        };
        let act = self.log.push(d).clone();
        let list = self.concerned(&[&act]);
        self.refresh(&list);
        Ok(act)
    }

    /// Puts a person's own text in place of an item's change.
    ///
    /// # Errors
    /// Why that place cannot take one.
    pub fn edit(&mut self, n: usize, text: &str, note: Option<String>, at: Option<String>) -> Result<Decision, String> {
        let item = self.items.get(n).ok_or("no such change")?;
        let span = item.span();
        let inside = |m: usize| {
            let s = self.items[m].span();
            m != n && self.owner[m] == self.owner[n] && s.start() < span.end() && span.start() < s.end()
        };
        if item.pieces.len() > 1 && (0..self.items.len()).any(|m| inside(m) && self.items[m].state != State::Superseded)
        {
            return Err(
                "other changes stand inside this one; accept or reject it, or edit the output and run `recto adopt`"
                    .into(),
            );
        }
        let place = own_place(&self.issues[self.owner[n]].1, &self.issues[self.owner[n]].0, span, text)
            .ok_or("the change reaches over a page; edit the output and run `recto adopt`")?;
        let d = Decision {
            issue: Some(self.issues[self.owner[n]].0.name.clone()),
            keys: item.keys.clone(),
            text: Some(text.to_owned()),
            edits: vec![place],
            run: Some(self.run.clone()),
            what: Some(self.what(n)),
            by: self.by.clone(),
            note,
            at,
            ..Decision::new(Op::Edit)
        };
        let act = self.log.push(d).clone();
        self.refresh(&[n]);
        Ok(act)
    }

    /// Takes acts back, or undoings, in one act.
    ///
    /// # Errors
    /// Where one of them does not hold.
    pub fn undo(&mut self, acts: &[String], at: Option<String>) -> Result<Decision, String> {
        let undone = self.log.undone();
        let known: HashSet<&str> = self.log.acts().iter().map(|a| a.act.as_str()).collect();
        if let Some(a) = acts.iter().find(|a| !known.contains(a.as_str()) || undone.contains(a.as_str())) {
            return Err(format!("no act {a} holds"));
        }
        let mut of: Vec<String> = Vec::new();
        for a in acts.iter().flat_map(|a| self.log.with_origins(a)) {
            if !of.contains(&a) {
                of.push(a);
            }
        }
        let d = Decision { of, at, by: self.by.clone(), run: Some(self.run.clone()), ..Decision::new(Op::Undo) };
        let before: HashSet<String> = self.log.active().into_iter().map(|a| a.act.clone()).collect();
        let act = self.log.push(d).clone();
        // What holds now and did not, or the reverse.
        let after: HashSet<&str> = self.log.active().into_iter().map(|a| a.act.as_str()).collect();
        let moved = |a: &&Decision| before.contains(&a.act) != after.contains(a.act.as_str());
        let moved: Vec<&Decision> = self.log.acts().iter().filter(moved).collect();
        let list = self.concerned(&moved);
        self.refresh(&list);
        Ok(act)
    }

    /// Takes the log as it stands on the disk, where somebody else wrote to it.
    pub fn reload(&mut self, log: Log) {
        self.log = log;
        self.refresh(&(0..self.items.len()).collect::<Vec<_>>());
    }

    /// The items that any of these acts could decide, in order.
    fn concerned(&self, acts: &[&Decision]) -> Vec<usize> {
        let keys: HashSet<&str> = acts.iter().flat_map(|a| &a.keys).map(String::as_str).collect();
        let groups: Vec<&Group> = acts.iter().filter_map(|a| a.group.as_ref()).collect();
        let is = |i: &Item| {
            (!keys.is_empty() && i.keys.iter().any(|k| keys.contains(k.as_str())))
                || groups.iter().any(|g| g.covers(&i.group, i.stage, &i.page))
        };
        (0..self.items.len()).filter(|&n| is(&self.items[n])).collect()
    }

    /// Gives these items, in order, their states again.
    fn refresh(&mut self, list: &[usize]) {
        for own in list.chunk_by(|&a, &b| self.owner[a] == self.owner[b]) {
            let issue = self.owner[own[0]];
            let resolved = self.log.resolve(&self.issues[issue].0.name);
            for &n in own {
                settle(&mut self.items[n], &resolved, &self.stale[issue]);
            }
        }
    }

    /// A change in a few words: rule, texts, place.
    pub fn what(&self, n: usize) -> String {
        let i = &self.items[n];
        let original = self.original(n);
        let cut = |t: &str| crate::report::visible(&t.chars().take(24).collect::<String>(), true);
        let before = original.get(i.span().range()).unwrap_or("");
        format!("{}: {} -> {} ({}:{})", i.rule, cut(before), cut(&i.after(original)), i.page, i.line)
    }

    /// The bundle of that place in the queue.
    pub fn bundle(&self, n: usize) -> Option<&Bundle> {
        self.queue.bundles.get(n)
    }
}

/// An own text for a place of an issue; None where the place reaches over a page.
pub(super) fn own_place(issue: &Issue, opened: &Opened, span: Span, text: &str) -> Option<OwnPlace> {
    let page = issue.page_at(span.start());
    let own = issue.pages().get(page).copied()?;
    let whole = issue.text();
    if span.end() > own.end() {
        return None;
    }
    let left: Vec<char> = whole.get(own.start()..span.start())?.chars().rev().take(OWN_CONTEXT_CHARS).collect();
    Some(OwnPlace {
        page: opened.ledger.header.pages.get(page)?.path.clone(),
        at: span.start() - own.start(),
        before: whole.get(span.range())?.to_owned(),
        left: left.into_iter().rev().collect(),
        right: whole.get(span.end()..own.end())?.chars().take(OWN_CONTEXT_CHARS).collect(),
        text: text.to_owned(),
    })
}
