//! Quotation marks and brackets as pairs: straight quotes to curly ones, quotes turned the wrong way, and marks without
//! a partner.
//!
//! It must never touch an apostrophe, a foot or inch sign, or change the convention that a text keeps.

use super::running::{self, Class, Glyph, Setting};
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, lists, script};

/// `"` in pairs.
pub(super) static STRAIGHT_QUOTE: Rule = Rule {
    id: "straight-quote",
    name_zh: "直引号",
    stage: Stage::Punctuation,
    confidence: Confidence::Suggest,
    doc: "A pair of straight quotes in one paragraph. The form of the text's own language is proposed: “ ” in Chinese and \
          English, 「 」 where the text itself uses them, „ “ in German, « » in French. Where the quotes of a paragraph do not \
          pair, nothing is proposed.",
    examples: &[
        Example {
            before: "他说\"我报名\"，又说\"我也上\"。", after: "他说“我报名”，又说“我也上”。"
        },
        Example {
            before: "市長說「開會」，眾人說\"好\"。", after: "市長說「開會」，眾人說「好」。"
        },
        Example { before: "He said \"no\" and left.", after: "He said “no” and left." },
        Example {
            before: "Der Minister sagte \"nein\" und ging mit der Frau.",
            after: "Der Minister sagte „nein“ und ging mit der Frau.",
        },
    ],
    leaves_alone: &["a board of 6\" by 4'", "他说“我报名”。", "He said \"no and left.", "it's 5 o'clock"],
    flag: false,
};

/// ”我报名“.
pub(super) static TURNED_QUOTE: Rule = Rule {
    id: "turned-quote",
    name_zh: "引号方向颠倒",
    stage: Stage::Punctuation,
    confidence: Confidence::Suggest,
    doc: "A curly quote turned the wrong way in a Chinese paragraph whose quotes pair in number: an opening one where the \
          quotation ends, or a closing one where it begins. The pair is proposed in its right form.",
    examples: &[
        Example { before: "他说”我报名“，走了。", after: "他说“我报名”，走了。" },
        Example { before: "他说“我报名“，走了。", after: "他说“我报名”，走了。" },
    ],
    leaves_alone: &[
        "他说“我报名”，走了。",
        "他说“我报名，走了。",
        "“（一）第一项；“（二）第二项。",
        "Er sagte „nein“ und „ja“.",
    ],
    flag: false,
};

/// A bracket or quote without its partner.
pub(super) static UNPAIRED_MARK: Rule = Rule {
    id: "unpaired-mark",
    name_zh: "标点不成对",
    stage: Stage::Punctuation,
    confidence: Confidence::Suggest,
    doc: "A bracket, title mark or quote in CJK text that has no partner in its block of lines, or that crosses another pair. \
          Either it was misread or something is missing. A quotation that runs over several paragraphs, each opened anew, is \
          in order.",
    examples: &[
        Example { before: "本报讯（记者王明昨日报道。", after: "本报讯（记者王明昨日报道。" },
        Example {
            before: "他读了《红楼梦一书，又读了《水浒》。", after: "他读了《红楼梦一书，又读了《水浒》。"
        },
        Example { before: "他说“我（也上”）。", after: "他说“我（也上”）。" },
    ],
    leaves_alone: &[
        "本报讯（记者王明）昨日“报道”。",
        "“第一段没有完。\n\n“第二段完了。”",
        "1）会议 2）报告",
        "(see Figure 1",
    ],
    flag: true,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&STRAIGHT_QUOTE, &TURNED_QUOTE, &UNPAIRED_MARK], run };

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let bytes = text.as_bytes();
    let count = |mark: &str| memchr::memmem::find_iter(bytes, mark).count();
    let mut form: Option<Form> = None;
    let (mut glyphs, mut marks, mut stack) = (Vec::new(), Vec::new(), Vec::new());
    for (n, line) in doc.lines().iter().enumerate() {
        let t = doc.line_text(line);
        if line.blank {
            leftover(doc, &mut stack, n, out);
            continue;
        }
        let seen = skim(t, line.span.start(), &mut marks);
        if seen.straight && memchr::memchr_iter(b'"', t.as_bytes()).count().is_multiple_of(2) {
            let form = form.get_or_insert_with(|| Form { corners: count("「") > count("“") });
            let setting = running::read(t, line.span.start(), &mut glyphs);
            straight_quotes(&glyphs, setting, t, form, cx, out);
        }
        if !seen.cjk {
            continue;
        }
        // A line among others may hold half of a quotation only.
        let alone = |k: Option<usize>| k.and_then(|k| doc.lines().get(k)).is_none_or(|l| l.blank);
        if alone(n.checked_sub(1)) && alone(Some(n + 1)) {
            turned(text, &marks, out);
        }
        pair(text, &marks, &mut stack, out);
    }
    leftover(doc, &mut stack, doc.lines().len(), out);
}

/// What a first look at a line's bytes tells.
struct Seen {
    /// A straight quote stands in it.
    straight: bool,
    /// It is set in CJK: one Han character or kana in six letters at least, as words of Latin have about five.
    cjk: bool,
}

/// Collects the marks that come in pairs, with their places, without decoding the rest.
fn skim(line: &str, base: usize, marks: &mut Vec<(char, usize)>) -> Seen {
    marks.clear();
    let b = line.as_bytes();
    let (mut straight, mut han, mut letters) = (false, 0usize, 0usize);
    let mut i = 0;
    while let Some(&lead) = b.get(i) {
        match lead {
            0xE4..=0xE9 => {
                han += 1;
                i += 3;
            }
            0xE2 | 0xE3 | 0xEF => {
                if is_paired_mark(b[i], b[i + 1], b[i + 2])
                    && let Some(c) = line[i..].chars().next()
                {
                    marks.push((c, base + i));
                }
                han += usize::from(lead == 0xE3 && b[i + 1] >= 0x81);
                i += 3;
            }
            b'"' => {
                straight = true;
                i += 1;
            }
            0xC0..=0xDF => {
                letters += 1;
                i += 2;
            }
            0xE0..=0xEE => i += 3,
            0xF0..=0xFF => i += 4,
            _ => {
                letters += usize::from(lead.is_ascii_alphabetic());
                i += 1;
            }
        }
    }
    Seen { straight, cjk: han > 0 && han * 5 >= letters }
}

/// The UTF-8 form of “ ” 《 》 「 」 『 』 【 】 （ ）.
const fn is_paired_mark(a: u8, b: u8, c: u8) -> bool {
    matches!((a, b, c), (0xE2, 0x80, 0x9C | 0x9D) | (0xE3, 0x80, 0x8A..=0x91) | (0xEF, 0xBC, 0x88 | 0x89))
}

/// What the text itself does.
struct Form {
    /// It uses 「 」 more than “ ”.
    corners: bool,
}

impl Form {
    fn quotes(&self, setting: Setting, line: &str, languages: &[String]) -> (&'static str, &'static str) {
        match setting {
            Setting::Japanese => ("「", "」"),
            Setting::Chinese if self.corners || languages.iter().any(|l| l.starts_with("zh-Hant")) => ("「", "」"),
            Setting::Chinese => ("“", "”"),
            Setting::Foreign => match latin_language(line, languages) {
                Latin::German => ("„", "“"),
                Latin::French => ("«", "»"),
                Latin::Other => ("“", "”"),
            },
        }
    }
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Latin {
    German,
    French,
    Other,
}

/// The language of a Latin line by its commonest words; English where they do not say.
fn latin_language(line: &str, languages: &[String]) -> Latin {
    if let [only] = languages {
        return match only.get(..2) {
            Some("de") => Latin::German,
            Some("fr") => Latin::French,
            _ => Latin::Other,
        };
    }
    let [german, french, english] = ["common-de", "common-fr", "common-en"].map(lists::words);
    let (mut de, mut fr, mut en) = (0, 0, 0);
    for word in line.split(|c: char| !c.is_alphabetic()) {
        de += usize::from(german.binary_search(&word).is_ok());
        fr += usize::from(french.binary_search(&word).is_ok());
        en += usize::from(english.binary_search(&word).is_ok());
    }
    match (de, fr) {
        (d, f) if d > f && d > en => Latin::German,
        (d, f) if f > d && f > en => Latin::French,
        _ => Latin::Other,
    }
}

/// Proposes pairs for the straight quotes of a line, if every one of them reads as what its place in the row makes it.
fn straight_quotes(g: &[Glyph], setting: Setting, line: &str, form: &Form, cx: &Context<'_>, out: &mut Findings) {
    let at: Vec<usize> = (0..g.len()).filter(|&i| g[i].ch == '"' && !g[i].guarded).collect();
    let foreign = setting == Setting::Foreign;
    let fits = |k: usize, i: usize| {
        if !foreign {
            return true;
        }
        let class = |i: Option<usize>| i.and_then(|i| g.get(i)).map(|g| g.class);
        let (before, after) = (class(i.checked_sub(1)), class(Some(i + 1)));
        let ink = |c| matches!(c, Some(Class::Letter | Class::Digit));
        if k.is_multiple_of(2) {
            !ink(before) && after.is_some_and(|c| c != Class::Space)
        } else {
            !ink(after) && before != Some(Class::Space)
        }
    };
    if at.is_empty() || at.len() % 2 == 1 || !at.iter().enumerate().all(|(k, &i)| fits(k, i)) {
        return;
    }
    let (open, close) = form.quotes(setting, line, &cx.config.languages);
    for pair in at.chunks_exact(2) {
        if pair[1] == pair[0] + 1 {
            continue;
        }
        let span = |i: usize| Span::new(g[i].at, g[i].end());
        let fix = Fix::many([Splice::replace(span(pair[0]), open), Splice::replace(span(pair[1]), close)]);
        out.push(Finding::edit(&STRAIGHT_QUOTE, fix));
    }
}

/// Proposes the right way for turned quotes of a Chinese line: an even number of them, no quotation inside another.
fn turned(text: &str, marks: &[(char, usize)], out: &mut Findings) {
    let quotes = || marks.iter().filter(|m| matches!(m.0, '“' | '”'));
    if quotes().enumerate().all(|(k, m)| (m.0 == '“') == k.is_multiple_of(2)) || quotes().count() % 2 == 1 {
        return;
    }
    let at: Vec<(char, usize)> = quotes().copied().collect();
    for pair in at.chunks_exact(2) {
        let [(first, from), (second, to)] = [pair[0], pair[1]];
        if (first, second) == ('“', '”') {
            continue;
        }
        let inside = text.get(from + first.len_utf8()..to).unwrap_or("");
        // A quotation that begins with a stop or ends in an opening mark is none: the row is out of step.
        let begins = inside.chars().next().is_none_or(|c| matches!(c, '，' | '。' | '、' | '；'));
        // A quote behind a comma or colon opens; so do those of a list whose every item is quoted anew.
        let ends = |c: char| script::is_opening(c) || matches!(c, '，' | '；' | '：' | '、');
        if begins || inside.chars().next_back().is_none_or(ends) {
            return;
        }
        let turn = |c: char, right: char, at: usize, s| {
            (c != right).then(|| Splice::replace(Span::new(at, at + c.len_utf8()), s))
        };
        let splices = [turn(first, '“', from, "“"), turn(second, '”', to, "”")];
        out.push(Finding::edit(&TURNED_QUOTE, Fix::many(splices.into_iter().flatten())));
    }
}

const fn partner(c: char) -> Option<(char, bool)> {
    Some(match c {
        '（' => ('）', true),
        '《' => ('》', true),
        '「' => ('」', true),
        '『' => ('』', true),
        '【' => ('】', true),
        '“' => ('”', true),
        '）' => ('（', false),
        '》' => ('《', false),
        '」' => ('「', false),
        '』' => ('『', false),
        '】' => ('【', false),
        '”' => ('“', false),
        _ => return None,
    })
}

/// Deeper nesting is debris; the oldest waiting mark is dropped without a word.
const MAX_DEPTH: usize = 12;

/// Pairs the marks of a line with those that wait in `stack`.
fn pair(text: &str, marks: &[(char, usize)], stack: &mut Vec<(char, Span)>, out: &mut Findings) {
    for &(c, at) in marks {
        let Some((other, opens)) = partner(c) else { continue };
        let span = Span::new(at, at + c.len_utf8());
        if opens {
            if stack.len() == MAX_DEPTH {
                stack.remove(0);
            }
            stack.push((c, span));
            continue;
        }
        match stack.iter().rposition(|s| s.0 == other) {
            // What opened later and is still open crosses this pair.
            Some(k) => {
                for (c, span) in stack.drain(k..).skip(1) {
                    out.push(Finding::flag(&UNPAIRED_MARK, span, format!("{c} has no partner here")));
                }
            }
            None => {
                // "1）" numbers an item.
                let item = c == '）'
                    && text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() && !script::is_cjk(c));
                if !item {
                    out.push(Finding::flag(&UNPAIRED_MARK, span, format!("{c} has no partner here")));
                }
            }
        }
    }
}

/// Ends a block before line `n`: what still waits has no partner, unless the quotation goes on in the next block.
fn leftover(doc: &Document<'_>, stack: &mut Vec<(char, Span)>, n: usize, out: &mut Findings) {
    if stack.is_empty() {
        return;
    }
    let next = doc.lines().get(n..).and_then(|l| l.iter().find(|l| !l.blank)).map_or("", |l| doc.line_text(l));
    for (c, span) in stack.drain(..) {
        if matches!(c, '“' | '「') && next.trim_start().starts_with(c) {
            continue;
        }
        out.push(Finding::flag(&UNPAIRED_MARK, span, format!("{c} has no partner here")));
    }
}
