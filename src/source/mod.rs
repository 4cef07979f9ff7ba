//! `Source`, `Decoded`, `Decoding`: bytes as received, the text they hold, and what it takes to get the bytes back.
//!
//! Nothing here may look at structure or apply a rule; nothing may fail: what no decoder accepts becomes U+FFFD, is
//! kept as raw bytes, and the page is marked damaged.

mod codec;
mod decode;
mod detect;
mod guess;
mod newline;
mod pairs;
mod parts;
mod raw;
mod singles;
mod stream;

pub use decode::{EncodeError, decode, known_label};
pub use parts::Part;
pub use raw::RawPiece;
pub use stream::{STREAMED, decode_stream};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where line ends of a whole file are of one kind that is not LF, the text holds LF and this says what it was.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Newline {
    /// LF only, or no line end at all.
    #[default]
    Lf,
    /// CR LF only: the text holds LF.
    Crlf,
    /// CR only: the text holds LF.
    Cr,
    /// Of several kinds: the text holds them as they were.
    Mixed,
}

/// How a file was decoded: enough to turn the text into the very same bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Decoding {
    /// Name of the encoding, in lower case, WHATWG's where it has one. Of several, the one of most bytes.
    pub encoding: String,
    /// Why this one, in a few words.
    pub why: String,
    /// The second best and the flag that would choose it, where the evidence is thin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// Byte order mark (or the escape that announces ISO-2022-KR) at the start, taken off the text.
    pub bom: bool,
    /// Line ends.
    pub newline: Newline,
    /// The stretches of a file that is in several encodings; empty where it is in one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What does not survive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raw: Vec<RawPiece>,
    /// True where some bytes were accepted by no decoder: the text holds U+FFFD for them.
    pub damaged: bool,
}

/// A decoded file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// How it was had.
    pub decoding: Decoding,
}

/// What the caller knows about a file's encoding.
#[derive(Clone, Debug, Default)]
pub struct Hint<'a> {
    /// A label that settles it, as `gb18030` or `cp850`; None for detection.
    pub label: Option<&'a str>,
    /// How many pages of the batch were found in each encoding: short or doubtful files lean on it.
    pub votes: Option<&'a BTreeMap<String, u64>>,
}
