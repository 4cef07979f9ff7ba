//! `recto explain`: a rule, or one change with every reason that the ledger holds.

use super::input::{self, Source};
use super::output::{Folder, exit};
use crate::Outcome;
use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::settings::{self, unknown_rule};
use crate::ui::Ui;
use recto::pipeline::Cleaned;
use recto::report::{write_explanation, write_rule};

pub(super) fn run(a: &Explain, ui: &Ui) -> Outcome {
    let mut out = std::io::stdout().lock();
    if let Some(rule) = recto::rules::find(&a.what) {
        write_rule(&mut out, rule)?;
        return Ok(Exit::Done);
    }
    let paths = input::paths(&a.paths, &a.input)?;
    if paths.is_empty() {
        let f = unknown_rule(&a.what);
        return Err(f.hint("for a change, name its id or key and the file: recto explain ID FILE"));
    }
    let mut found = false;
    let mut show = |cleaned: &Cleaned| -> Result<(), Failure> {
        found |= write_explanation(&mut out, cleaned, &a.what)?;
        Ok(())
    };
    let broken = match paths.as_slice() {
        // What was done there, as the ledgers have it.
        [dir] if dir.join("run.json").is_file() => Folder::open(dir)?.each(ui, &mut show)?,
        paths => {
            let mut e = settings::load(&a.settings, &super::start_of(paths))?;
            e.config.explain = true;
            Source::new(paths, &a.input, &e, ui)?.each(&e, ui, show)?;
            0
        }
    };
    if found {
        return Ok(exit(broken));
    }
    Err(Failure::usage(format!("no change has the id or key {}", a.what))
        .hint("`recto diff --format json PATH` prints ids and keys"))
}
