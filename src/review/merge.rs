//! Two reviewers' logs into one, with what they disagree on. It must never decide for one of them.

use super::decision::{Decision, Log, Op};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A place or group on which two acts of different logs disagree.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    /// What it is about.
    pub what: String,
    /// The act that stands first in the merged log.
    pub first: Decision,
    /// The act that stands later and holds.
    pub second: Decision,
}

/// Merges logs: the acts of all in the order given, numbered anew, equal ones once. Of two that disagree the later one
/// holds, and both are listed.
pub fn merge(logs: &[Log]) -> (Log, Vec<Conflict>) {
    let mut merged = Log::default();
    let mut conflicts = Vec::new();
    // What an act is about -> the log and the place of the act in the merged one: an act may be about very much.
    let mut taken: HashMap<String, (usize, usize)> = HashMap::new();
    // The same act said again after it was taken back is another one, so equal ones are told apart by their order.
    let mut held: HashMap<(String, usize), String> = HashMap::new();
    let mut told: HashSet<(usize, usize)> = HashSet::new();
    for (n, log) in logs.iter().enumerate() {
        let undone = log.undone();
        let mut renamed: BTreeMap<&str, String> = BTreeMap::new();
        let mut own: Vec<(String, usize)> = Vec::new();
        let mut times: HashMap<String, usize> = HashMap::new();
        for act in log.acts() {
            let mut copy = act.clone();
            copy.of = act.of.iter().filter_map(|a| renamed.get(a.as_str()).cloned()).collect();
            // The same act in two files is the log that both began with.
            let identity = copy.identity();
            let nth = times.entry(identity.clone()).or_default();
            *nth += 1;
            let identity = (identity, *nth);
            if let Some(m) = held.get(&identity) {
                renamed.insert(&act.act, m.clone());
                continue;
            }
            let new = merged.push(copy).clone();
            held.insert(identity, new.act.clone());
            renamed.insert(&act.act, new.act.clone());
            if act.op != Op::Undo && !undone.contains(act.act.as_str()) {
                let place = merged.acts().len() - 1;
                own.extend(subjects(&new).into_iter().map(|s| (s, place)));
            }
        }
        for (subject, place) in own {
            if let Some(&(other, earlier)) = taken.get(&subject)
                && other != n
                && let (Some(first), Some(act)) = (merged.acts().get(earlier), merged.acts().get(place))
                && (first.op != act.op || first.text != act.text)
                && told.insert((earlier, place))
            {
                let what = act.what.clone().unwrap_or_else(|| subject.clone());
                conflicts.push(Conflict { what, first: first.clone(), second: act.clone() });
            }
            taken.insert(subject, (n, place));
        }
    }
    (merged, conflicts)
}

/// What an act is about: each key in its issue, or the group.
fn subjects(a: &Decision) -> Vec<String> {
    let issue = a.issue.as_deref().unwrap_or("");
    let mut out: Vec<String> = a.keys.iter().map(|k| format!("{issue} {k}")).collect();
    out.extend(a.edits.iter().map(|e| format!("{issue} {} {} {}", e.page, e.at, e.before)));
    if out.is_empty() {
        out.extend(a.group.as_ref().map(|g| format!("{issue} {g}")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: &[&str]) -> Log {
        Log::parse(&lines.iter().map(|l| format!("{l}\n")).collect::<String>()).expect("a log")
    }

    #[test]
    fn equal_acts_stand_once_and_different_ones_are_a_conflict() {
        let base = r#"{"v":1,"act":"1","op":"accept","issue":"a.txt","keys":["1-a"],"by":"wang"}"#;
        let a = log(&[base, r#"{"v":1,"act":"2","op":"accept","issue":"a.txt","keys":["1-b"],"by":"wang"}"#]);
        let b = log(&[base, r#"{"v":1,"act":"2","op":"reject","issue":"a.txt","keys":["1-b"],"by":"li"}"#]);
        let (m, c) = merge(&[a, b]);
        assert_eq!(m.acts().len(), 3);
        assert_eq!(c.len(), 1);
        assert_eq!((c[0].first.by.as_deref(), c[0].second.by.as_deref()), (Some("wang"), Some("li")));
    }

    #[test]
    fn an_act_on_very_many_keys_is_merged_like_any_other() {
        let keys: Vec<String> = (0..40_000).map(|n| format!("\"1-{n:x}\"")).collect();
        let act = |op: &str| log(&[&format!(r#"{{"v":1,"act":"1","op":"{op}","keys":[{}]}}"#, keys.join(","))]);
        let (m, c) = merge(&[act("accept"), act("reject")]);
        assert_eq!((m.acts().len(), c.len()), (2, 1));
    }

    #[test]
    fn an_act_said_again_after_it_was_taken_back_holds() {
        let accept = r#"{"v":1,"act":"N","op":"accept","keys":["1-b"],"at":"T"}"#;
        let undo = r#"{"v":1,"act":"2","op":"undo","of":["1"],"at":"T"}"#;
        let a = log(&[&accept.replace('N', "1"), undo, &accept.replace('N', "3")]);
        let (m, _) = merge(&[a.clone(), a.clone()]);
        assert_eq!(m, a);
        assert_eq!(m.active().len(), 1);
    }

    #[test]
    fn an_undone_act_is_no_conflict_and_its_undo_names_it_anew() {
        let a = log(&[r#"{"v":1,"act":"1","op":"accept","keys":["1-b"],"by":"wang"}"#]);
        let b = log(&[
            r#"{"v":1,"act":"1","op":"reject","keys":["1-b"],"by":"li"}"#,
            r#"{"v":1,"act":"2","op":"undo","of":["1"],"by":"li"}"#,
        ]);
        let (m, c) = merge(&[a, b]);
        assert!(c.is_empty());
        assert_eq!(m.acts()[2].of, ["2"]);
        assert_eq!(m.active().len(), 1);
    }
}
