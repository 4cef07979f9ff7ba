//! Inputs: which files a run reads, by which relative names, and which of them are pages of one issue.
//!
//! It must never read a file's content; grouping by content is the caller's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why the inputs cannot be used. Each has a hint in its text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A path that was named does not exist.
    #[error("{0}: no such file or folder")]
    Missing(PathBuf),
    /// A folder that recto wrote.
    #[error("{0}: the folder is recto's own output")]
    Output(PathBuf),
    /// A path that cannot be looked at.
    #[error("{path}: {source}")]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl InputError {
    /// The path and what is the matter with it.
    fn parts(self) -> (String, String) {
        match self {
            InputError::Missing(p) => (p.display().to_string(), "no such file or folder".into()),
            InputError::Output(p) => (p.display().to_string(), "the output of an earlier run".into()),
            InputError::Unreadable { path, source } => (path.display().to_string(), source.to_string()),
        }
    }
}

/// The files of a run.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The folder that relative names start from.
    pub root: PathBuf,
    /// Files with their relative name, sorted by name.
    pub files: Vec<(String, PathBuf)>,
    /// What could not be looked at below a folder: the run goes on without it and says so.
    pub failures: Vec<(String, String)>,
}

/// Files of one issue, in natural order: places in [`Inputs::files`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Places of the pages in the list of files.
    pub pages: Vec<usize>,
}

/// Finds the files below `paths`. Folders are walked in name order, hidden files and recto's own output are left out;
/// a file that is named is taken whatever it is called.
///
/// # Errors
/// [`InputError`] for a path that does not exist or cannot be looked at.
pub fn plan(paths: &[PathBuf]) -> Result<Inputs, InputError> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut failures = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match look(path) {
            Ok(true) => walk(path, &mut found, &mut failures),
            Ok(false) => found.push(path.clone()),
            Err(e) => errors.push(e),
        }
    }
    // One bad name does not stop the rest of a batch; where there is no rest, it is the answer.
    if found.is_empty() && !errors.is_empty() {
        return Err(errors.swap_remove(0));
    }
    failures.extend(errors.into_iter().map(|e| e.parts()));
    found.sort();
    found.dedup();
    let root = root_of(paths);
    let mut files: Vec<(String, PathBuf)> = Vec::with_capacity(found.len());
    for path in found {
        match relative(&root, &path) {
            Some(name) => files.push((name, path)),
            None => failures.push((path.display().to_string(), "the file name is not UTF-8; rename it".into())),
        }
    }
    Ok(Inputs { root, files, failures })
}

/// True for a folder that can be listed, false for a file.
fn look(path: &Path) -> Result<bool, InputError> {
    let meta = std::fs::metadata(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => InputError::Missing(path.to_owned()),
        _ => InputError::Unreadable { path: path.to_owned(), source },
    })?;
    if meta.is_dir() {
        if path.join(".recto").is_dir() {
            return Err(InputError::Output(path.to_owned()));
        }
        std::fs::read_dir(path).map_err(|source| InputError::Unreadable { path: path.to_owned(), source })?;
    }
    Ok(meta.is_dir())
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>, failures: &mut Vec<(String, String)>) {
    let walker = ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .filter_entry(|e| !(e.file_type().is_some_and(|t| t.is_dir()) && e.path().join(".recto").is_dir()))
        .add_custom_ignore_filename(".rectoignore")
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    for entry in walker {
        match entry {
            Ok(e) if e.file_type().is_some_and(|t| t.is_file()) => {
                if e.path().extension().is_some_and(|x| x.eq_ignore_ascii_case("txt")) {
                    found.push(e.into_path());
                }
            }
            Ok(_) => {}
            Err(e) => failures.push((dir.display().to_string(), e.to_string())),
        }
    }
}

/// The folder itself for one folder, else the deepest folder that holds all inputs.
fn root_of(paths: &[PathBuf]) -> PathBuf {
    let folder =
        |p: &PathBuf| if p.is_dir() { p.clone() } else { p.parent().map(Path::to_path_buf).unwrap_or_default() };
    let mut folders = paths.iter().map(folder);
    let Some(mut root) = folders.next() else { return PathBuf::new() };
    for f in folders {
        while !f.starts_with(&root) {
            if !root.pop() {
                return PathBuf::new();
            }
        }
    }
    root
}

/// The name with `/` between its parts, whatever the system's separator.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let parts: Option<Vec<&str>> = rest.components().map(|c| c.as_os_str().to_str()).collect();
    parts.map(|p| p.join("/"))
}

/// Groups files whose names differ only in a page part; the rest are issues of their own. Groups are in the order of
/// their first page's name.
pub fn group_pages(names: &[String]) -> Vec<Group> {
    let mut groups: BTreeMap<(String, String), Vec<(PagePart, usize)>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (n, name) in names.iter().enumerate() {
        match page_part(name) {
            Some((prefix, suffix, part)) => groups.entry((prefix, suffix)).or_default().push((part, n)),
            None => alone.push(Group { pages: vec![n] }),
        }
    }
    let mut out = alone;
    out.extend(groups.into_values().map(|mut pages| {
        pages.sort();
        Group { pages: pages.into_iter().map(|(_, n)| n).collect() }
    }));
    out.sort_by_key(|g| g.pages.iter().map(|&n| &names[n]).min());
    out
}

/// A page's place in its issue: section letters, then number.
type PagePart = (String, u64, String);

/// Splits a name into what it shares with the other pages of its issue (before and after) and the page part: digits
/// at the end of the stem, with one or two capital section letters before them. A date is no page part.
fn page_part(name: &str) -> Option<(String, String, PagePart)> {
    let (dir, file) = name.rsplit_once('/').map_or(("", name), |(d, f)| (d, f));
    let (stem, ext) = file.rsplit_once('.').map_or((file, ""), |(s, e)| (s, e));
    let digits = stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (head, number) = stem.split_at(stem.len() - digits);
    // More than six digits in a row is a date or an identifier, and so is the last part of 2021-08-20.
    if digits == 0 || digits > 6 || ends_like_a_date(head, digits) || is_year(head, number) {
        return inner_page_part(dir, stem, ext);
    }
    let letters = head.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    let letters = if letters <= 2 { letters } else { 0 };
    let (prefix, section) = head.split_at(head.len() - letters);
    let value = number.parse().ok()?;
    Some((format!("{dir}/{prefix}"), ext.to_owned(), (section.to_owned(), value, number.to_owned())))
}

/// True for a year that no page word stands before: 1949.txt and 1950.txt are no pages of one issue.
fn is_year(head: &str, number: &str) -> bool {
    let paged = head.ends_with(['p', 'P', 'A', 'B', 'C', 'D']) || head.to_lowercase().ends_with("page");
    !paged && number.len() == 4 && number.parse().is_ok_and(|y: u32| (1500..2200).contains(&y))
}

/// The page part of a name that says more behind it: `20210820_A1_news`, `x_p3_v2`, `第3版 要闻`.
fn inner_page_part(dir: &str, stem: &str, ext: &str) -> Option<(String, String, PagePart)> {
    let is_sep = |c: char| matches!(c, '_' | '-' | ' ' | '.');
    let mut at = 0;
    for piece in stem.split(is_sep) {
        let start = at;
        at += piece.len() + 1;
        let marked = piece.strip_prefix('第').and_then(|p| p.split_once('版').map(|(n, _)| ("", n)));
        let section = || {
            let letter = piece.chars().next().filter(|c| matches!(c, 'A'..='D' | 'p' | 'P'))?;
            Some((&piece[..letter.len_utf8()], &piece[letter.len_utf8()..]))
        };
        let Some((letter, number)) = marked.or_else(section) else { continue };
        if number.is_empty() || number.len() > 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let letter = if letter.eq_ignore_ascii_case("p") { "" } else { letter };
        let value = number.parse().ok()?;
        return Some((
            format!("{dir}/{}", &stem[..start]),
            ext.to_owned(),
            (letter.to_owned(), value, number.to_owned()),
        ));
    }
    None
}

/// True where the text before the last one or two digits ends like `2021-08-` or `2021_8_`.
fn ends_like_a_date(head: &str, digits: usize) -> bool {
    let b = head.as_bytes();
    let is_sep = |c: u8| matches!(c, b'-' | b'_' | b'.');
    let Some((&last, rest)) = b.split_last() else { return false };
    if digits > 2 || !is_sep(last) {
        return false;
    }
    let month = rest.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let rest = &rest[..rest.len() - month];
    let Some((&sep, rest)) = rest.split_last() else { return false };
    let year = rest.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    (1..=2).contains(&month) && sep == last && year == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<Vec<String>> {
        let names: Vec<String> = names.iter().map(|s| (*s).to_owned()).collect();
        group_pages(&names).into_iter().map(|g| g.pages.into_iter().map(|n| names[n].clone()).collect()).collect()
    }

    #[test]
    fn pages_are_in_natural_order() {
        assert_eq!(groups(&["d/A1.txt", "d/A10.txt", "d/A2.txt"]), [["d/A1.txt", "d/A2.txt", "d/A10.txt"]]);
        assert_eq!(groups(&["x_p0004.txt", "x_p0003.txt"]), [["x_p0003.txt", "x_p0004.txt"]]);
        assert_eq!(groups(&["d/B1.txt", "d/A2.txt"]), [["d/A2.txt", "d/B1.txt"]]);
        assert_eq!(groups(&["20210820_A2_综合.txt", "20210820_A1_要闻.txt"]).len(), 1);
        assert_eq!(groups(&["第10版 副刊.txt", "第2版 综合.txt"]), [["第2版 综合.txt", "第10版 副刊.txt"]]);
    }

    #[test]
    fn days_folders_and_kinds_are_not_pages_of_one_issue() {
        assert_eq!(groups(&["n-2021-08-20.txt", "n-2021-08-21.txt"]).len(), 2);
        assert_eq!(groups(&["20210820.txt", "20210821.txt"]).len(), 2);
        assert_eq!(groups(&["a/1.txt", "b/1.txt"]).len(), 2);
        assert_eq!(groups(&["notes.txt", "1.txt"]).len(), 2);
        assert_eq!(groups(&["1949.txt", "1950.txt"]).len(), 2);
        assert_eq!(groups(&["20210820_A1_news.txt", "20210821_A1_news.txt"]).len(), 2);
    }
}
