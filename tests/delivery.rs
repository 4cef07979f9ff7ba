//! What a second run over the same output does: new pages, changed ones, pages that are gone, other settings; and which
//! inputs a run takes. Each is decided in docs/folders.md.

mod common;

use assert_cmd::Command;
use common::{folder, put, read, recto, said};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

fn run_json(t: &TempDir) -> serde_json::Value {
    serde_json::from_str(&read(t, "out/run.json")).expect("JSON")
}

const PAGE: &str = "市领导强调,全市上下要认真学习。\n";
const CLEAN: [&str; 4] = ["clean", "in", "-o", "out"];

/// Makes all ledgers look old, and gives the names of those that a run writes anew.
struct Ages(BTreeMap<PathBuf, SystemTime>);

impl Ages {
    fn ledgers(t: &TempDir) -> Vec<PathBuf> {
        let mut all = Vec::new();
        let mut dirs = vec![t.path().join("out/ledger")];
        while let Some(d) = dirs.pop() {
            for e in fs::read_dir(d).expect("there").flatten() {
                if e.path().is_dir() { dirs.push(e.path()) } else { all.push(e.path()) }
            }
        }
        all.sort();
        all
    }
    fn set(t: &TempDir) -> Self {
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let all = Self::ledgers(t);
        for p in &all {
            let f = fs::OpenOptions::new().write(true).open(p).expect("there");
            f.set_modified(old).expect("set");
        }
        Self(all.into_iter().map(|p| (p, old)).collect())
    }
    fn written(&self, t: &TempDir) -> Vec<String> {
        let root = t.path().join("out/ledger");
        let fresh = |p: &PathBuf| self.0.get(p).copied() != fs::metadata(p).and_then(|m| m.modified()).ok();
        let name = |p: PathBuf| p.strip_prefix(&root).expect("below").display().to_string();
        Self::ledgers(t).into_iter().filter(fresh).map(name).collect()
    }
}

#[test]
fn a_second_run_does_only_what_is_new_or_changed() {
    let t = folder(&[("d1/A1.txt", PAGE), ("d1/A3.txt", PAGE), ("d2/A1.txt", PAGE), ("n.txt", PAGE)]);
    recto(&t, &CLEAN).code(0);
    let profile = read(&t, "out/.recto/profile.json");
    let ages = Ages::set(&t);
    let a = recto(&t, &CLEAN).code(0);
    assert!(said(&a).contains("3 issues done by an earlier run"), "{}", said(&a));
    assert_eq!(ages.written(&t), [""; 0]);
    // A page in the middle of an issue, a new issue, a changed page.
    put(&t, "in/d1/A2.txt", "另一版,内容。\n");
    put(&t, "in/d3/A1.txt", PAGE);
    put(&t, "in/n.txt", "改过的,内容。\n");
    recto(&t, &CLEAN).code(0);
    assert_eq!(ages.written(&t), ["d1/A1.txt.jsonl", "d3/A1.txt.jsonl", "n.txt.jsonl"]);
    assert_eq!(read(&t, "out/.recto/profile.json"), profile, "a new delivery is cleaned as the old one was");
    assert_eq!(run_json(&t)["pages"], 6);
    recto(&t, &["verify", "out"]).code(0);
    // A page before the first: the issue has another name now, and the old ledger is gone.
    put(&t, "in/d2/A0.txt", PAGE);
    recto(&t, &CLEAN).code(0);
    assert!(!t.path().join("out/ledger/d2/A1.txt.jsonl").exists());
    recto(&t, &["verify", "out"]).code(0);
    // A file of the output that went away is made again.
    fs::remove_file(t.path().join("out/text/n.txt")).expect("removed");
    fs::remove_file(t.path().join("out/ledger/d3/A1.txt.jsonl")).expect("removed");
    recto(&t, &CLEAN).code(0);
    recto(&t, &["verify", "out"]).code(0);
}

#[test]
fn other_settings_are_refused_and_the_flag_is_named() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(&t, &CLEAN).code(0);
    let a = recto(&t, &["clean", "in", "-o", "out", "--ignore", "half-width-mark"]).code(2);
    assert!(said(&a).contains("another configuration") && said(&a).contains("--fresh"), "{}", said(&a));
    assert_eq!(read(&t, "out/text/a.txt"), "市领导强调，全市上下要认真学习。\n");
    recto(&t, &["clean", "in", "-o", "out", "--ignore", "half-width-mark", "--fresh"]).code(0);
    assert_eq!(read(&t, "out/text/a.txt"), PAGE);
    recto(&t, &["verify", "out"]).code(0);
}

#[test]
fn relearn_does_again_what_the_new_profile_may_change() {
    let t = folder(&[("a.txt", PAGE)]);
    recto(&t, &CLEAN).code(0);
    let ages = Ages::set(&t);
    recto(&t, &["clean", "in", "-o", "out", "--relearn"]).code(0);
    assert_eq!(ages.written(&t), [""; 0], "the same inputs teach the same");
    put(&t, "in/b.txt", "Another page, and more.\n");
    recto(&t, &["clean", "in", "-o", "out", "--relearn"]).code(0);
    assert_eq!(ages.written(&t), ["a.txt.jsonl", "b.txt.jsonl"]);
    recto(&t, &["verify", "out"]).code(0);
}

#[test]
fn what_is_gone_from_the_inputs_stays_until_fresh() {
    let t = folder(&[("q/A1.txt", PAGE), ("q/A2.txt", PAGE), ("z.txt", PAGE)]);
    recto(&t, &CLEAN).code(0);
    fs::remove_file(t.path().join("in/q/A1.txt")).expect("removed");
    fs::remove_file(t.path().join("in/z.txt")).expect("removed");
    // The output may be the only place from which the originals come back.
    let a = recto(&t, &CLEAN).code(0);
    assert!(said(&a).contains("gone: z.txt") && said(&a).contains("gone: q/A1.txt"), "{}", said(&a));
    assert_eq!(run_json(&t)["gone"], serde_json::json!(["q/A1.txt", "z.txt"]));
    recto(&t, &["verify", "out"]).code(0);
    recto(&t, &["restore", "out", "-o", "back"]).code(0);
    assert_eq!(read(&t, "back/z.txt"), PAGE);
    // What is left of its issue has changed: both cannot be had.
    put(&t, "in/q/A2.txt", "改过的,内容。\n");
    let a = recto(&t, &CLEAN).code(3);
    assert!(said(&a).contains("q/A2.txt: not cleaned: q/A1.txt of the same issue is gone"), "{}", said(&a));
    recto(&t, &["verify", "out"]).code(0);
    let a = recto(&t, &["clean", "in", "-o", "out", "--fresh"]).code(0);
    assert!(said(&a).contains("gone: z.txt: no longer among the inputs; its output was dropped"), "{}", said(&a));
    assert!(!t.path().join("out/text/z.txt").exists() && !t.path().join("out/text/q/A1.txt").exists());
    recto(&t, &["verify", "out"]).code(0);
}

/// Files that open and do not read.
#[cfg(target_os = "linux")]
#[test]
fn so_many_failures_and_no_more() {
    let t = folder(&[("a.txt", PAGE), ("z.txt", PAGE)]);
    for n in ["b", "c", "d", "e", "f"] {
        std::os::unix::fs::symlink("/proc/self/mem", t.path().join(format!("in/{n}.txt"))).expect("linked");
    }
    let a = recto(&t, &["clean", "in", "-o", "out", "--max-failures", "2", "--batch-pages", "1"]).code(3);
    assert!(said(&a).contains("stopped after 3 failures"), "{}", said(&a));
    assert!(!t.path().join("out/text/z.txt").exists());
    recto(&t, &["clean", "in", "-o", "out"]).code(3);
    assert!(t.path().join("out/text/z.txt").exists());
    recto(&t, &["verify", "out"]).code(0);
}

#[test]
fn lists_of_files() {
    let t = folder(&[("a.txt", PAGE), ("b.txt", PAGE), ("sub/c d.txt", PAGE)]);
    put(&t, "list", "\u{FEFF}in/a.txt\r\n\nin/sub/c d.txt\n");
    recto(&t, &["clean", "--files-from", "list", "-o", "out"]).code(0);
    assert!(t.path().join("out/text/a.txt").exists() && t.path().join("out/text/sub/c d.txt").exists());
    assert!(!t.path().join("out/text/b.txt").exists());
    let mut c = Command::cargo_bin("recto").expect("the binary is built");
    let c = c.env_clear().current_dir(&t).args(["check", "--files-from", "-", "-0"]);
    let a = c.write_stdin("in/b.txt\0in/sub/c d.txt\0").assert().code(1);
    assert!(said(&a).contains("b.txt: utf-8") && said(&a).contains("sub/c d.txt: utf-8"), "{}", said(&a));
    put(&t, "empty", "\n");
    let a = recto(&t, &["diff", "--files-from", "empty"]).code(2);
    assert!(said(&a).contains("the list is empty"), "{}", said(&a));
    recto(&t, &["check", "-0", "in"]).code(2);
}

#[test]
fn however_a_path_is_written_it_is_one_file_with_one_name() {
    let t = folder(&[("a.txt", PAGE), ("sub/b.txt", PAGE)]);
    let whole = t.path().join("in/sub").display().to_string();
    for (n, paths) in [
        vec!["in/a.txt", "./in/a.txt", &whole],
        vec!["in", "./in", "in/sub/../a.txt"],
        vec![whole.as_str(), "in/a.txt", "in/sub/b.txt"],
    ]
    .iter()
    .enumerate()
    {
        let out = format!("out{n}");
        let mut args = vec!["clean"];
        args.extend(paths);
        args.extend(["-o", &out]);
        let a = recto(&t, &args).code(0);
        assert!(said(&a).contains("2 pages in 2 issues") && !said(&a).contains("note:"), "{}", said(&a));
        assert!(t.path().join(&out).join("text/sub/b.txt").is_file(), "{paths:?}");
        recto(&t, &["verify", &out]).code(0);
        recto(&t, &["restore", &out, "-o", &format!("back{n}")]).code(0);
        assert_eq!(read(&t, &format!("back{n}/sub/b.txt")), PAGE);
    }
    // From a folder below: what lies above has a name as well.
    let mut c = Command::cargo_bin("recto").expect("the binary is built");
    let args = ["clean", "b.txt", "../a.txt", "-o", "../../up"];
    c.env_clear().current_dir(t.path().join("in/sub")).args(args).assert().code(0);
    assert!(t.path().join("up/text/a.txt").is_file() && t.path().join("up/text/sub/b.txt").is_file());
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let t = folder(&[("a.txt", PAGE)]);
    put(&t, "a.jsonl", "{\"text\":\"好,坏\"}\n");
    zip(&t.path().join("old.zip"), &[("a.txt", PAGE.as_bytes())]);
    for args in [&["check", "a.jsonl"][..], &["diff", "in", "a.jsonl"], &["explain", "1-0", "a.jsonl"]] {
        let a = recto(&t, args).code(2);
        assert!(said(&a).contains("JSON lines") && said(&a).contains("Hint:"), "{}", said(&a));
    }
    let a = recto(&t, &["clean", "old.zip"]).code(2);
    assert!(said(&a).contains("recto clean old.zip -o OUT"), "{}", said(&a));
    recto(&t, &CLEAN).code(0);
    let a = recto(&t, &["clean", "in", "-o", "out/again"]).code(2);
    assert!(said(&a).contains("lies in the output folder") && !t.path().join("out/again").exists(), "{}", said(&a));
}

#[test]
fn patterns_and_what_they_leave_out() {
    let t = folder(&[("a.txt", PAGE), ("b.txt", PAGE), ("sub/c.txt", PAGE), ("draft/d.txt", PAGE), ("e.md", PAGE)]);
    put(&t, "in/.rectoignore", "draft/\n");
    let names = |args: &[&str]| {
        let mut all = vec!["check"];
        all.extend(args);
        let text = said(&recto(&t, &all));
        text.lines().filter_map(|l| l.split_once(": utf-8").map(|x| x.0.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(names(&["in"]), ["a.txt", "b.txt", "sub/c.txt"]);
    assert_eq!(names(&["in", "--no-ignore"]), ["a.txt", "b.txt", "draft/d.txt", "sub/c.txt"]);
    assert_eq!(names(&["in", "--exclude", "b.*", "--exclude", "sub/"]), ["a.txt"]);
    assert_eq!(names(&["in/*.txt"]), ["a.txt", "b.txt"]);
    assert_eq!(names(&["in/**/c.txt"]), ["sub/c.txt"]);
    put(&t, "in/recto.toml", "[files]\ninclude = [\"*.md\", \"sub/*\"]\nexclude = [\"nothing\"]\n");
    assert_eq!(names(&["in"]), ["e.md", "sub/c.txt"]);
    let a = recto(&t, &["check", "in/*.none"]).code(2);
    assert!(said(&a).contains("the pattern fits no file"), "{}", said(&a));
}

/// A zip archive with these entries; names as raw bytes.
fn zip(path: &Path, entries: &[(&str, &[u8])]) {
    let mut z = zip::ZipWriter::new(fs::File::create(path).expect("made"));
    for (name, bytes) in entries {
        z.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        z.write_all(bytes).expect("written");
    }
    z.finish().expect("finished");
}

#[test]
fn pages_in_a_zip_archive() {
    let t = folder(&[("plain.txt", PAGE)]);
    let entries: &[(&str, &[u8])] = &[
        ("day/A1.txt", "市领导强调,医".as_bytes()),
        ("day/A2.txt", "生要坚守岗位。\n".as_bytes()),
        ("readme.md", b"not a page"),
        ("__MACOSX/day/._A1.txt", b"no page either"),
        ("../../evil.txt", b"out of here"),
    ];
    zip(&t.path().join("in/old.zip"), entries);
    let a = recto(&t, &CLEAN).code(3);
    assert!(said(&a).contains("evil.txt: the entry leads out of the archive"), "{}", said(&a));
    assert_eq!(read(&t, "out/text/old.zip/day/A1.txt"), "市领导强调，医生要坚守岗位。\n");
    recto(&t, &["verify", "out"]).code(0);
    recto(&t, &["restore", "out", "-o", "back"]).code(0);
    assert_eq!(read(&t, "back/old.zip/day/A2.txt"), "生要坚守岗位。\n");
    assert!(!t.path().join("back/evil.txt").exists() && !t.path().join("evil.txt").exists());
    put(&t, "in/broken.zip", "PK no archive");
    let a = recto(&t, &CLEAN).code(3);
    assert!(said(&a).contains("broken.zip"), "{}", said(&a));
    recto(&t, &["check", "in/old.zip"]).code(3);
}

#[test]
fn entries_of_one_name_are_told_of() {
    let t = folder(&[("plain.txt", PAGE)]);
    let path = t.path().join("in/two.zip");
    zip(&path, &[("x1.txt", PAGE.as_bytes()), ("x2.txt", b"another"), ("./y.txt", PAGE.as_bytes())]);
    let mut bytes = fs::read(&path).expect("readable");
    for i in 0..bytes.len() - 6 {
        if &bytes[i..i + 6] == b"x2.txt" {
            bytes[i + 1] = b'1';
        }
    }
    fs::write(&path, bytes).expect("written");
    let a = recto(&t, &CLEAN).code(3);
    assert!(said(&a).contains("two.zip: 1 more entries than names"), "{}", said(&a));
    assert!(t.path().join("out/text/two.zip/y.txt").is_file());
}

#[test]
fn an_archive_that_would_unpack_without_end_is_refused() {
    let t = folder(&[("plain.txt", PAGE)]);
    zip(&t.path().join("in/bomb.zip"), &[("a.txt", &vec![b' '; 8 << 20])]);
    let a = recto(&t, &CLEAN).code(3);
    assert!(said(&a).contains("would unpack to more than 200 times its size"), "{}", said(&a));
    assert!(t.path().join("out/text/plain.txt").exists());
}

#[test]
fn packed_json_lines() {
    let t = TempDir::new().expect("a folder");
    let line = "{\"n\" : 1, \"text\":\"他说,好。\"}\n";
    let expected = "{\"n\" : 1, \"text\":\"他说，好。\"}\n".repeat(3);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(line.as_bytes()).expect("written");
    // Two members, as `cat a.gz b.gz` makes them.
    let one = gz.finish().expect("finished");
    fs::write(t.path().join("a.jsonl.gz"), [one.clone(), one.clone(), one.clone()].concat()).expect("written");
    recto(&t, &["clean", "a.jsonl.gz"]).code(0).stdout(expected.clone());
    let zst = zstd::encode_all(line.repeat(3).as_bytes(), 3).expect("packed");
    fs::write(t.path().join("a.jsonl.zst"), zst).expect("written");
    recto(&t, &["clean", "a.jsonl.zst"]).code(0).stdout(expected.clone());
    fs::write(t.path().join("torn.jsonl.gz"), [one.clone(), one[..one.len() - 9].to_vec()].concat()).expect("written");
    let a = recto(&t, &["clean", "torn.jsonl.gz"]).code(3);
    assert!(said(&a).contains("torn.jsonl.gz:") && said(&a).contains("nothing after"), "{}", said(&a));
    // A text that needs nothing keeps its spelling, and so does the white space around it.
    let same = " {\"text\" : \"\\u597d\\u3002\" , \"a\":[1, 2]} \n";
    fs::write(t.path().join("b.jsonl"), same).expect("written");
    recto(&t, &["clean", "b.jsonl"]).code(0).stdout(same);
    recto(&t, &["clean", "a.jsonl.gz", "b.jsonl"]).code(0).stdout(format!("{expected}{same}"));
}

#[test]
fn a_file_too_large_for_one_page_says_so() {
    let t = folder(&[("a.txt", PAGE)]);
    let f = fs::File::create(t.path().join("in/huge.txt")).expect("made");
    f.set_len(1 << 30).expect("a gigabyte without content");
    let a = recto(&t, &CLEAN).code(3);
    assert!(said(&a).contains("huge.txt: 1024 MB in one page"), "{}", said(&a));
    assert!(t.path().join("out/text/a.txt").exists());
    let a = recto(&t, &["clean", "in/huge.txt"]).code(2);
    assert!(said(&a).contains("--in-format jsonl"), "{}", said(&a));
}

#[cfg(unix)]
#[test]
fn odd_names_and_links() {
    use std::os::unix::ffi::OsStrExt;
    let long = format!("{}.txt", "长".repeat(83));
    let t = folder(&[("a.txt", PAGE), ("A.txt", PAGE), (long.as_str(), PAGE), (" x .txt", PAGE)]);
    let bad = t.path().join("in").join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt"));
    fs::write(bad, PAGE).expect("written");
    std::os::unix::fs::symlink(".", t.path().join("in/loop")).expect("linked");
    let a = recto(&t, &CLEAN).code(3);
    for what in ["is not UTF-8; rename it", "loop", "a.txt differ in case only"] {
        assert!(said(&a).contains(what), "{what}: {}", said(&a));
    }
    recto(&t, &["verify", "out"]).code(0);
    recto(&t, &["restore", "out", "-o", "back"]).code(0);
    assert_eq!(read(&t, &format!("back/{long}")), PAGE);
    // The output of a run is no input of another, wherever it lies.
    fs::rename(t.path().join("out"), t.path().join("in/out")).expect("moved");
    let a = recto(&t, &["clean", "in", "-o", "out"]).code(3);
    assert!(said(&a).contains("in/out: left out, it is the output of an earlier run"), "{}", said(&a));
    let a = recto(&t, &["clean", "in/out/text/a.txt"]).code(0);
    assert!(!said(&a).is_empty());
}

#[test]
fn a_pattern_for_pages_in_the_configuration_settles_which_pages_are_one_issue() {
    let torn = ["医院的医生、中医生", "师代表黄磊发言。会议强调,要认真学习。\n"];
    let t = folder(&[("rb0820-x-01b.txt", torn[0]), ("rb0820-x-02a.txt", torn[1]), ("rb0821-x-01b.txt", PAGE)]);
    recto(&t, &CLEAN).code(0);
    assert_eq!(run_json(&t)["issues"], 3, "the names alone do not tell");
    put(&t, "in/recto.toml", "schema = 1\n[files]\npage-pattern = '(?P<issue>rb[0-9]+)-x-(?P<page>[0-9]+)[ab]'\n");
    // The same output folder: what is grouped otherwise is done again, nothing else.
    recto(&t, &CLEAN).code(0);
    assert_eq!(run_json(&t)["issues"], 2);
    let ledger = read(&t, "out/ledger/rb0820-x-01b.txt.jsonl");
    assert!(ledger.contains("rb0820-x-02a.txt"), "{ledger}");
    recto(&t, &["verify", "out"]).code(0);
    let a = recto(&t, &["check", "--format", "json", "in/rb0820-x-01b.txt", "in/rb0820-x-02a.txt"]).code(1);
    let issues = said(&a);
    assert_eq!(issues.lines().filter(|l| l.starts_with('{')).count(), 1, "{issues}");
    assert!(issues.contains("rb0820-x-01b.txt") && issues.contains("rb0820-x-02a.txt"), "{issues}");
    // One that cannot be read says what is missing.
    put(&t, "in/recto.toml", "schema = 1\n[files]\npage-pattern = '(?P<issue>.+)-[0-9]+'\n");
    let a = recto(&t, &CLEAN).code(2);
    assert!(said(&a).contains("page-pattern") && said(&a).contains("(?P<page>"), "{}", said(&a));
}

#[test]
fn a_delivery_that_changes_what_was_decided_keeps_the_decisions() {
    let page = "市领导强调,全市上下要认真学习。会议指出,各单位要抓好落实。\n";
    let t = folder(&[("d/A1.txt", page), ("d/A2.txt", "另一版,内容。\n"), ("e/A1.txt", page), ("f/x.txt", page)]);
    recto(&t, &CLEAN).code(0);
    let json = |t: &TempDir| -> serde_json::Value {
        let a = recto(t, &["diff", "out", "--format", "json"]).code(1);
        let all: Vec<serde_json::Value> = String::from_utf8_lossy(&a.get_output().stdout)
            .lines()
            .map(|l| serde_json::from_str(l).expect("JSON"))
            .collect();
        all.into()
    };
    let ids: Vec<(String, String)> = json(&t)
        .as_array()
        .expect("issues")
        .iter()
        .flat_map(|i| i["changes"].as_array().expect("changes").clone())
        .map(|c| (c["id"].as_str().expect("an id").to_owned(), c["hunks"][0]["page"].as_str().unwrap_or("").to_owned()))
        .collect();
    for (id, page) in &ids {
        // The first of each page is refused, by its key; a page has one or two.
        if ids.iter().find(|x| x.1 == *page).is_some_and(|x| x.0 == *id) {
            recto(&t, &["review", "out", "--reject", &format!("{page}:{id}")]).code(0);
        }
    }
    recto(&t, &["apply", "out"]).code(0);
    let kept = |name: &str| read(&t, name).matches('，').count();
    assert_eq!((kept("out/text/d/A1.txt"), kept("out/text/d/A2.txt"), kept("out/text/f/x.txt")), (1, 0, 1));
    // One page read anew, one with a page before it, so that its issue has another name, one gone, one new.
    put(&t, "in/d/A1.txt", &page.replace("市领导", "市长").replace("落实", "落买"));
    put(&t, "in/d/A0.txt", "头版,要闻。\n");
    fs::remove_file(t.path().join("in/e/A1.txt")).expect("removed");
    put(&t, "in/g/n.txt", page);
    let a = recto(&t, &CLEAN).code(0);
    assert!(said(&a).contains("found again in a new reading"), "{}", said(&a));
    assert_eq!((kept("out/text/d/A0.txt"), kept("out/text/d/A1.txt"), kept("out/text/d/A2.txt")), (1, 1, 0));
    assert_eq!((kept("out/text/f/x.txt"), kept("out/text/g/n.txt")), (1, 2));
    let a = recto(&t, &["verify", "out"]).code(0);
    assert!(!said(&a).contains("stale"), "{}", said(&a));
    let ages = Ages::set(&t);
    recto(&t, &CLEAN).code(0);
    assert_eq!(ages.written(&t), [""; 0], "nothing is left to do");
}

#[test]
fn a_large_page_that_is_decoded_while_it_is_read_comes_back() {
    let t = folder(&[]);
    fs::create_dir_all(t.path().join("in")).expect("made");
    let text = "市政府昨日召开会议，研究部署今年的防汛工作。各部门负责人参加了会议。\n\n".repeat(20_000);
    let plain = encoding_rs::GB18030.encode(&text).0.into_owned();
    let damaged = [&plain[..], b"\xFF\n", &plain[..1000]].concat();
    let dos = encoding_rs::GB18030.encode(&text.replace('\n', "\r\n")).0.into_owned();
    let files = [("gb.txt", &plain), ("damaged.txt", &damaged), ("dos.txt", &dos), ("utf8.txt", &text.into_bytes())];
    for (name, bytes) in &files {
        fs::write(t.path().join("in").join(name), bytes).expect("written");
    }
    recto(&t, &["clean", "in", "-o", "out", "--stages", "encoding"]).code(3);
    recto(&t, &["restore", "out", "--out", "back"]).success();
    for (name, bytes) in files {
        assert!(fs::read(t.path().join("back").join(name)).expect("restored") == *bytes, "{name}");
    }
    let text = read(&t, "out/text/gb.txt");
    assert!(text.starts_with("市政府") && read(&t, "out/text/utf8.txt") == text);
}
