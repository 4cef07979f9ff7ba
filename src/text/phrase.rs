//! Expressions from tables of phrases, made cheap to compile and to keep: a run of recto on one page compiles dozens.
//!
//! It must never change what an expression finds in the languages that the tables are about.

use regex::{Regex, RegexBuilder};

/// Bytes that the states of one expression may take in a thread. Latin datelines need more than a hundred thousand; with
/// less than that they are built over and over.
const STATES: usize = 1 << 20;
/// Han characters of phrases.
const HAN: &str = "[々〇\u{3400}-\u{9FFF}\u{F900}-\u{FAFF}]";
/// Letters of the tables' languages.
const UPPER: &str = "A-ZÀ-ÖØ-ÞŒŠŽŸĆČĐĞİŁŃŘŚŞŹŻ";
const LOWER: &str = "a-zß-öø-ÿœšžćčđğıłńřśşźżſ";

/// An expression of a table; None where it is none. Its groups are not kept apart.
pub fn phrase(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&without_groups(&plain_classes(pattern))).dfa_size_limit(STATES).build().ok()
}

/// An expression with the letters of the tables' languages in place of Unicode's classes of all letters (`\p{L}`,
/// `\p{Lu}`, `\p{Ll}`, `\d`), whose tables make up nearly all of the time that compiling takes.
pub fn plain_classes(pattern: &str) -> String {
    pattern
        .replace(r"\p{Han}", HAN)
        .replace(r"\p{Lu}", &format!("[{UPPER}]"))
        .replace(r"\p{Ll}", &format!("[{LOWER}]"))
        .replace(r"\p{L}", &format!("[{UPPER}{LOWER}]"))
        .replace(r"\d", "[0-9]")
}

/// An expression whose groups only hold together: for those that somebody might ask for, an engine builds more.
fn without_groups(pattern: &str) -> String {
    let (mut out, mut depth, mut escaped) = (String::with_capacity(pattern.len() + 32), 0_u32, false);
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            _ if escaped => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '(' if depth == 0 && chars.peek() != Some(&'?') => out.push_str("?:"),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_not_kept_apart_and_all_else_stays() {
        assert_eq!(without_groups(r"(?i)^(a|\(b[(（](c)])(?-u:\b)\\(d)"), r"(?i)^(?:a|\(b[(（](?:c)])(?-u:\b)\\(?:d)");
        assert_eq!(without_groups(r"[[一-二]\s(（／/](摄)[\](]"), r"[[一-二]\s(（／/](?:摄)[\](]");
        assert!(phrase(r"(\p{Lu}\p{Ll}+)\d").is_some_and(|r| r.is_match("Éa1") && r.captures_len() == 1));
        assert!(phrase("(").is_none());
    }
}
