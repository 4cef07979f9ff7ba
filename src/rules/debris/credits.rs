//! A page's editors in the midst of its text, where the OCR read the margin before the last column.
//!
//! It must never take a line for its place, nor one that names a single office: reporters write of editors too.

use super::fields::{Fields, Kind};
use crate::document::Document;
use crate::text::lists;
use std::sync::LazyLock;

/// Offices with names that a line must hold: no sentence and no story's signature strings so many together.
const OFFICES: usize = 3;
/// Letters beside them that the OCR may have added.
const REST: usize = 2;
/// Longest such line, in bytes.
const LONGEST: usize = 240;

/// Lines of the document that name a page's editors and hold nothing else.
pub(super) fn lines(doc: &Document<'_>) -> impl Iterator<Item = usize> {
    let lines = doc.lines().iter().enumerate().filter(|(_, l)| !l.blank && l.span.len() <= LONGEST);
    lines.filter(|(_, l)| names_editors(doc.line_text(l).trim())).map(|(n, _)| n)
}

/// First characters of offices, asked before any expression.
static OPENS: LazyLock<&lists::Characters> = LazyLock::new(|| lists::characters("office-start"));

fn names_editors(text: &str) -> bool {
    if !text.starts_with(|c| OPENS.contains(c)) {
        return false;
    }
    let f = Fields::of(text);
    // A name set off from its office: 校对工作 is no credit.
    let set_off = |r: &std::ops::Range<usize>| text[r.clone()].contains([' ', ':', '：', '/', '／', '\u{3000}']);
    f.kinds == [Kind::Credits] && f.rest <= REST && f.places.iter().filter(|(_, r)| set_off(r)).count() >= OFFICES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_offices_and_nothing_else_are_a_margin() {
        for yes in ["责任编辑 王敏 美术编辑 张芳 校对 李华", "責任編輯：王敏 美術編輯：張芳 校對：李華"]
        {
            assert!(names_editors(yes), "{yes}");
        }
        for no in ["责任编辑王敏说，校对工作十分重要。", "本版责编 王敏 校对 李华", "（视频编辑：王敏 文字编辑：李华）"]
        {
            assert!(!names_editors(no), "{no}");
        }
    }
}
