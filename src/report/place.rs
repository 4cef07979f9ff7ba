//! From byte offsets of an issue's decoded text to page, line and column. It must never be used inside the pipeline.

use crate::document::SEAM;
use crate::pipeline::Issue;
use crate::text::Span;

/// A place as a person names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// Number of the page in the issue, from 0.
    pub page: usize,
    /// Line of the page, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The place in bytes of the page's decoded text.
    pub in_page: Span,
}

/// An index over the lines of an issue. Building is linear, a look-up is a binary search and the length of a line.
#[derive(Debug)]
pub struct PlaceIndex<'t> {
    issue: &'t Issue,
    starts: Vec<usize>,
}

impl<'t> PlaceIndex<'t> {
    /// The index of `issue`.
    pub fn new(issue: &'t Issue) -> Self {
        let ends = memchr::memchr2_iter(b'\n', SEAM as u8, issue.text().as_bytes()).map(|at| at + 1);
        Self { issue, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Where `span` of the issue's decoded text stands.
    pub fn spot(&self, span: Span) -> Spot {
        let page = self.issue.page_at(span.start());
        let own = self.issue.pages().get(page).copied().unwrap_or_default();
        let line = self.starts.partition_point(|&s| s <= span.start()).saturating_sub(1);
        let first = self.starts.partition_point(|&s| s < own.start());
        let start = self.starts.get(line).copied().unwrap_or(0).max(own.start());
        let before = self.issue.text().get(start..span.start()).unwrap_or("");
        Spot {
            page,
            line: line.saturating_sub(first) + 1,
            column: before.chars().count() + 1,
            in_page: Span::new(span.start().saturating_sub(own.start()), span.end().saturating_sub(own.start())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_page_by_page() {
        let issue = Issue::new(["医生\nb", "c\n\nde"]);
        let index = PlaceIndex::new(&issue);
        let spot = |s: &str| {
            let at = issue.text().find(s).expect("there");
            let p = index.spot(Span::new(at, at + s.len()));
            (p.page, p.line, p.column)
        };
        assert_eq!(spot("生"), (0, 1, 2));
        assert_eq!(spot("b"), (0, 2, 1));
        assert_eq!(spot("c"), (1, 1, 1));
        assert_eq!(spot("e"), (1, 3, 2));
    }
}
