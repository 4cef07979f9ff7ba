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
    doc: "A space before a CJK comma, stop or closing title mark, or after a comma or an opening title mark. A recogniser takes \
          the white part of the mark's square for a space. The change is likely where the issue shows the habit, with three \
          such spaces or more; a single one is only proposed.",
    examples: &[
        Example { before: "供给 。\n措施 。\n车站， 离开", after: "供给。\n措施。\n车站，离开" },
        Example { before: "他著有《 城市》一书", after: "他著有《城市》一书" },
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

/// So many make a habit. Clean Chinese news (0.6 million characters) has one such space in 120,000 characters and never
/// three in one document; recognised pages of the development corpus have five a page.
const HABIT: usize = 3;

fn run(doc: &Document<'_>, _cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let bytes = text.as_bytes();
    let found: Vec<usize> = memchr::memchr_iter(b' ', bytes)
        .filter(|&i| i > 0 && (bytes[i - 1] >= 0xE3 || bytes[i - 1] >= 0x80 || bytes[i - 1].is_ascii_alphanumeric()))
        .filter(|&i| bytes.get(i + 1).is_some_and(|&b| b >= 0xE3) && beside_mark(text, i))
        .collect();
    let confidence = if found.len() >= HABIT { Confidence::Likely } else { Confidence::Suggest };
    for i in found {
        let fix = Fix::one(Splice::delete(Span::new(i, i + 1)));
        out.push(Finding::edit(&SPACE_BESIDE_CJK_MARK, fix).at(confidence));
    }
}

/// The space at `i` stands before a mark that closes, or after one that opens or divides.
fn beside_mark(text: &str, i: usize) -> bool {
    let (Some(before), Some(after)) = (text[..i].chars().next_back(), text[i + 1..].chars().next()) else {
        return false;
    };
    let closes = matches!(after, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '》' | '」' | '』' | '】');
    let opens = matches!(before, '，' | '、' | '；' | '《' | '「' | '『' | '【');
    (closes && (script::is_cjk(before) || before.is_ascii_alphanumeric())) || (opens && script::is_cjk(after))
}
