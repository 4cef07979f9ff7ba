//! `recto eval`: a text, a folder of texts or an output folder against ground truth.

use super::output::{Folder, exit, misfit};
use crate::Outcome;
use crate::args::{Eval, EvalFormat};
use crate::exit::Failure;
use crate::ui::Ui;
use recto::report::{Evaluation, visible, write_evaluation};
use recto::source::{Hint, decode};
use recto::store::{Wanted, plan};
use std::io::{BufWriter, Write};
use std::path::Path;

pub(super) fn run(a: &Eval, ui: &Ui) -> Outcome {
    for path in [&a.truth, &a.text] {
        std::fs::metadata(path).map_err(|e| Failure::file(path, &e))?;
    }
    if a.truth.join(".recto").is_dir() {
        return Err(Failure::usage(format!("{}: an output folder of recto is no truth", a.truth.display()))
            .hint(format!("the truth is named first: recto eval TRUTH {}", a.truth.display())));
    }
    let mut e = Evaluation::default();
    let broken = match (a.truth.is_dir(), a.text.is_dir()) {
        (false, false) => {
            e.add_text(&read(&a.truth)?, &read(&a.text)?);
            0
        }
        (true, true) if a.text.join("run.json").is_file() => {
            let folder = Folder::open(&a.text)?;
            folder.each(ui, |c| {
                let pages = c.ledger.header.pages.iter();
                let truths: Vec<_> = pages.clone().map(|p| a.truth.join(&p.path)).collect();
                if !truths.iter().all(|t| t.is_file()) {
                    for p in pages.zip(&truths).filter(|(_, t)| !t.is_file()).map(|(p, _)| p) {
                        ui.say(&format!("no truth for {}: its issue was left out", visible(&p.path, false)));
                    }
                    return Ok(());
                }
                let truths = truths.iter().map(|t| read(t)).collect::<Result<Vec<_>, _>>()?;
                e.add_issue(&truths, c).map_err(misfit)
            })?
        }
        (true, true) => {
            for f in plan(&Wanted::paths(std::slice::from_ref(&a.truth)))?.files {
                let other = a.text.join(&f.name);
                if other.is_file() {
                    e.add_text(&read(&a.truth.join(&f.name))?, &read(&other)?);
                } else {
                    ui.say(&format!("no text for {}: left out", visible(&f.name, false)));
                }
            }
            0
        }
        _ => {
            return Err(Failure::usage("a file can only be compared with a file, a folder with a folder")
                .hint("recto eval TRUTH.txt TEXT.txt; recto eval TRUTHS OUT"));
        }
    };
    if e.texts == 0 {
        return Err(Failure::usage("no text has a truth of the same name")
            .hint("the names below both folders must be the same"));
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    match a.format {
        EvalFormat::Text => write_evaluation(&mut out, &e)?,
        EvalFormat::Json => writeln!(out, "{}", serde_json::to_string(&e).map_err(std::io::Error::other)?)?,
    }
    out.flush()?;
    Ok(exit(broken))
}

fn read(path: &Path) -> Result<String, Failure> {
    Ok(decode(&super::input::read(path)?, &Hint::default()).text)
}
