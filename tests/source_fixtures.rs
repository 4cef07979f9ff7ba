//! Every file of `fixtures/encodings` is read in the right encoding, gives the text the manifest names, and comes back.

use recto::source::{Hint, decode};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[test]
fn every_fixture_is_decoded_and_comes_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/encodings");
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("manifest");
    let mut wrong = Vec::new();
    for row in manifest.lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [file, text, encodings] = cells[..] else { panic!("three columns: {row}") };
        let bytes = fs::read(folder.join(file)).expect("file");
        let want = fs::read_to_string(folder.join("text").join(text)).expect("text");
        let got = decode(&bytes, &Hint::default());
        assert_eq!(got.decoding.encode(&got.text).as_deref(), Ok(&bytes[..]), "{file}");
        if got.text != want || !encodings.split('|').any(|e| e == got.decoding.encoding) {
            wrong.push(format!("{file}: {} ({})", got.decoding.encoding, got.decoding.why));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_short_file_leans_on_its_neighbours_and_says_where_it_doubts() {
    // Two Han characters of GBK, or four letters of many pages.
    let bytes = b"\xD6\xD0\xCE\xC4";
    let votes = BTreeMap::from([("gb18030".to_owned(), 40)]);
    let alone = decode(bytes, &Hint::default());
    let among = decode(bytes, &Hint { label: None, votes: Some(&votes) });
    assert_eq!(among.decoding.encoding, "gb18030");
    assert_eq!(among.text, "中文");
    let sure = alone.decoding.doubt.is_none() && alone.decoding.encoding == "gb18030";
    let doubtful = alone.decoding.doubt.as_deref().is_some_and(|d| d.contains("--encoding "));
    assert!(sure || doubtful, "{:?}", alone.decoding);
}

#[test]
fn a_stated_encoding_settles_it() {
    let got = decode(b"\x84", &Hint { label: Some("cp850"), votes: None });
    assert_eq!((got.text.as_str(), got.decoding.why.as_str()), ("ä", "stated"));
}

#[test]
fn damage_in_utf8_is_damage_and_not_another_encoding() {
    let mut bytes = "市政府昨日召开会议，研究部署今年的防汛工作。".as_bytes().to_vec();
    bytes.truncate(bytes.len() - 1);
    let got = decode(&bytes, &Hint::default());
    assert_eq!(got.decoding.encoding, "utf-8");
    assert!(got.decoding.damaged && got.text.ends_with('\u{FFFD}'));
    assert_eq!(got.decoding.encode(&got.text).as_deref(), Ok(&bytes[..]));
}
