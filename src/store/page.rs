//! Review pages on disk. It must never write over a file that is no page of ours: an original may bear any name.

use super::error::StoreError;
use super::write::write_file;
use std::io::Read;
use std::path::Path;

/// What every page says of itself near its beginning.
const MARK: &str = r#"<meta name="generator" content="recto">"#;
/// How far in the mark stands at most.
const MARK_BYTES: u64 = 1024;

/// Writes a page. Only a page that recto wrote is written over.
///
/// # Errors
/// [`StoreError::Exists`] where something else stands there, [`StoreError::Folder`] for a folder, or what the system said.
pub fn put_page(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut head = Vec::new();
    match std::fs::File::open(path).and_then(|f| f.take(MARK_BYTES).read_to_end(&mut head)) {
        Ok(0) => write_file(path, bytes),
        Ok(_) if String::from_utf8_lossy(&head).contains(MARK) => write_file(path, bytes),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => write_file(path, bytes),
        Ok(_) => Err(StoreError::Exists(path.to_owned())),
        Err(e) if e.kind() == std::io::ErrorKind::IsADirectory => Err(StoreError::Folder(path.to_owned())),
        Err(source) => Err(StoreError::Io { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_is_written_over() {
        let dir = tempfile::tempdir().expect("a folder");
        let (page, other) = (dir.path().join("a.html"), dir.path().join("b.html"));
        let text = format!("<!doctype html>{MARK}");
        put_page(&page, text.as_bytes()).expect("written");
        put_page(&page, text.as_bytes()).expect("written over");
        std::fs::write(&other, "an original").expect("written");
        assert!(matches!(put_page(&other, text.as_bytes()), Err(StoreError::Exists(_))));
        assert_eq!(std::fs::read(&other).expect("there"), b"an original");
    }
}
