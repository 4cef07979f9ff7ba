//! One table of keys, pressed at the terminal and in the browser: both must come to the same acts, key by key.
#![cfg(all(unix, feature = "review"))]

mod browser;
mod pty;

use browser::Browser;
use pty::Terminal;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A key, or what both front ends ask for in their own way.
#[derive(Copy, Clone)]
enum Key {
    /// A letter, a sign, or Escape and Enter by name.
    Press(&'static str),
    /// Typed where the front end asks for words.
    Type(&'static str),
    /// The same instead of what stands there.
    Replace(&'static str),
    /// Ends an own text: Enter at the terminal; in the browser, where a text may have lines, with Control.
    EndText,
}
use Key::{EndText, Press, Replace, Type};

/// What is tried, and the keys for it. Each row goes on where the one before ended.
const TABLE: &[(&str, &[Key])] = &[
    ("accept", &[Press("a")]),
    ("accept by its other names", &[Press("y"), Press("Enter")]),
    ("reject", &[Press("r"), Press("n")]),
    ("skip, then decide", &[Press("s"), Press("r"), Press(" "), Press("a")]),
    ("undo goes back to what it undid", &[Press("a"), Press("u"), Press("r")]),
    ("undo of several, one by one", &[Press("a"), Press("r"), Press("u"), Press("u"), Press("a")]),
    (
        "next, any, previous",
        &[Press("j"), Press("r"), Press("J"), Press("J"), Press("a"), Press("K"), Press("r"), Press("k"), Press("a")],
    ),
    ("the next group", &[Press("S"), Press("a"), Press("S"), Press("r")]),
    ("the group on the page", &[Press("1"), Press("A")]),
    ("the group in the issue", &[Press("2"), Press("R")]),
    ("the group in the run", &[Press("3"), Press("A")]),
    ("scopes in turn", &[Press("w"), Press("A"), Press("u"), Press("w"), Press("R"), Press("w"), Press("R")]),
    ("own text", &[Press("g"), Type("b.txt:1"), Press("Enter"), Press("e"), Replace("另作"), EndText]),
    ("an own text that is left", &[Press("e"), Type("不"), Press("Escape"), Press("r")]),
    ("doubt with a reason", &[Press("d"), Type("看不清"), Press("Enter")]),
    ("doubt that is left", &[Press("d"), Type("不"), Press("Escape")]),
    ("a number goes to the row", &[Press("g"), Type("2"), Press("Enter"), Press("r")]),
    (
        "occurrences: all ticked but one",
        &[Press("g"), Type("c.txt:1"), Press("Enter"), Press("c"), Press(" "), Press("R"), Press("Escape"), Press("a")],
    ),
    ("undo of acts in two issues at once", &[Press("u"), Press("u"), Press("a")]),
    ("occurrences, one by one", &[Press("c"), Press("r"), Press("a"), Press("Escape")]),
    ("always, left", &[Press("p"), Press("Escape"), Press("a")]),
    ("always accept", &[Press("p"), Press("a")]),
    ("always reject", &[Press("p"), Press("r")]),
    ("Escape decides nothing", &[Press("Escape"), Press("?"), Press("Escape"), Press("x"), Press("Escape")]),
];

const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/zhuzhou-daily-2021-08-20.txt");
/// Half-width marks in three issues, more than a row of the table decides.
const MARKS: &str = "市领导强调,全市上下要认真学习!会议指出,各单位要抓好落实;他说:好!代表们表示,要努力工作.大家认为:很好;记者问:怎么办?\n";

/// The acts without what tells the front ends apart: when, and in which words the change was named.
fn bare(log: &str) -> Vec<Value> {
    let act = |l: &str| {
        let mut a: Value = serde_json::from_str(l).expect("an act");
        a.as_object_mut().expect("an object").retain(|k, _| k != "at" && k != "by");
        a
    };
    log.lines().map(act).collect()
}

fn at_terminal(term: &mut Terminal, key: Key) {
    match key {
        Press("Escape") => {
            term.press("\x1b");
            // A key that follows at once would be read as one with Alt.
            std::thread::sleep(Duration::from_millis(60));
        }
        Press("Enter") | EndText => term.press("\r"),
        Press(k) | Type(k) => term.press(k),
        Replace(text) => term.press(&format!("{}{text}", "\x7f".repeat(40))),
    }
}

fn in_browser(b: &mut Browser, key: Key) {
    match key {
        Press(k) => b.key(k),
        Type(text) => b.type_in(text),
        Replace(text) => {
            b.eval("document.activeElement.value = ''");
            b.type_in(text);
        }
        EndText => {
            b.call("Input.dispatchKeyEvent", serde_json::json!({"type": "keyDown", "key": "Enter", "modifiers": 2}));
            b.eval("new Promise((r) => setTimeout(r, 0))");
        }
    }
}

fn lines(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn each_key_does_the_same_in_both_front_ends() {
    let t = TempDir::new().expect("a folder");
    let recto = |args: &[&str]| {
        assert_cmd::Command::cargo_bin("recto").expect("built").current_dir(&t).args(args).assert().success();
    };
    fs::create_dir(t.path().join("in")).expect("made");
    fs::copy(SEED, t.path().join("in/a.txt")).expect("copied");
    for name in ["b.txt", "c.txt", "d.txt"] {
        fs::write(t.path().join("in").join(name), MARKS.repeat(2)).expect("written");
    }
    recto(&["clean", "in", "-o", "out", "-q", "--policy", "diplomatic"]);
    recto(&["review", "out", "--html", "review.html", "--ui-lang", "en"]);
    let mut b = Browser::start(1280, 800);
    b.file(&t.path().join("review.html"));
    let mut term = Terminal::new(t.path(), &["review", "out"], &[]);
    term.shows("decisions 0/");
    let log = t.path().join("out/decisions.jsonl");
    let mut known = 0;
    for (what, keys) in TABLE {
        for key in *keys {
            in_browser(&mut b, *key);
            at_terminal(&mut term, *key);
        }
        let page = b.eval("M.acts().map((a) => JSON.stringify(a)).join('\\n')");
        let page = bare(page.as_str().expect("lines"));
        let patience = Instant::now();
        while lines(&log).lines().count() < page.len() && patience.elapsed() < Duration::from_secs(10) {
            term.drain();
        }
        // Nothing more may come either.
        std::thread::sleep(Duration::from_millis(60));
        term.drain();
        let here = bare(&lines(&log));
        assert!(
            here.get(known..) == page.get(known..),
            "{what}: terminal\n{:#?}\npage\n{:#?}\n{}",
            &here[known..],
            &page[known..],
            term.text()
        );
        known = page.len();
    }
    assert!(known > 30, "{known} acts: the table decided too little");
    term.press("q");
    term.end();
    assert_eq!(b.troubles(), Vec::<String>::new());
}
