//! Spaces that a recogniser put between Han characters.
//!
//! It must never close a space of a headline, a byline, a list or a table, where it stands for a mark. In the
//! development corpus nine of ten spaces between Han characters were printed, so only even spacing is evidence enough.

use crate::document::Document;
use crate::language::HanWords;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, lists, script};
use std::cell::LazyCell;
use std::ops::RangeInclusive;

/// 株 洲 市 委.
pub(super) static SPACED_OUT_HAN: Rule = Rule {
    id: "spaced-out-han",
    name_zh: "汉字逐字间空格",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "Six or more Han characters in a row with one space between each: letter spacing of the print, or the habit of a \
          recogniser, written as spaces. Shorter runs may be a name set over the width of three characters (王 明), a heading \
          or a list, so there the change is only proposed. Numerals in a row stay, and so does text whose words are set \
          apart throughout (会议 在 北京 召开): joining its single characters alone would leave it half set apart.",
    examples: &[
        Example { before: "株 洲 市 委 召 开 会 议 。", after: "株洲市委召开会议。" },
        Example { before: "通 知 本市", after: "通知 本市" },
        Example { before: "今 年 8 月 1 9 日 上 午", after: "今年8月19日上午" },
    ],
    leaves_alone: &[
        "弘扬伟大抗疫精神 再接再厉再立新功",
        "记者 王明 通讯员 李四",
        "一 二 三 四 五 六 七",
        "a b c d e f g",
        "姓名  性别  年龄",
        "他 和 我 都 在 北京 大学 里 看 书 ， 今天 很 高兴",
        "会议 昨天 在 北京 召开 。\n人 民 的 意 见 要 听",
    ],
    flag: false,
};

/// 还指导学 校开展.
pub(super) static SPACE_INSIDE_CLAUSE: Rule = Rule {
    id: "space-inside-clause",
    name_zh: "句中空格",
    stage: Stage::Characters,
    confidence: Confidence::Suggest,
    doc: "A single space inside a clause of running Chinese text, between marks. A recogniser writes one where the print has a \
          wide gap; but two columns read as one line look the same, and so does a name after a title. Only proposed, and not \
          where several spaces make a list.",
    examples: &[
        Example {
            before: "大部分中小学 幼儿园正式开学，秩序很好。", after: "大部分中小学幼儿园正式开学，秩序很好。"
        },
        Example {
            before: "一季度，服务零售额 同比增长五个百分点，增速较快。",
            after: "一季度，服务零售额同比增长五个百分点，增速较快。",
        },
    ],
    leaves_alone: &[
        "曹慧泉出席并讲话 陈恢清主持座谈会",
        "本报讯（记者 王明 通讯员 李四）昨日，会议召开。",
        "出席会议的有 王明 李四光 张三丰 等，会议开了一天。",
        "正在休闲。记者 吴敏 摄",
    ],
    flag: false,
};

/// 抛投石料结 合的方法.
pub(super) static SPACE_INSIDE_WORD: Rule = Rule {
    id: "space-inside-word",
    name_zh: "词中空格",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "A single space inside a clause of running Chinese text that cuts a word of the word list, where the text reads far \
          better with the word whole and the character model finds its characters together. Nobody sets a space there.",
    examples: &[
        Example {
            before: "他们用抛投石料结 合的方法推进堵口，效果很好。",
            after: "他们用抛投石料结合的方法推进堵口，效果很好。",
        },
        Example {
            before: "今年以来，我市经济社会发 展取得新的成绩。",
            after: "今年以来，我市经济社会发展取得新的成绩。",
        },
    ],
    leaves_alone: &[
        "曹慧泉出席并讲话 陈恢清主持座谈会，会议开了一天。",
        "民航 今天预计保障航班一万多班，正常率较高。",
        "弘扬伟大抗疫精神 再接再厉再立新功",
        "大部分中小学 幼儿园正式开学，秩序很好。",
    ],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&SPACED_OUT_HAN, &SPACE_INSIDE_WORD, &SPACE_INSIDE_CLAUSE], run };

/// How much better, as a natural logarithm, a clause must read with the word whole.
const WORD_GAIN: f32 = 7.0;

/// From this many spaced Han characters on, even spacing is no accident. Headings of two to four characters are often
/// set wide. Clean Chinese news (605 documents, 0.53 million characters) has no row of even two.
const MIN_ROW: usize = 6;
/// Words of so many Han characters are what a segmenter writes; longer parts are those of a headline.
const WORD: RangeInclusive<usize> = 2..=4;
/// Text is segmented where one Han character in so many stands in such a word, and a line if it has so many words.
/// In seven segmented corpora, Chinese of both scripts, 71 to 77 % of the Han characters do; on recognised newspaper pages
/// at most 14 %. A list of names does as well, and its spaces are none to close either.
const SEGMENTED: usize = 4;
const LINE_WORDS: usize = 3;
/// A clause of this many characters, and this many Han characters at either side of its only space.
const MIN_CLAUSE: usize = 8;
const MIN_SIDE: usize = 2;

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let bytes = doc.text().as_bytes();
    let mut last_line = usize::MAX;
    let segmented = LazyCell::new(|| {
        let mut words = Words::default();
        doc.lines().iter().for_each(|line| words.add(doc.line_text(line)));
        words.segmented()
    });
    for at in memchr::memchr_iter(b' ', bytes) {
        let between = at > 0 && bytes[at - 1] >= 0x80 && bytes.get(at + 1).is_some_and(|&b| b >= 0xE3);
        if !between {
            continue;
        }
        let n = doc.line_at(at);
        if n == last_line {
            continue;
        }
        last_line = n;
        let Some(line) = doc.lines().get(n) else { continue };
        let (text, base) = (doc.line_text(line), line.span.start());
        if !segmented_line(text) && !*segmented {
            rows(text, base, &cx.language.han, out);
        }
        let line = |n: Option<usize>| n.and_then(|n| doc.lines().get(n)).map_or("", |l| doc.line_text(l));
        clauses(text, base, (run_on(line(n.checked_sub(1)), true), run_on(line(Some(n + 1)), false)), cx, out);
    }
}

/// The Han characters with which a line runs on into the one before it or behind it: none where a mark or a space parts
/// them, and no more than say how long a clause is.
fn run_on(line: &str, end: bool) -> &str {
    let han = |c: &(usize, char)| script::is_han(c.1);
    if end {
        let from = line.char_indices().rev().take_while(han).take(MIN_CLAUSE).last();
        from.map_or("", |(i, _)| &line[i..])
    } else {
        let to = line.char_indices().take_while(han).take(MIN_CLAUSE).last();
        to.map_or("", |(i, c)| &line[..i + c.len_utf8()])
    }
}

/// A token between single spaces.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Token {
    Han,
    Numeral,
    Mark,
    /// A number or Latin letters.
    Ascii,
    Long,
}

fn token(t: &str) -> Token {
    let mut chars = t.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if "一二三四五六七八九十〇百千".contains(c) => Token::Numeral,
        (Some(c), None) if script::is_han(c) => Token::Han,
        (Some(c), None) if script::is_cjk_mark(c) || matches!(c, '“' | '”' | '…' | '—') => Token::Mark,
        (Some(_), _) if t.len() <= 4 && t.bytes().all(|b| b.is_ascii_alphanumeric()) => Token::Ascii,
        _ => Token::Long,
    }
}

/// Han characters, and those among them that stand in short words with spaces around.
#[derive(Default)]
struct Words {
    han: usize,
    in_words: usize,
    words: usize,
}

impl Words {
    fn add(&mut self, line: &str) {
        if memchr::memchr(b' ', line.as_bytes()).is_none() {
            self.han += script::count_han(line);
            return;
        }
        for part in line.split(' ') {
            let han = script::count_han(part);
            self.han += han;
            if WORD.contains(&han) && part.chars().all(script::is_han) {
                self.in_words += han;
                self.words += 1;
            }
        }
    }

    const fn segmented(&self) -> bool {
        self.words >= LINE_WORDS && self.in_words * SEGMENTED >= self.han
    }
}

/// True for a line whose words are set apart.
fn segmented_line(text: &str) -> bool {
    let mut words = Words::default();
    words.add(text);
    words.segmented()
}

/// Rows of single characters with single spaces between them.
fn rows(text: &str, base: usize, words: &HanWords, out: &mut Findings) {
    let mut spaces: Vec<usize> = Vec::new();
    let (mut han, mut numerals, mut ascii) = (0, 0, 0);
    let mut singles: Vec<char> = Vec::new();
    let mut at = 0;
    for part in text.split(' ').chain([""]) {
        let kind = token(part);
        if kind == Token::Long {
            if are_names(&singles) {
                spaces.clear();
            } else {
                let known = in_words(&singles, words);
                close(&mut spaces, (han, numerals, ascii), 2 * known >= han, base, out);
            }
            (han, numerals, ascii) = (0, 0, 0);
            singles.clear();
        } else {
            singles.extend(part.chars().next());
            han += usize::from(kind == Token::Han);
            numerals += usize::from(kind == Token::Numeral);
            ascii += usize::from(kind == Token::Ascii);
            spaces.push(at + part.len());
        }
        at += part.len() + 1;
    }
}

/// True for the characters of names of two: every other one is a surname. Between them the spaces are as they should be.
fn are_names(singles: &[char]) -> bool {
    let surnames = |from: usize| {
        let every: Vec<&char> = singles.iter().skip(from).step_by(2).collect();
        let surnames = lists::characters("surname");
        let known = every.iter().filter(|c| surnames.contains(***c)).count();
        every.len() >= NAMES && known as f32 >= SURNAMES * every.len() as f32
    };
    surnames(0) || surnames(1)
}

/// Names from which a row is one of names, and the share of their first characters that the list of surnames has.
const NAMES: usize = 2;
const SURNAMES: f32 = 0.75;

/// How many of the characters are in words of two to four.
fn in_words(singles: &[char], words: &HanWords) -> usize {
    let (mut at, mut known) = (0, 0);
    while at < singles.len() {
        let most = LONGEST_WORD.min(singles.len() - at);
        let long = (2..=most).rev().find(|&n| words.frequency(&singles[at..at + n]) >= 1.0);
        known += long.unwrap_or(0);
        at += long.unwrap_or(1);
    }
    known
}

/// Characters of the longest word that is asked for.
const LONGEST_WORD: usize = 4;

/// Ends a row. `spaces` are the ends of its tokens; the last one is outside. What is made of words in half of it is a text
/// set wide; else it may be a row of names.
fn close(
    spaces: &mut Vec<usize>,
    (han, numerals, ascii): (usize, usize, usize),
    worded: bool,
    base: usize,
    out: &mut Findings,
) {
    spaces.pop();
    // A row of ASCII with some Han is a table; numerals alone count something.
    if spaces.is_empty() || han == 0 || (han + numerals) < 2 || ascii > han {
        spaces.clear();
        return;
    }
    let sure = han + numerals >= MIN_ROW && han > numerals && worded;
    let fix = Fix::many(spaces.drain(..).map(|s| Splice::delete(Span::new(base + s, base + s + 1))));
    let finding = Finding::edit(&SPACED_OUT_HAN, fix);
    out.push(if sure { finding } else { finding.at(Confidence::Suggest) });
}

const fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '；'
            | '：'
            | '？'
            | '！'
            | '、'
            | '“'
            | '”'
            | '《'
            | '》'
            | '（'
            | '）'
            | '「'
            | '」'
            | '『'
            | '』'
            | '〈'
            | '〉'
            | '【'
            | '】'
            | '('
            | ')'
            | ','
            | ';'
            | ':'
            | '?'
            | '!'
            | '/'
            | '|'
    )
}

const fn opens(c: char) -> bool {
    matches!(c, '“' | '《' | '（' | '「' | '『' | '〈' | '【' | '(')
}

/// Clauses with one space. `around` is what the first goes on from in the line before and the last goes on to in the next.
fn clauses(text: &str, base: usize, around: (&str, &str), cx: &Context<'_>, out: &mut Findings) {
    // A line without a comma or stop may be a headline.
    if !text.contains(['，', '。', '；', ',']) {
        return;
    }
    let mut start = 0;
    let mut opened = false;
    for (i, c) in text.char_indices().chain([(text.len(), '。')]) {
        if !ends_clause(c) {
            continue;
        }
        let inside = text.get(start..i).unwrap_or("");
        let mut found = None;
        if !opened && inside.contains(' ') {
            let before = if start == 0 { around.0 } else { "" };
            let behind = if i == text.len() { around.1 } else { "" };
            let clause = [before, inside, behind].concat();
            found = lone_space(&clause).map(|k| (k, before.len(), clause));
        }
        if let Some((k, before, clause)) = found {
            let at = base + start + k - before;
            let fix = Fix::one(Splice::delete(Span::new(at, at + 1)));
            let crossing = cx.language.han.crossing(&clause[..k], &clause[k + 1..]);
            let whole = crossing.gain >= WORD_GAIN && !crossing.word.is_empty();
            let rule = if whole { &SPACE_INSIDE_WORD } else { &SPACE_INSIDE_CLAUSE };
            let mut finding = Finding::edit(rule, fix);
            if !crossing.word.is_empty() {
                finding = finding.because("word", format!("{} {:.1}", crossing.word, crossing.gain));
            }
            out.push(finding);
        }
        opened = opens(c);
        start = (i + c.len_utf8()).min(text.len());
    }
}

/// The only space of a clause, if running text stands around it.
fn lone_space(clause: &str) -> Option<usize> {
    let at = clause.find(' ')?;
    let (left, right) = (&clause[..at], &clause[at + 1..]);
    if right.contains(' ') || clause.contains('　') || clause.chars().count() <= MIN_CLAUSE {
        return None;
    }
    let left_han = left.chars().rev().take_while(|&c| script::is_han(c)).count();
    let right_han = right.chars().take_while(|&c| script::is_han(c)).count();
    // Words after which a name follows with a space.
    let named = lists::words("before-name-and-space").iter().any(|w| clause.contains(w));
    (left_han >= MIN_SIDE && right_han >= MIN_SIDE && !named).then_some(at)
}
