//! Twin: pkg/kubelet/preemption/preemption.go (v1.36.2)
//! Covers: room for a critical Pod that does not fit: which Pods have to go, and the wait until they have. spec/04 §8,
//! spec/12 §9.
//! Left out: -

use std::rc::Rc;

use super::entry::{Env, Forced, event};
use super::kubelet::{Kubelet, is_active};
use super::pod_workers::{self, Stage, Trigger};
use super::predicate::{Lack, Refused};
use crate::api::{Pod, needs};
use crate::apiserver::{is_critical, priority};
use crate::machine::Uid;
use crate::trace::{Cause, FieldBase, Rule, What};

/// What a Pod that had to go says of it, in its status and in its Event.
const MESSAGE: &str = "Preempted in order to admit critical pod";
/// The message of its condition DisruptionTarget.
const DISRUPTION: &str = "Pod was preempted by Kubelet to accommodate a critical pod.";

/// A critical Pod that is taken when the Pods in its way have ended.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The Pod.
    uid: Uid,
    /// What has to end before.
    victims: Vec<Uid>,
}

/// What is still missing of a resource.
#[derive(Clone, Debug)]
struct Need {
    resource: Rc<str>,
    amount: i128,
}

/// Makes room for a critical Pod that lacks nothing but resources. The Pods that go are told; the new one is started by
/// [`go_on`].
///
/// # Errors
/// Reason and message of the refusal, when the others together do not hold enough.
pub fn make_room(k: &mut Kubelet, env: &mut Env, uid: Uid, lacks: &[Lack]) -> Result<(), Refused> {
    let Some(pod) = k.pods.get(&uid).map(|p| p.pod.clone()) else {
        return Ok(());
    };
    let others = k.pods.values().filter(|p| p.uid != uid && is_active(p));
    let others: Vec<(Uid, Rc<Pod>)> = others.map(|p| (p.uid, p.pod.clone())).collect();
    let needs = lacks.iter().map(|lack| Need {
        resource: lack.resource.clone(),
        amount: lack.missing(),
    });
    let needs: Vec<Need> = needs.collect();
    let Some(victims) = pods_to_preempt(&pod, &others, &needs) else {
        let each = needs
            .iter()
            .map(|n| format!("(res: {}, q: {}), ", n.resource, n.amount));
        let message = format!(
            "Unexpected error while attempting to recover from admission failure: preemption: error finding a set of \
             pods to preempt: no set of running pods found to reclaim resources: [{}]",
            each.collect::<String>()
        );
        return Err(("UnexpectedAdmissionError".to_owned(), message));
    };
    let because = k.pods.get(&uid).and_then(|p| p.story);
    for victim in &victims {
        let Some(p) = k.pods.get_mut(victim) else { continue };
        let cause = Cause::of(Rule::CriticalPodRoom)
            .field(FieldBase::PodSpec, "priorityClassName")
            .after(because);
        let entry = env
            .cx
            .log
            .instant(p.lanes.pod, env.cx.now, What::Decided("".into()), cause);
        p.story = Some(entry);
        event(&mut k.agent, p, env, None, true, "Preempting", MESSAGE);
        p.forced = Some(Forced {
            reason: "Preempting",
            message: MESSAGE.into(),
            disruption: Some(DISRUPTION.into()),
        });
        let grace = p.pod.spec.termination_grace_period_seconds.unwrap_or(30);
        pod_workers::terminate(&mut k.agent, p, env, grace);
    }
    k.waiting.push(Waiting { uid, victims });
    Ok(())
}

/// Starts the critical Pods whose room is free.
pub fn go_on(k: &mut Kubelet, env: &mut Env) {
    let pods = &k.pods;
    let stopped = |uid: &Uid| {
        let stage = pods.get(uid).map(|p| p.worker.stage);
        stage.is_none_or(|stage| matches!(stage, Stage::Terminated | Stage::Finished))
    };
    let free = |w: &Waiting| w.victims.iter().all(stopped);
    let ready: Vec<Uid> = k.waiting.iter().filter(|w| free(w)).map(|w| w.uid).collect();
    k.waiting.retain(|w| !ready.contains(&w.uid));
    for uid in ready {
        if let Some(p) = k.pods.get_mut(&uid)
            && p.worker.terminate.is_none()
        {
            pod_workers::request(&mut k.agent, p, env, Trigger::First);
        }
    }
}

/// Which Pods have to go: of those less important as few and as little as possible, and BestEffort ones rather than
/// Burstable ones rather than Guaranteed ones. `None` when all of them together do not hold enough.
fn pods_to_preempt(pod: &Pod, others: &[(Uid, Rc<Pod>)], needs: &[Need]) -> Option<Vec<Uid>> {
    let gives_way = |other: &Pod| !is_critical(other) || priority(other) < priority(pod);
    let class = |name: &str| -> Vec<(Uid, Rc<Pod>)> {
        let of_class = |other: &&(Uid, Rc<Pod>)| gives_way(&other.1) && other.1.status.qos_class == name;
        others.iter().filter(of_class).cloned().collect()
    };
    let (best_effort, burstable, guaranteed) = (class("BestEffort"), class("Burstable"), class("Guaranteed"));
    let all = [&*best_effort, &*burstable, &*guaranteed].concat();
    if !without(needs, &all).is_empty() {
        return None;
    }
    let of_guaranteed = nearest(&guaranteed, &without(needs, &[&*best_effort, &*burstable].concat()));
    let of_burstable = nearest(&burstable, &without(needs, &[&*best_effort, &*of_guaranteed].concat()));
    let of_best_effort = nearest(
        &best_effort,
        &without(needs, &[&*of_burstable, &*of_guaranteed].concat()),
    );
    let chosen = [of_best_effort, of_burstable, of_guaranteed].concat();
    Some(chosen.into_iter().map(|(uid, _)| uid).collect())
}

/// What is still missing when these Pods are gone.
fn without(needs: &[Need], gone: &[(Uid, Rc<Pod>)]) -> Vec<Need> {
    let still = |need: &Need| {
        let freed: i128 = gone.iter().map(|(_, pod)| held(pod, &need.resource)).sum();
        let amount = need.amount - freed;
        let resource = need.resource.clone();
        (amount > 0).then_some(Need { resource, amount })
    };
    needs.iter().filter_map(still).collect()
}

/// What a Pod holds of a resource, in thousandths of CPU and whole units of all else; of `pods` it is one.
fn held(pod: &Pod, resource: &str) -> i128 {
    let milli = needs::requests(&pod.spec).get(resource).copied().unwrap_or(0);
    match resource {
        "pods" => 1,
        "cpu" => milli,
        _ => milli.div_euclid(1000),
    }
}

/// Takes one Pod after the other, each time the one that brings what is missing nearest to nothing; of equals the smaller.
fn nearest(pods: &[(Uid, Rc<Pod>)], needs: &[Need]) -> Vec<(Uid, Rc<Pod>)> {
    let (mut left, mut needs, mut chosen) = (pods.to_vec(), needs.to_vec(), Vec::new());
    while !needs.is_empty() && !left.is_empty() {
        let mut best = (0, distance(&left[0].1, &needs));
        for (at, (_, pod)) in left.iter().enumerate().skip(1) {
            let far = distance(pod, &needs);
            let smaller = || left.get(best.0).is_some_and(|(_, other)| is_smaller(pod, other));
            if far < best.1 || (far == best.1 && smaller()) {
                best = (at, far);
            }
        }
        let taken = left.remove(best.0);
        needs = without(&needs, std::slice::from_ref(&taken));
        chosen.push(taken);
    }
    chosen
}

/// How far from enough one Pod's end is: the squares of the shares that would still be missing.
fn distance(pod: &Pod, needs: &[Need]) -> f64 {
    let missing = |need: &Need| (need.amount - held(pod, &need.resource)).max(0) as f64 / need.amount as f64;
    needs.iter().map(|need| missing(need) * missing(need)).sum()
}

fn is_smaller(pod: &Pod, other: &Pod) -> bool {
    let differs = ["memory", "cpu"]
        .into_iter()
        .map(|name| (held(pod, name), held(other, name)))
        .find(|(one, two)| one != two);
    differs.is_none_or(|(one, two)| one < two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Quantity;
    use crate::apiserver::CRITICAL;

    fn pod(class: &str, importance: i64, amounts: &[(&str, &str)]) -> Rc<Pod> {
        let mut pod = Pod::default();
        pod.status.qos_class = class.to_owned();
        let spec = Rc::make_mut(&mut pod.spec);
        spec.priority = Some(importance);
        let mut container = crate::api::pod::Container::default();
        for (name, amount) in amounts {
            let quantity = Quantity::parse(amount).expect("an amount");
            container.resources.requests.insert((*name).to_owned(), quantity);
        }
        spec.containers.push(container);
        Rc::new(pod)
    }

    fn chosen(pods: &[Rc<Pod>], needs: &[(&str, i128)]) -> Option<Vec<u32>> {
        let others: Vec<_> = pods
            .iter()
            .enumerate()
            .map(|(i, p)| (Uid(i as u32), p.clone()))
            .collect();
        let needs = needs.iter().map(|(name, amount)| Need {
            resource: (*name).into(),
            amount: *amount,
        });
        let critical = pod("Guaranteed", CRITICAL, &[]);
        let uids = pods_to_preempt(&critical, &others, &needs.collect::<Vec<_>>())?;
        Some(uids.into_iter().map(|uid| uid.0).collect())
    }

    #[test]
    fn the_lesser_class_goes_first_and_no_more_than_has_to() {
        let all = [
            pod("BestEffort", 0, &[]),
            pod("Burstable", 0, &[("cpu", "100m"), ("memory", "100Mi")]),
            pod("Burstable", 0, &[("cpu", "300m"), ("memory", "300Mi")]),
            pod("Guaranteed", 0, &[("cpu", "400m"), ("memory", "400Mi")]),
            pod("Guaranteed", CRITICAL, &[("cpu", "2"), ("memory", "2Gi")]),
        ];
        for (needs, want) in [
            (&[("pods", 1)][..], Some(vec![0])),
            (&[("cpu", 100)], Some(vec![1])),
            (&[("cpu", 250)], Some(vec![2])),
            (&[("cpu", 350)], Some(vec![2, 1])),
            // The Guaranteed one has to go in any case and leaves nothing to be found elsewhere.
            (&[("cpu", 450)], Some(vec![1, 3])),
            (&[("cpu", 800)], Some(vec![2, 1, 3])),
            (&[("cpu", 900)], None),
            (&[("cpu", 100), ("memory", 250 << 20)], Some(vec![2])),
            (&[], Some(vec![])),
        ] {
            assert_eq!(chosen(&all, needs), want, "{needs:?}");
        }
    }
}
