//! Widths of characters and lines in em, as a newspaper's own column would measure them.
//!
//! Estimates for evidence only. It must never look at what a line says.

use crate::text::Span;
use crate::text::script::{is_cjk, is_cjk_mark, is_han_lead, is_hangul, is_letter};

/// How characters are measured.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Face {
    /// Full cells for CJK, half cells for ASCII.
    #[default]
    CjkHalf,
    /// Full cells for everything.
    CjkFull,
    /// Proportional Latin type, by its number in the table of faces.
    Latin(u8),
}

/// Width of a character in em.
pub fn advance(c: char, face: Face) -> f32 {
    match face {
        Face::Latin(_) if is_cjk(c) || is_cjk_mark(c) => 1.0,
        Face::Latin(face) => super::faces::width(c, face),
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
    /// The ink without the stray tokens that the OCR put before and behind a Chinese line.
    pub core: Span,
    /// Width of the core in em.
    pub width: f32,
    /// White space before the ink, in em.
    pub lead: f32,
    /// First character of the core; a space where there is none.
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
    let (mut width, mut han, mut other, mut cells) = (0.0, 0usize, 0usize, 0usize);
    let (before, core) = if matches!(face, Face::Latin(_)) { (0, ink) } else { core(ink) };
    let core_start = start + before;
    let bytes = core.as_bytes();
    let mut i = 0;
    while let Some(&lead) = bytes.get(i) {
        // Nearly every character of Chinese text: a full cell in every face.
        if is_han_lead(lead) {
            cells += 1;
            i += 3;
            continue;
        }
        // Nearly every character of Latin text.
        if lead.is_ascii_alphanumeric() || lead == b' ' {
            width += match face {
                Face::Latin(face) => super::faces::width(char::from(lead), face),
                Face::CjkFull if lead != b' ' => 1.0,
                _ => 0.5,
            };
            other += usize::from(lead.is_ascii_alphabetic());
            i += 1;
            continue;
        }
        let Some(c) = core.get(i..).and_then(|t| t.chars().next()) else { break };
        i += c.len_utf8();
        width += advance(c, face);
        if is_cjk(c) {
            han += 2;
        } else if c.is_ascii_alphabetic() || !c.is_ascii() && !is_cjk_mark(c) && is_letter(c) {
            other += 1;
        }
    }
    width += cells as f32;
    han += 2 * cells;
    Measure {
        ink: Span::new(start, start + ink.len()),
        core: Span::new(core_start, core_start + core.len()),
        width,
        lead,
        first: core.chars().next().unwrap_or(' '),
        last: core.chars().next_back().unwrap_or(' '),
        cjk: han > other,
    }
}

/// A Chinese line without what the OCR put before and behind it: a few characters far behind its end, a letter, a digit
/// or a stroke apart from it. With the bytes before it.
fn core(ink: &str) -> (usize, &str) {
    let rest = without_head(ink);
    (ink.len() - rest.len(), without_token(rest))
}

/// Strokes that start no line of Chinese type.
fn is_speck(c: char) -> bool {
    matches!(c, '.' | '`' | '\'' | '*' | '|' | '/' | '\\' | '_' | '~' | '^' | '\u{B7}' | '\u{2022}')
}

fn without_head(ink: &str) -> &str {
    let rest = ink.trim_start_matches(|c: char| is_speck(c) || c.is_whitespace());
    if rest.chars().next().is_some_and(is_cjk) { rest } else { ink }
}

/// A line up to a gap of several spaces behind which only a few characters stand: type sets no such gap in Chinese. One
/// space is enough before one or two characters that are no Chinese.
fn without_token(ink: &str) -> &str {
    /// Spaces of a gap, and the most characters of a stray token.
    const GAP: (usize, usize) = (3, 3);
    /// Bytes of a line that is long enough to have one.
    const LINE: usize = 12;
    let last = |c: char| is_speck(c) || c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | ';' | '=');
    let bare = ink.trim_end_matches(last);
    let stray = ink[bare.len()..].chars().count();
    let cut = bare.trim_end();
    if (1..=2).contains(&stray)
        && cut.len() < bare.len()
        && cut.len() > LINE
        && !cut.ends_with(|c: char| c.is_ascii_alphanumeric())
    {
        return cut;
    }
    let (mut token, mut spaces) = (0, 0);
    for (i, c) in ink.char_indices().rev() {
        if c == ' ' || c == '\u{3000}' {
            spaces += 1;
        } else if spaces >= GAP.0 {
            let end = i + c.len_utf8();
            return if end > LINE { &ink[..end] } else { ink };
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
        let m = measure("`. 因为订单太多，快递也多了。  2|", 0, Face::CjkHalf);
        assert_eq!((m.first, m.last, m.core.start()), ('因', '。', 3));
        assert_eq!(measure("经济增长贡献率达到 32", 0, Face::CjkHalf).last, '到');
        assert_eq!(measure("使用的手机型号是 iPhone 5", 0, Face::CjkHalf).last, '5');
    }

    #[test]
    fn widths_follow_script() {
        assert_eq!(measure("　　新华社7月", 10, Face::CjkHalf).width, 4.5);
        assert_eq!(measure("　　新华社7月", 10, Face::CjkHalf).lead, 2.0);
        assert_eq!(measure("　　新华社7月", 10, Face::CjkHalf).ink, Span::new(16, 29));
        assert_eq!(measure("新华社7月", 0, Face::CjkFull).width, 5.0);
        let (i, m) = (measure("iii", 0, Face::Latin(0)).width, measure("mmm", 0, Face::Latin(0)).width);
        assert!(m > 2.0 * i);
    }
}
