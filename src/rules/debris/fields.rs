//! What a line at a page's end says: date, page, price, editors, imprint, as a table of expressions.
//!
//! It knows nothing of pages and places, and must never judge a line.

use crate::text::lists;
use crate::text::phrase;
use crate::text::script::{is_han, is_letter, is_letter_or_digit, is_number};
use regex::Regex;
use std::sync::LazyLock;

/// What furniture says, as data.
const FURNITURE: &str = include_str!("../../../dictionaries/page-furniture.tsv");

/// What one field of a head or foot is.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Address,
    Contact,
    Credits,
    Date,
    Imprint,
    Issue,
    Page,
    Price,
    Section,
    Weekday,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "address" => Kind::Address,
            "contact" => Kind::Contact,
            "credits" => Kind::Credits,
            "date" => Kind::Date,
            "imprint" => Kind::Imprint,
            "issue" => Kind::Issue,
            "page" => Kind::Page,
            "price" => Kind::Price,
            "section" => Kind::Section,
            "weekday" => Kind::Weekday,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Address => "address",
            Kind::Contact => "contact",
            Kind::Credits => "credits",
            Kind::Date => "date",
            Kind::Imprint => "imprint",
            Kind::Issue => "issue",
            Kind::Page => "page",
            Kind::Price => "price",
            Kind::Section => "section",
            Kind::Weekday => "weekday",
        }
    }
}

/// What a line must hold before an expression is asked.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Script {
    /// A Han character, or a digit where the expression has no keys.
    Han,
    /// The same, and white space about it or no more than a few characters.
    Field,
    /// A word's worth of Latin letters.
    Latin,
    /// A digit or a Latin letter.
    Sign,
}

impl Script {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "han" => Script::Han,
            "field" => Script::Field,
            "latin" => Script::Latin,
            "sign" => Script::Sign,
            _ => return None,
        })
    }
}

/// Latin letters from which a line holds a word of Latin script: "No", "Vol".
const LETTERS: usize = 2;

/// The longest field that may be all of a line, in bytes.
const FIELD: usize = 16;

/// One expression. It is compiled when a line first holds what it needs: compiling all of them takes longer than cleaning
/// a page.
struct Pattern {
    kind: Kind,
    script: Script,
    /// Its groups of characters, one of each of which every match holds: a bit for each.
    groups: u64,
    source: &'static str,
    regex: std::sync::OnceLock<Option<Regex>>,
}

impl Pattern {
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| phrase(self.source)).as_ref()
    }
}

/// The expressions, and which groups a character is in.
struct Table {
    patterns: Vec<Pattern>,
    /// By the low bits of the character: a line that seems to hold one more costs a search, no more.
    groups: Vec<u64>,
}

/// Entries of the table of characters.
const SLOTS: usize = 2048;

impl Table {
    fn read(tsv: &'static str) -> Self {
        let mut out = Self { patterns: Vec::new(), groups: vec![0; SLOTS] };
        let mut next = 1;
        for l in lists::rows(tsv) {
            let mut f = l.split('\t');
            let (Some(kind), Some(script), Some(keys), Some(source)) =
                (f.next().and_then(Kind::of), f.next().and_then(Script::of), f.next(), f.next())
            else {
                continue;
            };
            let mut groups = 0;
            for keys in keys.split('|').filter(|k| *k != "-") {
                keys.chars().for_each(|c| out.groups[c as usize % SLOTS] |= next);
                groups |= next;
                next <<= 1;
            }
            out.patterns.push(Pattern { kind, script, groups, source, regex: std::sync::OnceLock::new() });
        }
        out
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(FURNITURE));

/// The fields of one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    /// Kinds found, sorted, each once.
    pub(super) kinds: Vec<Kind>,
    /// Where fields stand in the text, in the table's order.
    pub(super) places: Vec<(Kind, std::ops::Range<usize>)>,
    /// Letters and digits that no field holds.
    pub(super) rest: usize,
    /// Those of them that are letters.
    pub(super) letters: usize,
}

impl Fields {
    /// Finds the fields of a line. Linear in the text, and nearly free for a line that holds no key.
    pub(super) fn of(text: &str) -> Self {
        let (mut han, mut latin, mut digit, mut space, mut groups) = (false, 0usize, false, false, 0);
        for c in text.chars() {
            han |= is_han(c);
            digit |= c.is_ascii_digit();
            space |= c.is_whitespace();
            latin += usize::from(c.is_ascii_alphabetic() || ('\u{C0}'..'\u{250}').contains(&c));
            groups |= TABLE.groups[c as usize % SLOTS];
        }
        let mut out = Self::default();
        for p in &TABLE.patterns {
            let asked = match p.script {
                Script::Han => han || digit && p.groups == 0,
                Script::Field => (han || digit) && (space || text.len() <= FIELD),
                Script::Latin => latin >= LETTERS,
                Script::Sign => digit || latin > 0,
            };
            if !asked || groups & p.groups != p.groups {
                continue;
            }
            let Some(regex) = p.regex() else { continue };
            out.places.extend(regex.find_iter(text).filter(|m| !m.is_empty()).map(|m| (p.kind, m.range())));
        }
        out.kinds = out.places.iter().map(|(k, _)| *k).collect();
        out.kinds.sort_unstable();
        out.kinds.dedup();
        let covered = |i: usize| out.places.iter().any(|(_, r)| r.contains(&i));
        for (_, c) in text.char_indices().filter(|&(i, c)| is_letter_or_digit(c) && !covered(i)) {
            out.rest += 1;
            out.letters += usize::from(!is_number(c));
        }
        out
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// What no field holds, as runs of letters of at least `least` characters, folded.
    pub(super) fn names(&self, text: &str, least: usize) -> Vec<String> {
        let mut out = Vec::new();
        let mut run = String::new();
        let mut push = |run: &mut String| {
            let name: String = run.split_whitespace().flat_map(str::chars).flat_map(char::to_lowercase).collect();
            if name.chars().count() >= least {
                out.push(name);
            }
            run.clear();
        };
        for (i, c) in text.char_indices() {
            if self.places.iter().any(|(_, r)| r.contains(&i)) || is_number(c) {
                push(&mut run);
            } else if is_letter(c) || c == ' ' && !run.is_empty() && !run.ends_with(' ') {
                run.push(c);
            } else if !matches!(c, '\'' | '’' | '.' | '·') {
                push(&mut run);
            }
        }
        push(&mut run);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_line_of_it_compiles() {
        let lines: Vec<&str> = lists::rows(FURNITURE).collect();
        assert!(lines.is_sorted(), "sort dictionaries/page-furniture.tsv by bytes");
        assert_eq!(TABLE.patterns.len(), lines.len(), "a kind is not known");
        for p in &TABLE.patterns {
            assert!(p.regex().is_some(), "{}", p.source);
            assert!(!p.source.contains(r"\b") || p.source.contains(r"(?-u:\b"), "Unicode \\b is slow: {}", p.source);
        }
    }

    #[test]
    fn fields_of_garbled_heads_and_feet_are_found() {
        let kinds = |t: &str| Fields::of(t).kinds;
        assert_eq!(kinds("A5　要闻　2015年10月15日 星期四"), [Kind::Date, Kind::Page, Kind::Section, Kind::Weekday]);
        assert_eq!(kinds("本报地址; 海陵市新华路258号"), [Kind::Address, Kind::Contact, Kind::Imprint]);
        assert_eq!(kinds("线: 0731-22003874 “印刷;"), [Kind::Contact, Kind::Imprint]);
        assert_eq!(kinds("国内统一刊号: CN 00-0070"), [Kind::Issue]);
        assert_eq!(kinds("The rain has not come."), []);
        assert_eq!(kinds("会议开得很好"), []);
    }

    #[test]
    fn names_are_what_no_field_holds() {
        let names = |t: &str| Fields::of(t).names(t, 3);
        assert_eq!(names("A5 要闻 2015年10月15日 星期四 江州日报"), ["江州日报"]);
        assert_eq!(names("Page 2 THE HARROW GAZETTE Wednesday, August 19, 2020"), ["theharrowgazette"]);
    }
}
