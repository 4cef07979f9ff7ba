//! Any bytes decode, and encode back to themselves (I1).
#![no_main]

use libfuzzer_sys::fuzz_target;
use recto::source::{Hint, decode};

fuzz_target!(|data: &[u8]| {
    let d = decode(data, &Hint::default());
    assert_eq!(d.decoding.encode(&d.text).expect("what was decoded encodes"), data);
});
