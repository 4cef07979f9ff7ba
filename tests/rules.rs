//! Every rule proves itself: its examples, its counter-examples, and what every rule owes to all texts.
//!
//! Generic over all stages and checks: a rule that is in the registry is tested here, with no line to add. It must
//! never know a rule by name.

use recto::config::Config;
use recto::document::{Document, SEAM};
use recto::language::{Language, TitleWords};
use recto::profile::Profile;
use recto::rule::{Check, Confidence, Context, Finding, Findings, Rule, Stage};
use recto::rules;
use recto::text::{Patch, Splice};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Examples below this number prove nothing, counter-examples below that one neither.
const MIN_EXAMPLES: usize = 2;
const MIN_LEAVES_ALONE: usize = 3;

/// The title's own list that all texts of this file are read with.
const TITLE_WORDS: &str = "replace\tHcrald\tHerald\nreplace\t未来曰\t未来日\n";

/// The resources that all texts of this file are read with.
struct World {
    config: Config,
    language: Language,
}

impl World {
    fn new() -> Self {
        let words = TitleWords::parse(TITLE_WORDS).expect("a list");
        Self { config: Config { words, ..Config::default() }, language: Language::embedded() }
    }

    /// What `check` finds in `text`. Each form feed is a seam between files; the profile has learned this text only.
    fn run(&self, check: &Check, text: &str) -> Vec<Finding> {
        let seams: Vec<usize> = text.match_indices(SEAM).map(|(i, _)| i).collect();
        let document = Document::new(text, &seams);
        let mut profile = Profile::default();
        profile.learn("utf-8", text);
        let mut found = Findings::default();
        (check.run)(
            &document,
            &Context { config: &self.config, language: &self.language, profile: &profile },
            &mut found,
        );
        found.into_vec()
    }
}

/// The confidence from which a rule counts as having fired: a rule that may apply by default is judged by what the
/// default policy would apply, a rule that only proposes by its proposals.
fn bar(rule: &Rule) -> Confidence {
    rule.confidence.min(Confidence::Likely)
}

/// The patch of the fixes of `rule` from confidence `from` on: text order, and where two overlap the one pushed first.
fn patch_of(rule: &Rule, findings: &[Finding], from: Confidence) -> Patch {
    let mut taken: Vec<Splice> = Vec::new();
    for fix in findings.iter().filter(|f| f.rule.id == rule.id && f.confidence >= from).filter_map(|f| f.fix.as_ref()) {
        let clash = |s: &Splice| {
            taken.iter().any(|t| t.span.overlaps(s.span) || (t.span == s.span) || (t.span.start() == s.span.start()))
        };
        if !fix.splices().iter().any(clash) {
            taken.extend(fix.splices().iter().cloned());
        }
    }
    taken.sort_by_key(|s| (s.span.start(), s.span.end()));
    Patch::new(taken).expect("no overlap is left")
}

/// All checks with their stage.
fn checks() -> impl Iterator<Item = (Stage, &'static Check)> {
    Stage::ALL.into_iter().flat_map(|s| rules::checks(s).iter().map(move |c| (s, *c)))
}

/// Collects what is wrong, so that one run names every rule that fails.
#[derive(Default)]
struct Report(String);

impl Report {
    fn wrong(&mut self, rule: &Rule, what: &str, details: &[(&str, &str)]) {
        let _ = write!(self.0, "\n{}: {what}\n", rule.id);
        for (name, text) in details {
            let _ = writeln!(self.0, "  {name:>8}: {text:?}");
        }
    }
    #[track_caller]
    fn assert_empty(self) {
        assert!(self.0.is_empty(), "{}", self.0);
    }
}

#[test]
fn every_rule_is_well_told() {
    let mut report = Report::default();
    let mut seen = BTreeSet::new();
    for (stage, check) in checks() {
        assert!(!check.rules.is_empty(), "a check of {} names no rule", stage.name());
        for rule in check.rules {
            let kebab = rule
                .id
                .split('-')
                .all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            if !kebab {
                report.wrong(rule, "the id is not kebab-case", &[]);
            }
            if !seen.insert(rule.id) {
                report.wrong(rule, "the id stands twice in the registry", &[]);
            }
            if rule.stage != stage {
                report.wrong(
                    rule,
                    "stands in the list of another stage",
                    &[("stage", rule.stage.name()), ("list", stage.name())],
                );
            }
            if rule.doc.trim().len() < 40 || rule.name_zh.trim().is_empty() {
                report.wrong(rule, "needs a doc of whole sentences and a Chinese name", &[("doc", rule.doc)]);
            }
            if rule.examples.len() < MIN_EXAMPLES || rule.leaves_alone.len() < MIN_LEAVES_ALONE {
                report.wrong(rule, "needs at least 2 examples and 3 texts that it leaves alone", &[]);
            }
            let distinct: BTreeSet<_> =
                rule.examples.iter().map(|e| e.before).chain(rule.leaves_alone.iter().copied()).collect();
            if distinct.len() != rule.examples.len() + rule.leaves_alone.len() {
                report.wrong(rule, "has the same text twice", &[]);
            }
        }
    }
    report.assert_empty();
}

#[test]
fn examples_come_out_as_they_say() {
    let world = World::new();
    let mut report = Report::default();
    for (_, check) in checks() {
        for rule in check.rules {
            for example in rule.examples {
                let found = world.run(check, example.before);
                if rule.flag {
                    if !found.iter().any(|f| f.rule.id == rule.id) {
                        report.wrong(rule, "raised no flag", &[("text", example.before)]);
                    }
                    if example.before != example.after {
                        report.wrong(
                            rule,
                            "is a flag, so before and after must be the same",
                            &[("before", example.before)],
                        );
                    }
                    continue;
                }
                // What the default policy applies must give the text after; if not, then with the proposals.
                let outcome =
                    |from| patch_of(rule, &found, from).apply(example.before).unwrap_or_else(|e| e.to_string());
                let got = outcome(bar(rule));
                if got != example.after && outcome(Confidence::Suggest) != example.after {
                    report.wrong(
                        rule,
                        "example came out otherwise",
                        &[("before", example.before), ("expected", example.after), ("got", &got)],
                    );
                }
            }
        }
    }
    report.assert_empty();
}

#[test]
fn a_second_run_changes_nothing() {
    let world = World::new();
    let mut report = Report::default();
    for (_, check) in checks() {
        for rule in check.rules.iter().filter(|r| !r.flag) {
            for example in rule.examples {
                let patch = patch_of(rule, &world.run(check, example.after), bar(rule));
                if !patch.is_empty() {
                    let again = patch.apply(example.after).unwrap_or_default();
                    report.wrong(rule, "is not idempotent", &[("once", example.after), ("twice", &again)]);
                }
            }
        }
    }
    report.assert_empty();
}

#[test]
fn every_patch_can_be_undone() {
    let world = World::new();
    let mut report = Report::default();
    for (_, check) in checks() {
        for rule in check.rules {
            for before in rule.examples.iter().map(|e| e.before) {
                let patch = patch_of(rule, &world.run(check, before), Confidence::Suggest);
                let Ok(after) = patch.apply(before) else { continue };
                let back = patch.invert(before).and_then(|p| p.apply(&after)).unwrap_or_default();
                if back != before {
                    report.wrong(rule, "does not come back", &[("before", before), ("after", &after), ("back", &back)]);
                }
            }
        }
    }
    report.assert_empty();
}

#[test]
fn right_text_is_left_alone() {
    let world = World::new();
    let mut report = Report::default();
    for (_, check) in checks() {
        for rule in check.rules {
            for text in rule.leaves_alone {
                let found = world.run(check, text);
                if let Some(f) = found.iter().find(|f| f.rule.id == rule.id && f.confidence >= bar(rule)) {
                    let at = format!("{:?} {:?}", f.span, text.get(f.span.range()).unwrap_or("?"));
                    let insert = f.fix.as_ref().map_or(String::new(), |x| format!("{:?}", x.splices()));
                    report.wrong(
                        rule,
                        "fired on a text that it must leave alone",
                        &[("text", text), ("at", &at), ("fix", &insert)],
                    );
                }
            }
        }
    }
    report.assert_empty();
}

/// Letters, digits and Han characters: what only four stages may touch (I3).
fn ink(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric())
}

/// What is wrong with a finding as such, whatever the rule.
fn complaint(check: &Check, stage: Stage, text: &str, f: &Finding) -> Option<&'static str> {
    if !check.rules.iter().any(|r| r.id == f.rule.id) {
        return Some("is yielded by a check that does not name it");
    }
    if f.confidence > f.rule.confidence {
        return Some("gives more confidence than it declares");
    }
    if text.get(f.span.range()).is_none() {
        return Some("points outside the text or into a character");
    }
    if f.rule.flag && f.fix.is_some() {
        return Some("is a flag but carries a fix");
    }
    let splices = f.fix.as_ref()?.splices();
    if splices.is_empty() {
        return Some("carries an empty fix");
    }
    if Patch::new(splices.to_vec()).and_then(|p| p.check(text)).is_err() {
        return Some("carries a fix that overlaps itself or does not fit");
    }
    for s in splices {
        let old = &text[s.span.range()];
        if *old == *s.insert {
            return Some("replaces a text by itself");
        }
        if stage != Stage::Rejoin && stage != Stage::Debris && old.contains(SEAM) {
            return Some("takes a seam away");
        }
    }
    let old: Vec<char> = splices.iter().flat_map(|s| ink(&text[s.span.range()])).collect();
    let new: Vec<char> = splices.iter().flat_map(|s| ink(&s.insert)).collect();
    if matches!(stage, Stage::Rejoin | Stage::Punctuation) && old != new {
        return Some("changes a letter, a digit or a Han character (I3)");
    }
    None
}

/// Every check reads every text of every rule, so that rules also meet what they were not written for.
#[test]
fn findings_are_well_formed_on_all_texts() {
    let world = World::new();
    let mut report = Report::default();
    let texts: BTreeSet<&str> = rules::all()
        .flat_map(|r| r.examples.iter().flat_map(|e| [e.before, e.after]).chain(r.leaves_alone.iter().copied()))
        .chain(["", "\n", "\u{C}", " \u{C}\n\u{C}", "\u{FEFF}", "(", "\u{FFFD}", "。", "-\n"])
        .collect();
    for (stage, check) in checks() {
        for text in &texts {
            for f in world.run(check, text) {
                if let Some(what) = complaint(check, stage, text, &f) {
                    report.wrong(
                        f.rule,
                        what,
                        &[("text", text), ("at", &format!("{:?}", f.span)), ("fix", &format!("{:?}", f.fix))],
                    );
                }
            }
        }
    }
    report.assert_empty();
}
