//! Spaces that a recogniser put between Han characters.
//!
//! It must never close a space of a headline, a byline or a list, where it stands for a mark.

use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};

/// Letter-spaced text: 株 洲 市 委.
pub(super) static SPACED_OUT_HAN: Rule = Rule {
    id: "spaced-out-han",
    name_zh: "汉字逐字间空格",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "x x x x x x x x x x x x x x x x x x x x x x x x",
    examples: &[
        Example { before: "株 洲 市 委 召 开 会 议", after: "株洲市委召开会议" },
        Example { before: "本 报 讯 昨日", after: "本报讯 昨日" },
    ],
    leaves_alone: &["弘扬伟大抗疫精神 再接再厉再立新功", "a b c d", "记者 王明 李四"],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[], run };

fn run(_doc: &Document<'_>, _cx: &Context<'_>, _out: &mut Findings) {}
