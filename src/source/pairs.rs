//! What runs of two-byte sequences cost, straight from the bytes: the quick path of [`super::guess`] for Chinese and Korean.
//!
//! It must give the same number as decoding and adding up, or none at all where a sequence is of another kind.

use super::codec::Multi;
use super::guess::languages;
use crate::text::cost::cjk_text_costs;
use std::sync::LazyLock;

/// The cost of each two-byte sequence of an encoding in the two languages that are written in it, in half bits: one in
/// the low byte, one in the high byte. `NONE` where it is not one character.
struct Pairs(Vec<u16>);

const NONE: u16 = u16::MAX;
/// Leads of two-byte sequences begin here, trails at [`TRAIL`].
const LEAD: usize = 0x81;
const TRAIL: usize = 0x40;
const TRAILS: usize = 0x100 - TRAIL;

impl Pairs {
    fn new(multi: Multi) -> Pairs {
        let pairs = (LEAD..0x100).flat_map(|lead| (TRAIL..0x100).map(move |trail| (lead, trail)));
        let bytes: Vec<u8> = pairs.flat_map(|(a, b)| [a, b, 0x0A]).filter_map(|n| u8::try_from(n).ok()).collect();
        let (text, _) = multi.encoding().decode_without_bom_handling(&bytes);
        let (first, second) = match *languages(multi) {
            [a, b, ..] => (a as usize, b as usize),
            [a] => (a as usize, a as usize),
            [] => return Pairs(Vec::new()),
        };
        let cost = |text: &str| {
            let mut chars = text.chars();
            let one = matches!((chars.next(), chars.next()), (Some(c), None) if c != '\u{FFFD}' && !c.is_ascii());
            let (costs, _) = cjk_text_costs(text);
            let small = |n: u32| u8::try_from(n).ok().filter(|n| *n < u8::MAX);
            match (small(costs[first]), small(costs[second])) {
                (Some(a), Some(b)) if one => u16::from_le_bytes([a, b]),
                _ => NONE,
            }
        };
        // A line end ends every sequence, so the lines are the sequences.
        Pairs(text.lines().map(cost).collect())
    }

    fn get(&self, lead: u8, trail: u8) -> Option<u16> {
        let (lead, trail) = (usize::from(lead).checked_sub(LEAD)?, usize::from(trail).checked_sub(TRAIL)?);
        self.0.get(lead * TRAILS + trail).copied().filter(|n| *n != NONE)
    }
}

fn pairs(multi: Multi) -> Option<&'static Pairs> {
    static GB18030: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Multi::Gb18030));
    static BIG5: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Multi::Big5));
    static EUC_KR: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Multi::EucKr));
    match multi {
        Multi::Gb18030 => Some(&GB18030),
        Multi::Big5 => Some(&BIG5),
        Multi::EucKr => Some(&EUC_KR),
        // Half-width katakana are one byte, three bytes are a kanji of JIS X 0212.
        Multi::ShiftJis | Multi::EucJp => None,
    }
}

/// What [`super::guess::multi_cost`] gives for bytes that are nothing but ASCII and two-byte sequences; None where they are not.
pub(super) fn cost(multi: Multi, bytes: &[u8]) -> Option<(u32, u32)> {
    let pairs = pairs(multi)?;
    let (mut first, mut second, mut n, mut runs) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        if lead.is_ascii() {
            at += 1;
            continue;
        }
        let Some(&trail) = bytes.get(at + 1) else {
            // Cut by the sample's end.
            n += u32::from(usize::from(lead) >= LEAD);
            break;
        };
        let [a, b] = pairs.get(lead, trail)?.to_le_bytes();
        (first, second, n) = (first + u32::from(a), second + u32::from(b), n + 2);
        at += 2;
        runs += u32::from(trail >= 0x80 && bytes.get(at).is_some_and(|b| *b < 0x30));
    }
    Some((first.min(second).saturating_sub(runs * 2), n))
}

#[cfg(test)]
mod tests {
    use super::super::guess::multi_text;
    use super::*;

    #[test]
    fn it_is_what_decoding_and_adding_up_gives() {
        let mut quick = 0;
        for multi in Multi::ALL {
            for lead in 0x80..=0xFF_u8 {
                for trail in 0x20..=0xFF_u8 {
                    let line = [b'x', lead, trail, b' ', lead, trail, lead, trail, b'a', b'\n'];
                    if let Some(found) = cost(multi, &line) {
                        let slow = multi_text(multi, &line).map(|(cost, n, _)| (cost, n));
                        assert_eq!(Some(found), slow, "{multi:?} {lead:x} {trail:x}");
                        quick += 1;
                    }
                }
            }
        }
        assert!(quick > 40_000, "{quick}");
    }

    #[test]
    fn four_bytes_are_left_to_the_decoder_and_a_cut_costs_nothing() {
        for bytes in [&b"\x81\x30\x81\x30"[..], b"\x80 "] {
            assert_eq!(cost(Multi::Gb18030, bytes), None);
        }
        for bytes in [&b"\xB0"[..], b"\xB0\xA1\xB0"] {
            let slow = multi_text(Multi::Gb18030, bytes).map(|(cost, n, _)| (cost, n));
            assert_eq!(cost(Multi::Gb18030, bytes), slow);
        }
    }
}
