//! The data of a review page: items, groups, queue, texts and log, with places in UTF-16 units as scripts count.
//!
//! The names of the fields are those that model.js reads. It must never hold what the browser can derive, nor a
//! path that the caller did not give.

use super::{PageOptions, Pages, is_free};
use crate::ledger::Group;
use crate::pipeline::OWN_TEXT;
use crate::review::{Decision, Item, State};
use crate::rules;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Version of the form.
const PAGE_DATA_VERSION: u32 = 1;
/// Examples of a rule that its explanation shows.
const EXAMPLES: usize = 2;

/// All that the script reads.
#[derive(Serialize)]
pub(super) struct Data<'s> {
    v: u32,
    tool: &'static str,
    mode: &'static str,
    ui: &'static str,
    run: &'s str,
    folder: &'s str,
    name: &'s str,
    by: Option<&'s str>,
    part: Option<Part<'s>>,
    rules: Vec<RuleData>,
    groups: Vec<GroupData<'s>>,
    issues: Vec<IssueData<'s>>,
    items: Vec<ItemData<'s>>,
    reasons: Vec<&'s str>,
    bundles: Vec<(&'s str, u8, usize, Vec<usize>)>,
    log: &'s [Decision],
}

/// One page of a split review.
#[derive(Serialize, Debug)]
struct Part<'s> {
    name: &'s str,
    index: Option<&'s str>,
}

#[derive(Serialize, Debug)]
struct RuleData {
    id: &'static str,
    zh: &'static str,
    stage: &'static str,
    doc: &'static str,
    examples: Vec<(&'static str, &'static str)>,
}

#[derive(Serialize, Debug)]
struct GroupData<'s> {
    #[serde(flatten)]
    group: &'s Group,
    /// Members in issues that another page of the split review holds.
    #[serde(skip_serializing_if = "is_zero")]
    elsewhere: usize,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

#[derive(Serialize, Debug)]
struct IssueData<'s> {
    name: &'s str,
    lang: &'s str,
    text: &'s str,
    /// Path, start, end.
    pages: Vec<(&'s str, usize, usize)>,
    /// Acts that are stale here.
    stale: BTreeSet<&'s str>,
}

/// id, keys, pieces (start, end, text put), group, confidence, p, reasons, protected, state by the ledger alone, issue,
/// page, line, column, and the words that an act says of it.
type ItemData<'s> = (
    &'s str,
    &'s [String],
    Vec<(usize, usize, &'s str)>,
    usize,
    &'static str,
    Option<f64>,
    Vec<usize>,
    Option<&'static str>,
    &'static str,
    usize,
    usize,
    usize,
    usize,
    String,
);

impl<'s> Data<'s> {
    /// Gathers the data; with `options.issue` of that issue alone.
    pub(super) fn new(pages: &Pages<'s>, options: &'s PageOptions) -> Self {
        let session = pages.session;
        let opened: Vec<_> = session.issues().collect();
        let issues: Vec<usize> = (0..opened.len()).filter(|&n| options.issue.is_none_or(|i| i == n)).collect();
        let shown: Vec<(usize, usize)> =
            issues.iter().enumerate().flat_map(|(place, &n)| pages.items[n].iter().map(move |&m| (m, place))).collect();

        let mut groups: BTreeMap<&Group, usize> = BTreeMap::new();
        let mut here: Vec<usize> = Vec::new();
        for &(n, _) in &shown {
            let i = &session.items()[n];
            let next = groups.len();
            let g = *groups.entry(&i.group).or_insert(next);
            here.resize(groups.len(), 0);
            here[g] += usize::from(is_free(i));
        }

        let mut texts: Vec<IssueData<'s>> = Vec::new();
        let mut units: Vec<Units<'s>> = Vec::new();
        for &n in &issues {
            let o = opened[n];
            let text = o.original.as_str();
            let mut at = 0;
            let bounds: Vec<(&str, usize, usize)> = o
                .ledger
                .header
                .pages
                .iter()
                .map(|p| {
                    let start = at;
                    at += p.text + crate::document::SEAM.len_utf8();
                    (p.path.as_str(), start, (start + p.text).min(text.len()))
                })
                .collect();
            let own = pages.items[n].iter().flat_map(|&m| &session.items()[m].pieces);
            let ends = own.flat_map(|p| [p.before.start(), p.before.end()]);
            let u = Units::new(text, ends.chain(bounds.iter().flat_map(|b| [b.1, b.2])));
            let stale = pages.items[n].iter().map(|&m| &session.items()[m]).filter(|i| i.state == State::Stale);
            texts.push(IssueData {
                name: &o.name,
                lang: options.language.as_deref().unwrap_or(""),
                text,
                pages: bounds.into_iter().map(|(p, a, b)| (p, u.at(a), u.at(b))).collect(),
                stale: stale.filter_map(|i| i.act.as_deref()).collect(),
            });
            units.push(u);
        }

        let mut reasons: Vec<&str> = Vec::new();
        let mut reason_number: HashMap<&str, usize> = HashMap::new();
        let mut items: Vec<ItemData<'s>> = Vec::with_capacity(shown.len());
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (new, &(n, issue)) in shown.iter().enumerate() {
            let i = &session.items()[n];
            if let Some(b) = pages.bundle[n] {
                members.entry(b).or_default().push(new);
            }
            let why = i.reasons.iter().map(|r| {
                *reason_number.entry(r).or_insert_with(|| {
                    reasons.push(r);
                    reasons.len() - 1
                })
            });
            let why = why.collect();
            let page = texts[issue].pages.iter().position(|p| p.0 == i.page).unwrap_or(0);
            items.push(item(i, &units[issue], groups[&i.group], why, (issue, page), session.what(n)));
        }
        let bundles = members.into_iter().filter_map(|(b, members)| {
            let b = session.bundle(b)?;
            Some((b.id.as_str(), b.rank, groups.get(&b.group).copied()?, members))
        });
        let bundles = bundles.collect();

        let used: BTreeSet<&str> = groups.keys().filter_map(|g| g.rule.as_deref()).collect();
        let mut group_list: Vec<(&Group, usize)> = groups.into_iter().collect();
        group_list.sort_by_key(|(_, n)| *n);
        Self {
            v: PAGE_DATA_VERSION,
            tool: concat!("recto ", env!("CARGO_PKG_VERSION")),
            mode: options.mode.name(),
            ui: options.ui(),
            run: session.run(),
            folder: &options.folder,
            name: &options.name,
            by: options.by.as_deref(),
            part: options
                .issue
                .and_then(|n| opened.get(n))
                .map(|o| Part { name: &o.name, index: options.index.as_deref() }),
            rules: used.into_iter().filter_map(rule).collect(),
            groups: group_list
                .into_iter()
                .map(|(group, n)| GroupData {
                    group,
                    elsewhere: pages.free.get(group).map_or(0, |all| all.saturating_sub(here[n])),
                })
                .collect(),
            issues: texts,
            items,
            reasons,
            bundles,
            log: session.log().acts(),
        }
    }
}

fn rule(id: &str) -> Option<RuleData> {
    let r = if id == OWN_TEXT.id { &OWN_TEXT } else { rules::find(id)? };
    let examples = r.examples.iter().take(EXAMPLES).map(|e| (e.before, e.after)).collect();
    Some(RuleData { id: r.id, zh: r.name_zh, stage: r.stage.name(), doc: r.doc, examples })
}

fn item<'s>(
    i: &'s Item,
    units: &Units<'s>,
    group: usize,
    reasons: Vec<usize>,
    (issue, page): (usize, usize),
    what: String,
) -> ItemData<'s> {
    let pieces = i.pieces.iter().map(|p| (units.at(p.before.start()), units.at(p.before.end()), p.after.as_str()));
    let p = i.p.map(|p| (f64::from(p) * 1000.0).round() / 1000.0);
    (
        &i.id,
        &i.keys,
        pieces.collect(),
        group,
        i.confidence.name(),
        p,
        reasons,
        i.protected,
        i.base.name(),
        issue,
        page,
        i.line,
        i.column,
        what,
    )
}

/// Places of a text in UTF-16 units.
#[derive(Debug)]
struct Units<'t> {
    text: &'t str,
    /// (bytes, units), sorted.
    known: Vec<(usize, usize)>,
}

impl<'t> Units<'t> {
    /// Counts once through `text` up to each of `places` (bytes).
    fn new(text: &'t str, places: impl Iterator<Item = usize>) -> Self {
        let mut wanted: Vec<usize> = places.collect();
        wanted.sort_unstable();
        wanted.dedup();
        let (mut at, mut units) = (0, 0);
        let known = wanted.into_iter().map(|w| {
            let piece = text.get(at..w).unwrap_or("");
            units += piece.chars().map(char::len_utf16).sum::<usize>();
            at = w.max(at);
            (w, units)
        });
        let known = known.collect();
        Self { text, known }
    }

    fn at(&self, bytes: usize) -> usize {
        match self.known.binary_search_by_key(&bytes, |k| k.0) {
            Ok(n) => self.known[n].1,
            Err(_) => self.text.get(..bytes).map_or(0, |t| t.encode_utf16().count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_scripts_count() {
        let text = "a医𠮷b";
        let u = Units::new(text, [0, 1, 4, 8, 9].into_iter());
        assert_eq!([0, 1, 4, 8, 9].map(|b| u.at(b)), [0, 1, 2, 4, 5]);
    }
}
