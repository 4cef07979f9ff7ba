//! What becomes of a hyphen at a line's end: undone, kept, or kept with the space of a suspended hyphen.
//!
//! The document's own spellings decide first, then the shapes of both halves. It must never change a letter.

use super::marks::{End, end_of};
use super::spellings::Spellings;
use crate::language::{Known, Language, Latin, is_function_word};
use crate::text::lists;

/// First parts that keep their hyphen, words before which a hyphen is suspended, clitics that follow one: as data.
const KEEPS: &str = include_str!("../../../dictionaries/hyphen-keeps.tsv");

/// Letters from which a capitalised half counts as a word of its own.
const NAME: usize = 4;

/// Letters that the first half of a divided word has at least; fewer are an ornament or an initial.
const STEM: usize = 2;

/// Letters from which a part that is no word says that the word before it is none either.
const TAIL: usize = 4;

/// What becomes of a hyphen.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It goes: the word was divided.
    Undo,
    /// It stays: a compound.
    Keep,
    /// It stays with a space: the second part of the first compound is saved.
    KeepSpace,
    /// There is no hyphen, and a word was divided: the OCR lost it.
    Lost,
    /// This is no hyphen at all.
    None,
    /// A hyphen, but what stands before it is no half of a word: the line end stays as it is.
    Apart,
}

impl Verdict {
    /// True where there is a hyphen.
    pub(super) const fn is_hyphen(self) -> bool {
        !matches!(self, Verdict::None | Verdict::Lost)
    }
}

/// What becomes of a hyphen, and how well that is founded.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Judged {
    /// What becomes of it.
    pub(super) verdict: Verdict,
    /// True where the document itself, a word list or the table spells the word that results.
    pub(super) known: bool,
    /// The same without German compounds, which two halves of two texts may make by chance.
    pub(super) listed: bool,
    /// True where the part after the break is no word of the document's language: it cannot begin another text.
    pub(super) torn: bool,
    /// True where a capital would follow a small letter: the halves may be of two texts.
    pub(super) capital: bool,
    /// True where a capital follows a small letter anywhere in the word without its hyphen: FiScher.
    pub(super) odd: bool,
    /// True where the part before the hyphen is a word of its own elsewhere in the document, or both parts are words that
    /// make a compound: Abrams-/Kampfpanzer.
    pub(super) compound: bool,
}

impl Judged {
    /// No hyphen.
    pub(super) const NONE: Self = Self::of(Verdict::None);

    const fn of(verdict: Verdict) -> Self {
        Self { verdict, known: false, listed: false, torn: false, capital: false, odd: false, compound: false }
    }
}

/// What the halves of a word at a break say about its hyphen. `left` ends with it.
pub(super) fn judge(left: &str, right: &str, spellings: &Spellings<'_, '_>, language: &Language) -> Judged {
    if end_of(left) != End::Hyphen {
        return Judged::of(if lost(left, right, spellings, language) { Verdict::Lost } else { Verdict::None });
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
    let bare = &left[..left.len() - hyphen_len(left)];
    let head_at = bare.char_indices().rev().take_while(|&(_, c)| part(c)).last().map_or(bare.len(), |(i, _)| i);
    let head = &bare[head_at..];
    let tail_len = right.char_indices().find(|&(_, c)| !part(c)).map_or(right.len(), |(i, _)| i);
    let tail = &right[..tail_len];
    let (Some(a), Some(b)) = (head.chars().next(), tail.chars().next()) else { return Judged::of(Verdict::None) };
    let last = head.chars().next_back().unwrap_or(a);
    if last.is_numeric() || b.is_numeric() {
        // A range of years, a model's number: the hyphen is text.
        return Judged::of(Verdict::Keep);
    }
    if !last.is_alphabetic() || !b.is_alphabetic() {
        return Judged::of(Verdict::None);
    }
    let halves = Halves { head, tail, bare, head_at, head_low: head.to_lowercase(), tail_low: tail.to_lowercase() };
    let joined = spellings.count(&format!("{head}{tail}"));
    let hyphened = spellings.count(&format!("{head}-{tail}"));
    let whole = halves.whole();
    let claim = spellings.known(language, &whole);
    let known_joined = joined > 0 || claim > Known::No;
    let alone = joined == 0 && hyphened == 0 && claim <= Known::Compound;
    let goes_on = right[tail_len..].strip_prefix('-').is_some_and(starts_with_letter);
    let common = |l| is_function_word(&halves.tail_low, l);
    let particle = || halves.tail_low == "upon" || Latin::ALL.into_iter().any(common);
    if is_address(bare, right) || alone && goes_on && particle() {
        // jade@ens-/lyon.org, Stratford-/upon-Avon: one word of several parts.
        return Judged::of(Verdict::Keep);
    }
    let before = &bare[..head_at];
    let letters = head.chars().filter(|c| c.is_alphabetic()).count();
    let stroke = before.strip_suffix(is_stroke).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    let ornament = stroke && letters <= STEM;
    let small = head.starts_with(char::is_lowercase) && tail.starts_with(char::is_lowercase);
    let known = |w: &str| spellings.known(language, w) > Known::No;
    let words = || small && alone && claim == Known::No && known(head) && known(tail);
    if chain(before) && (letters < STEM || words()) {
        // Serie-A-/Partie, c'est-à-/dire, rez-de-/chaussée: one word of several parts.
        return Judged { known: true, listed: true, ..Judged::of(Verdict::Keep) };
    }
    if ornament || letters < STEM && joined == 0 && hyphened == 0 {
        return Judged::of(Verdict::Apart);
    }
    let strokes = left[bare.len()..].chars().count();
    let (verdict, listed) = halves.verdict(strokes, joined, hyphened, spellings, language);
    // Only a hyphen may be a dash; entsprechen-/der is a German word.
    let dash = left.ends_with(['-', '\u{2010}']);
    let ending = |l| {
        let article = matches!(halves.tail_low.as_str(), "der" | "dem" | "den" | "des");
        l == Latin::De && article && known(&format!("{}d", halves.head_low))
    };
    let common = |l| {
        let whole = spellings.known(language, head) > Known::Compound;
        dash && !ending(l) && whole && is_function_word(&halves.tail_low, l)
    };
    if verdict == Verdict::Undo && !listed && alone && spellings.language().is_some_and(common) {
        // at last-/the old man: two words, so a dash.
        return Judged::of(Verdict::None);
    }
    let capital = last.is_lowercase() && b.is_uppercase();
    let known = match verdict {
        // A small letter before a capital is never undone unasked, but where the table or a long s says so.
        Verdict::Undo if capital => listed,
        Verdict::Undo => known_joined || listed,
        _ => hyphened > 0 || listed,
    };
    let pairs = head.chars().chain(tail.chars()).zip(head.chars().chain(tail.chars()).skip(1));
    let odd = verdict == Verdict::Undo && pairs.into_iter().any(|(x, y)| x.is_lowercase() && y.is_uppercase());
    let torn = spellings.language().is_some() && spellings.known(language, tail) == Known::No;
    // The half at the break is itself one of the words that are counted.
    let compound = capital && (spellings.count(head) > 1 || spellings.is_noun(language, tail) && a.is_uppercase());
    let listed = known && (verdict != Verdict::Undo || listed || joined > 0 || claim > Known::Compound);
    Judged { verdict, known, listed, torn, capital, odd, compound }
}

/// True where the break falls into an address.
fn is_address(left: &str, right: &str) -> bool {
    let before = left.rsplit(char::is_whitespace).next().unwrap_or_default();
    let behind = right.split(char::is_whitespace).next().unwrap_or_default();
    before.contains('@') || before.contains("://") || before.starts_with("www.") || behind.contains('@')
}

fn starts_with_letter(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
}

/// True where a word with a hyphen of its own stands before: the part that follows is not its first.
fn chain(before: &str) -> bool {
    before
        .strip_suffix(['-', '\u{2010}'])
        .is_some_and(|rest| rest.chars().rev().take_while(|c| c.is_alphanumeric()).nth(STEM - 1).is_some())
}

/// A word that was divided at the line's end and whose hyphen the OCR lost: the whole is in the list, and one of the
/// halves is not.
fn lost(left: &str, right: &str, spellings: &Spellings<'_, '_>, language: &Language) -> bool {
    let head_at =
        left.char_indices().rev().take_while(|&(_, c)| c.is_alphabetic()).last().map_or(left.len(), |(i, _)| i);
    let head = &left[head_at..];
    let tail_len = right.char_indices().find(|&(_, c)| !c.is_alphabetic()).map_or(right.len(), |(i, _)| i);
    let tail = &right[..tail_len];
    let apart = left[..head_at].ends_with(char::is_whitespace) || head_at == 0;
    let fits = |w: &str| w.chars().count() >= STEM && w.chars().skip(1).all(char::is_lowercase);
    if !apart || !fits(head) || !fits(tail) || !tail.starts_with(char::is_lowercase) {
        return false;
    }
    let Some(lang) = spellings.language() else { return false };
    let listed = |w: &str| language.words(lang).has(w);
    // Apostrophes and hyphens make a word of what is none.
    let bound = right[tail_len..].starts_with(['\'', '\u{2019}', '-']);
    let no_word = |w: &str| !listed(w) && spellings.count(w) < 2;
    // Of a few letters the OCR makes what is no word out of anything: die/le is no Diele.
    let torn = no_word(head) || no_word(tail) && tail.chars().count() >= TAIL;
    !bound && torn && listed(&format!("{head}{tail}"))
}

/// The two halves of a word, in the case of the text and in lower case.
struct Halves<'t> {
    head: &'t str,
    tail: &'t str,
    bare: &'t str,
    head_at: usize,
    head_low: String,
    tail_low: String,
}

impl Halves<'_> {
    /// The whole word. A capital S after a small letter is what the OCR makes of a long s.
    fn whole(&self) -> String {
        let (head, tail) = (self.head, self.tail);
        let small = head.ends_with(char::is_lowercase) && tail.starts_with('S');
        if small { format!("{head}{}", self.tail_low) } else { format!("{head}{tail}") }
    }

    /// Men-/Schen in a German text: what the OCR makes of Fraktur's long s, where the whole is a word.
    fn is_long_s(&self, spellings: &Spellings<'_, '_>, language: &Language) -> bool {
        self.head.ends_with(char::is_lowercase)
            && self.tail.starts_with('S')
            && spellings.language() == Some(Latin::De)
            && spellings.known(language, &self.whole()) > Known::No
            && !spellings.is_noun(language, self.tail)
    }

    /// What becomes of the hyphen, and whether the table says so.
    fn verdict(
        &self,
        strokes: usize,
        joined: u32,
        hyphened: u32,
        spellings: &Spellings<'_, '_>,
        language: &Language,
    ) -> (Verdict, bool) {
        let Self { head, tail, bare, head_at, head_low, tail_low } = self;
        let (a, b) = (head.chars().next().unwrap_or(' '), tail.chars().next().unwrap_or(' '));
        let last = head.chars().next_back().unwrap_or(a);
        if strokes > 1 {
            // Two strokes: a dash, unless the halves are no words or the whole is one.
            let whole = joined > 0 || spellings.known(language, &self.whole()) > Known::Compound;
            let undo = whole || spellings.known(language, head_low) == Known::No;
            return (if undo { Verdict::Undo } else { Verdict::None }, false);
        }
        if keeps("suspended-before", tail_low) && spellings.known(language, &self.whole()) <= Known::Compound {
            return (Verdict::KeepSpace, false);
        }
        if joined != hyphened {
            // A word that the OCR reads so each time is known by its long s all the same.
            let long_s = self.is_long_s(spellings, language);
            return if joined > hyphened { (Verdict::Undo, long_s) } else { (Verdict::Keep, false) };
        }
        let long = |w: &str| w.chars().count() >= NAME;
        let capitals = |w: &str| w.chars().count() > 1 && w.chars().all(char::is_uppercase);
        if keeps("name-prefix", head_low) && b.is_uppercase() {
            // Mc-/Carthy is one name.
            return (Verdict::Undo, true);
        }
        if capitals(head) && !capitals(tail) && tail.chars().count() > 2 && b.is_uppercase() {
            // US-/Luftwaffe: initials stand before a hyphen.
            return (Verdict::Keep, false);
        }
        if a.is_uppercase() && b.is_uppercase() && head.chars().chain(tail.chars()).any(char::is_lowercase) {
            // Kunst-/Verein is a compound; Men-/Schen is Fraktur's long s read as a capital.
            let long_s = self.is_long_s(spellings, language);
            let keep = long(head) && long(tail) && !long_s;
            return (if keep { Verdict::Keep } else { Verdict::Undo }, long_s);
        }
        if self.is_long_s(spellings, language) {
            return (Verdict::Undo, true);
        }
        if b.is_uppercase() && last.is_lowercase() {
            let listed = keeps("before-capital", head_low);
            return (if listed { Verdict::Keep } else { Verdict::Undo }, listed);
        }
        // A compound already hyphened before this one goes on with a hyphen: Zürich-Rapperswil-/Uznach.
        if b.is_uppercase() && bare[..*head_at].ends_with('-') && tail.chars().any(char::is_lowercase) {
            return (Verdict::Keep, false);
        }
        let lang = spellings.language();
        let french = lang.is_none_or(|l| l == Latin::Fr);
        let clitic = french && keeps("clitic", tail_low) && head_low.ends_with(['t', 'd']);
        let pronoun = french && keeps("pronoun", tail_low) && head.chars().count() > 2;
        // L'avant-/projet as avant-/projet; but sous-/cription is a word.
        let bare_head = head_low.rsplit(['\'', '\u{2019}']).next().unwrap_or(head_low);
        let pair = [head_low, bare_head].into_iter().any(|h| keeps("pair", &format!("{h}-{tail_low}")));
        let strange = || spellings.known(language, &self.whole()) == Known::No;
        // Donne-/lui, allez-/y, but not pla-/ce.
        let object = lang == Some(Latin::Fr)
            && keeps("french-pronoun", tail_low)
            && spellings.known(language, head_low) > Known::No
            && strange();
        // Baker-/street, Grade II-/listed.
        let street = lang == Some(Latin::En) && a.is_uppercase() && keeps("street", tail_low) && strange();
        let numeral = head.chars().count() > 1 && head.chars().all(|c| "IVXLCDM".contains(c)) && b.is_lowercase();
        let first = keeps("first-part", bare_head)
            && tail.chars().count() > 3
            && spellings.known(language, &self.whole()) <= Known::Compound;
        // Two adjectives side by side: österreichisch-/deutsch.
        let adjectives = head_low.ends_with("isch") && a.is_lowercase() && long(head) && tail.chars().count() > 5;
        if clitic
            || pair
            || first
            || pronoun
            || object
            || street
            || numeral
            || adjectives
            || (spellings.language() == Some(Latin::En)
                && a.is_lowercase()
                && english_compound(head_low, tail_low, language))
        {
            (Verdict::Keep, pair)
        } else {
            (Verdict::Undo, false)
        }
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

/// What OCR makes of a hyphen.
fn is_stroke(c: char) -> bool {
    matches!(c, '-' | '\u{AC}' | '\u{AD}' | '\u{2010}' | '\u{2E17}' | '=')
}

/// Bytes of the hyphens at the end of a line; OCR makes two of one, with or without a space.
pub(super) fn hyphen_len(left: &str) -> usize {
    let mut rest = left.strip_suffix(is_stroke).unwrap_or(left);
    let one = rest;
    rest = rest.trim_end();
    match rest.strip_suffix(is_stroke) {
        Some(two) if !two.ends_with(|c: char| is_stroke(c) || c.is_whitespace()) => left.len() - two.len(),
        _ => left.len() - one.len(),
    }
}

/// True where the table has the word under that heading.
fn keeps(kind: &str, word: &str) -> bool {
    // The table is sorted and short: a search by halves over its lines, on line ends with a hyphen only.
    use std::sync::LazyLock;
    static LINES: LazyLock<Vec<(&'static str, &'static str)>> =
        LazyLock::new(|| lists::rows(KEEPS).filter_map(|l| l.split_once('\t')).collect());
    LINES.binary_search(&(kind, word)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn of(left: &str, right: &str, text: &str) -> Verdict {
        let doc = Document::new(text, &[]);
        judge(left, right, &Spellings::new(&doc), &Language::embedded()).verdict
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
            ("der Serie-A-", "Partie", Verdict::Keep),
            ("c'est-à-", "dire que", Verdict::Keep),
            ("die M-A-", "gain", Verdict::Apart),
            ("Lâche-", "moi", Verdict::Keep),
            ("die Men-", "Schen hier", Verdict::Undo),
            ("he is anti-", "American", Verdict::Keep),
            ("be-", "Stimmten", Verdict::Undo),
            ("General Mac-", "Arthur", Verdict::Undo),
            ("the years 1914-", "1918", Verdict::Keep),
            ("a self-", "conscious man", Verdict::Keep),
            ("a list -", "of things", Verdict::None),
            ("-o-", "nothing", Verdict::Apart),
            ("saß obenan,-Hein-", "rich kam", Verdict::Undo),
            ("-o-\u{AD}", "nothing", Verdict::Apart),
            ("she said a-", "gain", Verdict::Apart),
            ("mail to jade@ens-", "lyon.org today", Verdict::Keep),
            ("in Stratford-", "upon-Avon", Verdict::Keep),
            ("какая-", "нибудь", Verdict::Keep),
            ("Campbell-Banner-", "man rose", Verdict::Undo),
            ("Hans-Sachs-", "Straße", Verdict::Keep),
            ("die Kaiser-", "Straße", Verdict::Keep),
            ("im rez-de-", "chaussée", Verdict::Keep),
            ("a Grade II-", "listed house", Verdict::Keep),
            ("l’après-", "midi", Verdict::Keep),
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
        assert_eq!(of("he came at last-", "the old man", text), Verdict::None);
        assert_eq!(of("the com-", "mander-in-chief", text), Verdict::Undo);
        assert_eq!(of("his ill-", "ness was", text), Verdict::Undo);
        let french = "le conseil a vu la loi et les lois sont dans la salle pour une heure de la nuit";
        assert_eq!(of("le sous-", "secrétaire", french), Verdict::Keep);
        assert_eq!(of("la sous-", "cription", french), Verdict::Undo);
        assert_eq!(of("l'avant-", "projet", french), Verdict::Keep);
        assert_eq!(of("allait-", "il presser", french), Verdict::Keep);
        assert_eq!(of("peut-", "être pas", french), Verdict::Keep);
        assert_eq!(of("donne-", "lui la", french), Verdict::Keep);
        assert_eq!(of("pla-", "ce à", french), Verdict::Undo);
        let german =
            "der Mann und die Frau sind in das Haus gegangen und haben nicht mit dem Hund auf die Zeit gesehen";
        assert_eq!(of("einer Hab-", "acht-Stellung", german), Verdict::Undo);
        assert_eq!(of("mit entsprechen-", "der Aufschrift", german), Verdict::Undo);
        assert_ne!(of("die Volks-", "Schule", german), Verdict::Keep);
        assert_ne!(of("den Leuten-", "das Haus", german), Verdict::Undo);
        assert_eq!(of("the mark-", "et was", text), Verdict::Undo);
        assert_eq!(of("a grie-", "vous loss", text), Verdict::Undo);
        assert_eq!(of("in Baker-", "street", text), Verdict::Keep);
        assert_eq!(of("his sister-in-", "law was", text), Verdict::Keep);
    }

    #[test]
    fn the_documents_own_spelling_comes_first() {
        assert_eq!(of("the co-", "operation of", "a co-operation here, co-operation there"), Verdict::Keep);
        assert_eq!(of("a self-", "conscious man", "selfconscious"), Verdict::Undo);
    }

    #[test]
    fn a_long_s_is_known_where_the_ocr_misreads_it_each_time() {
        let text = "Der FiScher und die Frau von nebenan, der Mann und das Haus, und der FiScher ist nicht da.";
        let doc = Document::new(text, &[]);
        let judged = judge("fuhr der Fi-", "Scher fort", &Spellings::new(&doc), &Language::embedded());
        assert!(judged.verdict == Verdict::Undo && judged.known && judged.listed);
    }

    #[test]
    fn the_table_is_sorted() {
        let rows: Vec<&str> = lists::rows(KEEPS).collect();
        assert!(
            KEEPS.starts_with("# licence: ") && rows.windows(2).all(|w| w[0].split_once('\t') < w[1].split_once('\t'))
        );
    }
}
