//! UTF-8 that was read in a page of one byte, once or several times over: `schÃ¶n`, `РїСЂР°РІРґР°`, `g√¢teau`.
//!
//! Every sequence of a line is put back or none is; the line must cost clearly less afterwards. It must never touch a
//! line that is not proven by whole sequences.

use super::page::{PAGES, Page, signs};
use crate::text::Span;
use crate::text::cost::{Alphabet, Meter, alphabets, cjk_cost};
use encoding_rs::Encoding;
use smallvec::SmallVec;

/// A character of a line, with the place in the document that it stands for.
#[derive(Copy, Clone, Debug)]
pub(super) struct Piece {
    pub(super) c: char,
    pub(super) span: Span,
    pub(super) changed: bool,
}

/// The words of a line that hold a character outside ASCII, with the marks around them and the words after them.
///
/// The rest cannot change and costs the same before and after, so it is not looked at. `start` is the line's place.
pub(super) fn pieces(line: &str, start: usize) -> Vec<Piece> {
    let in_word = |b: u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let bytes = line.as_bytes();
    let mut pieces = Vec::with_capacity(line.len().min(256));
    let (mut at, mut done) = (0, 0);
    while at < bytes.len() {
        at += Encoding::ascii_valid_up_to(&bytes[at..]);
        if at == bytes.len() {
            break;
        }
        let back = bytes[done..at].iter().rposition(|b| !in_word(*b)).map_or(done, |n| done + n);
        // To the end of this word, two marks and the word that follows.
        let mut end = at;
        for (most, word) in [(usize::MAX, true), (2, false), (usize::MAX, true), (1, false)] {
            end += bytes[end..].iter().take(most).take_while(|b| in_word(**b) == word).count();
        }
        let chars = line[back..end].char_indices();
        pieces.extend(chars.map(|(i, c)| {
            let from = start + back + i;
            Piece { c, span: Span::new(from, from + c.len_utf8()), changed: false }
        }));
        (at, done) = (end, end);
    }
    pieces
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
pub(super) fn repair(line: Vec<Piece>, meter: &mut Meter) -> Option<Repair> {
    let mut best = Repair { pieces: line, pages: Vec::new(), sequences: 0, lost: 0, cost: (0, 0) };
    for _ in 0..LAYERS {
        let high = High::of(&best.pieces);
        if high.pages == 0 {
            break;
        }
        if let Some((page, layer)) = whole(&best.pieces, &high) {
            best.pages.push(page.name);
            best.sequences += layer.sequences;
            best.pieces = layer.apply(&best.pieces);
            best.cost = (0, 0);
            continue;
        }
        let layers: Vec<(&Page, Layer)> =
            high.pages().filter_map(|page| Some((page, peel(&best.pieces, &high, page)?))).collect();
        let Some((page, layer, before, after)) = cheapest(&best.pieces, &layers, meter) else { break };
        best.pages.push(page.name);
        best.sequences += layer.sequences;
        best.lost += layer.lost;
        best.cost = (if best.cost.0 == 0 { before } else { best.cost.0 }, after);
        best.pieces = layer.apply(&best.pieces);
    }
    (!best.pages.is_empty()).then_some(best)
}

/// The layer that is worth taking off and costs least afterwards, the first one of equals, and the costs before and after.
fn cheapest<'a>(
    line: &[Piece],
    layers: &'a [(&'a Page, Layer)],
    meter: &mut Meter,
) -> Option<(&'a Page, &'a Layer, u32, u32)> {
    let mut best: Option<(&Page, &Layer, u32, u32)> = None;
    let mut before = None;
    // Neighbouring pages share most letters, so many layers give the same text.
    let mut prices: SmallVec<[(&[Edit], u32); 8]> = SmallVec::new();
    for (page, layer) in layers.iter().filter(|(_, layer)| credible(line, layer)) {
        let before = *before.get_or_insert_with(|| price(line.iter().map(|p| p.c), meter));
        let known = prices.iter().find(|(edits, _)| *edits == layer.edits.as_slice()).map(|(_, price)| *price);
        let after = known.unwrap_or_else(|| {
            let after = price(layer.chars(line), meter);
            prices.push((&layer.edits, after));
            after
        });
        if worth(line, layer, before, after) && best.as_ref().is_none_or(|b| after < b.3) {
            best = Some((page, layer, before, after));
        }
    }
    best
}

/// Where a line's characters outside ASCII stand, and in which pages two of them could be lead and continuation of UTF-8.
struct High {
    places: Vec<u32>,
    pages: u16,
}

impl High {
    fn of(line: &[Piece]) -> High {
        let mut high = High { places: Vec::with_capacity(line.len()), pages: 0 };
        let mut leads = 0;
        for (at, piece) in (0..).zip(line) {
            if piece.c.is_ascii() {
                high.pages |= if piece.c == ' ' { leads } else { 0 };
                leads = 0;
                continue;
            }
            let (lead, continues) = signs(piece.c);
            high.pages |= leads & if piece.c == '\u{FFFD}' { u16::MAX } else { continues };
            leads = lead;
            high.places.push(at);
        }
        high
    }

    /// The pages in which some character is a lead byte and the one after it a continuation byte, in their order.
    fn pages(&self) -> impl Iterator<Item = &'static Page> + use<> {
        let bits = self.pages;
        PAGES.iter().enumerate().filter(move |(n, _)| bits >> n & 1 == 1).map(|(_, page)| page)
    }
}

/// So many whole sequences and nothing else outside ASCII: no other proof is needed.
const MANY: usize = 5;

impl Layer {
    /// True where the line is nothing but sequences, and many of them. Boxes draw lines, so pages with boxes need more.
    fn whole(&self) -> bool {
        let sure = self.western || !came_c1(self.edits.iter().map(|e| e.c));
        self.sequences >= MANY && self.left == 0 && self.lost == 0 && !self.dos && sure
    }
}

/// The layer of the only page in which the line is nothing but sequences.
fn whole(line: &[Piece], high: &High) -> Option<(&'static Page, Layer)> {
    let mut found: Option<(&Page, Layer)> = None;
    for page in high.pages() {
        let Some(layer) = peel_once(line, high, page, Peel::Whole).filter(Layer::whole) else { continue };
        match &found {
            // Neighbouring pages share most letters; where they do not, the cost must tell.
            Some((_, first)) if first.edits != layer.edits => return None,
            Some(_) => {}
            None => found = Some((page, layer)),
        }
    }
    found
}

/// A character that stands for some pieces of the line.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Edit {
    at: u32,
    len: u32,
    c: char,
}

/// One layer taken off.
struct Layer {
    edits: SmallVec<[Edit; 6]>,
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

impl Layer {
    fn put(&mut self, at: usize, len: usize, c: char) {
        if let (Ok(at), Ok(len)) = (u32::try_from(at), u32::try_from(len)) {
            self.edits.push(Edit { at, len, c });
        }
    }

    /// The line's pieces with this layer taken off.
    fn pieces<'a>(&'a self, line: &'a [Piece]) -> impl Iterator<Item = Piece> + 'a {
        let (mut at, mut edits) = (0, self.edits.iter().peekable());
        std::iter::from_fn(move || {
            let piece = *line.get(at)?;
            let Some(edit) = edits.next_if(|e| e.at as usize == at) else {
                at += 1;
                return Some(piece);
            };
            let part = &line[at..line.len().min(at + edit.len as usize)];
            at += part.len();
            Some(joined(edit.c, part))
        })
    }

    fn chars<'a>(&'a self, line: &'a [Piece]) -> impl Iterator<Item = char> + 'a {
        self.pieces(line).map(|p| p.c)
    }

    fn apply(&self, line: &[Piece]) -> Vec<Piece> {
        self.pieces(line).collect()
    }

    /// What this layer or one before it brought out.
    fn came<'a>(&'a self, line: &'a [Piece]) -> impl Iterator<Item = char> + Clone + 'a {
        let covered = |at: usize| {
            let n = self.edits.partition_point(|e| e.at as usize <= at);
            n > 0 && self.edits.get(n - 1).is_some_and(|e| at < (e.at + e.len) as usize)
        };
        let earlier = line.iter().enumerate().filter(move |(at, p)| p.changed && !covered(*at)).map(|(_, p)| p.c);
        earlier.chain(self.edits.iter().map(|e| e.c))
    }
}

/// False for a layer that no gain makes worth taking off.
fn credible(line: &[Piece], layer: &Layer) -> bool {
    let came = layer.came(line);
    // A single sequence must give what texts are made of; in windows-1252 it may be any symbol.
    let ordinary =
        |c: char| matches!(c, '\u{2010}'..='\u{2026}') || cjk_cost(c).is_some() || alphabets().iter().any(|a| a.has(c));
    let private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}');
    if layer.sequences == 1 {
        let mut doubtful = came.clone().filter(|c| *c as u32 >= 0x800 && !ordinary(*c));
        if doubtful.any(|c| !layer.western || private(c)) {
            return false;
        }
        // One short sequence that gives no letter may be chance, unless it hangs on a word or is windows-1252's Â.
        let short = || came.clone().all(|c| (c as u32) < 0x800 && !c.is_alphabetic());
        if !layer.common && !layer.hangs && short() {
            return false;
        }
    }
    // Pages of other scripts and of boxes: what comes out must be letters of one language, and little may be left over.
    if !layer.western && (layer.left > layer.sequences || came_c1(came.clone())) {
        return false;
    }
    if layer.dos {
        let letters: Vec<char> = came.filter(|c| (*c as u32) < 0x590 && c.is_alphabetic()).collect();
        let known = |a: &Alphabet| letters.iter().filter(|c| a.has(**c)).count() * 5 >= letters.len() * 4;
        // No text of the age of DOS has a long s; a chain of box corners does.
        if letters.contains(&'ſ') || !alphabets().iter().any(known) {
            return false;
        }
    }
    true
}

/// True where the gain is enough for what the layer is.
fn worth(line: &[Piece], layer: &Layer, before: u32, after: u32) -> bool {
    let Some(gain) = before.checked_sub(after) else { return false };
    match layer.sequences {
        // Nothing whole: a capital in mid-word before the hole is the only sign.
        0 => layer.camel,
        // A no-break space after a word that ends in Â may be the writer's own.
        1 if layer.hangs && layer.came(line).all(|c| c == '\u{A0}') => false,
        1 => gain >= if layer.common { GAIN_COMMON } else { GAIN },
        n => gain >= if layer.common { GAIN_COMMON } else { GAIN } + 4 * u32::try_from(n.min(50)).unwrap_or(0),
    }
}

/// A C1 control came out: only in Latin-1, between two layers, can that be right.
fn came_c1(mut came: impl Iterator<Item = char>) -> bool {
    came.any(|c| matches!(c, '\u{80}'..='\u{9F}'))
}

/// The cost of a text with its oddly cased words.
fn price(text: impl Iterator<Item = char>, meter: &mut Meter) -> u32 {
    let cost = meter.cost(text);
    cost.half_bits + ODD_CASE * cost.odd_words
}

/// Every sequence of UTF-8 that the line holds in `page`; None where it holds none.
fn peel(line: &[Piece], high: &High, page: &Page) -> Option<Layer> {
    let first = peel_once(line, high, page, Peel::All)?;
    // Only a line with whole sequences proves that a space was a no-break space.
    let spaces = first.sequences >= 2 && first.left > 0;
    if spaces { peel_once(line, high, page, Peel::Proven) } else { Some(first) }
}

/// What is asked for.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Peel {
    /// A line that is nothing but sequences; None where it is not.
    Whole,
    /// All sequences there are.
    All,
    /// Also those in which a no-break space became a space.
    Proven,
}

fn peel_once(line: &[Piece], high: &High, page: &Page, want: Peel) -> Option<Layer> {
    let proven = want == Peel::Proven;
    let mut layer = Layer {
        edits: SmallVec::new(),
        sequences: 0,
        lost: 0,
        common: page.name == "windows-1252",
        western: page.name == "windows-1252",
        left: 0,
        hangs: false,
        dos: page.name.starts_with("cp") || matches!(page.name, "ibm866" | "koi8-r"),
        camel: false,
    };
    let mut next = 0;
    if want == Peel::Whole && layer.dos {
        return None;
    }
    for at in high.places.iter().map(|n| *n as usize) {
        if at < next {
            continue;
        }
        if want == Peel::Whole && layer.left + layer.lost > 0 {
            return None;
        }
        let piece = line[at];
        let Some(byte) = page.byte(piece.c) else { continue };
        if !matches!(byte, 0xC2..=0xF4) {
            layer.left += 1;
            continue;
        }
        let after_small = || at > 0 && line[at - 1].c.is_lowercase() && piece.c.is_uppercase();
        let n = match sequence(&line[at..], byte, page, proven) {
            Sequence::Whole(c, n) => {
                layer.put(at, n, c);
                layer.sequences += 1;
                layer.hangs = at > 0 && line[at - 1].c.is_alphabetic();
                layer.common &= matches!(byte, 0xC2 | 0xC3);
                n
            }
            Sequence::Hole(n) => {
                layer.put(at, n, '\u{FFFD}');
                layer.lost += 1;
                layer.camel |= after_small();
                n
            }
            Sequence::Grave(n) => {
                layer.put(at, n, 'à');
                layer.lost += 1;
                layer.camel |= after_small();
                n
            }
            Sequence::None => {
                layer.left += 1;
                1
            }
        };
        next = at + n;
    }
    (layer.sequences > 0 || layer.camel).then_some(layer)
}

fn joined(c: char, from: &[Piece]) -> Piece {
    let (first, last) = (from.first().map_or(0, |p| p.span.start()), from.last().map_or(0, |p| p.span.end()));
    Piece { c, span: Span::new(first, last), changed: true }
}

/// The character of a lead and its continuation bytes; None where they are no UTF-8.
fn character(bytes: &[u8]) -> Option<char> {
    let (lead, rest) = bytes.split_first()?;
    let code = rest.iter().fold(u32::from(lead & (0x7F >> bytes.len())), |n, b| n << 6 | u32::from(b & 0x3F));
    char::from_u32(code).filter(|c| c.len_utf8() == bytes.len())
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
    if let Some(c) = character(&bytes[..len]) {
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
        let Some(repair) = repair(pieces(text, 0), &mut Meter::default()) else { return text.to_owned() };
        let (mut out, mut at) = (String::new(), 0);
        for p in repair.pieces.iter().filter(|p| p.changed) {
            out.push_str(&text[at..p.span.start()]);
            out.push(p.c);
            at = p.span.end();
        }
        out + &text[at..]
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
