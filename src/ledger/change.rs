//! Changes: what a person decides on, computed from layers and never stored.
//!
//! Hunks of the composed layers that share an edit are one change: dropping it drops whole hunks, so what is left is
//! always well formed. It must never un-apply an edit in the middle.

use super::key::number;
use super::{Fate, Key, Keyer, Layer, LedgerError};
use crate::text::{Composed, Hunk, OriginMap, Span};

/// One edit at one place: a place of a record of a layer.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// Index of the layer.
    pub layer: usize,
    /// Index of the record in the layer.
    pub record: usize,
    /// Index of the place in the record.
    pub place: usize,
}

/// An edit with its place in the original and its key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Located {
    /// Where it stands in the ledger.
    pub place: Place,
    /// Its place in the decoded original of the issue.
    pub origin: Span,
    /// The places of its parts there, where it has several.
    pub parts: Vec<Span>,
    /// What it is known by.
    pub key: Key,
}

/// Edits that stand or fall together for a person, and what they do to the original.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The edits, in order of layer and place.
    pub edits: Vec<Located>,
    /// What differs, over the decoded original, in text order. Empty for a change that is not applied.
    pub hunks: Vec<Hunk>,
}

impl Change {
    /// The sorted keys of its edits.
    pub fn keys(&self) -> Vec<&Key> {
        let mut keys: Vec<&Key> = self.edits.iter().map(|e| &e.key).collect();
        keys.sort();
        keys
    }

    /// The place of the whole change in the original.
    pub fn origin(&self) -> Span {
        let spans = || self.hunks.iter().map(|h| h.before).chain(self.edits.iter().map(|e| e.origin));
        let start = spans().map(Span::start).min().unwrap_or(0);
        let end = spans().map(Span::end).max().unwrap_or(start);
        Span::new(start, end)
    }
}

/// All changes of an issue in order of their place: applied ones with their hunks, the others one by one.
///
/// # Errors
/// [`LedgerError::Replay`] where the layers do not fit `original`.
pub fn changes(original: &str, layers: &[Layer]) -> Result<Vec<Change>, LedgerError> {
    let mut located: Vec<Located> = Vec::new();
    // For each layer, which located edit a splice of its patch belongs to.
    let mut owner: Vec<Vec<usize>> = Vec::new();
    let keyer = Keyer::new(original);
    let composed = walk(original, layers, |n, layer, before| {
        let origins = before.origins();
        let mut splices: Vec<(usize, usize, usize)> = Vec::new();
        for (place, starts, record) in places(n, layer) {
            let ends = starts.iter().zip(&record.parts).map(|(s, p)| s + p.before.len());
            let span = Span::new(starts.first().copied().unwrap_or(0), ends.max().unwrap_or(0));
            let origin = origins.origin(span);
            let parts = record.parts.iter().map(|p| (p.before.as_str(), p.after.as_ref()));
            let key = keyer.key(&record.rule, parts, origin);
            let of_part = |(&s, p): (&usize, &super::Part)| origins.origin(Span::new(s, s + p.before.len()));
            let many = record.parts.len() > 1;
            let part_spans = if many { starts.iter().zip(&record.parts).map(of_part).collect() } else { Vec::new() };
            if record.applied() {
                let spans = starts.iter().zip(&record.parts).map(|(&s, p)| (s, s + p.before.len(), located.len()));
                splices.extend(spans);
            }
            located.push(Located { place, origin, parts: part_spans, key });
        }
        splices.sort_by_key(|&(a, b, _)| (a, b));
        owner.push(splices.into_iter().map(|(_, _, who)| who).collect());
    })?;
    let mut order: Vec<usize> = (0..located.len()).collect();
    order.sort_by_key(|&i| (located[i].origin.start(), located[i].place));
    let mut keys: Vec<Key> = order.iter().map(|&i| located[i].key.clone()).collect();
    number(&mut keys);
    for (&i, key) in order.iter().zip(keys) {
        located[i].key = key;
    }
    Ok(group(located, composed, &owner))
}

/// Goes through the layers with the composition of those before each, and gives that of all.
fn walk(
    original: &str,
    layers: &[Layer],
    mut each: impl FnMut(usize, &Layer, &Composed),
) -> Result<Composed, LedgerError> {
    let (mut text, mut composed) = (original.to_owned(), Composed::new());
    for (n, layer) in layers.iter().enumerate() {
        each(n, layer, &composed);
        let patch = layer.patch()?;
        let misfit = |e: crate::text::PatchError| LedgerError::Replay { layer: layer.number(), what: e.to_string() };
        composed.push(&patch, &text).map_err(misfit)?;
        text = patch.apply(&text).map_err(misfit)?;
    }
    Ok(composed)
}

/// All places of a layer with their starts and record.
fn places(n: usize, layer: &Layer) -> impl Iterator<Item = (Place, &[usize], &super::Record)> {
    layer.records.iter().enumerate().flat_map(move |(record, r)| {
        r.places().enumerate().map(move |(place, starts)| (Place { layer: n, record, place }, starts, r))
    })
}

/// Links the edits that share a hunk, by union of sets.
fn group(located: Vec<Located>, composed: Composed, owner: &[Vec<usize>]) -> Vec<Change> {
    let mut parent: Vec<usize> = (0..located.len()).collect();
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    let who = |c: &crate::text::Cause| owner.get(c.layer as usize).and_then(|l| l.get(c.splice as usize)).copied();
    for h in composed.hunks() {
        let mut first = None;
        for edit in h.causes.iter().filter_map(who) {
            let r = root(&mut parent, edit);
            match first {
                None => first = Some(r),
                Some(f) => parent[r] = f,
            }
        }
    }
    let mut slot: Vec<Option<usize>> = vec![None; located.len()];
    let mut out: Vec<Change> = Vec::new();
    for (i, edit) in located.into_iter().enumerate() {
        let r = root(&mut parent, i);
        let n = *slot[r].get_or_insert_with(|| {
            out.push(Change { edits: Vec::new(), hunks: Vec::new() });
            out.len() - 1
        });
        out[n].edits.push(edit);
    }
    for h in composed.into_hunks() {
        if let Some(edit) = h.causes.first().and_then(who)
            && let Some(n) = slot[root(&mut parent, edit)]
        {
            out[n].hunks.push(h);
        }
    }
    out.sort_by_key(|c| (c.origin().start(), c.edits.first().map(|e| e.place)));
    out
}

/// Places of the flags of all layers in the original: (layer, flag, place).
pub(crate) fn flag_places(original: &str, layers: &[Layer]) -> Result<Vec<(usize, usize, Span)>, LedgerError> {
    let mut out = Vec::new();
    walk(original, layers, |n, layer, before| {
        if !layer.flags.is_empty() {
            let origins: OriginMap = before.origins();
            out.extend(layer.flags.iter().enumerate().map(|(i, f)| (n, i, origins.origin(f.span))));
        }
    })?;
    Ok(out)
}

impl Layer {
    /// The records that are not applied and not superseded: what a person may still decide.
    pub fn undecided(&self) -> usize {
        self.count(|f| *f == Fate::Proposed)
    }
}
