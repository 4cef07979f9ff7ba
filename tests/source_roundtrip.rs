//! I1 for decoding: every file, whatever its bytes, comes back from its text and its `Decoding`.

use proptest::prelude::*;
use recto::source::{Decoding, Hint, decode};

const LABELS: &[&str] = &[
    "utf-8",
    "utf-16le",
    "utf-16be",
    "utf-32le",
    "utf-32be",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "iso-2022-jp",
    "iso-2022-kr",
    "hz-gb-2312",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-874",
    "windows-1255",
    "iso-8859-2",
    "iso-8859-7",
    "koi8-r",
    "macintosh",
    "x-mac-cyrillic",
    "ibm866",
    "cp437",
    "cp850",
    "cp852",
    "cp855",
    "cp857",
    "cp864",
    "binary",
];

/// Through JSON and back, as the ledger keeps it.
fn stored(d: &Decoding) -> Decoding {
    serde_json::from_str(&serde_json::to_string(d).expect("serialises")).expect("parses")
}

fn comes_back(bytes: &[u8], label: Option<&str>) {
    let decoded = decode(bytes, &Hint { label, votes: None });
    let back = stored(&decoded.decoding).encode(&decoded.text);
    assert_eq!(back.as_deref(), Ok(bytes), "{label:?} {:?}", decoded.decoding);
}

fn comes_back_from_all(bytes: &[u8]) {
    comes_back(bytes, None);
    for label in LABELS {
        comes_back(bytes, Some(label));
    }
}

/// Bytes of the kinds that trip decoders: line ends, escapes, leads, trails, surrogates, marks.
fn awkward() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => "[ -~]{0,12}".prop_map(String::into_bytes),
        3 => prop::sample::select(vec![
            &b"\r\n"[..], b"\r", b"\n", b"\0", b"\x1B$B", b"\x1B(B", b"\x1B(J", b"\x1B$)C", b"\x0E", b"\x0F", b"~{", b"~}", b"~~",
            b"~\n", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF", b"\xFF\xFE\0\0", b"\0\0\xFE\xFF", b"\x84\x31\x95\x33", b"\xD8\x00",
            b"\x00\xDC", b"\xE4\xB8", b"\xA3\xA0", b"\x80", b"\x8F", b"\x88\x62", b"\x87\x90", b"\xED\x40", b"\x0C", b"\x1A",
            b"\r\0\n\0", b"\0\r\0\n",
        ]).prop_map(<[u8]>::to_vec),
        2 => "[一-鿿，。「ぁ-ん가-힣éа-я]{0,6}".prop_map(String::into_bytes),
        2 => "[一-鿿，。]{0,6}".prop_map(|s| encoding_rs::GB18030.encode(&s).0.into_owned()),
        1 => "[ぁ-んァ-ヴ日本]{0,6}".prop_map(|s| encoding_rs::ISO_2022_JP.encode(&s).0.into_owned()),
        1 => "[가-힣]{0,6}".prop_map(|s| encoding_rs::EUC_KR.encode(&s).0.into_owned()),
        2 => prop::collection::vec(any::<u8>(), 0..8),
        1 => prop::collection::vec(0x80..=0xFF_u8, 0..8),
    ];
    prop::collection::vec(part, 0..8).prop_map(|v| v.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn i1_any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        comes_back_from_all(&bytes);
    }

    #[test]
    fn i1_awkward_bytes_come_back(bytes in awkward()) {
        comes_back_from_all(&bytes);
    }
}

#[test]
fn i1_awkward_files_come_back() {
    let cases: &[&[u8]] = &[
        b"",
        b"\n",
        b"\r",
        b"\r\n",
        b"\r\r\n",
        b"a\r\rb\r\n\n",
        b"a\rb\rc\r",
        b"a\r\nb\r\nc",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB\xBF\r\n",
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\xFF\xFEa",
        b"\xFF\xFE\0\0",
        b"\xFF\xFE\0\0a",
        b"\0\0\0\0\0",
        b"\xFF\xFE\x00\xD8\x00\xD8\x00\xDC",
        b"abc\xE4\xB8",
        b"\x1B(B\x1B(Babc\n\x1B$B$\"\x1B(B\n",
        b"\x1B$)C",
        b"\x1B$)C\r\nabc\x0E>H\x0F\r\n",
        b"~{VP~}\n~{VP",
        b"\x84\x31\x95\x33\xD6\xD0\r\n\xCE\xC4\r\n",
    ];
    cases.iter().for_each(|c| comes_back_from_all(c));
}
