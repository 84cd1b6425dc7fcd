//! DaemonSets: when Pods come and go, and what holds for any of them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use podscope::api::{Pod, WorkloadKind};
use podscope::rng::Stream;
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration, Instant};
use podscope::trace::{DaemonSetRule, EntryId, Rule, WatchKind};
use podscope::view::json::{Sources, report_json};
use podscope::view::run::report;

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

/// A DaemonSet made from a number: strategies, delays, broken images, Pods deleted by hand.
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
    let mut acts = Vec::new();
    for at in [12, 19, 30, 48, 55] {
        let command = pick(&[
            "kubectl set image daemonset/web web=app:2",
            "kubectl set image daemonset/web web=app:3",
            "kubectl set image daemonset/web web=app:9",
            "kubectl rollout undo daemonset/web",
            "kubectl delete $(kubectl get pod -o name | head -1)",
            "kubectl delete $(kubectl get pod -o name | tail -1) --force",
            "kubectl taint node node1 busy=yes:NoSchedule",
            "kubectl label node node2 tier=b --overwrite",
        ]);
        acts.push((format!("{at}s"), command));
    }
    web(&spec, &template, ready) + "  until: 100s\n" + &nodes(&all) + &steps(&acts)
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

/// The Pods that are there and are not being deleted, as a watcher knows them.
#[derive(Default)]
struct Seen {
    pods: BTreeMap<u32, (String, std::rc::Rc<Pod>)>,
}

impl Seen {
    fn available(pod: &Pod, min_ready: i64, now: Instant) -> bool {
        let ready = pod.status.conditions.iter().find(|c| &*c.kind == "Ready");
        ready.filter(|c| &*c.status == "True").is_some_and(|c| {
            let since = c.last_transition_time.expect("it has a time");
            let since = Calendar::default().trunc(since.0);
            min_ready == 0 || since + Duration::from_secs(min_ready) <= now
        })
    }

    fn on(&self, node: &str) -> Vec<&Pod> {
        let here = self.pods.values().filter(|(of, _)| of == node);
        here.map(|(_, pod)| &**pod).collect()
    }
}

/// What is wrong with the course of one drawn DaemonSet.
fn offences(number: u64, text: &str) -> Vec<String> {
    let sim = run(text);
    let min_ready = ["3", "6"]
        .iter()
        .find(|n| text.contains(&format!("minReadySeconds: {n}\n")));
    let min_ready: i64 = min_ready.map_or(0, |n| n.parse().expect("a number"));
    let surges = text.contains("maxSurge");
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    let revisions = &sim.record().pods;
    for (at, revision) in revisions.iter().enumerate() {
        let (now, pod) = (revision.at, &revision.pod);
        let gone = revision.kind == WatchKind::Deleted || pod.metadata.deletion_timestamp.is_some();
        let was_there = seen.pods.contains_key(&revision.uid);
        let node = node_of(pod);
        if gone {
            seen.pods.remove(&revision.uid);
        } else {
            seen.pods.insert(revision.uid, (node.clone(), pod.clone()));
        }
        let here = seen.on(&node).len();
        if here > 1 + usize::from(surges) {
            wrong.push(format!("{number}: {here} Pods on {node} at {now:?}"));
        }
        if !(gone && was_there) || revisions.get(at + 1).is_some_and(|next| next.at == now) {
            continue;
        }
        if let Some(DaemonSetRule::Replaced {
            desired,
            max_unavailable,
            ..
        }) = rule_behind(&sim, revision.cause)
        {
            // A node with two templates or with an old Pod on a node that should have none is no matter here.
            let fine: BTreeSet<&str> = seen
                .pods
                .values()
                .filter(|(_, pod)| Seen::available(pod, min_ready, now))
                .map(|(node, _)| node.as_str())
                .collect();
            let missing = (desired as usize).saturating_sub(fine.len());
            if missing > max_unavailable as usize {
                wrong.push(format!(
                    "{number}: {missing} of {desired} nodes without an available Pod at {now:?}, at most {max_unavailable} \
                     may be"
                ));
            }
        }
    }
    let (_, [desired, current, ready, _, available]) = *statuses(&sim).last().expect("there is a status");
    let counted = seen.pods.values().map(|(node, _)| node).collect::<BTreeSet<_>>().len();
    if current > desired || ready > current || available > ready || (current as usize) > counted {
        wrong.push(format!(
            "{number}: {current}/{desired}, {ready} ready, {available} available of {counted}"
        ));
    }
    wrong
}

#[test]
fn the_controller_takes_no_more_than_may_be_unavailable() {
    let wrong: Vec<String> = (0..150).flat_map(|number| offences(number, &drawn(number))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_jump_and_many_steps_give_the_same_bytes() {
    for number in 0..12 {
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
