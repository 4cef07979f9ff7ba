//! The queue: which changes are asked about together, and in which order.
//!
//! Protected changes are asked one by one; changes that no reader could object to come last and need no decision. It
//! must never hide a proposal.

use super::item::{Item, State};
use crate::hash;
use crate::ledger::Group;
use crate::rule::{Confidence, Stage};
use std::collections::BTreeMap;

/// Changes that one decision settles.
#[derive(Clone, PartialEq, Debug)]
pub struct Bundle {
    /// What they have in common.
    pub group: Group,
    /// Short name for the command line, as `g-1f2e3d4c`. That of a single protected change is its own.
    pub id: String,
    /// 0 stale, 1 protected, 2 weak joins, 3 other groups, 4 safe ones.
    pub rank: u8,
    /// Places in the list of items, in text order.
    pub members: Vec<usize>,
}

impl Bundle {
    /// True for a bundle that needs no decision.
    pub fn is_safe(&self) -> bool {
        self.rank >= SAFE
    }
    /// True for a change that is decided by itself.
    pub fn is_single(&self) -> bool {
        !self.id.starts_with("g-")
    }
}

/// The queue over all items of a run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Queue {
    /// Bundles in the order in which they are asked.
    pub bundles: Vec<Bundle>,
}

/// What a group is called on the command line.
pub fn group_id(group: &Group) -> String {
    format!("g-{}", &hash::of_json(group)[..8])
}

impl Queue {
    /// Groups `items`.
    pub fn new<'a>(items: impl Iterator<Item = &'a Item>) -> Self {
        let mut bundles: Vec<Bundle> = Vec::new();
        let mut weight: Vec<f64> = Vec::new();
        // Of the ranks of a group's members the lowest stands for all.
        let mut slots: BTreeMap<Group, usize> = BTreeMap::new();
        for (n, i) in items.enumerate() {
            if i.state == State::Superseded {
                continue;
            }
            let doubt = i.p.map_or_else(|| doubt_of(i.confidence), |p| f64::from(1.0 - p).max(0.001));
            let single = i.protected.is_some() || i.state == State::Stale;
            if !single && let Some(&slot) = slots.get(&i.group) {
                bundles[slot].members.push(n);
                bundles[slot].rank = bundles[slot].rank.min(rank(i));
                weight[slot] += doubt;
                continue;
            }
            if !single {
                slots.insert(i.group.clone(), bundles.len());
            }
            let id = if single { i.id.clone() } else { group_id(&i.group) };
            bundles.push(Bundle { group: i.group.clone(), id, rank: rank(i), members: vec![n] });
            weight.push(doubt);
        }
        let mut order: Vec<usize> = (0..bundles.len()).collect();
        let first = |b: &Bundle| b.members.first().copied();
        order.sort_by(|&a, &b| {
            let (x, y) = (&bundles[a], &bundles[b]);
            x.rank.cmp(&y.rank).then(weight[b].total_cmp(&weight[a])).then(first(x).cmp(&first(y)))
        });
        let mut slots: Vec<Option<Bundle>> = bundles.into_iter().map(Some).collect();
        Self { bundles: order.into_iter().filter_map(|i| slots[i].take()).collect() }
    }

    /// Decisions left: bundles above the safe ones that hold a change nobody has decided.
    pub fn left(&self, state: impl Fn(usize) -> State) -> usize {
        let open = |b: &&Bundle| !b.is_safe() && b.members.iter().any(|&m| !state(m).decided());
        self.bundles.iter().filter(open).count()
    }
}

/// The rank of bundles that need no decision.
pub(super) const SAFE: u8 = 4;

fn rank(i: &Item) -> u8 {
    match i {
        _ if i.state == State::Stale => 0,
        _ if i.protected.is_some() => 1,
        _ if i.confidence == Confidence::Certain && i.state != State::Proposed => SAFE,
        _ if i.stage == Stage::Rejoin => 2,
        _ => 3,
    }
}

/// How doubtful an edit without a probability is taken to be, for the order of the queue only.
fn doubt_of(c: Confidence) -> f64 {
    match c {
        Confidence::Suggest => 0.5,
        Confidence::Likely => 0.1,
        Confidence::Certain => 0.01,
    }
}
