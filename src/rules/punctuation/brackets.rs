//! Half-width brackets around or inside CJK text: found in pairs, judged as pairs.
//!
//! It must never change one bracket of a pair and leave the other, nor guess where a missing one stood.

use super::running::{self, Class, Glyph, Setting};
use crate::document::Document;
use crate::rule::{Confidence, Example, Rule, Stage};
use crate::text::Span;

/// `( )` and `[ ]`.
pub(super) static HALF_WIDTH_BRACKET: Rule = Rule {
    id: "half-width-bracket",
    name_zh: "中文里的半角括号",
    stage: Stage::Punctuation,
    confidence: Confidence::Certain,
    doc: "A pair of round or square brackets of ASCII that holds CJK text or stands in it. Both brackets change together or \
          neither does; where one of them is already full-width the other follows. Formulas, function calls, note numbers \
          in square brackets and brackets of foreign runs stay. In Japanese text, where some papers set half-width brackets \
          throughout, a pair is only proposed. A bracket without its partner is only proposed, and only \
          between two Han characters.",
    examples: &[
        Example {
            before: "本报讯(记者/王明) 8月19日，会议召开。", after: "本报讯（记者/王明） 8月19日，会议召开。"
        },
        Example {
            before: "世界贸易组织(WTO)成员（包括中国)", after: "世界贸易组织（WTO）成员（包括中国）"
        },
        Example { before: "[本报综合消息]昨日下午", after: "［本报综合消息］昨日下午" },
        Example {
            before: "草案(修订版(第二稿)\n附后)已通过", after: "草案（修订版（第二稿）\n附后）已通过"
        },
    ],
    leaves_alone: &[
        "函数f(x)的值域",
        "据统计[12]，人数上升。",
        "计算(3+5)×2的结果",
        "He met Li Ming (李明) in Beijing on Friday morning",
        "a)会议 b)报告",
        "详见[说明](http://example.cn)一节",
        "他唱了“Hello (It's Me)”这首歌",
    ],
    flag: false,
};

/// Brackets that change.
pub(super) struct Pair {
    /// Offset of the opening bracket where it is half-width.
    pub(super) open: Option<(Span, &'static str)>,
    /// Offset of the closing bracket where it is half-width.
    pub(super) close: Option<(Span, &'static str)>,
    pub(super) confidence: Confidence,
}

/// A bracket waits for its partner over this many characters, measured as CJK and other letters, and not over a blank
/// line. The longest of 965 pairs in clean Chinese news (0.53 million characters) spans 35; speeches and laws put whole
/// sentences in brackets.
const MAX_CONTENT: usize = 300;
/// Deeper nesting is debris.
const MAX_DEPTH: usize = 8;

/// An opening bracket that waits.
struct Open {
    round: bool,
    half: bool,
    link: bool,
    span: Span,
    /// What stands before it.
    left: Side,
    /// Letters counted up to it.
    cjk: usize,
    other: usize,
    /// Digits, signs and the like inside so far.
    sums: bool,
    spaced: bool,
}

/// What stands directly outside a bracket.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Side {
    Edge,
    Cjk,
    Letter,
    /// A letter behind a space.
    Word,
    Digit,
    /// CJK text behind a space.
    Space,
    Other,
}

/// Anything but such marks, in either width: brackets are judged by what stands behind them.
fn is_context(g: &&Glyph) -> bool {
    !is_pending(g) && !matches!(g.ch, '，' | '；' | '：' | '！' | '？' | '（' | '）' | '［' | '］')
}

/// What stands outside, for the glyphs that follow in the direction away from the bracket. A word behind a space counts
/// as a word.
fn side<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Side {
    let mut space = false;
    for g in glyphs.filter(is_context) {
        return match g.class {
            Class::Space => {
                space = true;
                continue;
            }
            Class::Letter | Class::Hangul if space => Side::Word,
            Class::Letter | Class::Hangul => Side::Letter,
            Class::Cjk | Class::CjkMark | Class::Quote if space => Side::Space,
            Class::Cjk | Class::CjkMark | Class::Quote => Side::Cjk,
            _ if space => Side::Other,
            Class::Digit => Side::Digit,
            Class::Other => Side::Other,
        };
    }
    Side::Edge
}

/// A half-width mark or bracket, which this stage may be about to change: what counts stands behind it.
pub(super) fn is_pending(g: &Glyph) -> bool {
    !g.guarded && matches!(g.ch, ',' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']')
}

/// A bracket: is it round, half-width, an opening one?
const fn bracket(c: char) -> Option<(bool, bool, bool)> {
    Some(match c {
        '(' => (true, true, true),
        '（' => (true, false, true),
        ')' => (true, true, false),
        '）' => (true, false, false),
        '[' => (false, true, true),
        '［' => (false, false, true),
        ']' => (false, true, false),
        '］' => (false, false, false),
        _ => return None,
    })
}

const fn full(c: char) -> &'static str {
    match c {
        '(' => "（",
        ')' => "）",
        '[' => "［",
        _ => "］",
    }
}

/// The pairs that change, in the order of their closing brackets. Linear in the text; texts without a half-width
/// bracket are only skimmed.
pub(super) fn pairs(doc: &Document<'_>) -> Vec<Pair> {
    let mut found = Vec::new();
    if memchr::memchr3(b'(', b')', b'[', doc.text().as_bytes()).is_none() && !doc.text().contains(']') {
        return found;
    }
    let mut stack: Vec<Open> = Vec::new();
    let (mut glyphs, mut cjk, mut other) = (Vec::new(), 0usize, 0usize);
    for line in doc.lines() {
        let text = doc.line_text(line);
        if line.blank {
            stack.clear();
            continue;
        }
        if stack.is_empty() && !text.bytes().any(|b| matches!(b, b'(' | b')' | b'[' | b']')) {
            continue;
        }
        let setting = running::read(text, line.span.start(), &mut glyphs);
        if setting == Setting::Foreign {
            stack.clear();
            continue;
        }
        for (i, g) in glyphs.iter().enumerate() {
            match g.class {
                Class::Cjk => cjk += 1,
                Class::Letter | Class::Hangul => other += 1,
                _ => {}
            }
            if let Some(top) = stack.last_mut() {
                top.sums |= matches!(g.ch, '+' | '*' | '=' | '×' | '÷' | '<' | '>' | '^');
                top.spaced |= g.class == Class::Space;
            }
            let Some((round, half, opens)) = bracket(g.ch) else { continue };
            // "[text](address)" is a link in Markdown.
            let link = (g.ch == ']' && glyphs.get(i + 1).is_some_and(|n| n.ch == '('))
                || (g.ch == '(' && i.checked_sub(1).is_some_and(|k| glyphs[k].ch == ']'));
            if g.guarded {
                continue;
            }
            let span = Span::new(g.at, g.end());
            if opens {
                if stack.len() == MAX_DEPTH {
                    stack.remove(0);
                }
                let left = side(glyphs[..i].iter().rev());
                stack.push(Open { round, half, link, span, left, cjk, other, sums: false, spaced: false });
                continue;
            }
            let right = side(glyphs[i + 1..].iter());
            let partner = stack.iter().rposition(|o| o.round == round && cjk + other - o.cjk - o.other <= MAX_CONTENT);
            let Some(at) = partner else {
                if half && round && side(glyphs[..i].iter().rev()) == Side::Cjk && right == Side::Cjk {
                    found.push(Pair { open: None, close: Some((span, full(g.ch))), confidence: Confidence::Suggest });
                }
                continue;
            };
            stack.truncate(at + 1);
            let Some(open) = stack.pop() else { continue };
            if let Some(up) = stack.last_mut() {
                up.sums |= open.sums;
            }
            if (!open.half && !half) || link || open.link {
                continue;
            }
            let inside =
                Inside { cjk: cjk - open.cjk, other: other - open.other, sums: open.sums, spaced: open.spaced };
            let confidence =
                if open.half != half { Some(Confidence::Likely) } else { judge(round, open.left, right, &inside) };
            // Japanese papers set half-width brackets as a house style: whole pairs of them are no slip.
            let house_style = setting == Setting::Japanese && open.half == half;
            if let Some(confidence) = confidence.map(|c| if house_style { Confidence::Suggest } else { c }) {
                found.push(Pair {
                    open: open.half.then(|| (open.span, full(if round { '(' } else { '[' }))),
                    close: half.then(|| (span, full(g.ch))),
                    confidence,
                });
            }
        }
    }
    found
}

/// What stands between two brackets.
struct Inside {
    cjk: usize,
    other: usize,
    sums: bool,
    spaced: bool,
}

/// How sure it is that a pair of half-width brackets belongs to CJK text.
fn judge(round: bool, left: Side, right: Side, inside: &Inside) -> Option<Confidence> {
    use Side::{Cjk, Digit, Edge, Letter, Space, Word};
    if inside.cjk > 0 {
        // "Li Ming (李明) in": a gloss in a foreign run has words on both sides.
        return match (left, right) {
            (Letter | Word, Letter | Word) if inside.cjk < 5 => Some(Confidence::Suggest),
            (Cjk, Cjk | Edge) | (Edge, Cjk) => Some(Confidence::Certain),
            _ => Some(Confidence::Likely),
        };
    }
    // "[12]", "[a]" are notes and stay; "(3+5)" is a sum.
    if !round || inside.sums {
        return None;
    }
    match (left, right) {
        // "GDP(gross domestic product)是", but "f(x)是" and "2021(3)期" stay.
        (Letter, Cjk) if inside.other > 1 && inside.spaced => Some(Confidence::Likely),
        (Letter | Digit, _) => None,
        (Cjk | Space, _) => Some(Confidence::Likely),
        // "(1)会议": numbers a paragraph.
        (Edge, Cjk | Space) => Some(Confidence::Likely),
        _ => None,
    }
}
