//! The pages of one byte, each measured in the alphabet that suits it best.
//!
//! It must never decide between them: `guess` weighs them with all other readings.

use super::Hint;
use super::codec::{Codec, Single};
use super::guess::{Reading, belief};
use crate::text::cost::{Alphabet, Sign, alphabets};
use std::sync::LazyLock;

/// Pages of one byte, with what it takes to believe in them: half bits.
const PAGES: [(&str, u32); 43] = [
    ("windows-1252", 0),
    ("windows-1250", 3),
    ("windows-1251", 3),
    ("windows-1253", 4),
    ("windows-1254", 5),
    ("windows-1255", 4),
    ("windows-1256", 4),
    ("windows-1257", 5),
    ("windows-1258", 8),
    ("windows-874", 4),
    ("iso-8859-2", 5),
    ("iso-8859-3", 14),
    ("iso-8859-4", 10),
    ("iso-8859-5", 5),
    ("iso-8859-6", 6),
    ("iso-8859-7", 3),
    ("iso-8859-8", 8),
    ("iso-8859-10", 16),
    ("iso-8859-13", 10),
    ("iso-8859-14", 16),
    ("iso-8859-15", 6),
    ("iso-8859-16", 24),
    ("koi8-r", 4),
    ("koi8-u", 6),
    ("ibm866", 6),
    ("macintosh", 8),
    ("x-mac-cyrillic", 8),
    ("cp437", 12),
    ("cp850", 10),
    ("cp852", 10),
    ("cp855", 10),
    ("cp858", 18),
    ("cp737", 14),
    ("cp775", 14),
    ("cp857", 14),
    ("cp860", 18),
    ("cp861", 18),
    ("cp862", 14),
    ("cp863", 18),
    ("cp864", 18),
    ("cp865", 18),
    ("cp869", 14),
    ("cp720", 18),
];

/// Every page of one byte in the alphabet that suits it best.
pub(super) fn singles(sample: &[u8], hint: &Hint<'_>, readings: &mut Vec<Reading>) {
    let mut counts = vec![0_u32; 0x1_0000];
    let mut last = b'\n';
    for &b in sample.iter().chain(b"\n") {
        counts[usize::from(last) << 8 | usize::from(b)] += 1;
        last = b;
    }
    // Pairs of two ASCII bytes are the same in all pages.
    let pairs: Vec<(usize, usize, u32)> =
        (0..0x1_0000).filter(|n| n & 0x8080 != 0 && counts[*n] > 0).map(|n| (n >> 8, n & 0xFF, counts[n])).collect();
    let mut best = u32::MAX / 2;
    for page in SINGLES.iter() {
        let believe = belief(hint, Codec::Single(page.single), f64::from(page.surprise));
        let mut cheapest: Option<(u32, &Alphabet)> = None;
        for alphabet in alphabets().iter().zip(&page.suits).filter_map(|(a, suits)| suits.then_some(a)) {
            let limit = cheapest.map_or(best.saturating_add(400), |c| c.0);
            if let Some(cost) = page_cost(alphabet, &page.signs, &pairs, limit) {
                cheapest = Some((cost, alphabet));
            }
        }
        if let Some((cost, alphabet)) = cheapest {
            best = best.min(cost);
            readings.push(Reading {
                codec: Codec::Single(page.single),
                cost: f64::from(cost) + believe,
                own: f64::from(cost) + f64::from(page.surprise),
                language: alphabet.name(),
                named: false,
            });
        }
    }
}

/// A page of one byte as the statistics see it.
struct SinglePage {
    single: Single,
    surprise: u32,
    /// What each byte is.
    signs: Vec<Sign>,
    /// For each alphabet whether the page holds at least half of its letters.
    suits: Vec<bool>,
}

static SINGLES: LazyLock<Vec<SinglePage>> = LazyLock::new(|| {
    let page = |(label, surprise)| {
        let Some(Codec::Single(single)) = Codec::from_label(label) else { return None };
        let high = single.high();
        let mut letters: Vec<char> = high.iter().flatten().copied().collect();
        letters.sort_unstable();
        let suits = |a: &Alphabet| {
            let (has, all) = a.coverage(|c| letters.binary_search(&c).is_ok());
            has * 2 >= all
        };
        let byte = |b: u8| if b.is_ascii() { Some(char::from(b)) } else { high[usize::from(b & 0x7F)] };
        let signs = (0..=0xFF_u8).map(|b| byte(b).map_or(Sign::NONE, Sign::of)).collect();
        Some(SinglePage { single, surprise, signs, suits: alphabets().iter().map(suits).collect() })
    };
    PAGES.into_iter().filter_map(page).collect()
});

/// The cost of the counted pairs; None as soon as it is not below `limit`.
fn page_cost(alphabet: &Alphabet, signs: &[Sign], pairs: &[(usize, usize, u32)], limit: u32) -> Option<u32> {
    let unit = |b: usize| alphabet.unit(signs.get(b).copied().unwrap_or(Sign::NONE));
    let mut sum = 0_u32;
    for &(a, b, n) in pairs {
        sum = sum.saturating_add(n.saturating_mul(alphabet.step(unit(a), unit(b))));
        if sum >= limit {
            return None;
        }
    }
    Some(sum)
}
