//! The `recto` command: arguments, terminal, progress. It sees the library only through `recto::`.
//!
//! stdout is data, stderr is talk. It must never hold a rule or a judgement about text.

mod args;
mod commands;
mod exit;
mod progress;
mod settings;
#[cfg(feature = "review")]
mod tui;
mod ui;

use clap::Parser;
use exit::{Exit, Failure};

fn main() -> std::process::ExitCode {
    let args = match args::Args::try_parse() {
        Ok(a) => a,
        Err(e) => {
            if e.use_stderr() {
                ui::usage(&e);
                return Exit::Usage.into();
            }
            let _ = e.print();
            return Exit::Done.into();
        }
    };
    let ui = ui::Ui::new(&args.common);
    match commands::run(&args, &ui) {
        Ok(code) => code.into(),
        Err(e) if e.is_broken_pipe() => Exit::Done.into(),
        Err(e) => {
            ui.failure(&e);
            e.exit.into()
        }
    }
}

/// What a command comes to.
type Outcome = Result<Exit, Failure>;
