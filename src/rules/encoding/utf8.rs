//! UTF-8 that was read in a page of one byte, once or several times over: `schÃ¶n`, `РїСЂР°РІРґР°`, `g√¢teau`.
//!
//! Every sequence of a line is put back or none is; the line must cost clearly less afterwards. It must never touch a
//! line that is not proven by whole sequences.

use super::page::{PAGES, Page, signs};
use crate::text::Span;
use crate::text::cost::{Alphabet, alphabets, cjk_cost, cost};

/// A character of a line, with the place in the document that it stands for.
#[derive(Copy, Clone, Debug)]
pub(super) struct Piece {
    pub(super) c: char,
    pub(super) span: Span,
    pub(super) changed: bool,
}

/// What came of a line.
pub(super) struct Repair {
    pub(super) pieces: Vec<Piece>,
    /// The pages it was read in, last one first.
    pub(super) pages: Vec<&'static str>,
    /// Whole sequences that were put back, all layers together.
    pub(super) sequences: usize,
    /// Sequences of which a byte was lost.
    pub(super) lost: usize,
    /// Cost before and after, in half bits.
    pub(super) cost: (u32, u32),
}

/// Layers that are looked for.
const LAYERS: usize = 4;
/// A line must cost at least this much less for one sequence, in half bits. Measured on the published cases of ftfy and
/// on clean newspaper lines in de, en, fr: chance sequences gain less than 22, real ones 26 and more.
const GAIN: u32 = 24;
/// For windows-1252 and the two letters that begin most of its misread sequences.
const GAIN_COMMON: u32 = 14;
/// A word in which capitals and small letters are mixed as nobody does.
const ODD_CASE: u32 = 16;

/// The line with the layers of misreading taken off, if that is sure.
pub(super) fn repair(line: &[Piece]) -> Option<Repair> {
    let mut best = Repair { pieces: line.to_vec(), pages: Vec::new(), sequences: 0, lost: 0, cost: (0, 0) };
    for _ in 0..LAYERS {
        if let Some((page, layer)) = whole(&best.pieces) {
            best.pages.push(page.name);
            best.sequences += layer.sequences;
            best.pieces = layer.pieces;
            best.cost = (0, 0);
            continue;
        }
        let mut next: Option<Repair> = None;
        let mut before = None;
        for page in possible(&best.pieces) {
            let Some(layer) = peel(&best.pieces, page) else { continue };
            let before = *before.get_or_insert_with(|| price(&text(&best.pieces)));
            let after = price(&text(&layer.pieces));
            if !worth(&layer, before, after) || next.as_ref().is_some_and(|n| n.cost.1 <= after) {
                continue;
            }
            let mut pages = best.pages.clone();
            pages.push(page.name);
            next = Some(Repair {
                pieces: layer.pieces,
                pages,
                sequences: best.sequences + layer.sequences,
                lost: best.lost + layer.lost,
                cost: (if best.cost.0 == 0 { before } else { best.cost.0 }, after),
            });
        }
        match next {
            Some(n) => best = n,
            None => break,
        }
    }
    (!best.pages.is_empty()).then_some(best)
}

fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| p.c).collect()
}

/// The pages in which some character is a lead byte and the one after it a continuation byte, in their order.
fn possible(line: &[Piece]) -> impl Iterator<Item = &'static Page> + use<> {
    let mut bits = 0;
    let mut leads = 0;
    for piece in line {
        let (lead, continues) = signs(piece.c);
        let lost = matches!(piece.c, '\u{FFFD}' | ' ');
        bits |= leads & if lost { u16::MAX } else { continues };
        leads = lead;
    }
    PAGES.iter().enumerate().filter(move |(n, _)| bits >> n & 1 == 1).map(|(_, page)| page)
}

/// So many whole sequences and nothing else outside ASCII: no other proof is needed.
const MANY: usize = 5;

impl Layer {
    /// True where the line is nothing but sequences, and many of them. Boxes draw lines, so pages with boxes need more.
    fn whole(&self) -> bool {
        let sure = self.western || !came_c1(self);
        self.sequences >= MANY && self.left == 0 && self.lost == 0 && !self.dos && sure
    }
}

/// The layer of the only page in which the line is nothing but sequences.
fn whole(line: &[Piece]) -> Option<(&'static Page, Layer)> {
    let mut found: Option<(&Page, Layer)> = None;
    for page in possible(line) {
        let Some(layer) = peel(line, page).filter(Layer::whole) else { continue };
        match &found {
            // Neighbouring pages share most letters; where they do not, the cost must tell.
            Some((_, first)) if !first.pieces.iter().map(|p| p.c).eq(layer.pieces.iter().map(|p| p.c)) => return None,
            Some(_) => {}
            None => found = Some((page, layer)),
        }
    }
    found
}

/// One layer taken off.
struct Layer {
    pieces: Vec<Piece>,
    sequences: usize,
    lost: usize,
    /// All sequences begin with Ã or Â, and the page is windows-1252.
    common: bool,
    /// The page is windows-1252 or Latin-1.
    western: bool,
    /// Characters that could be bytes of a sequence but are in none.
    left: usize,
    /// The last sequence follows a letter.
    hangs: bool,
    /// A page of DOS, whose boxes also draw lines.
    dos: bool,
    /// A small letter stands before the lead of a damaged sequence, or of one that lost its no-break space.
    camel: bool,
}

fn worth(layer: &Layer, before: u32, after: u32) -> bool {
    let Some(gain) = before.checked_sub(after) else { return false };
    let came = layer.pieces.iter().filter(|p| p.changed).map(|p| p.c);
    // A single sequence must give what texts are made of; in windows-1252 it may be any symbol.
    let ordinary =
        |c: char| matches!(c, '\u{2010}'..='\u{2026}') || cjk_cost(c).is_some() || alphabets().iter().any(|a| a.has(c));
    let private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}');
    let mut doubtful = came.clone().filter(|c| *c as u32 >= 0x800 && !ordinary(*c));
    if layer.sequences == 1 && doubtful.any(|c| !layer.western || private(c)) {
        return false;
    }
    // One short sequence that gives no letter may be chance, unless it hangs on a word or is windows-1252's Â.
    let blank = came.clone().all(|c| c == '\u{A0}');
    let short = came.clone().all(|c| (c as u32) < 0x800 && !c.is_alphabetic());
    if layer.sequences == 1 && short && !layer.common && !layer.hangs {
        return false;
    }
    // Pages of other scripts and of boxes: what comes out must be letters of one language, and little may be left over.
    if layer.dos {
        let letters: Vec<char> = came.filter(|c| (*c as u32) < 0x590 && c.is_alphabetic()).collect();
        let known = |a: &Alphabet| letters.iter().filter(|c| a.has(**c)).count() * 5 >= letters.len() * 4;
        // No text of the age of DOS has a long s; a chain of box corners does.
        if letters.contains(&'ſ') || !alphabets().iter().any(known) {
            return false;
        }
    }
    if !layer.western && (came_c1(layer) || layer.left > layer.sequences) {
        return false;
    }
    match layer.sequences {
        // Nothing whole: a capital in mid-word before the hole is the only sign.
        0 => layer.camel,
        // A no-break space after a word that ends in Â may be the writer's own.
        1 if blank && layer.hangs => false,
        1 => gain >= if layer.common { GAIN_COMMON } else { GAIN },
        n => gain >= if layer.common { GAIN_COMMON } else { GAIN } + 4 * u32::try_from(n.min(50)).unwrap_or(0),
    }
}

/// A C1 control came out: only in Latin-1, between two layers, can that be right.
fn came_c1(layer: &Layer) -> bool {
    layer.pieces.iter().any(|p| p.changed && matches!(p.c, '\u{80}'..='\u{9F}'))
}

/// The cost of a text with its oddly cased words.
fn price(text: &str) -> u32 {
    let odd = text.split(|c: char| !c.is_alphabetic()).filter(|w| is_oddly_cased(w)).count();
    cost(text).half_bits + ODD_CASE * u32::try_from(odd).unwrap_or(u32::MAX / ODD_CASE)
}

/// Two capitals and then a small letter.
fn is_oddly_cased(word: &str) -> bool {
    let mut upper = 0;
    for c in word.chars() {
        if c.is_uppercase() {
            upper += 1;
        } else if c.is_lowercase() {
            return upper >= 2;
        }
    }
    false
}

/// Every sequence of UTF-8 that the line holds in `page`; None where it holds none.
fn peel(line: &[Piece], page: &Page) -> Option<Layer> {
    let first = peel_once(line, page, false)?;
    // Only a line with whole sequences proves that a space was a no-break space.
    if first.sequences < 2 { Some(first) } else { peel_once(line, page, true) }
}

fn peel_once(line: &[Piece], page: &Page, proven: bool) -> Option<Layer> {
    let mut layer = Layer {
        pieces: Vec::with_capacity(line.len()),
        sequences: 0,
        lost: 0,
        common: page.name == "windows-1252",
        western: page.name == "windows-1252",
        left: 0,
        hangs: false,
        dos: page.name.starts_with("cp") || matches!(page.name, "ibm866" | "koi8-r"),
        camel: false,
    };
    let mut at = 0;
    while at < line.len() {
        let piece = line[at];
        let lead = if piece.c.is_ascii() { None } else { page.byte(piece.c).filter(|b| matches!(b, 0xC2..=0xF4)) };
        let Some(lead) = lead else {
            layer.left += usize::from(!piece.c.is_ascii() && page.byte(piece.c).is_some());
            layer.pieces.push(piece);
            at += 1;
            continue;
        };
        let after_small = at > 0 && line[at - 1].c.is_lowercase() && piece.c.is_uppercase();
        match sequence(&line[at..], lead, page, proven) {
            Sequence::Whole(c, n) => {
                layer.pieces.push(joined(c, &line[at..at + n]));
                layer.sequences += 1;
                layer.hangs = at > 0 && line[at - 1].c.is_alphabetic();
                layer.common &= matches!(lead, 0xC2 | 0xC3);
                at += n;
            }
            Sequence::Hole(n) => {
                layer.pieces.push(joined('\u{FFFD}', &line[at..at + n]));
                layer.lost += 1;
                layer.camel |= after_small;
                at += n;
            }
            Sequence::Grave(n) => {
                layer.pieces.push(joined('à', &line[at..at + n]));
                layer.lost += 1;
                layer.camel |= after_small;
                at += n;
            }
            Sequence::None => {
                layer.left += 1;
                layer.pieces.push(piece);
                at += 1;
            }
        }
    }
    (layer.sequences > 0 || layer.camel).then_some(layer)
}

fn joined(c: char, from: &[Piece]) -> Piece {
    let (first, last) = (from.first().map_or(0, |p| p.span.start()), from.last().map_or(0, |p| p.span.end()));
    Piece { c, span: Span::new(first, last), changed: true }
}

enum Sequence {
    /// A character from that many pieces.
    Whole(char, usize),
    /// One with a lost byte.
    Hole(usize),
    /// `à` whose second byte, a no-break space, became a space and perhaps vanished.
    Grave(usize),
    None,
}

fn sequence(rest: &[Piece], lead: u8, page: &Page, proven: bool) -> Sequence {
    let len = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    };
    let mut bytes = [0_u8; 6];
    bytes[0] = lead;
    let mut have = 1;
    while have < len {
        match rest.get(have).map(|p| (p.c, page.byte(p.c))) {
            Some((c, Some(b))) if !c.is_ascii() && matches!(b, 0x80..=0xBF) => bytes[have] = b,
            Some(('\u{FFFD}', _)) => {
                let more = rest.iter().skip(have + 1).take(len - have - 1);
                let same = more.take_while(|p| page.byte(p.c).is_some_and(|b| matches!(b, 0x80..=0xBF)));
                return Sequence::Hole(have + 1 + same.count());
            }
            // A no-break space that became a space is part of the character where the line is proven otherwise.
            Some((' ', _)) if proven && lead != 0xC3 => bytes[have] = 0xA0,
            Some((' ', _)) if lead == 0xC3 => {
                let next: String = rest[2..].iter().map(|p| p.c).take_while(|c| c.is_alphabetic()).collect();
                // Portuguese às, àquele and their kin: no word begins so without the à.
                let kin = matches!(next.as_str(), "s" | "quele" | "queles" | "quela" | "quelas" | "quilo");
                let twice = rest.get(2).is_some_and(|p| p.c == ' ');
                return Sequence::Grave(if kin || twice { 2 } else { 1 });
            }
            _ => return Sequence::None,
        }
        have += 1;
    }
    if let Some(c) = std::str::from_utf8(&bytes[..len]).ok().and_then(|s| s.chars().next()) {
        return Sequence::Whole(c, len);
    }
    // Two surrogates of three bytes each, as careless writers encode what lies beyond the basic plane.
    if matches!(bytes, [0xED, 0xA0..=0xAF, ..]) {
        for (n, slot) in bytes.iter_mut().enumerate().skip(3) {
            match rest.get(n).and_then(|p| page.byte(p.c)) {
                Some(b) => *slot = b,
                None => return Sequence::None,
            }
        }
        if matches!(bytes, [.., 0xED, 0xB0..=0xBF, 0x80..=0xBF]) {
            let half = |b: &[u8]| 0xD000 | u16::from(b[1] & 0x3F) << 6 | u16::from(b[2] & 0x3F);
            let pair = [half(&bytes[..3]), half(&bytes[3..])];
            if let Some(Ok(c)) = char::decode_utf16(pair).next() {
                return Sequence::Whole(c, 6);
            }
        }
    }
    Sequence::None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> String {
        let line: Vec<Piece> = text
            .char_indices()
            .map(|(i, c)| Piece { c, span: Span::new(i, i + c.len_utf8()), changed: false })
            .collect();
        repair(&line).map_or(text.to_owned(), |r| r.pieces.iter().map(|p| p.c).collect())
    }

    #[test]
    fn one_layer_and_several() {
        assert_eq!(fixed("Die schÃ¶ne MÃ¼hle"), "Die schöne Mühle");
        assert_eq!(fixed("Il est nÃƒÂ© en aoÃƒÂ»t"), "Il est né en août");
        assert_eq!(fixed("РњРѕСЃРєРІР°"), "Москва");
        assert_eq!(fixed("un g√¢teau glac√©"), "un gâteau glacé");
    }

    #[test]
    fn capitals_before_marks_are_no_mojibake() {
        for text in ["LE MARCHÉ…", "le prix de l’été", "NESTLÉ®", "Überall Österreich", "à Paris, « où »"]
        {
            assert_eq!(fixed(text), text);
        }
    }
}
