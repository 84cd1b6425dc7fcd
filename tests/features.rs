//! Capabilities of the kubelet and the cluster, each as a small scenario that says itself what has to come true.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::path::{Path, PathBuf};

use podscope::api::Pod;
use podscope::kubectl::printpod::pod_status;
use podscope::manifest::{Diagnostic, Severity};
use podscope::sim::{Options, Simulation, evaluate};
use podscope::time::Instant;
use podscope::trace::{WatchKind, What};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/features")
}

fn text(name: &str) -> String {
    common::read(&folder().join(format!("{name}.yaml")))
}

fn play(text: &str) -> Simulation {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    sim
}

/// All that is said about a text, the run included, as `severity path: message`.
fn said(text: &str) -> Vec<String> {
    let line = |d: Diagnostic| format!("{:?} {}: {}", d.severity, d.path, d.message);
    play(text).diagnostics().into_iter().map(line).collect()
}

/// Events of a Pod as `seconds reason message`.
fn events(sim: &Simulation, object: &str) -> Vec<(i64, String, String)> {
    let of = sim.record().events.iter().filter(|e| &*e.object == object);
    of.map(|e| (e.at.secs(), e.reason.to_string(), e.message.to_string()))
        .collect()
}

/// The Pod as it stood at an instant.
fn pod_at(sim: &Simulation, name: &str, seconds: i64) -> Pod {
    let at = Instant::from_secs(seconds);
    let mut seen = sim.record().pods.iter().rev().filter(|r| r.at <= at);
    let last = seen.find(|r| &*r.pod.metadata.name == name && r.kind != WatchKind::Deleted);
    (*last.unwrap_or_else(|| panic!("no {name} at {seconds} s")).pod).clone()
}

fn condition<'p>(pod: &'p Pod, kind: &str) -> Option<&'p podscope::api::PodCondition> {
    pod.status.conditions.iter().find(|c| &*c.kind == kind)
}

#[test]
fn every_scenario_comes_true() {
    let paths = common::manifests(&folder());
    assert!(!paths.is_empty(), "there are no scenarios");
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path
            .file_stem()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let sim = play(&common::read(path));
        let refused = sim.diagnostics().into_iter().filter(|d| d.severity == Severity::Error);
        // A scenario whose name says so is about something that is refused.
        let wanted = name.ends_with("-refused");
        wrong.extend(refused.filter(|_| !wanted).map(|d| format!("{name}: {}", d.message)));
        let claims = evaluate(&sim);
        if claims.is_empty() {
            wrong.push(format!("{name}: it claims nothing"));
        }
        let broken = claims.into_iter().filter(|claim| !claim.ok);
        wrong.extend(broken.map(|claim| format!("{name}: {}, but {}", claim.text, claim.why)));
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

/// A Pod with one container, and a scenario with these lines in its spec.
fn with_scenario(container: &str, scenario: &str) -> String {
    let indented = |text: &str, by: &str| text.lines().map(|l| format!("{by}{l}\n")).collect::<String>();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: app\n{}---\n\
         apiVersion: podscope/v1\nkind: Scenario\nmetadata: {{name: t}}\nspec:\n{}",
        indented(container, "    "),
        indented(scenario, "  ")
    )
}

#[test]
fn feature_gates_are_checked_by_name_and_release() {
    let at = |gates: &str, more: &str| -> Vec<String> {
        let text = with_scenario("image: nginx", &format!("until: 5s\nfeatureGates: {{{gates}}}\n{more}"));
        let all = said(&text).into_iter();
        all.filter(|line| line.contains("spec.featureGates") || line.contains("spec.nodes"))
            .collect()
    };
    let one = |gates: &str, more: &str| at(gates, more).join("\n");
    assert_eq!(
        one("KubeletCrashLoopBackoffMax: true", ""),
        "Warning spec.featureGates.KubeletCrashLoopBackoffMax: unrecognized feature gate: KubeletCrashLoopBackoffMax; \
         did you mean KubeletCrashLoopBackOffMax?"
    );
    assert_eq!(
        one("SidecarContainers: false", ""),
        "Error spec.featureGates.SidecarContainers: cannot set feature gate SidecarContainers to false, feature is locked \
         to true"
    );
    assert_eq!(one("SidecarContainers: false", "kubernetes: '1.32'"), "");
    assert_eq!(one("ReduceDefaultCrashLoopBackOffDecay: true", ""), "");
    assert!(
        one("ReduceDefaultCrashLoopBackOffDecay: true", "kubernetes: '1.32'").contains("came with 1.33, this is 1.32")
    );
    assert!(one("ContainerRestartRules: true", "").contains("on by default in 1.36"));
    assert!(
        one("EventedPLEG: true", "").starts_with("Warning") && one("EventedPLEG: true", "").contains("not simulated")
    );
    assert!(one("HPAScaleToZero: true", "").starts_with("Info"));
    let own = "nodes: [{name: node1, crashLoopBackOff: {maxContainerRestartPeriod: 400s}}]";
    assert!(one("", own).contains("must be between 1s and 300s"));
    assert!(
        one("KubeletCrashLoopBackOffMax: false", own).contains("FeatureGate KubeletCrashLoopBackOffMax not enabled")
    );
}

#[test]
fn gates_change_what_is_played() {
    let gates = |gates: &str| {
        format!("until: 20s\nnodes: [{{name: node1, images: [nginx, busybox]}}]\nfeatureGates: {{{gates}}}")
    };
    let web = |of: &str| {
        play(&with_scenario(
            "image: nginx\nimagePullPolicy: IfNotPresent",
            &gates(of),
        ))
    };
    let has = |sim: &Simulation| condition(&pod_at(sim, "web", 10), "PodReadyToStartContainers").is_some();
    assert!(has(&web("")) && !has(&web("PodReadyToStartContainersCondition: false")));

    let pulled = |sim: &Simulation| {
        events(sim, "Pod/web")
            .into_iter()
            .find(|e| e.1 == "Pulled")
            .map(|e| e.2)
    };
    let short = "Container image \"nginx\" already present on machine".to_owned();
    assert_eq!(pulled(&web("KubeletEnsureSecretPulledImages: false")), Some(short));

    // A stop signal of one's own needs its gate; without it the image's is sent, and the text is told so.
    let own = "image: busybox\ncommand: [sh, -c, \"trap 'exit 5' USR1; while true; do sleep 1; done\"]\nlifecycle: {stopSignal: SIGUSR1}";
    let text = |of: &str| {
        with_scenario(
            own,
            &format!(
                "{}\nsteps: [{{at: 10s, run: kubectl delete pod web --grace-period=3}}]",
                gates(of)
            ),
        )
    };
    let code = |sim: &Simulation| {
        let ended = &pod_at(sim, "web", 20).status.container_statuses[0].state.terminated;
        ended.as_ref().map(|t| t.exit_code)
    };
    assert_eq!(code(&play(&text("ContainerStopSignals: true"))), Some(5));
    assert_eq!(code(&play(&text(""))), Some(137));
    assert!(
        said(&text(""))
            .iter()
            .any(|s| s.contains("ContainerStopSignals is off in 1.36"))
    );
}

#[test]
fn a_kubelet_restart_shows_a_ready_pod_unready_until_its_first_probe() {
    let sim = play(&text("kubelet-restart"));
    let ready = |s: i64| condition(&pod_at(&sim, "web", s), "Ready").map(|c| c.status.to_string());
    let seen: Vec<bool> = sim
        .record()
        .pods
        .iter()
        .filter(|r| &*r.pod.metadata.name == "web" && r.at > Instant::from_secs(60))
        .map(|r| podscope::apiserver::is_ready(&r.pod))
        .collect();
    assert_eq!(seen, [false, true], "once unready, once ready again");
    assert_eq!(ready(80).as_deref(), Some("True"));
    // The crash loop begins anew: its container is started again soon after the kubelet is up, whatever was to wait for.
    let starts = events(&sim, "Pod/crash")
        .into_iter()
        .filter(|e| e.1 == "Started")
        .map(|e| e.0);
    let after: Vec<i64> = starts.filter(|s| *s >= 60).collect();
    assert!(after.first().is_some_and(|s| *s <= 65), "{after:?}");
    assert_eq!(pod_status(&pod_at(&sim, "web", 90)), "Running");
}

#[test]
fn an_evicted_pod_says_why() {
    let sim = play(&text("node-pressure"));
    let said = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 74Mi. Container app was using \
                700Mi, request is 100Mi, has larger consumption of memory. ";
    let hog = pod_at(&sim, "hog", 60);
    assert_eq!(
        (hog.status.reason.as_str(), hog.status.message.as_str()),
        ("Evicted", said)
    );
    let target = condition(&hog, "DisruptionTarget").expect("a condition");
    assert_eq!((&*target.reason, &*target.message), ("TerminationByKubelet", said));
    let node: Vec<String> = events(&sim, "Node/node1").into_iter().map(|e| e.1).collect();
    assert_eq!(node[..2], ["NodeHasInsufficientMemory", "EvictionThresholdMet"]);
    assert!(node.contains(&"NodeHasSufficientMemory".to_owned()));
    let late = events(&sim, "Pod/late");
    assert_eq!(
        late.last().map(|e| e.2.as_str()),
        Some("The node had condition: [MemoryPressure]. ")
    );
    // DisruptionTarget is not told before the phase is.
    let early = sim.record().pods.iter().filter(|r| !r.pod.status.phase.is_terminal());
    assert!(early.clone().all(|r| condition(&r.pod, "DisruptionTarget").is_none()));
}

#[test]
fn the_kubelet_says_what_it_lacks() {
    let sim = play(&text("kubelet-admission"));
    let large = pod_at(&sim, "large", 10);
    let lacks = "Node didn't have enough resource: cpu, requested: 6000, used: 0, capacity: 4000";
    assert_eq!(large.status.message, format!("Pod was rejected: {lacks}"));
    assert!(large.status.container_statuses.is_empty());
    let warned: Vec<(String, String)> = events(&sim, "Pod/large").into_iter().map(|e| (e.1, e.2)).collect();
    assert_eq!(warned, [("OutOfcpu".to_owned(), lacks.to_owned())]);
}

#[test]
fn a_shutdown_ends_pods_in_two_groups() {
    let sim = play(&text("node-shutdown"));
    let killing = |object: &str| events(&sim, object).into_iter().find(|e| e.1 == "Killing").map(|e| e.0);
    assert_eq!(killing("Pod/web"), Some(20));
    assert_eq!(
        killing("Pod/agent"),
        Some(40),
        "critical Pods are told when the ordinary ones are gone"
    );
    let web = pod_at(&sim, "web", 60);
    assert_eq!(
        web.status.message,
        "Pod was terminated in response to imminent node shutdown."
    );
}

#[test]
fn events_are_counted_and_filtered_by_type() {
    let sim = play(&text("event-filter"));
    let unhealthy: Vec<(i64, u32)> = sim
        .record()
        .events
        .iter()
        .filter(|e| &*e.reason == "Unhealthy")
        .map(|e| (e.at.secs(), e.count))
        .collect();
    // 25 at once, then one for each token: they come back every 300 s, counted from the first event at 1 s.
    assert_eq!(unhealthy.len(), 26, "{unhealthy:?}");
    let (last, before) = (unhealthy[25], unhealthy[24]);
    assert_eq!(before.1, 25);
    assert!((300..=304).contains(&last.0) && last.1 > 140, "{last:?}");
}

#[test]
fn termination_messages_come_from_file_or_log() {
    let sim = play(&text("termination-message"));
    let pod = pod_at(&sim, "web", 20);
    let message = |name: &str| {
        let status = pod
            .status
            .container_statuses
            .iter()
            .find(|c| &*c.name == name)
            .expect(name);
        status
            .state
            .terminated
            .as_ref()
            .map(|t| t.message.to_string())
            .unwrap_or_default()
    };
    assert_eq!(message("own"), "from the file\n");
    assert_eq!(message("log"), "from the log\n");
    assert_eq!(message("fine"), "");
}

#[test]
fn a_change_of_the_image_is_told_and_observed() {
    let sim = play(&text("image-change"));
    let killing = events(&sim, "Pod/web")
        .into_iter()
        .find(|e| e.1 == "Killing")
        .map(|e| e.2);
    assert_eq!(
        killing.as_deref(),
        Some("Container app definition changed, will be restarted")
    );
    let pod = pod_at(&sim, "web", 40);
    assert_eq!((pod.metadata.generation, pod.status.observed_generation), (2, 2));
}

#[test]
fn a_resize_waits_for_room_and_is_refused_where_there_can_be_none() {
    let sim = play(&text("resize"));
    let pending = |at: i64| {
        let pod = pod_at(&sim, "web", at);
        condition(&pod, "PodResizePending").map(|c| (c.reason.to_string(), c.message.to_string()))
    };
    let deferred = "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000";
    let infeasible = "Node didn't have enough capacity: cpu, requested: 8000, capacity: 4000";
    assert_eq!(pending(20), Some(("Deferred".to_owned(), deferred.to_owned())));
    assert_eq!(pending(45), None);
    assert_eq!(pending(60), Some(("Infeasible".to_owned(), infeasible.to_owned())));
    let told: Vec<String> = events(&sim, "Pod/web")
        .into_iter()
        .map(|e| e.1)
        .filter(|r| r.starts_with("Resize"))
        .collect();
    assert_eq!(
        told,
        ["ResizeDeferred", "ResizeStarted", "ResizeCompleted", "ResizeInfeasible"]
    );
}

#[test]
fn a_misspelt_official_image_is_said() {
    let pod = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: c, image: '{image}'}}]}}\n"
        )
    };
    let hints = |image: &str| {
        said(&pod(image))
            .iter()
            .filter(|line| line.contains("did you mean"))
            .count()
    };
    assert!(
        said(&pod("ngnix:1.25"))
            .iter()
            .any(|line| line.contains("did you mean nginx?"))
    );
    assert_eq!(hints("nginx:1.25") + hints("team/ngnix:1") + hints("ghost:5"), 0);
}

/// Back-offs of the only container, as seconds from and to.
fn backoffs(sim: &Simulation) -> Vec<(i64, i64)> {
    let slices = sim
        .log()
        .entries()
        .iter()
        .filter(|e| matches!(e.what, What::Backoff { .. }));
    slices.filter_map(|e| Some((e.at.secs(), e.end?.secs()))).collect()
}

#[test]
fn nobody_waits_for_a_back_off_when_the_pod_is_to_be_stopped() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: busybox\n    \
                command: [sh, -c, exit 1]\n---\napiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: 20m\n";
    let alone = backoffs(&play(text));
    let overlap = alone.windows(2).find(|w| w[0].1 > w[1].0);
    assert_eq!(
        overlap, None,
        "refused twice in one wait, the newer entry waits: {alone:?}"
    );
    let (from, to) = *alone.iter().rfind(|b| b.1 < 1_100).expect("a crash loop waits");
    let middle = (from + to) / 2;
    let stopped = backoffs(&play(&format!(
        "{text}  steps:\n  - {{at: {middle}s, run: kubectl delete pod web}}\n"
    )));
    let (began, ended) = *stopped.last().expect("it waited before the deletion");
    assert_eq!(began, from);
    assert!(
        (middle..=middle + 1).contains(&ended),
        "{ended} s, deleted at {middle} s"
    );
}
