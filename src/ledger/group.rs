//! What edits are decided on together, and which of them never are: groups and protected places.
//!
//! A group is a rule with what it takes and puts, and a class: how sure the edit is and what it is marked with. It must
//! never hold a place, so that a decision on a group means the same in every issue.

use crate::rule::{Confidence, Stage};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// Name of a group; a field that is None stands for anything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Group {
    /// Id of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// What is taken away, the parts of one edit joined by `…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What is put, the parts joined by `…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Confidence and marks, as `likely+doubtful-word`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Only this page (its path).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// An edit as a group sees it.
#[derive(Copy, Clone, Debug)]
pub struct Seen<'a> {
    /// Id of the rule.
    pub rule: &'a str,
    /// The stage.
    pub stage: Stage,
    /// How sure.
    pub confidence: Confidence,
    /// (before, after) of each part.
    pub parts: &'a [(&'a str, &'a str)],
    /// Marks for review.
    pub flags: &'a [&'a str],
}

impl Seen<'_> {
    fn before(&self) -> String {
        self.parts.iter().map(|p| p.0).collect::<Vec<_>>().join("…")
    }
    fn after(&self) -> String {
        self.parts.iter().map(|p| p.1).collect::<Vec<_>>().join("…")
    }
    fn class(&self) -> String {
        let mut class = self.confidence.name().to_owned();
        for f in self.flags {
            class.push('+');
            class.push_str(f);
        }
        class
    }

    /// True where Han characters, letters or digits differ.
    pub fn changes_ink(&self) -> bool {
        let ink = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        self.parts.iter().any(|(a, b)| ink(a) != ink(b))
    }

    /// The group of the edit: rule and class for joins and for what is only taken away, else also the texts.
    pub fn group(&self) -> Group {
        let by_class = self.parts.iter().all(|p| p.1.is_empty()) || matches!(self.stage, Stage::Rejoin | Stage::Debris);
        Group {
            rule: Some(self.rule.to_owned()),
            stage: None,
            before: (!by_class).then(|| self.before()),
            after: (!by_class).then(|| self.after()),
            class: Some(self.class()),
            page: None,
        }
    }

    /// Why the edit must be looked at by itself, if it must: it stands at a number, in a quotation, or doubts itself.
    /// `origin` is its place in `original`. What no reader could object to is not protected.
    pub fn protected(&self, original: &str, origin: Span) -> Option<&'static str> {
        if self.confidence == Confidence::Certain || matches!(self.stage, Stage::Encoding | Stage::Characters) {
            return None;
        }
        if self.flags.iter().any(|f| f.starts_with("doubtful")) {
            return Some("doubtful");
        }
        let ink = self.changes_ink();
        let near = |c: Option<char>| c.is_some_and(char::is_numeric);
        let left = near(original.get(..origin.start()).and_then(|t| t.chars().rev().find(|c| !c.is_whitespace())));
        let right = near(original.get(origin.end()..).and_then(|t| t.chars().find(|c| !c.is_whitespace())));
        let own = ink && self.parts.iter().any(|(a, b)| a.chars().chain(b.chars()).any(char::is_numeric));
        if (left && right) || (ink && self.stage != Stage::Debris && (left || right || own)) {
            return Some("number");
        }
        (ink && self.stage != Stage::Debris && in_quotation(original, origin.start())).then_some("quotation")
    }
}

/// How far back an opening quotation mark is looked for.
const QUOTE_REACH_CHARS: usize = 200;

fn in_quotation(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").chars().rev().take_while(|c| *c != '\n').take(QUOTE_REACH_CHARS);
    for c in before {
        match c {
            '“' | '「' | '『' | '„' => return true,
            '”' | '」' | '』' => return false,
            _ => {}
        }
    }
    false
}

impl Group {
    /// True where the edit, which stands on the page of that path, belongs to the group.
    pub fn holds(&self, seen: &Seen<'_>, page: &str) -> bool {
        self.rule.as_deref().is_none_or(|r| r == seen.rule)
            && self.stage.is_none_or(|s| s == seen.stage)
            && self.page.as_deref().is_none_or(|p| p == page)
            && self.before.as_deref().is_none_or(|b| b == seen.before())
            && self.after.as_deref().is_none_or(|a| a == seen.after())
            && self.class.as_deref().is_none_or(|c| c == seen.class())
    }
}

impl Group {
    /// True where an edit of the group `other`, of that stage and page, belongs to this one too.
    pub fn covers(&self, other: &Group, stage: Stage, page: &str) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_none() || a == b;
        same(&self.rule, &other.rule)
            && self.stage.is_none_or(|s| s == stage)
            && self.page.as_deref().is_none_or(|p| p == page)
            && same(&self.before, &other.before)
            && same(&self.after, &other.after)
            && same(&self.class, &other.class)
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bits: Vec<String> = Vec::new();
        bits.extend(self.rule.clone());
        bits.extend(self.stage.map(|s| format!("stage {}", s.name())));
        if let (Some(b), Some(a)) = (&self.before, &self.after) {
            bits.push(format!("{b} -> {a}"));
        }
        bits.extend(self.class.clone());
        bits.extend(self.page.as_ref().map(|p| format!("on {p}")));
        f.write_str(&if bits.is_empty() { "everything".to_owned() } else { bits.join(", ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen<'a>(parts: &'a [(&'a str, &'a str)], stage: Stage, flags: &'a [&'a str]) -> Seen<'a> {
        Seen { rule: "r", stage, confidence: Confidence::Likely, parts, flags }
    }

    #[test]
    fn a_group_holds_its_own_members_and_no_others() {
        let comma = [(",", "，")];
        let s = seen(&comma, Stage::Punctuation, &[]);
        let g = s.group();
        assert_eq!((g.before.as_deref(), g.class.as_deref()), (Some(","), Some("likely")));
        assert!(g.holds(&s, "a.txt"));
        assert!(!g.holds(&seen(&comma, Stage::Punctuation, &["doubtful-word"]), "a.txt"));
        assert!(!Group { page: Some("b.txt".into()), ..g }.holds(&s, "a.txt"));
        assert!(Group::default().holds(&s, "a.txt"));
    }

    #[test]
    fn numbers_quotations_and_doubts_are_looked_at_one_by_one() {
        let text = "收入10,000元“未来曰报”完,好";
        let at = |t: &str| text.find(t).map(|a| Span::new(a, a + t.len())).expect("there");
        let comma = [(",", "，")];
        let s = seen(&comma, Stage::Punctuation, &[]);
        assert_eq!(s.protected(text, at(",")), Some("number"));
        let last = text.rfind(',').expect("there");
        assert_eq!(s.protected(text, Span::new(last, last + 1)), None);
        let word = [("曰", "日")];
        assert_eq!(seen(&word, Stage::Lexicon, &[]).protected(text, at("曰")), Some("quotation"));
        assert_eq!(seen(&comma, Stage::Rejoin, &["doubtful-word"]).protected(text, at("完")), Some("doubtful"));
    }
}
