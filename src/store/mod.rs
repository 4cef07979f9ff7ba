//! The only module that touches files: finding inputs, reading, writing by temporary name and rename, the output folder.
//!
//! It must never run a rule, talk to a terminal, or open an original for writing.

mod decisions;
mod input;
mod output;
mod verify;

pub use decisions::{append_log, read_log};
pub use input::{Group, InputError, Inputs, group_pages, plan};
pub use output::{Layout, ManifestEntry, Output, StoreError, dropped_text, put_ledger, put_original};
pub use verify::{Problem, Restored, Verified, ledgers, listed_originals, restore_issue, verify_issue, verify_output};
