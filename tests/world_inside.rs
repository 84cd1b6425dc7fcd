//! One container as the runtime sees it: starting, commands run beside it, servers, the world around.

use std::rc::Rc;

use podscope::api::Quantity;
use podscope::api::scenario::{Exits, HttpRule, Listens, MemoryPoint, OnTerm, OneOrMany, Program, Span};
use podscope::time::{Duration, Instant};
use podscope::world::{
    Around, Files, GrpcAnswer, HttpAnswer, HttpRequest, ImageProfile, Inside, Mount, Nothing, Reference, Signal,
    StartSpec, Stream,
};

fn words(argv: &[&str]) -> Vec<String> {
    argv.iter().map(|a| (*a).to_owned()).collect()
}

fn spec(argv: &[&str], image: &str) -> StartSpec {
    let image = ImageProfile::of(&Reference::parse(image).unwrap());
    StartSpec {
        argv: image.argv(&words(argv), &[]),
        image: Rc::new(image),
        ..StartSpec::default()
    }
}

fn start(spec: StartSpec, until: i64) -> Inside {
    let mut inside = Inside::start(spec, Instant::ZERO, &mut Nothing).unwrap();
    inside.poll(Instant::from_secs(until), &mut Nothing);
    inside
}

fn exec(inside: &mut Inside, at: i64, argv: &[&str], until: i64) -> Option<(i32, String)> {
    let id = inside.exec(Instant::from_secs(at), &words(argv), &mut Nothing).unwrap();
    inside.poll(Instant::from_secs(until), &mut Nothing);
    inside.exec_result(id).map(|r| (r.code, r.output))
}

fn status(answer: HttpAnswer) -> Option<u16> {
    match answer {
        HttpAnswer::Answer { status, .. } => Some(status),
        _ => None,
    }
}

fn asked(path: &str) -> HttpRequest<'_> {
    HttpRequest {
        path,
        headers: &[],
        from: "",
    }
}

fn get(inside: &mut Inside, ms: i64, port: u16, path: &str) -> Option<u16> {
    status(inside.http(Instant::from_millis(ms), port, asked(path), &mut Nothing))
}

#[test]
fn a_missing_program_does_not_start() {
    let error = Inside::start(spec(&["nosuchbinary"], "busybox"), Instant::ZERO, &mut Nothing).unwrap_err();
    assert_eq!(
        error.message,
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nosuchbinary\": executable file not found in $PATH"
    );
    let mut inside = start(spec(&["sleep", "60"], "busybox"), 1);
    let error = inside
        .exec(Instant::from_secs(2), &words(&["nosuchprobe"]), &mut Nothing)
        .unwrap_err();
    assert!(
        error
            .message
            .starts_with("failed to exec in container: failed to start exec \""),
        "{}",
        error.message
    );
    assert!(
        error.message.ends_with(
            "\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"nosuchprobe\": executable file not found in $PATH"
        ),
        "{}",
        error.message
    );
    for (path, why) in [
        ("/bin/nope", "stat /bin/nope: no such file or directory"),
        ("/etc/passwd", "permission denied"),
    ] {
        let error = Inside::start(spec(&[path], "busybox"), Instant::ZERO, &mut Nothing).unwrap_err();
        assert!(error.message.ends_with(why), "{}", error.message);
    }
}

#[test]
fn commands_are_run_beside_the_container() {
    let script = "touch /tmp/live; sleep 60; rm -rf /tmp/live; sleep 3600";
    let mut inside = start(spec(&["/bin/sh", "-c", script], "busybox"), 5);
    assert_eq!(
        exec(&mut inside, 5, &["test", "-e", "/tmp/live"], 6),
        Some((0, String::new()))
    );
    assert_eq!(
        exec(&mut inside, 65, &["test", "-e", "/tmp/live"], 66),
        Some((1, String::new()))
    );
    assert_eq!(exec(&mut inside, 70, &["cat", "/tmp/live"], 71).map(|r| r.0), Some(1));
    assert_eq!(exec(&mut inside, 72, &["sleep", "10"], 73), None);
    let oops = ["sh", "-c", "echo oops >&2; exit 1"];
    assert_eq!(exec(&mut inside, 74, &oops, 75), Some((1, "oops\n".to_owned())));
    let hello = [
        "/bin/sh",
        "-c",
        "echo Hello from the postStart handler > /usr/share/message",
    ];
    assert_eq!(exec(&mut inside, 76, &hello, 77), Some((0, String::new())));
    let message = exec(&mut inside, 78, &["cat", "/usr/share/message"], 79);
    assert_eq!(message, Some((0, "Hello from the postStart handler\n".to_owned())));
    let (_, out) = exec(&mut inside, 90, &["ps", "-o", "pid,ppid,user,args"], 91).unwrap();
    assert!(
        out.starts_with("PID   PPID  USER     COMMAND\n    1     0 root     sleep 3600\n"),
        "{out}"
    );
    let late = inside
        .exec(Instant::from_secs(95), &words(&["sleep", "100"]), &mut Nothing)
        .unwrap();
    inside.exec_cancel(late, Instant::from_secs(96));
    assert_eq!(
        inside.exec_result(late).map(|r| (r.at, r.code)),
        Some((Instant::from_secs(96), 137))
    );
}

fn lines(inside: &Inside) -> Vec<String> {
    inside
        .logs()
        .iter()
        .map(|line| line.text.trim_end().to_owned())
        .collect()
}

#[test]
fn netcat_answers_with_its_input_prints_the_request_and_ends_with_the_connection() {
    let script = "n=0; while true; do n=$((n+1)); printf \"HTTP/1.1 200 OK\\r\\n\\r\\n$n\" | nc -l -p 8080; done";
    let mut inside = start(spec(&["sh", "-c", script], "busybox"), 1);
    let headers = [
        ("Host".to_owned(), "10.244.0.5:8080".to_owned()),
        ("User-Agent".to_owned(), "kube-probe/1.36".to_owned()),
    ];
    let request = HttpRequest {
        path: "/ready",
        headers: &headers,
        from: "",
    };
    let mut bodies = Vec::new();
    for second in 2..5 {
        match inside.http(Instant::from_secs(second), 8080, request, &mut Nothing) {
            HttpAnswer::Answer { status: 200, body, .. } => bodies.push(body.to_string()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(bodies, ["1", "2", "3"]);
    let head = [
        "GET /ready HTTP/1.1",
        "Host: 10.244.0.5:8080",
        "User-Agent: kube-probe/1.36",
        "",
    ];
    assert_eq!(lines(&inside)[..4], head);
    assert_eq!(lines(&inside).len(), 12);
}

#[test]
fn netcat_without_input_closes_and_a_mere_connection_ends_it() {
    let mut inside = start(spec(&["nc", "-l", "-p", "8080"], "busybox"), 1);
    let answer = inside.http(Instant::from_secs(2), 8080, asked("/"), &mut Nothing);
    assert_eq!(answer, HttpAnswer::Closed);
    inside.poll(Instant::from_secs(3), &mut Nothing);
    assert_eq!(
        inside.exited().map(|e| (e.at, e.code)),
        Some((Instant::from_secs(2), 0))
    );

    let mut inside = start(
        spec(&["sh", "-c", "echo hello | nc -l -p 8080; sleep 60"], "busybox"),
        1,
    );
    let answer = inside.http(Instant::from_secs(2), 8080, asked("/"), &mut Nothing);
    assert_eq!(answer, HttpAnswer::Malformed("hello".into()));
    assert!(!inside.tcp(Instant::from_secs(3), 8080, &mut Nothing), "it has ended");

    let mut inside = start(spec(&["nc", "-l", "-p", "8080"], "busybox"), 1);
    assert!(inside.tcp(Instant::from_secs(2), 8080, &mut Nothing));
    inside.poll(Instant::from_secs(3), &mut Nothing);
    assert_eq!(inside.exited().map(|e| e.code), Some(0));
}

#[test]
fn nginx_serves_and_quits() {
    let mut inside = start(spec(&[], "nginx:1.25"), 1);
    assert_eq!(get(&mut inside, 2_000, 80, "/"), Some(200));
    assert_eq!(get(&mut inside, 2_000, 80, "/nope"), Some(404));
    assert_eq!(
        inside.http(Instant::from_secs(2), 8080, asked("/"), &mut Nothing),
        HttpAnswer::Refused
    );
    exec(&mut inside, 3, &["rm", "/usr/share/nginx/html/index.html"], 4);
    assert_eq!(get(&mut inside, 5_000, 80, "/"), Some(403));
    assert_eq!(get(&mut inside, 5_000, 80, "/index.html"), Some(404));
    let quit = [
        "/bin/sh",
        "-c",
        "nginx -s quit; while killall -0 nginx; do sleep 1; done",
    ];
    exec(&mut inside, 6, &quit, 7);
    assert_eq!(inside.exited().map(|e| (e.at.secs(), e.code)), Some((6, 0)));

    let mut late = start(spec(&["sh", "-c", "sleep 10; nginx -g \"daemon off;\""], "nginx"), 9);
    assert_eq!(get(&mut late, 9_000, 80, "/"), None);
    assert_eq!(get(&mut late, 11_000, 80, "/"), Some(200));
    late.signal(Instant::from_secs(12), Signal::QUIT, &mut Nothing);
    late.poll(Instant::from_secs(13), &mut Nothing);
    assert_eq!(late.exited().map(|e| (e.at.secs(), e.code)), Some((12, 0)));
}

#[test]
fn an_unknown_image_is_assumed_to_serve() {
    let mut inside = start(spec(&[], "team/app:1"), 0);
    assert_eq!(get(&mut inside, 900, 8080, "/"), None);
    assert_eq!(get(&mut inside, 1_100, 8080, "/x"), Some(200));
    assert_eq!(inside.notes().len(), 1);
    inside.signal(Instant::from_secs(5), Signal::TERM, &mut Nothing);
    inside.poll(Instant::from_secs(6), &mut Nothing);
    assert_eq!(inside.exited().map(|e| (e.at.millis(), e.code)), Some((5_008, 0)));
}

fn span(s: i64) -> Span {
    Span(Duration::from_secs(s))
}

fn described(argv: &[&str], program: Program) -> StartSpec {
    StartSpec {
        program: Some(Rc::new(program)),
        ..spec(argv, "busybox")
    }
}

#[test]
fn a_described_program_does_what_it_says() {
    let rule = |path: &str, status: i64, file: Option<&str>| HttpRule {
        path: path.to_owned(),
        status,
        file: file.map(str::to_owned),
        ..HttpRule::default()
    };
    let program = Program {
        listens: vec![Listens {
            port: 8080,
            after: span(3),
        }],
        http: vec![
            rule("/500", 500, None),
            rule("/file/*", 200, Some("/*")),
            HttpRule {
                from: Some(span(0)),
                to: Some(span(20)),
                ..rule("/ready", 503, None)
            },
        ],
        on_term: Some(OnTerm::Exit {
            after: span(4),
            code: 7,
        }),
        ..Program::default()
    };
    let mut inside = start(described(&["sh", "-c", "touch /tmp/ok; exec app -l 8080"], program), 1);
    assert_eq!(get(&mut inside, 2_000, 8080, "/"), None);
    for (ms, path, want) in [
        (5_000, "/500", 500),
        (5_000, "/other", 200),
        (5_000, "/file/tmp/ok", 200),
        (5_000, "/file/tmp/no", 404),
        (19_900, "/ready?x", 503),
        (20_100, "/ready", 200),
    ] {
        assert_eq!(get(&mut inside, ms, 8080, path), Some(want), "{ms} {path}");
    }
    assert_eq!(exec(&mut inside, 30, &["rm", "/tmp/ok"], 31), Some((0, String::new())));
    assert_eq!(get(&mut inside, 32_000, 8080, "/file/tmp/ok"), Some(404));
    // The name exists now; another one does not.
    assert!(
        inside
            .exec(Instant::from_secs(33), &words(&["other"]), &mut Nothing)
            .is_err()
    );
    assert_eq!(inside.grpc(Instant::from_secs(33), 8080, ""), GrpcAnswer::Unimplemented);
    // `exec` replaced the shell, so the program gets the signal.
    inside.signal(Instant::from_secs(40), Signal::TERM, &mut Nothing);
    inside.poll(Instant::from_secs(50), &mut Nothing);
    assert_eq!(inside.exited().map(|e| (e.at.secs(), e.code)), Some((44, 7)));
}

#[test]
fn programs_end_by_number_of_start_by_memory_and_by_signals_they_ignore() {
    let exits = |after: i64, code| Exits {
        after: Some(span(after)),
        code,
    };
    let program = Program {
        exits: OneOrMany(vec![exits(1, 1), exits(2, 2)]),
        ..Program::default()
    };
    for (number, end) in [(0, (1, 1)), (1, (2, 2)), (5, (2, 2))] {
        let inside = start(
            StartSpec {
                start_number: number,
                ..described(&["app"], program.clone())
            },
            10,
        );
        assert_eq!(inside.exited().map(|e| (e.at.secs(), e.code)), Some(end));
    }
    let program = Program {
        memory: vec![MemoryPoint {
            at: span(3),
            usage: Quantity::parse("100Mi").unwrap(),
        }],
        ..Program::default()
    };
    for (limit, want) in [
        (Some(64 << 20), Some((137, true))),
        (Some(200 << 20), None),
        (None, None),
    ] {
        let inside = start(
            StartSpec {
                memory_limit: limit,
                ..described(&["eatmem", "100"], program.clone())
            },
            10,
        );
        assert_eq!(inside.exited().map(|e| (e.code, e.oom)), want);
    }
    let program = Program {
        on_term: Some(OnTerm::Ignore),
        ..Program::default()
    };
    let mut inside = start(described(&["app"], program), 1);
    inside.signal(Instant::from_secs(2), Signal::TERM, &mut Nothing);
    inside.poll(Instant::from_secs(9), &mut Nothing);
    assert_eq!(inside.exited(), None);
    inside.signal(Instant::from_secs(9), Signal::KILL, &mut Nothing);
    inside.poll(Instant::from_secs(10), &mut Nothing);
    assert_eq!(inside.exited().map(|e| e.code), Some(137));
}

#[test]
fn the_termination_message_is_kept() {
    let inside = start(
        spec(
            &["sh", "-c", "echo from-file > /dev/termination-log; sleep 2; exit 4"],
            "busybox",
        ),
        5,
    );
    assert_eq!(
        inside.termination_message("/dev/termination-log").as_deref(),
        Some("from-file\n")
    );
    assert_eq!(inside.exited().map(|e| e.code), Some(4));
}

/// A world with one name, one page and one volume.
struct World(Files);

impl Around for World {
    fn resolve(&self, name: &str) -> Option<String> {
        (name == "myservice").then(|| "10.0.0.9".to_owned())
    }
    fn http(&mut self, host: &str, port: u16, _: HttpRequest) -> HttpAnswer {
        if (host, port) == ("myservice", 80) {
            HttpAnswer::Answer {
                status: 200,
                takes: Duration::ZERO,
                body: Rc::from("page\n"),
                location: "".into(),
            }
        } else {
            HttpAnswer::Refused
        }
    }
    fn tcp(&mut self, host: &str, port: u16) -> bool {
        (host, port) == ("myservice", 80)
    }
    fn volume(&mut self, name: &str) -> Option<&mut Files> {
        (name == "v").then_some(&mut self.0)
    }
    fn unix(&self, at: Instant) -> i64 {
        1_767_225_600 + at.secs()
    }
}

#[test]
fn the_world_around_is_seen() {
    let script = "until nslookup myservice >/dev/null; do sleep 1; done; wget -qO- http://myservice/ > /v/page; nc -z myservice 80 && date; nc -z other 80; echo $?";
    let mut container = spec(&["sh", "-c", script], "busybox");
    container.mounts.push(Mount {
        path: "/v".to_owned(),
        volume: "v".to_owned(),
        ..Mount::default()
    });
    let mut world = World(Files::new());
    let mut inside = Inside::start(container, Instant::ZERO, &mut world).unwrap();
    inside.poll(Instant::from_secs(5), &mut world);
    assert_eq!(world.0.text("/page").map(|t| t.as_str()), Some("page\n"));
    let lines: Vec<&str> = inside.logs().iter().map(|l| &*l.text).collect();
    assert_eq!(lines, ["Thu Jan  1 00:00:00 UTC 2026", "nc: bad address 'other'", "1"]);
}

#[test]
fn the_workstation_waits_for_kubectl() {
    let line = "P=$(kubectl get pod -o name | head -1); kubectl delete $P; echo $?";
    let mut line = Inside::workstation(line, &Default::default(), Instant::ZERO);
    line.poll(Instant::from_secs(1), &mut Nothing);
    let asked = line.take_requests();
    assert_eq!(
        asked.iter().map(|r| r.argv.join(" ")).collect::<Vec<_>>(),
        ["kubectl get pod -o name"]
    );
    line.answer(
        Instant::from_secs(2),
        asked[0].pid,
        vec![(Stream::Out, "pod/a\npod/b\n".to_owned())],
        0,
    );
    line.poll(Instant::from_secs(3), &mut Nothing);
    let asked = line.take_requests();
    assert_eq!(
        asked.iter().map(|r| r.argv.join(" ")).collect::<Vec<_>>(),
        ["kubectl delete pod/a"]
    );
    line.answer(
        Instant::from_secs(4),
        asked[0].pid,
        vec![(Stream::Err, "Error\n".to_owned())],
        1,
    );
    line.poll(Instant::from_secs(5), &mut Nothing);
    assert_eq!(line.console(), "Error\n1\n");
    assert_eq!(line.exited().map(|e| e.code), Some(0));
    assert_eq!(line.notes(), []);

    let files = podscope::map::Map::from([("a.yaml".to_owned(), "kind: Pod\n".to_owned())]);
    let mut line = Inside::workstation(
        "cat a.yaml | kubectl apply -f - & kubectl get pod & wait",
        &files,
        Instant::ZERO,
    );
    line.poll(Instant::from_secs(1), &mut Nothing);
    let mut asked = line.take_requests();
    asked.sort_by_key(|r| r.stdin.clone());
    assert_eq!(
        asked.iter().map(|r| r.stdin.as_str()).collect::<Vec<_>>(),
        ["", "kind: Pod\n"]
    );
}
