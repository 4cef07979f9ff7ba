//! `recto words`: the title's own list, and the words of pages that nothing explains.

use super::input::{self, Source};
use crate::Outcome;
use crate::args::{WordKind, Words, WordsCommand, WordsInput};
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use recto::language::{TitleWords, WordLine};
use recto::rules::lexicon::latin::unknown_words;
use recto::store::Layout;
use std::collections::BTreeMap;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

/// The list that is written to where the settings name none.
const DEFAULT_LIST: &str = "recto.words.tsv";

pub(super) fn run(a: &Words, ui: &Ui) -> Outcome {
    match &a.command {
        WordsCommand::Decided { folder, min } => decided(folder, *min),
        WordsCommand::List { settings } => list(&settings::load(settings, Path::new("."))?.config.words),
        WordsCommand::Add { kind, word, right, file, settings } => {
            let lists = settings::load(settings, Path::new("."))?.lists;
            let first = lists.first().cloned().unwrap_or_else(|| DEFAULT_LIST.into());
            let file = file.clone().unwrap_or(first);
            let outcome = add(*kind, word, right.as_deref(), &file, ui)?;
            let real = file.canonicalize().ok();
            if !lists.iter().any(|l| *l == file || (real.is_some() && l.canonicalize().ok() == real)) {
                ui.warn(&format!("{}: not read yet: no recto.toml in reach of this folder names it", file.display()));
                ui.warn("Hint: [words] files = [\"recto.words.tsv\"] in recto.toml names a list, relative to its own folder");
            }
            Ok(outcome)
        }
        WordsCommand::Check(a) => check(a, ui, false),
        WordsCommand::Learn(a) => check(a, ui, true),
    }
}

fn lines(words: &TitleWords) -> impl Iterator<Item = WordLine> {
    let good = words.good.iter().cloned().map(WordLine::Good);
    let bad = words.bad.iter().cloned().map(WordLine::Bad);
    good.chain(bad).chain(words.replace.iter().map(|(a, b)| WordLine::Replace(a.clone(), b.clone())))
}

fn list(words: &TitleWords) -> Outcome {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in lines(words) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn add(kind: WordKind, word: &str, right: Option<&str>, file: &Path, ui: &Ui) -> Outcome {
    let line = match (kind, right) {
        (WordKind::Good, None) => WordLine::Good(word.to_owned()),
        (WordKind::Bad, None) => WordLine::Bad(word.to_owned()),
        (WordKind::Replace, Some(r)) => WordLine::Replace(word.to_owned(), r.to_owned()),
        (WordKind::Replace, None) => {
            return Err(Failure::usage("replace needs two words").hint("recto words add replace WRONG RIGHT"));
        }
        (_, Some(_)) => return Err(Failure::usage("good and bad take one word").hint("recto words add good WORD")),
    };
    let old = match std::fs::read_to_string(file) {
        Ok(t) => t,
        Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Failure::file(file, &e)),
    };
    let wrong = |what: String| {
        Failure::usage(format!("{}: {what}", file.display()))
            .hint("a line is good<TAB>word, bad<TAB>word or replace<TAB>wrong<TAB>right")
    };
    let mut words = TitleWords::parse(&old).map_err(|e| wrong(e.to_string()))?;
    // The line as it will be read: a tab or an empty word is refused before anything is written.
    TitleWords::parse(&line.to_string()).map_err(|e| wrong(e.to_string()))?;
    if lines(&words).any(|l| l == line) {
        ui.say(&format!("{} has that line already", file.display()));
        return Ok(Exit::Done);
    }
    words.add(line.clone()).map_err(wrong)?;
    let gap = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    let mut out =
        std::fs::OpenOptions::new().create(true).append(true).open(file).map_err(|e| Failure::file(file, &e))?;
    writeln!(out, "{gap}{line}")?;
    ui.say(&format!("{}: {line}", file.display()));
    Ok(Exit::Done)
}

/// What the decisions on a folder say about words, as lines for the list.
fn decided(folder: &Path, min: usize) -> Outcome {
    let s = super::review::open(&Layout::new(folder), None)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in s.learned_words(min) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// Unknown words by frequency: with their contexts, or as lines for the list.
fn check(a: &WordsInput, ui: &Ui, as_lines: bool) -> Outcome {
    let paths = input::paths(&a.paths, &a.input)?;
    let e = settings::load(&a.settings, &super::start_of(&paths))?;
    let language = e.language()?;
    let mut found: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let bad = Source::new(&paths, &a.input, &e, ui)?.each(&e, ui, |cleaned| {
        for w in unknown_words(&cleaned.text, &language, &e.config.words) {
            found.entry(w.word).or_insert((0, w.context)).0 += 1;
        }
        Ok(())
    })?;
    let mut sorted: Vec<(String, (u64, String))> = found.into_iter().filter(|w| w.1.0 >= a.min).collect();
    sorted.sort_by(|x, y| y.1.0.cmp(&x.1.0).then_with(|| x.0.cmp(&y.0)));
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (word, (n, context)) in sorted {
        if as_lines {
            writeln!(out, "{}", WordLine::Good(word))?;
        } else {
            writeln!(out, "{n}\t{word}\t{context}")?;
        }
    }
    out.flush()?;
    Ok(if bad > 0 { Exit::Partial } else { Exit::Done })
}
