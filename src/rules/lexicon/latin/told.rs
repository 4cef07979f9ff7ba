//! What the tables say of a word by itself, looked up once for each.
//!
//! It must never look at a place.

use super::page::Page;

/// What is known of a word, or of words side by side.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) struct Told {
    /// 2 for a word of the list, 1 for one that printed text has, else 0; of several the least.
    pub known: f32,
    /// How common the list says it is: 1 to 6, 7 where it does not say, 9 for what it lacks; of several the most.
    pub band: f32,
    /// Logarithm of the probability of its letters, per letter; of several the mean.
    pub letters: f32,
    /// True where all are written with a capital only.
    pub capital: bool,
}

impl Told {
    /// What is known of `words`, in small letters.
    pub(super) fn of<'w>(page: &Page<'_, '_>, words: impl Iterator<Item = &'w str>) -> Self {
        let (list, near, context) = (page.language.words(page.lang), page.model.near.list(), &page.model.context);
        let (mut all, mut n) = (Self { known: 2.0, band: 0.0, letters: 0.0, capital: true }, 0u8);
        for word in words {
            let found = near.get(word);
            // Only a word of the list has a band there.
            let listed = found.is_some_and(|f| !f.seen).then(|| list.entry(word)).flatten();
            let known = found.map_or(0.0, |f| if f.seen { 1.0 } else { 2.0 });
            let band = listed.map_or(9.0, |e| if e.band == 0 { 7.0 } else { f32::from(e.band) });
            all.known = all.known.min(known);
            all.band = all.band.max(band);
            all.letters += context.log_letters(word);
            all.capital &= found.is_some_and(|f| f.capital && !f.lower);
            n += 1;
        }
        all.letters /= f32::from(n.max(1));
        all
    }
}
