//! Right text is left alone: letters, programmes, lists, notices, verse and talk, a line each, come out as they went in.
//!
//! The texts were written for this test. What a column broke looks like them at first sight, so each kind was once joined.

use recto::config::Config;
use recto::language::Language;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use std::fs;

#[test]
fn texts_set_a_line_each_come_out_as_they_went_in() {
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/untouched");
    let mut seen = 0;
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("readable");
        let page = PageInput { name: "page.txt".into(), bytes: text.clone().into_bytes() };
        let cleaned = cleaner.clean(vec![DecodedPage::new(&page, &cleaner.hint())], &Verdicts::default());
        assert_eq!(cleaned.page(0), text, "{}", path.display());
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
}
