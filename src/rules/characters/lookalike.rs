//! Letters of another alphabet inside a word, drawn like the letters they stand for.
//!
//! It must never touch a word that is wholly of one alphabet, nor a letter without a twin.

use super::scan::Scan;
use crate::rule::{Confidence, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};

/// Cyrillic or Greek in a Latin word, Latin in a Cyrillic one.
pub(super) static LOOKALIKE_LETTER: Rule = Rule {
    id: "lookalike-letter",
    name_zh: "形近异文字母",
    stage: Stage::Characters,
    confidence: Confidence::Likely,
    doc: "A Cyrillic or Greek letter inside a Latin word, or a Latin one inside a Cyrillic word, that is drawn like a letter of \
          the word's own alphabet (о for o, Р for P). A recogniser of several languages writes them. In short words, or where \
          more than one letter is foreign, the change is only proposed.",
    examples: &[
        Example { before: "the Cоunty Council", after: "the County Council" },
        Example { before: "Gοvernment Ηouse", after: "Government House" },
        Example { before: "газета «Прaвда»", after: "газета «Правда»" },
    ],
    leaves_alone: &["ΔT = 5", "газета «Правда»", "μm und Ωm", "α-Strahlen", "СССР и USA"],
    flag: false,
};

/// Letters drawn alike: Latin, Cyrillic. Only pairs that no type tells apart.
const CYRILLIC: &[(char, char)] = &[
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('j', 'ј'),
    ('o', 'о'),
    ('p', 'р'),
    ('s', 'ѕ'),
    ('x', 'х'),
    ('y', 'у'),
];
/// The same, Latin and Greek.
const GREEK: &[(char, char)] = &[
    ('A', 'Α'),
    ('B', 'Β'),
    ('E', 'Ε'),
    ('H', 'Η'),
    ('I', 'Ι'),
    ('K', 'Κ'),
    ('M', 'Μ'),
    ('N', 'Ν'),
    ('O', 'Ο'),
    ('P', 'Ρ'),
    ('T', 'Τ'),
    ('X', 'Χ'),
    ('Y', 'Υ'),
    ('Z', 'Ζ'),
    ('o', 'ο'),
];

const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}
const fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3FF}')
}

fn latin_of(c: char) -> Option<char> {
    CYRILLIC.iter().chain(GREEK).find(|p| p.1 == c).map(|p| p.0)
}

fn cyrillic_of(c: char) -> Option<char> {
    CYRILLIC.iter().find(|p| p.0 == c).map(|p| p.1)
}

/// A word has at least this many letters of its own alphabet for each foreign one.
const OWN_PER_FOREIGN: usize = 3;

/// The word around the Cyrillic or Greek letter at `i`. Returns its end.
pub(super) fn word(scan: &Scan<'_>, i: usize, out: &mut Findings) -> usize {
    // The part before `i` is Latin, or the scan would have come here sooner.
    let back: usize = scan.text[..i].chars().rev().take_while(|&c| script::is_latin(c)).map(char::len_utf8).sum();
    let letter = |c: &char| script::is_latin(*c) || is_cyrillic(*c) || is_greek(*c);
    let end = i + scan.from(i).take_while(letter).map(char::len_utf8).sum::<usize>();
    let start = i - back;
    let word = &scan.text[start..end];
    let (mut latin, mut cyrillic, mut greek) = (0usize, 0usize, 0usize);
    for c in word.chars() {
        if script::is_latin(c) {
            // A ligature is two letters, before it is taken apart as after.
            latin += if matches!(c, '\u{FB00}'..='\u{FB06}') { 2 } else { 1 };
        } else if is_cyrillic(c) {
            cyrillic += 1;
        } else {
            greek += 1;
        }
    }
    let foreign = if latin > cyrillic + greek { cyrillic + greek } else { latin };
    let own = latin + cyrillic + greek - foreign;
    if foreign == 0 || own <= foreign || scan.combines(end) || (greek > 0 && (cyrillic > 0 || greek > latin)) {
        return end;
    }
    let to_latin = latin > foreign;
    let strange = |c: char| if to_latin { !script::is_latin(c) } else { script::is_latin(c) };
    let twin = |c: char| if to_latin { latin_of(c) } else { cyrillic_of(c) };
    let mut splices = Vec::new();
    for (k, c) in word.char_indices().filter(|&(_, c)| strange(c)) {
        let Some(d) = twin(c) else { return end };
        splices.push(Splice::replace(Span::new(start + k, start + k + c.len_utf8()), d.to_string()));
    }
    let sure = own >= OWN_PER_FOREIGN * foreign && own >= OWN_PER_FOREIGN;
    let finding = Finding::edit(&LOOKALIKE_LETTER, Fix::many(splices)).because("word", word.to_owned());
    out.push(if sure { finding } else { finding.at(Confidence::Suggest) });
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairs_are_of_two_alphabets() {
        for &(l, c) in CYRILLIC {
            assert!(script::is_latin(l) && is_cyrillic(c), "{l}{c}");
        }
        for &(l, g) in GREEK {
            assert!(script::is_latin(l) && is_greek(g), "{l}{g}");
        }
    }
}
