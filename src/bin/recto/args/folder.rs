//! The arguments of the verbs that say something about an output folder: report, sample, eval, export.

use super::{TO_STDOUT, at_least_one, file};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ReportFormat {
    Text,
    Json,
    /// A row per page, for a spreadsheet.
    Csv,
    /// One page for a browser.
    Html,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Report {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// Form of the report on stdout.
    #[arg(long, default_value = "text")]
    pub(crate) format: ReportFormat,
    /// How often people found each rule right, and which may be promoted (text or json).
    #[arg(long, conflicts_with = "html")]
    pub(crate) rules: bool,
    /// Write the page for a browser into this file.
    #[arg(long, value_name = "FILE", value_parser = file("--format html writes the page to standard output"))]
    pub(crate) html: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Sample {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// The rule whose edits are drawn.
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// How many.
    #[arg(short, long, value_name = "N", default_value_t = 100, value_parser = at_least_one)]
    pub(crate) number: usize,
    /// Draw only edits of this fate: applied, proposed, rejected, superseded or any.
    #[arg(long, value_name = "FATE", default_value = "applied", value_parser = ["applied", "proposed", "rejected", "superseded", "any"])]
    pub(crate) fate: String,
    /// Another seed draws another sample; the same one draws the same.
    #[arg(long, value_name = "TEXT", default_value = "1")]
    pub(crate) seed: String,
    /// Write the sheet here instead of stdout.
    #[arg(short, long, value_name = "FILE", value_parser = file(TO_STDOUT))]
    pub(crate) out: Option<PathBuf>,
    /// Ask for the verdicts one by one.
    #[arg(long, conflicts_with = "out")]
    pub(crate) ask: bool,
    /// Read the verdicts from a sheet that was filled in.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ask", "out"])]
    pub(crate) verdicts: Option<PathBuf>,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum EvalFormat {
    Text,
    Json,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Eval {
    /// The truth: a file, or a folder.
    #[arg(value_name = "TRUTH")]
    pub(crate) truth: PathBuf,
    /// What is judged: a file, a folder with the same names, or an output folder, which also gives the harm per rule.
    #[arg(value_name = "OUTPUT")]
    pub(crate) text: PathBuf,
    /// Form of the output.
    #[arg(long, default_value = "text")]
    pub(crate) format: EvalFormat,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ExportForm {
    /// PREMIS 3: objects, derivation, fixity, events, agents.
    Premis,
    /// A row per edit, for a spreadsheet.
    Csv,
    /// SARIF 2.1.0: a result per edit and flag.
    Sarif,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Export {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// The form.
    #[arg(long, value_name = "FORM")]
    pub(crate) to: ExportForm,
    /// Write here instead of stdout.
    #[arg(short, long, value_name = "FILE", value_parser = file(TO_STDOUT))]
    pub(crate) out: Option<PathBuf>,
}
