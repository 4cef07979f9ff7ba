//! Runs the stages over one issue: rules to findings, findings to fates, fates to a layer, a layer to the next text.
//!
//! It must never know where pages come from or go to, nor build text except by `Patch`.

mod clean;
mod issue;
mod policy;
mod resolve;
mod slices;
mod verdict;

pub use clean::{Cleaned, Cleaner, DecodedPage, PageInput};
pub use issue::Issue;
pub use policy::{NLP_THRESHOLD, applies};
pub use verdict::{OWN_TEXT, OwnText, Verdict, Verdicts};

use crate::document::Document;
use crate::ledger::{Fate, Layer, LayerBuilder};
use crate::rule::{Context, Finding, Findings, Stage};
use crate::rules;
use crate::text::{Composed, Patch, Span};
use resolve::Wish;

/// What came of a run over one issue.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// One layer for each stage that ran, in order.
    pub layers: Vec<Layer>,
    /// Offsets of the seams between files in each layer's input.
    pub seams: Vec<Vec<usize>>,
    /// The final text of the issue.
    pub text: String,
    /// The slice of the final text that each page's file gets.
    pub slices: Vec<Span>,
}

/// Runs the configured stages over `issue`. Does not fail: what a rule cannot judge it leaves alone.
pub fn run(issue: &Issue, cx: &Context<'_>, verdicts: &Verdicts) -> Outcome {
    let mut text = issue.text().to_owned();
    let mut seams = issue.seams();
    // Composition costs memory, so it is kept only where slices or keys need it.
    let keep = issue.pages().len() > 1 || !verdicts.is_empty();
    let mut composed = keep.then(Composed::new);
    let (mut layers, mut all_seams) = (Vec::new(), Vec::new());
    for stage in Stage::ALL.into_iter().filter(|s| cx.config.stages.contains(s)) {
        let findings = find(stage, &text, &seams, cx);
        let origins = composed.as_ref().map(Composed::origins).unwrap_or_default();
        let judged = verdict::judge(&findings, verdicts, issue, &text, &origins);
        let fates = resolve::fates(&findings, |n, f| match judged[n] {
            Some(Verdict::Apply) => Wish::Forced,
            Some(Verdict::Leave) => Wish::No,
            None if applies(f, cx.config) => Wish::Yes,
            None => Wish::No,
        });
        let mut builder = LayerBuilder::new(stage);
        for ((finding, fate), verdict) in findings.into_iter().zip(fates).zip(judged) {
            builder.push(finding, if verdict == Some(Verdict::Leave) { Fate::Rejected } else { fate }, &text);
        }
        advance(builder.finish(), &mut text, &mut composed, &mut seams, &mut layers, &mut all_seams);
    }
    if let (Some(c), false) = (&composed, verdicts.own().is_empty()) {
        let mut builder = LayerBuilder::new(Stage::Review);
        for (finding, _) in verdict::own_fixes(verdicts.own(), c, issue.text(), &text) {
            builder.push(finding, Fate::Applied, &text);
        }
        advance(builder.finish(), &mut text, &mut composed, &mut seams, &mut layers, &mut all_seams);
    }
    let slices = slices::cut(issue, &text, composed.as_ref());
    Outcome { layers, seams: all_seams, text, slices }
}

/// From a layer's input to the next one's.
fn advance(
    layer: Layer,
    text: &mut String,
    composed: &mut Option<Composed>,
    seams: &mut Vec<usize>,
    layers: &mut Vec<Layer>,
    all_seams: &mut Vec<Vec<usize>>,
) {
    // The resolver lets no overlap through, so neither the patch nor its application can fail.
    let patch = layer.patch().unwrap_or_default();
    if let Some(c) = composed
        && c.push(&patch, text).is_err()
    {
        *composed = None;
    }
    let next_seams = move_seams(seams, &patch);
    all_seams.push(std::mem::replace(seams, next_seams));
    if !patch.is_empty()
        && let Ok(next) = patch.apply(text)
    {
        *text = next;
    }
    layers.push(layer);
}

/// All findings of a stage, in order of the rank of their check and then of place.
fn find(stage: Stage, text: &str, seams: &[usize], cx: &Context<'_>) -> Vec<Finding> {
    let doc = Document::new(text, seams);
    let runs = |id: &str| cx.config.rule_runs(id) && rules::runs_for(id, &cx.config.languages);
    let mut all = Vec::new();
    for check in rules::checks(stage) {
        if !check.rules.iter().any(|r| runs(r.id)) {
            continue;
        }
        let mut found = Findings::default();
        (check.run)(&doc, cx, &mut found);
        let mut found = found.into_vec();
        found.retain(|f| runs(f.rule.id) && sound(f, text));
        found.sort_by_key(|f| (f.span.start(), f.span.end()));
        all.append(&mut found);
    }
    all
}

/// A fix must fit the text, be in order in itself and change something. A rule that breaks this is a bug, which a
/// debug build reports; an archive's run goes on without the fix.
fn sound(f: &Finding, text: &str) -> bool {
    let Some(fix) = &f.fix else { return true };
    let s = fix.splices();
    let fits = s.iter().all(|x| text.get(x.span.range()).is_some());
    let ordered = s.windows(2).all(|w| w[0].span.end() <= w[1].span.start());
    let changes = fits && s.iter().any(|x| text.get(x.span.range()) != Some(x.insert.as_ref()));
    debug_assert!(fits && ordered && changes && !s.is_empty(), "unsound fix of {}: {:?}", f.rule.id, fix);
    fits && ordered && changes
}

/// Where the seams stand after a patch; one that was taken away is gone. Linear in both lists.
fn move_seams(seams: &[usize], patch: &Patch) -> Vec<usize> {
    if seams.is_empty() || patch.is_empty() {
        return seams.to_vec();
    }
    patch.map_offsets(seams).into_iter().flatten().collect()
}
