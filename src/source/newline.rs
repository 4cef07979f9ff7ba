//! Line ends of a whole file: all CR LF or all CR become LF in the text, mixed ones stay. It must never touch a text
//! in which one line end is of another kind.

use super::{Newline, Part, RawPiece};
use crate::text::Span;
use memchr::{memchr, memchr_iter};

/// What kind of line ends the text has. `raw` are the places that encode by themselves.
pub(super) fn kind(text: &str, raw: &[RawPiece]) -> Newline {
    let bytes = text.as_bytes();
    if memchr(b'\r', bytes).is_none() {
        return Newline::Lf;
    }
    // A line end inside raw bytes would be written twice.
    if raw.iter().any(|p| text[p.span.range()].contains(['\r', '\n'])) {
        return Newline::Mixed;
    }
    let crs = memchr_iter(b'\r', bytes).count();
    let lfs = memchr_iter(b'\n', bytes).count();
    if lfs == 0 {
        Newline::Cr
    } else if crs == lfs && memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n')) {
        Newline::Crlf
    } else {
        Newline::Mixed
    }
}

/// The text with LF for its line ends; `raw` moves along.
pub(super) fn to_lf(text: String, newline: Newline, raw: &mut [RawPiece]) -> String {
    match newline {
        Newline::Lf | Newline::Mixed => text,
        Newline::Cr => text.replace('\r', "\n"),
        Newline::Crlf => {
            let mut out = String::with_capacity(text.len());
            let (mut from, mut gone) = (0, 0);
            let mut pieces = raw.iter_mut().peekable();
            for at in memchr_iter(b'\r', text.as_bytes()) {
                while let Some(p) = pieces.next_if(|p| p.span.start() <= at) {
                    p.span = Span::new(p.span.start() - gone, p.span.end() - gone);
                }
                out.push_str(&text[from..at]);
                from = at + 1;
                gone += 1;
            }
            pieces.for_each(|p| p.span = Span::new(p.span.start() - gone, p.span.end() - gone));
            out.push_str(&text[from..]);
            out
        }
    }
}

/// Moves the ends of the parts of `text`, which has these line ends, to where they are once it holds LF.
pub(super) fn move_parts(text: &str, newline: Newline, parts: &mut [Part]) {
    if newline != Newline::Crlf {
        return;
    }
    let (mut from, mut gone) = (0, 0);
    for part in parts {
        gone += memchr_iter(b'\r', &text.as_bytes()[from..part.text]).count();
        from = part.text;
        part.text -= gone;
    }
}
