//! What a real cluster might have said about a small Pod.

use super::*;
use crate::sim::Options;

const CRASHES: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: \
                       busybox\n    command: [sh, -c, \"sleep 20; exit 1\"]\n";

fn sim() -> Simulation {
    let mut sim = Simulation::new(CRASHES, &Options::default());
    sim.run();
    sim
}

#[test]
fn lines_of_a_watch_are_laid_beside_the_run() {
    let text = "NAME   READY   STATUS              RESTARTS     AGE\nweb    0/1     Pending             0            0s\n\
                web    0/1     ContainerCreating   0            0s\nweb    1/1     Running             0            3s\n\
                web    0/1     Error               0            22s\nweb    0/1     OOMKilled           1 (2s ago)   25s\n";
    let observed = read(text, &["web".to_owned()]).unwrap();
    assert_eq!((observed.source, observed.facts.len()), (Source::Watch, 5));
    let beside = beside(&sim(), &observed).unwrap();
    let first = &beside.lines[beside.first.unwrap()];
    assert!(first.real.is_none_or(|at| at.secs() >= 22), "{:#?}", beside.lines);
    assert!(
        beside
            .lines
            .iter()
            .any(|l| l.what.contains("OOMKilled") && l.verdict == Match::OnlyReal)
    );
    assert!(
        beside.lines.iter().take(3).all(|l| l.verdict == Match::Same),
        "{:#?}",
        beside.lines
    );
    let ghost = ghost(&observed, "web");
    assert!(ghost.outcomes.is_empty() && ghost.pinned);
}

#[test]
fn a_pod_with_its_status_is_laid_beside_the_run() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web-abc, creationTimestamp: \"2026-03-01T10:00:00Z\"}\nstatus:\n  \
                containerStatuses:\n  - name: app\n    restartCount: 1\n    state: {running: {startedAt: \
                \"2026-03-01T10:00:25Z\"}}\n    lastState: {terminated: {startedAt: \"2026-03-01T10:00:02Z\", finishedAt: \
                \"2026-03-01T10:00:22Z\", exitCode: 137}}\n";
    let observed = read(text, &[]).unwrap();
    let beside = beside(&sim(), &observed).unwrap();
    assert_eq!((beside.real.as_str(), beside.predicted.as_str()), ("web-abc", "web"));
    let first = &beside.lines[beside.first.unwrap()];
    assert!(
        first.what.contains("exit code 137") && first.verdict == Match::OnlyReal,
        "{:#?}",
        beside.lines
    );
}

#[test]
fn events_are_laid_beside_the_run() {
    let event = |second: u32, reason: &str, path: &str| {
        format!(
            "- {{kind: Event, reason: {reason}, firstTimestamp: \"2026-03-01T10:00:{second:02}Z\", involvedObject: {{kind: Pod, \
             name: web, fieldPath: \"{path}\"}}}}\n"
        )
    };
    let app = "spec.containers{app}";
    let text = format!(
        "apiVersion: v1\nkind: List\nitems:\n{}{}{}{}",
        event(0, "Scheduled", ""),
        event(1, "Pulling", app),
        event(2, "Pulled", app),
        event(3, "FailedMount", "")
    );
    let observed = read(&text, &["web".to_owned()]).unwrap();
    assert_eq!(observed.source, Source::Events);
    let beside = beside(&sim(), &observed).unwrap();
    assert!(
        beside
            .lines
            .iter()
            .any(|l| l.what == "Event FailedMount" && l.verdict == Match::OnlyReal)
    );
    assert_eq!(beside.lines[0].verdict, Match::Same, "{:#?}", beside.lines);
}

#[test]
fn other_texts_are_refused_in_words() {
    for text in [
        "",
        "hello",
        "kind: Service",
        "{",
        "NAME READY\n",
        "a: *b",
        "web 1/1 Running",
    ] {
        assert!(read(text, &[]).is_err(), "{text}");
    }
}
