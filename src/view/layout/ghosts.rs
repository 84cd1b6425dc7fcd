//! What is laid over a row to compare it: the bars and marks that another run has and this one has not, and the bands in
//! which the beginnings of its entries vary.

use super::rows::{Measures, STRIP};
use super::style::{Shape, Style};
use super::{Band, Mark, Painter, Rect};
use crate::api::WorkloadKind;
use crate::trace::{LaneId, LaneKind};
use crate::view::family::Family;
use crate::view::timeline::{OPEN, Role, Track};

/// Bars whose ends are this close are the same bar.
const SAME: f32 = 1.0;

/// A band narrower than this is not to be seen.
const BAND_FROM: f32 = 2.0;

impl Painter<'_> {
    /// What the other run has on this lane and this one has not.
    pub(super) fn ghosts(&mut self, lane: LaneId, track: &Track, kind: LaneKind, top: f32, measures: &Measures) {
        let Some(ghost) = self.over.ghost else { return };
        let Some((other, _)) = ghost.track(self.log, self.timeline.family(), lane) else {
            return;
        };
        let scale = self.scale;
        let (from, to) = (scale.from(), scale.to());
        let (now, their_now) = (self.req.now.micros(), ghost.until.micros());
        let ends = |start: i64, end: i64, now: i64| {
            let end = if end == OPEN { now.max(start) } else { end };
            (scale.px(start), scale.px(end))
        };
        let ours: Vec<(f32, f32, Style)> = track
            .bars_in(from, to)
            .iter()
            .map(|bar| {
                let (x0, x1) = ends(bar.start, bar.end, now);
                (x0, x1, bar.style)
            })
            .collect();
        let width = scale.width();
        for bar in other.bars_in(from, to).iter().filter(|b| b.role == Role::Main) {
            let (x0, x1) = ends(bar.start, bar.end, their_now);
            let near = |a: f32, b: f32| (a - b).abs() < SAME || (a < 0.0 && b < 0.0) || (a > width && b > width);
            let first = ours.partition_point(|o| o.0 < x0.min(0.0) - SAME);
            let same = ours
                .iter()
                .skip(first)
                .take_while(|o| o.0 <= x0.max(0.0) + SAME)
                .any(|o| o.2 == bar.style && near(o.0, x0) && near(o.1, x1));
            let (x0, x1) = (x0.max(-4.0), x1.min(width + 4.0));
            if same || x1 - x0 < self.column {
                continue;
            }
            self.list.ghosts.push(Rect {
                x: x0,
                y: top + measures.bar_y,
                w: x1 - x0,
                h: measures.bar_h,
                style: bar.style,
                entry: u32::MAX,
            });
        }
        let y = if measures.strip {
            top + measures.bar_y + measures.bar_h + STRIP / 2.0 + 2.0
        } else {
            top + measures.height / 2.0
        };
        let telling = |shape: Shape| matches!(shape, Shape::BoxedCross | Shape::Ring | Shape::Bolt | Shape::Flag);
        let ours = track.spots_in(from, to);
        for spot in other.spots_in(from, to).iter().filter(|s| telling(s.shape)) {
            let x = scale.px(spot.at);
            let same = ours
                .iter()
                .any(|o| o.shape == spot.shape && (scale.px(o.at) - x).abs() < SAME);
            if !same && (kind != LaneKind::Steps || spot.shape == Shape::Flag) {
                self.list.ghost_marks.push(Mark {
                    x,
                    y,
                    shape: spot.shape,
                    style: spot.style,
                    entry: u32::MAX,
                });
            }
        }
    }

    /// Where the other run of an outermost workload had more or fewer available Pods: the outline of its steps.
    pub(super) fn ghost_stairs(&mut self, lane: LaneId, track: &Track, top: f32, measures: &Measures) {
        let Some(ghost) = self.over.ghost else { return };
        let Some((other, their_lane)) = ghost.track(self.log, self.timeline.family(), lane) else {
            return;
        };
        let steps = |family: &Family, lane: LaneId, track: &Track, until: i64| -> Vec<(f32, f32, u32)> {
            let mut steps: Vec<(f32, f32, u32)> = Vec::new();
            for bar in track.bars_in(self.scale.from(), self.scale.to()) {
                let end = if bar.end == OPEN { until.max(bar.start) } else { bar.end };
                let available = family.shares(lane, bar.entry).iter().map(|s| s.available).sum();
                let (x0, x1) = (self.scale.px(bar.start), self.scale.px(end));
                match steps.last_mut() {
                    Some(last) if last.2 == available => last.1 = x1,
                    _ => steps.push((x0, x1, available)),
                }
            }
            steps
        };
        let ours = steps(self.timeline.family(), lane, track, self.req.now.micros());
        let theirs = steps(ghost.timeline.family(), their_lane, other, ghost.until.micros());
        let width = self.scale.width();
        let peak = self.timeline.family().peak(lane).max(1);
        let unit = measures.bar_h / peak as f32;
        let near = |a: f32, b: f32| (a - b).abs() < SAME || (a < 0.0 && b < 0.0) || (a > width && b > width);
        for (x0, x1, available) in theirs {
            let same = ours.iter().any(|o| o.2 == available && near(o.0, x0) && near(o.1, x1));
            let (x0, x1) = (x0.max(-4.0), x1.min(width + 4.0));
            if same || available == 0 || x1 - x0 < self.column {
                continue;
            }
            let h = available.min(peak) as f32 * unit;
            self.list.ghosts.push(Rect {
                x: x0,
                y: top + measures.bar_y + measures.bar_h - h,
                w: x1 - x0,
                h,
                style: Style::Running,
                entry: u32::MAX,
            });
        }
    }

    /// The bands of a row: soft edges where other runs of the same text begin an entry earlier or later.
    pub(super) fn bands_of(&mut self, track: &Track, kind: LaneKind, top: f32, measures: &Measures) {
        let Some(bands) = self.over.bands else { return };
        // Scheduled times are those of the clock in every run.
        if matches!(kind, LaneKind::Steps | LaneKind::Workload(WorkloadKind::CronJob)) {
            return;
        }
        let scale = self.scale;
        let (from, to) = (scale.from(), scale.to());
        let bars = track.bars_in(from, to).iter().filter(|b| b.role == Role::Main);
        let verdicts = track
            .spots_in(from, to)
            .iter()
            .filter(|s| matches!(s.shape, Shape::BoxedCross | Shape::Ring));
        let begins = bars
            .map(|b| (b.start, b.entry, measures.bar_y, measures.bar_h))
            .chain(verdicts.map(|s| (s.at, s.entry, measures.height / 2.0 - 6.0, 12.0)));
        for (at, entry, y, h) in begins {
            let Some(range) = bands.of_entry(entry) else { continue };
            let (x1, x2) = (scale.px(range.earliest.micros()), scale.px(range.latest.micros()));
            if x2 - x1 >= BAND_FROM && x2 > 0.0 && x1 < scale.width() {
                self.list.bands.push(Band {
                    from: x1,
                    to: x2,
                    x: scale.px(at),
                    y: top + y,
                    h,
                });
            }
        }
    }
}
