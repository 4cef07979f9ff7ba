//! UTF-8, UTF-16 and UTF-32: what is malformed is kept as raw bytes. It must never reorder or drop a byte.

use super::Plain;
use encoding_rs::Encoding;

pub(super) fn decode_utf8(bytes: &[u8]) -> Plain {
    if let Some(text) = encoding_rs::UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Plain { text: text.into_owned(), ..Plain::default() };
    }
    let mut out = Plain { text: String::with_capacity(bytes.len()), ..Plain::default() };
    let mut rest = bytes;
    while !rest.is_empty() {
        let valid = Encoding::utf8_valid_up_to(rest);
        let (good, bad) = rest.split_at(valid);
        out.text.push_str(std::str::from_utf8(good).unwrap_or_default());
        if bad.is_empty() {
            break;
        }
        // Only the first bytes are looked at: the length of the maximal invalid sequence.
        let len = match std::str::from_utf8(&bad[..bad.len().min(4)]) {
            Ok(_) => 1,
            Err(e) => e.error_len().unwrap_or(bad.len().min(4)).max(1),
        };
        out.reject(&bad[..len]);
        rest = &bad[len..];
    }
    out
}

pub(super) fn decode_utf16(bytes: &[u8], big: bool) -> Plain {
    let mut out = Plain { text: String::with_capacity(bytes.len() * 3 / 2), ..Plain::default() };
    let unit = |pair: &[u8]| match pair {
        [a, b] if big => Some(u16::from_be_bytes([*a, *b])),
        [a, b] => Some(u16::from_le_bytes([*a, *b])),
        _ => None,
    };
    let mut i = 0;
    while i < bytes.len() {
        let here = &bytes[i..bytes.len().min(i + 2)];
        match unit(here) {
            Some(high @ 0xD800..=0xDBFF) => {
                let next = bytes.get(i + 2..i + 4).and_then(unit);
                match next.map(|low| char::decode_utf16([high, low]).next()) {
                    Some(Some(Ok(c))) => {
                        out.text.push(c);
                        i += 2;
                    }
                    _ => out.reject(here),
                }
            }
            Some(u) => match char::from_u32(u32::from(u)) {
                Some(c) => out.text.push(c),
                None => out.reject(here),
            },
            None => out.reject(here),
        }
        i += 2;
    }
    out
}

pub(super) fn encode_utf16(text: &str, big: bool, out: &mut Vec<u8>) {
    out.reserve(text.len() * 2);
    for u in text.encode_utf16() {
        out.extend_from_slice(&if big { u.to_be_bytes() } else { u.to_le_bytes() });
    }
}

pub(super) fn decode_utf32(bytes: &[u8], big: bool) -> Plain {
    let mut out = Plain { text: String::with_capacity(bytes.len()), ..Plain::default() };
    for quad in bytes.chunks(4) {
        let c = match quad {
            [a, b, c, d] if big => char::from_u32(u32::from_be_bytes([*a, *b, *c, *d])),
            [a, b, c, d] => char::from_u32(u32::from_le_bytes([*a, *b, *c, *d])),
            _ => None,
        };
        match c {
            Some(c) => out.text.push(c),
            None => out.reject(quad),
        }
    }
    out
}

pub(super) fn encode_utf32(text: &str, big: bool, out: &mut Vec<u8>) {
    for c in text.chars().map(u32::from) {
        out.extend_from_slice(&if big { c.to_be_bytes() } else { c.to_le_bytes() });
    }
}
