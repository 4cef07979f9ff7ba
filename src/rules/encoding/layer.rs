//! One layer of misreading taken off a line: every sequence of UTF-8 that its characters are in a page of one byte.
//!
//! It must never judge whether the layer should be taken off.

use super::page::{PAGES, Page, signs};
use crate::text::Span;
use crate::text::script::is_latin;
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

/// Where a line's characters outside ASCII stand, and in which pages two of them could be lead and continuation of UTF-8.
pub(super) struct High {
    places: Vec<u32>,
    pub(super) pages: u16,
}

impl High {
    pub(super) fn of(line: &[Piece]) -> High {
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
    pub(super) fn pages(&self) -> impl Iterator<Item = &'static Page> + use<> {
        let bits = self.pages;
        PAGES.iter().enumerate().filter(move |(n, _)| bits >> n & 1 == 1).map(|(_, page)| page)
    }
}

/// A character that stands for some pieces of the line.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Edit {
    at: u32,
    len: u32,
    c: char,
}

/// One layer taken off.
pub(super) struct Layer {
    pub(super) edits: SmallVec<[Edit; 6]>,
    pub(super) sequences: usize,
    pub(super) lost: usize,
    /// Whole sequences of three bytes and more that are a letter and no-break spaces.
    pub(super) padded: usize,
    /// All sequences begin with Ã or Â, and the page is windows-1252.
    pub(super) common: bool,
    /// The page is windows-1252 or Latin-1.
    pub(super) western: bool,
    /// Characters that could be bytes of a sequence but are in none.
    pub(super) left: usize,
    /// The last sequence follows a letter.
    pub(super) hangs: bool,
    /// A page of DOS, whose boxes also draw lines.
    pub(super) dos: bool,
    /// A small letter stands before the lead of a damaged sequence, or of one that lost its no-break space.
    pub(super) camel: bool,
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

    pub(super) fn chars<'a>(&'a self, line: &'a [Piece]) -> impl Iterator<Item = char> + 'a {
        self.pieces(line).map(|p| p.c)
    }

    pub(super) fn taken_off(&self, line: &[Piece]) -> Vec<Piece> {
        self.pieces(line).collect()
    }

    /// What this layer or one before it brought out.
    pub(super) fn came<'a>(&'a self, line: &'a [Piece]) -> impl Iterator<Item = char> + Clone + 'a {
        let covered = |at: usize| {
            let n = self.edits.partition_point(|e| e.at as usize <= at);
            n > 0 && self.edits.get(n - 1).is_some_and(|e| at < (e.at + e.len) as usize)
        };
        let earlier = line.iter().enumerate().filter(move |(at, p)| p.changed && !covered(*at)).map(|(_, p)| p.c);
        earlier.chain(self.edits.iter().map(|e| e.c))
    }
}

/// So many whole sequences and nothing else outside ASCII: no other proof is needed.
const MANY: usize = 5;

impl Layer {
    /// True where the line is nothing but sequences, and many of them. Boxes draw lines, so pages with boxes need more.
    pub(super) fn whole(&self) -> bool {
        let sure = self.western || !came_c1(self.edits.iter().map(|e| e.c));
        self.sequences >= MANY && self.left == 0 && self.lost == 0 && !self.dos && sure
    }
}

/// Every sequence of UTF-8 that the line holds in `page`; None where it holds none.
pub(super) fn peel(line: &[Piece], high: &High, page: &Page) -> Option<Layer> {
    let first = peel_once(line, high, page, Peel::All)?;
    // Only a line with whole sequences proves that a space was a no-break space.
    let spaces = first.sequences >= 2 && first.left > 0;
    if spaces { peel_once(line, high, page, Peel::Proven) } else { Some(first) }
}

/// What is asked for.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Peel {
    /// A line that is nothing but sequences; None where it is not.
    Whole,
    /// All sequences there are.
    All,
    /// Also those in which a no-break space became a space, or a byte that was lost became a question mark.
    Proven,
}

pub(super) fn peel_once(line: &[Piece], high: &High, page: &Page, want: Peel) -> Option<Layer> {
    let proven = want == Peel::Proven;
    let mut layer = Layer {
        edits: SmallVec::new(),
        sequences: 0,
        padded: 0,
        lost: 0,
        common: page.name == "windows-1252",
        western: page.name == "windows-1252",
        left: 0,
        hangs: false,
        dos: page.name.starts_with("cp") || matches!(page.name, "ibm866" | "koi8-r"),
        camel: false,
    };
    let (mut next, mut last) = (0, 0);
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
                let blank = |p: &Piece| matches!(p.c, '\u{A0}' | ' ');
                // Behind a word the first blank is the space before a mark of French: é, no-break space, ».
                let all = line[at + 1..at + n].iter().all(blank);
                let hangs = at > 0 && is_latin(line[at - 1].c) && is_latin(piece.c) && blank(&line[at + 1]);
                layer.padded += usize::from(n > 2 && (all || hangs));
                last = at;
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
    layer.hangs = last > 0 && line[last - 1].c.is_alphabetic();
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

/// True for a character that is a continuation byte in `page`.
fn continues(piece: Option<&Piece>, page: &Page) -> bool {
    piece.is_some_and(|p| page.byte(p.c).is_some_and(|b| matches!(b, 0x80..=0xBF)))
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
                let same = more.take_while(|p| continues(Some(p), page));
                return Sequence::Hole(have + 1 + same.count());
            }
            // A byte that no character stood for became a question mark. In a proven line Â and Ã cannot stand for
            // themselves; a longer sequence shows by its last byte.
            Some(('?', _)) if proven && matches!(lead, 0xC2 | 0xC3) => return Sequence::Hole(2),
            Some(('?', _)) if proven && len == 3 && have == 1 && continues(rest.get(2), page) => {
                return Sequence::Hole(3);
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

/// A C1 control came out: only in Latin-1, between two layers, can that be right.
pub(super) fn came_c1(mut came: impl Iterator<Item = char>) -> bool {
    came.any(|c| matches!(c, '\u{80}'..='\u{9F}'))
}
