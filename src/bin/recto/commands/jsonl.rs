//! `recto clean --in-format jsonl`: each line an issue; the value of `text` is cleaned, every other byte of the line
//! stays as it stands. Plain, gzip and zstd input; read and written as a stream.

use super::{input, is_stdin, pool};
use crate::Outcome;
use crate::args::Clean;
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use rayon::prelude::*;
use recto::pipeline::{Cleaner, DecodedPage, Verdicts};
use recto::report::annotation;
use recto::source::{Decoded, Decoding};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// Lines that are in work at once, and their bytes: bounds memory, and is enough to keep the threads busy.
const CHUNK_LINES: usize = 512;
const CHUNK_BYTES: usize = 8 << 20;

/// The longest line that is cleaned, in bytes: one article is never near it.
const LONGEST_LINE: usize = 64 << 20;

pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn run(a: &Clean, ui: &Ui) -> Outcome {
    if a.ledger.is_some() {
        return Err(Failure::usage("--ledger records a single file")
            .hint("--annotate adds counts and an offset map to each line"));
    }
    if a.out.is_some() {
        return Err(Failure::usage("JSON lines go to standard output")
            .hint("leave -o out and redirect: recto clean --in-format jsonl FILE > OUT.jsonl"));
    }
    let mut paths = input::paths(&a.paths, &a.input)?;
    if paths.is_empty() {
        paths.push("-".into());
    }
    let e = settings::load(&a.settings, &super::start_of(&paths))?;
    let (language, profile) = (e.language()?, e.profile.clone().unwrap_or_default());
    let stream = Stream {
        cleaner: Cleaner::new(&e.config, &language, &profile),
        pool: pool(&a.settings)?,
        annotate: a.annotate,
        ui,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut bad = 0;
    for path in &paths {
        match open(path) {
            Ok(input) => bad += stream.clean(path, input, &mut out)?,
            Err(e) if paths.len() == 1 => return Err(e),
            Err(e) => {
                bad += 1;
                ui.failure(&e);
            }
        }
    }
    out.flush()?;
    Ok(if bad > 0 { Exit::Partial } else { Exit::Done })
}

/// The lines of a file or of standard input, unpacked where their first bytes say that they are packed.
fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    let mut raw: Box<dyn BufRead> = if is_stdin(path) {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(path).map_err(|e| Failure::file(path, &e))?;
        if file.metadata()?.is_dir() {
            return Err(Failure::usage(format!("{}: is a folder", path.display())).hint("name the files"));
        }
        Box::new(BufReader::new(file))
    };
    let start = raw.fill_buf()?;
    Ok(if start.starts_with(&[0x1F, 0x8B]) {
        Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(raw)))
    } else if start.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        Box::new(BufReader::new(zstd::Decoder::with_buffer(raw)?))
    } else {
        raw
    })
}

struct Stream<'a> {
    cleaner: Cleaner<'a>,
    pool: rayon::ThreadPool,
    annotate: bool,
    ui: &'a Ui,
}

impl Stream<'_> {
    /// Cleans one stream; gives the number of lines that were passed on as they are.
    fn clean(&self, path: &Path, mut input: Box<dyn BufRead>, out: &mut impl Write) -> Result<usize, Failure> {
        let (mut number, mut bad) = (0, 0);
        let wrong = |number: usize, what: &str| {
            self.ui.warn(&format!("Error: {}:{number}: {what}", path.display()));
        };
        loop {
            let chunk = read_chunk(&mut input);
            let done: Vec<Result<Vec<u8>, String>> =
                self.pool.install(|| chunk.lines.par_iter().map(|l| self.line(l)).collect());
            for (line, d) in chunk.lines.iter().zip(done) {
                number += 1;
                match d {
                    Ok(bytes) => out.write_all(&bytes)?,
                    Err(what) => {
                        bad += 1;
                        wrong(number, &format!("{what}; the line was passed on as it is"));
                        out.write_all(line)?;
                    }
                }
            }
            match chunk.then {
                Then::More => {}
                Then::End => return Ok(bad),
                Then::Long(head) => {
                    (number, bad) = (number + 1, bad + 1);
                    let most = LONGEST_LINE >> 20;
                    wrong(number, &format!("longer than {most} MB; the line was passed on as it is"));
                    out.write_all(&head)?;
                    pass_on_line(&mut input, out)?;
                }
                // What was read so far stands: a torn file is no reason to lose it.
                Then::Broken(e) => {
                    wrong(number + 1, &format!("{e}; nothing after the line before this one was read"));
                    return Ok(bad + 1);
                }
            }
        }
    }

    fn line(&self, line: &[u8]) -> Result<Vec<u8>, String> {
        // A byte order mark, as Windows programs write it, belongs to the file and not to its first line.
        let (bom, rest) = line.strip_prefix(BOM).map_or((&b""[..], line), |rest| (BOM, rest));
        let mut out = bom.to_vec();
        out.append(&mut clean_line(rest, &self.cleaner, self.annotate)?);
        Ok(out)
    }
}

struct Chunk {
    lines: Vec<Vec<u8>>,
    then: Then,
}

enum Then {
    More,
    End,
    /// A line that is too long; this is its beginning.
    Long(Vec<u8>),
    Broken(io::Error),
}

fn read_chunk(input: &mut dyn BufRead) -> Chunk {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < CHUNK_LINES && bytes < CHUNK_BYTES {
        let mut line = Vec::new();
        match (&mut *input).take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line) {
            Ok(0) => return Chunk { lines, then: Then::End },
            Ok(n) if n > LONGEST_LINE && !line.ends_with(b"\n") => return Chunk { lines, then: Then::Long(line) },
            Ok(n) => bytes += n,
            Err(e) => return Chunk { lines, then: Then::Broken(e) },
        }
        lines.push(line);
    }
    Chunk { lines, then: Then::More }
}

/// Passes on the rest of a line without holding it.
fn pass_on_line(input: &mut dyn BufRead, out: &mut impl Write) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&b| b == b'\n');
        let n = end.map_or(buffer.len(), |n| n + 1);
        out.write_all(&buffer[..n])?;
        input.consume(n);
        if end.is_some() || n == 0 {
            return Ok(());
        }
    }
}

/// The fields of a JSON object with the spelling of their values, each a part of the line.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut m: M) -> Result<Self::Value, M::Error> {
                let mut fields = Vec::new();
                while let Some(pair) = m.next_entry::<String, &'de RawValue>()? {
                    fields.push(pair);
                }
                Ok(Fields(fields))
            }
        }
        d.deserialize_map(V)
    }
}

/// Where a value stands in its line.
fn place_of(value: &RawValue, line: &str) -> std::ops::Range<usize> {
    let start = value.get().as_ptr() as usize - line.as_ptr() as usize;
    start..start + value.get().len()
}

/// What is wrong with JSON, without the place: every value is a line, or a part of one, that is named already.
fn said(e: &serde_json::Error) -> String {
    let text = e.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

fn clean_line(line: &[u8], cleaner: &Cleaner<'_>, annotate: bool) -> Result<Vec<u8>, String> {
    let line = std::str::from_utf8(line).map_err(|e| format!("not UTF-8 at byte {}", e.valid_up_to()))?;
    if line.trim().is_empty() {
        return Ok(line.as_bytes().to_vec());
    }
    let Fields(fields) = serde_json::from_str(line)
        .map_err(|e| format!("column {}: a JSON object was expected: {}", e.column(), said(&e)))?;
    let mut texts = fields.iter().filter(|(k, _)| k == "text");
    let value = texts.next().ok_or("the object has no field `text`")?.1;
    if texts.next().is_some() {
        return Err("the object has two fields `text`".to_owned());
    }
    if !value.get().starts_with('"') {
        return Err("the field `text` is no string".to_owned());
    }
    // The value was read as JSON already: what is left to go wrong is half of a pair of escapes.
    let text: String = serde_json::from_str(value.get())
        .map_err(|_| "the string in the field `text` holds a lone surrogate, as \\ud800, which is no character")?;
    let decoding = Decoding { encoding: "utf-8".into(), why: "JSON".into(), ..Decoding::default() };
    let decoded = Decoded { text, decoding };
    let page = DecodedPage { name: "-".into(), sha256: String::new(), bytes: decoded.text.len(), decoded };
    let cleaned = cleaner.clean(vec![page], &Verdicts::default());
    let json = |v: &dyn Fn() -> serde_json::Result<String>| v().map_err(|e| e.to_string());
    // A text that is as it was keeps its spelling, escapes included.
    let same = cleaned.page(0) == cleaned.issue.text();
    let new = if same { value.get().to_owned() } else { json(&|| serde_json::to_string(cleaned.page(0)))? };
    let mut edits = vec![(place_of(value, line), new)];
    if annotate {
        let note = json(&|| serde_json::to_string(&annotation(&cleaned)))?;
        match fields.iter().find(|(k, _)| k == "recto") {
            Some((_, old)) => edits.push((place_of(old, line), note)),
            None => {
                let end = line.rfind('}').ok_or("the object has no end")?;
                edits.push((end..end, format!(",\"recto\":{note}")));
            }
        }
    }
    edits.sort_by_key(|(at, _)| at.start);
    let (mut out, mut at) = (Vec::with_capacity(line.len() + 16), 0);
    for (place, new) in &edits {
        out.extend_from_slice(line.get(at..place.start).unwrap_or("").as_bytes());
        out.extend_from_slice(new.as_bytes());
        at = place.end;
    }
    out.extend_from_slice(line.get(at..).unwrap_or("").as_bytes());
    Ok(out)
}
