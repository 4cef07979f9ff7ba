//! The log of decisions on disk: read whole, appended to line by line, each line on the disk before the next act.
//!
//! It must never rewrite a line that stands there.

use super::error::StoreError;
use super::layout::Layout;
use crate::language::{TitleWords, WordLine};
use crate::review::{Decision, Log};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
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
    let mut bytes = match std::fs::read(path) {
        Ok(t) => t,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Log::default()),
        Err(e) => return Err(StoreError::Io { path: path.to_owned(), source: e }),
    };
    // A crash may cut a line off in the middle of a character.
    let torn = bytes.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
    if std::str::from_utf8(&bytes[torn..]).is_err() && torn < bytes.len() {
        bytes.truncate(torn);
    }
    let text = String::from_utf8(bytes)
        .map_err(|e| StoreError::Log { path: path.to_owned(), what: format!("not UTF-8: {}", e.utf8_error()) })?;
    Log::parse(&text).map_err(|e| StoreError::Log { path: path.to_owned(), what: e.to_string() })
}

/// Appends acts and has the system write them through. Where somebody else wrote since the log was read and took their
/// numbers, they get the next ones: gives them as they stand in the file.
///
/// # Errors
/// What the system said; a log that cannot be read.
pub fn append_log(path: &Path, acts: &[Decision]) -> Result<Vec<Decision>, StoreError> {
    // A link would lead the acts out of the output folder.
    if std::fs::symlink_metadata(path).is_ok_and(|m| !m.is_file()) {
        return Err(StoreError::Exists(path.to_owned()));
    }
    let open = || -> std::io::Result<File> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        match file.lock() {
            Err(e) if e.kind() != std::io::ErrorKind::Unsupported => Err(e),
            _ => Ok(file),
        }
    };
    let mut file = open().map_err(StoreError::io(path))?;
    // A line that a crash cut off must not swallow the next one.
    let last = whole_last_line(&mut file).map_err(StoreError::io(path))?;
    let number = |act: &str| act.parse::<u64>().ok();
    let taken = last.as_deref().and_then(number);
    let free = taken.is_none() || acts.first().is_none_or(|a| number(&a.act) > taken);
    let acts = if free { acts.to_vec() } else { renumbered(&read_log(path)?, acts) };
    let lines: String = acts.iter().map(|a| a.line() + "\n").collect();
    file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()).map_err(StoreError::io(path))?;
    Ok(acts)
}

/// Acts with the numbers that follow those of `log`; what they say of each other follows.
fn renumbered(log: &Log, acts: &[Decision]) -> Vec<Decision> {
    let (mut log, first) = (log.clone(), log.acts().len());
    let mut now: HashMap<&str, String> = HashMap::new();
    for a in acts {
        let mut copy = a.clone();
        copy.of.iter_mut().for_each(|o| *o = now.get(o.as_str()).unwrap_or(o).clone());
        now.insert(&a.act, log.push(copy).act.clone());
    }
    log.acts().get(first..).unwrap_or_default().to_vec()
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

/// The number of the act in the last line. A half line that a crash left at the end is taken away, a whole one without
/// its end gets it.
fn whole_last_line(file: &mut File) -> std::io::Result<Option<String>> {
    #[derive(serde::Deserialize)]
    struct Number {
        act: String,
    }
    let end = file.seek(SeekFrom::End(0))?;
    let mut line = Vec::new();
    // Backwards in growing steps: most lines are short, and a log may be long.
    let mut step = 4096u64;
    loop {
        let from = end.saturating_sub(step);
        file.seek(SeekFrom::Start(from))?;
        line.clear();
        Read::by_ref(file).take(end - from).read_to_end(&mut line)?;
        let body = line.strip_suffix(b"\n").unwrap_or(&line);
        if let Some(n) = body.iter().rposition(|&b| b == b'\n') {
            line.drain(..=n);
            break;
        }
        if from == 0 {
            break;
        }
        step *= 8;
    }
    if !line.is_empty() && !line.ends_with(b"\n") {
        if serde_json::from_slice::<Decision>(&line).is_err() {
            file.set_len(end - line.len() as u64)?;
            return whole_last_line(file);
        }
        file.write_all(b"\n")?;
    }
    Ok(serde_json::from_slice::<Number>(&line).ok().map(|n| n.act))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Op;

    #[test]
    fn two_who_write_at_once_get_numbers_of_their_own() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("decisions.jsonl");
        let base = Log::default();
        let mut mine = base.clone();
        let mut first = vec![mine.push(Decision::new(Op::Accept)).clone()];
        first.push(mine.push(Decision { of: vec!["1".into()], ..Decision::new(Op::Undo) }).clone());
        append_log(&path, &first).expect("written");
        // Another one that read the log when it was empty.
        let written = append_log(&path, &first).expect("written");
        assert_eq!(
            (written[0].act.as_str(), written[1].act.as_str(), &written[1].of),
            ("3", "4", &vec!["3".to_owned()])
        );
        let log = read_log(&path).expect("a log");
        assert_eq!(log.acts().len(), 4);
        // Many at the same time.
        std::thread::scope(|s| {
            for _ in 0..8 {
                s.spawn(|| (0..20).for_each(|_| drop(append_log(&path, &first).expect("written"))));
            }
        });
        assert_eq!(read_log(&path).expect("no number stands twice").acts().len(), 4 + 8 * 20 * 2);
    }

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
        // Cut off in the middle of a character.
        let mut cut = std::fs::read(&path).expect("there");
        cut.extend_from_slice("{\"v\":1,\"note\":\"落".as_bytes());
        cut.pop();
        std::fs::write(&path, &cut).expect("written");
        assert_eq!(read_log(&path).expect("a log"), log);
        std::fs::write(&path, one.line()).expect("written");
        append_log(&path, std::slice::from_ref(&two)).expect("written");
        assert_eq!(read_log(&path).expect("a log"), log, "a whole line without its end is kept");
    }
}
