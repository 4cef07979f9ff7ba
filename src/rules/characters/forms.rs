//! Letters and marks in a printer's or a code table's special form: ligatures, long s, presentation, vertical and small
//! forms.
//!
//! It must never take apart what is a letter of its own (æ, œ, ß, ĳ) or a symbol with a meaning (½, ①, ㈱, ℃).

use super::scan::Scan;
use crate::rule::{Confidence, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice};
use unicode_normalization::char::decompose_compatible;

/// ﬀ ﬁ ﬂ ﬃ ﬄ ﬆ.
pub(super) static LATIN_LIGATURE: Rule = Rule {
    id: "latin-ligature",
    name_zh: "拉丁连字",
    stage: Stage::Characters,
    confidence: Confidence::Certain,
    doc: "A ligature of Latin letters as one character (U+FB00 to U+FB06). It is a matter of type, not of spelling, and hides \
          the word from search. The letters æ and œ are spelling and stay.",
    examples: &[
        Example { before: "the ﬁrst oﬃce", after: "the first office" },
        Example { before: "ﬂeet, ﬆreet", after: "fleet, street" },
    ],
    leaves_alone: &["œuvre, Cæsar", "first office", "Straße, ĳs"],
    flag: false,
};

/// ſ.
pub(super) static LONG_S: Rule = Rule {
    id: "long-s",
    name_zh: "长 s",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "A long s (ſ), as print before about 1800 and Fraktur use it. For reading and search it becomes s; a diplomatic copy \
          keeps it.",
    examples: &[
        Example { before: "Congreſs aſſembled", after: "Congress assembled" },
        Example { before: "Waſſer, Poﬅ", after: "Wasser, Post" },
    ],
    leaves_alone: &["Congress assembled", "f(x) dx", "∫ x dx", "Straße"],
    flag: false,
};

/// Arabic, Hebrew and Armenian forms.
pub(super) static PRESENTATION_FORM: Rule = Rule {
    id: "presentation-form",
    name_zh: "字母显现形式",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "An Arabic, Hebrew or Armenian letter in a form that a font should choose (initial, medial, final, wide, ligature). \
          The ordinary letter stands for all of them. Whole words in one character, as ﷺ, stay.",
    examples: &[Example { before: "ﻣﺤﻤﺪ", after: "محمد" }, Example { before: "ﬓ, ﬡ", after: "մն, א" }],
    leaves_alone: &["محمد", "ﷺ", "שלום"],
    flag: false,
};

/// FE10..FE19, FE30..FE4F, FE50..FE6B.
pub(super) static VERTICAL_OR_SMALL_FORM: Rule = Rule {
    id: "vertical-or-small-form",
    name_zh: "竖排或小型标点",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "A mark in the form for vertical setting (︰ ﹁ ︵) or in the small form of an old code table (﹐ ﹕ ﹙). In running \
          text the ordinary mark of the same meaning stands for it, in full width, as these forms occur in CJK text only.",
    examples: &[
        Example { before: "市長說︰﹁開會﹂", after: "市長說：「開會」" },
        Example { before: "天津﹐北京﹙大興﹚﹗", after: "天津，北京（大興）！" },
    ],
    leaves_alone: &["市長說：「開會」", "天津、北京", "a, b (c)"],
    flag: false,
};

/// A Latin ligature or a long s at `i`. Returns where to go on.
pub(super) fn latin(scan: &Scan<'_>, i: usize, c: char, out: &mut Findings) -> usize {
    let end = i + c.len_utf8();
    let (rule, insert): (&'static Rule, &'static str) = match c {
        'ﬀ' => (&LATIN_LIGATURE, "ff"),
        'ﬁ' => (&LATIN_LIGATURE, "fi"),
        'ﬂ' => (&LATIN_LIGATURE, "fl"),
        'ﬃ' => (&LATIN_LIGATURE, "ffi"),
        'ﬄ' => (&LATIN_LIGATURE, "ffl"),
        'ﬆ' => (&LATIN_LIGATURE, "st"),
        // A ligature with a long s: taking it apart without the long s would take two runs.
        'ﬅ' => (&LONG_S, "st"),
        'ẛ' => (&LONG_S, "ṡ"),
        'ſ' => (&LONG_S, "s"),
        _ => return end,
    };
    if !scan.combines(end) {
        out.replace(rule, Span::new(i, end), insert);
    }
    end
}

/// The compatibility decomposition of one character.
fn compatible(c: char) -> String {
    let mut s = String::new();
    decompose_compatible(c, |d| s.push(d));
    s
}

/// A presentation form at `i`. Returns where to go on.
pub(super) fn presentation(scan: &Scan<'_>, i: usize, c: char, out: &mut Findings) -> usize {
    let end = i + c.len_utf8();
    let plain = compatible(c);
    // Canonical compositions belong to NFC; a form of a bare accent has no base to stand on; whole words stay.
    if plain.starts_with(c) || plain.contains(' ') || plain.chars().count() > 3 || scan.combines(end) {
        return if super::composed::may_combine(c) { i + c.len_utf8() } else { end };
    }
    out.replace(&PRESENTATION_FORM, Span::new(i, end), plain);
    end
}

/// A vertical or small form at `i`. Returns where to go on.
pub(super) fn vertical_or_small(scan: &Scan<'_>, i: usize, c: char, out: &mut Findings) -> usize {
    let end = i + c.len_utf8();
    let insert = match c {
        // The data take these apart into ASCII stops, which no Chinese text means.
        '\u{FE19}' => "…".to_owned(),
        // By its shape a leader of two dots, but Big5's colon where it is met.
        '\u{FE30}' => "：".to_owned(),
        // Overlines and underlines run beside a column; nothing ordinary stands for them.
        '\u{FE45}' | '\u{FE46}' | '\u{FE49}'..='\u{FE4F}' | '\u{FE33}' | '\u{FE34}' => return end,
        _ => compatible(c).chars().map(full_width).collect(),
    };
    if insert.starts_with(c) || scan.combines(end) {
        return end;
    }
    out.push(Finding::edit(&VERTICAL_OR_SMALL_FORM, Fix::one(Splice::replace(Span::new(i, end), insert))));
    end
}

/// The full-width form of an ASCII mark.
fn full_width(c: char) -> char {
    match c {
        '.' => '．',
        '!'..='/' | ':'..='@' | '['..='`' | '{'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    }
}
