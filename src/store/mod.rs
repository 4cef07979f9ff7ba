//! The only module that touches files: finding inputs, reading, writing by temporary name and rename, the output folder.
//!
//! It must never run a rule, talk to a terminal, or open an original for writing.

#[cfg(feature = "archives")]
mod archive;
mod decisions;
mod dropped;
mod error;
mod examine;
mod file;
mod input;
mod layout;
mod lock;
mod manifest;
mod marks;
mod output;
mod page;
mod plan;
mod verify;
mod write;

pub use decisions::{Added, append_log, append_words, read_log};
pub use dropped::dropped_text;
pub use error::StoreError;
pub use file::{Contents, InputFile, LARGEST_PAGE, Place, fits_in_memory};
pub use input::{Group, PagePattern, group_pages};
pub use layout::Layout;
pub use lock::Seat;
pub use manifest::ManifestEntry;
pub use marks::{IssueReport, Mark, Marks, PageReport};
pub use output::{Mode, Output, Settings, Staged};
pub use page::put_page;
pub use plan::{InputError, Inputs, Wanted, plan};
pub use verify::{
    Problem, Restored, Verified, header_of, ledgers, listed_originals, restore_issue, verify_issue, verify_output,
};
pub use write::{put_ledger, put_original, put_report};
