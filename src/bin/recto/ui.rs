//! Talk on stderr, colour, columns. It must never write to stdout.

use crate::args::{Common, ProgressKind, When};
use crate::exit::Failure;
use recto::report::{InlineStyle, PLAIN};
use std::io::{IsTerminal, Write};

/// The word that an error begins with.
const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();

/// Prints what clap says of a wrong command line as our own errors are printed. A text that advises already keeps its
/// own hint.
pub(crate) fn usage(e: &clap::Error) {
    let text = e.render().to_string();
    let Some(text) = text.strip_prefix("error: ") else {
        // No error: the help, where no command was named.
        let _ = e.print();
        return;
    };
    let (mut body, mut hints) = (String::new(), Vec::new());
    for line in text.lines().filter(|l| !l.starts_with("For more information")) {
        match line.trim_start().strip_prefix("tip: ").or_else(|| line.strip_prefix("Hint: ")) {
            Some(tip) => hints.push(tip),
            None if line.is_empty() && body.ends_with("\n\n") => {}
            None => body = body + line + "\n",
        }
    }
    if hints.is_empty() {
        hints.push("--help behind the command says what it takes");
    }
    let mut err = anstream::AutoStream::auto(std::io::stderr().lock());
    let _ = writeln!(err, "{RED}Error:{RED:#} {}", body.trim_end());
    for h in hints {
        let _ = writeln!(err, "Hint: {h}");
    }
}

/// How the program talks.
#[derive(Clone, Debug)]
pub(crate) struct Ui {
    pub(crate) quiet: bool,
    pub(crate) verbose: u8,
    /// All talk is JSON lines, for the program that reads the progress.
    json: bool,
    color: When,
}

impl Ui {
    pub(crate) fn new(common: &Common) -> Self {
        let json = common.progress == ProgressKind::Json;
        Self { quiet: common.quiet, verbose: common.verbose, json, color: common.color }
    }

    /// Says something, unless asked to be quiet.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            self.talk("note", line);
        }
    }

    /// Says something that matters even when quiet.
    pub(crate) fn warn(&self, line: &str) {
        self.talk("warning", line);
    }

    /// Says what a run came to, also when quiet.
    pub(crate) fn summary(&self, lines: &str) {
        self.talk("summary", lines);
    }

    fn talk(&self, kind: &str, lines: &str) {
        let mut err = std::io::stderr().lock();
        for line in lines.lines() {
            let _ = if self.json {
                writeln!(err, "{}", serde_json::json!({ "t": kind, "text": line }))
            } else {
                writeln!(err, "{line}")
            };
        }
    }

    /// Prints an error and what to do about it.
    pub(crate) fn failure(&self, f: &Failure) {
        if self.json {
            let object = serde_json::json!({ "t": "error", "text": f.what, "hint": f.hint });
            let _ = writeln!(std::io::stderr().lock(), "{object}");
            return;
        }
        let mut err = anstream::AutoStream::new(std::io::stderr().lock(), self.choice());
        let _ = writeln!(err, "{RED}Error:{RED:#} {}", f.what);
        if let Some(h) = &f.hint {
            let _ = writeln!(err, "Hint: {h}");
        }
    }

    fn choice(&self) -> anstream::ColorChoice {
        match self.color {
            When::Auto => anstream::ColorChoice::Auto,
            When::Always => anstream::ColorChoice::Always,
            When::Never => anstream::ColorChoice::Never,
        }
    }

    /// Whether stdout takes colour.
    pub(crate) fn colour(&self) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
        }
    }

    /// How changes are marked on stdout.
    pub(crate) fn style(&self) -> InlineStyle {
        let stdout = std::io::stdout();
        let colour = self.colour();
        let columns = terminal_size::terminal_size()
            .filter(|_| stdout.is_terminal())
            .map_or(PLAIN.columns, |(w, _)| usize::from(w.0));
        if !colour {
            return InlineStyle { columns, ..PLAIN };
        }
        InlineStyle {
            deleted: ("\x1b[9;31m[-", "-]\x1b[0m"),
            inserted: ("\x1b[4;32m{+", "+}\x1b[0m"),
            dim: ("\x1b[2m", "\x1b[0m"),
            columns,
        }
    }
}
