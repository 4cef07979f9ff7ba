//! One text as the corrector sees it: its words by type, what is known of each, and how noisy the whole is.
//!
//! It must never propose anything.

use super::tokens::{Token, is_roman, tokens};
use crate::language::{Entry, Known, Language, Latin, LatinModel, Parsed, TitleWords, fold_word, guess_tag};
use crate::text::Vocabulary;
use foldhash::{HashMap, HashMapExt};
use std::cell::OnceCell;

use super::candidates::Candidate;
use super::cases::{Case, CaseHabits, recased};
use super::habits::Habits;
use super::told::Told;

/// A word as written, however often it stands in the text.
#[derive(Debug)]
pub struct Type<'t> {
    /// The word.
    pub text: &'t str,
    /// The same in small letters.
    pub folded: String,
    /// What is known of it.
    pub known: Known,
    /// What the list says.
    pub entry: Option<Entry>,
    /// True for what is no ordinary word: numbers, single letters, endless ink.
    pub skip: bool,
    pub(super) candidates: OnceCell<Vec<Candidate>>,
    /// The candidate that stands out, by its number.
    pub(super) clear: OnceCell<Option<usize>>,
    pub(super) told: OnceCell<Told>,
    /// The word in another case, where that may be how it was printed.
    pub(super) cased: Option<(Case, String)>,
    /// Another language's list has it and this one's lacks it.
    elsewhere: OnceCell<bool>,
}

/// What stands around a place.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub(super) struct Surroundings {
    /// Share of words with a capital, the nearest on both sides.
    pub capitals: f32,
    /// Share of unknown words, farther out.
    pub unknown: f32,
    /// Words near by that only another language has.
    pub foreign: f32,
}

/// Words on each side in which capitals and words of another language are counted.
const NEAR: usize = 6;
/// The same for unknown words.
const AROUND: usize = 16;

/// A text with its words.
#[derive(Debug)]
pub struct Page<'a, 't> {
    /// The text.
    pub text: &'t str,
    /// Its language.
    pub lang: Latin,
    /// All resources.
    pub language: &'a Language,
    /// What was learned of the language.
    pub model: &'a LatinModel,
    /// Its parsed parts.
    pub parsed: &'a Parsed,
    /// The words of the batch.
    pub vocabulary: &'a Vocabulary,
    /// The words in order.
    pub tokens: Vec<Token<'t>>,
    /// The type of each word.
    pub ids: Vec<u32>,
    /// The types.
    pub types: Vec<Type<'t>>,
    /// How often each form stands in the text, in small letters.
    pub counts: HashMap<String, u32>,
    pub(super) habits: OnceCell<Habits>,
    case_habits: OnceCell<CaseHabits>,
    /// Share of unknown words among those of two letters and more.
    pub noise: f32,
    /// The same among those in small letters.
    pub noise_small: f32,
    /// Words that are neither numbers nor single letters.
    pub words: u32,
}

/// A paragraph needs so many bytes to be told as foreign.
const FOREIGN_BYTES: usize = 160;
/// More letters are no word.
const LONGEST: usize = 28;
/// A word of so many sightings in printed text is known though no list has it.
pub(super) const SEEN_ENOUGH: f32 = 3.0;
/// The same for a word that stands alone on a page; printed text of the time counts double.
const KNOWN_BY_SIGHT: f32 = 6.0;

impl<'a, 't> Page<'a, 't> {
    /// Looks up every word of `text` once.
    pub fn new(
        text: &'t str,
        lang: Latin,
        language: &'a Language,
        vocabulary: &'a Vocabulary,
        title: &TitleWords,
    ) -> Self {
        let model = language.model(lang);
        let parsed = model.parsed(&super::evidence::FEATURES);
        let tokens = tokens(text, lang);
        let (mut by_text, mut types, mut counts) = (HashMap::<&str, u32>::new(), Vec::new(), HashMap::new());
        let (mut ids, mut uses) = (Vec::with_capacity(tokens.len()), Vec::<u32>::new());
        let (mut words, mut unknown, mut small, mut small_unknown) = (0u32, 0u32, 0u32, 0u32);
        for t in &tokens {
            let id = *by_text.entry(t.text).or_insert_with(|| {
                types.push(Type::new(t.text, lang, language, title));
                uses.push(0);
                types.len() as u32 - 1
            });
            let ty: &Type<'_> = &types[id as usize];
            if !ty.skip {
                words += 1;
                unknown += u32::from(ty.known == Known::No);
                let low = ty.text.starts_with(char::is_lowercase);
                small += u32::from(low);
                small_unknown += u32::from(low && ty.known == Known::No);
            }
            uses[id as usize] += 1;
            ids.push(id);
        }
        for (ty, n) in types.iter().zip(&uses) {
            *counts.entry(ty.folded.clone()).or_insert(0) += n;
        }
        let noise = unknown as f32 / words.max(1) as f32;
        Self {
            text,
            lang,
            language,
            model,
            parsed,
            vocabulary,
            tokens,
            ids,
            types,
            counts,
            noise,
            noise_small: small_unknown as f32 / small.max(1) as f32,
            words,
            habits: OnceCell::new(),
            case_habits: OnceCell::new(),
        }
    }

    /// The type of a token.
    pub fn of(&self, token: usize) -> &Type<'t> {
        &self.types[self.ids[token] as usize]
    }

    /// What the tables say of a token's word.
    pub(super) fn told(&self, token: usize) -> Told {
        let ty = self.of(token);
        *ty.told.get_or_init(|| Told::of(self, std::iter::once(ty.folded.as_str())))
    }

    /// True for a word that this language lacks and another has as it is written.
    pub(super) fn is_elsewhere(&self, token: usize) -> bool {
        let ty = self.of(token);
        *ty.elsewhere.get_or_init(|| {
            let others = || Latin::ALL.into_iter().filter(|l| *l != self.lang);
            !ty.skip && ty.known == Known::No && others().any(|l| self.language.words(l).has(ty.text))
        })
    }

    /// What stands around `width` tokens.
    pub(super) fn around(&self, token: usize, width: usize) -> Surroundings {
        let beside = |n: usize| {
            (token.saturating_sub(n)..token).chain(token + width..(token + width + n).min(self.tokens.len()))
        };
        let (mut out, mut all) = (Surroundings::default(), 0f32);
        for n in beside(NEAR) {
            out.capitals += f32::from(u8::from(self.tokens[n].text.starts_with(char::is_uppercase)));
            out.foreign += f32::from(u8::from(self.is_elsewhere(n)));
            all += 1.0;
        }
        out.capitals /= all.max(1.0);
        all = 0.0;
        for n in beside(AROUND).filter(|n| !self.of(*n).skip) {
            out.unknown += f32::from(u8::from(self.of(n).known == Known::No));
            all += 1.0;
        }
        out.unknown /= all.max(1.0);
        out
    }

    /// How the page has its letters.
    pub(super) fn case_habits(&self) -> &CaseHabits {
        self.case_habits.get_or_init(|| CaseHabits::of(self))
    }

    /// Share of the words that clearly were read wrong.
    pub(super) fn misread_share(&self) -> f32 {
        self.habits.get_or_init(|| Habits::of(self)).share(self)
    }

    /// What stands between a token and the next.
    pub fn gap(&self, token: usize) -> &'t str {
        let end = self.tokens.get(token + 1).map_or(self.text.len(), |t| t.span.start());
        self.text.get(self.tokens[token].span.end()..end).unwrap_or("")
    }

    /// True where a hyphen stands right behind a token, and a space or line end behind that.
    pub fn hyphenated(&self, token: usize) -> bool {
        let mut gap = self.gap(token).chars();
        matches!(gap.next(), Some('-' | '\u{AC}' | '\u{AD}' | '\u{2010}' | '='))
            && gap.next().is_some_and(char::is_whitespace)
    }

    /// The word before a token, in the same paragraph; else nothing.
    pub fn left(&self, token: usize) -> &'t str {
        match token.checked_sub(1) {
            Some(n) if !is_paragraph(self.gap(n)) => self.tokens[n].text,
            _ => "",
        }
    }

    /// The word after a token, in the same paragraph; else nothing.
    pub fn right(&self, token: usize) -> &'t str {
        match self.tokens.get(token + 1) {
            Some(t) if !is_paragraph(self.gap(token)) => t.text,
            _ => "",
        }
    }

    /// How often a form stands in this text, whatever its case.
    pub fn here(&self, folded: &str) -> f32 {
        self.counts.get(folded).copied().unwrap_or(0) as f32
    }

    /// True for words in a paragraph of another language.
    pub fn foreign(&self) -> Vec<bool> {
        let mut out = vec![false; self.tokens.len()];
        let mut start = 0;
        for part in self.text.split("\n\n") {
            let end = start + part.len();
            if part.len() >= FOREIGN_BYTES && guess_tag(part).is_some_and(|tag| tag != self.lang.tag()) {
                let from = self.tokens.partition_point(|t| t.span.start() < start);
                let to = self.tokens.partition_point(|t| t.span.start() < end);
                out[from..to].fill(true);
            }
            start = end + 2;
        }
        out
    }
}

fn is_paragraph(gap: &str) -> bool {
    gap.contains("\n\n") || gap.contains('\u{C}')
}

impl<'t> Type<'t> {
    fn new(text: &'t str, lang: Latin, language: &Language, title: &TitleWords) -> Self {
        let (mut letters, mut digits, mut all, mut strange) = (0, 0, 0, false);
        for c in text.chars() {
            all += 1;
            letters += usize::from(c.is_alphabetic());
            digits += usize::from(c.is_ascii_digit());
            strange |= c.is_alphabetic()
                && !(c <= '\u{24F}'
                    || ('\u{1E00}'..='\u{1EFF}').contains(&c)
                    || ('\u{FB00}'..='\u{FB06}').contains(&c));
        }
        let good = !title.is_empty() && title.is_good(text);
        let skip = good
            || letters < 2
            || all > LONGEST
            || strange
            || digits > 1
            || (digits == 1 && letters < 4)
            || is_roman(text)
            || letters * 2 < all;
        let folded = String::from_utf8_lossy(&fold_word(text)).into_owned();
        let entry = language.words(lang).entry(text);
        let mut known = if skip { Known::Listed } else { language.known(lang, text) };
        if known == Known::No && (seen_in_print(&folded, language.model(lang)) || parts_known(text, lang, language)) {
            known = Known::Compound;
        }
        if !skip && !title.is_empty() && title.is_bad(text) {
            known = Known::No;
        }
        let mut out = Self {
            text,
            folded,
            known,
            entry,
            skip,
            cased: None,
            candidates: OnceCell::new(),
            clear: OnceCell::new(),
            told: OnceCell::new(),
            elsewhere: OnceCell::new(),
        };
        out.cased = recased(&|w| language.known(lang, w) != Known::No, &out);
        out
    }
}

/// True for a word that printed text has often enough, and that recognisers do not make of another: even the printed
/// side of a corpus holds some `tbe`.
fn seen_in_print(folded: &str, model: &LatinModel) -> bool {
    let seen = model.context.count(folded);
    let misreads = &model.parsed(&super::evidence::FEATURES).misreads;
    let misread: f32 = misreads.of(folded).iter().map(|m| m.1).sum();
    seen >= KNOWN_BY_SIGHT && misread < seen
}

/// `to-day`, `Crown-Prince`, `boys'`, `John's`: every part is a word.
fn parts_known(text: &str, lang: Latin, language: &Language) -> bool {
    let list = language.words(lang);
    let stem = text.strip_suffix("'s").or_else(|| text.strip_suffix("\u{2019}s")).filter(|_| lang == Latin::En);
    if stem.is_some_and(|s| list.has(s)) {
        return true;
    }
    let mut parts = text.split('-').peekable();
    text.contains('-') && parts.all(|p| !p.is_empty() && list.entry(p).is_some())
}
