//! Learns what the rule `han-look-alike` needs from text given by path; the text is counted, never kept.
//!
//! `cargo run --release --example learn_han -- misreads OUT FILE...` counts which Han character stands for which in lines
//! `recognised TAB true`.
//! `... -- model OUT SET...` counts the shipped model: SET is `text:FILE` (a paragraph a line), `words:FILE` (word TAB
//! frequency), `pairs:FILE` and `ocr:FILE` (the true halves), `seg:FILE` (words set apart by spaces).
//! `... -- weights OUT SET...` learns the weights, `... -- terms OUT SET...` writes what they are learned from. Places are
//! `ocr:FILE` (recognised TAB true, to mend), `text:` and `pairs:` (to leave alone). Two models are counted, each from half of the texts, and each half is measured with the model
//! that has not seen it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use recto::language::{HanCounter, HanModel, Language};
use recto::rules::lexicon::han::{Depth, Judged, Survey, places};
use recto::text::script::is_han;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(command), Some(out)) = (args.first(), args.get(1)) else {
        return Err("usage: learn_han misreads|model|terms|weights OUT FILE_OR_SET...".into());
    };
    match command.as_str() {
        "misreads" => misreads(out, &args[2..]),
        "model" => {
            let mut counter = HanCounter::default();
            for set in &args[2..] {
                count(&mut counter, set, |_| true)?;
            }
            Ok(std::fs::write(out, counter.build())?)
        }
        "terms" => write_terms(out, &measure(&args[2..])?),
        "weights" => weights(out, &measure(&args[2..])?),
        _ => Err(format!("no such command: {command}").into()),
    }
}

/// Lines `wrong TAB right`, those of equal length.
fn pairs(path: &str) -> Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text
        .lines()
        .filter_map(|l| l.split_once('\t'))
        .map(|(a, b)| (a.to_owned(), b.split('\t').next().unwrap_or("").to_owned()))
        .collect())
}

fn misreads(out: &str, files: &[String]) -> Result<()> {
    Ok(std::fs::write(out, misread_table(files, |_| true)?)?)
}

fn misread_table(files: &[String], wanted: impl Fn(&str) -> bool) -> Result<String> {
    let mut counts: BTreeMap<char, BTreeMap<char, u32>> = BTreeMap::new();
    for f in files {
        for (wrong, right) in pairs(f)?.iter().filter(|(a, b)| a.chars().count() == b.chars().count() && wanted(b)) {
            for (w, r) in wrong.chars().zip(right.chars()).filter(|&(w, r)| w != r && is_han(w) && is_han(r)) {
                *counts.entry(w).or_default().entry(r).or_default() += 1;
            }
        }
    }
    let mut table = String::from(
        "# licence: MIT OR Apache-2.0\n# source: counted by `cargo run --release --example learn_han -- misreads` in recognised text beside its truth\n\
         # recognised\ttrue and how often, the most frequent first\n",
    );
    for (w, of) in counts {
        let mut of: Vec<(char, u32)> = of.into_iter().collect();
        of.sort_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
        let list: Vec<String> = of.iter().map(|(c, n)| format!("{c}{n}")).collect();
        let _ = writeln!(table, "{w}\t{}", list.join(" "));
    }
    Ok(table)
}

/// Half of the texts a text belongs to: by its own characters, so that equal ones stay together.
fn half(text: &str) -> u64 {
    text.bytes().fold(5u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3)) >> 20 & 1
}

fn count(counter: &mut HanCounter, set: &str, wanted: impl Fn(&str) -> bool) -> Result<()> {
    let (kind, path) = set.split_once(':').ok_or("a set is kind:FILE")?;
    match kind {
        "text" => {
            let text = std::fs::read_to_string(path)?;
            if wanted(&text) {
                text.lines().filter(|l| !l.trim().is_empty()).for_each(|l| counter.paragraph(l));
            }
        }
        "seg" => {
            let text = std::fs::read_to_string(path)?;
            let lines = text.lines().map(|l| l.split_whitespace().collect::<String>());
            lines.filter(|l| !l.is_empty() && wanted(l)).for_each(|l| counter.paragraph(&l));
        }
        "pairs" | "ocr" => pairs(path)?.iter().filter(|p| wanted(&p.1)).for_each(|p| counter.paragraph(&p.1)),
        "words" => {
            for l in std::fs::read_to_string(path)?.lines().filter(|l| !l.starts_with('#')) {
                let mut f = l.split('\t');
                if let (Some(w), Some(Ok(n))) = (f.next(), f.next().map(str::parse)) {
                    counter.word(w, n);
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A place that was measured.
struct Sample {
    set: String,
    fold: u64,
    doc: usize,
    show: String,
    /// Whether the best candidate is right.
    right: bool,
    /// Whether what is written is wrong, or may be.
    wrong: bool,
    terms: Vec<(&'static str, f32)>,
}

fn measure(sets: &[String]) -> Result<Vec<Sample>> {
    let mut languages = Vec::new();
    for fold in 0..2 {
        let mut counter = HanCounter::default();
        for s in sets {
            count(&mut counter, s, |t| half(t) != fold)?;
        }
        let mut l = Language::embedded();
        l.model = HanModel::new(counter.build())?;
        let files: Vec<String> = sets.iter().filter_map(|s| s.strip_prefix("ocr:")).map(str::to_owned).collect();
        let table = misread_table(&files, |t| half(t) != fold)?;
        l.look_alikes = l.look_alikes.with_misread(Box::leak(table.into_boxed_str()));
        languages.push(l);
    }
    let mut out = Vec::new();
    for set in sets {
        let (kind, path) = set.split_once(':').ok_or("a set is kind:FILE")?;
        let texts: Vec<(String, String)> = match kind {
            "text" => {
                let t = std::fs::read_to_string(path)?;
                vec![(t.clone(), t)]
            }
            "ocr" => pairs(path)?,
            "pairs" => pairs(path)?.into_iter().filter(|p| p.0 == p.1).collect(),
            _ => continue,
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut n = [0usize; 4];
        for (doc, (text, truth)) in texts.iter().enumerate() {
            let fold = half(truth);
            let language = &languages[fold as usize];
            let survey = Survey::of(text, &language.model);
            let want: Vec<char> = truth.chars().collect();
            let same = want.len() == text.chars().count();
            let found: BTreeMap<usize, Judged> =
                places(text, &survey, language, Depth::All).into_iter().map(|p| (p.place.at, p)).collect();
            for (i, (at, c)) in text.char_indices().enumerate() {
                let right = if same { want[i] } else { '\0' };
                let wrong = same && right != c && is_han(c) && is_han(right);
                let judged = found.get(&at);
                if wrong {
                    n[0] += 1;
                    n[1] += usize::from(language.look_alikes.of(c).all().any(|a| a.with == right));
                    n[2] += usize::from(judged.is_some_and(|f| f.candidates.iter().any(|x| x.with == right)));
                    n[3] += usize::from(judged.is_some_and(|f| f.candidates[0].with == right));
                }
                let Some(f) = judged else { continue };
                let best = f.candidates[0].with;
                let before: String = text[..at].chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
                let after: String = text[at..].chars().skip(1).take(6).collect();
                out.push(Sample {
                    set: name.to_owned(),
                    fold,
                    doc,
                    show: format!("{before}[{c}{best}]{after}").replace(['\n', '\t', '"'], " "),
                    right: wrong && best == right,
                    wrong: !same || right != c,
                    // Lines are too short for it, and its weight is measured otherwise.
                    terms: f.terms.iter().filter(|t| t.0 != "again").collect(),
                });
            }
        }
        if kind == "ocr" {
            eprintln!("{name}: {} Han for Han, {} in the tables, {} a candidate, {} the first", n[0], n[1], n[2], n[3]);
        }
    }
    Ok(out)
}

fn write_terms(out: &str, samples: &[Sample]) -> Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(out)?);
    let names: Vec<&str> = samples.first().map(|s| s.terms.iter().map(|t| t.0).collect()).unwrap_or_default();
    writeln!(file, "set\tfold\tdoc\tplace\tright\twrong\t{}", names.join("\t"))?;
    for s in samples {
        let values: Vec<String> = s.terms.iter().map(|t| format!("{:.3}", t.1)).collect();
        let (right, wrong) = (u8::from(s.right), u8::from(s.wrong));
        writeln!(file, "{}\t{}\t{}\t{}\t{right}\t{wrong}\t{}", s.set, s.fold, s.doc, s.show, values.join("\t"))?;
    }
    Ok(())
}

fn weights(out: &str, samples: &[Sample]) -> Result<()> {
    let all: Vec<&Sample> = samples.iter().collect();
    let basis = Basis::new(&all);
    let mut p = vec![0f32; samples.len()];
    for fold in 0..2 {
        let w = fit(&basis, &all.iter().copied().filter(|s| s.fold != fold).collect::<Vec<_>>());
        samples.iter().enumerate().filter(|(_, s)| s.fold == fold).for_each(|(i, s)| p[i] = basis.probability(&w, s));
    }
    for t in [0.2, 0.3, 0.4, 0.5, 0.7, 0.9] {
        let mut by: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for (s, _) in samples.iter().zip(&p).filter(|x| *x.1 >= t) {
            let kind = if s.set.starts_with("faspell") || s.set.contains("ocr") { &s.set } else { "clean" };
            by.entry(kind).or_default()[if s.right { 0 } else { 1 + usize::from(s.wrong) }] += 1;
        }
        eprintln!("p >= {t}: right, harmful, neither: {by:?}");
    }
    let w = fit(&basis, &all);
    let mut rows = basis.rows(&w);
    rows.sort();
    let head = "# licence: MIT OR Apache-2.0\n# source: learned by `cargo run --release --example learn_han -- weights` from recognised captions and clean text\n\
                # term\tvalue:weight (linear between, flat outside), in logarithms of the odds that the best look-alike is right\n";
    Ok(std::fs::write(out, format!("{head}{}\n", rows.join("\n")))?)
}

/// Hat functions per term, up to seven knots at its quantiles.
struct Basis {
    knots: BTreeMap<&'static str, (usize, Vec<f32>)>,
    size: usize,
}

impl Basis {
    fn new(samples: &[&Sample]) -> Self {
        let mut values: BTreeMap<&'static str, Vec<f32>> = BTreeMap::new();
        samples.iter().flat_map(|s| &s.terms).for_each(|&(n, x)| values.entry(n).or_default().push(x));
        // What is right is rare: its own quantiles place knots where they are needed.
        let mut right: BTreeMap<&'static str, Vec<f32>> = BTreeMap::new();
        samples
            .iter()
            .filter(|s| s.right)
            .flat_map(|s| &s.terms)
            .for_each(|&(n, x)| right.entry(n).or_default().push(x));
        let (mut knots, mut size) = (BTreeMap::new(), 0);
        for (name, mut v) in values {
            let mut k = Vec::new();
            let r = right.entry(name).or_default();
            for (list, quantiles) in [(&mut v, [0.01, 0.2, 0.5, 0.8, 0.99]), (r, [0.05, 0.25, 0.5, 0.75, 0.95])] {
                list.sort_by(f32::total_cmp);
                k.extend(
                    quantiles.iter().filter_map(|q| list.get(((list.len().max(1) - 1) as f32 * q) as usize)).copied(),
                );
            }
            k.iter_mut().for_each(|x| *x = (*x * 100.0).round() / 100.0);
            k.sort_by(f32::total_cmp);
            k.dedup_by(|a, b| (*a - *b).abs() < 0.05);
            let n = k.len();
            knots.insert(name, (size, k));
            size += n;
        }
        Self { knots, size }
    }

    fn active(&self, s: &Sample) -> Vec<(usize, f32)> {
        let mut out = Vec::new();
        for (name, x) in &s.terms {
            let Some((at, k)) = self.knots.get(name) else { continue };
            match k.partition_point(|v| v <= x) {
                0 => out.push((*at, 1.0)),
                n if n == k.len() => out.push((at + n - 1, 1.0)),
                n => {
                    let f = (x - k[n - 1]) / (k[n] - k[n - 1]);
                    out.push((at + n - 1, 1.0 - f));
                    out.push((at + n, f));
                }
            }
        }
        out
    }

    fn probability(&self, w: &[f32], s: &Sample) -> f32 {
        sigmoid(self.active(s).iter().map(|&(i, x)| w[i] * x).sum())
    }

    fn rows(&self, w: &[f32]) -> Vec<String> {
        let row = |(name, (at, k)): (&&str, &(usize, Vec<f32>))| {
            let knots: Vec<String> = k.iter().enumerate().map(|(i, x)| format!("{x}:{:.3}", w[at + i])).collect();
            format!("{name}\t{}", knots.join(" "))
        };
        self.knots.iter().map(row).collect()
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Logistic regression with a square penalty, by Adam over shuffled batches.
fn fit(basis: &Basis, samples: &[&Sample]) -> Vec<f32> {
    let (epochs, size, top, decay) = (24, 64, 0.02f32, 3.0f32);
    let rows: Vec<(Vec<(usize, f32)>, f32)> =
        samples.iter().map(|s| (basis.active(s), f32::from(u8::from(s.right)))).collect();
    let n = basis.size;
    let (mut w, mut m, mut v, mut g) = (vec![0f32; n], vec![0f32; n], vec![0f32; n], vec![0f32; n]);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let (mut random, mut step) = (7u64, 0);
    for epoch in 0..epochs {
        for i in (1..order.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(i, ((random >> 33) as usize) % (i + 1));
        }
        let rate = top * (1.0 - epoch as f32 / epochs as f32);
        for batch in order.chunks(size) {
            step += 1;
            g.iter_mut().zip(&w).for_each(|(g, w)| *g = decay * w / rows.len() as f32);
            for &i in batch {
                let (x, y) = &rows[i];
                let e = sigmoid(x.iter().map(|&(j, a)| w[j] * a).sum()) - y;
                x.iter().for_each(|&(j, a)| g[j] += e * a / batch.len() as f32);
            }
            let (c1, c2) = (1.0 - 0.9f32.powi(step.min(1000)), 1.0 - 0.999f32.powi(step.min(20000)));
            for j in 0..n {
                m[j] = 0.9 * m[j] + 0.1 * g[j];
                v[j] = 0.999 * v[j] + 0.001 * g[j] * g[j];
                w[j] -= rate * (m[j] / c1) / ((v[j] / c2).sqrt() + 1e-6);
            }
        }
    }
    w
}
