//! The check that looks for lines read in a wrong encoding and hands them to the readings that may explain them.
//!
//! Clean text costs one look at each character outside ASCII. It must never change part of a line's proven damage: the
//! fix of a line stands or falls as one.

use super::{cjk, controls, layer, page, utf8};
use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::cost::{GARBAGE, Meter, cjk_cost, han_costs};
use crate::text::script::is_han;
use crate::text::{Span, Splice};
use encoding_rs::Encoding;

/// UTF-8 read in a page of one byte.
pub(super) static UTF8_AS_SINGLE_BYTE: Rule = Rule {
    id: "utf8-as-single-byte",
    name_zh: "UTF-8 误读为单字节编码",
    stage: Stage::Encoding,
    confidence: Confidence::Certain,
    doc: "Text in UTF-8 that was read as windows-1252, another Windows page, ISO 8859-2, Mac Roman, KOI8 or a DOS page, \
          once or several times over. Each character then stands as two to four odd ones (`Ã¶` for `ö`). The line is read \
          again if its sequences are whole and it clearly looks more like writing afterwards; where a byte is lost, \
          U+FFFD stays and the place is flagged.",
    examples: &[
        Example { before: "Die schÃ¶ne MÃ¼llerin", after: "Die schöne Müllerin" },
        Example { before: "Il est nÃƒÂ© au mois dâ€™aoÃ»t", after: "Il est né au mois d’août" },
        Example {
            before: "Р’ РњРѕСЃРєРІРµ СЃРѕСЃС‚РѕСЏР»Р°СЃСЊ РІС‹СЃС‚Р°РІРєР°",
            after: "В Москве состоялась выставка",
        },
        Example { before: "un g√¢teau glac√©", after: "un gâteau glacé" },
        Example {
            before: "æ\u{96}°è\u{81}\u{9E}è¨\u{98}è\u{80}\u{85}å\u{A0}±å°\u{8E}", after: "新聞記者報導"
        },
    ],
    leaves_alone: &[
        "LE MARCHÉ… EST OUVERT",
        "Café «Zur schönen Aussicht», geöffnet täglich",
        "NESTLÉ® und Übersee™",
        "中国人民解放军，“八一”建军节",
        "В Москве «Правда» ёлка",
    ],
    flag: false,
};

/// East Asian text read in a page of one byte.
pub(super) static CJK_AS_SINGLE_BYTE: Rule = Rule {
    id: "cjk-as-single-byte",
    name_zh: "中日韩编码误读为西文",
    stage: Stage::Encoding,
    confidence: Confidence::Certain,
    doc: "Chinese, Japanese or Korean text in GB 18030, Big5, Shift_JIS, EUC-JP or EUC-KR that was read as Latin-1 or \
          windows-1252: a line of accented letters (`ÖÐ¹ú` for `中国`). The bytes are read again if that gives ordinary \
          characters of the language.",
    examples: &[
        Example {
            before: "ÊÐÕþ¸®×òÈÕÕÙ¿ª»áÒé£¬ÑÐ¾¿·ÀÑ´¹¤×÷¡£", after: "市政府昨日召开会议，研究防汛工作。"
        },
        Example { before: "·s»D°OªÌ¬Q¤é³ø¾É", after: "新聞記者昨日報導" },
    ],
    leaves_alone: &["Ôôô VIDA MINHA", "Übergröße für Männer", "ÄÖÜ äöü ß", "MÄ£ÄM ÌÑÌ Q £ÄGÌ"],
    flag: false,
};

/// East Asian text read in another East Asian encoding.
pub(super) static CJK_AS_OTHER_CJK: Rule = Rule {
    id: "cjk-as-other-cjk",
    name_zh: "中日韩编码互相误读",
    stage: Stage::Encoding,
    confidence: Confidence::Likely,
    doc: "UTF-8 read as GBK, GBK read as Big5, Big5 read as GBK and the like: a line of rare characters \
          (`鏂伴椈` for `新闻`), or rare characters inside Latin words (`sch枚n`). The line is turned back into its bytes and \
          read again if that gives ordinary text. Where bytes were lost, U+FFFD stays and the place is flagged.",
    examples: &[
        Example { before: "浠婂ぉ涓婂崍", after: "今天上午" },
        Example { before: "踏毞奻敁庈巹抎暮翋厥頗祜", after: "今天上午市委书记主持会议" },
        Example { before: "Die sch枚nen M眉hle im Tal", after: "Die schönen Mühle im Tal" },
    ],
    leaves_alone: &[
        "市政府昨日召开会议",
        "T恤和A股都涨了",
        "新聞記者昨日報導",
        "魑魅魍魉",
        "C位出道",
        "呵呵哒呵呵哒呵呵哒呵呵哒",
    ],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check {
    rules: &[
        &CJK_AS_SINGLE_BYTE,
        &CJK_AS_OTHER_CJK,
        &UTF8_AS_SINGLE_BYTE,
        &controls::STRAY_BYTE_ORDER_MARK,
        &controls::NUL_CHARACTER,
        &controls::MISREAD_CONTROL,
        &controls::REPLACEMENT_CHARACTER,
    ],
    run,
};

fn run(doc: &Document<'_>, _: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let mut meter = Meter::default();
    let mut start = 0;
    // Line ends by themselves: this stage needs no structure.
    for end in memchr::memchr2_iter(b'\n', b'\x0C', text.as_bytes()).chain(std::iter::once(text.len())) {
        while start < end {
            let part = start..split(text, start, end);
            line(&text[part.clone()], start, &mut meter, out);
            start = part.end;
        }
        start = end + 1;
    }
}

/// Longer lines are looked at in parts, so that memory stays bounded: bytes.
const LONG: usize = 64 * 1024;

/// Where the part of a line that begins at `start` ends: after an ASCII character, which no misread sequence holds.
fn split(text: &str, start: usize, end: usize) -> usize {
    if end - start <= LONG {
        return end;
    }
    let bytes = &text.as_bytes()[start..start + LONG];
    let at = bytes.iter().rposition(u8::is_ascii_whitespace).or_else(|| bytes.iter().rposition(u8::is_ascii));
    let cut = start + at.map_or(LONG, |n| n + 1);
    (cut..=end).find(|n| text.is_char_boundary(*n)).unwrap_or(end)
}

fn line(line: &str, start: usize, meter: &mut Meter, out: &mut Findings) {
    let ascii = Encoding::ascii_valid_up_to(line.as_bytes());
    if ascii == line.len() {
        if memchr::memchr(0, line.as_bytes()).is_some() {
            controls::check(line, start, &[], out);
        }
        return;
    }
    let (look, odd) = look(line);
    let mut taken = Vec::new();
    if look.like_single_byte(line)
        && let Some(reading) = cjk::from_single_byte(line)
    {
        taken = reread(&CJK_AS_SINGLE_BYTE, line, start, reading, out);
    } else if look.like_multi_byte()
        && let Some(reading) = cjk::from_multi_byte(line)
    {
        taken = reread(&CJK_AS_OTHER_CJK, line, start, reading, out);
    } else if (look.pairs > 0 || (look.gone > 0 && look.low > 0))
        && let Some(repair) = utf8::repair(layer::pieces(line, start), meter)
    {
        taken = unlayer(&repair, out);
    }
    if odd {
        controls::check(line, start, &taken, out);
    }
}

/// What the line's characters say, and whether there is a control character, a stray mark or U+FFFD among them.
fn look(line: &str) -> (cjk::Look, bool) {
    /// What may stand on one side of a misread sequence in a word.
    #[derive(Copy, Clone, PartialEq, Eq)]
    enum Side {
        Letter,
        Han,
        Other,
    }
    let mut look = cjk::Look::default();
    let mut odd = false;
    let (mut before, mut leads, mut side_before) = ('\n', 0, Side::Other);
    let mut rest = line;
    loop {
        // Running text is mostly common Han characters.
        let run = han_run(rest.as_bytes(), &mut look.cjk);
        if run > 0 {
            look.han_in_word += u32::from(side_before == Side::Letter);
            let alone = run == '一'.len_utf8() && before == ' ';
            (before, leads, side_before) = ('一', 0, Side::Han);
            rest = rest.get(run..).unwrap_or_default();
            look.han_before_number += u32::from(alone && matches!(rest.as_bytes(), [b' ', b'0'..=b'9', ..]));
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        let mut lead = 0;
        let mut side = Side::Other;
        if c.is_ascii() {
            if c.is_ascii_alphabetic() {
                look.ascii_letters += 1;
                side = Side::Letter;
            }
            odd |= c == '\0';
            // The space after Ã may stand for the no-break space of `à`.
            look.pairs += u32::from(c == ' ' && leads & 1 == 1 && before == 'Ã');
        } else if (c as u32) < page::END {
            let (l, continues) = page::signs(c);
            look.low += 1;
            look.pairs += u32::from(leads & continues != 0);
            odd |= matches!(c, '\u{80}'..='\u{9F}');
            lead = l;
        } else if let Some(costs) = cjk_cost(c) {
            look.cjk.0 += 1;
            look.cjk.1.iter_mut().zip(costs).for_each(|(sum, n)| *sum += u32::from(n));
            side = if is_han(c) { Side::Han } else { Side::Other };
        } else if matches!(c, '\u{E000}'..='\u{F8FF}') {
            // Where other encodings have no character, GBK has places for private use.
            look.cjk.0 += 1;
            look.cjk.1.iter_mut().for_each(|sum| *sum += GARBAGE);
        } else if c == '\u{FFFD}' {
            look.gone += 1;
            odd = true;
        } else {
            odd |= c == '\u{FEFF}';
        }
        look.han_in_word +=
            u32::from(matches!((side_before, side), (Side::Letter, Side::Han) | (Side::Han, Side::Letter)));
        (before, leads, side_before) = (c, lead, side);
    }
    (look, odd)
}

/// Adds the common Han characters at the start of valid UTF-8 to their number and costs. Returns their length in bytes.
fn han_run(bytes: &[u8], (n, sums): &mut (u32, [u32; 4])) -> usize {
    let table = han_costs();
    let mut at = 0;
    while let Some(&[a @ 0xE4..=0xE9, b, c]) = bytes.get(at..at + 3) {
        let code = usize::from(a & 0xF) << 12 | usize::from(b & 0x3F) << 6 | usize::from(c & 0x3F);
        let Some(costs) = code.checked_sub(0x4E00).and_then(|n| table.get(n)) else { break };
        *n += 1;
        sums.iter_mut().zip(costs).for_each(|(sum, n)| *sum += u32::from(*n));
        at += 3;
    }
    at
}

/// One splice for the part of the line that reads otherwise.
fn reread(rule: &'static Rule, line: &str, start: usize, reading: cjk::Reading, out: &mut Findings) -> Vec<Span> {
    let head: usize =
        line.chars().zip(reading.text.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&line[head..], &reading.text[head..]);
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let span = Span::new(start + head, start + line.len() - tail);
    let insert = new[..new.len() - tail].to_owned();
    let mut finding = Finding::edit(rule, Fix::one(Splice::replace(span, insert)))
        .because("read", format!("{} as {}", reading.right.to_ascii_lowercase(), reading.wrong.to_ascii_lowercase()));
    if reading.cost.0 > 0 {
        finding = finding.because("cost", format!("{} to {} half bits", reading.cost.0, reading.cost.1));
    }
    if reading.lost > 0 {
        finding = finding
            .at(Confidence::Likely)
            .saying(format!("{} characters of this line are lost: the file itself may still hold them", reading.lost))
            .marked("characters-lost");
    }
    out.push(finding);
    vec![span]
}

/// A splice for each run of changed characters, all in one fix.
fn unlayer(repair: &utf8::Repair, out: &mut Findings) -> Vec<Span> {
    let splices: Vec<Splice> = repair
        .pieces
        .chunk_by(|a, b| a.changed && b.changed && a.span.end() == b.span.start())
        .filter(|run| run[0].changed)
        .map(|run| {
            let span = Span::new(run[0].span.start(), run[run.len() - 1].span.end());
            Splice::replace(span, run.iter().map(|p| p.c).collect::<String>())
        })
        .collect();
    let taken = splices.iter().map(|s| s.span).collect();
    let pages: Vec<&str> = repair.pages.iter().rev().copied().collect();
    let mut finding = Finding::edit(&UTF8_AS_SINGLE_BYTE, Fix::many(splices))
        .because("read", format!("utf-8 as {}", pages.join(", then as ")));
    if repair.cost.0 > 0 {
        finding = finding.because("cost", format!("{} to {} half bits", repair.cost.0, repair.cost.1));
    }
    if repair.sequences < 2 || repair.lost > 0 {
        finding = finding.at(Confidence::Likely);
    }
    if repair.lost > 0 {
        finding = finding.saying("bytes of this line are lost").marked("characters-lost");
    }
    out.push(finding);
    taken
}
