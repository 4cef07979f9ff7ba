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

#[test]
fn the_console_blocks_of_the_readme_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::TempDir::new().expect("a folder");
    copy(&root.join("fixtures/readme"), dir.path());
    let steps = steps(&std::fs::read_to_string(root.join("README.md")).expect("readable"));
    assert!(steps.len() >= 5, "the blocks were not found");
    for s in steps {
        let got = Command::cargo_bin("recto").expect("built").current_dir(&dir).args(&s.args).assert();
        let out = got.get_output();
        let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!(said.trim_end(), s.says.trim_end(), "recto {}", s.args.join(" "));
        assert_eq!(out.status.code(), Some(s.code), "recto {}", s.args.join(" "));
    }
}
