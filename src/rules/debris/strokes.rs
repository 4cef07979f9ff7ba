//! What no type set: rules, boxes, column bars, specks, stray letters on Chinese pages.
//!
//! It must never take a line with a Han character, nor one of closing marks, stops or dots that may belong
//! to a sentence.

use super::line_with_end;
use super::rules::{COLUMN_BAR, RULE_LINE, SPECK, STRAY_LETTERS};
use crate::document::{Document, ends_sentence};
use crate::rule::{Check, Confidence, Context, Finding, Findings, Fix};
use crate::text::script::{is_cjk, is_letter_or_digit};
use crate::text::{Span, Splice, lists};

/// Strokes from which a line is a printed rule.
const RULE: usize = 3;
/// Dots from which a line of dots is a leader that lost its words.
const LEADER: usize = 8;
/// Letters of a stray word on a Chinese page, and of the line.
const STRAY: (usize, usize) = (3, 8);
/// Lines of the text on one Latin line from which the page counts as Chinese.
const CHINESE: usize = 10;

pub(super) static CHECK: Check = Check { rules: &[&RULE_LINE, &SPECK, &STRAY_LETTERS, &COLUMN_BAR], run };

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    let mut chinese = None;
    for line in doc.lines().iter().filter(|l| !l.blank) {
        let text = doc.line_text(line);
        bar(line.span.start(), text, out);
        if line.span.len() >= 400 {
            continue;
        }
        let text = text.trim();
        let Some(first) = text.chars().next() else { continue };
        let found = if is_letter_or_digit(first) {
            let stray = first.is_ascii_lowercase() && is_stray(text) && *chinese.get_or_insert_with(|| is_chinese(doc));
            stray.then_some((&STRAY_LETTERS, Confidence::Suggest))
        } else if is_rule(text) {
            Some((&RULE_LINE, Confidence::Certain))
        } else if is_speck(text) || is_leader(text) {
            Some((&SPECK, Confidence::Likely))
        } else {
            None
        };
        if let Some((rule, confidence)) = found {
            out.push(Finding::edit(rule, Fix::one(Splice::delete(line_with_end(doc, line)))).at(confidence));
        }
    }
}

/// A bar at one end of a line that has no other: the rule between two columns. Where a bar stands inside the line the
/// columns were read across, and with bars at both ends it is a table.
fn bar(start: usize, text: &str, out: &mut Findings) {
    let is_bar = |c: char| matches!(c, '|' | '¦' | '│' | '┃');
    if memchr::memchr3(b'|', 0xC2, 0xE2, text.as_bytes()).is_none() || text.chars().filter(|c| is_bar(*c)).count() != 1
    {
        return;
    }
    let Some((at, bar)) = text.char_indices().find(|(_, c)| is_bar(*c)) else { return };
    let (left, right) = (&text[..at], &text[at + bar.len_utf8()..]);
    let worded = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).count() >= 4;
    // The last letters of a paragraph.
    let ends = |s: &str| s.contains(char::is_alphabetic) && ends_sentence(s.trim_end().trim_end_matches(['«', '‹']));
    let span = if left.trim().is_empty() && right.starts_with(char::is_whitespace) && worded(right) {
        Span::new(start, start + text.len() - right.trim_start().len())
    } else if right.trim().is_empty() && left.ends_with(char::is_whitespace) && (worded(left) || ends(left)) {
        Span::new(start + left.trim_end().len(), start + text.len())
    } else {
        return;
    };
    out.push(Finding::edit(&COLUMN_BAR, Fix::one(Splice::delete(span))).at(Confidence::Likely));
}

/// A few words of one to three small letters, which are no units.
fn is_stray(text: &str) -> bool {
    let letters = text.chars().filter(|c| !c.is_whitespace()).count();
    letters > 1
        && letters <= STRAY.1
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_whitespace() || matches!(c, ',' | '.' | '\''))
        && text.split_whitespace().all(|w| w.len() <= STRAY.0 && !lists::has("measure-unit", w))
}

/// True where nearly all lines of the text are Chinese or Japanese.
fn is_chinese(doc: &Document<'_>) -> bool {
    let (mut cjk, mut other) = (0usize, 0usize);
    for line in doc.lines().iter().filter(|l| !l.blank) {
        let text = doc.line_text(line);
        if text.chars().take(24).any(is_cjk) {
            cjk += 1;
        } else if text.chars().filter(char::is_ascii_alphabetic).count() > STRAY.1 {
            other += 1;
        }
    }
    cjk >= CHINESE && cjk > CHINESE * other
}

/// A line of dots only.
fn is_leader(text: &str) -> bool {
    let dots = text.chars().filter(|c| matches!(c, '.' | '·' | '•')).count();
    dots >= LEADER && text.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '·' | '•'))
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
