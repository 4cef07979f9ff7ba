//! From findings and fates to the records of a layer. It must never reorder or drop a finding's places.

use super::{Fate, Flag, Layer, Part, Record};
use crate::rule::{Finding, Stage};
use std::collections::HashMap;

/// Collects the findings of one stage; equal edits share a record.
#[derive(Debug)]
pub struct LayerBuilder {
    layer: Layer,
    /// Records of plain edits by what makes them equal: rule, fate, confidence, before, after.
    plain: HashMap<(&'static str, Fate, u8, String, String), usize>,
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
        let before = |s: &crate::text::Splice| text.get(s.span.range()).unwrap_or("").to_owned();
        let starts = fix.splices().iter().map(|s| s.span.start());
        let is_plain = finding.p.is_none()
            && finding.message.is_empty()
            && finding.evidence.is_empty()
            && finding.flags.is_empty();
        let key = is_plain.then(|| {
            let glue = |f: &dyn Fn(&crate::text::Splice) -> String| {
                fix.splices().iter().map(f).collect::<Vec<_>>().join("\u{0}")
            };
            let (b, a) = (glue(&before), glue(&|s| s.insert.to_string()));
            (finding.rule.id, fate.clone(), finding.confidence as u8, b, a)
        });
        if let Some(n) = key.as_ref().and_then(|k| self.plain.get(k)) {
            self.layer.records[*n].at.extend(starts);
            return;
        }
        let record = Record {
            rule: finding.rule.id.into(),
            confidence: finding.confidence,
            p: finding.p,
            parts: fix.splices().iter().map(|s| Part { before: before(s), after: s.insert.clone() }).collect(),
            at: starts.collect(),
            fate,
            message: finding.message.clone(),
            evidence: finding.evidence.into_vec(),
            flags: finding.flags.iter().map(|&f| f.into()).collect(),
        };
        if let Some(k) = key {
            self.plain.insert(k, self.layer.records.len());
        }
        self.layer.records.push(record);
    }

    /// The layer, records and flags in order of their first place.
    pub fn finish(mut self) -> Layer {
        self.layer.records.sort_by_key(|r| r.at.first().copied());
        self.layer.flags.sort_by_key(|f| (f.span.start(), f.span.end()));
        self.layer
    }
}
