//! Overlaps: where two fixes want the same place, the one whose check stands first in the registry wins.
//!
//! A losing fix is recorded with the winner's name, never dropped. It must never look at a rule's id to decide.

use crate::ledger::Fate;
use crate::rule::Finding;
use crate::text::{Span, Splice};
use std::collections::BTreeMap;

/// What a finding asks for.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Wish {
    /// A person accepted it: it wins over what a rule wants.
    Forced,
    /// The policy applies it.
    Yes,
    /// It is not applied.
    No,
}

/// The fate of each finding. `findings` are in order of rank.
pub(super) fn fates(findings: &[Finding], wants: impl Fn(usize, &Finding) -> Wish) -> Vec<Fate> {
    let mut out: Vec<Fate> = Vec::with_capacity(findings.len());
    let mut asking: Vec<(usize, usize, usize)> = Vec::new();
    let mut forced: Vec<usize> = Vec::new();
    for (n, f) in findings.iter().enumerate() {
        let wish = wants(n, f);
        out.push(if wish == Wish::No { Fate::Proposed } else { Fate::Applied });
        if wish == Wish::Forced {
            forced.push(n);
        }
        if let (true, Some(fix)) = (wish != Wish::No, &f.fix) {
            asking.extend(fix.splices().iter().map(|s| (s.span.start(), s.span.end(), n)));
        }
    }
    for n in contested(findings, asking, &forced) {
        out[n.0] = Fate::Superseded(findings[n.1].rule.id.into());
    }
    out
}

/// The losers with their winners. Only findings that touch a conflict are looked at one by one.
fn contested(findings: &[Finding], mut asking: Vec<(usize, usize, usize)>, forced: &[usize]) -> Vec<(usize, usize)> {
    asking.sort_unstable();
    let mut hot: Vec<usize> = Vec::new();
    let mut reach: Option<(usize, usize, usize)> = None;
    for &(start, end, n) in &asking {
        if let Some((s, e, m)) = reach
            && m != n
            && clash(Span::new(s, e), Span::new(start, end))
        {
            hot.extend([m, n]);
        }
        if reach.is_none_or(|(_, e, _)| end >= e) {
            reach = Some((start, end, n));
        }
    }
    if hot.is_empty() {
        return Vec::new();
    }
    hot.sort_unstable();
    hot.dedup();
    hot.sort_by_key(|n| (forced.binary_search(n).is_err(), *n));
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut losers = Vec::new();
    for n in hot {
        let splices = findings[n].fix.as_ref().map_or(&[][..], |f| f.splices());
        match splices.iter().find_map(|s| occupant(&taken, s, findings)) {
            Some(winner) => losers.push((n, winner)),
            None => taken.extend(splices.iter().map(|s| ((s.span.start(), s.span.end()), n))),
        }
    }
    losers
}

/// Two spans want the same bytes or the same insertion point, or one inserts inside the other.
fn clash(a: Span, b: Span) -> bool {
    a.overlaps(b)
        || (a.is_empty() && b.is_empty() && a.start() == b.start())
        || (a.is_empty() && b.start() < a.start() && a.start() < b.end())
        || (b.is_empty() && a.start() < b.start() && b.start() < a.end())
}

fn occupant(taken: &BTreeMap<(usize, usize), usize>, s: &Splice, findings: &[Finding]) -> Option<usize> {
    let span = s.span;
    // Taken spans are disjoint, so only the last one at or before the start and those up to the end can clash.
    let before = taken.range(..=(span.start(), usize::MAX)).rev().take(2);
    let after = taken.range((span.start(), 0)..=(span.end(), usize::MAX));
    let clashes = |a: usize, b: usize, who: usize| clash(Span::new(a, b), span) && !same_insertion(&findings[who], s);
    before.chain(after).map(|(&(a, b), &who)| (a, b, who)).find(|&(a, b, who)| clashes(a, b, who)).map(|x| x.2)
}

/// Equal insertions at one point commute, so several fixes may bring the same one (a form feed put back).
fn same_insertion(other: &Finding, s: &Splice) -> bool {
    s.span.is_empty()
        && other.fix.as_ref().is_some_and(|f| f.splices().iter().any(|o| o.span == s.span && o.insert == s.insert))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Confidence, Fix, Rule, Stage};

    macro_rules! rule {
        ($name:ident, $id:literal) => {
            static $name: Rule = Rule {
                id: $id,
                name_zh: "",
                stage: Stage::Debris,
                confidence: Confidence::Certain,
                doc: "",
                examples: &[],
                leaves_alone: &[],
                flag: false,
            };
        };
    }
    rule!(FIRST, "first");
    rule!(SECOND, "second");

    fn edit(rule: &'static Rule, spans: &[(usize, usize)]) -> Finding {
        Finding::edit(rule, Fix::many(spans.iter().map(|&(a, b)| Splice::replace(Span::new(a, b), "x"))))
    }

    fn applied(f: &[Finding]) -> Vec<bool> {
        fates(f, |_, _| Wish::Yes).iter().map(|f| *f == Fate::Applied).collect()
    }

    #[test]
    fn the_earlier_rank_wins_and_the_loser_names_it() {
        let f = [edit(&FIRST, &[(2, 6)]), edit(&SECOND, &[(0, 3)]), edit(&SECOND, &[(8, 9)])];
        let got = fates(&f, |_, _| Wish::Yes);
        assert_eq!(got, [Fate::Applied, Fate::Superseded("first".into()), Fate::Applied]);
    }

    #[test]
    fn what_a_person_accepted_wins_over_an_earlier_rank() {
        let f = [edit(&FIRST, &[(2, 6)]), edit(&SECOND, &[(0, 3)])];
        let got = fates(&f, |n, _| if n == 1 { Wish::Forced } else { Wish::Yes });
        assert_eq!(got, [Fate::Superseded("second".into()), Fate::Applied]);
    }

    #[test]
    fn a_fix_stands_or_falls_as_a_whole() {
        let f = [edit(&FIRST, &[(0, 2)]), edit(&SECOND, &[(1, 3), (8, 9)]), edit(&SECOND, &[(8, 10)])];
        assert_eq!(applied(&f), [true, false, true]);
    }

    #[test]
    fn a_long_fix_blocks_all_that_it_covers() {
        let f = [edit(&FIRST, &[(0, 9)]), edit(&SECOND, &[(1, 2)]), edit(&SECOND, &[(5, 6)]), edit(&SECOND, &[(9, 9)])];
        assert_eq!(applied(&f), [true, false, false, true]);
    }

    #[test]
    fn equal_insertions_at_one_point_commute_and_different_ones_do_not() {
        let ins = |rule, t: &'static str| Finding::edit(rule, Fix::one(Splice::insert(4, t)));
        assert_eq!(applied(&[ins(&FIRST, "a"), ins(&SECOND, "a")]), [true, true]);
        assert_eq!(applied(&[ins(&FIRST, "a"), ins(&SECOND, "b")]), [true, false]);
    }
}
