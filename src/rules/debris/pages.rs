//! Pages that are missing from an issue or stand in it twice, by their numbers and their text.
//!
//! Flags only. It must never flag an issue whose numbers do not follow each other in the first place.

use super::labels::Label;
use crate::document::Document;
use crate::rule::{Confidence, Example, Finding, Findings, Rule, Stage};
use crate::text::Span;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

/// Steps from one page to the next that must be right before another step counts as a gap.
const SURE: usize = 2;
/// Ink from which two pages of the same text are one page twice, in bytes.
const ENOUGH: usize = 80;

const GAP: &str =
    "第1版\n会议开得很好。\n\u{C}第2版\n农民抢抓时机。\n\u{C}第3版\n人们欢呼。\n\u{C}第6版\n大家都很高兴。\n";
const GAP_EN: &str =
    "— 1 —\nThe council met.\n\u{C}— 2 —\nIt was late.\n\u{C}— 3 —\nAll went home.\n\u{C}— 5 —\nNobody came.\n";

/// A page is not there.
pub(super) static MISSING: Rule = Rule {
    id: "page-missing",
    name_zh: "缺版",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "The numbers of the issue's pages follow each other, and here one or more are left out: a page was not scanned, or \
          its file is somewhere else. A flag: nothing is changed.",
    examples: &[Example::new(GAP, GAP), Example::new(GAP_EN, GAP_EN)],
    leaves_alone: &[
        "第1版\n会议开得很好。\n\u{C}第2版\n农民抢抓时机。\n\u{C}第3版\n人们欢呼。\n",
        "第1版\n会议开得很好。\n\u{C}第4版\n农民抢抓时机。\n",
        "会议开得很好。\n\u{C}农民抢抓时机。\n",
    ],
    flag: true,
};

const TWICE: &str = "第1版\n各地春耕扎实推进，农民抢抓时机，农户购买种子，商店备足货源，合作社组织机械下田，技术人员到田间指导，乡镇干部走村入户了解情况，银行为农户办理贷款，气象部门发布预报，一派繁忙景象。\n\u{C}第1版\n各地春耕扎实推进，农民抢抓时机，农户购买种子，商店备足货源，合作社组织机械下田，技术人员到田间指导，乡镇干部走村入户了解情况，银行为农户办理贷款，气象部门发布预报，一派繁忙景象。\n";
const TWICE_EN: &str = "The council of the town met again on the same day and decided to build a new school beside the old church, near the river.\n\u{C}Nothing else was said.\n\u{C}The council of the town met again on the same day and decided to build a new school beside the old church, near the river.\n";

/// A page is there twice.
pub(super) static DOUBLED: Rule = Rule {
    id: "page-doubled",
    name_zh: "重版",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "Two pages of the issue hold the same text: one page was scanned or filed twice. A flag: nothing is changed.",
    examples: &[Example::new(TWICE, TWICE), Example::new(TWICE_EN, TWICE_EN)],
    leaves_alone: &[
        "会议开得很好。\n\u{C}会议开得很好。\n",
        "第1版\n会议开得很好。\n\u{C}第2版\n农民抢抓时机。\n",
        "The council met.\n\u{C}It was late.\n",
    ],
    flag: true,
};

pub(super) fn flags(doc: &Document<'_>, labels: &[Option<Label>], out: &mut Findings) {
    missing(doc, labels, out);
    doubled(doc, out);
}

/// The first inked line of a page.
fn first_line(doc: &Document<'_>, page: usize) -> Option<Span> {
    let lines = doc.lines();
    let from = lines.partition_point(|l| l.page < page);
    lines[from..].iter().take_while(|l| l.page == page).find(|l| !l.blank).map(|l| l.span)
}

fn missing(doc: &Document<'_>, labels: &[Option<Label>], out: &mut Findings) {
    let steps: Vec<(usize, Label, Label)> = labels
        .windows(2)
        .enumerate()
        .filter_map(|(p, w)| Some((p + 1, w[0]?, w[1]?)))
        .filter(|(_, a, b)| a.section == b.section)
        .collect();
    let right = steps.iter().filter(|(_, a, b)| b.number == a.number + 1).count();
    let back = steps.iter().any(|(_, a, b)| b.number <= a.number);
    if right < SURE || back {
        return;
    }
    for (page, a, b) in steps.into_iter().filter(|(_, a, b)| b.number > a.number + 1) {
        // Numbers that jump further than the pages that are there were read wrongly.
        if (b.number - a.number) as usize > labels.len() {
            continue;
        }
        let Some(span) = first_line(doc, page) else { continue };
        let (first, last) = (Label { number: a.number + 1, ..a }, Label { number: b.number - 1, ..b });
        let what = if first == last { format!("page {first} is") } else { format!("pages {first} to {last} are") };
        let message = format!("{what} not in this issue: page {b} follows page {a}");
        out.push(Finding::flag(&MISSING, span, message).because("numbers that follow each other", right.to_string()));
    }
}

fn doubled(doc: &Document<'_>, out: &mut Findings) {
    let lines = doc.lines();
    if lines.last().is_none_or(|l| l.page == 0) {
        return;
    }
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let mut from = 0;
    while from < lines.len() {
        let page = lines[from].page;
        let to = from + lines[from..].partition_point(|l| l.page == page);
        let text = &doc.text()[lines[from].span.start()..lines[to - 1].span.end()];
        from = to;
        // The hasher's keys are fixed: the same pages give the same flags.
        let (mut hasher, mut ink) = (DefaultHasher::new(), 0);
        for piece in text.split_ascii_whitespace() {
            hasher.write(piece.as_bytes());
            ink += piece.len();
        }
        if ink < ENOUGH {
            continue;
        }
        if let Some(before) = seen.insert(hasher.finish(), page)
            && let Some(span) = first_line(doc, page)
        {
            let (a, b) = (before + 1, page + 1);
            let message = format!("page {b} of this issue holds the same text as its page {a}");
            out.push(Finding::flag(&DOUBLED, span, message));
        }
    }
}
