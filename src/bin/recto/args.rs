//! The command line as clap sees it. The doc comments are the help texts.

mod folder;
mod review;
mod words;

pub(crate) use folder::{Eval, EvalFormat, Export, ExportForm, Report, ReportFormat, Sample};
pub(crate) use review::{Adopt, Apply, Decisions, DecisionsCommand, LogFormat, Review, ShowLog, UiLang, Undo};
pub(crate) use words::{Lm, LmBuild, LmCommand, WordKind, Words, WordsCommand};

use clap::builder::{PathBufValueParser, TypedValueParser, ValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use recto::batch::BATCH_PAGES;
use recto::config::Policy;
use recto::rule::{Confidence, Stage};
use std::path::PathBuf;

/// Cleans OCR'd newspaper text: every change is a recorded, reasoned, reversible edit.
#[derive(Parser, Debug)]
#[command(name = "recto", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 check found changes or flags, diff changes, verify --strict or decisions merge something undecided; 2 wrong use, nothing was done; 3 some files failed or are damaged, or a run ended early; 4 a hash or a replay does not fit; 130 interrupted."
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(ClapArgs, Debug)]
pub(crate) struct Common {
    /// Say less on stderr.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more on stderr.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "RECTO_COLOR")]
    pub(crate) color: When,
    /// How progress is shown on stderr.
    #[arg(long, global = true, value_name = "HOW", default_value = "auto", env = "RECTO_PROGRESS")]
    pub(crate) progress: ProgressKind,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A bar on a terminal, else a line every ten seconds.
    Auto,
    /// Nothing.
    Never,
    /// A JSON object per line.
    Json,
}

/// What the pipeline is told.
#[derive(ClapArgs, Debug, Default)]
#[command(next_help_heading = "Cleaning")]
pub(crate) struct Settings {
    /// Read settings from this file instead of the closest recto.toml.
    #[arg(long, value_name = "FILE", env = "RECTO_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Read no recto.toml.
    #[arg(long, conflicts_with = "config")]
    pub(crate) isolated: bool,
    /// Which edits are applied: diplomatic, archive (the default) or nlp.
    #[arg(long, value_parser = policy, env = "RECTO_POLICY")]
    pub(crate) policy: Option<Policy>,
    /// Only these stages, in their order: encoding,characters,debris,rejoin,punctuation,lexicon.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = stage, env = "RECTO_STAGES")]
    pub(crate) stages: Vec<Stage>,
    /// Only these rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',', env = "RECTO_SELECT")]
    pub(crate) select: Vec<String>,
    /// Not these rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',', env = "RECTO_IGNORE")]
    pub(crate) ignore: Vec<String>,
    /// Apply nothing below: suggest, likely or certain.
    #[arg(long, value_name = "LEVEL", value_parser = confidence, env = "RECTO_MIN_CONFIDENCE")]
    pub(crate) min_confidence: Option<Confidence>,
    /// Expect only these languages, as zh-Hans,en.
    #[arg(long, value_name = "LIST", value_delimiter = ',', env = "RECTO_LANG")]
    pub(crate) lang: Vec<String>,
    /// Encoding of the input: auto or a label, as gb18030, big5, windows-1252.
    #[arg(long, value_name = "LABEL", env = "RECTO_ENCODING")]
    pub(crate) encoding: Option<String>,
    /// Use this learned profile.
    #[arg(long, value_name = "FILE", env = "RECTO_PROFILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Threads; all cores by default.
    #[arg(short, long, value_name = "N", value_parser = threads, env = "RECTO_JOBS")]
    pub(crate) jobs: Option<usize>,
}

/// Which files are read.
#[derive(ClapArgs, Debug, Default)]
#[command(next_help_heading = "Input")]
pub(crate) struct Input {
    /// Read further paths from this file, one a line; - for standard input.
    #[arg(long, value_name = "FILE|-")]
    pub(crate) files_from: Option<PathBuf>,
    /// The paths of --files-from end with a NUL, as find -print0 writes them.
    #[arg(short = '0', requires = "files_from")]
    pub(crate) null: bool,
    /// Leave out what fits this pattern below folders, as in .rectoignore.
    #[arg(long, value_name = "GLOB", value_parser = exclude)]
    pub(crate) exclude: Vec<String>,
    /// Pay no heed to .rectoignore.
    #[arg(long)]
    pub(crate) no_ignore: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Findings and flags, counts, encodings: a dry run.
    Check(Check),
    /// What `clean` would do, or what it did in an output folder; or the difference of two files.
    Diff(Diff),
    /// Cleaned text: of one file to stdout, of folders with -o.
    Clean(Clean),
    /// The originals, byte for byte, from output and ledger alone.
    Restore(Restore),
    /// Replays both ways and checks every hash.
    Verify(Verify),
    /// Review what was changed and proposed, change by change or group by group.
    Review(Review),
    /// Rebuilds the output folder with the decisions.
    Apply(Apply),
    /// Takes changes, or the last decision, back and rebuilds.
    Undo(Undo),
    /// Takes edits made to the output by hand into the decisions.
    Adopt(Adopt),
    /// The decisions, one a line.
    Log(ShowLog),
    /// Works on decision files.
    Decisions(Decisions),
    /// What was done to an output folder, what was not, and which pages need a person.
    Report(Report),
    /// A rule's precision: draws a sample, takes the verdicts, gives the 95 % interval.
    Sample(Sample),
    /// Errors against ground truth, and help and harm per rule.
    Eval(Eval),
    /// The record for other systems: PREMIS, CSV, SARIF.
    Export(Export),
    /// The title's own words, and the words of pages that nothing explains.
    Words(Words),
    /// Models of own text: what is usual in it is no misreading.
    Lm(Lm),
    /// The rules and what they do.
    Rules(Rules),
    /// Why one change was made, or what a rule does.
    Explain(Explain),
    /// The settings that hold and where each comes from.
    Config(ShowConfig),
    /// A commented recto.toml on stdout.
    Init,
    /// Completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// The manual page.
    Man,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum CheckFormat {
    Text,
    Json,
    Jsonl,
}

#[derive(ClapArgs, Debug)]
#[command(mut_arg("jobs", one_thread))]
pub(crate) struct Check {
    /// Files, folders, zip archives and patterns; - for standard input.
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: Input,
    /// Form of the output.
    #[arg(long, default_value = "text")]
    pub(crate) format: CheckFormat,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Unified,
    Json,
    /// One HTML file to read in a browser.
    Html,
}

#[derive(ClapArgs, Debug)]
#[command(mut_arg("jobs", one_thread))]
pub(crate) struct Diff {
    /// Files and folders, or an output folder of recto; - for standard input.
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: Input,
    /// Compare with this file instead of cleaning.
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Show the proposals instead of what is applied.
    #[arg(long)]
    pub(crate) proposed: bool,
    /// Form of the output.
    #[arg(long, default_value = "text")]
    pub(crate) format: DiffFormat,
    #[command(flatten)]
    pub(crate) ui_lang: UiLang,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum InFormat {
    /// JSON lines where all files named end in .jsonl, .ndjson, .jsonl.gz or .jsonl.zst; else text.
    Auto,
    /// Text: a page a file.
    Txt,
    /// JSON lines, plain or packed with gzip or zstd; the field `text` is cleaned.
    Jsonl,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Clean {
    /// One file or - to stdout; files and folders with -o.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write the output folder here.
    #[arg(short, long, value_name = "DIR", value_parser = file("one file or stream goes to standard output without -o"))]
    pub(crate) out: Option<PathBuf>,
    /// Write over the output of another configuration.
    #[arg(long, requires = "out")]
    pub(crate) fresh: bool,
    /// Learn the profile again, also where the output folder holds one.
    #[arg(long, requires = "out")]
    pub(crate) relearn: bool,
    #[command(flatten)]
    pub(crate) input: Input,
    /// Stop when more than so many files have failed; the same command goes on.
    #[arg(long, value_name = "N", requires = "out", env = "RECTO_MAX_FAILURES")]
    pub(crate) max_failures: Option<usize>,
    /// Leave out the syncs: for measuring, and for output that a power cut may take.
    #[arg(long, requires = "out", hide = true)]
    pub(crate) no_sync: bool,
    /// Pages between two syncs: for testing.
    #[arg(long, value_name = "N", requires = "out", hide = true, default_value_t = BATCH_PAGES)]
    pub(crate) batch_pages: usize,
    /// Keep the record of a single file here.
    #[arg(long, value_name = "FILE", conflicts_with = "out", value_parser = file("standard output carries the text"))]
    pub(crate) ledger: Option<PathBuf>,
    /// Form of the input.
    #[arg(long, default_value = "auto", env = "RECTO_IN_FORMAT")]
    pub(crate) in_format: InFormat,
    /// With JSON lines: add a `recto` object with counts and an offset map.
    #[arg(long)]
    pub(crate) annotate: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Restore {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// Where the originals go.
    #[arg(short, long, value_name = "DIR", value_parser = file("originals come back as files, not on standard output"))]
    pub(crate) out: PathBuf,
    /// Only these files, by their relative names.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<String>,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Verify {
    /// The output folder.
    #[arg(value_name = "OUT")]
    pub(crate) folder: PathBuf,
    /// Exit with 1 where proposals are undecided.
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(ClapArgs, Debug)]
#[command(mut_arg("jobs", one_thread))]
pub(crate) struct WordsInput {
    /// Files, folders, zip archives and patterns; - for standard input.
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: Input,
    /// Only words that stand so often.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) min: u64,
    #[command(flatten)]
    pub(crate) settings: Settings,
}
#[derive(ClapArgs, Debug)]
pub(crate) struct Rules {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Subcommand, Debug)]
pub(crate) enum RulesCommand {
    /// A line per rule.
    List {
        /// Language of the names: en or zh.
        #[arg(long, value_name = "LANG", default_value = "en", value_parser = ["en", "zh"], env = "RECTO_UI_LANG")]
        ui_lang: String,
    },
    /// A rule with its examples and counter-examples.
    Show {
        /// The rule.
        id: String,
    },
}

#[derive(ClapArgs, Debug)]
#[command(mut_arg("jobs", one_thread))]
pub(crate) struct Explain {
    /// A rule, or the id or key of a change as `diff --format json` gives it.
    pub(crate) what: String,
    /// Where the change is: originals (files, folders), or an output folder.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(ClapArgs, Debug)]
#[command(mut_arg("jobs", one_thread))]
pub(crate) struct ShowConfig {
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Why an output that stands in a file cannot be named so, and what to do.
const TO_STDOUT: &str = "without this flag it goes to standard output";

/// A path that is written to; `-`, which other programs take for standard output, is refused with the reason.
fn file(why: &'static str) -> ValueParser {
    let named = move |p: PathBuf| {
        if p.as_os_str() == "-" { Err(format!("{why}\nHint: name a path; ./- is one as well")) } else { Ok(p) }
    };
    ValueParser::new(PathBufValueParser::new().try_map(named))
}

fn at_least_one(s: &str) -> Result<usize, String> {
    match s.parse() {
        Ok(0) => Err("at least one is needed".to_owned()),
        Ok(n) => Ok(n),
        Err(_) => Err("a whole number was expected".to_owned()),
    }
}

fn threads(s: &str) -> Result<usize, String> {
    at_least_one(s).map_err(|_| "at least one thread is needed\nHint: leave it out to use all cores".to_owned())
}

/// A pattern of what is left out, as in `.gitignore`.
fn exclude(s: &str) -> Result<String, String> {
    crate::settings::ignore_pattern(s)
        .map(|()| s.to_owned())
        .map_err(|why| format!("{why}\nHint: patterns are as in .gitignore: *.bak, drafts/, issue-[0-9]*"))
}

/// -j of a command that goes through its inputs one by one: taken, as scripts give it everywhere, and not offered.
fn one_thread(jobs: clap::Arg) -> clap::Arg {
    jobs.hide(true)
}

fn policy(s: &str) -> Result<Policy, String> {
    [Policy::Diplomatic, Policy::Archive, Policy::Nlp]
        .into_iter()
        .find(|p| p.name() == s)
        .ok_or_else(|| "expected diplomatic, archive or nlp".to_owned())
}

fn stage(s: &str) -> Result<Stage, String> {
    Stage::from_name(s.trim())
        .ok_or_else(|| "expected encoding, characters, debris, rejoin, punctuation or lexicon".to_owned())
}

fn confidence(s: &str) -> Result<Confidence, String> {
    [Confidence::Suggest, Confidence::Likely, Confidence::Certain]
        .into_iter()
        .find(|c| c.name() == s)
        .ok_or_else(|| "expected suggest, likely or certain".to_owned())
}
