//! `Splice` and `Patch`: replacements as data, and the one place of the crate that builds text from them.
//!
//! A `Patch` is one whole layer of edits over one text. It must never look at what the text means.

use super::Span;
use std::borrow::Cow;

/// One replacement: the bytes of `span` give way to `insert`. Insertion and deletion are the cases where one is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Splice {
    /// What is taken away, in the text the splice was made for.
    pub span: Span,
    /// What stands there afterwards.
    pub insert: Cow<'static, str>,
}

impl Splice {
    /// Replaces `span` by `insert`.
    pub fn replace(span: Span, insert: impl Into<Cow<'static, str>>) -> Self {
        Self { span, insert: insert.into() }
    }
    /// Takes `span` out.
    pub const fn delete(span: Span) -> Self {
        Self { span, insert: Cow::Borrowed("") }
    }
    /// Puts `insert` before the byte at `offset`.
    pub fn insert(offset: usize, insert: impl Into<Cow<'static, str>>) -> Self {
        Self { span: Span::at(offset), insert: insert.into() }
    }
}

/// Why a list of splices is no patch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PatchError {
    /// Splice `index` starts before the one in front of it ends.
    #[error("splice {index} overlaps the splice before it or is out of order")]
    Overlap {
        /// Position in the list.
        index: usize,
    },
    /// Splice `index` reaches outside the text or cuts a character.
    #[error("splice {index} does not fit the text")]
    Misfit {
        /// Position in the list.
        index: usize,
    },
}

/// A layer of splices, sorted and disjoint by construction.
///
/// Touching splices are allowed, and so are several insertions at one point: they apply in list order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Patch {
    splices: Vec<Splice>,
}

impl Patch {
    /// A patch of splices that are already in order.
    ///
    /// # Errors
    /// [`PatchError::Overlap`] where two splices overlap or are out of order.
    pub fn new(splices: Vec<Splice>) -> Result<Self, PatchError> {
        match splices.windows(2).position(|w| w[0].span.end() > w[1].span.start()) {
            Some(i) => Err(PatchError::Overlap { index: i + 1 }),
            None => Ok(Self { splices }),
        }
    }

    /// The splices in text order.
    pub fn splices(&self) -> &[Splice] {
        &self.splices
    }

    /// True where nothing is replaced.
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty()
    }

    /// Checks that every splice fits `text`.
    ///
    /// # Errors
    /// [`PatchError::Misfit`] for the first one that reaches outside or cuts a character.
    pub fn check(&self, text: &str) -> Result<(), PatchError> {
        let fits = |s: &Splice| text.get(s.span.range()).is_some();
        match self.splices.iter().position(|s| !fits(s)) {
            Some(index) => Err(PatchError::Misfit { index }),
            None => Ok(()),
        }
    }

    /// The text after the patch. Linear in text and splices; no allocation but the result.
    ///
    /// # Errors
    /// [`PatchError::Misfit`] where a splice does not fit `text`.
    pub fn apply(&self, text: &str) -> Result<String, PatchError> {
        self.check(text)?;
        let mut out = String::with_capacity(self.len_after(text.len()));
        let mut from = 0;
        for s in &self.splices {
            out.push_str(&text[from..s.span.start()]);
            out.push_str(&s.insert);
            from = s.span.end();
        }
        out.push_str(&text[from..]);
        Ok(out)
    }

    /// Length of the text after the patch, given the length before it. Both in bytes.
    pub fn len_after(&self, before: usize) -> usize {
        let gone: usize = self.splices.iter().map(|s| s.span.len()).sum();
        let come: usize = self.splices.iter().map(|s| s.insert.len()).sum();
        (before + come).saturating_sub(gone)
    }

    /// The patch that undoes this one: from the text after to the text before.
    ///
    /// # Errors
    /// [`PatchError::Misfit`] where a splice does not fit `text`, the text before.
    pub fn invert(&self, text: &str) -> Result<Patch, PatchError> {
        self.check(text)?;
        let mut shift = Shift::default();
        let splices = self
            .splices
            .iter()
            .map(|s| Splice { span: shift.after(s), insert: Cow::Owned(text[s.span.range()].to_owned()) })
            .collect();
        Ok(Patch { splices })
    }

    /// Where the byte at `offset` of the text before stands in the text after; `None` if it was taken away.
    ///
    /// The end of the text is a place too. An insertion at `offset` comes before it.
    pub fn map_offset(&self, offset: usize) -> Option<usize> {
        let n = self.splices.partition_point(|s| s.span.end() <= offset);
        if self.splices.get(n).is_some_and(|s| s.span.contains(offset)) {
            return None;
        }
        let mut shift = Shift::default();
        self.splices[..n].iter().for_each(|s| shift.push(s));
        Some(shift.apply(offset))
    }

    /// [`Patch::map_offset`] for many places in order. Linear in both lists.
    pub fn map_offsets(&self, sorted: &[usize]) -> Vec<Option<usize>> {
        let (mut n, mut shift) = (0, Shift::default());
        let place = |&offset: &usize| {
            while let Some(s) = self.splices.get(n).filter(|s| s.span.end() <= offset) {
                shift.push(s);
                n += 1;
            }
            let gone = self.splices.get(n).is_some_and(|s| s.span.contains(offset));
            (!gone).then(|| shift.apply(offset))
        };
        sorted.iter().map(place).collect()
    }

    /// The span of the text after that holds what is left of `span`; `None` where all its bytes were taken away.
    pub fn map_span(&self, span: Span) -> Option<Span> {
        if span.is_empty() {
            return self.map_offset(span.start()).map(Span::at);
        }
        let mut cover: Option<(usize, usize)> = None;
        let (mut from, mut shift) = (span.start(), Shift::default());
        for s in &self.splices {
            if s.span.start() >= span.end() {
                break;
            }
            if s.span.start() > from {
                let part = (shift.apply(from), shift.apply(s.span.start()));
                cover = Some(cover.map_or(part, |c| (c.0, part.1)));
            }
            from = from.max(s.span.end());
            shift.push(s);
        }
        if from < span.end() {
            let part = (shift.apply(from), shift.apply(span.end()));
            cover = Some(cover.map_or(part, |c| (c.0, part.1)));
        }
        cover.map(|(a, b)| Span::new(a, b))
    }
}

/// Running difference between offsets before and after the splices seen so far.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Shift {
    gone: usize,
    come: usize,
}

impl Shift {
    pub(crate) fn apply(self, offset: usize) -> usize {
        offset - self.gone + self.come
    }
    pub(crate) fn push(&mut self, s: &Splice) {
        self.gone += s.span.len();
        self.come += s.insert.len();
    }
    /// Where the inserted text of `s` stands in the text after; `s` counts as seen then.
    pub(crate) fn after(&mut self, s: &Splice) -> Span {
        let start = self.apply(s.span.start());
        self.push(s);
        Span::new(start, start + s.insert.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(v: &[(usize, usize, &'static str)]) -> Patch {
        Patch::new(v.iter().map(|&(a, b, t)| Splice::replace(Span::new(a, b), t)).collect()).expect("sorted")
    }

    #[test]
    fn applies_and_inverts() {
        let p = patch(&[(0, 1, "X"), (2, 2, "--"), (3, 5, "")]);
        let after = p.apply("abcdef").expect("fits");
        assert_eq!(after, "Xb--cf");
        assert_eq!(p.invert("abcdef").expect("fits").apply(&after).expect("fits"), "abcdef");
    }

    #[test]
    fn refuses_overlap_and_cut_characters() {
        let s = |a, b| Splice::delete(Span::new(a, b));
        assert_eq!(Patch::new(vec![s(0, 3), s(2, 4)]), Err(PatchError::Overlap { index: 1 }));
        assert_eq!(patch(&[(1, 2, "")]).apply("医"), Err(PatchError::Misfit { index: 0 }));
    }

    #[test]
    fn maps_places_and_says_when_they_died() {
        let p = patch(&[(1, 3, ""), (4, 4, "ZZ")]);
        assert_eq!(p.map_offset(0), Some(0));
        assert_eq!(p.map_offset(2), None);
        assert_eq!(p.map_offset(4), Some(4));
        assert_eq!(p.map_span(Span::new(0, 6)), Some(Span::new(0, 6)));
        assert_eq!(p.map_span(Span::new(1, 3)), None);
    }
}
