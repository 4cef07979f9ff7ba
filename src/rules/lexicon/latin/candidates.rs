//! What a word may have been: words near it in the channel, misreadings on record, splits, joins, hyphens left inside.
//!
//! It must never weigh one candidate against another beyond the order in which they are offered.

use super::cases::{self, Case};
use super::page::{Page, SEEN_ENOUGH, Type};
use super::tokens::{Shape, shape, shaped};
use super::told::Told;
use crate::language::{Found, Known, LatinModel, Near, Reach, swap_key};
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::sync::Arc;

/// A word that may have been printed in the place of another.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// As it would stand there.
    pub insert: String,
    /// In small letters, its words apart.
    pub words: Vec<String>,
    /// Cost in the channel.
    pub cost: f32,
    /// Confusions.
    pub edits: u8,
    /// How often this very misreading is on record.
    pub recorded: f32,
    /// Keys of its confusions; none for splits and the like.
    pub(super) swaps: SmallVec<[u32; 4]>,
    /// What is wrong with the case, where only that is changed.
    pub(super) case: Option<Case>,
    pub(super) told: OnceCell<Told>,
}

impl Candidate {
    /// What the tables say of its words.
    pub(super) fn told(&self, page: &Page<'_, '_>) -> Told {
        *self.told.get_or_init(|| Told::of(page, self.words.iter().map(String::as_str)))
    }
}

/// Three confusions in a shorter word make it any other.
const LONG: usize = 7;
/// Search for two pieces that may be one word: one confusion more is all that is believed.
const REACH_JOINED: Reach = Reach { cost: 8.0, edits: 1, expansions: 150, words: 3 };
/// Cost of a misreading that only the record knows.
const RECORDED_COST: f32 = 9.0;
/// A neighbour is read as a candidate that costs no more.
pub(super) const NEIGHBOUR_COST: f32 = 9.0;
/// Noise from which rare words are doubted.
const DOUBT_RARE: f32 = 0.05;
/// Noise from which compounds are doubted.
const DOUBT_COMPOUNDS: f32 = 0.03;
/// A shorter word is not split.
const SHORTEST_SPLIT: usize = 5;
/// Splits offered.
const MOST_SPLITS: usize = 2;

/// Replacements of one word, for each type once.
pub(super) fn of_type<'p>(page: &'p Page<'_, '_>, token: usize) -> &'p [Candidate] {
    of_kind(page, page.of(token))
}

/// The same of a type.
pub(super) fn of_kind<'p>(page: &'p Page<'_, '_>, ty: &'p Type<'_>) -> &'p [Candidate] {
    ty.candidates.get_or_init(|| {
        let mut out = Vec::new();
        if ty.skip {
            return out;
        }
        if let Some((case, insert)) = &ty.cased {
            out.push(cases::candidate(ty, *case, insert));
        }
        let shape = shape(ty.text);
        for (word, times) in page.parsed.misreads.of(&ty.folded) {
            let swaps = std::iter::once(swap(&ty.folded, word)).collect();
            offer(&mut out, ty.text, word, page.model.near.list().get(word), shape, (RECORDED_COST, 1, *times), swaps);
        }
        // On a noisy page a compound of words that were never seen side by side may be no word at all.
        let doubtful =
            ty.known == Known::Compound && page.noise > DOUBT_COMPOUNDS && page.model.context.count(ty.text) == 0.0;
        // So may a listed word that printed text never has: a rood for a road.
        let rare = ty.known == Known::Listed && page.noise > DOUBT_RARE && page.model.context.count(ty.text) == 0.0;
        if ty.known != Known::No && !doubtful && !rare {
            return out;
        }
        for f in near_words(page, ty.text).iter() {
            let times = page.parsed.misreads.count(&ty.folded, &f.word);
            match out.iter_mut().find(|c: &&mut Candidate| c.words[0] == f.word) {
                Some(c) => (c.cost, c.edits, c.swaps) = (f.cost, f.edits, f.swaps.clone()),
                None => {
                    let how = (f.cost, f.edits, times);
                    offer(&mut out, ty.text, &f.word, Some(f.near), shape, how, f.swaps.clone());
                }
            }
        }
        if rare {
            return out;
        }
        if ty.text.contains('-') {
            without_hyphen(page, ty.text, &mut out);
        }
        splits(page, ty.text, &mut out);
        out
    })
}

/// Words near `text` in the channel.
fn near_words(page: &Page<'_, '_>, text: &str) -> Arc<[Found]> {
    let far = page.parsed.far;
    let edits = if text.chars().count() < LONG { far.edits.min(2) } else { far.edits };
    page.model.near.find(&page.parsed.channel, text, true, Reach { edits, ..far })
}

/// Adds a candidate in the shape of what stands there, unless it is no answer at all.
fn offer(
    out: &mut Vec<Candidate>,
    read: &str,
    word: &str,
    near: Option<Near>,
    shape: Shape,
    how: (f32, u8, f32),
    swaps: SmallVec<[u32; 4]>,
) {
    let letters = |w: &str| w.chars().filter(|c| c.is_alphabetic()).count();
    let bare = |w: &str| w.chars().filter(|c| !matches!(c, '\'' | '\u{2019}' | '-')).collect::<String>();
    // Under 60 % of the letters, or one letter, is a loss of text; marks alone are not this rule's work.
    let (n, m) = (letters(word), letters(read));
    // Capitals go without accents in much print.
    let accents_on_capitals = shape == Shape::Upper && plain(word) == plain(read);
    if n < 2 || n * 10 < m * 6 || accents_on_capitals || bare(word) == bare(&LatinModel::key(read)) {
        return;
    }
    let name = near.is_some_and(|e| e.capital && !e.lower);
    let insert = shaped(word, if name && shape == Shape::Small { Shape::Title } else { shape });
    let (cost, edits, recorded) = how;
    out.push(Candidate {
        insert,
        words: vec![word.to_owned()],
        cost,
        edits,
        recorded,
        swaps,
        case: None,
        told: OnceCell::new(),
    });
}

/// The word in small letters without its accents.
pub(super) fn plain(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !('\u{300}'..='\u{36F}').contains(c)).flat_map(char::to_lowercase).collect()
}

/// How likely a candidate of one word is by itself.
pub(super) fn worth(page: &Page<'_, '_>, c: &Candidate) -> f32 {
    page.model.context.count(&c.words[0]).max(0.1).ln() - c.cost
}

/// The key of the one stretch in which two words differ.
fn swap(read: &str, printed: &str) -> u32 {
    let (a, b): (SmallVec<[char; 24]>, SmallVec<[char; 24]>) = (read.chars().collect(), printed.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    swap_key(&a[head..a.len() - tail], b[head..b.len() - tail].iter().copied())
}

/// What a word most likely is, for its neighbours: itself, or where no list knows it the nearest of its candidates.
pub(super) fn reading<'p>(page: &'p Page<'_, '_>, token: usize) -> &'p str {
    let ty = page.of(token);
    if ty.skip || ty.known != Known::No {
        return ty.text;
    }
    let near = of_type(page, token).iter().filter(|c| c.words.len() == 1 && c.cost <= NEIGHBOUR_COST);
    near.max_by(|a, b| worth(page, a).total_cmp(&worth(page, b))).map_or(ty.text, |c| c.words[0].as_str())
}

/// `cou-vrir`: a hyphen left inside by joined lines.
fn without_hyphen(page: &Page<'_, '_>, text: &str, out: &mut Vec<Candidate>) {
    let Some((head, tail)) = text.split_once('-') else { return };
    if tail.contains('-') || head.is_empty() || !tail.chars().next().is_some_and(char::is_lowercase) {
        return;
    }
    let joined = format!("{head}{tail}");
    if page.language.words(page.lang).has(&joined) {
        let words = vec![LatinModel::key(&joined)];
        out.push(Candidate {
            insert: joined,
            words,
            cost: 1.0,
            edits: 0,
            recorded: 0.0,
            swaps: SmallVec::new(),
            case: None,
            told: OnceCell::new(),
        });
    }
}

/// `ofthe`: two words that both are common.
fn splits(page: &Page<'_, '_>, text: &str, out: &mut Vec<Candidate>) {
    let starts: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
    if starts.len() < SHORTEST_SPLIT || !text.chars().all(char::is_alphabetic) {
        return;
    }
    let (list, context) = (page.language.words(page.lang), &page.model.context);
    let known = |w: &str| {
        list.has(w)
            && context.count(w) >= SEEN_ENOUGH
            && (w.chars().count() > 1 || matches!(w, "a" | "A" | "I" | "\u{e0}" | "y"))
    };
    let mut found: Vec<(f32, &str, &str)> = starts[1..]
        .iter()
        .map(|&cut| text.split_at(cut))
        .filter(|(a, b)| known(a) && known(b) && !b.chars().next().is_some_and(char::is_uppercase))
        .map(|(a, b)| (context.log_sequence("", &[a, b], ""), a, b))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, a, b) in found.into_iter().take(MOST_SPLITS) {
        let words = vec![LatinModel::key(a), LatinModel::key(b)];
        out.push(Candidate {
            insert: format!("{a} {b}"),
            words,
            cost: 3.0,
            edits: 0,
            recorded: 0.0,
            swaps: SmallVec::new(),
            case: None,
            told: OnceCell::new(),
        });
    }
}

/// A token and the next on its line as one word (line ends are the stage rejoin's); the second value tells whether a hyphen stood between.
pub(super) fn joined(page: &Page<'_, '_>, token: usize) -> Option<(Vec<Candidate>, bool)> {
    let hyphen = match page.gap(token) {
        " " => false,
        "- " | "\u{AC} " => true,
        _ => return None,
    };
    let (a, b) = (page.of(token), page.types.get(*page.ids.get(token + 1)? as usize)?);
    let plain = |w: &str| w.chars().all(|c| c.is_alphabetic() || c == '\'');
    let unknown = |k: Known| k == Known::No;
    let small = b.text.chars().next().is_some_and(|c| c.is_lowercase());
    if !plain(a.text) || !plain(b.text) || (!small && shape(b.text) != Shape::Upper) || a.text.len() + b.text.len() < 4
    {
        return None;
    }
    let short = a.text.chars().count().min(b.text.chars().count()) <= 2;
    if !hyphen && !unknown(a.known) && !unknown(b.known) && !short {
        return None;
    }
    let list = page.language.words(page.lang);
    let text = format!("{}{}", a.text, b.text);
    let mut out = Vec::new();
    let known = list.has(&text) || page.model.context.count(&text) >= SEEN_ENOUGH;
    if known && !(list.is_empty()) {
        let words = vec![LatinModel::key(&text)];
        out.push(Candidate {
            insert: text,
            words,
            cost: 2.0,
            edits: 0,
            recorded: 0.0,
            swaps: SmallVec::new(),
            case: None,
            told: OnceCell::new(),
        });
    } else if !hyphen && (unknown(a.known) || unknown(b.known)) && (short || (unknown(a.known) && unknown(b.known))) {
        let shape = shape(&text);
        for f in page.model.near.find(&page.parsed.channel, &text, false, REACH_JOINED).iter() {
            // One letter less is all that a join may swallow.
            if f.word.chars().count() + 1 >= text.chars().count() {
                offer(&mut out, &text, &f.word, Some(f.near), shape, (f.cost + 2.0, f.edits, 0.0), f.swaps.clone());
            }
        }
    }
    (!out.is_empty()).then_some((out, hyphen))
}
