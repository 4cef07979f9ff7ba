//! From the bytes of an issue's pages to cleaned pages and their ledger, and the forward half of verification.
//!
//! It must never read or write a file, nor drop a byte: a page that no decoder accepts passes through whole.

use super::{Issue, Verdicts, run};
use crate::config::Config;
use crate::language::Language;
use crate::ledger::{Header, LEDGER_VERSION, Layer, Ledger, PageRecord};
use crate::profile::Profile;
use crate::rule::{Context, Stage};
use crate::source::{Decoded, Hint, decode};
use crate::text::Span;
use crate::{hash, rules};

/// One page as received.
#[derive(Clone, Debug)]
pub struct PageInput {
    /// Path relative to the input folder; it names the page in ledger and output.
    pub name: String,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}

/// A page as received, with its text.
#[derive(Clone, Debug)]
pub struct DecodedPage {
    /// The name.
    pub name: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Length of the file in bytes.
    pub bytes: usize,
    /// The text and how it was had.
    pub decoded: Decoded,
}

impl DecodedPage {
    /// Decodes a page. Never fails; see [`Decoded`].
    pub fn new(page: &PageInput, hint: &Hint<'_>) -> Self {
        let sha256 = hash::sha256_hex(&page.bytes);
        Self { name: page.name.clone(), sha256, bytes: page.bytes.len(), decoded: decode(&page.bytes, hint) }
    }
}

/// All that the cleaning of an issue needs to know, with the hashes that go into the ledger.
#[derive(Debug)]
pub struct Cleaner<'a> {
    config: &'a Config,
    language: &'a Language,
    profile: &'a Profile,
    hashes: (String, String, String),
}

/// A cleaned issue.
#[derive(Clone, Debug)]
pub struct Cleaned {
    /// The record.
    pub ledger: Ledger,
    /// The decoded pages as one text: what the first layer was made for.
    pub issue: Issue,
    /// The final text of the issue.
    pub text: String,
    /// Offsets of the file seams in each layer's input.
    pub seams: Vec<Vec<usize>>,
}

impl Cleaned {
    /// The cleaned text of page `n`.
    pub fn page(&self, n: usize) -> &str {
        let slice = self.ledger.header.pages.get(n).map(|p| Span::new(p.slice.0, p.slice.1)).unwrap_or_default();
        self.text.get(slice.range()).unwrap_or("")
    }
}

impl<'a> Cleaner<'a> {
    /// A cleaner with these settings and resources.
    pub fn new(config: &'a Config, language: &'a Language, profile: &'a Profile) -> Self {
        let hashes = (rule_set_hash(), hash::of_json(config), hash::of_json(profile));
        Self { config, language, profile, hashes }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        self.config
    }

    /// The language resources.
    pub fn language(&self) -> &Language {
        self.language
    }

    /// SHA-256 of rule set, configuration and profile.
    pub fn hashes(&self) -> (&str, &str, &str) {
        (&self.hashes.0, &self.hashes.1, &self.hashes.2)
    }

    /// What the caller and the batch know about a file's encoding.
    pub fn hint(&self) -> Hint<'_> {
        let label = (self.config.encoding != "auto").then_some(self.config.encoding.as_str());
        Hint { label, votes: Some(&self.profile.encodings) }
    }

    /// Cleans the pages of one issue. A damaged page must come alone: no stage runs on it.
    pub fn clean(&self, pages: Vec<DecodedPage>, verdicts: &Verdicts) -> Cleaned {
        let damaged = pages.iter().any(|p| p.decoded.decoding.damaged);
        let mut records: Vec<PageRecord> = pages.iter().map(record).collect();
        let issue = match <[DecodedPage; 1]>::try_from(pages) {
            Ok([page]) => Issue::single(page.decoded.text),
            Err(pages) => Issue::new(pages.iter().map(|p| p.decoded.text.as_str())),
        };
        let (layers, seams, text, slices) = if damaged {
            (Vec::new(), Vec::new(), issue.text().to_owned(), issue.pages().to_vec())
        } else {
            let cx = Context { config: self.config, language: self.language, profile: self.profile };
            let out = run(&issue, &cx, verdicts);
            (out.layers, out.seams, out.text, out.slices)
        };
        for (r, s) in records.iter_mut().zip(slices) {
            r.slice = (s.start(), s.end());
            r.output = hash::sha256_hex(text.get(s.range()).unwrap_or("").as_bytes());
        }
        let header = self.header(records, layers.iter().map(|l: &Layer| l.stage).collect());
        Cleaned { ledger: Ledger { header, layers }, issue, text, seams }
    }

    fn header(&self, pages: Vec<PageRecord>, stages: Vec<Stage>) -> Header {
        Header {
            v: LEDGER_VERSION,
            t: "issue".into(),
            tool: format!("recto {}", env!("CARGO_PKG_VERSION")),
            rules: self.hashes.0.clone(),
            config: self.hashes.1.clone(),
            profile: self.hashes.2.clone(),
            stages,
            pages,
        }
    }
}

fn record(page: &DecodedPage) -> PageRecord {
    PageRecord {
        path: page.name.clone(),
        sha256: page.sha256.clone(),
        bytes: page.bytes as u64,
        text: page.decoded.text.len(),
        decoding: page.decoded.decoding.clone(),
        output: String::new(),
        slice: (0, 0),
    }
}

/// SHA-256 over what rules there are: a ledger made by another rule set says so.
fn rule_set_hash() -> String {
    let list: Vec<_> = rules::all().map(|r| (r.id, r.stage.name(), r.confidence.name())).collect();
    hash::of_json(&list)
}
