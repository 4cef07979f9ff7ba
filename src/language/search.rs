//! The words that a reading may have been, likeliest first: a best-first walk over a list of words with the channel's
//! confusions, led by what a path cost and by how common the words are that it may still reach.
//!
//! It must never run on without bound: places are counted.

use super::channel::{Channel, PACE, Slot, TENTHS};
use super::near::{Near, NearList, RAREST, rarity_of};
use super::walker::{Fst, Walker};
use super::words::fold_word;
use smallvec::SmallVec;

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
    pub near: Near,
    /// Keys of the confusions: see [`super::channel::swap_key`].
    pub swaps: SmallVec<[u32; 4]>,
}

/// What a step of rarity counts for beside the cost, in tenths.
const RARITY: u32 = 6;
/// A word this much worse than the best found is no rival to it, in tenths.
const RIVAL: u32 = 80;
/// Longer words are not looked for.
const LONGEST: usize = 40;
/// Costs above this are not told apart.
const COSTLIEST: u32 = 250;
/// Ranks that a place may have.
const RANKS: usize = (COSTLIEST + RARITY * RAREST as u32 + PACE * (LONGEST as u32 + SLACK)) as usize + 2;
/// Letters that a confusion may run ahead of its place.
const SLACK: u32 = 4;
/// Confusions looked at for what a fresh place may be worth.
const GLANCE: usize = 8;
/// No place, no path.
const NONE: u32 = u32::MAX;

/// The confusions so far; what lies between was read right.
#[derive(Copy, Clone, Debug)]
struct Path {
    /// The path before the last confusion.
    parent: u32,
    /// The last confusion, where it began and where it ended.
    row: u16,
    from: u8,
    to: u8,
    cost: u16,
    edits: u8,
}

/// A place on a path, from which confusions go on, cheapest first.
#[derive(Copy, Clone, Debug)]
struct Place {
    path: u32,
    node: u32,
    out: u32,
    /// Letters read.
    at: u8,
    /// The next confusion to be tried.
    row: u16,
    /// False until one that fits was looked for: most places are never come to.
    looked: bool,
    /// The next place of the same rank.
    next: u32,
}

/// Room for searches, kept between them.
#[derive(Debug, Default)]
pub struct Room {
    walker: Walker,
    paths: Vec<Path>,
    places: Vec<Place>,
    ranks: Vec<u32>,
}

/// What is looked for.
struct Read<'a> {
    chars: &'a [char],
    /// The letters as the list keys them.
    keys: SmallVec<[SmallVec<[u8; 4]>; 24]>,
    /// The confusions of each place, the end among them.
    rows: SmallVec<[&'a [Slot]; 32]>,
    most: u32,
    edits: u8,
}

impl<'a> Read<'a> {
    fn new(channel: &'a Channel, chars: &'a [char], reach: Reach) -> Self {
        let key = |c: &char| SmallVec::from_slice(&fold_word(c.encode_utf8(&mut [0; 4])));
        Self {
            chars,
            keys: chars.iter().map(key).collect(),
            rows: chars.iter().map(|c| channel.at(Some(*c))).chain([channel.at(None)]).collect(),
            most: ((reach.cost * TENTHS) as u32).min(COSTLIEST),
            edits: reach.edits,
        }
    }
}

/// The words of `list` that `read` may stand for, cheapest first. `room` must have served no other list.
pub fn search(list: &NearList, channel: &Channel, read: &str, reach: Reach, room: &mut Room) -> Vec<Found> {
    let chars: SmallVec<[char; 24]> = read.chars().collect();
    let Some(fst) = list.transducer() else { return Vec::new() };
    if chars.is_empty() || chars.len() > LONGEST {
        return Vec::new();
    }
    let read = Read::new(channel, &chars, reach);
    room.walker.open(fst);
    room.paths.clear();
    room.places.clear();
    room.ranks.clear();
    room.ranks.resize(RANKS, NONE);
    let mut s = Search { fst, channel, read, room, lowest: RANKS, end: RANKS, found: Vec::new() };
    s.go_on(Path { parent: NONE, row: 0, from: 0, to: 0, cost: 0, edits: 0 }, 0, 0);
    let mut tried = 0;
    while tried < reach.expansions && s.found.len() < reach.words {
        let Some(place) = s.cheapest() else { break };
        if s.room.places[place as usize].looked {
            s.confuse(place);
            tried += 1;
        } else {
            s.queue(place);
        }
    }
    let mut found = s.found;
    found.sort_by(|(_, a), (_, b)| a.cost.total_cmp(&b.cost).then_with(|| a.word.cmp(&b.word)));
    found.into_iter().map(|f| f.1).collect()
}

struct Search<'a> {
    fst: &'a Fst,
    channel: &'a Channel,
    read: Read<'a>,
    room: &'a mut Room,
    lowest: usize,
    end: usize,
    found: Vec<(u32, Found)>,
}

impl Search<'_> {
    /// The place of the lowest rank, taken out.
    fn cheapest(&mut self) -> Option<u32> {
        let ranks = self.room.ranks.get(self.lowest..self.end)?;
        self.lowest += ranks.iter().position(|r| *r != NONE)?;
        let this = self.room.ranks[self.lowest];
        self.room.ranks[self.lowest] = self.room.places[this as usize].next;
        Some(this)
    }

    /// Puts a fresh place where its best confusion would belong, whether it fits or not.
    fn wait(&mut self, place: Place) {
        let number = self.room.places.len() as u32;
        self.room.places.push(place);
        // The first of the best rows that may fit; where none of them does, what comes after is no better than the next.
        let mask = self.room.walker.node(place.node).mask();
        let rows = self.read.rows[usize::from(place.at)];
        let best = rows.iter().take(GLANCE).find(|s| s.first & mask != 0).or(rows.get(GLANCE));
        if let Some(best) = best {
            self.put(number, place, best.step);
        }
    }

    /// Puts a place at the rank that a step from it has.
    fn put(&mut self, number: u32, place: Place, step: i16) {
        let rank = i64::from(self.room.paths[place.path as usize].cost)
            + i64::from(step)
            + i64::from(RARITY * rarity_of(u64::from(place.out)) as u32)
            + i64::from(PACE * (LONGEST as u32 + SLACK - u32::from(place.at)));
        let rank = rank as usize;
        if rank < self.end {
            self.room.places[number as usize].next = std::mem::replace(&mut self.room.ranks[rank], number);
            self.lowest = self.lowest.min(rank);
        }
    }

    /// Puts a place where its next confusion belongs, unless none is left.
    fn queue(&mut self, number: u32) {
        let place = &mut self.room.places[number as usize];
        let path = &self.room.paths[place.path as usize];
        let (at, mask) = (usize::from(place.at), self.room.walker.node(place.node).mask());
        let left = self.read.most - u32::from(path.cost);
        let rows = &self.read.rows[at][usize::from(place.row)..];
        let may = |s: &Slot| mask & s.first != 0 && u32::from(s.cost) <= left;
        let chars = &self.read.chars[at..];
        // What steps farther than what is left costs more than it.
        let mut near = rows.iter().take_while(|s| i64::from(s.step) <= i64::from(left));
        let Some(next) = near.position(|s| may(s) && self.channel.row(s.row).fits(chars)) else { return };
        place.row += next as u16;
        place.looked = true;
        let (place, step) = (*place, rows[next].step);
        self.put(number, place, step);
    }

    /// Takes the next confusion of a place.
    fn confuse(&mut self, number: u32) {
        let place = &mut self.room.places[number as usize];
        let (this, row) = (*place, self.read.rows[usize::from(place.at)][usize::from(place.row)].row);
        place.row += 1;
        let path = self.room.paths[this.path as usize];
        self.queue(number);
        let r = self.channel.row(row);
        if let Some((to, out)) = self.room.walker.walk(self.fst, this.node, r.printed()) {
            let (from, cost) = (this.at, path.cost + r.cost);
            let next = Path { parent: this.path, row, from, to: from + r.read, cost, edits: path.edits + 1 };
            self.go_on(next, to, this.out + out);
        }
    }

    /// Follows the letters as they were read; each place on the way is one where a confusion may come.
    fn go_on(&mut self, path: Path, mut node: u32, mut out: u32) {
        let (number, mut at) = (self.room.paths.len() as u32, usize::from(path.to));
        self.room.paths.push(path);
        loop {
            if path.edits < self.read.edits {
                self.wait(Place { path: number, node, out, at: at as u8, row: 0, looked: false, next: NONE });
            }
            let Some(key) = self.read.keys.get(at) else { break };
            let Some((to, more)) = self.room.walker.walk(self.fst, node, key) else { return };
            (node, out, at) = (to, out + more, at + 1);
        }
        if let (Some(last), true) = (self.room.walker.node(node).last(), path.edits > 0) {
            self.keep(number, path, Near::from_code(u64::from(out + last)));
        }
    }

    fn keep(&mut self, number: u32, path: Path, near: Near) {
        let total = u32::from(path.cost) + RARITY * u32::from(near.rarity);
        let letters = self.read.keys.len();
        let (word, swaps) = spell(&self.read.keys, &self.room.paths, self.channel, number, letters);
        let (cost, edits) = (f32::from(path.cost) / TENTHS, path.edits);
        match self.found.iter_mut().find(|f| f.1.word == word) {
            Some((t, f)) if *t > total => (*t, f.cost, f.edits, f.swaps) = (total, cost, edits, swaps),
            Some(_) => {}
            None => self.found.push((total, Found { word, cost, edits, near, swaps })),
        }
        self.end = self.end.min((total + RIVAL + PACE * (LONGEST as u32 + SLACK - letters as u32)) as usize);
    }
}

fn spell(
    keys: &[SmallVec<[u8; 4]>],
    paths: &[Path],
    channel: &Channel,
    mut path: u32,
    mut end: usize,
) -> (String, SmallVec<[u32; 4]>) {
    let (mut parts, mut swaps) = (SmallVec::<[&[u8]; 64]>::new(), SmallVec::new());
    while let Some(p) = paths.get(path as usize) {
        parts.extend(keys[usize::from(p.to)..end].iter().rev().map(|k| k.as_slice()));
        if p.parent != NONE {
            parts.push(channel.row(p.row).printed());
            swaps.push(channel.row(p.row).swap);
        }
        end = usize::from(p.from);
        path = p.parent;
    }
    let bytes: Vec<u8> = parts.iter().rev().flat_map(|p| p.iter().copied()).collect();
    (String::from_utf8_lossy(&bytes).into_owned(), swaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::WordList;

    #[test]
    fn the_cheapest_word_comes_first_and_the_search_ends() {
        let list = [("government", 0), ("governments", 0), ("modern", 0), ("Modem", 0), ("the", 0), ("th\u{e9}", 0)];
        let list = WordList::new(WordList::build(list.into_iter()).expect("built"));
        let list = NearList::new(NearList::build(&list, std::iter::empty(), &|_| -9.0).expect("built"));
        let channel = Channel::parse("m\trn\t3\nrn\tm\t4\nb\th\t5\ne\t\u{e9}\t4\n\ts\t7\n");
        let reach = Reach { cost: 14.0, edits: 2, expansions: 5000, words: 8 };
        let mut room = Room::default();
        let mut words =
            |w: &str| search(&list, &channel, w, reach, &mut room).into_iter().map(|f| f.word).collect::<Vec<_>>();
        assert_eq!(words("govemment"), ["government", "governments"]);
        assert_eq!(words("Modem"), ["modern"]);
        assert_eq!(words("tbe"), ["the", "th\u{e9}"]);
        assert!(words(&"m".repeat(39)).is_empty() && words("").is_empty());
    }
}
