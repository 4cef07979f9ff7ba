//! Stories that go on on another page: which jump mark belongs to which line that says whence, and why.
//!
//! Flags only; it must never move text or join it.

use super::jump::{Mark, marks};
use super::labels::Label;
use super::likeness::{Bigrams, likeness};
use super::zone::fold_name;
use crate::document::{Document, Line, ends_sentence};
use crate::rule::{Confidence, Example, Finding, Findings, Rule, Stage};
use crate::text::Span;
use crate::text::script::is_han;
use std::cell::OnceCell;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Lines before a jump mark in which the story's headline is looked for.
const BACK: usize = 80;
/// Score from which a jump mark and a line that says whence are a pair: one of them names the other's page exactly, or
/// both say half as much.
const PAIR: f32 = 2.0;
/// Likeness of two prints of one headline.
const ALIKE: f32 = 0.66;
/// Lines on one page that may be pairs of one mark: beyond it the page is an index, and nothing is a pair.
const MOST: usize = 400;
/// Lines on each side whose words are compared, and the share of common words from which they are a reason.
const AHEAD: usize = 24;
const WORDS: f32 = 0.1;
/// Difference of scores from which of two pairs one is better.
const CLOSE: f32 = 0.05;

const ISSUE: &str = "A1 要闻 2015年10月15日 星期四\n市里部署秋收工作\n各地抓紧秋收，\n下转A2版\n\u{C}A2 要闻 2015年10月15日 星期四\n上接A1版\n农民加紧收割。\n";
const ENGLISH: &str = "The council met again and\nContinued on Page 7\nLocal news\n";

/// A story goes on elsewhere.
pub(super) static CONTINUES: Rule = Rule {
    id: "article-continues",
    name_zh: "文章转版",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "A story goes on on another page: the place where it breaks off, the page that the jump mark names, and, where that \
          page is in the issue, the place where it goes on and why the two match. A flag: the text is not moved.",
    examples: &[Example::new(ISSUE, ISSUE), Example::new(ENGLISH, ENGLISH)],
    leaves_alone: &[
        "工作正在进行。\n新闻\n",
        "上接A1版\n队员们继续工作。\n",
        "The story was continued on page 7 of the same paper, and nobody read it.\n",
    ],
    flag: true,
};

const FROM: &str = "(Continued from page 1)\nthe mayor said.\n";

/// A story comes from elsewhere.
pub(super) static RESUMES: Rule = Rule {
    id: "article-resumes",
    name_zh: "文章接版",
    stage: Stage::Debris,
    confidence: Confidence::Suggest,
    doc: "What follows is the rest of a story that begins on another page: the page that the line names, and, where that page \
          is in the issue, the place where the story breaks off and why the two match. A flag: the text is not moved.",
    examples: &[Example::new(ISSUE, ISSUE), Example::new(FROM, FROM)],
    leaves_alone: &[
        "工作正在进行。\n新闻\n",
        "工作正在进行。\n（下转第三版）\n新闻\n",
        "He read from page 3 of the report to the end of the meeting.\n",
    ],
    flag: true,
};

/// Flags every jump mark, with its partner where there is one.
pub(super) fn flags(doc: &Document<'_>, labels: &[Option<Label>], out: &mut Findings) {
    let all: Vec<Mark> = marks(doc).into_iter().filter(|m| m.confidence > Confidence::Suggest).collect();
    if all.is_empty() {
        return;
    }
    let (to, from): (Vec<&Mark>, Vec<&Mark>) = all.iter().partition(|m| m.onward);
    let pairs = pair(doc, labels, &to, &from);
    for (k, m) in to.iter().enumerate() {
        let found = pairs.iter().position(|p| p.to == k);
        out.push(flag(doc, m, found.map(|n| (n + 1, &pairs[n])), labels));
    }
    for (k, m) in from.iter().enumerate() {
        let found = pairs.iter().position(|p| p.from == k);
        out.push(flag(doc, m, found.map(|n| (n + 1, &pairs[n])), labels));
    }
}

struct Pair {
    to: usize,
    from: usize,
    score: f32,
    why: Vec<&'static str>,
    /// Another pair of one of the two is nearly as good.
    unsure: bool,
}

fn flag(doc: &Document<'_>, m: &Mark, pair: Option<(usize, &Pair)>, labels: &[Option<Label>]) -> Finding {
    let rule = if m.onward { &CONTINUES } else { &RESUMES };
    let target = Label::read(&m.target);
    let called = target.map_or_else(|| m.target.clone(), |l| l.to_string());
    let here = target.is_some_and(|t| labels.iter().flatten().any(|l| matches(*l, t) > 0.0));
    let what = match (m.onward, called.is_empty()) {
        (true, true) => "the story is continued elsewhere".to_owned(),
        (true, false) => format!("the story is continued on page {called}"),
        (false, true) => "the rest of a story that begins elsewhere".to_owned(),
        (false, false) => format!("the rest of a story that begins on page {called}"),
    };
    let more = match pair {
        Some((_, p)) if p.unsure => "; another story could go on there as well",
        Some(_) => "",
        None if called.is_empty() => "",
        None if here => ", where nothing answers to it",
        None => ", which is not in this issue or has no number that can be read",
    };
    let mut f = Finding::flag(rule, ink_of(doc, m), what + more);
    if !called.is_empty() {
        f = f.because("target", called);
    }
    match pair {
        Some((n, p)) => f.because("pair", n.to_string()).because("because", p.why.join("; ")),
        None => f,
    }
}

/// The mark's own characters, white space aside.
fn ink_of(doc: &Document<'_>, m: &Mark) -> Span {
    let text = doc.slice(m.span);
    let lead = text.len() - text.trim_start().len();
    Span::new(m.span.start() + lead, m.span.start() + text.trim_end().len().max(lead))
}

/// How far a name of a page answers to what a page is called.
fn matches(label: Label, target: Label) -> f32 {
    if label == target {
        2.0
    } else if label.number == target.number && (label.section.is_none() || target.section.is_none()) {
        1.0
    } else {
        -1.5
    }
}

fn pair(doc: &Document<'_>, labels: &[Option<Label>], to: &[&Mark], from: &[&Mark]) -> Vec<Pair> {
    if to.len() * from.len() > MOST * MOST {
        return Vec::new();
    }
    let mut all: Vec<Pair> = Vec::new();
    // Asked only where the pages allow a pair: an issue of one page has none.
    let rests: Vec<OnceCell<Rest>> = from.iter().map(|_| OnceCell::new()).collect();
    for (t, x) in to.iter().enumerate() {
        let above = OnceCell::new();
        for (f, y) in from.iter().enumerate() {
            let p = weigh(doc, labels, (x, &above), (y, &rests[f]));
            if let Some((score, why)) = p.filter(|(score, _)| *score >= PAIR) {
                all.push(Pair { to: t, from: f, score, why, unsure: false });
            }
        }
    }
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.to, a.from).cmp(&(b.to, b.from))));
    for k in 0..all.len() {
        let rival = |o: &Pair| (o.to == all[k].to) != (o.from == all[k].from) && (o.score - all[k].score).abs() < CLOSE;
        all[k].unsure = all.iter().any(rival);
    }
    let (mut used_to, mut used_from) = (vec![false; to.len()], vec![false; from.len()]);
    let mut out: Vec<Pair> = Vec::new();
    for p in all {
        if !used_to[p.to] && !used_from[p.from] {
            (used_to[p.to], used_from[p.from]) = (true, true);
            out.push(p);
        }
    }
    out.sort_by_key(|p| p.to);
    out
}

fn weigh(
    doc: &Document<'_>,
    labels: &[Option<Label>],
    (to, above): (&Mark, &OnceCell<Above>),
    (from, rest): (&Mark, &OnceCell<Rest>),
) -> Option<(f32, Vec<&'static str>)> {
    let page = |m: &Mark| doc.lines()[m.line].page;
    if page(to) >= page(from) {
        return None;
    }
    let (mut score, mut why) = (0.0, Vec::new());
    let mut named = |m: &Mark, other: usize, reason: &'static str| {
        // A page without a number of its own is known by its place.
        let label = labels.get(other).copied().flatten();
        let place = Label { section: None, number: other as u32 + 1 };
        if let Some(t) = Label::read(&m.target) {
            let s = label.map_or_else(|| matches(place, t).clamp(0.0, 1.0), |l| matches(l, t));
            score += s;
            if s > 0.0 {
                why.push(reason);
            }
        }
    };
    named(to, page(from), "it names that page");
    named(from, page(to), "the line there names this page");
    if score < 0.0 {
        return None;
    }
    let (above, rest) = (above.get_or_init(|| Above::of(doc, to)), rest.get_or_init(|| Rest::of(doc, from)));
    if rest.head.as_ref().is_some_and(|h| above.heads.iter().any(|a| likeness(a, h) >= ALIKE)) {
        score += 2.0;
        why.push("the headline stands there again");
    }
    let shared = above.words.iter().filter(|w| rest.words.binary_search(w).is_ok()).count() as f32;
    let share = shared / above.words.len().min(rest.words.len()).max(1) as f32;
    score += share.min(0.5);
    if share >= WORDS {
        why.push("words in common");
    }
    if !above.ends {
        why.push("the text breaks off in mid-sentence");
    }
    // Where letters have two cases, a sentence that breaks off goes on with a small one.
    score += match rest.small {
        Some(small) if small != above.ends => 0.25,
        Some(_) => -0.25,
        None => 0.0,
    };
    Some((score, why))
}

/// What follows a line that says whence.
struct Rest {
    /// The next line, as a headline printed again would be.
    head: Option<Bigrams>,
    words: Vec<u64>,
    /// True where the text goes on with a small letter, false with a capital; None without case.
    small: Option<bool>,
}

impl Rest {
    fn of(doc: &Document<'_>, m: &Mark) -> Self {
        let page = doc.lines()[m.line].page;
        let lines = || doc.lines()[m.line + 1..].iter().filter(|l| !l.blank).take_while(|l| l.page == page);
        let text = |l: &Line| doc.line_text(l);
        let head = lines().next().filter(|l| text(l).chars().count() <= 60).map(|l| Bigrams::of(text(l)));
        let words = words(lines().take(AHEAD).map(text));
        let first = lines().next().and_then(|l| text(l).chars().find(|c| c.is_alphanumeric()));
        let small = first.filter(|c| c.is_lowercase() || c.is_uppercase()).map(char::is_lowercase);
        Self { head: head.filter(|g| g.len() >= 4), words, small }
    }
}

/// What stands before a jump mark.
struct Above {
    heads: Vec<Bigrams>,
    words: Vec<u64>,
    /// True where the text before the mark ends a sentence.
    ends: bool,
}

impl Above {
    fn of(doc: &Document<'_>, m: &Mark) -> Self {
        let page = doc.lines()[m.line].page;
        let lines = || {
            let before = doc.lines()[..=m.line].iter().rev().filter(|l| !l.blank && l.span.start() < m.span.start());
            before.take(BACK).take_while(|l| l.page == page)
        };
        let short = lines().filter(|l| l.span.len() <= 240);
        let first = |l: &Line| fold_name(doc.line_text(l)).chars().take(40).collect::<String>();
        let words = words(lines().take(AHEAD).map(|l| doc.line_text(l)));
        let ends = ends_sentence(doc.text()[..m.span.start()].trim_end());
        Self { heads: short.map(|l| Bigrams::of(&first(l))).collect(), words, ends }
    }
}

/// Hashes of the words that tell what a text is about: long ones in alphabets, triples of Han characters. Sorted.
fn words<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<u64> {
    let mut out = Vec::new();
    let mut add = |chars: &[char]| {
        // The hasher's keys are fixed: the same text gives the same words.
        let mut h = DefaultHasher::new();
        chars.hash(&mut h);
        out.push(h.finish());
    };
    for word in lines.flat_map(|l| l.split(|c: char| !c.is_alphanumeric())) {
        let chars: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        if chars.iter().any(|c| is_han(*c)) {
            chars.windows(3).for_each(&mut add);
        } else if chars.len() >= 6 {
            add(&chars);
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
