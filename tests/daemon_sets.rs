//! DaemonSets: when Pods come and go, and what holds for any of them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use podscope::api::{Pod, WorkloadKind};
use podscope::manifest::Value;
use podscope::rng::Stream;
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration, Instant};
use podscope::trace::{DaemonSetRule, EntryId, NodeRevision, PodRevision, Rule, WatchKind};
use podscope::view::json::{Sources, report_json};
use podscope::view::run::report;

/// DaemonSets that are drawn.
const RUNS: u64 = 360;

fn run(text: &str) -> Simulation {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let wrong: Vec<String> = sim.diagnostics().iter().map(|d| d.message.clone()).collect();
    assert!(!wrong.iter().any(|text| text.contains("unknown")), "{wrong:?}\n{text}");
    sim
}

/// A DaemonSet `web` with these lines of its spec and of its template's, ready so long after its start.
fn web(spec: &str, template: &str, ready: u64) -> String {
    format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: web}}\nspec:\n{spec}  selector: {{matchLabels: {{app: \
         web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n{template}      \
         terminationGracePeriodSeconds: 2\n      containers:\n      - name: web\n        image: app:1\n        \
         readinessProbe: {{httpGet: {{path: /, port: 8080}}, periodSeconds: 1}}\n---\napiVersion: podscope/v1\nkind: \
         Scenario\nspec:\n  workloads:\n  - program: {{listens: [{{port: 8080, after: {ready}s}}], onTerm: {{after: \
         1s}}}}\n  images: [{{name: \"app:9\", pull: {{error: not found}}}}]\n"
    )
}

fn nodes(all: &[String]) -> String {
    let lines = all.iter().map(|node| format!("  - {node}\n"));
    format!("  nodes:\n{}", lines.collect::<String>())
}

fn plain_nodes(count: usize) -> String {
    let all: Vec<String> = (1..=count)
        .map(|n| format!("{{name: node{n}, images: [\"app:1\", \"app:2\", \"app:3\"]}}"))
        .collect();
    nodes(&all)
}

fn steps(all: &[(String, String)]) -> String {
    let lines = all
        .iter()
        .map(|(at, command)| format!("  - {{at: {at}, run: \"{command}\"}}\n"));
    format!("  steps:\n{}", lines.collect::<String>())
}

/// When each Pod was made, with its name.
fn created(sim: &Simulation) -> Vec<(Instant, String)> {
    let added = sim.record().pods.iter().filter(|r| r.kind == WatchKind::Added);
    added.map(|r| (r.at, r.pod.metadata.name.to_string())).collect()
}

/// The statuses of `web`: when, desired, current, ready, updated, available.
fn statuses(sim: &Simulation) -> Vec<(Instant, [i64; 5])> {
    let all = sim.record().workloads.iter();
    all.filter(|r| r.object.kind == WorkloadKind::DaemonSet)
        .filter_map(|r| Some((r.at, r.object.daemon_set()?.1.clone())))
        .map(|(at, s)| {
            let numbers = [
                s.desired_number_scheduled,
                s.current_number_scheduled,
                s.number_ready,
                s.updated_number_scheduled,
                s.number_available,
            ];
            (at, numbers)
        })
        .collect()
}

/// The first instant from `from` on at which the status says so.
fn first(sim: &Simulation, from: Instant, fits: impl Fn(&[i64; 5]) -> bool) -> Option<Instant> {
    let mut all = statuses(sim).into_iter();
    all.find(|(at, numbers)| *at >= from && fits(numbers)).map(|(at, _)| at)
}

#[test]
fn a_sync_makes_at_most_two_hundred_and_fifty_pods() {
    let sim = run(&(web("", "", 0) + "  until: 1s\n" + &plain_nodes(260)));
    let mut by_instant: BTreeMap<Instant, usize> = BTreeMap::new();
    for (at, _) in created(&sim) {
        *by_instant.entry(at).or_default() += 1;
    }
    let counts: Vec<usize> = by_instant.into_values().collect();
    assert_eq!(counts, [250, 10]);
    let last = statuses(&sim).last().map(|(_, numbers)| *numbers);
    assert_eq!(last.map(|n| (n[0], n[1])), Some((260, 260)));
}

#[test]
fn of_several_new_pods_the_first_status_leaves_out_the_last() {
    let sim = run(&(web("", "", 0) + "  until: 1s\n" + &plain_nodes(3)));
    let current: Vec<i64> = statuses(&sim).into_iter().map(|(_, numbers)| numbers[1]).collect();
    assert_eq!(current.get(..3), Some(&[0, 2, 3][..]));
}

#[test]
fn a_late_pod_counts_as_available_a_whole_period_after_the_first() {
    let text = "  minReadySeconds: 4\n";
    let delays = "  steps: []\n  until: 20s\n";
    // The second node has to pull its image, so its Pod is ready a second and a half later.
    let own = ["{name: node1, images: [\"app:1\"]}", "{name: node2}"].map(str::to_owned);
    let images = "\"app:9\", pull: {error: not found}}, {name: \"app:1\", pull: {takes: 1500ms}}";
    let sim = run(&(web(text, "", 2).replace("\"app:9\", pull: {error: not found}}", images) + delays + &nodes(&own)));
    let one = first(&sim, Instant::ZERO, |n| n[2] == 1).expect("one is ready");
    let two = first(&sim, Instant::ZERO, |n| n[2] == 2).expect("both are ready");
    assert!(two - one > Duration::from_secs(1), "{two:?} after {one:?}");
    let wait = Duration::from_secs(4);
    assert_eq!(first(&sim, Instant::ZERO, |n| n[4] == 1), Some(one + wait));
    assert_eq!(first(&sim, Instant::ZERO, |n| n[4] == 2), Some(one + wait + wait));
}

#[test]
fn a_change_of_a_node_acts_within_ten_milliseconds() {
    let own = [
        "{name: node1, images: [\"app:1\"], labels: {disk: ssd}}",
        "{name: node2, images: [\"app:1\"]}",
    ];
    let act = |at: &str, command: &str| (at.to_owned(), command.to_owned());
    let text = web("", "      nodeSelector: {disk: ssd}\n", 0)
        + "  until: 60s\n"
        + &nodes(&own.map(str::to_owned))
        + &steps(&[
            act("5s", "kubectl label node node2 disk=ssd"),
            act("20s", "kubectl taint node node2 away=yes:NoExecute"),
            act("30s", "kubectl label node node1 disk-"),
            act("40s", "kubectl taint node node2 away-"),
        ]);
    let sim = run(&text);
    // A command takes 75 ms to reach the API server.
    let soon = |at: Instant, second: i64| {
        let asked = Instant::from_secs(second) + Duration::from_millis(75);
        at > asked && at < asked + Duration::from_millis(10)
    };
    let made: Vec<Instant> = created(&sim).into_iter().map(|(at, _)| at).collect();
    assert_eq!(made.len(), 3, "{made:?}");
    assert!(soon(made[1], 5) && soon(made[2], 40), "{made:?}");
    let events = sim.record().events.iter().filter(|e| &*e.reason == "SuccessfulDelete");
    let deleted: Vec<Instant> = events.map(|e| e.at).collect();
    assert_eq!(deleted.len(), 2, "{deleted:?}");
    assert!(soon(deleted[0], 20) && soon(deleted[1], 30), "{deleted:?}");
    let evicted = sim.record().events.iter().any(|e| &*e.reason == "TaintManagerEviction");
    assert!(!evicted, "the DaemonSet is quicker than the eviction by taints");
}

#[test]
fn the_json_of_a_run_tells_of_nodes_that_changed() {
    let act = |at: &str, command: &str| (at.to_owned(), command.to_owned());
    let text = web("", "", 0)
        + "  until: 40s\n"
        + &plain_nodes(2)
        + &steps(&[
            act("5s", "kubectl label node node2 disk=ssd"),
            act("10s", "kubectl cordon node1"),
            act("20s", "kubectl annotate node node1 note=nobody"),
            act("30s", "kubectl delete node node2"),
        ]);
    let sim = run(&text);
    let json = report_json(&report(&sim, &Sources::new(vec![("a.yaml".to_owned(), text)])));
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let owners = json["owners"].as_array().expect("a list");
    let sorted = owners
        .windows(2)
        .all(|pair| pair[0]["ms"].as_i64() <= pair[1]["ms"].as_i64());
    assert!(sorted, "in the order of the writes");
    let nodes = owners.iter().filter(|o| o["kind"] == "Node");
    let line = |o: &serde_json::Value| {
        let taints = o["taints"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|t| t["key"].to_string());
        format!(
            "{} {} {} {} {} {}",
            o["ms"],
            o["watch"].as_str().unwrap_or_default(),
            o["name"].as_str().unwrap_or_default(),
            o["labels"],
            o["unschedulable"],
            taints.collect::<String>(),
        )
    };
    let lines: Vec<String> = nodes.map(line).collect();
    assert_eq!(
        lines,
        [
            "5075 MODIFIED node2 {\"disk\":\"ssd\"} false ",
            "10075 MODIFIED node1 {} true ",
            "10080 MODIFIED node1 {} true \"node.kubernetes.io/unschedulable\"",
            "30075 DELETED node2 {\"disk\":\"ssd\"} false ",
        ]
    );
}

#[test]
fn pods_that_a_node_rejects_are_replaced_with_a_back_off() {
    let large = "      nodeName: node1\n";
    let text = web("", large, 0).replace(
        "image: app:1\n",
        "image: app:1\n        resources: {requests: {cpu: '9'}}\n",
    );
    let sim = run(&(text + "  until: 40s\n" + &plain_nodes(2)));
    let made: Vec<Instant> = created(&sim).into_iter().map(|(at, _)| at).collect();
    let gaps: Vec<i64> = made.windows(2).map(|pair| (pair[1] - pair[0]).millis()).collect();
    // The first is deleted at once; then 1, 2, 4 … s after the deletion before.
    let expected = [0, 1, 2, 4, 8, 16];
    assert_eq!(gaps.len(), expected.len(), "{gaps:?}");
    for (gap, seconds) in gaps.iter().zip(expected) {
        let over = gap - seconds * 1000;
        assert!((0..200).contains(&over), "{gaps:?}");
    }
    let told = sim
        .record()
        .events
        .iter()
        .filter(|e| &*e.reason == "FailedDaemonPod")
        .count();
    assert_eq!(told, expected.len());
}

/// What people and the world do to a drawn DaemonSet and its nodes.
const ACTS: [&str; 24] = [
    "run: kubectl set image daemonset/web web=app:2",
    "run: kubectl set image daemonset/web web=app:2",
    "run: kubectl set image daemonset/web web=app:3",
    "run: kubectl set image daemonset/web web=app:9",
    "run: kubectl rollout undo daemonset/web",
    "run: kubectl rollout undo daemonset/web",
    "run: kubectl delete $(kubectl get pod -o name | head -1)",
    "run: kubectl delete $(kubectl get pod -o name | tail -1) --force",
    "run: kubectl delete pod --all --wait=false",
    "run: 'kubectl taint node node1 busy=yes:NoSchedule'",
    "run: 'kubectl taint node node2 busy=yes:NoExecute'",
    "run: 'kubectl taint node node1 busy-'",
    "run: 'kubectl taint node node2 busy-'",
    "run: kubectl label node node2 tier=b --overwrite",
    "run: kubectl label node node2 tier=a --overwrite",
    "run: kubectl label node node1 node2 node3 tier=a --overwrite",
    "run: kubectl cordon node1",
    "run: kubectl uncordon node1",
    "run: kubectl drain node2 --ignore-daemonsets",
    "run: kubectl create -f extra.yaml",
    "run: kubectl delete node node3",
    "fault: {kind: node-lost, node: node1}",
    "fault: {kind: node-lost, node: node2, for: 70s}",
    "fault: {kind: kill-container, pod: web-*}",
];

const EXTRA: &str = "  files:\n    extra.yaml: |\n      apiVersion: v1\n      kind: Node\n      metadata: {name: extra, labels: \
                     {tier: a}}\n      status: {allocatable: {cpu: 4, memory: 8Gi, pods: 110}}\n";

/// A DaemonSet made from a number: strategies, delays, broken images, Pods deleted by hand, nodes that change, come and go.
fn drawn(number: u64) -> String {
    let mut draw = Stream::new(number, "daemonset");
    let mut pick = |list: &[&str]| list[draw.below(list.len() as u64) as usize].to_owned();
    let numbers = pick(&[
        "maxUnavailable: 1",
        "maxUnavailable: 2",
        "maxUnavailable: 50%",
        "maxUnavailable: 100%",
        "maxUnavailable: 0, maxSurge: 1",
        "maxUnavailable: 0, maxSurge: 2",
        "maxUnavailable: 0, maxSurge: 40%",
    ]);
    let min_ready = pick(&["0", "0", "3", "6"]);
    let spec = format!(
        "  minReadySeconds: {min_ready}\n  revisionHistoryLimit: 2\n  updateStrategy: {{rollingUpdate: {{{numbers}}}}}\n"
    );
    let template = pick(&["", "", "      nodeSelector: {tier: a}\n"]);
    let ready = pick(&["0", "1", "3"]).parse().unwrap_or(0);
    let count = pick(&["1", "2", "3", "4", "6"]).parse().unwrap_or(1);
    let all: Vec<String> = (1..=count)
        .map(|n| {
            let label = pick(&["a", "a", "b"]);
            format!("{{name: node{n}, labels: {{tier: {label}}}, images: [\"app:1\", \"app:2\", \"app:3\"]}}")
        })
        .collect();
    let acts =
        ["12s", "19s", "19.2s", "30s", "48s", "55s", "75s"].map(|at| format!("  - {{at: {at}, {}}}\n", pick(&ACTS)));
    web(&spec, &template, ready) + "  until: 240s\n" + EXTRA + &nodes(&all) + "  steps:\n" + &acts.concat()
}

/// The rule of the DaemonSet that an entry follows from.
fn rule_behind(sim: &Simulation, entry: Option<EntryId>) -> Option<DaemonSetRule> {
    let mut next = entry;
    while let Some(entry) = next.and_then(|id| sim.log().get(id)) {
        if let Rule::DaemonSet(rule) = entry.cause.rule {
            return Some(rule);
        }
        next = entry.cause.because_of;
    }
    None
}

fn node_of(pod: &Pod) -> String {
    if !pod.spec.node_name.is_empty() {
        return pod.spec.node_name.to_string();
    }
    let path = "nodeAffinity requiredDuringSchedulingIgnoredDuringExecution nodeSelectorTerms 0 matchFields 0 values 0";
    let path: Vec<&str> = path.split(' ').collect();
    let affinity = pod.spec.affinity.as_ref().expect("it is pinned");
    affinity
        .at(&path)
        .and_then(|v| v.as_str())
        .expect("to one node")
        .to_owned()
}

/// What a node says to a Pod of the DaemonSet.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Runs,
    /// It gets none, and one that is there stays.
    Stays,
    Leaves,
}

fn says(node: &Value, selects: bool) -> Says {
    let refuses = |effect: &str| {
        let taints = node.at(&["spec", "taints"]).map(Value::items).unwrap_or_default();
        taints.iter().any(|taint| {
            let text = |key: &str| taint.get(key).and_then(Value::as_str).unwrap_or_default();
            let tolerated = match text("key").strip_prefix("node.kubernetes.io/") {
                Some("unreachable" | "not-ready") => effect == "NoExecute",
                Some(_) => effect == "NoSchedule",
                None => false,
            };
            text("effect") == effect && !tolerated
        })
    };
    let tier = node.at(&["metadata", "labels", "tier"]).and_then(Value::as_str);
    if selects && tier != Some("a") || refuses("NoExecute") {
        Says::Leaves
    } else if refuses("NoSchedule") {
        Says::Stays
    } else {
        Says::Runs
    }
}

/// A cluster as its watchers know it at an instant.
#[derive(Default)]
struct Seen {
    /// By the number of their creation: the node, the Pod, the rule that made it.
    pods: BTreeMap<u32, (String, Rc<Pod>, Option<DaemonSetRule>)>,
    nodes: BTreeMap<String, Says>,
    min_ready: i64,
    selects: bool,
}

impl Seen {
    fn of(text: &str) -> Self {
        let selects = text.contains("nodeSelector");
        let sim = Simulation::new(text, &Options::default());
        let nodes = sim.frontier().api.objects().filter(|(key, _)| &*key.kind == "Node");
        let nodes = nodes.map(|(key, object)| (key.name.to_string(), says(&object.value, selects)));
        let mut min_ready = ["3", "6"]
            .iter()
            .filter(|n| text.contains(&format!("minReadySeconds: {n}\n")));
        Seen {
            pods: BTreeMap::new(),
            nodes: nodes.collect(),
            min_ready: min_ready.next().map_or(0, |n| n.parse().expect("a number")),
            selects,
        }
    }

    fn hear_of_node(&mut self, revision: &NodeRevision) {
        match revision.kind {
            WatchKind::Deleted => self.nodes.remove(&*revision.name),
            _ => self
                .nodes
                .insert(revision.name.to_string(), says(&revision.value, self.selects)),
        };
    }

    fn hear_of_pod(&mut self, sim: &Simulation, revision: &PodRevision) {
        if revision.kind == WatchKind::Deleted {
            self.pods.remove(&revision.uid);
            return;
        }
        let born = match self.pods.get(&revision.uid) {
            Some((_, _, born)) => *born,
            None => rule_behind(sim, revision.cause),
        };
        self.pods
            .insert(revision.uid, (node_of(&revision.pod), revision.pod.clone(), born));
    }

    fn is_available(&self, pod: &Pod, now: Instant) -> bool {
        let ready = pod.status.conditions.iter().find(|c| &*c.kind == "Ready");
        ready.filter(|c| &*c.status == "True").is_some_and(|c| {
            let since = c.last_transition_time.expect("it has a time");
            let since = Calendar::default().trunc(since.0);
            self.min_ready == 0 || since + Duration::from_secs(self.min_ready) <= now
        })
    }

    /// Pods of a node that are not being deleted.
    fn staying(&self, node: &str) -> Vec<&Pod> {
        let here = self
            .pods
            .values()
            .filter(|(of, ..)| of == node)
            .map(|(_, pod, _)| &**pod);
        here.filter(|pod| pod.metadata.deletion_timestamp.is_none()).collect()
    }

    fn has_available(&self, node: &str, now: Instant) -> bool {
        self.staying(node).iter().any(|pod| self.is_available(pod, now))
    }

    fn should_run(&self) -> impl Iterator<Item = &String> {
        self.nodes
            .iter()
            .filter(|(_, says)| **says == Says::Runs)
            .map(|(name, _)| name)
    }

    /// Nodes on which the limit of surges has let a new Pod start beside an old one, and it is not available yet.
    fn surging(&self, now: Instant) -> usize {
        let waits = |(node, pod, born): &&(String, Rc<Pod>, Option<DaemonSetRule>)| {
            matches!(born, Some(DaemonSetRule::Surged { .. }))
                && pod.metadata.deletion_timestamp.is_none()
                && self.staying(node).len() > 1
                && !self.is_available(pod, now)
        };
        self.pods.values().filter(waits).count()
    }

    /// desired, current, ready, updated, available and misscheduled, of a template with this image and of these nodes.
    fn counts(&self, nodes: &BTreeMap<String, Says>, image: &str, now: Instant) -> [i64; 6] {
        let mut counts = [0; 6];
        for (name, says) in nodes {
            counts[0] += i64::from(*says == Says::Runs);
            let mut here: Vec<&Rc<Pod>> = self
                .pods
                .values()
                .filter(|(of, ..)| of == name)
                .map(|(_, p, _)| p)
                .collect();
            here.retain(|pod| pod.metadata.deletion_timestamp.is_none() || !pod.status.phase.is_terminal());
            here.sort_by_key(|pod| {
                let created = pod.metadata.creation_timestamp.map(|t| Calendar::default().trunc(t.0));
                (pod.spec.node_name.is_empty(), created, pod.metadata.name.clone())
            });
            let Some(pod) = here.first() else { continue };
            if *says != Says::Runs {
                counts[5] += 1;
                continue;
            }
            counts[1] += 1;
            counts[2] += i64::from(
                pod.status
                    .conditions
                    .iter()
                    .any(|c| &*c.kind == "Ready" && &*c.status == "True"),
            );
            counts[3] += i64::from(pod.spec.containers.iter().any(|c| &*c.image == image));
            counts[4] += i64::from(self.is_available(pod, now));
        }
        counts
    }
}

/// What is wrong with the deletion of a Pod by this rule, when everything of the instant is done.
fn wrong_deletion(seen: &Seen, pod: &Pod, rule: DaemonSetRule, now: Instant) -> Option<String> {
    let node = node_of(pod);
    let desired = seen.should_run().count();
    let missing = seen.should_run().filter(|node| !seen.has_available(node, now)).count();
    let ready = pod
        .status
        .conditions
        .iter()
        .any(|c| &*c.kind == "Ready" && &*c.status == "True");
    let fine = match rule {
        DaemonSetRule::Replaced {
            desired: said,
            max_unavailable,
            ..
        } => missing <= max_unavailable as usize && said as usize == desired,
        DaemonSetRule::Moved { .. } => desired - missing <= seen.pods.len() && !seen.should_run().any(|of| *of == node),
        DaemonSetRule::SurgeDone => seen.has_available(&node, now),
        DaemonSetRule::ReplacedUnavailable => !seen.is_available(pod, now),
        DaemonSetRule::OldNotReady => !ready,
        DaemonSetRule::PodFailed { .. } | DaemonSetRule::PodSucceeded => pod.status.phase.is_terminal(),
        DaemonSetRule::SecondPod => !seen.staying(&node).is_empty(),
        DaemonSetRule::NodeUnfit | DaemonSetRule::NodeTainted => seen.nodes.get(&node) == Some(&Says::Leaves),
        DaemonSetRule::NodeMissing => !seen.nodes.contains_key(&node),
        // By hand: an entry of the controller lies further back in the chain of causes.
        _ => true,
    };
    (!fine).then(|| {
        format!(
            "{rule:?} deletes {} of {node}: {missing} of {desired} nodes have none",
            pod.metadata.name
        )
    })
}

/// The status of the DaemonSet and the image of its template at an instant.
fn said(sim: &Simulation, now: Instant) -> ([i64; 6], String) {
    let all = sim.record().workloads.iter().rev();
    let mut own = all.filter(|r| r.object.kind == WorkloadKind::DaemonSet && r.at <= now);
    let object = &own.next().expect("it is there").object;
    let (spec, status) = object.daemon_set().expect("it is one");
    let counts = [
        status.desired_number_scheduled,
        status.current_number_scheduled,
        status.number_ready,
        status.updated_number_scheduled,
        status.number_available,
        status.number_misscheduled,
    ];
    (counts, spec.template.spec.containers[0].image.to_string())
}

/// What is wrong with the course of one drawn DaemonSet, and how often its status could be compared with the store.
fn offences(text: &str) -> (Vec<String>, usize) {
    let sim = run(text);
    let mut seen = Seen::of(text);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    let record = sim.record();
    let surges = usize::from(text.contains("maxSurge"));
    let mut instants: BTreeSet<Instant> = record.pods.iter().map(|r| r.at).collect();
    instants.extend(record.nodes.iter().map(|r| r.at));
    let own = record
        .workloads
        .iter()
        .filter(|r| r.object.kind == WorkloadKind::DaemonSet);
    instants.extend(own.map(|r| r.at));
    let mut nodes = record.nodes.iter().peekable();
    let mut pods = record.pods.iter().peekable();
    // Long enough for Pods to become available and for the controller to see it.
    let quiet = Duration::from_secs(seen.min_ready + 2);
    let mut before = None;
    // The controller hears of no node that goes, and of no taint that lets its Pod stay: it finds them when it looks again.
    let mut known = vec![seen.nodes.clone()];
    for now in instants.into_iter().chain([sim.until()]) {
        if before.is_some_and(|before| now - before > quiet) {
            let (status, image) = said(&sim, now - Duration::from_millis(1));
            let count = |nodes| seen.counts(nodes, &image, now - Duration::from_millis(1));
            compared += 1;
            if !known.iter().any(|nodes| count(nodes) == status) {
                let counts = count(&seen.nodes);
                wrong.push(format!(
                    "before {now:?}: the status says {status:?}, the store has {counts:?}"
                ));
            }
        }
        before = Some(now);
        let mut deleted = Vec::new();
        let mut most_surging = None;
        while let Some(revision) = nodes.next_if(|r| r.at <= now) {
            seen.hear_of_node(revision);
            known.push(seen.nodes.clone());
        }
        while let Some(revision) = pods.next_if(|r| r.at <= now) {
            let pod = &revision.pod;
            let stayed = seen
                .pods
                .get(&revision.uid)
                .is_some_and(|p| p.1.metadata.deletion_timestamp.is_none());
            let goes = revision.kind == WatchKind::Deleted || pod.metadata.deletion_timestamp.is_some();
            let rule = rule_behind(&sim, revision.cause);
            deleted.extend(rule.filter(|_| stayed && goes).map(|rule| (pod.clone(), rule)));
            if let Some(DaemonSetRule::Surged { max_surge, .. }) = rule.filter(|_| revision.kind == WatchKind::Added) {
                most_surging = Some(max_surge as usize);
            }
            if revision.kind != WatchKind::Modified || stayed && goes {
                known = vec![seen.nodes.clone()];
            }
            seen.hear_of_pod(&sim, revision);
        }
        if most_surging.is_some_and(|most| seen.surging(now) > most) {
            wrong.push(format!("{} nodes surge at {now:?}", seen.surging(now)));
        }
        let most = seen.nodes.keys().map(|node| seen.staying(node).len()).max();
        if most.is_some_and(|most| most > 1 + surges) {
            wrong.push(format!("{most:?} Pods on one node at {now:?}"));
        }
        let bad = deleted
            .iter()
            .filter_map(|(pod, rule)| wrong_deletion(&seen, pod, *rule, now));
        wrong.extend(bad.map(|text| format!("{text} at {now:?}")));
    }
    (wrong, compared)
}

#[test]
fn the_controller_keeps_its_limits_and_counts_what_the_store_has() {
    let mut compared = 0;
    for number in 0..RUNS {
        let text = drawn(number);
        let (wrong, times) = offences(&text);
        assert!(wrong.is_empty(), "{number}: {wrong:#?}\n{text}");
        compared += times;
    }
    assert!(compared > 5 * RUNS as usize, "{compared} comparisons");
}

#[test]
fn one_jump_and_many_steps_give_the_same_bytes() {
    for number in (0..RUNS).step_by(12) {
        let text = drawn(number);
        let bytes = |seed: u64, chunk: u32| {
            let options = Options {
                seed: Some(seed),
                until: None,
            };
            let mut sim = Simulation::new(&text, &options);
            while !sim.advance(chunk).done {}
            let sources = Sources::new(vec![("a.yaml".to_owned(), text.clone())]);
            format!("{}\n{:?}", report_json(&report(&sim, &sources)), sim.log().entries())
        };
        for seed in [0, 5] {
            assert!(bytes(seed, u32::MAX) == bytes(seed, 7), "at seed {seed}\n{text}");
        }
    }
}
