//! The console blocks of README.md, run as they stand in a copy of `fixtures/readme`.
//!
//! A line `$ recto …` is run; `? N` after it is the exit code, 0 where it is left out; the lines up to the next blank
//! one or the next command are what stdout and then stderr say.

use assert_cmd::Command;
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for e in std::fs::read_dir(from).expect("there").flatten() {
        let target = to.join(e.file_name());
        if e.path().is_dir() {
            copy(&e.path(), &target);
        } else {
            std::fs::copy(e.path(), target).expect("copied");
        }
    }
}

struct Step {
    args: Vec<String>,
    code: i32,
    says: String,
}

fn steps(text: &str) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    for block in text.split("```console\n").skip(1).filter_map(|b| b.split("```").next()) {
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ recto ") {
                out.push(Step {
                    args: command.split_whitespace().map(str::to_owned).collect(),
                    code: 0,
                    says: String::new(),
                });
            } else if let Some(s) = out.last_mut() {
                match line.strip_prefix("? ") {
                    Some(code) => s.code = code.parse().expect("a number"),
                    None => s.says.push_str(&format!("{line}\n")),
                }
            }
        }
    }
    out
}

/// Runs a step and gives what it said and its exit code.
fn run(step: &Step, dir: &Path) -> (String, i32) {
    let got = Command::cargo_bin("recto").expect("built").current_dir(dir).args(&step.args).assert();
    let out = got.get_output();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    (said.trim_end().to_owned(), out.status.code().unwrap_or(-1))
}

/// `RECTO_BLESS=1` writes the blocks anew instead of comparing them: read the diff.
#[test]
fn the_console_blocks_of_the_readme_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::TempDir::new().expect("a folder");
    copy(&root.join("fixtures/readme"), dir.path());
    let page = std::fs::read_to_string(root.join("README.md")).expect("readable");
    let steps = steps(&page);
    assert!(steps.len() >= 5, "the blocks were not found");
    let mut blessed = page.clone();
    for s in &steps {
        let (said, code) = run(s, dir.path());
        let command = format!("$ recto {}\n", s.args.join(" "));
        if std::env::var_os("RECTO_BLESS").is_some() {
            let old = s.says.trim_end();
            let shown = |code: i32, text: &str| {
                if code == 0 { format!("{command}{text}") } else { format!("{command}? {code}\n{text}") }
            };
            blessed = blessed.replacen(&shown(s.code, old), &shown(code, &said), 1);
            continue;
        }
        assert_eq!(said, s.says.trim_end(), "recto {}", s.args.join(" "));
        assert_eq!(code, s.code, "recto {}", s.args.join(" "));
    }
    if blessed != page {
        std::fs::write(root.join("README.md"), blessed).expect("written");
    }
}
