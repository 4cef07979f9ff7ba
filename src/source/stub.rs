//! stub until merge
use super::*;
/// e
#[derive(Debug, thiserror::Error)]
#[error("cannot encode")]
pub struct EncodeError;
/// d
pub fn decode(bytes: &[u8], _hint: &Hint<'_>) -> Decoded {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut d = Decoding { encoding: "utf-8".into(), why: "valid UTF-8".into(), ..Decoding::default() };
    if text.as_bytes() != bytes {
        d.damaged = true;
        d.raw.push(RawPiece { span: Span::new(0, text.len()), bytes: bytes.to_vec() });
    }
    Decoded { text, decoding: d }
}
impl Decoding {
    /// e
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        if let Some(r) = self.raw.first() {
            return Ok(r.bytes.clone());
        }
        Ok(text.as_bytes().to_vec())
    }
}
