//! Letters, digits and katakana in the width of another code table.
//!
//! It must never touch the width of a mark: that is the work of the stage `punctuation`.

use super::scan::Scan;
use crate::rule::{Confidence, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};
use unicode_normalization::UnicodeNormalization;

/// Ａ..Ｚ, ａ..ｚ, ０..９.
pub(super) static FULL_WIDTH_LETTER_OR_DIGIT: Rule = Rule {
    id: "full-width-letter-or-digit",
    name_zh: "全角字母数字",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "Latin letters or digits of the width of a Han character. In Chinese print both widths are a matter of house style, so \
          a whole word or number among Han characters is only proposed. Inside a word or number that has both widths, and in \
          Latin text, the change is likely.",
    examples: &[
        Example { before: "建于１9８５年", after: "建于1985年" },
        Example { before: "the Ｔimes of 1921", after: "the Times of 1921" },
        Example { before: "共２０人参加ＷＴＯ会议", after: "共20人参加WTO会议" },
    ],
    leaves_alone: &["建于1985年，约占30％", "价格：￥30＋＄5", "ア行とイ行"],
    flag: false,
};

/// FF61..FF9F.
pub(super) static HALF_WIDTH_KATAKANA: Rule = Rule {
    id: "half-width-katakana",
    name_zh: "半角片假名",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "Katakana and Japanese marks of half width, as old code tables and telexes have them. The ordinary katakana stands for \
          the same letter; a voiced mark joins the letter before it.",
    examples: &[
        Example { before: "ﾌﾞﾗｼﾞﾙの選手", after: "ブラジルの選手" },
        Example { before: "東京ﾀﾜｰ｡", after: "東京タワー。" },
    ],
    leaves_alone: &["ブラジルの選手", "東京タワー。", "ﾡ"],
    flag: false,
};

const fn is_full(c: char) -> bool {
    matches!(c, '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

fn half(c: char) -> char {
    if is_full(c) { char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c) } else { c }
}

/// A word or number of full-width characters, ASCII ones among them, from `i` on. Returns its end.
pub(super) fn letters(scan: &Scan<'_>, i: usize, out: &mut Findings) -> usize {
    let part_of = |c: &char| is_full(*c) || c.is_ascii_alphanumeric();
    let mut end = i + scan.from(i).take_while(part_of).map(char::len_utf8).sum::<usize>();
    if scan.combines(end) {
        // The last letter carries an accent and is left to the rule that composes them.
        end -= scan.before(end).map_or(0, char::len_utf8);
    }
    if end <= i {
        return i + '０'.len_utf8();
    }
    let (before, after) = (scan.seen_before(i), scan.seen_after(end));
    // Between Latin words, each a space away.
    let latin = |c: Option<char>| c.is_some_and(script::is_latin);
    let beside = |near: Option<char>, next: Option<char>| near == Some(' ') && latin(next);
    let among = beside(before, scan.before(i.saturating_sub(1))) || beside(after, scan.at(end + 1));
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || script::is_latin(c));
    let mixed = touches(before) || touches(after) || scan.text[i..end].bytes().any(|b| b.is_ascii());
    let cjk = |c: Option<char>| c.is_some_and(|c| script::is_cjk(c) || script::is_cjk_mark(c));
    let sure = mixed || (among && !cjk(before) && !cjk(after));
    let insert: String = scan.text[i..end].chars().map(half).collect();
    let finding = Finding::edit(&FULL_WIDTH_LETTER_OR_DIGIT, Fix::one(Splice::replace(Span::new(i, end), insert)));
    out.push(if sure { finding } else { finding.at(Confidence::Suggest) });
    end
}

/// Half-width katakana from `i` on. Returns the end of the run.
pub(super) fn katakana(scan: &Scan<'_>, i: usize, out: &mut Findings) -> usize {
    let run = || scan.from(i).take_while(|c| matches!(c, '\u{FF61}'..='\u{FF9F}'));
    let end = i + run().map(char::len_utf8).sum::<usize>();
    if scan.combines(end) {
        return end;
    }
    // A voiced mark at the start may belong to an ordinary kana.
    let voiced = |c: char| matches!(c, '\u{FF9E}' | '\u{FF9F}');
    let base = scan.before(i).filter(|&c| script::is_kana(c) && run().next().is_some_and(voiced));
    let start = i - base.map_or(0, char::len_utf8);
    // One run of one code table: compatibility forms are asked for these characters only.
    let insert: String = scan.text[start..end]
        .nfkc()
        .map(|c| match c {
            '\u{3099}' => '゛',
            '\u{309A}' => '゜',
            c => c,
        })
        .collect();
    out.push(Finding::edit(&HALF_WIDTH_KATAKANA, Fix::one(Splice::replace(Span::new(start, end), insert))));
    end
}
