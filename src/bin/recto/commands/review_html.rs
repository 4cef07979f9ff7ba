//! `recto review --html`: the review as one file, or as one file for each issue with an index.

use super::review::open;
use crate::Outcome;
use crate::args::Review;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use recto::report::{PageMode, PageOptions, Pages, plural};
use recto::review::Session;
use recto::store::{Layout, put_page};
use std::path::Path;

/// More changes than this, or more bytes, and each issue gets a page of its own: a browser opens it at once.
const MOST_CHANGES: usize = 5_000;
const MOST_BYTES: usize = 10_000_000;

pub(super) fn run(a: &Review, file: &Path, ui: &Ui) -> Outcome {
    let layout = Layout::new(&a.folder);
    let s = open(&layout, a.who.reviewer.clone())?;
    let options = options(&a.folder, a.who.reviewer.clone(), a.ui_lang.chinese(), PageMode::Review);
    let pages = write(&s, &options, file)?;
    ui.say(&format!(
        "{}: {}, {} left{}",
        file.display(),
        plural(s.items().len(), "change"),
        plural(s.left(), "decision"),
        if pages > 0 { format!("; an index and {}", plural(pages, "page")) } else { String::new() }
    ));
    ui.say(&format!("its decisions.jsonl comes back with `recto apply {} --decisions FILE`", a.folder.display()));
    Ok(Exit::Done)
}

/// How the page of an output folder is made.
pub(super) fn options(folder: &Path, by: Option<String>, chinese: bool, mode: PageMode) -> PageOptions {
    let name = folder.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
    PageOptions { mode, chinese, folder: folder.display().to_string(), name, by, ..PageOptions::default() }
}

/// Writes the page, split where it is too large for one. Gives the number of pages beside the index.
pub(super) fn write(s: &Session, options: &PageOptions, file: &Path) -> Result<usize, Failure> {
    let pages = Pages::new(s);
    let issues: Vec<usize> = (0..s.issues().count()).filter(|&n| pages.changes(n) > 0).collect();
    let text: usize = s.issues().map(|o| o.original.len()).sum();
    let page = |options: &PageOptions| -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        pages.write(&mut bytes, options)?;
        Ok(bytes)
    };
    if issues.len() < 2 || (s.items().len() <= MOST_CHANGES && text <= MOST_BYTES) {
        let bytes = page(options)?;
        if issues.len() < 2 || bytes.len() <= MOST_BYTES {
            put_page(file, &bytes)?;
            return Ok(0);
        }
    }
    let stem = file.file_stem().map_or("review".into(), |n| n.to_string_lossy().into_owned());
    let index = file.file_name().map(|n| format!("../{}", n.to_string_lossy()));
    let mut links = Vec::new();
    for n in issues {
        let link = format!("{stem}-issues/{:04}.html", n + 1);
        let target = file.parent().unwrap_or(Path::new("")).join(&link);
        put_page(&target, &page(&PageOptions { issue: Some(n), index: index.clone(), ..options.clone() })?)?;
        links.push((n, link));
    }
    let mut bytes = Vec::new();
    pages.write_index(&mut bytes, options, &links)?;
    put_page(file, &bytes)?;
    Ok(links.len())
}
