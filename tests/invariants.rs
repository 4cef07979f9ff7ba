//! The invariants of the design, each named by its test. I7 and I9 need whole runs and stand in `cli.rs`.

use proptest::prelude::*;
use recto::config::{Config, Policy};
use recto::hash::sha256_hex;
use recto::language::Language;
use recto::ledger::{Fate, Key, Ledger, changes, pages_of, restore_text};
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::rule::Stage;
use recto::source::Hint;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

static LANGUAGE: LazyLock<Language> = LazyLock::new(Language::embedded);
static PROFILE: LazyLock<Profile> = LazyLock::new(Profile::default);

fn clean_with(config: &Config, pages: &[Vec<u8>], suppressed: &Verdicts) -> Vec<Cleaned> {
    let cleaner = Cleaner::new(config, &LANGUAGE, &PROFILE);
    let decoded = pages
        .iter()
        .enumerate()
        .map(|(n, b)| DecodedPage::new(&PageInput { name: format!("p{n}.txt"), bytes: b.clone() }, &Hint::default()))
        .collect();
    recto::batch::split_at_damage(decoded).into_iter().map(|i| cleaner.clean(i, suppressed)).collect()
}

fn clean(pages: &[Vec<u8>]) -> Vec<Cleaned> {
    clean_with(&Config::default(), pages, &Verdicts::default())
}

/// The ledger after a trip through its file form.
fn reread(c: &Cleaned) -> Ledger {
    let mut bytes = Vec::new();
    c.ledger.write(&mut bytes).expect("a vector takes all");
    Ledger::read(bytes.as_slice()).expect("what was written can be read")
}

/// The issue's text as the page files and the slices give it.
fn from_slices(c: &Cleaned, ledger: &Ledger) -> String {
    let (mut text, mut end) = (String::new(), 0);
    for (n, p) in ledger.header.pages.iter().enumerate() {
        if p.slice.0 == end + 1 {
            text.push('\u{C}');
        }
        text.push_str(c.page(n));
        end = p.slice.1;
    }
    text
}

fn check_i1_i2(pages: &[Vec<u8>]) {
    let mut back = Vec::new();
    for c in clean(pages) {
        let ledger = reread(&c);
        let last = from_slices(&c, &ledger);
        assert_eq!(last, c.text, "the slices do not add up to the final text");
        let original = restore_text(&ledger, &last).expect("the ledger fits its own output");
        assert_eq!(original, c.issue.text(), "I1: the decoded text does not come back");
        back.extend(pages_of(&ledger, &original, sha256_hex).expect("I1: the bytes do not come back"));
        let mut forward = original;
        for layer in &ledger.layers {
            forward = layer.patch().expect("sorted").apply(&forward).expect("fits");
        }
        assert_eq!(forward, last, "I2: original plus live edits is not the output");
    }
    assert_eq!(back, pages, "I1: restore(clean(x)) is not x");
}

/// Bits that newspaper pages are made of, with their traps.
fn bit() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("市委书记强调,全市上下"),
        Just("医"),
        Just("生"),
        Just("。"),
        Just("\n"),
        Just("\n\n"),
        Just("\r\n"),
        Just("\u{C}"),
        Just(" >>> 下转A3版"),
        Just("(记者/王明) "),
        Just("8月19日,"),
        Just("“你好”"),
        Just("——"),
        Just("- "),
        Just("-\n"),
        Just("The Mayor said that the govern-\nment"),
        Just(" and "),
        Just("Haupt- und Neben"),
        Just("3:2"),
        Just("12,000"),
        Just("\u{FEFF}"),
        Just("\u{3000}\u{3000}"),
        Just("ﬁ"),
        Just("ſ"),
        Just("é"),
        Just("e\u{301}"),
        Just("株 洲 日 报"),
        Just("=====\n"),
        Just("— 4 —\n"),
        Just("第3版 要闻\n"),
        Just("2021年8月20日 星期五\n"),
        Just("ÖÐ¹ú"),
        Just("ä¸\u{AD}å›½"),
        Just("\u{0}"),
        Just("\t"),
        Just("（"),
        Just(")"),
        Just("《"),
        Just("......"),
        Just("\u{200B}"),
        Just("\u{AD}"),
        Just("⽂"),
        Just("Ａ１"),
        Just("ｱ"),
    ]
}

fn page() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(bit(), 0..60).prop_map(|v| v.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn i1_i2_newspaper_like_pages_come_back(pages in proptest::collection::vec(page(), 1..5)) {
        check_i1_i2(&pages);
    }

    #[test]
    fn i1_i2_i8_any_bytes_come_back(pages in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..4)) {
        check_i1_i2(&pages);
    }

    #[test]
    fn i8_any_text_is_survived(text in "\\PC{0,200}") {
        check_i1_i2(&[text.into_bytes()]);
    }

    #[test]
    fn i3_ink_changes_only_where_its_stage_may(pages in proptest::collection::vec(page(), 1..4)) {
        for c in clean(&pages) { check_i3(&c); }
    }

    #[test]
    fn i6_what_is_rejected_or_proposed_is_not_in_the_output(pages in proptest::collection::vec(page(), 1..3), pick in any::<prop::sample::Index>()) {
        for c in clean(&pages) { check_i6(&c, &pages, pick); }
    }
}

/// Han characters, letters and digits: what no later stage may touch.
fn ink(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn check_i3(c: &Cleaned) {
    let mut text = c.issue.text().to_owned();
    for layer in &c.ledger.layers {
        let next = layer.patch().expect("sorted").apply(&text).expect("fits");
        if matches!(layer.stage, Stage::Rejoin | Stage::Punctuation) {
            assert_eq!(ink(&text), ink(&next), "I3: {} altered ink", layer.stage.name());
        }
        if layer.stage == Stage::Rejoin {
            for r in layer.records.iter().filter(|r| r.applied()) {
                for p in &r.parts {
                    let only = |s: &str| s.chars().all(|c| c.is_whitespace() || "-¬\u{AD}\u{2010}=⸗".contains(c));
                    assert!(only(&p.before) && only(&p.after), "I3: rejoin took {:?} and put {:?}", p.before, p.after);
                }
            }
        }
        text = next;
    }
}

/// Rejects one applied edit and cleans again: the edit is not applied, and nothing else was lost.
fn check_i6(c: &Cleaned, pages: &[Vec<u8>], pick: prop::sample::Index) {
    for layer in &c.ledger.layers {
        for r in layer.records.iter().filter(|r| !r.applied()) {
            assert!(matches!(r.fate, Fate::Proposed | Fate::Superseded(_)), "{:?}", r.fate);
        }
    }
    let all = changes(c.issue.text(), &c.ledger.layers).expect("fits");
    let applied: Vec<_> = all.iter().filter(|x| !x.hunks.is_empty()).collect();
    if applied.is_empty() {
        return;
    }
    let gone: Vec<Key> = applied[pick.index(applied.len())].edits.iter().map(|e| e.key.clone()).collect();
    for again in clean_with(&Config::default(), pages, &Verdicts::new(gone.clone())) {
        if again.issue != c.issue {
            continue;
        }
        for x in changes(again.issue.text(), &again.ledger.layers).expect("fits") {
            for e in &x.edits {
                let r = &again.ledger.layers[e.place.layer].records[e.place.record];
                // An ordinal shifts when its neighbours are gone; such keys are stale, not misapplied.
                if gone.contains(&e.key) && !e.key.as_str().contains('#') {
                    assert!(!r.applied(), "I6: a rejected edit of {} is in the output", r.rule);
                }
            }
        }
    }
}

fn seed(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/seeds/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the seed is there")
}

const SEED: &str = "zhuzhou-daily-2021-08-20.txt";
const GOLD: &str = "zhuzhou-daily-2021-08-20.gold.txt";

#[test]
fn i1_i2_i3_the_real_page() {
    check_i1_i2(&[seed(SEED)]);
    clean(&[seed(SEED)]).iter().for_each(check_i3);
}

/// Width, compatibility forms and joins may differ; the letters, digits and Han characters of names, numbers, dates
/// and quotations may not.
#[test]
fn i4_protected_ink_is_untouched() {
    let without_debris = Config {
        stages: Stage::ALL.into_iter().filter(|s| *s != Stage::Debris).collect(),
        policy: Policy::Nlp,
        ..Config::default()
    };
    for c in clean_with(&without_debris, &[seed(SEED)], &Verdicts::default()) {
        let folded = |t: &str| ink(&t.nfkc().collect::<String>());
        let quotes = |t: &str| -> Vec<String> {
            t.split('“').skip(1).filter_map(|q| q.split('”').next()).map(folded).collect()
        };
        let digits = |t: &str| t.nfkc().filter(char::is_ascii_digit).collect::<String>();
        assert_eq!(quotes(c.issue.text()), quotes(&c.text), "I4: a quotation");
        assert_eq!(digits(c.issue.text()), digits(&c.text), "I4: a number or date");
    }
}

#[test]
fn i5_cleaning_again_applies_nothing() {
    for name in [SEED, GOLD] {
        let once = clean(&[seed(name)]);
        let again = clean(&once.iter().map(|c| c.page(0).as_bytes().to_vec()).collect::<Vec<_>>());
        for c in again {
            let applied: Vec<_> = c.ledger.layers.iter().flat_map(|l| &l.records).filter(|r| r.applied()).collect();
            assert!(applied.is_empty(), "I5: {name}: {applied:#?}");
        }
    }
}

#[test]
fn i7_the_same_input_gives_the_same_ledger() {
    let bytes = |c: &[Cleaned]| {
        let mut out = Vec::new();
        c.iter().for_each(|c| c.ledger.write(&mut out).expect("a vector takes all"));
        out
    };
    assert_eq!(bytes(&clean(&[seed(SEED)])), bytes(&clean(&[seed(SEED)])));
}

#[test]
fn the_ledger_of_the_real_page_is_at_most_twice_the_page() {
    let page = seed(SEED);
    let mut bytes = Vec::new();
    clean(std::slice::from_ref(&page))[0].ledger.write(&mut bytes).expect("a vector takes all");
    assert!(bytes.len() <= 2 * page.len(), "{} bytes of ledger for {} of text", bytes.len(), page.len());
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below.max(1) as u64).unwrap_or(0)
    }
}

/// What decoders, rules and slices have reason to stumble over.
const ATOMS: &[&str] = &[
    "市领导强调,全市上下",
    "医\n",
    "\n疗队员们",
    "\u{C}",
    "\r\n",
    "\r",
    "\n\n",
    ">>> 下转A3版\n",
    "<<< 上接A1版\n",
    "(试行)",
    "“他说,‘好’”",
    "\"",
    "'",
    "……",
    "...",
    "--",
    "A3 · 要闻\n",
    "- 12 -\n",
    "第三版\n",
    "\u{FEFF}",
    "\u{200B}",
    "\u{AD}",
    "\u{FFFD}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\u{301}",
    "e\u{301}",
    "Å",
    "ﬁ",
    "ſ",
    "⼀",
    "豈",
    "ｱﾞ",
    "１２３",
    "ＡＢＣ",
    "　",
    "\t",
    "the new-\npaper",
    "Zusammen-\narbeit",
    "co-\noperate",
    "l’huma-\nnité",
    "1914-\n1918",
    "schÃ¶n",
    "ä¸\u{AD}å›½",
    "鍥藉",
    "é€²",
    "\u{1b}[31m",
    "\u{1b}$B",
    "\u{1b}(B",
    "~{",
    "+AGE-",
    "𠮷",
    "\u{10FFFF}",
    "\u{E000}",
    "。",
    "，",
    "；",
    "a",
    " ",
    "=====\n",
    "|",
    "•",
    "Seite 4\n",
    "Fortsetzung auf Seite 5\n",
    "Continued on Page 3\n",
    "Suite page 2\n",
];

/// Pages made of atoms, in some encoding, and often mangled.
fn hostile_pages(dice: &mut Dice) -> Vec<Vec<u8>> {
    let encodings =
        ["utf-8", "utf-8", "gb18030", "big5", "shift_jis", "euc-kr", "windows-1252", "iso-2022-jp", "koi8-r"];
    let pages = 1 + dice.roll(4) * usize::from(dice.roll(3) == 0);
    (0..pages)
        .map(|_| {
            let text: String = (0..dice.roll(10)).map(|_| ATOMS[dice.roll(ATOMS.len())]).collect();
            let mut bytes = match dice.roll(11) {
                9 => [b"\xFF\xFE".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
                10 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                n => {
                    let e = encoding_rs::Encoding::for_label(encodings[n].as_bytes()).expect("a label");
                    e.encode(&text).0.into_owned()
                }
            };
            for _ in 0..dice.roll(4) {
                let at = dice.roll(bytes.len() + 1);
                match dice.roll(5) {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at, u8::try_from(dice.roll(256)).expect("a byte")),
                    2 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
                    3 if at < bytes.len() => drop(bytes.remove(at)),
                    _ => bytes.extend_from_within(at..),
                }
            }
            bytes
        })
        .collect()
}

#[test]
fn i1_i2_ten_thousand_hostile_issues_come_back() {
    use rayon::prelude::*;
    (0..64u64).into_par_iter().for_each(|seed| {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 20_261_127);
        for _ in 0..165 {
            check_i1_i2(&hostile_pages(&mut dice));
        }
    });
}
