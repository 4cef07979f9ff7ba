//! The words of a page that nothing explains, for a title's list.
//!
//! It must never say that a word is wrong.

use super::page::Page;
use crate::language::{Known, Language, TitleWords, guess};
use crate::text::Vocabulary;

/// A word that no list, rule, compound or sight explains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownWord {
    /// The word as it stands.
    pub word: String,
    /// The line it stands in, cut to its neighbourhood.
    pub context: String,
}

/// Letters on each side of a word in its context.
const AROUND: usize = 30;

/// Unknown words in order of place; nothing for a text in a language without a list.
pub fn unknown_words(text: &str, language: &Language, title: &TitleWords) -> Vec<UnknownWord> {
    let Some(lang) = guess(text) else { return Vec::new() };
    let vocabulary = Vocabulary::default();
    let page = Page::new(text, lang, language, &vocabulary, title);
    let foreign = page.foreign();
    (0..page.tokens.len())
        .filter(|&n| !foreign[n] && !page.of(n).skip && page.of(n).known == Known::No)
        .map(|n| {
            let span = page.tokens[n].span;
            let left: Vec<char> = text[..span.start()].chars().rev().take(AROUND).collect();
            let right = text[span.end()..].chars().take(AROUND);
            let context: String = left.into_iter().rev().chain(page.tokens[n].text.chars()).chain(right).collect();
            let context = context.split_whitespace().collect::<Vec<_>>().join(" ");
            UnknownWord { word: page.tokens[n].text.to_owned(), context }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_explains_is_listed_and_a_titles_own_word_is_not() {
        let l = Language::embedded();
        let text =
            "The members of the government of Qwertyland were not in the house when it was read, and Zzxyburg was.";
        let words = |t: &TitleWords| unknown_words(text, &l, t).into_iter().map(|w| w.word).collect::<Vec<_>>();
        assert_eq!(words(&TitleWords::default()), ["Qwertyland", "Zzxyburg"]);
        let title = TitleWords::parse("good\tZzxyburg\nbad\thouse\n").expect("a list");
        assert_eq!(words(&title), ["Qwertyland", "house"]);
    }
}
