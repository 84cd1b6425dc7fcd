//! When an Indexed Job succeeds before all its indexes have.
//! Twin: pkg/controller/job/success_policy.go (v1.36.2)
//! Covers: matchSuccessPolicy, matchSucceededIndexesRule
//! Left out: nothing of these

use super::indexes::Intervals;
use crate::api::fields::{int, list};
use crate::manifest::Value;

/// The number of the first rule that is met, from 0.
pub fn met(policy: Option<&Value>, completions: i64, succeeded: &Intervals) -> Option<u32> {
    let rules = policy.map_or(&[][..], |policy| list(policy, "rules"));
    let mut rules = (0..).zip(rules).filter(|_| !succeeded.is_empty());
    let found = rules.find(|(_, rule)| {
        let wanted = int(rule, "succeededCount");
        match rule.get("succeededIndexes").and_then(Value::as_str) {
            Some(text) => {
                let indexes = Intervals::parse(text, completions);
                let done = indexes.common(succeeded);
                !indexes.is_empty() && (done == indexes.total() || wanted.is_some_and(|wanted| done >= wanted))
            }
            None => wanted.is_some_and(|wanted| succeeded.total() >= wanted),
        }
    });
    found.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::parse;

    #[test]
    fn a_rule_is_met_by_count_by_indexes_or_by_both() {
        let policy = |rules: &str| parse(&format!("rules: {rules}")).documents[0].root.to_value();
        for (rules, succeeded, expected) in [
            ("[{succeededCount: 2}]", "0", None),
            ("[{succeededCount: 2}]", "0,3", Some(0)),
            ("[{succeededIndexes: '0'}]", "1-3", None),
            ("[{succeededIndexes: '0'}]", "0", Some(0)),
            ("[{succeededIndexes: '0-2'}]", "0,2", None),
            ("[{succeededIndexes: '0-2', succeededCount: 2}]", "0,2", Some(0)),
            ("[{succeededIndexes: '0-2', succeededCount: 2}]", "0,3,4", None),
            ("[{succeededIndexes: '0'}, {succeededCount: 3}]", "1-3", Some(1)),
            ("[{succeededCount: 0}]", "", None),
            ("[{}]", "0-4", None),
        ] {
            let succeeded = Intervals::parse(succeeded, 5);
            assert_eq!(
                met(Some(&policy(rules)), 5, &succeeded),
                expected,
                "{rules}: {succeeded}"
            );
        }
        assert_eq!(met(None, 5, &Intervals::parse("0-4", 5)), None);
    }
}
