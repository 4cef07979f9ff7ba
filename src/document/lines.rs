//! Lines of a document and the pages they stand on. It must never judge what a line is.

use crate::text::Span;

/// One line, without its line end.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The line's text, line end not included.
    pub span: Span,
    /// Where the next line starts: one past the line end.
    pub next: usize,
    /// Page of the issue, from 0: file seams and form feeds both count.
    pub page: usize,
    /// File of the issue, from 0.
    pub file: usize,
    /// True where the line has no ink.
    pub blank: bool,
}

/// Splits at LF and form feed. A text that ends with a line end has no empty last line.
pub(super) fn split(text: &str, seams: &[usize]) -> Vec<Line> {
    let mut out = Vec::new();
    let (mut start, mut page, mut file) = (0, 0, 0);
    let mut push = |start: usize, end: usize, next: usize, page: usize, file: usize| {
        let blank = text[start..end].chars().all(char::is_whitespace);
        out.push(Line { span: Span::new(start, end), next, page, file, blank });
    };
    for at in memchr::memchr2_iter(b'\n', b'\x0C', text.as_bytes()) {
        push(start, at, at + 1, page, file);
        start = at + 1;
        if text.as_bytes()[at] == b'\x0C' {
            page += 1;
            file += usize::from(seams.binary_search(&at).is_ok());
        }
    }
    if start < text.len() {
        push(start, text.len(), text.len(), page, file);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_page_and_file() {
        let text = "a\nb\x0Cc\n\x0Cd";
        let lines = split(text, &[3]);
        let got: Vec<_> = lines.iter().map(|l| (&text[l.span.range()], l.page, l.file)).collect();
        assert_eq!(got, [("a", 0, 0), ("b", 0, 0), ("c", 1, 1), ("", 1, 1), ("d", 2, 1)]);
    }

    #[test]
    fn a_final_line_end_opens_no_line() {
        assert_eq!(split("a\n", &[]).len(), 1);
        assert_eq!(split("", &[]).len(), 0);
    }
}
