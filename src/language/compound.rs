//! German compounds: a word made of listed words, with or without a linking letter.
//!
//! It must never say that a compound exists, only that its parts do.

use super::words::WordList;

/// Shorter parts make a compound of almost anything.
const SHORTEST_PART: usize = 4;
/// Letters that may link two parts.
const LINKS: [&str; 6] = ["", "s", "es", "n", "en", "er"];
/// More parts than this are not looked for.
const MOST_PARTS: usize = 3;

/// True where the word is two or three listed words in a row. Tried from the longest first part down.
pub(super) fn is_compound(list: &WordList, word: &str) -> bool {
    let low = word.to_lowercase();
    let rest_is_small = word.chars().skip(1).all(|c| c.is_lowercase());
    rest_is_small && low.chars().count() >= 2 * SHORTEST_PART && splits(list, &low, MOST_PARTS)
}

fn splits(list: &WordList, low: &str, parts: usize) -> bool {
    let starts: Vec<usize> = low.char_indices().map(|(i, _)| i).collect();
    let n = starts.len();
    if n < 2 * SHORTEST_PART {
        return false;
    }
    (SHORTEST_PART..=n - SHORTEST_PART).rev().any(|cut| {
        let (head, tail) = low.split_at(starts[cut]);
        let head = LINKS.iter().any(|link| {
            head.strip_suffix(link).is_some_and(|h| {
                h.chars().count() >= SHORTEST_PART && list.entry(h).is_some_and(|e| e.lower || e.capital)
            })
        });
        head && (list.entry(tail).is_some() || (parts > 2 && splits(list, tail, parts - 1)))
    })
}
