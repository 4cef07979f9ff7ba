//! Which files are pages of one issue, by their names.
//!
//! It must never read a file's content; grouping by content is the caller's.

use super::plan::InputError;
use regex::Regex;
use std::collections::BTreeMap;

/// Files of one issue, in natural order: places in the list of names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Places of the pages in the list of files.
    pub pages: Vec<usize>,
}

/// How a title names its pages, where the names alone do not tell: a regular expression over the file name without its
/// extension, with the groups `issue` and `page`.
#[derive(Clone, Debug)]
pub struct PagePattern(Regex);

impl PagePattern {
    /// Reads a pattern; it has to fit the whole name.
    ///
    /// # Errors
    /// [`InputError::Pattern`] for one that cannot be read or lacks a group.
    pub fn new(pattern: &str) -> Result<Self, InputError> {
        let bad = |what: String| InputError::Pattern(format!("page-pattern {pattern}: {what}"));
        let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(|e| bad(e.to_string()))?;
        for group in ["issue", "page"] {
            if !whole.capture_names().flatten().any(|n| n == group) {
                return Err(bad(format!("the group (?P<{group}>…) is missing")));
            }
        }
        Ok(Self(whole))
    }

    /// As [`page_part`]; a page without a number comes before those that have one.
    fn page_part(&self, name: &str) -> Option<(String, String, PagePart)> {
        let (dir, file) = name.rsplit_once('/').map_or(("", name), |(d, f)| (d, f));
        let (stem, ext) = file.rsplit_once('.').map_or((file, ""), |(s, e)| (s, e));
        let found = self.0.captures(stem)?;
        let page = found.name("page")?.as_str();
        let section = page.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = page[section.len()..].parse().unwrap_or(0);
        let issue = format!("{dir}/{}", found.name("issue")?.as_str());
        Some((issue, ext.to_owned(), (section.to_owned(), number, page.to_owned())))
    }
}

/// Groups files whose names differ only in a page part; the rest are issues of their own. Groups are in the order of
/// their first page's name. A `pattern` settles it: what it does not fit is an issue of its own.
pub fn group_pages(names: &[String], pattern: Option<&PagePattern>) -> Vec<Group> {
    let mut groups: BTreeMap<(String, String), Vec<(PagePart, usize)>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (n, name) in names.iter().enumerate() {
        match pattern.map_or_else(|| page_part(name), |p| p.page_part(name)) {
            Some((prefix, suffix, part)) => groups.entry((prefix, suffix)).or_default().push((part, n)),
            None => alone.push(Group { pages: vec![n] }),
        }
    }
    let mut out = alone;
    out.extend(groups.into_values().map(|mut pages| {
        pages.sort();
        // Not collected from the list itself, whose room they would keep.
        Group { pages: pages.iter().map(|(_, n)| *n).collect() }
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

/// True where the text before the last one or two digits ends like `2021-08-` or `2021_8_`, or two digits are the month
/// behind a year: `2001.03`.
fn ends_like_a_date(head: &str, digits: usize) -> bool {
    let year = |h: &str| {
        let y = h.len().checked_sub(4).and_then(|at| h.get(at..)).unwrap_or_default();
        y.bytes().all(|b| b.is_ascii_digit()) && y.parse().is_ok_and(|y: u32| (1500..2200).contains(&y))
    };
    if digits == 2 && head.strip_suffix(['-', '_', '.']).is_some_and(year) {
        return true;
    }
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
        group_pages(&names, None).into_iter().map(|g| g.pages.into_iter().map(|n| names[n].clone()).collect()).collect()
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
        assert_eq!(groups(&["2001.03.txt", "2001.04.txt"]).len(), 2);
        assert_eq!(groups(&["n-2001-03.txt", "n-2001-04.txt"]).len(), 2);
        assert_eq!(groups(&["a/1.txt", "b/1.txt"]).len(), 2);
        assert_eq!(groups(&["notes.txt", "1.txt"]).len(), 2);
        assert_eq!(groups(&["1949.txt", "1950.txt"]).len(), 2);
        assert_eq!(groups(&["20210820_A1_news.txt", "20210821_A1_news.txt"]).len(), 2);
    }

    #[test]
    fn a_pattern_settles_it() {
        let names =
            ["zz1949-3.txt", "x/19490820第2版.txt", "x/19490820第10版.txt", "x/19490821第1版.txt", "A1.txt", "A2.txt"];
        let names: Vec<String> = names.iter().map(|s| (*s).to_owned()).collect();
        let pattern = PagePattern::new("(?P<issue>[0-9]{8})第(?P<page>[0-9]+)版").expect("a pattern");
        let groups: Vec<Vec<usize>> = group_pages(&names, Some(&pattern)).into_iter().map(|g| g.pages).collect();
        assert_eq!(groups, [vec![4], vec![5], vec![1, 2], vec![3], vec![0]]);
        for bad in ["(?P<issue>.+)", "(?P<issue>.+)_(?P<page>", "x"] {
            assert!(PagePattern::new(bad).is_err(), "{bad}");
        }
        // Alternatives are held together.
        let either = PagePattern::new("(?P<issue>a)(?P<page>1)|b").expect("a pattern");
        assert!(either.page_part("a1x.txt").is_none() && either.page_part("b.txt").is_none());
    }
}
