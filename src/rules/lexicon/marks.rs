//! Marks that a recogniser took for other marks: brackets by their partner, a Han one between digits, specks for stops.
//!
//! A mark is judged by its pair and its place only. It must never touch a pair that is right, nor a mark whose own partner
//! stands in the same paragraph.

use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::script::{is_closing, is_han, is_han_lead, is_opening};
use crate::text::{Span, Splice};

/// The check of misread marks.
pub(super) static CHECK: Check = Check { rules: &[&MISREAD_BRACKET, &MISREAD_DASH, &MISREAD_STOP], run: check };

/// A bracket whose partner is of another kind.
pub(super) static MISREAD_BRACKET: Rule = Rule {
    id: "misread-bracket",
    name_zh: "括号误识",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "An opening bracket that is closed by one of another kind a few characters on, as in 〈记者马杰）, where neither has \
          a partner of its own in the paragraph. Recognisers read （ as 〈, 《, 【 or “, and 【 as [. The partner says what \
          it was. Only proposed; applied by the policy nlp.",
    examples: &[
        Example {
            before: "本报讯〈记者马杰军）今天召开会议。", after: "本报讯（记者马杰军）今天召开会议。"
        },
        Example {
            before: "东湖时报讯《记者徐英)国务院发布公告。", after: "东湖时报讯（记者徐英）国务院发布公告。"
        },
        Example {
            before: "[新春走基层】村里来了新书记", after: "【新春走基层】村里来了新书记"
        },
    ],
    leaves_alone: &[
        "《红楼梦》（人民文学出版社）",
        "《诊疗方案（试行第八版）》规定的标准",
        "他说：“好（笑）。”",
        "《红楼梦）是一部书》",
        "〈一〉总则",
        "a [sic) b",
    ],
    flag: false,
};

/// 一 for a dash between two numbers.
pub(super) static MISREAD_DASH: Rule = Rule {
    id: "han-one-for-dash",
    name_zh: "破折号误识为一",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "The Han numeral 一 between two numbers in digits, as in 1一8月, where print has a dash: no number is written so. \
          Only proposed; no policy applies it, for it stands in a number.",
    examples: &[
        Example { before: "今年1一8月，全市", after: "今年1—8月，全市" },
        Example { before: "２０２１一２０２２年度", after: "２０２１—２０２２年度" },
    ],
    leaves_alone: &["第一2组", "9月一日", "1一体化2", "十一5"],
    flag: false,
};

/// A speck for a stop.
pub(super) static MISREAD_STOP: Rule = Rule {
    id: "speck-for-stop",
    name_zh: "句号误识",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "A single * or = between two Han characters of running text, where print has 。: a small ring that a recogniser took \
          for a speck. Only proposed.",
    examples: &[
        Example {
            before: "全市生产保持较快增长态势*同时，出口稳定。",
            after: "全市生产保持较快增长态势。同时，出口稳定。",
        },
        Example {
            before: "会议强调要落实责任=眼下，各地正在行动。",
            after: "会议强调要落实责任。眼下，各地正在行动。",
        },
    ],
    leaves_alone: &["*注：数据来自统计局", "李*明、王*", "速度=路程÷时间", "甲*乙", "“2*3”"],
    flag: false,
};

/// Opening marks that are looked at, with the closing marks of the same kind.
const KINDS: &[(char, &str)] = &[
    ('（', "）)"),
    ('(', "）)"),
    ('〈', "〉"),
    ('《', "》"),
    ('【', "】"),
    ('[', "]］"),
    ('［', "]］"),
    ('“', "”"),
    ('「', "」"),
    ('『', "』"),
];
/// Opening mark as read, closing mark behind it, the pair as printed, and the probability that it was. Counted on
/// recognised pages beside their print (`ordered` of the dev pages).
const READ_AS: &[(&str, &str, char, char, f32)] = &[
    ("〈《", "）)", '（', '）', 0.92),
    ("【“", "）)", '（', '）', 0.6),
    ("[［", "】", '【', '】', 0.9),
    ("[［", "」", '「', '」', 0.8),
];
/// Longest text between two marks of a misread pair, in characters: a byline, a date, a rubric.
const INSIDE: usize = 30;

fn check(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    dashes(text, out);
    let speckled = memchr::memchr2(b'*', b'=', text.as_bytes()).is_some();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\u{C}']) {
        if speckled {
            specks(line, start, out);
        }
        brackets(line, start, out);
        start += line.len();
    }
}

fn brackets(line: &str, start: usize, out: &mut Findings) {
    // Opening marks that wait for their partner: mark, offset, characters before it.
    let mut open: Vec<(char, usize, usize)> = Vec::new();
    let (mut next, mut characters) = (0, 0);
    while let Some(&lead) = line.as_bytes().get(next) {
        let (at, n) = (next, characters);
        characters += 1;
        // Nearly all of a text, none of it a mark: not decoded.
        if is_han_lead(lead) {
            next += 3;
            continue;
        }
        if lead.is_ascii_alphanumeric() || lead == b' ' {
            next += 1;
            continue;
        }
        let Some(c) = line.get(at..).and_then(|t| t.chars().next()) else { break };
        next += c.len_utf8();
        if !is_opening(c) && !is_closing(c) {
            continue;
        }
        if KINDS.iter().any(|k| k.0 == c) {
            open.push((c, at, n));
            continue;
        }
        if !KINDS.iter().any(|k| k.1.contains(c)) {
            continue;
        }
        let own = |o: char| KINDS.iter().any(|k| k.0 == o && k.1.contains(c));
        if let Some(i) = open.iter().rposition(|o| own(o.0)) {
            open.truncate(i);
            continue;
        }
        let Some(&(o, from, first)) = open.last() else { continue };
        let row = READ_AS.iter().find(|r| r.0.contains(o) && r.1.contains(c));
        let Some(&(_, _, left, right, p)) = row.filter(|_| n - first - 1 <= INSIDE && n > first + 1) else { continue };
        let rest = &line[at + c.len_utf8()..];
        // Its own partner further on: then it is the closing mark that is wrong, or a bracket was lost.
        let partner = KINDS.iter().find(|k| k.0 == o).is_some_and(|k| rest.contains(|x: char| k.1.contains(x)));
        let inside = &line[from + o.len_utf8()..at];
        if partner || !inside.chars().any(|c| is_han(c) || c.is_numeric()) || !chinese(line, from, at + c.len_utf8()) {
            open.pop();
            continue;
        }
        let mut splices = vec![Splice::replace(span(start + from, o), left.to_string())];
        if c != right {
            splices.push(Splice::replace(span(start + at, c), right.to_string()));
        }
        let found = Finding::edit(&MISREAD_BRACKET, Fix::many(splices)).with_p(p);
        out.push(found.because("closed by", c.to_string()).because("no partner of its own", o.to_string()));
        open.pop();
    }
}

/// True where a Han character stands inside the marks or right beside them.
fn chinese(line: &str, from: usize, to: usize) -> bool {
    line[from..to].chars().any(is_han)
        || line[..from].chars().next_back().is_some_and(is_han)
        || line[to..].chars().next().is_some_and(is_han)
}

fn dashes(text: &str, out: &mut Findings) {
    const ONE: &str = "一";
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '０'..='９'));
    for at in memchr::memmem::find_iter(text.as_bytes(), ONE) {
        let end = at + ONE.len();
        if digit(text[..at].chars().next_back()) && digit(text[end..].chars().next()) {
            let at = Span::new(at, end);
            let fix = Fix::one(Splice::replace(at, "—"));
            out.push(
                Finding::edit(&MISREAD_DASH, fix).because("place", "between digits").because("protected", "number"),
            );
        }
    }
}

/// Han characters that must stand on each side of a speck: one alone may be a formula or a name made unknown.
const AROUND: usize = 3;
/// Marks of a sentence that must stand in the line for it to be running text.
const SENTENCE: &[char] = &['，', '。', '；', '、'];

fn specks(line: &str, start: usize, out: &mut Findings) {
    if memchr::memchr2(b'*', b'=', line.as_bytes()).is_none()
        || !line.contains(SENTENCE)
        || line.matches(['*', '=']).count() > 2
    {
        return;
    }
    for (at, speck) in line.match_indices(['*', '=']) {
        let before = line[..at].chars().rev().take(AROUND);
        let after: smallvec::SmallVec<[char; AROUND]> = line[at + 1..].chars().take(AROUND).collect();
        let han = |c: &char| is_han(*c);
        if before.filter(han).count() < AROUND || after.iter().take(2).filter(|c| is_han(**c)).count() < 2 {
            continue;
        }
        let clause = line[at + 1..].split(SENTENCE).next().unwrap_or("");
        if clause.chars().any(|c| c.is_ascii_digit() || "÷×+".contains(c)) {
            continue;
        }
        let place = Span::new(start + at, start + at + 1);
        let fix = Fix::one(Splice::replace(place, "。"));
        out.push(Finding::edit(&MISREAD_STOP, fix).with_p(0.6).because("speck", speck.to_owned()));
    }
}

fn span(at: usize, c: char) -> Span {
    Span::new(at, at + c.len_utf8())
}
