//! What was done to a whole output folder and what was not, in numbers: by stage, rule, confidence and page, and which
//! pages need a person.
//!
//! It must never hold a text but the few words of a flag.

use crate::ledger::{Counts, Fate, LedgerError, changes, flag_places};
use crate::pipeline::Cleaned;
use crate::report::PlaceIndex;
use crate::rule::{Confidence, Stage};
use serde::Serialize;
use std::collections::BTreeMap;

/// Flags of one page that are kept with their words; the rest is counted.
const FLAGS_IN_WORDS: usize = 5;

/// Undecided proposals per thousand characters from which a page is for a person: on the seed page and on clean news
/// fewer than 2 are left, on badly recognised pages ten and more.
const MANY_PROPOSALS: usize = 5;

/// Edits by what became of them.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Fates {
    /// In the output.
    pub applied: usize,
    /// Left for a person.
    pub proposed: usize,
    /// Ruled out by a person.
    pub rejected: usize,
    /// Lost to another edit.
    pub superseded: usize,
}

impl Fates {
    fn add(&mut self, fate: &Fate, n: usize) {
        match fate {
            Fate::Applied => self.applied += n,
            Fate::Proposed => self.proposed += n,
            Fate::Rejected => self.rejected += n,
            Fate::Superseded(_) => self.superseded += n,
        }
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.applied + self.proposed + self.rejected + self.superseded
    }
}

/// One rule over the whole folder.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct RuleTally {
    /// Its stage.
    pub stage: &'static str,
    /// Its edits.
    pub fates: Fates,
    /// Its flags.
    pub flags: usize,
}

/// One page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct PageTally {
    /// Relative name.
    pub path: String,
    /// Its encoding.
    pub encoding: String,
    /// Characters of its decoded text.
    pub characters: usize,
    /// Edits that begin on it.
    pub fates: Fates,
    /// Applied edits by stage, in the order of the stages.
    pub stages: [usize; 6],
    /// Flags.
    pub flags: usize,
    /// The first of them: line and message.
    pub messages: Vec<String>,
    /// Why a person should look at it; empty for most pages.
    pub reasons: Vec<String>,
}

/// A whole folder.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Tally {
    /// Issues that were read.
    pub issues: usize,
    /// By stage.
    pub stages: BTreeMap<u32, (&'static str, Fates)>,
    /// By rule.
    pub rules: BTreeMap<String, RuleTally>,
    /// By confidence.
    pub confidences: BTreeMap<&'static str, Fates>,
    /// By page, in order of the ledgers.
    pub pages: Vec<PageTally>,
    /// Pages without a ledger: what failed, with the reason.
    pub failures: BTreeMap<String, String>,
    /// Pages whose originals were gone when the last run ended.
    pub gone: Vec<String>,
}

impl Tally {
    /// Adds an issue.
    ///
    /// # Errors
    /// [`LedgerError`] where ledger and text do not fit.
    pub fn add(&mut self, c: &Cleaned) -> Result<(), LedgerError> {
        let (text, layers) = (c.issue.text(), &c.ledger.layers);
        self.issues += 1;
        let mut pages: Vec<PageTally> = Vec::with_capacity(c.ledger.header.pages.len());
        for (p, span) in c.ledger.header.pages.iter().zip(c.issue.pages()) {
            let own = text.get(span.range()).unwrap_or("");
            let mut page = PageTally { path: p.path.clone(), ..PageTally::default() };
            page.encoding.clone_from(&p.decoding.encoding);
            page.characters = own.chars().count();
            if p.decoding.damaged {
                page.reasons.push(format!("damaged: {}", p.decoding.why));
            }
            page.reasons.extend(p.decoding.doubt.as_ref().map(|d| format!("encoding in doubt: {d}")));
            pages.push(page);
        }
        for e in changes(text, layers)?.iter().flat_map(|change| &change.edits) {
            let Some(layer) = layers.get(e.place.layer) else { continue };
            let Some(r) = layer.records.get(e.place.record) else { continue };
            let stage = layer.stage.name();
            self.stages.entry(layer.number()).or_insert((stage, Fates::default())).1.add(&r.fate, 1);
            let rule = self.rules.entry(r.rule.to_string()).or_default();
            rule.stage = stage;
            rule.fates.add(&r.fate, 1);
            self.confidences.entry(confidence(r.confidence)).or_default().add(&r.fate, 1);
            if let Some(page) = pages.get_mut(c.issue.page_at(e.origin.start())) {
                page.fates.add(&r.fate, 1);
                if let (true, Some(n)) = (r.applied(), page.stages.get_mut(layer.number() as usize - 1)) {
                    *n += 1;
                }
            }
        }
        let index = PlaceIndex::new(&c.issue);
        for (layer, flag, span) in flag_places(text, layers)? {
            let Some(l) = layers.get(layer) else { continue };
            let Some(f) = l.flags.get(flag) else { continue };
            let rule = self.rules.entry(f.rule.to_string()).or_default();
            rule.stage = l.stage.name();
            rule.flags += 1;
            let spot = index.spot(span);
            if let Some(page) = pages.get_mut(spot.page) {
                page.flags += 1;
                if page.messages.len() < FLAGS_IN_WORDS {
                    page.messages.push(format!("line {}: {}: {}", spot.line, f.rule, f.message));
                }
            }
        }
        for p in &mut pages {
            if p.flags > 0 {
                p.reasons.push(super::plural(p.flags, "flag"));
            }
            if p.fates.proposed * 1000 > MANY_PROPOSALS * p.characters.max(1) && p.fates.proposed > 1 {
                p.reasons.push(format!("{} undecided", super::plural(p.fates.proposed, "proposal")));
            }
        }
        self.pages.append(&mut pages);
        Ok(())
    }

    /// Sums over all stages.
    pub fn total(&self) -> Fates {
        let mut all = Fates::default();
        for (_, f) in self.stages.values() {
            all.applied += f.applied;
            all.proposed += f.proposed;
            all.rejected += f.rejected;
            all.superseded += f.superseded;
        }
        all
    }

    /// Pages that need a person, the neediest first.
    pub fn for_a_person(&self) -> Vec<&PageTally> {
        let mut list: Vec<&PageTally> = self.pages.iter().filter(|p| !p.reasons.is_empty()).collect();
        let weight =
            |p: &PageTally| p.flags * 10 + p.fates.proposed + 1000 * usize::from(p.reasons[0].starts_with("damaged"));
        list.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.path.cmp(&b.path)));
        list
    }

    /// Stages that ran in no issue.
    pub fn stages_not_run(&self, ran: &[Stage]) -> Vec<&'static str> {
        Stage::ALL.iter().filter(|s| !ran.contains(s)).map(|s| s.name()).collect()
    }

    /// The counts of a run record, by rule and fate, as the ledgers give them: the two must agree.
    pub fn counts(&self) -> Counts {
        let mut all = Counts::new();
        for (rule, t) in &self.rules {
            let own = [
                ("applied", t.fates.applied),
                ("proposed", t.fates.proposed),
                ("rejected", t.fates.rejected),
                ("superseded", t.fates.superseded),
                ("flag", t.flags),
            ];
            let own = own.into_iter().filter(|(_, n)| *n > 0).map(|(f, n)| (f.to_owned(), n)).collect();
            all.insert(rule.clone(), own);
        }
        all
    }
}

fn confidence(c: Confidence) -> &'static str {
    c.name()
}
