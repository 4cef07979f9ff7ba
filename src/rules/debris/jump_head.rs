//! Headlines printed again over the rest of a story.
//!
//! It must never take the first print of a headline: without a line that says where the story comes from, it does not
//! look.

use super::jump;
use super::likeness::{Bigrams, likeness};
use super::line_with_end;
use super::rules::JUMP_HEAD;
use super::zone::{fold_name, prose};
use crate::document::{Document, ends_sentence};
use crate::rule::{Check, Context, Finding, Findings, Fix};
use crate::text::Splice;

/// Longest headline, in characters.
const LONGEST: usize = 60;
/// Likeness of a headline and its repetition.
const ALIKE: f32 = 0.66;

pub(super) static CHECK: Check = Check { rules: &[&JUMP_HEAD], run };

/// Longest headline in which a stop means nothing, in characters.
const SHORT: usize = 30;

/// A line without the specks that stand far behind it.
fn ink(line: &str) -> &str {
    let line = line.trim();
    let speck = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    let cut = line.trim_end_matches(speck);
    if cut.len() < line.len() && cut.ends_with("  ") { cut.trim_end() } else { line }
}

/// Words in small letters, as sentences have them.
fn lower_words(text: &str) -> bool {
    text.split_whitespace().filter(|w| w.len() > 3 && w.chars().all(char::is_lowercase)).count() > 3
}

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    for mark in jump::marks(doc).into_iter().filter(|m| !m.onward) {
        let lines = doc.lines();
        let Some(head) = (mark.line + 1..lines.len()).find(|&n| !lines[n].blank) else { continue };
        let text = ink(doc.line_text(&lines[head]));
        let count = text.chars().count();
        // A stop inside a short headline is what the OCR made of a dot or a quotation mark.
        let text_like = if count <= SHORT { lower_words(text) } else { prose(text) };
        if count > LONGEST || text_like || ends_sentence(text) {
            continue;
        }
        let (grams, folded) = (Bigrams::of(text), fold_name(text));
        let letters = folded.chars().count();
        let like = |t: &str| {
            if t.len() > 3 * text.len() + 40 {
                return false;
            }
            if grams.len() >= 4 && likeness(&grams, &Bigrams::of(t)) >= ALIKE {
                return true;
            }
            // The repetition may be the headline's first line only.
            let first: String = fold_name(t).chars().take(letters).collect();
            first == folded && letters >= 5 || letters >= 8 && likeness(&grams, &Bigrams::of(&first)) >= ALIKE
        };
        let page = lines[head].page;
        let earlier = lines[..head].iter().rev().filter(|l| !l.blank && l.page < page);
        if earlier.map(|l| doc.line_text(l).trim()).any(like) {
            out.push(Finding::edit(&JUMP_HEAD, Fix::one(Splice::delete(line_with_end(doc, &lines[head])))));
        }
    }
}
