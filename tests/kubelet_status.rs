//! The status a kubelet computes, against the cases of Kubernetes' own tests and a grid put through its functions.

use podscope::api::pod::PodSpec;
use podscope::api::{ContainerStatus, Phase, Pod, PodCondition, PodStatus, Time};
use podscope::cri::{ContainerView, PodView, SandboxView, State};
use podscope::kubectl::printpod::pod_row;
use podscope::kubelet::kubelet_pods::{Reasons, StatusInput, generate_api_pod_status};
use podscope::kubelet::phase::{PhaseInput, get_phase};
use podscope::kubelet::{actions, generate, helpers};
use podscope::machine::Profile;
use podscope::time::{Calendar, Instant};
use serde_json::Value;

fn data(text: &str) -> Value {
    serde_json::from_str(text).expect("the file is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn of<T: serde::de::DeserializeOwned + Default>(value: &Value) -> T {
    if value.is_null() {
        return T::default();
    }
    serde_json::from_value(value.clone()).expect("the case has the type of its field")
}

#[test]
fn states_of_containers_make_phase_conditions_and_row() {
    let file = data(include_str!("data/kubelet/podstates.json"));
    let chosen = |from: &str, which: &Value| -> Vec<ContainerStatus> {
        let of_one = |i: &Value| of(&file[from][i.as_u64().unwrap_or(0) as usize]);
        list(which).iter().map(of_one).collect()
    };
    let mut wrong = Vec::new();
    for case in list(&file["cases"]) {
        let spec: PodSpec = of(&file["specs"][case["spec"].as_u64().unwrap_or(0) as usize]);
        let (init, regular) = (chosen("statuses", &case["init"]), chosen("statuses", &case["regular"]));
        let all: Vec<ContainerStatus> = init.iter().chain(&regular).cloned().collect();
        let phase = get_phase(
            &Profile::V1_36,
            &PhaseInput {
                spec: &spec,
                statuses: &all,
                terminal: case["terminal"] == true,
                has_initialized: case["started"] == true,
                is_static: false,
            },
        );
        let containers_ready = generate::containers_ready(&spec, &init, Some(&regular), &phase);
        let conditions = vec![
            generate::initialized(&spec, Some(&init), &regular, &phase),
            containers_ready.clone(),
            generate::ready(&spec, &[], &containers_ready),
        ];
        let want: Vec<PodCondition> = of(&file["conditions"][case["conditions"].as_u64().unwrap_or(0) as usize]);
        let pod = Pod {
            spec: spec.into(),
            status: PodStatus {
                phase: phase.clone(),
                conditions: conditions.clone(),
                init_container_statuses: init,
                container_statuses: regular,
                ..PodStatus::default()
            },
            ..Pod::default()
        };
        let cells = pod_row(&pod, Instant::ZERO, Calendar::default(), false).cells();
        let got = (phase.as_str(), conditions, cells[1].clone(), cells[2].clone());
        let text = |key: &str| case[key].as_str().unwrap_or("");
        let want = (text("phase"), want, text("ready").to_owned(), text("status").to_owned());
        if got != want {
            wrong.push(format!("{}:\n  {got:?}, not\n  {want:?}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the runtime reports in a case. Times count from the case's `now`.
fn view_of(case: &Value, spec: &PodSpec, calendar: &Calendar) -> PodView {
    let sandboxes = list(&case["sandboxes"]).iter().map(|s| SandboxView {
        id: 1,
        attempt: s["attempt"].as_u64().unwrap_or(0) as u32,
        ready: s["state"] == "Ready",
        ip: s["ip"].as_str().unwrap_or("").into(),
    });
    let containers = list(&case["containers"]).iter().enumerate().filter_map(|(n, c)| {
        let index = helpers::all_containers(spec).position(|x| *x.name == *c["name"].as_str().unwrap_or(""))?;
        let time = |key: &str| c[key].as_str().and_then(|t| calendar.parse(t));
        Some(ContainerView {
            id: n as u32,
            index,
            state: match c["state"].as_str() {
                Some("created") => State::Created,
                Some("running") => State::Running,
                Some("exited") => State::Exited,
                _ => State::Unknown,
            },
            restart_count: 0,
            hash: 0,
            image: "".into(),
            container_id: c["id"].as_str().unwrap_or("").into(),
            created_at: Instant::ZERO,
            started_at: time("startedAt"),
            finished_at: time("finishedAt"),
            exit_code: c["exitCode"].as_i64().unwrap_or(0) as i32,
            reason: "".into(),
            message: "".into(),
        })
    });
    PodView {
        sandboxes: sandboxes.collect(),
        containers: containers.collect(),
    }
}

/// A container's state and counts without what the runtime of the tests does not set. Times are in the spec's table.
fn seen(status: &ContainerStatus) -> (String, String, String, i64) {
    let state = |s: &podscope::api::ContainerState| match (&s.waiting, &s.running, &s.terminated) {
        (Some(w), _, _) => format!("waiting {} {}", w.reason, w.message),
        (_, Some(_), _) => "running".to_owned(),
        (_, _, Some(t)) => format!("terminated {} {} {}", t.exit_code, t.reason, t.message),
        _ => String::new(),
    };
    (
        status.name.to_string(),
        state(&status.state),
        state(&status.last_state),
        status.restart_count,
    )
}

/// The status of a case, its probes answering that everything is ready, as the tests' do.
fn status_of(case: &Value, before: &Value, restarting: bool, calendar: &Calendar) -> PodStatus {
    let spec: PodSpec = of(&case["spec"]);
    let view = view_of(case, &spec, calendar);
    let mut pod = Pod {
        spec: spec.clone().into(),
        status: of(&case["podStatusBefore"]),
        ..Pod::default()
    };
    if case["deletionTimestampSet"] == true || case["label"].as_str().is_some_and(|l| l.ends_with("and-deletion")) {
        pod.metadata.deletion_timestamp = Some(Time(Instant::ZERO));
    }
    let old: PodStatus = of(before);
    let input = StatusInput {
        pod: &pod,
        view: &view,
        reasons: &Reasons::new(),
        old: &old,
        terminal: case["podIsTerminal"] == true,
        needs_sandbox: actions::sandbox_changed(&spec, &view).0,
        probes: &|_, _| (true, true),
        forced: None,
        resizing: false,
        pending_resize: None,
        restarting,
        host_ip: "127.0.0.1",
        now: Instant::ZERO,
    };
    generate_api_pod_status(&Profile::V1_36, &input)
}

#[test]
fn statuses_are_those_of_generate_api_pod_status() {
    let file = data(include_str!("data/kubelet/apistatus.json"));
    let calendar = Calendar::default();
    let mut wrong = Vec::new();
    for case in list(&file["cases"]) {
        let got = status_of(case, &case["previousKubeletStatus"], false, &calendar);
        let want: PodStatus = of(&case["status"]);
        let short = |s: &PodStatus| {
            let conditions: Vec<(String, String, String)> = s
                .conditions
                .iter()
                .map(|c| (c.kind.to_string(), c.status.to_string(), c.reason.to_string()))
                .collect();
            (
                s.phase.clone(),
                s.reason.clone(),
                s.message.clone(),
                conditions,
                s.init_container_statuses.iter().map(seen).collect::<Vec<_>>(),
                s.container_statuses.iter().map(seen).collect::<Vec<_>>(),
                s.host_ip.clone(),
            )
        };
        if short(&got) != short(&want) {
            let (got, want) = (short(&got), short(&want));
            wrong.push(format!("{} {}:\n  {got:?}, not\n  {want:?}", case["id"], case["label"]));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn statuses_of_containers_are_those_of_convert() {
    let file = data(include_str!("data/kubelet/apistatus.json"));
    let calendar = Calendar::default();
    let mut wrong = Vec::new();
    for case in list(&file["containerStatusCases"]) {
        let init = case["isInitContainer"] == true;
        let list_of = if init {
            "initContainerStatuses"
        } else {
            "containerStatuses"
        };
        let before = serde_json::json!({ list_of: case["previous"] });
        let status = status_of(case, &before, case["podRestarting"] == true, &calendar);
        let got = if init {
            status.init_container_statuses
        } else {
            status.container_statuses
        };
        let want: Vec<ContainerStatus> = of(&case["statuses"]);
        let (got, want): (Vec<_>, Vec<_>) = (got.iter().map(seen).collect(), want.iter().map(seen).collect());
        if got != want {
            wrong.push(format!("{} {}:\n  {got:?}, not\n  {want:?}", case["id"], case["label"]));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_terminal_phase_never_changes() {
    let file = data(include_str!("data/kubelet/apistatus.json"));
    let calendar = Calendar::default();
    for case in list(&file["cases"]) {
        let before: PodStatus = of(&case["previousKubeletStatus"]);
        if before.phase.is_terminal() {
            let got = status_of(case, &case["previousKubeletStatus"], false, &calendar);
            assert_ne!(got.phase, Phase::Running, "{}", case["id"]);
            assert_eq!(got.phase, before.phase, "{}", case["id"]);
        }
    }
}
