//! The kubelet's pure rules against the cases of Kubernetes' own tests.

use podscope::api::ContainerStatus;
use podscope::api::pod::PodSpec;
use podscope::kubelet::backoff::Backoff;
use podscope::kubelet::phase::{PhaseInput, get_phase};
use podscope::machine::Profile;
use podscope::time::{Duration, Instant};
use serde_json::Value;

fn data(text: &str) -> Value {
    serde_json::from_str(text).expect("the file is JSON")
}

fn cases(value: &Value) -> &[Value] {
    value["cases"].as_array().expect("cases")
}

#[test]
fn phases_are_those_of_get_phase() {
    let file = data(include_str!("data/kubelet/getphase.json"));
    let mut wrong = Vec::new();
    for case in cases(&file) {
        let mut spec: PodSpec = serde_json::from_value(case["spec"].clone()).expect("a spec");
        let statuses: Vec<ContainerStatus> = serde_json::from_value(case["statuses"].clone()).expect("statuses");
        // Sidecars of these cases are written with the policy alone; nothing else is defaulted there.
        spec.containers.iter_mut().for_each(|c| c.image = "".into());
        let input = PhaseInput {
            spec: &spec,
            statuses: &statuses,
            terminal: case["podIsTerminal"] == true,
            has_initialized: case["anyRegularContainerHasStarted"] == true,
            is_static: false,
        };
        let phase = get_phase(&Profile::V1_36, &input);
        if phase.as_str() != case["phase"] {
            wrong.push(format!(
                "{} {}: {phase:?}, not {}",
                case["id"], case["label"], case["phase"]
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases(&file).len(),
        wrong.join("\n")
    );
}

fn seconds(value: &Value) -> Duration {
    Duration::from_micros((value.as_f64().unwrap_or(0.0) * 1e6) as i64)
}

/// What is needed to play the steps of one case.
struct Played {
    backoff: Backoff<&'static str>,
    now: Instant,
    before_advance: Instant,
}

impl Played {
    fn of(case: &Value) -> Played {
        let max = seconds(&case["max"]);
        let expiry = match case["expiry"].as_str().and_then(|e| e.strip_prefix("age >= ")) {
            // "At least n" is "more than a microsecond less".
            Some(n) => Duration::from_secs(n.parse().expect("seconds")) - Duration::from_micros(1),
            None => max.times(2),
        };
        let now = Instant::from_secs(1_000);
        Played {
            backoff: Backoff::new(seconds(&case["initial"]), max, expiry),
            now,
            before_advance: now,
        }
    }

    fn step(&mut self, step: &Value) {
        self.before_advance = self.now;
        self.now += seconds(&step["advance"]);
        if let Some(expected) = step.get("expectGetBeforeNext") {
            assert_eq!(self.backoff.get(&"k"), seconds(expected), "{step}");
        }
        match step["then"].as_str() {
            Some("next") => {
                self.backoff.next("k", self.now, self.now);
            }
            Some("gc") => self.backoff.gc(self.now),
            Some("reset") => self.backoff.forget(|_| true),
            Some(other) => panic!("unknown step {other}"),
            None => {}
        }
        if let Some(expected) = step.get("expectGet") {
            assert_eq!(self.backoff.get(&"k"), seconds(expected), "{step}");
        }
        if let Some(expected) = step.get("expectGetAtLeast") {
            assert!(self.backoff.get(&"k") >= seconds(expected), "{step}");
        }
        if let Some(expected) = step.get("expectEntry") {
            assert_eq!(self.backoff.get(&"k") > Duration::ZERO, *expected == true, "{step}");
        }
        let event = match step["query"].as_str() {
            None => return,
            Some("inBackOffSince(now)") => self.now,
            Some("inBackOffSince(time before the advance)") => self.before_advance,
            Some(other) => panic!("unknown query {other}"),
        };
        assert_eq!(
            self.backoff.in_backoff_since(&"k", event, self.now),
            step["expect"] == true,
            "{step}"
        );
    }
}

#[test]
fn backoff_goes_as_in_client_go() {
    let file = data(include_str!("data/kubelet/backoff.json"));
    for case in cases(&file) {
        let mut played = Played::of(case);
        for step in case["steps"].as_array().into_iter().flatten() {
            for _ in 0..step["repeat"].as_i64().unwrap_or(1) {
                played.step(step);
            }
        }
        for row in case["table"].as_array().into_iter().flatten() {
            let now = Instant::from_secs(1_000 + row["tick"].as_i64().expect("tick"));
            let held = played.backoff.in_backoff_since_update(&"k", now);
            assert_eq!(held, row["inBackOff"] == true, "{} {row}", case["id"]);
            if held {
                assert_eq!(played.backoff.get(&"k"), seconds(&row["value"]), "{} {row}", case["id"]);
            } else {
                played.backoff.next("k", now, now);
            }
        }
        for expected in case["withJitterZero"].as_array().into_iter().flatten() {
            let delay = played.backoff.next("k", played.now, played.now);
            assert_eq!(delay, seconds(expected), "{}", case["id"]);
        }
    }
}

/// The restart model of the same file: a container that is killed over and over is held back at these kills.
#[test]
fn kills_are_held_back_as_observed() {
    for (cycle, lag, expected) in [
        (
            70,
            12,
            [
                false, false, false, false, false, true, false, true, false, true, false, true,
            ]
            .as_slice(),
        ),
        (30, 11, [false, false, false, false, true, false, true].as_slice()),
    ] {
        let second = Duration::from_secs;
        let mut backoff = Backoff::new(second(10), second(300), second(600));
        let mut kill = Instant::from_secs(cycle);
        let mut exit_before: Option<Instant> = None;
        let mut seen = Vec::new();
        while seen.len() < expected.len() {
            let held = exit_before.is_some_and(|e| backoff.in_backoff_since(&"k", e, kill));
            seen.push(held);
            let start = if held {
                let start = kill + backoff.get(&"k") + second(lag);
                backoff.next("k", kill, start);
                start
            } else {
                if let Some(exit) = exit_before {
                    backoff.next("k", exit, kill);
                }
                kill
            };
            exit_before = Some(kill);
            kill = start + second(cycle);
        }
        assert_eq!(seen, expected, "cycle {cycle} s");
    }
}
