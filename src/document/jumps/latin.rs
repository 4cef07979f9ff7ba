//! Jump marks in Latin script: verb, prepositions, page word, number or ordinal; or a fixed phrase. Any one of the words
//! may be garbled. It must never take a phrase for one that holds no word of the table as it stands.

use super::Jump;
use super::words::TABLE;
use smallvec::SmallVec;

/// Words of a phrase, and the bytes at a line's end in which they stand.
const TOKENS: (usize, usize) = (9, 96);

/// One word with its place.
#[derive(Copy, Clone)]
struct Token<'t> {
    at: usize,
    text: &'t str,
}

/// The last words of a line, last first. Letters and digits that touch are two words: "Page3".
fn tokens(line: &str) -> Vec<Token<'_>> {
    let from = line.len().saturating_sub(TOKENS.1);
    let from = (from..=line.len()).find(|&i| line.is_char_boundary(i)).unwrap_or(line.len());
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut start: Option<usize> = None;
    let mut digit_before = false;
    let word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    for (i, c) in line[from..].char_indices().map(|(i, c)| (i + from, c)) {
        let digit = c.is_ascii_digit();
        match start {
            // "1re", "2e" and "A3" are one word.
            Some(s)
                if !word(c) || digit && !digit_before && !(i - s == 1 && line.as_bytes()[s].is_ascii_uppercase()) =>
            {
                out.push(Token { at: s, text: &line[s..i] });
                start = word(c).then_some(i);
            }
            None if word(c) => start = Some(i),
            _ => {}
        }
        digit_before = digit;
    }
    if let Some(s) = start {
        out.push(Token { at: s, text: &line[s..] });
    }
    out.reverse();
    out.truncate(TOKENS.0);
    out
}

/// A Latin phrase: verb, prepositions, page word, number or ordinal; or a fixed phrase.
pub(super) fn find(line: &str) -> Option<Jump> {
    // Letters one of which stands in every page word and every fixed phrase, near the end.
    let near = line.len().saturating_sub(24);
    let near = (near..=line.len()).find(|&i| line.is_char_boundary(i)).unwrap_or(0);
    let tail = &line.as_bytes()[near..];
    let key = |at: usize| {
        matches!(
            &tail[at..],
            [b'0'..=b'9', ..]
                | [b'p' | b'P' | b'S', b'.', ..]
                | [b'p', b'g' | b' ', ..]
                | [b'o', b'l', ..]
                | [b'O', b'L', ..]
                | [b'a', b'g', b'e', ..]
                | [b'A', b'G', b'E', ..]
                | [b'a', b'l' | b't', b't', ..]
                | [b'e', b'i', b't', b'e', ..]
                | [b'E', b'I', b'T', b'E', ..]
        )
    };
    let t = if (0..tail.len()).any(key) || last_word_is_key(line) { tokens(line) } else { return None };
    let low: Vec<String> = t.iter().map(|x| x.text.to_lowercase().replace('’', "'")).collect();
    fixed(line, &t, &low).or_else(|| shaped(line, &t, &low))
}

/// True where the line's last word ends a fixed phrase.
fn last_word_is_key(line: &str) -> bool {
    let last = line.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    !last.is_empty()
        && last.len() < 14
        && TABLE.phrases.iter().any(|(p, _)| p.last().is_some_and(|w| last.eq_ignore_ascii_case(w)))
}

fn fixed(line: &str, t: &[Token<'_>], low: &[String]) -> Option<Jump> {
    let hit = TABLE.phrases.iter().find(|(p, _)| {
        p.len() <= low.len()
            && p.iter().rev().zip(low).all(|(a, b)| alike(a, b))
            && p.iter().rev().zip(low).any(|(a, b)| a == b)
    })?;
    let n = hit.0.len();
    Some(Jump {
        onward: hit.1,
        zh: false,
        from: t[n - 1].at,
        to: line.len(),
        target: String::new(),
        strong: false,
        loose: false,
    })
}

fn shaped(line: &str, t: &[Token<'_>], low: &[String]) -> Option<Jump> {
    let w = &*TABLE;
    let any = |list: &[&str], x: &str| list.contains(&x);
    let like = |list: &[&str], x: &str| list.iter().any(|a| alike(a, x));
    let number = |x: &str| {
        let d = x.trim_start_matches(|c: char| c.is_ascii_uppercase());
        x.len() - d.len() <= 1 && (1..=3).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit())
    };
    let misread = |x: &str| {
        x.len() <= 3
            && x.chars().all(|c| c.is_ascii_digit() || matches!(c, 'l' | 'I' | 'O' | 'o' | 'i' | 'S' | 'B' | 'Z'))
    };
    let mut k = 0;
    let (mut target, mut ordinal) = (String::new(), false);
    // Number, then page word; or page word, then ordinal (French: ordinal, then page word).
    if number(t.first()?.text) || misread(t[0].text) {
        target = t[0].text.replace(['l', 'I', 'i'], "1").replace(['O', 'o'], "0");
        k = 1;
    } else if any(&w.ordinal, &low[0]) {
        ordinal = true;
        target.clone_from(&low[0]);
        k = 1;
    }
    let page = low.get(k).is_some_and(|x| like(&w.page, x));
    let exact_page = low.get(k).is_some_and(|x| any(&w.page, x));
    if !page {
        return None;
    }
    k += 1;
    if target.is_empty() && low.get(k).is_some_and(|x| any(&w.ordinal, x)) {
        ordinal = true;
        target.clone_from(&low[k]);
        k += 1;
    }
    let (mut whence, mut loose) = (false, !exact_page || target.is_empty() || t[0].text.len() != target.len());
    let mut verb = None;
    let mut weak = false;
    for (i, x) in low.iter().enumerate().skip(k).take(5) {
        if any(&w.verbs, x) || x.len() > 4 && like(&w.verbs, x) {
            loose |= !any(&w.verbs, x);
            verb = Some(i);
            break;
        } else if any(&w.whence, x) || like(&w.whence, x) && x.len() >= 4 {
            whence = true;
        } else if any(&w.verbs_weak, x) {
            (verb, weak) = (Some(i), true);
            break;
        } else if !(any(&w.onward, x)
            || any(&w.link, x)
            || any(&w.ordinal, x)
            || x.len() <= 2 && target_is_sure(&target))
        {
            break;
        }
        k = i + 1;
    }
    let first = match verb {
        Some(i) => i + 1,
        // Without a verb only "From page 1".
        None if whence
            && !ordinal
            && !target.is_empty()
            && w.whence.contains(&"from")
            && low.get(k - 1).is_some_and(|x| alike("from", x)) =>
        {
            weak = true;
            k
        }
        None => return None,
    };
    let mut first = first;
    // "La suite", "(To be) continued".
    while low.get(first).is_some_and(|x| matches!(x.as_str(), "la" | "the" | "to" | "be" | "et"))
        && first - verb.unwrap_or(first) < 3
    {
        first += 1;
    }
    let at = t.get(first - 1)?.at;
    // French "suite de la page" says whence, "suite à la page" where to; "fin" alone is a word of sentences.
    Some(Jump { onward: !whence, zh: false, from: at, to: line.len(), target, strong: !weak, loose })
}

fn target_is_sure(target: &str) -> bool {
    target.bytes().any(|b| b.is_ascii_digit())
}

/// True where two words differ by a quarter of their letters at most; short words must be equal.
fn alike(word: &str, read: &str) -> bool {
    if word == read {
        return true;
    }
    // Most words end here, without a copy.
    let (n, m) = (word.chars().count(), read.chars().count());
    let most = n / 4;
    if most == 0 || n.abs_diff(m) > most {
        return false;
    }
    let b: SmallVec<[char; 16]> = read.chars().collect();
    let mut row: SmallVec<[usize; 17]> = (0..=b.len()).collect();
    for (i, x) in word.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()] <= most
}
