//! The vocabulary: spans, splices, patches, composition, scripts. Depends on nothing else of the crate.

mod align;
mod compose;
pub mod cost;
pub mod lists;
mod patch;
mod phrase;
pub mod script;
mod span;
mod vocabulary;

pub use align::Alignment;
pub use compose::{Cause, Composed, Hunk, OriginMap};
pub use patch::{Patch, PatchError, Splice};
pub use phrase::{phrase, plain_classes};
pub use span::{RawSpan, Span};
pub use vocabulary::Vocabulary;
