//! The review page in a real browser: decided by keys, downloaded, applied; hostile text; the local page.
#![cfg(all(unix, feature = "cli"))]

mod browser;

use assert_cmd::Command;
use browser::Browser;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/zhuzhou-daily-2021-08-20.txt");

fn recto() -> Command {
    let mut c = Command::cargo_bin("recto").expect("the binary is built");
    c.env_clear().env("PATH", std::env::var("PATH").unwrap_or_default());
    c
}

/// A folder with an output `out` of the given pages, and the page `review.html` over it.
fn reviewed(files: &[(&str, &[u8])], more: &[&str]) -> (TempDir, PathBuf) {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    for (name, bytes) in files {
        fs::write(t.path().join("in").join(name), bytes).expect("written");
    }
    recto().current_dir(&t).args(["clean", "-q", "in", "-o", "out"]).args(more).assert().code(0);
    recto().current_dir(&t).args(["review", "out", "--html", "review.html", "--ui-lang", "en"]).assert().code(0);
    let page = t.path().join("review.html");
    (t, page)
}

fn seed() -> (TempDir, PathBuf) {
    reviewed(&[("A1.txt", &fs::read(SEED).expect("the seed"))], &[])
}

/// Goes to a change or group by its id.
fn go_to(b: &mut Browser, id: &str) {
    b.key("g");
    b.wait("document.activeElement.id === 'goto'");
    b.type_in(id);
    b.key("Enter");
    b.wait("!document.getElementById('dialog').open");
}

/// Every file below a folder with its bytes.
fn tree(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for e in fs::read_dir(dir).expect("there").flatten() {
        if e.path().is_dir() {
            out.extend(tree(&e.path()).into_iter().map(|(n, b)| (Path::new(&e.file_name()).join(n), b)));
        } else {
            out.insert(e.file_name().into(), fs::read(e.path()).expect("readable"));
        }
    }
    out
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, bytes).expect("written");
    }
}

fn acts(log: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(log).lines().map(|l| serde_json::from_str(l).expect("an act")).collect()
}

fn left(b: &mut Browser) -> usize {
    let text = b.text("left");
    if text.starts_with("everything") {
        0
    } else {
        text.split(' ').next().and_then(|n| n.parse().ok()).expect("a number")
    }
}

/// Ids of the bundles that want a decision, in their order.
fn queue(t: &TempDir) -> Vec<String> {
    let list = recto().current_dir(t).args(["review", "out", "--list"]).output().expect("runs").stdout;
    let list = String::from_utf8(list).expect("UTF-8");
    let ids = list.lines().filter(|l| !l.starts_with(' ')).filter_map(|l| l.split(' ').next());
    ids.filter(|id| id.len() >= 10).map(str::to_owned).collect()
}

#[test]
fn keys_in_the_browser_come_to_what_the_command_line_comes_to() {
    let (t, page) = seed();
    copy(&t.path().join("out"), &t.path().join("out2"));
    let ids = queue(&t);
    let single = ids.iter().find(|id| !id.starts_with("g-")).expect("the page in seeds has a protected change");

    let mut b = Browser::start(1280, 800);
    b.file(&page);
    assert_eq!(left(&mut b), ids.len());
    // A protected change stands alone: no act on its group accepts it.
    go_to(&mut b, single);
    b.key("A");
    assert_eq!(left(&mut b), ids.len());
    assert!(b.text("live").contains("Protected"));
    go_to(&mut b, &ids[0]);
    // Every second one is rejected; the third is undone and done again.
    for (n, id) in ids.iter().enumerate() {
        let key = match (id.starts_with("g-"), n % 2) {
            (true, 0) => "A",
            (true, _) => "R",
            (false, 0) => "a",
            (false, _) => "r",
        };
        b.key(key);
        assert_eq!(left(&mut b), ids.len() - n - 1, "{id}: {}", b.text("live"));
        if n == 2 {
            b.key("u");
            assert_eq!(left(&mut b), ids.len() - n);
            assert!(b.text("live").starts_with("Undone"), "{}", b.text("live"));
            b.key(key);
        }
        let op = if n % 2 == 0 { "--accept" } else { "--reject" };
        recto().current_dir(&t).args(["review", "-q", "out2", op, id]).assert().code(0);
    }
    assert!(b.text("left").starts_with("everything is decided"));
    b.eval("document.getElementById('download').click()");
    let downloaded = b.downloaded("decisions.jsonl");
    assert_eq!(b.troubles(), Vec::<String>::new());

    let file = b.downloads.path().join("decisions.jsonl").display().to_string();
    recto().current_dir(&t).args(["apply", "-q", "out", "--decisions", &file]).assert().code(0);
    recto().current_dir(&t).args(["apply", "-q", "out2"]).assert().code(0);
    for part in ["text", "ledger", "dropped"] {
        assert!(tree(&t.path().join("out").join(part)) == tree(&t.path().join("out2").join(part)), "{part} differs");
    }
    assert_ne!(fs::read(t.path().join("out/text/A1.txt")).expect("there"), fs::read(SEED).expect("the seed"));
    // The lines are those that the program writes, but for when and for what was undone.
    let bare = |log: &[u8]| -> Vec<Value> {
        let all = acts(log);
        let gone: Vec<Value> = all.iter().filter_map(|a| a["of"].as_array()).flatten().cloned().collect();
        all.into_iter()
            .filter(|a| a["op"] != "undo" && !gone.contains(&a["act"]))
            .map(|mut a| {
                a.as_object_mut().expect("an object").retain(|k, _| k != "at" && k != "act");
                a
            })
            .collect()
    };
    let own = fs::read(t.path().join("out2/decisions.jsonl")).expect("a log");
    assert_eq!(bare(&downloaded), bare(&own));
    let names = |a: &Value| a.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>());
    let (ours, theirs) = (acts(&downloaded), acts(&own));
    assert_eq!(names(&ours[0]), names(&theirs[0]), "fields in the same order");
}

#[test]
fn own_text_doubt_and_ticked_rows_become_acts() {
    // Joins alone, so that a place between two of them is the next one.
    let (t, page) = reviewed(&[("A1.txt", &fs::read(SEED).expect("the seed"))], &["--stages", "rejoin"]);
    let mut b = Browser::start(1280, 800);
    b.file(&page);
    // The place as it stands in the original, four characters on each side.
    let place = |b: &mut Browser| {
        let shown = "document.querySelector('#rows [aria-selected=true] .before').textContent";
        let text = b.eval(shown).as_str().expect("a row").to_owned();
        let (before, after) = text.split_once("\n\n").expect("a join");
        let left: String = before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        (left, after.chars().take(4).collect::<String>())
    };
    let own = place(&mut b);
    // An own text, doubt with a reason, and what is ticked in the concordance: three acts.
    b.key("e");
    b.wait("document.activeElement.id === 'own'");
    b.eval("document.getElementById('own').value = ''");
    b.type_in("。");
    b.call("Input.dispatchKeyEvent", serde_json::json!({"type": "keyDown", "key": "Enter", "modifiers": 2}));
    b.wait("document.getElementById('live').textContent.startsWith('own text')");
    let doubt = place(&mut b);
    b.key("d");
    b.wait("document.activeElement.id === 'note'");
    b.type_in("看不清");
    b.key("Enter");
    b.wait("document.getElementById('live').textContent.startsWith('in doubt')");
    b.key("c");
    b.wait("document.querySelectorAll('#rows .tick').length > 0");
    b.key("R");
    b.wait("document.getElementById('live').textContent.startsWith('rejected')");
    b.key("Escape");
    b.eval("document.getElementById('download').click()");
    let log = acts(&b.downloaded("decisions.jsonl"));
    assert_eq!((&log[0]["op"], &log[0]["text"]), (&"edit".into(), &"。".into()));
    assert_eq!(log[0]["edits"][0]["before"], "\n\n");
    assert_eq!((&log[1]["op"], &log[1]["note"]), (&"doubt".into(), &"看不清".into()));
    let file = b.downloads.path().join("decisions.jsonl").display().to_string();
    recto().current_dir(&t).args(["apply", "-q", "out", "--decisions", &file]).assert().code(0);
    let text = fs::read_to_string(t.path().join("out/text/A1.txt")).expect("there");
    assert!(text.contains(&format!("{}。{}", own.0, own.1)), "own text: {own:?}");
    assert!(text.contains(&format!("{}\n\n{}", doubt.0, doubt.1)), "doubt: {doubt:?}");
    assert_eq!(log[2]["op"], "reject");
    assert!(log[2]["keys"].as_array().is_some_and(|k| !k.is_empty()));
    assert_eq!(b.troubles(), Vec::<String>::new());
}

#[test]
fn a_draft_outlives_the_page_and_another_runs_decisions_are_refused() {
    let (t, page) = seed();
    let mut b = Browser::start(1280, 800);
    b.file(&page);
    let all = left(&mut b);
    b.key("a");
    b.key("R");
    assert_eq!(left(&mut b), all - 2);
    b.eval("window.before = 1");
    b.call("Page.reload", serde_json::json!({}));
    b.wait("window.before !== 1 && document.readyState === 'complete'");
    assert_eq!(left(&mut b), all - 2, "the draft came back");
    b.eval("document.getElementById('download').click()");
    let own = b.downloaded("decisions.jsonl");

    let run = acts(&own)[0]["run"].as_str().expect("a run").to_owned();
    let other = t.path().join("other.jsonl");
    fs::write(&other, String::from_utf8_lossy(&own).replace(&run, "0123456789ab")).expect("written");
    b.give_file("file", &other);
    b.wait("document.getElementById('live').textContent.startsWith('Refused')");
    assert!(b.text("live").contains("0123456789ab") && b.text("live").contains(&run));
    assert_eq!(left(&mut b), all - 2);

    // A colleague's browser takes the file as it is.
    let mine = t.path().join("mine.jsonl");
    fs::write(&mine, own).expect("written");
    let mut c = Browser::start(1280, 800);
    c.file(&page);
    assert_eq!(left(&mut c), all);
    c.give_file("file", &mine);
    c.wait("document.getElementById('live').textContent.includes('added')");
    assert_eq!(left(&mut c), all - 2);
    assert_eq!(c.troubles(), Vec::<String>::new());
}

/// What a page might hold to harm its reader.
fn hostile() -> String {
    let mut text = String::from(
        "市领导强调,<script>window.pwned=1</script>要认真学习。\n\
         </script><script>window.pwned=2</script>,好。\n\
         --><!--<img src=x onerror=\"window.pwned=3\">,好。\n\
         {data}{script}{lang},${window.pwned=4}`,好。\n\
         甲\u{202E}乙丙\u{2066}丁,\u{200B}戊\u{AD}己。\n\
         \u{1B}[31m红\u{1B}[0m,\u{7}\u{0}零。\n\
         <svg onload=window.pwned=5>,<a href=\"javascript:window.pwned=6\">好</a>。\u{2028}\u{FEFF}\n",
    );
    text.push_str(&"一行很长的字,没有尽头".repeat(1_000_000 / 31));
    text.push_str("。\n");
    text
}

#[test]
fn hostile_text_does_nothing_and_stands_as_it_is() {
    let source = hostile();
    let (t, page) = reviewed(&[("a.txt", source.as_bytes())], &[]);
    let mut b = Browser::start(1280, 800);
    b.file(&page);
    b.key("j");
    b.key("a");
    b.key("x");
    b.key("Escape");
    b.key("v");
    // The side-by-side view, from its first line to its last, is the original character by character.
    let shown = b.eval(
        "(() => {
            const press = (name) => [...document.querySelectorAll('#pages > button')].find((x) => x.textContent === name);
            while (press('Earlier lines')) press('Earlier lines').click();
            let all = '';
            for (;;) {
                all += [...document.querySelectorAll('.cell.before')].map((c) => c.textContent).join('');
                if (!press('Later lines')) return all;
                press('Later lines').click();
            }
        })()",
    );
    assert!(shown.as_str() == Some(source.as_str()), "the texts differ");
    assert_eq!(b.eval("window.pwned === undefined"), true);
    assert_eq!(b.eval("document.querySelectorAll('script').length"), 2);
    assert_eq!(b.eval("document.querySelectorAll('img, svg, iframe, object, main a').length"), 0);
    assert_eq!(b.troubles(), Vec::<String>::new());
    // The policy stands: a script that comes later does not run.
    b.eval(
        "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.pwned = 7' }))",
    );
    assert_eq!(b.eval("window.pwned === undefined"), true);
    let html = fs::read_to_string(t.path().join("review.html")).expect("there");
    assert_eq!(html.matches("<script").count(), 2);
    assert!(!html.contains('\u{1B}') && !html.contains('\0'));
}

#[test]
fn a_screen_reader_has_names_states_and_news() {
    let (_t, page) = seed();
    let mut b = Browser::start(1280, 800);
    b.file(&page);
    b.key("f");
    let tree = b.call("Accessibility.getFullAXTree", serde_json::json!({}));
    let mut roles: BTreeMap<String, usize> = BTreeMap::new();
    for n in tree["nodes"].as_array().expect("nodes") {
        if n["ignored"] == true {
            continue;
        }
        let role = n["role"]["value"].as_str().unwrap_or("").to_owned();
        let name = n["name"]["value"].as_str().unwrap_or("");
        if ["button", "textbox", "searchbox", "combobox", "option", "listbox", "radio", "spinbutton"]
            .contains(&role.as_str())
        {
            assert!(!name.is_empty(), "a {role} without a name: {n}");
        }
        *roles.entry(role).or_default() += 1;
    }
    assert!(roles.get("listbox") >= Some(&2) && roles.get("option") >= Some(&3), "{roles:?}");
    b.key("Escape");
    b.key("r");
    assert!(b.text("live").starts_with("rejected"), "{}", b.text("live"));
    let active = b.eval(
        "document.getElementById(document.getElementById('rows').getAttribute('aria-activedescendant')) !== null",
    );
    assert_eq!(active, true);
    let languages = b.eval("[...document.querySelectorAll('.block')].every((e) => e.lang.startsWith('zh'))");
    assert_eq!(languages, true);
    // Undone from the list of acts.
    b.key("U");
    b.wait("document.getElementById('dialog').open");
    b.eval("document.querySelector('#dialog li button').click()");
    b.wait("document.getElementById('live').textContent.startsWith('Undone')");
}

#[test]
fn a_diff_page_is_read_only() {
    let t = TempDir::new().expect("a folder");
    fs::copy(SEED, t.path().join("page.txt")).expect("copied");
    let out = recto()
        .current_dir(&t)
        .args(["diff", "page.txt", "--format", "html", "--ui-lang", "zh"])
        .output()
        .expect("runs");
    assert_eq!(out.status.code(), Some(1));
    fs::write(t.path().join("diff.html"), out.stdout).expect("written");
    let mut b = Browser::start(1280, 800);
    b.file(&t.path().join("diff.html"));
    b.key("j");
    b.key("a");
    b.key("A");
    assert_eq!(b.eval("document.getElementById('download') === null && document.querySelector('.yes') === null"), true);
    assert!(b.text("left").contains("只读"), "{}", b.text("left"));
    assert_eq!(b.eval("localStorage.length"), 0);
    assert_eq!(b.troubles(), Vec::<String>::new());
}

#[cfg(feature = "serve")]
mod local {
    use super::*;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, Stdio};

    struct Server(Child, String);

    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn serve(t: &TempDir, idle: &str) -> Server {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("recto"))
            .current_dir(t)
            .args(["review", "out", "--serve", "--idle", idle, "--reviewer", "wang", "--ui-lang", "en"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("an address");
        Server(child, line.trim().to_owned())
    }

    /// Sends a request as it stands; gives the status line.
    fn ask(address: &str, request: &str) -> String {
        let host = address.trim_start_matches("http://").split('/').next().expect("a host");
        let mut s = TcpStream::connect(host).expect("it listens");
        s.write_all(request.replace("HOST", host).as_bytes()).expect("sent");
        let mut all = String::new();
        s.read_to_string(&mut all).expect("an answer");
        all
    }

    #[test]
    fn acts_stand_in_the_log_as_they_are_made() {
        let (t, _) = seed();
        let server = serve(&t, "60");
        let mut b = Browser::start(1280, 800);
        b.open(&server.1);
        b.wait("document.getElementById('left') !== null");
        let all = left(&mut b);
        b.key("r");
        b.wait("document.getElementById('live').textContent.startsWith('rejected')");
        let log = acts(&fs::read(t.path().join("out/decisions.jsonl")).expect("written"));
        assert_eq!((&log[0]["op"], &log[0]["by"], &log[0]["act"]), (&"reject".into(), &"wang".into(), &"1".into()));
        b.key("u");
        b.wait("document.getElementById('live').textContent.startsWith('Undone')");
        b.key("a");
        b.wait("document.getElementById('live').textContent.startsWith('accepted')");
        assert_eq!(acts(&fs::read(t.path().join("out/decisions.jsonl")).expect("written")).len(), 3);
        // Another front end writes beside it; a page opened again shows all.
        let id = queue(&t).into_iter().nth(1).expect("a second");
        recto().current_dir(&t).args(["review", "-q", "out", "--reject", &id]).assert().code(0);
        b.eval("window.before = 1");
        b.call("Page.reload", serde_json::json!({}));
        b.wait("window.before !== 1 && document.readyState === 'complete'");
        assert_eq!(left(&mut b), all - 2);
        b.key("a");
        b.wait("document.getElementById('live').textContent.startsWith('accepted')");
        let log = acts(&fs::read(t.path().join("out/decisions.jsonl")).expect("written"));
        let numbers: Vec<&str> = log.iter().filter_map(|a| a["act"].as_str()).collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "5"]);
        recto().current_dir(&t).args(["apply", "-q", "out"]).assert().code(0);
    }

    #[test]
    fn nobody_else_gets_in() {
        let (t, _) = seed();
        let server = serve(&t, "60");
        let token = server.1.rsplit('=').next().expect("a token");
        let status = |r: &str| ask(&server.1, r).split(' ').nth(1).unwrap_or("").to_owned();
        let get =
            |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n{more}\r\n");
        assert_eq!(status(&get("/", "")), "403", "no cookie");
        assert_eq!(status(&get("/?t=0123", "")), "403", "another token");
        let evil = format!("GET /?t={token} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&evil), "403", "another host");
        assert_eq!(status(&get(&format!("/?t={token}"), "Origin: http://evil.example\r\n")), "403", "another origin");
        let first = ask(&server.1, &get(&format!("/?t={token}"), ""));
        assert!(first.starts_with("HTTP/1.1 303"), "{first}");
        assert_eq!(status(&get(&format!("/?t={token}"), "")), "403", "the token lets in once");
        let cookie = first.lines().find_map(|l| l.strip_prefix("set-cookie: ")).expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().expect("a value"));
        let page = ask(&server.1, &get("/", &cookie));
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("frame-ancestors 'none'"));
        let post = |origin: &str, body: &str| {
            format!(
                "POST /acts HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n{cookie}{origin}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        assert_eq!(status(&post("", "{}")), "403", "no origin");
        assert_eq!(status(&post("Origin: null\r\n", "{}")), "403");
        assert_eq!(status(&post("Origin: http://HOST\r\n", "{}")), "400", "no act");
        let other = r#"{"since":0,"act":{"v":1,"act":"","op":"accept","run":"0123456789ab","keys":["1-a"]}}"#;
        assert_eq!(status(&post("Origin: http://HOST\r\n", other)), "409", "another run");
        assert!(!t.path().join("out/decisions.jsonl").exists());
    }

    #[test]
    fn a_second_page_under_the_same_name_only_looks() {
        let (t, _) = seed();
        let first = serve(&t, "60");
        let second = serve(&t, "60");
        let mut b = Browser::start(1280, 800);
        b.open(&second.1);
        b.wait("document.getElementById('left') !== null");
        assert!(b.text("left").contains("read only"), "{}", b.text("left"));
        b.key("a");
        b.key("A");
        // Not even a request that no key makes gets through.
        let other = serve(&t, "60");
        let token = other.1.rsplit('=').next().expect("a token");
        let first_answer =
            ask(&other.1, &format!("GET /?t={token} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"));
        let cookie = first_answer.lines().find_map(|l| l.strip_prefix("set-cookie: ")).expect("a cookie");
        let cookie = cookie.split(';').next().expect("a value");
        let body = r#"{"since":0,"act":{"v":1,"act":"","op":"accept","keys":["1-a"]}}"#;
        let post = format!(
            "POST /acts HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nCookie: {cookie}\r\nOrigin: http://HOST\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert!(ask(&other.1, &post).starts_with("HTTP/1.1 403"), "read only");
        assert!(!t.path().join("out/decisions.jsonl").exists());
        // Where the first one has gone, the name is free again.
        drop(first);
        drop(second);
        let third = serve(&t, "60");
        b.open(&third.1);
        b.wait("document.getElementById('left') !== null");
        b.key("r");
        b.wait("document.getElementById('live').textContent.startsWith('rejected')");
    }

    #[test]
    fn it_ends_when_nobody_is_there() {
        let (t, _) = seed();
        let mut server = serve(&t, "1");
        let status = server.0.wait().expect("it ends");
        assert_eq!(status.code(), Some(0));
    }
}

/// `cargo test --all-features --test html pictures -- --ignored` makes the pictures of docs/review-page.md again.
#[test]
#[ignore = "writes into docs/"]
fn pictures() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let (_t, page) = seed();
    let mut b = Browser::start(1200, 680);
    b.file(&page);
    b.key("a");
    b.key("J");
    let save = |b: &mut Browser, name: &str| fs::write(docs.join(name), b.picture("webp")).expect("written");
    save(&mut b, "review-page.webp");
    b.dark(true);
    b.key("c");
    save(&mut b, "review-page-dark.webp");
    b.dark(false);
    b.key("Escape");
    b.key("v");
    save(&mut b, "review-page-side-by-side.webp");
}
