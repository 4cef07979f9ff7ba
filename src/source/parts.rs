//! A file in two encodings or more, as files that were put together: every line is given to the encoding it costs least in.
//!
//! It must never explain away damage: a part counts only where it reads as writing, and the whole only where it costs
//! clearly less than in one encoding.

use super::Hint;
use super::codec::{Codec, Multi, Plain, Single};
use super::guess::{self, BROKEN};
use crate::text::Span;
use crate::text::cost::{GARBAGE, Meter};
use crate::text::script::is_han;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

/// A stretch of whole lines in one encoding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Name of the encoding.
    pub encoding: String,
    /// Where it ends in the text, in bytes.
    pub text: usize,
    /// Where it ends in the file, in bytes.
    pub bytes: usize,
    /// Its last line, from 1.
    pub line: usize,
}

/// Bytes outside ASCII of a line that can be judged by itself.
const LINE: u32 = 16;
/// Half bits that another encoding from one line to the next costs. One letter of a wrong page costs about 40 more than
/// the right one, so two of them in a line or a few lines with one each are worth a part of their own.
const SWITCH: u32 = 60;
/// Half bits that the parts together must cost less than one encoding for all.
const GAIN: u32 = 60;
/// Half bits for each character outside ASCII that a part may cost. Measured on news: pages of one byte cost 12 to 24,
/// East Asian ones 16 to 24, chance readings 30 and more.
const PLAIN: u32 = 28;
/// Characters outside ASCII that a part's encoding must hold in all.
const FEW: u32 = 4;
/// Half bits for a Han character beside a small Latin letter: a letter of one byte that was read with its neighbour.
const IN_WORD: u32 = 14;
/// Bytes of a line that are looked at, and of the lines from which a page of one byte is guessed.
const SAMPLE: usize = 32 * 1024;

/// A file decoded part by part.
pub(super) struct Split {
    pub(super) plain: Plain,
    pub(super) parts: Vec<Part>,
    /// The encoding of most bytes.
    pub(super) main: Codec,
}

/// True where the head's encoding clearly does not fit what stands further on: a quick look at a few places.
pub(super) fn changes(bytes: &[u8], codec: Codec) -> bool {
    let sample = |from: usize| if from == 0 { guess::sample(bytes, guess::QUICK) } else { far_sample(&bytes[from..]) };
    let [middle, tail] = far_places(bytes.len());
    match codec {
        Codec::Multi(multi) => {
            // In a small file the second look costs nothing, so less is enough to ask for it.
            let small = bytes.len() <= SAMPLE;
            let unlike = |s: &[u8]| if small { dear(multi, s, 4, guess::CLEAR) } else { unlike(multi, s) };
            // The head of the file was looked at already.
            [middle, tail].into_iter().filter(|from| *from > 0).any(|from| unlike(&sample(from)))
                // Of a small file every line is looked at, as a title may be all that is in another encoding.
                || (small && lines(bytes).into_iter().any(|l| dear(multi, &bytes[l], LINE, guess::UNCLEAR)))
        }
        // A page of one byte accepts anything: a line that is clearly of another kind tells.
        Codec::Single(_) => [0, middle, tail].into_iter().any(|from| {
            let sample = sample(from);
            sample.split_inclusive(|b| *b == b'\n').any(|line| {
                let high = line.iter().filter(|b| !b.is_ascii()).count();
                high >= 6 && (Encoding::utf8_valid_up_to(line) == line.len() || guess::clear_multi(line).is_some())
            })
        }),
        _ => false,
    }
}

/// Where a file of `len` bytes is looked at once more.
pub(super) fn far_places(len: usize) -> [usize; 2] {
    [len / 2, len.saturating_sub(2 * guess::QUICK)]
}

/// What is looked at of bytes that begin anywhere in a file: from the next line on.
pub(super) fn far_sample(bytes: &[u8]) -> Vec<u8> {
    let line = memchr::memchr(b'\n', bytes);
    guess::sample(line.map_or(bytes, |n| &bytes[n + 1..]), guess::QUICK)
}

/// True where a sample of a large file clearly is not in that encoding.
pub(super) fn unlike(multi: Multi, sample: &[u8]) -> bool {
    dear(multi, sample, guess::CLEAR_BYTES, guess::UNCLEAR)
}

fn dear(multi: Multi, bytes: &[u8], enough: u32, unclear: f64) -> bool {
    let cost = guess::multi_cost(multi, bytes);
    cost.is_none_or(|(cost, n)| n >= enough && f64::from(cost) > unclear * f64::from(n))
}

/// The file by parts, where that is clearly better than `codec` for all of it.
pub(super) fn split(bytes: &[u8], codec: Codec) -> Option<Split> {
    let lines = lines(bytes);
    let codecs = candidates(bytes, codec, &lines);
    let mut meter = Meter::default();
    let mut costs = Vec::with_capacity(lines.len() * codecs.len());
    for line in &lines {
        let line = &bytes[line.clone()];
        // A sign said over and over weighs like many; such a line goes with its neighbours.
        let says = !repeats(line);
        costs.extend(codecs.iter().map(|r| if says { r.cost(line, &mut meter) } else { LineCost::default() }));
    }
    let path = cheapest_path(&costs, codecs.len())?;
    if !better(&path, &costs, codecs.len()) {
        return None;
    }
    let mut out = Split { plain: Plain::default(), parts: Vec::new(), main: codec };
    let mut weights = vec![0; codecs.len()];
    // ASCII lines between belong to the part before them; those at the start to the first one.
    let (mut at, mut number) = (0, 0);
    for (n, line) in lines.iter().enumerate() {
        weights[path[n]] += line.len();
        if path.get(n + 1) == Some(&path[n]) {
            continue;
        }
        let end = if n + 1 == lines.len() { bytes.len() } else { line.end };
        let part = &bytes[at..end];
        number += memchr::memchr_iter(b'\n', part).count() + usize::from(part.last() != Some(&b'\n'));
        append(&mut out.plain, codecs[path[n]].codec.decode(part));
        let encoding = codecs[path[n]].codec.name();
        out.parts.push(Part { encoding, text: out.plain.text.len(), bytes: end, line: number });
        at = end;
    }
    let most = (0..codecs.len()).max_by_key(|n| (weights[*n], codecs.len() - n))?;
    out.main = codecs[most].codec;
    Some(out)
}

/// Adds a part's text and what does not survive of it.
fn append(all: &mut Plain, part: Plain) {
    let from = all.text.len();
    all.text.push_str(&part.text);
    all.bad += part.bad;
    let moved = part.raw.into_iter().map(|mut p| {
        p.span = Span::new(p.span.start() + from, p.span.end() + from);
        p
    });
    all.raw.extend(moved);
}

/// The lines that hold bytes outside ASCII, with their ends.
fn lines(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let ascii = Encoding::ascii_valid_up_to(&bytes[at..]);
        let here = at + ascii;
        if here == bytes.len() {
            break;
        }
        let start = memchr::memrchr(b'\n', &bytes[at..here]).map_or(at, |n| at + n + 1);
        let end = memchr::memchr(b'\n', &bytes[here..]).map_or(bytes.len(), |n| here + n + 1);
        out.push(start..end);
        at = end;
    }
    out
}

/// True where most of a line is one sign of two bytes over and over: a rule drawn with marks, a cry.
fn repeats(line: &[u8]) -> bool {
    let high = line.iter().filter(|b| !b.is_ascii()).count();
    let again = line.windows(4).filter(|w| !w[0].is_ascii() && w[0] == w[2] && w[1] == w[3]).count();
    again * 2 > high
}

/// What each line may be in: UTF-8, the codes of East Asia, and the pages of one byte that suit the file, its first and
/// last part, and the lines that are no UTF-8.
fn candidates(bytes: &[u8], codec: Codec, lines: &[std::ops::Range<usize>]) -> Vec<Reader> {
    let mut codecs = vec![codec, Codec::Utf8];
    codecs.extend(Multi::ALL.map(Codec::Multi));
    // Lines that are clearly in one code leave those in pages of one byte.
    let (mut others, mut seen) = (Vec::new(), 0);
    for line in lines.iter().map(|l| &bytes[l.clone()]) {
        let line = &line[..line.len().min(guess::QUICK)];
        seen += line.len();
        if seen > 4 * SAMPLE || others.len() > SAMPLE {
            break;
        }
        if std::str::from_utf8(line).is_err() && guess::clear_multi(line).is_none() {
            others.extend_from_slice(line);
        }
    }
    let far = |lines: &[std::ops::Range<usize>]| -> Vec<u8> {
        let part = lines.iter().take(8).flat_map(|l| &bytes[l.clone()]);
        part.copied().take(guess::QUICK).collect()
    };
    for sample in [others, far(&lines[lines.len() * 2 / 3..]), far(lines)] {
        if !sample.is_empty() {
            codecs.push(guess::guess(&sample, &Hint::default()).codec);
        }
    }
    let mut out: Vec<Reader> = Vec::new();
    for codec in codecs {
        let new = !out.iter().any(|r| r.codec == codec);
        if new && matches!(codec, Codec::Utf8 | Codec::Multi(_) | Codec::Single(_)) {
            let high = if let Codec::Single(page) = codec { Some(Box::new(Single::high(page))) } else { None };
            out.push(Reader { codec, high });
        }
    }
    out
}

struct Reader {
    codec: Codec,
    high: Option<Box<super::codec::High>>,
}

/// A line's cost in half bits, and its characters outside ASCII.
#[derive(Copy, Clone, Default)]
struct LineCost {
    half_bits: u32,
    chars: u32,
}

impl Reader {
    fn cost(&self, line: &[u8], meter: &mut Meter) -> LineCost {
        let line = &line[..line.len().min(SAMPLE)];
        let broken = |n: u32, text: &str, meter: &mut Meter| {
            let cost = meter.cost(text.chars());
            LineCost { half_bits: cost.half_bits.saturating_add(n.saturating_mul(BROKEN)), chars: cost.chars + n }
        };
        match (self.codec, &self.high) {
            (Codec::Multi(multi), _) => match guess::multi_text(multi, line) {
                Some((half_bits, n, text)) => {
                    let inside = in_words(&text) * IN_WORD;
                    LineCost { half_bits: half_bits.saturating_add(inside), chars: n.div_ceil(2) }
                }
                None => {
                    let high = u32::try_from(line.iter().filter(|b| !b.is_ascii()).count()).unwrap_or(u32::MAX);
                    LineCost { half_bits: high.saturating_mul(GARBAGE), chars: high / 2 }
                }
            },
            (_, Some(high)) => {
                let mut holes = 0;
                let text: String = line
                    .iter()
                    .filter_map(|b| {
                        let c = if b.is_ascii() { Some(char::from(*b)) } else { high[usize::from(b & 0x7F)] };
                        holes += u32::from(c.is_none());
                        c
                    })
                    .collect();
                broken(holes, &text, meter)
            }
            _ => {
                let (mut text, mut holes) = (String::with_capacity(line.len()), 0);
                for chunk in line.utf8_chunks() {
                    text.push_str(chunk.valid());
                    holes += u32::from(!chunk.invalid().is_empty());
                }
                broken(holes, &text, meter)
            }
        }
    }
}

/// How often a Han character stands beside a small Latin letter.
fn in_words(text: &str) -> u32 {
    let mut before = '\n';
    let mut n = 0;
    for c in text.chars() {
        let beside = |a: char, b: char| a.is_ascii_lowercase() && (is_han(b) || matches!(b, '\u{E000}'..='\u{F8FF}'));
        n += u32::from(beside(before, c) || beside(c, before));
        before = c;
    }
    n
}

/// For each line the place of its codec on the path that costs least (Viterbi).
fn cheapest_path(costs: &[LineCost], width: usize) -> Option<Vec<usize>> {
    let mut sums = vec![0_u64; width];
    let mut from: Vec<u8> = Vec::with_capacity(costs.len());
    for row in costs.chunks(width) {
        let (best, least) = sums.iter().copied().enumerate().min_by_key(|(n, sum)| (*sum, *n))?;
        for (n, cost) in row.iter().enumerate() {
            let changed = least + u64::from(SWITCH);
            let (source, sum) = if sums[n] <= changed { (n, sums[n]) } else { (best, changed) };
            from.push(u8::try_from(source).ok()?);
            sums[n] = sum + u64::from(cost.half_bits);
        }
    }
    let mut here = (0..width).min_by_key(|n| (sums[*n], *n))?;
    let mut path = vec![0; costs.len() / width];
    for (slot, row) in path.iter_mut().zip(from.chunks(width)).rev() {
        *slot = here;
        here = usize::from(row[here]);
    }
    Some(path)
}

/// True where the path is worth more than the first codec for all lines, and each of its codecs reads as writing.
fn better(path: &[usize], costs: &[LineCost], width: usize) -> bool {
    let mut used = vec![LineCost::default(); width];
    let (mut one, mut all) = (0_u64, 0_u64);
    for (n, row) in path.iter().zip(costs.chunks(width)) {
        one += u64::from(row[0].half_bits);
        all += u64::from(row[*n].half_bits);
        used[*n].half_bits = used[*n].half_bits.saturating_add(row[*n].half_bits);
        used[*n].chars += row[*n].chars;
    }
    let switches = path.windows(2).filter(|w| w[0] != w[1]).count() as u64;
    all += switches * u64::from(SWITCH);
    let enough = |u: &LineCost| u.chars == 0 || (u.chars >= FEW && u.half_bits <= u.chars.saturating_mul(PLAIN));
    switches > 0 && all + u64::from(GAIN) <= one && used.iter().all(enough)
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;
    use encoding_rs::{BIG5, GB18030, WINDOWS_1252};

    fn bytes(parts: &[(&'static Encoding, &str)]) -> Vec<u8> {
        parts.iter().flat_map(|(e, t)| e.encode(t).0.into_owned()).collect()
    }

    const ZH: &str = "市政府昨日召开会议，研究部署今年的防汛工作。\n各部门负责人参加了会议。\n";
    const DE: &str = "Die schöne Müllerin wohnt in der Nähe von München.\nEr öffnete die Tür.\n";
    const TW: &str = "臺北市政府昨日召開會議，討論今年的防汛工作。\n記者會後報導了相關的消息。\n";

    #[test]
    fn every_line_goes_to_its_encoding_and_comes_back() {
        let utf8 = encoding_rs::UTF_8;
        for parts in [
            [(utf8, ZH), (GB18030, ZH)],
            [(GB18030, ZH), (utf8, ZH)],
            [(utf8, DE), (WINDOWS_1252, DE)],
            [(WINDOWS_1252, DE), (utf8, ZH)],
            [(GB18030, ZH), (BIG5, TW)],
            [(BIG5, TW), (utf8, TW)],
        ] {
            let file = bytes(&parts);
            let got = decode(&file, &Hint::default());
            assert_eq!(got.text, format!("{}{}", parts[0].1, parts[1].1), "{:?}", got.decoding);
            assert_eq!(got.decoding.parts.len(), 2, "{:?}", got.decoding);
            assert!(!got.decoding.damaged);
            assert_eq!(got.decoding.encode(&got.text).as_deref(), Ok(&file[..]));
        }
    }

    #[test]
    fn line_ends_move_the_parts_along() {
        let file = bytes(&[(encoding_rs::UTF_8, &ZH.replace('\n', "\r\n")), (GB18030, &ZH.replace('\n', "\r\n"))]);
        let got = decode(&file, &Hint::default());
        assert_eq!(got.text, format!("{ZH}{ZH}"));
        assert_eq!(
            got.decoding.parts.iter().map(|p| (p.text, p.line)).collect::<Vec<_>>(),
            [(ZH.len(), 2), (2 * ZH.len(), 4)]
        );
        assert_eq!(got.decoding.encode(&got.text).as_deref(), Ok(&file[..]));
    }

    #[test]
    fn a_sign_over_and_over_is_no_part() {
        let file = bytes(&[(GB18030, ZH), (GB18030, "啊啊啊啊啊啊啊啊啊啊啊啊\n"), (GB18030, ZH)]);
        let got = decode(&file, &Hint::default());
        assert!(got.decoding.parts.is_empty() && got.text.contains("啊啊啊"), "{:?}", got.decoding);
    }

    #[test]
    fn damage_is_no_part() {
        let mut file = ZH.repeat(4).into_bytes();
        file[40] = 0xFF;
        let got = decode(&file, &Hint::default());
        assert!(got.decoding.parts.is_empty() && got.decoding.damaged, "{:?}", got.decoding);
        let noise: Vec<u8> = (0..400_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
        file = [ZH.as_bytes(), &noise, b"\n", ZH.as_bytes()].concat();
        let got = decode(&file, &Hint::default());
        assert!(got.decoding.parts.is_empty() && got.decoding.damaged, "{:?}", got.decoding);
    }
}
