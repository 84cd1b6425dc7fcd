//! Speed of the core: `cargo bench`. Numbers are read by people; no test asserts them.
#![allow(missing_docs)]

use podscope::map::Set;
use std::fmt::Write;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use podscope::api::load;
use podscope::manifest::{Diagnostic, Severity};
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration, Instant};
use podscope::trace::{Cause, LaneKind, Rule, TraceLog, What};
use podscope::view::boundary::LayoutRequest;
use podscope::view::layout::glyphs::Advances;
use podscope::view::layout::{DrawList, Request, lay_out};
use podscope::view::link;
use podscope::view::live::Live;
use podscope::view::playground::Playground;
use podscope::view::timeline::Timeline;
use podscope::view::words::Lang;

fn main() {
    divan::main();
}

/// What people paste: a Pod with an init container, a sidecar, hooks and probes, and its scenario.
const STORY: &str = include_str!("../www/gallery/01-a-whole-life.yaml");

/// Parse, decode, default and validate 5,000 lines. Goal: 8 ms.
#[divan::bench]
fn check_5000_lines(bencher: Bencher) {
    let text = long_manifest(5_000);
    clean(&load(&text).diagnostics);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| load(black_box(&text)));
}

/// A keystroke: text to diagnostics and the whole timeline of one Pod over ten minutes. Goal in wasm: 3 ms.
#[divan::bench]
fn text_to_timeline_10_minutes(bencher: Bencher) {
    let options = Options {
        until: Some(Duration::from_secs(600)),
        ..Options::default()
    };
    bencher.bench(|| {
        let sim = played(black_box(STORY), &options);
        let timeline = Timeline::of(sim.log());
        let list = lay_out(sim.log(), &timeline, &window(600));
        (sim.diagnostics(), timeline, list)
    });
}

/// The same through all that the page asks after a keystroke, but for the crossing: what `wasm.mjs` measures in wasm.
#[divan::bench]
fn keystroke_on_the_page(bencher: Bencher) {
    let text = STORY.replacen("until: 2m", "until: 10m", 1);
    let request = LayoutRequest {
        width: 1_200.0,
        from_us: 0.0,
        to_us: 600e6,
        folded: Vec::new(),
        opened: None,
        selected: None,
        char_width: 6.0,
        advances: None,
        top: None,
        bottom: None,
    };
    let mut page = Playground::new(Live::default());
    bencher.bench_local(|| {
        page.set_text(black_box(&text), 0.0);
        while !page.advance(100_000).done {}
        (page.diagnostics(), page.lanes(), page.layout(&request))
    });
}

/// One Pod, one probe a second, a day. Goal: 50 ms.
#[divan::bench(sample_count = 20)]
fn probe_every_second_24_hours(bencher: Bencher) {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: nginx\n    \
                livenessProbe:\n      httpGet: {path: /, port: 80}\n      periodSeconds: 1\n---\n\
                apiVersion: podscope/v1\nkind: Scenario\nmetadata:\n  name: day\nspec:\n  until: 24h\n";
    let sim = played(text, &Options::default());
    clean(&sim.diagnostics());
    bencher.bench(|| played(black_box(text), &Options::default()));
}

/// A thousand Pods with three probes each, every ten seconds, for an hour. Goal: 2 s.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn thousand_pods_1_hour(bencher: Bencher) {
    let text = many_pods(1_000);
    bencher.bench(|| {
        let sim = played(black_box(&text), &Options::default());
        clean(&sim.diagnostics());
        sim.events()
    });
}

/// The same with a tenth of the Pods: cost grows with the number of events, not faster.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn hundred_pods_1_hour(bencher: Bencher) {
    let text = many_pods(100);
    bencher.bench(|| played(black_box(&text), &Options::default()));
}

/// One frame of a pan or zoom over 250,000 slices, all of them in view or a hundredth. Goal: 16 ms.
#[divan::bench(args = [1, 100])]
fn layout_250000_slices(bencher: Bencher, part: i64) {
    let log = long_trace(250_000);
    let timeline = Timeline::of(&log);
    let request = window(LONG_SECONDS / part);
    bencher.bench_local(|| -> DrawList { lay_out(&log, &timeline, black_box(&request)) });
}

/// The index over 250,000 slices, made once.
#[divan::bench(sample_count = 20)]
fn index_250000_slices(bencher: Bencher) {
    let log = long_trace(250_000);
    bencher.bench_local(|| Timeline::of(black_box(&log)));
}

#[divan::bench]
fn link_encode() -> String {
    link::encode(black_box(STORY))
}

#[divan::bench]
fn link_decode(bencher: Bencher) {
    let fragment = link::encode(STORY);
    bencher.bench(|| link::decode(black_box(&fragment)));
}

/// A finished run.
fn played(text: &str, options: &Options) -> Simulation {
    let mut sim = Simulation::new(text, options);
    sim.run();
    sim
}

/// A benchmark of a text that is refused would measure nothing.
fn clean(diagnostics: &[Diagnostic]) {
    if let Some(error) = diagnostics.iter().find(|d| d.severity == Severity::Error) {
        panic!("{}", error.message);
    }
}

/// Deployments and Services as people write them, comments included, until there are so many lines.
fn long_manifest(lines: usize) -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.lines().count() >= lines {
            break;
        }
        let _ = write!(
            text,
            r#"---
# Service {number}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
  labels: {{app: web-{number}, tier: "front"}}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web-{number}
  template:
    metadata:
      labels:
        app: web-{number}
    spec:
      terminationGracePeriodSeconds: 45
      initContainers:
      - name: wait
        image: busybox:1.36
        command: ["sh", "-c", "until nslookup db; do sleep 2; done"]
      containers:
      - name: web
        image: registry.example/team/web:{number}
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: MODE
          value: "production"
        - name: POD_IP
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        resources:
          requests: {{cpu: 100m, memory: 128Mi}}
          limits:
            memory: 256Mi
        livenessProbe:
          httpGet:
            path: /healthz
            port: http
          periodSeconds: 10
        readinessProbe:
          exec:
            command:
            - cat
            - /tmp/ready
          failureThreshold: 2
        lifecycle:
          preStop:
            exec:
              command: [sleep, "5"]
        volumeMounts:
        - name: cache
          mountPath: /cache
      volumes:
      - name: cache
        emptyDir: {{}}
---
apiVersion: v1
kind: Service
metadata:
  name: web-{number}
spec:
  selector:
    app: web-{number}
  ports:
  - port: 80
    targetPort: http
"#
        );
    }
    text
}

/// Pods of two containers with three probes among them, on nodes with room for them.
fn many_pods(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = write!(
            text,
            r#"apiVersion: v1
kind: Pod
metadata:
  name: web-{number}
spec:
  containers:
  - name: web
    image: nginx
    livenessProbe:
      httpGet: {{path: /, port: 80}}
      periodSeconds: 10
    readinessProbe:
      tcpSocket: {{port: 80}}
      periodSeconds: 10
  - name: side
    image: registry.example/side:1
    readinessProbe:
      httpGet: {{path: /ready, port: 8080}}
      periodSeconds: 10
---
"#
        );
    }
    text += "apiVersion: podscope/v1\nkind: Scenario\nmetadata:\n  name: many\nspec:\n  until: 1h\n  nodes:\n";
    for node in 0..count.div_ceil(100) {
        let _ = writeln!(
            text,
            "  - name: node{node}\n    images: [nginx, \"registry.example/side:1\"]"
        );
    }
    text + "  images:\n  - name: registry.example/side:1\n    program: {listens: [{port: 8080}]}\n"
}

/// How long the trace of [`long_trace`] is.
const LONG_SECONDS: i64 = 3_500;

/// Fifty containers that wait, run and fail without end.
fn long_trace(slices: i64) -> TraceLog {
    const LANES: i64 = 50;
    let mut log = TraceLog::new();
    let pod = log.lane(LaneKind::Pod, None, "web");
    let lanes: Vec<_> = (0..LANES)
        .map(|number| log.lane(LaneKind::Container, Some(pod), &format!("c{number}")))
        .collect();
    let rounds = slices / LANES;
    let step = LONG_SECONDS * 1_000 / rounds;
    for round in 0..rounds {
        for (number, lane) in (0_i64..).zip(&lanes) {
            let from = round * step + number * 13;
            let what = match (round + number) % 5 {
                0 => What::Waiting {
                    reason: "CrashLoopBackOff".into(),
                },
                1 => What::Ended {
                    code: 1,
                    reason: "Error".into(),
                },
                2 => What::Creating,
                _ => What::Running { restarts: 3 },
            };
            let id = log.begin(
                *lane,
                Instant::from_millis(from),
                what,
                Cause::of(Rule::ContainerStarted),
            );
            log.end(id, Instant::from_millis(from + step));
        }
    }
    log
}

/// A window over the first seconds of a trace.
fn window(seconds: i64) -> Request {
    Request {
        width: 1_200.0,
        from: Instant::ZERO,
        to: Instant::from_secs(seconds),
        now: Instant::from_secs(seconds),
        folded: Set::new(),
        opened: None,
        selected: None,
        advances: Advances::of_mean(6.0),
        visible: None,
        lang: Lang::En,
        calendar: Calendar::default(),
    }
}
