//! What one sync does, and the conditions it publishes, against the cases of Kubernetes' own tests.

use podscope::api::pod::PodSpec;
use podscope::api::{ContainerStatus, Phase, Pod, PodCondition};
use podscope::cri::{ContainerView, PodView, SandboxView, State};
use podscope::kubelet::actions::{ProbeVerdicts, compute_pod_actions};
use podscope::kubelet::{generate, helpers};
use podscope::machine::Profile;
use podscope::time::Instant;
use serde_json::Value;

fn data(text: &str) -> Value {
    serde_json::from_str(text).expect("the file is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn view_of(case: &Value, spec: &PodSpec) -> PodView {
    let sandboxes = list(&case["sandboxes"]).iter().map(|s| SandboxView {
        id: 1,
        attempt: s["attempt"].as_u64().unwrap_or(0) as u32,
        ready: s["state"] == "Ready",
        ip: s["ip"].as_str().unwrap_or("").into(),
    });
    let containers = list(&case["containers"]).iter().enumerate().map(|(n, c)| {
        let index = helpers::all_containers(spec)
            .position(|x| *x.name == *c["name"].as_str().unwrap_or(""))
            .unwrap_or(99);
        let hash = helpers::container_at(spec, index).map_or(0, helpers::hash_container);
        let changed = c["specChangedSinceCreated"] == true;
        ContainerView {
            id: n as u32,
            index,
            state: match c["state"].as_str() {
                Some("created") => State::Created,
                Some("running") => State::Running,
                Some("exited") => State::Exited,
                _ => State::Unknown,
            },
            restart_count: 0,
            hash: if changed { hash ^ 1 } else { hash },
            image: "".into(),
            container_id: c["name"].as_str().unwrap_or("").into(),
            created_at: Instant::ZERO,
            started_at: Some(Instant::ZERO),
            finished_at: Some(Instant::ZERO),
            exit_code: c["exitCode"].as_i64().unwrap_or(0) as i32,
            reason: "".into(),
            message: "".into(),
        }
    });
    PodView {
        sandboxes: sandboxes.collect(),
        containers: containers.collect(),
    }
}

fn names(value: &Value) -> Vec<String> {
    let name = |v: &Value| v.as_str().or(v["name"].as_str()).unwrap_or("").to_owned();
    let mut names: Vec<String> = list(value).iter().map(name).collect();
    names.sort();
    names
}

/// What goes before all containers start again, in order, and whether it is killed first.
fn resets(value: &Value) -> Vec<(String, bool)> {
    let one = |v: &Value| (v["name"].as_str().unwrap_or("").to_owned(), v["kill"] == true);
    list(value).iter().map(one).collect()
}

#[test]
fn actions_are_those_of_compute_pod_actions() {
    let file = data(include_str!("data/kubelet/kuberuntime.json"));
    let mut wrong = Vec::new();
    for case in list(&file["cases"]) {
        let spec: PodSpec = serde_json::from_value(case["spec"].clone()).expect("a spec");
        let view = view_of(case, &spec);
        let verdict = |name: &str, kind: &str| {
            case["probeResults"][name][kind].as_str().and_then(|v| match v {
                "Success" => Some(true),
                "Failure" => Some(false),
                _ => None,
            })
        };
        let verdicts = |c: &ContainerView| ProbeVerdicts {
            startup: verdict(&c.container_id, "startup"),
            liveness: verdict(&c.container_id, "liveness"),
            has_startup: helpers::container_at(&spec, c.index).is_some_and(|c| c.startup_probe.is_some()),
        };
        let pod = Pod {
            spec: spec.clone().into(),
            ..Pod::default()
        };
        let actions = compute_pod_actions(
            &Profile::V1_36,
            &pod,
            &view,
            case["restartAllContainers"] == true,
            &verdicts,
        );
        let named = |indexes: Vec<usize>| {
            let name = |i: &usize| helpers::container_at(&spec, *i).map(|c| c.name.to_string());
            let mut names: Vec<String> = indexes.iter().filter_map(name).collect();
            names.sort();
            names
        };
        let expected = &case["actions"];
        let kill = named(actions.kill.iter().map(|k| k.index).collect());
        let got = (
            actions.kill_pod,
            actions.create_sandbox,
            u64::from(actions.attempt) * u64::from(actions.create_sandbox),
            named(actions.start_init.clone()),
            named(actions.start.clone()),
            named(actions.start_ephemeral.clone()),
            kill,
            actions
                .reset
                .iter()
                .filter_map(|r| {
                    let name = helpers::container_at(&spec, r.index)?.name.to_string();
                    Some((name, r.kill))
                })
                .collect(),
        );
        let attempt = expected["sandboxAttempt"].as_u64().unwrap_or(0);
        let want = (
            expected["killPod"] == true,
            expected["createSandbox"] == true,
            attempt * u64::from(expected["createSandbox"] == true),
            names(&expected["initContainersToStart"]),
            names(&expected["containersToStart"]),
            names(&expected["ephemeralContainersToStart"]),
            names(&expected["containersToKill"]),
            resets(&expected["containersToReset"]),
        );
        if got != want {
            wrong.push(format!("{} {}:\n  {got:?}, not\n  {want:?}", case["id"], case["label"]));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn conditions_are_those_of_generate() {
    let file = data(include_str!("data/kubelet/conditions.json"));
    let mut wrong = Vec::new();
    for case in list(&file["cases"]) {
        let spec: PodSpec = serde_json::from_value(case["spec"].clone()).expect("a spec");
        let statuses: Option<Vec<ContainerStatus>> =
            serde_json::from_value(case["containerStatuses"].clone()).expect("statuses");
        let phase: Phase = serde_json::from_value(case["phase"].clone()).unwrap_or_default();
        let so_far: Vec<PodCondition> = serde_json::from_value(case["conditionsSoFar"].clone()).unwrap_or_default();
        // The cases keep all statuses in one list.
        let init = statuses.clone().unwrap_or_default();
        let got = match case["function"].as_str() {
            Some("GenerateContainersReadyCondition") => {
                generate::containers_ready(&spec, &init, statuses.as_deref(), &phase)
            }
            Some("GeneratePodReadyCondition") => {
                let containers = generate::containers_ready(&spec, &init, statuses.as_deref(), &phase);
                generate::ready(&spec, &so_far, &containers)
            }
            Some("GeneratePodInitializedCondition") => {
                let app = |s: &&ContainerStatus| spec.containers.iter().any(|c| c.name == s.name);
                let regular: Vec<ContainerStatus> = init.iter().filter(app).cloned().collect();
                generate::initialized(&spec, statuses.as_deref(), &regular, &phase)
            }
            _ => continue,
        };
        let want = &case["condition"];
        let text = |key: &str| want[key].as_str().unwrap_or("");
        let same = &*got.kind == text("type")
            && &*got.status == text("status")
            && &*got.reason == text("reason")
            && &*got.message == text("message");
        if !same {
            wrong.push(format!("{}: {got:?}, not {want}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
