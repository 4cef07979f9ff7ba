//! Lists of checksums, in the form that `sha256sum` writes and checks.

use super::error::StoreError;
use serde::{Deserialize, Serialize};
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
    let text = std::fs::read_to_string(path).map_err(StoreError::io(path))?;
    let entry = |line: &str| {
        let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |l| (true, l));
        let (sha256, name) = line.split_once("  ")?;
        let path = if escaped { unescape(name) } else { name.to_owned() };
        (sha256.len() == 64).then(|| ManifestEntry { path, sha256: sha256.to_owned() })
    };
    text.lines()
        .map(|l| {
            entry(l).ok_or_else(|| StoreError::Run { path: path.to_owned(), what: format!("no checksum line: {l}") })
        })
        .collect()
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
