//! Invisible characters made visible, and text cut to a width. It must never let a control reach a terminal.

use unicode_width::UnicodeWidthChar;

/// `text` with line ends, tabs, odd spaces, controls and direction marks as visible signs. An ordinary space stays,
/// unless `spaces` asks for it.
pub fn visible(text: &str, spaces: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut out, c, spaces);
    }
    out
}

fn push_visible(out: &mut String, c: char, spaces: bool) {
    match c {
        '\n' => out.push('␊'),
        '\r' => out.push('␍'),
        '\t' => out.push('␉'),
        '\u{C}' => out.push('␌'),
        ' ' if spaces => out.push('␣'),
        ' ' => out.push(' '),
        '\u{0}'..='\u{1F}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('�')),
        '\u{7F}' => out.push('␡'),
        _ if is_invisible(c) => out.push_str(&format!("<U+{:04X}>", c as u32)),
        _ => out.push(c),
    }
}

/// Characters that print as nothing, as an odd space, or that turn the text around.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{A0}' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}'
        | '\u{205F}'..='\u{206F}' | '\u{3000}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFD}' | '\u{E000}'..='\u{F8FF}')
}

/// Columns that `text` takes on a terminal; wide characters count two.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The last characters of `text` that fit in `columns`, and whether something was cut off.
pub fn cut_tail(text: &str, columns: usize) -> (&str, bool) {
    let mut used = 0;
    for (i, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return (&text[i + c.len_utf8()..], true);
        }
    }
    (text, false)
}

/// The first characters of `text` that fit in `columns`, and whether something was cut off.
pub fn cut_head(text: &str, columns: usize) -> (&str, bool) {
    let mut used = 0;
    for (i, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return (&text[..i], true);
        }
    }
    (text, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_gets_through() {
        assert_eq!(visible("a\n\u{3000}\u{202E}b\x1B[31m", false), "a␊<U+3000><U+202E>b␛[31m");
        assert_eq!(visible("a b", true), "a␣b");
    }

    #[test]
    fn a_wide_character_takes_two_columns() {
        assert_eq!(width("医a"), 3);
        assert_eq!(cut_tail("甲乙丙", 4), ("乙丙", true));
        assert_eq!(cut_tail("甲乙丙", 5), ("乙丙", true));
        assert_eq!(cut_head("甲乙丙", 6), ("甲乙丙", false));
    }
}
