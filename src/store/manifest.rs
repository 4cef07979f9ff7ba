//! Lists of checksums, in the form that `sha256sum` writes and checks.

use super::error::StoreError;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

/// One line of a manifest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// Name with `/` between its parts.
    pub path: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A line as `sha256sum` writes it: a name with a line end or a backslash is escaped, and a backslash says so in front.
pub(super) fn manifest_line(e: &ManifestEntry) -> String {
    if e.path.contains(['\n', '\r', '\\']) {
        let name = e.path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        return format!("\\{}  {name}\n", e.sha256);
    }
    format!("{}  {}\n", e.sha256, e.path)
}

/// The lines of a manifest.
///
/// # Errors
/// What the system said, or the first line that is none.
pub(super) fn read_manifest(path: &Path) -> Result<Vec<ManifestEntry>, StoreError> {
    entries(path, File::open(path).map_err(StoreError::io(path))?).collect()
}

/// The lines of an open manifest, one by one; `path` is its name in errors.
pub(super) fn entries(path: &Path, file: File) -> impl Iterator<Item = Result<ManifestEntry, StoreError>> {
    let entry = |line: &str| {
        let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |l| (true, l));
        let (sha256, name) = line.split_once("  ")?;
        let path = if escaped { unescape(name) } else { name.to_owned() };
        (sha256.len() == 64).then(|| ManifestEntry { path, sha256: sha256.to_owned() })
    };
    BufReader::new(file).lines().map(move |line| {
        let line = line.map_err(StoreError::io(path))?;
        entry(&line).ok_or_else(|| StoreError::Run { path: path.to_owned(), what: format!("no checksum line: {line}") })
    })
}

/// Names of `old` that `new` does not hold, where both are sorted; None where `old` is not, or cannot be read.
pub(super) fn only_in_old(
    old: impl Iterator<Item = Result<ManifestEntry, StoreError>>,
    new: impl Iterator<Item = Result<ManifestEntry, StoreError>>,
) -> Option<Vec<String>> {
    let mut new = new.peekable();
    let (mut gone, mut last) = (Vec::new(), String::new());
    for e in old {
        let name = e.ok()?.path;
        if name < last {
            return None;
        }
        while new.peek().is_some_and(|n| n.as_ref().is_ok_and(|n| n.path < name)) {
            new.next();
        }
        match new.peek() {
            Some(Err(_)) => return None,
            Some(Ok(n)) if n.path == name => {}
            _ => gone.push(name.clone()),
        }
        last = name;
    }
    Some(gone)
}

/// Collects names with their checksums in little room, to be written in order.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<(Box<str>, [u8; 32])>);

impl Lines {
    /// Takes an entry.
    ///
    /// # Errors
    /// Where its checksum is none: the marks were altered.
    pub(super) fn take(&mut self, e: &ManifestEntry) -> Result<(), String> {
        let mut sum = [0; 32];
        for (n, out) in sum.iter_mut().enumerate() {
            let digits = e.sha256.get(2 * n..2 * n + 2).filter(|_| e.sha256.len() == 64);
            *out = digits
                .and_then(|d| u8::from_str_radix(d, 16).ok())
                .ok_or_else(|| format!("{}: {} is no SHA-256", e.path, e.sha256))?;
        }
        self.0.push((e.path.as_str().into(), sum));
        Ok(())
    }

    /// Writes them sorted, each once, and forgets them.
    pub(super) fn write(&mut self, out: &mut dyn Write) -> std::io::Result<()> {
        self.0.sort_unstable();
        self.0.dedup();
        for (path, sum) in self.0.drain(..) {
            let sha256 = crate::hash::hex(&sum);
            out.write_all(manifest_line(&ManifestEntry { path: path.into(), sha256 }).as_bytes())?;
        }
        Ok(())
    }
}

fn unescape(name: &str) -> String {
    let (mut out, mut chars) = (String::new(), name.chars());
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_old_list_holds_is_found_where_both_are_sorted() {
        let list = |names: &[&str]| {
            let e = |n: &&str| Ok(ManifestEntry { path: (*n).to_owned(), sha256: String::new() });
            names.iter().map(e).collect::<Vec<_>>().into_iter()
        };
        let gone = |a: &[&str], b: &[&str]| only_in_old(list(a), list(b));
        assert_eq!(gone(&["a", "b", "c"], &["b", "d"]), Some(vec!["a".to_owned(), "c".to_owned()]));
        assert_eq!(gone(&["b", "b"], &["a", "b"]), Some(Vec::new()));
        assert_eq!(gone(&["b"], &[]), Some(vec!["b".to_owned()]));
        assert_eq!(gone(&["b", "a"], &["a", "b"]), None, "not sorted, so it tells nothing");
    }

    #[test]
    fn lines_come_sorted_and_once() {
        let mut lines = Lines::default();
        let e = |p: &str| ManifestEntry { path: p.to_owned(), sha256: "0a".repeat(32) };
        for p in ["b\\n", "a", "b\\n"] {
            lines.take(&e(p)).expect("a sum");
        }
        assert!(lines.take(&ManifestEntry { path: "x".into(), sha256: "zz".repeat(32) }).is_err());
        let mut out = Vec::new();
        lines.write(&mut out).expect("a vector takes all");
        let (a, b) = (manifest_line(&e("a")), manifest_line(&e("b\\n")));
        assert_eq!(String::from_utf8(out).expect("UTF-8"), a + &b);
    }
}
