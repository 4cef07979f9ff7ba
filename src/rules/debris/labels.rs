//! What the pages of an issue call themselves: "A3", "第3版", "Page 3", from their heads and page numbers.
//!
//! It must never guess: a page whose number cannot be read has none.

use super::fields::Kind;
use super::zone::Zone;
use crate::document::Document;
use std::fmt;

/// What a page is called: a section's letter and a number.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Label {
    /// A to D, or none.
    pub(super) section: Option<char>,
    /// The number, from 1.
    pub(super) number: u32,
}

impl Label {
    /// Reads "A3", "第三版", "Page 03", "ersten".
    pub(super) fn read(text: &str) -> Option<Self> {
        const WORDS: [(&str, u32); 18] = [
            ("first", 1),
            ("second", 2),
            ("third", 3),
            ("fourth", 4),
            ("fifth", 5),
            ("sixth", 6),
            ("ersten", 1),
            ("zweiten", 2),
            ("dritten", 3),
            ("vierten", 4),
            ("titelseite", 1),
            ("front", 1),
            ("première", 1),
            ("1re", 1),
            ("deuxième", 2),
            ("2e", 2),
            ("troisième", 3),
            ("3e", 3),
        ];
        if let Some((_, number)) = WORDS.iter().find(|(w, _)| *w == text) {
            return Some(Self { section: None, number: *number });
        }
        let at = text.find(|c: char| c.is_ascii_digit());
        let Some(at) = at else { return numeral(text).map(|number| Self { section: None, number }) };
        let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
        let section = text[..at].trim_end_matches(['-', ' ']).chars().next_back().map(|c| c.to_ascii_uppercase());
        let number = digits.parse().ok().filter(|n| *n > 0)?;
        Some(Self { section: section.filter(|c| ('A'..='D').contains(c)), number })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(s) = self.section {
            write!(f, "{s}")?;
        }
        write!(f, "{}", self.number)
    }
}

/// Chinese numerals up to 99.
fn numeral(text: &str) -> Option<u32> {
    const ONES: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digits: Vec<char> = text.chars().filter(|c| *c == '十' || ONES.contains(c)).collect();
    let one = |c: &char| ONES.iter().position(|o| o == c).map(|n| n as u32);
    match digits.as_slice() {
        ['十'] => Some(10),
        [c] => one(c).filter(|n| *n > 0),
        ['十', c] => Some(10 + one(c)?),
        [c, '十'] => Some(10 * one(c)?),
        [c, '十', d] => Some(10 * one(c)? + one(d)?),
        _ => None,
    }
}

/// The label of every page of the document, by the page's number from 0. `found` says of each candidate whether it is
/// furniture: only what is furniture names its page.
pub(super) fn labels(
    doc: &Document<'_>,
    zones: &[Zone<'_>],
    found: &dyn Fn(usize, usize) -> bool,
) -> Vec<Option<Label>> {
    let pages = doc.lines().last().map_or(0, |l| l.page + 1);
    let mut out = vec![None; pages];
    for (p, zone) in zones.iter().enumerate() {
        let Some(page) = zone.lines.first().map(|c| doc.lines()[c.line].page) else { continue };
        let lines = || zone.lines.iter().enumerate().filter(|(k, _)| found(p, *k)).map(|(_, c)| c);
        let field = lines().filter(|c| c.top).find_map(|c| {
            let place = c.fields.places.iter().find(|(k, _)| *k == Kind::Page)?;
            Label::read(&c.text[place.1.clone()])
        });
        let folio = || lines().find_map(|c| c.folio).map(|(number, _)| Label { section: None, number });
        if let Some(slot) = out.get_mut(page) {
            *slot = field.or_else(folio);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_pages_are_read() {
        for (text, label) in
            [("A03", "A3"), ("第三版", "3"), ("Page 12", "12"), ("十二", "12"), ("ersten", "1"), ("b-4", "B4")]
        {
            assert_eq!(Label::read(text).map(|l| l.to_string()).as_deref(), Some(label));
        }
        assert_eq!(Label::read("next"), None);
        assert_eq!(Label::read("0"), None);
    }
}
