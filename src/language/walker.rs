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

    fn packed(self) -> u64 {
        u64::from(self.mask) << 32 | u64::from(self.count) << 16 | u64::from(self.last)
    }

    #[inline]
    fn unpacked(cell: u64) -> Self {
        Self { mask: (cell >> 32) as u32, count: (cell >> 16) as u16, last: cell as u16 }
    }
}

/// One byte that leads on.
#[derive(Copy, Clone, Debug)]
struct Arc {
    byte: u8,
    out: u16,
    /// Number of the place, or with [`FRESH`] its address.
    to: u32,
}

impl Arc {
    fn packed(self) -> u64 {
        u64::from(self.byte) << 48 | u64::from(self.out) << 32 | u64::from(self.to)
    }

    #[inline]
    fn unpacked(cell: u64) -> Self {
        Self { byte: (cell >> 48) as u8, out: (cell >> 32) as u16, to: cell as u32 }
    }
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
    /// A place and behind it what leads on from it, so that both are in memory side by side.
    cells: Vec<u64>,
    by_address: HashMap<u32, u32>,
}

impl Walker {
    /// Makes it ready; the first use decides the transducer.
    pub(super) fn open(&mut self, fst: &Fst) {
        if self.cells.is_empty() {
            self.place(fst, fst.root().addr() as u32);
        }
    }

    /// A place by its number; that of the first is 0.
    #[inline]
    pub(super) fn node(&self, number: u32) -> Node {
        Node::unpacked(self.cells[number as usize])
    }

    /// The place after these bytes and what the way puts out.
    #[inline]
    pub(super) fn walk(&mut self, fst: &Fst, mut number: u32, bytes: &[u8]) -> Option<(u32, u32)> {
        let mut out = 0;
        for &byte in bytes {
            let (node, bit) = (self.node(number), class_bit(byte));
            if node.mask & bit == 0 {
                return None;
            }
            let arcs = number as usize + 1;
            let mut k = arcs + (node.mask & (bit - 1)).count_ones() as usize;
            let mut arc = Arc::unpacked(self.cells[k]);
            if arc.byte != byte {
                let all = &self.cells[arcs..arcs + usize::from(node.count)];
                k = arcs + all.iter().position(|a| Arc::unpacked(*a).byte == byte)?;
                arc = Arc::unpacked(self.cells[k]);
            }
            out += u32::from(arc.out);
            number = arc.to;
            if number & FRESH != 0 {
                number = self.place(fst, number & !FRESH);
                self.cells[k] = Arc { to: number, ..arc }.packed();
            }
        }
        Some((number, out))
    }

    fn place(&mut self, fst: &Fst, address: u32) -> u32 {
        if let Some(&n) = self.by_address.get(&address) {
            return n;
        }
        let node = fst.node(address as usize);
        let n = self.cells.len();
        self.cells.push(0);
        let mut mask = ANY;
        for t in node.transitions() {
            mask |= class_bit(t.inp);
            let arc = Arc { byte: t.inp, out: t.out.value() as u16, to: t.addr as u32 | FRESH };
            self.cells.push(arc.packed());
        }
        let last = if node.is_final() { node.final_output().value() as u16 + 1 } else { 0 };
        self.cells[n] = Node { mask, count: node.len() as u16, last }.packed();
        self.by_address.insert(address, n as u32);
        n as u32
    }
}
