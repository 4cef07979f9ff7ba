//! What the fuzzers found worth keeping, replayed: `fuzz/corpus/TARGET.hex` has an input a line. The checks are those of
//! `fuzz/fuzz_targets`.

use recto::config::Config;
use recto::language::Language;
use recto::ledger::{Ledger, restore_text};
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::source::{Hint, decode};

fn inputs(target: &str) -> Vec<Vec<u8>> {
    let path = format!("{}/fuzz/corpus/{target}.hex", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the corpus is there");
    let byte = |pair: &[u8]| {
        let digits = std::str::from_utf8(pair).expect("hexadecimal");
        u8::from_str_radix(digits, 16).expect("hexadecimal")
    };
    let all: Vec<Vec<u8>> = text.lines().map(|l| l.as_bytes().chunks(2).map(byte).collect()).collect();
    assert!(all.len() > 500, "{path}");
    all
}

#[test]
fn any_bytes_decode_and_encode_back() {
    for bytes in inputs("decode") {
        let d = decode(&bytes, &Hint::default());
        assert!(d.decoding.encode(&d.text).as_ref() == Ok(&bytes), "{bytes:x?}");
    }
}

#[test]
fn any_bytes_as_a_ledger_are_read_or_refused_and_write_the_same() {
    let mut read = 0;
    for bytes in inputs("ledger") {
        let Ok(ledger) = Ledger::read(bytes.as_slice()) else { continue };
        read += 1;
        let _ = restore_text(&ledger, "市领导强调,全市");
        let (mut out, mut twice) = (Vec::new(), Vec::new());
        ledger.write(&mut out).expect("a vector takes all");
        Ledger::read(out.as_slice()).expect("our own ledger").write(&mut twice).expect("a vector takes all");
        assert!(out == twice, "{bytes:x?}");
    }
    assert!(read > 50, "only {read} of the corpus are ledgers");
}

#[test]
fn any_pages_run_through_all_stages_and_come_back() {
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    for bytes in inputs("pipeline") {
        let page = |(n, b): (usize, &[u8])| {
            DecodedPage::new(&PageInput { name: format!("{n}.txt"), bytes: b.to_vec() }, &Hint::default())
        };
        let pages = bytes.split(|&b| b == 0xFF).enumerate().map(page).collect();
        for issue in recto::batch::split_at_damage(pages) {
            let c = cleaner.clean(issue, &Verdicts::default());
            assert!(restore_text(&c.ledger, &c.text).is_ok_and(|t| t == c.issue.text()), "{bytes:x?}");
        }
    }
}
