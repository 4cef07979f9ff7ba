//! Which Latin language a text is in, by its function words: reliable on noisy text, where letter statistics drift.
//!
//! It must never guess where two languages come near each other.

use super::words::Latin;
use crate::text::lists;
use crate::text::script::{is_han_lead, is_letter};
use foldhash::{HashMap, HashMapExt};
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../dictionaries/function-words.tsv");

/// Least share of function words.
const MIN_SHARE: f32 = 0.12;
/// The best language must have so many times the words of the next.
const MIN_LEAD: f32 = 1.3;
/// Words looked at.
const MOST_WORDS: usize = 3000;
/// Fewer words tell nothing.
const LEAST_WORDS: usize = 8;

static WORDS: LazyLock<(Vec<&'static str>, HashMap<&'static str, u32>)> = LazyLock::new(|| {
    let (mut tags, mut words) = (Vec::new(), HashMap::new());
    for (tag, list) in lists::rows(TABLE).filter_map(|l| l.split_once('\t')) {
        for w in list.split(' ') {
            *words.entry(w).or_insert(0) |= 1u32 << tags.len();
        }
        tags.push(tag);
    }
    (tags, words)
});

/// The language of `text`, where it is one that has a word list and no other language comes near.
pub fn guess(text: &str) -> Option<Latin> {
    guess_tag(text).and_then(Latin::from_tag)
}

/// The tag of the language of `text`, one without a word list included; None where nothing is sure.
pub fn guess_tag(text: &str) -> Option<&'static str> {
    let (tags, words) = &*WORDS;
    let mut hits = vec![0u32; tags.len()];
    let (mut all, mut low) = (0usize, String::new());
    for w in text.split(|c| !is_letter(c)).filter(|w| !w.is_empty()).take(MOST_WORDS) {
        all += 1;
        if w.len() > 8 || w.as_bytes().first().copied().is_some_and(is_han_lead) {
            continue;
        }
        low.clear();
        low.extend(w.chars().flat_map(char::to_lowercase).map(|c| if c == '\u{17F}' { 's' } else { c }));
        if let Some(&mask) = words.get(low.as_str()) {
            for (n, h) in hits.iter_mut().enumerate() {
                *h += mask >> n & 1;
            }
        }
    }
    let best = (0..hits.len()).max_by_key(|&n| (hits[n], std::cmp::Reverse(n)))?;
    let next = (0..hits.len()).filter(|&n| n != best).map(|n| hits[n]).max().unwrap_or(0);
    let sure = all >= LEAST_WORDS
        && hits[best] as f32 >= MIN_SHARE * all as f32
        && hits[best] as f32 >= MIN_LEAD * next.max(1) as f32;
    sure.then(|| tags[best])
}

/// True for one of the commonest words of a language, in small letters.
pub fn is_function_word(word: &str, lang: Latin) -> bool {
    let (tags, words) = &*WORDS;
    let mask = words.get(word).copied().unwrap_or(0);
    tags.iter().position(|t| *t == lang.tag()).is_some_and(|n| mask >> n & 1 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_told_from_its_function_words() {
        assert_eq!(guess("The members of tbe board met at the house in order to hear what was said"), Some(Latin::En));
        assert_eq!(guess("Die Regiernng hat den Bericht nicht in das Haus und auf die Liste gesetzt"), Some(Latin::De));
        assert_eq!(
            guess("Le conseil a vot\u{e9} la loi et les d\u{e9}put\u{e9}s sont dans la salle pour une heure"),
            Some(Latin::Fr)
        );
        assert_eq!(guess("De raad heeft het voorstel van de minister niet aangenomen en dat is een feit"), None);
        assert_eq!(guess("XIV 1848"), None);
    }
}
