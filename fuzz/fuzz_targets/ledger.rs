//! Any bytes as a ledger: read or refused, never a panic; what was read writes and reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use recto::ledger::{Ledger, restore_text};

fuzz_target!(|data: &[u8]| {
    let Ok(ledger) = Ledger::read(data) else { return };
    let _ = restore_text(&ledger, "市领导强调,全市");
    let mut out = Vec::new();
    ledger.write(&mut out).expect("a vector takes all");
    let again = Ledger::read(out.as_slice()).expect("our own ledger");
    let mut twice = Vec::new();
    again.write(&mut twice).expect("a vector takes all");
    assert_eq!(out, twice);
});
