//! The terminal review, driven as a person drives it: keys into a pseudo-terminal, the screen out.

#![cfg(all(unix, feature = "review"))]

mod pty;

use pty::Terminal;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

fn recto(dir: &Path, args: &[&str]) {
    assert_cmd::Command::cargo_bin("recto").expect("built").current_dir(dir).args(args).assert().success();
}

fn folder(pages: &[(&str, &str)]) -> TempDir {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    for (name, text) in pages {
        fs::write(t.path().join("in").join(name), text).expect("written");
    }
    t
}

fn acts(dir: &Path) -> usize {
    fs::read_to_string(dir.join("out/decisions.jsonl")).map_or(0, |t| t.lines().count())
}

#[test]
fn the_page_in_seeds_is_settled_in_at_most_25_decisions() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page = fs::read_to_string(format!("{root}/seeds/zhuzhou-daily-2021-08-20.txt")).expect("the seed is there");
    let t = folder(&[("a.txt", &page)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let before = fs::read(t.path().join("out/text/a.txt")).expect("there");
    let mut term = Terminal::new(t.path(), &["review", "out"], &[]);
    term.shows("decisions 0/");
    let mut pressed = 0;
    while !term.text().contains("settled") {
        assert!(pressed < 25, "not settled after {pressed} decisions:\n{}", term.text());
        // What was applied is accepted, what was only proposed is rejected: the output stays as it is.
        let proposed = term.text().lines().nth(1).is_some_and(|l| l.contains(" suggest "));
        term.press(if proposed { "R" } else { "A" });
        let act = format!("act {}:", pressed + 1);
        let seen = term.until("the act", |s| s.contains(&act) || s.contains("settled") || s.contains("stands alone"));
        if seen.contains("stands alone") {
            term.press("a");
            term.until("the act", |s| s.contains(&act) || s.contains("settled"));
        }
        pressed += 1;
    }
    term.press("q");
    term.end();

    assert_eq!(acts(t.path()), pressed);
    recto(t.path(), &["apply", "out", "-q"]);
    assert_eq!(fs::read(t.path().join("out/text/a.txt")).expect("there"), before, "all that was applied was accepted");
    recto(t.path(), &["verify", "out", "--strict"]);
    // Opened again, nothing is asked again.
    let mut term = Terminal::new(t.path(), &["review", "out"], &[]);
    term.shows("settled");
    term.press("q");
    term.end();
}

const PAGE: &str = "市领导强调,全市上下要认真学习!会议指出,各单位要抓好落实;他说:好!\n";

#[test]
fn every_key_does_what_it_says() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q", "--policy", "diplomatic"]);
    let mut term = Terminal::new(t.path(), &["review", "out"], &[("NO_COLOR", "1")]);
    let screen = term.shows("decisions 0/");
    assert!(screen.contains("[-,-]{+，+}"), "{screen}");
    assert!(screen.lines().count() <= 24);
    // Escape goes back and decides nothing.
    term.press("\x1b");
    term.press("r");
    term.shows("act 1: rejected");
    term.press("u");
    term.shows("act 2: undo");
    term.press("a");
    term.shows("act 3: accepted");
    term.press("d");
    term.shows("why in doubt");
    term.press("看不清\r");
    term.shows("act 4: doubt");
    term.press("/");
    term.shows("Search");
    term.press("落\r");
    term.until("the find", |s| s.contains("落实"));
    term.press("e");
    term.shows("own text");
    term.press("\x7f。\r");
    term.shows("act 5: own text");
    term.press("\x1b");
    std::thread::sleep(Duration::from_millis(100));
    term.press("f");
    term.shows("Filter");
    term.press("rejected\r");
    term.shows("nothing there");
    term.press("\x1b");
    std::thread::sleep(Duration::from_millis(100));
    term.press("U");
    term.shows("Decisions");
    term.press("u");
    term.press("\x1b");
    term.until("the undo", |s| s.contains("act 6"));
    term.press("?");
    term.shows("go to");
    term.press(" ");
    term.press("x");
    term.shows("half-width-mark");
    term.press(" ");
    term.press("c");
    term.shows("occurrence");
    // What is decided is not ticked until somebody ticks it.
    term.press(" ");
    term.press("R");
    term.shows("act 7: rejected");
    term.press("q");
    term.end();
    let log = fs::read_to_string(t.path().join("out/decisions.jsonl")).expect("there");
    assert!(log.contains("看不清") && log.contains("\"op\":\"edit\""), "{log}");
    assert_eq!(log.lines().count(), 7);
    recto(t.path(), &["apply", "out", "-q"]);
    recto(t.path(), &["verify", "out"]);
}

#[test]
fn a_dumb_terminal_asks_line_by_line() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q", "--policy", "diplomatic"]);
    let mut term = Terminal::new(t.path(), &["review", "out"], &[("TERM", "dumb")]);
    term.shows("[a/r/s/e/d/u/A/R/w/q/?]");
    term.press("\r");
    term.press("A\r");
    term.shows("act 1: accepted");
    term.press("q\r");
    let raw = term.end();
    assert!(!raw.contains(&0x1B), "no control reaches a dumb terminal");
    assert_eq!(acts(t.path()), 1);
}

#[test]
fn chinese_is_spoken_and_names_are_in_both_languages() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let mut term = Terminal::new(t.path(), &["review", "out"], &[("LC_ALL", "zh_CN.UTF-8")]);
    let screen = term.shows("[q]退出");
    assert!(screen.contains("half-width-mark"), "{screen}");
    term.press("q");
    term.end();
}

/// What OCR text may hold to harm whoever looks at it.
#[test]
fn hostile_text_does_nothing_to_the_terminal() {
    let long = "长".repeat(350_000);
    let evil = format!(
        "他说,\u{1B}]0;owned\u{7}好!\u{1B}[2J\u{202E}txt.exe,<script>alert(1)</script>!\n{long},完!\n\u{9B}31m他说,好!\n"
    );
    let t = folder(&[("a.txt", &evil)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q", "--policy", "diplomatic"]);
    let mut term = Terminal::new(t.path(), &["review", "out"], &[("NO_COLOR", "1")]);
    term.shows("decisions 0/");
    for _ in 0..12 {
        term.press("J");
    }
    term.press("g");
    term.press("2\r");
    term.until("the long line", |s| s.contains("长长"));
    term.press("x");
    term.press(" ");
    term.press("q");
    let raw = String::from_utf8_lossy(&term.end()).into_owned();
    for bad in ["\x1b]0;", "\x1b[2J\u{202E}", "\u{202E}", "\u{9B}", "\x07"] {
        assert!(!raw.contains(bad), "{bad:?} reached the terminal");
    }
}

#[test]
fn two_reviewers_write_side_by_side_and_a_second_sitting_under_one_name_only_looks() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q", "--policy", "diplomatic"]);
    let open = |name: &str| Terminal::new(t.path(), &["review", "out", "--reviewer", name], &[]);
    let (mut wang, mut li) = (open("wang"), open("li"));
    wang.shows("decisions 0/");
    li.shows("decisions 0/");
    wang.press("a");
    wang.shows("act 1: accepted");
    li.press("J");
    li.shows("another reviewer decided");
    li.press("r");
    li.shows("act 2: rejected");
    wang.press("r");
    wang.shows("act 3: rejected");
    let mut again = open("wang");
    again.shows("decisions ");
    again.press("A");
    again.press("u");
    again.press("p");
    again.press("r");
    again.press("e");
    again.press("x\r");
    again.shows("read only");
    again.press("q");
    again.end();
    assert_eq!(acts(t.path()), 3, "nobody but the two wrote");
    for mut term in [wang, li] {
        term.press("q");
        term.end();
    }
    // The name is free again.
    let mut wang = open("wang");
    wang.shows("decisions ");
    wang.press("u");
    wang.shows("act 4: undo");
    wang.press("q");
    wang.end();
    let log = fs::read_to_string(t.path().join("out/decisions.jsonl")).expect("there");
    let by: Vec<bool> = log.lines().map(|l| l.contains("\"by\":\"wang\"")).collect();
    assert_eq!(by, [true, false, true, true]);
    recto(t.path(), &["apply", "out", "-q"]);
}

/// `cargo test --all-features --test terminal screens -- --ignored` makes the screens of docs/review-terminal.md again.
#[test]
#[ignore = "writes into docs/"]
fn screens() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page = fs::read_to_string(format!("{root}/seeds/zhuzhou-daily-2021-08-20.txt")).expect("the seed is there");
    let t = folder(&[("zhuzhou-2021-08-20.txt", &page)]);
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let mut text = String::from(
        "# The review at the terminal\n\n`recto review OUT` on the page in `seeds`, as text: signs stand beside colour, so nothing is \
         lost without it.\nMade by `cargo test --all-features --test terminal screens -- --ignored`.\n",
    );
    let mut keep = |title: &str, term: &mut Terminal| {
        term.drain();
        let lines: Vec<String> = term.text().lines().map(|l| l.trim_end().to_owned()).collect();
        let screen = lines.join("\n");
        text.push_str(&format!("\n## {title}\n\n```text\n{}\n```\n", screen.trim_end()));
    };
    let mut term = Terminal::new(t.path(), &["review", "out"], &[("NO_COLOR", "1")]);
    term.shows("decisions 0/");
    keep("A change that stands alone", &mut term);
    for n in 2..12 {
        term.press("S");
        let screen = term.until("the next group", |s| s.contains(&format!("Groups {n}/")));
        if screen.lines().nth(1).is_some_and(|l| !l.contains("× 1 ")) {
            break;
        }
    }
    keep("A group", &mut term);
    term.press("A");
    term.shows("act 1: accepted");
    term.press("c");
    term.shows("occurrence");
    keep("After `A` (the group) and `c` (all occurrences)", &mut term);
    term.press("\x1b");
    std::thread::sleep(Duration::from_millis(100));
    term.press("x");
    term.until("the explanation", |s| !s.contains("[a]ccept"));
    keep("`x`: why", &mut term);
    term.press(" ");
    term.press("p");
    term.shows("always:");
    keep("`p`: always, with its reach", &mut term);
    term.press("\x1b");
    std::thread::sleep(Duration::from_millis(100));
    term.press("d");
    term.shows("why in doubt");
    term.press("原件看不清\r");
    term.shows("act 2: doubt");
    term.press("U");
    term.shows("Decisions");
    keep("`U`: the acts, any of which can be undone", &mut term);
    term.press("\x1b");
    std::thread::sleep(Duration::from_millis(100));
    term.press("?");
    term.shows("back");
    keep("`?`: the keys", &mut term);
    term.press(" ");
    term.press("q");
    term.end();
    let mut zh = Terminal::new(t.path(), &["review", "out", "--ui-lang", "zh"], &[("NO_COLOR", "1")]);
    zh.shows("[q]退出");
    keep("In Chinese (`--ui-lang zh`, or by the locale)", &mut zh);
    zh.press("q");
    zh.end();
    let mut dumb = Terminal::new(t.path(), &["review", "out"], &[("TERM", "dumb")]);
    dumb.shows("[a/r/s/e/d/u/A/R/w/q/?]");
    keep("Line by line (`TERM=dumb`)", &mut dumb);
    dumb.press("q\r");
    dumb.end();
    fs::write(format!("{root}/docs/review-terminal.md"), text).expect("written");
}
