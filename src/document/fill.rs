//! How full a line is: the density of what is missing to the column's edge, when the next unit did not fit any more.
//!
//! Numbers for evidence only. It must never look at what a line says.

/// Softness of the edges of a full line, in em: Chinese cells, Latin type in a known face.
const SOFT: [f32; 2] = [0.30, 0.15];
/// Share of lines that OCR noise put anywhere, and the span over which they lie, in em.
const NOISE: (f32, f32) = (0.12, 24.0);
/// Share of long words that the compositor would rather have set whole than divided, measured on printed pages: equal
/// shares give the greatest likelihood.
const WHOLE: f32 = 0.5;

/// The start of a line: what the line before had no room for, in em.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub struct Unit {
    /// Its first word with the space before it, or a Chinese character with its marks.
    pub whole: f32,
    /// The first part of the word with a hyphen; the same as `whole` where it cannot be divided.
    pub part: f32,
    /// Latin type.
    pub latin: bool,
}

/// Density of the slack of a full line (em): uniform from 0 to the unit that did not fit, with soft edges and a flat
/// share against noise.
pub fn full_density(slack: f32, unit: Unit) -> f32 {
    let soft = SOFT[usize::from(unit.latin)];
    let step = |x: f32| 1.0 / (1.0 + (-1.702 * x / soft).exp());
    let start = step(slack);
    let room = |u: f32| {
        let u = u.max(0.4);
        (start - step(slack - u)).max(0.0) / u
    };
    let whole = room(unit.whole);
    let dense = if unit.part < unit.whole { WHOLE * whole + (1.0 - WHOLE) * room(unit.part) } else { whole };
    (1.0 - NOISE.0) * dense + NOISE.0 / NOISE.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_line_is_likelier_full_than_short() {
        let cell = Unit { whole: 1.0, part: 1.0, latin: false };
        assert!(full_density(0.2, cell) > 0.5);
        assert!(full_density(9.0, cell) < 0.01);
    }

    #[test]
    fn a_long_word_is_divided_before_much_room_is_left() {
        let word = Unit { whole: 6.0, part: 2.0, latin: true };
        assert!(full_density(1.0, word) > 2.0 * full_density(4.0, word));
        assert!(full_density(4.0, word) > 2.0 * full_density(8.0, word));
    }
}
