//! The layering table of ARCHITECTURE.md, enforced: which module may name which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The table: what each module may name.
fn may_use() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("readable");
    let ticked = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<String>>();
    let table = page.split("| module | what it is | may use |").nth(1).expect("the table");
    let rows = table.lines().skip(2).take_while(|l| l.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let [module, _, uses] = cells.as_slice() else { panic!("three cells: {row}") };
        (ticked(module).pop_first().expect("a module"), ticked(uses))
    })
    .collect()
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for e in fs::read_dir(dir).expect("src is there") {
        let path = e.expect("an entry").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|x| x == "rs") {
            out.push(path);
        }
    }
}

fn all() -> (PathBuf, Vec<PathBuf>) {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files.sort();
    (src, files)
}

/// The code of a file without its tests and comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("readable");
    let text = text.split("#[cfg(test)]").next().unwrap_or("").to_owned();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The top-level modules that a file names after `crate::`, also inside braces.
fn named(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (i, _) in code.match_indices("crate::") {
        let rest = &code[i + "crate::".len()..];
        if let Some(inner) = rest.strip_prefix('{') {
            let inner = inner.split(';').next().unwrap_or("");
            out.extend(inner.split([',', '{', '}']).filter_map(|p| p.trim().split("::").next()).map(str::to_owned));
        } else {
            out.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    out
}

#[test]
fn modules_name_only_what_the_table_lists() {
    let table = may_use();
    let (src, files) = all();
    let mut named_by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for file in files {
        let rel = file.strip_prefix(&src).expect("below src");
        let mut parts = rel.components().map(|c| c.as_os_str().to_str().expect("UTF-8"));
        let top = parts.next().expect("a name").trim_end_matches(".rs");
        // The binary's own `crate::` is the binary: the compiler lets it see no more than `recto::`.
        if matches!(top, "bin" | "lib") {
            continue;
        }
        let Some(allowed) = table.get(top) else {
            wrong.push(format!("{top} is in no row of the layering table"));
            continue;
        };
        let names = named(&code(&file)).into_iter().filter(|n| n != top && table.contains_key(n));
        for name in names {
            if !allowed.contains(&name) {
                wrong.push(format!("{} names crate::{name}", rel.display()));
            }
            named_by.entry(top.to_owned()).or_default().insert(name);
        }
    }
    for (module, allowed) in table.iter().filter(|(m, _)| !m.contains('/')) {
        for name in allowed.difference(named_by.get(module).unwrap_or(&BTreeSet::new())) {
            wrong.push(format!("the table says that {module} names {name}, and it does not"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn stages_do_not_know_each_other() {
    let (src, files) = all();
    let stages = ["encoding", "characters", "debris", "rejoin", "punctuation", "lexicon"];
    for file in files {
        let rel = file.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        let Some(own) = stages.iter().find(|s| rel.starts_with(&format!("rules/{s}/"))) else { continue };
        let code = code(&file);
        for other in stages.iter().filter(|s| *s != own) {
            assert!(!code.contains(&format!("rules::{other}")), "{rel} names the rules of {other}");
        }
    }
}

/// No rule is a function from string to string, and none builds a text from splices: `Patch` alone does.
#[test]
fn rules_yield_findings_never_texts() {
    let (src, files) = all();
    for file in files {
        let rel = file.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        if rel.starts_with("rules/") {
            let code = code(&file);
            assert!(!code.contains(".apply("), "{rel} applies a patch");
            for f in code.split("fn ").skip(1) {
                let head = f.split('{').next().unwrap_or("").split_whitespace().collect::<String>();
                let whole = head.contains("Document") && head.ends_with("->String");
                assert!(!whole, "{rel}: a function from document to text: {head}");
            }
        }
    }
}

/// Only `store` (and `apply`, which reads originals that it proves) touches files; the library never prints, asks the
/// clock or reads the environment.
#[test]
fn the_library_is_pure() {
    let (src, files) = all();
    for file in files {
        let rel = file.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        if rel.starts_with("bin/") {
            continue;
        }
        let code = code(&file);
        if !rel.starts_with("store/") && rel != "apply.rs" {
            assert!(!code.contains("std::fs"), "{rel} touches files");
        }
        for no in ["std::env::", "SystemTime", "Instant::now", "println!", "print!(", "unsafe "] {
            assert!(!code.contains(no), "{rel} uses {no}");
        }
    }
}

/// Every module says what it is; files stay readable.
#[test]
fn modules_open_with_what_they_are() {
    let (src, files) = all();
    for file in files {
        let text = fs::read_to_string(&file).expect("readable");
        assert!(
            text.starts_with("//!"),
            "{} does not say what it is",
            file.strip_prefix(&src).expect("below src").display()
        );
        let lines = text.lines().count();
        assert!(lines <= 480, "{} has {lines} lines: two rooms in one?", file.display());
    }
}

#[test]
fn every_word_list_that_is_asked_for_is_there_and_none_is_idle() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/word-lists.tsv");
    let table = fs::read_to_string(table).expect("readable");
    let there: BTreeSet<&str> =
        table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).collect();
    let mut asked = BTreeSet::new();
    for code in all().1.iter().map(|f| code(f)) {
        asked.extend(there.iter().filter(|l| code.contains(&format!("\"{l}\""))));
        for call in ["lists::words(\"", "lists::has(\"", "lists::Words::named(\"", "lists::characters(\""] {
            for (i, _) in code.match_indices(call) {
                let name = code[i + call.len()..].split('"').next().unwrap_or_default();
                assert!(there.contains(name), "no list {name} in dictionaries/word-lists.tsv");
            }
        }
    }
    let idle: Vec<&&str> = there.difference(&asked).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}
