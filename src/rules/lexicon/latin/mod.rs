//! Words of English, German and French that were read wrong: what may have been printed, how likely, and what speaks for it.
//!
//! It must never give more than a proposal, nor look into a page that is clean, of another language, or foreign.

mod candidates;
mod cases;
mod decide;
mod evidence;
mod habits;
mod page;
mod tokens;
mod told;
mod unknown;

pub use candidates::Candidate;
pub use cases::Case;
pub use decide::{Decided, decide};
pub use evidence::{FEATURES, Kind, Proposal, proposals};
pub use page::{Page, Type};
pub use tokens::{Token, tokens};
pub use unknown::{UnknownWord, unknown_words};

use crate::document::{Document, Role};
use crate::language::{Latin, guess};
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::{Span, Splice};
use std::fmt::Write as _;

/// `tbe`, `govemment`.
pub(super) static MISREAD_WORD: Rule = Rule {
    id: "misread-word",
    name_zh: "西文误识词",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "A word that the list of the page's language lacks, or one that is often a misreading, where another word is near it \
          in what recognisers confuse and fits its place better. The evidence names the candidates with their probabilities, \
          the confusion's cost, the counts of both words in printed text, in the batch and on the page. Old spellings, \
          compounds, names that the batch repeats, and pages without doubtful words are left alone; in quotations, dates and \
          after titles it is never more than a proposal. A letter in the wrong case is such a misreading where the small \
          letter has the same shape, or an I stands for an i.",
    examples: &[
        Example {
            before: "The members of tbe government were not in the house when the report of the committee was read to them.",
            after: "The members of the government were not in the house when the report of the committee was read to them.",
        },
        Example {
            before: "It was said that tbe report was not read in the house, and that all of the members had left by that time.",
            after: "It was said that the report was not read in the house, and that all of the members had left by that time.",
        },
        Example {
            before: "It was said by all of them that tbe report was In the hands of the members, and that It was not read at all.",
            after: "It was said by all of them that the report was in the hands of the members, and that it was not read at all.",
        },
    ],
    leaves_alone: &[
        "The connexion of the two offices was shewn to be of use to the publick, and it was not to be given up.",
        "Daß er das thun mußte, ist nicht die Schuld des Rathes und der Theilnehmer, die es bey sich seyn ließen.",
        "Il étoit avec ses enfans dans le collége, et les François ne connoissoient pas la loi qui est dans le poëme.",
        "The 1st of May 1848 was the day on which Swindlehurst came. Swindlehurst spoke, and Swindlehurst was heard.",
    ],
    flag: false,
};

/// `ofthe`.
pub(super) static WORDS_RUN_TOGETHER: Rule = Rule {
    id: "words-run-together",
    name_zh: "西文连写词",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "Two common words without the space between them, where no list has the whole.",
    examples: &[
        Example {
            before: "The members ofthe government were not in tbe house when the report of the committee was read to them.",
            after: "The members of the government were not in tbe house when the report of the committee was read to them.",
        },
        Example {
            before: "It was said that tbe report wasnot read in the house, and that all of the members had left it by then.",
            after: "It was said that tbe report was not read in the house, and that all of the members had left it by then.",
        },
    ],
    leaves_alone: &[
        "They came together nowhere, and whereupon the whole was overthrown, nobody was notwithstanding at a loss.",
        "Die Bundesversammlung hat den Bericht der Eisenbahngesellschaft nicht in das Protokoll genommen.",
        "McDonald and O'Brien of Newtownards were at the house of the member.",
    ],
    flag: false,
};

/// `govern ment`, `com- mittee`, `cou-vrir`.
pub(super) static WORD_IN_PIECES: Rule = Rule {
    id: "word-in-pieces",
    name_zh: "西文断词",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "A word with a space, or a line-end hyphen that is no longer at a line's end, inside it: the pieces are no words, the \
          whole is one.",
    examples: &[
        Example {
            before: "The members of the com- mittee were not in tbe house when the report of the government was read.",
            after: "The members of the committee were not in tbe house when the report of the government was read.",
        },
        Example {
            before: "It was said that the evi- dence was not read in tbe house, and all of the members had left it by then.",
            after: "It was said that the evidence was not read in tbe house, and all of the members had left it by then.",
        },
    ],
    leaves_alone: &[
        "He may be in an other place, and the two will be there to day, for all that is on the way.",
        "The first- and second-class passengers were on the deck of the ship when it was in the harbour.",
        "The well-known vice-president was in the chair, and the ex-mayor was of the same mind as he was.",
    ],
    flag: false,
};

/// The check.
pub(super) static CHECK: Check = Check { rules: &[&MISREAD_WORD, &WORDS_RUN_TOGETHER, &WORD_IN_PIECES], run };

/// The lowest probability worth a reader's look.
const PROPOSE: f32 = 0.4;
/// A text of fewer words is too short to be judged clean by itself.
const FEW_WORDS: usize = 60;

fn run(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let text = doc.text();
    let Some(lang) = guess(text) else { return };
    let named = &cx.config.languages;
    if cx.language.model(lang).is_empty()
        || !(named.is_empty() || named.iter().any(|t| Latin::from_tag(t) == Some(lang)))
    {
        return;
    }
    let page = Page::new(text, lang, cx.language, &cx.profile.vocabulary, &cx.config.words);
    if page.noise == 0.0 || (page.noise < page.parsed.clean && page.tokens.len() >= FEW_WORDS) {
        return;
    }
    let decided = decide(&page, proposals(&page), PROPOSE, &cx.config.protect);
    let headlines = if cx.config.protect.headlines && !decided.is_empty() { headlines(doc) } else { Vec::new() };
    for d in decided {
        let at = d.proposal.span.start();
        let headline = headlines.iter().any(|h| h.start() <= at && at < h.end());
        out.push(finding(&page, d, headline));
    }
}

/// Places of headlines.
fn headlines(doc: &Document<'_>) -> Vec<Span> {
    let lines = doc.layout().lines.iter().filter(|l| l.role == Role::Headline);
    lines.filter_map(|l| doc.lines().get(l.line)).map(|l| l.span).collect()
}

fn finding(page: &Page<'_, '_>, d: Decided, headline: bool) -> Finding {
    let p = &d.proposal;
    let rule = match p.kind {
        Kind::Replace | Kind::Case => &MISREAD_WORD,
        Kind::Split => &WORDS_RUN_TOGETHER,
        Kind::Join | Kind::JoinHyphen | Kind::Hyphen => &WORD_IN_PIECES,
    };
    let value = |name: &str| FEATURES.iter().position(|f| *f == name).map_or(0.0, |n| p.features[n]);
    let mut candidates = format!("{} {:.2}", p.insert, p.p);
    for (word, q) in &d.others {
        let _ = write!(candidates, ", {word} {q:.2}");
    }
    let seen = |w: &str| value(w).exp_m1().round();
    let counts = format!(
        "printed text {}:{}, batch {}:{}, here {}:{}",
        seen("seen-printed"),
        seen("seen-read"),
        seen("batch-printed"),
        seen("batch-read"),
        seen("here-printed"),
        seen("here-read")
    );
    let mut f = Finding::edit(rule, Fix::one(Splice::replace(p.span, p.insert.clone())))
        .because("candidates", candidates)
        .because("confusion", format!("cost {:.1}", value("cost")))
        .because("context", format!("{:.1} against {:.1}", value("context-printed"), value("context-read")))
        .because("counts", counts);
    match d.protected.or(headline.then_some("headline")) {
        Some(reason) => f = f.because("protected", reason),
        None => f = f.with_p(p.p).needing(page.parsed.threshold),
    }
    f
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_tree_that_ships_is_read() {
        let l = Language::embedded();
        for lang in Latin::ALL {
            let parsed = l.model(lang).parsed(&FEATURES);
            assert!(parsed.trees.len() > 50 && (0.3..1.0).contains(&parsed.threshold), "{lang:?}");
            assert!(parsed.channel.len() > 100, "{lang:?}");
        }
    }
}
