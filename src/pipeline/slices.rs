//! Page slices: which part of the final text goes into which page's file.
//!
//! A line belongs to the page of its first surviving original character, an inserted one to the line before it
//! (design, section 2). It must never look for the seam character: seams are followed by offsets.

use super::Issue;
use crate::text::{Composed, Span};

/// The slice of `text`, the final text, for each page. Slices are in order; where a seam character survived it
/// stands between two slices, where it was swallowed they touch.
pub(super) fn cut(issue: &Issue, text: &str, composed: Option<&Composed>) -> Vec<Span> {
    let Some(composed) = composed.filter(|_| issue.pages().len() > 1) else {
        return vec![Span::new(0, text.len())];
    };
    let seams = composed.patch_without(|_| false).map_offsets(&issue.seams());
    // From the back, so that a swallowed seam never passes the next surviving one.
    let mut bounds = vec![(0usize, 0usize); seams.len()];
    let mut limit = text.len();
    let starts = line_starts(text, composed);
    for (n, seam) in seams.iter().enumerate().rev() {
        bounds[n] = match seam {
            Some(at) => (*at, at + 1),
            None => {
                let page = n + 1;
                let first = starts.partition_point(|&(_, origin)| issue.page_at(origin) < page);
                let at = starts.get(first).map_or(text.len(), |&(start, _)| start).min(limit);
                (at, at)
            }
        };
        limit = bounds[n].0;
    }
    let mut from = 0;
    let mut out: Vec<Span> = bounds
        .into_iter()
        .map(|(end, next)| {
            let slice = Span::new(from.min(end), end);
            from = next;
            slice
        })
        .collect();
    out.push(Span::new(from, text.len()));
    out
}

/// Start and origin of each line of the final text; a line without an original character has that of the line before.
fn line_starts(text: &str, composed: &Composed) -> Vec<(usize, usize)> {
    let origins = composed.origins();
    let (mut out, mut start, mut last) = (Vec::new(), 0, 0);
    let ends = memchr::memchr2_iter(b'\n', b'\x0C', text.as_bytes()).map(|at| at + 1).chain([text.len()]);
    for end in ends {
        if end > start {
            last = origins.first_surviving(start, end).unwrap_or(last).max(last);
            out.push((start, last));
        }
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Patch, Splice};

    fn slices(pages: &[&str], splices: Vec<Splice>) -> Vec<String> {
        let issue = Issue::new(pages);
        let patch = Patch::new(splices).expect("sorted");
        let text = patch.apply(issue.text()).expect("fits");
        let mut c = Composed::new();
        c.push(&patch, issue.text()).expect("fits");
        cut(&issue, &text, Some(&c)).iter().map(|s| text[s.range()].to_owned()).collect()
    }

    #[test]
    fn untouched_pages_come_back_as_they_were() {
        assert_eq!(slices(&["a\n", "", "b"], vec![]), ["a\n", "", "b"]);
    }

    #[test]
    fn a_joined_paragraph_stays_on_the_page_where_it_begins() {
        let cut = Splice::delete(Span::new(4, 6));
        assert_eq!(slices(&["x医\n", "生b\nc\n"], vec![cut]), ["x医生b\n", "c\n"]);
    }

    #[test]
    fn a_page_wholly_taken_in_is_empty() {
        let p = vec![Splice::delete(Span::new(1, 2)), Splice::delete(Span::new(3, 4))];
        assert_eq!(slices(&["a", "b", "c\nd"], p), ["abc\n", "", "d"]);
    }

    #[test]
    fn a_swallowed_seam_does_not_pass_a_surviving_one() {
        assert_eq!(slices(&["a", "b\n", "c"], vec![Splice::delete(Span::new(1, 2))]), ["ab\n", "", "c"]);
    }
}
