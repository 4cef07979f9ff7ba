//! The log of decisions on disk: read whole, appended to line by line, each line on the disk before the next act.
//!
//! It must never rewrite a line that stands there.

use super::error::StoreError;
use super::layout::Layout;
use crate::language::{TitleWords, WordLine};
use crate::review::{Decision, Log};
use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

impl Layout {
    /// `decisions.jsonl`.
    pub fn decisions(&self) -> PathBuf {
        self.root().join("decisions.jsonl")
    }
}

/// Reads a log; none where the file is not there.
///
/// # Errors
/// What the system said, or the first line that is no decision.
pub fn read_log(path: &Path) -> Result<Log, StoreError> {
    let text = match std::fs::read_to_string(path) {
        Ok(t) => t,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Log::default()),
        Err(e) => return Err(StoreError::Io { path: path.to_owned(), source: e }),
    };
    Log::parse(&text).map_err(|e| StoreError::Run { path: path.to_owned(), what: e.to_string() })
}

/// Appends acts and has the system write them through.
///
/// # Errors
/// What the system said.
pub fn append_log(path: &Path, acts: &[Decision]) -> Result<(), StoreError> {
    let io = StoreError::io(path);
    append(path, acts).map_err(io)
}

/// What became of lines for a title's word list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Added {
    /// Lines that were added.
    pub added: Vec<WordLine>,
    /// What others contradict.
    pub refused: Vec<String>,
}

/// Adds lines to a title's word list, making the file where it is missing. What the list says already is left out.
///
/// # Errors
/// What the system said; a list that cannot be read.
pub fn append_words(path: &Path, lines: &[WordLine]) -> Result<Added, StoreError> {
    let bad = |what: String| StoreError::Run { path: path.to_owned(), what };
    let text = match std::fs::read_to_string(path) {
        Ok(t) => t,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(StoreError::Io { path: path.to_owned(), source: e }),
    };
    let mut list = TitleWords::parse(&text).map_err(|e| bad(e.to_string()))?;
    let mut out = Added::default();
    for line in lines {
        if list.says(line) {
            continue;
        }
        match list.add(line.clone()) {
            Ok(()) => out.added.push(line.clone()),
            Err(why) => out.refused.push(why),
        }
    }
    if !out.added.is_empty() {
        let new: String = out.added.iter().map(|l| format!("{l}\n")).collect();
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let open = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(format!("{gap}{new}").as_bytes())?;
            file.sync_all()
        };
        open().map_err(StoreError::io(path))?;
    }
    Ok(out)
}

fn append(path: &Path, acts: &[Decision]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
    let mut lines = String::new();
    // A line that a crash cut off must not swallow the next one.
    if file.seek(SeekFrom::End(-1)).is_ok() {
        let mut last = [0u8];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            cut_torn_line(path, &mut file)?;
        }
    }
    for act in acts {
        lines.push_str(&act.line());
        lines.push('\n');
    }
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

/// Takes away the half line that a crash left at the end.
fn cut_torn_line(path: &Path, file: &mut std::fs::File) -> std::io::Result<()> {
    let text = std::fs::read(path)?;
    let end = text.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
    let whole = std::str::from_utf8(&text[end..]).is_ok_and(|l| serde_json::from_str::<Decision>(l).is_ok());
    if whole { file.write_all(b"\n") } else { file.set_len(end as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Op;

    #[test]
    fn a_torn_line_is_taken_away_before_the_next_act() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("decisions.jsonl");
        let mut log = Log::default();
        let one = log.push(Decision::new(Op::Accept)).clone();
        let two = log.push(Decision::new(Op::Reject)).clone();
        append_log(&path, std::slice::from_ref(&one)).expect("written");
        let mut text = std::fs::read_to_string(&path).expect("there");
        text.push_str("{\"v\":1,\"act\":\"9\",\"op");
        std::fs::write(&path, &text).expect("written");
        append_log(&path, std::slice::from_ref(&two)).expect("written");
        assert_eq!(read_log(&path).expect("a log"), log);
        std::fs::write(&path, one.line()).expect("written");
        append_log(&path, std::slice::from_ref(&two)).expect("written");
        assert_eq!(read_log(&path).expect("a log"), log, "a whole line without its end is kept");
    }
}
