//! The words of a Latin text with their places, outer marks stripped.
//!
//! It must never judge a word.

use crate::language::Latin;
use crate::text::Span;
use crate::text::lists;

/// A word as it stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Token<'t> {
    /// Its place.
    pub span: Span,
    /// Its letters, with apostrophes, hyphens and noise inside.
    pub text: &'t str,
}

/// Marks inside a run of ink at which it falls into words. Others (`wh!ch`, `t|e`) may be a letter read wrong.
const fn parts_words(c: char) -> bool {
    matches!(
        c,
        '\u{2014}'
            | '\u{2013}'
            | '/'
            | ','
            | '.'
            | ';'
            | ':'
            | '('
            | ')'
            | '\u{AB}'
            | '\u{BB}'
            | '\u{201E}'
            | '\u{201C}'
            | '\u{201D}'
            | '"'
            | '?'
            | '='
            | '_'
            | '\u{2026}'
            | '\u{AC}'
            | '\u{AD}'
    )
}

/// Words that lose their vowel before another: what follows the apostrophe is a word of its own.
static ELIDED: lists::Words = lists::Words::named("elided");

/// The words of `text` in order. Linear.
pub fn tokens(text: &str, lang: Latin) -> Vec<Token<'_>> {
    let mut out = Vec::with_capacity(text.len() / 6);
    let mut start = None;
    for (i, c) in text.char_indices() {
        if c.is_whitespace() || parts_words(c) {
            if let Some(s) = start.take() {
                push(&mut out, text, s, i, lang);
            }
        } else if start.is_none() {
            start = Some(i);
        }
    }
    if let Some(s) = start {
        push(&mut out, text, s, text.len(), lang);
    }
    out
}

fn push<'t>(out: &mut Vec<Token<'t>>, text: &'t str, start: usize, end: usize, lang: Latin) {
    let ink = &text[start..end];
    let Some(first) = ink.find(char::is_alphanumeric) else { return };
    let last = ink.char_indices().rev().find(|(_, c)| c.is_alphanumeric()).map_or(first, |(i, c)| i + c.len_utf8());
    let (mut start, end) = (start + first, start + last);
    if lang == Latin::Fr
        && let Some((head, tail)) = text[start..end].split_once(['\'', '\u{2019}'])
        && !tail.is_empty()
        && ELIDED.iter().any(|e| head.eq_ignore_ascii_case(e))
    {
        start = end - tail.len();
    }
    out.push(Token { span: Span::new(start, end), text: &text[start..end] });
}

/// How a word is written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// Small letters, or a mixture that begins with one.
    Small,
    /// A capital first.
    Title,
    /// Capitals only, two and more.
    Upper,
}

/// The shape of a word.
pub(super) fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match letters.next() {
        Some(c) if c.is_uppercase() => {
            let (mut small, mut large) = (0, 0);
            for c in letters {
                small += usize::from(c.is_lowercase());
                large += usize::from(c.is_uppercase());
            }
            if large > 0 && small <= large / 3 { Shape::Upper } else { Shape::Title }
        }
        _ => Shape::Small,
    }
}

/// `word` in that shape.
pub(super) fn shaped(word: &str, shape: Shape) -> String {
    match shape {
        Shape::Small => word.to_owned(),
        Shape::Upper => word.to_uppercase(),
        Shape::Title => {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
    }
}

/// True for `XIV`, `iii`: a number, not a word.
pub(super) fn is_roman(word: &str) -> bool {
    let upper = word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M'));
    upper || (word.len() > 1 && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_without_their_marks() {
        let words = |t, l| tokens(t, l).into_iter().map(|t| t.text).collect::<Vec<_>>();
        assert_eq!(
            words("\u{bb}porous, (don't) t|e end.The \u{2014}", Latin::En),
            ["porous", "don't", "t|e", "end", "The"]
        );
        assert_eq!(words("l'\u{e9}crit qu\u{2019}il d'", Latin::Fr), ["\u{e9}crit", "il", "d"]);
        assert_eq!(shaped("the", shape("TBE")), "THE");
        assert!(shape("McDonald") == Shape::Title && is_roman("XIV") && !is_roman("DIM\u{c9}"));
    }
}
