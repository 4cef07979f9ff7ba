//! `recto verify`: every checksum, both replays.

use crate::Outcome;
use crate::args::Verify;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::report::{plural, visible};
use recto::review::State;
use recto::store::{Layout, verify_output};
use std::io::Write;

pub(super) fn run(a: &Verify, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let v = verify_output(&layout, |p| {
        if ui.verbose > 0 {
            ui.say(&p.display().to_string());
        }
    })?;
    let mut out = std::io::stdout().lock();
    for p in &v.problems {
        writeln!(out, "{}: {}", p.path, p.what)?;
    }
    for page in &v.incomplete {
        writeln!(out, "incomplete: {}: its issue was being written when a run ended", visible(page, false))?;
    }
    if let Some((done, all)) = v.interrupted {
        writeln!(out, "a run ended early: {done} of {} done; the same command goes on", plural(all, "issue"))?;
    }
    let verdict = match (v.problems.is_empty(), v.interrupted.is_none()) {
        (true, true) => "all fits",
        (true, false) => "all of it fits",
        _ => "does not fit",
    };
    writeln!(
        out,
        "{} in {} replayed both ways, {} compared: {verdict}",
        plural(v.pages, "page"),
        plural(v.issues, "issue"),
        plural(v.files, "file")
    )?;
    let (undecided, unapplied, stale) =
        if v.problems.is_empty() && v.interrupted.is_none() { decisions(&layout)? } else { (v.undecided, 0, 0) };
    for (n, what, then) in [
        (undecided, "proposal", "undecided"),
        (unapplied, "decision", "not applied yet (recto apply)"),
        (stale, "decision", "stale (recto review)"),
    ] {
        if n > 0 {
            writeln!(out, "{} {then}", plural(n, what))?;
        }
    }
    Ok(match (v.problems.is_empty(), v.interrupted.is_some(), a.strict && undecided + unapplied + stale > 0) {
        (false, ..) => Exit::Integrity,
        (true, true, _) => Exit::Partial,
        (true, false, true) => Exit::Found,
        (true, false, false) => Exit::Done,
    })
}

/// Proposals that nobody decided, decided changes that the output does not show yet, and stale decisions.
fn decisions(layout: &Layout) -> Result<(usize, usize, usize), Failure> {
    let s = super::review::open(layout, None)?;
    let undecided = s.items().iter().filter(|i| matches!(i.state, State::Proposed | State::Stale)).count();
    let unapplied = s.items().iter().filter(|i| i.unapplied()).count();
    Ok((undecided, unapplied, s.orphans().len()))
}
