//! What a person or a program is shown: located edits, diffs, JSON lines, summaries.
//!
//! Everything is written to `impl Write`; nothing here may decide an edit, read a file or know a terminal.

mod articles;
mod eval;
#[cfg(feature = "reports")]
mod export;
mod folder;
mod inline;
mod json;
mod judged;
mod marks;
mod measure;
#[cfg(feature = "reports")]
mod page;
mod place;
#[cfg(feature = "reports")]
mod review_page;
mod rules;
#[cfg(feature = "reports")]
mod sample;
#[cfg(feature = "reports")]
mod sheet;
mod summary;
mod tally;
mod unified;

pub use eval::{Effect, Evaluation, Score, write_evaluation};
#[cfg(feature = "reports")]
pub use export::{Csv, Premis, Sarif};
#[cfg(feature = "reports")]
pub use folder::write_report_csv;
pub use folder::{write_report, write_report_json};
pub use inline::{InlineStyle, PLAIN, Show, write_inline};
pub(crate) use json::change_id;
pub use json::{FileLine, annotation, write_check_lines, write_diff_json};
pub use judged::{write_judged, write_judged_json};
pub use marks::{cut_head, cut_tail, visible, width};
pub use measure::{Errors, Overlap, character_errors, distance, paragraph_overlap, wilson, word_errors};
#[cfg(feature = "reports")]
pub use page::write_report_html;
pub use place::{PlaceIndex, Spot};
#[cfg(feature = "reports")]
pub use review_page::{PageMode, PageOptions, Pages, page_policy};
pub use rules::{write_explanation, write_rule, write_rule_list};
#[cfg(feature = "reports")]
pub use sample::{Drawn, Sample, Verdicts};
pub use summary::{plural, write_check, write_summary};
pub use tally::{Fates, PageTally, RuleTally, Tally};
pub use unified::{write_between, write_unified};
