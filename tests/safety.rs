//! Nothing is lost: what recto refuses to write over, and what `verify` and `restore` find. Each test is a bug that was
//! once found by attacking the command line.

mod common;

use common::{folder, read, recto, said};
use std::fs;

const PAGE: &str = "市领导强调,全市上下要认真学习。\n";

#[test]
fn a_ledger_is_written_over_nothing_but_a_ledger() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(&t, &["clean", "in/a.txt", "--ledger", "in/a.txt"]).code(2);
    assert_eq!(read(&t, "in/a.txt"), PAGE);
    fs::hard_link(t.path().join("in/a.txt"), t.path().join("linked")).expect("linked");
    recto(&t, &["clean", "in/a.txt", "--ledger", "linked"]).code(2);
    assert_eq!(read(&t, "in/a.txt"), PAGE);
    recto(&t, &["clean", "in/a.txt", "--ledger", "l.jsonl"]).code(0);
    recto(&t, &["clean", "in/a.txt", "--ledger", "l.jsonl"]).code(0);
    recto(&t, &["clean", "--in-format", "jsonl", "--ledger", "x", "in/a.txt"]).code(2);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_folder_leads_nowhere() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(&t, &["clean", "in", "-o", "out"]).code(0);
    fs::remove_dir_all(t.path().join("out/text")).expect("removed");
    std::os::unix::fs::symlink("../in", t.path().join("out/text")).expect("linked");
    recto(&t, &["clean", "in", "-o", "out", "--fresh"]).code(3);
    assert_eq!(read(&t, "in/a.txt"), PAGE);
}

#[test]
fn restore_writes_over_nothing() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(&t, &["clean", "in", "-o", "out"]).code(0);
    fs::write(t.path().join("in/a.txt"), "NEW OCR\n").expect("written");
    let a = recto(&t, &["restore", "out", "-o", "in"]).code(3);
    assert!(said(&a).contains("a file with other content"), "{}", said(&a));
    assert_eq!(read(&t, "in/a.txt"), "NEW OCR\n");
    recto(&t, &["restore", "out", "-o", "out/text"]).code(2);
    recto(&t, &["restore", "out", "-o", "out"]).code(2);
    recto(&t, &["restore", "out", "-o", "back"]).code(0);
    recto(&t, &["restore", "out", "-o", "back"]).code(0);
    assert_eq!(read(&t, "back/a.txt"), PAGE);
}

#[test]
fn edited_output_is_not_overwritten() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(&t, &["clean", "in", "-o", "out"]).code(0);
    fs::write(t.path().join("out/text/a.txt"), "by hand\n").expect("written");
    let a = recto(&t, &["clean", "in", "-o", "out"]).code(4);
    assert!(said(&a).contains("out/text/a.txt") && said(&a).contains("--fresh"), "{}", said(&a));
    assert_eq!(read(&t, "out/text/a.txt"), "by hand\n");
    recto(&t, &["clean", "in", "-o", "out", "--fresh"]).code(0);
    recto(&t, &["verify", "out"]).code(0);
}

#[test]
fn a_missing_ledger_is_an_integrity_failure() {
    let t = folder(&[("a.txt", PAGE), ("b.txt", PAGE)]);
    recto(&t, &["clean", "in", "-o", "out"]).code(0);
    fs::remove_file(t.path().join("out/ledger/a.txt.jsonl")).expect("removed");
    let a = recto(&t, &["restore", "out", "-o", "back"]).code(4);
    assert!(said(&a).contains("a.txt: no ledger names this page"), "{}", said(&a));
    assert_eq!(read(&t, "back/b.txt"), PAGE);
    recto(&t, &["verify", "out"]).code(4);
}

#[test]
fn verify_finds_every_kind_of_tampering() {
    let t = folder(&[("a.txt", PAGE), ("b.txt", PAGE)]);
    recto(&t, &["clean", "in", "-o", "clean"]).code(0);
    let tamper = |name: &str, how: &dyn Fn(&str) -> Option<String>| {
        let _ = fs::remove_dir_all(t.path().join("out"));
        recto(&t, &["clean", "in", "-o", "out"]).code(0);
        let path = t.path().join("out").join(name);
        let old = fs::read_to_string(&path).unwrap_or_default();
        match how(&old) {
            Some(new) => {
                fs::create_dir_all(path.parent().expect("a parent")).expect("made");
                fs::write(&path, new).expect("written");
            }
            None => fs::remove_file(&path).expect("removed"),
        }
        let a = recto(&t, &["verify", "out"]).code(4);
        assert!(said(&a).contains(name), "{name}: {}", said(&a));
    };
    for name in ["run.json", "manifest-sha256.txt", "originals-sha256.txt", ".recto/profile.json", "text/a.txt"] {
        tamper(name, &|_| None);
    }
    tamper("originals-sha256.txt", &|s| Some(s.replacen(|c: char| c.is_ascii_digit(), "f", 1)));
    tamper("originals-sha256.txt", &|s| s.lines().next().map(|l| format!("{l}\n")));
    tamper("originals-sha256.txt", &|s| Some(format!("{s}{}  c.txt\n", "0".repeat(64))));
    tamper("manifest-sha256.txt", &|s| s.lines().next().map(|l| format!("{s}{l}\n")));
    tamper(".recto/profile.json", &|s| Some(s.replacen("\"pages\": 2", "\"pages\": 3", 1)));
    tamper("text/extra.txt", &|_| Some("x".into()));
    tamper("dropped/extra.txt", &|_| Some("x".into()));
    tamper("ledger/a.txt.jsonl", &|s| Some(s.replace("\"bytes\":", "\"bytes\":9")));
    recto(&t, &["verify", "clean"]).code(0);
}

#[cfg(unix)]
#[test]
fn odd_names_come_through() {
    let names = ["new\nline.txt", "back\\slash.txt", "-dash.txt", "sp ace.txt", "红\u{202E}.txt", "\u{1b}[31m.txt"];
    let files: Vec<(&str, &str)> = names.iter().map(|n| (*n, PAGE)).collect();
    let t = folder(&files);
    let a = recto(&t, &["clean", "in", "-o", "out"]).code(0);
    assert!(!said(&a).contains('\u{1b}') && !said(&a).contains('\u{202E}'), "a name reached the terminal raw");
    recto(&t, &["verify", "out"]).code(0);
    recto(&t, &["restore", "out", "-o", "back"]).code(0);
    for n in names {
        assert_eq!(read(&t, &format!("back/{n}")), PAGE);
    }
    let sums = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet", "../out/originals-sha256.txt"])
        .current_dir(t.path().join("in"))
        .status();
    assert!(sums.is_ok_and(|s| s.success()), "the list is one that sha256sum reads");
}

#[test]
fn one_bad_path_does_not_stop_the_rest() {
    let t = folder(&[("a.txt", PAGE)]);
    let a = recto(&t, &["clean", "in", "none", "-o", "out"]).code(3);
    assert!(said(&a).contains("failed: none: no such file or folder"), "{}", said(&a));
    assert!(t.path().join("out/text/a.txt").exists() || t.path().join("out/text/in/a.txt").exists());
    recto(&t, &["check", "none", "in/a.txt"]).code(3);
    recto(&t, &["clean", "none", "-o", "out2"]).code(2);
    recto(&t, &["check", "out"]).code(2);
}

#[test]
fn json_lines_lose_nothing() {
    let t = folder(&[(
        "a.jsonl",
        "\u{feff}{\"text\":\"他说,好。\"}\n{\"text\":\"你,好\",\"text\":\"你,好2\"}\n{\"text\":\"好\",\"recto\":1}\n",
    )]);
    let a = recto(&t, &["clean", "--annotate", "in/a.jsonl"]).code(3);
    let out = String::from_utf8_lossy(&a.get_output().stdout).into_owned();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("\u{feff}{\"text\":\"他说，好。\""), "{out}");
    assert_eq!(lines[1], "{\"text\":\"你,好\",\"text\":\"你,好2\"}");
    assert_eq!(lines[2].matches("\"recto\"").count(), 1, "{out}");
}
