//! Inputs: which files a run reads, and by which relative names.
//!
//! It must never read a page's content.

use super::file::{InputFile, Place};
use super::input::{Group, PagePattern, group_pages};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Why the inputs cannot be used. Each has a hint in its text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A path that was named does not exist.
    #[error("{0}: no such file or folder")]
    Missing(PathBuf),
    /// A pattern that fits no file.
    #[error("{0}: the pattern fits no file")]
    NoMatch(PathBuf),
    /// A pattern that is none.
    #[error("{0}")]
    Pattern(String),
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
            InputError::NoMatch(p) => (p.display().to_string(), "the pattern fits no file".into()),
            InputError::Pattern(what) => (what, "no pattern".into()),
            InputError::Output(p) => (p.display().to_string(), "the output of an earlier run".into()),
            InputError::Unreadable { path, source } => (path.display().to_string(), source.to_string()),
        }
    }
}

/// The files of a run.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Files, sorted by name.
    pub files: Vec<InputFile>,
    /// What could not be looked at below a folder: the run goes on without it and says so.
    pub failures: Vec<(String, String)>,
    /// What a person should know about the inputs.
    pub notes: Vec<String>,
    /// Names that differ from another only in the case of their letters.
    pub clashes: Vec<String>,
    /// How the title names its pages, where it says so.
    pub pattern: Option<PagePattern>,
}

impl Inputs {
    /// The files grouped into issues.
    pub fn groups(&self) -> Vec<Group> {
        let names: Vec<String> = self.files.iter().map(|f| f.name.clone()).collect();
        group_pages(&names, self.pattern.as_ref())
    }
}

/// What a run is to read.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Files, folders, archives and patterns.
    pub paths: Vec<PathBuf>,
    /// Patterns, as in `.rectoignore`, of what to leave out below folders.
    pub exclude: Vec<String>,
    /// Patterns of the files to take below folders; empty: `*.txt` in any case.
    pub include: Vec<String>,
    /// Pay no heed to `.rectoignore`.
    pub no_ignore: bool,
    /// How the title names its pages.
    pub page_pattern: Option<String>,
}

impl Wanted {
    /// These paths with no other wish.
    pub fn paths(paths: &[PathBuf]) -> Self {
        Self { paths: paths.to_vec(), ..Self::default() }
    }
}

/// Finds the files that are wanted. Folders are walked in name order, hidden files and recto's own output are left out;
/// a file that is named is taken whatever it is called; a name with `*`, `?` or `[` that is no file is a pattern.
///
/// # Errors
/// [`InputError`] where nothing can be used, or for a pattern that is none.
pub fn plan(wanted: &Wanted) -> Result<Inputs, InputError> {
    let mut finder = Finder {
        include: if wanted.include.is_empty() { None } else { Some(glob_set(&wanted.include)?) },
        exclude: &wanted.exclude,
        no_ignore: wanted.no_ignore,
        found: Vec::new(),
        failures: Vec::new(),
        notes: Vec::new(),
    };
    finder.excluding(Path::new("."))?;
    let mut errors = Vec::new();
    for path in &wanted.paths {
        match look(path) {
            Ok(true) => finder.walk(path, None)?,
            Ok(false) => finder.found.push(path.clone()),
            Err(InputError::Missing(_)) if is_pattern(path) => {
                let before = finder.found.len();
                finder.expand(path)?;
                if finder.found.len() == before {
                    errors.push(InputError::NoMatch(path.clone()));
                }
            }
            Err(e) => errors.push(e),
        }
    }
    let Finder { found, mut failures, mut notes, include, .. } = finder;
    // One bad name does not stop the rest of a batch; where there is no rest, it is the answer.
    if found.is_empty() && !errors.is_empty() {
        return Err(errors.swap_remove(0));
    }
    failures.extend(errors.into_iter().map(InputError::parts));
    // One file under two names is one file.
    let mut found: Vec<(PathBuf, PathBuf)> = found.into_iter().map(|p| (resolved(&p), p)).collect();
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    let root = root_of(&wanted.paths);
    let mut files: Vec<InputFile> = Vec::with_capacity(found.len());
    for path in wanted.paths.iter().filter(|p| p.ancestors().skip(1).any(|a| a.join(".recto").is_dir())) {
        notes.push(format!("{}: recto has cleaned this already; it is cleaned again", path.display()));
    }
    for (whole, path) in found {
        let Some(name) = relative(&root, &whole) else {
            let shown = path.display().to_string();
            failures.push((shown, "the file name is not UTF-8; rename it (convmv renames whole folders)".into()));
            continue;
        };
        if is_archive(&path) {
            unpack(&path, &name, include.as_ref(), &mut files, &mut failures);
        } else {
            files.push(InputFile { name, place: Place::File(path) });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let clashes = clashes(&files, &mut notes);
    let pattern = wanted.page_pattern.as_deref().map(PagePattern::new).transpose()?;
    Ok(Inputs { files, failures, notes, clashes, pattern })
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

struct Finder<'a> {
    include: Option<GlobSet>,
    exclude: &'a [String],
    no_ignore: bool,
    found: Vec<PathBuf>,
    failures: Vec<(String, String)>,
    notes: Vec<String>,
}

impl Finder<'_> {
    fn excluding(&self, dir: &Path) -> Result<Gitignore, InputError> {
        let mut b = GitignoreBuilder::new(dir);
        for p in self.exclude {
            b.add_line(None, p).map_err(|e| InputError::Pattern(format!("--exclude {p}: {e}")))?;
        }
        b.build().map_err(|e| InputError::Pattern(e.to_string()))
    }

    /// Takes the files below `dir` that are wanted, or those that fit `only`.
    fn walk(&mut self, dir: &Path, only: Option<&GlobSet>) -> Result<(), InputError> {
        let exclude = self.excluding(dir)?;
        let mut builder = ignore::WalkBuilder::new(dir);
        builder.standard_filters(false).hidden(true).follow_links(true).sort_by_file_name(std::cmp::Ord::cmp);
        if !self.no_ignore {
            builder.add_custom_ignore_filename(".rectoignore");
        }
        let outputs = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = std::sync::Arc::clone(&outputs);
        builder.filter_entry(move |e| {
            let is_dir = e.file_type().is_some_and(|t| t.is_dir());
            if is_dir && e.path().join(".recto").is_dir() {
                if let Ok(mut o) = seen.lock() {
                    o.push(e.path().to_owned());
                }
                return false;
            }
            e.depth() == 0 || !exclude.matched(e.path(), is_dir).is_ignore()
        });
        for entry in builder.build() {
            match entry {
                Ok(e) if e.file_type().is_some_and(|t| t.is_file()) => {
                    let below = e.path().strip_prefix(dir).unwrap_or(e.path());
                    let fits = match only {
                        Some(set) => set.is_match(below),
                        None => is_wanted(below, self.include.as_ref()) || is_archive(below),
                    };
                    if fits {
                        self.found.push(e.into_path());
                    }
                }
                Ok(_) => {}
                Err(e) => self.failures.push((dir.display().to_string(), e.to_string())),
            }
        }
        for o in outputs.lock().map(|o| o.clone()).unwrap_or_default() {
            self.notes.push(format!("{}: left out, it is the output of an earlier run", o.display()));
        }
        Ok(())
    }

    /// The files that fit a pattern, for shells that leave that to the program.
    fn expand(&mut self, pattern: &Path) -> Result<(), InputError> {
        let plain = pattern.components().take_while(|c| !is_pattern(Path::new(c.as_os_str())));
        let base: PathBuf = plain.collect();
        let rest = pattern.strip_prefix(&base).unwrap_or(pattern).display().to_string();
        let set = glob_set(&[rest])?;
        let dir = if base.as_os_str().is_empty() { Path::new(".") } else { base.as_path() };
        self.walk(dir, Some(&set))
    }
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn glob_set(patterns: &[String]) -> Result<GlobSet, InputError> {
    let bad = |e: globset::Error| InputError::Pattern(format!("not a pattern: {e}"));
    let mut b = GlobSetBuilder::new();
    for p in patterns {
        b.add(GlobBuilder::new(p).literal_separator(true).build().map_err(bad)?);
    }
    b.build().map_err(bad)
}

fn is_wanted(path: &Path, include: Option<&GlobSet>) -> bool {
    match include {
        Some(set) => set.is_match(path),
        None => has_extension(path, "txt"),
    }
}

fn has_extension(path: &Path, ext: &str) -> bool {
    path.extension().is_some_and(|x| x.eq_ignore_ascii_case(ext))
}

fn is_archive(path: &Path) -> bool {
    cfg!(feature = "archives") && has_extension(path, "zip")
}

/// The text entries of an archive as files below its name.
#[cfg(feature = "archives")]
fn unpack(
    path: &Path,
    name: &str,
    include: Option<&GlobSet>,
    files: &mut Vec<InputFile>,
    failures: &mut Vec<(String, String)>,
) {
    let hidden = |n: &str| n.split('/').any(|p| (p.starts_with('.') && p != "..") || p == "__MACOSX");
    match super::archive::Archive::open(path, &|n| !hidden(n) && is_wanted(Path::new(n), include)) {
        Ok((archive, list)) => {
            let archive = std::sync::Arc::new(archive);
            failures.extend(list.failures.into_iter().map(|(n, why)| (format!("{name}/{n}"), why)));
            files.extend(list.entries.into_iter().map(|(n, entry)| InputFile {
                name: format!("{name}/{n}"),
                place: Place::Entry(std::sync::Arc::clone(&archive), entry),
            }));
        }
        Err(e) => failures.push((path.display().to_string(), e.to_string())),
    }
}

#[cfg(not(feature = "archives"))]
fn unpack(_: &Path, _: &str, _: Option<&GlobSet>, _: &mut Vec<InputFile>, _: &mut Vec<(String, String)>) {}

/// Names that a file system without case cannot tell apart. `files` is sorted.
fn clashes(files: &[InputFile], notes: &mut Vec<String>) -> Vec<String> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut out = Vec::new();
    for f in files {
        if let Some(other) = first.get(&f.name.to_lowercase()) {
            notes.push(format!(
                "{other} and {} differ in case only: a disk of Windows or macOS cannot hold both outputs",
                f.name
            ));
            out.push(f.name.clone());
        } else {
            first.insert(f.name.to_lowercase(), &f.name);
        }
    }
    out
}

/// The folder itself for one folder, else the deepest folder that holds all inputs, from the root of the disk on: names of
/// pages hang on it, so `a`, `./a` and its absolute path must come to the same.
fn root_of(paths: &[PathBuf]) -> PathBuf {
    let folder = |p: &PathBuf| {
        if p.is_dir() {
            resolved(p)
        } else if is_pattern(p) && !p.exists() {
            resolved(&p.components().take_while(|c| !is_pattern(Path::new(c.as_os_str()))).collect::<PathBuf>())
        } else {
            let mut file = resolved(p);
            file.pop();
            file
        }
    };
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

/// The path from the root of the disk on, without `.` and `..`. Symbolic links keep their names but where `..` leads out of
/// one.
fn resolved(path: &Path) -> PathBuf {
    let whole = if path.as_os_str().is_empty() { std::path::absolute(".") } else { std::path::absolute(path) };
    let mut out = PathBuf::new();
    for part in whole.as_deref().unwrap_or(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if out.is_symlink() {
                    out = out.canonicalize().unwrap_or(out);
                }
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The name of a resolved path, with `/` between its parts, whatever the system's separator.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let plain = rest.components().filter(|c| matches!(c, Component::Normal(_)));
    let parts: Option<Vec<&str>> = plain.map(|c| c.as_os_str().to_str()).collect();
    parts.map(|p| p.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path, paths: &[&str], more: Wanted) -> Vec<String> {
        let paths = paths.iter().map(|p| dir.join(p)).collect();
        plan(&Wanted { paths, ..more }).map(|i| i.files.into_iter().map(|f| f.name).collect()).unwrap_or_default()
    }

    #[test]
    fn folders_patterns_and_what_is_left_out() {
        let t = tempfile::tempdir().expect("a folder");
        for f in ["a/1.txt", "a/2.TXT", "a/x.md", "a/b/3.txt", "a/skip/4.txt", ".hidden/5.txt", "c/6.txt"] {
            let p = t.path().join(f);
            std::fs::create_dir_all(p.parent().expect("a parent")).expect("made");
            std::fs::write(p, "x").expect("written");
        }
        std::fs::write(t.path().join("a/.rectoignore"), "skip/\n").expect("written");
        let all = Wanted::default();
        assert_eq!(names(t.path(), &["."], all.clone()), ["a/1.txt", "a/2.TXT", "a/b/3.txt", "c/6.txt"]);
        let no_ignore = Wanted { no_ignore: true, ..all.clone() };
        assert!(names(t.path(), &["."], no_ignore).contains(&"a/skip/4.txt".to_owned()));
        let exclude = Wanted { exclude: vec!["b/".into(), "6.*".into()], ..all.clone() };
        assert_eq!(names(t.path(), &["."], exclude), ["a/1.txt", "a/2.TXT"]);
        let include = Wanted { include: vec!["**/*.md".into()], ..all.clone() };
        assert_eq!(names(t.path(), &["."], include), ["a/x.md"]);
        assert_eq!(names(t.path(), &["a/*.txt"], all.clone()), ["1.txt"]);
        assert_eq!(names(t.path(), &["a/**/[13].txt"], all.clone()), ["1.txt", "b/3.txt"]);
        assert_eq!(names(t.path(), &["a/b", "c"], all.clone()), ["a/b/3.txt", "c/6.txt"]);
        // However a path is written.
        let again = ["a/b", "c", "./a/../c/6.txt", "a/./b/3.txt"];
        assert_eq!(names(t.path(), &again, all.clone()), ["a/b/3.txt", "c/6.txt"]);
        assert_eq!(names(t.path(), &["a/b", "a/b/../.."], all.clone()).len(), 4);
        assert!(matches!(plan(&Wanted::paths(&[t.path().join("none/*.txt")])), Err(InputError::NoMatch(_))));
        let bad = Wanted { exclude: vec!["[z-a]".into()], ..Wanted::paths(&[t.path().into()]) };
        assert!(matches!(plan(&bad), Err(InputError::Pattern(_))));
    }
}
