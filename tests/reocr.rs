//! A new reading of a page that was decided on: decisions find their places again by content, and none goes astray.

use recto::apply::open_all;
use recto::config::Config;
use recto::language::Language;
use recto::ledger::{Located, Record, changes};
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::review::{Decision, Log, Op, Opened, Session, Target, attach, issue_name};
use recto::source::Hint;
use recto::store::{Layout, append_log, read_log};
use std::collections::HashMap;
use std::path::Path;

/// A fixed sequence that looks random, so that every run sees the same pages.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).expect("small")
    }
}

fn clean(cleaner: &Cleaner<'_>, text: &str) -> Cleaned {
    let page = PageInput { name: "p.txt".into(), bytes: text.as_bytes().to_vec() };
    cleaner.clean(vec![DecodedPage::new(&page, &Hint::default())], &Verdicts::default())
}

fn open(c: &Cleaned) -> Opened {
    Opened {
        name: issue_name(&c.ledger).to_owned(),
        ledger: c.ledger.clone(),
        original: c.issue.text().to_owned(),
        last: c.text.clone(),
    }
}

fn edits(c: &Cleaned) -> Vec<(Located, Record)> {
    let all = changes(c.issue.text(), &c.ledger.layers).expect("fits");
    let record = |e: &Located| c.ledger.layers[e.place.layer].records[e.place.record].clone();
    all.into_iter().flat_map(|x| x.edits).map(|e| (e.clone(), record(&e))).collect()
}

/// One character in twenty read differently: other characters of the page, now and then one too many or too few.
/// Gives the new text and where each byte of the old one stands in it.
fn misread(text: &str, dice: &mut Dice) -> (String, HashMap<usize, usize>) {
    let pool: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (mut out, mut map) = (String::new(), HashMap::new());
    for (at, c) in text.char_indices() {
        let hit = dice.roll(100) < 5;
        if !hit {
            map.insert(at, out.len());
            out.push(c);
            continue;
        }
        match dice.roll(10) {
            0 => {}
            1 => {
                map.insert(at, out.len());
                out.push(c);
                out.push(pool[dice.roll(pool.len())]);
            }
            _ => {
                let read = pool[dice.roll(pool.len())];
                // Misread as itself: it still stands where it stood.
                if read == c {
                    map.insert(at, out.len());
                }
                out.push(read);
            }
        }
    }
    map.insert(text.len(), out.len());
    (out, map)
}

/// What became of decisions: all, asked again without need, misapplied.
#[derive(Default)]
struct Fate {
    all: usize,
    again: usize,
    wrong: usize,
}

impl Fate {
    /// Looks where each fix of each decision ought to be: the same edit at the place that its characters went to.
    /// `carried` gives the act that stands for an old one, if one was made.
    fn judge<'d>(
        &mut self,
        page: &str,
        map: &HashMap<usize, usize>,
        (old, new): (&Cleaned, &Cleaned),
        made: &'d [Decision],
        carried: impl Fn(&'d Decision) -> Option<&'d Decision>,
    ) {
        let (before, after) = (edits(old), edits(new));
        for d in made {
            self.all += 1;
            let now = carried(d).unwrap_or(d);
            let ought: Vec<Option<String>> = d
                .keys
                .iter()
                .map(|k| {
                    let (e, r) = before.iter().find(|(e, _)| e.key.as_str() == k).expect("its own key");
                    let start = *map.get(&e.origin.start())?;
                    let whole = page[e.origin.range()]
                        .char_indices()
                        .all(|(i, _)| map.get(&(e.origin.start() + i)) == Some(&(start + i)));
                    let end = start + e.origin.len();
                    let same = |x: &&(Located, Record)| {
                        x.1.rule == r.rule
                            && x.1.parts == r.parts
                            && (x.0.origin.start(), x.0.origin.end()) == (start, end)
                    };
                    whole.then(|| after.iter().find(same)).flatten().map(|x| x.0.key.as_str().to_owned())
                })
                .collect();
            let there = ought.iter().all(Option::is_some);
            if now.lost {
                self.again += usize::from(there);
                continue;
            }
            for k in &now.keys {
                let meant = ought.iter().flatten().any(|o| o == k);
                let somewhere = after.iter().any(|(e, _)| e.key.as_str() == k);
                self.wrong += usize::from(somewhere && !meant);
            }
            let gone = now.keys.iter().all(|k| !after.iter().any(|(e, _)| e.key.as_str() == k));
            self.again += usize::from(there && gone);
            for (e, o) in now.edits.iter().zip(&d.edits) {
                let at = map.get(&o.at);
                self.wrong += usize::from(at != Some(&e.at) || e.before != o.before);
            }
        }
    }

    fn check(&self) {
        let Self { all, again, wrong } = self;
        assert_eq!(*wrong, 0, "misapplied of {all}, {again} asked again without need");
        assert!(again * 100 <= *all, "{again} of {all} asked again without need");
    }
}

/// Every change decided, singly, in all ways.
fn decide(s: &mut Session, dice: &mut Dice) {
    for n in 0..s.items().len() {
        let op = [Op::Accept, Op::Reject, Op::Doubt][dice.roll(3)];
        let done = if dice.roll(10) == 0 {
            s.edit(n, "另作", None, None).or_else(|_| s.decide(&Target::Item(n), op, None, None))
        } else {
            s.decide(&Target::Item(n), op, None, None)
        };
        done.expect("there is something to decide");
    }
}

fn seed() -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!("{root}/seeds/zhuzhou-daily-2021-08-20.txt")).expect("the seed is there")
}

#[test]
fn after_five_in_a_hundred_characters_changed_decisions_are_found_again_and_none_is_misapplied() {
    let page = seed();
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    let old = clean(&cleaner, &page);
    let mut dice = Dice(20_210_820);
    let mut fate = Fate::default();
    for _ in 0..12 {
        let mut s = Session::new(vec![open(&old)], Log::default(), None);
        decide(&mut s, &mut dice);
        let (text, map) = misread(&page, &mut dice);
        let new = clean(&cleaner, &text);
        let carried = attach(&open(&old), &[&new], s.log());
        let by_old: HashMap<&str, &Decision> = carried.iter().map(|d| (d.of[0].as_str(), d)).collect();
        fate.judge(&page, &map, (&old, &new), s.log().acts(), |d| by_old.get(d.act.as_str()).copied());
    }
    fate.check();
}

fn recto(dir: &Path, args: &[&str]) -> String {
    let o = assert_cmd::Command::cargo_bin("recto").expect("built").current_dir(dir).args(args).assert().success();
    let o = o.get_output();
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

/// An output folder of the seed page, every change of it decided and applied.
fn decided(dice: &mut Dice) -> (tempfile::TempDir, Layout) {
    let t = tempfile::TempDir::new().expect("a folder");
    std::fs::create_dir(t.path().join("in")).expect("made");
    std::fs::write(t.path().join("in/p.txt"), seed()).expect("written");
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let layout = Layout::new(t.path().join("out"));
    let mut s = Session::new(open_all(&layout).expect("an output"), Log::default(), None);
    decide(&mut s, dice);
    append_log(&layout.decisions(), s.log().acts()).expect("written");
    recto(t.path(), &["apply", "out", "-q"]);
    (t, layout)
}

#[test]
fn clean_over_a_new_reading_carries_decisions_over_before_it_writes_over_the_old_one() {
    let mut dice = Dice(6);
    let mut fate = Fate::default();
    for _ in 0..3 {
        let (t, layout) = decided(&mut dice);
        let made = read_log(&layout.decisions()).expect("a log").acts().to_vec();
        let (text, map) = misread(&seed(), &mut dice);
        std::fs::write(t.path().join("in/p.txt"), &text).expect("written");
        let said = recto(t.path(), &["clean", "in", "-o", "out"]);
        assert!(said.contains("found again in a new reading"), "{said}");
        let log = read_log(&layout.decisions()).expect("a log");
        assert!(log.acts()[..made.len()] == made, "the log is only appended to");
        let carried = &log.acts()[made.len()..];
        let profile = std::fs::read_to_string(layout.profile()).expect("there");
        let profile: Profile = serde_json::from_str(&profile).expect("a profile");
        let (config, language) = (Config::default(), Language::embedded());
        let cleaner = Cleaner::new(&config, &language, &profile);
        let (old, new) = (clean(&cleaner, &seed()), clean(&cleaner, &text));
        fate.judge(&seed(), &map, (&old, &new), &made, |d| carried.iter().find(|c| c.of.contains(&d.act)));
        // Whole and done: nothing is left to do, and nothing is carried twice.
        recto(t.path(), &["verify", "out"]);
        let again = recto(t.path(), &["clean", "in", "-o", "out"]);
        assert!(again.contains("1 issue done by an earlier run"), "{again}");
        assert!(recto(t.path(), &["apply", "out"]).contains("0 pages changed"));
        assert!(read_log(&layout.decisions()).expect("a log") == log);
    }
    fate.check();
}

#[test]
fn a_run_that_died_between_log_and_output_carries_each_decision_over_once() {
    let mut dice = Dice(7);
    let (t, layout) = decided(&mut dice);
    let (made, output) = (layout.decisions(), t.path().join("out"));
    let first = std::fs::read_to_string(&made).expect("there");
    let (second, _) = misread(&seed(), &mut dice);
    let (third, _) = misread(&seed(), &mut dice);
    let reading = |text: &str| std::fs::write(t.path().join("in/p.txt"), text).expect("written");
    // What the log would hold: the acts of the second reading, beside an output that is still the first.
    let copy = t.path().join("copy");
    assert_cmd::Command::new("cp").args(["-r".as_ref(), output.as_os_str(), copy.as_os_str()]).assert().success();
    reading(&second);
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let grown = std::fs::read_to_string(&made).expect("there");
    let whole = std::fs::read_to_string(layout.text("p.txt").expect("a name")).expect("there");
    assert!(grown.len() > first.len());
    let back = || {
        std::fs::remove_dir_all(&output).expect("removed");
        assert_cmd::Command::new("cp").args(["-r".as_ref(), copy.as_os_str(), output.as_os_str()]).assert().success();
        std::fs::write(&made, &grown).expect("written");
    };
    back();
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    assert!(std::fs::read_to_string(&made).expect("there") == grown, "nothing is carried over twice");
    assert!(std::fs::read_to_string(layout.text("p.txt").expect("a name")).expect("there") == whole);
    // The source changed a second time before the same command came.
    back();
    reading(&third);
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let after = std::fs::read_to_string(layout.text("p.txt").expect("a name")).expect("there");
    back();
    std::fs::write(&made, &first).expect("written");
    recto(t.path(), &["clean", "in", "-o", "out", "-q"]);
    let straight = std::fs::read_to_string(layout.text("p.txt").expect("a name")).expect("there");
    assert!(after == straight, "as if the second reading had never been");
    // Taking a carried act back does not bring that of the old reading to life.
    let log = read_log(&made).expect("a log");
    let last = log.acts().last().expect("acts").clone();
    recto(t.path(), &["undo", "out", "--act", &last.act, "-q"]);
    let log = read_log(&made).expect("a log");
    let undone = log.undone();
    assert!(last.of.iter().all(|o| undone.contains(o.as_str())));
}
