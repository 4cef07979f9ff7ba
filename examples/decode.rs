//! Decodes files and writes them as UTF-8, nothing else: `cargo run --release --example decode -- FILE...`.
//!
//! For timing the decode stage as a process against `iconv`, which takes the same arguments; it must never do what
//! `recto clean` does not.

use recto::source::{Hint, decode, decode_stream};
use std::fs::File;
use std::io::{self, Write};

fn main() -> io::Result<()> {
    let (mut out, hint) = (io::stdout().lock(), Hint::default());
    for path in std::env::args_os().skip(1) {
        let mut written = 0;
        let streamed = decode_stream(&mut File::open(&path)?, &hint, &mut |_, text| {
            written += text.len();
            out.write_all(text.as_bytes())
        })?;
        match streamed {
            Some(_) => {}
            None if written == 0 => out.write_all(decode(&std::fs::read(path)?, &hint).text.as_bytes())?,
            // The whole may read otherwise than its beginning.
            None => return Err(io::Error::other(format!("in doubt after {written} bytes of text were written"))),
        }
    }
    Ok(())
}
