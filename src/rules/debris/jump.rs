//! Jump lines: "continued on page 3", 下转A3版 and the like, on a line of their own or at the end of a paragraph.
//!
//! The mark goes, the paragraph stays. It must never cut a phrase out of a sentence.

use super::line_with_end;
use crate::document::jumps::Jump;
use crate::document::{Document, Line};
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::script::{is_closing, is_sentence_end};
use crate::text::{Span, Splice};

/// Characters of noise that the OCR may make of the mark before a phrase, on a line of its own.
const NOISE: usize = 3;

/// Continued elsewhere.
pub(super) static TO: Rule = Rule {
    id: "jump-line",
    name_zh: "转版提示",
    stage: Stage::Debris,
    confidence: Confidence::Certain,
    doc: "A line or mark that sends the reader to the page where the story goes on. It is no part of the story; the page \
          it names is kept as evidence.",
    examples: &[
        Example {
            before: "志愿者及时下沉，梳理难点、堵点， >>> 下转A3版\n\n另一篇报道\n",
            after: "志愿者及时下沉，梳理难点、堵点，\n\n另一篇报道\n",
        },
        Example {
            before: "工作正在进行。\n（下转第三版）\n新闻\n", after: "工作正在进行。\n新闻\n"
        },
        Example {
            before: "The council met again and\nContinued on Page 7\nLocal news\n",
            after: "The council met again and\nLocal news\n",
        },
        Example {
            before: "They found remnants of fur and scales on — Continued on Page 4\nLocal news\n",
            after: "They found remnants of fur and scales on\nLocal news\n",
        },
        Example {
            before: "会议还研究了其他事项，从昨 国下转A3版\n", after: "会议还研究了其他事项，从昨\n"
        },
        Example { before: "国 下转A3版\n会议开得很好。\n", after: "会议开得很好。\n" },
        Example { before: "（未完待续）\n会议开得很好。\n", after: "会议开得很好。\n" },
        Example {
            before: "Der Rat trat zusammen und\n(Fortsetzung auf Seite 2.)\nLokales\n",
            after: "Der Rat trat zusammen und\nLokales\n",
        },
    ],
    leaves_alone: &[
        "他从三版转到四版继续阅读这篇文章。\n",
        "The story was continued on page 7 of the same paper, and nobody read it.\n",
        "这本书由中文版转第二版印刷后，销量大增。\n",
        "Die Fortsetzung folgt im nächsten Jahr, wie der Verlag am Montag mitteilte.\n",
        "Der Leser findet die Fortsetzung auf Seite 2\n",
        "He turned the leaf and the tale was\ncontinued on page 7.\n",
        "钢水经过氧气顶吹下转炉\n",
    ],
    flag: false,
};

/// Continued from elsewhere.
pub(super) static FROM: Rule = Rule {
    id: "continued-from-line",
    name_zh: "接版提示",
    stage: Stage::Debris,
    confidence: Confidence::Certain,
    doc: "A line that says from which page a story comes. It is no part of the story; the page it names is kept as evidence.",
    examples: &[
        Example { before: ">>> 上接A1版\n队员们继续工作。\n", after: "队员们继续工作。\n" },
        Example { before: "(Continued from page 1)\nthe mayor said.\n", after: "the mayor said.\n" },
        Example {
            before: "(La suite à la page 3.)\n(Suite de la page 2.)\nle maire a dit.\n",
            after: "(La suite à la page 3.)\nle maire a dit.\n",
        },
    ],
    leaves_alone: &[
        "会议上接到了三份报告。\n",
        "He read from page 3 of the report to the end of the meeting.\n",
        "La suite de la page fut lue par le maire devant le conseil.\n",
    ],
    flag: false,
};

pub(super) static CHECK: Check = Check { rules: &[&TO, &FROM], run };

/// A jump mark of a document and what becomes of it.
pub(super) struct Mark {
    /// Number of its line.
    pub(super) line: usize,
    /// True where it sends on, false where it says whence.
    pub(super) onward: bool,
    /// The page that it names; empty where it names none.
    pub(super) target: String,
    /// What is taken out.
    pub(super) span: Span,
    /// How sure.
    pub(super) confidence: Confidence,
}

/// All jump marks, in text order.
pub(super) fn marks(doc: &Document<'_>) -> Vec<Mark> {
    doc.jumps().iter().filter_map(|(n, j)| mark(doc, *n, &doc.lines()[*n], j)).collect()
}

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    for m in marks(doc) {
        let fix = Fix::one(Splice::delete(m.span));
        let finding = Finding::edit(if m.onward { &TO } else { &FROM }, fix).at(m.confidence);
        out.push(if m.target.is_empty() { finding } else { finding.because("target", m.target) });
    }
}

fn mark(doc: &Document<'_>, n: usize, line: &Line, j: &Jump) -> Option<Mark> {
    let text = doc.line_text(line);
    let before = text[..j.from].trim_end_matches(is_mark_before);
    let marks = &text[before.len()..j.from];
    let free = before.chars().filter(|c| !c.is_whitespace()).count();
    let item = before.trim().strip_suffix(['.', ')']);
    if !j.zh && item.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
        // 4. Continued on page 3: an item of a list, a clue.
        return None;
    }
    let whole = || line_with_end(doc, line);
    let cut = |at: usize| Span::new(line.span.start() + at, line.span.end());
    let most = if j.zh { NOISE - 1 } else { NOISE };
    let (span, confidence) = if free == 0 {
        (whole(), alone(text, marks, j)?)
    } else if free <= most && (j.strong || j.loose) {
        (whole(), Confidence::Likely)
    } else if j.loose {
        return None;
    } else if ends_part(before, marks, &text[j.from..], j.zh && j.strong) && (j.strong || framed(marks)) {
        (cut(before.len()), Confidence::Certain)
    } else if !j.strong {
        return None;
    } else if j.zh {
        (cut(misread_mark(before)?), Confidence::Likely)
    } else if set_off(before, marks, &text[j.from..]) {
        (cut(before.len()), Confidence::Likely)
    } else {
        return None;
    };
    Some(Mark { line: n, onward: j.onward, target: j.target.clone(), span, confidence })
}

/// How sure a phrase on a line of its own is.
fn alone(text: &str, marks: &str, j: &Jump) -> Option<Confidence> {
    if j.loose {
        return Some(Confidence::Likely);
    }
    if j.zh && !framed(marks) && ends_sentence_about(&text[j.from..]) {
        return Some(Confidence::Suggest);
    }
    if framed(marks) || j.strong && (j.zh || text[j.from..].starts_with(char::is_uppercase)) {
        return Some(Confidence::Certain);
    }
    // "continued on page 7." may be the last line of a sentence.
    let small = !j.zh && text[j.from..].starts_with(char::is_lowercase);
    if small && text.trim_end().ends_with('.') {
        return Some(Confidence::Suggest);
    }
    Some(if j.target.is_empty() { Confidence::Suggest } else { Confidence::Likely })
}

/// True for a phrase with a stop or the end of a quotation behind it: what a newsroom writes at a page's foot has none, the
/// last line of a sentence about it has.
fn ends_sentence_about(phrase: &str) -> bool {
    let end = phrase.trim_end();
    end.ends_with(['。', '！', '？']) || end.ends_with(['”', '’', '」', '』']) && !end.contains(['“', '‘', '「', '『'])
}

/// An opening bracket or an arrow stands before it.
fn framed(marks: &str) -> bool {
    marks.contains(['>', '＞', '→', '►', '▶', '■', '▼', '▲', '◆', '●', '★', '(', '（', '【', '[', '〔', '□'])
}

/// A Latin phrase at the end of a line of text: a dash or a wide space before it, or its capital verb right after a
/// word in small letters, as English sets it.
fn set_off(before: &str, marks: &str, phrase: &str) -> bool {
    let capital = phrase.starts_with(char::is_uppercase);
    let dash = marks.contains(['—', '–', '-', '*', '_', '|', '·', '•', '~', '=']) || marks.chars().count() > 2;
    let last = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let article =
        matches!(last.to_lowercase().as_str(), "die" | "der" | "eine" | "einer" | "la" | "une" | "cette" | "the" | "a");
    let english = phrase.starts_with("Con");
    capital && !article && (dash || english && last.ends_with(char::is_lowercase))
}

/// Marks that stand before a jump phrase: arrows, boxes, opening brackets, white space.
fn is_mark_before(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '>' | '＞'
                | '》'
                | '→'
                | '⇒'
                | '►'
                | '▶'
                | '■'
                | '□'
                | '▼'
                | '▲'
                | '◆'
                | '◇'
                | '●'
                | '★'
                | '☆'
                | '('
                | '（'
                | '【'
                | '['
                | '〔'
                | '*'
                | '_'
                | '|'
                | '·'
                | '•'
                | '^'
                | '—'
                | '-'
                | '='
                | '~'
        )
}

/// Where the mark before a Chinese phrase was read as one or two Han characters that stand behind a space or a stop.
fn misread_mark(before: &str) -> Option<usize> {
    let mut at = before.len();
    for c in before.chars().rev().take(NOISE) {
        if c.is_whitespace() || is_sentence_end(c) || is_closing(c) {
            return (at < before.len()).then_some(at - if c.is_whitespace() { c.len_utf8() } else { 0 });
        }
        at -= c.len_utf8();
    }
    None
}

/// An inline mark is cut only where something sets it off: a bracket, an arrow, a sentence's end before it. A comma and a
/// space set nothing off in Latin type, but before the capital verb of English.
fn ends_part(before: &str, marks: &str, phrase: &str, sure: bool) -> bool {
    let Some(last) = before.chars().next_back() else { return framed(marks) };
    let sentence = is_sentence_end(last) || is_closing(last);
    let part = matches!(last, '，' | ',' | '、' | '；');
    let set = sure || !marks.trim().is_empty() || phrase.starts_with("Con");
    framed(marks) || sentence && (sure || !marks.is_empty()) || part && set
}
