//! Back from the final text to the original, by the ledger alone. It must never search the text for a seam.

use super::{Ledger, LedgerError};
use crate::text::{Patch, Span, Splice};

/// Undoes all layers: the decoded text of the issue, seam characters included.
///
/// # Errors
/// [`LedgerError::Replay`] where an edit's `after` does not stand at its place: text or ledger was altered.
pub fn restore_text(ledger: &Ledger, last: &str) -> Result<String, LedgerError> {
    let mut text = last.to_owned();
    for layer in ledger.layers.iter().rev() {
        let forward = layer.patch()?;
        if forward.is_empty() {
            continue;
        }
        let misfit = |what: String| LedgerError::Replay { layer: layer.number(), what };
        let mut before = layer_befores(layer);
        before.sort_by_key(|(s, _)| (s.start(), s.end()));
        // The inverse: each inserted text, at its place in this layer's output, gives way to what was taken away.
        let (mut gone, mut come) = (0usize, 0usize);
        let mut inverse = Vec::with_capacity(before.len());
        for ((span, taken), splice) in before.into_iter().zip(forward.splices()) {
            let start =
                (span.start() + come).checked_sub(gone).ok_or_else(|| misfit("edits are out of order".into()))?;
            let place = Span::new(start, start + splice.insert.len());
            if text.get(place.range()) != Some(splice.insert.as_ref()) {
                return Err(misfit(format!(
                    "the text at byte {start} of the layer's output is not what the ledger put there"
                )));
            }
            inverse.push(Splice::replace(place, taken.to_owned()));
            gone += span.len();
            come += splice.insert.len();
        }
        let inverse = Patch::new(inverse).map_err(|e| misfit(e.to_string()))?;
        text = inverse.apply(&text).map_err(|e| misfit(e.to_string()))?;
    }
    Ok(text)
}

fn layer_befores(layer: &super::Layer) -> Vec<(Span, &str)> {
    let applied = layer.records.iter().filter(|r| r.applied());
    applied
        .flat_map(|r| {
            r.places().flat_map(move |place| {
                place.iter().zip(&r.parts).map(|(&s, p)| (Span::new(s, s + p.before.len()), p.before.as_str()))
            })
        })
        .collect()
}

/// Cuts the decoded text of an issue into its pages by the lengths in the header, and encodes each.
///
/// # Errors
/// [`LedgerError::Page`] where a page's length, bytes or hash do not fit the header.
pub fn pages_of(ledger: &Ledger, text: &str, hash: impl Fn(&[u8]) -> String) -> Result<Vec<Vec<u8>>, LedgerError> {
    let (mut at, mut out) = (0, Vec::with_capacity(ledger.header.pages.len()));
    for page in &ledger.header.pages {
        let fail = |what: &str| LedgerError::Page { page: page.path.clone(), what: what.to_owned() };
        let own = text.get(at..at + page.text).ok_or_else(|| fail("the restored text is too short for this page"))?;
        let bytes = page.decoding.encode(own).map_err(|e| fail(&e.to_string()))?;
        if bytes.len() as u64 != page.bytes {
            return Err(fail("the restored bytes are not as many as the ledger says"));
        }
        if hash(&bytes) != page.sha256 {
            return Err(fail("the restored bytes do not have the SHA-256 of the original"));
        }
        out.push(bytes);
        at += page.text + crate::document::SEAM.len_utf8();
    }
    Ok(out)
}
