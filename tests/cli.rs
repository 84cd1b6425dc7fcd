//! The program from outside: streams, exit codes, files and standard input.

// A test may write the files it hands over.
#![allow(clippy::disallowed_methods)]

use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the program; gives back exit code, standard output, standard error.
fn podscope(args: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_podscope"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let done = child.wait_with_output().unwrap();
    (
        done.status.code().unwrap(),
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
    )
}

const GOOD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: nginx\n";
const BAD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  prots: 80\n  containers:\n  - name: web\n    \
                   image: nginx\n";

#[test]
fn check_says_where_and_exits_with_1() {
    let (code, out, err) = podscope(&["check", "-"], BAD.as_bytes());
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(err, "<stdin>:6:3: error: unknown field \"spec.prots\"\n");
    let (code, out, _) = podscope(&["check", "-", "-o", "json"], BAD.as_bytes());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let first = &json["diagnostics"][0];
    assert_eq!(
        (code, &first["line"], &first["severity"]),
        (1, &6.into(), &"error".into())
    );
    let (code, out, _) = podscope(&["check", "-", "-o", "sarif"], BAD.as_bytes());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["version"]), (1, &"2.1.0".into()));
    let result = &json["runs"][0]["results"][0];
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&result["level"], &region["startLine"]),
        (&"error".into(), &6.into()),
        "{out}"
    );
    assert_eq!(podscope(&["check", "-"], GOOD.as_bytes()).0, 0);
}

#[test]
fn what_cannot_be_read_exits_with_2() {
    for (args, stdin) in [
        (&["check", "-"][..], &b"a: \xff"[..]),
        (&["run", "-"], b"\xff\xfe"),
        (&["check", "no/such/file.yaml"], b""),
        (&["check"], b""),
        (&["frobnicate"], b""),
        (&[], b""),
        (&["run", "-", "--seeds", "2..1"], b""),
        (&["get", "-f", "-", "--now", "today"], b""),
        (&["link", "--decode", "#s=1.?"], b""),
    ] {
        let (code, out, err) = podscope(args, stdin);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(!err.is_empty(), "{args:?}");
    }
    assert_eq!(
        podscope(&["check", "-"], b"a: 1\nb: \xc3\x28").2,
        "<stdin>:2:4: error: this is not UTF-8\n"
    );
}

#[test]
fn get_prints_rows_in_order() {
    let text = r#"{"kind":"List","items":[
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"z","creationTimestamp":"2024-01-01T00:00:00Z"},
         "spec":{"nodeName":"n1","containers":[{"name":"c"}]},
         "status":{"phase":"Running","podIP":"10.0.0.1","containerStatuses":[
           {"name":"c","ready":true,"restartCount":2,"state":{"running":{"startedAt":null}},
            "lastState":{"terminated":{"exitCode":1,"finishedAt":"2024-01-01T00:03:00Z"}}}]}},
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c"}]},
         "status":{"phase":"Pending"}}]}"#;
    let args = ["get", "-f", "-", "--now", "2024-01-01T00:03:30Z"];
    let (code, out, err) = podscope(&args, text.as_bytes());
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (
            0,
            "NAME   READY   STATUS    RESTARTS      AGE\n\
             z      1/1     Running   2 (30s ago)   3m30s\n\
             a      0/1     Pending   0             <unknown>\n",
            ""
        )
    );
    let (_, out, _) = podscope(&["get", "-f", "-", "-o", "wide"], text.as_bytes());
    let header = "AGE     IP         NODE     NOMINATED NODE   READINESS GATES";
    assert!(
        out.lines()
            .next()
            .unwrap()
            .ends_with(header.trim_start_matches("AGE     ")),
        "{out}"
    );
}

#[test]
fn links_go_there_and_back() {
    let text = format!("\u{feff}{GOOD}# é\r\n");
    let (code, link, _) = podscope(&["link", "-"], text.as_bytes());
    assert!(code == 0 && link.starts_with("#s=1.") && link.lines().count() == 1);
    assert_eq!(
        podscope(&["link", "--decode", link.trim()], b""),
        (0, text.clone(), String::new())
    );
    assert_eq!(podscope(&["link", "--decode", "-"], link.as_bytes()).1, text);
    let mut state = 1_u64;
    let mut letter = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(33 + (state % 90) as u8)
    };
    let noise: String = (0..10_000).map(&mut letter).collect();
    let (code, _, err) = podscope(&["link", "-"], noise.as_bytes());
    assert!(code == 0 && err.contains("characters"), "{err}");
    assert_eq!(podscope(&["link", "-"], "x".repeat((1 << 20) + 1).as_bytes()).0, 2);
}

#[test]
fn several_files_are_one_text() {
    let folder = std::env::temp_dir().join(format!("podscope-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (a, b) = (folder.join("a.yaml"), folder.join("b.yaml"));
    std::fs::write(&a, GOOD.trim_end()).unwrap();
    std::fs::write(&b, BAD.replace("name: web\nspec", "name: api\nspec")).unwrap();
    let (code, _, err) = podscope(&["check", a.to_str().unwrap(), b.to_str().unwrap()], b"");
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(
        (code, err),
        (1, format!("{}:6:3: error: unknown field \"spec.prots\"\n", b.display()))
    );
}

const STORY: &str = "---\napiVersion: podscope/v1\nkind: Scenario\nspec:\n  until: 20s\n  steps:\n  - at: 10s\n    \
                     run: kubectl get pod\n  expect:\n  - {pod: web, ready: {by: 15s}}\n  - {pod: web, restarts: {min: 1}}\n";

#[test]
fn run_prints_what_was_asked_for() {
    let text = format!("{GOOD}{STORY}");
    let run = |args: &[&str]| podscope(&[&["run", "-"], args].concat(), text.as_bytes());
    let (code, out, _) = run(&[]);
    assert!(
        code == 0 && out.starts_with("10s $ kubectl get pod\nNAME   READY"),
        "{out}"
    );
    assert!(
        out.contains("$ kubectl get pod -w\nNAME   READY   STATUS    RESTARTS   AGE\n"),
        "{out}"
    );
    let (_, out, _) = run(&["-o", "json", "--seeds", "1..3"]);
    let runs: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        runs.iter().map(|r| r["seed"].as_u64().unwrap()).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        (&runs[0]["until_ms"], &runs[0]["console"][0]["exit"]),
        (&20_000.into(), &0.into())
    );
    let (_, out, _) = run(&["-o", "json", "--until", "3s"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["until_ms"],
        3_000
    );
    for (format, begins) in [
        ("watch", "NAME "),
        ("events", "TIME "),
        ("svg", "<svg "),
        ("markdown", "| From"),
        ("trace", "  "),
        ("why", "Pod "),
    ] {
        let (code, out, _) = run(&["-o", format]);
        assert!(code == 0 && out.starts_with(begins), "{format}: {out}");
    }
}

#[test]
fn check_says_what_admission_and_the_gates_say() {
    let pod = GOOD.replace("spec:", "spec:\n  priorityClassName: gold");
    let class = "---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: silver}\nvalue: 5\n";
    let gates =
        "---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {name: s}\nspec: {featureGates: {Foo: true}}\n";
    let (code, _, err) = podscope(&["check", "-"], format!("{pod}{gates}").as_bytes());
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("assumed: PriorityClass gold") && err.contains("unrecognized feature gate: Foo"),
        "{err}"
    );
    let (code, _, err) = podscope(&["check", "-"], format!("{pod}{class}").as_bytes());
    assert!(
        code == 1 && err.contains("no PriorityClass with name gold was found"),
        "{err}"
    );
}

#[test]
fn test_checks_the_claims() {
    let text = format!("{GOOD}{STORY}");
    let (code, out, _) = podscope(&["test", "-"], text.as_bytes());
    assert_eq!((code, out.lines().last()), (1, Some("1 of 2 claims hold")), "{out}");
    let (code, out, _) = podscope(&["test", "-", "-o", "junit"], text.as_bytes());
    assert!(code == 1 && out.contains("failures=\"1\""), "{out}");
    assert_eq!(
        (out.matches("<testcase").count(), out.matches("<failure").count()),
        (2, 1),
        "{out}"
    );
    let good = text.replace("  - {pod: web, restarts: {min: 1}}\n", "");
    assert_eq!(podscope(&["test", "-"], good.as_bytes()).0, 0);
}

#[test]
fn run_goes_on_with_what_is_valid() {
    let text = format!("{}---\n{GOOD}", BAD.replace("name: web\nspec", "name: bad\nspec"));
    let (code, out, err) = podscope(&["run", "-", "-o", "watch", "--until", "5s"], text.as_bytes());
    assert!(code == 1 && out.contains("web ") && !out.contains("bad"), "{out}");
    assert!(
        err.contains("<stdin>:6:3: error: unknown field \"spec.prots\""),
        "{err}"
    );
}

const SLOW: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: \
                    registry.example/slow:1\n    livenessProbe:\n      httpGet: {path: /, port: 8080}\n      \
                    periodSeconds: 5\n      failureThreshold: 2\n---\napiVersion: podscope/v1\nkind: Scenario\n\
                    metadata: {name: s}\nspec:\n  until: 2m\n  workloads:\n  - program: {listens: [{port: 8080, after: \
                    20s}]}\n";

#[test]
fn a_sweep_says_which_value_is_safe() {
    let (code, out, _) = podscope(&["sweep", "-"], SLOW.as_bytes());
    assert!(
        code == 0 && out.contains("app · livenessProbe.failureThreshold: 2\n"),
        "{out}"
    );
    let all = ["sweep", "-", "--number", "failureThreshold", "--values", "1..8"];
    let (code, out, err) = podscope(&all, SLOW.as_bytes());
    assert!(
        code == 0 && out.ends_with("the smallest safe value is 5\n"),
        "{out}{err}"
    );
    let (code, out, _) = podscope(
        &["sweep", "-", "--number", "failureThreshold", "--values", "1..2"],
        SLOW.as_bytes(),
    );
    assert!(code == 1 && out.ends_with("no value of this range is safe\n"), "{out}");
    assert_eq!(podscope(&["sweep", "-", "--number", "nope"], SLOW.as_bytes()).0, 2);
}

#[test]
fn two_files_are_compared() {
    let folder = std::env::temp_dir().join(format!("podscope-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (a, b) = (folder.join("a.yaml"), folder.join("b.yaml"));
    std::fs::write(&a, SLOW).unwrap();
    std::fs::write(&b, SLOW.replace("failureThreshold: 2", "failureThreshold: 9")).unwrap();
    let (code, out, err) = podscope(&["compare", a.to_str().unwrap(), b.to_str().unwrap()], b"");
    std::fs::remove_dir_all(&folder).unwrap();
    let restarts = out.lines().find(|l| l.contains("restarts")).unwrap();
    assert!(code == 0 && restarts.contains('−'), "{out}{err}");
}

#[test]
fn a_trace_for_perfetto_is_json() {
    let (code, out, _) = podscope(&["run", "-o", "chrome", "-"], GOOD.as_bytes());
    assert!(code == 0 && out.starts_with("{\"displayTimeUnit\""), "{out}");
}
