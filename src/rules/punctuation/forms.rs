//! Marks made of several characters: ellipsis, dash, title marks, and marks that stand twice.
//!
//! It must never touch leaders of a table of contents, rules made of hyphens, or marks doubled for emphasis.

use super::brackets::is_pending;
use super::running::{self, Class, Glyph, Setting};
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice};

/// `...`, `。。。`, `···` for ……
pub(super) static ELLIPSIS_OF_DOTS: Rule = Rule {
    id: "ellipsis-of-dots",
    name_zh: "省略号写作连点",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "Three or more dots, stops or middle dots in CJK running text, where the ellipsis …… was printed. Rows of more than \
          eight dots, or of dots before a number, lead to a page number in a table and stay.",
    examples: &[
        Example { before: "他说......没有说完。", after: "他说……没有说完。" },
        Example { before: "“我们不撤。。。”", after: "“我们不撤……”" },
        Example { before: "山、水···都在", after: "山、水……都在" },
    ],
    leaves_alone: &["第一章 总则..............12", "wait... what", "会议结束。", "他说……没有说完。", "见...12页"],
    flag: false,
};

/// `--`, `──`, `－－` for ——
pub(super) static DASH_OF_HYPHENS: Rule = Rule {
    id: "dash-of-hyphens",
    name_zh: "破折号写作连字符",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "Two to four hyphens, full-width hyphens or box lines between CJK characters or quotes, where the dash —— was printed. \
          A single hyphen and longer rows stay.",
    examples: &[
        Example { before: "共同的名字--白衣天使", after: "共同的名字——白衣天使" },
        Example { before: "──云发集团纪实", after: "——云发集团纪实" },
    ],
    leaves_alone: &["北京-上海", "--------", "run --help 命令", "共同的名字——白衣天使", "第3--5页"],
    flag: false,
};

/// 〈〈 〉〉 and `<< >>` for 《 》.
pub(super) static SPLIT_TITLE_MARK: Rule = Rule {
    id: "split-title-mark",
    name_zh: "书名号拆成两个",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "Two single angle brackets on either side of a title, where one double title mark 《 》 was printed and recognised as \
          two. Both sides change together; without a partner nothing changes.",
    examples: &[
        Example { before: "他读了〈〈红楼梦〉〉一书", after: "他读了《红楼梦》一书" },
        Example { before: "根据<<宪法>>规定", after: "根据《宪法》规定" },
    ],
    leaves_alone: &["他读了《论〈红楼梦〉》一书", ">>> 下转A3版", "a << b 中 c >> d", "〈〈红楼梦"],
    flag: false,
};

/// ，， 、、 ；；
pub(super) static DOUBLED_MARK: Rule = Rule {
    id: "doubled-mark",
    name_zh: "标点重复",
    stage: Stage::Punctuation,
    confidence: Confidence::Suggest,
    doc: "The same comma, semicolon or stop twice in a row in CJK text: a speck or a column edge read as a second mark, or a \
          place where something between the two was lost. Since only the page can tell, the change is only proposed. \
          Exclamation and question marks may be doubled for emphasis and stay.",
    examples: &[
        Example { before: "会前，，他说、、我们", after: "会前，他说、我们" },
        Example { before: "会议结束。。记者离开", after: "会议结束。记者离开" },
    ],
    leaves_alone: &["好！！真的？？", "会前，他说", "等等……", "他说，。"],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check =
    Check { rules: &[&ELLIPSIS_OF_DOTS, &DASH_OF_HYPHENS, &SPLIT_TITLE_MARK, &DOUBLED_MARK], run };

/// More dots than this lead to a page number.
const MAX_DOTS: usize = 8;
/// More hyphens than this make a rule.
const MAX_HYPHENS: usize = 4;
/// A title is no longer than this, in characters.
const MAX_TITLE: usize = 60;

fn run(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    let mut glyphs = Vec::new();
    for line in doc.lines() {
        let text = doc.line_text(line);
        if !is_candidate(text) || running::read(text, line.span.start(), &mut glyphs) == Setting::Foreign {
            continue;
        }
        let mut i = 0;
        while i < glyphs.len() {
            let n = glyphs[i..].iter().take_while(|g| same(g.ch) == same(glyphs[i].ch) && !g.guarded).count();
            if n >= 2 {
                row(&glyphs, i, n, out);
            }
            i += n.max(1);
        }
    }
}

/// A comma or semicolon of either width: this stage is about to make them the same.
const fn same(c: char) -> char {
    match c {
        ',' => '，',
        ';' => '；',
        c => c,
    }
}

/// Two equal marks in a row somewhere, found on bytes. CJK marks are three bytes long.
fn is_candidate(text: &str) -> bool {
    let b = text.as_bytes();
    // Without a character above U+2FFF the line is foreign anyway.
    if !b.iter().any(|&b| b >= 0xE3) {
        return false;
    }
    let two = |i: usize| b.get(i..i + 3).is_some_and(|m| b.get(i + 3..i + 6) == Some(m));
    let mut i = 0;
    while i + 1 < b.len() {
        match b[i] {
            b'.' | b'-' | b'<' if b[i + 1] == b[i] => return true,
            b',' | b';' if b[i + 1] == b[i] || b[i + 1] == 0xEF => return true,
            0xEF if matches!(b.get(i + 3), Some(b',' | b';')) => return true,
            0xC2 if b[i + 1] == 0xB7 && b.get(i + 2) == Some(&0xC2) => return true,
            0xE2 | 0xE3 | 0xEF if two(i) => return true,
            0xE2..=0xEF => i += 3,
            0xC0..=0xDF => i += 2,
            _ => i += 1,
        }
    }
    false
}

/// A row of `n` equal characters from `i` on.
fn row(glyphs: &[Glyph], i: usize, n: usize, out: &mut Findings) {
    let c = glyphs[i].ch;
    let span = Span::new(glyphs[i].at, glyphs[i + n - 1].end());
    let class = |g: &Glyph| if is_pending(g) { Class::CjkMark } else { g.class };
    let before = i.checked_sub(1).map(|k| class(&glyphs[k]));
    let after = glyphs.get(i + n).map(class);
    let cjk = |k: Option<Class>| matches!(k, Some(Class::Cjk | Class::CjkMark | Class::Quote));
    let edge = |k: Option<Class>| k.is_none() || cjk(k);
    let within = edge(before) && edge(after) && (cjk(before) || cjk(after));
    match c {
        '.' | '。' | '·' | '．' | '・' | '•'
            if (3..=MAX_DOTS).contains(&n) && cjk(before) && after != Some(Class::Digit) =>
        {
            let spaced = after == Some(Class::Space) || after == Some(Class::Letter);
            let finding = Finding::edit(&ELLIPSIS_OF_DOTS, Fix::one(Splice::replace(span, "……")));
            out.push(if spaced { finding.at(Confidence::Suggest) } else { finding });
        }
        '-' | '－' | '─' | '━' if (2..=MAX_HYPHENS).contains(&n) && within => {
            out.push(Finding::edit(&DASH_OF_HYPHENS, Fix::one(Splice::replace(span, "——"))));
        }
        '〈' | '<' if n == 2 => {
            let close = if c == '<' { '>' } else { '〉' };
            let inside = &glyphs[i + 2..glyphs.len().min(i + 2 + MAX_TITLE)];
            let Some(k) = inside.iter().position(|g| g.ch == close) else { return };
            let title = inside.get(k + 1).is_some_and(|g| g.ch == close)
                && inside.get(k + 2).is_none_or(|g| g.ch != close)
                && cjk(inside.first().map(|g| g.class))
                && !inside[..k].iter().any(|g| matches!(g.ch, '〈' | '<' | '《' | '。'));
            if title {
                let end = Span::new(inside[k].at, inside[k + 1].end());
                let fix = Fix::many([Splice::replace(span, "《"), Splice::replace(end, "》")]);
                out.push(Finding::edit(&SPLIT_TITLE_MARK, fix));
            }
        }
        ',' | ';' if n == 2 && !(cjk(before) || cjk(after)) => {}
        '，' | '、' | '；' | '。' | ',' | ';' if n == 2 => {
            let second = Span::new(glyphs[i + 1].at, glyphs[i + 1].end());
            out.push(Finding::edit(&DOUBLED_MARK, Fix::one(Splice::delete(second))));
        }
        _ => {}
    }
}
