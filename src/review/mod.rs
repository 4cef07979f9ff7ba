//! Decisions of people: the log of their acts, what they come to, the replay under them, and the queue that asks.
//!
//! It must never touch a file or a terminal, nor un-apply an edit in the middle of the layers: a decision suppresses or
//! accepts fixes by key, and the pipeline runs again.

mod adopt;
mod attach;
mod decision;
mod item;
mod judged;
mod merge;
mod messages;
mod queue;
mod replay;
mod session;
mod words;

pub use adopt::adopt;
pub use attach::{attach, reading_of};
pub use decision::{BadLog, DECISION_VERSION, Decision, Log, Op, OwnPlace, Scope};
pub use item::{Item, State, items};
pub use judged::{Judged, PROMOTE_FROM};
pub use merge::{Conflict, merge};
pub use messages::UiLang;
pub use queue::{Bundle, Queue, group_id};
pub use replay::{Replayed, Stale, pages_from, replay, stale_in};
pub use session::{Session, Target};

use crate::ledger::Ledger;

/// Names the run that decisions are made on: the same originals give the same id.
pub fn run_id<'a>(ledgers: impl Iterator<Item = &'a Ledger>) -> String {
    let mut pages: Vec<(&str, &str)> =
        ledgers.flat_map(|l| l.header.pages.iter().map(|p| (p.path.as_str(), p.sha256.as_str()))).collect();
    pages.sort_unstable();
    crate::hash::of_json(&pages)[..12].to_owned()
}

/// What an issue is called in decisions: the path of its first page.
pub fn issue_name(ledger: &Ledger) -> &str {
    ledger.header.pages.first().map_or("", |p| p.path.as_str())
}

/// An issue of an output folder, as `apply::open_all` reads it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What it is called in decisions.
    pub name: String,
    /// The ledger.
    pub ledger: Ledger,
    /// The decoded original.
    pub original: String,
    /// The final text.
    pub last: String,
}

impl Opened {
    /// The original as the pages of an issue.
    pub fn issue(&self) -> crate::pipeline::Issue {
        crate::pipeline::Issue::new(pages_from(&self.ledger, &self.original).into_iter().map(|p| p.decoded.text))
    }
}
