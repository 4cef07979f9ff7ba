//! The command line as scripts call it: exit codes, messages, folders, and the invariants that need whole runs.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn recto() -> Command {
    let mut c = Command::cargo_bin("recto").expect("the binary is built");
    c.env_clear().env("PATH", std::env::var("PATH").unwrap_or_default());
    c
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let t = TempDir::new().expect("a folder");
    for (name, bytes) in files {
        let p = t.path().join("in").join(name);
        fs::create_dir_all(p.parent().expect("a parent")).expect("made");
        fs::write(p, bytes).expect("written");
    }
    t
}

/// Every file below a folder with its bytes.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, dir: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for e in fs::read_dir(dir).expect("there").flatten() {
            if e.path().is_dir() {
                walk(root, &e.path(), out);
            } else {
                let name = e.path().strip_prefix(root).expect("below").to_string_lossy().into_owned();
                out.insert(name, fs::read(e.path()).expect("readable"));
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(dir, dir, &mut out);
    out
}

fn stderr(a: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&a.get_output().stderr).into_owned()
}

/// Bytes that no decoder accepts.
const BAD: &[u8] = b"\xe5\xb8\x82\xe9\xa2\x86\xe5\xaf\xbc\xe5\xbc\xba\xe8\xb0\x83,\xe5\x85\xa8\xff\xe5\xb8\x82";

const PAGE: &str = "市领导强调,全市上下要认真学习(试行)的办法。\n";

#[test]
fn one_file_goes_to_stdout_and_stderr_says_what_went_unrecorded() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let a = recto()
        .current_dir(&t)
        .args(["clean", "in/a.txt"])
        .assert()
        .code(0)
        .stdout("市领导强调，全市上下要认真学习（试行）的办法。\n");
    assert!(stderr(&a).contains("2 edits, not recorded"), "{}", stderr(&a));
    recto().current_dir(&t).args(["clean", "-q", "in/a.txt"]).assert().code(0).stderr("");
    recto()
        .current_dir(&t)
        .args(["clean", "-q", "-"])
        .write_stdin(PAGE)
        .assert()
        .code(0)
        .stdout("市领导强调，全市上下要认真学习（试行）的办法。\n");
    recto().current_dir(&t).args(["clean", "in/a.txt", "--ledger", "l.jsonl"]).assert().code(0).stderr("");
    assert!(fs::read_to_string(t.path().join("l.jsonl")).expect("written").contains("half-width-mark"));
    assert_eq!(fs::read(t.path().join("in/a.txt")).expect("there"), PAGE.as_bytes(), "the original was touched");
}

#[test]
fn a_folder_without_out_is_refused_with_the_command_that_would_do_it() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let a = recto().current_dir(&t).args(["clean", "in"]).assert().code(2).stdout("");
    assert!(stderr(&a).contains("Hint: recto clean in -o OUT"), "{}", stderr(&a));
}

#[test]
fn bad_input_is_named_with_a_hint_and_the_right_code() {
    let t = folder(&[("a.txt", PAGE.as_bytes()), ("notes.md", b"x")]);
    let says = |args: &[&str], code: i32, what: &[&str]| {
        let a = recto().current_dir(&t).args(args).assert().code(code);
        for w in what {
            assert!(stderr(&a).contains(w), "{args:?}: {w} is missing in: {}", stderr(&a));
        }
    };
    says(&["clean", "in/none.txt"], 2, &["Error:", "in/none.txt", "Hint:"]);
    says(&["check", "in/none"], 2, &["in/none: no such file or folder", "Hint:"]);
    says(&["clean", "in", "-o", "in/out"], 2, &["inside each other", "Hint:"]);
    says(&["clean", "in/a.txt", "--encoding", "klingon"], 2, &["no encoding is called klingon", "Hint:"]);
    says(&["clean", "in/a.txt", "--select", "half-width-marc"], 2, &["did you mean half-width-mark", "Error:"]);
    says(&["clean", "in/a.txt", "--stages", "tidying"], 2, &["encoding, characters"]);
    says(&["verify", "in"], 2, &["no output of recto", "Hint:"]);
    says(&["restore", "in", "-o", "back"], 2, &["no output of recto"]);
    says(&["rules", "show", "x"], 2, &["no rule is called x", "Hint:"]);
    says(&["explain", "abcdef12", "in/a.txt"], 2, &["no change has the id", "Hint:"]);
    says(&["clean", "in/a.txt", "-j", "0", "-o", "o"], 2, &["at least one thread"]);
    fs::create_dir(t.path().join("empty")).expect("made");
    says(&["clean", "empty", "-o", "o"], 2, &["no text files found"]);
    fs::create_dir(t.path().join("full")).expect("made");
    fs::write(t.path().join("full/mine.doc"), "x").expect("written");
    says(&["clean", "in", "-o", "full"], 2, &["holds no output of recto", "Hint:"]);
    assert!(!t.path().join("o").exists(), "a refused run left something behind");
}

#[test]
fn exit_codes_of_check_and_diff() {
    let t = folder(&[("a.txt", PAGE.as_bytes()), ("b.txt", "他说，好。\n".as_bytes())]);
    recto().current_dir(&t).args(["check", "in/a.txt"]).assert().code(1);
    recto().current_dir(&t).args(["check", "in/b.txt"]).assert().code(0);
    recto().current_dir(&t).args(["diff", "in/a.txt"]).assert().code(1);
    recto().current_dir(&t).args(["diff", "in/b.txt"]).assert().code(0).stdout("");
    recto().current_dir(&t).args(["diff", "in/a.txt", "--against", "in/b.txt"]).assert().code(1);
    recto().current_dir(&t).args(["diff", "in/a.txt", "--against", "in/a.txt"]).assert().code(0);
}

#[test]
fn the_unified_diff_is_a_patch() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let out = recto()
        .current_dir(&t)
        .args(["diff", "--format", "unified", "in/a.txt"])
        .assert()
        .code(1)
        .get_output()
        .stdout
        .clone();
    let text = String::from_utf8(out).expect("UTF-8");
    assert!(text.starts_with("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-市领导强调,"), "{text}");
}

#[test]
fn colour_and_invisible_characters() {
    let t = folder(&[("a.txt", "他说,好\u{1b}[31m红。\n".as_bytes())]);
    let plain = recto().current_dir(&t).args(["diff", "in/a.txt"]).assert().get_output().stdout.clone();
    assert!(!plain.contains(&0x1b), "an escape of the text, or a colour, reached a pipe");
    let coloured =
        recto().current_dir(&t).args(["diff", "--color", "always", "in/a.txt"]).assert().get_output().stdout.clone();
    assert!(String::from_utf8_lossy(&coloured).contains("\x1b["));
}

#[test]
fn a_whole_run_restores_verifies_and_repeats() {
    let gbk = encoding_rs::GB18030.encode(PAGE).0.into_owned();
    let files: &[(&str, &[u8])] = &[
        ("2021/A1.txt", "市领导强调,医".as_bytes()),
        ("2021/A2.txt", "生要坚守岗位。\r\n第二段。\r\n".as_bytes()),
        ("gbk.txt", &gbk),
        ("empty.txt", b""),
        ("tail.txt", b"\xe5\xb8\x82\xe9"),
        ("utf16.txt", b"\xff\xfe\x2d\x4e\x87\x65\x0a\x00"),
    ];
    let t = folder(files);
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "in", "-o", "out", "-j", "1"]);
    run(&["clean", "in", "-o", "out2", "-j", "4"]);
    // `run.json` tells the time.
    let output = |name: &str| {
        let mut files = tree(&t.path().join(name));
        assert!(files.remove("run.json").is_some());
        files
    };
    let (one, two) = (output("out"), output("out2"));
    assert_eq!(one, two, "I7: the output depends on the number of threads");
    run(&["verify", "out"]).code(0);
    run(&["restore", "out", "-o", "back"]).code(0);
    assert_eq!(tree(&t.path().join("in")), tree(&t.path().join("back")), "I1");
    run(&["restore", "out", "-o", "one", "gbk.txt"]).code(0);
    assert_eq!(tree(&t.path().join("one")).len(), 1);
    run(&["restore", "out", "-o", "one", "nosuch.txt"]).code(3);
    run(&["clean", "in", "-o", "out"]);
    assert_eq!(one, output("out"), "the same command again gives the same bytes");
    let a = run(&["clean", "in", "-o", "out", "--policy", "diplomatic"]).code(2);
    assert!(stderr(&a).contains("--fresh"), "{}", stderr(&a));
    run(&["clean", "in", "-o", "out", "--policy", "diplomatic", "--fresh"]);
    run(&["verify", "out"]).code(0);
}

#[test]
fn what_was_tampered_with_is_found_and_not_restored() {
    let t = folder(&[("a.txt", PAGE.as_bytes()), ("b.txt", "他说,好的。\n".as_bytes())]);
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "in", "-o", "out"]).code(0);
    fs::write(t.path().join("out/text/a.txt"), "别的\n").expect("written");
    let a = run(&["verify", "out"]).code(4);
    let said = String::from_utf8_lossy(&a.get_output().stdout).into_owned();
    assert!(said.contains("text/a.txt") && !said.contains("b.txt"), "{said}");
    let a = run(&["restore", "out", "-o", "back"]).code(4);
    assert!(stderr(&a).contains("a.txt"), "{}", stderr(&a));
    assert!(t.path().join("back/b.txt").exists() && !t.path().join("back/a.txt").exists());
    let ledger = t.path().join("out/ledger/b.txt.jsonl");
    let other = fs::read_to_string(&ledger).expect("there").replace("\"v\":1", "\"v\":9");
    fs::write(&ledger, other).expect("written");
    let a = run(&["verify", "out"]).code(4);
    assert!(String::from_utf8_lossy(&a.get_output().stdout).contains("ledger version 9"));
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "in", "-o", "out"]).code(0);
    let ledger = t.path().join("out/ledger/a.txt.jsonl");
    let evil = fs::read_to_string(&ledger).expect("there").replace("\"path\":\"a.txt\"", "\"path\":\"../../evil.txt\"");
    fs::write(&ledger, evil).expect("written");
    run(&["restore", "out", "-o", "back"]).code(4);
    assert!(!t.path().join("evil.txt").exists());
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_does_not_stop_the_rest() {
    use std::os::unix::fs::PermissionsExt;
    let t = folder(&[("a.txt", PAGE.as_bytes()), ("b/c.txt", PAGE.as_bytes())]);
    std::os::unix::fs::symlink("nowhere", t.path().join("in/dangling.txt")).expect("linked");
    fs::set_permissions(t.path().join("in/a.txt"), fs::Permissions::from_mode(0o000)).expect("set");
    let readable = fs::read(t.path().join("in/a.txt")).is_ok();
    let a = recto().current_dir(&t).args(["clean", "in", "-o", "out"]).assert();
    let a = a.code(3);
    assert!(stderr(&a).contains("dangling.txt"), "{}", stderr(&a));
    // A superuser reads everything.
    assert!(readable || stderr(&a).contains("failed: a.txt"), "{}", stderr(&a));
    assert!(t.path().join("out/text/b/c.txt").exists());
}

#[test]
fn damaged_bytes_are_kept_named_and_counted() {
    let t = folder(&[("bad.txt", BAD), ("good.txt", PAGE.as_bytes())]);
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    let a = run(&["clean", "in", "-o", "out"]).code(3);
    assert!(stderr(&a).contains("damaged: bad.txt"), "{}", stderr(&a));
    let text = fs::read_to_string(t.path().join("out/text/bad.txt")).expect("written");
    assert!(text.contains('\u{FFFD}') && text.contains(','), "no further stage runs on damaged text: {text}");
    run(&["restore", "out", "-o", "back"]).code(0);
    assert_eq!(tree(&t.path().join("in")), tree(&t.path().join("back")));
}

#[test]
fn json_lines_keep_every_other_field_as_it_stands() {
    let t = TempDir::new().expect("a folder");
    let input = "{\"id\": 1.50,  \"text\":\"他说,好。\",\"x\":{\"b\":2,\"a\":\"\\u4e2d\"},\"n\":12345678901234567890123}\n\n[1]\n{\"text\":7}\n{\"text\":\"他说,好。\"}";
    let a = recto().current_dir(&t).args(["clean", "--in-format", "jsonl", "-"]).write_stdin(input).assert().code(3);
    let out = String::from_utf8(a.get_output().stdout.clone()).expect("UTF-8");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines[0],
        "{\"id\": 1.50,  \"text\":\"他说，好。\",\"x\":{\"b\":2,\"a\":\"\\u4e2d\"},\"n\":12345678901234567890123}"
    );
    assert_eq!(&lines[1..4], ["", "[1]", "{\"text\":7}"]);
    assert_eq!(lines[4], "{\"text\":\"他说，好。\"}");
    assert!(stderr(&a).contains("-:3:") && stderr(&a).contains("-:4:"), "{}", stderr(&a));
    let a = recto()
        .current_dir(&t)
        .args(["clean", "--in-format", "jsonl", "--annotate"])
        .write_stdin("{\"text\":\"他说,好。\"}\n")
        .assert()
        .code(0);
    let o: serde_json::Value = serde_json::from_slice(&a.get_output().stdout).expect("JSON");
    assert_eq!(o["recto"]["map"], serde_json::json!([[6, 7, 6, 9]]));
}

#[test]
fn settings_come_from_the_closest_file_and_flags_win() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    fs::write(t.path().join("recto.toml"), "schema = 1\npolicy = \"diplomatic\"\n").expect("written");
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "-q", "in/a.txt"]).code(0).stdout(PAGE);
    run(&["clean", "-q", "in/a.txt", "--policy", "archive"]).stdout("市领导强调，全市上下要认真学习（试行）的办法。\n");
    run(&["clean", "-q", "in/a.txt", "--isolated"]).stdout("市领导强调，全市上下要认真学习（试行）的办法。\n");
    // A bare name lies in the current folder.
    fs::write(t.path().join("b.txt"), PAGE).expect("written");
    for name in ["b.txt", "./b.txt"] {
        run(&["clean", "-q", name]).code(0).stdout(PAGE);
    }
    let a = run(&["config"]).code(0);
    let said = String::from_utf8_lossy(&a.get_output().stdout).into_owned();
    assert!(said.contains("diplomatic") && said.contains("recto.toml"), "{said}");
    fs::write(t.path().join("recto.toml"), "schema = 1\npolice = \"archive\"\n").expect("written");
    let a = run(&["clean", "in/a.txt"]).code(2);
    assert!(stderr(&a).contains("recto.toml") && stderr(&a).contains("police"), "{}", stderr(&a));
    fs::write(t.path().join("recto.toml"), "schema = 2\n").expect("written");
    run(&["clean", "in/a.txt"]).code(2);
    let a = run(&["init"]).code(0);
    fs::write(t.path().join("recto.toml"), &a.get_output().stdout).expect("written");
    run(&["clean", "-q", "in/a.txt"]).code(0);
}

#[test]
fn a_broken_pipe_is_quiet() {
    let t = folder(&[("a.txt", PAGE.repeat(20_000).as_bytes())]);
    let bin = assert_cmd::cargo::cargo_bin("recto");
    let out = std::process::Command::new("sh")
        .current_dir(&t)
        .args(["-c", &format!("{} diff in/a.txt | head -n 1", bin.display())])
        .output()
        .expect("sh runs");
    assert!(out.status.success());
    assert!(out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn explain_gives_the_reasons_of_one_change() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let a = recto().current_dir(&t).args(["diff", "--format", "json", "in/a.txt"]).assert().code(1);
    let o: serde_json::Value = serde_json::from_slice(&a.get_output().stdout).expect("JSON");
    let id = o["changes"][0]["id"].as_str().expect("an id");
    let key = o["changes"][0]["edits"][0]["key"].as_str().expect("a key");
    for what in [id, key] {
        let a = recto().current_dir(&t).args(["explain", what, "in/a.txt"]).assert().code(0);
        assert!(String::from_utf8_lossy(&a.get_output().stdout).contains("half-width-mark"));
    }
}

#[test]
fn shell_help_is_there() {
    for args in [
        ["completions", "bash"].as_slice(),
        &["man"],
        &["--help"],
        &["rules", "list"],
        &["rules", "list", "--ui-lang", "zh"],
    ] {
        let a = recto().args(args).assert().code(0);
        assert!(!a.get_output().stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn languages_restrict_the_rules() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "-q", "in/a.txt", "--lang", "en,de"]).code(0).stdout(PAGE);
    run(&["clean", "-q", "in/a.txt", "--lang", "zh-Hans,en"])
        .code(0)
        .stdout("市领导强调，全市上下要认真学习（试行）的办法。\n");
    run(&["clean", "-q", "in/a.txt", "--lang", "Chinese"]).code(2);
    fs::write(t.path().join("recto.toml"), "[rules.half-width-mark]\nthreshold = 7\n").expect("written");
    run(&["clean", "-q", "in/a.txt"]).code(2);
}

/// Runs each command line below `in/`'s parent and looks for the exit code and for words on stderr.
fn all_say(t: &TempDir, cases: &[(&str, i32, &[&str])]) {
    for (line, code, words) in cases {
        let a = recto().current_dir(t).args(line.split_whitespace()).assert();
        let said = stderr(&a);
        assert_eq!(a.get_output().status.code(), Some(*code), "{line}: {said}");
        for w in *words {
            assert!(said.contains(w), "{line}: {w} is missing in: {said}");
        }
        assert_eq!(said.starts_with("Error: "), *code == 2, "{line}: {said}");
        assert!(*code != 2 || said.contains("\nHint: "), "{line}: no hint in: {said}");
    }
}

#[test]
fn what_cannot_be_done_is_refused_with_a_hint() {
    let t = folder(&[("a.txt", PAGE.as_bytes()), ("b.jsonl", b"{\"text\":\"x\"}\n")]);
    fs::create_dir(t.path().join("dir")).expect("made");
    fs::write(t.path().join("mine.txt"), "no sheet, no log\n").expect("written");
    recto().current_dir(&t).args(["clean", "-q", "in", "-o", "out"]).assert().code(0);
    all_say(
        &t,
        &[
            // No sheet, no number.
            ("sample out --verdicts mine.txt", 2, &["mine.txt: line 1: no sheet"]),
            ("sample out --rule half-width-mark -n 0", 2, &["at least one"]),
            ("clean in -o o -j 0", 2, &["at least one", "all cores"]),
            ("check in/a.txt -j 0", 2, &["at least one"]),
            // A folder where a file is meant, and the name that stands for standard output elsewhere.
            ("export out --to sarif -o dir", 2, &["dir: is a folder"]),
            ("report out --html dir", 2, &["dir: is a folder"]),
            ("review out --html dir", 2, &["dir: is a folder"]),
            ("clean in/a.txt --ledger dir", 2, &["dir: is a folder"]),
            ("decisions merge mine.txt -o dir", 2, &["mine.txt: line 1"]),
            ("clean in/a.txt --ledger -", 2, &["standard output carries the text", "Hint: name a path"]),
            ("report out --html -", 2, &["--format html"]),
            ("export out --to csv -o -", 2, &["without this flag"]),
            // Flags that would have no effect.
            ("clean in/a.txt --annotate", 2, &["--annotate adds to JSON lines"]),
            ("clean in -o o --annotate", 2, &["--annotate adds to JSON lines"]),
            ("clean in/b.jsonl -o o --annotate", 2, &["standard output"]),
            ("review out --note x", 2, &["--note says why"]),
            ("clean in -o o --exclude [", 2, &["unclosed"]),
            ("clean in -o o --exclude a{", 2, &["unclosed"]),
            ("rules list --ui-lang fr", 2, &["fr"]),
        ],
    );
    assert!(!t.path().join("o").exists() && !t.path().join("-").exists(), "a refused run left something behind");
}

#[test]
fn hints_say_what_to_do() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    fs::write(t.path().join("mine.txt"), "no log\n").expect("written");
    recto().current_dir(&t).args(["clean", "-q", "in", "-o", "out"]).assert().code(0);
    all_say(
        &t,
        &[
            ("eval out in", 2, &["is no truth", "recto eval TRUTH out"]),
            ("eval none out", 2, &["none:", "check the path"]),
            ("rules show nope", 2, &["Hint: `recto rules list`"]),
            ("rules show width-mark", 2, &["did you mean half-width-mark?"]),
            ("rules show half-width-marks", 2, &["did you mean half-width-mark?"]),
            ("check in --config none", 2, &["none:"]),
            ("check in --profile none", 2, &["none:"]),
            ("check in --profile mine.txt", 2, &["no profile"]),
            ("diff in/a.txt --against none", 2, &["none:"]),
            ("decisions merge mine.txt", 2, &["mine.txt: line 1", "decisions.jsonl"]),
            ("apply out --decisions none", 2, &["none:"]),
            ("apply out --decisions in", 2, &["in: is a folder"]),
            ("undo out --act 99", 2, &["no act 99", "recto log OUT"]),
            ("undo out --rule running-head", 2, &["no change belongs to that", "--list"]),
            ("clean in -o mine.txt", 2, &["cannot be made"]),
            ("clean in -o mine.txt/out", 2, &["cannot be made"]),
            // What clap says is said in our own form.
            ("clean in --fresk", 2, &["--fresk", "Hint: a similar argument exists: '--fresh'"]),
            ("check", 2, &["PATH"]),
        ],
    );
    let log = t.path().join("out/decisions.jsonl");
    fs::write(&log, "{\"v\":1}\n{}\n").expect("written");
    all_say(&t, &[("log out", 2, &["decisions.jsonl: line 1", "decisions-format.md"])]);
}

#[test]
fn what_is_wrong_in_recto_toml_names_it() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let file = t.path().join("in/recto.toml");
    for (text, what) in [
        ("[input]\nencoding = \"klingon\"\n", "no encoding is called klingon"),
        ("languages = [\"Chinese\"]\n", "Chinese is no language tag"),
        ("[rules.half-width-marks]\nthreshold = 0.5\n", "did you mean half-width-mark?"),
        ("[rules.half-width-mark]\nthreshold = 7\n", "no probability"),
        ("[files]\ninclude = [\"a{\"]\n", "[files] include"),
        ("[files]\nexclude = [\"[\"]\n", "[files] exclude"),
        ("[files]\npage-pattern = \"(\"\n", "regular expression"),
        ("[stages]\nreview = true\n", "no stage is called review"),
    ] {
        fs::write(&file, text).expect("written");
        all_say(&t, &[("check in", 2, &["recto.toml: ", what])]);
        let said = stderr(&recto().current_dir(&t).args(["check", "in"]).assert());
        let offered = said.lines().last().unwrap_or("");
        assert!(!offered.contains("review") && (what.contains("regular") || !offered.contains("regular")), "{said}");
    }
    fs::write(&file, b"policy = \"\xff\"\n").expect("written");
    all_say(&t, &[("check in", 2, &["recto.toml: ", "UTF-8"])]);
    #[cfg(unix)]
    {
        fs::remove_file(&file).expect("removed");
        std::os::unix::fs::symlink("nowhere", &file).expect("linked");
        all_say(&t, &[("check in", 2, &["recto.toml: "])]);
    }
}

#[test]
fn the_examples_in_what_init_prints_hold() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    let out = recto().args(["init"]).assert().code(0).get_output().stdout.clone();
    let text = String::from_utf8(out).expect("UTF-8");
    // An example is commented out without being a sentence. A dictionary of the machine may be missing.
    let example = |l: &str| l.starts_with("# [") || (l.starts_with("# ") && l.contains(" = ") && !l.contains(':'));
    let shown: Vec<&str> = text.lines().filter(|l| example(l) && !l.contains("hunspell")).collect();
    assert!(shown.len() >= 5, "{shown:?}");
    let with: String = text.lines().map(|l| format!("{}\n", if shown.contains(&l) { &l[2..] } else { l })).collect();
    fs::write(t.path().join("in/recto.toml"), &with).expect("written");
    recto().current_dir(&t).args(["lm", "build", "--isolated", "-q", "in/a.txt", "-o", "in/own.lm"]).assert().code(0);
    recto().current_dir(&t).args(["check", "in"]).assert().code(1).stderr("");
}

#[test]
fn with_json_progress_all_of_stderr_is_json_lines() {
    let t = folder(&[("a.txt", PAGE.as_bytes()), ("bad.txt", BAD)]);
    let kinds = |args: &[&str], code: i32| -> Vec<String> {
        let a = recto().current_dir(&t).args(args).args(["--progress", "json"]).assert().code(code);
        let object = |l: &str| serde_json::from_str::<serde_json::Value>(l).expect("a JSON line");
        stderr(&a).lines().map(|l| object(l)["t"].as_str().expect("a kind").to_owned()).collect()
    };
    let run = kinds(&["clean", "in", "-o", "out"], 3);
    assert!(run.contains(&"progress".to_owned()) && run.contains(&"summary".to_owned()), "{run:?}");
    assert_eq!(kinds(&["clean", "none", "-o", "out"], 2), ["error"]);
    assert_eq!(kinds(&["clean", "in/a.txt"], 0), ["note"]);
}

#[test]
fn numbers_and_json_errors_read_well() {
    let t = folder(&[("a.txt", "他说,好。\n".as_bytes())]);
    let a = recto().current_dir(&t).args(["clean", "in/a.txt"]).assert().code(0);
    assert!(stderr(&a).contains(" 1 edit, not recorded"), "{}", stderr(&a));
    let a = recto().current_dir(&t).args(["diff", "in/a.txt"]).assert().code(1);
    assert!(String::from_utf8_lossy(&a.get_output().stdout).contains("1 change applied"));
    let lines = "{\"text\": \"\\ud800\"}\n{\"text\": nil}\n";
    let a = recto().args(["clean", "--in-format", "jsonl", "-"]).write_stdin(lines).assert().code(3).stdout(lines);
    let said = stderr(&a);
    assert!(
        said.contains("-:1: the string in the field `text` holds a lone surrogate") && said.contains("-:2: column "),
        "{said}"
    );
    assert!(!said.contains("at line"), "{said}");
    // A page that fails is not counted among those that are there; nothing was taken out. (A file without blocks.)
    fs::write(t.path().join("in/A1.txt"), PAGE).expect("written");
    let large = fs::File::create(t.path().join("in/A2.txt")).expect("made");
    large.set_len(recto::store::LARGEST_PAGE + 1).expect("set");
    let a = recto().current_dir(&t).args(["clean", "in", "-o", "out"]).assert().code(3);
    let said = stderr(&a);
    assert!(said.contains("2 pages in 2 issues") && !said.contains("taken out"), "{said}");
    let run = fs::read_to_string(t.path().join("out/run.json")).expect("there");
    assert!(run.contains("\"unchanged_originals\": 2"), "{run}");
}

#[test]
fn explain_reads_an_output_folder() {
    let t = folder(&[("a.txt", PAGE.as_bytes())]);
    recto().current_dir(&t).args(["clean", "-q", "in", "-o", "out"]).assert().code(0);
    let a = recto().current_dir(&t).args(["diff", "--format", "json", "out"]).assert().code(1);
    let o: serde_json::Value = serde_json::from_slice(&a.get_output().stdout).expect("JSON");
    let id = o["changes"][0]["id"].as_str().expect("an id");
    let a = recto().current_dir(&t).args(["explain", id, "out"]).assert().code(0);
    assert!(String::from_utf8_lossy(&a.get_output().stdout).contains("half-width-mark"));
}

#[test]
fn a_word_that_no_settings_read_is_said_so() {
    let t = TempDir::new().expect("a folder");
    let add = |word: &str| stderr(&recto().current_dir(&t).args(["words", "add", "good", word]).assert().code(0));
    assert!(add("Wochenblatt").contains("not read yet"));
    fs::write(t.path().join("recto.toml"), "[words]\nfiles = [\"recto.words.tsv\"]\n").expect("written");
    assert!(!add("Intelligenzblatt").contains("not read yet"));
    fs::remove_file(t.path().join("recto.words.tsv")).expect("removed");
    assert!(!add("Tageblatt").contains("not read yet"));
}
