//! Why an output folder, or a file of it, cannot be used. It must never hold a hint: those are the command line's.

use crate::ledger::LedgerError;
use std::path::PathBuf;

/// Why the output folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds things that recto did not make.
    #[error("{0}: the folder is not empty and holds no output of recto")]
    Foreign(PathBuf),
    /// The folder holds the output of another configuration.
    #[error("{0}: the folder holds the output of another configuration, version or profile")]
    OtherConfiguration(PathBuf),
    /// The folder holds no output of recto.
    #[error("{0}: no output of recto (run.json is missing)")]
    NotOutput(PathBuf),
    /// The folder holds the output of a run that has not ended.
    #[error("{0}: a run over this folder has not ended")]
    Unfinished(PathBuf),
    /// A name in a ledger or manifest leads out of the folder.
    #[error("{0}: the name leads out of the folder")]
    Escape(String),
    /// Output pages were edited by hand since recto wrote them.
    #[error("{0}: edited since recto wrote it ({1} such files)")]
    Edited(PathBuf, usize),
    /// A file with other content stands where an original would go.
    #[error("{0}: a file with other content is there already")]
    Exists(PathBuf),
    /// A folder stands where a file is to be written.
    #[error("{0}: is a folder; a file was expected")]
    Folder(PathBuf),
    /// The output folder is not there and cannot be made.
    #[error("{path}: the folder cannot be made: {source}")]
    NotMade {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another run writes this folder.
    #[error("{path}: {holder} is writing this folder")]
    Locked {
        /// The folder.
        path: PathBuf,
        /// Who holds it, as the lock says.
        holder: String,
    },
    /// A ledger cannot be used.
    #[error("{path}: {source}")]
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        source: LedgerError,
    },
    /// A log of decisions cannot be used.
    #[error("{path}: {what}")]
    Log {
        /// The log.
        path: PathBuf,
        /// What is wrong with it, with its line.
        what: String,
    },
    /// `run.json` cannot be used.
    #[error("{path}: {what}")]
    Run {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| StoreError::Io { path, source }
    }
}
