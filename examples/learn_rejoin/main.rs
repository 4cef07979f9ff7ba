//! Learns `dictionaries/rejoin-weights.tsv` from labelled corpora given by path.
//!
//! `cargo run --release --example learn_rejoin -- OUT [--ablation FILE] SET...`, each SET one of
//! `pages:DIR` (issues with `printed.jsonl`, `events.jsonl`, `pN.printed.txt`, `pN.ordered.txt`, `pN.txt`),
//! `jsonl:FILE` (regions with `blocks[].lines`, kind `p` a paragraph),
//! `again:DIR` and `again-jsonl:FILE` (the same after this build's own stage `rejoin`: what is left to judge when a
//! cleaned text is cleaned again, which must come to nothing),
//! `torn:LIST[:TABLE]` and `set:LIST[:TABLE]` (a list of clean files, torn or set in columns here; TABLE: a character
//! model that has not seen them). Prints precision, recall and F1 per set, held out by document. `--ablation FILE` writes
//! what is lost without each kind of evidence.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod boost;
mod corpora;

use boost::{Row, fit};
use corpora::{Labelled, MADE};
use recto::document::Document;
use recto::language::Language;
use recto::rules::rejoin::facts::Sides;
use recto::rules::rejoin::names::{COUNT, NAMES};
use recto::rules::rejoin::terms::{Break, Setting, Terms, terms};
use recto::rules::rejoin::weights::{Node, Tree, Weights, sigmoid};
use recto::rules::rejoin::{Spellings, is_weighed};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

/// Parts into which documents are divided: each is judged by trees that have not seen it.
const FOLDS: usize = 3;

/// The set that says nothing of how sure one may be of real pages.
const COLUMNS: &str = "columns";

struct Sample {
    set: usize,
    fold: usize,
    setting: Setting,
    row: Row,
    place: (usize, usize),
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let ablation = args.iter().position(|a| a == "--ablation").map(|k| args.drain(k..=k + 1).nth(1));
    let out = args.first().ok_or("usage: learn_rejoin OUT [--ablation FILE] SET...")?;
    let (mut samples, mut names, mut texts) = (Vec::new(), Vec::<String>::new(), Vec::new());
    for spec in &args[1..] {
        let (docs, language) = corpora::read(spec)?;
        for d in docs {
            let set = names.iter().position(|n| *n == d.set).unwrap_or_else(|| {
                names.push(d.set.clone());
                names.len() - 1
            });
            collect(&d, set, &language, texts.len(), &mut samples);
            texts.push(d.text);
        }
        eprintln!("{spec}: {} breaks so far", samples.len());
    }
    let held = held_out(&samples, &[]);
    report(&samples, &held, &names, &texts);
    if let Some(Some(file)) = ablation {
        std::fs::write(file, ablate(&samples, &held, &names))?;
    }
    std::fs::write(out, table(&samples, &held, &names))?;
    Ok(())
}

/// The samples of one labelled text.
fn collect(d: &Labelled, set: usize, language: &Language, number: usize, out: &mut Vec<Sample>) {
    let doc = Document::new(&d.text, &[]);
    let layout = doc.layout();
    let sides = Sides::of(&doc, layout);
    let spellings = Spellings::new(&doc);
    let mut ink = 0;
    for right in 1..layout.lines.len() {
        let l = layout.lines[right - 1];
        ink += doc.slice(l.measure.ink).chars().filter(|c| !c.is_whitespace()).count();
        let Some(&join) = d.cuts.get(&ink) else { continue };
        // Only what is weighed is learned from.
        if !is_weighed(&doc, layout, &sides, right, &spellings, language) {
            continue;
        }
        let same_page = doc.lines()[l.line].page == doc.lines()[layout.lines[right].line].page;
        let blanks = if same_page { layout.lines[right].blanks } else { 0 };
        let (setting, t) = terms(&Break { doc: &doc, layout, sides: &sides, left: right - 1, right, blanks }, language);
        let place = (number, l.measure.ink.end());
        let row = Row { values: t.values, join, weight: weight(&d.set) };
        out.push(Sample { set, fold: d.doc % FOLDS, setting, row, place });
    }
}

/// Text that is made here is plentiful and all alike: it counts for less than pages.
fn weight(set: &str) -> f32 {
    match set {
        COLUMNS => 1.0 / MADE as f32,
        "torn" => 1.5 / MADE as f32,
        _ => 1.0,
    }
}

fn of_setting(samples: &[Sample], setting: Setting) -> Vec<usize> {
    (0..samples.len()).filter(|&i| samples[i].setting == setting).collect::<Vec<_>>()
}

/// The odds of each sample by trees that have not seen its document.
fn held_out(samples: &[Sample], without: &[usize]) -> Vec<f32> {
    let mut odds = vec![0.0; samples.len()];
    for setting in Setting::ALL {
        let mine = of_setting(samples, setting);
        for fold in 0..FOLDS {
            let train: Vec<&Row> =
                mine.iter().filter(|&&i| samples[i].fold != fold).map(|&i| &samples[i].row).collect();
            if train.is_empty() {
                continue;
            }
            let w = Weights::new(fit(&train, without));
            for &i in mine.iter().filter(|&&i| samples[i].fold == fold) {
                odds[i] = w.odds(&terms_of(&samples[i].row));
            }
        }
    }
    odds
}

fn terms_of(row: &Row) -> Terms {
    Terms { values: row.values, ..Terms::default() }
}

/// True and false joins and keeps of some samples at even odds.
#[derive(Default, Clone, Copy)]
struct Counts {
    tp: usize,
    fp: usize,
    miss: usize,
    tn: usize,
    loss: f32,
}

impl Counts {
    fn add(&mut self, join: bool, odds: f32) {
        let p = sigmoid(odds);
        match (join, odds >= 0.0) {
            (true, true) => self.tp += 1,
            (false, true) => self.fp += 1,
            (true, false) => self.miss += 1,
            (false, false) => self.tn += 1,
        }
        self.loss -= if join { p } else { 1.0 - p }.max(1e-6).ln();
    }
    fn n(&self) -> usize {
        self.tp + self.fp + self.miss + self.tn
    }
    fn f1(&self) -> f32 {
        2.0 * self.tp as f32 / (2 * self.tp + self.fp + self.miss).max(1) as f32
    }
}

fn report(samples: &[Sample], held: &[f32], names: &[String], texts: &[String]) {
    let show: Vec<String> =
        std::env::var("SHOW").map(|s| s.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let mut counts: BTreeMap<(&str, usize), Counts> = BTreeMap::new();
    for (s, &o) in samples.iter().zip(held) {
        counts.entry((s.setting.name(), s.set)).or_default().add(s.row.join, o);
        if (o >= 0.0) != s.row.join && show.contains(&names[s.set]) {
            let p = sigmoid(o);
            eprintln!("{} p={p:.2} join={} {}", names[s.set], s.row.join, around(&texts[s.place.0], s.place.1));
        }
    }
    thresholds(samples, held, names);
    for ((setting, set), c) in counts {
        let precision = c.tp as f32 / (c.tp + c.fp).max(1) as f32;
        let recall = c.tp as f32 / (c.tp + c.miss).max(1) as f32;
        eprintln!(
            "{setting:17} {:18} n={:6} P={precision:.4} R={recall:.4} F1={:.4} fp={} fn={} loss={:.4}",
            names[set],
            c.n(),
            c.f1(),
            c.fp,
            c.miss,
            c.loss / c.n() as f32
        );
    }
}

/// Right and wrong joins between bounds of the calibrated probability, by setting and by what stands between.
fn thresholds(samples: &[Sample], held: &[f32], names: &[String]) {
    const BOUNDS: [f32; 9] = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01];
    let calibration = calibrations(samples, held, names);
    let mut all: BTreeMap<(&str, &str), [[usize; 2]; BOUNDS.len()]> = BTreeMap::new();
    for (s, &o) in samples.iter().zip(held).filter(|(s, _)| names[s.set] != COLUMNS) {
        let t = terms_of(&s.row);
        let place = if t.value("page") > 0.0 {
            "page"
        } else if t.value("across") > 0.0 {
            "across"
        } else if t.value("blanks") > 0.0 {
            "blank"
        } else if t.value("width-change").abs() > 1.2 {
            "width"
        } else {
            "plain"
        };
        let k = Setting::ALL.iter().position(|&x| x == s.setting).unwrap_or(0);
        let p = sigmoid(calibration[k].0 * o + calibration[k].1);
        let bucket = BOUNDS.iter().position(|&b| p < b).unwrap_or(0);
        all.entry((s.setting.name(), place)).or_default()[bucket][usize::from(s.row.join)] += 1;
    }
    for ((setting, place), n) in all {
        let row: Vec<String> =
            BOUNDS.iter().zip(n).map(|(b, [wrong, right])| format!("<{b}: {right}+{wrong}")).collect();
        eprintln!("{setting:17} {place:7} right+wrong {}", row.join("  "));
    }
}

fn calibrations(samples: &[Sample], held: &[f32], names: &[String]) -> Vec<(f32, f32)> {
    let of = |setting| {
        let mine: Vec<(f32, bool, f32)> = samples
            .iter()
            .zip(held)
            .filter(|(s, _)| s.setting == setting && names[s.set] != COLUMNS)
            .map(|(s, &o)| (o, s.row.join, s.row.weight))
            .collect();
        calibrate(&mine)
    };
    Setting::ALL.into_iter().map(of).collect()
}

fn around(text: &str, at: usize) -> String {
    let before: String = text[..at].chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = text[at..].chars().take(26).collect();
    format!("{}|{}", before.replace('\n', "/"), after.replace('\n', "/"))
}

/// The table that is shipped: trees of all samples, calibrations of the held-out ones.
fn table(samples: &[Sample], held: &[f32], names: &[String]) -> String {
    let mut out = String::from(
        "# licence: MIT OR Apache-2.0\n# source: learned by `cargo run --release --example learn_rejoin` from labelled newspaper pages and columns\n\
         # setting\ttree\tnodes of the tree as a walk meets them: name<bound, what lies at or below it, what lies above; a number is a leaf,\n\
         # added to the logarithm of the odds for a join. setting\tcalibration\tslope and offset of that sum\n",
    );
    let mut rows = Vec::new();
    for setting in Setting::ALL {
        let name = setting.name();
        let train: Vec<&Row> = of_setting(samples, setting).into_iter().map(|i| &samples[i].row).collect();
        for (k, tree) in fit(&train, &[]).iter().enumerate() {
            rows.push(format!("{name}\t{k:03}\t{}", written(tree)));
        }
    }
    for (setting, (slope, offset)) in Setting::ALL.into_iter().zip(calibrations(samples, held, names)) {
        eprintln!("{}: slope {slope:.3} offset {offset:.3}", setting.name());
        rows.push(format!("{}\tcalibration\t{slope:.3} {offset:.3}", setting.name()));
    }
    rows.sort();
    out.push_str(&rows.join("\n"));
    out.push('\n');
    out
}

fn written(tree: &Tree) -> String {
    let mut s = String::new();
    for node in tree {
        match node {
            Node::Split { name, at, .. } => {
                let _ = write!(s, " {}<{at}", NAMES[usize::from(*name)]);
            }
            Node::Leaf(w) => {
                let _ = write!(s, " {w}");
            }
        }
    }
    s.trim_start().to_owned()
}

/// Slope and offset under which the held-out odds are likeliest (Platt's scaling, by Newton's method). A setting where
/// nearly nothing joins has nothing to be calibrated by.
fn calibrate(mine: &[(f32, bool, f32)]) -> (f32, f32) {
    let joins = mine.iter().filter(|m| m.1).count();
    if joins < 200 || mine.len() - joins < 200 {
        return (1.0, 0.0);
    }
    let (mut a, mut b) = (1.0f64, 0.0f64);
    for _ in 0..30 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 1e-6, 0.0, 1e-6);
        for &(o, join, weight) in mine {
            let (o, weight) = (f64::from(o), f64::from(weight));
            let p = 1.0 / (1.0 + (-(a * o + b)).exp());
            let (e, v) = (weight * (p - f64::from(u8::from(join))), weight * p * (1.0 - p));
            (ga, gb) = (ga + e * o, gb + e);
            (haa, hab, hbb) = (haa + v * o * o, hab + v * o, hbb + v);
        }
        let det = haa * hbb - hab * hab;
        a -= (hbb * ga - hab * gb) / det;
        b -= (haa * gb - hab * ga) / det;
    }
    (a as f32, b as f32)
}

/// Kinds of evidence that are left out together.
const GROUPS: [(&str, &[&str]); 11] = [
    ("marks", &["end-L", "stop-token", "stop-digit", "R-ends-stop", "L-has-marks", "R-has-marks", "L-has-stop-inside"]),
    ("start of R", &["start-R"]),
    ("brackets", &["open-bracket", "closes-first", "bracket-across"]),
    (
        "fill",
        &[
            "slack-before",
            "slack-L",
            "slack-R",
            "slack-after",
            "llr-L",
            "llr-R",
            "fit",
            "fit-part",
            "overfull",
            "before-ends",
        ],
    ),
    (
        "paragraph and sentence lengths",
        &["lines-since", "lines-until", "lines-typical", "stops-since", "stops-until", "sentence-L", "sentence-R"],
    ),
    ("column widths", &["column", "width-change"]),
    ("blank lines, pages", &["blanks", "blank-odds", "page", "file"]),
    (
        "roles and shapes",
        &[
            "role-L",
            "role-R",
            "both-headline-shape",
            "inner-space-L",
            "inner-space-R",
            "capitals-L",
            "capitals-R",
            "serial-R",
            "next-dateline",
            "next-caption",
            "across",
        ],
    ),
    ("character model", &["lm-next", "lm-end", "lm-head-end", "lm-all", "lm-sentence", "pair-unseen"]),
    ("what opens paragraphs; words on both sides", &["opening", "echo"]),
    ("word list", &["word"]),
];

/// A table of the wrong decisions that each kind of evidence saves, by group of sets.
fn ablate(samples: &[Sample], held: &[f32], names: &[String]) -> String {
    let group = |s: &Sample| {
        let name = &names[s.set];
        if name.ends_with("-again") {
            "second run"
        } else if let Some((variant, lang)) = name.split_once('-') {
            match (variant, lang) {
                ("printed", "zh") => "printed zh",
                ("ordered", "zh") => "ordered zh",
                ("pages", "zh") => "pages zh",
                ("printed", _) => "printed Latin",
                ("ordered", _) => "ordered Latin",
                _ => "pages Latin",
            }
        } else {
            match name.as_str() {
                "regions" => "regions 1939",
                "torn" => "torn paragraphs",
                _ => "columns of clean text",
            }
        }
    };
    let count = |odds: &[f32]| {
        let mut c: BTreeMap<&str, Counts> = BTreeMap::new();
        samples.iter().zip(odds).for_each(|(s, &o)| c.entry(group(s)).or_default().add(s.row.join, o));
        c
    };
    let all = count(held);
    let mut out = String::from(
        "# What each kind of evidence is worth at a break\n\n\
         Written by `cargo run --release --example learn_rejoin -- OUT --ablation docs/rejoin-ablation.md SET...`. Each cell: wrong joins /\n\
         missed joins at even odds, judged by trees that have not seen the document (three parts, by issue). Guarded places\n\
         (headlines, jump lines), hyphens and what is never more than proposed are not weighed, and not counted here.\n\n| without |",
    );
    all.keys().for_each(|k| {
        let _ = write!(out, " {k} |");
    });
    out.push_str("\n|---|");
    all.keys().for_each(|_| out.push_str("---|"));
    out.push_str("\n| *breaks* |");
    all.values().for_each(|c| {
        let _ = write!(out, " {} |", c.n());
    });
    let mut row = |name: &str, counts: &BTreeMap<&str, Counts>| {
        let _ = write!(out, "\n| {name} |");
        counts.values().for_each(|c| {
            let _ = write!(out, " {}/{} |", c.fp, c.miss);
        });
    };
    row("nothing: all evidence", &all);
    for (name, members) in GROUPS {
        let without: Vec<usize> = (0..COUNT).filter(|&n| members.contains(&NAMES[n])).collect();
        row(name, &count(&held_out(samples, &without)));
        eprintln!("without {name}");
    }
    out.push('\n');
    out
}
