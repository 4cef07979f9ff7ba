//! Places that are never changed, and those that no policy may change unasked.
//!
//! It must never weigh anything: a place is guarded or it is not.

use super::search::Place;
use crate::config::Protect;
use crate::language::TitleWords;
use crate::text::lists;
use crate::text::script::is_han;

/// Characters that a quotation is looked for before a place, in bytes.
const REACH: usize = 900;

/// True where the change would make or unmake a numeral among numerals.
pub(super) fn forbidden(text: &str, place: &Place, with: char) -> bool {
    let (numerals, units) = (lists::characters("numeral"), lists::characters("counted-unit"));
    let (numeral, unit) = (|c: char| numerals.contains(c), |c: char| units.contains(c));
    let (at, end) = place.extent();
    let near = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || numeral(c) || unit(c));
    (numeral(place.written) && numeral(with))
        || ((numeral(place.written) || numeral(with) || unit(place.written))
            && (near(text[..at].chars().next_back()) || near(text[end..].chars().next())))
}

/// True for classical Chinese and for verse: the model was counted from news, to which their words are strange.
pub(super) fn is_literary(text: &str) -> bool {
    let classical = lists::characters("classical-particle");
    let (mut han, mut particles) = (0, 0);
    let (mut lines, mut even, mut before) = (0, 0, 0);
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let mut own = 0;
        for c in line.chars().filter(|c| is_han(*c)) {
            own += 1;
            particles += usize::from(classical.contains(c));
        }
        han += own;
        lines += 1;
        let ends = line.ends_with(['，', '。', '？', '！', '；', ',', '.']);
        even += usize::from(VERSE.contains(&own) && own == before && ends);
        before = own;
    }
    let many = particles >= LEAST && particles as f32 >= PARTICLE_SHARE * han as f32;
    many || even >= LEAST && even as f32 >= EVEN_SHARE * lines as f32
}

/// Share of particles and pronouns of classical Chinese that modern words hold seldom (list `classical-particle`) from which
/// a text is classical: .0002 of the Han characters of clean news (2 of 605 documents are above), .0016 in the articles of
/// 1939 (17 of 828), .039 in the Analects, .024 in Mencius.
const PARTICLE_SHARE: f32 = 0.006;
const LEAST: usize = 3;
/// Han characters of a line of verse, and the share of lines that are as long as the one before and end with a mark.
const VERSE: std::ops::RangeInclusive<usize> = 5..=16;
const EVEN_SHARE: f32 = 0.3;

/// True where a word that the title's own list calls good covers the place.
pub(super) fn called_good(text: &str, place: &Place, words: &TitleWords) -> bool {
    let (at, end) = place.extent();
    let covers = |w: &String| {
        let mut from = at.saturating_sub(w.len());
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let near = text[from..].char_indices().take_while(|(i, _)| from + i <= at);
        near.map(|(i, _)| from + i).any(|s| text[s..].starts_with(w.as_str()) && s + w.len() >= end)
    };
    words.good.iter().filter(|w| w.len() >= end - at && w.chars().any(is_han)).any(covers)
}

/// Why no policy may change the place, where that is so.
pub(super) fn protected(text: &str, place: &Place, protect: &Protect) -> Option<&'static str> {
    let (at, end) = place.extent();
    if name_by_shape(text, at, end).is_some() {
        return Some("name");
    }
    if protect.quotations && quoted(text, at) {
        return Some("quotation");
    }
    None
}

/// True inside quotation or title marks that are open in the same paragraph.
fn quoted(text: &str, at: usize) -> bool {
    let mut closed = [0usize; 4];
    for (i, c) in text[..at].char_indices().rev() {
        if c == '\n' || at - i > REACH {
            return false;
        }
        if let Some(k) = "“「『《".chars().position(|o| o == c) {
            if closed[k] == 0 {
                return true;
            }
            closed[k] -= 1;
        } else if let Some(k) = "”」』》".chars().position(|o| o == c) {
            closed[k] += 1;
        }
    }
    false
}

/// How much a place looks like a part of a person's name.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Name {
    /// A surname stands before it and the run of Han characters ends: 方 in 一人一方室 is one by that.
    Perhaps,
    /// The surname begins a run of two or three characters or follows a title, or the dot of a foreign name is near.
    Surely,
}

/// True where the place is a part of a person's name by all that is seen.
pub(super) fn is_name(text: &str, place: &Place) -> bool {
    let (at, end) = place.extent();
    name_by_shape(text, at, end) == Some(Name::Surely)
}

/// Whether the place looks like a part of a person's name.
fn name_by_shape(text: &str, at: usize, end: usize) -> Option<Name> {
    let before: smallvec::SmallVec<[char; 5]> = text[..at].chars().rev().take(5).collect();
    let after: smallvec::SmallVec<[char; 4]> = text[end..].chars().take(4).collect();
    let dot = |c: &char| matches!(c, '·' | '・' | '•');
    let beside = |s: &[char]| s.iter().take_while(|c| is_han(**c) || dot(c)).any(dot);
    if beside(&before) || beside(&after) {
        return Some(Name::Surely);
    }
    let open = |i: usize| before.get(i).is_none_or(|c| !is_han(*c));
    let titled = |i: usize| {
        matches!((before.get(i + 1), before.get(i)), (Some(&a), Some(&b))
            if lists::words("before-name").iter().any(|t| { let mut t = t.chars(); t.next() == Some(a) && t.next() == Some(b) }))
    };
    // A surname at `i` characters before the place, counted from 1; 0 is the place itself.
    let surnames = lists::characters("surname");
    let surname = |i: usize| match i.checked_sub(1) {
        Some(i) => before.get(i).is_some_and(|c| surnames.contains(*c)),
        None => text[at..end].chars().all(|c| surnames.contains(c)),
    };
    // Han characters from the place to the end of the run.
    let rest = after.iter().take_while(|c| is_han(**c)).count();
    let found = (0..3).filter(|&i| surname(i)).filter_map(|i| {
        // The whole name, if the run of Han characters ends with it.
        let closed = (2..=3).contains(&(i + 1 + rest));
        if titled(i) || (open(i) && (closed || i == 0)) {
            return Some(Name::Surely);
        }
        (closed && i > 0 && rest < 2).then_some(Name::Perhaps)
    });
    found.max_by_key(|n| *n as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, c: char) -> (usize, usize) {
        let i = text.find(c).expect("there");
        (i, i + c.len_utf8())
    }

    #[test]
    fn classical_text_and_verse_are_known() {
        assert!(is_literary("子曰：學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？"));
        assert!(is_literary(
            "登鸛雀樓\n白日依山盡，黃河入海流。\n欲窮千里目，更上一層樓。\n牀前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。\n"
        ));
        assert!(!is_literary("会议强调，要认真做好疫情防控工作，保障人民群众生命安全，似乎还有几乎全部的问题。"));
    }

    #[test]
    fn names_and_quotations_are_seen() {
        for (t, c) in [("记者李嫣报道", '嫣'), ("、曹慧泉、", '慧'), ("约翰·培尼说", '培')] {
            let (a, b) = at(t, c);
            assert_eq!(name_by_shape(t, a, b), Some(Name::Surely), "{t}");
        }
        for (t, c) in [("召开会汉部署", '汉'), ("金融市汤很活跃", '汤')] {
            let (a, b) = at(t, c);
            assert_eq!(name_by_shape(t, a, b), None, "{t}");
        }
        let (a, b) = at("一人一方室、", '室');
        assert_eq!(name_by_shape("一人一方室、", a, b), Some(Name::Perhaps));
        assert!(quoted("他说：“我们会汉", at("他说：“我们会汉", '汉').0));
        assert!(!quoted("“是。”他说会汉", at("“是。”他说会汉", '汉').0));
    }
}
