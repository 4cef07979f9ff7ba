//! Whole pages: every finding of every rule on the seeds and fixtures, as a reader would see it. Read the diff of a
//! snapshot before accepting it: it shows what a rule change does to real text.

use recto::config::Config;
use recto::language::Language;
use recto::ledger::changes;
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::report::{PLAIN, Show, write_check, write_inline};
use recto::source::Hint;

fn root(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn clean(name: &str) -> Cleaned {
    let bytes = std::fs::read(root(name)).expect("the page is there");
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let page = DecodedPage::new(&PageInput { name: name.into(), bytes }, &Hint::default());
    Cleaner::new(&config, &language, &profile).clean(vec![page], &Verdicts::default())
}

/// Flags and counts, then every change, then every proposal.
fn findings(name: &str) -> String {
    let c = clean(name);
    let list = changes(c.issue.text(), &c.ledger.layers).expect("fits");
    let mut out = Vec::new();
    write_check(&mut out, &c).expect("a vector takes all");
    for proposed in [false, true] {
        out.extend_from_slice(if proposed { b"\nproposed:\n" } else { b"\napplied:\n" });
        write_inline(
            &mut out,
            &c.issue,
            &c.ledger,
            &list,
            &PLAIN,
            if proposed { Show::Proposed } else { Show::Applied },
        )
        .expect("a vector takes all");
    }
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn the_real_page() {
    insta::assert_snapshot!(findings("seeds/zhuzhou-daily-2021-08-20.txt"));
}

/// The page comes out as the text that was made by hand; blank lines are counted as one.
#[test]
fn the_real_page_comes_out_as_its_gold_text() {
    let gold =
        std::fs::read_to_string(root("seeds/zhuzhou-daily-2021-08-20.gold.txt")).expect("the gold text is there");
    let lines = |t: &str| t.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&clean("seeds/zhuzhou-daily-2021-08-20.txt").text), lines(&gold));
}

/// A clean page is left alone, blank lines and all.
#[test]
fn the_gold_text_is_left_alone() {
    let c = clean("seeds/zhuzhou-daily-2021-08-20.gold.txt");
    assert_eq!(c.text, c.issue.text());
}

/// `seeds/` is exactly as received.
#[test]
fn the_seeds_are_as_received() {
    let manifest = std::fs::read_to_string(root("seeds/MANIFEST.sha256")).expect("the manifest is there");
    for line in manifest.lines() {
        let (sum, name) = line.split_once("  ").expect("sum and name");
        let bytes = std::fs::read(root(&format!("seeds/{name}"))).expect("listed and there");
        assert_eq!(recto::hash::sha256_hex(&bytes), sum, "{name}");
    }
}
