//! Derivatives of the record for other systems: edits as CSV, findings as SARIF, provenance as PREMIS. All are streamed,
//! issue by issue.
//!
//! It must never say more than the ledgers do.

mod premis;
mod sarif;

pub use premis::Premis;
pub use sarif::Sarif;

use super::json::edits_and_flags;
use super::sheet::Sheet;
use crate::pipeline::Cleaned;
use serde_json::Value;
use std::io::{self, Write};

/// A field of an edit as text.
fn field(v: &Value, name: &str) -> String {
    match v.get(name) {
        Some(Value::String(s)) => s.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// What stood there and what stands there now; parts that stand or fall together are divided by `…`.
fn texts(v: &Value) -> (String, String) {
    let Some(Value::Array(parts)) = v.get("parts") else { return (field(v, "before"), field(v, "after")) };
    let glue = |name: &str| {
        let all: Vec<&str> = parts.iter().filter_map(|p| p.get(name).and_then(Value::as_str)).collect();
        all.join("…")
    };
    (glue("before"), glue("after"))
}

/// What became of an edit; superseded ones name the winner in the ledger.
fn fate(v: &Value) -> String {
    match v.get("fate") {
        Some(Value::Object(o)) => o.keys().next().cloned().unwrap_or_default(),
        _ => field(v, "fate"),
    }
}

/// Every edit and flag as a row of CSV.
pub struct Csv<W: Write> {
    sheet: Sheet<W>,
}

impl<W: Write> Csv<W> {
    const HEAD: [&'static str; 16] = [
        "page",
        "line",
        "column",
        "stage",
        "rule",
        "confidence",
        "p",
        "fate",
        "before",
        "after",
        "left",
        "right",
        "message",
        "kind",
        "id",
        "key",
    ];

    /// Begins the sheet.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(out: W) -> io::Result<Self> {
        let mut sheet = Sheet::new(out)?;
        sheet.row(Self::HEAD)?;
        Ok(Self { sheet })
    }

    /// Adds an issue.
    ///
    /// # Errors
    /// Those of `out`; a ledger that does not fit its text.
    pub fn add(&mut self, cleaned: &Cleaned) -> io::Result<()> {
        for v in edits_and_flags(cleaned).map_err(io::Error::other)? {
            let (before, after) = texts(&v);
            let cells = Self::HEAD.map(|name| match name {
                "before" => super::visible(&before, false),
                "after" => super::visible(&after, false),
                "left" | "right" => super::visible(&field(&v, name), false),
                "fate" => fate(&v),
                "kind" => field(&v, "t"),
                _ => field(&v, name),
            });
            self.sheet.row(cells.iter().map(String::as_str))?;
        }
        Ok(())
    }

    /// Ends the sheet.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(self) -> io::Result<()> {
        self.sheet.end()
    }
}
