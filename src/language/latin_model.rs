//! `LatinModel`: all that was learned of one language for the correction of words: confusions, misread words, counts in
//! context, the trees that weigh them.
//!
//! It must never be read before it is needed: a page without doubt costs nothing.

use super::channel::Channel;
use super::context::WordContext;
use super::near::NearList;
use super::nearby::Nearby;
use super::search::Reach;
use super::trees::Trees;
use super::words::fold_word;
use crate::text::lists;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a word was read as, how often, and how often the reading was right as it stood.
#[derive(Clone, Debug, Default)]
pub struct Misreads {
    rows: HashMap<String, Vec<(String, f32)>>,
    right: HashMap<String, f32>,
}

impl Misreads {
    /// Reads lines `read TAB printed TAB times TAB times the reading was right`.
    fn parse(tsv: &str) -> Self {
        let mut out = Self::default();
        for line in lists::rows(tsv) {
            let f: Vec<&str> = line.split('\t').collect();
            let (Some(read), Some(printed)) = (f.first(), f.get(1)) else { continue };
            let number = |n: usize| f.get(n).and_then(|x| x.parse::<f32>().ok()).unwrap_or(0.0);
            out.rows.entry((*read).to_owned()).or_default().push(((*printed).to_owned(), number(2)));
            out.right.insert((*read).to_owned(), number(3));
        }
        out
    }

    /// What `read` was printed as, with counts. Words in small letters.
    pub fn of(&self, read: &str) -> &[(String, f32)] {
        self.rows.get(read).map_or(&[], Vec::as_slice)
    }

    /// How often `read` was right.
    pub fn right(&self, read: &str) -> f32 {
        self.right.get(read).copied().unwrap_or(0.0)
    }

    /// How often `read` stood for `printed`.
    pub fn count(&self, read: &str, printed: &str) -> f32 {
        self.of(read).iter().find(|r| r.0 == printed).map_or(0.0, |r| r.1)
    }
}

/// The parts of a model that are read on first use.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The recogniser's confusions.
    pub channel: Channel,
    /// Misread words.
    pub misreads: Misreads,
    /// From evidence to probability.
    pub trees: Trees,
    /// Probability from which `nlp` applies an edit.
    pub threshold: f32,
    /// Pages with a smaller share of unknown words are clean.
    pub clean: f32,
    /// How far the search goes for a word that has no near one.
    pub far: Reach,
}

/// What was learned of one language.
#[derive(Clone, Debug, Default)]
pub struct LatinModel {
    confusions: Cow<'static, str>,
    misreads: Cow<'static, str>,
    trees: Cow<'static, str>,
    /// Counts of words and letters in context.
    pub context: WordContext,
    /// Words that a misread one is looked for among: the language's list, and what printed text has beside it.
    pub near: Nearby,
    parsed: OnceLock<Parsed>,
}

/// Where the trees name no threshold.
const THRESHOLD: f32 = 0.7;
/// Where the trees name no reach: cost, confusions, expansions.
const FAR: Reach = Reach { cost: 14.0, edits: 3, expansions: 700, words: 12 };
/// Where the trees name no share for clean pages.
const CLEAN: f32 = 0.02;

impl LatinModel {
    /// A model of these tables; `trees` may be empty.
    pub fn new(
        confusions: impl Into<Cow<'static, str>>,
        misreads: impl Into<Cow<'static, str>>,
        trees: impl Into<Cow<'static, str>>,
        context: WordContext,
        near: NearList,
    ) -> Self {
        let (confusions, misreads, trees) = (confusions.into(), misreads.into(), trees.into());
        Self { confusions, misreads, trees, context, near: Nearby::new(near), parsed: OnceLock::new() }
    }

    /// True where nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.confusions.is_empty()
    }

    /// The parsed parts. `names` are the features in the order in which they will be given.
    pub fn parsed(&self, names: &[&str]) -> &Parsed {
        self.parsed.get_or_init(|| {
            let number = |name: &str, or: f32| {
                self.trees.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix('\t')?.parse().ok()).unwrap_or(or)
            };
            let far = self.trees.lines().find_map(|l| {
                let mut f = l.strip_prefix("far\t")?.split(' ');
                let (cost, edits) = (f.next()?.parse().ok()?, f.next()?.parse().ok()?);
                Some(Reach { cost, edits, expansions: f.next()?.parse().ok()?, ..FAR })
            });
            Parsed {
                far: far.unwrap_or(FAR),
                channel: Channel::parse(&self.confusions),
                misreads: Misreads::parse(&self.misreads),
                trees: Trees::parse(&self.trees, names),
                threshold: number("threshold", THRESHOLD),
                clean: number("clean", CLEAN),
            }
        })
    }

    /// The key under which misread words stand.
    pub fn key(word: &str) -> String {
        String::from_utf8_lossy(&fold_word(word)).into_owned()
    }
}
