//! One file per command. What several need stands here: standard input, the thread pool, the stored profile.

mod apply;
mod check;
mod clean;
mod decisions;
mod diff;
mod eval;
mod explain;
mod export;
mod input;
mod jsonl;
mod lm;
mod output;
mod report;
mod restore;
mod review;
mod review_html;
#[cfg(feature = "serve")]
mod review_serve;
mod rules;
mod sample;
mod verify;
mod words;

#[cfg(feature = "review")]
pub(crate) use decisions::{now, summary};

use crate::Outcome;
use crate::args::{Args, Command, Settings};
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use clap::CommandFactory;
use recto::profile::Profile;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Runs the command that was asked for.
pub(crate) fn run(args: &Args, ui: &Ui) -> Outcome {
    match &args.command {
        Command::Check(a) => check::run(a, ui),
        Command::Diff(a) => diff::run(a, ui),
        Command::Clean(a) => clean::run(a, &args.common, ui),
        Command::Restore(a) => restore::run(a, ui),
        Command::Verify(a) => verify::run(a, ui),
        Command::Review(a) => review::run(a, ui),
        Command::Apply(a) => apply::run(a, ui),
        Command::Undo(a) => apply::undo(a, ui),
        Command::Adopt(a) => apply::adopt_edits(a, ui),
        Command::Log(a) => decisions::log(a),
        Command::Decisions(a) => decisions::run(a, ui),
        Command::Report(a) => report::run(a, ui),
        Command::Sample(a) => sample::run(a, ui),
        Command::Eval(a) => eval::run(a, ui),
        Command::Export(a) => export::run(a, ui),
        Command::Words(a) => words::run(a, ui),
        Command::Lm(a) => lm::run(a, ui),
        Command::Rules(a) => rules::run(a),
        Command::Explain(a) => explain::run(a, ui),
        Command::Config(a) => show_config(&a.settings),
        Command::Init => print(settings::TEMPLATE.as_bytes()),
        Command::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "recto", &mut bytes);
            print(&bytes)
        }
        Command::Man => {
            let mut bytes = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut bytes)?;
            print(&bytes)
        }
    }
}

fn print(bytes: &[u8]) -> Outcome {
    std::io::stdout().lock().write_all(bytes)?;
    Ok(Exit::Done)
}

fn show_config(s: &Settings) -> Outcome {
    let e = settings::load(s, Path::new("."))?;
    let mut out = std::io::stdout().lock();
    match &e.file {
        Some(f) => writeln!(out, "# settings from {}", f.display())?,
        None => writeln!(out, "# no recto.toml found")?,
    }
    for (name, value, origin) in &e.origins {
        let value = if value.is_empty() { "-" } else { value };
        writeln!(out, "{name:<16} {value:<64} {origin}")?;
    }
    Ok(Exit::Done)
}

/// Where the search for `recto.toml` begins: the first input's folder, or the current one.
fn start_of(paths: &[PathBuf]) -> PathBuf {
    let here = || PathBuf::from(".");
    match paths.first() {
        Some(p) if !is_stdin(p) && p.is_dir() => p.clone(),
        // A bare name has an empty parent.
        Some(p) if !is_stdin(p) => {
            p.parent().filter(|d| !d.as_os_str().is_empty()).map_or_else(here, Path::to_path_buf)
        }
        _ => here(),
    }
}

fn is_stdin(p: &Path) -> bool {
    p.as_os_str() == "-"
}

/// Names this process to another one that wants the same output folder.
fn holder() -> String {
    let verb = std::env::args().nth(1).unwrap_or_default();
    format!("process {} (recto {verb})", std::process::id())
}

/// A thread pool of the size asked for.
fn pool(s: &Settings) -> Result<rayon::ThreadPool, Failure> {
    // More threads than this only cost memory and start-up.
    const MOST_THREADS: usize = 256;
    let jobs = s.jobs.unwrap_or(0).min(MOST_THREADS);
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|e| Failure::usage(format!("no threads: {e}")).hint("fewer threads with -j may do"))
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(recto::store::LARGEST_PAGE + 1).read_to_end(&mut bytes)?;
    recto::store::fits_in_memory(bytes.len() as u64)
        .map_err(|e| Failure::usage(format!("standard input: {e}")).hint("recto clean --in-format jsonl - streams"))?;
    Ok(bytes)
}

/// The profile that an output folder holds.
fn stored_profile(out: &Path) -> Option<Profile> {
    let path = recto::store::Layout::new(out).profile();
    serde_json::from_str(&std::fs::read_to_string(path).ok()?)
        .ok()
        .filter(|p: &Profile| p.v == recto::profile::PROFILE_VERSION)
}
