//! The words of which jump marks are made, as the table has them. It must never hold a judgement.

use crate::text::lists;
use std::sync::LazyLock;

/// The words, as data.
const WORDS: &str = include_str!("../../../dictionaries/jump-lines.tsv");

#[derive(Default)]
pub(super) struct Words {
    pub(super) zh_to: Vec<&'static str>,
    pub(super) zh_from: Vec<&'static str>,
    pub(super) zh_to_weak: Vec<&'static str>,
    pub(super) zh_from_weak: Vec<&'static str>,
    pub(super) zh_to_misread: Vec<&'static str>,
    pub(super) zh_from_misread: Vec<&'static str>,
    pub(super) zh_page: Vec<&'static str>,
    pub(super) zh_page_misread: Vec<&'static str>,
    /// Han characters with which a Chinese mark may end.
    pub(super) zh_last: Vec<char>,
    pub(super) zh_phrases: Vec<(&'static str, bool)>,
    pub(super) verbs: Vec<&'static str>,
    pub(super) verbs_weak: Vec<&'static str>,
    pub(super) onward: Vec<&'static str>,
    pub(super) whence: Vec<&'static str>,
    pub(super) link: Vec<&'static str>,
    pub(super) page: Vec<&'static str>,
    pub(super) ordinal: Vec<&'static str>,
    pub(super) phrases: Vec<(Vec<&'static str>, bool)>,
}

pub(super) static TABLE: LazyLock<Words> = LazyLock::new(|| {
    let mut w = Words::default();
    for l in lists::rows(WORDS) {
        let mut f = l.split('\t');
        let (Some(class), Some(lang), Some(word)) = (f.next(), f.next(), f.next()) else { continue };
        match (class, lang == "zh") {
            ("to", true) => w.zh_to.push(word),
            ("from", true) => w.zh_from.push(word),
            ("to-weak", true) => w.zh_to_weak.push(word),
            ("from-weak", true) => w.zh_from_weak.push(word),
            ("to-misread", true) => w.zh_to_misread.push(word),
            ("from-misread", true) => w.zh_from_misread.push(word),
            ("page", true) => w.zh_page.push(word),
            ("page-misread", true) => w.zh_page_misread.push(word),
            ("phrase-to" | "phrase-from", true) => w.zh_phrases.push((word, class == "phrase-to")),
            ("phrase-to" | "phrase-from", false) => w.phrases.push((word.split(' ').collect(), class == "phrase-to")),
            ("verb", _) => w.verbs.push(word),
            ("verb-weak", _) => w.verbs_weak.push(word),
            ("onward", _) => w.onward.push(word),
            ("whence", _) => w.whence.push(word),
            ("link", _) => w.link.push(word),
            ("page", _) => w.page.push(word),
            ("ordinal", _) => w.ordinal.push(word),
            _ => {}
        }
    }
    let ends = w.zh_page.iter().chain(&w.zh_page_misread).copied().chain(w.zh_phrases.iter().map(|(x, _)| *x));
    w.zh_last = ends.filter_map(|x| x.chars().next_back()).chain("一二三四五六七八九十".chars()).collect();
    w.zh_last.sort_unstable();
    w.zh_last.dedup();
    // The longest word first: 紧接上 before 接上.
    for list in [&mut w.zh_to, &mut w.zh_from, &mut w.zh_to_weak, &mut w.zh_from_weak] {
        list.sort_by_key(|x| std::cmp::Reverse(x.len()));
    }
    w.zh_phrases.sort_by_key(|(x, _)| std::cmp::Reverse(x.len()));
    w.phrases.sort_by_key(|(x, _)| std::cmp::Reverse(x.len()));
    w
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_words_are_in_lower_case() {
        let lines: Vec<&str> = lists::rows(WORDS).collect();
        assert!(lines.is_sorted());
        for l in lines {
            assert_eq!(l.split('\t').count(), 3, "{l}");
            assert_eq!(l, l.to_lowercase());
        }
    }
}
