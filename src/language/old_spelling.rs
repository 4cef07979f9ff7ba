//! Spellings that were right in their day: `daß`, `thun`, `connexion`, `étoit`. Rows of `dictionaries/old-spellings.tsv`
//! lead an old word to one that a list has; a word that gets there is known and is left alone.
//!
//! It must never change a text: it only says that a word needs no correction.

use super::words::Latin;
use crate::text::lists;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../dictionaries/old-spellings.tsv");

/// Rows that may act on one word one after another: `Nothwendigkeitsverhältniß` needs two.
const MOST_ROWS: usize = 3;
/// Forms tried for one word before it counts as unknown.
const MOST_FORMS: usize = 60;
/// A shorter word is left to the lists: almost any two letters are led to a word.
const SHORTEST: usize = 2;

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Place {
    Start,
    Any,
    End,
}

#[derive(Debug)]
struct Row {
    place: Place,
    old: &'static str,
    new: &'static str,
}

/// Rows by language, read on first use (under a hundred lines).
static ROWS: LazyLock<[Vec<Row>; 3]> = LazyLock::new(|| {
    let mut out: [Vec<Row>; 3] = Default::default();
    for line in lists::rows(TABLE) {
        let mut f = line.split('\t');
        let (Some(tag), Some(place), Some(old), Some(new)) = (f.next(), f.next(), f.next(), f.next()) else { continue };
        let Some(lang) = Latin::from_tag(tag) else { continue };
        let place = match place {
            "start" => Place::Start,
            "end" => Place::End,
            _ => Place::Any,
        };
        out[lang as usize].push(Row { place, old, new: if new == "-" { "" } else { new } });
    }
    out
});

/// The listed word that `word` is an old spelling of. `listed` answers for a form in small letters.
pub(super) fn modern(lang: Latin, word: &str, listed: &dyn Fn(&str) -> bool) -> Option<String> {
    let low = word.to_lowercase().replace('\u{17F}', "s").replace('\u{2019}', "'");
    if low.chars().count() <= SHORTEST {
        return None;
    }
    let mut forms = vec![low];
    let mut from = 0;
    for _ in 0..MOST_ROWS {
        let to = forms.len();
        for n in from..to {
            for row in &ROWS[lang as usize] {
                let form = forms[n].clone();
                let mut step = |at: usize| {
                    let next = format!("{}{}{}", &form[..at], row.new, &form[at + row.old.len()..]);
                    (!forms.contains(&next)).then(|| forms.push(next.clone()))?;
                    listed(&next).then_some(next)
                };
                let found = match row.place {
                    Place::Start => form.starts_with(row.old).then(|| step(0)).flatten(),
                    Place::End => form.ends_with(row.old).then(|| step(form.len() - row.old.len())).flatten(),
                    Place::Any => form.match_indices(row.old).find_map(|(at, _)| step(at)),
                };
                if found.is_some() || forms.len() > MOST_FORMS {
                    return found;
                }
            }
        }
        from = to;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_row_leads_one_of_its_examples_to_a_listed_word() {
        let l = Language::embedded();
        let mut astray = Vec::new();
        for line in lists::rows(TABLE) {
            let f: Vec<&str> = line.split('\t').collect();
            let lang = Latin::from_tag(f[0]).expect("a language");
            let leads = |w: &str| modern(lang, w, &|m| l.words(lang).entry(m).is_some()).is_some();
            let listed = |w: &str| l.words(lang).entry(w).is_some();
            if !f[4].split(", ").any(|w| w.to_lowercase().contains(f[2]) && (leads(w) || listed(w))) {
                astray.push(line);
            }
        }
        assert!(astray.is_empty(), "{astray:#?}");
        let rows: Vec<&str> = lists::rows(TABLE).collect();
        assert!(rows.windows(2).all(|w| w[0] < w[1]), "not sorted");
    }

    #[test]
    fn noise_is_no_old_spelling() {
        let l = Language::embedded();
        let old = |lang, w: &str| modern(lang, w, &|m| l.words(lang).entry(m).is_some());
        for w in ["tbe", "tlie", "govemment", "wliich", "hnve"] {
            assert_eq!(old(Latin::En, w), None, "{w}");
        }
        for w in ["nnd", "Regiernng", "aucb", "dafs"] {
            assert_eq!(old(Latin::De, w), None, "{w}");
        }
        assert_eq!(old(Latin::De, "daß").as_deref(), Some("dass"));
        assert_eq!(old(Latin::Fr, "étoit").as_deref(), Some("était"));
        assert_eq!(old(Latin::En, "connexion").as_deref(), Some("connection"));
    }
}
