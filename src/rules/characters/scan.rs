//! One pass over the text that finds the characters no ordinary text holds and hands each to the rule of its kind.
//!
//! Bytes of ordinary text are skipped by class without decoding. It must never decide an edit itself.

use super::{composed, forms, han, invisible, lookalike, width};
use crate::document::Document;
use crate::rule::{Check, Context, Findings};

/// The check: every rule about a single odd character.
pub(super) static CHECK: Check = Check {
    rules: &[
        &composed::DECOMPOSED_CHARACTER,
        &invisible::ZERO_WIDTH_CHARACTER,
        &invisible::SOFT_HYPHEN,
        &invisible::DIRECTION_CONTROL,
        &invisible::CONTROL_CHARACTER,
        &invisible::TATWEEL,
        &invisible::PRIVATE_USE_CHARACTER,
        &forms::LATIN_LIGATURE,
        &forms::LONG_S,
        &forms::PRESENTATION_FORM,
        &forms::VERTICAL_OR_SMALL_FORM,
        &han::RADICAL_AS_CHARACTER,
        &han::COMPATIBILITY_IDEOGRAPH,
        &width::FULL_WIDTH_LETTER_OR_DIGIT,
        &width::HALF_WIDTH_KATAKANA,
        &lookalike::LOOKALIKE_LETTER,
    ],
    run,
};

/// What a lead byte says about its character.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Lead {
    /// Ordinary, one byte.
    Plain,
    /// Ordinary, this many bytes.
    Skip2,
    Skip3,
    /// Decide by the second byte.
    Look,
    /// Decide by the character.
    Decode,
}

const LEADS: [Lead; 256] = {
    let mut t = [Lead::Plain; 256];
    let mut b = 0usize;
    while b < 256 {
        t[b] = match b as u8 {
            0x00..=0x08 | 0x0E..=0x1F | 0x7F => Lead::Decode,
            0xC2 | 0xC5 => Lead::Look,
            // Latin with diacritics; the long s is in C5.
            0xC3 | 0xC4 | 0xC6..=0xC9 => Lead::Skip2,
            0xE2 | 0xE3 | 0xEF => Lead::Look,
            // U+4000..U+9FFF and hangul from U+B000.
            0xE4..=0xE9 | 0xEB | 0xEC => Lead::Skip3,
            0xCA..=0xDF | 0xE0 | 0xE1 | 0xEA | 0xED | 0xEE | 0xF0..=0xF4 => Lead::Decode,
            _ => Lead::Plain,
        };
        b += 1;
    }
    t
};

/// For the lead bytes that stand for both very common and odd characters.
fn is_ordinary(bytes: &[u8]) -> bool {
    match (bytes.first(), bytes.get(1), bytes.get(2)) {
        (Some(0xC2), Some(&b), _) => b >= 0xA0 && b != 0xAD,
        (Some(0xC5), Some(&b), _) => b != 0xBF,
        // General punctuation but the invisible ones; arrows, signs and boxes but the canonical duplicates.
        (Some(0xE2), Some(0x80), Some(&b)) => matches!(b, 0x82..=0x8A | 0x90..=0xA7 | 0xAF..=0xBF),
        (Some(0xE2), Some(0x81), Some(&b)) => b < 0xA0,
        (Some(0xE2), Some(&b), _) => !matches!(b, 0x83 | 0x84 | 0x8C | 0xAB | 0xAD | 0xB3 | 0xB5 | 0xB7 | 0xBA..=0xBF),
        // U+302A..U+302F and the voiced marks combine.
        (Some(0xE3), Some(0x80), Some(&b)) => !(0xAA..=0xAF).contains(&b),
        (Some(0xE3), Some(0x82), Some(&b)) => b != 0x99 && b != 0x9A,
        (Some(0xE3), _, _) => true,
        // Full-width marks, but neither letters nor digits.
        (Some(0xEF), Some(0xBC), Some(&b)) => !matches!(b, 0x90..=0x99 | 0xA1..=0xBA),
        (Some(0xEF), Some(0xBD), Some(&b)) => matches!(b, 0x80 | 0x9B..=0xA0),
        (Some(0xEF), Some(0xBE), Some(&b)) => b >= 0xA0,
        (Some(0xEF), Some(0xBF), _) => true,
        _ => false,
    }
}

/// A text under the scan.
pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    /// A Hebrew, Arabic or other right-to-left letter stands somewhere.
    pub(super) has_rtl: bool,
}

impl<'t> Scan<'t> {
    /// The character before the byte at `at`.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        self.text.get(..at).and_then(|t| t.chars().next_back())
    }
    /// The letter or mark that is seen before the byte at `at`: a few invisible and combining characters passed over.
    pub(super) fn seen_before(&self, at: usize) -> Option<char> {
        self.text.get(..at).and_then(|t| t.chars().rev().take(Self::FEW).find(Self::is_seen))
    }
    /// The same from `at` on.
    pub(super) fn seen_after(&self, at: usize) -> Option<char> {
        self.from(at).take(Self::FEW).find(Self::is_seen)
    }
    /// Looking past more than this many is not worth the time.
    const FEW: usize = 8;
    fn is_seen(c: &char) -> bool {
        !invisible::is_invisible(*c) && !composed::may_combine(*c)
    }
    /// The character that starts at `at`.
    pub(super) fn at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|t| t.chars().next())
    }
    /// The characters from `at` on.
    pub(super) fn from(&self, at: usize) -> std::str::Chars<'t> {
        self.text.get(at..).unwrap_or("").chars()
    }
    /// True where the character at `at` would combine with what comes to stand before it.
    pub(super) fn combines(&self, at: usize) -> bool {
        self.at(at).is_some_and(composed::may_combine)
    }
}

fn run(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let bytes = text.as_bytes();
    let mut scan = Scan { text, has_rtl: false };
    let mut rtl_known = false;
    let mut done = Done::default();
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        match LEADS[usize::from(b)] {
            Lead::Plain => i += 1,
            Lead::Skip2 => i += 2,
            Lead::Skip3 => i += 3,
            lead => {
                if lead == Lead::Look && is_ordinary(&bytes[i..]) {
                    i += if b < 0xE0 { 2 } else { 3 };
                    continue;
                }
                let Some(c) = scan.at(i) else { break };
                if matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
                    && !rtl_known
                {
                    scan.has_rtl = text.chars().any(invisible::is_rtl);
                    rtl_known = true;
                }
                i = odd(&scan, i, c, &mut done, out);
            }
        }
    }
}

/// Up to where the rules that look at more than one character have looked.
#[derive(Default)]
struct Done {
    /// No normalisation segment may start before this.
    segment: usize,
    /// End of the last word of mixed alphabets.
    word: usize,
}

/// Hands the character `c` at `i` to its rule. Returns where to go on.
fn odd(scan: &Scan<'_>, i: usize, c: char, done: &mut Done, out: &mut Findings) -> usize {
    let end = i + c.len_utf8();
    match c {
        '\u{FB00}'..='\u{FB06}' | 'ſ' | 'ẛ' => forms::latin(scan, i, c, out),
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => width::letters(scan, i, out),
        '\u{FF61}'..='\u{FF9F}' => width::katakana(scan, i, out),
        '\u{2E80}'..='\u{2EF3}' | '\u{2F00}'..='\u{2FD5}' | '\u{F900}'..='\u{FAD9}' | '\u{2F800}'..='\u{2FA1D}' => {
            han::character(scan, i, c, out)
        }
        '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}' => forms::vertical_or_small(scan, i, c, out),
        '\u{FB13}'..='\u{FB17}' | '\u{FB20}'..='\u{FB29}' | '\u{FB4F}'..='\u{FDF9}' | '\u{FE70}'..='\u{FEFC}' => {
            forms::presentation(scan, i, c, out)
        }
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => invisible::private_use(scan, i, out),
        '\u{0370}'..='\u{052F}' if !composed::may_combine(c) => {
            if i >= done.word {
                done.word = lookalike::word(scan, i, out);
            }
            end
        }
        invisible::TATWEEL_CHAR => invisible::tatweel(scan, i, out),
        _ if invisible::is_invisible(c) => invisible::run(scan, i, out),
        _ if composed::may_combine(c) => composed::segment(scan, i, &mut done.segment, out),
        _ => end,
    }
}
