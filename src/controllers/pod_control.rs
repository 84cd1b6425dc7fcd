//! Twin: pkg/controller/controller_utils.go (v1.36.2)
//! Covers: Pods made from a template (`GetPodFromTemplate`, `RealPodControl`), which Pods are active, ready, available,
//! and which of them goes first when there are too many (`ActivePodsWithRanks`).
//! Left out: limits of the client, expectations: a controller here sees its own writes at once.

use std::cmp::Ordering;
use std::rc::Rc;

use super::claim::controller_reference;
use crate::api::defaults;
use crate::api::{Object, Phase, Pod, PodCondition};
use crate::apiserver::{ApiServer, DeleteRequest, StoredWorkload, admit_priority, is_ready};
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::{DeletionRank, EntryId};

/// How a Pod gets its name.
#[derive(Clone, Debug)]
pub enum PodName {
    /// The owner's name, a hyphen and five random characters.
    Generated,
    /// Another prefix before the random characters.
    Prefix(String),
    /// This one.
    Given(String),
}

/// Makes a Pod from the owner's template; `edit` changes the object before it is stored.
///
/// # Errors
/// The API server's answer.
pub fn create_pod(
    cx: &mut Cx,
    api: &mut ApiServer,
    owner: &StoredWorkload,
    name: PodName,
    because: Option<EntryId>,
    edit: impl FnOnce(&mut Value),
) -> Result<Uid, String> {
    let object = &owner.object;
    let mut raw = from_template(object.raw_template());
    let meta = raw.entry("metadata");
    match name {
        PodName::Generated => meta.set("generateName", format!("{}-", object.metadata.name).into()),
        PodName::Prefix(prefix) => meta.set("generateName", prefix.into()),
        PodName::Given(name) => meta.set("name", name.into()),
    }
    meta.set("namespace", (&*object.metadata.namespace).into());
    meta.set("ownerReferences", Value::Seq(vec![reference_value(object)]));
    edit(&mut raw);
    // A template has no requests from its limits, and no links to Services: only Pods get them.
    defaults::apply(&mut raw, "Pod");
    let Object::Pod(mut pod) = Object::from_value(&raw) else {
        return Err("the template cannot be read as a Pod".to_owned());
    };
    api.name_pod(cx, &mut pod, &mut raw);
    let name = pod.metadata.name.clone();
    if api.pod_named(&pod.metadata.namespace, &name).is_some() {
        return Err(format!("pods \"{name}\" already exists"));
    }
    admit_priority(api, &mut pod).map_err(|why| format!("pods \"{name}\" is forbidden: {why}"))?;
    Ok(api.create_pod(cx, pod, raw, because))
}

fn from_template(template: Option<&Value>) -> Value {
    let mut raw = Value::Map(vec![
        ("apiVersion".to_owned(), "v1".into()),
        ("kind".to_owned(), "Pod".into()),
    ]);
    let Some(template) = template else { return raw };
    let mut meta = Value::Map(Vec::new());
    for key in ["labels", "annotations", "finalizers"] {
        if let Some(value) = template.at(&["metadata", key]) {
            meta.set(key, value.clone());
        }
    }
    raw.set("metadata", meta);
    raw.set("spec", template.get("spec").cloned().unwrap_or(Value::Map(Vec::new())));
    raw
}

/// The reference to a controlling owner as plain data.
pub fn reference_value(owner: &crate::api::Workload) -> Value {
    let reference = controller_reference(owner);
    Value::Map(vec![
        ("apiVersion".to_owned(), reference.api_version.into()),
        ("kind".to_owned(), reference.kind.into()),
        ("name".to_owned(), reference.name.into()),
        ("uid".to_owned(), reference.uid.into()),
        ("controller".to_owned(), true.into()),
        ("blockOwnerDeletion".to_owned(), true.into()),
    ])
}

/// Deletes a Pod with its own grace period.
pub fn delete_pod(cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
    api.delete_pod(cx, uid, DeleteRequest { grace: None, because });
}

/// Whether a Pod has neither ended nor is being deleted (`IsPodActive`).
pub fn is_active(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && pod.metadata.deletion_timestamp.is_none()
}

/// Whether a Pod is on its way out and has not ended (`IsPodTerminating`).
pub fn is_terminating(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && pod.metadata.deletion_timestamp.is_some()
}

/// Whether a change of a Pod can make a difference to what a controller counts: upstream looks again after every change,
/// and finds nothing after most.
pub fn counts_differ(before: &Pod, after: &Pod) -> bool {
    let ready = |pod: &Pod| ready_condition(pod).map(|c| (c.status.clone(), c.last_transition_time));
    before.metadata.deletion_timestamp.is_some() != after.metadata.deletion_timestamp.is_some()
        || before.status.phase.is_terminal() != after.status.phase.is_terminal()
        || before.metadata.labels != after.metadata.labels
        || before.metadata.owner_references != after.metadata.owner_references
        || ready(before) != ready(after)
}

fn ready_condition(pod: &Pod) -> Option<&PodCondition> {
    pod.status.conditions.iter().find(|c| &*c.kind == "Ready")
}

/// When a Pod became ready, to the second; none while it is not.
pub fn ready_since(pod: &Pod, calendar: Calendar) -> Option<Instant> {
    let condition = ready_condition(pod).filter(|c| &*c.status == "True")?;
    condition.last_transition_time.map(|t| calendar.trunc(t.0))
}

/// Whether a Pod has been ready for so many seconds (`IsPodAvailable`).
pub fn is_available(cx: &Cx, pod: &Pod, min_ready_seconds: i64) -> bool {
    if !is_ready(pod) {
        return false;
    }
    min_ready_seconds == 0
        || ready_since(pod, cx.setup.calendar)
            .is_some_and(|since| since + Duration::from_secs(min_ready_seconds) <= cx.now)
}

/// The first instant at which one of these ready Pods will be available and is not yet.
pub fn next_available<'p>(cx: &Cx, pods: impl Iterator<Item = &'p Pod>, min_ready_seconds: i64) -> Option<Instant> {
    pods.filter(|pod| is_ready(pod) && !is_available(cx, pod, min_ready_seconds))
        .filter_map(|pod| {
            ready_since(pod, cx.setup.calendar).map(|since| since + Duration::from_secs(min_ready_seconds))
        })
        .min()
}

/// One Pod among those that may be deleted.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its identity.
    pub uid: Uid,
    /// The Pod.
    pub pod: Rc<Pod>,
    /// How many active Pods of the same top owner are on its node.
    pub crowd: u32,
}

const COST: &str = "controller.kubernetes.io/pod-deletion-cost";

fn cost(pod: &Pod) -> i32 {
    pod.metadata
        .annotations
        .get(COST)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

fn phase_rank(pod: &Pod) -> u8 {
    match pod.status.phase {
        Phase::Pending => 0,
        Phase::Running => 2,
        _ => 1,
    }
}

fn restarts(pod: &Pod) -> i64 {
    let all = pod
        .status
        .init_container_statuses
        .iter()
        .chain(&pod.status.container_statuses);
    all.map(|c| c.restart_count).max().unwrap_or(0)
}

/// The power of two of nanoseconds in which an age lies; ages in the same one count as equal.
fn age_rank(since: Instant, now: Instant) -> i64 {
    let nanos = (now - since).micros().saturating_mul(1_000);
    match u64::try_from(nanos) {
        Ok(nanos @ 1..) => i64::from(nanos.ilog2()),
        _ => -1,
    }
}

/// The newer of two times comes first, on the logarithmic scale of age. Equal times decide nothing.
fn newer_first(
    (a, b): (Option<Instant>, Option<Instant>),
    (p, q): (&Pod, &Pod),
    now: Instant,
    rank: DeletionRank,
) -> Option<(Ordering, DeletionRank)> {
    let (a, b) = (a?, b?);
    if a == b {
        return None;
    }
    Some(match age_rank(a, now).cmp(&age_rank(b, now)) {
        Ordering::Equal => (p.metadata.uid.cmp(&q.metadata.uid), DeletionRank::Uid),
        order => (order, rank),
    })
}

/// Which of two Pods is deleted first, and what decided it (`ActivePodsWithRanks.Less`).
pub fn deletion_order(cx: &Cx, a: &Candidate, b: &Candidate) -> (Ordering, DeletionRank) {
    let (now, calendar) = (cx.now, cx.setup.calendar);
    let (p, q) = (&*a.pod, &*b.pod);
    let decided = |order: Ordering, rank: DeletionRank| (order != Ordering::Equal).then_some((order, rank));
    let has_node = |pod: &Pod| !pod.spec.node_name.is_empty();
    let created = |pod: &Pod| pod.metadata.creation_timestamp.map(|t| calendar.trunc(t.0));
    let both_ready = is_ready(p) && is_ready(q);
    decided(has_node(p).cmp(&has_node(q)), DeletionRank::NoNode)
        .or_else(|| decided(phase_rank(p).cmp(&phase_rank(q)), DeletionRank::Phase))
        .or_else(|| decided(is_ready(p).cmp(&is_ready(q)), DeletionRank::NotReady))
        .or_else(|| {
            decided(
                cost(p).cmp(&cost(q)),
                DeletionRank::Cost {
                    cost: cost(p).min(cost(q)),
                },
            )
        })
        .or_else(|| {
            let pods = a.crowd.max(b.crowd);
            decided(b.crowd.cmp(&a.crowd), DeletionRank::Crowded { pods })
        })
        .or_else(|| {
            let times = (ready_since(p, calendar), ready_since(q, calendar));
            newer_first(times, (p, q), now, DeletionRank::ReadyLater).filter(|_| both_ready)
        })
        .or_else(|| {
            let most = u32::try_from(restarts(p).max(restarts(q))).unwrap_or(0);
            decided(restarts(q).cmp(&restarts(p)), DeletionRank::Restarts { restarts: most })
        })
        .or_else(|| newer_first((created(p), created(q)), (p, q), now, DeletionRank::Newer))
        .unwrap_or_else(|| (p.metadata.uid.cmp(&q.metadata.uid), DeletionRank::Uid))
}
