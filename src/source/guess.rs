//! The encoding of a file that gives no certain sign: the one in which a sample costs least under letter statistics.
//!
//! All candidates are measured over the same bytes, so their costs compare. Where that leaves a doubt, `chardetng` is
//! asked. It must never look at more than the sample, but to see whether the whole file confirms a change of mind.

use super::Hint;
use super::codec::{Codec, Multi, Single};
use super::detect::Found;
use super::pairs;
use super::singles::singles;
use crate::text::cost::{CjkLanguage, GARBAGE, cjk_text_costs};
use crate::text::script::is_kana;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding};

/// Bytes that settle a clear case of Chinese, Japanese or Korean.
pub(super) const QUICK: usize = 3 * 1024;
/// Bytes that are looked at otherwise.
const SAMPLE: usize = 32 * 1024;
/// Cost per byte, in half bits, below which a multi-byte reading is taken at once. Measured on 200 news pages and the
/// encodings suite: right readings cost 7 to 11, wrong ones 12.5 and more.
pub(super) const CLEAR: f64 = 11.4;
/// At least so many bytes outside ASCII for that.
pub(super) const CLEAR_BYTES: u32 = 60;
/// Above this it is surely another encoding.
pub(super) const UNCLEAR: f64 = 13.5;
/// Half bits between the best and the second that leave no doubt.
const MARGIN: f64 = 16.0;
/// Half bits per character of Japanese that has less than one kana in twenty: half of newspaper text is kana.
const NO_KANA: u32 = 10;
/// Half bits per character that writing in UTF-16 does not exceed: right readings cost 17 to 22, chance ones 33 and more.
const UTF16_CLEAR: u32 = 28;
/// What it takes to believe in an encoding of several bytes, and in UTF-16 without a mark: half bits.
const MULTI_BELIEF: f64 = 12.0;
const UTF16_BELIEF: f64 = 20.0;
/// What it is worth that the file declares an encoding (`charset=`), or that its first lines name it.
const DECLARED: f64 = 24.0;
const NAMED: f64 = MARGIN;
/// Cost of a sequence that the encoding does not have.
pub(super) const BROKEN: u32 = 3 * GARBAGE;

/// A candidate with its cost over the sample, in half bits.
pub(super) struct Reading {
    pub(super) codec: Codec,
    pub(super) cost: f64,
    /// The same without what the neighbours say.
    pub(super) own: f64,
    pub(super) language: &'static str,
    /// The file names it.
    pub(super) named: bool,
}

pub(super) fn guess(bytes: &[u8], hint: &Hint<'_>) -> Found {
    if let Some(found) = at_once(&sample(bytes, QUICK), hint) {
        return found;
    }
    let sample = sample(bytes, SAMPLE);
    let mut readings: Vec<Reading> = Vec::new();
    for (multi, believe) in beliefs(hint) {
        if let Some((cost, _)) = multi_cost(multi, &sample) {
            let (cost, own) = (f64::from(cost) + believe, f64::from(cost) + MULTI_BELIEF);
            readings.push(Reading { codec: Codec::Multi(multi), cost, own, language: "", named: false });
        }
    }
    for big in [false, true] {
        let codec = Codec::Utf16 { big };
        if let Some(cost) = utf16_cost(bytes, big) {
            let scale = sample.len() as f64 / bytes.len().clamp(1, QUICK) as f64;
            let cost = f64::from(cost) * scale;
            let (cost, own) = (cost + belief(hint, codec, UTF16_BELIEF), cost + UTF16_BELIEF);
            readings.push(Reading { codec, cost, own, language: "", named: false });
        }
    }
    singles(&sample, hint, &mut readings);
    if let Some((codec, worth)) = named(bytes) {
        for reading in readings.iter_mut().filter(|r| r.codec == codec) {
            reading.cost -= worth;
            reading.own -= worth;
            reading.named = true;
        }
    }
    readings.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    conclude(bytes, &sample, &readings, hint)
}

/// The encodings of several bytes and what it takes to believe in each, the likeliest first.
fn beliefs(hint: &Hint<'_>) -> Vec<(Multi, f64)> {
    let mut all: Vec<(Multi, f64)> =
        Multi::ALL.into_iter().map(|m| (m, belief(hint, Codec::Multi(m), MULTI_BELIEF))).collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    all
}

/// What [`QUICK`] bytes of a file settle; None where more must be looked at.
pub(super) fn at_once(quick: &[u8], hint: &Hint<'_>) -> Option<Found> {
    let multi = beliefs(hint).into_iter().map(|m| m.0).find(|m| clear(*m, quick))?;
    Some(Found::new(Codec::Multi(multi), "character frequencies"))
}

/// True where the bytes are so cheap in this encoding that no other need be asked.
fn clear(multi: Multi, bytes: &[u8]) -> bool {
    multi_cost(multi, bytes).is_some_and(|(cost, n)| n >= CLEAR_BYTES && f64::from(cost) <= CLEAR * f64::from(n))
}

/// The first encoding that the bytes are clearly in.
pub(super) fn clear_multi(bytes: &[u8]) -> Option<Multi> {
    Multi::ALL.into_iter().find(|m| clear(*m, bytes))
}

fn conclude(bytes: &[u8], sample: &[u8], readings: &[Reading], hint: &Hint<'_>) -> Found {
    let Some(best) = readings.first() else {
        return Found::new(Codec::Single(Single::Web(encoding_rs::WINDOWS_1252)), "nothing fits");
    };
    let why = if best.language.is_empty() {
        "character frequencies".to_owned()
    } else {
        format!("letter pairs of {}", best.language)
    };
    let why = if best.named { format!("{why}; the file names it") } else { why };
    let mut found = Found::new(best.codec, [why, neighbours(readings, hint)].concat());
    // The first reading that gives another text: pages that differ in unused bytes are no rivals.
    let text = best.codec.decode(sample).text;
    let rival = readings[1..].iter().find(|r| r.codec.decode(sample).text != text);
    if let Some(rival) = rival
        && rival.cost - best.cost < MARGIN
    {
        match second_opinion(bytes, sample, best.codec, rival.codec, hint) {
            Opinion::Agrees => return found,
            Opinion::Overrules => {
                found =
                    Found::new(rival.codec, "chardetng, between two that cost nearly the same; all bytes are valid");
                found.doubt = Some(could_be(best.codec));
            }
            Opinion::None => found.doubt = Some(could_be(rival.codec)),
        }
    }
    found
}

/// What the folder's vote did, where it did something.
fn neighbours(readings: &[Reading], hint: &Hint<'_>) -> String {
    let (Some(best), Some(votes)) = (readings.first(), hint.votes) else { return String::new() };
    let alone = readings.iter().min_by(|a, b| a.own.total_cmp(&b.own)).unwrap_or(best);
    let (own, all) = (votes.get(&best.codec.name()).copied().unwrap_or(0), votes.values().sum::<u64>());
    let by = |cost: fn(&Reading) -> f64| readings.iter().skip(1).map(|r| cost(r) - cost(best)).fold(f64::MAX, f64::min);
    if alone.codec != best.codec {
        let name = alone.codec.name();
        format!("; so are {own} of {all} files here, alone it looks more like {name}: --encoding {name}")
    } else if by(|r| r.own) < MARGIN && by(|r| r.cost) >= MARGIN {
        format!("; so are {own} of {all} files here")
    } else {
        String::new()
    }
}

/// The encoding that the first bytes declare or name, and what that is worth in half bits.
fn named(bytes: &[u8]) -> Option<(Codec, f64)> {
    let head: Vec<u8> =
        bytes.iter().take(HEAD).map(|b| if b.is_ascii() { b.to_ascii_lowercase() } else { b' ' }).collect();
    let text = std::str::from_utf8(&head).ok()?;
    for sign in ["charset=", "encoding=", "coding:"] {
        let after = text.find(sign).map(|at| text[at + sign.len()..].trim_start_matches([' ', '"', '\'']));
        let label = |t: &'_ str| t.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(t.len());
        if let Some(codec) = after.and_then(|t| Codec::from_label(&t[..label(t)])) {
            return Some((codec, DECLARED));
        }
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c));
    words.filter(|w| NAMES.iter().any(|n| w.starts_with(n))).find_map(Codec::from_label).map(|codec| (codec, NAMED))
}

/// Looked at for the name of an encoding, in bytes.
const HEAD: usize = 1024;
/// How names of encodings begin that nobody writes by chance.
const NAMES: [&str; 10] =
    ["iso-8859", "iso8859", "windows-", "koi8", "shift_jis", "euc-", "big5", "gb18030", "gb2312", "gbk"];

fn could_be(codec: Codec) -> String {
    let name = codec.name();
    format!("could also be {name}: --encoding {name}")
}

/// What `chardetng` says about two readings that cost nearly the same.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Opinion {
    Agrees,
    Overrules,
    None,
}

/// Asks `chardetng`, and believes it about multi-byte encodings only.
///
/// Only those can be confirmed: a page of one byte accepts any file, and many pages `chardetng` does not know at all.
/// Measured on 18,500 pieces of 40 to 20,000 bytes of the encodings suite, of which 848 were in doubt: where it named the
/// runner-up and that was multi-byte, the runner-up was right 69 times and the best twice; where it was a page of one
/// byte, 36 and 133 times. Where it named the best and that was multi-byte, it was right 122 times of 126; with pages of
/// one byte, 255 of 328, which leaves the doubt.
fn second_opinion(bytes: &[u8], sample: &[u8], best: Codec, rival: Codec, hint: &Hint<'_>) -> Opinion {
    if !matches!((best, rival), (Codec::Multi(_), _) | (_, Codec::Multi(_))) {
        return Opinion::None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let named = Codec::web(detector.guess(None, Utf8Detection::Deny));
    match (best, rival) {
        (Codec::Multi(_), _) if named == Some(best) => Opinion::Agrees,
        (_, Codec::Multi(multi)) if named == Some(rival) => {
            // The neighbours of a file know more of it than statistics of a few words.
            let neighbours = hint.votes.is_some_and(|v| v.get(&best.name()).is_some_and(|n| *n > 0));
            if !neighbours && multi.accepts(bytes) { Opinion::Overrules } else { Opinion::None }
        }
        _ => Opinion::None,
    }
}

/// What it takes to believe in an encoding: less where other files of the batch are in it.
pub(super) fn belief(hint: &Hint<'_>, codec: Codec, plain: f64) -> f64 {
    let Some(votes) = hint.votes else { return plain };
    let all: u64 = votes.iter().filter(|(k, _)| !matches!(k.as_str(), "utf-8" | "binary")).map(|(_, n)| n).sum();
    if all == 0 {
        return plain;
    }
    let own = votes.get(&codec.name()).copied().unwrap_or(0) as f64;
    // Half a vote for what nobody has: the surprise is a logarithm, so a thousand neighbours weigh 22 half bits.
    plain - 2.0 * ((own + 0.5) / (all as f64 + 1.0)).log2().max(-12.0) - 24.0
}

/// The lines with bytes outside ASCII, up to `limit` bytes. A line that is cut is cut after an ASCII byte if one is near.
pub(super) fn sample(bytes: &[u8], limit: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(limit.min(bytes.len()));
    let mut rest = bytes;
    while out.len() < limit && !rest.is_empty() {
        let ascii = Encoding::ascii_valid_up_to(rest);
        let start = memchr::memrchr(b'\n', &rest[..ascii]).map_or(0, |n| n + 1).max(ascii.saturating_sub(80));
        rest = &rest[start..];
        if ascii == start + rest.len() {
            break;
        }
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
        let room = limit - out.len();
        if end <= room {
            out.extend_from_slice(&rest[..end]);
        } else {
            let cut = &rest[..room];
            let tail = room.saturating_sub(256);
            let at = cut[tail..].iter().rposition(|b| *b < 0x30).map_or(room, |n| tail + n);
            out.extend_from_slice(&cut[..at]);
            break;
        }
        rest = &rest[end..];
    }
    out
}

/// The cost of the sample and how many of its bytes are not ASCII characters; None where too much of it is broken.
pub(super) fn multi_cost(multi: Multi, sample: &[u8]) -> Option<(u32, u32)> {
    pairs::cost(multi, sample).or_else(|| multi_text(multi, sample).map(|(cost, n, _)| (cost, n)))
}

/// The same with the text.
pub(super) fn multi_text(multi: Multi, sample: &[u8]) -> Option<(u32, u32, String)> {
    let mut decoder = multi.encoding().new_decoder_without_bom_handling();
    let mut text = String::with_capacity(sample.len() * 2 + 16);
    let (mut at, mut broken) = (0, 0_u32);
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(&sample[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve(sample.len() - at + 16),
            // The last sequence may be cut by the sample's end.
            DecoderResult::Malformed(..) if at == sample.len() => {}
            DecoderResult::Malformed(..) => {
                broken += 1;
                if broken as usize * 25 > at + 100 {
                    return None;
                }
            }
        }
    }
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let n = u32::try_from(sample.len() - ascii.min(sample.len())).unwrap_or(u32::MAX);
    let (costs, chars) = cjk_text_costs(&text);
    let mut cost = cheapest(costs, languages(multi)) + broken * BROKEN;
    if matches!(multi, Multi::ShiftJis | Multi::EucJp) && chars > 20 {
        let kana = u32::try_from(text.chars().filter(|c| is_kana(*c)).count()).unwrap_or(u32::MAX);
        cost += NO_KANA * chars.saturating_sub(kana.saturating_mul(20));
    }
    if broken == 0 {
        // Each run of bytes outside ASCII came out even: in another encoding every second one would not.
        let runs = sample.windows(2).filter(|w| w[0] >= 0x80 && w[1] < 0x30).count();
        cost = cost.saturating_sub(u32::try_from(runs * 2).unwrap_or(0));
    }
    Some((cost, n, text))
}

/// What is written in an encoding: Japanese in GB18030 is possible, but nobody's first thought.
pub(super) const fn languages(multi: Multi) -> &'static [CjkLanguage] {
    match multi {
        Multi::Gb18030 => &[CjkLanguage::Simplified, CjkLanguage::Traditional],
        Multi::Big5 => &[CjkLanguage::Traditional],
        Multi::ShiftJis | Multi::EucJp => &[CjkLanguage::Japanese],
        Multi::EucKr => &[CjkLanguage::Korean],
    }
}

fn cheapest(costs: [u32; 4], among: &[CjkLanguage]) -> u32 {
    among.iter().map(|l| costs[*l as usize]).min().unwrap_or(u32::MAX)
}

/// The cost of the first bytes in UTF-16. None where they are surely not Chinese, Japanese or Korean in UTF-16: other
/// text in it is known by its NULs.
fn utf16_cost(bytes: &[u8], big: bool) -> Option<u32> {
    let head = &bytes[..bytes.len().min(QUICK) & !1];
    if bytes.len() % 2 == 1 || head.is_empty() {
        return None;
    }
    let plain = Codec::Utf16 { big }.decode(head);
    let (costs, chars) = cjk_text_costs(&plain.text);
    let cost = cheapest(costs, &CjkLanguage::ALL);
    (plain.bad == 0 && chars as usize * 2 > head.len() / 2 && cost <= chars * UTF16_CLEAR).then_some(cost)
}

/// UTF-16 without a mark whose characters are clearly Chinese, Japanese or Korean. Half of its bytes may look like
/// control characters.
pub(super) fn utf16(bytes: &[u8]) -> Option<Codec> {
    let costs = [false, true].map(|big| utf16_cost(bytes, big));
    match costs {
        [None, None] => None,
        [little, big] => Some(Codec::Utf16 { big: little.unwrap_or(u32::MAX) > big.unwrap_or(u32::MAX) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn chardetng_overrules_only_for_what_the_whole_file_confirms() {
        let multi = Codec::Multi(Multi::Gb18030);
        let page = Codec::from_label("x-mac-cyrillic").expect("is known");
        let mut bytes = encoding_rs::GB18030.encode("市政府昨日召开会议，研究部署今年的防汛工作。\n").0.into_owned();
        let ask = |bytes: &[u8], best, rival, hint: &Hint<'_>| second_opinion(bytes, bytes, best, rival, hint);
        let alone = Hint::default();
        assert_eq!(ask(&bytes, page, multi, &alone), Opinion::Overrules);
        assert_eq!(ask(&bytes, multi, page, &alone), Opinion::Agrees);
        let other = Codec::from_label("windows-1252").expect("is known");
        assert_eq!(ask(&bytes, page, other, &alone), Opinion::None);
        let votes = BTreeMap::from([(page.name(), 3)]);
        assert_eq!(ask(&bytes, page, multi, &Hint { votes: Some(&votes), ..alone }), Opinion::None);
        let sample = bytes.clone();
        bytes.extend_from_slice(b"\xFF\xFF\n");
        assert_eq!(second_opinion(&bytes, &sample, page, multi, &Hint::default()), Opinion::None);
    }
}
