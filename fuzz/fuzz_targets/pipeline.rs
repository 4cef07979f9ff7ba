//! Any pages run through all stages, and output and ledger give the text back (I1, I2, I8).
#![no_main]

use libfuzzer_sys::fuzz_target;
use recto::config::Config;
use recto::language::Language;
use recto::ledger::restore_text;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::source::Hint;

fuzz_target!(|data: &[u8]| {
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    let pages = data
        .split(|&b| b == 0xFF)
        .enumerate()
        .map(|(n, b)| DecodedPage::new(&PageInput { name: format!("{n}.txt"), bytes: b.to_vec() }, &Hint::default()))
        .collect();
    for issue in recto::batch::split_at_damage(pages) {
        let c = cleaner.clean(issue, &Verdicts::default());
        assert_eq!(restore_text(&c.ledger, &c.text).expect("the ledger fits its output"), c.issue.text());
    }
});
