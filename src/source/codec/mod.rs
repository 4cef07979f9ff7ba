//! `Codec`: one encoding as a pair of a decoder that never fails and an encoder that gives the same bytes back.
//!
//! A codec decodes what it is told to; it must never guess, and never look at what the text means.

mod multi;
mod single;
mod stateful;
mod unicode;

use super::RawPiece;
use encoding_rs::Encoding;

pub(super) use multi::Multi;
pub(super) use single::{High, Single};
pub(super) use stateful::Stateful;

/// What a codec made of bytes.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// The text, line ends as they were.
    pub(super) text: String,
    /// What does not survive, in text order.
    pub(super) raw: Vec<RawPiece>,
    /// How many places no decoder accepted.
    pub(super) bad: usize,
}

/// An encoding.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Codec {
    Utf8,
    Utf16 {
        big: bool,
    },
    Utf32 {
        big: bool,
    },
    /// GB18030, Big5, Shift_JIS, EUC-JP, EUC-KR.
    Multi(Multi),
    /// One byte, one character.
    Single(Single),
    /// Escapes in seven bits.
    Stateful(Stateful),
    /// Not text at all: one U+FFFD stands for the whole file.
    Binary,
}

impl Codec {
    /// The codec of a label: WHATWG's labels, `utf-32le`, `cp850` or `ibm850` and the like, `hz`, `iso-2022-kr`.
    pub(super) fn from_label(label: &str) -> Option<Codec> {
        let label = label.trim().to_ascii_lowercase().replace('_', "-");
        Some(match label.as_str() {
            "utf-16" | "utf-16le" => Codec::Utf16 { big: false },
            "utf-16be" => Codec::Utf16 { big: true },
            "utf-32" | "utf-32le" => Codec::Utf32 { big: false },
            "utf-32be" => Codec::Utf32 { big: true },
            "utf-8-sig" => Codec::Utf8,
            "hz" | "hz-gb-2312" => Codec::Stateful(Stateful::Hz),
            "iso-2022-kr" => Codec::Stateful(Stateful::Iso2022Kr),
            "cp932" | "ms932" => Codec::Multi(Multi::ShiftJis),
            "cp936" => Codec::Multi(Multi::Gb18030),
            "cp949" | "uhc" => Codec::Multi(Multi::EucKr),
            "cp950" | "big5-hkscs" | "big5hkscs" => Codec::Multi(Multi::Big5),
            "macroman" | "mac-roman" => Codec::Single(Single::Web(encoding_rs::MACINTOSH)),
            "mac-cyrillic" | "maccyrillic" => Codec::Single(Single::Web(encoding_rs::X_MAC_CYRILLIC)),
            "binary" => Codec::Binary,
            other => {
                // Python and ISO spell `iso8859-5`, code pages `cp1251` or `ibm866`.
                let page = ["cp", "ibm", "dos-", "dos"]
                    .iter()
                    .find_map(|p| other.strip_prefix(p))
                    .map(|n| n.trim_start_matches('0'));
                if let Some(page) = page.and_then(Single::oem) {
                    return Some(Codec::Single(page));
                }
                let iso = other.strip_prefix("iso8859-").map(|n| format!("iso-8859-{n}"));
                let name = iso.as_deref().unwrap_or(other);
                return Self::web(Encoding::for_label_no_replacement(name.as_bytes())?);
            }
        })
    }

    /// The codec of a WHATWG encoding. GBK is read as GB18030, which holds all of it.
    pub(super) fn web(encoding: &'static Encoding) -> Option<Codec> {
        Some(match encoding {
            e if e == encoding_rs::UTF_8 => Codec::Utf8,
            e if e == encoding_rs::UTF_16LE => Codec::Utf16 { big: false },
            e if e == encoding_rs::UTF_16BE => Codec::Utf16 { big: true },
            e if e == encoding_rs::GBK || e == encoding_rs::GB18030 => Codec::Multi(Multi::Gb18030),
            e if e == encoding_rs::BIG5 => Codec::Multi(Multi::Big5),
            e if e == encoding_rs::SHIFT_JIS => Codec::Multi(Multi::ShiftJis),
            e if e == encoding_rs::EUC_JP => Codec::Multi(Multi::EucJp),
            e if e == encoding_rs::EUC_KR => Codec::Multi(Multi::EucKr),
            e if e == encoding_rs::ISO_2022_JP => Codec::Stateful(Stateful::Iso2022Jp),
            e if e.is_single_byte() => Codec::Single(Single::Web(e)),
            _ => return None,
        })
    }

    /// WHATWG's name in lower case, or the common one where it has none.
    pub(super) fn name(self) -> String {
        match self {
            Codec::Utf8 => "utf-8".into(),
            Codec::Utf16 { big: false } => "utf-16le".into(),
            Codec::Utf16 { big: true } => "utf-16be".into(),
            Codec::Utf32 { big: false } => "utf-32le".into(),
            Codec::Utf32 { big: true } => "utf-32be".into(),
            Codec::Multi(m) => m.encoding().name().to_ascii_lowercase(),
            Codec::Single(s) => s.name(),
            Codec::Stateful(s) => s.name().into(),
            Codec::Binary => "binary".into(),
        }
    }

    /// The byte order mark of this encoding, or the escape that announces it; empty where it has none.
    pub(super) fn bom(self) -> &'static [u8] {
        match self {
            Codec::Utf8 => b"\xEF\xBB\xBF",
            Codec::Utf16 { big: false } => b"\xFF\xFE",
            Codec::Utf16 { big: true } => b"\xFE\xFF",
            Codec::Utf32 { big: false } => b"\xFF\xFE\0\0",
            Codec::Utf32 { big: true } => b"\0\0\xFE\xFF",
            Codec::Multi(Multi::Gb18030) => b"\x84\x31\x95\x33",
            Codec::Stateful(Stateful::Iso2022Kr) => stateful::KR_HEADER,
            _ => b"",
        }
    }

    /// Decodes. Never fails: what is not accepted becomes U+FFFD and is kept as raw bytes.
    pub(super) fn decode(self, bytes: &[u8]) -> Plain {
        match self {
            Codec::Utf8 => unicode::decode_utf8(bytes),
            Codec::Utf16 { big } => unicode::decode_utf16(bytes, big),
            Codec::Utf32 { big } => unicode::decode_utf32(bytes, big),
            Codec::Multi(m) => m.decode(bytes),
            Codec::Single(s) => s.decode(bytes),
            Codec::Stateful(s) => s.decode(bytes),
            Codec::Binary => {
                let mut plain = Plain::default();
                plain.reject(bytes);
                plain
            }
        }
    }

    /// Adds the bytes of `text` to `out`.
    ///
    /// Gives back the byte offset in `text` of a character that the encoding does not hold.
    pub(super) fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), usize> {
        match self {
            Codec::Utf8 => {
                out.extend_from_slice(text.as_bytes());
                Ok(())
            }
            Codec::Utf16 { big } => {
                unicode::encode_utf16(text, big, out);
                Ok(())
            }
            Codec::Utf32 { big } => {
                unicode::encode_utf32(text, big, out);
                Ok(())
            }
            Codec::Multi(m) => m.encode(text, out),
            Codec::Single(s) => s.encode(text, out),
            Codec::Stateful(s) => s.encode(text, out),
            Codec::Binary => {
                if text.is_empty() {
                    Ok(())
                } else {
                    Err(0)
                }
            }
        }
    }
}

impl Plain {
    /// U+FFFD for bytes that no decoder accepts.
    fn reject(&mut self, bytes: &[u8]) {
        let start = self.text.len();
        self.text.push('\u{FFFD}');
        super::raw::push(&mut self.raw, crate::text::Span::new(start, self.text.len()), bytes);
        self.bad += 1;
    }
}
