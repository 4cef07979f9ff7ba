//! Decisions and their replay: I6 with everything that a reviewer can do, and the commands that write and honour a log.

use assert_cmd::Command;
use proptest::prelude::*;
use recto::apply::open_all;
use recto::config::Config;
use recto::language::Language;
use recto::ledger::{Fate, changes};
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::review::{Log, Op, Opened, Scope, Session, State, Target, replay};
use recto::rule::{Confidence, Stage};
use recto::source::Hint;
use recto::store::{Layout, append_log, read_log};
use std::collections::HashSet;
use std::fs;
use std::sync::LazyLock;
use tempfile::TempDir;

static LANGUAGE: LazyLock<Language> = LazyLock::new(Language::embedded);
static PROFILE: LazyLock<Profile> = LazyLock::new(Profile::default);
static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);

fn cleaner() -> Cleaner<'static> {
    Cleaner::new(&CONFIG, &LANGUAGE, &PROFILE)
}

fn decode(pages: &[String]) -> Vec<DecodedPage> {
    let page = |(n, t): (usize, &String)| {
        DecodedPage::new(&PageInput { name: format!("p{n}.txt"), bytes: t.clone().into_bytes() }, &Hint::default())
    };
    pages.iter().enumerate().map(page).collect()
}

fn opened(c: &Cleaned) -> Opened {
    Opened {
        name: recto::review::issue_name(&c.ledger).to_owned(),
        ledger: c.ledger.clone(),
        original: c.issue.text().to_owned(),
        last: c.text.clone(),
    }
}

/// Bits that make edits of every stage, proposals and clashes among them.
fn bit() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("市委书记强调,全市上下要认真学习"),
        Just("医院的\n\n医生代表"),
        Just("精神力量,\n\n积累了宝贵的经验。"),
        Just("(记者/王明) "),
        Just("共10,000元"),
        Just("8月19日,"),
        Just("他说:好!"),
        Just(" >>> 下转A3版\n"),
        Just("株 洲 日 报"),
        Just("The Mayor said that the govern-\nment "),
        Just("Haupt- und Neben-\nsache"),
        Just("......"),
        Just("\u{FEFF}"),
        Just("ſaid"),
        Just("。\n"),
        Just("\n"),
        Just("——"),
        Just("“你好,”"),
    ]
}

fn pages() -> impl Strategy<Value = Vec<String>> {
    let page = proptest::collection::vec(bit(), 1..25).prop_map(|v| v.concat());
    proptest::collection::vec(page, 1..3)
}

/// What a reviewer does, without a look at what is there.
#[derive(Clone, Debug)]
enum Deed {
    One(prop::sample::Index, Op),
    Group(prop::sample::Index, Op, Scope),
    Own(prop::sample::Index, &'static str),
    Undo(prop::sample::Index),
}

fn deed() -> impl Strategy<Value = Deed> {
    let op = || prop_oneof![Just(Op::Accept), Just(Op::Reject), Just(Op::Doubt)];
    let scope = || prop_oneof![Just(Scope::Page), Just(Scope::Issue), Just(Scope::All)];
    prop_oneof![
        3 => (any::<prop::sample::Index>(), op()).prop_map(|(i, o)| Deed::One(i, o)),
        2 => (any::<prop::sample::Index>(), op(), scope()).prop_map(|(i, o, s)| Deed::Group(i, o, s)),
        2 => (any::<prop::sample::Index>(), prop_oneof![Just("自己的话"), Just(""), Just("<b>"), Just("\n")])
            .prop_map(|(i, t)| Deed::Own(i, t)),
        1 => any::<prop::sample::Index>().prop_map(Deed::Undo),
    ]
}

fn act(s: &mut Session, deeds: &[Deed]) {
    for d in deeds {
        let n = s.items().len();
        if n == 0 {
            return;
        }
        // Whatever is refused is no act.
        let _ = match d {
            Deed::One(i, op) => s.decide(&Target::Item(i.index(n)), *op, None, None),
            Deed::Group(i, op, scope) => s.decide(&Target::Group(i.index(n), *scope), *op, None, None),
            Deed::Own(i, text) => s.edit(i.index(n), text, None, None),
            Deed::Undo(i) => {
                let acts = s.log().acts().len();
                if acts == 0 {
                    continue;
                }
                let act = s.log().acts()[i.index(acts)].act.clone();
                s.undo(&[act], None)
            }
        };
    }
}

/// The output is the original plus exactly the automatic, accepted and edited changes.
fn check(pages: &[String], log: &Log) {
    let replayed = replay(&cleaner(), decode(pages), log);
    let c = &replayed.cleaned;
    let mut text = c.issue.text().to_owned();
    for layer in &c.ledger.layers {
        text = layer.patch().expect("sorted").apply(&text).expect("fits");
    }
    assert_eq!(text, c.text, "I2: original plus live edits is not the output");
    let stale: HashSet<&str> = replayed.stale.iter().map(|s| s.act.as_str()).collect();
    let active = log.active();
    let issue = recto::review::issue_name(&c.ledger);
    let acts: Vec<_> = active.iter().filter(|a| a.issue.as_deref().is_none_or(|i| i == issue)).collect();
    let by_key = |k: &str| acts.iter().rev().find(|a| a.keys.iter().any(|x| x == k));
    let mut own = 0;
    for change in changes(c.issue.text(), &c.ledger.layers).expect("fits") {
        for e in &change.edits {
            let layer = &c.ledger.layers[e.place.layer];
            let r = &layer.records[e.place.record];
            if layer.stage == Stage::Review {
                let taken = &r.parts[0].before;
                let put = r.parts[0].after.as_ref();
                let of = |a: &&&&recto::review::Decision| {
                    a.op == Op::Edit && a.edits.iter().any(|p| p.before == *taken && p.text == put)
                };
                let mut found = acts.iter().filter(of).peekable();
                assert!(found.peek().is_some(), "I6: an own text that nobody put");
                assert!(found.any(|a| !stale.contains(a.act.as_str())), "I6: a stale own text is in the output");
                own += 1;
                continue;
            }
            if !r.applied() {
                continue;
            }
            match by_key(e.key.as_str()) {
                Some(a) => {
                    assert_eq!(a.op, Op::Accept, "I6: {} by act {} is in the output", r.rule, a.act);
                    assert!(!stale.contains(a.act.as_str()), "I6: a stale edit of {} is in the output", r.rule);
                }
                None => {
                    let parts: Vec<(&str, &str)> =
                        r.parts.iter().map(|p| (p.before.as_str(), p.after.as_ref())).collect();
                    let flags: Vec<&str> = r.flags.iter().map(AsRef::as_ref).collect();
                    let seen = recto::ledger::Seen {
                        rule: &r.rule,
                        stage: layer.stage,
                        confidence: r.confidence,
                        parts: &parts,
                        flags: &flags,
                    };
                    let page = c.issue.page_at(e.origin.start());
                    let page = &c.ledger.header.pages[page].path;
                    let protected = seen.protected(c.issue.text(), e.origin).is_some();
                    let group = acts
                        .iter()
                        .rev()
                        .filter(|a| a.group.as_ref().is_some_and(|g| g.holds(&seen, page)))
                        .find(|_| true)
                        .map(|a| a.op);
                    let auto = r.confidence >= Confidence::Likely;
                    let accepted = group == Some(Op::Accept) && !protected;
                    let left = matches!(group, Some(Op::Reject | Op::Doubt));
                    assert!(accepted || (auto && !left), "I6: {} is in the output and nobody wants it", r.rule);
                }
            }
        }
    }
    let wanted = acts.iter().filter(|a| a.op == Op::Edit && !stale.contains(a.act.as_str()));
    let at_most: usize = wanted.map(|a| a.edits.len()).sum();
    assert!(own <= at_most, "I6: {own} own texts from {at_most}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn i6_whatever_is_decided_the_output_holds_auto_accepted_and_edited_only(
        pages in pages(),
        first in proptest::collection::vec(deed(), 0..12),
        second in proptest::collection::vec(deed(), 0..8),
    ) {
        let clean = cleaner().clean(decode(&pages), &Verdicts::default());
        let mut s = Session::new(vec![opened(&clean)], Log::default(), None);
        act(&mut s, &first);
        check(&pages, s.log());
        // A second sitting on what came out.
        let again = replay(&cleaner(), decode(&pages), s.log()).cleaned;
        let mut s = Session::new(vec![opened(&again)], s.log().clone(), Some("li".into()));
        act(&mut s, &second);
        check(&pages, s.log());
    }
}

#[test]
fn what_a_reviewer_sees_is_what_the_replay_does() {
    let page = fs::read_to_string(format!("{}/seeds/zhuzhou-daily-2021-08-20.txt", env!("CARGO_MANIFEST_DIR")));
    let pages = vec![page.expect("the seed is there")];
    let clean = cleaner().clean(decode(&pages), &Verdicts::default());
    let mut s = Session::new(vec![opened(&clean)], Log::default(), None);
    let ids: Vec<usize> = (0..s.items().len()).filter(|n| !s.items()[*n].safe()).collect();
    for (n, &i) in ids.iter().enumerate() {
        let done = match n % 4 {
            0 => s.decide(&Target::Item(i), Op::Accept, None, None),
            1 => s.decide(&Target::Item(i), Op::Reject, None, None),
            2 => s.decide(&Target::Item(i), Op::Doubt, Some("?".into()), None),
            _ => s.edit(i, "〇", None, None),
        };
        assert!(done.is_ok() || s.items()[i].pieces.len() > 1, "{done:?}");
    }
    let states: Vec<State> = ids.iter().map(|&i| s.items()[i].state).collect();
    let again = replay(&cleaner(), decode(&pages), s.log());
    assert!(again.stale.is_empty(), "{:?}", again.stale);
    let after = Session::new(vec![opened(&again.cleaned)], s.log().clone(), None);
    for (&i, state) in ids.iter().zip(states) {
        let old = &s.items()[i];
        let new = after.items().iter().find(|x| x.keys.iter().any(|k| old.keys.contains(k))).expect("still there");
        assert_eq!(new.state, state, "{}", s.what(i));
        let live = again.cleaned.ledger.layers.iter().flat_map(|l| &l.records).any(|r| r.fate == Fate::Applied);
        assert!(live);
    }
    assert_eq!(after.orphans().len(), 0);
}

fn recto() -> Command {
    Command::cargo_bin("recto").expect("the binary is built")
}

fn said(a: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&a.get_output().stdout).into_owned() + &String::from_utf8_lossy(&a.get_output().stderr)
}

#[test]
fn decisions_are_applied_undone_logged_and_merged() {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    let text = "市领导强调,全市上下要认真学习(试行)的办法;会议要求,各单位要抓好落实。\n";
    fs::write(t.path().join("in/a.txt"), text).expect("written");
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    let page = || fs::read_to_string(t.path().join("out/text/a.txt")).expect("there");
    run(&["clean", "in", "-o", "out"]).code(0);
    let auto = page();
    assert!(auto.contains('，') && auto.contains('（'));
    run(&["review", "out", "--reject", "half-width-mark", "--note", "as printed", "--reviewer", "王"]).code(0);
    assert_eq!(page(), auto, "the log alone changes nothing");
    run(&["apply", "out"]).code(0);
    assert!(!page().contains('，') && page().contains('（'), "{}", page());
    run(&["verify", "out"]).code(0);
    assert!(said(&run(&["log", "out"]).code(0)).contains("as printed"));
    // Cleaned output with decisions is restored like any other.
    run(&["restore", "out", "-o", "back"]).code(0);
    assert_eq!(fs::read_to_string(t.path().join("back/a.txt")).expect("there"), text);
    run(&["undo", "out", "--last"]).code(0);
    assert_eq!(page(), auto);
    run(&["undo", "out", "--all"]).code(0);
    assert_eq!(page(), text);
    run(&["undo", "out", "--last"]).code(0);
    assert_eq!(page(), auto);
    run(&["undo", "out", "--rule", "half-width-bracket"]).code(0);
    assert!(page().contains("(试行)"));
    run(&["undo", "out", "--rule", "no-such-rule"]).code(2);
    run(&["undo", "out", "--file", "b.txt"]).code(2);
    run(&["undo", "out"]).code(2);
    // A second reviewer, who disagrees.
    let log = fs::read_to_string(t.path().join("out/decisions.jsonl")).expect("there");
    let one = log.lines().find(|l| l.contains("\"by\":\"王\"")).expect("the act of 王");
    let other = one.replace("\"reject\"", "\"accept\"").replace('王', "李");
    fs::write(t.path().join("one.jsonl"), format!("{one}\n")).expect("written");
    fs::write(t.path().join("two.jsonl"), format!("{other}\n")).expect("written");
    let a = run(&["decisions", "merge", "one.jsonl", "two.jsonl", "-o", "both.jsonl"]).code(1);
    assert!(said(&a).contains("王 says reject") && said(&a).contains("李 says accept"), "{}", said(&a));
    run(&["apply", "out", "--decisions", "both.jsonl"]).code(0);
    // Decisions of another run are refused.
    let alien = other.replace("\"run\":\"", "\"run\":\"0");
    fs::write(t.path().join("alien.jsonl"), format!("{alien}\n")).expect("written");
    let a = run(&["apply", "out", "--decisions", "alien.jsonl"]).code(2);
    assert!(said(&a).contains("another run"), "{}", said(&a));
    fs::write(t.path().join("bad.jsonl"), "{\"v\":1}\n").expect("written");
    let a = run(&["apply", "out", "--decisions", "bad.jsonl"]);
    assert!(said(&a).contains("line 1"), "{}", said(&a));
    assert_ne!(a.get_output().status.code(), Some(0));
}

#[test]
fn strict_verification_fails_on_what_nobody_decided_or_applied() {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    fs::write(t.path().join("in/a.txt"), "市领导强调,全市上下要认真学习。\n").expect("written");
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "in", "-o", "out", "--min-confidence", "certain", "--policy", "diplomatic"]).code(0);
    run(&["verify", "out"]).code(0);
    run(&["verify", "out", "--strict"]).code(1);
    run(&["review", "out", "--accept", "half-width-mark"]).code(0);
    let a = run(&["verify", "out", "--strict"]).code(1);
    assert!(said(&a).contains("not applied"), "{}", said(&a));
    run(&["apply", "out"]).code(0);
    run(&["verify", "out", "--strict"]).code(0);
    assert!(fs::read_to_string(t.path().join("out/text/a.txt")).expect("there").contains('，'));
}

#[test]
fn a_list_without_a_terminal_prints_the_commands_that_do_the_same() {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    fs::write(t.path().join("in/a.txt"), "市领导强调,全市上下要认真学习。\n").expect("written");
    let run = |args: &[&str]| recto().current_dir(&t).args(args).assert();
    run(&["clean", "in", "-o", "out", "--policy", "diplomatic"]).code(0);
    let list = said(&run(&["review", "out"]).code(0));
    let command = list.lines().find(|l| l.contains("--accept")).expect("a command").trim();
    let args: Vec<&str> = command.split("   ").next().expect("it").split(' ').skip(1).collect();
    run(&args).code(0);
    run(&["apply", "out"]).code(0);
    assert!(fs::read_to_string(t.path().join("out/text/a.txt")).expect("there").contains('，'));
    run(&["review", "out", "--accept", "nonsense"]).code(2);
    run(&["review", "in"]).code(2);
}

/// A folder with one page, cleaned with `flags`, and a sitting on it.
fn cleaned(text: &str, flags: &[&str]) -> (TempDir, Session) {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    fs::write(t.path().join("in/a.txt"), text).expect("written");
    recto().current_dir(&t).args(["clean", "in", "-o", "out", "-q"]).args(flags).assert().code(0);
    let s = sitting(&t);
    (t, s)
}

fn sitting(t: &TempDir) -> Session {
    let layout = Layout::new(t.path().join("out"));
    Session::new(open_all(&layout).expect("an output"), read_log(&layout.decisions()).expect("a log"), None)
}

const MISREAD: &str = "市委、市政府召开会汉部署工作\n";

#[test]
fn always_in_a_file_of_decisions_writes_the_titles_word_list_as_the_terminal_does() {
    let (t, mut s) = cleaned(MISREAD, &[]);
    let n = s.items().iter().position(|i| i.rule == "han-look-alike").expect("a proposal");
    let always = s.decide(&Target::Group(n, Scope::Always), Op::Accept, None, None).expect("there");
    fs::write(t.path().join("d.jsonl"), always.line() + "\n").expect("written");
    let list = || fs::read_to_string(t.path().join("recto.words.tsv")).unwrap_or_default();
    let apply = ["apply", "out", "--decisions", "d.jsonl"];
    let a = recto().current_dir(&t).args(apply).assert().code(0);
    // One character alone would hold wherever it stands, so its neighbours come along.
    assert_eq!(list(), "replace\t会汉部\t会议部\n");
    assert!(said(&a).contains("recto.words.tsv: replace"), "{}", said(&a));
    recto().current_dir(&t).args(apply).assert().code(0);
    assert_eq!(list().lines().count(), 1, "nothing is written twice");
    assert_eq!(fs::read_to_string(t.path().join("out/text/a.txt")).expect("there"), MISREAD.replace('汉', "议"));
    // The next page of the title: what was accepted before is applied, what was refused is not proposed.
    fs::write(t.path().join("recto.toml"), "schema = 1\n[words]\nfiles = [\"recto.words.tsv\"]\n").expect("written");
    let a =
        recto().current_dir(&t).args(["clean", "-", "--config", "recto.toml"]).write_stdin(MISREAD).assert().code(0);
    assert!(said(&a).contains("会议部署"), "{}", said(&a));
    fs::write(t.path().join("recto.words.tsv"), "good\t会汉部\n").expect("written");
    let a = recto().current_dir(&t).args(["check", "-", "--config", "recto.toml"]).write_stdin(MISREAD).assert();
    assert!(!said(&a).contains("han-look-alike"), "{}", said(&a));
    // A contradiction is said, and the decisions hold all the same.
    fs::remove_file(t.path().join("out/decisions.jsonl")).expect("there");
    let a = recto().current_dir(&t).args(apply).assert().code(0);
    assert!(said(&a).contains("not added to recto.words.tsv") && said(&a).contains("1 decision"), "{}", said(&a));
}

#[test]
fn what_was_decided_comes_to_lines_for_the_word_list() {
    let (t, mut s) = cleaned(&MISREAD.repeat(3), &[]);
    let found: Vec<usize> = (0..s.items().len()).filter(|&n| s.items()[n].rule == "han-look-alike").collect();
    assert_eq!(found.len(), 3);
    let mut decide = |n: usize, op| {
        let act = s.decide(&Target::Item(n), op, None, None).expect("there");
        append_log(&Layout::new(t.path().join("out")).decisions(), &[act]).expect("written");
    };
    let lines = || said(&recto().current_dir(&t).args(["words", "decided", "out"]).assert().code(0));
    decide(found[0], Op::Accept);
    assert_eq!(lines(), "", "once is not twice");
    decide(found[1], Op::Accept);
    assert_eq!(lines(), "replace\t会汉部\t会议部\n");
    decide(found[2], Op::Reject);
    assert_eq!(lines(), "", "people disagree");
    decide(found[0], Op::Reject);
    decide(found[1], Op::Doubt);
    assert_eq!(lines(), "good\t会汉部\n");
}

#[test]
fn verdicts_come_to_a_rules_precision_and_a_person_may_promote_it() {
    let page: String = (0..120)
        .map(|n| format!("市领导{}强调,全市上下要认真学习。\n\n", "甲乙丙丁".chars().nth(n % 4).expect("one of four")))
        .collect();
    let (t, mut s) = cleaned(&page, &["--policy", "diplomatic"]);
    let rule = "half-width-mark";
    let own: Vec<usize> = (0..s.items().len()).filter(|&n| s.items()[n].rule == rule).collect();
    assert_eq!(own.len(), 120);
    let log = Layout::new(t.path().join("out")).decisions();
    let report =
        |form: &str| said(&recto().current_dir(&t).args(["report", "out", "--rules", "--format", form]).assert());
    assert!(report("text").contains("no rule was judged yet"));
    let decide = |s: &mut Session, target: Target, op| {
        append_log(&log, &[s.decide(&target, op, None, None).expect("there")]).expect("written");
    };
    // A group is accepted at a glance: that is no judgement of each member.
    decide(&mut s, Target::Group(own[0], Scope::All), Op::Accept);
    assert!(report("text").contains("no rule has 100"), "{}", report("text"));
    decide(&mut s, Target::Items(own[..99].to_vec()), Op::Accept);
    assert!(!report("text").contains("recto.toml"), "99 are not 100");
    decide(&mut s, Target::Item(own[99]), Op::Accept);
    assert!(report("text").contains("[rules.\"half-width-mark\"] apply-at = \"suggest\""), "{}", report("text"));
    let json: serde_json::Value = serde_json::from_str(&report("json")).expect("JSON");
    let first = &json["rules"][0];
    assert_eq!((&first["rule"], &first["judged"], &first["by_group"]), (&rule.into(), &100.into(), &20.into()));
    assert_eq!((&first["precision"], &first["may_be_promoted"]), (&1.0.into(), &true.into()));
    decide(&mut s, Target::Item(own[100]), Op::Reject);
    assert!(!report("text").contains("recto.toml") && report("text").contains("0.990"), "{}", report("text"));
    // Promoted by a person, it is applied from the next run on, and the report says so.
    let toml = "schema = 1\npolicy = \"diplomatic\"\n[rules.\"half-width-mark\"]\napply-at = \"suggest\"\n";
    fs::write(t.path().join("recto.toml"), toml).expect("written");
    recto().current_dir(&t).args(["clean", "in", "-o", "out", "-q", "--fresh"]).assert().code(0);
    assert!(report("text").contains("half-width-mark is applied for this title"), "{}", report("text"));
    let text = fs::read_to_string(t.path().join("out/text/a.txt")).expect("there");
    assert_eq!(text.matches('，').count(), 119, "all but the rejected one");
}

#[test]
fn taking_a_rule_back_leaves_no_stale_decision_in_issues_that_its_keys_are_not_in() {
    let t = TempDir::new().expect("a folder");
    fs::create_dir(t.path().join("in")).expect("made");
    fs::write(t.path().join("in/a.txt"), "市领导强调,全市上下要认真学习。\n").expect("written");
    fs::write(t.path().join("in/other.txt"), "另一版,内容。\n").expect("written");
    recto().current_dir(&t).args(["clean", "in", "-o", "out", "-q"]).assert().code(0);
    let id = sitting(&t).items()[0].id.clone();
    recto().current_dir(&t).args(["review", "out", "--accept", &id]).assert().code(0);
    let a = recto().current_dir(&t).args(["undo", "out", "--rule", "half-width-mark"]).assert().code(0);
    assert!(!said(&a).contains("stale") && said(&a).contains("2 pages changed"), "{}", said(&a));
    recto().current_dir(&t).args(["verify", "out", "--strict"]).assert().code(0);
}

#[test]
fn the_diff_of_an_output_folder_shows_what_is_applied_proposed_and_rejected() {
    let (t, mut s) =
        cleaned("市领导强调,全市上下要认真学习;会议要求,各单位要落实。市委、市政府召开会汉部署工作\n", &[]);
    let of = |rule: &str, s: &Session| (0..s.items().len()).filter(|&n| s.items()[n].rule == rule).collect::<Vec<_>>();
    let marks = of("half-width-mark", &s);
    let acts = [(marks[0], Op::Reject), (marks[1], Op::Doubt), (marks[2], Op::Accept)];
    let acts = acts.map(|(n, op)| s.decide(&Target::Item(n), op, None, None).expect("there"));
    append_log(&Layout::new(t.path().join("out")).decisions(), &acts).expect("written");
    recto().current_dir(&t).args(["apply", "out", "-q"]).assert().code(0);
    let diff = |more: &[&str]| said(&recto().current_dir(&t).args(["diff", "out"]).args(more).assert().code(1));
    let text = diff(&[]);
    assert!(text.contains("1 change applied, 1 proposed, 1 accepted, 1 rejected, 1 doubt"), "{text}");
    for state in ["rejected: half", "doubt: half", "accepted: half", "proposed: han-look-alike"] {
        assert!(text.contains(state), "{state}: {text}");
    }
    let text = diff(&["--proposed"]);
    assert!(text.contains("han-look-alike") && !text.contains("half-width-mark"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&diff(&["--format", "json"])).expect("JSON");
    let states: Vec<&str> =
        json["changes"].as_array().expect("a list").iter().filter_map(|c| c["state"].as_str()).collect();
    assert_eq!(states, ["rejected", "doubt", "accepted", "proposed"]);
}
