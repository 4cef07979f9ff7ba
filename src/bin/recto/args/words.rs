//! The arguments of the verbs on a title's words and on models of own text. They must never do any work.

use super::{Input, Settings, WordsInput, file, one_thread};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(ClapArgs, Debug)]
pub(crate) struct Words {
    #[command(subcommand)]
    pub(crate) command: WordsCommand,
}

/// What a line of the title's list says.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum WordKind {
    Good,
    Bad,
    Replace,
}

#[derive(Subcommand, Debug)]
pub(crate) enum WordsCommand {
    /// The lines of the title's list (`[words] files` in recto.toml).
    #[command(mut_arg("jobs", one_thread))]
    List {
        #[command(flatten)]
        settings: Settings,
    },
    /// Adds a line to the title's list: good WORD, bad WORD, replace WRONG RIGHT.
    #[command(mut_arg("jobs", one_thread))]
    Add {
        /// What the line says.
        kind: WordKind,
        /// The word.
        word: String,
        /// The right word, for replace.
        right: Option<String>,
        /// Write here instead of the first list that recto.toml names, or recto.words.tsv.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        settings: Settings,
    },
    /// The lines that the decisions on an output folder come to: replace for corrections that were accepted and never
    /// refused, good for words whose correction was refused. To be read by a person and put into the list.
    Decided {
        /// The output folder.
        #[arg(value_name = "OUT")]
        folder: PathBuf,
        /// Lines for what was decided at least so often.
        #[arg(long, value_name = "N", default_value_t = 2)]
        min: usize,
    },
    /// Words that no list, rule or compound explains, by frequency, each with a place; English, German and French.
    Check(WordsInput),
    /// The same as lines `good WORD`, to be read by a person and put into the list.
    Learn(WordsInput),
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Lm {
    #[command(subcommand)]
    pub(crate) command: LmCommand,
}

#[derive(Subcommand, Debug)]
pub(crate) enum LmCommand {
    /// Counts which characters and words follow each other in clean text, and writes the counts; no text is kept.
    ///
    /// Chinese is counted line by line, English, German and French by paragraphs. `[models] files` in recto.toml adds the
    /// counts to those that are built in: names and phrases of the title are then no misreadings.
    Build(Box<LmBuild>),
    /// What a model holds.
    Show {
        /// The model.
        file: PathBuf,
    },
}

#[derive(ClapArgs, Debug)]
#[command(mut_arg("jobs", one_thread))]
pub(crate) struct LmBuild {
    /// Files or folders of clean text.
    #[arg(value_name = "TEXT", required_unless_present = "files_from")]
    pub(crate) paths: Vec<PathBuf>,
    /// The model that is written.
    #[arg(long, short, value_name = "FILE", value_parser = file("a model is no text to be printed"))]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) settings: Settings,
}
