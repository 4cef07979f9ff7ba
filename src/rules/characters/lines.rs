//! Line ends to LF, and white space that stands before them.
//!
//! It must never touch a form feed, an indent, or white space between words.

use super::invisible;
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice};

/// CR, CR LF, vertical tab, U+0085, U+2028, U+2029.
pub(super) static ODD_LINE_END: Rule = Rule {
    id: "odd-line-end",
    name_zh: "异常换行符",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A line end that is not LF, in a text whose line ends are of several kinds: CR, CR LF, vertical tab, or the line and \
          paragraph separators of Unicode. The form feed is a page seam and stays. The control U+0085 may be what is left of a \
          wrong decoding, so it is only proposed.",
    examples: &[
        Example { before: "first\r\nsecond\rthird\n", after: "first\nsecond\nthird\n" },
        Example { before: "一\u{2028}二\u{2029}三\u{B}四", after: "一\n二\n三\n四" },
    ],
    leaves_alone: &["first\nsecond\n", "page\u{C}page", "a\tb"],
    flag: false,
};

/// Spaces at the end of a line.
pub(super) static TRAILING_SPACE: Rule = Rule {
    id: "trailing-space",
    name_zh: "行末空白",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "White space before a line end, or a line of nothing but white space. It carries nothing. Indents at the start of a line \
          and spaces between words stay.",
    examples: &[
        Example { before: "株洲日报　 \n  第一版\t", after: "株洲日报\n  第一版" },
        Example { before: "a \n   \n b", after: "a\n\n b" },
    ],
    leaves_alone: &["株洲日报\n　　第一版", "a b", "\u{C}\n", ""],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&ODD_LINE_END, &TRAILING_SPACE], run };

fn run(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let bytes = text.as_bytes();
    for i in memchr::memchr2_iter(b'\r', 0x0B, bytes) {
        let end = if bytes[i..].starts_with(b"\r\n") { i + 2 } else { i + 1 };
        out.replace(&ODD_LINE_END, Span::new(i, end), "\n");
        trim(text, i, out);
    }
    for (needle, sure) in
        [("\u{2028}", Confidence::Certain), ("\u{2029}", Confidence::Certain), ("\u{85}", Confidence::Suggest)]
    {
        for i in memchr::memmem::find_iter(bytes, needle.as_bytes()) {
            let fix = Fix::one(Splice::replace(Span::new(i, i + needle.len()), "\n"));
            out.push(Finding::edit(&ODD_LINE_END, fix).at(sure));
            if sure > Confidence::Suggest {
                trim(text, i, out);
            }
        }
    }
    for line in doc.lines() {
        // Most lines end in ink: one byte tells.
        if doc.line_text(line).as_bytes().last().is_some_and(|&b| b <= b' ' || b >= 0x80) {
            trim(text, line.span.end(), out);
        }
    }
}

/// Takes out the spaces that end at `end`. Invisible characters among them have rules of their own and are passed over.
fn trim(text: &str, end: usize, out: &mut Findings) {
    let (mut at, mut splices) = (end, Vec::new());
    for c in text[..end].chars().rev() {
        at -= c.len_utf8();
        if is_space(c) {
            splices.push(Splice::delete(Span::new(at, at + c.len_utf8())));
        } else if !invisible::is_invisible(c) {
            break;
        }
    }
    // Neighbours as one: the common case is one splice.
    let mut merged: Vec<Splice> = Vec::with_capacity(1);
    for s in splices.into_iter().rev() {
        match merged.last_mut() {
            Some(last) if last.span.end() == s.span.start() => last.span = Span::new(last.span.start(), s.span.end()),
            _ => merged.push(s),
        }
    }
    if !merged.is_empty() {
        out.push(Finding::edit(&TRAILING_SPACE, Fix::many(merged)));
    }
}

/// White space within a line.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}
