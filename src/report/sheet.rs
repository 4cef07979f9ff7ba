//! CSV that a spreadsheet opens as it is meant: a byte order mark, so that Excel reads UTF-8, and no cell that it would
//! take for a formula.

use std::io::{self, Write};

/// A sheet that is being written.
pub(super) struct Sheet<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"\xEF\xBB\xBF")?;
        Ok(Self { csv: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out) })
    }

    pub(super) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        for c in cells {
            let field = if is_formula(c) { self.csv.write_field(format!("'{c}")) } else { self.csv.write_field(c) };
            field.map_err(io::Error::other)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(io::Error::other)
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// What a spreadsheet would compute instead of showing it; full-width signs count, as some programs fold them.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell as it was before [`Sheet::row`] made it harmless.
pub(super) fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        let mut out = Vec::new();
        let mut s = Sheet::new(&mut out).expect("a vector takes all");
        s.row(["=cmd|' /C calc'!A0", "a,b", "说\"好\"", "-1"]).expect("written");
        s.end().expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "\u{FEFF}'=cmd|' /C calc'!A0,\"a,b\",\"说\"\"好\"\"\",'-1\r\n");
        assert_eq!((plain("'-1"), plain("'tis")), ("-1", "'tis"));
    }
}
