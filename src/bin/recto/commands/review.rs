//! `recto review`: the queue for scripts, and the door to the front ends.

use super::decisions::{now, read_run_log};
use crate::Outcome;
use crate::args::Review;
use crate::exit::{Exit, Failure};
use crate::settings::unknown_rule;
use crate::ui::Ui;
use recto::apply::open_all;
use recto::ledger::Group;
use recto::report::{plural, visible};
use recto::review::{Op, Session, State, Target};
#[cfg(any(feature = "review", feature = "serve"))]
use recto::store::Seat;
use recto::store::{Layout, append_log};
#[cfg(feature = "review")]
use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;

pub(super) fn run(a: &Review, ui: &Ui) -> Outcome {
    if a.note.is_some() && a.accept.is_empty() && a.reject.is_empty() {
        return Err(Failure::usage("--note says why something is accepted or rejected; nothing was named")
            .hint(format!("recto review {} --reject RULE --note TEXT", a.folder.display())));
    }
    if let Some(file) = &a.html {
        return super::review_html::run(a, file, ui);
    }
    if a.serve {
        return serve(a, ui);
    }
    let layout = Layout::new(&a.folder);
    let mut s = open(&layout, a.who.reviewer.clone())?;
    if !a.accept.is_empty() || !a.reject.is_empty() {
        let wanted = a.accept.iter().map(|w| (w, Op::Accept)).chain(a.reject.iter().map(|w| (w, Op::Reject)));
        for (what, op) in wanted {
            let target = target(&s, what)?;
            let n = s.reach(&target, op).len();
            let act = s.decide(&target, op, a.note.clone(), Some(now())).map_err(nothing_to_decide)?;
            append_log(&layout.decisions(), std::slice::from_ref(&act))?;
            ui.say(&format!("act {}: {} {what}: {}", act.act, op.name(), plural(n, "change")));
        }
        ui.say(&format!("`recto apply {}` rebuilds the output", a.folder.display()));
        return Ok(Exit::Done);
    }
    #[cfg(feature = "review")]
    if !a.list && !a.no_input {
        let both = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        if !both {
            return list(&s, &a.folder);
        }
        let seat = seat(&layout, a.who.reviewer.as_deref(), ui);
        let options = crate::tui::Options {
            read_only: seat.is_none(),
            layout,
            words: a.words.clone(),
            lang: if a.ui_lang.chinese() { recto::review::UiLang::Zh } else { recto::review::UiLang::En },
            ascii: a.ascii,
            colour: ui.colour(),
        };
        return crate::tui::review(s, options);
    }
    list(&s, &a.folder)
}

/// The seat of a reviewer; None where another sitting under that name is open, or none can be taken: then the review is
/// read only, and says why.
#[cfg(any(feature = "review", feature = "serve"))]
pub(super) fn seat(layout: &Layout, reviewer: Option<&str>, ui: &Ui) -> Option<Seat> {
    match Seat::take(layout, reviewer, &super::holder()) {
        Ok(seat) => Some(seat),
        Err(e) => {
            ui.warn(&format!("read only: {e}"));
            ui.warn("Hint: --reviewer NAME under another name writes beside it");
            None
        }
    }
}

#[cfg(feature = "serve")]
fn serve(a: &Review, ui: &Ui) -> Outcome {
    super::review_serve::run(a, ui)
}

#[cfg(not(feature = "serve"))]
fn serve(a: &Review, _ui: &Ui) -> Outcome {
    Err(Failure::usage("this recto was built without the local page").hint(format!(
        "build it with `--features serve`, or write one file: `recto review {} --html review.html`",
        a.folder.display()
    )))
}

/// Opens a sitting on an output folder.
pub(super) fn open(layout: &Layout, by: Option<String>) -> Result<Session, Failure> {
    let log = read_run_log(layout)?;
    Ok(Session::new(open_all(layout)?, log, by))
}

/// The error where an act would decide nothing.
pub(super) fn nothing_to_decide(why: String) -> Failure {
    Failure::usage(why)
        .hint("`recto review OUT --list` prints what there is to decide, `recto log OUT` what was decided")
}

/// The id of the run in a folder.
pub(super) fn run_of(layout: &Layout, originals: Option<&Path>) -> Result<String, Failure> {
    if originals.is_none() {
        let opened = open_all(layout)?;
        return Ok(recto::review::run_id(opened.iter().map(|o| &o.ledger)));
    }
    let mut all = Vec::new();
    for path in recto::store::ledgers(layout)? {
        let file = std::fs::File::open(&path)?;
        let read = recto::ledger::Ledger::read(std::io::BufReader::new(file));
        all.push(read.map_err(|source| recto::store::StoreError::Ledger { path, source })?);
    }
    Ok(recto::review::run_id(all.iter()))
}

/// What a name on the command line means: a rule, a group or the id or key of a change.
pub(super) fn target(s: &Session, what: &str) -> Result<Target, Failure> {
    if let Some(b) = s.queue().bundles.iter().find(|b| b.id == what) {
        return match b.members.as_slice() {
            [one] if b.is_single() => Ok(Target::Item(*one)),
            _ => Ok(Target::Named(b.group.clone())),
        };
    }
    if recto::rules::find(what).is_some() {
        return Ok(Target::Named(Group { rule: Some(what.to_owned()), ..Group::default() }));
    }
    // Ids are twelve digits; four are enough where they are clear.
    // Equal pages have equal ids: PAGE:ID tells them apart.
    let (page, id) = what.rsplit_once(':').map_or((None, what), |(page, id)| (Some(page), id));
    let by_id = |n: &usize| {
        let i = &s.items()[*n];
        let named = (id.len() >= 4 && i.id.starts_with(id)) || i.keys.iter().any(|k| k == id);
        named && page.is_none_or(|p| i.page == p)
    };
    let found: Vec<usize> = (0..s.items().len()).filter(by_id).collect();
    match found.as_slice() {
        [one] => Ok(Target::Item(*one)),
        [] if page.is_none() && what.contains('-') && !what.starts_with("g-") => Err(unknown_rule(what)),
        [] => Err(Failure::usage(format!("nothing here is called {what}"))
            .hint("`recto review OUT --list` prints groups, `recto diff OUT --format json` ids")),
        many => {
            let first = &s.items()[many[0]];
            let hint = format!("give more of the id, and the page: {}:{}", visible(&first.page, false), first.id);
            Err(Failure::usage(format!("{what} names {} changes", many.len())).hint(hint))
        }
    }
}

/// The queue as lines, each with the command that decides it.
fn list(s: &Session, folder: &Path) -> Outcome {
    let mut out = std::io::stdout().lock();
    let undecided = |b: &&recto::review::Bundle| b.members.iter().filter(|&&m| !s.items()[m].state.decided()).count();
    for b in s.queue().bundles.iter().filter(|b| !b.is_safe()) {
        let open = undecided(&b);
        let Some(&first) = b.members.first() else { continue };
        let i = &s.items()[first];
        let state = if open == 0 { "decided" } else { i.state.name() };
        writeln!(out, "{:<12}  {:<9} {:>6}  {}", b.id, state, b.members.len(), s.what(first))?;
        if let Some(p) = i.protected {
            writeln!(out, "              by itself: {p}")?;
        }
        if open > 0 {
            writeln!(out, "              recto review {} --accept {}   (or --reject)", folder.display(), b.id)?;
        }
    }
    for d in s.orphans() {
        let what = visible(d.what.as_deref().unwrap_or(""), false);
        writeln!(out, "act {:<8}  stale  {what}  (recto undo {} --act {})", d.act, folder.display(), d.act)?;
    }
    let count = |st: State| s.items().iter().filter(|i| i.state == st).count();
    let safe: usize = s.items().iter().filter(|i| i.safe()).count();
    writeln!(
        out,
        "{} left; {} ({safe} of them safe): {} proposed, {} accepted, {} rejected, {} edited, {} in doubt, {} stale",
        plural(s.left(), "decision"),
        plural(s.items().len(), "change"),
        count(State::Proposed),
        count(State::Accepted),
        count(State::Rejected),
        count(State::Edited),
        count(State::Doubt),
        count(State::Stale)
    )?;
    Ok(Exit::Done)
}
