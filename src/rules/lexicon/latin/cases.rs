//! Letters in the wrong case: `deS`, `wAter`, `In` for `in`, `leslie`. Recognisers take capitals for small letters of the same
//! shape, and an `I` for an `i`.
//!
//! It must never look at what else may be wrong with a word.

use super::candidates::Candidate;
use super::page::{Page, Type};
use crate::language::{Known, LatinModel, swap_key};
use crate::text::script::lower;
use std::cell::OnceCell;
use std::collections::HashMap;

/// What is wrong with the case of a word; the trees see its number.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Case {
    /// `Instructed` within a sentence.
    InitialI,
    /// `Was`, `Und` within a sentence: the small letter has the same shape.
    Initial,
    /// `deS`, `wAter`.
    Inside,
    /// `leslie`, where lists have it with a capital only.
    Name,
    /// `ES`.
    Two,
}

/// How a page has its letters.
#[derive(Debug, Default)]
pub(super) struct CaseHabits {
    /// For an initial within a sentence: how often large and small, of words that are listed small.
    initials: HashMap<char, (f32, f32)>,
    /// Words with a capital inside.
    inside: f32,
}

/// Capitals that differ from the small letter in size alone.
const SAME_SHAPE: [char; 12] = ['C', 'J', 'K', 'O', 'P', 'S', 'U', 'V', 'W', 'X', 'Z', '\u{d6}'];
/// What may stand before a capital inside a name.
const BEFORE_CAPITAL: [&str; 17] =
    ["mc", "mac", "de", "la", "le", "du", "des", "di", "da", "van", "von", "fitz", "st", "o", "d", "l", "m"];
/// What a letter in the wrong case costs in the channel.
const CASE_COST: f32 = 4.0;
/// A longer word in capitals is meant so.
const TWO: usize = 2;

impl CaseHabits {
    /// What is usual on a page.
    pub(super) fn of(page: &Page<'_, '_>) -> Self {
        let mut out = Self::default();
        for n in 0..page.tokens.len() {
            let ty = page.of(n);
            let small = ty.entry.is_some_and(|e| e.lower && !e.capital);
            let Some(first) = ty.text.chars().next() else { continue };
            if small && within(page, n) > 0.0 {
                let low = lower(first);
                let e = out.initials.entry(low).or_default();
                *(if low == first { &mut e.1 } else { &mut e.0 }) += 1.0;
            }
            out.inside += f32::from(u8::from(ty.cased.as_ref().is_some_and(|c| c.0 == Case::Inside)));
        }
        out
    }

    /// Share of large initials like this one, and how many such cases the page has.
    pub(super) fn of_word(&self, case: Case, text: &str) -> (f32, f32) {
        match case {
            Case::InitialI | Case::Initial => {
                let low = text.chars().next().map_or(' ', lower);
                let (large, small) = self.initials.get(&low).copied().unwrap_or_default();
                (large / (large + small).max(1.0), large.ln_1p())
            }
            _ => (0.0, self.inside.ln_1p()),
        }
    }
}

/// Whether a token goes on with a sentence: 1 after a word in small letters and a space, less over a line's end, else 0.
pub(super) fn within(page: &Page<'_, '_>, token: usize) -> f32 {
    let Some(before) = token.checked_sub(1) else { return 0.0 };
    let small = page.tokens[before].text.starts_with(char::is_lowercase);
    match page.gap(before) {
        " " if small => 1.0,
        "\n" if small => 0.5,
        _ => 0.0,
    }
}

/// The word as it may have been printed, and what is wrong with it. `known` answers for a word as it is written.
pub(super) fn recased(known: &dyn Fn(&str) -> bool, ty: &Type<'_>) -> Option<(Case, String)> {
    let text = ty.text;
    if ty.skip || !text.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '\u{2019}')) {
        return None;
    }
    let mut chars = text.chars();
    let first = chars.next()?;
    let large = chars.clone().filter(|c| c.is_uppercase()).count();
    let all = chars.clone().count();
    if large == 0 {
        let e = ty.entry?;
        if first.is_lowercase() && ty.known != Known::OldSpelling && e.capital && !e.lower {
            return Some((Case::Name, first.to_uppercase().chain(text.chars().skip(1)).collect()));
        }
        let same = SAME_SHAPE.contains(&first);
        if (first == 'I' || same) && e.lower && !e.capital {
            let case = if same { Case::Initial } else { Case::InitialI };
            return Some((case, text.to_lowercase()));
        }
        return None;
    }
    if all + 1 == TWO {
        let ends_alike = SAME_SHAPE.contains(&text.chars().next_back()?);
        let listed = ty.entry.is_some_and(|e| e.lower);
        return (first.is_uppercase() && ends_alike && listed)
            .then(|| (Case::Two, format!("{first}{}", chars.as_str().to_lowercase())));
    }
    let at = chars.clone().position(char::is_uppercase)? + 1;
    let before: String = text.chars().take(at).collect::<String>().to_lowercase();
    let last = at + 1 == all + 1;
    let apostrophe = before.ends_with(['\'', '\u{2019}']);
    if large * 3 > all + 1 || (!last && (apostrophe || BEFORE_CAPITAL.contains(&before.as_str()))) {
        return None;
    }
    let insert = format!("{first}{}", chars.as_str().to_lowercase());
    known(&insert).then_some((Case::Inside, insert))
}

/// The same as a candidate.
pub(super) fn candidate(ty: &Type<'_>, case: Case, insert: &str) -> Candidate {
    let differ = ty.text.chars().zip(insert.chars()).find(|(a, b)| a != b);
    let swap = differ.map(|(a, b)| swap_key(&[a, '\u{1}'], std::iter::once(b)));
    Candidate {
        insert: insert.to_owned(),
        words: vec![LatinModel::key(insert)],
        cost: CASE_COST,
        edits: 1,
        recorded: 0.0,
        swaps: swap.into_iter().collect(),
        case: Some(case),
        told: OnceCell::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Latin, TitleWords};
    use crate::text::Vocabulary;

    #[test]
    fn case_is_doubted_where_shapes_are_alike_and_not_in_names() {
        let l = Language::embedded();
        let (vocabulary, title) = (Vocabulary::default(), TitleWords::default());
        let recased = |text: &str, lang| {
            let page = Page::new(text, lang, &l, &vocabulary, &title);
            let cased: Vec<String> = page.types.iter().filter_map(|t| Some(t.cased.as_ref()?.1.clone())).collect();
            cased.join(" ")
        };
        assert_eq!(recased("waS wAter In Was leslie MismutheS", Latin::En), "was water in was Leslie");
        assert_eq!(recased("deS ES RatheS", Latin::De), "des Es Rathes");
        assert_eq!(recased("McDonald O'Brien LONDON Berlin DeWitt Haus MDCC I", Latin::De), "");
        assert_eq!(recased("The McDonald O'Brien LONDON Berlin DeWitt", Latin::En), "");
    }

    #[test]
    fn only_a_word_within_a_sentence_is_doubted_for_its_initial() {
        let l = Language::embedded();
        let (vocabulary, title) = (Vocabulary::default(), TitleWords::default());
        let page = Page::new("It was. In the In\nthe Irish In", Latin::En, &l, &vocabulary, &title);
        let places: Vec<f32> = (0..page.tokens.len()).map(|n| within(&page, n)).collect();
        assert_eq!(places, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    }
}
