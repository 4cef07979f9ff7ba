//! `recto apply` and `recto undo`: the output rebuilt under the decisions.

use super::decisions::{now, read_run_log};
use super::review::{nothing_to_decide, open, target};
use crate::Outcome;
use crate::args::{Adopt, Apply, Undo};
use crate::exit::{Exit, Failure};
use crate::settings::unknown_rule;
use crate::ui::Ui;
use recto::apply::{Applied, adopt_folder, apply, language_of, open_all, open_given};
use recto::language::WordLine;
use recto::ledger::Group;
use recto::report::{plural, visible};
use recto::review::{Decision, Log, Op, Opened, Scope, Session, State, merge};
use recto::store::{Layout, StoreError, append_log, append_words, read_log};
use std::collections::HashSet;
use std::path::Path;

pub(super) fn run(a: &Apply, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let mut log = read_run_log(&layout)?;
    if let Some(file) = &a.decisions {
        // A log that is missing reads as an empty one.
        std::fs::File::open(file)
            .and_then(|f| f.metadata())
            .map_err(|e| Failure::file(file, &e))
            .and_then(|m| if m.is_dir() { Err(StoreError::Folder(file.clone()).into()) } else { Ok(()) })?;
        let new = read_log(file)?;
        if new.acts().is_empty() {
            return Err(Failure::usage(format!("{}: no decisions", file.display()))
                .hint("name a decisions.jsonl as the review page downloads it"));
        }
        let run = super::review::run_of(&layout, a.originals.as_deref())?;
        // What the folder's own log holds may be of a run before pages came or were read anew.
        let own: HashSet<String> = log.acts().iter().map(Decision::identity).collect();
        let foreign = |d: &&Decision| d.run.as_ref().is_some_and(|r| *r != run) && !own.contains(&d.identity());
        if let Some(other) = new.acts().iter().find(foreign).and_then(|d| d.run.as_ref()) {
            return Err(Failure::usage(format!(
                "{}: decisions of another run ({}; this is {run})",
                file.display(),
                visible(other, false)
            ))
            .hint("apply them to the folder that they were made for"));
        }
        let known = log.acts().len();
        log = add(&layout, &log, &new, ui)?;
        let added = log.acts().get(known..).unwrap_or_default();
        if added.iter().any(|d| d.scope == Scope::Always) {
            let s = Session::new(opened(&layout, a.originals.as_deref())?, log.clone(), None);
            added.iter().for_each(|d| keep_words(&s.lines_of(d), &a.words, ui));
        }
    }
    rebuild(&layout, &log, a.originals.as_deref(), ui)
}

/// The issues of a folder; from the originals where the output alone cannot give them.
fn opened(layout: &Layout, originals: Option<&Path>) -> Result<Vec<Opened>, Failure> {
    Ok(match originals {
        None => open_all(layout)?,
        Some(dir) => open_given(layout, dir)?,
    })
}

/// Adds lines to the title's word list. What contradicts a line that stands there is said and left to a person.
pub(super) fn keep_words(lines: &[WordLine], list: &Path, ui: &Ui) {
    if lines.is_empty() {
        return;
    }
    let list_name = list.display();
    match append_words(list, lines) {
        Ok(done) => {
            done.added.iter().for_each(|l| ui.say(&format!("{list_name}: {}", visible(&l.to_string(), false))));
            done.refused.iter().for_each(|w| ui.warn(&format!("not added to {list_name}: {}", visible(w, false))));
        }
        Err(e) => ui.warn(&format!("not added to {list_name}: {}", visible(&e.to_string(), false))),
    }
}

/// Adds the acts that the folder's log does not hold yet.
fn add(layout: &Layout, log: &Log, new: &Log, ui: &Ui) -> Result<Log, Failure> {
    let known = log.acts().len();
    let (merged, conflicts) = merge(&[log.clone(), new.clone()]);
    for c in &conflicts {
        ui.warn(&format!("conflict: {}", conflict(c)));
    }
    append_log(&layout.decisions(), merged.acts().get(known..).unwrap_or_default())?;
    ui.say(&format!("{} added", plural(merged.acts().len() - known, "decision")));
    Ok(merged)
}

pub(super) fn conflict(c: &recto::review::Conflict) -> String {
    let who = |d: &Decision| visible(d.by.as_deref().unwrap_or("somebody"), false);
    format!(
        "{}: {} says {} (act {}), {} says {} (act {}), which holds",
        visible(&c.what, false),
        who(&c.first),
        c.first.op.name(),
        c.first.act,
        who(&c.second),
        c.second.op.name(),
        c.second.act
    )
}

fn rebuild(layout: &Layout, log: &Log, originals: Option<&Path>, ui: &Ui) -> Outcome {
    let done = apply(layout, log, originals, &language_of(layout)?, &super::holder())?;
    tell(&done, log, ui);
    Ok(Exit::Done)
}

/// Says what a rebuilding did.
pub(super) fn tell(done: &Applied, log: &Log, ui: &Ui) {
    ui.say(&format!(
        "{} rebuilt under {}: {} changed",
        plural(done.issues, "issue"),
        plural(log.active().len(), "decision"),
        plural(done.pages.len(), "page")
    ));
    for s in &done.stale {
        let what = log.acts().iter().find(|d| d.act == s.act).and_then(|d| d.what.as_deref()).unwrap_or("");
        ui.warn(&format!("stale: act {} in {}: {}; {}", s.act, visible(&s.issue, false), s.why, visible(what, false)));
    }
    if !done.stale.is_empty() {
        ui.warn("Hint: a stale decision leaves the original; `recto review OUT` asks it again");
    }
}

pub(super) fn undo(a: &Undo, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let by = a.who.reviewer.clone();
    let mut s = open(&layout, by)?;
    let w = &a.what;
    let act = if w.last {
        let last = s.log().last().map(|d| d.act.clone());
        let last = last.ok_or_else(|| Failure::usage("no decision holds").hint("`recto log OUT` lists them all"))?;
        s.undo(&[last], Some(now())).map_err(no_act)?
    } else if let Some(act) = &w.act {
        s.undo(std::slice::from_ref(act), Some(now())).map_err(no_act)?
    } else if let Some(id) = &w.id {
        let target = target(&s, id)?;
        s.decide(&target, Op::Reject, None, Some(now())).map_err(nothing_to_decide)?
    } else {
        let group = selected(a, &s)?;
        take_back(&mut s, group)?
    };
    append_log(&layout.decisions(), std::slice::from_ref(&act))?;
    ui.say(&format!("act {}: {}", act.act, super::decisions::summary(&act)));
    rebuild(&layout, s.log(), None, ui)
}

/// The error for an act that cannot be taken back.
fn no_act(why: String) -> Failure {
    Failure::usage(why).hint("`recto log OUT` numbers the acts and marks those that were taken back")
}

fn selected(a: &Undo, s: &Session) -> Result<Group, Failure> {
    let w = &a.what;
    if let Some(r) = &w.rule {
        let known = recto::rules::find(r).is_some() || r == recto::pipeline::OWN_TEXT.id;
        return if known { Ok(Group { rule: Some(r.clone()), ..Group::default() }) } else { Err(unknown_rule(r)) };
    }
    if let Some(f) = &w.file {
        let there = s.issues().any(|o| o.ledger.header.pages.iter().any(|p| p.path == *f));
        return if there {
            Ok(Group { page: Some(f.clone()), ..Group::default() })
        } else {
            Err(Failure::usage(format!("{f}: no page of this folder")).hint("name it as below OUT/text"))
        };
    }
    Ok(Group { stage: w.stage, ..Group::default() })
}

/// Rejects all of a group, those that were decided one by one included.
fn take_back(s: &mut Session, group: Group) -> Result<Decision, Failure> {
    let singly: Vec<usize> = (0..s.items().len())
        .filter(|&n| {
            let i = &s.items()[n];
            let keyed = s.log().acts().iter().any(|d| Some(&d.act) == i.act.as_ref() && !d.keys.is_empty());
            keyed && matches!(i.state, State::Accepted | State::Edited) && group.covers(&i.group, i.stage, &i.page)
        })
        .collect();
    let keys: Vec<String> = singly.iter().flat_map(|&n| s.items()[n].keys.clone()).collect();
    s.decide_all(group, Op::Reject, keys, Scope::All, Some(now())).map_err(nothing_to_decide)
}

pub(super) fn adopt_edits(a: &Adopt, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let log = read_run_log(&layout)?;
    let found = adopt_folder(&layout, &log, &a.originals, &language_of(&layout)?)?;
    if found.is_empty() {
        ui.say("no page was edited since recto wrote it");
        return Ok(Exit::Done);
    }
    let mut log = log;
    let first = log.acts().len();
    for d in found {
        log.push(Decision { by: a.who.reviewer.clone(), at: Some(now()), ..d });
    }
    let new = log.acts().get(first..).unwrap_or_default();
    append_log(&layout.decisions(), new)?;
    for d in new {
        ui.say(&format!("act {}: {}", d.act, super::decisions::summary(d)));
    }
    rebuild(&layout, &log, Some(&a.originals), ui)
}
