//! Which files are pages of one issue, by their names.
//!
//! It must never read a file's content; grouping by content is the caller's.

use std::collections::BTreeMap;

/// Files of one issue, in natural order: places in the list of names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Places of the pages in the list of files.
    pub pages: Vec<usize>,
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
    if digits == 0 || digits > 6 || ends_like_a_date(head, digits) {
        return None;
    }
    let letters = head.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    let letters = if letters <= 2 { letters } else { 0 };
    let (prefix, section) = head.split_at(head.len() - letters);
    let value = number.parse().ok()?;
    Some((format!("{dir}/{prefix}"), ext.to_owned(), (section.to_owned(), value, number.to_owned())))
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
    }

    #[test]
    fn days_folders_and_kinds_are_not_pages_of_one_issue() {
        assert_eq!(groups(&["n-2021-08-20.txt", "n-2021-08-21.txt"]).len(), 2);
        assert_eq!(groups(&["20210820.txt", "20210821.txt"]).len(), 2);
        assert_eq!(groups(&["a/1.txt", "b/1.txt"]).len(), 2);
        assert_eq!(groups(&["notes.txt", "1.txt"]).len(), 2);
    }
}
