//! `RawPiece`: bytes that do not survive decoding and encoding again, and how they stand in the ledger.
//!
//! It must never interpret the bytes it keeps.

use crate::text::Span;
use serde::{Deserialize, Serialize};

/// Bytes that do not survive decoding and encoding again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RawPiece {
    /// What stands for them in the decoded text.
    pub span: Span,
    /// The bytes. In JSON a string of lower-case hexadecimal digits.
    #[serde(with = "hex")]
    pub bytes: Vec<u8>,
}

/// Adds a piece, merged with the one before where the two touch.
pub(super) fn push(raw: &mut Vec<RawPiece>, span: Span, bytes: &[u8]) {
    match raw.last_mut() {
        Some(last) if last.span.end() == span.start() => {
            last.span = Span::new(last.span.start(), span.end());
            last.bytes.extend_from_slice(bytes);
        }
        _ => raw.push(RawPiece { span, bytes: bytes.to_vec() }),
    }
}

/// The bytes in lower-case hexadecimal digits.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for b in bytes {
        out.push(char::from(DIGITS[usize::from(b >> 4)]));
        out.push(char::from(DIGITS[usize::from(b & 15)]));
    }
    out
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::borrow::Cow;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&super::to_hex(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = Cow::<str>::deserialize(d)?;
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|n| u8::try_from(n).ok());
        text.as_bytes()
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => digit(*a).zip(digit(*b)).map(|(a, b)| a << 4 | b),
                _ => None,
            })
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(|| D::Error::custom("raw bytes must be pairs of hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_in_json_as_hex_and_comes_back() {
        let p = RawPiece { span: Span::new(3, 6), bytes: vec![0, 0x8F, 0xFF] };
        let json = serde_json::to_string(&p).expect("serialises");
        assert_eq!(json, r#"{"span":{"start":3,"end":6},"bytes":"008fff"}"#);
        assert_eq!(serde_json::from_str::<RawPiece>(&json).expect("parses"), p);
        assert!(serde_json::from_str::<RawPiece>(r#"{"span":{"start":0,"end":0},"bytes":"0"}"#).is_err());
        assert!(serde_json::from_str::<RawPiece>(r#"{"span":{"start":0,"end":0},"bytes":"é"}"#).is_err());
    }

    #[test]
    fn touching_pieces_merge() {
        let mut raw = Vec::new();
        push(&mut raw, Span::new(0, 3), &[1]);
        push(&mut raw, Span::new(3, 6), &[2]);
        push(&mut raw, Span::new(7, 10), &[3]);
        assert_eq!(raw.len(), 2);
        assert_eq!(raw[0].bytes, [1, 2]);
    }
}
