//! One file per command. What several need stands here: reading inputs into issues, the thread pool, the pipeline.

mod apply;
mod check;
mod clean;
mod decisions;
mod diff;
mod explain;
mod jsonl;
mod restore;
mod review;
mod rules;
mod verify;

use crate::Outcome;
use crate::args::{Args, Command, Settings};
use crate::exit::{Exit, Failure};
use crate::settings::{self, Effective};
use crate::ui::Ui;
use clap::CommandFactory;
use recto::batch::split_at_damage;
use recto::language::Language;
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Suppressed};
use recto::profile::Profile;
use recto::store::{Inputs, group_pages, plan};
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
        Command::Log(a) => decisions::log(a),
        Command::Decisions(a) => decisions::run(a, ui),
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
    match paths.first() {
        Some(p) if p.as_os_str() != "-" && p.is_dir() => p.clone(),
        Some(p) if p.as_os_str() != "-" => p.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf),
        _ => PathBuf::from("."),
    }
}

fn is_stdin(p: &Path) -> bool {
    p.as_os_str() == "-"
}

/// A thread pool of the size asked for.
fn pool(s: &Settings) -> Result<rayon::ThreadPool, Failure> {
    if s.jobs == Some(0) {
        return Err(Failure::usage("-j needs at least one thread").hint("leave -j out to use all cores"));
    }
    // More threads than this only cost memory and start-up.
    const MOST_THREADS: usize = 256;
    let jobs = s.jobs.unwrap_or(0).min(MOST_THREADS);
    rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|e| Failure::usage(format!("no threads: {e}")))
}

/// Inputs as issues, read one by one: what `check`, `diff` and `explain` go through.
struct Source {
    inputs: Inputs,
    stdin: bool,
}

impl Source {
    fn new(paths: &[PathBuf]) -> Result<Self, Failure> {
        let files: Vec<PathBuf> = paths.iter().filter(|p| !is_stdin(p)).cloned().collect();
        let stdin = files.len() < paths.len();
        let inputs = if files.is_empty() { Inputs::default() } else { plan(&files)? };
        if inputs.files.is_empty() && !stdin {
            let first = inputs.failures.first().map(|(p, why)| format!("{p}: {why}"));
            return Err(Failure::usage(first.unwrap_or_else(|| "no text files found".into()))
                .hint("recto reads *.txt below a folder; name other files one by one"));
        }
        Ok(Self { inputs, stdin })
    }

    /// Cleans issue after issue in memory. Gives the number of files that failed or are damaged.
    fn each(
        &self,
        e: &Effective,
        ui: &Ui,
        mut f: impl FnMut(&Cleaned) -> Result<(), Failure>,
    ) -> Result<usize, Failure> {
        let language = Language::embedded();
        let profile = e.profile.clone().unwrap_or_default();
        let cleaner = Cleaner::new(&e.config, &language, &profile);
        let mut bad = 0;
        for (path, why) in &self.inputs.failures {
            bad += 1;
            ui.warn(&format!("Error: {path}: {why}"));
        }
        let mut issue = |pages: Vec<DecodedPage>| -> Result<(), Failure> {
            for part in split_at_damage(pages) {
                for p in part.iter().filter(|p| p.decoded.decoding.damaged) {
                    bad += 1;
                    ui.warn(&format!("damaged: {}: {}", p.name, p.decoded.decoding.why));
                }
                f(&cleaner.clean(part, &Suppressed::default()))?;
            }
            Ok(())
        };
        if self.stdin {
            let bytes = read_stdin()?;
            issue(vec![DecodedPage::new(&PageInput { name: "-".into(), bytes }, &cleaner.hint())])?;
        }
        let names: Vec<String> = self.inputs.files.iter().map(|(n, _)| n.clone()).collect();
        let mut failed = 0;
        for g in group_pages(&names) {
            let mut pages = Vec::new();
            for (name, path) in g.pages.iter().filter_map(|&n| self.inputs.files.get(n)) {
                match std::fs::read(path) {
                    Ok(bytes) => {
                        pages.push(DecodedPage::new(&PageInput { name: name.clone(), bytes }, &cleaner.hint()))
                    }
                    Err(e) => {
                        failed += 1;
                        ui.warn(&format!("Error: {}: {e}", path.display()));
                    }
                }
            }
            if !pages.is_empty() {
                issue(pages)?;
            }
        }
        let all = self.inputs.files.len() + usize::from(self.stdin);
        if failed == all {
            return Err(Failure::usage("no input could be read"));
        }
        Ok(bad + failed)
    }
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The profile that an output folder holds.
fn stored_profile(out: &Path) -> Option<Profile> {
    let path = recto::store::Layout::new(out).profile();
    serde_json::from_str(&std::fs::read_to_string(path).ok()?)
        .ok()
        .filter(|p: &Profile| p.v == recto::profile::PROFILE_VERSION)
}
