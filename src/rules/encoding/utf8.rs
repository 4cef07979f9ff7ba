//! UTF-8 that was read in a page of one byte, once or several times over: `schÃ¶n`, `РїСЂР°РІРґР°`, `g√¢teau`.
//!
//! Every sequence of a line is put back or none is; the line must cost clearly less afterwards. It must never touch a
//! line that is not proven by whole sequences.

use super::layer::{Edit, High, Layer, Peel, Piece, came_c1, peel, peel_once};
use super::page::Page;
use crate::text::cost::{Alphabet, Meter, alphabets, cjk_cost};
use smallvec::SmallVec;

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
            best.pieces = layer.taken_off(&best.pieces);
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
        best.pieces = layer.taken_off(&best.pieces);
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
        let before = *before.get_or_insert_with(|| price(line.iter().map(|p| p.c), u32::MAX, meter));
        let known = prices.iter().find(|(edits, _)| *edits == layer.edits.as_slice()).map(|(_, price)| *price);
        let after = known.unwrap_or_else(|| {
            // What is dearer than before or than the best is of no use, whatever it costs.
            let limit = best.as_ref().map_or(before.saturating_add(1), |b| b.3);
            let after = price(layer.chars(line), limit, meter);
            prices.push((&layer.edits, after));
            after
        });
        if worth(line, layer, before, after) && best.as_ref().is_none_or(|b| after < b.3) {
            best = Some((page, layer, before, after));
        }
    }
    best
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

/// False for a layer that no gain makes worth taking off.
fn credible(line: &[Piece], layer: &Layer) -> bool {
    let came = layer.came(line);
    // A single sequence must give what texts are made of; in windows-1252 it may be any symbol.
    let ordinary =
        |c: char| matches!(c, '\u{2010}'..='\u{2026}') || cjk_cost(c).is_some() || alphabets().iter().any(|a| a.has(c));
    let private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}');
    // A letter and no-break spaces after it are what they seem, wherever nothing else speaks.
    if layer.padded > 0 && layer.sequences == layer.padded {
        return false;
    }
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

/// The cost of a text with its oddly cased words; a number from `limit` on where it is not below.
fn price(text: impl Iterator<Item = char>, limit: u32, meter: &mut Meter) -> u32 {
    let cost = meter.cost_below(text, limit);
    cost.half_bits.saturating_add(ODD_CASE * cost.odd_words)
}

#[cfg(test)]
mod tests {
    use super::super::layer::pieces;
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
    fn a_question_mark_is_a_lost_byte_only_where_the_line_proves_it() {
        assert_eq!(
            fixed("ItÃ?Â¢â?¬â?¢s epic. ItÃ?Â¢â?¬â?¢s"),
            "It\u{FFFD}¢\u{FFFD}\u{FFFD}s epic. It\u{FFFD}¢\u{FFFD}\u{FFFD}s"
        );
        assert_eq!(fixed("Die schÃ¶ne MÃ¼hle: daß? im Café?"), "Die schöne Mühle: daß? im Café?");
        assert_eq!(fixed("MINHA IRMÃ? SÃO PAULO"), "MINHA IRMÃ? SÃO PAULO");
    }

    #[test]
    fn capitals_before_marks_are_no_mojibake() {
        for text in ["LE MARCHÉ…", "le prix de l’été", "NESTLÉ®", "Überall Österreich", "à Paris, « où »"]
        {
            assert_eq!(fixed(text), text);
        }
    }
}
