//! Talk on stderr, colour, columns. It must never write to stdout.

use crate::args::{Common, When};
use crate::exit::Failure;
use recto::report::{InlineStyle, PLAIN};
use std::io::{IsTerminal, Write};

/// How the program talks.
#[derive(Clone, Debug)]
pub(crate) struct Ui {
    pub(crate) quiet: bool,
    pub(crate) verbose: u8,
    color: When,
}

impl Ui {
    pub(crate) fn new(common: &Common) -> Self {
        Self { quiet: common.quiet, verbose: common.verbose, color: common.color }
    }

    /// Says something, unless asked to be quiet.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }

    /// Says something that matters even when quiet.
    pub(crate) fn warn(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// Prints an error and what to do about it.
    pub(crate) fn failure(&self, f: &Failure) {
        let mut err = anstream::AutoStream::new(std::io::stderr().lock(), self.choice());
        let (red, off) = (anstyle::AnsiColor::Red.on_default().bold(), anstyle::Reset);
        let _ = writeln!(err, "{red}Error:{off} {}", f.what);
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
