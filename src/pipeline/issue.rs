//! `Issue`: the decoded pages of one issue as one text with seams. It must never hold bytes or files.

use crate::document::SEAM;
use crate::text::Span;

/// The text of one issue: its pages in order, a seam character between each two.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issue {
    text: String,
    pages: Vec<Span>,
}

impl Issue {
    /// An issue of these decoded pages.
    pub fn new<S: AsRef<str>>(pages: impl IntoIterator<Item = S>) -> Self {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (n, page) in pages.into_iter().enumerate() {
            if n > 0 {
                text.push(SEAM);
            }
            let start = text.len();
            text.push_str(page.as_ref());
            spans.push(Span::new(start, text.len()));
        }
        Self { text, pages: spans }
    }

    /// An issue of one page, without a copy.
    pub fn single(text: String) -> Self {
        let pages = vec![Span::new(0, text.len())];
        Self { text, pages }
    }

    /// The whole text, seam characters included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the pages stand, in bytes of the text.
    pub fn pages(&self) -> &[Span] {
        &self.pages
    }

    /// Offsets of the seam characters.
    pub fn seams(&self) -> Vec<usize> {
        self.pages.iter().skip(1).map(|p| p.start() - SEAM.len_utf8()).collect()
    }

    /// Number of the page that holds `offset`; a seam belongs to the page before it.
    pub fn page_at(&self, offset: usize) -> usize {
        self.pages.partition_point(|p| p.start() <= offset).saturating_sub(1)
    }
}
