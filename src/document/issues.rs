//! Whether pages that lie beside each other are pages of one issue: by date and number in their heads.
//!
//! It must never part an issue because the OCR garbled one digit: a new issue needs another date and a second sign.

use crate::text::script::is_letter_or_digit;

/// Inked lines of a page in which date and number are looked for, and characters of one line.
const HEAD: (usize, usize) = (8, 120);
/// Months, by the first letters of their names in English, German and French.
const MONTHS: [(&str, u32); 30] = [
    ("jan", 1),
    ("jän", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("apr", 4),
    ("avr", 4),
    ("may", 5),
    ("mai", 5),
    ("juni", 6),
    ("june", 6),
    ("juin", 6),
    ("juli", 7),
    ("july", 7),
    ("juil", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("jun", 6),
    ("jul", 7),
    ("mrz", 3),
];

/// What a page's head says about its issue.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Head {
    /// Year, month, day.
    date: Option<(u32, u32, u32)>,
    /// Number of the issue, where the head is a masthead.
    issue: Option<u32>,
    /// Number of the page.
    page: Option<u32>,
}

impl Head {
    /// Reads the head of a page.
    pub fn of(text: &str) -> Self {
        head(text)
    }
}

/// Numbers of the pages (from 1 on) that begin another issue than the page before.
pub fn breaks(heads: &[Head]) -> Vec<usize> {
    let mut out = Vec::new();
    let (mut date, mut issue) = (None, None);
    for (n, h) in heads.iter().enumerate() {
        let next = heads.get(n + 1).and_then(|x| x.date);
        let begins = n > 0 && is_other(date, issue, h, heads[n - 1].page, next);
        if begins {
            out.push(n);
            (date, issue) = (None, None);
        }
        date = date.or(h.date);
        issue = issue.or(h.issue);
    }
    out
}

fn is_other(
    date: Option<(u32, u32, u32)>,
    issue: Option<u32>,
    h: &Head,
    before: Option<u32>,
    next: Option<(u32, u32, u32)>,
) -> bool {
    let other_issue = matches!((issue, h.issue), (Some(a), Some(b)) if a != b);
    let (Some(a), Some(b)) = (date, h.date) else { return false };
    let parts = usize::from(a.0 != b.0) + usize::from(a.1 != b.1) + usize::from(a.2 != b.2);
    // The page after it is of the old date again: the date was read wrongly.
    if parts == 0 || next == Some(a) {
        return false;
    }
    let again = matches!((before, h.page), (Some(p), Some(q)) if q <= p);
    other_issue || again || parts > 1 || next == Some(b)
}

fn head(text: &str) -> Head {
    let mut out = Head::default();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()).take(HEAD.0) {
        let end = line.char_indices().nth(HEAD.1).map_or(line.len(), |(i, _)| i);
        // A sentence may tell of any day.
        if end < line.len() || line.contains(['，', '。']) {
            continue;
        }
        let number = after(line, &["No. ", "No.", "Nr. ", "Nr.", "N° ", "第"])
            .filter(|_| line.contains(['期', '號', '号']) || line.contains('N'));
        out.issue = out.issue.or(number.filter(|_| line.contains('期') || date(line).is_some()));
        out.page = out.page.or_else(|| page(line));
        out.date = out.date.or_else(|| date(line));
    }
    out
}

/// The number right behind one of these words.
fn after(line: &str, words: &[&str]) -> Option<u32> {
    words.iter().find_map(|w| {
        let rest = &line[line.find(w)? + w.len()..];
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

fn page(line: &str) -> Option<u32> {
    let first = line.split_whitespace().next()?;
    let section = first.strip_prefix(['A', 'B', 'C', 'D']).map(|n| n.trim_end_matches('版'));
    let number = section.or_else(|| first.strip_prefix('第')?.strip_suffix('版'));
    number.and_then(|n| n.parse().ok()).or_else(|| after(line, &["Page ", "Seite "]))
}

fn date(line: &str) -> Option<(u32, u32, u32)> {
    date_zh(line).or_else(|| date_latin(line))
}

/// 2021年8月20日.
fn date_zh(line: &str) -> Option<(u32, u32, u32)> {
    let (before, rest) = line.split_once('年')?;
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let year = before[before.len() - digits..].parse().ok().filter(|y| (1500..2200).contains(y))?;
    let (month, rest) = rest.split_once('月')?;
    let day: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    sound(year, month.trim().parse().ok()?, day.parse().ok()?)
}

/// "Wednesday, August 19, 2020", "Sonntag, 24. Juni 2018", "le 7 novembre 1887".
fn date_latin(line: &str) -> Option<(u32, u32, u32)> {
    let words: Vec<&str> = line.split(|c| !is_letter_or_digit(c)).filter(|w| !w.is_empty()).collect();
    // "mardi" begins like a month: the first word that has a day and a year beside it counts.
    (0..words.len()).find_map(|at| {
        let month = month(words[at])?;
        let number = |k: Option<usize>| -> Option<u32> {
            words.get(k?)?.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()
        };
        let near = [number(at.checked_sub(1)), number(Some(at + 1)), number(Some(at + 2))];
        let day = near.iter().flatten().copied().find(|d| (1..=31).contains(d))?;
        let year = near.iter().flatten().copied().find(|y| (1500..2200).contains(y))?;
        sound(year, month, day)
    })
}

fn month(word: &str) -> Option<u32> {
    let low = word.to_lowercase();
    (low.chars().count() >= 3).then(|| MONTHS.iter().find(|(m, _)| low.starts_with(m)).map(|(_, n)| *n))?
}

fn sound(year: u32, month: u32, day: u32) -> Option<(u32, u32, u32)> {
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaks<const N: usize>(pages: [&str; N]) -> Vec<usize> {
        super::breaks(&pages.map(Head::of))
    }

    #[test]
    fn another_date_begins_another_issue() {
        let a = "A1 要闻 2021年8月20日 星期五\n会议开得很好。\n";
        let b = "A2 综合 2021年8月20日 星期五\n农民抢抓时机。\n";
        let c = "A1 要闻 2021年8月21日 星期六\n人们欢呼。\n";
        assert_eq!(breaks([a, b, c]), [2]);
        assert_eq!(breaks(["Page 1 Sunday, June 24, 2018\nx\n", "Page 1 Montag, 25. Juni 2018\ny\n"]), [1]);
        assert_eq!(breaks(["lundi 7 novembre 1887\nx\n", "mardi 3 janvier 1888\ny\n"]), [1]);
    }

    #[test]
    fn a_garbled_digit_and_a_day_in_a_story_do_not() {
        let a = "A1 要闻 2017年11月6日 星期一\n会议开得很好。\n";
        let b = "A2 综合 2017年1月6日 星期一\n农民抢抓时机。\n";
        let c = "A3 综合 2017年11月6日 星期一\n人们欢呼。\n";
        assert!(breaks([a, b, c]).is_empty());
        assert!(breaks([a, b]).is_empty());
        assert!(breaks([a, "2015年3月2日，会议召开。\n"]).is_empty());
        assert!(breaks(["x", ""]).is_empty() && breaks([]).is_empty());
    }
}
