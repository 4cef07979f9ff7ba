//! Property tests of the core: the promises of the design's section 1, over random texts and layers.

use proptest::prelude::*;
use recto::text::{Composed, Patch, Span, Splice};
use std::collections::HashMap;

/// A text of characters of one, two, three and four bytes.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![Just('a'), Just('é'), Just('医'), Just('𠀀'), Just('\n'), Just('\u{C}')],
        0..40,
    )
    .prop_map(|v| v.into_iter().collect())
}

/// Raw material for one layer: cuts and inserts, made to fit whatever text it meets.
type Seed = Vec<(u8, u8, u8)>;

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    proptest::collection::vec(proptest::collection::vec((0u8..12, 0u8..5, 0u8..5), 0..8), 0..5)
}

const INSERTS: [&str; 5] = ["", "x", "，", "yz", "医生"];

/// A layer over `text`: walks through it and, as the seed says, skips, takes and puts characters.
fn layer(text: &str, seed: &Seed) -> Patch {
    let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let (mut at, mut splices) = (0, Vec::new());
    for &(skip, take, put) in seed {
        let start = (at + skip as usize).min(bounds.len() - 1);
        let end = (start + take as usize).min(bounds.len() - 1);
        splices.push(Splice::replace(Span::new(bounds[start], bounds[end]), INSERTS[put as usize]));
        at = end;
    }
    Patch::new(splices).expect("walked in order")
}

/// The layers with the text each was made for, and the final text.
fn layers(text: &str, seeds: &[Seed]) -> (Vec<(Patch, String)>, String) {
    let (mut out, mut t) = (Vec::new(), text.to_owned());
    for s in seeds {
        let p = layer(&t, s);
        let next = p.apply(&t).expect("fits");
        out.push((p, t));
        t = next;
    }
    (out, t)
}

fn compose(layers: &[(Patch, String)]) -> Composed {
    let mut c = Composed::new();
    for (p, t) in layers {
        c.push(p, t).expect("fits");
    }
    c
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn composed_is_sequential(t in text(), s in seeds()) {
        let (l, last) = layers(&t, &s);
        prop_assert_eq!(compose(&l).patch_without(|_| false).apply(&t).expect("fits"), last);
    }

    #[test]
    fn every_edit_is_in_exactly_one_hunk(t in text(), s in seeds()) {
        let (l, _) = layers(&t, &s);
        let mut seen = HashMap::new();
        for h in compose(&l).hunks() {
            for c in &h.causes {
                *seen.entry(*c).or_insert(0) += 1;
            }
        }
        prop_assert!(seen.values().all(|&n| n == 1));
        prop_assert_eq!(seen.len(), l.iter().map(|(p, _)| p.splices().len()).sum::<usize>());
    }

    #[test]
    fn hunks_are_sorted_and_disjoint(t in text(), s in seeds()) {
        let (l, _) = layers(&t, &s);
        let c = compose(&l);
        prop_assert!(c.hunks().windows(2).all(|w| w[0].before.end() <= w[1].before.start()));
    }

    #[test]
    fn layers_invert(t in text(), s in seeds()) {
        let (l, last) = layers(&t, &s);
        let mut back = last;
        for (p, before) in l.iter().rev() {
            back = p.invert(before).expect("fits").apply(&back).expect("fits");
        }
        prop_assert_eq!(back, t);
    }

    #[test]
    fn any_subset_of_hunks_can_be_dropped(t in text(), s in seeds(), mask in any::<u64>()) {
        let (l, _) = layers(&t, &s);
        let c = compose(&l);
        let mut n = 0;
        let patch = c.patch_without(|_| { n += 1; mask >> (n % 64) & 1 == 1 });
        prop_assert!(patch.check(&t).is_ok());
    }

    #[test]
    fn places_map_alike_one_by_one_and_together(t in text(), s in seeds()) {
        let (l, _) = layers(&t, &s);
        for (p, before) in &l {
            let all: Vec<usize> = before.char_indices().map(|(i, _)| i).chain([before.len()]).collect();
            let single: Vec<_> = all.iter().map(|&o| p.map_offset(o)).collect();
            prop_assert_eq!(p.map_offsets(&all), single);
        }
    }

    #[test]
    fn what_survives_is_the_same_text_at_its_origin(t in text(), s in seeds()) {
        let (l, last) = layers(&t, &s);
        let c = compose(&l);
        let origins = c.origins();
        let forward = c.patch_without(|_| false);
        for (i, ch) in t.char_indices() {
            if let Some(f) = forward.map_offset(i) {
                let span = Span::new(f, f + ch.len_utf8());
                prop_assert_eq!(&last[span.range()], ch.to_string());
                prop_assert_eq!(origins.origin(span), Span::new(i, i + ch.len_utf8()));
                prop_assert_eq!(origins.first_surviving(f, last.len()), Some(i));
            }
        }
    }
}
