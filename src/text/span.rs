//! `Span` and `RawSpan`: byte ranges in decoded text and in raw bytes, as two types that cannot be mixed.
//!
//! A span never knows which text it belongs to; that is the caller's contract. It must never be used to count
//! characters, lines or columns: those are derived at the edge.

use std::fmt;
use std::ops::Range;

macro_rules! span_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            start: usize,
            end: usize,
        }

        impl $name {
            /// The range `start..end`. An end before the start is taken as an empty range at `start`.
            pub const fn new(start: usize, end: usize) -> Self {
                Self { start, end: if end < start { start } else { end } }
            }
            /// The empty range at `offset`.
            pub const fn at(offset: usize) -> Self {
                Self { start: offset, end: offset }
            }
            /// First byte.
            pub const fn start(self) -> usize {
                self.start
            }
            /// One past the last byte.
            pub const fn end(self) -> usize {
                self.end
            }
            /// Length in bytes.
            pub const fn len(self) -> usize {
                self.end - self.start
            }
            /// True where no byte is covered.
            pub const fn is_empty(self) -> bool {
                self.start == self.end
            }
            /// The same range as a standard one.
            pub const fn range(self) -> Range<usize> {
                self.start..self.end
            }
            /// True where the two share at least one byte.
            pub const fn overlaps(self, other: Self) -> bool {
                self.start < other.end && other.start < self.end
            }
            /// True where `offset` is one of the covered bytes.
            pub const fn contains(self, offset: usize) -> bool {
                self.start <= offset && offset < self.end
            }
            /// The same length, `by` bytes further on.
            pub const fn shifted(self, by: usize) -> Self {
                Self { start: self.start + by, end: self.end + by }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}..{}", self.start, self.end)
            }
        }

        impl From<Range<usize>> for $name {
            fn from(r: Range<usize>) -> Self {
                Self::new(r.start, r.end)
            }
        }
    };
}

span_type!(
    /// A range of bytes in a decoded text (UTF-8). Its ends lie on character boundaries of the text it was made for.
    Span
);
span_type!(
    /// A range of bytes in a file as it was received, before decoding.
    RawSpan
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverted_range_is_empty() {
        assert!(Span::new(5, 3).is_empty());
        assert_eq!(Span::new(5, 3).start(), 5);
    }

    #[test]
    fn touching_ranges_do_not_overlap() {
        assert!(!Span::new(0, 2).overlaps(Span::new(2, 4)));
        assert!(Span::new(0, 3).overlaps(Span::new(2, 4)));
        assert!(!Span::at(2).overlaps(Span::new(2, 4)));
    }
}
