//! Jobs and CronJobs: when Pods and Jobs are made, and what holds for any of them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use podscope::api::{Pod, Workload, WorkloadKind};
use podscope::rng::Stream;
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Instant};
use podscope::trace::{WatchKind, WorkloadRevision};

fn run(text: &str) -> Simulation {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let errors: Vec<String> = sim.diagnostics().iter().map(|d| d.message.clone()).collect();
    let wrong = |text: &&String| text.contains("invalid") || text.contains("unknown");
    assert!(!errors.iter().any(|text| wrong(&text)), "{errors:?}");
    sim
}

fn job(name: &str, spec: &str, script: &str) -> String {
    let restart = if spec.contains("OnFailure") {
        "OnFailure"
    } else {
        "Never"
    };
    let spec = spec.replace("OnFailure", "");
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}}}\nspec:\n{spec}  template:\n    spec:\n      \
         restartPolicy: {restart}\n      terminationGracePeriodSeconds: 2\n      containers:\n      - name: work\n        \
         image: busybox\n        command: [sh, -c, '{script}']\n---\n"
    )
}

fn scenario(until: &str, steps: &[(&str, &str)]) -> String {
    let mut text = format!(
        "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: {until}\n  nodes: [{{name: node1, images: [busybox]}}]\n"
    );
    if !steps.is_empty() {
        text += "  steps:\n";
    }
    for (at, command) in steps {
        text += &format!("  - {{at: {at}, run: \"{}\"}}\n", command.replace('"', "\\\""));
    }
    text
}

fn created(sim: &Simulation) -> Vec<(Instant, &Pod)> {
    let pods = sim.record().pods.iter();
    pods.filter(|r| r.kind == WatchKind::Added)
        .map(|r| (r.at, &*r.pod))
        .collect()
}

fn made_jobs(sim: &Simulation) -> Vec<&WorkloadRevision> {
    let all = sim.record().workloads.iter();
    all.filter(|r| r.kind == WatchKind::Added && r.object.kind == WorkloadKind::Job)
        .collect()
}

fn last<'s>(sim: &'s Simulation, kind: WorkloadKind, name: &str) -> &'s Workload {
    let mut all = sim.record().workloads.iter().rev();
    let found = all.find(|r| r.object.kind == kind && *r.object.metadata.name == *name);
    &found.unwrap_or_else(|| panic!("no {name}")).object
}

/// The last condition of a Job, with its reason.
fn ending(sim: &Simulation, name: &str) -> String {
    let (_, status) = last(sim, WorkloadKind::Job, name).job().expect("a Job");
    let end = status.conditions.last();
    end.map_or_else(String::new, |c| format!("{} {}", c.kind, c.reason))
}

#[test]
fn each_failure_doubles_the_wait() {
    let text = job("work", "  backoffLimit: 7\n", "exit 3") + &scenario("1600s", &[]);
    let sim = run(&text);
    let made: Vec<Instant> = created(&sim).into_iter().map(|(at, _)| at).collect();
    let mut ends = BTreeMap::new();
    for r in &sim.record().pods {
        let ended = r
            .pod
            .status
            .container_statuses
            .first()
            .and_then(|c| c.state.terminated.clone());
        if let Some(at) = ended.and_then(|ended| ended.finished_at) {
            ends.entry(r.pod.metadata.name.to_string()).or_insert(at.0);
        }
    }
    let mut ends: Vec<Instant> = ends.into_values().collect();
    ends.sort();
    // Counted from the whole second in which the container ended.
    let waits: Vec<i64> = made
        .iter()
        .skip(1)
        .zip(&ends)
        .map(|(made, end)| (*made - Calendar::default().trunc(*end)).millis())
        .collect();
    let expected = [10, 20, 40, 80, 160, 320, 600];
    assert_eq!(waits.len(), expected.len(), "{waits:?}");
    for (wait, expected) in waits.iter().zip(expected) {
        assert!((0..50).contains(&(wait - expected * 1_000)), "{waits:?}");
    }
    assert_eq!(ending(&sim, "work"), "Failed BackoffLimitExceeded");
}

#[test]
fn the_wait_depends_on_what_failed_before() {
    let delete = [("5s", "kubectl delete $(kubectl get pod -o name | head -1) --wait=false")];
    let ignore = "  podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [9]}}]}\n";
    let until = |second: i64| format!("[ $(date +%s) -lt {} ]", Calendar::default().start_unix + second);
    // It fails until 25 s after the start, then succeeds once, then fails again.
    let once = format!("if {}; then exit 1; fi; {}", until(25), until(34));
    for (spec, script, steps, expected) in [
        ("", "exit 1", &[][..], &[0, 10, 30, 70][..]),
        // Two that fail in the same sync count as two.
        ("  parallelism: 2\n  completions: 2\n", "exit 1", &[], &[0, 0, 20, 20]),
        // A success starts the count again.
        ("  completions: 3\n", &once, &[], &[0, 10, 31, 33, 44, 65]),
        // A Pod that somebody deletes has failed when that was asked for, or with podReplacementPolicy Failed when it ended.
        ("", "sleep 600", &delete, &[0, 15]),
        ("  podReplacementPolicy: Failed\n", "sleep 600", &delete, &[0, 17]),
        // Failures that are ignored do not count towards the limit, and wait all the same.
        (&format!("  backoffLimit: 0\n{ignore}"), "exit 9", &[], &[0, 10, 30, 70]),
        // Each index waits for itself.
        (
            "  completionMode: Indexed\n  parallelism: 2\n  completions: 2\n  backoffLimitPerIndex: 3\n",
            "[ $JOB_COMPLETION_INDEX = 0 ] && sleep 4; exit 1",
            &[],
            &[0, 0, 10, 14, 30, 38, 70],
        ),
        // The kubelet starts the container again; the Job makes no other Pod.
        ("OnFailure", "exit 1", &[], &[0]),
    ] {
        let sim = run(&(job("work", spec, script) + &scenario("80s", steps)));
        let made: Vec<i64> = created(&sim).into_iter().map(|(at, _)| at.millis()).collect();
        let near = |(made, expected): (&i64, &i64)| (0..3_500).contains(&(made - expected * 1_000));
        assert!(
            made.len() == expected.len() && made.iter().zip(expected).all(near),
            "{spec}{script}: {made:?}, not {expected:?}"
        );
    }
}

#[test]
fn jobs_end_as_their_limits_say() {
    for (spec, script, expected, succeeded, failed) in [
        (
            "  completions: 3\n  parallelism: 2\n",
            "sleep 2",
            "Complete CompletionsReached",
            3,
            0,
        ),
        ("  parallelism: 2\n", "sleep 2", "Complete CompletionsReached", 2, 0),
        ("  parallelism: 0\n", "sleep 2", "", 0, 0),
        ("  completions: 0\n", "sleep 2", "Complete CompletionsReached", 0, 0),
        ("  backoffLimit: 0\n", "exit 1", "Failed BackoffLimitExceeded", 0, 1),
        (
            "  backoffLimit: 2\nOnFailure",
            "exit 1",
            "Failed BackoffLimitExceeded",
            0,
            1,
        ),
        (
            "  activeDeadlineSeconds: 5\n",
            "sleep 100",
            "Failed DeadlineExceeded",
            0,
            1,
        ),
        (
            "  completionMode: Indexed\n  completions: 3\n  parallelism: 3\n  backoffLimitPerIndex: 0\n",
            "[ $JOB_COMPLETION_INDEX != 1 ]",
            "Failed FailedIndexes",
            2,
            1,
        ),
        (
            "  completionMode: Indexed\n  completions: 4\n  parallelism: 4\n  backoffLimitPerIndex: 0\n  \
             maxFailedIndexes: 1\n",
            "[ $JOB_COMPLETION_INDEX -ge 2 ] && sleep 60; exit 1",
            "Failed MaxFailedIndexesExceeded",
            0,
            4,
        ),
        (
            "  completionMode: Indexed\n  completions: 3\n  parallelism: 3\n  successPolicy: {rules: [{succeededCount: 1}]}\n",
            "[ $JOB_COMPLETION_INDEX = 2 ] || sleep 60",
            "Complete SuccessPolicy",
            1,
            0,
        ),
        (
            "  podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [7]}}]}\n",
            "exit 7",
            "Failed PodFailurePolicy",
            0,
            1,
        ),
    ] {
        let sim = run(&(job("work", spec, script) + &scenario("60s", &[])));
        let (_, status) = last(&sim, WorkloadKind::Job, "work").job().expect("a Job");
        assert_eq!(ending(&sim, "work"), expected, "{spec}");
        assert_eq!((status.succeeded, status.failed), (succeeded, failed), "{spec}");
        if !expected.is_empty() {
            assert_eq!((status.active, status.terminating), (0, Some(0)), "{spec}");
        }
        // A finished Job holds no Pod back.
        let held =
            |r: &&podscope::trace::PodRevision| r.kind != WatchKind::Deleted && !r.pod.metadata.finalizers.is_empty();
        let now: BTreeMap<u32, &podscope::trace::PodRevision> = sim.record().pods.iter().map(|r| (r.uid, r)).collect();
        assert_eq!(now.values().copied().filter(|r| held(r)).count(), 0, "{spec}");
    }
}

#[test]
fn an_indexed_pod_knows_its_index() {
    let spec = "  completionMode: Indexed\n  completions: 2\n  parallelism: 2\n";
    let name = "a-name-of-a-job-that-is-as-long-as-the-names-of-jobs-may-be";
    let sim = run(&(job(name, spec, "echo $JOB_COMPLETION_INDEX of $(hostname)")
        + &scenario(
            "60s",
            &[("10s", "kubectl logs -l batch.kubernetes.io/job-completion-index=1")],
        )));
    assert_eq!(sim.record().console[0].output.trim_end(), format!("1 of {name}-1"));
    for (index, (_, pod)) in created(&sim).into_iter().enumerate() {
        let meta = &pod.metadata;
        let index = index.to_string();
        assert_eq!(
            meta.labels.get("batch.kubernetes.io/job-completion-index"),
            Some(&index)
        );
        assert_eq!(
            meta.annotations.get("batch.kubernetes.io/job-completion-index"),
            Some(&index)
        );
        assert_eq!(
            meta.labels.get("batch.kubernetes.io/job-name").map(String::as_str),
            Some(name)
        );
        // The generated name is cut before the index.
        assert_eq!(meta.name.len(), 63);
        assert!(
            meta.name.starts_with(&format!("{}-{index}-", &name[..55])),
            "{}",
            meta.name
        );
    }
}

#[test]
fn a_suspended_job_loses_its_start_by_release() {
    for (release, start) in [("1.36", None), ("1.32", Some(0))] {
        let suspend = [("5s", "kubectl patch job work -p '{\"spec\":{\"suspend\":true}}'")];
        let text = job("work", "", "sleep 30") + &scenario("20s", &suspend) + &format!("  kubernetes: '{release}'\n");
        let sim = run(&text);
        let (_, status) = last(&sim, WorkloadKind::Job, "work").job().expect("a Job");
        assert_eq!(status.start_time.map(|at| at.0.secs()), start, "{release}");
        assert_eq!((status.active, status.failed), (0, 0), "{release}");
    }
}

/// When the Jobs of a CronJob are made, in milliseconds after the start.
fn ticks(start: &str, until: &str, spec: &str, script: &str, steps: &[(&str, &str)]) -> Vec<i64> {
    let template = job("x", "", script);
    let inner = template
        .split("spec:\n")
        .skip(1)
        .collect::<Vec<_>>()
        .join("spec:\n")
        .replace("---\n", "");
    let inner: String = inner.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: tick}}\nspec:\n{spec}  jobTemplate:\n    spec:\n{inner}---\n{}  \
         start: {start}\n",
        scenario(until, steps)
    );
    let sim = run(&text);
    made_jobs(&sim).into_iter().map(|r| r.at.millis()).collect()
}

#[test]
fn cron_jobs_start_when_their_schedule_says() {
    const HOUR: f64 = 3600.0;
    for (start, until, spec, expected) in [
        (
            "2026-01-01T00:00:30Z",
            "160s",
            "  schedule: '* * * * *'\n",
            vec![30.0, 90.0, 150.0],
        ),
        (
            "2026-01-01T00:00:30.25Z",
            "160s",
            "  schedule: '* * * * *'\n",
            vec![29.75, 89.75, 149.75],
        ),
        (
            "2026-01-01T00:00:00Z",
            "150s",
            "  schedule: '* * * * *'\n",
            vec![60.0, 120.0],
        ),
        (
            "2026-01-01T00:00:30Z",
            "1h",
            "  schedule: '*/20 * * * *'\n",
            vec![1170.0, 2370.0, 3570.0],
        ),
        ("2026-01-01T23:50:00Z", "15m", "  schedule: '@daily'\n", vec![600.0]),
        (
            "2026-01-01T22:50:00Z",
            "15m",
            "  schedule: 0 0 * * *\n  timeZone: Europe/Berlin\n",
            vec![600.0],
        ),
        // Clocks go forward at 01:00 UTC: 02:30 does not exist on this day.
        (
            "2026-03-28T23:00:00Z",
            "30h",
            "  schedule: 30 2 * * *\n  timeZone: Europe/Berlin\n",
            vec![25.5 * HOUR],
        ),
        // Clocks go back at 01:00 UTC: 02:30 comes twice.
        (
            "2026-10-24T22:00:00Z",
            "5h",
            "  schedule: 30 2 * * *\n  timeZone: Europe/Berlin\n",
            vec![2.5 * HOUR, 3.5 * HOUR],
        ),
        (
            "2026-01-01T00:00:00Z",
            "5m",
            "  schedule: '* * * * *'\n  suspend: true\n",
            vec![],
        ),
        (
            "2026-01-01T00:00:00Z",
            "100s",
            "  schedule: '@every 30s'\n",
            vec![30.0, 60.0],
        ),
    ] {
        let got = ticks(start, until, spec, "sleep 1", &[]);
        assert_eq!(got.len(), expected.len(), "{spec}: {got:?}");
        // A tenth of a second after the moment, and the time of one sync.
        let late = got
            .iter()
            .zip(expected)
            .map(|(got, expected): (_, f64)| got - (expected * 1_000.0) as i64);
        for late in late {
            assert!((100..200).contains(&late), "{spec}: {got:?}");
        }
    }
}

#[test]
fn concurrency_policies_decide_what_overlaps() {
    for (policy, expected) in [
        ("Allow", vec![60, 120, 180, 240]),
        // The start of 120 s is made up for when the first Job is complete, and so on.
        ("Forbid", vec![60, 153, 246]),
        ("Replace", vec![60, 120, 180, 240]),
        // Starts that are more than 20 s late are dropped.
        ("Forbid\n  startingDeadlineSeconds: 20", vec![60, 180]),
    ] {
        let spec = format!("  schedule: '* * * * *'\n  concurrencyPolicy: {policy}\n");
        let got = ticks("2026-01-01T00:00:00Z", "260s", &spec, "sleep 90", &[]);
        assert_eq!(got.len(), expected.len(), "{policy}: {got:?}");
        let near = got
            .iter()
            .zip(&expected)
            .all(|(got, expected)| (got / 1_000 - expected).abs() <= 2);
        assert!(near, "{policy}: {got:?}");
    }
    let resume = [("200s", "kubectl patch cronjob tick -p '{\"spec\":{\"suspend\":false}}'")];
    let spec = "  schedule: '* * * * *'\n  suspend: true\n";
    let got = ticks("2026-01-01T00:00:00Z", "250s", spec, "sleep 1", &resume);
    let seconds: Vec<i64> = got.iter().map(|ms| ms / 1_000).collect();
    assert_eq!(seconds, [200, 240]);
}

/// A Job made from a number, with changes while it runs.
fn any_job(number: u64) -> String {
    let mut draw = Stream::new(number, "job");
    let mut pick = |list: &[&str]| list[draw.below(list.len() as u64) as usize].to_owned();
    let indexed = pick(&["no", "yes"]) == "yes";
    let mut spec = format!("  parallelism: {}\n", pick(&["0", "1", "2", "3", "5"]));
    if indexed {
        spec += &format!("  completionMode: Indexed\n  completions: {}\n", pick(&["1", "3", "5"]));
        spec += &pick(&[
            "",
            "",
            "  backoffLimitPerIndex: 1\n",
            "  backoffLimitPerIndex: 0\n  maxFailedIndexes: 1\n",
        ]);
        spec += &pick(&["", "", "  successPolicy: {rules: [{succeededCount: 1}]}\n"]);
    } else {
        spec += &pick(&["", "  completions: 1\n", "  completions: 4\n"]);
    }
    spec += &pick(&["", "", "  backoffLimit: 0\n", "  backoffLimit: 2\n"]);
    spec += &pick(&[
        "",
        "",
        "",
        "  activeDeadlineSeconds: 15\n",
        "  ttlSecondsAfterFinished: 3\n",
        "  suspend: true\n",
    ]);
    let policy = pick(&["", "", "", "Failed", "rules"]);
    spec += match policy.as_str() {
        "Failed" => "  podReplacementPolicy: Failed\n",
        "rules" => "  podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [9]}}]}\n",
        _ => "",
    };
    if policy != "rules" {
        spec += &pick(&["", "", "OnFailure"]);
    }
    let script = pick(&[
        "sleep 3",
        "exit 1",
        "exit 9",
        "sleep 40",
        "[ $((RANDOM % 2)) = 0 ]",
        "sleep 5; [ x$JOB_COMPLETION_INDEX != x1 ]",
    ]);
    let mut steps = Vec::new();
    for at in ["4s", "9s", "17s"] {
        let command = pick(&[
            "",
            "",
            "kubectl delete $(kubectl get pod -o name | head -1) --wait=false",
            "kubectl patch job work -p '{\"spec\":{\"parallelism\":1}}'",
            "kubectl patch job work -p '{\"spec\":{\"parallelism\":4}}'",
            "kubectl patch job work -p '{\"spec\":{\"suspend\":true}}'",
            "kubectl patch job work -p '{\"spec\":{\"suspend\":false}}'",
            "kubectl delete job work --wait=false",
        ]);
        if !command.is_empty() {
            steps.push((at, command));
        }
    }
    let steps: Vec<(&str, &str)> = steps.iter().map(|(at, command)| (*at, command.as_str())).collect();
    job("work", &spec, &script) + &scenario("60s", &steps)
}

fn index_of(pod: &Pod) -> Option<&String> {
    pod.metadata.annotations.get("batch.kubernetes.io/job-completion-index")
}

/// What never may happen, at the instant that was just played.
fn offence(sim: &Simulation, most: &mut i64) -> Option<String> {
    let api = &sim.frontier().api;
    let job = api.workload_named(WorkloadKind::Job, "default", "work")?;
    let (spec, status) = job.object.job()?;
    *most = (*most).max(spec.parallelism);
    let active: Vec<&Pod> = api
        .pods_of(job.uid)
        .map(|stored| &*stored.pod)
        .filter(|pod| !pod.status.phase.is_terminal() && pod.metadata.deletion_timestamp.is_none())
        .collect();
    if active.len() as i64 > *most {
        return Some(format!("{} active Pods, parallelism {most}", active.len()));
    }
    let indexes: BTreeSet<_> = active.iter().filter_map(|pod| index_of(pod)).collect();
    if spec.completion_mode == "Indexed" && indexes.len() != active.len() {
        return Some("two active Pods of one index".to_owned());
    }
    let uncounted = status.uncounted_terminated_pods.clone().unwrap_or_default();
    let twice = uncounted.succeeded.iter().any(|uid| uncounted.failed.contains(uid));
    if twice || status.active < 0 || status.ready.is_some_and(|ready| ready < 0) {
        return Some(format!("{status:?}"));
    }
    let completions = spec.completions.unwrap_or(i64::MAX);
    (spec.completion_mode == "Indexed" && status.succeeded > completions).then(|| format!("{status:?}"))
}

/// What is wrong at the end: the counts of a finished Job that was not meddled with are those of its Pods.
fn miscount(sim: &Simulation, text: &str) -> Option<String> {
    let (spec, status) = last(sim, WorkloadKind::Job, "work").job()?;
    let finished = status
        .conditions
        .iter()
        .any(|c| matches!(&*c.kind, "Complete" | "Failed"));
    if !finished || text.contains("patch") || text.contains("delete job") || spec.completion_mode == "Indexed" {
        return None;
    }
    let ignores = spec.pod_failure_policy.is_some();
    let made = created(sim).len() as i64;
    let counted = status.succeeded + status.failed;
    (counted != made && !(ignores && counted < made)).then(|| format!("{counted} counted, {made} made: {status:?}"))
}

#[test]
fn jobs_never_have_too_many_pods_and_count_them_all() {
    let mut finished = 0;
    for number in 0..400 {
        let text = any_job(number);
        let mut sim = Simulation::new(&text, &Options::default());
        assert_eq!(
            sim.loaded().objects.iter().filter(|o| !o.valid).count(),
            0,
            "{:?}\n{text}",
            sim.diagnostics()
        );
        let mut most = 0;
        while !sim.advance(1).done {
            if let Some(offence) = offence(&sim, &mut most) {
                panic!("{offence} at {}:\n{text}", sim.frontier().now);
            }
        }
        if let Some(wrong) = miscount(&sim, &text) {
            panic!("{wrong}\n{text}");
        }
        let ends = sim.record().workloads.iter().any(|r| {
            let conditions = r.object.job().map(|(_, status)| status.conditions.clone());
            conditions
                .unwrap_or_default()
                .iter()
                .any(|c| matches!(&*c.kind, "Complete" | "Failed"))
        });
        finished += i32::from(ends);
    }
    assert!(finished > 150, "{finished} of 400 Jobs come to an end");
}

#[test]
fn one_jump_and_many_steps_give_the_same_trace() {
    for number in 0..60 {
        let text = any_job(number);
        let trace = |chunk: u32, seed: u64| {
            let options = Options {
                seed: Some(seed),
                until: None,
            };
            let mut sim = Simulation::new(&text, &options);
            while !sim.advance(chunk).done {}
            format!("{:?}", sim.log().entries())
        };
        for seed in [0, 7] {
            assert_eq!(trace(u32::MAX, seed), trace(3, seed), "{text}");
        }
    }
}
