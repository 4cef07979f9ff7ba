//! Keys: what a fix is known by, whatever its place. Version 1.
//!
//! A key is made of the rule, what was taken and put, and eight characters on each side in the decoded original,
//! folded. It must never hold an offset, so that it survives re-runs, upgrades and a new OCR of the same page.

use crate::text::Span;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Version of the recipe. A key made by another version equals none of this one.
pub const KEY_VERSION: u32 = 1;

/// Characters of context on each side, after folding.
const CONTEXT_CHARS: usize = 8;

/// The key of a fix: `1-` and sixteen hexadecimal digits; equal ones carry ordinal and count, as `#2/3`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(String);

impl Key {
    /// The key as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<String> for Key {
    fn from(s: String) -> Self {
        Self(s)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes keys over one decoded original.
#[derive(Debug)]
pub struct Keyer<'t> {
    original: &'t str,
}

impl<'t> Keyer<'t> {
    /// A maker of keys for fixes whose places are given in `original`.
    pub fn new(original: &'t str) -> Self {
        Self { original }
    }

    /// The bare key of a fix, without ordinal. `parts` are (before, after) in text order, `origin` is the fix's place
    /// in the original.
    pub fn key<'a>(&self, rule: &str, parts: impl Iterator<Item = (&'a str, &'a str)>, origin: Span) -> Key {
        let mut h = Sha256::new();
        let mut field = |s: &str| {
            h.update((s.len() as u64).to_le_bytes());
            h.update(s.as_bytes());
        };
        field(&KEY_VERSION.to_string());
        field(rule);
        for (before, after) in parts {
            field(before);
            field(after);
        }
        field(&self.left(origin.start()));
        field(&self.right(origin.end()));
        let digest = h.finalize();
        let short: u64 = digest.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b));
        Key(format!("{KEY_VERSION}-{short:016x}"))
    }

    fn left(&self, offset: usize) -> String {
        let text = self.original.get(..offset).unwrap_or("");
        if let Some(mut plain) = plain(text.chars().rev(), false) {
            plain.reverse();
            return plain.into_iter().collect();
        }
        // Folding can drop characters, so look at a few times the context, but never at the whole text.
        let mut chars: Vec<char> = text.chars().rev().take(CONTEXT_CHARS * 6).collect();
        chars.reverse();
        let folded: Vec<char> = fold(chars.into_iter());
        folded[folded.len().saturating_sub(CONTEXT_CHARS)..].iter().collect()
    }

    fn right(&self, offset: usize) -> String {
        let text = self.original.get(offset..).unwrap_or("");
        if let Some(plain) = plain(text.chars(), true) {
            return plain.into_iter().collect();
        }
        fold(text.chars().take(CONTEXT_CHARS * 6)).into_iter().take(CONTEXT_CHARS).collect()
    }
}

/// NFKC, letters and digits only: neither white space nor marks nor width disturb a key.
fn fold(chars: impl Iterator<Item = char>) -> Vec<char> {
    chars.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a character stays in a folded text, where that needs no table: it has no other form and joins no neighbour.
const fn stays(c: char) -> Option<bool> {
    match c {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{4E00}'..='\u{9FFF}' => Some(true),
        '\0'..='\u{7F}'
        | '\u{3000}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}'
        | '\u{2014}'
        | '\u{2018}'..='\u{201D}'
        | '\u{2026}'
        | '\u{FF01}'..='\u{FF0F}'
        | '\u{FF1A}'..='\u{FF20}' => Some(false),
        _ => None,
    }
}

/// The first characters of a folded text, where all of them are plain; `on`: what comes next could still join the last.
fn plain(mut chars: impl Iterator<Item = char>, on: bool) -> Option<Vec<char>> {
    let mut out = Vec::with_capacity(CONTEXT_CHARS);
    for c in chars.by_ref().take(CONTEXT_CHARS * 6) {
        if stays(c)? {
            out.push(c);
        }
        if out.len() == CONTEXT_CHARS {
            let next = if on { chars.next() } else { None };
            return next.is_none_or(|c| stays(c).is_some()).then_some(out);
        }
    }
    None
}

/// Gives equal keys their ordinal and count, in the order given.
pub(super) fn number(keys: &mut [Key]) {
    let mut count: HashMap<Key, u32> = HashMap::new();
    for k in keys.iter() {
        *count.entry(k.clone()).or_default() += 1;
    }
    let mut seen: HashMap<Key, u32> = HashMap::new();
    for k in keys {
        let n = count.get(k).copied().unwrap_or(1);
        if n > 1 {
            let i = seen.entry(k.clone()).or_default();
            *i += 1;
            *k = Key(format!("{}#{i}/{n}", k.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_a_shift_and_a_change_of_width_but_not_another_place() {
        let one = "市领导，参加(会议)。";
        let two = "前文。\n市领导,参加（会议)。";
        let k = |t: &str, s: &str| {
            let at = t.find(s).expect("there");
            Keyer::new(t).key("r", std::iter::once((",", "，")), Span::new(at, at + s.len()))
        };
        assert_ne!(k(one, "，"), k(two, ","), "the context reaches further back in the second text");
        let far = "一二三四五六七八市领导,参加会议一二三四";
        let near = "开头一二三四五六七八市领导， 参加会议一二三四";
        assert_eq!(k(far, ","), k(near, "，"));
        assert_eq!(KEY_VERSION, 1);
    }

    #[test]
    fn what_needs_no_table_folds_as_the_tables_say() {
        for c in ('\0'..='\u{FFFF}').filter(|c| stays(*c).is_some()) {
            let kept = stays(c) == Some(true);
            assert_eq!(fold(std::iter::once(c)), if kept { vec![c] } else { Vec::new() }, "{c:?}");
        }
        let bits = ["市领导，", "e\u{301}", "Ａ１", " x ", "\u{3000}。", "か\u{3099}", "ﬁ", "12"];
        let text: String = (0..400).map(|n: usize| bits[(n * n + n / 7) % bits.len()]).collect();
        let k = Keyer::new(&text);
        for (at, _) in text.char_indices() {
            let right: String = fold(text[at..].chars().take(48)).into_iter().take(CONTEXT_CHARS).collect();
            let left: Vec<char> = text[..at].chars().rev().take(48).collect();
            let left = fold(left.into_iter().rev());
            let left: String = left[left.len().saturating_sub(CONTEXT_CHARS)..].iter().collect();
            assert_eq!((k.left(at), k.right(at)), (left, right), "{at}");
        }
    }

    #[test]
    fn equal_keys_are_numbered() {
        let mut keys = vec![Key("a".into()), Key("b".into()), Key("a".into())];
        number(&mut keys);
        assert_eq!(keys.iter().map(Key::as_str).collect::<Vec<_>>(), ["a#1/2", "b", "a#2/2"]);
    }
}
