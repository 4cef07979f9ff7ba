//! Labelled texts: from issues whose lines are aligned to what was printed, from typed regions, from clean text that is
//! torn or set in columns here.

use recto::config::Config;
use recto::language::{CharModel, CountTable, Language};
use recto::pipeline::{Issue, Verdicts, run};
use recto::profile::Profile;
use recto::rule::{Context, Stage};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;

/// A text with labelled breaks: number of ink characters before the break, and whether it joins.
pub(crate) struct Labelled {
    pub(crate) set: String,
    pub(crate) doc: usize,
    pub(crate) text: String,
    pub(crate) cuts: HashMap<usize, bool>,
}

/// The labelled texts of a set, and the language tables to judge them with.
pub(crate) fn read(spec: &str) -> Result<(Vec<Labelled>, Language), Box<dyn Error>> {
    let mut f = spec.splitn(3, ':');
    let (kind, path, table) = (f.next().unwrap_or(""), f.next().unwrap_or(""), f.next());
    let mut language = Language::embedded();
    if let Some(t) = table {
        language.chars = CharModel::new(CountTable::new(std::fs::read(t)?)?);
    }
    let docs = match kind {
        "pages" => pages(path)?,
        "jsonl" => regions(path)?,
        "again" => pages(path)?.iter().map(|d| again(d, &language)).collect(),
        "again-jsonl" => regions(path)?.iter().map(|d| again(d, &language)).collect(),
        "torn" => clean(path, "torn", torn)?,
        "set" => clean(path, "columns", columns)?,
        _ => return Err(format!("no such kind of set: {kind}").into()),
    };
    Ok((docs, language))
}

/// Times that clean text is torn or set: another measure cuts its sentences elsewhere.
pub(crate) const MADE: usize = 4;
/// Stories of a page that is made.
const PAGE: usize = 4;

struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.next(100) < percent
    }
}

/// Builds a labelled text line by line.
#[derive(Default)]
struct Writer {
    text: String,
    ink: usize,
    cuts: HashMap<usize, bool>,
}

impl Writer {
    fn line(&mut self, line: &str, between: &str, label: Option<bool>) {
        if !self.text.is_empty() {
            self.text.push_str(between);
            if let Some(l) = label {
                self.cuts.insert(self.ink, l);
            }
        }
        self.text.push_str(line);
        self.ink += line.chars().filter(|c| !c.is_whitespace()).count();
    }
}

/// A labelled text after the stage `rejoin`, with the breaks that are left: none of them is to be joined.
fn again(d: &Labelled, language: &Language) -> Labelled {
    let (config, profile) = (Config { stages: vec![Stage::Rejoin], ..Config::default() }, Profile::default());
    let cx = Context { config: &config, language, profile: &profile };
    let text = run(&Issue::single(d.text.clone()), &cx, &Verdicts::default()).text;
    let is_chinese = d.text.chars().filter(|&c| recto::text::script::is_han(c)).count() * 4 > d.text.chars().count();
    // Both texts have the same ink but for hyphens that were undone; so the labels can be carried over.
    let mut old = d.text.chars().filter(|c| !c.is_whitespace()).enumerate();
    let (mut ink, mut from, mut cuts) = (0, 0, HashMap::new());
    let mut broken = false;
    for c in text.chars() {
        if c.is_whitespace() {
            broken |= c == '\n';
            continue;
        }
        for (i, o) in old.by_ref() {
            from = i;
            if o == c {
                break;
            }
        }
        // In Latin script unlabelled ones too: what stood in another order than it was printed in must not be joined
        // either. In Chinese that would cost joins of paragraphs that are torn.
        if broken && (d.cuts.contains_key(&from) || !is_chinese) {
            cuts.insert(ink, false);
        }
        broken = false;
        ink += 1;
    }
    Labelled { set: format!("{}-again", d.set), doc: d.doc, text, cuts }
}

fn json_lines(path: &str) -> Result<Vec<serde_json::Value>, Box<dyn Error>> {
    Ok(std::fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

const DEBRIS: [&str; 11] = [
    "masthead",
    "masthead_info",
    "running_head",
    "footer",
    "page_number",
    "jump_to",
    "jump_from",
    "jump_head",
    "rule",
    "speck",
    "folio",
];

/// Issues whose OCR lines are aligned to what was printed.
fn pages(dir: &str) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut folders: Vec<_> = std::fs::read_dir(dir)?.filter_map(|e| Some(e.ok()?.path())).collect();
    folders.sort();
    let mut out = Vec::new();
    for (number, d) in folders.iter().enumerate() {
        let at = |f: &str| d.join(f).to_string_lossy().into_owned();
        let gt: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(at("gt.json"))?)?;
        if gt["severity"] == "severe" {
            continue;
        }
        let printed = json_lines(&at("printed.jsonl"))?;
        let mut events = HashMap::new();
        for e in json_lines(&at("events.jsonl"))? {
            if matches!(e["type"].as_str(), Some("line" | "column" | "page")) && e["role"] == "body" {
                events.insert((e["line"].as_u64(), e["line_to"].as_u64()), e["boundary"] == "join");
            }
        }
        let articles: HashMap<u64, &str> =
            printed.iter().filter_map(|l| Some((l["line"].as_u64()?, l["article"].as_str()?))).collect();
        // A headline, byline or caption and what follows it: no event names the break, and it is one.
        let role = |l: &serde_json::Value| l["role"].as_str().unwrap_or("").to_owned();
        for w in printed.windows(2) {
            let known = |r: &str| !DEBRIS.contains(&r) && !r.is_empty();
            let (a, b) = (role(&w[0]), role(&w[1]));
            if known(&a) && known(&b) && a != b && w[0]["page"] == w[1]["page"] {
                events.entry((w[0]["line"].as_u64(), w[1]["line"].as_u64())).or_insert(false);
            }
        }
        let lang: String = gt["lang"].as_str().unwrap_or("").chars().take(2).collect();
        for variant in [".printed", ".ordered", ""] {
            let mut text = String::new();
            let mut ink = 0;
            let mut kept: Vec<(usize, usize, Option<u64>, Option<u64>)> = Vec::new();
            for page in 1..=gt["pages"].as_u64().unwrap_or(0) {
                let Ok(raw) = std::fs::read_to_string(at(&format!("p{page}{variant}.txt"))) else { continue };
                let lines: Vec<&serde_json::Value> = printed.iter().filter(|l| l["page"] == page).collect();
                for (line, head, tail, role) in aligned(&raw, &lines) {
                    if DEBRIS.contains(&role.as_str()) {
                        continue;
                    }
                    let chars = line.chars().filter(|c| !c.is_whitespace()).count();
                    if chars > 0 && role != "noise" {
                        kept.push((ink, ink + chars, head, tail));
                    }
                    ink += chars;
                    text.push_str(line);
                    text.push('\n');
                }
                text.push('\u{C}');
            }
            let mut cuts = HashMap::new();
            for w in kept.windows(2) {
                let article = |line: Option<u64>| line.and_then(|n| articles.get(&n));
                // The end of one story's part and another story: where the text is as it was printed there is no doubt.
                let sure = variant == ".printed";
                let foreign = sure && article(w[0].3).zip(article(w[1].2)).is_some_and(|(a, b)| a != b);
                let label = events.get(&(w[0].3, w[1].2)).copied().or(foreign.then_some(false));
                if let Some(join) = label
                    && w[0].1 == w[1].0
                {
                    cuts.insert(w[0].1, join);
                }
            }
            let name = if variant.is_empty() { ".pages" } else { variant };
            out.push(Labelled { set: format!("{}-{lang}", &name[1..]), doc: number, text, cuts });
        }
    }
    Ok(out)
}

/// Each line of `raw` with the printed line at its head, at its tail, and the role of most of it.
fn aligned<'r>(raw: &'r str, printed: &[&serde_json::Value]) -> Vec<(&'r str, Option<u64>, Option<u64>, String)> {
    let (mut flat, mut owner) = (Vec::new(), Vec::new());
    for (k, l) in printed.iter().enumerate() {
        for c in l["text"].as_str().unwrap_or("").chars().filter(|c| !c.is_whitespace()) {
            flat.push(c);
            owner.push(k);
        }
    }
    let ink: Vec<char> = raw.chars().filter(|c| !c.is_whitespace()).collect();
    let mut who: Vec<Option<usize>> = vec![None; ink.len()];
    let deadline = std::time::Instant::now() + std::time::Duration::from_millis(1500);
    for op in similar::capture_diff_slices_deadline(similar::Algorithm::Myers, &ink, &flat, Some(deadline)) {
        let (_, a, b) = op.as_tag_tuple();
        if !b.is_empty() {
            a.clone().zip(b).for_each(|(i, j)| who[i] = Some(owner[j]));
        }
    }
    let most = |w: &[Option<usize>]| {
        let mut n: BTreeMap<usize, usize> = BTreeMap::new();
        w.iter().flatten().for_each(|&k| *n.entry(k).or_default() += 1);
        n.into_iter().max_by_key(|&(k, n)| (n, std::cmp::Reverse(k)))
    };
    let mut at = 0;
    let mut out = Vec::new();
    for line in raw.split(['\n', '\u{C}']) {
        let n = line.chars().filter(|c| !c.is_whitespace()).count();
        let w = &who[at..at + n];
        at += n;
        let id = |k: Option<(usize, usize)>| k.and_then(|k| printed[k.0]["line"].as_u64());
        match most(w) {
            Some((k, c)) if 10 * c >= 4 * n => {
                let (h, t) = (id(most(&w[..n.min(8)])), id(most(&w[n.saturating_sub(8)..])));
                out.push((line, h, t, printed[k]["role"].as_str().unwrap_or("").to_owned()));
            }
            _ => out.push((line, None, None, "noise".into())),
        }
    }
    out
}

/// Regions of lines; a block of kind `p` is one paragraph.
fn regions(path: &str) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut out = Vec::new();
    for (n, r) in json_lines(path)?.iter().enumerate() {
        if r["type"] != "article" {
            continue;
        }
        let mut w = Writer::default();
        for b in r["blocks"].as_array().into_iter().flatten() {
            for (i, l) in b["lines"].as_array().into_iter().flatten().filter_map(|l| l.as_str()).enumerate() {
                let label = if i == 0 { Some(false) } else { (b["kind"] == "p").then_some(true) };
                if !l.trim().is_empty() {
                    w.line(l.trim(), "\n", label);
                }
            }
        }
        out.push(Labelled { set: "regions".into(), doc: n, text: w.text, cuts: w.cuts });
    }
    Ok(out)
}

type Maker = fn(&[Vec<String>], &mut Random) -> Writer;

/// Clean files, three or four to a page, made into labelled text.
fn clean(list: &str, set: &str, make: Maker) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut stories = Vec::new();
    for path in std::fs::read_to_string(list)?.lines() {
        let text = std::fs::read_to_string(path)?;
        let lines: Vec<String> = text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
        if lines.len() > 2 {
            stories.push(lines);
        }
    }
    let mut random = Random(11);
    let mut out = Vec::new();
    for _ in 0..MADE {
        for (doc, s) in stories.chunks(PAGE).enumerate() {
            let w = make(s, &mut random);
            out.push(Labelled { set: set.into(), doc, text: w.text, cuts: w.cuts });
        }
    }
    Ok(out)
}

fn story_head(random: &mut Random) -> String {
    let names = ["王文", "李明华", "张建", "刘会芳", "陈丽", "杨军平"];
    let mut name = || names[random.next(names.len())];
    format!("本报讯（记者/{} 通讯员/{}） ", name(), name())
}

fn cut(text: &str, at: usize) -> (String, String) {
    (text.chars().take(at).collect(), text.chars().skip(at).collect())
}

/// A paragraph a line, some torn, some stories cut off.
fn torn(stories: &[Vec<String>], random: &mut Random) -> Writer {
    let mut w = Writer::default();
    let half = random.chance(50);
    let between = ["\n\n", "\n\n", "\n\n", "\n", "\n\u{C}"][random.next(5)];
    let narrow = |s: &str| -> String {
        if !half {
            return s.to_owned();
        }
        s.chars()
            .map(|c| match c {
                '，' => ',',
                '；' => ';',
                '：' => ':',
                '！' => '!',
                '？' => '?',
                '（' => '(',
                '）' => ')',
                c => c,
            })
            .collect()
    };
    for story in stories {
        if !story[1].chars().any(recto::text::script::is_han) {
            latin_torn(story, random, between, &mut w);
            continue;
        }
        w.line(&narrow(&story[0]), between, Some(false));
        let mut lead = if random.chance(70) { story_head(random) } else { String::new() };
        if random.chance(30) {
            let deck: Vec<&str> = story[story.len() / 2]
                .split(['，', '。', '；'])
                .filter(|c| (6..=16).contains(&c.chars().count()))
                .take(2)
                .collect();
            if deck.len() == 2 {
                let deck = if random.chance(70) { deck.join(" ") } else { deck.join("，") };
                w.line(&narrow(&deck), between, Some(false));
            }
        }
        if lead.is_empty() && random.chance(60) {
            w.line("本报记者 王文 通讯员 李明华", between, Some(false));
        } else if lead.is_empty() && random.chance(50) {
            lead = "新华社北京8月9日电 ".into();
        }
        let off = random.chance(35);
        for (i, p) in story[1..].iter().enumerate() {
            let mut p = if i == 0 { format!("{lead}{p}") } else { p.clone() };
            let n = p.chars().count();
            let last = i + 2 == story.len();
            if last && off && n > 60 {
                p = cut(&p, 30 + random.next(n - 42)).0;
                w.line(&narrow(&p), between, Some(false));
                continue;
            }
            // A short unmarked line between paragraphs: a subhead.
            if i > 0
                && random.chance(6)
                && let Some(s) = p.split(['，', '。', '；']).find(|c| (6..=12).contains(&c.chars().count()))
            {
                w.line(&narrow(s), between, Some(false));
            }
            let mut label = Some(false);
            while p.chars().count() > 24 && random.chance(30) {
                let n = p.chars().count();
                // A column may break before a paragraph's last few characters.
                let at = if random.chance(15) { n - 2 - random.next(6) } else { 8 + random.next(n - 10) };
                let (a, b) = cut(&p, at);
                let unsure = a.ends_with(['。', '！', '？', '”', '…']) || b.starts_with(['”', '）']);
                w.line(&narrow(&a), between, label);
                label = if unsure { None } else { Some(true) };
                p = b;
            }
            w.line(&narrow(&p), between, label);
        }
    }
    w
}

/// Paragraphs of a Latin script, some torn between words or in them.
fn latin_torn(story: &[String], random: &mut Random, between: &str, w: &mut Writer) {
    for p in story {
        let mut p = p.clone();
        let mut label = Some(false);
        while p.chars().count() > 50 && random.chance(35) {
            let n = p.chars().count();
            let (a, b) = cut(&p, 12 + random.next(n - 24));
            let Some(space) = b.find(' ') else { break };
            let a = format!("{a}{}", &b[..space]);
            let b = b[space + 1..].to_owned();
            let unsure = a.ends_with(['.', '!', '?', '\u{201D}', '"']);
            w.line(&a, between, label);
            label = if unsure { None } else { Some(true) };
            p = b;
        }
        w.line(&p, between, label);
    }
}

/// Set in columns of one width, with or without indents, column gaps and page breaks.
fn columns(stories: &[Vec<String>], random: &mut Random) -> Writer {
    let mut w = Writer::default();
    let width = [11, 14, 16, 18, 20, 24][random.next(6)];
    let indent = [0, 0, 2][random.next(3)];
    let depth = [28, 40, 60][random.next(3)];
    let kinsoku = random.chance(40);
    let mut count = 0;
    for story in stories {
        for (i, p) in story.iter().enumerate() {
            let chars: Vec<char> = p.chars().collect();
            let mut from = 0;
            while from < chars.len() {
                let room = if from == 0 && i > 0 { width - indent } else { width };
                let mut to = (from + room).min(chars.len());
                if kinsoku && to < chars.len() && "，。、；：！？”）》".contains(chars[to]) {
                    to += 1;
                }
                let line: String = chars[from..to].iter().collect();
                count += 1;
                let between = if count % depth == 0 {
                    "\n\u{C}"
                } else if count % depth == depth / 2 && width % 4 == 0 {
                    "\n\n"
                } else {
                    "\n"
                };
                w.line(&line, between, Some(from > 0));
                from = to;
            }
        }
    }
    w
}
