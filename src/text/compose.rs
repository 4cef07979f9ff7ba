//! Composition of layers with attribution: which edits of which layers made each place of the final text.
//!
//! It computes; it never decides. Composing O -> M and M -> F sweeps both lists in M: overlapping items form one hunk,
//! and at a shared seam items merge only across layers and only if one side is empty there.

use super::{Patch, PatchError, Span, Splice};

/// One edit of one layer: the layer's number and the place of the splice in that layer's patch.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cause {
    /// Which layer, counted from 0.
    pub layer: u32,
    /// Which splice of that layer's patch.
    pub splice: u32,
}

/// A place where original and final text differ, with all the edits that made it so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hunk {
    /// In the original text.
    pub before: Span,
    /// What stands there in the final text.
    pub after: String,
    /// The edits, in order of layer and place.
    pub causes: Vec<Cause>,
}

/// All layers as one list of hunks over the original text, sorted and disjoint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Composed {
    hunks: Vec<Hunk>,
    layers: u32,
}

impl Composed {
    /// The composition of no layer.
    pub fn new() -> Self {
        Self::default()
    }

    /// The hunks in text order.
    pub fn hunks(&self) -> &[Hunk] {
        &self.hunks
    }

    /// The hunks themselves.
    pub fn into_hunks(self) -> Vec<Hunk> {
        self.hunks
    }

    /// Where places of the final text come from.
    pub fn origins(&self) -> OriginMap {
        let (mut gone, mut come) = (0, 0);
        let ranges = self
            .hunks
            .iter()
            .map(|h| {
                let start = h.before.start() - gone + come;
                gone += h.before.len();
                come += h.after.len();
                (Span::new(start, start + h.after.len()), h.before)
            })
            .collect();
        OriginMap { ranges }
    }

    /// The patch from the original to the final text, without the hunks for which `drop` says true.
    pub fn patch_without(&self, mut drop: impl FnMut(&Hunk) -> bool) -> Patch {
        let splices =
            self.hunks.iter().filter(|h| !drop(h)).map(|h| Splice::replace(h.before, h.after.clone())).collect();
        Patch::new(splices).unwrap_or_default()
    }

    /// Adds a layer. `middle` is the text it was made for, the result of the layers before it. Linear in both lists.
    ///
    /// # Errors
    /// [`PatchError::Misfit`] where the layer does not fit `middle`.
    pub fn push(&mut self, layer: &Patch, middle: &str) -> Result<(), PatchError> {
        layer.check(middle)?;
        let number = self.layers;
        self.layers += 1;
        let old = std::mem::take(&mut self.hunks);
        let mut sweep =
            Sweep { out: Vec::with_capacity(old.len() + layer.splices().len()), middle, gone: 0, come: 0, open: None };
        let mut a = old.into_iter().peekable();
        let mut b = layer.splices().iter().enumerate().peekable();
        loop {
            let a_at = a.peek().map(|h| sweep.middle_span(h));
            let b_at = b.peek().map(|(_, s)| s.span);
            let take_a = match (a_at, b_at) {
                (Some(x), Some(y)) => (x.start(), x.end()) <= (y.start(), y.end()),
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if take_a {
                if let Some(h) = a.next() {
                    sweep.add_old(h);
                }
            } else if let Some((i, s)) = b.next() {
                sweep.add_new(s, Cause { layer: number, splice: u32::try_from(i).unwrap_or(u32::MAX) });
            }
        }
        sweep.close();
        self.hunks = sweep.out;
        Ok(())
    }
}

/// From places of the final text back to the original. A look-up costs a binary search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OriginMap {
    /// For each hunk its place in the final text and in the original.
    ranges: Vec<(Span, Span)>,
}

impl OriginMap {
    /// The original bytes from which `span` of the final text comes. Text made by a hunk maps to the whole hunk.
    pub fn origin(&self, span: Span) -> Span {
        let start = self.edge(span.start(), true);
        if span.is_empty() {
            let end = self.edge(span.start(), false);
            return Span::new(start.min(end), start.max(end));
        }
        Span::new(start, self.edge(span.end(), false))
    }

    /// The original offset of the first byte of the final text at or after `offset` that was not inserted out of
    /// nothing; None where only insertions follow up to `end`.
    pub fn first_surviving(&self, offset: usize, end: usize) -> Option<usize> {
        let mut at = offset;
        let mut n = self.ranges.partition_point(|(f, _)| f.end() <= at && !(f.is_empty() && f.start() == at));
        while at < end {
            match self.ranges.get(n) {
                Some((f, _)) if f.end() <= at => n += 1,
                Some((f, o)) if f.start() <= at => {
                    if !o.is_empty() {
                        return Some(o.start());
                    }
                    at = f.end();
                    n += 1;
                }
                _ => return Some(self.edge(at, true)),
            }
        }
        None
    }

    fn edge(&self, offset: usize, start: bool) -> usize {
        // A start lies after hunks that end there, an end before hunks that begin there.
        let n = if start {
            self.ranges.partition_point(|(f, _)| f.end() <= offset)
        } else {
            self.ranges.partition_point(|(f, _)| f.end() < offset)
        };
        if let Some((f, o)) = self.ranges.get(n)
            && f.start() < offset + usize::from(start)
            && offset < f.end() + usize::from(!start)
            && !f.is_empty()
        {
            return if start { o.start() } else { o.end() };
        }
        match n.checked_sub(1).and_then(|i| self.ranges.get(i)) {
            Some((f, o)) => o.end() + (offset - f.end()),
            None => offset,
        }
    }
}

/// A hunk under construction, in coordinates of the middle text.
struct Open {
    middle: Span,
    before: Span,
    /// Last item of each layer, to tell whether a touching item may join.
    last_old: Option<Span>,
    last_new: Option<Span>,
    text: String,
    /// Up to where `text` already stands for the middle text.
    done: usize,
    causes: Vec<Cause>,
}

struct Sweep<'t> {
    out: Vec<Hunk>,
    middle: &'t str,
    gone: usize,
    come: usize,
    open: Option<Open>,
}

/// May an item join a group over the seam or overlap with an item of the other layer?
fn meets(other: Option<Span>, item: Span) -> bool {
    other.is_some_and(|o| {
        o.overlaps(item)
            || (o.start() <= item.start() && item.end() <= o.end() && item.is_empty())
            || (item.start() <= o.start() && o.end() <= item.end() && o.is_empty())
    })
}

impl Sweep<'_> {
    /// Where the text of an old hunk stands in the middle text.
    fn middle_span(&self, h: &Hunk) -> Span {
        let start = h.before.start() - self.gone + self.come;
        Span::new(start, start + h.after.len())
    }

    /// Place in the original of a middle offset that lies outside all old hunks or at the edge of the last one.
    fn original(&self, middle: usize) -> usize {
        middle + self.gone - self.come
    }

    fn add_old(&mut self, h: Hunk) {
        let item = self.middle_span(&h);
        let joins = self.open.as_ref().is_some_and(|o| meets(o.last_new, item));
        if !joins {
            self.close();
        }
        let (gone, come) = (h.before.len(), h.after.len());
        match &mut self.open {
            Some(o) => {
                let start = h.before.start();
                let new_end = o.middle.end().max(item.end());
                if o.last_old.is_none() {
                    // Bytes between the group's start and this hunk are untouched original.
                    let lead = item.start().saturating_sub(o.middle.start());
                    o.before = Span::new(start - lead, h.before.end());
                } else {
                    o.before = Span::new(o.before.start(), h.before.end());
                }
                if item.end() > o.done {
                    let from = o.done.max(item.start());
                    if item.start() > o.done {
                        o.text.push_str(&self.middle[o.done..item.start()]);
                    }
                    o.text.push_str(&self.middle[from..item.end()]);
                    o.done = item.end();
                }
                o.middle = Span::new(o.middle.start(), new_end);
                o.last_old = Some(item);
                o.causes.extend(h.causes);
            }
            None => {
                self.open = Some(Open {
                    middle: item,
                    before: h.before,
                    last_old: Some(item),
                    last_new: None,
                    text: h.after,
                    done: item.end(),
                    causes: h.causes,
                });
            }
        }
        self.gone += gone;
        self.come += come;
    }

    fn add_new(&mut self, s: &Splice, cause: Cause) {
        let item = s.span;
        let joins = self.open.as_ref().is_some_and(|o| meets(o.last_old, item));
        if !joins {
            self.close();
        }
        match &mut self.open {
            Some(o) => {
                // `text` may already hold middle text beyond the splice's start: it belongs to the last old hunk.
                let keep = o.done.saturating_sub(item.start());
                let tail_from = o.text.len() - keep;
                let tail = o.text.split_off(tail_from);
                if item.start() > o.done {
                    o.text.push_str(&self.middle[o.done..item.start()]);
                }
                o.text.push_str(&s.insert);
                let covered = item.len().min(tail.len());
                o.text.push_str(&tail[covered..]);
                o.done = o.done.max(item.end());
                o.middle = Span::new(o.middle.start(), o.middle.end().max(item.end()));
                o.last_new = Some(item);
                o.causes.push(cause);
            }
            None => {
                let start = self.original(item.start());
                self.open = Some(Open {
                    middle: item,
                    before: Span::new(start, start + item.len()),
                    last_old: None,
                    last_new: Some(item),
                    text: s.insert.to_string(),
                    done: item.end(),
                    causes: vec![cause],
                });
            }
        }
    }

    fn close(&mut self) {
        let Some(mut o) = self.open.take() else { return };
        // The group may reach past its last old hunk: those bytes are untouched original.
        let end = match o.last_old {
            Some(last) => o.before.end() + o.middle.end().saturating_sub(last.end()),
            None => o.before.end(),
        };
        o.causes.sort_unstable();
        self.out.push(Hunk { before: Span::new(o.before.start(), end), after: o.text, causes: o.causes });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(v: &[(usize, usize, &'static str)]) -> Patch {
        Patch::new(v.iter().map(|&(a, b, t)| Splice::replace(Span::new(a, b), t)).collect()).expect("sorted")
    }

    fn run(text: &str, layers: &[Patch]) -> (Composed, String) {
        let (mut c, mut t) = (Composed::new(), text.to_owned());
        for l in layers {
            c.push(l, &t).expect("fits");
            t = l.apply(&t).expect("fits");
        }
        (c, t)
    }

    #[test]
    fn an_edit_of_an_edit_is_one_hunk_with_two_causes() {
        let (c, t) = run("abcd", &[patch(&[(1, 2, "XYZ")]), patch(&[(2, 3, "")])]);
        assert_eq!(t, "aXZcd");
        assert_eq!(c.hunks().len(), 1);
        assert_eq!(c.hunks()[0].causes.len(), 2);
        assert_eq!(c.patch_without(|_| false).apply("abcd").expect("fits"), t);
    }

    #[test]
    fn neighbours_of_one_layer_stay_apart() {
        let (c, _) = run("abcd", &[patch(&[(1, 2, "X"), (2, 3, "Y")])]);
        assert_eq!(c.hunks().len(), 2);
    }

    #[test]
    fn a_deletion_and_an_insertion_at_its_seam_belong_together() {
        let (c, t) = run("abcd", &[patch(&[(1, 3, "")]), patch(&[(1, 1, "Q")])]);
        assert_eq!(t, "aQd");
        assert_eq!(c.hunks().len(), 1);
    }
}
