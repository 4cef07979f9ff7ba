//! What a line looks like around its marks: classes of characters, the script of the line, and the ASCII tokens in
//! which no mark may be touched.
//!
//! It must never decide an edit; the rules of this stage do.

use crate::text::script;

/// Coarse class of one character.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Han, kana, bopomofo.
    Cjk,
    /// A mark of CJK typography, quotes not counted.
    CjkMark,
    /// A curly, angle or straight quote: belongs to whatever stands inside or outside.
    Quote,
    /// A letter of Latin, Greek, Cyrillic or another alphabet.
    Letter,
    Hangul,
    /// A digit, full-width ones included.
    Digit,
    Space,
    /// Any other printable character.
    Other,
}

/// One character of a line.
#[derive(Copy, Clone, Debug)]
pub(super) struct Glyph {
    /// Byte offset in the document's text.
    pub(super) at: usize,
    pub(super) ch: char,
    pub(super) class: Class,
    /// Stands inside a URL, an e-mail address, code or the like.
    pub(super) guarded: bool,
}

impl Glyph {
    /// One past the last byte.
    pub(super) fn end(&self) -> usize {
        self.at + self.ch.len_utf8()
    }
}

/// The language in which a line is set, as far as marks care.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Setting {
    /// Chinese, simplified or traditional.
    Chinese,
    Japanese,
    /// No CJK text, or too little to speak of: foreign to these rules.
    Foreign,
}

/// A Japanese line has at least one kana in this many CJK characters. Clean Chinese news has none; the development
/// corpus's Japanese news has one in 2.
const KANA_SHARE: usize = 8;

/// Class of a character.
pub(super) fn class(c: char) -> Class {
    match c {
        // Nearly every character of Chinese text.
        '\u{4E00}'..='\u{9FFF}' => Class::Cjk,
        ' ' | '\t' | '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}' | '\u{202F}' => Class::Space,
        '0'..='9' | '０'..='９' => Class::Digit,
        'a'..='z' | 'A'..='Z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => Class::Letter,
        '“' | '”' | '‘' | '’' | '"' | '\'' | '„' | '«' | '»' => Class::Quote,
        _ if c.is_ascii() => Class::Other,
        _ if script::is_cjk(c) => Class::Cjk,
        '…' | '—' | '·' => Class::CjkMark,
        _ if script::is_cjk_mark(c) => Class::CjkMark,
        _ if script::is_hangul(c) => Class::Hangul,
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    }
}

/// Reads a line into `out`, which is emptied first, and says how the line is set. Linear in the line.
pub(super) fn read(line: &str, base: usize, out: &mut Vec<Glyph>) -> Setting {
    out.clear();
    let (mut cjk, mut kana, mut hangul, mut words, mut marks) = (0usize, 0usize, 0usize, 0usize, 0usize);
    let mut in_word = false;
    for (i, ch) in line.char_indices() {
        let class = class(ch);
        match class {
            Class::Cjk => {
                cjk += 1;
                kana += usize::from(script::is_kana(ch));
            }
            // Marks of CJK typography speak for a line of few characters: "(A、C版)".
            Class::CjkMark if !matches!(ch, '…' | '—' | '·') => marks += 1,
            Class::Hangul => hangul += 1,
            Class::Letter if !in_word => words += 1,
            _ => {}
        }
        in_word = class == Class::Letter;
        out.push(Glyph { at: base + i, ch, class, guarded: false });
    }
    if cjk == 0 || cjk + marks < words || cjk < hangul {
        return Setting::Foreign;
    }
    guard_tokens(line, base, out);
    if kana * KANA_SHARE >= cjk { Setting::Japanese } else { Setting::Chinese }
}

/// Marks the glyphs of ASCII tokens that are no prose.
fn guard_tokens(line: &str, base: usize, glyphs: &mut [Glyph]) {
    let mut from = 0;
    while from < glyphs.len() {
        if !glyphs[from].ch.is_ascii_graphic() {
            from += 1;
            continue;
        }
        let len = glyphs[from..].iter().take_while(|g| g.ch.is_ascii_graphic()).count();
        let (start, end) = (glyphs[from].at - base, glyphs[from + len - 1].end() - base);
        let token = &line[start..end];
        if let Some(range) = no_prose(token) {
            glyphs[from + range.start..from + range.end].iter_mut().for_each(|g| g.guarded = true);
        }
        for range in entities(token) {
            glyphs[from + range.start..from + range.end].iter_mut().for_each(|g| g.guarded = true);
        }
        from += len;
    }
}

/// The part of an ASCII token (no white space) that is an address, code or the like, in bytes of the token.
fn no_prose(token: &str) -> Option<std::ops::Range<usize>> {
    if token.len() < 2 {
        return None;
    }
    let lower = |needle: &str| token.get(..needle.len()).is_some_and(|head| head.eq_ignore_ascii_case(needle));
    // Marks at either end belong to the sentence: "(http://example.org)," keeps its address only.
    let open = token.len() - token.trim_start_matches(['(', '[', '"', '\'']).len();
    let close = token.trim_end_matches([',', ';', ':', '!', '?', '.', ')', ']', '"', '\'']).len();
    let body = token.get(open..close)?;
    let mail = body.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let address = body.contains("://")
        || mail
        || lower("www.")
        || body.get(..4).is_some_and(|h| h.eq_ignore_ascii_case("www."))
        || is_domain(body);
    if address {
        return Some(open..close);
    }
    if token.contains('{')
        || token.contains('}')
        || ["()", "::", "->", "=>", "==", "&&", "||", ":\\"].iter().any(|s| token.contains(s))
    {
        return Some(0..token.len());
    }
    // A face, as in chat: `:-)`. Without its nose it is as likely a colon before a bracket.
    if matches!(token, ":-)" | ":-(" | ";-)" | ":-D") {
        return Some(0..token.len());
    }
    None
}

/// Entities such as `&nbsp;`, which keep their semicolons.
fn entities(token: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    const LONGEST: usize = 10;
    token.match_indices('&').filter_map(|(amp, _)| {
        let name =
            token[amp + 1..].bytes().take(LONGEST).take_while(|&b| b.is_ascii_alphanumeric() || b == b'#').count();
        let end = amp + 1 + name;
        (name > 0 && token.as_bytes().get(end) == Some(&b';')).then_some(amp..end + 1)
    })
}

/// A host name with a path or a port: `example.org/a?b=1:2`.
fn is_domain(body: &str) -> bool {
    let host = body.split(['/', ':', '?']).next().unwrap_or("");
    host.len() < body.len()
        && host.contains('.')
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        && host.rsplit('.').next().is_some_and(|top| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(line: &str) -> Setting {
        read(line, 0, &mut Vec::new())
    }

    #[test]
    fn the_setting_follows_the_script() {
        assert_eq!(setting("会议由GDP专家主持"), Setting::Chinese);
        assert_eq!(setting("市長は会議を開いた"), Setting::Japanese);
        assert_eq!(setting("The word 医 means medicine"), Setting::Foreign);
        assert_eq!(setting("대한민국 大韓"), Setting::Foreign);
        assert_eq!(setting("11:45"), Setting::Foreign);
    }

    #[test]
    fn addresses_are_guarded_without_the_marks_around_them() {
        let part = |t: &'static str| no_prose(t).map(|r| &t[r]);
        assert_eq!(part("(http://a.cn/x?b:c),"), Some("http://a.cn/x?b:c"));
        assert_eq!(part("name@a.com;"), Some("name@a.com"));
        assert_eq!(part("a.com/b?c"), Some("a.com/b?c"));
        let found: Vec<_> = entities("&quot;&gt;a&b;c&").map(|r| &"&quot;&gt;a&b;c&"[r]).collect();
        assert_eq!(found, ["&quot;", "&gt;", "&b;"]);
        assert_eq!(part("WTO,IMF"), None);
        assert_eq!(part("3.5:1"), None);
    }
}
