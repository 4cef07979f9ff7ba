//! I9: a run that is killed, interrupted or out of disk leaves each issue old, new, or named incomplete by `verify`, every
//! file whole, the originals untouched; the same command then gives what an undisturbed run gives.
#![cfg(unix)]
// A skipped check has to say so.
#![allow(clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn recto(dir: &Path, args: &[&str]) -> Command {
    let mut c = Command::new(assert_cmd::cargo::cargo_bin("recto"));
    c.env_clear().env("PATH", std::env::var("PATH").unwrap_or_default());
    c.current_dir(dir).args(args).stdin(Stdio::null());
    c
}

fn run(dir: &Path, args: &[&str]) -> Output {
    recto(dir, args).output().expect("it runs")
}

fn said(o: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

type Tree = BTreeMap<String, Vec<u8>>;

/// Every file below a folder with its bytes. `run.json` tells the time and may differ.
fn tree(dir: &Path) -> Tree {
    fn walk(root: &Path, dir: &Path, out: &mut Tree) {
        for e in fs::read_dir(dir).into_iter().flatten().flatten() {
            if e.path().is_dir() {
                walk(root, &e.path(), out);
            } else {
                let name = e.path().strip_prefix(root).expect("below").to_string_lossy().into_owned();
                out.insert(name, fs::read(e.path()).expect("readable"));
            }
        }
    }
    let mut out = Tree::new();
    walk(dir, dir, &mut out);
    out.remove("run.json");
    out
}

/// Issues of three pages and single ones; `edition` changes the text of all.
fn write_pages(dir: &Path, issues: usize, edition: &str) {
    for n in 0..issues {
        let day = dir.join(format!("day{n}"));
        fs::create_dir_all(&day).expect("made");
        for p in 1..=3 {
            let text =
                format!("市领导强调,全市上下要认真学习{edition}的办法(第{n}期第{p}版)。\n\n要始终保持追求理想的初");
            fs::write(day.join(format!("A{p}.txt")), text).expect("written");
        }
        fs::write(day.join("notes.txt"), format!("他说,好的,{edition}。\n")).expect("written");
    }
}

const CLEAN: [&str; 6] = ["clean", "in", "-o", "out", "-q", "--batch-pages=4"];

/// What `verify` says of an output folder that some fault left; panics where a page is neither old nor new nor named.
fn judge(dir: &Path, old: &Tree, new: &Tree) {
    if !dir.join("out/.recto").is_dir() {
        return;
    }
    let v = run(dir, &["verify", "out"]);
    let text = said(&v);
    assert!([0, 3].contains(&v.status.code().unwrap_or(-1)), "verify: {:?}: {text}", v.status);
    let named: Vec<&str> =
        text.lines().filter_map(|l| l.strip_prefix("incomplete: ")?.split_once(": ").map(|x| x.0)).collect();
    let now = tree(&dir.join("out"));
    for (name, bytes) in now.iter().filter(|(n, _)| n.starts_with("text/")) {
        let whole = old.get(name) == Some(bytes) || new.get(name) == Some(bytes);
        assert!(whole, "{name} is neither old nor new");
        let page = name.trim_start_matches("text/");
        // The ledger of a page that is not named gives its original back: verify has replayed it.
        assert!(named.contains(&page) || !text.contains(page), "{text}");
    }
    for name in named {
        assert!(new.contains_key(&format!("text/{name}")), "{name} is no page");
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }
}

/// An output folder of the first edition, one of the second made over it without a fault, and the time that took.
fn editions(dir: &Path, issues: usize) -> (Tree, Tree, Duration) {
    write_pages(&dir.join("in"), issues, "一");
    assert!(run(dir, &CLEAN).status.success());
    let old = tree(&dir.join("out"));
    fs::rename(dir.join("out"), dir.join("first")).expect("renamed");
    write_pages(&dir.join("in"), issues, "二");
    copy(&dir.join("first"), &dir.join("out"));
    let start = Instant::now();
    assert!(run(dir, &CLEAN).status.success());
    let took = start.elapsed();
    let new = tree(&dir.join("out"));
    assert_ne!(old, new);
    fs::remove_dir_all(dir.join("out")).expect("removed");
    (old, new, took)
}

/// The names of what is not the same in two trees.
fn differing(a: &Tree, b: &Tree) -> Vec<String> {
    a.keys().chain(b.keys()).filter(|k| a.get(*k) != b.get(*k)).cloned().collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for e in fs::read_dir(from).expect("there").flatten() {
        let target = to.join(e.file_name());
        if e.path().is_dir() {
            copy(&e.path(), &target);
        } else {
            fs::copy(e.path(), target).expect("copied");
        }
    }
}

#[test]
fn i9_killed_at_any_moment() {
    let t = TempDir::new().expect("a folder");
    let (old, new, took) = editions(t.path(), 12);
    let originals = tree(&t.path().join("in"));
    let mut dice = Dice(20_261_127);
    let mut unfinished = 0;
    // How long a run takes is learned from the runs themselves: the machine may be busier at one time than at another.
    let mut micros = u64::try_from(took.as_micros()).unwrap_or(1_000_000);
    for round in 0..300 {
        if round >= 60 && unfinished > 20 {
            break;
        }
        let out = t.path().join("out");
        // A first run, a run over an older edition, and a run over what the last kill left.
        if round % 3 != 2 && out.exists() {
            fs::remove_dir_all(&out).expect("removed");
        }
        if round % 3 == 1 {
            copy(&t.path().join("first"), &out);
        }
        let jobs = if round % 2 == 0 { "-j1" } else { "-j2" };
        let mut child = recto(t.path(), &CLEAN).arg(jobs).stderr(Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(Duration::from_micros(dice.roll(micros + micros / 4)));
        let at_work = child.try_wait().expect("it can be asked").is_none();
        micros = if at_work { micros + micros / 20 } else { micros - micros / 10 };
        // SIGKILL.
        child.kill().expect("killed");
        child.wait().expect("ended");
        judge(t.path(), &old, &new);
        assert_eq!(tree(&t.path().join("in")), originals, "an original was touched");
        unfinished += u32::from(tree(&out) != new);
        if round % 6 == 5 {
            let o = run(t.path(), &CLEAN);
            assert!(o.status.success(), "{}", said(&o));
            assert!(tree(&out) == new, "round {round}: the resumed run differs: {:?}", differing(&tree(&out), &new));
            assert!(run(t.path(), &["verify", "out"]).status.success());
        }
    }
    assert!(unfinished > 20, "only {unfinished} kills met a run at work");
}

fn signal(child: &Child, name: &str) {
    let ok = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(ok.is_ok_and(|s| s.success()));
}

#[test]
fn i9_interrupted_by_a_signal() {
    let t = TempDir::new().expect("a folder");
    write_pages(&t.path().join("in"), 120, "一");
    assert!(run(t.path(), &["clean", "in", "-o", "whole", "-q"]).status.success());
    for name in ["-INT", "-TERM"] {
        let args = ["clean", "in", "-o", "out", "-j1", "--batch-pages=4"];
        let mut child = recto(t.path(), &args).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut err = BufReader::new(child.stderr.take().expect("piped"));
        let mut text = String::new();
        err.read_line(&mut text).expect("the first issue is told of");
        signal(&child, name);
        std::io::Read::read_to_string(&mut err, &mut text).expect("readable");
        assert_eq!(child.wait().expect("ended").code(), Some(130), "{text}");
        assert!(text.contains("interrupted") && text.contains("the same command goes on"), "{text}");
        let v = run(t.path(), &["verify", "out"]);
        assert!(v.status.code() == Some(3) && said(&v).contains("a run ended early"), "{}", said(&v));
        assert!(!said(&v).contains("incomplete:"), "what was begun is finished first: {}", said(&v));
        let r = run(t.path(), &["report", "out"]);
        assert!(r.status.code() == Some(2) && said(&r).contains("has not ended"), "{}", said(&r));
        let r = run(t.path(), &["restore", "out", "-o", "back"]);
        assert!(r.status.code() == Some(3) && said(&r).contains("has not ended"), "{}", said(&r));
        fs::remove_dir_all(t.path().join("back")).expect("removed");
        let again = run(t.path(), &args);
        assert!(again.status.success() && said(&again).contains("done by an earlier run"), "{}", said(&again));
        assert_eq!(tree(&t.path().join("out")), tree(&t.path().join("whole")));
        fs::remove_dir_all(t.path().join("out")).expect("removed");
    }
}

/// A small disk of its own at `out`; None where this user may not mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(path: PathBuf, size: &str) -> Option<Self> {
        fs::create_dir_all(&path).expect("made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size},mode=755"), "recto-test"])
            .arg(&path)
            .stderr(Stdio::null())
            .status();
        let ok = mounted.is_ok_and(|s| s.success());
        if !ok {
            eprintln!("skipped: no disk can be mounted here");
        }
        ok.then_some(Self(path))
    }
    fn remount(&self, options: &str) {
        let ok = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status();
        assert!(ok.is_ok_and(|s| s.success()));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn i9_a_full_disk() {
    let t = TempDir::new().expect("a folder");
    let (_, new, _) = editions(t.path(), 12);
    let originals = tree(&t.path().join("in"));
    // From a disk that holds nothing to one that holds all but the last files.
    for size in ["16k", "64k", "128k", "192k", "256k", "320k"] {
        let Some(disk) = SmallDisk::at(t.path().join("out"), size) else { return };
        let o = run(t.path(), &CLEAN);
        if !o.status.success() {
            assert_eq!(o.status.code(), Some(3), "{size}: {}", said(&o));
            assert!(said(&o).contains("No space left"), "{size}: {}", said(&o));
        }
        judge(t.path(), &Tree::new(), &new);
        assert_eq!(tree(&t.path().join("in")), originals, "an original was touched");
        disk.remount("size=8m");
        let o = run(t.path(), &CLEAN);
        assert!(o.status.success(), "{size}: {}", said(&o));
        assert_eq!(tree(&t.path().join("out")), new, "{size}: the resumed run differs");
    }
}

/// A limit on the size of files stops the marks, which grow, before the pages, which do not.
#[test]
fn i9_marks_that_cannot_be_written() {
    let t = TempDir::new().expect("a folder");
    let (_, new, _) = editions(t.path(), 12);
    let bin = assert_cmd::cargo::cargo_bin("recto");
    for blocks in [1, 4, 8, 16, 40] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} {}", bin.display(), CLEAN.join(" "));
        let o = Command::new("sh").arg("-c").arg(&script).current_dir(t.path()).output().expect("sh runs");
        assert!([0, 3].contains(&o.status.code().unwrap_or(-1)), "{blocks}: {:?} {}", o.status, said(&o));
        judge(t.path(), &Tree::new(), &new);
    }
    assert!(run(t.path(), &CLEAN).status.success());
    assert_eq!(tree(&t.path().join("out")), new);
}

#[test]
fn a_read_only_output_is_named_and_left_alone() {
    let t = TempDir::new().expect("a folder");
    write_pages(&t.path().join("in"), 3, "一");
    let Some(disk) = SmallDisk::at(t.path().join("out"), "8m") else { return };
    assert!(run(t.path(), &CLEAN).status.success());
    let before = tree(&t.path().join("out"));
    write_pages(&t.path().join("in"), 3, "二");
    disk.remount("ro");
    let o = run(t.path(), &CLEAN);
    assert_eq!(o.status.code(), Some(3), "{}", said(&o));
    assert!(said(&o).contains("Read-only") && said(&o).contains("out"), "{}", said(&o));
    assert_eq!(tree(&t.path().join("out")), before);
    assert!(run(t.path(), &["verify", "out"]).status.success());
    disk.remount("rw");
    assert!(run(t.path(), &CLEAN).status.success());
}

/// A file that opens and does not read, as on a failing disk.
#[cfg(target_os = "linux")]
#[test]
fn a_page_that_cannot_be_read_parts_its_issue_and_is_named() {
    let t = TempDir::new().expect("a folder");
    write_pages(&t.path().join("in"), 2, "一");
    let page = t.path().join("in/day0/A2.txt");
    let text = fs::read(&page).expect("there");
    fs::remove_file(&page).expect("removed");
    std::os::unix::fs::symlink("/proc/self/mem", &page).expect("linked");
    for _ in 0..2 {
        let o = run(t.path(), &CLEAN);
        assert_eq!(o.status.code(), Some(3), "{}", said(&o));
        assert!(said(&o).contains("failed: day0/A2.txt"), "{}", said(&o));
        assert!(run(t.path(), &["verify", "out"]).status.success());
    }
    let joined = fs::read_to_string(t.path().join("out/text/day0/A1.txt")).expect("there");
    assert!(joined.trim_end().ends_with('初'), "A1 was joined to A3 over the missing page: {joined}");
    // Once it can be read the issue is done again as a whole, and nothing of the two halves is left.
    fs::remove_file(&page).expect("removed");
    fs::write(&page, &text).expect("written");
    assert!(run(t.path(), &CLEAN).status.success());
    assert!(!t.path().join("out/ledger/day0/A3.txt.jsonl").exists());
    assert!(run(t.path(), &["verify", "out"]).status.success());
    // Where a page of a finished issue cannot be read any more, the output is the only copy: it stays.
    let before = tree(&t.path().join("out"));
    fs::remove_file(&page).expect("removed");
    std::os::unix::fs::symlink("/proc/self/mem", &page).expect("linked");
    let o = run(t.path(), &CLEAN);
    assert!(o.status.code() == Some(3) && said(&o).contains("was kept"), "{}", said(&o));
    assert_eq!(tree(&t.path().join("out")), before);
    assert!(run(t.path(), &["restore", "out", "-o", "back", "day0/A2.txt"]).status.success());
    assert_eq!(fs::read(t.path().join("back/day0/A2.txt")).expect("there"), text);
}

#[test]
fn the_second_run_on_a_folder_says_who_holds_it() {
    let t = TempDir::new().expect("a folder");
    write_pages(&t.path().join("in"), 2, "一");
    assert!(run(t.path(), &CLEAN).status.success());
    let path = t.path().join("out/.recto/lock");
    let lock = fs::OpenOptions::new().write(true).open(&path).expect("there");
    fs::write(&path, "process 4242 (recto clean)").expect("written");
    lock.lock().expect("locked");
    let o = run(t.path(), &CLEAN);
    assert_eq!(o.status.code(), Some(2), "{}", said(&o));
    assert!(said(&o).contains("process 4242 (recto clean) is writing this folder"), "{}", said(&o));
    // The lock falls with its holder: what stands in the file then holds nothing up.
    drop(lock);
    assert!(run(t.path(), &CLEAN).status.success());
    assert_eq!(fs::read(&path).expect("there"), b"");
}
