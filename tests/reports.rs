//! What recto says of an output folder: report, sample, evaluation, exports.

use assert_cmd::Command;
use std::fs;
use tempfile::TempDir;

fn recto(t: &TempDir, args: &[&str]) -> assert_cmd::assert::Assert {
    let mut c = Command::cargo_bin("recto").expect("the binary is built");
    c.env_clear().current_dir(t).args(args).assert()
}

fn stdout(a: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&a.get_output().stdout).into_owned()
}

fn stderr(a: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&a.get_output().stderr).into_owned()
}

/// An output folder with edits of several stages, a flag, a damaged page and names that want escaping.
fn cleaned() -> TempDir {
    let t = TempDir::new().expect("a folder");
    let files: &[(&str, &[u8])] = &[
        ("day/A1.txt", "市领导强调,要认真学习(试行)办法,始终保持追求理想的初".as_bytes()),
        ("day/A2.txt", "心。\n\n梳理难点、堵点, >>> 下转A3版\n".as_bytes()),
        ("<b>&.txt", "他说,好的。\n".as_bytes()),
        ("=cmd.txt", "-2,好的,她说。\n".as_bytes()),
        ("bad.txt", b"\xe5\xb8\x82\xe9\xa2\x86\xe5\xaf\xbc\xe5\xbc\xba\xe8\xb0\x83,\xe5\x85\xa8\xff\xe5\xb8\x82"),
    ];
    for (name, bytes) in files {
        let p = t.path().join("in").join(name);
        fs::create_dir_all(p.parent().expect("a parent")).expect("made");
        fs::write(p, bytes).expect("written");
    }
    recto(&t, &["clean", "in", "-o", "out", "-q"]).code(3);
    t
}

#[test]
fn the_report_counts_what_run_json_counts() {
    let t = cleaned();
    let text = stdout(&recto(&t, &["report", "out"]).code(0));
    for what in ["5 pages in 4 issues", "half-width-mark", "not done:", "for a person:", "bad.txt: damaged"] {
        assert!(text.contains(what), "{what}: {text}");
    }
    let o: serde_json::Value =
        serde_json::from_str(&stdout(&recto(&t, &["report", "out", "--format", "json"]))).expect("JSON");
    let run: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(t.path().join("out/run.json")).expect("there")).expect("JSON");
    for (rule, fates) in run["counts"].as_object().expect("counts") {
        assert_eq!(o["rules"][rule]["fates"]["applied"], fates.get("applied").cloned().unwrap_or(0.into()), "{rule}");
    }
    let sum: u64 = o["pages"].as_array().expect("pages").iter().filter_map(|p| p["fates"]["applied"].as_u64()).sum();
    assert_eq!(o["total"]["applied"].as_u64(), Some(sum));
    recto(&t, &["report", "in"]).code(2);
}

#[test]
fn the_sheet_opens_in_a_spreadsheet() {
    let t = cleaned();
    let a = recto(&t, &["report", "out", "--format", "csv"]).code(0);
    let text = stdout(&a);
    assert!(text.starts_with('\u{FEFF}') && text.contains("\r\n'=cmd.txt,utf-8,"), "{text}");
    assert_eq!(text.lines().count(), 6);
    let text = stdout(&recto(&t, &["export", "out", "--to", "csv"]).code(0));
    assert!(text.contains("half-width-mark") && text.contains("'=cmd.txt"), "{text}");
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    assert!(rows.records().all(|r| r.is_ok_and(|r| r.len() == 16)));
}

#[test]
fn the_page_for_a_browser_is_whole_and_harmless() {
    let t = cleaned();
    recto(&t, &["report", "out", "--html", "r.html"]).code(0);
    let page = fs::read_to_string(t.path().join("r.html")).expect("written");
    assert!(page.contains("default-src 'none'") && page.contains("style-src 'sha256-"), "no policy");
    assert!(page.contains("&lt;b&gt;&amp;.txt") && !page.contains("<b>&.txt"), "a name is not escaped");
    for no in ["<script", "http://", "https://", " style=", " on"] {
        // Words of the page may begin with "on"; attributes may not.
        let found =
            if no == " on" { page.contains(" onload=") || page.contains(" onclick=") } else { page.contains(no) };
        assert!(!found, "{no} in the page");
    }
    assert!(page.contains("<svg") && page.contains("By stage") && page.contains("By page"));
    // Written over itself, and over nothing else.
    recto(&t, &["report", "out", "--html", "r.html"]).code(0);
    recto(&t, &["report", "out", "--html", "in/day/A1.txt"]).code(2);
    assert!(fs::read_to_string(t.path().join("in/day/A1.txt")).expect("there").starts_with("市领导"));
}

#[test]
fn a_sample_is_the_same_each_time_and_takes_verdicts() {
    let t = cleaned();
    let draw = |n: &str| stdout(&recto(&t, &["sample", "out", "--rule", "half-width-mark", "-n", n]).code(0));
    let (three, again, all) = (draw("3"), draw("3"), draw("100"));
    assert_eq!(three, again);
    assert_eq!(three.lines().count(), 4);
    assert!(three.lines().all(|l| all.contains(l)), "a larger sample holds the smaller one");
    recto(&t, &["sample", "out", "--rule", "half-width-mark", "-n", "3", "-o", "s.csv"]).code(0);
    // A sheet that somebody may have filled in is not written over.
    recto(&t, &["sample", "out", "--rule", "half-width-mark", "-n", "3", "-o", "s.csv"]).code(2);
    let sheet = fs::read_to_string(t.path().join("s.csv")).expect("written");
    let mut verdicts = ["y", "y", "n"].iter();
    let filled: Vec<String> = sheet
        .lines()
        .map(|l| l.strip_prefix(',').map_or(l.to_owned(), |rest| format!("{},{rest}", verdicts.next().unwrap_or(&""))))
        .collect();
    fs::write(t.path().join("s.csv"), filled.join("\r\n")).expect("written");
    let text = stdout(&recto(&t, &["sample", "out", "--verdicts", "s.csv"]).code(0));
    assert!(text.starts_with("precision 66.7 %, 95 % interval 20.8 to 93.9 %"), "{text}");
    let mut c = Command::cargo_bin("recto").expect("built");
    let c = c.env_clear().current_dir(&t).args(["sample", "out", "--rule", "half-width-mark", "-n", "3", "--ask"]);
    let a = c.write_stdin("y\n?\n").assert().code(0);
    assert!(stdout(&a).contains("1 right, 0 wrong, 1 unsure, 1 not judged"), "{}", stdout(&a));
    let a = recto(&t, &["sample", "out", "--rule", "half-width-marc"]).code(2);
    assert!(stderr(&a).contains("did you mean half-width-mark"), "{}", stderr(&a));
}

#[test]
fn evaluation_against_ground_truth() {
    let t = cleaned();
    let put = |name: &str, text: &str| {
        let p = t.path().join("truth").join(name);
        fs::create_dir_all(p.parent().expect("a parent")).expect("made");
        fs::write(p, text).expect("written");
    };
    put("<b>&.txt", "他说，好的。\n");
    // Here the rule is wrong: the truth has the half-width mark.
    put("=cmd.txt", "-2,好的,她说。\n");
    let a = recto(&t, &["eval", "truth", "out", "--format", "json"]).code(0);
    let o: serde_json::Value = serde_json::from_str(&stdout(&a)).expect("JSON");
    assert_eq!(o["texts"], 2);
    assert_eq!(o["before"]["characters"], serde_json::json!({"errors": 1, "of": 15}));
    let rule = &o["rules"]["half-width-mark"];
    assert_eq!(rule["better"], 1, "{o}");
    assert!(rule["worse"].as_u64() >= Some(1), "{o}");
    assert!(stderr(&a).contains("no truth for day/A1.txt"), "{}", stderr(&a));
    let text = stdout(&recto(&t, &["eval", "truth/=cmd.txt", "truth/<b>&.txt"]).code(0));
    assert!(text.contains("CER") && text.contains("WER") && text.contains("paragraph F1"), "{text}");
    recto(&t, &["eval", "truth", "in/bad.txt"]).code(2);
}

/// The parts of the SARIF schema that a viewer needs, and the places against the text itself.
#[test]
fn sarif_names_the_places() {
    let t = cleaned();
    let o: serde_json::Value =
        serde_json::from_str(&stdout(&recto(&t, &["export", "out", "--to", "sarif"]).code(0))).expect("JSON");
    assert_eq!(o["version"], "2.1.0");
    let run = &o["runs"][0];
    let ids: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().expect("rules").iter().filter_map(|r| r["id"].as_str()).collect();
    let results = run["results"].as_array().expect("results");
    assert!(results.len() >= 7);
    for r in results {
        assert!(ids.contains(&r["ruleId"].as_str().expect("an id")));
        assert!(["none", "note", "warning"].contains(&r["level"].as_str().expect("a level")));
        let place = &r["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a uri");
        assert!(uri.bytes().all(|b| b.is_ascii_graphic()), "{uri}");
        if uri == "%3Cb%3E%26.txt" && r["ruleId"] == "half-width-mark" {
            assert_eq!(
                (place["region"]["startLine"].as_u64(), place["region"]["startColumn"].as_u64()),
                (Some(1), Some(3))
            );
        }
    }
}

#[test]
fn premis_is_well_formed_and_holds_both_sides() {
    let t = cleaned();
    recto(&t, &["export", "out", "--to", "premis", "-o", "p.xml"]).code(0);
    let text = fs::read_to_string(t.path().join("p.xml")).expect("written");
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut depth, mut top, mut count) = (0, Vec::new(), 0);
    loop {
        match reader.read_event().expect("well formed") {
            quick_xml::events::Event::Start(s) => {
                if depth == 1 {
                    top.push(s.name().as_ref().to_owned());
                }
                depth += 1;
                count += 1;
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    assert!(count > 100);
    // Objects, then events, then agents, as the schema has it.
    let mut order = top.clone();
    order.dedup();
    assert_eq!(order, ["premis:object", "premis:event", "premis:agent"]);
    assert_eq!(top.iter().filter(|n| *n == "premis:object").count(), 10);
    for line in fs::read_to_string(t.path().join("out/originals-sha256.txt")).expect("there").lines() {
        assert!(text.contains(&line[..64]), "{line}");
    }
}
