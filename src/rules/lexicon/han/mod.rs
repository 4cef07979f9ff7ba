//! Han characters that a recogniser took for others drawn alike.
//!
//! A cheap pass finds pairs of characters that no one has seen side by side; only there a look-alike is tried, and only
//! where drawing, neighbours and words want it it is proposed. It must never touch two neighbouring characters or a
//! numeral, nor be applied by default.

mod guard;
mod places;
mod reach;
mod reading;
mod search;
mod slips;
mod survey;
mod terms;
mod weights;

pub use places::{Depth, Judged, places};
pub use reading::Reading;
pub use search::{Candidate, Place};
pub use survey::{Strange, Survey};
pub use terms::{Term, Terms};
pub use weights::Weights;

use crate::document::Document;
use crate::rule::{Check, Confidence, Context, Example, Finding, Findings, Fix, Rule, Stage};
use crate::text::script::is_han_lead;
use crate::text::{Span, Splice};
use std::fmt::Write;

/// The check of Han look-alikes.
pub static CHECK: Check = Check { rules: &[&HAN_LOOK_ALIKE, &HAN_SLIP], run: check };

/// A Han character that stands for one drawn alike.
pub static HAN_LOOK_ALIKE: Rule = Rule {
    id: "han-look-alike",
    name_zh: "形近误识",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "A Han character that hardly ever stands beside its neighbours, where one that is drawn alike, or that recognisers \
          are known to take for it, makes a word or a usual sequence with them. The probability weighs likeness, the counts \
          of misreadings, the model of neighbouring characters, dictionary words and how many strange places are near: on a \
          clean page it stays low. Only proposed; in quotations, names and numbers, in verse and in classical text never applied by \
          a policy.",
    examples: &[
        Example {
            before: "市委、市政府召开会汉部署工作", after: "市委、市政府召开会议部署工作"
        },
        Example { before: "这个化妆造型学校的学坐很多", after: "这个化妆造型学校的学生很多" },
    ],
    leaves_alone: &[
        "会议强调，要认真做好疫情防控工作。",
        "李晨，我相信可能除了我以外。",
        "The County Council met on Monday.",
        "",
    ],
    flag: false,
};

/// A phrase of four characters in which one stands twice.
pub static HAN_SLIP: Rule = Rule {
    id: "han-slip",
    name_zh: "叠字脱字",
    stage: Stage::Lexicon,
    confidence: Confidence::Suggest,
    doc: "Four Han characters between marks, the last of which is one of the others again, while hardly a pair of them was \
          ever seen: one character may stand twice in the place of another. Proposed where, with one of the two gone and \
          another character put in, an idiom comes out or two common words. Never applied by a policy.",
    examples: &[
        Example {
            before: "小区大门口，头烈日烈、全身汗湿的他", after: "小区大门口，头顶烈日、全身汗湿的他"
        },
        Example {
            before: "全体官兵整装待发，严待以待，随时出发。", after: "全体官兵整装待发，严阵以待，随时出发。"
        },
    ],
    leaves_alone: &[
        "大家，将心比心、明锁暗锁。",
        "他，又大又圆、见怪不怪，天外有天。",
        "代表，王新民、李民新、刘明，发言。",
        "",
    ],
    flag: false,
};

/// Probability from which a place is proposed. Below it a proposal wastes more of a reader's time than it saves: of 22 on the
/// page in seeds from .012 on, 19 stood below .1 and none of those was a misreading.
const PROPOSE: f32 = 0.1;
/// Logarithm of how often a pair stands in a text that is no slip any more: twice may be one mistake made twice.
const REPEATED: f32 = 1.0;
/// The same in a name, or where the strange pair is repeated.
const PROPOSE_HELD: f32 = 0.2;
/// Probability from which `nlp` applies it. Measured with `learn_han` on halves that neither model nor counts had seen, all
/// seams searched: from here on 13 to 14 % of the errors of recognised captions were mended, about .7 places in 10,000
/// characters of news touched.
const APPLY: f32 = 0.5;
/// Other candidates that a proposal names.
const OTHERS: usize = 3;

fn check(doc: &Document<'_>, cx: &Context<'_>, out: &mut Findings) {
    let (text, language) = (doc.text(), cx.language);
    if language.model.is_empty() || language.look_alikes.is_empty() || !text.bytes().any(is_han_lead) {
        return;
    }
    let survey = Survey::of(text, &language.model);
    let mut found: Vec<(f32, Judged)> = places(text, &survey, language, Depth::Proposals)
        .into_iter()
        .map(|j| (Weights::shipped().probability(&j.terms), j))
        .filter(|(p, j)| {
            *p >= PROPOSE
                && !guard::forbidden(text, &j.place, j.candidates[0].with)
                && !guard::called_good(text, &j.place, &cx.config.words)
                && (*p >= PROPOSE_HELD || !held(text, j))
        })
        .collect();
    // Of two neighbours the likelier: what speaks for one leans on the other.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].0.total_cmp(&found[a].0).then(a.cmp(&b)));
    let mut gone = vec![false; found.len()];
    for i in order {
        let (at, end) = found[i].1.place.extent();
        let beside = |k: Option<usize>| k.is_some_and(|k| found.get(k).is_some_and(|f| f.1.place.touches(at, end)));
        for k in [i.checked_sub(1), Some(i + 1)] {
            if !gone[i] && beside(k) {
                k.into_iter().for_each(|k| gone[k] = true);
            }
        }
    }
    let mut gone = gone.into_iter();
    found.retain(|_| gone.next() != Some(true));
    let literary = !found.is_empty() && guard::is_literary(text);
    for (p, judged) in found {
        out.push(finding(text, cx, p, &judged, literary));
    }
    slips::find(text, &survey, language).into_iter().for_each(|f| out.push(f));
}

/// True where a proposal needs more than usual: in a name, or where the text itself says the same elsewhere.
fn held(text: &str, judged: &Judged) -> bool {
    judged.terms[Term::Times] > REPEATED || guard::is_name(text, &judged.place)
}

fn finding(text: &str, cx: &Context<'_>, p: f32, judged: &Judged, literary: bool) -> Finding {
    let (place, best) = (&judged.place, &judged.candidates[0]);
    let (at, end) = place.extent();
    let fix = Fix::one(Splice::replace(Span::new(at, end), best.with.to_string()));
    let mut f = Finding::edit(&HAN_LOOK_ALIKE, fix).because("candidate", told(best));
    for other in judged.candidates.iter().skip(1).take(OTHERS) {
        f = f.because("less likely", told(other));
    }
    let mut parts: Vec<(&str, f32)> = Weights::shipped().parts(&judged.terms).collect();
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
    let mut sum = String::new();
    for (name, x) in parts.iter().take(6) {
        let _ = write!(sum, "{}{name} {x:+.1}", if sum.is_empty() { "" } else { ", " });
    }
    f = f.because("weighs most", sum).because("probability", format!("{p:.2}"));
    // Without a probability no policy applies a suggestion.
    match guard::protected(text, place, &cx.config.protect).or(literary.then_some("verse or classical text")) {
        Some(why) => f.because("protected", why),
        None => f.with_p(p).needing(APPLY),
    }
}

/// A candidate in a reader's words.
fn told(c: &Candidate) -> String {
    let mut s = format!("{} likeness {:.2}, neighbours {:+.1}", c.with, c.likeness, c.gain);
    if c.misread > 0 {
        let _ = write!(s, ", misread {} times", c.misread);
    }
    if !c.word.is_empty() {
        let _ = write!(s, ", word {}", c.word.iter().collect::<String>());
    }
    s
}
