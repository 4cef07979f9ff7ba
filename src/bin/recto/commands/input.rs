//! What the input flags come to: paths, lists of paths, patterns; and inputs as issues, read one by one.

use super::{is_stdin, read_stdin};
use crate::args::Input;
use crate::exit::Failure;
use crate::settings::Effective;
use crate::ui::Ui;
use recto::batch::split_at_damage;
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Verdicts};
use recto::report::visible;
use recto::store::{InputFile, Inputs, Wanted, fits_in_memory, plan};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// All paths: those named, then those of the list.
pub(super) fn paths(named: &[PathBuf], flags: &Input) -> Result<Vec<PathBuf>, Failure> {
    let mut all = named.to_vec();
    let Some(list) = &flags.files_from else { return Ok(all) };
    let bytes = if is_stdin(list) {
        if named.iter().any(|p| is_stdin(p)) {
            return Err(Failure::usage("standard input cannot be both the list and a page")
                .hint("save one of the two to a file"));
        }
        read_stdin()?
    } else {
        std::fs::read(list).map_err(|e| Failure::usage(format!("{}: {e}", list.display())).hint("check the path"))?
    };
    let end = if flags.null { 0 } else { b'\n' };
    // Editors of Windows write one.
    let bytes = bytes.strip_prefix(super::jsonl::BOM).unwrap_or(&bytes);
    for line in bytes.split(|&b| b == end) {
        let line = if flags.null { line } else { line.strip_suffix(b"\r").unwrap_or(line) };
        if !line.is_empty() {
            all.push(path_of(line, list)?);
        }
    }
    if all.is_empty() {
        return Err(Failure::usage(format!("{}: the list is empty; nothing was done", list.display()))
            .hint("one path a line; with -0 each path ends with a NUL, as find -print0 writes it"));
    }
    Ok(all)
}

#[cfg(unix)]
fn path_of(bytes: &[u8], _: &Path) -> Result<PathBuf, Failure> {
    use std::os::unix::ffi::OsStrExt;
    Ok(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8], list: &Path) -> Result<PathBuf, Failure> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Failure::usage(format!("{}: the list is not UTF-8", list.display())))?;
    Ok(PathBuf::from(OsStr::new(text)))
}

/// The files that paths and flags ask for; at least one.
pub(super) fn find(paths: &[PathBuf], flags: &Input, e: &Effective, ui: &Ui) -> Result<Inputs, Failure> {
    let mut exclude = e.files.exclude.clone();
    exclude.extend(flags.exclude.iter().cloned());
    let wanted = Wanted {
        paths: paths.to_vec(),
        exclude,
        include: e.files.include.clone(),
        no_ignore: flags.no_ignore,
        page_pattern: e.files.page_pattern.clone(),
    };
    let inputs = plan(&wanted)?;
    for note in &inputs.notes {
        ui.say(&format!("note: {}", visible(note, false)));
    }
    Ok(inputs)
}

/// True for a file that is JSON lines by its name, packed or not.
pub(super) fn is_named_jsonl(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    [".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson"].iter().any(|end| name.ends_with(end))
}

/// The error for inputs that hold nothing.
pub(super) fn nothing(inputs: &Inputs) -> Failure {
    let first = inputs.failures.first().map(|(p, why)| format!("{}: {}", visible(p, false), visible(why, false)));
    Failure::usage(first.unwrap_or_else(|| "no text files found; nothing was done".into()))
        .hint("recto reads *.txt below a folder and in zip archives; name other files one by one")
}

/// One file as a page; the hint says what to do where it cannot be read.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |e: std::io::Error| {
        let hint = match e.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check that you may read it (ls -l)",
            std::io::ErrorKind::FileTooLarge => "recto clean --in-format jsonl streams files of any size",
            _ => "check that it is a plain file",
        };
        Failure::usage(format!("{}: {e}", path.display())).hint(hint)
    };
    // A pipe has no length before it is read.
    fits_in_memory(std::fs::metadata(path).map_err(failed)?.len()).map_err(failed)?;
    let bytes = std::fs::read(path).map_err(failed)?;
    fits_in_memory(bytes.len() as u64).map_err(failed)?;
    Ok(bytes)
}

/// Inputs as issues, read one by one: what `check`, `diff` and `explain` go through.
pub(super) struct Source {
    inputs: Inputs,
    stdin: bool,
}

impl Source {
    pub(super) fn new(paths: &[PathBuf], flags: &Input, e: &Effective, ui: &Ui) -> Result<Self, Failure> {
        let files: Vec<PathBuf> = paths.iter().filter(|p| !is_stdin(p)).cloned().collect();
        let stdin = files.len() < paths.len();
        if let Some(lines) = files.iter().find(|p| is_named_jsonl(p)) {
            return Err(Failure::usage(format!("{}: JSON lines, which only `clean` reads", lines.display()))
                .hint("`recto clean FILE.jsonl` writes them cleaned to standard output; to read one as plain text, name it .txt"));
        }
        let inputs = if files.is_empty() { Inputs::default() } else { find(&files, flags, e, ui)? };
        if inputs.files.is_empty() && !stdin {
            return Err(nothing(&inputs));
        }
        Ok(Self { inputs, stdin })
    }

    /// Cleans issue after issue in memory. Gives the number of files that failed or are damaged.
    pub(super) fn each(
        &self,
        e: &Effective,
        ui: &Ui,
        mut f: impl FnMut(&Cleaned) -> Result<(), Failure>,
    ) -> Result<usize, Failure> {
        let (language, profile) = (e.language()?, e.profile.clone().unwrap_or_default());
        let cleaner = Cleaner::new(&e.config, &language, &profile);
        let mut bad = 0;
        for (path, why) in &self.inputs.failures {
            bad += 1;
            ui.warn(&format!("Error: {}: {}", visible(path, false), visible(why, false)));
        }
        let mut issue = |pages: Vec<DecodedPage>| -> Result<(), Failure> {
            for part in split_at_damage(pages) {
                for p in part.iter().filter(|p| p.decoded.decoding.damaged) {
                    bad += 1;
                    ui.warn(&format!("damaged: {}: {}", p.name, p.decoded.decoding.why));
                }
                f(&cleaner.clean(part, &Verdicts::default()))?;
            }
            Ok(())
        };
        if self.stdin {
            let bytes = read_stdin()?;
            issue(vec![DecodedPage::new(&PageInput { name: "-".into(), bytes }, &cleaner.hint())])?;
        }
        let mut failed = 0;
        for g in self.inputs.groups() {
            let mut pages = Vec::new();
            let files: Vec<&InputFile> = g.pages.iter().filter_map(|&n| self.inputs.files.get(n)).collect();
            for file in files {
                match file.read() {
                    Ok(bytes) => {
                        pages.push(DecodedPage::new(&PageInput { name: file.name.clone(), bytes }, &cleaner.hint()))
                    }
                    Err(e) => {
                        failed += 1;
                        // A page that cannot be read parts its neighbours.
                        if !pages.is_empty() {
                            issue(std::mem::take(&mut pages))?;
                        }
                        ui.warn(&format!("Error: {}: {e}", visible(&file.name, false)));
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
