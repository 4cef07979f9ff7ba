//! Widths of characters and lines in em, as a newspaper's own column would measure them.
//!
//! Estimates for evidence only. It must never look at what a line says.

use crate::text::Span;
use crate::text::script::{is_cjk, is_cjk_mark, is_hangul, is_latin};

/// Advance widths of ASCII 32..=126 in thousandths of an em: Adobe's metrics of a Times-like face, which most
/// newspaper faces stay close to.
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 333, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];

/// How characters are measured.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Face {
    /// Full cells for CJK, half cells for ASCII.
    #[default]
    CjkHalf,
    /// Full cells for everything.
    CjkFull,
    /// Proportional Latin type.
    Latin,
}

/// Width of a character in em.
pub fn advance(c: char, face: Face) -> f32 {
    match face {
        Face::Latin => match c {
            ' '..='~' => f32::from(TIMES[c as usize - 32]) / 1000.0,
            '\u{2014}' => 1.0,
            '\u{2013}' | '\u{AB}' | '\u{BB}' | '\u{DF}' => 0.5,
            '\u{2018}'..='\u{201A}' => 0.333,
            '\u{201C}'..='\u{201E}' => 0.444,
            c if is_cjk(c) || is_cjk_mark(c) => 1.0,
            c if c.is_uppercase() => 0.69,
            c if is_latin(c) => 0.45,
            _ => 0.5,
        },
        _ if is_cjk(c) || is_cjk_mark(c) || is_hangul(c) || c == '\u{3000}' => 1.0,
        Face::CjkFull if !c.is_whitespace() => 1.0,
        // Quotation marks, dashes, ellipses and middle dots are set on a full cell in Chinese text.
        _ if matches!(c, '\u{2014}' | '\u{2018}'..='\u{201D}' | '\u{2026}' | '\u{B7}') => 1.0,
        // Half-width marks beside Han characters stand for full ones.
        _ if matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')') => 1.0,
        _ => 0.5,
    }
}

/// What a line measures, its ends, and what its script is.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Measure {
    /// The line without white space at its ends.
    pub ink: Span,
    /// The ink without a stray token that the OCR put far behind a Chinese line's end.
    pub core: Span,
    /// Width of the core in em.
    pub width: f32,
    /// White space before the ink, in em.
    pub lead: f32,
    /// First character of the ink; a space where there is none.
    pub first: char,
    /// Last character of the core; a space where there is none.
    pub last: char,
    /// True where most letters are CJK.
    pub cjk: bool,
}

/// Measures a line that starts at byte `offset`.
pub fn measure(text: &str, offset: usize, face: Face) -> Measure {
    let ink = text.trim();
    let lead_text = &text[..text.len() - text.trim_start().len()];
    let lead = lead_text.chars().map(|c| advance(c, face)).sum();
    let start = offset + lead_text.len();
    let (mut width, mut han, mut other) = (0.0, 0usize, 0usize);
    let core = if face == Face::Latin { ink } else { core(ink) };
    for c in core.chars() {
        width += advance(c, face);
        if is_cjk(c) {
            han += 2;
        } else if c.is_alphabetic() {
            other += 1;
        }
    }
    Measure {
        ink: Span::new(start, start + ink.len()),
        core: Span::new(start, start + core.len()),
        width,
        lead,
        first: ink.chars().next().unwrap_or(' '),
        last: core.chars().next_back().unwrap_or(' '),
        cjk: han > other,
    }
}

/// A line up to a gap of several spaces behind which only a few characters stand: type sets no such gap in Chinese.
fn core(ink: &str) -> &str {
    /// Spaces of a gap, and the most characters of a stray token.
    const GAP: (usize, usize) = (3, 3);
    let (mut token, mut spaces) = (0, 0);
    for (i, c) in ink.char_indices().rev() {
        if c == ' ' || c == '\u{3000}' {
            spaces += 1;
        } else if spaces >= GAP.0 {
            let end = i + c.len_utf8();
            return if end > 12 { &ink[..end] } else { ink };
        } else {
            token += 1 + usize::from(spaces > 0);
            spaces = 0;
            if token > GAP.1 {
                return ink;
            }
        }
    }
    ink
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_token_far_behind_the_line_is_not_measured() {
        assert_eq!(measure("受灾群众转移到指定区域。            下和", 0, Face::CjkHalf).last, '。');
        assert_eq!(measure("弘扬精神   再立新功", 0, Face::CjkHalf).last, '功');
    }

    #[test]
    fn widths_follow_script() {
        assert_eq!(measure("　　新华社7月", 10, Face::CjkHalf).width, 4.5);
        assert_eq!(measure("　　新华社7月", 10, Face::CjkHalf).lead, 2.0);
        assert_eq!(measure("　　新华社7月", 10, Face::CjkHalf).ink, Span::new(16, 29));
        assert_eq!(measure("新华社7月", 0, Face::CjkFull).width, 5.0);
        let (i, m) = (measure("iii", 0, Face::Latin).width, measure("mmm", 0, Face::Latin).width);
        assert!(m > 2.0 * i);
    }
}
