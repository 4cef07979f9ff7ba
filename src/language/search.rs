//! The words of a list that a reading may have been, cheapest first: a best-first walk over the list's transducer with
//! the channel's confusions.
//!
//! It must never run on without bound: expansions are counted.

use super::channel::{Channel, Confusion};
use super::words::{Entry, WordList};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// How far a search goes.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Reach {
    /// Highest cost of the confusions together.
    pub cost: f32,
    /// Most confusions in one word.
    pub edits: u8,
    /// Most places looked at.
    pub expansions: usize,
    /// Most words wanted.
    pub words: usize,
}

/// A word that may have been printed.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// The word in small letters, as the list keys it.
    pub word: String,
    /// Cost of the confusions.
    pub cost: f32,
    /// How many confusions.
    pub edits: u8,
    /// What the list says of it.
    pub entry: Entry,
}

struct State {
    /// Cost so far, less what a path as far along may have cost: paths that are nearly through come first.
    rank: f32,
    cost: f32,
    at: u8,
    edits: u8,
    node: usize,
    out: u64,
    trail: u32,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for State {}
impl PartialOrd for State {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for State {
    /// The heap gives the greatest first: the cheapest, then the farthest along, then the oldest trail.
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank.total_cmp(&self.rank).then(self.at.cmp(&other.at)).then(other.trail.cmp(&self.trail))
    }
}

/// Where a path came from and what it added.
struct Step {
    parent: u32,
    bytes: SmallVec<[u8; 8]>,
}

/// What a right path costs for each letter, about: the walk prefers paths that are farther along by so much a letter.
/// With it 700 places find what a walk by cost alone finds with 5,000 (learn_lexicon on the development corpus).
const PACE: f32 = 1.2;
/// Longer words are not looked for.
const LONGEST: usize = 40;

/// The words of `list` that `read` may stand for, cheapest first.
pub fn search(list: &WordList, channel: &Channel, read: &str, reach: Reach) -> Vec<Found> {
    let chars: SmallVec<[char; 24]> = read.chars().collect();
    let Some(fst) = list.transducer() else { return Vec::new() };
    if chars.is_empty() || chars.len() > LONGEST {
        return Vec::new();
    }
    // The word's letters as the list keys them, and the confusions that fit each place, cheapest first.
    let mut keys: SmallVec<[SmallVec<[u8; 4]>; 24]> = SmallVec::new();
    let mut fits: SmallVec<[SmallVec<[&Confusion; 64]>; 24]> = SmallVec::new();
    for at in 0..=chars.len() {
        let here = chars.get(at).map_or(&[][..], |&c| channel.from(c));
        let mut rows: SmallVec<[&Confusion; 64]> =
            here.iter().filter(|r| chars[at..].starts_with(&r.read)).chain(channel.lost()).collect();
        rows.retain(|r| r.cost <= reach.cost);
        rows.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        fits.push(rows);
        if let Some(&c) = chars.get(at) {
            let mut buf = [0u8; 4];
            keys.push(SmallVec::from_slice(&super::words::fold_word(c.encode_utf8(&mut buf))));
        }
    }
    let mut steps: Vec<Step> = vec![Step { parent: u32::MAX, bytes: SmallVec::new() }];
    let mut heap = BinaryHeap::new();
    heap.push(State { rank: 0.0, cost: 0.0, at: 0, edits: 0, node: fst.root().addr(), out: 0, trail: 0 });
    let (mut found, mut expansions): (Vec<Found>, usize) = (Vec::new(), 0);
    while let Some(mut s) = heap.pop() {
        // Letters that were read right cost nothing: walk on without the heap.
        loop {
            expansions += 1;
            let node = fst.node(s.node);
            let at = usize::from(s.at);
            if s.edits < reach.edits {
                for row in &fits[at] {
                    if s.cost + row.cost > reach.cost {
                        break;
                    }
                    if let Some((to, out)) = walk(fst, &node, row.printed.as_bytes()) {
                        steps.push(Step { parent: s.trail, bytes: SmallVec::from_slice(row.printed.as_bytes()) });
                        let at = s.at + row.read.len() as u8;
                        heap.push(State {
                            rank: s.cost + row.cost - PACE * f32::from(at),
                            cost: s.cost + row.cost,
                            at,
                            edits: s.edits + 1,
                            node: to,
                            out: s.out + out,
                            trail: (steps.len() - 1) as u32,
                        });
                    }
                }
            }
            if at == chars.len() {
                if node.is_final() && s.edits > 0 {
                    let entry = Entry::from_code(s.out + node.final_output().value());
                    let word = spell(&steps, s.trail);
                    match found.iter_mut().find(|f| f.word == word) {
                        Some(f) if f.cost > s.cost => (f.cost, f.edits) = (s.cost, s.edits),
                        Some(_) => {}
                        None => found.push(Found { word, cost: s.cost, edits: s.edits, entry }),
                    }
                }
                break;
            }
            let key = &keys[at];
            let Some((to, out)) = walk(fst, &node, key) else { break };
            steps.push(Step { parent: s.trail, bytes: SmallVec::from_slice(key) });
            s = State { at: s.at + 1, node: to, out: s.out + out, trail: (steps.len() - 1) as u32, ..s };
        }
        if found.len() >= reach.words || expansions >= reach.expansions {
            break;
        }
    }
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| a.word.cmp(&b.word)));
    found
}

/// The node after these bytes and what the way puts out.
fn walk<D: AsRef<[u8]>>(fst: &fst::raw::Fst<D>, node: &fst::raw::Node<'_>, bytes: &[u8]) -> Option<(usize, u64)> {
    let Some((first, rest)) = bytes.split_first() else { return Some((node.addr(), 0)) };
    let t = node.transition(node.find_input(*first)?);
    let (mut addr, mut out) = (t.addr, t.out.value());
    for b in rest {
        let node = fst.node(addr);
        let t = node.transition(node.find_input(*b)?);
        (addr, out) = (t.addr, out + t.out.value());
    }
    Some((addr, out))
}

fn spell(steps: &[Step], mut trail: u32) -> String {
    let mut parts: SmallVec<[u32; 32]> = SmallVec::new();
    while let Some(step) = steps.get(trail as usize) {
        parts.push(trail);
        trail = step.parent;
    }
    let bytes: Vec<u8> = parts.iter().rev().flat_map(|&p| steps[p as usize].bytes.iter().copied()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_word_comes_first_and_the_search_ends() {
        let list = [("government", 0), ("governments", 0), ("modern", 0), ("Modem", 0), ("the", 0)];
        let list = WordList::new(WordList::build(list.into_iter()).expect("built"));
        let channel = Channel::parse("m\trn\t3\nrn\tm\t4\nb\th\t5\n\ts\t8\n");
        let reach = Reach { cost: 14.0, edits: 2, expansions: 5000, words: 8 };
        let words = |w: &str| search(&list, &channel, w, reach).into_iter().map(|f| f.word).collect::<Vec<_>>();
        assert_eq!(words("govemment"), ["government", "governments"]);
        assert_eq!(words("Modem"), ["modern"]);
        assert_eq!(words("tbe"), ["the"]);
        assert!(words(&"m".repeat(39)).is_empty() && words("").is_empty());
    }
}
