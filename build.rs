//! SHA-256 of the built-in tables, for the record of a run: taken when recto is built, so that no run need read them all.
//!
//! It must never change a table.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for folder in ["dictionaries", "dictionaries/compiled"] {
        println!("cargo::rerun-if-changed={folder}");
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut rows = String::from("[\n");
    for path in &files {
        let sum: String = Sha256::digest(std::fs::read(path)?).iter().map(|b| format!("{b:02x}")).collect();
        let name = path.file_name().and_then(|n| n.to_str()).ok_or("a table's name is UTF-8")?;
        writeln!(rows, "    ({name:?}, {sum:?}),")?;
    }
    rows.push_str("]\n");
    let out: PathBuf = Path::new(&std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("sums.rs");
    Ok(std::fs::write(out, rows)?)
}
