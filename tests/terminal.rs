//! The terminal review, driven as a person drives it: keys into a pseudo-terminal, the screen out.

#![cfg(all(unix, feature = "review"))]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A program at a terminal of 80 by 24.
struct Terminal {
    screen: vt100::Parser,
    raw: Vec<u8>,
    bytes: Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn new(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut c = CommandBuilder::new(assert_cmd::cargo::cargo_bin("recto"));
        c.args(args);
        c.cwd(dir);
        c.env("TERM", "xterm");
        c.env("LC_ALL", "C.UTF-8");
        env.iter().for_each(|(k, v)| c.env(k, v));
        let child = pair.slave.spawn_command(c).expect("recto starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (send, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0u8; 8192];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || send.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().expect("a writer");
        let screen = {
            let size = |n: u16| std::num::NonZero::new(n).expect("not nought");
            vt100::Parser::new(size(24), size(80), 0)
        };
        Self { screen, raw: Vec::new(), bytes, keys, child, _master: pair.master }
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the screen shows what is asked for.
    fn until(&mut self, what: &str, seen: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            if seen(&self.text()) {
                return self.text();
            }
            match self.bytes.recv_timeout(Duration::from_millis(200)) {
                Ok(b) => {
                    self.screen.process(&b);
                    self.raw.extend(b);
                }
                Err(_) => assert!(start.elapsed() < Duration::from_secs(30), "waited for {what}:\n{}", self.text()),
            }
        }
    }

    fn shows(&mut self, what: &str) -> String {
        self.until(what, |t| t.contains(what))
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("written");
        self.keys.flush().expect("flushed");
    }

    fn end(mut self) -> Vec<u8> {
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status:?}");
        while let Ok(b) = self.bytes.recv_timeout(Duration::from_millis(300)) {
            self.raw.extend(b);
        }
        self.raw
    }
}

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
        pressed += 1;
        term.until("the act", |s| s.contains(&format!("act {pressed}:")) || s.contains("settled"));
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
    term.press("  ");
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
