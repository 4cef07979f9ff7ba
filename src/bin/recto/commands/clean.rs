//! `recto clean`: one file to stdout, JSON lines to stdout, or folders into an output folder.

use super::{jsonl, pool, read_stdin, stored_profile};
use crate::Outcome;
use crate::args::{Clean, Common, InFormat};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::settings;
use crate::ui::Ui;
use recto::batch::clean_folder;
use recto::language::Language;
use recto::ledger::Fate;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Suppressed};
use recto::report::write_summary;
use recto::store::{plan, put_ledger};
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) fn run(a: &Clean, common: &Common, ui: &Ui) -> Outcome {
    if is_jsonl(a) {
        return jsonl::run(a, ui);
    }
    match (&a.out, a.paths.as_slice()) {
        (_, []) => {
            Err(Failure::usage("no input was named")
                .hint("recto clean FILE; recto clean - < FILE; recto clean DIR -o OUT"))
        }
        (Some(out), paths) => folders(a, common, ui, paths, out),
        (None, [one]) if !one.is_dir() => single(a, ui, one),
        (None, paths) => {
            let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
            let names = names.join(" ");
            Err(Failure::usage("a folder or several files need an output folder; nothing was done")
                .hint(format!("recto clean {names} -o OUT")))
        }
    }
}

fn is_jsonl(a: &Clean) -> bool {
    let named = |p: &PathBuf| p.extension().is_some_and(|x| x.eq_ignore_ascii_case("jsonl"));
    a.in_format == InFormat::Jsonl
        || (a.in_format == InFormat::Auto && a.out.is_none() && a.paths.len() == 1 && a.paths.iter().all(named))
}

fn single(a: &Clean, ui: &Ui, path: &Path) -> Outcome {
    let e = settings::load(&a.settings, &super::start_of(&a.paths))?;
    let bytes = if super::is_stdin(path) { read_stdin()? } else { read(path)? };
    // The name goes into the ledger, so it must not depend on where the file lies.
    let name = path.file_name().map_or_else(|| "-".to_owned(), |n| n.to_string_lossy().into_owned());
    let (language, profile) = (Language::embedded(), e.profile.clone().unwrap_or_default());
    let cleaner = Cleaner::new(&e.config, &language, &profile);
    let page = DecodedPage::new(&PageInput { name: name.clone(), bytes }, &cleaner.hint());
    let cleaned = cleaner.clean(vec![page], &Suppressed::default());
    if let Some(file) = &a.ledger {
        let mut bytes = Vec::new();
        cleaned.ledger.write(&mut bytes)?;
        put_ledger(file, &bytes)?;
    } else {
        let n = cleaned.ledger.count(|f| *f == Fate::Applied);
        if n > 0 {
            ui.say(&format!("{name}: {n} edits, not recorded; --ledger FILE keeps the record, -q silences this line"));
        }
    }
    let mut out = std::io::stdout().lock();
    out.write_all(cleaned.page(0).as_bytes())?;
    out.flush()?;
    match cleaned.ledger.header.pages.first().map(|p| &p.decoding) {
        Some(d) if d.damaged => {
            ui.warn(&format!("damaged: {name}: {}; the text was passed on, not cleaned", d.why));
            Ok(Exit::Partial)
        }
        Some(d) => {
            if let Some(doubt) = &d.doubt {
                ui.say(&format!("{name}: encoding in doubt: {doubt}"));
            }
            Ok(Exit::Done)
        }
        None => Ok(Exit::Done),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| {
        let hint = match e.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check that you may read it (ls -l)",
            _ => "check that it is a plain file",
        };
        Failure::usage(format!("{}: {e}", path.display())).hint(hint)
    })
}

fn folders(a: &Clean, common: &Common, ui: &Ui, paths: &[PathBuf], out: &Path) -> Outcome {
    if paths.iter().any(|p| super::is_stdin(p)) {
        return Err(Failure::usage("standard input cannot go into an output folder")
            .hint("save it to a file first, or leave -o out"));
    }
    refuse_nesting(paths, out)?;
    let e = settings::load(&a.settings, &super::start_of(paths))?;
    let inputs = plan(paths)?;
    if inputs.files.is_empty() {
        return Err(Failure::usage("no text files found; nothing was done")
            .hint("recto reads *.txt below a folder; name other files one by one"));
    }
    let language = Language::embedded();
    let given = match e.profile {
        Some(p) => Some(p),
        None if a.relearn || a.fresh => None,
        None => stored_profile(out),
    };
    let progress = Progress::new(ui, common.progress, inputs.files.len());
    let summary = pool(&a.settings)?
        .install(|| clean_folder(&inputs, out, a.fresh || a.relearn, &e.config, &language, given, &progress));
    progress.finish();
    let summary = summary?;
    let bad = summary.bad_pages();
    if !ui.quiet || bad > 0 {
        let mut text = Vec::new();
        write_summary(&mut text, &summary, &out.display().to_string())?;
        ui.warn(String::from_utf8_lossy(&text).trim_end());
    }
    Ok(if bad > 0 { Exit::Partial } else { Exit::Done })
}

/// An output inside an input, or the reverse, would feed recto its own work.
pub(super) fn refuse_nesting(paths: &[PathBuf], out: &Path) -> Result<(), Failure> {
    let real = |p: &Path| p.canonicalize().or_else(|_| std::path::absolute(p)).unwrap_or_else(|_| p.to_owned());
    let out_real = out.parent().filter(|_| !out.exists()).map_or_else(
        || real(out),
        |p| {
            let parent = if p.as_os_str().is_empty() { Path::new(".") } else { p };
            real(parent).join(out.file_name().unwrap_or_default())
        },
    );
    for p in paths {
        let input = real(p);
        if out_real.starts_with(&input) || input.starts_with(&out_real) {
            let what = format!(
                "the output folder {} and the input {} lie inside each other; nothing was done",
                out.display(),
                p.display()
            );
            return Err(Failure::usage(what).hint("name an output folder beside the input"));
        }
    }
    Ok(())
}
