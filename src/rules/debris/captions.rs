//! Captions that stand twice: the words to one picture, read once from each of two scans or columns.
//!
//! Only proposed: two pictures may have one caption.

use super::line_with_end;
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::Splice;
use crate::text::lists;
use std::collections::HashMap;

/// Letters from which a caption is told from a heading such as 图片新闻.
const ENOUGH: usize = 10;

/// A caption printed again.
pub(super) static CAPTION_AGAIN: Rule = Rule {
    id: "repeated-caption",
    name_zh: "重复图注",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "The words to a picture stand a second time on the same page or the next. Only proposed: two pictures may have one \
          caption.",
    examples: &[
        Example::new(
            "图为农民在田间抢收小麦。张伟 摄\n会议开得很好。\n图为农民在田间抢收小麦。张伟 摄\n",
            "图为农民在田间抢收小麦。张伟 摄\n会议开得很好。\n",
        ),
        Example::new(
            "A view of the harbour. Photo: Jane Holt\nIt was late.\nA view of the harbour. Photo: Jane Holt\n",
            "A view of the harbour. Photo: Jane Holt\nIt was late.\n",
        ),
    ],
    leaves_alone: &[
        "图片新闻\n会议开得很好。\n图片新闻\n",
        "本报记者 张伟 摄\n会议开得很好。\n图为农民在田间抢收小麦。张伟 摄\n",
        "The council met.\nIt was late.\nThe council met.\n",
    ],
    flag: false,
};

pub(super) static CHECK: Check = Check { rules: &[&CAPTION_AGAIN], run };

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for line in doc.lines().iter().filter(|l| !l.blank && l.span.len() < 400) {
        let text = doc.line_text(line).trim();
        if !is_caption(text) || text.chars().filter(|c| c.is_alphanumeric()).count() < ENOUGH {
            continue;
        }
        if seen.insert(text, line.page).is_some_and(|page| line.page - page <= 1) {
            let fix = Fix::one(Splice::delete(line_with_end(doc, line)));
            out.push(Finding::edit(&CAPTION_AGAIN, fix).at(Confidence::Suggest));
        }
    }
}

/// What opens the credit of a picture.
static CREDITS: lists::Words = lists::Words::named("caption");

fn is_caption(text: &str) -> bool {
    if text.is_ascii() && !text.contains("hoto") && !text.contains("Foto") && !text.contains("Bild") {
        return false;
    }
    let end = text.trim_end_matches([')', '）', ' ', '。']);
    end.ends_with('摄')
        || end.ends_with('攝')
        || text.starts_with("图为")
        || text.starts_with("圖為")
        || CREDITS.iter().any(|w| text.contains(w))
}
