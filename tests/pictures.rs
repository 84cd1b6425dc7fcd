//! What stands in other people's pages without JavaScript, made by the program: pictures, tables, books.

use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the program; gives back exit code, standard output, standard error.
fn podscope(args: &[&str], stdin: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_podscope"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let done = child.wait_with_output().unwrap();
    (
        done.status.code().unwrap(),
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
    )
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: documented\nspec:\n  containers:\n  - name: app\n    \
                   image: nginx\n    readinessProbe:\n      httpGet: {path: /, port: 80}\n";

const EVIL: &str = "<img src=x onerror=alert(1)>";

/// A scenario with markup wherever a text may stand: names, images, messages, logs, steps, claims.
fn tampered() -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: web, annotations: {{a: '{EVIL}'}}}}
spec:
  containers:
  - name: app
    image: busybox
    command: [sh, -c, 'echo \"{EVIL}\" >&2; exit 3']
    terminationMessagePolicy: FallbackToLogsOnError
  - name: '{EVIL}'
    image: '{EVIL}'
---
apiVersion: v1
kind: Pod
metadata: {{name: valid}}
spec:
  containers:
  - name: app
    image: busybox
    command: [sh, -c, 'echo \"{EVIL}\" >&2; exit 3']
    terminationMessagePolicy: FallbackToLogsOnError
---
apiVersion: podscope/v1
kind: Scenario
metadata: {{name: x}}
spec:
  title: '{EVIL}'
  description: '**{EVIL}**'
  workloads:
  - pod: valid
    program: {{logs: [{{at: 1s, line: '{EVIL}'}}]}}
  steps:
  - {{at: 5s, run: 'echo \"{EVIL}\"'}}
  expect:
  - {{pod: '{EVIL}', ready: {{by: 1s}}}}
"
    )
}

#[test]
fn markup_in_a_scenario_is_text_in_pictures_tables_and_pages() {
    let text = tampered();
    let (_, svg, _) = podscope(&["run", "-", "-o", "svg"], &text);
    assert!(svg.contains("&lt;img src=x onerror=alert(1)&gt;"), "{svg}");
    let (_, html, _) = podscope(&["run", "-", "-o", "html"], &text);
    assert!(html.contains("<svg slot=\"poster\" "), "{html}");
    let (_, table, _) = podscope(&["run", "-", "-o", "markdown"], &text);
    assert!(table.contains("alert(1)"), "{table}");
    let book = book_of(&format!("```podscope\n{text}```\n"));
    let (_, drawn, _) = podscope(&["mdbook"], &book);
    assert!(drawn.contains("<pod-scope "), "{drawn}");
    for (what, out) in [("svg", svg), ("html", html), ("markdown", table), ("mdbook", drawn)] {
        assert!(!out.contains("<img") && !out.contains("<script"), "{what}: {out}");
    }
}

#[test]
fn a_picture_shows_what_varies_when_it_is_asked_to() {
    let (code, plain, _) = podscope(&["run", "-", "-o", "svg", "--until", "10s"], POD);
    let (_, bands, _) = podscope(&["run", "-", "-o", "svg", "--until", "10s", "--bands"], POD);
    assert!(code == 0 && !plain.contains("class=\"reach\""));
    assert!(bands.contains("class=\"veil\"") && bands.contains("class=\"reach\""));
    let without = bands
        .lines()
        .filter(|line| !line.contains("class=\"veil\"") && !line.contains("class=\"reach\""));
    assert!(without.eq(plain.lines()), "nothing else is another");
}

/// What mdBook hands over: a context, and a book of one chapter.
fn book_of(content: &str) -> String {
    serde_json::json!([
        {"root": "/", "config": {"book": {"title": "t"}}, "renderer": "html", "mdbook_version": "0.5.0"},
        {"items": [{"Chapter": {"name": "One", "content": content, "number": [1], "sub_items": [], "path": "one.md"}}]}
    ])
    .to_string()
}

/// The book of `tests/embed/mdbook`, as mdBook itself would have it drawn.
#[test]
fn the_preprocessor_draws_the_figures_of_a_book() {
    assert_eq!(podscope(&["mdbook", "supports", "html"], "").0, 0);
    assert_eq!(podscope(&["mdbook", "supports", "latex"], "").0, 1);
    let chapter = include_str!("embed/mdbook/src/index.md");
    let (code, out, err) = podscope(&["mdbook"], &book_of(chapter));
    assert_eq!((code, err.as_str()), (0, ""));
    let book: serde_json::Value = serde_json::from_str(&out).unwrap();
    let drawn = book["items"][0]["Chapter"]["content"].as_str().unwrap();
    assert!(!drawn.contains("```"), "{drawn}");
    let payload = drawn
        .split("scenario=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    let (code, text, _) = podscope(&["link", "--decode", &format!("#s={payload}")], "");
    assert_eq!(
        (code, text.as_str()),
        (0, POD),
        "the element holds the text of the block"
    );
    assert!(drawn.contains(">Pod documented</text>") && drawn.contains("</svg>"));
}
