//! Which nodes run a Pod, what a Pod gets beside its template, and the numbers of a rolling update.

use super::places::{Fit, fit};
use super::rolling::limits;
use super::template::{finish, is_updated, target_node, tolerations};
use crate::api::objects::{Node, Taint};
use crate::api::pod::IntOrString;
use crate::api::workload::{DaemonSetSpec, RollingUpdate, Strategy};
use crate::api::{Object, Pod};
use crate::manifest::{Value, parse};
use crate::trace::DaemonSetRule;

fn value(yaml: &str) -> Value {
    let parsed = parse(yaml);
    parsed
        .documents
        .first()
        .map(|d| d.root.to_value())
        .expect("one document")
}

fn pod(raw: &Value) -> Pod {
    match Object::from_value(raw) {
        Object::Pod(pod) => pod,
        other => panic!("{other:?} is no Pod"),
    }
}

/// A DaemonSet whose template has this spec beside its container.
fn daemon_set(spec: &str) -> DaemonSetSpec {
    let text = format!("template: {{spec: {{containers: [{{name: app, image: app}}], {spec}}}}}");
    value(&text).decode().expect("it is a spec")
}

fn node(labels: &str, taints: &[(&str, &str)]) -> Node {
    let mut node = Node::default();
    node.metadata.name = "node1".into();
    let pairs = labels.split_whitespace().filter_map(|pair| pair.split_once('='));
    node.metadata.labels = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    node.spec.taints = taints
        .iter()
        .map(|(key, effect)| Taint {
            key: (*key).to_owned(),
            effect: (*effect).to_owned(),
            ..Taint::default()
        })
        .collect();
    node
}

#[test]
fn labels_and_taints_decide_which_nodes_run_a_pod() {
    const UNFIT: Fit = Fit::Leaves(DaemonSetRule::NodeUnfit);
    const TAINTED: Fit = Fit::Leaves(DaemonSetRule::NodeTainted);
    let affinity = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
                    {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd, nvme]}]}]}}}";
    let tolerates = "tolerations: [{key: gpu, operator: Exists}]";
    // Spec of the template, labels and taints of the node, what follows.
    type Taints = &'static [(&'static str, &'static str)];
    let cases: [(&str, &str, Taints, Fit); 19] = [
        ("", "", &[], Fit::Runs),
        ("nodeName: node1", "", &[], Fit::Runs),
        ("nodeName: node2", "", &[], UNFIT),
        ("nodeSelector: {disk: ssd}", "disk=ssd", &[], Fit::Runs),
        ("nodeSelector: {disk: ssd}", "disk=hdd", &[], UNFIT),
        ("nodeSelector: {disk: ssd}", "", &[], UNFIT),
        (affinity, "disk=nvme", &[], Fit::Runs),
        (affinity, "disk=hdd", &[], UNFIT),
        ("", "", &[("gpu", "NoSchedule")], Fit::Stays),
        ("", "", &[("gpu", "PreferNoSchedule")], Fit::Runs),
        ("", "", &[("gpu", "NoExecute")], TAINTED),
        ("", "", &[("gpu", "NoSchedule"), ("gpu", "NoExecute")], TAINTED),
        (tolerates, "", &[("gpu", "NoSchedule"), ("gpu", "NoExecute")], Fit::Runs),
        (
            tolerates,
            "",
            &[("gpu", "NoSchedule"), ("other", "NoSchedule")],
            Fit::Stays,
        ),
        // A label that does not fit outweighs a taint that lets Pods stay.
        ("nodeSelector: {disk: ssd}", "", &[("gpu", "NoSchedule")], UNFIT),
        ("", "", &[("node.kubernetes.io/unschedulable", "NoSchedule")], Fit::Runs),
        (
            "",
            "",
            &[
                ("node.kubernetes.io/unreachable", "NoSchedule"),
                ("node.kubernetes.io/unreachable", "NoExecute"),
            ],
            Fit::Stays,
        ),
        (
            "",
            "",
            &[("node.kubernetes.io/network-unavailable", "NoSchedule")],
            Fit::Stays,
        ),
        (
            "hostNetwork: true",
            "",
            &[("node.kubernetes.io/network-unavailable", "NoSchedule")],
            Fit::Runs,
        ),
    ];
    for (spec, labels, taints, expected) in cases {
        let spec_of = daemon_set(spec);
        let tolerations = tolerations(&spec_of.template.spec);
        let found = fit(&spec_of, &tolerations, &node(labels, taints));
        assert_eq!(found, expected, "{spec} on a node with {labels} {taints:?}");
    }
}

/// Key, operator, effect, seconds of each toleration.
fn told(raw: &Value) -> Vec<String> {
    let items = raw.at(&["spec", "tolerations"]).map(Value::items).unwrap_or_default();
    let text = |t: &Value, key: &str| t.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
    let line = |t: &Value| {
        let seconds = matches!(t.get("tolerationSeconds"), Some(Value::Int(_)));
        let tail = if seconds { " for a time" } else { "" };
        format!("{} {} {}{tail}", text(t, "key"), text(t, "operator"), text(t, "effect"))
    };
    items.iter().map(line).collect()
}

#[test]
fn a_pod_tolerates_what_upstream_adds_in_its_order() {
    let added = [
        "node.kubernetes.io/not-ready Exists NoExecute",
        "node.kubernetes.io/unreachable Exists NoExecute",
        "node.kubernetes.io/disk-pressure Exists NoSchedule",
        "node.kubernetes.io/memory-pressure Exists NoSchedule",
        "node.kubernetes.io/pid-pressure Exists NoSchedule",
        "node.kubernetes.io/unschedulable Exists NoSchedule",
    ];
    let mut plain = value("spec: {containers: [{name: app, image: app}]}");
    finish(&mut plain, "node1", "abc", None);
    assert_eq!(told(&plain), added);

    let mut host = value("spec: {hostNetwork: true}");
    finish(&mut host, "node1", "abc", None);
    let network = "node.kubernetes.io/network-unavailable Exists NoSchedule";
    assert_eq!(told(&host), [&added[..], &[network]].concat());

    // One of the template's own stays in its place; of the same key, effect and operator it loses its time.
    let mut own = value(
        "spec: {tolerations: [{key: gpu, operator: Exists}, {key: node.kubernetes.io/unreachable, operator: Exists, \
         effect: NoExecute, tolerationSeconds: 20}]}",
    );
    finish(&mut own, "node1", "abc", None);
    let mut expected = vec!["gpu Exists -", added[1], added[0]];
    expected.extend(&added[2..]);
    assert_eq!(told(&own), expected);
    let typed = tolerations(&daemon_set("tolerations: [{key: gpu, operator: Exists}]").template.spec);
    let keys: Vec<&str> = typed.iter().map(|t| t.key.as_str()).collect();
    let wanted = std::iter::once("gpu").chain(added.iter().filter_map(|t| t.split(' ').next()));
    assert_eq!(keys, wanted.collect::<Vec<_>>());
}

#[test]
fn a_pod_is_pinned_to_its_node_whatever_the_template_requires() {
    let mut raw = value(
        "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}, spec: {containers: [{name: app, image: \
         app}], affinity: {podAntiAffinity: {}, nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
         {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: Exists}]}]}}}}}",
    );
    finish(&mut raw, "node7", "6649fcd558", Some(3));
    let terms = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    let path: Vec<&str> = terms.split('.').collect();
    let wanted = value("[{matchFields: [{key: metadata.name, operator: In, values: [node7]}]}]");
    assert_eq!(raw.at(&path), Some(&wanted));
    assert!(raw.at(&["spec", "affinity", "podAntiAffinity"]).is_some());
    let pod = pod(&raw);
    assert_eq!(target_node(&pod), Some("node7"));
    assert_eq!(
        pod.metadata.labels.get("pod-template-generation").map(String::as_str),
        Some("3")
    );
    assert!(is_updated(&pod, "6649fcd558", None));
    assert!(is_updated(&pod, "other", Some(3)), "the old label counts too");
    assert!(!is_updated(&pod, "other", Some(4)));
}

#[test]
fn a_pod_without_a_node_is_for_the_one_node_it_names() {
    let with = |spec: &str| {
        let text = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{{spec}}}}}");
        target_node(&pod(&value(&text))).map(str::to_owned)
    };
    let affinity = |field: &str| {
        format!(
            "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: \
             [{{matchFields: [{field}]}}]}}}}}}"
        )
    };
    assert_eq!(with("nodeName: node3").as_deref(), Some("node3"));
    assert_eq!(with("restartPolicy: Always"), None);
    let one = affinity("{key: metadata.name, operator: In, values: [node4]}");
    assert_eq!(with(&one).as_deref(), Some("node4"));
    assert_eq!(
        with(&affinity("{key: metadata.name, operator: In, values: [a, b]}")),
        None
    );
    assert_eq!(
        with(&affinity("{key: metadata.name, operator: NotIn, values: [a]}")),
        None
    );
}

#[test]
fn fractions_of_nodes_round_up() {
    use IntOrString::{Int, String};
    let percent = |text: &str| Some(String(text.to_owned()));
    // maxUnavailable, maxSurge, nodes; nodes that may have two Pods, nodes that may have no available one.
    let cases = [
        (Some(Int(1)), Some(Int(0)), 3, (0, 1)),
        (percent("50%"), Some(Int(0)), 3, (0, 2)),
        (percent("10%"), Some(Int(0)), 3, (0, 1)),
        (percent("10%"), Some(Int(0)), 100, (0, 10)),
        (percent("34%"), Some(Int(0)), 3, (0, 2)),
        (percent("100%"), Some(Int(0)), 7, (0, 7)),
        (Some(Int(0)), percent("25%"), 5, (2, 0)),
        (Some(Int(0)), Some(Int(4)), 3, (4, 0)),
        // Neither: one Pod at a time, or nothing would ever go on.
        (Some(Int(0)), Some(Int(0)), 3, (0, 1)),
        (percent("0%"), percent("0%"), 3, (0, 1)),
        (percent("50%"), Some(Int(0)), 0, (0, 0)),
    ];
    for (max_unavailable, max_surge, nodes, expected) in cases {
        let text = format!("{max_unavailable:?}, {max_surge:?} of {nodes}");
        let spec = DaemonSetSpec {
            update_strategy: Strategy {
                kind: "RollingUpdate".to_owned(),
                rolling_update: Some(RollingUpdate {
                    max_unavailable,
                    max_surge,
                    partition: 0,
                }),
            },
            ..DaemonSetSpec::default()
        };
        assert_eq!(limits(&spec, nodes), expected, "{text}");
    }
}
