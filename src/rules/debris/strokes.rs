//! Lines that no type set: rules, boxes, column bars, specks.
//!
//! It must never take a line with a letter or a Han character, nor one of closing marks, stops or dots that may belong
//! to a sentence.

use super::line_with_end;
use super::rules::{RULE_LINE, SPECK};
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Finding, Findings, Fix};
use crate::text::Splice;

/// Strokes from which a line is a printed rule.
const RULE: usize = 3;

pub(super) static CHECK: Check = Check { rules: &[&RULE_LINE, &SPECK], run };

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    for line in doc.lines().iter().filter(|l| !l.blank && l.span.len() < 400) {
        let text = doc.line_text(line).trim();
        let Some(first) = text.chars().next() else { continue };
        if first.is_alphanumeric() {
            continue;
        }
        let found = if is_rule(text) {
            Some((&RULE_LINE, Confidence::Certain))
        } else if is_speck(text) {
            Some((&SPECK, Confidence::Likely))
        } else {
            None
        };
        if let Some((rule, confidence)) = found {
            out.push(Finding::edit(rule, Fix::one(Splice::delete(line_with_end(doc, line)))).at(confidence));
        }
    }
}

/// A line of strokes: box drawing, or three and more of one dash, underscore, equals sign or bar.
fn is_rule(text: &str) -> bool {
    let boxes = |c: char| matches!(c, '\u{2500}'..='\u{259F}');
    let stroke = |c: char| matches!(c, '-' | '—' | '–' | '_' | '=' | '~' | '|' | 'ー' | '一' | '¯' | '＿' | '￣' | '═');
    let mut n = 0;
    let mut drawn = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if boxes(c) {
            drawn += 1;
        } else if !stroke(c) || c == '一' {
            return false;
        }
        n += 1;
    }
    drawn > 0 || n >= RULE && !(n <= 4 && text.chars().all(|c| c == '—'))
}

/// One or two stray marks that end nothing and open nothing.
fn is_speck(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).count() <= 2
        && text.chars().all(|c| {
            c.is_whitespace()
                || matches!(
                    c,
                    '|' | '\\' | '^' | '`' | '~' | '_' | '¦' | '°' | '¬' | '´' | '¨' | '¸' | '<' | '>' | '±' | '¤'
                )
        })
}
