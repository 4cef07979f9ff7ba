//! recto cleans OCR'd newspaper text before it goes into an archive.
//!
//! Every change is a recorded, reasoned, reversible edit: rules read a [`document::Document`] and yield
//! [`rule::Finding`]s, findings carry fixes, fixes are [`text::Splice`]s, and only [`text::Patch`] builds text.

pub mod apply;
pub mod batch;
pub mod config;
pub mod document;
pub mod hash;
pub mod language;
pub mod ledger;
pub mod pipeline;
pub mod profile;
pub mod report;
pub mod review;
pub mod rule;
pub mod rules;
pub mod source;
pub mod store;
pub mod text;
