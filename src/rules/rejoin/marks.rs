//! How a line ends and how one starts: marks, letters, brackets.
//!
//! It must never look at more than the text of the two lines.

use crate::text::script::{forbidden_at_line_start, is_cjk, is_closing, is_opening, is_sentence_end};

/// How the left side ends, by rising likeliness that a paragraph ends there.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum End {
    Hyphen,
    Opening,
    Comma,
    Letter,
    Digit,
    Other,
    Dash,
    Closing,
    Colon,
    Semicolon,
    Stop,
    StopQuote,
}

pub(super) fn end_of(text: &str) -> End {
    let bare = text.trim_end_matches(is_closing);
    let closed = bare.len() < text.len();
    match bare.chars().next_back() {
        Some('\u{2026}') if !closed => End::StopQuote,
        Some(c) if is_sentence_end(c) => {
            if closed {
                End::StopQuote
            } else {
                End::Stop
            }
        }
        _ if closed => End::Closing,
        Some('；' | ';') => End::Semicolon,
        Some('：' | ':') => End::Colon,
        Some('，' | ',' | '、') => End::Comma,
        // A dash between spaces divides no word; two strokes may be one hyphen.
        Some('-' | '\u{2010}' | '=') if bare.ends_with("- -") || bare.ends_with("--") => End::Hyphen,
        Some('-' | '\u{2010}' | '=') if bare.chars().rev().nth(1).is_none_or(char::is_whitespace) => End::Dash,
        Some('-' | '\u{AC}' | '\u{AD}' | '\u{2010}' | '\u{2E17}' | '=') => End::Hyphen,
        Some('\u{2013}' | '\u{2014}') => End::Dash,
        Some(c) if is_opening(c) => End::Opening,
        Some(c) if c.is_numeric() => End::Digit,
        Some(c) if c.is_alphabetic() => End::Letter,
        _ => End::Other,
    }
}

/// How the right side starts, by rising likeliness that a paragraph starts there.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Start {
    Lower,
    Kinsoku,
    Han,
    Digit,
    Other,
    Ellipsis,
    Dash,
    Quote,
    Bracket,
    Upper,
}

pub(super) fn start_of(text: &str) -> Start {
    let mut chars = text.chars();
    let Some(c) = chars.next() else { return Start::Other };
    match c {
        _ if is_cjk(c) => Start::Han,
        // A small letter goes on what came before, in quotes and brackets too.
        _ if (is_opening(c) || c == '"' || c == '\'') && chars.next().is_some_and(char::is_lowercase) => Start::Lower,
        '“' | '‘' | '「' | '『' | '„' | '«' | '"' => Start::Quote,
        _ if is_opening(c) => Start::Bracket,
        '—' | '–' | '-' => Start::Dash,
        '…' => Start::Ellipsis,
        _ if forbidden_at_line_start(c) => Start::Kinsoku,
        _ if c.is_numeric() => Start::Digit,
        _ if c.is_lowercase() => Start::Lower,
        _ if c.is_uppercase() => Start::Upper,
        _ => Start::Other,
    }
}

/// Brackets and quotes of `text` that are opened and not closed, and whether one is closed that was not opened.
#[cfg(test)]
pub(super) fn balance(text: &str) -> (bool, bool) {
    let (mut open, mut early) = (0i32, false);
    for c in text.chars() {
        if matches!(c, '"' | '\'' | '\u{2019}' | '\u{2018}') {
            continue;
        }
        if is_opening(c) {
            open += 1;
        } else if is_closing(c) {
            if open == 0 { early = true } else { open -= 1 }
        }
    }
    (open > 0, early)
}

/// A part's number in brackets at the end, as serial stories have it in their headline: (9. Fortsetzung), (8e partie).
pub(super) fn is_serial(text: &str) -> bool {
    /// Longest such bracket, in characters.
    const LONGEST: usize = 24;
    let Some(inner) = text.trim_end().strip_suffix([')', '）']) else { return false };
    let inner: Vec<char> = inner.chars().rev().take(LONGEST).take_while(|c| !matches!(c, '(' | '（')).collect();
    inner.len() < LONGEST && inner.len() > 4 && inner.last().is_some_and(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_starts_are_told_apart() {
        for (text, end) in [
            ("完成，", End::Comma),
            ("done.”", End::StopQuote),
            ("a fac-", End::Hyphen),
            ("a list -", End::Dash),
            ("（记者 王文）", End::Closing),
            ("5", End::Digit),
        ] {
            assert_eq!(end_of(text), end, "{text}");
        }
        assert_eq!(
            [start_of("“So"), start_of("so"), start_of("。"), start_of("So"), start_of("‘so’")],
            [Start::Quote, Start::Lower, Start::Kinsoku, Start::Upper, Start::Lower]
        );
    }

    #[test]
    fn parts_of_serials_are_seen() {
        assert!(is_serial("Witiko (10. Fortsetzung)") && is_serial("Folla (8e partie)"));
        assert!(!is_serial("im Jahr (1848)") && !is_serial("gut (so sagt man)") && !is_serial("done."));
    }
}
