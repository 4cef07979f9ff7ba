//! `recto.toml` and flags to one configuration, with the origin of each setting.
//!
//! The closest file upwards wins, nothing is merged with another file; a flag beats the file.

use crate::args::Settings;
use crate::exit::{Exit, Failure};
use globset::GlobBuilder;
use recto::config::{Config, Policy, Protect, RuleConfig};
use recto::language::{Language, OwnModel, TitleWords, WordLine};
use recto::profile::Profile;
use recto::rule::Stage;
use recto::source::Hint;
use recto::store::PagePattern;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `recto.toml`, as written.
#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct File {
    schema: Option<u32>,
    policy: Option<Policy>,
    languages: Vec<String>,
    files: Files,
    input: Input,
    /// By name: a name that is none is answered in our own words.
    stages: BTreeMap<String, bool>,
    rules: BTreeMap<String, RuleConfig>,
    protect: Option<Protect>,
    words: Named,
    models: Named,
    /// Stems of Hunspell dictionaries by language, relative to the folder of recto.toml.
    hunspell: BTreeMap<String, PathBuf>,
}

/// Files that a table of `recto.toml` names.
#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Named {
    /// Relative to the folder of recto.toml.
    files: Vec<PathBuf>,
}

/// Which files below a folder are read.
#[derive(Deserialize, Clone, Debug, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Files {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    /// How the title names its pages: a regular expression with the groups issue and page.
    pub(crate) page_pattern: Option<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Input {
    encoding: Option<String>,
}

/// The settings that hold.
#[derive(Debug)]
pub(crate) struct Effective {
    pub(crate) config: Config,
    pub(crate) profile: Option<Profile>,
    /// Models of own text (`[models] files`), read when they are needed.
    pub(crate) models: Vec<PathBuf>,
    /// Hunspell dictionaries by language, without the ends of the two names (`[hunspell]`).
    pub(crate) hunspell: Vec<(String, PathBuf)>,
    /// The title's word lists (`[words] files`).
    pub(crate) lists: Vec<PathBuf>,
    pub(crate) files: Files,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    /// Setting, value, origin.
    pub(crate) origins: Vec<(&'static str, String, String)>,
}

impl Effective {
    /// What is built in, and the models of own text.
    pub(crate) fn language(&self) -> Result<Language, Failure> {
        let models = self.models.iter().map(|f| read_model(f));
        let dictionaries = self.hunspell.iter().map(|(tag, stem)| read_hunspell(tag, stem));
        Ok(Language::embedded().with_models(models.chain(dictionaries).collect::<Result<Vec<_>, _>>()?))
    }
}

/// Finds and reads the settings. `start` is where the search upwards begins.
pub(crate) fn load(s: &Settings, start: &Path) -> Result<Effective, Failure> {
    let file = match (&s.config, s.isolated) {
        (Some(f), _) => Some(f.clone()),
        (None, true) => None,
        (None, false) => search(start),
    };
    let read = match &file {
        Some(f) => read_file(f)?,
        None => File::default(),
    };
    if let Some(f) = &file {
        check(&read).map_err(|e| e.in_file(f))?;
    }
    let from_file = file.as_ref().map(|f| f.display().to_string()).unwrap_or_default();
    let mut origins = Vec::new();
    let mut note = |name: &'static str, value: String, flag: bool, in_file: bool| {
        let origin = if flag {
            "flag or environment".to_owned()
        } else if in_file {
            from_file.clone()
        } else {
            "default".to_owned()
        };
        origins.push((name, value, origin));
    };
    let mut c = Config { policy: s.policy.or(read.policy).unwrap_or_default(), ..Config::default() };
    note("policy", c.policy.name().into(), s.policy.is_some(), read.policy.is_some());
    let wanted = |st: &Stage| {
        if s.stages.is_empty() { read.stages.get(st.name()).copied().unwrap_or(true) } else { s.stages.contains(st) }
    };
    c.stages = Stage::ALL.into_iter().filter(wanted).collect();
    let names: Vec<&str> = c.stages.iter().map(|s| s.name()).collect();
    note("stages", names.join(","), !s.stages.is_empty(), !read.stages.is_empty());
    c.languages = if s.lang.is_empty() { read.languages.clone() } else { s.lang.clone() };
    languages(&s.lang)?;
    note("languages", c.languages.join(","), !s.lang.is_empty(), !read.languages.is_empty());
    c.encoding = s.encoding.clone().or(read.input.encoding.clone()).unwrap_or_else(|| "auto".into());
    note("encoding", c.encoding.clone(), s.encoding.is_some(), read.input.encoding.is_some());
    s.encoding.as_deref().map_or(Ok(()), encoding)?;
    c.select = known_rules(&s.select)?;
    note("select", c.select.join(","), !s.select.is_empty(), false);
    c.ignore = known_rules(&s.ignore)?;
    note("ignore", c.ignore.join(","), !s.ignore.is_empty(), false);
    c.min_confidence = s.min_confidence;
    note("min-confidence", c.min_confidence.map_or("", |m| m.name()).into(), s.min_confidence.is_some(), false);
    note("rules", read.rules.keys().cloned().collect::<Vec<_>>().join(","), false, !read.rules.is_empty());
    c.rules = read.rules;
    note("protect", String::new(), false, read.protect.is_some());
    c.protect = read.protect.unwrap_or_default();
    let base = file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let word_files: Vec<PathBuf> = read.words.files.iter().map(|f| base.join(f)).collect();
    c.words = read_words(&word_files)?;
    note("words", list_of(&word_files), false, !word_files.is_empty());
    let models: Vec<PathBuf> = read.models.files.iter().map(|f| base.join(f)).collect();
    note("models", list_of(&models), false, !models.is_empty());
    let hunspell: Vec<(String, PathBuf)> = read.hunspell.into_iter().map(|(tag, f)| (tag, base.join(f))).collect();
    let stems: Vec<PathBuf> = hunspell.iter().map(|h| h.1.clone()).collect();
    note("hunspell", list_of(&stems), false, !stems.is_empty());
    note("include", read.files.include.join(","), false, !read.files.include.is_empty());
    let pattern = read.files.page_pattern.clone();
    note("page-pattern", pattern.clone().unwrap_or_default(), false, pattern.is_some());
    note("exclude", read.files.exclude.join(","), false, !read.files.exclude.is_empty());
    let profile = s.profile.as_deref().map(read_profile).transpose()?;
    Ok(Effective { config: c, profile, models, hunspell, lists: word_files, files: read.files, file, origins })
}

/// Whether what `recto.toml` says can be used; the file is named by the caller.
fn check(read: &File) -> Result<(), Failure> {
    if let Some(n) = read.schema.filter(|&n| n != 1) {
        return Err(Failure::usage(format!("schema {n} is not known")).hint("this build of recto reads schema = 1"));
    }
    if let Some(name) = read.stages.keys().find(|n| Stage::from_name(n).is_none()) {
        let all = Stage::ALL.map(Stage::name).join(", ");
        return Err(Failure::usage(format!("[stages] no stage is called {name}")).hint(format!("the stages are {all}")));
    }
    languages(&read.languages)?;
    read.input.encoding.as_deref().map_or(Ok(()), encoding)?;
    known_rules(&read.rules.keys().cloned().collect::<Vec<_>>())?;
    if let Some((id, r)) = read.rules.iter().find(|(_, r)| r.threshold.is_some_and(|t| !(0.0..=1.0).contains(&t))) {
        let t = r.threshold.unwrap_or_default();
        return Err(Failure::usage(format!("rules.\"{id}\": threshold {t} is no probability"))
            .hint("a threshold lies between 0 and 1"));
    }
    for p in &read.files.include {
        GlobBuilder::new(p).literal_separator(true).build().map_err(|e| {
            Failure::usage(format!("[files] include: {e}"))
                .hint("*, ? and [a-z] stop at a folder, **/ goes through them")
        })?;
    }
    for p in &read.files.exclude {
        ignore_pattern(p).map_err(|e| {
            Failure::usage(format!("[files] exclude: {e}"))
                .hint("patterns are as in .gitignore: *.bak, drafts/, issue-[0-9]*")
        })?;
    }
    if let Some(p) = &read.files.page_pattern {
        PagePattern::new(p).map_err(|e| {
            Failure::usage(format!("[files] {e}")).hint(
                "a regular expression over the file name without its extension, as (?P<issue>.+)_(?P<page>[0-9]+)",
            )
        })?;
    }
    Ok(())
}

/// Whether a pattern of what to leave out is one. A bracket that nothing closes would fit no file and say nothing.
pub(crate) fn ignore_pattern(pattern: &str) -> Result<(), String> {
    GlobBuilder::new(pattern).build().map(|_| ()).map_err(|e| e.to_string())
}

fn languages(tags: &[String]) -> Result<(), Failure> {
    let tag = |t: &String| {
        let (main, rest) = t.split_once('-').unwrap_or((t, "x"));
        (2..=3).contains(&main.len())
            && main.bytes().all(|b| b.is_ascii_lowercase())
            && main != "xx"
            && !rest.is_empty()
    };
    match tags.iter().find(|t| !tag(t)) {
        Some(t) => {
            Err(Failure::usage(format!("{t} is no language tag")).hint("use tags as zh-Hans, zh-Hant, ja, en, de, fr"))
        }
        None => Ok(()),
    }
}

fn encoding(label: &str) -> Result<(), Failure> {
    if label == "auto" || recto::source::known_label(label) {
        return Ok(());
    }
    Err(Failure::usage(format!("no encoding is called {label}"))
        .hint("use a label as gb18030, big5, shift_jis, windows-1252, cp850, utf-16le"))
}

fn search(start: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    start.ancestors().map(|d| d.join("recto.toml")).find(|f| is_there(f))
}

/// A link that leads nowhere counts: it says that settings were meant.
fn is_there(file: &Path) -> bool {
    file.is_file() || file.symlink_metadata().is_ok_and(|m| m.is_symlink() && !file.exists())
}

fn read_file(path: &Path) -> Result<File, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::file(path, &e))?;
    toml::from_str(&text).map_err(|e| {
        Failure::usage(format!("{}: {}", path.display(), e.to_string().trim_end()))
            .hint("`recto init` prints a recto.toml with every setting explained")
    })
}

/// The title's own words. A file that is named but not there yet says nothing: the review's *always* makes it.
fn read_words(files: &[PathBuf]) -> Result<TitleWords, Failure> {
    let mut all = TitleWords::default();
    for f in files {
        let text = match std::fs::read_to_string(f) {
            Ok(t) => t,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Failure::file(f, &e)),
        };
        let wrong = |what: String| {
            Failure::usage(format!("{}: {what}", f.display()))
                .hint("a line is good<TAB>word, bad<TAB>word or replace<TAB>wrong<TAB>right")
        };
        let list = TitleWords::parse(&text).map_err(|e| wrong(e.to_string()))?;
        let lines = list.good.into_iter().map(WordLine::Good).chain(list.bad.into_iter().map(WordLine::Bad));
        for line in lines.chain(list.replace.into_iter().map(|(a, b)| WordLine::Replace(a, b))) {
            all.add(line).map_err(wrong)?;
        }
    }
    Ok(all)
}

/// A model of own text under its file's name.
fn read_model(path: &Path) -> Result<(String, OwnModel), Failure> {
    let wrong = |what: String| {
        Failure::usage(format!("{}: {what}", path.display()))
            .hint("recto lm build -o FILE TEXT... writes a model; [models] files in recto.toml names it")
    };
    let bytes = std::fs::read(path).map_err(|e| wrong(e.to_string()))?;
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok((name, OwnModel::parse(bytes).map_err(|e| wrong(e.to_string()))?))
}

/// A Hunspell dictionary under its stem's name: `STEM.aff` and `STEM.dic`, in the encoding that the first one states.
fn read_hunspell(tag: &str, stem: &Path) -> Result<(String, OwnModel), Failure> {
    let wrong = |what: String| {
        Failure::usage(format!("[hunspell] {tag} = {}: {what}", stem.display()))
            .hint("name the two files without .aff and .dic, as de = \"dictionaries/de_DE\"; languages are en, de, fr")
    };
    let read = |end: &str| {
        let mut path = stem.as_os_str().to_owned();
        path.push(end);
        std::fs::read(&path).map_err(|e| wrong(format!("{}: {e}", Path::new(&path).display())))
    };
    let (aff, dic) = (read(".aff")?, read(".dic")?);
    let stated = aff.split(|&b| b == b'\n').find_map(|l| l.strip_prefix(b"SET "));
    let label = stated.map(|l| String::from_utf8_lossy(l.trim_ascii()).into_owned());
    let text = |bytes: &[u8]| recto::source::decode(bytes, &Hint { label: label.as_deref(), votes: None }).text;
    let own = OwnModel::hunspell(tag, &text(&aff), &text(&dic)).map_err(|e| wrong(e.to_string()))?;
    let name = stem.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok((format!("hunspell {name}"), own))
}

fn list_of(files: &[PathBuf]) -> String {
    files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(",")
}

fn read_profile(path: &Path) -> Result<Profile, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::file(path, &e))?;
    let p: Profile = serde_json::from_str(&text).map_err(|e| {
        Failure::usage(format!("{}: no profile: {e}", path.display()))
            .hint("name the .recto/profile.json of an output folder, or leave --profile out")
    })?;
    if p.v != recto::profile::PROFILE_VERSION {
        return Err(Failure::usage(format!("{}: profile version {}", path.display(), p.v))
            .hint("learn it again with this build: recto clean DIR -o OUT --relearn"));
    }
    Ok(p)
}

fn known_rules(ids: &[String]) -> Result<Vec<String>, Failure> {
    match ids.iter().find(|id| recto::rules::find(id).is_none()) {
        Some(id) => Err(unknown_rule(id)),
        None => Ok(ids.to_vec()),
    }
}

/// The error for a rule that is not there, with the nearest one where one is near.
pub(crate) fn unknown_rule(id: &str) -> Failure {
    let near = recto::rules::all().map(|r| r.id).min_by_key(|r| distance(id, r));
    // A third of the name may be wrong: beyond that nothing was meant that is here.
    let near = near.filter(|r| distance(id, r) * 3 <= id.chars().count());
    // A part of a name is near as well.
    let part = || recto::rules::all().map(|r| r.id).find(|r| id.len() >= 4 && r.contains(id));
    let near = near.or_else(part);
    let f = Failure::new(Exit::Usage, format!("no rule is called {id}"));
    f.hint(match near {
        Some(r) => format!("did you mean {r}? `recto rules list` prints all"),
        None => "`recto rules list` prints all".to_owned(),
    })
}

/// How many letters have to be put in, taken out or changed to make one name of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let least = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], least);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// What `recto init` prints.
pub(crate) const TEMPLATE: &str = r#"# recto.toml: settings for the folders below this one. The closest file upwards wins.
schema = 1

# diplomatic: encoding and certain characters only; archive: every certain and likely edit; nlp: also suggestions
policy = "archive"

# Expected languages; empty: decided paragraph by paragraph.
languages = []

[files]
# Files that are read below a folder; empty: *.txt. What is left out, as in a file .rectoignore.
include = []
exclude = []
# How the title names its pages, where recto does not see it: a regular expression over the whole file name without its
# extension. Files of one folder with the same issue are its pages, ordered by page; what does not fit stands alone.
# page-pattern = '(?P<issue>.+)_(?P<page>[A-Z]?[0-9]+)'

[input]
# auto, or a label as gb18030, big5, windows-1252
encoding = "auto"

[stages]
encoding = true
characters = true
debris = true
rejoin = true
punctuation = true
lexicon = true

# One table per rule: apply-at = suggest, likely or certain; threshold = least probability.
# [rules."split-word-across-break"]
# apply-at = "likely"
# threshold = 0.98

[words]
# The title's own words: good<TAB>word, bad<TAB>word, replace<TAB>wrong<TAB>right; the review's "always" adds lines.
files = ["recto.words.tsv"]

# Models of own text, made by `recto lm build`: what is usual here is no misreading.
# [models]
# files = ["own.lm"]

# Hunspell dictionaries of your own, without .aff and .dic (builds with the feature `hunspell`).
# [hunspell]
# de = "/usr/share/hunspell/de_DE"

[protect]
numbers = true
dates = true
quotations = true
headlines = true
"#;
