//! StatefulSets: in which order Pods are made, replaced and deleted, and what holds for any of them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use podscope::api::{Phase, Pod, WorkloadKind};
use podscope::rng::Stream;
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration, Instant};
use podscope::trace::{EntryId, Rule, StatefulSetRule, WatchKind, WorkloadRevision};

fn run(text: &str) -> Simulation {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let errors: Vec<String> = sim.diagnostics().iter().map(|d| d.message.clone()).collect();
    let wrong = |text: &&String| text.contains("invalid") || text.contains("unknown");
    assert!(!errors.iter().any(|text| wrong(&text)), "{errors:?}\n{text}");
    sim
}

/// A StatefulSet `web` with these lines in its spec; its Pods are ready two seconds after they start.
fn set(spec: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n{spec}  serviceName: web\n  selector: \
         {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      \
         terminationGracePeriodSeconds: 3\n      containers:\n      - name: web\n        image: app:1\n        \
         imagePullPolicy: IfNotPresent\n        readinessProbe: {{httpGet: {{path: /, port: 80}}, periodSeconds: 1}}\n---\n"
    )
}

fn scenario(until: &str, more: &str, steps: &[(String, String)]) -> String {
    let mut text = format!(
        "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: {until}\n{more}  nodes: [{{name: node1, images: \
         [app:1, app:2, app:3]}}]\n  images:\n  - {{name: app:9, pull: {{error: not found}}}}\n  workloads:\n  - \
         {{pod: '*', container: web, program: {{listens: [{{port: 80, after: 1s}}], onTerm: {{after: 1s}}}}}}\n"
    );
    if !steps.is_empty() {
        text += "  steps:\n";
    }
    for (at, command) in steps {
        text += &match command.strip_prefix("fault ") {
            Some(fault) => format!("  - {{at: {at}, fault: {fault}}}\n"),
            None => format!("  - {{at: {at}, run: \"{}\"}}\n", command.replace('"', "\\\"")),
        };
    }
    text
}

fn steps(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(at, command)| ((*at).to_owned(), (*command).to_owned()))
        .collect()
}

/// What happened to Pods, in order: `+web-0` for one that was made, `-web-0` for one that the controller deleted.
fn moves(sim: &Simulation) -> Vec<String> {
    let mut all = Vec::new();
    let mut marked = BTreeSet::new();
    for r in &sim.record().pods {
        let name = &r.pod.metadata.name;
        if r.kind == WatchKind::Added {
            all.push(format!("+{name}"));
        } else if r.pod.metadata.deletion_timestamp.is_some() || r.kind == WatchKind::Deleted {
            let decided = r.cause.and_then(|id| decided(sim, id)).is_some();
            if marked.insert(r.uid) && decided {
                all.push(format!("-{name}"));
            }
        }
    }
    all
}

/// The rule of the controller that a change followed from, if it did so directly.
fn decided(sim: &Simulation, id: EntryId) -> Option<StatefulSetRule> {
    let before = |id: &EntryId| sim.log().get(*id)?.cause.because_of;
    std::iter::successors(Some(id), before)
        .take(2)
        .find_map(|id| match sim.log().get(id)?.cause.rule {
            Rule::StatefulSet(rule) => Some(rule),
            _ => None,
        })
}

#[test]
fn pods_are_made_replaced_and_deleted_in_order() {
    let change = [
        ("20s", "kubectl set image statefulset/web web=app:2"),
        ("60s", "kubectl scale statefulset/web --replicas=1"),
    ];
    for (spec, expected) in [
        (
            "  replicas: 3\n",
            "+web-0 +web-1 +web-2 -web-2 +web-2 -web-1 +web-1 -web-0 +web-0 -web-2 -web-1",
        ),
        (
            "  replicas: 2\n  ordinals: {start: 7}\n",
            "+web-7 +web-8 -web-8 +web-8 -web-7 +web-7 -web-8",
        ),
        (
            "  replicas: 3\n  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}\n",
            "+web-0 +web-1 +web-2 -web-2 +web-2 -web-2 -web-1",
        ),
        (
            "  replicas: 2\n  updateStrategy: {type: OnDelete}\n",
            "+web-0 +web-1 -web-1",
        ),
        (
            "  replicas: 3\n  podManagementPolicy: Parallel\n",
            "+web-0 +web-1 +web-2 -web-2 +web-2 -web-1 +web-1 -web-0 +web-0 -web-2 -web-1",
        ),
    ] {
        let sim = run(&(set(spec) + &scenario("90s", "", &steps(&change))));
        assert_eq!(moves(&sim).join(" "), expected, "{spec}");
    }
}

#[test]
fn max_unavailable_rounds_down_and_is_at_least_one() {
    let gate = "  featureGates: {MaxUnavailableStatefulSet: true}\n";
    let change = [("20s", "kubectl set image statefulset/web web=app:2")];
    for (value, gate, at_once) in [
        ("1", gate, 1),
        ("2", gate, 2),
        ("10%", gate, 1),
        ("50%", gate, 2),
        ("100%", gate, 5),
        ("3", "", 1),
    ] {
        let spec = format!(
            "  replicas: 5\n  podManagementPolicy: Parallel\n  updateStrategy: {{type: RollingUpdate, rollingUpdate: \
             {{maxUnavailable: {value}}}}}\n"
        );
        let sim = run(&(set(&spec) + &scenario("80s", gate, &steps(&change))));
        let deleted = moves(&sim).into_iter().skip(5);
        let first = deleted.take_while(|line| line.starts_with('-')).count();
        assert_eq!(first, at_once, "{value} {gate}");
    }
}

#[test]
fn a_pod_counts_as_available_after_min_ready_seconds() {
    let sim = run(&(set("  replicas: 2\n  minReadySeconds: 10\n") + &scenario("60s", "", &[])));
    let made: Vec<Instant> = added(&sim);
    let ready = |name: &str| {
        let mut pods = sim.record().pods.iter();
        let found = pods.find(|r| &*r.pod.metadata.name == name && is_ready(&r.pod));
        found.map(|r| r.at).expect("it gets ready")
    };
    let wait = made[1] - Calendar::default().trunc(ready("web-0"));
    assert!((10_000..10_050).contains(&wait.millis()), "{wait:?}");
    let status = last(&sim)
        .object
        .stateful_set()
        .map(|(_, status)| status.available_replicas);
    assert_eq!(status, Some(2));
}

#[test]
fn a_name_too_long_for_a_label_makes_no_pods() {
    let name = "a".repeat(53);
    let text = set("  replicas: 1\n").replace("name: web}", &format!("name: {name}}}")) + &scenario("5s", "", &[]);
    let sim = run(&text);
    assert!(added(&sim).is_empty());
    let mut events = sim.record().events.iter();
    let refused = events
        .find(|e| &*e.reason == "FailedCreate")
        .expect("an Event tells of it");
    assert!(
        refused.message.contains("must be no more than 63 bytes"),
        "{}",
        refused.message
    );
}

#[test]
fn a_pod_of_another_name_is_not_adopted() {
    let pod = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: web}}}}\nspec:\n  containers:\n  - \
             {{name: web, image: app:1, imagePullPolicy: IfNotPresent}}\n---\n"
        )
    };
    let text = pod("web-0") + &pod("web-x") + &pod("other") + &set("  replicas: 1\n") + &scenario("40s", "", &[]);
    let sim = run(&text);
    let owned = |name: &str| {
        let mut pods = sim.record().pods.iter().rev();
        let last = pods.find(|r| &*r.pod.metadata.name == name);
        last.is_some_and(|r| !r.pod.metadata.owner_references.is_empty())
    };
    assert!(owned("web-0") && !owned("web-x") && !owned("other"));
    // It has no revision, so the update replaces it; before that it gets the labels of its identity.
    let mut events = sim.record().events.iter();
    assert!(events.any(|e| &*e.message == "Update Pod web-0 in StatefulSet web successful"));
    assert_eq!(moves(&sim), ["+web-0", "+web-x", "+other", "-web-0", "+web-0"]);
}

fn added(sim: &Simulation) -> Vec<Instant> {
    let pods = sim.record().pods.iter().filter(|r| r.kind == WatchKind::Added);
    pods.map(|r| r.at).collect()
}

fn last(sim: &Simulation) -> &WorkloadRevision {
    let mut all = sim.record().workloads.iter().rev();
    all.find(|r| r.object.kind == WorkloadKind::StatefulSet)
        .expect("a StatefulSet")
}

fn is_ready(pod: &Pod) -> bool {
    pod.status
        .conditions
        .iter()
        .any(|c| &*c.kind == "Ready" && &*c.status == "True")
}

/// A StatefulSet made from a number, with changes while it runs.
fn any_set(number: u64) -> String {
    let mut draw = Stream::new(number, "stateful set");
    let mut pick = |list: &[&str]| list[draw.below(list.len() as u64) as usize].to_owned();
    let mut spec = format!("  replicas: {}\n", pick(&["0", "1", "2", "3", "4"]));
    spec += &pick(&["", "", "", "  podManagementPolicy: Parallel\n"]);
    spec += &pick(&["", "", "  minReadySeconds: 4\n"]);
    spec += &pick(&["", "", "  ordinals: {start: 2}\n"]);
    spec += &pick(&[
        "",
        "",
        "  updateStrategy: {type: OnDelete}\n",
        "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}\n",
        "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1, maxUnavailable: 2}}\n",
    ]);
    spec += &pick(&[
        "",
        "",
        "  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: \
         {storage: 1Gi}}}}]\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Delete}\n",
    ]);
    let gates = pick(&["", "", "  featureGates: {MaxUnavailableStatefulSet: true}\n"]);
    let mut steps = Vec::new();
    for at in ["6s", "9s", "15s", "21s", "22s", "37s"] {
        let command = pick(&[
            "",
            "kubectl set image statefulset/web web=app:2",
            "kubectl set image statefulset/web web=app:3",
            "kubectl set image statefulset/web web=app:9",
            "kubectl rollout undo statefulset/web",
            "kubectl scale statefulset/web --replicas=1",
            "kubectl scale statefulset/web --replicas=3",
            "kubectl scale statefulset/web --replicas=5",
            "kubectl delete pod web-2 --wait=false",
            "kubectl delete pod web-1 --wait=false --grace-period=0 --force",
            "kubectl patch pod web-2 -p '{\"spec\":{\"activeDeadlineSeconds\":1}}'",
            "kubectl label pod web-2 app=other --overwrite",
            "fault {kind: kill-container, pod: web-0, container: web}",
            "fault {kind: kill-container, pod: web-2, container: web, signal: KILL}",
            "fault {kind: sandbox-lost, pod: web-1}",
            "fault {kind: kubelet-restart, node: node1}",
            "kubectl delete statefulset web --cascade=orphan",
            "kubectl delete statefulset web --wait=false",
        ]);
        if !command.is_empty() {
            steps.push((at.to_owned(), command));
        }
    }
    set(&spec) + &scenario("90s", &gates, &steps)
}

/// The StatefulSet as it stood, and what its Pods were then.
struct Now<'s> {
    sim: &'s Simulation,
    gate: bool,
    pods: BTreeMap<i64, Pod>,
}

impl Now<'_> {
    /// The newest revision of the StatefulSet at this instant.
    fn set(&self, at: Instant) -> Option<&WorkloadRevision> {
        let mut all = self.sim.record().workloads.iter().rev();
        all.find(|r| r.at <= at && r.object.kind == WorkloadKind::StatefulSet && r.kind != WatchKind::Deleted)
    }

    /// The name of the newest revision: the one that was written last.
    fn newest(&self, at: Instant) -> Option<String> {
        let mut all = self.sim.record().workloads.iter().rev();
        let is = |r: &&WorkloadRevision| {
            r.at <= at && r.object.kind == WorkloadKind::ControllerRevision && r.kind != WatchKind::Deleted
        };
        all.find(is).map(|r| r.object.metadata.name.to_string())
    }

    /// Whether a Pod runs and has been ready long enough.
    fn is_available(&self, ordinal: i64, at: Instant) -> bool {
        let Some(((spec, _), pod)) = self
            .set(at)
            .and_then(|set| set.object.stateful_set())
            .zip(self.pods.get(&ordinal))
        else {
            return false;
        };
        let since = pod
            .status
            .conditions
            .iter()
            .find(|c| &*c.kind == "Ready" && &*c.status == "True");
        let since = since
            .and_then(|c| c.last_transition_time)
            .map(|t| Calendar::default().trunc(t.0));
        let long_enough = since.is_some_and(|since| since + Duration::from_secs(spec.min_ready_seconds) <= at);
        is_ready(pod)
            && pod.status.phase == Phase::Running
            && pod.metadata.deletion_timestamp.is_none()
            && (spec.min_ready_seconds == 0 || long_enough)
    }

    /// What is wrong with a step of the controller, taken with the Pods as they were before it.
    fn offence(&self, at: Instant, rule: StatefulSetRule, pod: &Pod) -> Option<String> {
        let (spec, _) = self.set(at)?.object.stateful_set()?;
        let ordered = spec.pod_management_policy != "Parallel";
        let start = spec.ordinals.as_ref().map_or(0, |o| o.start);
        let end = start + spec.replicas;
        let ordinal = ordinal(pod)?;
        let wait = |name: &str| Some(format!("{at:?}: {rule:?} before web-{name} is available"));
        if matches!(rule, StatefulSetRule::Create { .. }) && !(start..end).contains(&ordinal) {
            return Some(format!(
                "{at:?}: web-{ordinal} is more than {} from {start} on",
                spec.replicas
            ));
        }
        let unavailable = |mut range: std::ops::Range<i64>| range.find(|i| !self.is_available(*i, at));
        match rule {
            StatefulSetRule::Create { .. } if ordered => wait(&unavailable(start..ordinal)?.to_string()),
            StatefulSetRule::ScaledDown { .. } if ordered => {
                let higher = self.pods.keys().find(|other| **other > ordinal && **other >= end);
                if let Some(higher) = higher {
                    return Some(format!("{at:?}: {rule:?} while web-{higher} is there"));
                }
                wait(&unavailable(start..end)?.to_string())
            }
            StatefulSetRule::Updated { partition, .. } => {
                if ordinal < start + i64::from(partition) {
                    return Some(format!("{at:?}: {rule:?} below the partition"));
                }
                let revision = |pod: &Pod| pod.metadata.labels.get("controller-revision-hash").cloned();
                if revision(pod) == self.newest(at) {
                    return Some(format!("{at:?}: {rule:?} of a Pod that is new"));
                }
                (!self.gate)
                    .then(|| wait(&unavailable(ordinal + 1..end)?.to_string()))
                    .flatten()
            }
            _ => None,
        }
    }
}

fn ordinal(pod: &Pod) -> Option<i64> {
    pod.metadata.name.strip_prefix("web-")?.parse().ok()
}

/// Everything that went against a rule.
fn offences(sim: &Simulation, gate: bool) -> Vec<String> {
    let mut now = Now {
        sim,
        gate,
        pods: BTreeMap::new(),
    };
    let mut wrong = Vec::new();
    // Pods beyond the number go one by one, and others may be made before they have.
    let mut most = 0;
    for r in &sim.record().pods {
        let Some(ordinal) = ordinal(&r.pod) else { continue };
        let rule = r.cause.and_then(|id| decided(sim, id));
        let asked = |pod: &Pod| pod.metadata.deletion_timestamp.is_some();
        let before = now.pods.get(&ordinal);
        let begins = match r.kind {
            WatchKind::Added => true,
            WatchKind::Modified => asked(&r.pod) && before.is_some_and(|before| !asked(before)),
            WatchKind::Deleted => false,
        };
        if let Some(rule) = rule.filter(|_| begins) {
            wrong.extend(now.offence(r.at, rule, &r.pod));
        }
        let released = r.pod.metadata.owner_references.is_empty();
        match r.kind {
            WatchKind::Deleted => now.pods.remove(&ordinal),
            _ if released => now.pods.remove(&ordinal),
            _ => now.pods.insert(ordinal, (*r.pod).clone()),
        };
        let wanted = now.set(r.at).and_then(|set| set.object.stateful_set());
        if let Some((spec, _)) = wanted {
            most = most.max(spec.replicas as usize);
            if now.pods.len() > most {
                wrong.push(format!("{:?}: {} Pods, {most} at most", r.at, now.pods.len()));
            }
        }
    }
    for r in &sim.record().workloads {
        let Some((_, s)) = r.object.stateful_set() else {
            continue;
        };
        let counts = [
            s.current_replicas,
            s.updated_replicas,
            s.available_replicas,
            s.ready_replicas,
        ];
        if counts.iter().any(|count| *count < 0 || *count > s.replicas) || s.available_replicas > s.ready_replicas {
            wrong.push(format!("{:?}: {s:?}", r.at));
        }
    }
    wrong
}

/// The counts of a status that does not change any more are those of the store.
fn miscount(sim: &Simulation) -> Option<String> {
    let api = &sim.frontier().api;
    let stored = api.workload_named(WorkloadKind::StatefulSet, "default", "web")?;
    let (_, status) = stored.object.stateful_set()?;
    let pods: Vec<&Pod> = api.pods_of(stored.uid).map(|stored| &*stored.pod).collect();
    let ready = pods
        .iter()
        .filter(|pod| pod.status.phase == Phase::Running && is_ready(pod))
        .count() as i64;
    let recent = Instant::from_secs(85);
    let moved = sim.record().pods.iter().any(|r| r.at > recent);
    let of = |revision: &str| {
        let label =
            |pod: &&&Pod| pod.metadata.labels.get("controller-revision-hash").map(String::as_str) == Some(revision);
        let stays = pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none());
        stays.filter(label).count() as i64
    };
    let right = status.replicas == pods.len() as i64
        && status.ready_replicas == ready
        && status.available_replicas == ready
        && status.updated_replicas == of(&status.update_revision)
        && status.current_replicas == of(&status.current_revision);
    (!moved && !right).then(|| format!("{} Pods, {ready} ready, but {status:?}", pods.len()))
}

#[test]
fn no_order_is_ever_broken() {
    let mut moved = 0;
    for number in 0..1_000 {
        let text = any_set(number);
        let sim = run(&text);
        let mut wrong = offences(&sim, text.contains("MaxUnavailableStatefulSet"));
        wrong.extend(miscount(&sim));
        assert!(wrong.is_empty(), "set {number}: {wrong:#?}\n{text}");
        moved += moves(&sim).len();
    }
    assert!(moved > 4_000, "{moved}");
}

#[test]
fn one_jump_equals_many_steps() {
    for number in 0..60 {
        let text = any_set(number);
        let entries = |chunk: u32, seed: u64| {
            let options = Options {
                seed: Some(seed),
                until: None,
            };
            let mut sim = Simulation::new(&text, &options);
            while !sim.advance(chunk).done {}
            format!("{:?}", sim.log().entries())
        };
        for (seed, chunk) in [(0, 1), (7, 3)] {
            assert_eq!(entries(u32::MAX, seed), entries(chunk, seed), "{text}");
        }
    }
}
