//! The ledger as JSON lines, version 1: one object a line, fixed key order, no clock, no user, no absolute path.
//!
//! docs/ledger-format.md describes it and docs/ledger.schema.json checks it. A change that an old reader would
//! misread needs a new version number first.

use super::{Fate, Flag, Layer, Ledger, Part, Record, stage_number};
use crate::rule::{Confidence, Evidence, Stage};
use crate::source::Decoding;
use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, BufRead, Write};

/// The version that this build writes and reads.
pub const LEDGER_VERSION: u32 = 1;

/// What is wrong with a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The stream failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line is no record of the format.
    #[error("line {line}: {what}")]
    Syntax {
        /// Number of the line, from 1.
        line: usize,
        /// What was expected.
        what: String,
    },
    /// The ledger was written in a version that this build does not read.
    #[error("line {line}: ledger version {found}, this build of recto reads version {LEDGER_VERSION}")]
    Version {
        /// Number of the line, from 1.
        line: usize,
        /// The version found.
        found: u64,
    },
    /// The edits do not fit the text: one of the two was altered.
    #[error("layer {layer} does not fit: {what}")]
    Replay {
        /// Number of the layer, from 1.
        layer: u32,
        /// What does not fit.
        what: String,
    },
    /// A page's bytes do not have the hash that the ledger holds.
    #[error("{page}: {what}")]
    Page {
        /// Name of the page.
        page: String,
        /// What does not fit.
        what: String,
    },
}

/// One page of the issue.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PageRecord {
    /// Path relative to the input folder.
    pub path: String,
    /// SHA-256 of the original bytes, hexadecimal.
    pub sha256: String,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// Length of the decoded text in bytes of UTF-8.
    pub text: usize,
    /// How it was decoded.
    pub decoding: Decoding,
    /// SHA-256 of the cleaned page, hexadecimal.
    pub output: String,
    /// The page's slice of the final text, in bytes.
    pub slice: (usize, usize),
}

/// First line of a ledger.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// [`LEDGER_VERSION`].
    pub v: u32,
    /// `issue`.
    pub t: String,
    /// Name and version of the tool.
    pub tool: String,
    /// SHA-256 of the rule set: ids, stages and confidences.
    pub rules: String,
    /// SHA-256 of the configuration.
    pub config: String,
    /// SHA-256 of the profile.
    pub profile: String,
    /// The stages that ran.
    pub stages: Vec<Stage>,
    /// The pages in order.
    pub pages: Vec<PageRecord>,
}

#[derive(Serialize)]
struct EditOut<'a> {
    v: u32,
    t: &'static str,
    layer: u32,
    rule: &'a str,
    confidence: Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<(usize, usize)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a [usize]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<&'a [Part]>,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    evidence: &'a [Evidence],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    flags: &'a [Cow<'static, str>],
}

#[derive(Serialize)]
struct FlagOut<'a> {
    v: u32,
    t: &'static str,
    layer: u32,
    rule: &'a str,
    span: (usize, usize),
    message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    evidence: &'a [Evidence],
}

/// A line of any kind after the header; fields of the other kind are absent.
#[derive(Deserialize)]
struct LineIn {
    v: u64,
    t: String,
    #[serde(default)]
    layer: u32,
    #[serde(default)]
    rule: String,
    confidence: Option<Confidence>,
    p: Option<f64>,
    span: Option<(usize, usize)>,
    at: Option<Vec<usize>>,
    before: Option<String>,
    after: Option<String>,
    parts: Option<Vec<Part>>,
    fate: Option<String>,
    by: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    evidence: Vec<Evidence>,
    #[serde(default)]
    flags: Vec<Cow<'static, str>>,
}

fn fate_name(f: &Fate) -> (&'static str, Option<&str>) {
    match f {
        Fate::Applied => ("applied", None),
        Fate::Superseded(by) => ("superseded", Some(by)),
        Fate::Proposed => ("proposed", None),
        Fate::Rejected => ("rejected", None),
    }
}

/// A probability with three decimals, so that the ledger does not depend on the last bits of a sum.
fn rounded(p: f32) -> f64 {
    (f64::from(p) * 1000.0).round() / 1000.0
}

impl Ledger {
    /// Writes the ledger.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        line(out, &self.header)?;
        for layer in &self.layers {
            write_layer(layer, out)?;
        }
        Ok(())
    }

    /// Reads a ledger.
    ///
    /// # Errors
    /// [`LedgerError`] with the number of the line.
    pub fn read(input: impl BufRead) -> Result<Ledger, LedgerError> {
        let mut lines = input.lines().enumerate();
        let header = match lines.next() {
            Some((_, l)) => read_header(&l?)?,
            None => return Err(syntax(1, "a ledger's first line was expected, the file is empty")),
        };
        let mut layers: Vec<Layer> =
            header.stages.iter().map(|&stage| Layer { stage, records: Vec::new(), flags: Vec::new() }).collect();
        for (n, l) in lines {
            let l = l?;
            if l.trim().is_empty() {
                continue;
            }
            let x: LineIn = serde_json::from_str(&l).map_err(|e| syntax(n + 1, &e.to_string()))?;
            if x.v != u64::from(LEDGER_VERSION) {
                return Err(LedgerError::Version { line: n + 1, found: x.v });
            }
            let Some(layer) = layers.iter_mut().find(|y| y.number() == x.layer) else {
                return Err(syntax(n + 1, &format!("layer {} did not run in this ledger", x.layer)));
            };
            match x.t.as_str() {
                "flag" => layer.flags.push(Flag {
                    rule: x.rule.into(),
                    span: x.span.map(|(a, b)| Span::new(a, b)).unwrap_or_default(),
                    message: x.message.into(),
                    evidence: x.evidence,
                }),
                "edit" => layer.records.push(record(x, n + 1)?),
                _ => {}
            }
        }
        Ok(Ledger { header, layers })
    }
}

/// The lines of one layer in the ledger's form, also used where a ledger is shown but not stored.
pub(crate) fn write_layer(layer: &Layer, out: &mut impl Write) -> io::Result<()> {
    let number = stage_number(layer.stage);
    for r in &layer.records {
        let (fate, by) = fate_name(&r.fate);
        let single = r.parts.len() == 1;
        let one = single && r.at.len() == 1;
        let part = single.then(|| r.parts.first()).flatten();
        line(
            out,
            &EditOut {
                v: LEDGER_VERSION,
                t: "edit",
                layer: number,
                rule: &r.rule,
                confidence: r.confidence,
                p: r.p.map(rounded),
                span: part.filter(|_| one).map(|p| (r.at[0], r.at[0] + p.before.len())),
                at: (!one).then_some(r.at.as_slice()),
                before: part.map(|p| p.before.as_str()),
                after: part.map(|p| p.after.as_ref()),
                parts: (!single).then_some(r.parts.as_slice()),
                fate,
                by,
                message: &r.message,
                evidence: &r.evidence,
                flags: &r.flags,
            },
        )?;
    }
    for f in &layer.flags {
        let span = (f.span.start(), f.span.end());
        line(
            out,
            &FlagOut {
                v: LEDGER_VERSION,
                t: "flag",
                layer: number,
                rule: &f.rule,
                span,
                message: &f.message,
                evidence: &f.evidence,
            },
        )?;
    }
    Ok(())
}

/// The header of a ledger, from its first line.
///
/// # Errors
/// [`LedgerError::Version`] for another version, [`LedgerError::Syntax`] for what is no header.
pub fn read_header(first_line: &str) -> Result<Header, LedgerError> {
    #[derive(Deserialize)]
    struct Head {
        v: u64,
        t: String,
    }
    let head: Head = serde_json::from_str(first_line).map_err(|e| syntax(1, &format!("no ledger: {e}")))?;
    if head.v != u64::from(LEDGER_VERSION) {
        return Err(LedgerError::Version { line: 1, found: head.v });
    }
    if head.t != "issue" {
        return Err(syntax(1, "the line of the issue was expected first"));
    }
    serde_json::from_str(first_line).map_err(|e| syntax(1, &e.to_string()))
}

fn record(x: LineIn, n: usize) -> Result<Record, LedgerError> {
    let parts = match (x.parts, x.before, x.after) {
        (Some(parts), _, _) if !parts.is_empty() => parts,
        (_, Some(before), Some(after)) => vec![Part { before, after: after.into() }],
        _ => return Err(syntax(n, "an edit needs `before` and `after`, or `parts`")),
    };
    let at = match (x.at, x.span) {
        (Some(at), _) => at,
        (None, Some((start, _))) => vec![start],
        _ => return Err(syntax(n, "an edit needs `span` or `at`")),
    };
    if at.len() % parts.len() != 0 {
        return Err(syntax(n, "`at` must hold a start for each part"));
    }
    let fate = match x.fate.as_deref() {
        Some("applied") => Fate::Applied,
        Some("superseded") => Fate::Superseded(x.by.unwrap_or_default().into()),
        Some("proposed") => Fate::Proposed,
        Some("rejected") => Fate::Rejected,
        _ => return Err(syntax(n, "`fate` is none of applied, superseded, proposed, rejected")),
    };
    let confidence = x.confidence.ok_or_else(|| syntax(n, "an edit needs `confidence`"))?;
    #[allow(clippy::cast_possible_truncation)]
    let p = x.p.map(|p| p as f32);
    Ok(Record {
        rule: x.rule.into(),
        confidence,
        p,
        parts,
        at,
        fate,
        message: x.message.into(),
        evidence: x.evidence,
        flags: x.flags,
    })
}

fn syntax(line: usize, what: &str) -> LedgerError {
    LedgerError::Syntax { line, what: what.to_owned() }
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
