//! Which findings are applied: policy, confidence, thresholds. It must never look at the text.

use crate::config::{Config, Policy};
use crate::rule::{Confidence, Finding, Stage};

/// Probability from which `nlp` applies a suggestion, where neither the configuration nor the finding names one. Measured in
/// design/FEASIBILITY-LEXICON section 2: at .7 one model's harm stayed under 1 per 10,000 characters in every set.
pub const NLP_THRESHOLD: f32 = 0.7;

/// Whether the finding's fix is applied. A flag is never applied.
pub fn applies(finding: &Finding, config: &Config) -> bool {
    if finding.fix.is_none() || config.min_confidence.is_some_and(|m| finding.confidence < m) {
        return false;
    }
    let own = config.rules.get(finding.rule.id);
    if own.and_then(|r| r.threshold).is_some_and(|t| finding.p.is_some_and(|p| p < t)) {
        return false;
    }
    if let Some(at) = own.and_then(|r| r.apply_at) {
        return finding.confidence >= at;
    }
    match (config.policy, finding.rule.stage) {
        (Policy::Diplomatic, Stage::Encoding) => finding.confidence >= Confidence::Likely,
        (Policy::Diplomatic, Stage::Characters) => finding.confidence == Confidence::Certain,
        (Policy::Diplomatic, _) => false,
        (Policy::Archive, _) => finding.confidence >= Confidence::Likely,
        (Policy::Nlp, _) => {
            let t = own.and_then(|r| r.threshold).or(finding.threshold).unwrap_or(NLP_THRESHOLD);
            finding.confidence >= Confidence::Likely || finding.p.is_some_and(|p| p >= t)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Fix, Rule};
    use crate::text::{Span, Splice};

    static RULE: Rule = Rule {
        id: "a-rule",
        name_zh: "",
        stage: Stage::Characters,
        confidence: Confidence::Likely,
        doc: "",
        examples: &[],
        leaves_alone: &[],
        flag: false,
    };

    #[test]
    fn one_comparison_decides() {
        let f = |c| Finding::edit(&RULE, Fix::one(Splice::delete(Span::new(0, 1)))).at(c);
        let with = |policy| Config { policy, ..Config::default() };
        assert!(applies(&f(Confidence::Likely), &with(Policy::Archive)));
        assert!(!applies(&f(Confidence::Likely), &with(Policy::Diplomatic)));
        assert!(applies(&f(Confidence::Certain), &with(Policy::Diplomatic)));
        assert!(!applies(&f(Confidence::Suggest), &with(Policy::Archive)));
        assert!(!applies(&f(Confidence::Suggest), &with(Policy::Nlp)), "no probability, no application");
        assert!(applies(&f(Confidence::Suggest).with_p(0.9), &with(Policy::Nlp)));
        let strict = Config { min_confidence: Some(Confidence::Certain), ..Config::default() };
        assert!(!applies(&f(Confidence::Likely), &strict));
    }
}
