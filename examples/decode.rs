//! Decodes files and writes them as UTF-8, nothing else: `cargo run --release --example decode -- FILE...`.
//!
//! For timing the decode stage as a process against `iconv`, which takes the same arguments; it must never do what
//! `recto clean` does not.

use recto::source::{Hint, decode};
use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for path in std::env::args_os().skip(1) {
        let bytes = std::fs::read(path)?;
        out.write_all(decode(&bytes, &Hint::default()).text.as_bytes())?;
    }
    Ok(())
}
