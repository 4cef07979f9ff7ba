//! Learns what the corrector of Latin words knows: confusions, misread words, counts in context, and the trees that weigh
//! the evidence. Counts and weights are written, never a sentence.
//!
//! `cargo run --release --example learn_lexicon -- LANG OUT PAIRS [--far "COST CONFUSIONS EXPANSIONS"] [--threshold P]
//! [--also ROWS...] [--text FILE...]`
//!
//! LANG is `en`, `de` or `fr`. PAIRS is a file of lines `set TAB recognised TAB printed [TAB negative]`, the paths of texts
//! that stand beside each other; a set named with a leading `!` serves as clean text only. `--text` names printed text that
//! is counted for context, `--also` the examples of other languages, which are learned from beside a language's own.
//! `--threshold` sets what else is chosen by harm. OUT gets `LANG-confusions.tsv`, `LANG-misreads.tsv`,
//! `LANG-lexicon-trees.tsv`, `LANG-near.fst`, `LANG-context.table` and, for `--also`, `LANG.rows`. What is printed is measured by folds over documents: every figure comes from tables and trees that
//! never saw its document.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod align;
mod boost;

use align::Aligned;
use rayon::prelude::*;
use recto::config::Protect;
use recto::language::{
    ContextCounter, CountTable, Language, Latin, LatinModel, Least, NearList, TitleWords, WordContext,
};
use recto::rules::lexicon::latin::{Decided, FEATURES, Page, Proposal, decide, proposals, tokens};
use recto::text::Vocabulary;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Folds over documents.
const FOLDS: usize = 3;
/// A confusion or a misreading seen less often is not kept.
const LEAST_SEEN: u32 = 2;
/// Sightings added to what a confusion is divided by.
const SMOOTH: f32 = 20.0;
/// Thresholds that are tried.
const TRIED: [f32; 9] = [0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9];
/// A word that the list lacks must be seen so often to be believed.
const SEEN: u32 = 3;
/// Of so many errors one is left where a page is made cleaner.
const LEFT: u64 = 5;
/// What is counted of context.
const LEAST: Least = Least { word: 2, pair: 2, letters: 6 };
/// How much more a printed text of the time weighs in the counts than other text.
const OWN_TEXT: u64 = 2;

struct Doc {
    set: String,
    fold: usize,
    read: String,
    printed: String,
    aligned: Aligned,
    negative_only: bool,
    errors: i64,
}

impl Doc {
    /// True for a document that [`cleaner`] made.
    fn is_made(&self) -> bool {
        self.set.starts_with('~')
    }
}

/// One proposal with what it does.
struct Example {
    doc: usize,
    clean: bool,
    proposal: Proposal,
    gain: i32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = "usage: learn_lexicon LANG OUT PAIRS [--far \"COST CONFUSIONS EXPANSIONS\"] [--threshold P] [--also ROWS...] [--text FILE...]";
    let [tag, out, pairs, rest @ ..] = args.as_slice() else { return Err(usage.into()) };
    let named = |flag: &str| -> Vec<&String> {
        rest.iter().skip_while(|a| *a != flag).skip(1).take_while(|a| !a.starts_with("--")).collect()
    };
    let far = named("--far").first().map_or_else(String::new, |v| format!("far\t{v}\n"));
    let fixed: Option<f32> = named("--threshold").first().map(|t| t.parse()).transpose()?;
    let lang = Latin::from_tag(tag).ok_or(usage)?;
    let out = PathBuf::from(out);
    let texts: Vec<String> = named("--text").into_iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let mut others = Vec::new();
    for file in named("--also") {
        others.extend(boost::unpacked(&std::fs::read(file)?, FEATURES.len(), OTHERS));
    }
    let mut docs = read_docs(&std::fs::read_to_string(pairs)?)?;
    eprintln!("{} documents", docs.len());
    let cleaner: Vec<Doc> = docs.par_iter().filter(|d| !d.negative_only).map(cleaner).collect();
    docs.extend(cleaner);
    let docs = docs;
    let mut base = Language::embedded();
    base.set_model(lang, LatinModel::default());

    // Examples of each fold, from tables that were counted without it.
    let mut examples = Vec::new();
    let mut vocabularies: BTreeMap<(String, bool), Vocabulary> = BTreeMap::new();
    for d in &docs {
        for clean in [false, true] {
            vocabularies.entry((d.set.clone(), clean)).or_default().learn(if clean { &d.printed } else { &d.read });
        }
    }
    for v in vocabularies.values_mut() {
        v.prune();
    }
    for fold in 0..FOLDS {
        let began = std::time::Instant::now();
        let train: Vec<&Doc> = docs.iter().filter(|d| d.fold != fold && !d.is_made()).collect();
        let mut language = base.clone();
        let tables = Tables::count(lang, &train, &texts, &base);
        language.set_model(lang, tables.model(&far));
        eprintln!("fold {fold}: tables after {:.1} s", began.elapsed().as_secs_f32());
        let made: Vec<Vec<Example>> = docs
            .par_iter()
            .enumerate()
            .filter(|(_, d)| d.fold == fold)
            .map(|(n, d)| examples_of(n, d, lang, &language, &vocabularies))
            .collect();
        examples.extend(made.into_iter().flatten());
        eprintln!("fold {fold}: {} examples, {:.1} s", examples.len(), began.elapsed().as_secs_f32());
    }
    // Trees for each fold from the examples of the others, and how they do there. In the second round what the first was
    // sure of against its label is left out: most of that is a misprint of the printed side.
    let mut p = vec![0f32; examples.len()];
    let mut doubted = vec![false; examples.len()];
    for round in 1..=2 {
        for fold in 0..FOLDS {
            let mut rows = rows(&examples, |n, e| docs[e.doc].fold != fold && !doubted[n]);
            rows.extend(others.iter().cloned());
            let trees = recto::language::Trees::parse(&boost::learn(&rows, &FEATURES, &SETTING), &FEATURES);
            for (e, p) in examples.iter().zip(p.iter_mut()).filter(|(e, _)| docs[e.doc].fold == fold) {
                *p = trees.probability(&e.proposal.features);
            }
            eprintln!("round {round}, fold {fold}: trees from {} rows", rows.len());
        }
        if round == 1 {
            doubted = examples.iter().zip(&p).map(|(e, p)| e.gain <= 0 && *p > DOUBTED).collect();
        }
    }
    for (e, p) in examples.iter_mut().zip(&p) {
        e.proposal.p = *p;
    }
    if let Ok(path) = std::env::var("LEARN_DUMP") {
        dump(&docs, &examples, &path)?;
    }
    let (report, chosen) = report(&docs, &examples, lang, &base, &vocabularies);
    let threshold = fixed.unwrap_or(chosen);
    println!("{report}\nchosen by harm {chosen}, threshold {threshold}");

    // What ships is counted and learned on everything.
    let all: Vec<&Doc> = docs.iter().filter(|d| !d.is_made()).collect();
    let tables = Tables::count(lang, &all, &texts, &base);
    let mut rows = rows(&examples, |n, _| !doubted[n]);
    std::fs::write(out.join(format!("{}.rows", lang.tag())), boost::packed(&rows))?;
    rows.extend(others);
    let trees = boost::learn(&rows, &FEATURES, &SETTING);
    let trees = format!("threshold\t{threshold}\n{far}{trees}");
    tables.write(&out, lang, &trees)?;
    Ok(())
}

/// Every example of some probability, to be read by whoever looks for what goes wrong.
fn dump(docs: &[Doc], examples: &[Example], path: &str) -> std::io::Result<()> {
    let mut out = String::new();
    for e in examples.iter().filter(|e| e.proposal.p >= 0.3 || e.gain > 0) {
        let d = &docs[e.doc];
        let text = if e.clean { &d.printed } else { &d.read };
        let (a, b) = (e.proposal.span.start(), e.proposal.span.end());
        let left: String = text[..a].chars().rev().take(25).collect::<Vec<_>>().into_iter().rev().collect();
        let right: String = text[b..].chars().take(20).collect();
        let line = format!(
            "{}\t{:.3}\t{}\t{}\t{:+}\t{:.2}\t{:?}\t{}\t{}\t{left}[]{right}",
            e.doc,
            e.proposal.features[27],
            d.set,
            if e.clean { "clean" } else { "read" },
            e.gain,
            e.proposal.p,
            e.proposal.kind,
            &text[a..b],
            e.proposal.insert
        );
        out.push_str(&line.replace('\n', "\u{23CE}"));
        out.push('\n');
    }
    let made: std::collections::HashSet<(usize, String, String)> = examples
        .iter()
        .filter(|e| !e.clean)
        .map(|e| (e.doc, docs[e.doc].read[e.proposal.span.range()].to_owned(), e.proposal.insert.to_lowercase()))
        .collect();
    for (n, d) in docs.iter().enumerate().filter(|(_, d)| !d.negative_only) {
        for (read, printed) in d.aligned.words().0 {
            if !made.contains(&(n, read.clone(), printed.to_lowercase())) {
                let _ = writeln!(out, "MISS\t{}\t{read}\t{printed}\t{}", d.set, align::distance(&read, &printed));
            }
        }
    }
    std::fs::write(path, out)
}

/// Settings of the trees: by folds larger ones gained nothing, smaller ones lost.
const SETTING: boost::Setting = boost::Setting { rounds: 200, leaves: 24, rate: 0.07, least: 12.0, columns: 0.4 };
/// An example that trees of other documents say is right with more than this probability, and that counts as wrong, is
/// not learned from.
const DOUBTED: f32 = 0.8;
/// Weight of another language's examples.
const OTHERS: f32 = 0.3;

fn read_docs(list: &str) -> Result<Vec<Doc>, Box<dyn Error>> {
    let rows: Vec<Vec<&str>> = list.lines().map(|l| l.split('\t').collect()).collect();
    let hyphen = regex::Regex::new(r"(\w)[-\u{AC}\u{AD}]\s*\n\s*(\w)")?;
    rows.into_par_iter()
        .filter(|r| r.len() >= 3)
        .map(|r| {
            let file = |p: &str| std::fs::read_to_string(p).map(|t| hyphen.replace_all(&t, "$1$2").into_owned());
            let (read, printed) = (file(r[1]), file(r[2]));
            let (read, printed) = (read.map_err(|e| e.to_string())?, printed.map_err(|e| e.to_string())?);
            let name = r[1].rsplit('/').next().unwrap_or("");
            let hash = name.bytes().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
            let fold = (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % FOLDS;
            let aligned = Aligned::new(&read, &printed);
            let negative_only = r[0].starts_with('!');
            let flat = |t: &str| align::alike(&t.split_whitespace().collect::<Vec<_>>().join(" "));
            let errors = align::long_distance(&flat(&read), &flat(&printed));
            Ok(Doc {
                errors,
                set: r[0].trim_start_matches('!').to_owned(),
                fold,
                read,
                printed,
                aligned,
                negative_only,
            })
        })
        .collect::<Result<Vec<Doc>, String>>()
        .map_err(Into::into)
}

/// The same document from a better recogniser: one in so many of its errors is left. Pages of few errors are rare among those
/// that have their printed text beside them, and what holds on a page of many is not what holds there.
fn cleaner(d: &Doc) -> Doc {
    let read = d.aligned.mended(&d.read, LEFT);
    let aligned = Aligned::new(&read, &d.printed);
    let flat = |t: &str| align::alike(&t.split_whitespace().collect::<Vec<_>>().join(" "));
    let errors = align::long_distance(&flat(&read), &flat(&d.printed));
    let set = format!("~{}", d.set);
    Doc { errors, set, fold: d.fold, read, printed: d.printed.clone(), aligned, negative_only: false }
}

fn examples_of(
    n: usize,
    d: &Doc,
    lang: Latin,
    language: &Language,
    vocabularies: &BTreeMap<(String, bool), Vocabulary>,
) -> Vec<Example> {
    let (mut out, title) = (Vec::new(), TitleWords::default());
    for clean in [false, true] {
        if (!clean && d.negative_only) || (clean && d.is_made()) {
            continue;
        }
        let text = if clean { &d.printed } else { &d.read };
        let page = Page::new(text, lang, language, &vocabularies[&(d.set.clone(), clean)], &title);
        for proposal in proposals(&page) {
            let range = proposal.span.range();
            let gain = if clean {
                let old = align::alike(&text[range.clone()]);
                Some(-align::distance(&old, &align::alike(&proposal.insert)))
            } else {
                d.aligned.gain(text, range, &proposal.insert)
            };
            if let Some(gain) = gain {
                out.push(Example { doc: n, clean, proposal, gain });
            }
        }
    }
    out
}

/// Examples for the trees. What gains nothing and loses nothing teaches nothing.
fn rows(examples: &[Example], wanted: impl Fn(usize, &Example) -> bool) -> Vec<boost::Row> {
    let wanted = |(n, e): &(usize, &Example)| (e.gain != 0 || e.clean) && wanted(*n, e);
    let row = |e: &Example| boost::Row { x: e.proposal.features.to_vec(), y: f32::from(u8::from(e.gain > 0)), w: 1.0 };
    examples.iter().enumerate().filter(wanted).map(|(_, e)| row(e)).collect()
}

/// Most harm to clean text that a threshold may do, per 10,000 characters.
const MOST_HARM: f64 = 0.8;
/// Share of the clean documents that count for nothing there: those whose printed text is itself damaged.
const DAMAGED: f64 = 0.04;
/// Most documents that a threshold may make worse, of those that it touches or not.
const MOST_WORSE: f64 = 0.048;

/// What was decided on a document: its number, whether it is clean, and the edits with probability and gain.
type OnDocument = (usize, bool, Vec<(f32, i32)>);

/// The lowest threshold that does no more harm than it may, to clean text and to documents.
fn choose(docs: &[Doc], decided: &[OnDocument]) -> f32 {
    let fits = |t: f32| {
        let sum = |list: &[(f32, i32)]| list.iter().filter(|x| x.0 >= t).map(|x| i64::from(x.1)).sum::<i64>();
        let mut clean: Vec<(f64, i64, usize)> = decided
            .iter()
            .filter(|x| x.1)
            .map(|x| (-sum(&x.2), docs[x.0].aligned.length().max(1)))
            .map(|(h, n)| (h as f64 / n as f64, h, n))
            .collect();
        clean.sort_by(|a, b| a.0.total_cmp(&b.0));
        clean.truncate((clean.len() as f64 * (1.0 - DAMAGED)) as usize);
        let harm = 1e4 * clean.iter().map(|x| x.1).sum::<i64>() as f64
            / clean.iter().map(|x| x.2).sum::<usize>().max(1) as f64;
        let read: Vec<i64> = decided.iter().filter(|x| !x.1).map(|x| sum(&x.2)).collect();
        let worse = read.iter().filter(|s| **s < 0).count() as f64 / docs.len().max(1) as f64;
        eprintln!("{t}: harm {harm:.2} per 10,000 of clean text, {:.1} % of documents worse", 100.0 * worse);
        harm <= MOST_HARM && worse <= MOST_WORSE
    };
    TRIED.into_iter().find(|t| fits(*t)).unwrap_or(TRIED[TRIED.len() - 1])
}

/// Cut, edits and harm by set and threshold; the threshold that holds.
fn report(
    docs: &[Doc],
    examples: &[Example],
    lang: Latin,
    language: &Language,
    vocabularies: &BTreeMap<(String, bool), Vocabulary>,
) -> (String, f32) {
    let mut by_doc: HashMap<(usize, bool), Vec<usize>> = HashMap::new();
    for (n, e) in examples.iter().enumerate() {
        by_doc.entry((e.doc, e.clean)).or_default().push(n);
    }
    // set, threshold -> gained, errors, right, wrong, worse, docs, harm, clean characters
    let decided: Vec<OnDocument> = by_doc
        .par_iter()
        .map(|(&(doc, clean), list)| {
            let (d, title) = (&docs[doc], TitleWords::default());
            let text = if clean { &d.printed } else { &d.read };
            let page = Page::new(text, lang, language, &vocabularies[&(d.set.clone(), clean)], &title);
            let all: Vec<Proposal> = list.iter().map(|&n| examples[n].proposal.clone()).collect();
            let gains: HashMap<(usize, String), i32> = list
                .iter()
                .map(|&n| ((examples[n].proposal.span.start(), examples[n].proposal.insert.clone()), examples[n].gain))
                .collect();
            let chosen: Vec<Decided> = decide(&page, all, TRIED[0], &Protect::default());
            let list = chosen
                .into_iter()
                .filter(|c| c.protected.is_none())
                .map(|c| {
                    let key = (c.proposal.span.start(), c.proposal.insert.clone());
                    (c.proposal.p, gains.get(&key).copied().unwrap_or(0))
                })
                .collect();
            (doc, clean, list)
        })
        .collect();
    let mut errors: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for d in docs.iter().filter(|d| !d.negative_only) {
        let e = errors.entry(&d.set).or_default();
        *e = (e.0 + d.errors, e.1 + 1, e.2 + d.aligned.length() as i64);
    }
    let mut text =
        String::from("set, errors, documents; for each threshold: cut % (right/wrong) worse, harm per 10,000\n");
    for (set, &(all, n, chars)) in &errors {
        let _ = write!(text, "{set}\t{all}\t{n}");
        for t in TRIED {
            let (mut gained, mut right, mut wrong, mut worse, mut harm) = (0i64, 0, 0, 0, 0i64);
            for (doc, clean, list) in decided.iter().filter(|x| docs[x.0].set == *set) {
                let sum: i64 = list.iter().filter(|x| x.0 >= t).map(|x| i64::from(x.1)).sum();
                if *clean {
                    harm -= sum;
                } else if !docs[*doc].negative_only {
                    gained += sum;
                    worse += u32::from(sum < 0);
                    right += list.iter().filter(|x| x.0 >= t && x.1 > 0).count();
                    wrong += list.iter().filter(|x| x.0 >= t && x.1 < 0).count();
                }
            }
            let _ = write!(
                text,
                "\t{t}: {:.1}% ({right}/{wrong}) {worse}w {:.2}h",
                100.0 * gained as f64 / all.max(1) as f64,
                1e4 * harm as f64 / chars.max(1) as f64
            );
        }
        text.push('\n');
    }
    (text, choose(docs, &decided))
}

/// Words of printed text that the list lacks: of documents, where two have them, or seen often in other text.
fn seen_words(lang: Latin, docs: &[&Doc], texts: &[String], base: &Language) -> Vec<String> {
    let mut words: HashMap<String, (u32, usize, bool)> = HashMap::new();
    let list = base.words(lang);
    let parts = texts.iter().flat_map(|t| t.split("\n\n").map(|p| (p.to_owned(), usize::MAX)));
    let own = docs.iter().enumerate().map(|(n, d)| (align::alike(&d.printed), n));
    for (text, doc) in parts.chain(own) {
        for t in tokens(&text, lang) {
            let plain = t.text.chars().all(|c| c.is_alphabetic() || c == '\'') && t.text.chars().count() > 2;
            let capitals = t.text.chars().skip(1).any(char::is_uppercase);
            if plain && !capitals && list.entry(t.text).is_none() {
                let e = words.entry(t.text.to_owned()).or_insert((0, doc, false));
                *e = (e.0 + 1, e.1, e.2 || e.1 != doc);
            }
        }
    }
    words.into_iter().filter(|(_, w)| w.0 >= SEEN && (w.2 || w.1 == usize::MAX)).map(|w| w.0).collect()
}

/// Counted tables.
struct Tables {
    confusions: String,
    misreads: String,
    context: Vec<u8>,
    near: Vec<u8>,
}

impl Tables {
    fn count(lang: Latin, docs: &[&Doc], texts: &[String], base: &Language) -> Self {
        let mut context = ContextCounter::default();
        let mut add = |text: &str, weight: u64| {
            for part in text.split("\n\n") {
                context.add(tokens(part, lang).iter().map(|t| t.text), weight);
            }
        };
        texts.iter().for_each(|t| add(t, 1));
        docs.iter().for_each(|d| add(&align::alike(&d.printed), OWN_TEXT));
        let (mut pairs, mut printed) = (HashMap::<(String, String), u32>::new(), HashMap::<String, u32>::new());
        let mut total = 0u32;
        let (mut wrong, mut right) = (HashMap::<(String, String), u32>::new(), HashMap::<String, u32>::new());
        for d in docs.iter().filter(|d| !d.negative_only) {
            let text = align::alike(&d.printed).to_lowercase();
            let chars: Vec<char> = text.chars().collect();
            total += chars.len() as u32;
            for n in 1..=3 {
                for w in chars.windows(n).filter(|w| !w.iter().any(|c| c.is_whitespace())) {
                    *printed.entry(w.iter().collect()).or_default() += 1;
                }
            }
            for (r, p) in d.aligned.confusions() {
                *pairs.entry((r, p.to_lowercase())).or_default() += 1;
            }
            let (w, r) = d.aligned.words();
            for (a, b) in w {
                *wrong.entry((LatinModel::key(&a), LatinModel::key(&b))).or_default() += 1;
            }
            for a in r {
                *right.entry(LatinModel::key(a)).or_default() += 1;
            }
        }
        let head =
            "# licence: MIT OR Apache-2.0 (counts)\n# source: counted by `cargo run --release --example learn_lexicon`";
        let mut rows: Vec<String> = pairs
            .iter()
            .filter(|((r, p), n)| {
                **n >= LEAST_SEEN && r.to_lowercase() != *p && !(r.is_empty() && p.chars().count() > 2)
            })
            .map(|((r, p), n)| {
                let all = if p.is_empty() { total } else { printed.get(p).copied().unwrap_or(0) };
                let cost = -(*n as f32 / (all as f32 + SMOOTH).max(*n as f32)).ln();
                format!("{r}\t{p}\t{cost:.1}\t{n}")
            })
            .collect();
        rows.sort();
        let confusions = format!("{head}\n# read, printed, cost, times\n{}\n", rows.join("\n"));
        let mut rows: Vec<String> = wrong
            .iter()
            .filter(|((r, p), n)| {
                // Words of no list are searched for; a listed word needs the record, even of one place.
                let listed = base.words(lang).entry(r).is_some() && base.words(lang).entry(p).is_some();
                (**n >= LEAST_SEEN || listed) && r != p && r.chars().count() > 1
            })
            .map(|((r, p), n)| format!("{r}\t{p}\t{n}\t{}", right.get(r).copied().unwrap_or(0)))
            .collect();
        rows.sort();
        let misreads = format!("{head}\n# read, printed, times, times the reading was right\n{}\n", rows.join("\n"));
        let counted = context.build(LEAST);
        let common = WordContext::new(CountTable::new(counted.clone()).unwrap_or_default());
        let seen = seen_words(lang, docs, texts, base);
        let near = NearList::build(base.words(lang), seen.iter().map(String::as_str), &|w| common.log_word(w));
        Self { confusions, misreads, context: counted, near: near.unwrap_or_default() }
    }

    fn model(&self, trees: &str) -> LatinModel {
        let context = WordContext::new(CountTable::new(self.context.clone()).unwrap_or_default());
        let near = NearList::new(self.near.clone());
        LatinModel::new(self.confusions.clone(), self.misreads.clone(), trees.to_owned(), context, near)
    }

    fn write(&self, out: &std::path::Path, lang: Latin, trees: &str) -> std::io::Result<()> {
        let file = |name: &str| out.join(format!("{}-{name}", lang.tag()));
        std::fs::write(file("confusions.tsv"), &self.confusions)?;
        std::fs::write(file("misreads.tsv"), &self.misreads)?;
        let head = "# licence: MIT OR Apache-2.0 (weights)\n# source: learned by `cargo run --release --example learn_lexicon`\n";
        std::fs::write(file("lexicon-trees.tsv"), format!("{head}{trees}"))?;
        std::fs::write(file("near.fst"), &self.near)?;
        std::fs::write(file("context.table"), &self.context)
    }
}
