//! Whether the whole pipeline takes time linear in its input: MB/s on 1, 10 and 100 MB of the real page, copy after
//! copy with form feeds between them: `cargo bench --bench linear`. A number of MB as argument stops there.

#![allow(clippy::print_stdout)]

use recto::config::Config;
use recto::language::Language;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::source::Hint;
use std::time::Instant;

/// Runs of each size; the median counts.
const RUNS: usize = 3;

fn main() {
    let most: usize = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(100);
    let page = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/zhuzhou-daily-2021-08-20.txt"))
        .expect("the seed is there");
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    let mut first = None;
    for mb in [1usize, 10, 100].into_iter().filter(|&mb| mb <= most) {
        let mut bytes = Vec::with_capacity(mb * 1_000_000 + page.len());
        while bytes.len() < mb * 1_000_000 {
            bytes.extend_from_slice(&page);
            bytes.push(0x0C);
        }
        let mut seconds: Vec<f64> = (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                let input = PageInput { name: "p".into(), bytes: bytes.clone() };
                let cleaned = cleaner.clean(vec![DecodedPage::new(&input, &Hint::default())], &Verdicts::default());
                assert!(!cleaned.text.is_empty());
                start.elapsed().as_secs_f64()
            })
            .collect();
        seconds.sort_by(f64::total_cmp);
        let rate = bytes.len() as f64 / 1e6 / seconds[RUNS / 2];
        let base = *first.get_or_insert(rate);
        println!("{mb:>4} MB  {rate:>8.1} MB/s  {:.2} of the rate at 1 MB", rate / base);
    }
}
