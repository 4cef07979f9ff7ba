//! Short lists of words and characters with one use each, from `dictionaries/word-lists.tsv`, and how its tables are read.
//!
//! It must never hold a word itself: language data is data.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{LazyLock, OnceLock};

/// The lists.
const TABLE: &str = include_str!("../../dictionaries/word-lists.tsv");

/// Rows of a table of `dictionaries/`: its lines without those that begin with `#`.
pub fn rows(tsv: &str) -> impl Iterator<Item = &str> {
    tsv.lines().filter(|l| !l.starts_with('#'))
}

/// The words of the list for `use_`, sorted; none where the table has no such list.
pub fn words(use_: &str) -> &'static [&'static str] {
    match LISTS.get(use_) {
        Some(List::Words(words)) => words,
        _ => &[],
    }
}

/// True where the list for `use_` has the word.
pub fn has(use_: &str, word: &str) -> bool {
    words(use_).binary_search(&word).is_ok()
}

/// The characters of the list for `use_`; none where the table has no such list.
pub fn characters(use_: &str) -> &'static Characters {
    match LISTS.get(use_) {
        Some(List::Characters(set)) => set,
        _ => &NONE,
    }
}

/// A list of words that is asked for often: it is looked up once.
#[derive(Debug)]
pub struct Words {
    name: &'static str,
    list: OnceLock<&'static [&'static str]>,
}

impl Words {
    /// The words of the list for `name`.
    pub const fn named(name: &'static str) -> Self {
        Self { name, list: OnceLock::new() }
    }
}

impl Deref for Words {
    type Target = [&'static str];

    #[inline]
    fn deref(&self) -> &Self::Target {
        self.list.get_or_init(|| words(self.name))
    }
}

/// A set of characters of the basic plane, asked with one look into memory.
#[derive(Clone, Debug)]
pub struct Characters {
    /// A bit for each code point.
    bits: Box<[u64]>,
}

impl Characters {
    /// The characters of `text`; those beyond the basic plane are left out.
    pub fn of(text: &str) -> Self {
        let mut bits = vec![0; CELLS].into_boxed_slice();
        for c in text.chars() {
            if let Some(word) = bits.get_mut(c as usize / 64) {
                *word |= 1 << (c as usize % 64);
            }
        }
        Self { bits }
    }

    /// True for a character of the set.
    #[inline]
    pub fn contains(&self, c: char) -> bool {
        self.bits.get(c as usize / 64).is_some_and(|w| w >> (c as usize % 64) & 1 != 0)
    }
}

/// Cells of 64 bits for the code points of the basic plane.
const CELLS: usize = 0x1_0000 / 64;

enum List {
    Words(Vec<&'static str>),
    Characters(Characters),
}

static NONE: LazyLock<Characters> = LazyLock::new(|| Characters::of(""));

static LISTS: LazyLock<BTreeMap<&'static str, List>> = LazyLock::new(|| {
    let list = |row: &'static str| {
        let (name, rest) = row.split_once('\t')?;
        let list = match rest.split_once('\t')? {
            ("words", words) => List::Words(words.split('|').collect()),
            (_, characters) => List::Characters(Characters::of(characters)),
        };
        Some((name, list))
    };
    rows(TABLE).filter_map(list).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_list_has_entries() {
        let all: Vec<&str> = rows(TABLE).collect();
        assert!(TABLE.starts_with("# licence: ") && all.is_sorted() && all.len() == LISTS.len());
        for row in all {
            let cells: Vec<&str> = row.split('\t').collect();
            let [name, kind, entries] = cells.as_slice() else { panic!("three cells: {row}") };
            match *kind {
                "words" => {
                    let found = words(name);
                    assert!(found.is_sorted() && found.iter().all(|w| !w.is_empty()), "{name}");
                }
                "characters" => {
                    let set = characters(name);
                    assert!(entries.chars().all(|c| set.contains(c)) && !set.contains('𠀀'), "{name}");
                }
                other => panic!("{other} is no kind: {row}"),
            }
        }
        assert!(has("month", "mai") && !has("month", "Mai") && !has("no such list", "mai"));
        assert!(words("no such list").is_empty() && !characters("no such list").contains('王'));
    }
}
