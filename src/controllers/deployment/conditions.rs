//! Twin: pkg/controller/deployment/util/deployment_util.go (v1.36.2)
//! Covers: `NewDeploymentCondition`, `SetDeploymentCondition`, `RemoveDeploymentCondition`.
//! Left out: nothing of these.

use crate::api::Time;
use crate::api::workload::Condition;
use crate::time::Instant;

/// A condition without its times.
pub fn new_condition(kind: &str, status: &str, reason: &str, message: &str) -> Condition {
    Condition {
        kind: kind.into(),
        status: status.into(),
        reason: reason.into(),
        message: message.into(),
        ..Condition::default()
    }
}

/// The condition of this kind.
pub fn condition<'c>(all: &'c [Condition], kind: &str) -> Option<&'c Condition> {
    all.iter().find(|c| &*c.kind == kind)
}

/// Sets a condition, last in the list. One with the same status and reason stays as it is; one with the same status
/// keeps the time of its last transition.
pub fn set_condition(all: &mut Vec<Condition>, mut new: Condition, now: Instant) {
    new.last_update_time = Some(Time(now));
    let before = condition(all, &new.kind);
    if before.is_some_and(|before| before.status == new.status && before.reason == new.reason) {
        return;
    }
    let same_status = before.filter(|before| before.status == new.status);
    new.last_transition_time = match same_status {
        Some(before) => before.last_transition_time,
        None => new.last_transition_time.or(Some(Time(now))),
    };
    remove_condition(all, &new.kind.clone());
    all.push(new);
}

/// Removes the condition of this kind.
pub fn remove_condition(all: &mut Vec<Condition>, kind: &str) {
    all.retain(|c| &*c.kind != kind);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_follow_status_and_reason() {
        let mut all = Vec::new();
        let at = Instant::from_secs;
        set_condition(&mut all, new_condition("Progressing", "True", "A", ""), at(1));
        set_condition(&mut all, new_condition("Available", "False", "X", ""), at(1));
        set_condition(&mut all, new_condition("Progressing", "True", "A", "other"), at(2));
        assert_eq!((&*all[0].message, all[0].last_update_time), ("", Some(Time(at(1)))));
        set_condition(&mut all, new_condition("Progressing", "True", "B", ""), at(3));
        let last = all.last().expect("two conditions");
        assert_eq!(last.last_update_time, Some(Time(at(3))));
        assert_eq!(last.last_transition_time, Some(Time(at(1))));
        set_condition(&mut all, new_condition("Available", "True", "Y", ""), at(4));
        assert_eq!(all.last().and_then(|c| c.last_transition_time), Some(Time(at(4))));
        assert_eq!(all.len(), 2);
    }
}
