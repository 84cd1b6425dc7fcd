//! Deployments: the steps of a rollout, and what holds for any of them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

use podscope::api::pod::IntOrString;
use podscope::api::workload::DeploymentSpec;
use podscope::api::{Pod, WorkloadKind};
use podscope::rng::Stream;
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration, Instant};

/// A Deployment `web` whose template has a script: it sleeps, or fails, or becomes ready late.
fn deployment(spec: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n{spec}  selector: {{matchLabels: {{app: \
         web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      terminationGracePeriodSeconds: \
         2\n      containers:\n      - name: app\n        image: nginx:1.25\n{container}---\n"
    )
}

fn scenario(until: &str, steps: &[(&str, String)]) -> String {
    let mut text = format!(
        "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: {until}\n  nodes: \
         [{{name: node1, images: ['nginx:1.25', 'nginx:1.27']}}, {{name: node2, images: ['nginx:1.25', 'nginx:1.27']}}]\n"
    );
    if !steps.is_empty() {
        text += "  steps:\n";
    }
    for (at, command) in steps {
        text += &format!("  - {{at: {at}, run: \"{}\"}}\n", command.replace('"', "\\\""));
    }
    text
}

fn simulation(text: &str, seed: Option<u64>) -> Simulation {
    let sim = Simulation::new(text, &Options { seed, until: None });
    let refused = sim.loaded().objects.iter().filter(|o| !o.valid).count();
    assert_eq!(refused, 0, "{:?}\n{text}", sim.diagnostics());
    sim
}

/// `spec.replicas` of the new and the old ReplicaSet after each write that changed one of them, from the update on.
fn steps_of(replicas: u32, surge: &str, unavailable: &str) -> Vec<(i64, i64)> {
    let spec = format!(
        "  replicas: {replicas}\n  strategy: {{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}\n"
    );
    let update = ("60s", "kubectl set image deployment/web app=nginx:1.27".to_owned());
    let mut sim = simulation(&(deployment(&spec, "") + &scenario("180s", &[update])), None);
    sim.run();
    let mut of: BTreeMap<String, i64> = BTreeMap::new();
    let mut old = String::new();
    let mut all = Vec::new();
    for r in &sim.record().workloads {
        let Some((spec, _)) = r.object.replica_set() else {
            continue;
        };
        let name = r.object.metadata.name.to_string();
        if old.is_empty() {
            old.clone_from(&name);
        }
        of.insert(name, spec.replicas);
        let new = of.iter().find(|(name, _)| **name != old).map(|(_, replicas)| *replicas);
        if let Some(new) = new
            && all.last() != Some(&(new, of[&old]))
        {
            all.push((new, of[&old]));
        }
    }
    all
}

#[test]
fn a_rollout_takes_upstreams_steps() {
    for (replicas, surge, unavailable, expected) in [
        (3, "25%", "25%", &[(1, 3), (1, 2), (2, 2), (2, 1), (3, 1), (3, 0)][..]),
        (2, "0", "1", &[(0, 2), (0, 1), (1, 1), (1, 0), (2, 0)]),
        (1, "25%", "25%", &[(1, 1), (1, 0)]),
        (4, "100%", "0", &[(4, 4), (4, 3), (4, 2), (4, 1), (4, 0)]),
        (2, "0", "100%", &[(0, 2), (0, 0), (2, 0)]),
    ] {
        let steps = steps_of(replicas, surge, unavailable);
        // Pods that become ready at one instant may be counted in one step or in several.
        if replicas == 4 {
            assert_eq!((steps.first(), steps.last()), (expected.first(), expected.last()));
            assert!(steps.iter().all(|(new, _)| *new == 4), "{steps:?}");
        } else {
            assert_eq!(steps, expected, "{replicas} {surge} {unavailable}");
        }
    }
    // Three more and two fewer than ten: three come, two go, two come.
    let ten = steps_of(10, "25%", "25%");
    assert_eq!(ten.first(), Some(&(3, 10)), "{ten:?}");
    assert!(ten.contains(&(3, 8)) && ten.contains(&(5, 8)), "{ten:?}");
    assert_eq!(ten.last(), Some(&(10, 0)), "{ten:?}");
}

/// A Deployment made from a number, with faults and changes while it runs.
struct Drawn {
    text: String,
    /// Nothing but good images is rolled out, and nobody deletes or kills a Pod.
    quiet: bool,
}

fn draw(number: u64) -> Drawn {
    let mut stream = Stream::new(number, "deployment");
    let mut pick = |list: &[&str]| list[stream.below(list.len() as u64) as usize].to_owned();
    let mut spec = format!("  replicas: {}\n", pick(&["1", "2", "3", "4", "5", "7"]));
    spec += &pick(&[
        "",
        "",
        "  strategy: {type: Recreate}\n",
        "  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}\n",
        "  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}\n",
        "  strategy: {rollingUpdate: {maxSurge: 50%, maxUnavailable: 50%}}\n",
        "  strategy: {rollingUpdate: {maxSurge: 100%, maxUnavailable: 40%}}\n",
    ]);
    spec += &pick(&["", "", "  minReadySeconds: 3\n", "  revisionHistoryLimit: 0\n"]);
    spec += &pick(&["", "", "  progressDeadlineSeconds: 10\n"]);
    let container = pick(&[
        "",
        "",
        "        readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}\n",
        "        readinessProbe: {httpGet: {port: 80}, periodSeconds: 2, initialDelaySeconds: 4}\n",
        "        command: [sh, -c, 'sleep 7; exit 1']\n",
    ]);
    let mut quiet = !container.contains("exit");
    let calm = pick(&["no", "yes"]) == "yes";
    let mut steps = Vec::new();
    for at in ["15s", "19s", "26s", "40s"] {
        let changes = [
            "",
            "kubectl set image deployment/web app=nginx:1.27",
            "kubectl set image deployment/web app=nginx:1.25",
            "kubectl rollout restart deployment/web",
            "kubectl rollout undo deployment/web",
            "kubectl rollout pause deployment/web",
            "kubectl rollout resume deployment/web",
            "kubectl set image deployment/web app=absent:3",
            "kubectl scale deployment/web --replicas=2",
            "kubectl scale deployment/web --replicas=6",
            "kubectl delete $(kubectl get pod -o name | head -1) --wait=false",
            "kubectl delete rs -l app=web --wait=false",
        ];
        let command = pick(if calm { &changes[..7] } else { &changes });
        quiet &= !["absent", "scale", "delete"].iter().any(|word| command.contains(word));
        if !command.is_empty() {
            steps.push((at, command));
        }
    }
    let text = deployment(&spec, &container) + &scenario("90s", &steps);
    Drawn { text, quiet }
}

fn is_active(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && pod.metadata.deletion_timestamp.is_none()
}

/// Times in objects count in whole seconds.
fn is_available(pod: &Pod, spec: &DeploymentSpec, now: Instant) -> bool {
    let ready = pod.status.conditions.iter().find(|c| &*c.kind == "Ready");
    ready.is_some_and(|c| {
        let since = c.last_transition_time.map_or(now, |at| Calendar::default().trunc(at.0));
        c.status == "True".into() && now - since >= Duration::from_secs(spec.min_ready_seconds)
    })
}

/// How many Pods there may be beyond those wanted, and how many of those may be unavailable.
fn limits(spec: &DeploymentSpec) -> (i64, i64) {
    let number = |value: Option<&IntOrString>, round: i64| match value {
        Some(IntOrString::Int(n)) => *n,
        Some(IntOrString::String(text)) => {
            let percent: i64 = text.trim_end_matches('%').parse().expect("per cent");
            (percent * spec.replicas + round) / 100
        }
        None => 0,
    };
    let rolling = spec.strategy.rolling_update.as_ref();
    let surge = number(rolling.and_then(|r| r.max_surge.as_ref()), 99);
    let unavailable = number(rolling.and_then(|r| r.max_unavailable.as_ref()), 0);
    let neither = rolling.is_some() && surge == 0 && unavailable == 0;
    (surge, if neither { 1 } else { unavailable.min(spec.replicas) })
}

/// What has been seen of a run so far.
#[derive(Default)]
struct Seen {
    /// The most Pods that any state of the Deployment allowed.
    most: i64,
    /// Since when there are more Pods than that.
    over: Option<Instant>,
    /// All replicas were available once.
    up: bool,
}

/// What never may happen, at the instant that was just played.
fn offence(sim: &Simulation, seen: &mut Seen, quiet: bool) -> Option<String> {
    let api = &sim.frontier().api;
    let now = sim.frontier().now;
    let web = api.workload_named(WorkloadKind::Deployment, "default", "web")?;
    let (spec, status) = web.object.deployment()?;
    let (surge, unavailable) = limits(spec);
    seen.most = seen.most.max(spec.replicas + surge);
    let sets: Vec<_> = api.workloads_of(web.uid).collect();
    let pods: Vec<&Pod> = sets
        .iter()
        .flat_map(|set| api.pods_of(set.uid))
        .map(|stored| &*stored.pod)
        .collect();
    let active = pods.iter().filter(|pod| is_active(pod)).count() as i64;
    // The new ReplicaSet may make its Pods some milliseconds before the old one, scaled down first, deletes its own.
    seen.over = if active > seen.most {
        Some(seen.over.unwrap_or(now))
    } else {
        None
    };
    if seen.over.is_some_and(|since| now - since > Duration::from_millis(100)) {
        return Some(format!("{active} active Pods, {} allowed", seen.most));
    }
    let wanted: i64 = sets
        .iter()
        .filter_map(|s| s.object.replica_set())
        .map(|(s, _)| s.replicas)
        .sum();
    if wanted > seen.most {
        return Some(format!("its ReplicaSets want {wanted} Pods, {} allowed", seen.most));
    }
    let counts = [
        status.replicas,
        status.updated_replicas,
        status.ready_replicas,
        status.available_replicas,
    ];
    if counts.iter().any(|count| *count < 0) || status.available_replicas > status.ready_replicas {
        return Some(format!("{status:?}"));
    }
    let up = pods
        .iter()
        .filter(|pod| is_active(pod) && is_available(pod, spec, now))
        .count() as i64;
    seen.up |= up >= spec.replicas;
    if spec.strategy.kind == "Recreate" {
        let revision = |pod: &&&Pod| pod.metadata.labels.get("pod-template-hash").cloned();
        let mut revisions: Vec<_> = pods
            .iter()
            .filter(|pod| is_active(pod))
            .map(|pod| revision(&pod))
            .collect();
        revisions.sort();
        revisions.dedup();
        return (quiet && revisions.len() > 1).then(|| format!("Recreate runs {revisions:?} beside each other"));
    }
    let least = spec.replicas - unavailable;
    // Of Pods that are ready but not yet available their number is taken away, and the fuller node decides which go:
    // an available one may be among them, upstream too.
    let exact = spec.min_ready_seconds == 0;
    (quiet && exact && seen.up && up < least).then(|| format!("{up} available, at least {least} allowed"))
}

/// What is wrong at the end, if nothing has happened for two seconds: the counts are those of the store.
fn miscount(sim: &Simulation) -> Result<bool, String> {
    let api = &sim.frontier().api;
    let now = sim.frontier().now;
    let Some(web) = api.workload_named(WorkloadKind::Deployment, "default", "web") else {
        return Ok(false);
    };
    let Some((spec, status)) = web.object.deployment() else {
        return Ok(false);
    };
    let last = sim.record().pods.last().map_or(now, |r| r.at);
    if now - last < Duration::from_secs(2 + spec.min_ready_seconds) {
        return Ok(false);
    }
    let newest = api
        .workloads_of(web.uid)
        .filter_map(|set| {
            let revision = set
                .object
                .metadata
                .annotations
                .get("deployment.kubernetes.io/revision")?;
            Some((revision.parse::<i64>().ok()?, set.uid))
        })
        .max();
    let (mut replicas, mut ready, mut available, mut updated) = (0, 0, 0, 0);
    for set in api.workloads_of(web.uid) {
        for stored in api.pods_of(set.uid).filter(|stored| is_active(&stored.pod)) {
            let one = |yes: bool| i64::from(yes);
            replicas += 1;
            updated += one(newest.is_some_and(|(_, uid)| uid == set.uid));
            ready += one(stored
                .pod
                .status
                .conditions
                .iter()
                .any(|c| &*c.kind == "Ready" && &*c.status == "True"));
            available += one(is_available(&stored.pod, spec, now));
        }
    }
    let counted = (status.replicas, status.ready_replicas, status.available_replicas);
    if counted != (replicas, ready, available) || (!spec.paused && status.updated_replicas != updated) {
        return Err(format!(
            "{replicas} Pods, {updated} updated, {ready} ready, {available} available: {status:?}"
        ));
    }
    Ok(true)
}

#[test]
fn rollouts_keep_within_surge_and_unavailable_and_count_right() {
    let (mut quiet, mut compared) = (0, 0);
    for number in 0..1_000 {
        let drawn = draw(number);
        let mut sim = simulation(&drawn.text, None);
        let mut seen = Seen::default();
        while !sim.advance(1).done {
            if let Some(offence) = offence(&sim, &mut seen, drawn.quiet) {
                panic!("{offence} at {}:\n{}", sim.frontier().now, drawn.text);
            }
        }
        quiet += i32::from(drawn.quiet && seen.up);
        match miscount(&sim) {
            Ok(yes) => compared += i32::from(yes),
            Err(wrong) => panic!("{wrong}\n{}", drawn.text),
        }
    }
    assert!(
        quiet > 100 && compared > 500,
        "{quiet} quiet ones, {compared} at rest at the end"
    );
}

#[test]
fn one_jump_and_many_steps_give_the_same_trace() {
    for number in 0..60 {
        let text = draw(number).text;
        let trace = |chunk: u32, seed: u64| {
            let mut sim = simulation(&text, Some(seed));
            while !sim.advance(chunk).done {}
            format!("{:?}", sim.log().entries())
        };
        for seed in [0, 7] {
            assert_eq!(trace(u32::MAX, seed), trace(3, seed), "{text}");
        }
    }
}

/// A Deployment of so many replicas over twelve nodes, rolled over within ten minutes: the events of its simulation.
fn events_of(replicas: u32) -> u64 {
    let nodes: Vec<String> = (1..=12)
        .map(|n| format!("{{name: node{n}, capacity: {{cpu: '32', memory: 128Gi, pods: '110'}}, images: ['nginx:1.25', 'nginx:1.27']}}"))
        .collect();
    let probe = "        readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}\n";
    let text = deployment(&format!("  replicas: {replicas}\n"), probe)
        + &format!(
            "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: 10m\n  nodes: [{}]\n  steps: [{{at: 60s, run: kubectl set image deployment/web app=nginx:1.27}}]\n",
            nodes.join(", ")
        );
    let mut sim = simulation(&text, None);
    sim.run();
    let web = sim
        .frontier()
        .api
        .workload_named(WorkloadKind::Deployment, "default", "web")
        .expect("web");
    let (_, status) = web.object.deployment().expect("a Deployment");
    let all = i64::from(replicas);
    assert_eq!(
        (status.updated_replicas, status.available_replicas, status.replicas),
        (all, all, all)
    );
    sim.events()
}

#[test]
fn ten_times_the_replicas_are_at_most_twelve_times_the_events() {
    let (few, many) = (events_of(100), events_of(1_000));
    assert!(many <= few * 12, "{few} events for 100 replicas, {many} for 1,000");
}
