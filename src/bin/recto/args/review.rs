//! The arguments of the verbs that decide: review, apply, undo, log, decisions. They must never do any work.

use super::{TO_STDOUT, file, stage};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use recto::rule::Stage;
use std::path::PathBuf;

/// Who decides.
#[derive(ClapArgs, Debug)]
pub(crate) struct Who {
    /// The name that decisions carry.
    #[arg(long, value_name = "NAME", env = "RECTO_REVIEWER")]
    pub(crate) reviewer: Option<String>,
}

/// Language of what the program says.
#[derive(ClapArgs, Debug)]
pub(crate) struct UiLang {
    /// Language of labels and messages: en or zh; by default that of the locale.
    #[arg(long = "ui-lang", value_name = "LANG", value_parser = ["en", "zh"], env = "RECTO_UI_LANG")]
    ui_lang: Option<String>,
}

impl UiLang {
    /// True for Chinese.
    pub(crate) fn chinese(&self) -> bool {
        let locale =
            || ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|l| !l.is_empty()));
        self.ui_lang.clone().or_else(locale).is_some_and(|l| l.starts_with("zh"))
    }
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Review {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// Accept a rule's changes, a group (g-…) or one change, by name or id.
    #[arg(long, value_name = "RULE|GROUP|ID")]
    pub(crate) accept: Vec<String>,
    /// Reject a rule's changes, a group (g-…) or one change, by name or id.
    #[arg(long, value_name = "RULE|GROUP|ID")]
    pub(crate) reject: Vec<String>,
    /// Why, for --accept and --reject.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Print the queue and the commands that decide it.
    #[arg(long)]
    pub(crate) list: bool,
    /// Write the review as one HTML file for a reader who has only a browser.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["accept", "reject", "list"], value_parser = file("a page, or an index with pages, is written as files"))]
    pub(crate) html: Option<PathBuf>,
    /// Serve that page on 127.0.0.1; acts are written as they are made.
    #[arg(long, conflicts_with_all = ["accept", "reject", "list", "html"])]
    pub(crate) serve: bool,
    /// With --serve: open the page in the browser.
    #[arg(long, requires = "serve")]
    pub(crate) open: bool,
    /// With --serve: end when no page has been open for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, requires = "serve")]
    pub(crate) idle: u64,
    #[command(flatten)]
    pub(crate) ui_lang: UiLang,
    /// Where *always* adds a line.
    #[arg(long, value_name = "FILE", default_value = "recto.words.tsv", env = "RECTO_WORDS")]
    pub(crate) words: PathBuf,
    /// Draw with ASCII signs only.
    #[arg(long)]
    pub(crate) ascii: bool,
    /// Never ask: print the queue.
    #[arg(long)]
    pub(crate) no_input: bool,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Apply {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// Add the decisions of this file to those of the folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// Where the *always* decisions of that file add their lines.
    #[arg(long, value_name = "FILE", default_value = "recto.words.tsv", env = "RECTO_WORDS")]
    pub(crate) words: PathBuf,
    /// Take the originals from this folder instead of the output; each must have the SHA-256 of the record.
    #[arg(long, value_name = "DIR")]
    pub(crate) originals: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Adopt {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// The originals: the edited output alone cannot give them back.
    #[arg(long, value_name = "DIR")]
    pub(crate) originals: PathBuf,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(ClapArgs, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct UndoWhat {
    /// The last decision.
    #[arg(long)]
    pub(crate) last: bool,
    /// The decision of that number, as `recto log` gives it.
    #[arg(long, value_name = "ACT")]
    pub(crate) act: Option<String>,
    /// Every change of a rule.
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// Every change of a stage.
    #[arg(long, value_name = "STAGE", value_parser = stage)]
    pub(crate) stage: Option<Stage>,
    /// Every change on a page, by its relative name.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<String>,
    /// One change, by its id or key.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Every change: the originals, decoded.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Undo {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) what: UndoWhat,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct ShowLog {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// Form of the output.
    #[arg(long, default_value = "text")]
    pub(crate) format: LogFormat,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Jsonl,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Decisions {
    #[command(subcommand)]
    pub(crate) command: DecisionsCommand,
}

#[derive(Subcommand, Debug)]
pub(crate) enum DecisionsCommand {
    /// Several reviewers' decisions as one log; where they disagree the later file holds and stderr says so.
    Merge {
        /// Decision files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write here instead of stdout.
        #[arg(short, long, value_name = "FILE", value_parser = file(TO_STDOUT))]
        out: Option<PathBuf>,
    },
}
