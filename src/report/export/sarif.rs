//! SARIF 2.1.0: each edit and flag as a result with its place in the original page, for viewers of findings.

use super::{fate, field, texts};
use crate::pipeline::Cleaned;
use crate::report::json::edits_and_flags;
use crate::report::visible;
use crate::rules;
use serde_json::{Value, json};
use std::io::{self, Write};

/// A SARIF log that is being written.
pub struct Sarif<W: Write> {
    out: W,
    first: bool,
}

impl<W: Write> Sarif<W> {
    /// Begins the log: tool and rules.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(mut out: W) -> io::Result<Self> {
        let rules: Vec<Value> = rules::all()
            .map(|r| {
                json!({
                    "id": r.id,
                    "shortDescription": {"text": r.doc.split_inclusive(['.', '\n']).next().unwrap_or(r.doc).trim()},
                    "fullDescription": {"text": r.doc.trim()},
                    "defaultConfiguration": {"level": if r.flag { "warning" } else { "note" }},
                    "properties": {"stage": r.stage.name(), "nameZh": r.name_zh},
                })
            })
            .collect();
        let driver = json!({"name": "recto", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
        // Written by hand up to the results, so that these need not be held.
        write!(
            out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
             \"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\"results\":["
        )?;
        Ok(Self { out, first: true })
    }

    /// Adds an issue.
    ///
    /// # Errors
    /// Those of `out`; a ledger that does not fit its text.
    pub fn add(&mut self, cleaned: &Cleaned) -> io::Result<()> {
        for v in edits_and_flags(cleaned).map_err(io::Error::other)? {
            if !std::mem::take(&mut self.first) {
                self.out.write_all(b",\n")?;
            }
            write!(self.out, "{}", result(&v))?;
        }
        Ok(())
    }

    /// Ends the log.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(mut self) -> io::Result<()> {
        self.out.write_all(b"]}]}\n")?;
        self.out.flush()
    }
}

fn result(v: &Value) -> Value {
    let flag = field(v, "t") == "flag";
    let (before, after) = texts(v);
    let fate = fate(v);
    let message = if flag {
        field(v, "message")
    } else {
        format!("{fate}: [{}] to [{}]", visible(&before, true), visible(&after, true))
    };
    let level = match (flag, fate.as_str()) {
        (true, _) | (_, "proposed") => "warning",
        (_, "applied") => "note",
        _ => "none",
    };
    let mut out = json!({
        "ruleId": field(v, "rule"),
        "level": level,
        "kind": if level == "none" { "informational" } else { "fail" },
        "message": {"text": visible(&message, false)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&field(v, "page"))},
            "region": {"startLine": v.get("line"), "startColumn": v.get("column")},
        }}],
    });
    if !flag {
        out["partialFingerprints"] = json!({"rectoKey/v1": field(v, "key")});
        out["properties"] = json!({"fate": fate, "confidence": field(v, "confidence"), "id": field(v, "id")});
    }
    out
}

/// A relative name as a URI reference.
pub(super) fn uri(name: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(name.len());
    for b in name.bytes() {
        if b.is_ascii_alphanumeric() || b"/-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}
