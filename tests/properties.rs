//! Properties of whole runs: determinism, bounds, and no panic whatever the text.

use podscope::rng::Stream;
use podscope::sim::{Options, Simulation};
use podscope::time::{Duration, Instant};
use podscope::view::json::{Sources, report_json};
use podscope::view::run::report;
use proptest::prelude::*;

/// A Pod made from a number: every probe, hook, policy and kind of program comes up in some of them.
fn scenario(number: u64) -> String {
    let mut draw = Stream::new(number, "scenario");
    let mut pick = |list: &[&str]| list[draw.below(list.len() as u64) as usize].to_owned();
    let command = |pick: &mut dyn FnMut(&[&str]) -> String| {
        pick(&[
            "sleep 3600",
            "sleep 5; exit 1",
            "exit 0",
            "exit 3",
            "touch /tmp/live; sleep 20; rm /tmp/live; sleep 3600",
            "trap 'exit 7' TERM; while true; do sleep 1; done",
            "until nslookup web; do echo waiting; sleep 2; done",
            "while true; do :; done",
            "echo hello > /dev/termination-log; exit 1",
            "nope",
            "sleep 1 & sleep 2 & wait; exit 4",
        ])
    };
    let probe = |pick: &mut dyn FnMut(&[&str]) -> String, name: &str| {
        let handler = pick(&[
            "exec: {command: [test, -e, /tmp/live]}",
            "exec: {command: [sh, -c, 'sleep 3']}",
            "exec: {command: [nope]}",
            "httpGet: {path: /, port: 8080}",
            "tcpSocket: {port: 8080}",
            "grpc: {port: 8080}",
        ]);
        let numbers = pick(&[
            "",
            "periodSeconds: 1",
            "periodSeconds: 3, failureThreshold: 1",
            "initialDelaySeconds: 5",
        ]);
        let numbers = if numbers.is_empty() {
            numbers
        } else {
            format!(", {numbers}")
        };
        format!("    {name}: {{{handler}{numbers}}}\n")
    };
    let mut text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}}}\nspec:\n");
    text += &format!("  restartPolicy: {}\n", pick(&["Always", "OnFailure", "Never"]));
    text += &pick(&[
        "",
        "  terminationGracePeriodSeconds: 3\n",
        "  activeDeadlineSeconds: 20\n",
    ]);
    let inits = pick(&["0", "0", "1", "2"]).parse::<usize>().unwrap_or(0);
    if inits > 0 {
        text += "  initContainers:\n";
    }
    for i in 0..inits {
        let line = command(&mut pick);
        text += &format!("  - name: i{i}\n    image: busybox\n    command: [sh, -c, \"{line}\"]\n");
        let sidecar = pick(&["no", "yes"]) == "yes";
        if sidecar {
            text += "    restartPolicy: Always\n";
            if pick(&["no", "yes"]) == "yes" {
                text += &probe(&mut pick, "startupProbe");
            }
        }
    }
    text += "  containers:\n";
    for c in 0..pick(&["1", "1", "2"]).parse::<usize>().unwrap_or(1) {
        let line = command(&mut pick);
        let image = pick(&["busybox", "nginx", "example.com/team/app:1", "busybox:bad:tag"]);
        text += &format!("  - name: c{c}\n    image: {image}\n");
        if pick(&["shell", "shell", "own"]) == "shell" {
            text += &format!("    command: [sh, -c, \"{line}\"]\n");
        }
        for name in ["startupProbe", "livenessProbe", "readinessProbe"] {
            if pick(&["no", "no", "yes"]) == "yes" {
                text += &probe(&mut pick, name);
            }
        }
        text += &pick(&[
            "",
            "",
            "    lifecycle: {preStop: {exec: {command: [sleep, '4']}}}\n",
            "    lifecycle: {postStart: {exec: {command: [sh, -c, 'exit 1']}}}\n",
            "    lifecycle: {preStop: {sleep: {seconds: 1}}, postStart: {httpGet: {path: /, port: 80}}}\n",
        ]);
    }
    text += "---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {name: s}\nspec:\n  until: 90s\n";
    text += &pick(&["", "  seed: 3\n", "  kubernetes: \"1.32\"\n"]);
    text += &format!(
        "  steps:\n  - {{at: {}, run: \"{} p{number}\"}}\n",
        pick(&["1s", "15s", "40s"]),
        pick(&[
            "kubectl delete pod",
            "kubectl delete pod --force --grace-period=0",
            "kubectl get pod",
            "kubectl logs"
        ])
    );
    text
}

fn bytes(text: &str, seed: Option<u64>, chunk: u32) -> String {
    let mut sim = Simulation::new(text, &Options { seed, until: None });
    while !sim.advance(chunk).done {}
    let report = report(&sim, &Sources::new(vec![("a.yaml".to_owned(), text.to_owned())]));
    format!("{}\n{:?}", report_json(&report), sim.log().entries())
}

#[test]
fn one_jump_and_many_steps_give_the_same_bytes() {
    for number in 0..60 {
        let text = scenario(number);
        let whole = bytes(&text, None, u32::MAX);
        assert_eq!(whole, bytes(&text, None, 1), "{text}");
        assert_eq!(whole, bytes(&text, None, u32::MAX), "{text}");
        assert_eq!(bytes(&text, Some(5), 7), bytes(&text, Some(5), 1000), "{text}");
    }
}

/// What a cluster shows at an instant, as text.
fn picture(sim: &Simulation) -> String {
    let cluster = sim.present();
    let pods: Vec<_> = cluster.api.pods().map(|p| (*p.pod).clone()).collect();
    format!("{} {pods:?} {:?}", cluster.now, cluster.queue.next_at())
}

#[test]
fn seeking_shows_what_playing_shows() {
    for number in 0..40 {
        let text = scenario(number);
        let mut seeking = Simulation::new(&text, &Options::default()).with_checkpoints();
        seeking.run();
        let mut playing = Simulation::new(&text, &Options::default());
        playing.run();
        let mut pictures = Vec::new();
        for ms in (0..90_000).step_by(777) {
            while !playing.tick(Instant::from_millis(ms), 10_000).0.done {}
            pictures.push((ms, picture(&playing)));
        }
        // Backwards, so that every seek restores a checkpoint.
        for (ms, expected) in pictures.iter().rev() {
            while !seeking.tick(Instant::from_millis(*ms), 10_000).0.done {}
            assert_eq!(*expected, picture(&seeking), "at {ms} ms of\n{text}");
        }
    }
}

#[test]
fn no_livelock_on_ten_thousand_pods() {
    let mut most = 0;
    for number in 0..10_000 {
        let text = scenario(number);
        let mut sim = Simulation::new(
            &text,
            &Options {
                seed: None,
                until: Some(Duration::from_secs(60)),
            },
        );
        while !sim.advance(100_000).done {
            assert!(
                sim.events() < 400_000,
                "no end in sight at {}:\n{text}",
                sim.frontier().now
            );
        }
        let said = sim.diagnostics();
        assert!(
            !said.iter().any(|d| d.code == "livelock" || d.code == "too-many-events"),
            "{text}"
        );
        most = most.max(sim.events());
    }
    assert!(most > 100, "the scenarios do something: at most {most} events");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_on_any_text(text in "\\PC{0,400}") {
        let mut sim = Simulation::new(&text, &Options::default());
        sim.run();
    }

    #[test]
    fn nothing_panics_on_mangled_scenarios(number in 0u64..500, cut in 0usize..900, insert in "[-a-z0-9:\\[\\]{}\"' \n]{0,12}") {
        let mut text = scenario(number);
        let mut at = cut.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &insert);
        let mut sim = Simulation::new(&text, &Options { seed: None, until: Some(Duration::from_secs(30)) });
        sim.run();
    }
}
