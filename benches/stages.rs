//! MB/s of decoding, of each stage and of the whole pipeline, on the real page: `cargo bench --bench stages`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use recto::config::Config;
use recto::language::Language;
use recto::pipeline::{Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::rule::Stage;
use recto::source::{Hint, decode};
use std::hint::black_box;

/// How often the page stands in the text: about 1 MB.
const COPIES: usize = 45;

fn page() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/zhuzhou-daily-2021-08-20.txt"))
        .expect("the seed is there")
        .repeat(COPIES)
}

fn stages(c: &mut Criterion) {
    let (language, profile, bytes) = (Language::embedded(), Profile::default(), page());
    let gb18030 = encoding_rs::GB18030.encode(std::str::from_utf8(&bytes).expect("UTF-8")).0.into_owned();
    let mut g = c.benchmark_group("decode");
    for (name, b) in [("utf-8", &bytes), ("gb18030", &gb18030)] {
        g.throughput(Throughput::Bytes(b.len() as u64));
        g.bench_function(name, |x| x.iter(|| decode(black_box(b), &Hint::default())));
    }
    g.finish();
    let mut g = c.benchmark_group("clean");
    g.sample_size(10).throughput(Throughput::Bytes(bytes.len() as u64));
    let decoded = DecodedPage::new(&PageInput { name: "p".into(), bytes }, &Hint::default());
    let mut run = |name: &str, stages: Vec<Stage>| {
        let config = Config { stages, ..Config::default() };
        let cleaner = Cleaner::new(&config, &language, &profile);
        g.bench_function(name, |x| x.iter(|| cleaner.clean(vec![decoded.clone()], &Verdicts::default())));
    };
    run("none", vec![]);
    for s in Stage::ALL {
        run(s.name(), vec![s]);
    }
    run("all", Stage::ALL.to_vec());
    g.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
