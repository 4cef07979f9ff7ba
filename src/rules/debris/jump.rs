//! Jump lines: "continued on page 3", 下转A3版 and the like, on a line of their own or at the end of a paragraph.
//!
//! The mark goes, the paragraph stays. It must never cut a phrase out of a sentence.

use super::line_with_end;
use crate::document::jumps::{PHRASE_LIST, Phrase, script_of, tail_of};
use crate::document::{Document, Line};
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::script::{is_closing, is_han, is_sentence_end};
use crate::text::{Span, Splice};
use regex::Regex;
use std::sync::LazyLock;

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
            before: "Der Rat trat zusammen und\n(Fortsetzung auf Seite 2.)\nLokales\n",
            after: "Der Rat trat zusammen und\nLokales\n",
        },
    ],
    leaves_alone: &[
        "他从三版转到四版继续阅读这篇文章。\n",
        "The story was continued on page 7 of the same paper, and nobody read it.\n",
        "这本书由中文版转第二版印刷后，销量大增。\n",
        "Die Fortsetzung folgt im nächsten Jahr, wie der Verlag am Montag mitteilte.\n",
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

/// A page number in a phrase.
static TARGET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Da-d]?-?\d{1,3}|[一二三四五六七八九十]{1,3}").ok());

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    for line in doc.lines().iter().filter(|l| !l.blank) {
        let text = doc.line_text(line);
        let tail = tail_of(text);
        let Some(zh) = script_of(tail) else { continue };
        for phrase in PHRASE_LIST.iter().filter(|p| p.zh == zh) {
            let at = text.len() - tail.len();
            if phrase.whole && at > 0 {
                continue;
            }
            let Some(m) = phrase.pattern.find(tail) else { continue };
            if let Some(finding) = judge(doc, line, text, at + m.start(), at + m.end(), phrase) {
                out.push(finding);
                break;
            }
        }
    }
}

fn judge(doc: &Document<'_>, line: &Line, text: &str, from: usize, to: usize, phrase: &Phrase) -> Option<Finding> {
    // Behind the phrase only its own closing marks may follow.
    let is_mark = |c: char| c.is_whitespace() || (!c.is_alphanumeric() && !is_han(c));
    if !text[to..].chars().all(is_mark) || text[to..].chars().filter(|c| !c.is_whitespace()).count() > 3 {
        return None;
    }
    let before = text[..from].trim_end_matches(is_mark_before);
    let free = before.chars().filter(|c| !c.is_whitespace()).count();
    let target = TARGET.as_ref().and_then(|r| r.find(&text[from..to])).map_or("", |m| m.as_str()).to_owned();
    let marked = before.len() < from;
    let (span, confidence) = if phrase.whole {
        (line_with_end(doc, line), Confidence::Likely)
    } else if free == 0 {
        (line_with_end(doc, line), Confidence::Certain)
    } else if free <= NOISE && !phrase.zh || free < NOISE && phrase.zh && !marked {
        (line_with_end(doc, line), Confidence::Likely)
    } else if marked && ends_part(before, &text[before.len()..from]) {
        (Span::new(line.span.start() + before.len(), line.span.end()), Confidence::Certain)
    } else if let (true, Some(cut)) = (phrase.zh, misread_mark(before)) {
        (Span::new(line.span.start() + cut, line.span.end()), Confidence::Likely)
    } else {
        return None;
    };
    let finding = Finding::edit(if phrase.onward { &TO } else { &FROM }, Fix::one(Splice::delete(span))).at(confidence);
    Some(if target.is_empty() { finding } else { finding.because("target", target) })
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

/// An inline mark is cut only where something sets it off: a bracket, an arrow, a sentence's end before it.
fn ends_part(before: &str, marks: &str) -> bool {
    let sure =
        marks.contains(['>', '＞', '→', '►', '▶', '■', '▼', '▲', '◆', '●', '★', '(', '（', '【', '[', '〔', '□']);
    let ended = before
        .chars()
        .next_back()
        .is_some_and(|c| is_sentence_end(c) || is_closing(c) || matches!(c, '，' | ',' | '、' | '；'));
    sure || ended
}
