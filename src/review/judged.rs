//! How often people found a rule right. It must never count as judged what nobody looked at one by one.

use super::item::State;
use super::session::Session;
use crate::rule::Confidence;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// What people decided on the changes of one rule.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Judged {
    /// Changes that were accepted one by one.
    pub right: usize,
    /// Changes that were rejected one by one, or got another text.
    pub wrong: usize,
    /// Changes left in doubt.
    pub doubt: usize,
    /// Changes that an act on a whole group accepted or rejected.
    pub by_group: usize,
    /// Of those the rejected ones.
    pub by_group_rejected: usize,
    /// Proposals that wait.
    pub waiting: usize,
}

/// Judged changes without one wrong among them from which a rule may be promoted: the rate of wrong ones is below 3 in
/// 100 then, with 95 % confidence.
pub const PROMOTE_FROM: usize = 100;

impl Judged {
    /// Changes that were judged right or wrong one by one.
    pub fn judged(&self) -> usize {
        self.right + self.wrong
    }
    /// True where a person may have the rule applied for the title.
    pub fn may_be_promoted(&self) -> bool {
        self.judged() >= PROMOTE_FROM && self.wrong == 0 && self.by_group_rejected == 0
    }
}

impl Session {
    /// The decisions by rule; a change counts for its least certain one. Rules without any are left out.
    pub fn judged(&self) -> BTreeMap<String, Judged> {
        let by_act: HashMap<&str, bool> =
            self.log().acts().iter().map(|a| (a.act.as_str(), a.group.is_none())).collect();
        let mut all: BTreeMap<String, Judged> = BTreeMap::new();
        for i in self.items() {
            let one = i.act.as_deref().and_then(|a| by_act.get(a).copied()).unwrap_or(false);
            let proposal = i.confidence == Confidence::Suggest && i.state == State::Proposed;
            if !i.state.decided() && !proposal {
                continue;
            }
            let j = all.entry(i.rule.clone()).or_default();
            match (i.state, one) {
                (State::Accepted, true) => j.right += 1,
                (State::Rejected | State::Edited, true) => j.wrong += 1,
                (State::Doubt, _) => j.doubt += 1,
                (State::Rejected, false) => {
                    j.by_group += 1;
                    j.by_group_rejected += 1;
                }
                (State::Accepted, false) => j.by_group += 1,
                _ => j.waiting += 1,
            }
        }
        all.retain(|_, j| j.judged() + j.doubt + j.by_group > 0);
        all
    }
}
