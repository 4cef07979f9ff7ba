//! The record as JSON with all that the ledger leaves to be derived: page, line, column, context, ids, keys.
//!
//! It must never print a field that depends on the machine or the time.

use super::articles;
use super::place::{PlaceIndex, Spot};
use crate::hash;
use crate::ledger::{Change, LEDGER_VERSION, LedgerError, Located, Record, changes, flag_places};
use crate::pipeline::Cleaned;
use crate::review::State;
use crate::source::Decoding;
use crate::text::Span;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};

/// What `check` says of a file as a whole.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FileLine<'a> {
    /// Version of the form.
    pub v: u32,
    /// `file`.
    pub t: &'static str,
    /// Relative name.
    pub page: &'a str,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// How it was decoded.
    pub decoding: &'a Decoding,
}

/// Characters of context on each side of an edit.
const CONTEXT_CHARS: usize = 12;

/// An id that a person can copy: the first twelve digits of the hash of the change's keys.
pub(crate) fn change_id(c: &Change) -> String {
    let keys: Vec<&str> = c.keys().into_iter().map(crate::ledger::Key::as_str).collect();
    hash::of_json(&keys)[..12].to_owned()
}

fn context(text: &str, span: Span) -> (String, String) {
    let left: Vec<char> = text.get(..span.start()).unwrap_or("").chars().rev().take(CONTEXT_CHARS).collect();
    let right = text.get(span.end()..).unwrap_or("").chars().take(CONTEXT_CHARS).collect();
    (left.into_iter().rev().collect(), right)
}

fn place(cleaned: &Cleaned, spot: &Spot) -> Vec<(&'static str, Value)> {
    let page = cleaned.ledger.header.pages.get(spot.page).map_or("", |p| p.path.as_str());
    vec![
        ("page", json!(page)),
        ("line", json!(spot.line)),
        ("column", json!(spot.column)),
        ("origin", json!([spot.in_page.start(), spot.in_page.end()])),
    ]
}

fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

fn edit(cleaned: &Cleaned, index: &PlaceIndex<'_>, id: &str, e: &Located) -> Option<Value> {
    let layer = cleaned.ledger.layers.get(e.place.layer)?;
    let r: &Record = layer.records.get(e.place.record)?;
    let (left, right) = context(cleaned.issue.text(), e.origin);
    let mut f = vec![("v", json!(LEDGER_VERSION)), ("t", json!("edit"))];
    f.extend(place(cleaned, &index.spot(e.origin)));
    f.extend([
        ("layer", json!(layer.number())),
        ("stage", json!(layer.stage)),
        ("rule", json!(r.rule)),
        ("confidence", json!(r.confidence)),
    ]);
    f.extend(r.p.map(|p| ("p", json!((f64::from(p) * 1000.0).round() / 1000.0))));
    match r.parts.as_slice() {
        [one] => f.extend([("before", json!(one.before)), ("after", json!(one.after))]),
        many => f.push(("parts", json!(many))),
    }
    f.extend([("fate", json!(r.fate)), ("left", json!(left)), ("right", json!(right))]);
    f.extend([("id", json!(id)), ("key", json!(e.key.as_str()))]);
    if !r.message.is_empty() {
        f.push(("message", json!(r.message)));
    }
    if !r.evidence.is_empty() {
        f.push(("evidence", json!(r.evidence)));
    }
    if !r.flags.is_empty() {
        f.push(("flags", json!(r.flags)));
    }
    Some(object(f))
}

fn flags(cleaned: &Cleaned, index: &PlaceIndex<'_>) -> Result<Vec<Value>, LedgerError> {
    let places = flag_places(cleaned.issue.text(), &cleaned.ledger.layers)?;
    let partners = articles::partners(cleaned)?;
    let one = |(layer, flag, span): (usize, usize, Span)| {
        let l = cleaned.ledger.layers.get(layer)?;
        let x = l.flags.get(flag)?;
        let (left, right) = context(cleaned.issue.text(), span);
        let mut f = vec![("v", json!(LEDGER_VERSION)), ("t", json!("flag"))];
        f.extend(place(cleaned, &index.spot(span)));
        f.extend([
            ("layer", json!(l.number())),
            ("stage", json!(l.stage)),
            ("rule", json!(x.rule)),
            ("message", json!(x.message)),
        ]);
        f.extend([("left", json!(left)), ("right", json!(right))]);
        if !x.evidence.is_empty() {
            f.push(("evidence", json!(x.evidence)));
        }
        // The other half of a jump: where the story goes on, or breaks off.
        f.extend(partners.get(&span).map(|p| ("partner", object(place(cleaned, &index.spot(*p))))));
        Some(object(f))
    };
    Ok(places.into_iter().filter_map(one).collect())
}

/// Writes one issue as JSON lines: its files, every edit one by one, every flag.
///
/// # Errors
/// Those of `out`; a ledger of this very run always fits.
pub fn write_check_lines(out: &mut impl Write, cleaned: &Cleaned) -> io::Result<()> {
    let bad = |e: LedgerError| io::Error::other(e);
    for p in &cleaned.ledger.header.pages {
        let line = FileLine { v: LEDGER_VERSION, t: "file", page: &p.path, bytes: p.bytes, decoding: &p.decoding };
        writeln!(out, "{}", json!(line))?;
    }
    for line in edits_and_flags(cleaned).map_err(bad)? {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Every edit of an issue one by one and every flag, with all that is derived.
pub(super) fn edits_and_flags(cleaned: &Cleaned) -> Result<Vec<Value>, LedgerError> {
    let index = PlaceIndex::new(&cleaned.issue);
    let mut all = Vec::new();
    for c in changes(cleaned.issue.text(), &cleaned.ledger.layers)? {
        let id = change_id(&c);
        all.extend(c.edits.iter().filter_map(|e| edit(cleaned, &index, &id, e)));
    }
    all.extend(flags(cleaned, &index)?);
    Ok(all)
}

/// Writes one issue as a JSON object: pages, changes with their edits, flags, articles that jump. `states` says by id
/// where changes stand on their way to a decision.
///
/// # Errors
/// Those of `out`.
pub fn write_diff_json(
    out: &mut impl Write,
    cleaned: &Cleaned,
    states: Option<&HashMap<String, State>>,
) -> io::Result<()> {
    let bad = |e: LedgerError| io::Error::other(e);
    let index = PlaceIndex::new(&cleaned.issue);
    let mut list = Vec::new();
    for c in changes(cleaned.issue.text(), &cleaned.ledger.layers).map_err(bad)? {
        let id = change_id(&c);
        let hunks: Vec<Value> = c
            .hunks
            .iter()
            .map(|h| {
                let mut f = place(cleaned, &index.spot(h.before));
                f.push(("before", json!(cleaned.issue.text().get(h.before.range()).unwrap_or(""))));
                f.push(("after", json!(h.after)));
                object(f)
            })
            .collect();
        let edits: Vec<Value> = c.edits.iter().filter_map(|e| edit(cleaned, &index, &id, e)).collect();
        let mut change = vec![("id", json!(id)), ("applied", json!(!c.hunks.is_empty()))];
        change.extend(states.and_then(|s| s.get(&id)).map(|s| ("state", json!(s))));
        change.extend([("hunks", json!(hunks)), ("edits", json!(edits))]);
        list.push(object(change));
    }
    let pages: Vec<Value> = cleaned.ledger.header.pages.iter().map(|p| json!(p)).collect();
    let flags = flags(cleaned, &index).map_err(bad)?;
    let articles = articles::articles(cleaned).map_err(bad)?;
    let all = json!({"v": LEDGER_VERSION, "pages": pages, "changes": list, "flags": flags, "articles": articles});
    writeln!(out, "{all}")
}

/// The `recto` object of `--annotate`: counts by fate, flags, and where the hunks stand: `[before start, before end,
/// after start, after end]` in bytes.
pub fn annotation(cleaned: &Cleaned) -> Value {
    let (mut map, mut delta) = (Vec::new(), 0isize);
    for c in changes(cleaned.issue.text(), &cleaned.ledger.layers).unwrap_or_default() {
        map.extend(c.hunks.into_iter().map(|h| (h.before.start(), h.before.end(), h.after.len())));
    }
    map.sort_unstable();
    let map: Vec<Value> = map
        .into_iter()
        .map(|(s, e, n)| {
            let at = s.saturating_add_signed(delta);
            delta += n as isize - (e - s) as isize;
            json!([s, e, at, at + n])
        })
        .collect();
    let counts = crate::ledger::counts(&cleaned.ledger);
    json!({"v": LEDGER_VERSION, "counts": counts, "map": map})
}
