//! Which of the edits that might be made is proposed, and which may be applied: the best for each place, guards, protection.
//!
//! It must never let an edit through that touches a name, number, date or quotation: those are proposals only.

use super::evidence::{Kind, Proposal, capitals_are_common};
use super::page::Page;
use super::tokens::{Shape, shape};
use crate::config::Protect;
use crate::language::Known;
use crate::text::lists;

/// An edit that is worth a proposal.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// The edit.
    pub proposal: Proposal,
    /// Others for the same place with their probabilities, likeliest first.
    pub others: Vec<(String, f32)>,
    /// Why it must never be applied without a decision.
    pub protected: Option<&'static str>,
}

/// A capitalised unknown word seen so often in a batch is a name, as long as the page is clean.
const NAME_SEEN: f32 = 3.0;
/// "Clean" for names.
const NAME_NOISE: f32 = 0.08;
/// A quotation longer than this has lost its closing mark.
const LONGEST_QUOTATION: usize = 600;

/// The best edit for each place, in order of place. `least` is the lowest probability worth telling.
pub fn decide(page: &Page<'_, '_>, all: Vec<Proposal>, least: f32, protect: &Protect) -> Vec<Decided> {
    let mut order: Vec<usize> = (0..all.len()).filter(|&n| all[n].p >= least && !barred(page, &all[n])).collect();
    order.sort_by(|&a, &b| all[b].p.total_cmp(&all[a].p).then(a.cmp(&b)));
    let mut taken: Vec<usize> = Vec::new();
    let mut used = vec![false; page.tokens.len()];
    for n in order {
        let width = if matches!(all[n].kind, Kind::Join | Kind::JoinHyphen) { 2 } else { 1 };
        let range = all[n].token..(all[n].token + width).min(used.len());
        if !used[range.clone()].iter().any(|u| *u) {
            used[range].fill(true);
            taken.push(n);
        }
    }
    taken.sort_unstable();
    let quotations = if protect.quotations && !taken.is_empty() { quotations(page.text) } else { Vec::new() };
    taken
        .into_iter()
        .map(|n| {
            let a = &all[n];
            // Proposals stand in the order of their tokens: those for one place are neighbours.
            let first = all.partition_point(|b| b.token < a.token);
            let mut others: Vec<(String, f32)> = all[first..]
                .iter()
                .take_while(|b| b.token == a.token)
                .filter(|b| !std::ptr::eq(*b, a))
                .map(|b| (b.insert.clone(), b.p))
                .collect();
            others.sort_by(|x, y| y.1.total_cmp(&x.1));
            others.truncate(3);
            let protected = protected(page, a, protect, &quotations);
            Decided { proposal: a.clone(), others, protected }
        })
        .collect()
}

/// Edits that are wrong more often than the trees can tell.
fn barred(page: &Page<'_, '_>, p: &Proposal) -> bool {
    let ty = page.of(p.token);
    let name = shape(ty.text) != Shape::Small && !capitals_are_common(page.lang) && ty.known == Known::No;
    let often = page.vocabulary.count(&ty.folded).max(page.here(&ty.folded)) >= NAME_SEEN;
    in_address(page.text, p.span.start(), p.span.end())
        || abbreviated(page.text, &ty.folded, p.span.end())
        || name && beside_initial(page.text, p.span.start())
        || (name && often && page.noise < NAME_NOISE)
        || initials(ty.text)
        || (p.kind != Kind::Case && ty.text.eq_ignore_ascii_case(&p.insert))
}

/// True inside an address, a path or a name of a file.
fn in_address(text: &str, start: usize, end: usize) -> bool {
    let space = text[..start].char_indices().rev().find(|(_, c)| c.is_whitespace());
    let from = space.map_or(0, |(i, c)| i + c.len_utf8());
    let to = text[end..].find(char::is_whitespace).map_or(text.len(), |i| end + i);
    let inner = text[from..to].trim_matches(|c: char| !c.is_alphanumeric());
    let dotted = || {
        let b = inner.as_bytes();
        b.windows(3).any(|w| w[1] == b'.' && w[0].is_ascii_lowercase() && w[2].is_ascii_lowercase())
    };
    inner.contains(['@', '/', '\\', '_']) || dotted()
}

/// True for a common abbreviation with its stop.
fn abbreviated(text: &str, folded: &str, end: usize) -> bool {
    text[end..].starts_with('.') && lists::has("abbreviation", folded)
}

/// True for two or three capitals without a vowel: FC, HSV. No word was read so.
fn initials(word: &str) -> bool {
    let consonant = |c: char| c.is_uppercase() && !VOWELS.contains(c);
    (2..=3).contains(&word.chars().count()) && word.chars().all(consonant)
}

/// Capital vowels, those with a mark included.
const VOWELS: &str = "AEIOUYÀÂÄÆÈÉÊËÌÎÏÒÔÖŒÙÛÜ";

/// True behind an initial: Timo J. Rinne.
fn beside_initial(text: &str, start: usize) -> bool {
    let mut before = text[..start].trim_end().chars().rev();
    before.next() == Some('.')
        && before.next().is_some_and(char::is_uppercase)
        && before.next().is_none_or(|c| !c.is_alphanumeric())
}

fn protected(
    page: &Page<'_, '_>,
    p: &Proposal,
    protect: &Protect,
    quotations: &[(usize, usize)],
) -> Option<&'static str> {
    let (start, end) = (p.span.start(), p.span.end());
    // In order and apart: only the last that begins before the place can hold it.
    let before = quotations.partition_point(|q| q.0 <= start);
    if before.checked_sub(1).and_then(|n| quotations.get(n)).is_some_and(|q| end <= q.1) {
        return Some("quotation");
    }
    let text = page.text.get(p.span.range()).unwrap_or("");
    let digit = |w: &str| w.bytes().any(|b| b.is_ascii_digit());
    let low = |w: &str| w.to_lowercase();
    let month = |w: &str| lists::has("month", &low(w));
    if protect.dates && (month(&p.insert) || month(text)) && (digit(page.left(p.token)) || digit(page.right(p.token))) {
        return Some("date");
    }
    let title = lists::has("title", &low(page.left(p.token)));
    (title && shape(text) == Shape::Title).then_some("name")
}

/// Passages between marks of quotation that pair in one paragraph.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = 0;
    for part in text.split("\n\n") {
        let mut open: Option<usize> = None;
        for (i, c) in part.char_indices() {
            let before = part[..i].chars().next_back();
            match c {
                '\u{201E}' | '\u{AB}' => open = open.or(Some(i)),
                '\u{201C}' if open.is_none() => open = Some(i),
                '\u{201C}' | '\u{201D}' | '\u{BB}' => {
                    if let Some(o) = open.take().filter(|o| i - o <= LONGEST_QUOTATION) {
                        out.push((start + o, start + i));
                    }
                }
                '"' if open.is_none() && before.is_none_or(|b| b.is_whitespace() || b == '(') => open = Some(i),
                '"' if before.is_some_and(|b| !b.is_whitespace()) => {
                    if let Some(o) = open.take().filter(|o| i - o <= LONGEST_QUOTATION) {
                        out.push((start + o, start + i));
                    }
                }
                _ => {}
            }
        }
        start += part.len() + 2;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_abbreviations_and_initials_are_seen() {
        assert!(initials("FC") && initials("HSV") && !initials("ES") && !initials("Fc") && !initials("MTVS"));
        let at = |text: &str, word: &str| text.find(word).map(|i| (i, i + word.len())).expect("there");
        for (text, word) in [
            ("see\u{3000}https://example.org/by now", "https"),
            ("\u{A0}mike@moocow.tu-bs.de", "bs"),
            ("open farsiweb.info now", "info"),
            ("in /usr/share", "usr"),
        ] {
            let (a, b) = at(text, word);
            assert!(in_address(text, a, b), "{text}");
        }
        for (text, word) in [("the tbe house.", "tbe"), ("he said tbat.\u{A0}The end", "tbat"), ("(tbe)", "tbe")] {
            let (a, b) = at(text, word);
            assert!(!in_address(text, a, b), "{text}");
        }
        assert!(abbreviated("(cf. Smith)", "cf", 3) && !abbreviated("cf Smith", "cf", 2));
        assert!(beside_initial("Timo J. Rinne", 8) && !beside_initial("the end. Rinne", 9));
    }
}
