//! `recto clean`: one file to stdout, JSON lines to stdout, or folders into an output folder.

use super::{input, jsonl, pool, read_stdin, stored_profile};
use crate::Outcome;
use crate::args::{Clean, Common, InFormat};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::settings;
use crate::ui::Ui;
use recto::batch::{Job, Provenance, Stop, clean_folder};
use recto::ledger::Fate;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::report::{plural, write_summary};
use recto::store::{Mode, put_ledger};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn run(a: &Clean, common: &Common, ui: &Ui) -> Outcome {
    if is_jsonl(a) {
        return jsonl::run(a, ui);
    }
    if a.annotate {
        return Err(Failure::usage("--annotate adds to JSON lines; this input is plain text, nothing was done").hint(
            "recto clean --in-format jsonl --annotate FILE > OUT.jsonl; for text, --ledger FILE or -o OUT records",
        ));
    }
    let paths = input::paths(&a.paths, &a.input)?;
    match (&a.out, paths.as_slice()) {
        (_, []) => {
            Err(Failure::usage("no input was named")
                .hint("recto clean FILE; recto clean - < FILE; recto clean DIR -o OUT"))
        }
        (Some(out), paths) => folders(a, common, ui, paths, out),
        (None, [one]) if !one.is_dir() && !is_archive(one) => single(a, ui, one),
        (None, paths) => {
            let shown = |p: &PathBuf| {
                let p = p.display().to_string();
                if p.contains(char::is_whitespace) { format!("'{p}'") } else { p }
            };
            let names: Vec<String> = paths.iter().map(shown).collect();
            let names = names.join(" ");
            Err(Failure::usage("a folder, an archive or several files need an output folder; nothing was done")
                .hint(format!("recto clean {names} -o OUT")))
        }
    }
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|x| x.eq_ignore_ascii_case("zip"))
}

fn is_jsonl(a: &Clean) -> bool {
    a.in_format == InFormat::Jsonl
        || (a.in_format == InFormat::Auto && !a.paths.is_empty() && a.paths.iter().all(|p| input::is_named_jsonl(p)))
}

fn single(a: &Clean, ui: &Ui, path: &Path) -> Outcome {
    let e = settings::load(&a.settings, &super::start_of(&a.paths))?;
    let bytes = if super::is_stdin(path) { read_stdin()? } else { input::read(path)? };
    // The name goes into the ledger, so it must not depend on where the file lies.
    let name = path.file_name().map_or_else(|| "-".to_owned(), |n| n.to_string_lossy().into_owned());
    let (language, profile) = (e.language()?, e.profile.clone().unwrap_or_default());
    let cleaner = Cleaner::new(&e.config, &language, &profile);
    let page = DecodedPage::new(&PageInput { name: name.clone(), bytes }, &cleaner.hint());
    let cleaned = cleaner.clean(vec![page], &Verdicts::default());
    if let Some(file) = &a.ledger {
        let mut bytes = Vec::new();
        cleaned.ledger.write(&mut bytes)?;
        put_ledger(file, &bytes)?;
    } else {
        let n = cleaned.ledger.count(|f| *f == Fate::Applied);
        if n > 0 {
            let edits = plural(n, "edit");
            ui.say(&format!("{name}: {edits}, not recorded; --ledger FILE keeps the record, -q silences this line"));
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

fn folders(a: &Clean, common: &Common, ui: &Ui, paths: &[PathBuf], out: &Path) -> Outcome {
    if paths.iter().any(|p| super::is_stdin(p)) {
        return Err(Failure::usage("standard input cannot go into an output folder")
            .hint("save it to a file first, or leave -o out"));
    }
    refuse_nesting(paths, out)?;
    let e = settings::load(&a.settings, &super::start_of(paths))?;
    let inputs = input::find(paths, &a.input, &e, ui)?;
    if inputs.files.is_empty() {
        return Err(input::nothing(&inputs));
    }
    let language = e.language()?;
    let given = match e.profile {
        Some(p) => Some(p),
        None if a.relearn || a.fresh => None,
        None => stored_profile(out),
    };
    let provenance = Provenance {
        holder: super::holder(),
        argv: std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect(),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        commit: option_env!("RECTO_COMMIT").map(str::to_owned),
        now: &super::decisions::now,
        started: super::decisions::now(),
    };
    let stop = signals()?;
    let job = Job {
        inputs: &inputs,
        out,
        mode: Mode { fresh: a.fresh, relearn: a.relearn, unsynced: a.no_sync },
        config: &e.config,
        language: &language,
        profile: given,
        batch_pages: a.batch_pages,
        max_failures: a.max_failures,
        provenance: &provenance,
        stop: &stop,
    };
    let progress = Progress::new(ui, common.progress, inputs.files.len());
    let summary = pool(&a.settings)?.install(|| clean_folder(&job, &progress));
    progress.finish();
    let summary = summary?;
    let bad = summary.bad_pages();
    if !ui.quiet || bad > 0 || summary.stopped.is_some() {
        let mut text = Vec::new();
        write_summary(&mut text, &summary, &out.display().to_string())?;
        ui.summary(String::from_utf8_lossy(&text).trim_end());
    }
    Ok(match summary.stopped {
        Some(Stop::Interrupted) => Exit::Interrupted,
        Some(_) => Exit::Partial,
        None if bad > 0 => Exit::Partial,
        None => Exit::Done,
    })
}

/// Set when the user or the system asks the program to end. The second time it ends at once: the marks see to it that
/// nothing is lost then either.
fn signals() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, Exit::Interrupted as i32, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
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
    if let Some(other) = out_real.ancestors().skip(1).find(|a| a.join(".recto").is_dir()) {
        let what = format!("{} lies in the output folder {}; nothing was done", out.display(), other.display());
        return Err(Failure::usage(what).hint("name an output folder outside of it"));
    }
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
