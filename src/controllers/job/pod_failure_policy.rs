//! Which failures of Pods a Job counts, ignores, or ends by.
//! Twin: pkg/controller/job/pod_failure_policy.go (v1.36.2)
//! Covers: matchPodFailurePolicy, matchOnExitCodes, matchOnPodConditions
//! Left out: nothing of these

use crate::api::fields::{list, text};
use crate::api::{ContainerStatus, Pod};
use crate::manifest::Value;
use crate::trace::FailureAction;

/// The rule of a policy that a Pod matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its number, from 0.
    pub rule: u32,
    /// What it asks for.
    pub action: FailureAction,
    /// The Job's message, if the rule fails it.
    pub message: String,
}

/// The first rule that fits this failed Pod.
pub fn matching(policy: Option<&Value>, pod: &Pod) -> Option<Match> {
    let rules = policy.map_or(&[][..], |policy| list(policy, "rules"));
    (0..).zip(rules).find_map(|(at, rule)| fits(rule, at, pod))
}

/// Whether the failure counts for `backoffLimit` or `backoffLimitPerIndex`.
pub fn counts(policy: Option<&Value>, pod: &Pod) -> bool {
    matching(policy, pod).is_none_or(|found| found.action != FailureAction::Ignore)
}

fn fits(rule: &Value, at: u32, pod: &Pod) -> Option<Match> {
    let word = text(rule, "action");
    let action = match word {
        "FailJob" => FailureAction::FailJob,
        "FailIndex" => FailureAction::FailIndex,
        "Ignore" => FailureAction::Ignore,
        "Count" => FailureAction::Count,
        _ => return None,
    };
    let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
    let what = if let Some(codes) = rule.get("onExitCodes") {
        let status = &pod.status;
        let mut all = status.container_statuses.iter().chain(&status.init_container_statuses);
        let (container, code) = all.find_map(|container| exit_code_fits(codes, container))?;
        format!("Container {container} for pod {namespace}/{name} failed with exit code {code}")
    } else {
        let patterns = list(rule, "onPodConditions");
        let mut conditions = pod.status.conditions.iter();
        let condition = conditions.find(|condition| {
            let same = |pattern: &Value, key: &str, value: &str| text(pattern, key) == value;
            patterns
                .iter()
                .any(|p| same(p, "type", &condition.kind) && same(p, "status", &condition.status))
        })?;
        format!("Pod {namespace}/{name} has condition {}", condition.kind)
    };
    Some(Match {
        rule: at,
        action,
        message: format!("{what} matching {word} rule at index {at}"),
    })
}

/// The container and its exit code, if it failed and `onExitCodes` names that code.
fn exit_code_fits<'s>(codes: &Value, status: &'s ContainerStatus) -> Option<(&'s str, i64)> {
    let code = status.state.terminated.as_ref()?.exit_code;
    let named = codes.get("containerName").and_then(Value::as_str);
    if code == 0 || named.is_some_and(|name| *name != *status.name) {
        return None;
    }
    let listed = list(codes, "values").contains(&Value::Int(code));
    let fits = match text(codes, "operator") {
        "In" => listed,
        "NotIn" => !listed,
        _ => false,
    };
    fits.then_some((&*status.name, code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::status::Terminated;
    use crate::api::{ContainerState, PodCondition};
    use crate::manifest::parse;

    fn value(yaml: &str) -> Value {
        parse(yaml).documents[0].root.to_value()
    }

    fn ended(name: &str, exit_code: i64) -> ContainerStatus {
        let terminated = Terminated {
            exit_code,
            ..Terminated::default()
        };
        ContainerStatus {
            name: name.into(),
            state: ContainerState::terminated(terminated),
            ..ContainerStatus::default()
        }
    }

    /// A Pod whose container and init container ended, with one more container that has not.
    fn pod(exit: i64, init_exit: i64, kind: &str) -> Pod {
        let mut pod = Pod::default();
        pod.metadata.name = "a".into();
        pod.metadata.namespace = "n".into();
        let side = ContainerStatus {
            name: "side".into(),
            ..ContainerStatus::default()
        };
        pod.status.container_statuses = vec![ended("main", exit), side];
        pod.status.init_container_statuses = vec![ended("init", init_exit)];
        let condition = |kind: &str, status: &str| PodCondition {
            kind: kind.into(),
            status: status.into(),
            ..PodCondition::default()
        };
        pod.status.conditions = vec![condition("Ready", "False")];
        pod.status.conditions.push(condition(kind, "True"));
        pod
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let policy = value(
            "rules:
            - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: 'True'}]}
            - {action: FailJob, onExitCodes: {containerName: main, operator: In, values: [42, 43]}}
            - {action: FailIndex, onExitCodes: {operator: In, values: [7]}}
            - {action: Count, onExitCodes: {containerName: main, operator: NotIn, values: [0, 1]}}
            - {action: FailJob, onPodConditions: [{type: ConfigIssue, status: 'True'}]}",
        );
        for (exit, init, condition, expected) in [
            (1, 0, "PodScheduled", None),
            (42, 0, "PodScheduled", Some((1, FailureAction::FailJob))),
            (42, 0, "DisruptionTarget", Some((0, FailureAction::Ignore))),
            (1, 7, "PodScheduled", Some((2, FailureAction::FailIndex))),
            (2, 0, "PodScheduled", Some((3, FailureAction::Count))),
            (0, 0, "ConfigIssue", Some((4, FailureAction::FailJob))),
            (0, 42, "PodScheduled", None),
        ] {
            let found = matching(Some(&policy), &pod(exit, init, condition));
            let short = found.as_ref().map(|found| (found.rule, found.action));
            assert_eq!(short, expected, "{exit} {init} {condition}");
        }
        let message = |exit: i64, condition: &str| matching(Some(&policy), &pod(exit, 0, condition)).unwrap().message;
        assert_eq!(
            message(42, "PodScheduled"),
            "Container main for pod n/a failed with exit code 42 matching FailJob rule at index 1"
        );
        assert_eq!(
            message(0, "ConfigIssue"),
            "Pod n/a has condition ConfigIssue matching FailJob rule at index 4"
        );
        assert!(!counts(Some(&policy), &pod(1, 0, "DisruptionTarget")));
        assert!(counts(Some(&policy), &pod(1, 0, "PodScheduled")));
        assert!(counts(None, &pod(1, 0, "DisruptionTarget")));
    }
}
