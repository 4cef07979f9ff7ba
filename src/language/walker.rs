//! The places of a transducer that searches came by, kept in a form that is quick to walk.
//!
//! It must never answer otherwise than the transducer itself.

use std::borrow::Cow;
use std::collections::HashMap;

/// The transducer of a list.
pub(super) type Fst = fst::raw::Fst<Cow<'static, [u8]>>;

/// A place, with what it leads to in one word of bits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Node {
    mask: u32,
    arcs: u32,
    count: u16,
    last: u16,
}

impl Node {
    /// Classes of the bytes that lead on, as [`class_bit`] gives them.
    #[inline]
    pub(super) fn mask(self) -> u32 {
        self.mask
    }

    /// What a word that ends here puts out last; None where none does.
    #[inline]
    pub(super) fn last(self) -> Option<u32> {
        u32::from(self.last).checked_sub(1)
    }
}

#[derive(Copy, Clone, Debug)]
struct Arc {
    byte: u8,
    out: u16,
    /// Number of the place, or with [`FRESH`] its address.
    to: u32,
}

const FRESH: u32 = 1 << 31;

/// The bit of a byte's class: each small letter has its own, all else that is ASCII shares two, all above one. Bytes in
/// order have classes in order.
#[inline]
pub(super) const fn class_bit(byte: u8) -> u32 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a' + 2),
        0..=0x60 => 1,
        0x7B..=0x7F => 1 << 28,
        _ => 1 << 29,
    }
}

/// A bit that every place has: of a confusion where nothing was printed.
pub(super) const ANY: u32 = 1 << 31;

/// Places come by, of one transducer.
#[derive(Debug, Default)]
pub(super) struct Walker {
    nodes: Vec<Node>,
    arcs: Vec<Arc>,
    by_address: HashMap<u32, u32>,
}

impl Walker {
    /// Makes it ready; the first use decides the transducer.
    pub(super) fn open(&mut self, fst: &Fst) {
        if self.nodes.is_empty() {
            self.place(fst, fst.root().addr() as u32);
        }
    }

    /// A place by its number; that of the first is 0.
    #[inline]
    pub(super) fn node(&self, number: u32) -> Node {
        self.nodes[number as usize]
    }

    /// The place after these bytes and what the way puts out.
    #[inline]
    pub(super) fn walk(&mut self, fst: &Fst, mut number: u32, bytes: &[u8]) -> Option<(u32, u32)> {
        let mut out = 0;
        for &byte in bytes {
            let (node, bit) = (self.nodes[number as usize], class_bit(byte));
            if node.mask & bit == 0 {
                return None;
            }
            let mut k = node.arcs as usize + (node.mask & (bit - 1)).count_ones() as usize;
            if self.arcs[k].byte != byte {
                let all = node.arcs as usize..node.arcs as usize + usize::from(node.count);
                k = all.start + self.arcs[all].iter().position(|a| a.byte == byte)?;
            }
            let arc = self.arcs[k];
            out += u32::from(arc.out);
            number = arc.to;
            if number & FRESH != 0 {
                number = self.place(fst, number & !FRESH);
                self.arcs[k].to = number;
            }
        }
        Some((number, out))
    }

    fn place(&mut self, fst: &Fst, address: u32) -> u32 {
        if let Some(&n) = self.by_address.get(&address) {
            return n;
        }
        let node = fst.node(address as usize);
        let arcs = self.arcs.len() as u32;
        let mut mask = ANY;
        for t in node.transitions() {
            mask |= class_bit(t.inp);
            self.arcs.push(Arc { byte: t.inp, out: t.out.value() as u16, to: t.addr as u32 | FRESH });
        }
        let last = if node.is_final() { node.final_output().value() as u16 + 1 } else { 0 };
        let n = self.nodes.len() as u32;
        self.nodes.push(Node { mask, arcs, count: node.len() as u16, last });
        self.by_address.insert(address, n);
        n
    }
}
