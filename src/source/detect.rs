//! Which encoding a file is in: cheap certain signs first, statistics last. It must never decode a whole file to find out,
//! and must say so where the evidence is thin.

use super::Hint;
use super::codec::{Codec, Multi, Single, Stateful};
use encoding_rs::Encoding;

/// How much is looked at where a part must do, in bytes.
const SAMPLE: usize = 64 * 1024;

/// An encoding and the reason.
pub(super) struct Found {
    pub(super) codec: Codec,
    pub(super) why: String,
    pub(super) doubt: Option<String>,
}

fn found(codec: Codec, why: &str) -> Found {
    Found { codec, why: why.into(), doubt: None }
}

pub(super) fn detect(bytes: &[u8], hint: &Hint<'_>) -> Found {
    if let Some(codec) = hint.label.and_then(Codec::from_label) {
        return found(codec, "stated");
    }
    if bytes.is_empty() {
        return found(Codec::Utf8, "empty");
    }
    if let Some(codec) = by_mark(bytes) {
        return found(codec, "byte order mark");
    }
    let ascii = Encoding::ascii_valid_up_to(bytes);
    if ascii == bytes.len() && memchr::memchr(0, bytes).is_none() {
        return match Stateful::find(bytes) {
            Some(s) => found(Codec::Stateful(s), "escape sequences"),
            None => found(Codec::Utf8, "ASCII"),
        };
    }
    if Encoding::utf8_valid_up_to(bytes) == bytes.len() && memchr::memchr(0, bytes).is_none() {
        return found(Codec::Utf8, "valid UTF-8");
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if let Some(codec) = wide(sample) {
        return found(codec, "NUL bytes in every second place");
    }
    guess(sample)
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
    ]
    .into_iter()
    .find(|c| bytes.starts_with(c.bom()))
}

/// UTF-16 or UTF-32 without a mark, by where the NULs stand.
fn wide(sample: &[u8]) -> Option<Codec> {
    let mut nuls = [0_usize; 4];
    for quad in sample.chunks_exact(4) {
        for (n, b) in nuls.iter_mut().zip(quad) {
            *n += usize::from(*b == 0);
        }
    }
    let n = (sample.len() / 4).max(1);
    let most = |i: usize| nuls[i] * 10 >= n * 9;
    let few = |i: usize| nuls[i] * 10 <= n;
    if most(2) && most(3) && few(0) {
        return Some(Codec::Utf32 { big: false });
    }
    if most(0) && most(1) && few(3) {
        return Some(Codec::Utf32 { big: true });
    }
    let (even, odd) = (nuls[0] + nuls[2], nuls[1] + nuls[3]);
    if odd * 5 > n && even * 10 < odd {
        return Some(Codec::Utf16 { big: false });
    }
    if even * 5 > n && odd * 10 < even {
        return Some(Codec::Utf16 { big: true });
    }
    None
}

fn guess(sample: &[u8]) -> Found {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    let codec = Codec::web(encoding).unwrap_or(Codec::Single(Single::Web(encoding_rs::WINDOWS_1252)));
    found(codec, "statistics")
}
