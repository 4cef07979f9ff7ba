//! `recto lm`: models of own text. The text is counted as it is read; it must never be written anywhere.

use super::input::{self, Source};
use crate::Outcome;
use crate::args::{Lm, LmBuild, LmCommand};
use crate::exit::{Exit, Failure};
use crate::settings;
use crate::ui::Ui;
use recto::language::{Latin, OwnCounter, OwnModel, guess};
use recto::report::plural;
use recto::rules::lexicon::latin::tokens;
use recto::store::put_report;
use recto::text::script::is_han;
use std::io::Write;
use std::path::Path;

pub(super) fn run(a: &Lm, ui: &Ui) -> Outcome {
    match &a.command {
        LmCommand::Build(a) => build(a, ui),
        LmCommand::Show { file } => show(file),
    }
}

fn build(a: &LmBuild, ui: &Ui) -> Outcome {
    let paths = input::paths(&a.paths, &a.input)?;
    let mut e = settings::load(&a.settings, &super::start_of(&paths))?;
    // The text as it is: decoded, not cleaned.
    e.config.stages.clear();
    e.models.clear();
    e.hunspell.clear();
    let stated = match e.config.languages.as_slice() {
        [one] => Latin::from_tag(one),
        _ => None,
    };
    let (mut counter, mut pages) = (OwnCounter::default(), 0);
    let bad = Source::new(&paths, &a.input, &e, ui)?.each(&e, ui, |cleaned| {
        pages += cleaned.ledger.header.pages.len();
        count(&cleaned.text, stated, &mut counter);
        Ok(())
    })?;
    let bytes = counter.build().ok_or_else(|| {
        Failure::usage("nothing was counted: no Chinese, English, German or French text was found")
            .hint("--lang en, de or fr says what short texts are in")
    })?;
    put_report(&a.output, &bytes, true)?;
    ui.say(&format!("{}: {} from {}", a.output.display(), plural(bytes.len(), "byte"), plural(pages, "page")));
    Ok(if bad > 0 { Exit::Partial } else { Exit::Done })
}

/// Chinese line by line; the rest by paragraphs, in the language that the whole text is in.
fn count(text: &str, stated: Option<Latin>, counter: &mut OwnCounter) {
    let chinese = |line: &&str| line.chars().filter(|c| is_han(*c)).nth(1).is_some();
    text.lines().filter(chinese).for_each(|line| counter.chinese(line));
    let Some(lang) = stated.or_else(|| guess(text)) else { return };
    for paragraph in text.split("\n\n").filter(|p| !chinese(p)) {
        counter.latin(lang, tokens(paragraph, lang).iter().map(|t| t.text));
    }
}

fn show(file: &Path) -> Outcome {
    let model = OwnModel::parse(input::read(file)?).map_err(|e| {
        Failure::usage(format!("{}: {e}", file.display())).hint("recto lm build -o FILE TEXT... writes a model")
    })?;
    let mut out = std::io::stdout().lock();
    for (language, sequences, counted) in model.contents() {
        let unit = if language == "zh" { "characters" } else { "words" };
        writeln!(out, "{language}\t{counted} {unit} counted\t{sequences} sequences kept")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
