//! Half-width marks in Chinese and Japanese running text become full-width ones.
//!
//! One check yields marks, stops and brackets, as each is context to the others. It must never touch a mark between
//! digits, in an address, or in a foreign run.

use super::brackets::{self, HALF_WIDTH_BRACKET, is_pending};
use super::running::{self, Class, Glyph, Setting};
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice};
use std::cell::OnceCell;

/// `, ; : ! ?` between Han characters.
pub(super) static HALF_WIDTH_MARK: Rule = Rule {
    id: "half-width-mark",
    name_zh: "中文里的半角标点",
    stage: Stage::Punctuation,
    confidence: Confidence::Certain,
    doc: "A comma, semicolon, colon, exclamation or question mark of ASCII in Chinese or Japanese running text. Recognisers \
          and conversion programs write them for the full-width marks that were printed. The mark is left as it is between \
          digits (times, scores, ratios, grouped numbers), in addresses and code, and inside foreign words and quotations. \
          In Japanese a comma is only proposed, as it may have been printed as 、.",
    examples: &[
        Example {
            before: "座谈会前,市长说:大家辛苦了!", after: "座谈会前，市长说：大家辛苦了！"
        },
        Example {
            before: "“我报名!”“我也上!”会场里响起掌声;有人问:行吗?",
            after: "“我报名！”“我也上！”会场里响起掌声；有人问：行吗？",
        },
        Example {
            before: "比赛11:45开始,观众1,200人,比分3:2。", after: "比赛11:45开始，观众1,200人，比分3:2。"
        },
        Example {
            before: "增长3%,5%,7%不等,其中WTO,IMF,世行均有预测",
            after: "增长3%，5%，7%不等，其中WTO，IMF，世行均有预测",
        },
        Example {
            before: "网址http://example.cn/a?b:c,欢迎投稿", after: "网址http://example.cn/a?b:c，欢迎投稿"
        },
    ],
    leaves_alone: &[
        "全场比分为3:2，时间是11:45:30。",
        "全市共有1,234,567人参加。",
        "他在信中写道“Hello, world!”后离开。",
        "请看https://example.cn/a,b?c=1:2的说明。",
        "The word 医, as used here, means: medicine!",
        "서울시는 어제, 회의를 열었다: 大韓",
        "N,N-二甲基苯胺是一种原料",
        "空格写作&nbsp;即可",
    ],
    flag: false,
};

/// `.` for 。.
pub(super) static HALF_WIDTH_STOP: Rule = Rule {
    id: "half-width-stop",
    name_zh: "中文里的半角句点",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "A full stop of ASCII after a Han character or kana, where a sentence ends: at the end of the line or before a closing \
          quotation mark, in an issue that has no more CJK stops than such ones. Elsewhere it may be a speck, another mark, or \
          the dot in a foreign name, so there it is only proposed.",
    examples: &[
        Example { before: "会议在下午结束.", after: "会议在下午结束。" },
        Example { before: "他说：“我们不撤.”", after: "他说：“我们不撤。”" },
    ],
    leaves_alone: &["增长3.5%。", "作者是J.史密斯。", "一.会议概况", "等等...", "见www.example.cn。", "第3.会场"],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&HALF_WIDTH_BRACKET, &HALF_WIDTH_MARK, &HALF_WIDTH_STOP], run };

const fn full(c: char) -> Option<&'static str> {
    Some(match c {
        ',' => "，",
        ';' => "；",
        ':' => "：",
        '!' => "！",
        '?' => "？",
        _ => return None,
    })
}

fn run(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    // Brackets first: a pair that changes is CJK context for the marks beside it, in this run as in a second one.
    let mut changed = Vec::new();
    for pair in brackets::pairs(doc) {
        let splices = [pair.open, pair.close].into_iter().flatten();
        if pair.confidence > Confidence::Suggest {
            changed.extend(splices.clone().map(|(span, _)| span.start()));
        }
        let fix = Fix::many(splices.map(|(span, mark)| Splice::replace(span, mark)));
        out.push(Finding::edit(&HALF_WIDTH_BRACKET, fix).at(pair.confidence));
    }
    changed.sort_unstable();
    let ascii_stops = uses_ascii_stops(doc);
    let mut glyphs = Vec::new();
    for (n, line) in doc.lines().iter().enumerate() {
        let text = doc.line_text(line);
        if !has_mark(text.as_bytes()) {
            continue;
        }
        let setting = running::read(text, line.span.start(), &mut glyphs);
        if setting == Setting::Foreign {
            continue;
        }
        let from = changed.partition_point(|&at| at < line.span.start());
        for at in changed[from..].iter().take_while(|&&at| at < line.span.end()) {
            if let Ok(i) = glyphs.binary_search_by_key(at, |g| g.at) {
                glyphs[i].class = Class::CjkMark;
            }
        }
        let next = doc.lines().get(n + 1).map_or("", |l| doc.line_text(l));
        let view = Line { left: OnceCell::new(), right: OnceCell::new(), glyphs: &mut glyphs, next };
        for i in 0..view.glyphs.len() {
            let g = view.glyphs[i];
            if g.guarded || !g.ch.is_ascii_punctuation() {
                continue;
            }
            let span = Span::new(g.at, g.end());
            if let Some(mark) = full(g.ch) {
                let Some(mut confidence) = view.mark(i) else { continue };
                let mut mark = mark;
                if g.ch == ',' && setting == Setting::Japanese {
                    (mark, confidence) = ("、", Confidence::Suggest);
                } else if confidence > Confidence::Suggest {
                    view.glyphs[i].class = Class::CjkMark;
                }
                let span = view.with_spaces(i, span);
                out.push(Finding::edit(&HALF_WIDTH_MARK, Fix::one(Splice::replace(span, mark))).at(confidence));
            } else if g.ch == '.'
                && let Some(confidence) = view.stop(i)
            {
                let confidence = if ascii_stops { confidence } else { Confidence::Suggest };
                out.push(Finding::edit(&HALF_WIDTH_STOP, Fix::one(Splice::replace(span, "。"))).at(confidence));
            }
        }
    }
}

/// The issue ends its sentences with ASCII stops: lines that end in one after a CJK character are at least as many as
/// CJK stops.
fn uses_ascii_stops(doc: &Document<'_>) -> bool {
    let bytes = doc.text().as_bytes();
    let ends = |i: usize| {
        matches!(bytes.get(i + 1), None | Some(b'\n' | b'\x0C' | b'\r' | b' ' | b'"' | b'\'' | b')' | 0xE2 | 0xE3))
    };
    let ascii = memchr::memchr_iter(b'.', bytes).filter(|&i| i > 0 && bytes[i - 1] >= 0x80 && ends(i)).count();
    ascii > 0 && memchr::memmem::find_iter(bytes, "。").take(ascii + 1).count() <= ascii
}

/// A byte that may be a half-width mark and, in the same line, a byte of a character above U+2FFF.
fn has_mark(line: &[u8]) -> bool {
    let (mut mark, mut high) = (false, false);
    for &b in line {
        mark |= matches!(b, b',' | b';' | b':' | b'!' | b'?' | b'.');
        high |= b >= 0xE3;
    }
    mark && high
}

/// For each glyph the class of the nearest letter or Han character before it in the order of the iterator; quotes,
/// brackets, digits, marks and spaces are looked through.
fn strong<'g>(glyphs: impl ExactSizeIterator<Item = &'g Glyph>) -> Vec<Option<Class>> {
    let mut last = None;
    glyphs
        .map(|g| {
            let before = last;
            match g.class {
                Class::Cjk | Class::Letter | Class::Hangul => last = Some(g.class),
                Class::CjkMark => last = Some(Class::Cjk),
                _ => {}
            }
            before
        })
        .collect()
}

/// A line with what stands left and right of each glyph.
struct Line<'a> {
    glyphs: &'a mut [Glyph],
    /// Nearest letter to the left of each glyph; made when first asked for, as most marks touch what decides them.
    left: OnceCell<Vec<Option<Class>>>,
    /// The same to the right, in reverse order of the glyphs.
    right: OnceCell<Vec<Option<Class>>>,
    /// The next line, in case a number goes on there.
    next: &'a str,
}

impl Line<'_> {
    fn class(&self, i: Option<usize>) -> Option<Class> {
        i.and_then(|i| self.glyphs.get(i)).map(|g| g.class)
    }
    /// Class of what follows the mark at `i`, further marks and brackets that may yet change passed over.
    fn class_after(&self, i: usize) -> Option<Class> {
        self.glyphs[i + 1..].iter().find(|g| !is_pending(g) || g.class == Class::CjkMark).map(|g| g.class)
    }
    fn strong_left(&self, i: usize) -> Option<Class> {
        self.left.get_or_init(|| strong(self.glyphs.iter())).get(i).copied().flatten()
    }
    fn strong_right(&self, i: usize) -> Option<Class> {
        let from_end = self.glyphs.len() - 1 - i;
        self.right.get_or_init(|| strong(self.glyphs.iter().rev())).get(from_end).copied().flatten()
    }

    /// How sure it is that the mark at `i` belongs to CJK text; None where it does not or cannot be told.
    fn mark(&self, i: usize) -> Option<Confidence> {
        let (l, r) = (self.class(i.checked_sub(1)), self.class_after(i));
        let c = self.glyphs[i].ch;
        let cjk = |x| matches!(x, Some(Class::Cjk | Class::CjkMark));
        if l == Some(Class::Digit) && (r == Some(Class::Digit) || r.is_none()) && self.in_number(i) {
            return None;
        }
        match (cjk(l), cjk(r)) {
            (true, true) => return Some(Confidence::Certain),
            (true, false) if r.is_none() => return Some(Confidence::Certain),
            (true, false) => return Some(Confidence::Likely),
            // A name may end in such a mark ("Yahoo!公司"), so a letter before it is no proof.
            (false, true) if l == Some(Class::Letter) && matches!(c, '!' | '?') => return Some(Confidence::Suggest),
            // "N,N-二甲基", "Hello, 世界": only a mark that touches both sides stands between them.
            (false, true) if l != Some(Class::Space) => return Some(Confidence::Likely),
            _ => {}
        }
        // A mark of ours, converted or not, at one side: "：“", "%,3".
        let (ls, rs) = (self.strong_left(i), self.strong_right(i));
        let cjk_strong = |x| x == Some(Class::Cjk);
        if l == Some(Class::Letter) || l == Some(Class::Hangul) {
            // Between letters: a list of names set without a space, else a foreign run.
            let listed = matches!(c, ',' | ';')
                && r == Some(Class::Letter)
                && self.word_len(i, -1) > 1
                && self.word_len(i, 1) > 1;
            return listed.then_some(Confidence::Likely);
        }
        if cjk_strong(ls) && (cjk_strong(rs) || rs.is_none() || r != Some(Class::Space)) {
            return Some(Confidence::Likely);
        }
        (ls.is_none() && cjk_strong(rs) && r != Some(Class::Space)).then_some(Confidence::Likely)
    }

    /// The span of the mark at `i` with the single space before it, and the one after it that goes with a half-width
    /// comma, semicolon or colon: a mark of full width has its room in its own square. The space after `!` and `?` may
    /// part two lines of a headline and stays.
    fn with_spaces(&self, i: usize, span: Span) -> Span {
        let space = |i: Option<usize>| i.and_then(|i| self.glyphs.get(i)).is_some_and(|g| g.ch == ' ');
        let text = |c| matches!(c, Some(Class::Cjk | Class::Digit | Class::Quote));
        let before = space(i.checked_sub(1)) && text(self.class(i.checked_sub(2)));
        let after = matches!(self.glyphs[i].ch, ',' | ';' | ':') && space(Some(i + 1)) && text(self.class(Some(i + 2)));
        Span::new(span.start() - usize::from(before), span.end() + usize::from(after))
    }

    /// Number of letters that touch the mark at `i` on one side.
    fn word_len(&self, i: usize, step: isize) -> usize {
        let mut n = 0;
        while self.class(i.checked_add_signed(step * (n as isize + 1))) == Some(Class::Letter) {
            n += 1;
        }
        n
    }

    /// True where the mark at `i`, a digit before it, is part of a time, a score, a ratio or a grouped number.
    fn in_number(&self, i: usize) -> bool {
        let digit = |g: &&Glyph| g.class == Class::Digit;
        let before = self.glyphs[..i].iter().rev().take_while(digit).count();
        let after = self.glyphs[i + 1..].iter().take_while(digit).count();
        let next = || self.next.chars().take_while(char::is_ascii_digit).count();
        match self.glyphs[i].ch {
            // A group of three (or of four, counted in myriads) after one to four digits; at the line's end it may go on.
            ',' if after == 0 => before <= 3 && next() == 3,
            ',' => (after == 3 && before <= 3) || (after == 4 && before <= 4 && !self.is_year(i + 1)),
            ':' if after == 0 => next() > 0,
            _ => true,
        }
    }

    /// Four digits from `i` on that read as a year of the last or the present centuries.
    fn is_year(&self, i: usize) -> bool {
        matches!(
            (self.glyphs.get(i).map(|g| g.ch), self.glyphs.get(i + 1).map(|g| g.ch)),
            (Some('1'), Some('8' | '9')) | (Some('2'), Some('0'))
        )
    }

    /// How sure it is that the `.` at `i` is a Chinese full stop.
    fn stop(&self, i: usize) -> Option<Confidence> {
        if self.class(i.checked_sub(1)) != Some(Class::Cjk) {
            return None;
        }
        // "一.", "(二." number a paragraph.
        let numeral = |g: &Glyph| "一二三四五六七八九十甲乙丙丁".contains(g.ch) || g.class != Class::Cjk;
        if i <= 3 && self.glyphs[..i].iter().all(numeral) {
            return None;
        }
        let rest = &self.glyphs[i + 1..];
        let closes = |g: &Glyph| matches!(g.ch, '”' | '’' | '」' | '』' | '）' | ')' | '"' | '\'');
        match rest.iter().find(|g| g.class != Class::Space) {
            None => Some(Confidence::Likely),
            Some(g) if closes(g) => Some(Confidence::Likely),
            Some(g) if g.class == Class::Cjk || g.class == Class::Quote => Some(Confidence::Suggest),
            Some(_) => None,
        }
    }
}
