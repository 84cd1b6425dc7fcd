//! The figure of the story, its colours, and what it does with hostile text.

use super::*;
use crate::trace::{Cause, LaneKind, Rule, What};
use crate::view::story::story;

fn figure(theme: Theme, title: &str) -> Figure<'_> {
    Figure {
        width: 1100.0,
        theme,
        from: Instant::ZERO,
        to: Instant::from_secs(120),
        now: Instant::from_secs(120),
        title,
        lang: Lang::En,
        over: Over::default(),
    }
}

#[test]
fn the_story_as_a_figure() {
    let (log, _) = story();
    let timeline = Timeline::of(&log);
    insta::assert_snapshot!(svg(
        &log,
        &timeline,
        &figure(Theme::Auto, "Liveness kills a slow answer")
    ));
}

#[test]
fn a_narrow_figure_keeps_the_names_of_its_lanes() {
    let (log, _) = story();
    let timeline = Timeline::of(&log);
    let narrow = svg(
        &log,
        &timeline,
        &Figure {
            width: 320.0,
            ..figure(Theme::Auto, "")
        },
    );
    let names: Vec<&str> = narrow.lines().filter(|line| line.contains("class=\"lane")).collect();
    assert!(names.len() > 5, "{narrow}");
    assert!(names.iter().all(|name| !name.contains('…')), "{names:#?}");
}

#[test]
fn a_forced_theme_asks_nobody() {
    let (log, _) = story();
    let timeline = Timeline::of(&log);
    let paint = |theme| svg(&log, &timeline, &figure(theme, ""));
    assert!(paint(Theme::Auto).contains("prefers-color-scheme"));
    for theme in [Theme::Light, Theme::Dark] {
        assert!(!paint(theme).contains("prefers-color-scheme"));
    }
    assert_ne!(paint(Theme::Light), paint(Theme::Dark));
}

#[test]
fn text_from_a_manifest_is_never_markup() {
    let mut log = TraceLog::new();
    let evil = "</text><script>alert('&\"')</script>\u{1}";
    let steps = log.lane(LaneKind::Steps, None, evil);
    let pod = log.lane(LaneKind::Pod, None, evil);
    log.instant(
        steps,
        Instant::from_secs(1),
        What::Step(evil.into()),
        Cause::of(Rule::Step),
    );
    log.begin(
        pod,
        Instant::ZERO,
        What::Status {
            status: evil.into(),
            ready: evil.into(),
            restarts: 0,
        },
        Cause::of(Rule::StatusPublished),
    );
    let out = svg(&log, &Timeline::of(&log), &figure(Theme::Auto, evil));
    assert!(!out.contains("<script") && !out.contains('\u{1}'));
    assert_eq!(out.matches("</svg>").count(), 1);
    assert_eq!(escape("a<b>&\"'\u{0}\n"), "a&lt;b&gt;&amp;&quot;&#39;\u{fffd} ");
}

#[test]
fn numbers_are_short() {
    for (x, want) in [
        (0.0, "0"),
        (1.25, "1.3"),
        (-0.04, "0"),
        (-0.34, "-.3"),
        (0.52, ".5"),
        (-12.5, "-12.5"),
        (f32::NAN, "0"),
    ] {
        assert_eq!(num(x), want, "{x}");
    }
}

#[test]
fn every_ink_can_be_read_on_its_bar() {
    let luminance = |c: u32| {
        let part = |shift: u32| {
            let v = f64::from((c >> shift) & 255) / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    };
    for (name, palette) in [("light", &theme::LIGHT), ("dark", &theme::NIGHT)] {
        let letters = palette.revisions.iter().map(|colour| (*colour, 0xff_ff_ff));
        for (i, (bar, ink)) in palette.styles.iter().copied().chain(letters).enumerate() {
            let (a, b) = (luminance(bar), luminance(ink));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{name} style {i}: {contrast:.2}");
        }
    }
}

#[test]
fn a_rollout_shows_its_revisions_in_colour_and_letters() {
    let (log, _) = crate::view::rollout::rollout();
    let timeline = Timeline::of(&log);
    let figure = Figure {
        to: Instant::from_secs(60),
        now: Instant::from_secs(60),
        ..figure(Theme::Light, "")
    };
    let text = svg(&log, &timeline, &figure);
    // A chip each for the ReplicaSets and their Pods, and letters with counts in the staircase.
    let chips = text.lines().filter(|l| l.contains("class=\"chip\"")).count();
    assert_eq!(chips, 5, "{text}");
    for words in [
        ">A 2<",
        ">3/2 ready<",
        ">ReplicaSet · 2 Pods<",
        ">Deployment<",
        ">ps2ds<",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for colour in ["var(--r0)", "var(--r1)", "class=\"wanted\""] {
        assert!(text.contains(colour), "{colour}");
    }
    let (story, _) = story();
    let plain = svg(&story, &Timeline::of(&story), &figure);
    assert!(
        !plain.contains("--r0"),
        "a figure without workloads does not carry their colours"
    );
}
