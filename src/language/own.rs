//! `OwnModel`: what a user adds to the resources that are built in: counts of own text (`recto lm build`), or a Hunspell
//! dictionary.
//!
//! A file is one line of JSON that says what follows, then the tables of [`CountTable`], end to end. It holds hashed
//! sequences and counts, never a text; it must never be read without its header agreeing with its length.

use super::context::{ContextCounter, Least};
use super::counts::{BadTable, CountTable};
use super::model::HanCounter;
use super::words::Latin;
use serde::{Deserialize, Serialize};

/// Version of the file.
const VERSION: u32 = 1;
/// What the file says of itself.
const WHAT: &str = "counts of sequences of characters and words in own text, by recto lm build; no text is kept";
/// What the header calls the counts of Chinese characters; those of the Latin languages go by their tags.
const CHINESE: &str = "zh";
/// Least counts of words, pairs and letter sequences that are kept: those of the tables that are built in.
const LEAST: Least = Least { word: 2, pair: 2, letters: 6 };

#[derive(Serialize, Deserialize)]
struct Header {
    v: u32,
    t: String,
    /// For a person who opens the file.
    what: String,
    tables: Vec<Section>,
}

#[derive(Serialize, Deserialize)]
struct Section {
    language: String,
    bytes: usize,
}

/// The two kinds of file.
const COUNTS: &str = "language-model";
const HUNSPELL: &str = "hunspell";

/// Why a file is no model.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadModel {
    /// No header, or one of another kind.
    #[error("no model that `recto lm build` wrote")]
    NoModel,
    /// A newer or older file.
    #[error("version {0} of a model; this build reads version {VERSION}")]
    Version(u32),
    /// A Hunspell dictionary, and this build cannot read one.
    #[error("this build reads no Hunspell dictionaries (feature `hunspell`)")]
    NoHunspell,
    /// The two files are no Hunspell dictionary.
    #[error("no Hunspell dictionary for English, German or French")]
    BadHunspell,
    /// Header and length do not agree, or a table is damaged.
    #[error("the model is cut or damaged")]
    Damaged,
}

impl From<BadTable> for BadModel {
    fn from(_: BadTable) -> Self {
        BadModel::Damaged
    }
}

/// Counts of own text.
#[derive(Clone, Debug)]
pub struct OwnModel {
    bytes: Vec<u8>,
    tables: Vec<(String, CountTable)>,
    #[cfg(feature = "hunspell")]
    hunspell: Option<super::hunspell::Hunspell>,
}

impl OwnModel {
    /// Reads a file.
    ///
    /// # Errors
    /// [`BadModel`].
    pub fn parse(bytes: Vec<u8>) -> Result<Self, BadModel> {
        let line = memchr::memchr(b'\n', &bytes).ok_or(BadModel::NoModel)?;
        let header: Header = serde_json::from_slice(&bytes[..line]).map_err(|_| BadModel::NoModel)?;
        if header.t != COUNTS && header.t != HUNSPELL {
            return Err(BadModel::NoModel);
        }
        if header.v != VERSION {
            return Err(BadModel::Version(header.v));
        }
        let mut sections = Vec::new();
        let mut rest = &bytes[line + 1..];
        for s in header.tables {
            let (section, behind) = rest.split_at_checked(s.bytes).ok_or(BadModel::Damaged)?;
            sections.push((s.language, section));
            rest = behind;
        }
        if !rest.is_empty() {
            return Err(BadModel::Damaged);
        }
        if header.t == HUNSPELL {
            return Self::read_hunspell(&bytes, &sections);
        }
        let table = |(l, s): (String, &[u8])| Ok::<_, BadModel>((l, CountTable::new(s.to_vec())?));
        let tables = sections.into_iter().map(table).collect::<Result<_, _>>()?;
        Ok(Self {
            bytes,
            tables,
            #[cfg(feature = "hunspell")]
            hunspell: None,
        })
    }

    #[cfg(feature = "hunspell")]
    fn read_hunspell(bytes: &[u8], sections: &[(String, &[u8])]) -> Result<Self, BadModel> {
        let [(tag, aff), (_, dic)] = sections else { return Err(BadModel::Damaged) };
        let text = |b| std::str::from_utf8(b).map_err(|_| BadModel::Damaged);
        let lang = Latin::from_tag(tag).ok_or(BadModel::BadHunspell)?;
        let read = super::hunspell::Hunspell::new(lang, text(aff)?, text(dic)?).ok_or(BadModel::BadHunspell)?;
        Ok(Self { bytes: bytes.to_vec(), tables: Vec::new(), hunspell: Some(read) })
    }

    #[cfg(not(feature = "hunspell"))]
    fn read_hunspell(_: &[u8], _: &[(String, &[u8])]) -> Result<Self, BadModel> {
        Err(BadModel::NoHunspell)
    }

    /// The two files of a Hunspell dictionary for the language of `tag`, already decoded.
    ///
    /// # Errors
    /// [`BadModel::BadHunspell`], or [`BadModel::NoHunspell`] where the feature was left out of the build.
    pub fn hunspell(tag: &str, aff: &str, dic: &str) -> Result<Self, BadModel> {
        let what = "a Hunspell dictionary as the user gave it, in UTF-8: the .aff file, then the .dic file; its own licence holds";
        Self::parse(file(HUNSPELL, what, &[(tag, aff.as_bytes()), (tag, dic.as_bytes())]).ok_or(BadModel::Damaged)?)
    }

    /// True where the dictionary is for the language and takes the word.
    #[cfg(feature = "hunspell")]
    pub(super) fn has(&self, lang: Latin, word: &str) -> bool {
        self.hunspell.as_ref().is_some_and(|h| h.has(lang, word))
    }

    #[cfg(not(feature = "hunspell"))]
    #[allow(clippy::unused_self)]
    pub(super) fn has(&self, _: Latin, _: &str) -> bool {
        false
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Languages with the number of sequences and of characters or words that were counted.
    pub fn contents(&self) -> impl Iterator<Item = (&str, usize, u64)> {
        self.tables.iter().map(|(l, t)| (l.as_str(), t.len(), t.total()))
    }

    pub(super) fn chinese(&self) -> Option<&CountTable> {
        self.table(CHINESE)
    }

    pub(super) fn latin(&self, lang: Latin) -> Option<&CountTable> {
        self.table(lang.tag())
    }

    fn table(&self, language: &str) -> Option<&CountTable> {
        self.tables.iter().find(|t| t.0 == language).map(|t| &t.1)
    }
}

/// Counts own text.
#[derive(Default, Debug)]
pub struct OwnCounter {
    chinese: HanCounter,
    latin: [ContextCounter; 3],
    used: [bool; 4],
}

impl OwnCounter {
    /// Adds a paragraph of Chinese.
    pub fn chinese(&mut self, paragraph: &str) {
        self.chinese.paragraph(paragraph);
        self.used[0] = true;
    }

    /// Adds the words of a sentence or paragraph.
    pub fn latin<'a>(&mut self, lang: Latin, words: impl Iterator<Item = &'a str>) {
        self.latin[lang as usize].add(words, 1);
        self.used[1 + lang as usize] = true;
    }

    /// The file; None where nothing was counted.
    pub fn build(self) -> Option<Vec<u8>> {
        let mut tables = Vec::new();
        if self.used[0] {
            tables.push((CHINESE, self.chinese.build()));
        }
        for lang in Latin::ALL.into_iter().filter(|&l| self.used[1 + l as usize]) {
            tables.push((lang.tag(), self.latin[lang as usize].build(LEAST)));
        }
        let tables: Vec<(&str, &[u8])> = tables.iter().map(|(l, b)| (*l, b.as_slice())).collect();
        if tables.is_empty() { None } else { file(COUNTS, WHAT, &tables) }
    }
}

/// A file of these sections.
fn file(kind: &str, what: &str, sections: &[(&str, &[u8])]) -> Option<Vec<u8>> {
    let section = |(l, b): &(&str, &[u8])| Section { language: (*l).to_owned(), bytes: b.len() };
    let tables = sections.iter().map(section).collect();
    let mut out = serde_json::to_vec(&Header { v: VERSION, t: kind.into(), what: what.into(), tables }).ok()?;
    out.push(b'\n');
    sections.iter().for_each(|s| out.extend_from_slice(s.1));
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn model() -> Vec<u8> {
        let mut c = OwnCounter::default();
        for _ in 0..4 {
            c.chinese("靘茈镇的罅嵝河流过鄢家");
            c.latin(Latin::De, "der Blechschmied Zwirbelhuber von Quarzbichl".split(' '));
        }
        c.build().expect("counted")
    }

    #[test]
    fn what_was_counted_is_known_in_addition() {
        let own = OwnModel::parse(model()).expect("reads");
        assert_eq!(own.contents().map(|c| c.0).collect::<Vec<_>>(), ["zh", "de"]);
        let plain = Language::embedded();
        let with = Language::embedded().with_models(vec![("own.lm".into(), own)]);
        assert!(!plain.model.knows_pair('罅', '嵝') && with.model.knows_pair('罅', '嵝'));
        assert!(with.model.knows_pair('医', '疗') && with.chars.seen(&['罅', '嵝']) >= 3.0);
        let count = |l: &Language| l.model(Latin::De).context.count("Zwirbelhuber");
        assert!(count(&plain) == 0.0 && count(&with) >= 3.0);
        assert_eq!(with.sources().len(), plain.sources().len() + 1);
        assert!(OwnCounter::default().build().is_none());
    }

    #[cfg(feature = "hunspell")]
    #[test]
    fn words_of_a_hunspell_dictionary_are_known() {
        use crate::language::Known;
        let aff = "SET UTF-8\nSFX A Y 1\nSFX A 0 en .\n";
        let own = OwnModel::hunspell("de-AT", aff, "1\nZwirbelquast/A\n").expect("reads");
        let again = OwnModel::parse(own.bytes().to_vec()).expect("reads again");
        let l = Language::embedded().with_models(vec![("de_AT".into(), again)]);
        for word in ["Zwirbelquast", "Zwirbelquasten"] {
            assert_eq!((l.known(Latin::De, word), l.known(Latin::En, word)), (Known::Listed, Known::No));
        }
        assert!(l.is_word(Latin::De, "Zwirbelquast") && !l.is_word(Latin::De, "Zwirbelquasts"));
        assert_eq!(OwnModel::hunspell("zh", aff, "0\n").err(), Some(BadModel::BadHunspell));
    }

    #[test]
    fn damage_is_refused() {
        let good = model();
        assert_eq!(OwnModel::parse(good[..good.len() - 1].to_vec()).err(), Some(BadModel::Damaged));
        assert_eq!(OwnModel::parse(b"text\nmore".to_vec()).err(), Some(BadModel::NoModel));
        let newer = String::from_utf8_lossy(&good[..10]).replace("\"v\":1", "\"v\":9").into_bytes();
        let newer: Vec<u8> = newer.into_iter().chain(good[10..].iter().copied()).collect();
        assert_eq!(OwnModel::parse(newer).err(), Some(BadModel::Version(9)));
    }
}
