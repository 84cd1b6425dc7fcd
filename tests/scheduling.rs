//! Affinity, anti-affinity and spreading: which node a Pod gets, and the words when it gets none.
#![cfg(not(target_arch = "wasm32"))]

use podscope::sim::{Options, Simulation};

const NODES: &str = "---
apiVersion: podscope/v1
kind: Scenario
metadata: {name: nodes}
spec:
  until: 20s
  nodes:
  - {name: n1, labels: {zone: a, disk: ssd, cores: '8'}}
  - {name: n2, labels: {zone: a}}
  - {name: n3, labels: {zone: b}}
  - {name: n4, taints: [{key: x, effect: NoSchedule}]}
";

/// Pods with these specs beside their container, one after the other, named `p0`, `p1`, … and labelled `app: web`.
fn pods(specs: &[&str]) -> String {
    let mut text = String::new();
    for (i, spec) in specs.iter().enumerate() {
        text += &format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}, labels: {{app: web}}}}\nspec:\n  \
             containers: [{{name: c, image: nginx}}]\n  {spec}\n"
        );
    }
    text
}

/// What the scheduler says of each Pod in its events, with the node's name or the text up to the part on preemption.
fn said(text: &str) -> Vec<String> {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let errors: Vec<String> = sim.diagnostics().into_iter().map(|d| d.message).collect();
    assert!(errors.iter().all(|e| e.starts_with("assumed")), "{errors:?}");
    let events = sim.record().events.iter();
    let ours = events.filter(|e| matches!(&*e.reason, "Scheduled" | "FailedScheduling"));
    ours.map(|e| {
        let text = e.message.split(". no new claims").next().unwrap_or_default();
        let text = text.rsplit(" to ").next().unwrap_or_default();
        format!("{} {text}", e.object.trim_start_matches("Pod/"))
    })
    .collect()
}

fn on_nodes(specs: &[&str]) -> Vec<String> {
    said(&(pods(specs) + NODES))
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

fn node_affinity(expression: &str) -> String {
    format!("affinity: {{nodeAffinity: {{{REQUIRED}: {{nodeSelectorTerms: [{{matchExpressions: [{expression}]}}]}}}}}}")
}

#[test]
fn required_node_affinity_must_fit() {
    let refused = "0/4 nodes are available: 1 node(s) had untolerated taint(s), \
                   3 node(s) didn't match Pod's node affinity/selector";
    for (expression, want) in [
        ("{key: disk, operator: In, values: [ssd, nvme]}", "n1"),
        ("{key: disk, operator: In, values: [nvme]}", refused),
        ("{key: zone, operator: NotIn, values: [a]}", "n3"),
        ("{key: disk, operator: Exists}", "n1"),
        ("{key: zone, operator: DoesNotExist}", refused),
        ("{key: cores, operator: Gt, values: ['4']}", "n1"),
        ("{key: cores, operator: Lt, values: ['4']}", refused),
    ] {
        assert_eq!(
            on_nodes(&[&node_affinity(expression)]),
            [format!("p0 {want}")],
            "{expression}"
        );
    }
}

#[test]
fn preferences_decide_among_nodes_that_fit() {
    let node = format!(
        "affinity: {{nodeAffinity: {{{PREFERRED}: [{{weight: 10, preference: {{matchExpressions: [{{key: zone, operator: In, \
         values: [b]}}]}}}}]}}}}"
    );
    assert_eq!(on_nodes(&[&node]), ["p0 n3"]);
    let term = "podAffinityTerm: {labelSelector: {matchLabels: {app: web}}, topologyKey: zone}";
    let near = format!("affinity: {{podAffinity: {{{PREFERRED}: [{{weight: 1, {term}}}]}}}}");
    assert_eq!(on_nodes(&["", &near]), ["p0 n1", "p1 n2"]);
    let far = format!("affinity: {{podAntiAffinity: {{{PREFERRED}: [{{weight: 1, {term}}}]}}}}");
    assert_eq!(on_nodes(&["", &far]), ["p0 n1", "p1 n3"]);
}

#[test]
fn pods_keep_apart_or_together() {
    let term = "labelSelector: {matchLabels: {app: web}}, topologyKey: kubernetes.io/hostname";
    let apart = format!("affinity: {{podAntiAffinity: {{{REQUIRED}: [{{{term}}}]}}}}");
    assert_eq!(
        on_nodes(&[&apart, &apart, &apart, &apart]),
        [
            "p0 n1",
            "p1 n2",
            "p2 n3",
            "p3 0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) didn't match pod anti-affinity rules",
        ]
    );
    assert_eq!(
        on_nodes(&[&apart, &apart, &apart, ""])[3],
        "p3 0/4 nodes are available: 1 node(s) had untolerated taint(s), \
         3 node(s) didn't satisfy existing pods anti-affinity rules"
    );
    // The first of a group has nobody to be near to.
    let together = format!("affinity: {{podAffinity: {{{REQUIRED}: [{{{term}}}]}}}}");
    assert_eq!(on_nodes(&[&together, &together]), ["p0 n1", "p1 n1"]);
    let to_others = together.replace("app: web", "app: db");
    assert_eq!(
        on_nodes(&[&to_others]),
        ["p0 0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) didn't match pod affinity rules"]
    );
}

#[test]
fn one_that_waits_for_another_gets_its_node_when_that_one_has_come() {
    let term = "labelSelector: {matchLabels: {app: db}}, topologyKey: zone";
    let near = format!("affinity: {{podAffinity: {{{REQUIRED}: [{{{term}}}]}}}}");
    let steps = "  steps:\n  - {at: 5s, run: kubectl apply -f db.yaml}\n  files:\n    db.yaml: |\n      \
                 {apiVersion: v1, kind: Pod, metadata: {name: db, labels: {app: db}}, \
                 spec: {containers: [{name: c, image: nginx}]}}\n";
    let said = said(&(pods(&[&near]) + NODES + steps));
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(said[1..], ["db n1", "p0 n2"]);
}

#[test]
fn a_pod_that_names_its_node_waits_for_that_one_alone() {
    let named = |fields: &str, rest: &str| {
        format!(
            "affinity: {{nodeAffinity: {{{REQUIRED}: {{nodeSelectorTerms: [{{matchFields: [{fields}]}}]}}}}}}{rest}"
        )
    };
    let on = |names: &str| format!("{{key: metadata.name, operator: In, values: [{names}]}}");
    let others = "3 node(s) didn't satisfy plugin(s) [NodeAffinity]";
    // Among the other nodes is one with a taint, which has no say any more.
    assert_eq!(on_nodes(&[&named(&on("n3"), "")]), ["p0 n3"]);
    assert_eq!(
        on_nodes(&[&named(&on("n4"), "")]),
        [format!(
            "p0 0/4 nodes are available: 1 node(s) had untolerated taint(s), {others}"
        )]
    );
    assert_eq!(
        on_nodes(&[&named(&on("n3"), "\n  nodeSelector: {disk: ssd}")]),
        [format!(
            "p0 0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, {others}"
        )]
    );
    assert_eq!(
        on_nodes(&[&named(&on("gone"), "")]),
        ["p0 0/4 nodes are available: 4 node(s) didn't satisfy plugin(s) [NodeAffinity]"]
    );
    let neither = format!("{}, {}", on("n1"), on("n2"));
    assert_eq!(
        on_nodes(&[&named(&neither, "")]),
        ["p0 0/4 nodes are available: pod affinity terms conflict"]
    );
}

#[test]
fn pods_are_spread_over_domains() {
    let spread = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, \
                  labelSelector: {matchLabels: {app: web}}}]";
    assert_eq!(on_nodes(&[spread, spread, spread]), ["p0 n1", "p1 n3", "p2 n2"]);
    let pinned = format!(
        "nodeSelector: {{zone: a}}\n  {}",
        spread.replace("topologyKey: zone", "topologyKey: rack")
    );
    assert_eq!(
        on_nodes(&[&pinned]),
        [
            "p0 0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, \
             1 node(s) had untolerated taint(s), \
          2 node(s) didn't match pod topology spread constraints (missing required label)"
        ]
    );
    let few = spread.replace("maxSkew: 1", "maxSkew: 1, minDomains: 3");
    assert_eq!(
        on_nodes(&[&few, &few, &few])[2],
        "p2 0/4 nodes are available: 1 node(s) had untolerated taint(s), \
         3 node(s) didn't match pod topology spread constraints"
    );
    let wished = spread.replace("DoNotSchedule", "ScheduleAnyway");
    assert_eq!(on_nodes(&["nodeName: n3", &wished])[0], "p1 n1");
}
