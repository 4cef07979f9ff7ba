//! Exit codes and errors as the command line's contract has them.

use recto::apply::ApplyError;
use recto::store::{InputError, StoreError};
use std::fmt;

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
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Self {
        let broken_pipe = e.kind() == std::io::ErrorKind::BrokenPipe;
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
            StoreError::Run { .. } => Self::usage(what),
            _ => Self::new(Exit::Partial, what),
        }
    }
}
