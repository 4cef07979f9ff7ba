//! `recto clean --in-format jsonl`: each line an issue; `text` is cleaned, all other fields are kept as they stand.

use super::{is_stdin, pool};
use crate::Outcome;
use crate::args::Clean;
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use rayon::prelude::*;
use recto::language::Language;
use recto::pipeline::{Cleaner, DecodedPage, Suppressed};
use recto::report::annotation;
use recto::source::{Decoded, Decoding};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

/// Lines that are in work at once: bounds memory, and is enough to keep the threads busy.
const CHUNK_LINES: usize = 512;

const BOM: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn run(a: &Clean, ui: &Ui) -> Outcome {
    if a.ledger.is_some() {
        return Err(Failure::usage("--ledger records a single file")
            .hint("--annotate adds counts and an offset map to each line"));
    }
    if a.out.is_some() {
        return Err(Failure::usage("JSON lines go to standard output")
            .hint("leave -o out and redirect: recto clean --in-format jsonl FILE > OUT.jsonl"));
    }
    let path = match a.paths.as_slice() {
        [] => std::path::PathBuf::from("-"),
        [one] => one.clone(),
        _ => return Err(Failure::usage("one JSON lines file at a time").hint("cat them together and use -")),
    };
    let e = settings::load(&a.settings, &super::start_of(&a.paths))?;
    let mut input: Box<dyn BufRead> = if is_stdin(&path) {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let file =
            File::open(&path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())).hint("check the path"))?;
        Box::new(BufReader::new(file))
    };
    let (language, profile) = (Language::embedded(), e.profile.clone().unwrap_or_default());
    let cleaner = Cleaner::new(&e.config, &language, &profile);
    let pool = pool(&a.settings)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut number, mut bad) = (0, 0);
    // A byte order mark, as Windows programs write it, belongs to the file and not to its first line.
    if input.fill_buf()?.starts_with(BOM) {
        input.consume(BOM.len());
        out.write_all(BOM)?;
    }
    loop {
        let lines = read_chunk(&mut input)?;
        if lines.is_empty() {
            break;
        }
        let done: Vec<Result<Vec<u8>, String>> =
            pool.install(|| lines.par_iter().map(|l| clean_line(l, &cleaner, a.annotate)).collect());
        for (line, d) in lines.iter().zip(done) {
            number += 1;
            match d {
                Ok(bytes) => out.write_all(&bytes)?,
                Err(what) => {
                    bad += 1;
                    ui.warn(&format!("Error: {}:{number}: {what}; the line was passed on as it is", path.display()));
                    out.write_all(line)?;
                }
            }
            if line.ends_with(b"\n") || bad == 0 {
                out.write_all(if line.ends_with(b"\n") { b"" } else { b"\n" })?;
            }
        }
    }
    out.flush()?;
    Ok(if bad > 0 { Exit::Partial } else { Exit::Done })
}

fn read_chunk(input: &mut dyn BufRead) -> Result<Vec<Vec<u8>>, Failure> {
    let mut lines = Vec::new();
    while lines.len() < CHUNK_LINES {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        lines.push(line);
    }
    Ok(lines)
}

/// A JSON object whose fields keep their order, their spelling and their number.
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

fn clean_line(line: &[u8], cleaner: &Cleaner<'_>, annotate: bool) -> Result<Vec<u8>, String> {
    let line = std::str::from_utf8(line).map_err(|e| format!("not UTF-8 at byte {}", e.valid_up_to()))?;
    if line.trim().is_empty() {
        return Ok(line.as_bytes().to_vec());
    }
    let fields: Fields<'_> =
        serde_json::from_str(line).map_err(|e| format!("column {}: a JSON object was expected: {e}", e.column()))?;
    if fields.0.iter().filter(|(k, _)| k == "text").count() > 1 {
        return Err("the object has two fields `text`".to_owned());
    }
    let text = fields.0.iter().find(|(k, _)| k == "text").ok_or("the object has no field `text`")?;
    let text: String = serde_json::from_str(text.1.get()).map_err(|_| "the field `text` is no string".to_owned())?;
    let decoding = Decoding { encoding: "utf-8".into(), why: "JSON".into(), ..Decoding::default() };
    let page =
        DecodedPage { name: "-".into(), sha256: String::new(), bytes: text.len(), decoded: Decoded { text, decoding } };
    let cleaned = cleaner.clean(vec![page], &Suppressed::default());
    let mut out = Vec::with_capacity(line.len() + 16);
    let mut value = |name: &str, value: &dyn Fn(&mut Vec<u8>) -> serde_json::Result<()>, first: bool| {
        out.push(if first { b'{' } else { b',' });
        serde_json::to_writer(&mut out, name)?;
        out.push(b':');
        value(&mut out)
    };
    let mut write = || -> serde_json::Result<()> {
        let kept = fields.0.iter().filter(|(k, _)| !annotate || k != "recto");
        for (n, (k, v)) in kept.enumerate() {
            if k == "text" {
                value(k, &|o| serde_json::to_writer(o, cleaned.page(0)), n == 0)?;
            } else {
                value(
                    k,
                    &|o| {
                        o.extend_from_slice(v.get().as_bytes());
                        Ok(())
                    },
                    n == 0,
                )?;
            }
        }
        if annotate {
            value("recto", &|o| serde_json::to_writer(o, &annotation(&cleaned)), false)?;
        }
        Ok(())
    };
    write().map_err(|e| e.to_string())?;
    out.extend_from_slice(b"}\n");
    Ok(out)
}
