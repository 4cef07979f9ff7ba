//! Misprints and misreadings that the title's own list replaces (`recto.words.tsv`, `replace` lines).
//!
//! It must never replace a part of a Latin word, nor anything that no line names.

use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice, script};

/// `replace<TAB>wrong<TAB>right`.
pub(super) static KNOWN_MISPRINT: Rule = Rule {
    id: "known-misprint",
    name_zh: "本刊已知误识",
    stage: Stage::Lexicon,
    confidence: Confidence::Likely,
    doc: "A word that the title's own list replaces: what was accepted before, and written down with *always* or by hand, holds \
          for the whole title. A Latin word is replaced whole and in the case the list has; Chinese characters wherever they stand. \
          The examples are read with a list that replaces Hcrald by Herald and 未来曰 by 未来日.",
    examples: &[
        Example { before: "The Hcrald of Monday.", after: "The Herald of Monday." },
        Example { before: "《未来曰》与《Hcrald》", after: "《未来日》与《Herald》" },
    ],
    leaves_alone: &["The Herald of Monday.", "Hcralds and hcrald and McHcrald", "未来之曰"],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&KNOWN_MISPRINT], run };

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    for (wrong, right) in &cx.config.words.replace {
        for (at, _) in text.match_indices(wrong.as_str()) {
            let end = at + wrong.len();
            let joined = |inner: Option<char>, outer: Option<char>| {
                let letter = |c: char| c.is_alphanumeric() && !script::is_cjk(c);
                inner.is_some_and(letter) && outer.is_some_and(letter)
            };
            let before = joined(wrong.chars().next(), text[..at].chars().next_back());
            let after = joined(wrong.chars().next_back(), text[end..].chars().next());
            if !before && !after {
                let fix = Fix::one(Splice::replace(Span::new(at, end), right.clone()));
                out.push(Finding::edit(&KNOWN_MISPRINT, fix).because("list", "recto.words.tsv"));
            }
        }
    }
}
