//! Chinese, Japanese and Korean text that was read in a wrong encoding: `ÖÐ¹ú`, `涓浗`, `笢弊`.
//!
//! A line is turned back into the bytes it was read from and those are read again. It must never accept a reading that
//! does not cost clearly less than the line as it stands, and never change half a line.

use super::codes::{Code, LOST, codes, old_big5};
use super::page::PAGES;
use crate::text::cost::{cjk_cost, cjk_text_costs, cost};
use crate::text::script::{is_cjk, is_han, is_hangul};
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8};

/// A better reading of a line.
pub(super) struct Reading {
    pub(super) text: String,
    /// What the line was read as.
    pub(super) wrong: &'static str,
    /// What it is.
    pub(super) right: &'static str,
    /// Characters of which a byte was lost.
    pub(super) lost: usize,
    /// Cost before and after, in half bits.
    pub(super) cost: (u32, u32),
}

/// A reading must cost at most this part of the line as it stands: three quarters. Measured on news in zh, ja, de, fr:
/// wrong readings of clean lines cost 1.1 times as much and more, right readings of mojibake 0.35 to 0.66.
const PART: (u32, u32) = (3, 4);
/// And at least so many half bits less.
const GAIN: u32 = 30;
/// The same for a Latin line with a Han character at a word.
const GAIN_LATIN: u32 = 8;
/// Half bits per character outside ASCII that a line of Chinese, Japanese or Korean does not exceed.
const DEAR: u32 = 27;
/// More than one lost character in so many is too much.
const LOST_ONE_IN: usize = 4;

/// The line, all of whose characters would be single bytes of windows-1252, read as an encoding of East Asia.
pub(super) fn from_single_byte(line: &str) -> Option<Reading> {
    let page = &PAGES[0];
    let mut bytes = Vec::with_capacity(line.len());
    for c in line.chars() {
        bytes.push(if c == '\u{FFFD}' { LOST } else { page.byte(c)? });
    }
    if mostly_utf8(&bytes) {
        return None;
    }
    if let Some(reading) = clear(&bytes, page.name) {
        return Some(reading);
    }
    let old = Old::new(line);
    best([GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].into_iter().filter_map(|right| {
        let (text, lost) = read(&bytes, right)?;
        (written(&text) >= 3 && !in_word(&text)).then_some(())?;
        judge(&old, text, page.name, right, lost)
    }))
}

/// A reading of many common characters and no lost one, which needs no comparison: Latin text does not form it by chance.
fn clear(bytes: &[u8], wrong: &'static str) -> Option<Reading> {
    let readings = [GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].into_iter().filter_map(|right| {
        let text = right.decode_without_bom_handling_and_without_replacement(bytes)?;
        let (costs, chars) = cjk_text_costs(&text);
        let after = costs.into_iter().min()?;
        let clear = chars >= CLEAR_CHARS && after <= chars * CLEAR && !in_word(&text);
        clear.then(|| Reading { text: text.into_owned(), wrong, right: right.name(), lost: 0, cost: (0, after) })
    });
    best(readings)
}

/// Characters that make a clear case, and the half bits that each of them costs at most on average.
const CLEAR_CHARS: u32 = 12;
const CLEAR: u32 = 23;

/// Characters that East Asian languages are written with, marks and symbols aside.
fn written(text: &str) -> usize {
    text.chars().filter(|c| is_cjk(*c) || is_hangul(*c)).count()
}

/// Half of the bytes outside ASCII stand in whole sequences of UTF-8: another rule's case.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut at, mut high, mut good) = (0, 0, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        let (c, n) = utf8_char(&bytes[at..]);
        high += n;
        good += if c.is_some() { n } else { 0 };
        at += n;
    }
    good * 2 >= high
}

/// The line, read in one encoding of East Asia, read in another one or as UTF-8.
pub(super) fn from_multi_byte(line: &str) -> Option<Reading> {
    let old = Old::new(line);
    let mut best: Option<Reading> = None;
    let moved = line.contains(|c| old_big5(c).is_some());
    for code in codes() {
        for first_mapping in [false, true] {
            if first_mapping && (code.encoding != BIG5 || !moved) {
                continue;
            }
            let Some(bytes) = back(line, code, first_mapping) else { continue };
            for right in [UTF_8, GB18030, BIG5, SHIFT_JIS, EUC_JP].into_iter().filter(|r| *r != code.encoding) {
                if right != UTF_8 && !old.varied() {
                    continue;
                }
                let Some((text, lost)) = read(&bytes, right) else { continue };
                let found = judge(&old, text, code.encoding.name(), right, lost);
                // Sequences of UTF-8 are a proof in themselves.
                let proven = right == UTF_8 && found.is_some();
                best = [best, found].into_iter().flatten().min_by_key(|r| r.cost.1);
                if proven {
                    break;
                }
            }
        }
    }
    best
}

/// The cheapest, the first one of equals.
fn best(readings: impl Iterator<Item = Reading>) -> Option<Reading> {
    readings.min_by_key(|r| r.cost.1)
}

/// What a line is like before it is read again.
struct Old {
    half_bits: u32,
    /// A Han character stands inside a Latin word, or beside one.
    inside: bool,
    beside: bool,
    /// How many different East Asian characters stand in it.
    kinds: usize,
}

impl Old {
    fn new(line: &str) -> Old {
        Old { half_bits: cost(line).half_bits, inside: in_word(line), beside: beside_word(line), kinds: kinds(line) }
    }

    /// Letters of a page of one byte that give East Asian text are a proof; a rare word said over and over is none.
    const fn varied(&self) -> bool {
        self.kinds == 0 || self.kinds >= KINDS
    }
}

fn judge(old: &Old, text: String, wrong: &'static str, right: &'static Encoding, lost: usize) -> Option<Reading> {
    let before = old.half_bits;
    let after = cost(&text);
    let n = after.half_bits;
    let cheap = n.saturating_mul(PART.1) <= before.saturating_mul(PART.0) && n + GAIN <= before;
    // Latin text has few letters outside ASCII and a mark among them weighs much: the part saved is proof enough there.
    // A Han character inside a Latin word that gives an accented letter is no accident.
    let near = right == UTF_8 && lost == 0 && !text.contains(|c| cjk_cost(c).is_some());
    let gains = (old.inside && n <= before) || (old.beside && n + GAIN_LATIN <= before);
    let latin =
        near && (gains || (old.beside && only_divides(&text)) || (n + GAIN_LATIN <= before && only_prices(&text)));
    let cheap = cheap || latin;
    let plain = latin || n <= after.chars.saturating_mul(DEAR) + u32::try_from(lost * 24).unwrap_or(u32::MAX / 2);
    let whole = lost * LOST_ONE_IN <= after.chars as usize;
    // Whole sequences of UTF-8 are a proof in themselves.
    let varied = right == UTF_8 || old.varied();
    (cheap && plain && whole && varied).then(|| Reading { text, wrong, right: right.name(), lost, cost: (before, n) })
}

/// Different East Asian characters that a line misread as another code of East Asia must hold: repetition makes a few
/// rare characters weigh like many.
const KINDS: usize = 8;

/// How many different East Asian characters stand in the line.
fn kinds(line: &str) -> usize {
    let mut all: Vec<char> = line.chars().filter(|c| is_cjk(*c) || is_hangul(*c)).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

/// The bytes of a line in the encoding it was read in; U+FFFD stands for a lost one.
///
/// `first_mapping` asks for the places that the first mapping of Big5 to Unicode gave to kana, Cyrillic and numbers in
/// circles; programs that follow it still misread so.
fn back(line: &str, code: &Code, first_mapping: bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(line.len());
    for c in line.chars() {
        match first_mapping.then(|| old_big5(c)).flatten() {
            Some(pair) => bytes.extend_from_slice(&pair),
            None => code.add(c, &mut bytes).then_some(())?,
        }
    }
    Some(bytes)
}

/// The bytes as text, and how many characters are lost in it. None where the bytes are not of that encoding.
fn read(bytes: &[u8], right: &'static Encoding) -> Option<(String, usize)> {
    if !bytes.contains(&LOST)
        && let Some(text) = right.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return Some((text.into_owned(), 0));
    }
    // A line that was cut in the middle of a character has lost its last one.
    let mut text = String::with_capacity(bytes.len() * 2);
    let (mut at, mut lost) = (0, 0_usize);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (c, n) = if right == UTF_8 { utf8_char(rest) } else { pair_char(rest, right) };
        match c {
            Some(c) => text.push(c),
            None => {
                text.push('\u{FFFD}');
                lost += 1;
                // Early out: this is not the encoding.
                if lost > 4 && lost * LOST_ONE_IN > at {
                    return None;
                }
            }
        }
        at += n;
    }
    Some((text, lost))
}

/// The character of UTF-8 at the start of `rest`, None if a byte of it is lost, and its length.
fn utf8_char(rest: &[u8]) -> (Option<char>, usize) {
    let continues = |b: &&u8| matches!(b, 0x80..=0xBF);
    let len = match rest[0] {
        b @ 0..=0x7F => return (Some(char::from(b)), 1),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        // A lost lead takes what follows of its character with it.
        _ => return (None, 1 + rest[1..].iter().take(3).take_while(continues).count()),
    };
    for n in 1..len {
        match rest.get(n) {
            Some(0x80..=0xBF) => {}
            Some(&LOST) => {
                return (None, n + 1 + rest[n + 1..].iter().take(len - n - 1).take_while(continues).count());
            }
            _ => return (None, n),
        }
    }
    let c = std::str::from_utf8(&rest[..len]).ok().and_then(|s| s.chars().next());
    (c, len)
}

/// The character of a two-byte encoding at the start of `rest`, None if a byte of it is lost, and its length.
fn pair_char(rest: &[u8], right: &'static Encoding) -> (Option<char>, usize) {
    let decode = |bytes: &[u8]| {
        let mut buffer = [0; 16];
        let mut decoder = right.new_decoder_without_bom_handling();
        let (result, _, n) = decoder.decode_to_utf8_without_replacement(bytes, &mut buffer, true);
        let text = std::str::from_utf8(&buffer[..n]).ok().filter(|_| result == DecoderResult::InputEmpty)?;
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    match *rest {
        [b, ..] if b.is_ascii() => (Some(char::from(b)), 1),
        [a, b, ..] if a != LOST && b != LOST => match decode(&[a]) {
            Some(c) => (Some(c), 1),
            None => match decode(&[a, b]) {
                Some(c) => (Some(c), 2),
                None => (None, if b.is_ascii() { 1 } else { 2 }),
            },
        },
        [_, 0x80..=0xFF, ..] => (None, 2),
        _ => (None, 1),
    }
}

/// True for a line of Latin words in which nothing but `¬` stands outside ASCII, each after a small letter: the sign that
/// recognisers write where a word is divided.
fn only_divides(text: &str) -> bool {
    let words = text.split(' ').filter(|w| w.bytes().filter(u8::is_ascii_lowercase).count() >= 2).count();
    let mut before = ' ';
    let divides = text.chars().all(|c| {
        let fits = c.is_ascii() || (c == '¬' && before.is_ascii_lowercase());
        before = c;
        fits
    });
    divides && words >= DIVIDED_LINE
}

/// True for a line of Latin words in which nothing but the word `à` before a number stands outside ASCII, as prices and
/// quantities are given in German and French (`2 Bände à 15 Mark`). A Chinese character that a text cites is not followed
/// by a number.
fn only_prices(text: &str) -> bool {
    let latin = |w: &&str| w.bytes().filter(u8::is_ascii_alphabetic).count() >= 2;
    let mut words = text.split(' ').peekable();
    let mut prices = true;
    while let Some(word) = words.next() {
        let price = word == "à" && words.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        prices &= word.is_ascii() || price;
    }
    prices && text.split(' ').filter(latin).count() >= DIVIDED_LINE
}

/// So many words make a line of a column.
const DIVIDED_LINE: usize = 4;

/// True where a Han character stands between two ASCII letters.
fn in_word(line: &str) -> bool {
    let mut last = ['\n'; 2];
    line.chars().any(|c| {
        let found = last[0].is_ascii_alphabetic() && is_han(last[1]) && c.is_ascii_alphabetic();
        last = [last[1], c];
        found
    })
}

/// True where a Han character stands before or after a small ASCII letter.
fn beside_word(line: &str) -> bool {
    let mut last = '\n';
    line.chars().any(|c| {
        let found = (is_han(last) && c.is_ascii_lowercase()) || (last.is_ascii_lowercase() && is_han(c));
        last = c;
        found
    })
}

/// What a look at the characters of a line says about it.
#[derive(Default, Debug)]
pub(super) struct Look {
    /// Characters that cost as Chinese, Japanese or Korean, and what they cost in the cheapest of the languages.
    pub(super) cjk: (u32, [u32; 4]),
    /// Han characters right after or before an ASCII letter.
    pub(super) han_in_word: u32,
    /// Han characters that stand alone before a number.
    pub(super) han_before_number: u32,
    /// ASCII letters.
    pub(super) ascii_letters: u32,
    /// Characters outside ASCII below U+2600 (where all misread bytes stand), and U+FFFD.
    pub(super) low: u32,
    pub(super) gone: u32,
    /// Pairs of characters that are lead and continuation of UTF-8 in one page.
    pub(super) pairs: u32,
}

impl Look {
    /// Enough letters of West European pages for East Asian text read in one.
    pub(super) fn like_single_byte(&self, line: &str) -> bool {
        self.cjk.0 == 0 && self.low >= 4 && self.low as usize * 4 > line.chars().count()
    }

    /// East Asian characters that are too rare for text, or that stand inside Latin words.
    pub(super) fn like_multi_byte(&self) -> bool {
        let cheapest = self.cjk.1.into_iter().min().unwrap_or(0);
        (self.cjk.0 >= 3 && cheapest > self.cjk.0 * (DEAR - 4))
            || (self.han_in_word + self.han_before_number > 0 && self.ascii_letters > 2 * self.cjk.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "市政府昨日召开会议，研究部署今年的防汛工作。";

    fn misread(text: &str, right: &'static Encoding, wrong: &'static Encoding) -> String {
        let bytes = right.encode(text).0.into_owned();
        wrong.decode_without_bom_handling(&bytes).0.into_owned()
    }

    #[test]
    fn gb_read_as_latin_1_comes_back() {
        let bad: String = GB18030.encode(CLEAN).0.iter().map(|b| char::from(*b)).collect();
        let r = from_single_byte(&bad).expect("is mojibake");
        assert_eq!((r.text.as_str(), r.right, r.lost), (CLEAN, "gb18030", 0));
    }

    #[test]
    fn utf8_read_as_gb_comes_back_as_far_as_it_can() {
        let even = "市政府昨日召开会议，研究部署今年的防汛工作";
        let bad = misread(even, UTF_8, GB18030);
        let r = from_multi_byte(&bad).expect("is mojibake");
        assert_eq!((r.text.as_str(), r.right), (even, "UTF-8"), "{bad}");
    }

    #[test]
    fn a_divided_word_at_the_end_of_a_line_comes_back() {
        let line = "bis um vier Uhr folgendes Arret ab¬";
        let r = from_multi_byte(&misread(line, UTF_8, GB18030)).expect("is mojibake");
        assert_eq!((r.text.as_str(), r.lost), (line, 0));
        assert!(from_multi_byte("by Tony卢").is_none());
    }

    #[test]
    fn a_price_comes_back_and_a_cited_character_stays() {
        let line = "Zwei starke Theile in Halbleder à 15 Gulden, einzeln à 9";
        let r = from_multi_byte(&misread(line, UTF_8, GB18030)).expect("is mojibake");
        assert_eq!((r.text.as_str(), r.lost), (line, 0));
        for cited in ["The character 脿 is read bo in this village name", "Gate 门 4 is closed until the end of May"]
        {
            assert!(from_multi_byte(cited).is_none(), "{cited}");
        }
    }

    #[test]
    fn clean_text_has_no_better_reading() {
        for text in [CLEAN, "新聞記者昨日報導", "日本の新聞を読む", "T恤和A股都涨了", "卡拉OK", "C位出道"]
        {
            assert!(from_multi_byte(text).is_none(), "{text}");
            assert!(from_single_byte(text).is_none(), "{text}");
        }
    }
}
