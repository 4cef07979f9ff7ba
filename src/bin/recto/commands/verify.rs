//! `recto verify`: every checksum, both replays.

use crate::Outcome;
use crate::args::Verify;
use crate::exit::Exit;
use crate::ui::Ui;
use recto::report::plural;
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
    let verdict = if v.problems.is_empty() { "all fits" } else { "does not fit" };
    writeln!(
        out,
        "{} in {} replayed both ways, {} compared: {verdict}",
        plural(v.pages, "page"),
        plural(v.issues, "issue"),
        plural(v.files, "file")
    )?;
    if v.undecided > 0 {
        writeln!(out, "undecided: {}", plural(v.undecided, "proposal"))?;
    }
    Ok(match (v.problems.is_empty(), a.strict && v.undecided > 0) {
        (false, _) => Exit::Integrity,
        (true, true) => Exit::Found,
        (true, false) => Exit::Done,
    })
}
