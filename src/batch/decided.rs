//! Which decisions bear on which group of files: their hash is a part of the group's key, so that a new act has its issue
//! done again and no other.

use crate::hash;
use crate::review::Log;
use std::collections::HashMap;

/// The acts that hold, by the issue that they are about.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    lines: Vec<String>,
    everywhere: Vec<usize>,
    by_issue: HashMap<String, Vec<usize>>,
}

impl Decided {
    pub(crate) fn new(log: &Log) -> Self {
        let mut d = Self::default();
        for (n, act) in log.active().into_iter().enumerate() {
            d.lines.push(act.line());
            match &act.issue {
                Some(issue) => d.by_issue.entry(issue.clone()).or_default().push(n),
                None => d.everywhere.push(n),
            }
        }
        d
    }

    /// A hash of the acts about the issues that begin with any of these pages; empty where there are none.
    pub(crate) fn key<'p>(&self, pages: impl Iterator<Item = &'p str>) -> String {
        let mut acts = self.everywhere.clone();
        acts.extend(pages.filter_map(|p| self.by_issue.get(p)).flatten());
        if acts.is_empty() {
            return String::new();
        }
        acts.sort_unstable();
        hash::of_json(&acts.into_iter().filter_map(|n| self.lines.get(n)).collect::<Vec<_>>())
    }
}
