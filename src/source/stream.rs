//! Decoding a large file while it is read, so that neither its bytes nor, where the caller wants, its text are held.
//!
//! It must never say otherwise than [`super::decode()`] of the whole file: where a few windows and the bytes as they come
//! do not settle that, it gives up.

use super::codec::Codec;
use super::detect::{by_head, settled};
use super::{Decoding, Hint, Newline, parts, raw};
use crate::text::Span;
use std::io::{self, Read, Seek, SeekFrom};

/// Files from this length on, in bytes, are worth it: of smaller ones the memory is had again for the next.
pub const STREAMED: u64 = 1 << 20;

/// Bytes of the file that are decoded at a time, each time to the end of a line.
const BLOCK: usize = 64 * 1024;
/// Bytes looked at to tell the encoding: at the start, in the middle, at the end.
const WINDOW: usize = 256 * 1024;

/// Decodes a file from its start, block by block: `each` has the bytes of a block and its text.
///
/// None where the file is small, in an encoding without lines that stand for themselves, holds a mark, a carriage
/// return or bytes that no decoder accepts, or where its encoding is in any doubt: then [`super::decode()`] must have the
/// whole, and what `each` was given means nothing.
///
/// # Errors
/// What reading or `each` said.
pub fn decode_stream<R: Read + Seek>(
    file: &mut R,
    hint: &Hint<'_>,
    each: &mut dyn FnMut(&[u8], &str) -> io::Result<()>,
) -> io::Result<Option<Decoding>> {
    let Some((codec, why)) = settle(file, hint)? else { return Ok(None) };
    let mut found = Decoding { encoding: codec.name(), why, newline: Newline::Lf, ..Decoding::default() };
    file.seek(SeekFrom::Start(0))?;
    let (mut buffer, mut held, mut written) = (vec![0; BLOCK], 0, 0);
    loop {
        let read = fill(file, &mut buffer[held..])?;
        held += read;
        let end = held < buffer.len();
        let cut = if end { held } else { memchr::memrchr(b'\n', &buffer[..held]).map_or(0, |n| n + 1) };
        if cut == 0 && !end {
            // A line longer than the buffer.
            buffer.resize(buffer.len() * 2, 0);
            continue;
        }
        let plain = codec.decode(&buffer[..cut]);
        if plain.bad > 0 || memchr::memchr(b'\r', plain.text.as_bytes()).is_some() {
            return Ok(None);
        }
        each(&buffer[..cut], &plain.text)?;
        for piece in plain.raw {
            let span = Span::new(piece.span.start() + written, piece.span.end() + written);
            raw::push(&mut found.raw, span, &piece.bytes);
        }
        written += plain.text.len();
        if end {
            return Ok(Some(found));
        }
        buffer.copy_within(cut..held, 0);
        held -= cut;
    }
}

/// The encoding of the whole file and why, where windows of it settle that.
fn settle<R: Read + Seek>(file: &mut R, hint: &Hint<'_>) -> io::Result<Option<(Codec, String)>> {
    let len = file.seek(SeekFrom::End(0))?;
    let Some(len) = usize::try_from(len).ok().filter(|n| *n as u64 >= STREAMED) else { return Ok(None) };
    let mut window = |from: usize| {
        let mut bytes = vec![0; WINDOW];
        file.seek(SeekFrom::Start(from as u64))?;
        let n = fill(file, &mut bytes)?;
        bytes.truncate(n);
        Ok::<Vec<u8>, io::Error>(bytes)
    };
    let head = window(0)?;
    let Some(found) = by_head(&head, hint) else { return Ok(None) };
    match found.codec {
        Codec::Multi(multi) if hint.label.is_none() => {
            for from in parts::far_places(len) {
                let bytes = window(from)?;
                let to_the_end = from + bytes.len() >= len;
                let sample =
                    if to_the_end { Some(parts::far_sample(&bytes)) } else { settled(&bytes, parts::far_sample) };
                if sample.is_none_or(|s| parts::unlike(multi, &s)) {
                    return Ok(None);
                }
            }
        }
        Codec::Multi(_) | Codec::Utf8 => {}
        _ => return Ok(None),
    }
    Ok(Some((found.codec, found.why)))
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < buffer.len() {
        match file.read(&mut buffer[n..]) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::super::{Decoded, decode};
    use super::*;
    use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};

    const LINES: [(&str, &str); 5] = [
        ("zh", "市政府昨日召开会议，研究部署今年的防汛工作。\n各部门负责人参加了会议，第1卷第2期。\n"),
        ("tw", "臺北市政府昨日召開會議，討論今年的防汛工作。\n記者會後報導了相關的消息。\n"),
        ("ja", "東京の天気は晴れときどき曇りでしょう。\n新聞の記事はここで終わります。\n"),
        ("ko", "서울시는 어제 회의를 열고 올해의 대책을 논의했다.\n기자는 관련 소식을 전했다.\n"),
        ("de", "Die schöne Müllerin wohnt in der Nähe von München.\nEr öffnete die Tür.\n"),
    ];

    fn streamed(bytes: &[u8], hint: &Hint<'_>) -> Option<Decoded> {
        let (mut text, mut seen) = (String::new(), Vec::new());
        let decoding = decode_stream(&mut io::Cursor::new(bytes), hint, &mut |b, t| {
            seen.extend_from_slice(b);
            text.push_str(t);
            Ok(())
        });
        let decoding = decoding.expect("a cursor can be read")?;
        assert_eq!(seen, bytes);
        Some(Decoded { text, decoding })
    }

    fn file(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let one = encoding.encode(text).0.into_owned();
        one.repeat(usize::try_from(STREAMED).expect("small") / one.len() + 2)
    }

    #[test]
    fn it_is_what_decoding_the_whole_gives() {
        let mut through = 0;
        for (encoding, n) in [
            (UTF_8, 0),
            (GB18030, 0),
            (GB18030, 1),
            (BIG5, 1),
            (SHIFT_JIS, 2),
            (EUC_JP, 2),
            (EUC_KR, 3),
            (UTF_8, 4),
            (WINDOWS_1252, 4),
        ] {
            let plain = file(encoding, LINES[n].1);
            let far = plain.len() - 3 * LINES[n].1.len();
            let odd: [(usize, &[u8]); 8] = [
                (far, b""),
                (far, b"\xFF\n"),
                (far, b"a line\r\n"),
                (far, &[0xA3, 0xA0, b'\n']),
                (0, b"\xEF\xBB\xBF"),
                (0, b"\0\n"),
                (far, &file(GB18030, LINES[0].1)[..40_000]),
                (100_000, &[b'x'; 200_000]),
            ];
            for (at, bytes) in odd {
                let at = plain[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
                let file = [&plain[..at], bytes, &plain[at..]].concat();
                let votes = [(encoding.name().to_ascii_lowercase(), 3)].into();
                for hint in [
                    Hint::default(),
                    Hint { label: None, votes: Some(&votes) },
                    Hint { label: Some("gbk"), votes: None },
                ] {
                    if let Some(got) = streamed(&file, &hint) {
                        through += 1;
                        assert!(got == decode(&file, &hint), "{} {at} {:?}", encoding.name(), got.decoding);
                    }
                }
            }
        }
        assert!(through >= 40, "{through}");
    }

    #[test]
    fn a_small_file_and_a_doubtful_one_are_left_to_the_whole() {
        for bytes in [b"".to_vec(), LINES[0].1.into(), vec![b'a'; 2 << 20], file(WINDOWS_1252, LINES[4].1)] {
            assert_eq!(streamed(&bytes, &Hint::default()), None);
        }
    }
}
