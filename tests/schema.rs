//! The ledger's written form against docs/ledger.schema.json and against its own reader.

use recto::config::{Config, Policy};
use recto::language::Language;
use recto::ledger::{Ledger, LedgerError};
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::source::Hint;

fn root(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn ledger_of(bytes: Vec<u8>, config: &Config) -> Vec<u8> {
    let (language, profile) = (Language::embedded(), Profile::default());
    let page = DecodedPage::new(&PageInput { name: "p.txt".into(), bytes }, &Hint::default());
    let cleaned = Cleaner::new(config, &language, &profile).clean(vec![page], &Verdicts::default());
    let mut out = Vec::new();
    cleaned.ledger.write(&mut out).expect("a vector takes all");
    out
}

fn samples() -> Vec<Vec<u8>> {
    let seed = std::fs::read(root("seeds/zhuzhou-daily-2021-08-20.txt")).expect("the seed is there");
    let nlp = Config { policy: Policy::Nlp, ..Config::default() };
    let plain = Config { policy: Policy::Diplomatic, ..Config::default() };
    vec![
        ledger_of(seed.clone(), &Config::default()),
        ledger_of(seed.clone(), &nlp),
        ledger_of(seed, &plain),
        ledger_of(Vec::new(), &Config::default()),
        ledger_of(b"a\xff\xfe\x00\x81 b".to_vec(), &Config::default()),
    ]
}

#[test]
fn every_line_fits_the_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root("docs/ledger.schema.json")).expect("there")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for sample in samples() {
        for line in String::from_utf8(sample).expect("UTF-8").lines() {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{line}: {errors:?}");
        }
    }
}

#[test]
fn the_schema_can_fail() {
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root("docs/ledger.schema.json")).expect("there")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for wrong in [
        serde_json::json!({"v": 2, "t": "flag", "layer": 1, "rule": "a", "span": [0, 1], "message": ""}),
        serde_json::json!({"v": 1, "t": "edit", "layer": 1, "rule": "a", "confidence": "likely", "fate": "applied", "span": [0, 1]}),
        serde_json::json!({"v": 1, "t": "edit", "layer": 8, "rule": "a", "confidence": "likely", "fate": "applied", "span": [0, 1], "before": "", "after": "x"}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn what_is_written_reads_back_and_writes_the_same() {
    for sample in samples() {
        let ledger = Ledger::read(sample.as_slice()).expect("our own ledger");
        let mut again = Vec::new();
        ledger.write(&mut again).expect("a vector takes all");
        assert_eq!(String::from_utf8(again), String::from_utf8(sample));
    }
}

#[test]
fn what_is_no_ledger_says_where_and_what() {
    let read = |s: &str| Ledger::read(s.as_bytes()).expect_err("no ledger").to_string();
    assert!(read("").contains("line 1"));
    assert!(read("{}").contains("line 1"));
    assert!(read("hello").contains("line 1: no ledger"));
    let head =
        r#"{"v":1,"t":"issue","tool":"recto 0","rules":"","config":"","profile":"","stages":["rejoin"],"pages":[]}"#;
    assert!(Ledger::read(head.as_bytes()).is_ok());
    assert!(read(&format!("{head}\n{{\"v\":1,\"t\":\"edit\",\"layer\":2}}")).contains("line 2: layer 2 did not run"));
    assert!(read(&format!("{head}\n{{\"v\":1,\"t\":\"edit\",\"layer\":4}}")).contains("line 2: an edit needs"));
    let other = format!("{head}\n{{\"v\":3,\"t\":\"flag\",\"layer\":4}}");
    assert!(matches!(Ledger::read(other.as_bytes()), Err(LedgerError::Version { line: 2, found: 3 })));
    let unknown = format!(
        "{head}\n{{\"v\":1,\"t\":\"flag\",\"layer\":4,\"rule\":\"r\",\"span\":[0,1],\"message\":\"m\",\"new\":5}}"
    );
    assert!(Ledger::read(unknown.as_bytes()).is_ok(), "a field from a later version is left alone");
}
