//! What a wrong or careless decoding leaves behind: stray byte order marks, NULs, C1 controls, U+FFFD.
//!
//! It must never guess at a lost character: U+FFFD is flagged and stays.

use crate::rule::{Confidence, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice};

/// U+FEFF inside the text.
pub(super) static STRAY_BYTE_ORDER_MARK: Rule = Rule {
    id: "stray-byte-order-mark",
    name_zh: "多余的字节顺序标记",
    stage: Stage::Encoding,
    confidence: Confidence::Certain,
    doc: "U+FEFF is the mark that files begin with. Inside a text it is left over where files were put together; it is \
          invisible and breaks searching. It is taken out.",
    examples: &[
        Example { before: "\u{FEFF}第一版", after: "第一版" },
        Example { before: "end of file one\n\u{FEFF}start of file two", after: "end of file one\nstart of file two" },
    ],
    leaves_alone: &["第一版", "zero\u{200B}width space is another rule's", "word\u{2060}joiner"],
    flag: false,
};

/// U+0000.
pub(super) static NUL_CHARACTER: Rule = Rule {
    id: "nul-character",
    name_zh: "空字符",
    stage: Stage::Encoding,
    confidence: Confidence::Certain,
    doc: "A NUL is no character of any text: it is padding of a database field or a file system. It is taken out. \
          Where 256 and more stand in a row a block of the file may be lost: they stay, and taking them out is proposed.",
    examples: &[
        Example { before: "Headline\0\0\0", after: "Headline" },
        Example { before: "株洲\0日报", after: "株洲日报" },
    ],
    leaves_alone: &["0", "a tab\tstays", "\u{1A} is another rule's"],
    flag: false,
};

/// A C1 control that is a mark of windows-1252.
pub(super) static MISREAD_CONTROL: Rule = Rule {
    id: "misread-control",
    name_zh: "误读为控制符的标点",
    stage: Stage::Encoding,
    confidence: Confidence::Likely,
    doc: "The controls U+0080 to U+009F are used by nobody; where they stand, a text in windows-1252 was read as Latin-1, \
          and they are its quotation marks, dashes and the euro sign. Five of them have no such meaning and stay.",
    examples: &[
        Example { before: "\u{84}Guten Tag\u{93}, sagte er", after: "„Guten Tag“, sagte er" },
        Example { before: "l\u{92}article 12 \u{96} suite\u{85}", after: "l’article 12 – suite…" },
    ],
    leaves_alone: &["„Guten Tag“", "l’article", "no control here", "undefined: \u{81}"],
    flag: false,
};

/// U+FFFD.
pub(super) static REPLACEMENT_CHARACTER: Rule = Rule {
    id: "replacement-character",
    name_zh: "替换字符",
    stage: Stage::Encoding,
    confidence: Confidence::Certain,
    doc: "U+FFFD stands where some program could not read a character. What it was is lost in this text; it is flagged, so \
          that someone can look at the page or find a better copy of the file.",
    examples: &[
        Example { before: "株\u{FFFD}日报", after: "株\u{FFFD}日报" },
        Example { before: "sch\u{FFFD}n", after: "sch\u{FFFD}n" },
    ],
    leaves_alone: &["株洲日报", "schön", "?"],
    flag: true,
};

/// So many NULs in a row are no padding of a field but blocks that a disk or a transfer lost: bytes.
const LOST_BLOCK: usize = 256;

/// Finds them in one line that starts at `start`; `taken` are the places that another rule mends, in their order.
pub(super) fn check(line: &str, start: usize, taken: &[Span], out: &mut Findings) {
    let mut run: Option<(char, Span)> = None;
    let mut taken = taken.iter().peekable();
    for (i, c) in line.char_indices() {
        let span = Span::new(start + i, start + i + c.len_utf8());
        let odd = matches!(c, '\0' | '\u{FEFF}' | '\u{FFFD}' | '\u{80}'..='\u{9F}');
        if !odd {
            continue;
        }
        while taken.next_if(|t| t.end() <= span.start()).is_some() {}
        if taken.peek().is_some_and(|t| t.overlaps(span)) {
            continue;
        }
        // Equal ones in a row are one finding.
        match &mut run {
            Some((last, place)) if *last == c && place.end() == span.start() && !matches!(c, '\u{80}'..='\u{9F}') => {
                *place = Span::new(place.start(), span.end());
            }
            _ => {
                push(run.replace((c, span)), out);
            }
        }
    }
    push(run, out);
}

fn push(found: Option<(char, Span)>, out: &mut Findings) {
    let Some((c, span)) = found else { return };
    match c {
        '\0' if span.len() >= LOST_BLOCK => {
            let finding = Finding::edit(&NUL_CHARACTER, Fix::one(Splice::delete(span))).at(Confidence::Suggest);
            out.push(finding.saying(format!("{} NULs in a row: a block of the file may be lost here", span.len())));
        }
        '\0' => out.replace(&NUL_CHARACTER, span, ""),
        '\u{FEFF}' => out.replace(&STRAY_BYTE_ORDER_MARK, span, ""),
        '\u{FFFD}' => {
            out.push(Finding::flag(&REPLACEMENT_CHARACTER, span, "a character was lost before this text came here"))
        }
        // The five that have no meaning are left to the stage `characters`.
        c => {
            if let Some(mark) = windows_1252(c) {
                out.replace(&MISREAD_CONTROL, span, mark.to_string());
            }
        }
    }
}

/// The mark that windows-1252 has in the place of a C1 control.
fn windows_1252(c: char) -> Option<char> {
    let byte = u8::try_from(c).ok()?;
    let byte = [byte];
    let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling_and_without_replacement(&byte)?;
    text.chars().next().filter(|mark| *mark != c)
}
