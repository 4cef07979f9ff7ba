//! Which encoding a file is in: certain signs first, statistics last and over a sample only.
//!
//! It must never decode a whole file to find out, and must say so where the evidence is thin.

use super::Hint;
use super::codec::{Codec, Multi, Stateful};
use super::guess;
use encoding_rs::Encoding;

/// An encoding and the reason.
pub(super) struct Found {
    pub(super) codec: Codec,
    pub(super) why: String,
    pub(super) doubt: Option<String>,
}

impl Found {
    pub(super) fn new(codec: Codec, why: impl Into<String>) -> Found {
        Found { codec, why: why.into(), doubt: None }
    }
}

/// Looked at for NULs and control characters, in bytes.
const HEAD: usize = 4 * 1024;

pub(super) fn detect(bytes: &[u8], hint: &Hint<'_>) -> Found {
    if let Some(codec) = hint.label.and_then(Codec::from_label) {
        return Found::new(codec, "stated");
    }
    if bytes.is_empty() {
        return Found::new(Codec::Utf8, "empty");
    }
    if let Some(codec) = by_mark(bytes) {
        return Found::new(codec, "byte order mark");
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    if memchr::memchr(0, head).is_some()
        && let Some(codec) = by_nuls(head)
    {
        return Found::new(codec, "places of the NUL bytes");
    }
    let utf8 = Encoding::utf8_valid_up_to(bytes);
    if utf8 == bytes.len() {
        if Encoding::ascii_valid_up_to(bytes) < bytes.len() {
            return Found::new(Codec::Utf8, "valid UTF-8");
        }
        return match Stateful::find(bytes) {
            Some(s) => Found::new(Codec::Stateful(s), "escape sequences"),
            None => Found::new(Codec::Utf8, "ASCII"),
        };
    }
    if is_binary(head) {
        if let Some(codec) = guess::utf16(bytes) {
            return Found::new(codec, "character frequencies");
        }
        return Found::new(Codec::Binary, "control characters of a binary file");
    }
    if let Some((good, bad)) = damaged_utf8(bytes, utf8) {
        return Found::new(Codec::Utf8, format!("UTF-8 with {bad} damaged of {} places", good + bad));
    }
    guess::guess(bytes, hint)
}

/// What the first bytes of a large file settle for all of it as [`detect`] would, where no later byte contradicts: valid
/// UTF-8, or an encoding of several bytes by its character frequencies. None where it takes more.
pub(super) fn by_head(head: &[u8], hint: &Hint<'_>) -> Option<Found> {
    if by_mark(head).is_some() || memchr::memchr(0, head.get(..HEAD)?).is_some() {
        return None;
    }
    if let Some(label) = hint.label {
        return Codec::from_label(label).map(|codec| Found::new(codec, "stated"));
    }
    let utf8 = Encoding::utf8_valid_up_to(head);
    if Encoding::ascii_valid_up_to(head) < utf8 && (utf8 == head.len() || is_cut(&head[utf8..])) {
        return Some(Found::new(Codec::Utf8, "valid UTF-8"));
    }
    let all_is_there = utf8 + 16 * HEAD <= head.len();
    if !all_is_there || is_binary(&head[..HEAD]) || damaged_utf8(head, utf8).is_some() {
        return None;
    }
    guess::at_once(&settled(head, |bytes| guess::sample(bytes, guess::QUICK))?, hint)
}

/// A sample of a window, where it would be the same of all that follows too.
pub(super) fn settled(window: &[u8], sample: impl Fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let found = sample(window);
    (found == sample(&window[..window.len() / 2])).then_some(found)
}

/// The longest mark wins: the one of UTF-32LE starts with the one of UTF-16LE.
fn by_mark(bytes: &[u8]) -> Option<Codec> {
    [
        Codec::Utf32 { big: false },
        Codec::Utf32 { big: true },
        Codec::Utf8,
        Codec::Utf16 { big: false },
        Codec::Utf16 { big: true },
        Codec::Multi(Multi::Gb18030),
        Codec::Stateful(Stateful::Iso2022Kr),
    ]
    .into_iter()
    .find(|c| bytes.starts_with(c.bom()))
}

/// UTF-16 or UTF-32 without a mark, by where the NULs stand.
fn by_nuls(head: &[u8]) -> Option<Codec> {
    let mut nuls = [0_usize; 4];
    for quad in head.chunks(4) {
        for (n, b) in nuls.iter_mut().zip(quad) {
            *n += usize::from(*b == 0);
        }
    }
    let n = head.len().div_ceil(4);
    let most = |i: usize| nuls[i] * 10 >= n * 9;
    let few = |i: usize| nuls[i] * 10 <= n;
    if most(2) && most(3) && few(0) {
        // The planes of Unicode end at 0x10: the third byte is never more.
        return Some(Codec::Utf32 { big: false });
    }
    if most(0) && most(1) && few(3) {
        return Some(Codec::Utf32 { big: true });
    }
    // One unit in ten is enough. With fewer (Chinese without spaces) the characters themselves must tell.
    let (even, odd) = (nuls[0] + nuls[2], nuls[1] + nuls[3]);
    if odd * 5 > n && even * 20 <= odd {
        return Some(Codec::Utf16 { big: false });
    }
    if even * 5 > n && odd * 20 <= even {
        return Some(Codec::Utf16 { big: true });
    }
    None
}

/// More than one byte in twenty is a control character that no text holds.
fn is_binary(head: &[u8]) -> bool {
    let odd = |b: &&u8| matches!(**b, 0..=7 | 0x0E..=0x19 | 0x1C..=0x1F | 0x7F);
    let n = head.iter().filter(odd).count();
    n * 20 > head.len() && n > 1
}

/// Good and bad places of a text that is UTF-8 but for little; `first` is its first bad byte.
///
/// Text in another encoding hardly ever forms a valid sequence, so one bad place in seven is still UTF-8; and a file cut
/// in the middle of its last character is UTF-8 whatever went before.
fn damaged_utf8(bytes: &[u8], first: usize) -> Option<(usize, usize)> {
    let (before, rest) = bytes.split_at(first);
    let window = &before[before.len().saturating_sub(HEAD)..];
    // Before the first bad byte all is valid, so lead bytes are characters.
    let (mut good, mut bad) = (window.iter().filter(|b| **b >= 0xC2).count(), 0_usize);
    for chunk in rest[..rest.len().min(16 * HEAD)].utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
        if bad >= 32 && good < bad {
            return None;
        }
    }
    let cut = bad == 1 && rest.len() < 4 && rest.first().is_some_and(|b| *b >= 0xC2) && is_cut(rest);
    (cut || good >= bad * 6).then_some((good, bad))
}

/// True for the start of a sequence of UTF-8 that lacks its end.
fn is_cut(tail: &[u8]) -> bool {
    std::str::from_utf8(tail).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
}
