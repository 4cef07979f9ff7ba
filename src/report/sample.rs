//! A rule's precision from a sample that a person judges: drawn the same way every time, counted with its interval.
//!
//! It must never look at a verdict while it draws.

use super::json::edits_and_flags;
use super::sheet::{Sheet, plain};
use crate::hash;
use crate::ledger::LedgerError;
use crate::pipeline::Cleaned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};

/// A place of the sample.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawn {
    /// The edit with page, line, context, before, after, key.
    pub edit: Value,
}

impl Drawn {
    /// A field of the edit as text.
    pub fn field(&self, name: &str) -> String {
        match self.edit.get(name) {
            Some(Value::String(s)) => s.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }

    /// What it puts in place of what; parts that stand or fall together are divided by `…`.
    pub fn texts(&self) -> (String, String) {
        let Some(Value::Array(parts)) = self.edit.get("parts") else {
            return (self.field("before"), self.field("after"));
        };
        let glue = |name: &str| {
            let all: Vec<&str> = parts.iter().filter_map(|p| p.get(name).and_then(Value::as_str)).collect();
            all.join("…")
        };
        (glue("before"), glue("after"))
    }
}

/// A drawing: the `size` edits whose hash of seed, page and key is least. So it depends on no order, a larger sample
/// holds the smaller one, and the same folder gives the same sample.
#[derive(Debug)]
pub struct Sample {
    rule: String,
    fate: Option<String>,
    size: usize,
    seed: String,
    drawn: BTreeMap<String, Drawn>,
    /// Edits of the rule in all.
    pub of: usize,
}

impl Sample {
    /// A sample of `size` edits of `rule`; with `fate` only of those with that fate.
    pub fn new(rule: &str, fate: Option<&str>, size: usize, seed: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            fate: fate.map(str::to_owned),
            size,
            seed: seed.to_owned(),
            drawn: BTreeMap::new(),
            of: 0,
        }
    }

    /// Goes through an issue.
    ///
    /// # Errors
    /// [`LedgerError`] where ledger and text do not fit.
    pub fn add(&mut self, cleaned: &Cleaned) -> Result<(), LedgerError> {
        if !cleaned.ledger.layers.iter().flat_map(|l| &l.records).any(|r| r.rule == self.rule) {
            return Ok(());
        }
        for edit in edits_and_flags(cleaned)? {
            let is = |name: &str, wanted: &str| edit.get(name).and_then(Value::as_str) == Some(wanted);
            if !is("t", "edit") || !is("rule", &self.rule) || self.fate.as_ref().is_some_and(|f| !is("fate", f)) {
                continue;
            }
            self.of += 1;
            let drawn = Drawn { edit };
            let rank = hash::of_json(&(&self.seed, drawn.field("page"), drawn.field("key")));
            self.drawn.insert(rank, drawn);
            if self.drawn.len() > self.size {
                self.drawn.pop_last();
            }
        }
        Ok(())
    }

    /// What was drawn, in the order to be judged in.
    pub fn drawn(&self) -> impl Iterator<Item = &Drawn> {
        self.drawn.values()
    }

    /// Writes a sheet with an empty column for the verdicts.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_sheet(&self, out: impl Write) -> io::Result<()> {
        let mut sheet = Sheet::new(out)?;
        sheet.row([
            "verdict (y, n or ?)",
            "page",
            "line",
            "left",
            "before",
            "after",
            "right",
            "fate",
            "rule",
            "key",
        ])?;
        for d in self.drawn() {
            let (before, after) = d.texts();
            let cells = [
                String::new(),
                d.field("page"),
                d.field("line"),
                super::visible(&d.field("left"), false),
                super::visible(&before, true),
                super::visible(&after, true),
                super::visible(&d.field("right"), false),
                d.field("fate"),
                d.field("rule"),
                d.field("key"),
            ];
            sheet.row(cells.iter().map(String::as_str))?;
        }
        sheet.end()
    }
}

/// Verdicts on a sample.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdicts {
    /// The edit is right.
    pub right: usize,
    /// The edit is wrong.
    pub wrong: usize,
    /// Nobody can tell.
    pub unsure: usize,
    /// Not judged yet.
    pub open: usize,
}

impl Verdicts {
    /// Takes one verdict: `y`, `n`, `?` and their likes; anything else counts as not judged.
    pub fn take(&mut self, verdict: &str) {
        match verdict.trim().to_lowercase().as_str() {
            "y" | "yes" | "1" | "right" | "对" | "是" => self.right += 1,
            "n" | "no" | "0" | "wrong" | "错" | "否" => self.wrong += 1,
            "?" | "？" | "unsure" => self.unsure += 1,
            _ => self.open += 1,
        }
    }

    /// Reads the sheet that [`Sample::write_sheet`] wrote, the first column filled in.
    ///
    /// # Errors
    /// What the system said; a file that is no CSV, or whose first line is not that of a sheet.
    pub fn read(sheet: impl Read) -> io::Result<Self> {
        let mut v = Self::default();
        let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(sheet);
        let head = csv.headers().map_err(io::Error::other)?;
        if !head.get(0).is_some_and(|c| c.starts_with("verdict")) || head.get(1) != Some("page") {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "line 1: no sheet of a sample: the columns `verdict` and `page` were expected",
            ));
        }
        for row in csv.records() {
            let row = row.map_err(io::Error::other)?;
            v.take(plain(row.get(0).unwrap_or("")));
        }
        Ok(v)
    }

    /// Share of right ones among those judged right or wrong, with its 95 % interval by Wilson's score.
    pub fn precision(&self) -> Option<(f64, f64, f64)> {
        super::measure::wilson(self.right, self.right + self.wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let v = Verdicts { right: 98, wrong: 2, ..Verdicts::default() };
        let (p, low, high) = v.precision().expect("judged");
        // Published values for 98 of 100.
        assert!((p - 0.98).abs() < 1e-9 && (low - 0.9300).abs() < 5e-4 && (high - 0.9945).abs() < 5e-4, "{low} {high}");
        let all = Verdicts { right: 10, ..Verdicts::default() };
        let (_, low, high) = all.precision().expect("judged");
        assert!((low - 0.7225).abs() < 5e-4 && (high - 1.0).abs() < 1e-9);
        assert_eq!(Verdicts::default().precision(), None);
    }

    #[test]
    fn a_filled_in_sheet_is_read() {
        let sheet = "\u{FEFF}verdict,page\r\ny,a\r\nN,b\r\n？,c\r\n,d\r\n对,e\r\n";
        let v = Verdicts::read(sheet.as_bytes()).expect("a sheet");
        assert_eq!(v, Verdicts { right: 2, wrong: 1, unsure: 1, open: 1 });
        for none in ["", "市领导强调,全市\n", "verdict;page\r\ny;a\r\n"] {
            assert!(Verdicts::read(none.as_bytes()).is_err(), "{none}");
        }
    }
}
