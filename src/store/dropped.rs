//! What the debris stage took out, in a form that a person reads.

use crate::document::SEAM;
use crate::pipeline::Cleaned;
use crate::rule::Stage;
use std::fmt::Write as _;

/// What the debris stage took out, page by page, by class, readable. Empty where nothing was taken out.
pub fn dropped_text(cleaned: &Cleaned) -> Vec<String> {
    let mut pages = vec![String::new(); cleaned.ledger.header.pages.len()];
    let layers = cleaned.ledger.layers.iter().zip(&cleaned.seams);
    let Some((layer, seams)) = layers.into_iter().find(|(l, _)| l.stage == Stage::Debris) else { return pages };
    let mut lines: Vec<(usize, &str, &str)> = Vec::new();
    for r in layer.records.iter().filter(|r| r.applied()) {
        for place in r.places() {
            let taken = place.iter().zip(&r.parts).filter(|(_, p)| !p.before.trim().is_empty());
            lines.extend(taken.map(|(&at, p)| (at, r.rule.as_ref(), p.before.as_str())));
        }
    }
    lines.sort_unstable();
    for (at, rule, text) in lines {
        let page = seams.partition_point(|&s| s < at);
        if let Some(out) = pages.get_mut(page) {
            for l in text.split(['\n', SEAM]).filter(|l| !l.trim().is_empty()) {
                let _ = writeln!(out, "{rule}\t{l}");
            }
        }
    }
    pages
}
