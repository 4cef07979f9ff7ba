//! A new reading of a page that was decided on: decisions find their places again by content, and none goes astray.

use recto::config::Config;
use recto::language::Language;
use recto::ledger::{Located, Record, changes};
use recto::pipeline::{Cleaned, Cleaner, DecodedPage, PageInput, Verdicts};
use recto::profile::Profile;
use recto::review::{Log, Op, Opened, Session, Target, attach, issue_name};
use recto::source::Hint;
use std::collections::HashMap;

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

#[test]
fn after_five_in_a_hundred_characters_changed_decisions_are_found_again_and_none_is_misapplied() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page =
        std::fs::read_to_string(format!("{root}/seeds/zhuzhou-daily-2021-08-20.txt")).expect("the seed is there");
    let (config, language, profile) = (Config::default(), Language::embedded(), Profile::default());
    let cleaner = Cleaner::new(&config, &language, &profile);
    let old = clean(&cleaner, &page);
    let mut dice = Dice(20_210_820);
    let (mut all, mut again, mut wrong) = (0usize, 0usize, 0usize);
    for _ in 0..12 {
        // Every change decided, singly, in all ways.
        let mut s = Session::new(vec![open(&old)], Log::default(), None);
        for n in 0..s.items().len() {
            let op = [Op::Accept, Op::Reject, Op::Doubt][dice.roll(3)];
            let done = if dice.roll(10) == 0 {
                s.edit(n, "另作", None, None).or_else(|_| s.decide(&Target::Item(n), op, None, None))
            } else {
                s.decide(&Target::Item(n), op, None, None)
            };
            done.expect("there is something to decide");
        }
        let (text, map) = misread(&page, &mut dice);
        let new = clean(&cleaner, &text);
        let carried = attach(&open(&old), &new, s.log());
        let by_old: HashMap<&str, _> = carried.iter().map(|d| (d.of[0].as_str(), d)).collect();
        let (before, after) = (edits(&old), edits(&new));
        for d in s.log().acts() {
            all += 1;
            let now = by_old.get(d.act.as_str()).copied().unwrap_or(d);
            // Where each fix of the decision ought to be: the same edit at the place that its characters went to.
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
                again += usize::from(there);
                continue;
            }
            for k in &now.keys {
                let meant = ought.iter().flatten().any(|o| o == k);
                let somewhere = after.iter().any(|(e, _)| e.key.as_str() == k);
                wrong += usize::from(somewhere && !meant);
            }
            again += usize::from(there && now.keys.iter().all(|k| !after.iter().any(|(e, _)| e.key.as_str() == k)));
            for (e, o) in now.edits.iter().zip(&d.edits) {
                let at = map.get(&o.at);
                wrong += usize::from(at != Some(&e.at) || e.before != o.before);
            }
        }
    }
    assert_eq!(wrong, 0, "misapplied of {all}, {again} asked again without need");
    assert!(again * 100 <= all, "{again} of {all} asked again without need");
}
