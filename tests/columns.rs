//! Lists, verse, prices and talk below columns of prose keep their lines, while the prose is joined.
//!
//! In the texts, written for this test, `¦` stands where a column broke a line of prose; every other line end is right.

use recto::config::Config;
use recto::language::Language;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use std::fs;

/// Share of the breaks of all texts that must be joined: a short text shows little of its columns.
const JOINED: f32 = 0.9;

#[test]
fn prose_is_joined_and_what_is_set_line_by_line_is_not() {
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/columns");
    let (mut all, mut joined, mut texts, mut wrong) = (0, 0, 0, Vec::new());
    let squeeze = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("readable");
        let page = PageInput { name: "page.txt".into(), bytes: text.replace('¦', "\n").into_bytes() };
        let cleaned = cleaner.clean(vec![DecodedPage::new(&page, &cleaner.hint())], &Verdicts::default());
        let out = cleaned.page(0).to_owned();
        assert_eq!(squeeze(&out), squeeze(&text.replace('¦', "")), "{}: no letter is lost", path.display());
        // Ink before each line end that is there, and that should be.
        let ends = |t: &str| {
            let lines = t.split('\n').map(|l| squeeze(l).chars().count());
            lines
                .scan(0, |sum, n| {
                    *sum += n;
                    Some(*sum)
                })
                .collect::<Vec<usize>>()
        };
        let (got, right) = (ends(&out), ends(&text.replace('¦', "")));
        for (line, end) in text.lines().zip(&right) {
            if !got.contains(end) {
                wrong.push(format!("{}: joined behind {line}", path.display()));
            }
        }
        let breaks = text.matches('¦').count();
        all += breaks;
        joined += (breaks + right.len()).saturating_sub(got.len());
        texts += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(texts >= 7 && joined as f32 >= JOINED * all as f32, "{joined} of {all} in {texts} texts");
}
