//! `Document`: the text of one issue with its page seams, and structure derived from it.
//!
//! It is rebuilt for each stage and never edited. It must never hold anything that a stage decided.

mod blocks;
pub mod columns;
mod faces;
mod fill;
pub mod issues;
pub mod jumps;
mod layout;
mod lines;
pub mod measure;
mod phrases;
mod prose;
pub mod roles;
pub mod stories;

pub use fill::{Unit, full_density};
pub use layout::{BlankRates, Layout, Shape, ends_sentence};
pub use lines::Line;
pub use roles::{Reading, Role};

use crate::text::{Patch, Span, Splice};
use std::cell::OnceCell;

/// The character that stands between two pages of an issue's text and belongs to no file.
pub const SEAM: char = '\u{C}';

/// The text of one issue. Offsets are bytes of this text.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    seams: &'t [usize],
    lines: OnceCell<Vec<Line>>,
    layout: OnceCell<Layout>,
    jumps: OnceCell<Vec<(usize, jumps::Jump)>>,
}

impl<'t> Document<'t> {
    /// A document over `text`. `seams` are the offsets of the seam characters between files, in order; a form feed
    /// elsewhere is a seam inside a file.
    pub fn new(text: &'t str, seams: &'t [usize]) -> Self {
        Self { text, seams, lines: OnceCell::new(), layout: OnceCell::new(), jumps: OnceCell::new() }
    }

    /// The whole text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The text of a span; empty where the span does not fit.
    #[inline]
    pub fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Offsets of the seam characters between files.
    pub fn seams(&self) -> &'t [usize] {
        self.seams
    }

    /// The text as it would be with some splices made, and where its seams would stand; None where they do not fit. A seam
    /// that a splice took stands behind the line that the splice made: the rest of the next file begins there. For a check
    /// that must know what its own edits lead to: it looks at that text and hands out findings on this one.
    pub fn after(&self, mut splices: Vec<Splice>) -> Option<(String, Vec<usize>)> {
        splices.sort_by_key(|s| (s.span.start(), s.span.end()));
        let patch = Patch::new(splices).ok()?;
        let mut text = patch.apply(self.text).ok()?;
        let mut seams = Vec::with_capacity(self.seams.len());
        let mut added = 0;
        for (&seam, moved) in self.seams.iter().zip(patch.map_offsets(self.seams)) {
            let Some(at) = moved else {
                let taker = patch.splices().iter().find(|s| s.span.contains(seam))?;
                let from = patch.map_offset(taker.span.end())? + added;
                let next = text.get(from..)?.find('\n').map_or(text.len(), |n| from + n + 1);
                text.insert(next, SEAM);
                seams.push(next);
                added += SEAM.len_utf8();
                continue;
            };
            seams.push(at + added);
        }
        Some((text, seams))
    }

    /// True where the byte at `offset` is the seam character between two files.
    pub fn is_file_seam(&self, offset: usize) -> bool {
        self.seams.binary_search(&offset).is_ok()
    }

    /// The lines in order, blank ones included. Line ends are LF, form feed and the end of the text.
    pub fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| lines::split(self.text, self.seams))
    }

    /// Columns, indents and roles of the inked lines.
    pub fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(self))
    }

    /// The jump marks at the ends of lines, with the number of the line, in text order.
    pub fn jumps(&self) -> &[(usize, jumps::Jump)] {
        self.jumps.get_or_init(|| {
            let inked = self.lines().iter().enumerate().filter(|(_, l)| !l.blank);
            inked.filter_map(|(n, l)| Some((n, jumps::find(self.line_text(l))?))).collect()
        })
    }

    /// The text of a line without its line end.
    #[inline]
    pub fn line_text(&self, line: &Line) -> &'t str {
        self.slice(line.span)
    }

    /// Number of the line (from 0) that holds `offset`.
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines().partition_point(|l| l.next <= offset).min(self.lines().len().saturating_sub(1))
    }
}
