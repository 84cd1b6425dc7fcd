//! Probe workers, their results and HTTP answers, against the cases of Kubernetes' own tests.

use std::rc::Rc;

use podscope::api::pod::{Container, HttpGetAction, IntOrString, PodSpec};
use podscope::api::{ContainerStatus, PodStatus, Probe};
use podscope::cri::PodView;
use podscope::kubelet::prober_round::{Next, Round, Seen, Verdict, started_and_ready, stays};
use podscope::machine::Profile;
use podscope::probe::{ProbeOutcome, expand_command, http, resolve_port};
use podscope::time::{Calendar, Duration};
use podscope::trace::ProbeKind;
use podscope::world::HttpAnswer;
use serde_json::{Value, json};

fn file() -> Value {
    serde_json::from_str(include_str!("data/kubelet/prober.json")).expect("the file is JSON")
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

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The Pod of a case. The table names only the probed container; a container `trigger` is one with the rule under test,
/// and the status of a sidecar's case has a regular container of the same name.
fn spec_of(case: &Value) -> PodSpec {
    let container = &case["container"];
    let beside = json!({"name": "beside", "image": "x"});
    let trigger = json!({
        "name": "trigger", "image": "x", "restartPolicy": "Never",
        "restartPolicyRules": [{"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [1]}}],
    });
    let says_trigger = case["steps"].to_string().contains("\"trigger\"");
    let (init, mut regular) = if case["isInitContainer"] == true {
        (vec![container.clone()], vec![beside])
    } else {
        (vec![], vec![container.clone()])
    };
    regular.extend(says_trigger.then_some(trigger));
    of(&json!({"restartPolicy": case["podRestartPolicy"], "initContainers": init, "containers": regular}))
}

fn shown(round: &Round) -> Value {
    let mut shown = json!({"onHold": round.on_hold, "resultRun": round.run});
    match round.verdict {
        Some(Verdict::Success) => shown["result"] = json!("Success"),
        Some(Verdict::Failure) => shown["result"] = json!("Failure"),
        Some(Verdict::Unknown) => shown["result"] = json!("UNKNOWN"),
        None => {}
    }
    shown
}

#[test]
fn rounds_of_a_worker_go_as_in_do_probe() {
    let (file, calendar) = (file(), Calendar::default());
    let mut wrong = Vec::new();
    let mut steps = 0;
    for case in list(&file["sequences"]) {
        let spec = spec_of(case);
        let probe: Probe = of(&case["probe"]);
        let kind = match text(&case["probeType"]) {
            "startup" => ProbeKind::Startup,
            "liveness" => ProbeKind::Liveness,
            _ => ProbeKind::Readiness,
        };
        // Of the nine runs over a restart of the kubelet the table does not say which container is older than it: the
        // results tell, for only those of an older one begin without a verdict, or as a started sidecar.
        let older = case["note"].is_string() && text(&case["id"]) > "TestChangeContainerStatusOnKubeletRestart/03";
        let mut round = Round::new(kind);
        let mut status: Option<PodStatus> = None;
        for step in list(&case["steps"]) {
            steps += 1;
            if step["podStatus"] != "same" {
                status = (!step["podStatus"].is_null()).then(|| of(&step["podStatus"]));
            }
            let before = shown(&round);
            let statuses = status.as_ref().map(|s| match case["isInitContainer"] == true {
                true => &s.init_container_statuses,
                false => &s.container_statuses,
            });
            let container: Option<&ContainerStatus> =
                statuses.and_then(|all| all.iter().find(|c| *c.name == *text(&case["container"]["name"])));
            let ended = container.and_then(|c| c.state.terminated.as_ref());
            let index = 0;
            let seen = Seen {
                status: status.as_ref(),
                container,
                deleted: step["podBeingDeleted"] == true,
                sidecar: case["isInitContainer"] == true,
                older,
                calendar: Calendar::default(),
                stays: ended.zip(status.as_ref()).is_some_and(|(ended, status)| {
                    stays(
                        &Profile::V1_36,
                        &spec,
                        index,
                        &PodView::default(),
                        status,
                        ended.exit_code,
                    )
                }),
                now: calendar.parse("2024-01-01T00:00:01Z").expect("an instant"),
            };
            let begun = round.begin(&probe, &seen);
            if begun.next == Next::Probe {
                round.finish(&probe, step["handlerResult"] == "success");
            }
            let got = json!({"before": before, "after": shown(&round), "continue": begun.next != Next::End});
            let want = json!({"before": step["before"], "after": step["after"], "continue": step["continue"]});
            if got != want {
                wrong.push(format!("{}: {got}, not {want}", case["id"]));
            }
        }
    }
    assert_eq!((list(&file["sequences"]).len(), steps), (81, 124));
    assert!(wrong.is_empty(), "{} steps:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn results_count_as_the_prober_counts_them() {
    for case in list(&file()["proberResults"]) {
        // No probe at all makes no worker. A handler that does not know says here that it failed.
        let outcome = match (text(&case["handlerResult"]), case["error"] == true) {
            (_, true) => ProbeOutcome::Error("".into()),
            ("success", _) => ProbeOutcome::Success,
            ("warning", _) => ProbeOutcome::Warning("".into()),
            ("failure" | "unknown", _) => ProbeOutcome::Failure("".into()),
            _ => continue,
        };
        let want = (case["error"] != true).then_some(case["result"] == "Success");
        assert_eq!(outcome.counts(), want, "{case}");
    }
    assert_eq!(
        started_and_ready(true, None, None),
        (true, true),
        "no probe is a success"
    );
}

#[test]
fn commands_of_probes_are_expanded() {
    for case in list(&file()["execArguments"]) {
        let env = case["env"].as_object().expect("env");
        let env: Vec<Value> = env.iter().map(|(k, v)| json!({"name": k, "value": v})).collect();
        let container: Container = of(&json!({"name": "c", "image": "x", "env": env}));
        let command: Vec<String> = of(&case["command"]);
        assert_eq!(
            expand_command(&command, Some(&container)),
            of::<Vec<String>>(&case["ran"]),
            "{case}"
        );
    }
}

fn answer(status: u16, location: &str, body: &str) -> HttpAnswer {
    HttpAnswer::Answer {
        status,
        takes: Duration::ZERO,
        body: Rc::from(body),
        location: Rc::from(location),
    }
}

fn url() -> http::Url {
    http::Url {
        scheme: "http",
        host: "10.0.0.5".to_owned(),
        port: 8080,
        path: "/".to_owned(),
    }
}

fn ask(mut server: impl FnMut(&http::Url) -> HttpAnswer) -> ProbeOutcome {
    let limit = Duration::from_secs(1);
    http::outcome(http::exchange(&url(), limit, http::Follow::SameHost, &mut server).1)
}

fn named(outcome: &ProbeOutcome) -> (&'static str, String) {
    match outcome {
        ProbeOutcome::Success => ("success", String::new()),
        ProbeOutcome::Warning(said) => ("warning", said.trim_end().to_owned()),
        ProbeOutcome::Failure(said) => ("failure", said.to_string()),
        ProbeOutcome::Error(said) => ("error", said.to_string()),
    }
}

#[test]
fn answers_by_http_mean_what_they_mean_to_the_kubelet() {
    for case in list(&file()["httpResults"]) {
        let words: Vec<&str> = text(&case["server"]).split(' ').collect();
        let outcome = match words[..] {
            ["status", code, ..] => ask(|_| match code.parse() {
                Ok(code) => answer(code, "", ""),
                // A server that breaks off: nothing comes.
                Err(_) => HttpAnswer::Refused,
            }),
            ["answers", "after", "3s,", ..] => ask(|_| HttpAnswer::Answer {
                status: 200,
                takes: Duration::from_secs(3),
                body: "".into(),
                location: "".into(),
            }),
            [code, "to", "a", "path", "that", "answers", then, ..] => ask(|url| match url.path.as_str() {
                "/" => answer(code.parse().expect("a code"), "/new", ""),
                _ => answer(then.parse().expect("a code"), "", text(&case["body"])),
            }),
            _ => panic!("{case}"),
        };
        let (name, said) = named(&outcome);
        assert_eq!(name, text(&case["result"]), "{case}: {said}");
        if let Some(want) = case["output"].as_str() {
            assert_eq!(said, want, "{case}");
        }
    }
}

#[test]
fn redirects_are_followed_as_far_as_the_asker_goes() {
    for case in list(&file()["httpNonLocalRedirects"]) {
        let to = text(&case["redirectTo"]);
        let location = match to {
            "another host" => "http://example.com/new",
            "itself without end" => "/",
            _ if to.contains("other port") => "http://10.0.0.5:9090/new",
            _ => "/new",
        };
        let then = if to.contains("500") { 500 } else { 200 };
        let mut server = |url: &http::Url| match (url.host.as_str(), url.path.as_str()) {
            ("10.0.0.5", "/") => answer(301, location, ""),
            ("10.0.0.5", _) => {
                assert_eq!(url.number(), if to.contains("other port") { 9090 } else { 8080 });
                answer(then, "", "")
            }
            _ => HttpAnswer::Refused,
        };
        for (follow, column) in [
            (http::Follow::SameHost, "followNonLocal=false"),
            (http::Follow::Anywhere, "followNonLocal=true"),
        ] {
            let reply = http::exchange(&url(), Duration::from_secs(1), follow, &mut server).1;
            let want = text(&case[column]).split(' ').next();
            assert_eq!(Some(named(&http::outcome(reply)).0), want, "{column} of {case}");
        }
    }
    let endless = named(&ask(|_| answer(302, "/", "")));
    let text = "Get \"http://10.0.0.5:8080/\": stopped after 10 redirects";
    assert_eq!(endless, ("failure", text.to_owned()));
}

#[test]
fn a_request_has_the_headers_of_the_manifest_and_the_usual_ones() {
    let sent = |set: &Value| -> Vec<(String, String)> {
        let set = set.as_object().into_iter().flatten();
        let set: Vec<Value> = set.map(|(name, value)| json!({"name": name, "value": value})).collect();
        let action: HttpGetAction = of(&json!({"port": 8080, "httpHeaders": set}));
        http::headers(&action.http_headers, &url(), "kube-probe/1.36")
    };
    for case in list(&file()["httpHeaders"]) {
        let sent = sent(&case["set"]);
        for (name, value) in case["sent"].as_object().into_iter().flatten() {
            let value = text(value).replace("<major>.<minor>", "1.36");
            assert!(sent.contains(&(name.clone(), value)), "{case}: {sent:?}");
        }
        for name in list(&case["notSent"]) {
            assert!(sent.iter().all(|(n, _)| n != text(name)), "{case}: {sent:?}");
        }
        if let Some(count) = case["count"].as_u64() {
            let others = sent.iter().filter(|(name, _)| name != "Host");
            assert_eq!(others.count() as u64, count, "{case}: {sent:?}");
        }
    }
    let names: Vec<String> = sent(&json!({"x-b": "1", "host": "muffins"}))
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let want = [
        "Host: muffins",
        "User-Agent: kube-probe/1.36",
        "Accept: */*",
        "X-B: 1",
        "Connection: close",
    ];
    assert_eq!(names, want);
}

#[test]
fn containers_are_ready_as_their_probes_say() {
    let cases = [
        (true, None, None),
        (true, None, Some(Some(Verdict::Success))),
        (true, None, Some(None)),
        (true, None, Some(Some(Verdict::Failure))),
        (true, Some(Some(Verdict::Unknown)), None),
        (true, Some(Some(Verdict::Success)), None),
        (false, None, Some(Some(Verdict::Success))),
    ];
    let file = file();
    let table = list(&file["readyFromProbes"]);
    assert_eq!(table.len(), cases.len());
    for (case, (running, startup, readiness)) in table.iter().zip(cases) {
        let (_, ready) = started_and_ready(running, startup, readiness);
        assert_eq!(ready, case["ready"] == true, "{case}");
    }
}

#[test]
fn ports_of_probes_are_found_by_name_or_number() {
    for case in list(&file()["probePortLookup"]) {
        let named = case["named"].as_object().into_iter().flatten();
        let ports: Vec<Value> = named.map(|(k, v)| json!({"name": k, "containerPort": v})).collect();
        let container: Container = of(&json!({"name": "c", "image": "x", "ports": ports}));
        let port: IntOrString = serde_json::from_value(case["port"].clone()).expect("a port");
        let found = resolve_port(&port, Some(&container));
        assert_eq!(found.is_ok(), case["ok"] == true, "{case}: {found:?}");
        if let Some(want) = case["resolves"].as_u64() {
            assert_eq!(found.map(u64::from), Ok(want), "{case}");
        }
    }
    let why = resolve_port(&IntOrString::String("web".to_owned()), None);
    assert_eq!(why, Err("strconv.Atoi: parsing \"web\": invalid syntax".to_owned()));
}
