//! Lexicons, n-gram models and confusion tables: read-only resources, built ahead from `dictionaries/`.
//!
//! It must never look at a document's structure or decide an edit.

use std::collections::BTreeMap;

/// All resources a run may ask.
#[derive(Debug, Default)]
pub struct Language {}

impl Language {
    /// The resources that are built into the library.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// What was built in: for each table its name, SHA-256 and licence.
    pub fn sources(&self) -> Vec<BTreeMap<String, String>> {
        Vec::new()
    }
}
