//! Coarse character classes that the stages share: Han, kana, hangul, Latin, marks.
//!
//! Ranges follow Unicode's Blocks.txt. It must never fold or convert a character.

/// A Han character (unified ideographs with extensions A to H, compatibility ideographs, 〇 and 々).
#[inline]
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '々' | '〇' | '〆')
}

/// True for the first of the three bytes of a Han character, of nearly all that a text has: whoever needs to know no more
/// can step over them without decoding.
#[inline]
pub const fn is_han_lead(byte: u8) -> bool {
    matches!(byte, 0xE4..=0xE9)
}

/// Number of Han characters. Most are counted by their first byte.
pub fn count_han(text: &str) -> usize {
    let (mut han, mut next) = (0, 0);
    while let Some(&lead) = text.as_bytes().get(next) {
        match lead {
            0..0x80 => next += 1,
            // 5000 to 9FFF, all of them.
            0xE5..=0xE9 => {
                han += 1;
                next += 3;
            }
            _ => {
                let Some(c) = text.get(next..).and_then(|t| t.chars().next()) else { break };
                han += usize::from(is_han(c));
                next += c.len_utf8();
            }
        }
    }
    han
}

/// Letter or digit, as [`char::is_alphanumeric`]; quick for Han and ASCII, where the standard one looks into a table.
#[inline]
pub fn is_letter_or_digit(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        is_unified(c) || is_wide_digit(c) || !is_common_mark(c) && c.is_alphanumeric()
    }
}

/// Letter, as [`char::is_alphabetic`], as quick.
#[inline]
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        is_unified(c) || !is_common_mark(c) && !is_wide_digit(c) && c.is_alphabetic()
    }
}

/// Digit or other number, as [`char::is_numeric`], as quick.
#[inline]
pub fn is_number(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { is_wide_digit(c) || !is_unified(c) && c.is_numeric() }
}

/// The first character of the lower-case form, as quick; for Latin-1 too.
#[inline]
pub fn lower(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // Latin-1, of which text that was read in a wrong encoding is full.
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{DE}' => char::from(u8::try_from(c).unwrap_or(0) | 0x20),
        '\u{80}'..='\u{FF}' => c,
        _ if is_unified(c) => c,
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// A mark of Chinese text that is no letter.
#[inline]
const fn is_common_mark(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{206F}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
}

/// A digit of full width.
#[inline]
const fn is_wide_digit(c: char) -> bool {
    matches!(c, '０'..='９')
}

/// A unified ideograph of the first two blocks: all of them are letters, none is a number by its class or has a case.
#[inline]
const fn is_unified(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Hiragana or katakana, half-width katakana included.
#[inline]
pub const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}')
}

/// A hangul syllable or letter.
#[inline]
pub const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}')
}

/// A character of a script written without spaces between words: Han, kana, bopomofo.
#[inline]
pub const fn is_cjk(c: char) -> bool {
    is_han(c) || is_kana(c) || matches!(c, '\u{3105}'..='\u{312F}')
}

/// A mark of CJK typography: U+3001..U+303F, the full-width forms of ASCII marks, vertical and small forms.
#[inline]
pub const fn is_cjk_mark(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{301F}' | '\u{3030}' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}' | '\u{FFE0}'..='\u{FFE6}')
}

/// A Latin letter, with the accented ones, ligatures and long s; not the full-width forms.
#[inline]
pub fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (matches!(c, '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | '\u{FB00}'..='\u{FB06}')
            && c.is_alphabetic())
}

/// A mark that ends a sentence, in any of the languages recto reads.
#[inline]
pub const fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…' | '.' | '!' | '?' | '．' | '｡')
}

/// A closing bracket or quotation mark, which may follow a sentence's end.
#[inline]
pub const fn is_closing(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | ')'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | ']'
            | '"'
            | '\''
            | '»'
            | '］'
            | '｝'
            | '}'
    )
}

/// An opening bracket or quotation mark.
#[inline]
pub const fn is_opening(c: char) -> bool {
    matches!(
        c,
        '“' | '‘'
            | '「'
            | '『'
            | '（'
            | '('
            | '《'
            | '〈'
            | '【'
            | '〔'
            | '['
            | '«'
            | '„'
            | '‚'
            | '［'
            | '｛'
            | '{'
    )
}

/// A mark that can stand at the start of no line (kinsoku): stops, commas, closing marks.
#[inline]
pub const fn forbidden_at_line_start(c: char) -> bool {
    is_closing(c)
        || matches!(
            c,
            '，' | '。'
                | '、'
                | '；'
                | '：'
                | '！'
                | '？'
                | '…'
                | ','
                | ';'
                | ':'
                | '!'
                | '?'
                | '.'
                | '．'
                | '％'
                | '·'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_classes_are_the_standard_ones() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c}");
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c}");
            assert_eq!(is_number(c), c.is_numeric(), "{c}");
            assert_eq!(Some(lower(c)), c.to_lowercase().next(), "{c}");
        }
    }

    #[test]
    fn leads_of_han_characters_are_known() {
        for c in '\u{4000}'..='\u{9FFF}' {
            assert!(is_han_lead(c.to_string().as_bytes()[0]));
        }
        let every: String = ('\0'..=char::MAX).collect();
        assert_eq!(count_han(&every), every.chars().filter(|c| is_han(*c)).count());
        assert!("，。ァ한é\u{3400}".chars().all(|c| !is_han_lead(c.to_string().as_bytes()[0])));
    }

    #[test]
    fn classes_do_not_leak_into_each_other() {
        for c in "医々〇𠀀".chars() {
            assert!(is_han(c) && !is_kana(c) && !is_latin(c) && !is_cjk_mark(c), "{c}");
        }
        for c in "，。（）「」《》".chars() {
            assert!(is_cjk_mark(c) && !is_cjk(c), "{c}");
        }
        assert!(is_latin('ſ') && is_latin('é') && !is_latin('Ａ') && !is_latin('я'));
    }
}
