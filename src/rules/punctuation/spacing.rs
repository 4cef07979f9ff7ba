//! Spaces beside CJK marks, which have their own room in the square of the character.
//!
//! It must never touch a space after a closing bracket, a stop or an exclamation mark: headlines and datelines set
//! their parts apart with it. It never puts a space in.

use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};

/// ` ，` and `《 `.
pub(super) static SPACE_BESIDE_CJK_MARK: Rule = Rule {
    id: "space-beside-cjk-mark",
    name_zh: "标点旁多余空格",
    stage: Stage::Punctuation,
    confidence: Confidence::Likely,
    doc: "A space after a CJK comma or an opening title mark, or before a comma, stop or closing title mark. A recogniser takes \
          the white part of the mark's square for a space. After a mark the change is likely where the issue shows the habit, \
          with three such spaces or more, and a single one is only proposed. Before a mark it is always only proposed: the \
          space may stand for a character that was not read (`三分之一於 。`), and joining would hide the gap.",
    examples: &[
        Example {
            before: "车站， 离开，\n供给、 措施，\n人数； 时间",
            after: "车站，离开，\n供给、措施，\n人数；时间",
        },
        Example { before: "他著有《 城市》一书", after: "他著有《城市》一书" },
        Example { before: "保障供给 。", after: "保障供给。" },
    ],
    leaves_alone: &[
        "弘扬精神！ 再立新功！",
        "本报讯（记者/王明） 8月19日，会议召开。",
        "时间： 上午",
        "好。 记者 王明",
        "a, b. c",
    ],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&SPACE_BESIDE_CJK_MARK], run };

/// So many spaces after marks make a habit. Clean Chinese news (605 documents, 0.53 million characters) has three in all,
/// never two in one document; recognised pages of the development corpus have five spaces beside marks a page.
const HABIT: usize = 3;

/// On which side of a mark a space stands.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

fn run(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let bytes = text.as_bytes();
    let found: Vec<(usize, Side)> = memchr::memchr_iter(b' ', bytes)
        .filter(|&i| i > 0 && (bytes[i - 1] >= 0x80 || bytes[i - 1].is_ascii_alphanumeric()))
        .filter(|&i| bytes.get(i + 1).is_some_and(|&b| b >= 0xE3))
        .filter_map(|i| Some((i, beside_mark(text, i)?)))
        .collect();
    let habit = found.iter().filter(|(_, side)| *side == Side::After).count() >= HABIT;
    for (i, side) in found {
        let finding = Finding::edit(&SPACE_BESIDE_CJK_MARK, Fix::one(Splice::delete(Span::new(i, i + 1))));
        // A character that was not read leaves white paper before the mark, never behind it.
        let likely = habit && side == Side::After;
        out.push(if likely { finding } else { finding.at(Confidence::Suggest) });
    }
}

/// The side of a mark that the space at `i` stands on: before one that closes, or after one that opens or divides.
fn beside_mark(text: &str, i: usize) -> Option<Side> {
    let (before, after) = (text[..i].chars().next_back()?, text[i + 1..].chars().next()?);
    let closes = matches!(after, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '》' | '」' | '』' | '】');
    let opens = matches!(before, '，' | '、' | '；' | '《' | '「' | '『' | '【');
    if closes && (script::is_cjk(before) || before.is_ascii_alphanumeric()) {
        return Some(Side::Before);
    }
    (opens && script::is_cjk(after)).then_some(Side::After)
}
