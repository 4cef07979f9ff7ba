//! Chinese jump marks: verb, page, page word. It must never look further back than a phrase is long.

use super::Jump;
use super::words::TABLE;

/// Characters that the OCR may put between a verb and its page.
const GARBLED: usize = 4;

/// A Chinese phrase: verb, page, page word.
pub(super) fn find(line: &str, tail: &str) -> Option<Jump> {
    let w = &*TABLE;
    let at = line.len() - tail.len();
    for &(p, onward) in &w.zh_phrases {
        if let Some(before) = tail.strip_suffix(p) {
            // A word of sentences, unless brackets or a line's start set it off.
            return Some(Jump {
                onward,
                zh: true,
                from: at + before.len(),
                to: line.len(),
                target: String::new(),
                strong: false,
                loose: false,
            });
        }
    }
    let page = w.zh_page.iter().find_map(|p| tail.strip_suffix(p));
    let misread = || w.zh_page_misread.iter().find_map(|p| tail.strip_suffix(p));
    let (body, paged) = match page {
        Some(b) => (b, true),
        None => match misread() {
            Some(b) => (b, false),
            None => (tail, false),
        },
    };
    let worded = body.len() < tail.len();
    let number = number_at_end(body.trim_end());
    let made = |before: usize, onward: bool, target: String, strong: bool, loose: bool| {
        Some(Jump { onward, zh: true, from: at + before, to: line.len(), target, strong, loose })
    };
    if let Some((head, target)) = number {
        let head =
            head.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '第' | '^' | ':' | '：' | '-' | '.'));
        for (list, onward) in [(&w.zh_to, true), (&w.zh_from, false)] {
            if let Some(before) = list.iter().find_map(|v| strip_split(head, v)) {
                return made(before, onward, target, true, worded && !paged);
            }
        }
        if paged {
            for (list, onward) in [(&w.zh_to_weak, true), (&w.zh_from_weak, false)] {
                if let Some(before) = list.iter().find_map(|v| head.strip_suffix(v)) {
                    return made(before.len(), onward, target, false, false);
                }
            }
        }
    }
    if !worded {
        return None;
    }
    // A garbled number or verb before a page word.
    let mut head = body;
    for _ in 0..=GARBLED {
        let lists = [(&w.zh_to, true), (&w.zh_from, false), (&w.zh_to_misread, true), (&w.zh_from_misread, false)];
        for (list, onward) in lists {
            if let Some(before) = list.iter().find_map(|v| strip_split(head, v)) {
                let target = number_at_end(body.trim_end()).map_or(String::new(), |(_, t)| t);
                return made(before, onward, target, true, true);
            }
        }
        let c = head.chars().next_back()?;
        head = &head[..head.len() - c.len_utf8()];
    }
    None
}

/// Bytes before `verb` at the end of `text`, a mark or space between its two characters allowed.
fn strip_split(text: &str, verb: &str) -> Option<usize> {
    if let Some(before) = text.strip_suffix(verb) {
        return Some(before.len());
    }
    let last = verb.chars().next_back()?;
    let (rest, first) = (text.strip_suffix(last)?, verb.strip_suffix(last)?);
    let gap = rest.chars().next_back().filter(|c| !c.is_alphanumeric())?;
    let before = rest[..rest.len() - gap.len_utf8()].strip_suffix(first)?;
    (!first.is_empty()).then_some(before.len())
}

/// The page number at the end of a text and what stands before it: digits (or what OCR makes of them) with a section's
/// letter, or Chinese numerals.
fn number_at_end(text: &str) -> Option<(&str, String)> {
    let numeral = |c: char| "一二三四五六七八九十".contains(c);
    let digit = |c: char| c.is_ascii_digit() || matches!(c, 'l' | 'I' | 'o' | 'O' | '０'..='９');
    let run = |f: &dyn Fn(char) -> bool| -> usize {
        text.chars().rev().take_while(|&c| f(c)).take(4).map(char::len_utf8).sum()
    };
    let (digits, numerals) = (run(&digit), run(&numeral));
    let n = digits.max(numerals);
    let (head, number) = text.split_at(text.len() - n);
    if n == 0
        || number.chars().count() > 3
        || digits >= numerals && !number.contains(|c: char| c.is_numeric()) && head.is_empty()
    {
        return None;
    }
    let plain: String = number
        .chars()
        .map(|c| match c {
            'l' | 'I' => '1',
            'o' | 'O' => '0',
            '０'..='９' => char::from_u32(c as u32 - 0xFF10 + 0x30).unwrap_or(c),
            c => c,
        })
        .collect();
    let head = head.trim_end();
    let section = head.trim_end_matches(['-', '—']).chars().next_back().filter(|c| matches!(c, 'A'..='D' | 'a'..='d'));
    Some(match section {
        Some(s) => {
            let cut = head.trim_end_matches(['-', '—']).len() - s.len_utf8();
            (&head[..cut], format!("{}{plain}", s.to_ascii_uppercase()))
        }
        None => (head, plain),
    })
}
