//! What becomes of a hyphen at a line's end: undone, kept, or kept with the space of a suspended hyphen.
//!
//! The document's own spellings decide first, then the shapes of both halves. It must never change a letter.

use super::terms::{End, end_of};
use crate::document::Document;
use crate::language::Language;
use crate::language::fold::word_key;
use std::cell::OnceCell;
use std::collections::HashMap;

/// First parts that keep their hyphen, words before which a hyphen is suspended, clitics that follow one: as data.
const KEEPS: &str = include_str!("../../../dictionaries/hyphen-keeps.tsv");

/// Letters from which a capitalised half counts as a word of its own.
const NAME: usize = 4;

/// Words of a document from which its language is judged.
const ENOUGH_WORDS: usize = 3000;

/// What becomes of a hyphen.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It goes: the word was divided.
    Undo,
    /// It stays: a compound.
    Keep,
    /// It stays with a space: the second part of the first compound is saved.
    KeepSpace,
    /// This is no hyphen at all.
    None,
}

/// Spellings of one document, counted on first use.
pub(super) struct Spellings<'d, 't> {
    doc: &'d Document<'t>,
    words: OnceCell<HashMap<u64, u32>>,
    english: OnceCell<bool>,
}

impl<'d, 't> Spellings<'d, 't> {
    pub(super) fn new(doc: &'d Document<'t>) -> Self {
        Self { doc, words: OnceCell::new(), english: OnceCell::new() }
    }

    /// True where the words that English cannot do without are as frequent as in English text.
    fn english(&self) -> bool {
        *self.english.get_or_init(|| {
            let (mut all, mut small) = (0usize, 0usize);
            for w in self.doc.text().split_whitespace().take(ENOUGH_WORDS) {
                all += 1;
                small += usize::from(matches!(w, "the" | "of" | "and" | "to" | "that" | "The"));
            }
            20 * small >= all && all > 10
        })
    }

    fn count(&self, word: &str) -> u32 {
        let words = self.words.get_or_init(|| {
            let mut out: HashMap<u64, u32> = HashMap::new();
            for w in self.doc.text().split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\u{2010}')) {
                let w = w.trim_matches(['-', '\u{2010}']);
                if w.len() > 3 {
                    *out.entry(word_key(w)).or_default() += 1;
                }
            }
            out
        });
        words.get(&word_key(word)).copied().unwrap_or(0)
    }
}

/// What the halves of a word at a break say about its hyphen. `left` ends with it.
pub(super) fn verdict(left: &str, right: &str, spellings: &Spellings<'_, '_>, language: &Language) -> Verdict {
    if end_of(left) != End::Hyphen {
        return Verdict::None;
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
    let bare = &left[..left.len() - hyphen_len(left)];
    let head_at = bare.char_indices().rev().take_while(|&(_, c)| part(c)).last().map_or(bare.len(), |(i, _)| i);
    let head = &bare[head_at..];
    let tail_len = right.char_indices().find(|&(_, c)| !part(c)).map_or(right.len(), |(i, _)| i);
    let tail = &right[..tail_len];
    let (Some(a), Some(b)) = (head.chars().next(), tail.chars().next()) else { return Verdict::None };
    let last = head.chars().next_back().unwrap_or(a);
    if last.is_numeric() || b.is_numeric() {
        // A range of years, a model's number: the hyphen is text.
        return Verdict::Keep;
    }
    if !last.is_alphabetic() || !b.is_alphabetic() {
        return Verdict::None;
    }
    let (head_low, tail_low) = (head.to_lowercase(), tail.to_lowercase());
    if left.len() - bare.len() > 1 && left[bare.len()..].chars().count() > 1 {
        // Two strokes: a dash, unless the halves are no words or the whole is one.
        let whole =
            spellings.count(&format!("{head}{tail}")) > 0 || language.is_english(&format!("{head_low}{tail_low}"));
        return if whole || !language.is_english(&head_low) { Verdict::Undo } else { Verdict::None };
    }
    if keeps("suspended-before", &tail_low) {
        return Verdict::KeepSpace;
    }
    let joined = spellings.count(&format!("{head}{tail}"));
    let hyphened = spellings.count(&format!("{head}-{tail}"));
    if joined != hyphened {
        return if joined > hyphened { Verdict::Undo } else { Verdict::Keep };
    }
    let long = |w: &str| w.chars().count() >= NAME;
    let capitals = |w: &str| w.chars().count() > 1 && w.chars().all(char::is_uppercase);
    if capitals(head) && !capitals(tail) && tail.chars().count() > 2 && b.is_uppercase() {
        // US-/Luftwaffe: initials stand before a hyphen.
        return Verdict::Keep;
    }
    if a.is_uppercase() && b.is_uppercase() && head.chars().chain(tail.chars()).any(char::is_lowercase) {
        // Kunst-/Verein is a compound; Men-/Schen is Fraktur's long s read as a capital, Mac-/Arthur one name.
        return if long(head) && long(tail) { Verdict::Keep } else { Verdict::Undo };
    }
    if b.is_uppercase() && last.is_lowercase() {
        return if keeps("before-capital", &head_low) { Verdict::Keep } else { Verdict::Undo };
    }
    // A compound already hyphened before this one goes on with a hyphen: Zürich-Rapperswil-/Uznach.
    if b.is_uppercase() && bare[..head_at].ends_with('-') && tail.chars().any(char::is_lowercase) {
        return Verdict::Keep;
    }
    let clitic = keeps("clitic", &tail_low) && head_low.ends_with(['t', 'd']);
    let pair = keeps("pair", &format!("{head_low}-{tail_low}"));
    let pronoun = keeps("pronoun", &tail_low) && head.chars().count() > 2;
    let first = keeps("first-part", &head_low) && tail.chars().count() > 3;
    // Two adjectives side by side: österreichisch-/deutsch.
    let adjectives = head_low.ends_with("isch") && a.is_lowercase() && long(head) && tail.chars().count() > 5;
    if clitic
        || pair
        || first
        || pronoun
        || adjectives
        || (spellings.english() && a.is_lowercase() && english_compound(&head_low, &tail_low, language))
    {
        Verdict::Keep
    } else {
        Verdict::Undo
    }
}

/// Two English words whose joined form is none: cost-/effective.
fn english_compound(head: &str, tail: &str, language: &Language) -> bool {
    let word = |w: &str| w.len() > 2 && language.is_english(w);
    (word(head) || matches!(head, "on" | "in" | "up" | "by" | "to"))
        && tail.len() > 3
        && word(tail)
        && !language.is_english(&format!("{head}{tail}"))
}

/// Bytes of the hyphens at the end of a line; OCR makes two of one, with or without a space.
pub(super) fn hyphen_len(left: &str) -> usize {
    let stroke = |c: char| matches!(c, '-' | '\u{AC}' | '\u{AD}' | '\u{2010}' | '\u{2E17}' | '=');
    let mut rest = left.strip_suffix(stroke).unwrap_or(left);
    let one = rest;
    rest = rest.trim_end();
    match rest.strip_suffix(stroke) {
        Some(two) if !two.ends_with(|c: char| stroke(c) || c.is_whitespace()) => left.len() - two.len(),
        _ => left.len() - one.len(),
    }
}

/// True where the table has the word under that heading.
fn keeps(kind: &str, word: &str) -> bool {
    // The table is sorted and short: a search by halves over its lines, on line ends with a hyphen only.
    use std::sync::LazyLock;
    static LINES: LazyLock<Vec<(&'static str, &'static str)>> =
        LazyLock::new(|| KEEPS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).collect());
    LINES.binary_search(&(kind, word)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(left: &str, right: &str, text: &str) -> Verdict {
        let doc = Document::new(text, &[]);
        verdict(left, right, &Spellings::new(&doc), &Language::embedded())
    }

    #[test]
    fn hyphens_are_told_apart() {
        for (l, r, want) in [
            ("die Behör-", "den aktiv", Verdict::Undo),
            ("der Regie\u{AC}", "rung", Verdict::Undo),
            ("WEDNES-", "DAY,", Verdict::Undo),
            ("der Kunst-", "Verein", Verdict::Keep),
            ("Zürich-Rapperswil-", "Uznach", Verdict::Keep),
            ("der Haupt-", "und Nebensatz", Verdict::KeepSpace),
            ("il faut-", "il que", Verdict::Keep),
            ("peut-", "être", Verdict::Keep),
            ("the re--", "sponsible man", Verdict::Undo),
            ("he said--", "and went", Verdict::None),
            ("a fac-", "tory here", Verdict::Undo),
            ("die US-", "Luftwaffe", Verdict::Keep),
            ("Lâche-", "moi", Verdict::Keep),
            ("die Men-", "Schen hier", Verdict::Undo),
            ("he is anti-", "American", Verdict::Keep),
            ("be-", "Stimmten", Verdict::Undo),
            ("General Mac-", "Arthur", Verdict::Undo),
            ("the years 1914-", "1918", Verdict::Keep),
            ("a self-", "conscious man", Verdict::Keep),
            ("a list -", "of things", Verdict::None),
        ] {
            assert_eq!(of(l, r, ""), want, "{l}|{r}");
        }
    }

    #[test]
    fn compounds_of_an_english_text_keep_their_hyphen() {
        let text = "the man of the town and the way to the house of the mayor and the rest of the day";
        assert_eq!(of("the cost-", "effective way", text), Verdict::Keep);
        assert_eq!(of("the cost-", "effective way", "der Mann und die Frau"), Verdict::Undo);
        assert_eq!(of("the news-", "paper", text), Verdict::Undo);
    }

    #[test]
    fn the_documents_own_spelling_comes_first() {
        assert_eq!(of("the co-", "operation of", "a co-operation here, co-operation there"), Verdict::Keep);
        assert_eq!(of("a self-", "conscious man", "selfconscious"), Verdict::Undo);
    }

    #[test]
    fn the_table_is_sorted() {
        let rows: Vec<&str> = KEEPS.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(
            KEEPS.starts_with("# licence: ") && rows.windows(2).all(|w| w[0].split_once('\t') < w[1].split_once('\t'))
        );
    }
}
