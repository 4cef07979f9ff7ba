//! A person's edits of the output as `edit` decisions. It must never take for an edit what a rule did.

use super::decision::{Decision, Log, Op};
use super::replay::{Replayed, locate, own_key, replay};
use super::session::own_place;
use super::{Opened, issue_name};
use crate::ledger::changes;
use crate::pipeline::{Cleaned, Cleaner, DecodedPage};
use crate::text::{Alignment, Span};
use std::collections::BTreeSet;

/// Rounds of replay and comparison: what a rule does anew after an own text is taken up in the next one.
const MOST_ROUNDS: usize = 5;

/// The acts after which the issue comes out as `wanted` (its pages in order). `log` has all earlier acts.
///
/// # Errors
/// Why the edits cannot be expressed, in words for a person.
pub fn adopt(
    cleaner: &Cleaner<'_>,
    pages: &[DecodedPage],
    log: &Log,
    wanted: &[String],
) -> Result<Vec<Decision>, String> {
    let mut log = log.clone();
    let first = log.acts().len();
    for _ in 0..MOST_ROUNDS {
        let Replayed { cleaned, .. } = replay(cleaner, pages.to_vec(), &log);
        let target = whole(&cleaned, wanted);
        if cleaned.text == target {
            return Ok(log.acts()[first..].to_vec());
        }
        for act in acts(&cleaned, &target, &log)? {
            log.push(act);
        }
    }
    Err("the edits and the rules keep changing each other; accept or reject the changes beside them first".into())
}

/// The wanted pages as one text, with the seams that the slices show.
fn whole(cleaned: &Cleaned, wanted: &[String]) -> String {
    let (mut text, mut end) = (String::new(), 0);
    for (p, page) in cleaned.ledger.header.pages.iter().zip(wanted) {
        if p.slice.0 == end + 1 {
            text.push(crate::document::SEAM);
        }
        text.push_str(page);
        end = p.slice.1;
    }
    text
}

/// A hunk of the output: in the original, in the output, and its change.
struct Made {
    before: Span,
    last: Span,
    change: usize,
}

fn acts(cleaned: &Cleaned, target: &str, log: &Log) -> Result<Vec<Decision>, String> {
    let original = cleaned.issue.text();
    let all = changes(original, &cleaned.ledger.layers).map_err(|e| e.to_string())?;
    let mut made: Vec<Made> = Vec::new();
    for (change, c) in all.iter().enumerate() {
        made.extend(c.hunks.iter().map(|h| Made { before: h.before, last: Span::at(h.after.len()), change }));
    }
    made.sort_by_key(|m| m.before);
    let (mut gone, mut come) = (0, 0);
    for m in &mut made {
        let (start, len) = (m.before.start() + come - gone, m.last.start());
        gone += m.before.len();
        come += len;
        m.last = Span::new(start, start + len);
    }
    let alignment = Alignment::new(&cleaned.text, target);
    let gaps = alignment.gaps();
    // Regions of the output: what was edited, grown over every change that it touches, all its places.
    let mut regions: Vec<Span> = gaps.iter().map(|g| g.0).collect();
    let mut touched: BTreeSet<usize> = BTreeSet::new();
    loop {
        merge(&mut regions);
        let meets = |m: &&Made| regions.iter().any(|r| r.start() <= m.last.end() && m.last.start() <= r.end());
        let now: BTreeSet<usize> = made.iter().filter(meets).map(|m| m.change).collect();
        if now == touched {
            break;
        }
        regions.extend(made.iter().filter(|m| now.contains(&m.change)).map(|m| m.last));
        touched = now;
    }
    let to_original = |at: usize| -> usize {
        let before = made.iter().take_while(|m| m.last.end() <= at);
        let (gone, come) = before.fold((0, 0), |(g, c), m| (g + m.before.len(), c + m.last.len()));
        at + gone - come
    };
    let to_target = |at: usize, end: bool| -> usize {
        let (mut i, mut j) = (0, 0);
        for (o, n) in &gaps {
            if o.start() > at || (o.start() == at && !end) {
                break;
            }
            (i, j) = (o.end(), n.end());
        }
        if at < i { j } else { j + (at - i) }
    };
    let opened = Opened {
        name: issue_name(&cleaned.ledger).to_owned(),
        ledger: cleaned.ledger.clone(),
        original: String::new(),
        last: String::new(),
    };
    let paths: Vec<String> = cleaned.ledger.header.pages.iter().map(|p| p.path.clone()).collect();
    let resolved = log.resolve(&opened.name);
    let mut out = Vec::new();
    let mut given: BTreeSet<usize> = BTreeSet::new();
    for r in regions {
        // A hunk that takes away and puts nothing lies at one point of the output, but not of the original.
        let inside: Vec<&Made> =
            made.iter().filter(|m| r.start() <= m.last.start() && m.last.end() <= r.end()).collect();
        let start =
            inside.first().map_or_else(|| to_original(r.start()), |m| m.before.start() - (m.last.start() - r.start()));
        let end = inside.last().map_or_else(|| to_original(r.end()), |m| m.before.end() + (r.end() - m.last.end()));
        let text = target.get(to_target(r.start(), false)..to_target(r.end(), true)).unwrap_or("");
        let span = Span::new(start, end);
        let place = own_place(&cleaned.issue, &opened, span, text)
            .ok_or("an edit reaches over the end of a page; move it into one page")?;
        let mut keys: Vec<String> = inside
            .iter()
            .filter(|m| given.insert(m.change))
            .flat_map(|m| all[m.change].keys().into_iter().map(|k| k.as_str().to_owned()).collect::<Vec<_>>())
            .collect();
        if keys.is_empty() {
            keys.push(own_key(&place));
        }
        let older = resolved.acts.iter().filter(|a| {
            let at = |e| locate(e, &cleaned.issue, &paths).is_some_and(|s| s.start() <= end && start <= s.end());
            a.op == Op::Edit && a.edits.iter().any(at)
        });
        let what = crate::report::visible(&text.chars().take(24).collect::<String>(), true);
        out.push(Decision {
            issue: Some(opened.name.clone()),
            keys,
            of: older.map(|a| a.act.clone()).collect(),
            text: Some(text.to_owned()),
            edits: vec![place],
            what: Some(format!("edited by hand: {what}")),
            ..Decision::new(Op::Edit)
        });
    }
    Ok(out)
}

fn merge(regions: &mut Vec<Span>) {
    regions.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(regions.len());
    for r in regions.iter() {
        match out.last_mut() {
            Some(last) if r.start() <= last.end() => *last = Span::new(last.start(), last.end().max(r.end())),
            _ => out.push(*r),
        }
    }
    *regions = out;
}
