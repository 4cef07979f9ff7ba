//! What speaks for and against an edit, as numbers: the features that the trees weigh.
//!
//! It must never decide; and a feature, once named, keeps its meaning, for the trees are data.

use super::candidates::{Candidate, joined, of_type, plain, reading};
use super::cases::{Case, within};
use super::habits::habit;
use super::page::{Page, Surroundings};
use super::tokens::{Shape, shape};
use crate::language::{Between, Fit, Known, Latin};
use crate::text::Span;
use smallvec::SmallVec;

/// What an edit does.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// One word for another.
    Replace,
    /// Two words for one.
    Split,
    /// A hyphen taken out of a word.
    Hyphen,
    /// One word for two.
    Join,
    /// One word for two with a hyphen between.
    JoinHyphen,
    /// The same word in another case.
    Case,
}

/// Names of the features, in their order.
pub const FEATURES: [&str; 57] = [
    "kind",
    "cost",
    "cost-per-letter",
    "edits",
    "seen-read",
    "seen-printed",
    "known-read",
    "known-printed",
    "band-read",
    "band-printed",
    "context-read",
    "context-printed",
    "context-gain",
    "pairs-read",
    "pairs-printed",
    "letters-read",
    "letters-printed",
    "letters-gain",
    "recorded",
    "recorded-right",
    "batch-read",
    "batch-printed",
    "here-read",
    "here-printed",
    "margin",
    "rank",
    "candidates",
    "noise",
    "unknown-near",
    "length",
    "capital",
    "upper",
    "starts-sentence",
    "odd-characters",
    "first-letter",
    "last-letter",
    "prior",
    "capital-only",
    "length-change",
    "at-line-end",
    "left-known",
    "right-known",
    "shortest-part",
    "gain",
    "accent-only",
    "habit",
    "habit-share",
    "capitals-near",
    "unknown-around",
    "foreign-read",
    "foreign-near",
    "page-misread",
    "noise-small",
    "case",
    "case-within",
    "case-share",
    "case-count",
];

/// An edit that might be made, with what speaks for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Proposal {
    /// First token.
    pub token: usize,
    /// The place.
    pub span: Span,
    /// What would stand there.
    pub insert: String,
    /// What it does.
    pub kind: Kind,
    /// The numbers, as [`FEATURES`] names them.
    pub features: [f32; FEATURES.len()],
    /// Probability that it is right.
    pub p: f32,
}

/// Candidates weighed for one word: five found no more by folds.
const MOST: usize = 3;
/// Weight of the context in the order of candidates. The trees weigh it anew.
const PRIOR_CONTEXT: f32 = 0.7;

/// Weight there of what the recogniser keeps doing on the text.
const PRIOR_HABIT: f32 = 0.6;
/// A listed word is not weighed against a candidate whose context and record speak so much less for it, in natural
/// logarithms: of 516,000 such candidates on the development corpus 9 came to be proposed, 4 of them rightly.
const HOPELESS: f32 = -8.0;
/// What counts for a misreading that is not on record.
const RECORDED_ONCE: f32 = 0.1;

/// All edits that might be made on a page, in the order of their places; for one place the likeliest first by channel and
/// context.
pub fn proposals(page: &Page<'_, '_>) -> Vec<Proposal> {
    let mut out = Vec::new();
    let foreign = page.foreign();
    for token in (0..page.tokens.len()).filter(|&n| !foreign[n]) {
        let read = [page.of(token).folded.as_str()];
        // Half a word beside a hyphen is no word that was misread.
        let half = page.hyphenated(token) || token.checked_sub(1).is_some_and(|n| page.hyphenated(n));
        if !half {
            rank(page, token, 1, &read, of_type(page, token), None, &mut out);
        }
        if let Some((found, hyphen)) = joined(page, token) {
            let kind = if hyphen { Kind::JoinHyphen } else { Kind::Join };
            let read = [page.of(token).folded.as_str(), page.of(token + 1).folded.as_str()];
            rank(page, token, 2, &read, &found, Some(kind), &mut out);
        }
    }
    let rows: Vec<&[f32]> = out.iter().map(|p| p.features.as_slice()).collect();
    let weighed = page.parsed.trees.probabilities(&rows);
    for (proposal, p) in out.iter_mut().zip(weighed) {
        proposal.p = p;
    }
    out
}

fn rank(
    page: &Page<'_, '_>,
    token: usize,
    width: usize,
    read: &[&str],
    found: &[Candidate],
    kind: Option<Kind>,
    out: &mut Vec<Proposal>,
) {
    if found.is_empty() {
        return;
    }
    let beside = |word: &str, n: Option<usize>| n.filter(|_| !word.is_empty()).map_or("", |n| reading(page, n));
    let left = beside(page.left(token), token.checked_sub(1));
    let right = beside(page.right(token + width - 1), Some(token + width));
    let place = Between::new(&page.model.context, left, right);
    let before = place.fit(read);
    let ty = page.of(token);
    let listed = width == 1 && ty.known == Known::Listed;
    let right_as_read = if listed { page.parsed.misreads.right(&ty.folded) + 1.0 } else { 1.0 };
    let mut ranked: Vec<(f32, Fit, (f32, f32), &Candidate)> = found
        .iter()
        .filter_map(|c| {
            let words: SmallVec<[&str; 2]> = c.words.iter().map(String::as_str).collect();
            let after = place.fit(&words);
            let initial = matches!(c.case, Some(Case::Initial | Case::InitialI));
            if initial && within(page, token) == 0.0 {
                return None;
            }
            if listed
                && c.case.is_none()
                && after.log - before.log + (c.recorded.max(RECORDED_ONCE) / right_as_read).ln() < HOPELESS
            {
                return None;
            }
            let habit = habit(page, ty, c);
            let prior = PRIOR_CONTEXT * after.log - c.cost + (1.0 + c.recorded).ln() + PRIOR_HABIT * habit.0.max(0.0);
            Some((prior, after, habit, c))
        })
        .collect();
    if ranked.is_empty() {
        return;
    }
    let scene = Scene::of(page, token, width);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.3.insert.cmp(&b.3.insert)));
    for (n, &(prior, after, habit, c)) in ranked.iter().enumerate().take(MOST) {
        let other = if n == 0 { ranked.get(1) } else { ranked.first() };
        let margin = other.map_or(12.0, |o| prior - o.0);
        let place = Place { token, width, rank: n, all: ranked.len(), prior, margin, scene: &scene };
        let kind = kind.unwrap_or(match (c.words.len(), c.edits) {
            _ if c.case.is_some() => Kind::Case,
            (2, _) => Kind::Split,
            (_, 0) if page.of(token).text.contains('-') => Kind::Hyphen,
            _ => Kind::Replace,
        });
        let features = numbers(page, &place, kind, read, c, (before, after), habit);
        let span = Span::new(page.tokens[token].span.start(), page.tokens[token + width - 1].span.end());
        out.push(Proposal { token, span, insert: c.insert.clone(), kind, features, p: 0.0 });
    }
}

struct Place<'a> {
    scene: &'a Scene,
    token: usize,
    width: usize,
    rank: usize,
    all: usize,
    prior: f32,
    margin: f32,
}

/// What is the same for all candidates of a place.
struct Scene {
    around: Surroundings,
    /// Unknown words beside it.
    near: usize,
    starts: bool,
    odd: usize,
    letters: usize,
}

impl Scene {
    fn of(page: &Page<'_, '_>, token: usize, width: usize) -> Self {
        let (first, last) = (page.tokens[token].span, page.tokens[token + width - 1].span);
        let text = page.text.get(first.start()..last.end()).unwrap_or("");
        let near = (token.saturating_sub(2)..token).chain(token + width..(token + width + 2).min(page.tokens.len()));
        let before = page.text[..first.start()].trim_end_matches([' ', '"', '\u{201C}', '\u{201E}', '\u{AB}']);
        Self {
            around: page.around(token, width),
            near: near.filter(|&i| page.of(i).known == Known::No).count(),
            starts: before.is_empty() || before.ends_with(['.', '!', '?', '\n', ':']),
            odd: text.chars().filter(|c| !c.is_alphabetic() && !matches!(c, ' ' | '\'' | '\u{2019}')).count(),
            letters: text.chars().count(),
        }
    }
}

fn numbers(
    page: &Page<'_, '_>,
    at: &Place<'_>,
    kind: Kind,
    read: &[&str],
    c: &Candidate,
    (before, after): (Fit, Fit),
    (habit, habit_share): (f32, f32),
) -> [f32; FEATURES.len()] {
    let printed: SmallVec<[&str; 2]> = c.words.iter().map(String::as_str).collect();
    let least = |f: &dyn Fn(&str) -> f32, words: &[&str]| words.iter().map(|w| f(w)).fold(f32::MAX, f32::min);
    let batch = |w: &str| page.vocabulary.count(w).ln_1p();
    let (told, first_read, last_read) = (c.told(page), page.told(at.token), page.told(at.token + at.width - 1));
    let ty = page.of(at.token);
    let last = page.of(at.token + at.width - 1);
    let text = page
        .text
        .get(page.tokens[at.token].span.start()..page.tokens[at.token + at.width - 1].span.end())
        .unwrap_or("");
    let (n, m) = (at.scene.letters as f32, c.insert.chars().count() as f32);
    let known = |k: Known| f32::from(k as u8);
    let known_read = known(ty.known).min(known(last.known));
    // Both are keys: in small letters.
    let first = |words: &[&str]| words.first().and_then(|w| w.chars().next());
    let end = |words: &[&str]| words.last().and_then(|w| w.chars().next_back());
    let neighbour = |i: Option<usize>| {
        i.and_then(|i| page.ids.get(i))
            .map_or(0.5, |&id| f32::from(u8::from(page.types[id as usize].known != Known::No)))
    };
    let (case_share, case_count) = c.case.map_or((0.0, 0.0), |k| page.case_habits().of_word(k, ty.text));
    let case_within = c.case.map_or(0.0, |_| within(page, at.token));
    let around = at.scene.around;
    let form = shape(ty.text);
    let letters_read = (first_read.letters + last_read.letters) / 2.0;
    let recorded_right = page.parsed.misreads.right(read[0]);
    let b = |x: bool| f32::from(u8::from(x));
    [
        f32::from(kind as u8),
        c.cost,
        c.cost / m.max(1.0),
        f32::from(c.edits),
        before.seen.ln_1p(),
        after.seen.ln_1p(),
        known_read,
        told.known,
        first_read.band.max(last_read.band),
        told.band,
        before.log,
        after.log,
        after.log - before.log,
        before.pairs,
        after.pairs,
        letters_read,
        told.letters,
        told.letters * m - letters_read * n,
        c.recorded.ln_1p(),
        recorded_right.ln_1p(),
        least(&batch, read),
        least(&batch, &printed),
        least(&|w| page.here(w).ln_1p(), read),
        least(&|w| page.here(w).ln_1p(), &printed),
        at.margin,
        at.rank as f32,
        at.all as f32,
        page.noise,
        at.scene.near as f32,
        n,
        b(form == Shape::Title),
        b(form == Shape::Upper),
        b(at.scene.starts),
        at.scene.odd as f32,
        b(first(read) != first(&printed)),
        b(end(read) != end(&printed)),
        at.prior,
        b(told.capital),
        m - n,
        b(page.gap(at.token + at.width - 1).contains('\n')),
        neighbour(at.token.checked_sub(1)),
        neighbour(Some(at.token + at.width)),
        printed.iter().chain(read).map(|w| w.chars().count()).min().unwrap_or(0) as f32,
        after.log - before.log - c.cost,
        b(plain(text) == plain(&c.insert)),
        habit,
        habit_share,
        around.capitals,
        around.unknown,
        b(page.is_elsewhere(at.token)),
        around.foreign,
        page.misread_share(),
        page.noise_small,
        c.case.map_or(0.0, |c| f32::from(c as u8) + 1.0),
        case_within,
        case_share,
        case_count,
    ]
}

/// True for languages in which nouns carry a capital, so that one says little of names.
pub(super) const fn capitals_are_common(lang: Latin) -> bool {
    matches!(lang, Latin::De)
}
