//! Exit codes and errors as the command line's contract has them.

use recto::apply::ApplyError;
use recto::store::{InputError, StoreError};
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;

/// How a command ended.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Exit {
    /// Done, nothing to report.
    Done = 0,
    /// `check` or `diff` found something; `--strict` found undecided edits.
    Found = 1,
    /// Wrong use or configuration, or nothing readable; nothing was done.
    Usage = 2,
    /// Done, but some files failed or are damaged.
    Partial = 3,
    /// A hash or a replay does not fit.
    Integrity = 4,
    /// Interrupted; the same command goes on.
    Interrupted = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(e: Exit) -> Self {
        Self::from(e as u8)
    }
}

/// An error with its exit code and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
    broken_pipe: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), hint: None, broken_pipe: false }
    }
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// The same error, in this file.
    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self { what: format!("{}: {}", path.display(), self.what), ..self }
    }
    /// A file that cannot be read or written, with what to do about it.
    pub(crate) fn file(path: &Path, e: &io::Error) -> Self {
        Self::usage(format!("{}: {e}", path.display())).hint(advice(e.kind()))
    }
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

/// What to do about a file that cannot be read or written.
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "check the path",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "check your rights on it (ls -ld)",
        ErrorKind::IsADirectory => "it is a folder; name a file",
        ErrorKind::NotADirectory => "a part of the path is a file; check the path",
        ErrorKind::InvalidData => "save it as UTF-8",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk",
        _ => "check that it is a plain file",
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        let broken_pipe = e.kind() == ErrorKind::BrokenPipe;
        Self { broken_pipe, ..Self::new(Exit::Partial, e.to_string()) }
    }
}

impl From<InputError> for Failure {
    fn from(e: InputError) -> Self {
        let f = Self::usage(e.to_string());
        match e {
            InputError::Output(_) => f.hint("name OUT/text to clean cleaned pages again, or the originals"),
            InputError::NoMatch(_) => f.hint("check the pattern; * stops at a folder, **/ goes through them"),
            InputError::Pattern(_) => f.hint("patterns are as in .gitignore: *.bak, drafts/, issue-[0-9]*"),
            InputError::Missing(_) => f.hint("check the path; recto reads files, folders and - for standard input"),
            _ => f.hint("check that you may read it (ls -l)"),
        }
    }
}

impl From<ApplyError> for Failure {
    fn from(e: ApplyError) -> Self {
        let what = e.to_string();
        match e {
            ApplyError::Store(s) => s.into(),
            ApplyError::Version(..) => Self::usage(what)
                .hint("run the same `recto clean` again: it honours the decisions that the folder holds"),
            ApplyError::Original(_) => Self::new(Exit::Integrity, what)
                .hint("name the folder of the very originals; without --originals they come out of the output itself"),
            _ => Self::new(Exit::Integrity, what),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(e: StoreError) -> Self {
        let what = e.to_string();
        match e {
            StoreError::Foreign(_) => Self::usage(what).hint("name a new or empty folder with -o"),
            StoreError::OtherConfiguration(_) => {
                Self::usage(what).hint("--fresh does all again over it; or name another folder with -o")
            }
            StoreError::Locked { .. } => {
                Self::usage(what).hint("wait until it has ended, or stop it; what it has done by then is kept")
            }
            StoreError::Edited(..) => Self::new(Exit::Integrity, what)
                .hint("`recto adopt OUT --originals DIR` takes the edits into the decisions; --fresh cleans the originals over them"),
            StoreError::Exists(_) => Self::usage(what).hint("name another file or folder; recto writes over nothing it did not make"),
            StoreError::NotOutput(_) => Self::usage(what).hint("name the folder that `recto clean DIR -o OUT` wrote"),
            StoreError::Unfinished(_) => Self::usage(what)
                .hint("wait until it has ended; where it ended early, the same `recto clean` finishes it"),
            StoreError::Escape(_) => {
                Self::new(Exit::Integrity, what).hint("the record was altered; take it from your backup")
            }
            StoreError::Ledger { source: recto::ledger::LedgerError::Version { .. }, .. } => {
                Self::new(Exit::Integrity, what)
                    .hint("use the version of recto that wrote it, or clean the originals again")
            }
            StoreError::Ledger { .. } => {
                Self::new(Exit::Integrity, what).hint("`recto verify OUT` lists all that does not fit")
            }
            StoreError::Log { .. } => Self::usage(what).hint(
                "name a decisions.jsonl as recto and the review page write it; in one that is, mend or take out that line \
                 (docs/decisions-format.md)",
            ),
            StoreError::Folder(_) => Self::usage(what).hint("name a file, not the folder that it is to stand in"),
            StoreError::NotMade { .. } => {
                Self::usage(what).hint("name another folder with -o; `ls -ld` shows whether a file stands there, and your rights")
            }
            StoreError::Run { .. } => Self::usage(what),
            StoreError::Io { source, .. } => Self::new(Exit::Partial, what).hint(advice(source.kind())),
            _ => Self::new(Exit::Partial, what),
        }
    }
}
