//! Twin: pkg/scheduler/framework/plugins/interpodaffinity/filtering.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/interpodaffinity/scoring.go (v1.36.2)
//! Covers: required and preferred affinity and anti-affinity between Pods, those of the Pods that are there included.
//! Left out: the preferred ones of the Pods that are there.

use crate::api::Pod;
use crate::api::objects::Node;
use crate::api::selects::{items, selector_fits, text, whole};
use crate::apiserver::ApiServer;
use crate::manifest::Value;
use crate::map::Map;

/// A Pod of the cluster and the node it is on.
pub type Placed<'a> = (&'a Pod, &'a Node);

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

fn terms<'a>(pod: &'a Pod, kind: &str, strength: &str) -> &'a [Value] {
    let affinity = pod.spec.affinity.as_ref();
    affinity.map(|a| items(a, &[kind, strength])).unwrap_or_default()
}

fn strings<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    items(of, &[key]).iter().filter_map(Value::as_str)
}

/// Whether a Pod is one of those that a term of `owner` speaks of.
fn speaks_of(api: &ApiServer, owner: &Pod, term: &Value, pod: &Pod) -> bool {
    let namespace = &*pod.metadata.namespace;
    let mut named = strings(term, "namespaces").peekable();
    let selector = term.get("namespaceSelector");
    let own = named.peek().is_none() && selector.is_none() && *owner.metadata.namespace == *namespace;
    if !own && !named.any(|n| n == namespace) && !selector_fits(selector, &namespace_labels(api, namespace)) {
        return false;
    }
    let (ours, theirs) = (&owner.metadata.labels, &pod.metadata.labels);
    let alike = |key: &str| ours.get(key).is_none_or(|value| theirs.get(key) == Some(value));
    let unlike = |key: &str| ours.get(key).is_none_or(|value| theirs.get(key) != Some(value));
    selector_fits(term.get("labelSelector"), theirs)
        && strings(term, "matchLabelKeys").all(alike)
        && strings(term, "mismatchLabelKeys").all(unlike)
}

/// Whether a change of another Pod on its node may let a Pod be scheduled: one that it wants to be near to came or went,
/// or one that it has to be far from went (`isSchedulableAfterPodChange`).
pub fn helps(api: &ApiServer, pod: &Pod, was: Option<&Pod>, is: Option<&Pod>) -> bool {
    let all = |asking: &Pod, kind: &str, asked: Option<&Pod>| {
        let terms = terms(asking, kind, REQUIRED);
        let asked = asked.filter(|_| !terms.is_empty());
        asked.is_some_and(|asked| terms.iter().all(|term| speaks_of(api, asking, term, asked)))
    };
    let near = |other| all(pod, "podAffinity", other);
    let far = |other| all(pod, "podAntiAffinity", other);
    let kept_away = |other: Option<&Pod>| other.is_some_and(|other| all(other, "podAntiAffinity", Some(pod)));
    near(was) != near(is) || far(was) && !far(is) || kept_away(was) && is.is_none()
}

fn namespace_labels(api: &ApiServer, name: &str) -> Map<String, String> {
    let stored = api.object("Namespace", "", name);
    let labels = stored.and_then(|s| s.value.at(&["metadata", "labels"]));
    let labels = labels.map(Value::members).unwrap_or_default().iter();
    let said = labels.filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())));
    said.chain([("kubernetes.io/metadata.name".to_owned(), name.to_owned())])
        .collect()
}

fn domain<'a>(node: &'a Node, term: &Value) -> Option<&'a String> {
    node.metadata.labels.get(text(term, "topologyKey"))
}

fn same_domain(a: &Node, b: &Node, term: &Value) -> bool {
    domain(a, term).is_some_and(|value| domain(b, term) == Some(value))
}

/// Why a node does not do, and whether removing other Pods could help.
pub fn refusal(api: &ApiServer, pod: &Pod, node: &Node, placed: &[Placed]) -> Option<(&'static str, bool)> {
    let near = terms(pod, "podAffinity", REQUIRED);
    if !near.is_empty() {
        let speaks = |other: &Pod| near.iter().all(|term| speaks_of(api, pod, term, other));
        let wanted: Vec<&Placed> = placed.iter().filter(|(other, _)| speaks(other)).collect();
        // The first of a group that wants to be together has nobody to be near to.
        let first = wanted.is_empty() && speaks(pod);
        let satisfied = near.iter().all(|term| {
            domain(node, term).is_some() && (first || wanted.iter().any(|(_, at)| same_domain(at, node, term)))
        });
        if !satisfied {
            return Some(("node(s) didn't match pod affinity rules", false));
        }
    }
    let far = terms(pod, "podAntiAffinity", REQUIRED);
    let disturbs = |term: &Value| {
        let mut there = placed.iter().filter(|(_, at)| same_domain(at, node, term));
        there.any(|(other, _)| speaks_of(api, pod, term, other))
    };
    if far.iter().any(disturbs) {
        return Some(("node(s) didn't match pod anti-affinity rules", true));
    }
    let is_disturbed = |(other, at): &Placed| {
        let mut far = terms(other, "podAntiAffinity", REQUIRED).iter();
        far.any(|term| same_domain(at, node, term) && speaks_of(api, other, term, pod))
    };
    if placed.iter().any(is_disturbed) {
        return Some(("node(s) didn't satisfy existing pods anti-affinity rules", true));
    }
    None
}

/// The weights of what a Pod would like: for every Pod near to which it wants to be, against every one it wants to be
/// far from.
pub fn preference(api: &ApiServer, pod: &Pod, node: &Node, placed: &[Placed]) -> i64 {
    let weigh = |kind: &str| -> i64 {
        let weighted = terms(pod, kind, PREFERRED).iter();
        let sums = weighted.filter_map(|weighted| {
            let term = weighted.get("podAffinityTerm")?;
            let there = placed.iter().filter(|(_, at)| same_domain(at, node, term));
            let count = there.filter(|(other, _)| speaks_of(api, pod, term, other)).count();
            Some(whole(weighted, "weight", 0).saturating_mul(count as i64))
        });
        sums.sum()
    };
    weigh("podAffinity") - weigh("podAntiAffinity")
}
