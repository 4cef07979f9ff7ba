//! From findings and fates to the records of a layer. It must never reorder or drop a finding's places.

use super::{Fate, Flag, Layer, Part, Record};
use crate::rule::{Finding, Fix, Stage};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Collects the findings of one stage; equal edits share a record.
#[derive(Debug)]
pub struct LayerBuilder {
    layer: Layer,
    /// Records of plain edits by a hash of what makes them equal: most findings meet one, and then nothing is copied.
    plain: HashMap<u64, SmallVec<[usize; 1]>>,
}

impl LayerBuilder {
    /// A layer without edits.
    pub fn new(stage: Stage) -> Self {
        Self { layer: Layer { stage, records: Vec::new(), flags: Vec::new() }, plain: HashMap::new() }
    }

    /// Adds a finding. `text` is the layer's input.
    pub fn push(&mut self, finding: Finding, fate: Fate, text: &str) {
        let Some(fix) = &finding.fix else {
            self.layer.flags.push(Flag {
                rule: finding.rule.id.into(),
                span: finding.span,
                message: finding.message,
                evidence: finding.evidence.into_vec(),
            });
            return;
        };
        let starts = fix.splices().iter().map(|s| s.span.start());
        let is_plain = finding.p.is_none()
            && finding.message.is_empty()
            && finding.evidence.is_empty()
            && finding.flags.is_empty();
        let records = &mut self.layer.records;
        if is_plain {
            let same = self.plain.entry(hash(&finding, fix, &fate, text)).or_default();
            if let Some(&n) = same.iter().find(|&&n| equal(&records[n], &finding, fix, &fate, text)) {
                records[n].at.extend(starts);
                return;
            }
            same.push(records.len());
        }
        records.push(Record {
            rule: finding.rule.id.into(),
            confidence: finding.confidence,
            p: finding.p,
            parts: parts(fix, text).map(|(b, a)| Part { before: b.to_owned(), after: a.clone() }).collect(),
            at: starts.collect(),
            fate,
            message: finding.message,
            evidence: finding.evidence.into_vec(),
            flags: finding.flags.iter().map(|&f| f.into()).collect(),
        });
    }

    /// The layer, records and flags in order of their first place.
    pub fn finish(mut self) -> Layer {
        self.layer.records.sort_by_key(|r| r.at.first().copied());
        self.layer.flags.sort_by_key(|f| (f.span.start(), f.span.end()));
        self.layer
    }
}

/// What is taken away and what is put there, splice by splice.
fn parts<'a>(fix: &'a Fix, text: &'a str) -> impl Iterator<Item = (&'a str, &'a std::borrow::Cow<'static, str>)> {
    fix.splices().iter().map(|s| (text.get(s.span.range()).unwrap_or(""), &s.insert))
}

/// A hash of what makes plain edits equal: rule, fate, confidence, before, after.
fn hash(finding: &Finding, fix: &Fix, fate: &Fate, text: &str) -> u64 {
    let mut h = DefaultHasher::new();
    (finding.rule.id, fate, finding.confidence as u8).hash(&mut h);
    parts(fix, text).for_each(|p| p.hash(&mut h));
    h.finish()
}

/// True where a plain edit is what the record of plain edits says.
fn equal(record: &Record, finding: &Finding, fix: &Fix, fate: &Fate, text: &str) -> bool {
    let told = record.parts.iter().map(|p| (p.before.as_str(), &p.after));
    record.rule == finding.rule.id
        && record.fate == *fate
        && record.confidence == finding.confidence
        && told.eq(parts(fix, text))
}
