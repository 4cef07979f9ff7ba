//! What a person or a program is shown: located edits, diffs, JSON lines, summaries.
//!
//! Everything is written to `impl Write`; nothing here may decide an edit, read a file or know a terminal.

mod articles;
mod inline;
mod json;
mod marks;
mod place;
mod rules;
mod summary;
mod unified;

pub use inline::{InlineStyle, PLAIN, write_inline};
pub(crate) use json::change_id;
pub use json::{FileLine, annotation, write_check_lines, write_diff_json};
pub use marks::visible;
pub use place::{PlaceIndex, Spot};
pub use rules::{write_explanation, write_rule, write_rule_list};
pub use summary::{plural, write_check, write_summary};
pub use unified::{write_between, write_unified};
