//! Twin: pkg/controller/daemon/util/daemonset_util.go (v1.36.2)
//! Covers: all of it: the tolerations and labels that a Pod gets beside the template's, the affinity that pins it to its
//! node, which node a Pod is for, the numbers of a rolling update.
//! Left out: nothing.

use crate::api::pod::Toleration;
use crate::api::selects::{items, text};
use crate::api::workload::{DaemonSetSpec, RollingUpdatePart};
use crate::api::{Pod, PodSpec};
use crate::manifest::Value;

/// The label with the hash of the template.
pub(super) const HASH: &str = "controller-revision-hash";
/// The label with the number of the template.
const GENERATION: &str = "pod-template-generation";

const NODE: &str = "node.kubernetes.io/";
/// Key after `node.kubernetes.io/` and effect of what every Pod of a DaemonSet tolerates, in upstream's order.
const TOLERATED: [(&str, &str); 7] = [
    ("not-ready", "NoExecute"),
    ("unreachable", "NoExecute"),
    ("disk-pressure", "NoSchedule"),
    ("memory-pressure", "NoSchedule"),
    ("pid-pressure", "NoSchedule"),
    ("unschedulable", "NoSchedule"),
    // With the network of the host only.
    ("network-unavailable", "NoSchedule"),
];

fn added(host_network: bool) -> impl Iterator<Item = (String, &'static str)> {
    let all = TOLERATED.iter().take(TOLERATED.len() - usize::from(!host_network));
    all.map(|(key, effect)| (format!("{NODE}{key}"), *effect))
}

/// The tolerations of the Pods (`AddOrUpdateDaemonPodTolerations`).
pub(super) fn tolerations(spec: &PodSpec) -> Vec<Toleration> {
    let mut all = spec.tolerations.clone();
    for (key, effect) in added(spec.host_network) {
        let added = Toleration {
            key,
            operator: "Exists".to_owned(),
            effect: effect.to_owned(),
            ..Toleration::default()
        };
        let same = |t: &&mut Toleration| {
            t.key == added.key && t.effect == added.effect && t.operator == added.operator && t.value.is_empty()
        };
        match all.iter_mut().find(same) {
            Some(given) => *given = added,
            None => all.push(added),
        }
    }
    all
}

/// The same in an object that is about to be stored.
fn tolerate(spec: &mut Value) {
    let host_network = spec.get("hostNetwork") == Some(&Value::Bool(true));
    let mut all = items(spec, &["tolerations"]).to_vec();
    for (key, effect) in added(host_network) {
        let same = |t: &&mut Value| {
            text(t, "key") == key
                && text(t, "effect") == effect
                && text(t, "operator") == "Exists"
                && text(t, "value").is_empty()
        };
        let mut added = Value::Map(Vec::new());
        added.set("key", key.as_str().into());
        added.set("operator", "Exists".into());
        added.set("effect", effect.into());
        match all.iter_mut().find(same) {
            Some(given) => *given = added,
            None => all.push(added),
        }
    }
    spec.set("tolerations", Value::Seq(all));
}

/// Makes a Pod of the template one for this node: tolerations, labels (`CreatePodTemplate`) and the affinity that
/// replaces what the template requires (`ReplaceDaemonSetPodNodeNameNodeAffinity`).
pub(super) fn finish(raw: &mut Value, node: &str, hash: &str, generation: Option<i64>) {
    let labels = raw.entry("metadata").entry("labels");
    if let Some(generation) = generation {
        labels.set(GENERATION, generation.to_string().into());
    }
    labels.set(HASH, hash.into());
    let spec = raw.entry("spec");
    tolerate(spec);
    let field = Value::Map(vec![
        ("key".to_owned(), "metadata.name".into()),
        ("operator".to_owned(), "In".into()),
        ("values".to_owned(), Value::Seq(vec![node.into()])),
    ]);
    let term = Value::Map(vec![("matchFields".to_owned(), Value::Seq(vec![field]))]);
    spec.entry("affinity")
        .entry("nodeAffinity")
        .entry("requiredDuringSchedulingIgnoredDuringExecution")
        .set("nodeSelectorTerms", Value::Seq(vec![term]));
}

/// The node a Pod is bound to, or will be (`GetTargetNodeName`).
pub(super) fn target_node(pod: &Pod) -> Option<&str> {
    if !pod.spec.node_name.is_empty() {
        return Some(&pod.spec.node_name);
    }
    let path = [
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ];
    let terms = items(pod.spec.affinity.as_ref()?, &path);
    let mut fields = terms.iter().flat_map(|term| items(term, &["matchFields"]));
    let name = fields.find(|field| text(field, "key") == "metadata.name" && text(field, "operator") == "In")?;
    match items(name, &["values"]) {
        [one] => one.as_str(),
        _ => None,
    }
}

/// Whether a Pod was made from the newest template (`IsPodUpdated`).
pub(super) fn is_updated(pod: &Pod, hash: &str, generation: Option<i64>) -> bool {
    let label = |key: &str| pod.metadata.labels.get(key).map(String::as_str);
    label(HASH) == Some(hash) || generation.is_some_and(|n| label(GENERATION) == Some(n.to_string().as_str()))
}

/// `maxSurge` or `maxUnavailable` of so many nodes, rounded up; 0 without a rolling update.
pub(super) fn resolve(spec: &DaemonSetSpec, part: RollingUpdatePart, nodes: usize) -> usize {
    let strategy = &spec.update_strategy;
    let rolling = strategy
        .rolling_update
        .as_ref()
        .filter(|_| strategy.kind == "RollingUpdate");
    let nodes = i64::try_from(nodes).unwrap_or(i64::MAX);
    let number = rolling.map_or(0, |numbers| numbers.resolve(part, nodes, true));
    usize::try_from(number).unwrap_or(0)
}
