//! The playground over a made-up run.

use super::*;
use crate::manifest::Fix;
use crate::trace::FieldBase;
use crate::view::story::story;

const TEXT: &str = "# ü😀\nperiodSeconds: 5\nfailureThreshold: 3\nlivenessProbe:\n  x: 1\n  y: 2\n";

#[derive(Default)]
struct Fake {
    log: TraceLog,
    until: Instant,
    present: Instant,
    diagnostics: Vec<Diagnostic>,
}

fn range_of(needle: &str) -> Range {
    let start = TEXT.find(needle).unwrap_or(0) as u32;
    Range {
        start,
        end: start + needle.len() as u32,
    }
}

impl Source for Fake {
    fn set_text(&mut self, text: &str, _seed: u64) {
        self.log = if text.is_empty() { TraceLog::new() } else { story().0 };
        self.until = Instant::from_secs(120);
        self.diagnostics = vec![Diagnostic {
            severity: Severity::Warning,
            code: "unknown-field",
            message: "unknown field".to_owned(),
            range: range_of("failureThreshold"),
            path: "spec".to_owned(),
            fixes: vec![Fix {
                title: "Remove it".to_owned(),
                range: range_of("3"),
                text: String::new(),
            }],
        }];
    }
    fn advance(&mut self, _max_events: u32) -> Reached {
        Reached {
            done: true,
            at: self.until,
            entries: (0, self.log.entries().len() as u32),
        }
    }
    fn info(&self) -> RunInfo {
        RunInfo {
            kubernetes: "1.36".to_owned(),
            until: self.until,
            ..RunInfo::default()
        }
    }
    fn trace(&self) -> &TraceLog {
        &self.log
    }
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    fn find(&self, origin: Option<&Origin<'_>>, field: &Field) -> Option<Found> {
        if origin.map(|o| (o.kind, o.name)) != Some(("Pod", "web")) || field.base != FieldBase::Container(0) {
            return None;
        }
        let needle = match field.path {
            "livenessProbe.periodSeconds" => "5",
            "livenessProbe.failureThreshold" => "3",
            _ => return None,
        };
        Some(Found {
            path: format!("spec.containers[0].{}", field.path),
            range: range_of(needle),
            text: needle.to_owned(),
        })
    }
    fn tick(&mut self, target: Instant) -> Reached {
        let position = |at: Instant| self.log.entries().partition_point(|e| e.at <= at) as u32;
        let entries = (position(self.present), position(target));
        self.present = target;
        Reached {
            done: true,
            at: target,
            entries,
        }
    }
    fn objects(&self) -> Vec<ObjectRef> {
        Vec::new()
    }
    fn yaml(&self, kind: &str, namespace: &str, name: &str) -> String {
        format!("{kind}/{namespace}/{name}")
    }
    fn describe(&self, _kind: &str, _namespace: &str, _name: &str) -> String {
        String::new()
    }
    fn services(&self) -> Vec<ServiceRow> {
        Vec::new()
    }
    fn look(&self, _line: &str) -> LookRow {
        LookRow {
            output: String::new(),
            exit: None,
            changes: false,
        }
    }
    fn watch(&self, until: Instant, _most: usize) -> WatchTail {
        WatchTail {
            text: until.to_string(),
            earlier: 0,
        }
    }
    fn events(&self, _until: Instant, _most: usize) -> Vec<EventRow> {
        Vec::new()
    }
    fn event_count(&self, _until: Instant) -> u32 {
        0
    }
    fn console(&self, _until: Instant) -> Vec<ConsoleRow> {
        Vec::new()
    }
    fn logs(&self, _namespace: &str, _pod: &str, container: &str) -> String {
        container.to_owned()
    }
    fn encode_link(&self, text: &str) -> String {
        text.to_owned()
    }
    fn decode_link(&self, fragment: &str) -> LinkContent {
        LinkContent {
            text: Some(fragment.to_owned()),
            t_us: None,
            sel: None,
            view: None,
            error: None,
        }
    }
}

fn playground() -> Playground<Fake> {
    let mut p = Playground::new(Fake::default());
    p.set_text(TEXT, 0.0);
    p.advance(1_000);
    p
}

fn window() -> LayoutRequest {
    LayoutRequest {
        width: 1000.0,
        to_us: 120e6,
        char_width: 6.0,
        ..LayoutRequest::default()
    }
}

#[test]
fn progress_lanes_and_layout_come_from_the_run() {
    let mut p = playground();
    let progress = p.advance(1);
    assert!(progress.done && progress.entries > 50 && progress.until_us == 120e6);
    let rows = p.lanes();
    let labels: Vec<_> = rows.iter().filter(|r| r.depth < 2).map(|r| r.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "Steps",
            "Pod web",
            "Ready",
            "migrate · init",
            "proxy · sidecar",
            "web",
            "Service web",
            "10.244.0.7",
            "Node node1"
        ]
    );
    assert!(
        rows.iter()
            .any(|r| r.kind == "liveness" && r.label == "liveness 3 × 5 s")
    );
    let list = p.layout(&window());
    assert_eq!(list.rows.len(), rows.len());
    let mark = list.marks.first().copied();
    assert!(mark.is_some_and(|m| p.hit(m.x, m.y) == Some(m.entry)));
}

#[test]
fn a_new_text_forgets_the_old_one() {
    let mut p = playground();
    p.layout(&window());
    p.set_text("", 0.0);
    assert_eq!((p.lanes().len(), p.hit(500.0, 50.0), p.entry(0)), (0, None, None));
}

#[test]
fn the_killing_names_its_fields_and_its_chain() {
    let p = playground();
    let verdict = p
        .table(None)
        .into_iter()
        .find(|row| row.text == "liveness: 3 failures in a row")
        .and_then(|row| p.entry(row.id));
    let Some(why) = verdict else { panic!("no verdict") };
    assert_eq!(why.title, "Liveness probe of web has failed at 56.0 s");
    assert_eq!(
        why.fields
            .iter()
            .map(|f| (f.text.as_str(), f.from, f.to))
            .collect::<Vec<_>>(),
        [("3", 41, 42), ("5", 21, 22)]
    );
    assert_eq!(why.causes.first().map(|m| m.at_us), Some(46e6));
    assert!(why.effects.iter().any(|m| m.text == "SIGTERM to web"));
}

#[test]
fn a_line_of_the_text_leads_to_what_it_shapes() {
    let p = playground();
    let of = |needle: &str| {
        let byte = TEXT.find(needle).unwrap_or(0);
        let units = TEXT[..byte].encode_utf16().count() as u32;
        p.entries_for(units)
    };
    let shaped = of("5");
    assert_eq!(shaped.len(), 1);
    assert_eq!(of("periodSeconds"), shaped, "the key means its value");
    assert_eq!(of("y: 2"), Vec::<u32>::new());
    assert_eq!(p.entries_for(u32::MAX), Vec::<u32>::new());
}

#[test]
fn diagnostics_have_the_places_of_the_editor() {
    let rows = playground().diagnostics();
    let row = rows.first();
    assert_eq!(
        row.map(|d| (d.severity.as_str(), d.line, d.column, d.from, d.to)),
        Some(("warning", 3, 1, 23, 39))
    );
    assert_eq!(
        row.and_then(|d| d.fixes.first()).map(|f| (f.from, f.to)),
        Some((41, 42))
    );
}

#[test]
fn the_present_is_stepped_and_what_is_no_number_is_harmless() {
    let mut p = playground();
    let first = p.tick(10e6);
    let second = p.tick(20e6);
    assert_eq!(first.to_entry, second.from_entry);
    for us in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let _ = (
            p.tick(us),
            p.step(us, 1.0),
            p.step(us, -1.0),
            p.surprise(us, us),
            p.table(Some(us)),
        );
        let _ = p.layout(&LayoutRequest {
            width: us as f32,
            from_us: us,
            to_us: -us,
            char_width: us as f32,
            advances: Some(vec![us as f32; 95]),
            top: Some(us as f32),
            ..LayoutRequest::default()
        });
    }
    assert_eq!(p.step(83e6, 1.0), Some(84e6));
    assert_eq!(p.surprise(0.0, 1.0), Some(51_886_000.0));
}

#[test]
fn pictures_and_tables_come_out() {
    let p = playground();
    assert!(p.svg(900.0, Theme::Dark).starts_with("<svg "));
    assert!(p.markdown().contains("| 56.0 s |"));
    assert!(p.info().version.starts_with(|c: char| c.is_ascii_digit()));
}
