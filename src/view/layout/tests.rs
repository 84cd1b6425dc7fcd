//! Draw lists of the made-up story and of very long traces.

use super::*;
use crate::time::{Calendar, Duration};
use crate::trace::{Cause, LaneKind, ProbeKind, Rule, What};
use crate::view::rollout::rollout;
use crate::view::story::story;

fn request(from: i64, to: i64) -> Request {
    Request {
        width: 1000.0,
        from: Instant::from_secs(from),
        to: Instant::from_secs(to),
        now: Instant::from_secs(120),
        folded: Set::new(),
        opened: None,
        selected: None,
        advances: Advances::of_mean(6.0),
        visible: None,
        lang: Lang::En,
        calendar: Calendar::default(),
    }
}

/// The list as lines that people can read.
fn picture(log: &TraceLog, list: &DrawList) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let ticks: Vec<_> = list.ticks.iter().map(|t| format!("{:.0}={}", t.x, t.label)).collect();
    let _ = writeln!(out, "ruler {}", ticks.join(" "));
    for row in &list.rows {
        let lane = &log.lanes()[row.lane.0 as usize];
        let _ = writeln!(out, "{:?} {} y={} h={}", lane.kind, lane.name, row.y, row.height);
        for r in &list.rects[row.rects.0..row.rects.1] {
            let inside = |t: &&Text| t.y > r.y && t.y < r.y + r.h && t.x > r.x && t.x <= r.x + r.w;
            let text = list.texts.iter().find(inside).map(|t| &list.strings[t.string as usize]);
            let text = text.map(|t| format!(" “{t}”")).unwrap_or_default();
            let _ = writeln!(out, "  [{:.1} {:.1}] {:?} #{}{text}", r.x, r.x + r.w, r.style, r.entry);
        }
        for a in &list.areas[row.areas.0..row.areas.1] {
            let (right, bottom) = (a.x + a.w, a.y + a.h);
            let _ = writeln!(
                out,
                "  [{:.1} {:.1}] {:.1}–{:.1} {:?} {} #{}",
                a.x, right, a.y, bottom, a.fill, a.hue, a.entry
            );
        }
        for m in &list.marks[row.marks.0..row.marks.1] {
            let _ = writeln!(
                out,
                "  ({:.1} {:.1}) {:?} {:?} #{}",
                m.x, m.y, m.shape, m.style, m.entry
            );
        }
    }
    for l in &list.links {
        let _ = writeln!(
            out,
            "link {:.1},{:.1} to {:.1},{:.1} {}",
            l.from.0, l.from.1, l.to.0, l.to.1, l.style
        );
    }
    out
}

#[test]
fn the_story_at_a_glance() {
    let (log, kill) = story();
    let timeline = Timeline::of(&log);
    let mut req = request(0, 110);
    req.selected = Some(kill);
    req.folded = timeline
        .order(&log)
        .iter()
        .filter(|p| p.folded)
        .map(|p| p.lane.0)
        .collect();
    let list = lay_out(&log, &timeline, &req);
    insta::assert_snapshot!(picture(&log, &list));
}

#[test]
fn the_story_close_by() {
    let (log, _) = story();
    let list = lay_out(&log, &Timeline::of(&log), &request(45, 60));
    insta::assert_snapshot!(picture(&log, &list));
}

#[test]
fn words_fit_their_bars_at_every_zoom() {
    let (log, _) = story();
    let timeline = Timeline::of(&log);
    for zoom in 1..60 {
        let mut req = request(0, 4 * zoom);
        req.width = 300.0 + 17.0 * zoom as f32;
        let list = lay_out(&log, &timeline, &req);
        for t in &list.texts {
            let words = &list.strings[t.string as usize];
            assert!(req.advances.width(words) <= t.max_w + 0.01, "{words}");
            assert!(
                t.x >= 0.0 && t.x + t.max_w <= req.width + 0.01,
                "{words} leaves the window"
            );
            // Notes stand on the ground, beside what they speak of.
            if t.style == Style::Note {
                continue;
            }
            let bar = list.rects.iter().find(|r| {
                r.style == t.style && t.x >= r.x && t.x + t.max_w <= r.x + r.w + 0.01 && t.y > r.y && t.y < r.y + r.h
            });
            assert!(bar.is_some(), "{words} at {} stands on no bar", t.x);
        }
    }
}

#[test]
fn what_is_drawn_can_be_hit() {
    let (log, kill) = story();
    let timeline = Timeline::of(&log);
    let list = lay_out(&log, &timeline, &request(0, 110));
    for m in &list.marks {
        let hit = list.hit(m.x, m.y).and_then(|id| log.get(EntryId(id)));
        assert_eq!(hit.map(|e| e.lane), log.get(EntryId(m.entry)).map(|e| e.lane));
    }
    for r in list.rects.iter().filter(|r| r.w > 30.0 && r.style != Style::Step) {
        let middle = (r.x.max(0.0) + r.x + r.w) / 2.0;
        let hit = list.hit(middle, r.y + 1.0).and_then(|id| log.get(EntryId(id)));
        assert_eq!(hit.map(|e| e.lane), log.get(EntryId(r.entry)).map(|e| e.lane), "{r:?}");
    }
    let mark = list.marks.iter().find(|m| m.entry == kill.0).copied();
    assert!(mark.is_some_and(|m| list.hit(m.x - 4.0, m.y + 3.0) == Some(kill.0)));
    for (x, y) in [
        (-50.0, 5.0),
        (5.0, -5.0),
        (5.0, list.height + 1.0),
        (f32::NAN, f32::NAN),
        (f32::INFINITY, 3.0),
    ] {
        assert_eq!(list.hit(x, y), None, "{x} {y}");
    }
}

#[test]
fn folded_lanes_are_hidden_and_stand_for_what_is_below() {
    let (log, kill) = story();
    let timeline = Timeline::of(&log);
    let mut req = request(0, 110);
    let pod = timeline
        .order(&log)
        .iter()
        .find(|p| log.lanes()[p.lane.0 as usize].kind == LaneKind::Pod);
    req.folded = pod.map(|p| p.lane.0).into_iter().collect();
    req.selected = Some(kill);
    let list = lay_out(&log, &timeline, &req);
    let kinds: Vec<_> = list.rows.iter().map(|r| log.lanes()[r.lane.0 as usize].kind).collect();
    assert_eq!(
        kinds,
        [
            LaneKind::Steps,
            LaneKind::Pod,
            LaneKind::Service,
            LaneKind::Endpoint,
            LaneKind::Node
        ]
    );
    let pod_row = &list.rows[1];
    assert!(
        list.links
            .iter()
            .all(|l| l.from.1 > pod_row.y && l.to.1 < pod_row.y + pod_row.height)
    );
}

#[test]
fn rows_out_of_sight_are_empty_but_in_place() {
    let (log, _) = story();
    let timeline = Timeline::of(&log);
    let all = lay_out(&log, &timeline, &request(0, 110));
    let mut req = request(0, 110);
    req.visible = Some((0.0, 60.0));
    let some = lay_out(&log, &timeline, &req);
    assert_eq!(all.height, some.height);
    assert!(some.rects.len() < all.rects.len() && !some.rects.is_empty());
    assert!(some.rects.iter().all(|r| r.y < 80.0));
}

#[test]
fn a_quarter_of_a_million_slices_stay_few() {
    let mut log = TraceLog::new();
    let pod = log.lane(LaneKind::Pod, None, "web");
    let lanes: Vec<_> = (0..50)
        .map(|i| log.lane(LaneKind::Container, Some(pod), &format!("c{i}")))
        .collect();
    let mut open = vec![None; lanes.len()];
    for i in 0..5_000_i64 {
        for (n, lane) in lanes.iter().enumerate() {
            let at = Instant::from_millis(i * 700 + n as i64 * 13);
            if let Some(id) = open[n] {
                log.end(id, at);
            }
            let what = match (i + n as i64) % 5 {
                0 => What::Waiting {
                    reason: "CrashLoopBackOff".into(),
                },
                1 => What::Ended {
                    code: 1,
                    reason: "Error".into(),
                },
                2 => What::Creating,
                _ => What::Running { restarts: i as u32 },
            };
            open[n] = Some(log.begin(*lane, at, what, Cause::of(Rule::ContainerStarted)));
        }
    }
    let timeline = Timeline::of(&log);
    let whole = Duration::from_millis(5_000 * 700);
    for part in [1, 3, 10, 100, 1000] {
        let mut req = request(0, 0);
        req.to = Instant::from_micros(whole.micros() / part);
        req.now = Instant::ZERO + whole;
        req.width = 1200.0;
        let list = lay_out(&log, &timeline, &req);
        assert!(list.rects.len() < 20_000, "1/{part}: {} rectangles", list.rects.len());
        assert!(list.rects.len() >= 50);
        if part == 1 {
            assert!(
                list.rects.iter().any(|r| r.style == Style::Failed),
                "failures stay visible"
            );
        }
    }
}

#[test]
fn probe_results_become_a_band_when_they_are_too_close() {
    let mut log = TraceLog::new();
    let pod = log.lane(LaneKind::Pod, None, "web");
    let lane = log.lane(LaneKind::Probe(ProbeKind::Readiness), Some(pod), "");
    let rule = || {
        Cause::of(Rule::ProbeTick {
            kind: ProbeKind::Readiness,
            period: Duration::from_secs(1),
            delay: Duration::ZERO,
        })
    };
    let run = |success| What::ProbeRun {
        success,
        count: 1,
        output: "".into(),
    };
    let id = log.begin(lane, Instant::from_secs(1), run(true), rule());
    for s in 2..=10_000 {
        log.repeat(id, Instant::from_secs(s));
    }
    for s in 10_001..20_000 {
        log.begin(lane, Instant::from_secs(s), run(s % 2 == 0), rule());
    }
    let timeline = Timeline::of(&log);
    let near = lay_out(&log, &timeline, &request(100, 200));
    assert_eq!(
        (near.marks.len(), near.rects.len()),
        (101, 0),
        "one a second, ten pixels apart"
    );
    assert!(
        near.marks
            .iter()
            .all(|m| m.shape == Shape::Disc && m.style == Style::Running)
    );
    let far = lay_out(&log, &timeline, &request(0, 9_000));
    assert_eq!((far.marks.len(), far.rects.len()), (0, 1));
    let flapping = lay_out(&log, &timeline, &request(10_000, 20_000));
    assert!(
        flapping.marks.len() + flapping.rects.len() < 1_000,
        "{}",
        flapping.marks.len()
    );
}

#[test]
fn nonsense_requests_are_answered() {
    let (log, kill) = story();
    let timeline = Timeline::of(&log);
    for (from, to, width) in [
        (0, 0, 0.0),
        (50, -50, 800.0),
        (0, 1, f32::NAN),
        (i64::MIN / 2, i64::MAX / 2, 1e9),
    ] {
        let mut req = request(0, 0);
        (req.from, req.to, req.width) = (Instant::from_micros(from), Instant::from_micros(to), width);
        req.selected = Some(kill);
        let list = lay_out(&log, &timeline, &req);
        assert!(
            list.rects.iter().all(|r| r.x.is_finite() && r.w >= 0.0),
            "{from} {to} {width}"
        );
    }
    let empty = TraceLog::new();
    assert_eq!(lay_out(&empty, &Timeline::of(&empty), &request(0, 10)).height, 0.0);
}

#[test]
fn a_rollout_at_a_glance() {
    let (log, _) = rollout();
    let timeline = Timeline::of(&log);
    let mut req = request(0, 60);
    req.now = Instant::from_secs(60);
    req.folded = timeline
        .order(&log)
        .iter()
        .filter(|p| p.folded)
        .map(|p| p.lane.0)
        .collect();
    req.folded.insert(1);
    let list = lay_out(&log, &timeline, &req);
    let words: Vec<&str> = list
        .texts
        .iter()
        .map(|t| list.strings[t.string as usize].as_str())
        .collect();
    insta::assert_snapshot!(format!("{}words {}\n", picture(&log, &list), words.join(" | ")));
}

#[test]
fn a_step_of_a_staircase_is_hit_over_all_of_its_row_and_its_parts_are_no_higher() {
    let (log, [web, ..]) = rollout();
    let timeline = Timeline::of(&log);
    let list = lay_out(&log, &timeline, &request(0, 60));
    let row = list.rows.iter().find(|r| r.lane == web).unwrap();
    let x = 1000.0 * 22.0 / 60.0;
    let hits: Vec<_> = (1..16)
        .map(|i| list.hit(x, row.y + row.middle * 2.0 * i as f32 / 16.0))
        .collect();
    assert!(hits.iter().all(|hit| hit.is_some() && *hit == hits[0]), "{hits:?}");
    let entry = &log.entries()[hits[0].unwrap() as usize];
    assert_eq!(entry.at, Instant::from_secs(20));
    for area in &list.areas[row.areas.0..row.areas.1] {
        assert!(
            area.y >= row.y + 10.0 && area.y + area.h <= row.y + row.height,
            "{area:?}"
        );
    }
}

#[test]
fn a_thousand_pods_are_a_few_rows_and_their_list_is_bounded() {
    let mut log = TraceLog::new();
    let web = log.lane(LaneKind::Workload(crate::api::WorkloadKind::Deployment), None, "web");
    let set = log.lane_of(
        LaneKind::Workload(crate::api::WorkloadKind::ReplicaSet),
        Some(web),
        "web-1",
        "1",
    );
    let cause = || Cause::of(Rule::StatusPublished);
    let mut before: Option<[EntryId; 2]> = None;
    for n in 0..1000_u32 {
        let at = Instant::from_millis(i64::from(n) * 50);
        let pod = log.lane_of(LaneKind::Pod, Some(set), &format!("web-1-{n}"), "1");
        log.lane(LaneKind::Condition, Some(pod), "Ready");
        let what = What::Status {
            status: "Running".into(),
            ready: "1/1".into(),
            restarts: 0,
        };
        log.begin(pod, at, what, cause());
        for entry in before.into_iter().flatten() {
            log.end(entry, at);
        }
        let counts = What::Counts(crate::trace::Counts::Pods {
            desired: 1000,
            current: n + 1,
            updated: n + 1,
            ready: n + 1,
            available: n + 1,
        });
        before = Some([web, set].map(|lane| log.begin(lane, at, counts.clone(), cause())));
    }
    let timeline = Timeline::of(&log);
    let mut req = request(0, 60);
    req.folded = timeline
        .order(&log)
        .iter()
        .filter(|p| p.folded)
        .map(|p| p.lane.0)
        .collect();
    let list = lay_out(&log, &timeline, &req);
    assert_eq!(list.rows.len(), 2, "a crowd begins folded");
    assert!(list.areas.len() < 3_000, "{} areas", list.areas.len());
    req.folded = Set::new();
    req.visible = Some((0.0, 900.0));
    let list = lay_out(&log, &timeline, &req);
    assert_eq!(list.rows.len(), 1002);
    assert!(list.areas.len() < 3_100, "{} areas", list.areas.len());
}
