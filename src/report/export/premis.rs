//! PREMIS 3: for each page the original and what was made of it, with fixity, derivation, the event that made it and the
//! agents that took part. Event types and roles are those of id.loc.gov/vocabulary/preservation.
//!
//! The schema wants objects, then events, then agents: events are kept as small strings until the objects are written.

use super::sarif::uri;
use crate::batch::RunRecord;
use crate::ledger::{Fate, Ledger, PageRecord};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::BTreeSet;
use std::io::{self, Write};

const NAMESPACE: &str = "http://www.loc.gov/premis/v3";

/// A PREMIS document that is being written.
pub struct Premis<W: Write> {
    xml: Writer<W>,
    run: RunRecord,
    /// What each page's events need: name, counts, output's SHA-256.
    pages: Vec<Made>,
    people: BTreeSet<String>,
}

struct Made {
    path: String,
    applied: usize,
    proposed: usize,
    decided: usize,
    damaged: bool,
}

type Out = io::Result<()>;

impl<W: Write> Premis<W> {
    /// Begins the document. `people` are the names of those who decided on changes.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(out: W, run: &RunRecord, people: BTreeSet<String>) -> io::Result<Self> {
        let mut xml = Writer::new_with_indent(out, b' ', 1);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut root = BytesStart::new("premis:premis");
        root.push_attribute(("xmlns:premis", NAMESPACE));
        root.push_attribute(("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"));
        root.push_attribute(("version", "3.0"));
        xml.write_event(Event::Start(root))?;
        Ok(Self { xml, run: run.clone(), pages: Vec::new(), people })
    }

    /// Adds the objects of an issue. `cleaned_bytes` gives the length of each cleaned page.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add(&mut self, ledger: &Ledger) -> Out {
        let applied = ledger.count(|f| *f == Fate::Applied);
        let proposed = ledger.count(|f| *f == Fate::Proposed);
        let decided = ledger.count(|f| *f == Fate::Rejected);
        for p in &ledger.header.pages {
            self.object(p, true)?;
            self.object(p, false)?;
            let damaged = p.decoding.damaged;
            self.pages.push(Made { path: p.path.clone(), applied, proposed, decided, damaged });
        }
        Ok(())
    }

    fn object(&mut self, p: &PageRecord, original: bool) -> Out {
        let mut start = BytesStart::new("premis:object");
        start.push_attribute(("xsi:type", "premis:file"));
        self.xml.write_event(Event::Start(start))?;
        let own = if original { original_id(&p.path) } else { cleaned_id(&p.path) };
        self.pair("objectIdentifier", "objectIdentifierType", "objectIdentifierValue", &own)?;
        self.open("objectCharacteristics")?;
        self.open("fixity")?;
        self.text("messageDigestAlgorithm", "SHA-256")?;
        self.text("messageDigest", if original { &p.sha256 } else { &p.output })?;
        self.text("messageDigestOriginator", "recto")?;
        self.close("fixity")?;
        let size = if original { p.bytes } else { p.slice.1.saturating_sub(p.slice.0) as u64 };
        self.text("size", &size.to_string())?;
        self.open("format")?;
        self.open("formatDesignation")?;
        let charset = if original { p.decoding.encoding.as_str() } else { "utf-8" };
        self.text("formatName", &format!("text/plain; charset={charset}"))?;
        self.close("formatDesignation")?;
        self.close("format")?;
        self.close("objectCharacteristics")?;
        self.text("originalName", &p.path)?;
        self.open("relationship")?;
        self.text("relationshipType", "derivation")?;
        self.text("relationshipSubType", if original { "is source of" } else { "has source" })?;
        let other = if original { cleaned_id(&p.path) } else { original_id(&p.path) };
        self.pair("relatedObjectIdentifier", "relatedObjectIdentifierType", "relatedObjectIdentifierValue", &other)?;
        let event = event_id("modification", &p.path);
        self.pair("relatedEventIdentifier", "relatedEventIdentifierType", "relatedEventIdentifierValue", &event)?;
        self.close("relationship")?;
        self.close("object")
    }

    /// Writes events and agents and ends the document.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(mut self) -> Out {
        for p in std::mem::take(&mut self.pages) {
            let detail = if p.damaged {
                "passed through whole: some bytes no decoder accepts".to_owned()
            } else {
                format!(
                    "cleaned with policy {}, configuration {}, rule set {}; in its issue {} edits applied, {} proposed, \
                     {} rejected by a person; ledger/{}.jsonl or the ledger of its issue's first page holds every one",
                    self.run.configuration.policy.name(),
                    self.run.config,
                    self.run.rules,
                    p.applied,
                    p.proposed,
                    p.decided,
                    p.path
                )
            };
            self.event("modification", &p.path, &self.run.ended.clone(), &detail, true)?;
            let detail = "SHA-256 of the original before and after its cleaning".to_owned();
            self.event("fixity check", &p.path, &self.run.ended.clone(), &detail, false)?;
        }
        let tool = self.run.tool.clone();
        let version = tool.rsplit_once(' ').map_or("", |(_, v)| v).to_owned();
        self.agent(&software_id(&tool), &tool, "software", Some(&version))?;
        for name in std::mem::take(&mut self.people) {
            self.agent(&person_id(&name), &name, "person", None)?;
        }
        self.xml.write_event(Event::End(BytesEnd::new("premis:premis")))?;
        let out = self.xml.get_mut();
        out.write_all(b"\n")?;
        out.flush()
    }

    fn event(&mut self, kind: &str, path: &str, when: &str, detail: &str, makes: bool) -> Out {
        self.open("event")?;
        self.pair("eventIdentifier", "eventIdentifierType", "eventIdentifierValue", &event_id(kind, path))?;
        let mut start = BytesStart::new("premis:eventType");
        let code = if makes { "mod" } else { "fix" };
        start.push_attribute(("authority", "eventType"));
        start.push_attribute(("authorityURI", "http://id.loc.gov/vocabulary/preservation/eventType"));
        let value = format!("http://id.loc.gov/vocabulary/preservation/eventType/{code}");
        start.push_attribute(("valueURI", value.as_str()));
        self.xml.write_event(Event::Start(start))?;
        self.xml.write_event(Event::Text(BytesText::new(kind)))?;
        self.close("eventType")?;
        self.text("eventDateTime", when)?;
        self.open("eventDetailInformation")?;
        self.text("eventDetail", detail)?;
        self.close("eventDetailInformation")?;
        self.open("eventOutcomeInformation")?;
        self.text("eventOutcome", "success")?;
        self.close("eventOutcomeInformation")?;
        let tool = self.run.tool.clone();
        self.link("linkingAgent", &software_id(&tool), "executing program")?;
        if makes {
            for name in self.people.clone() {
                self.link("linkingAgent", &person_id(&name), "authorizer")?;
            }
        }
        self.link("linkingObject", &original_id(path), "source")?;
        if makes {
            self.link("linkingObject", &cleaned_id(path), "outcome")?;
        }
        self.close("event")
    }

    fn agent(&mut self, id: &str, name: &str, kind: &str, version: Option<&str>) -> Out {
        self.open("agent")?;
        self.pair("agentIdentifier", "agentIdentifierType", "agentIdentifierValue", id)?;
        self.text("agentName", name)?;
        self.text("agentType", kind)?;
        if let Some(v) = version {
            self.text("agentVersion", v)?;
        }
        self.close("agent")
    }

    /// `linkingAgentIdentifier` or `linkingObjectIdentifier` with its role.
    fn link(&mut self, what: &str, id: &str, role: &str) -> Out {
        let outer = format!("{what}Identifier");
        self.open(&outer)?;
        self.text(&format!("{what}IdentifierType"), "local")?;
        self.text(&format!("{what}IdentifierValue"), id)?;
        self.text(&format!("{what}Role"), role)?;
        self.close(&outer)
    }

    fn pair(&mut self, outer: &str, kind: &str, value: &str, id: &str) -> Out {
        self.open(outer)?;
        self.text(kind, "local")?;
        self.text(value, id)?;
        self.close(outer)
    }

    fn open(&mut self, name: &str) -> Out {
        self.xml.write_event(Event::Start(BytesStart::new(format!("premis:{name}"))))
    }

    fn close(&mut self, name: &str) -> Out {
        self.xml.write_event(Event::End(BytesEnd::new(format!("premis:{name}"))))
    }

    fn text(&mut self, name: &str, text: &str) -> Out {
        self.open(name)?;
        self.xml.write_event(Event::Text(BytesText::new(&printable(text))))?;
        self.close(name)
    }
}

/// XML 1.0 has no way to write most controls; names may hold them.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { '\u{FFFD}' } else { c }).collect()
}

fn original_id(path: &str) -> String {
    format!("original/{}", uri(path))
}

fn cleaned_id(path: &str) -> String {
    format!("text/{}", uri(path))
}

fn event_id(kind: &str, path: &str) -> String {
    format!("{}/{}", kind.replace(' ', "-"), uri(path))
}

fn software_id(tool: &str) -> String {
    format!("software/{}", uri(tool))
}

fn person_id(name: &str) -> String {
    format!("person/{}", uri(name))
}
