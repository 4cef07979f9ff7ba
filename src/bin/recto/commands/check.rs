//! `recto check`: what would be found, without writing anything.

use super::input::{self, Source};
use crate::Outcome;
use crate::args::{Check, CheckFormat};
use crate::exit::Exit;
use crate::settings;
use crate::ui::Ui;
use recto::report::{write_check, write_check_lines, write_diff_json};
use std::io::{BufWriter, Write};

pub(super) fn run(a: &Check, ui: &Ui) -> Outcome {
    let paths = input::paths(&a.paths, &a.input)?;
    let e = settings::load(&a.settings, &super::start_of(&paths))?;
    let source = Source::new(&paths, &a.input, &e, ui)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut found = false;
    let bad = source.each(&e, ui, |cleaned| {
        found |= !recto::ledger::counts(&cleaned.ledger).is_empty();
        match a.format {
            CheckFormat::Text => {
                write_check(&mut out, cleaned)?;
            }
            CheckFormat::Jsonl => write_check_lines(&mut out, cleaned)?,
            CheckFormat::Json => write_diff_json(&mut out, cleaned, None)?,
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(match (bad, found) {
        (0, false) => Exit::Done,
        (0, true) => Exit::Found,
        _ => Exit::Partial,
    })
}
