//! Marks: instants, probe results one by one where there is room, and the flags of the steps.

use super::bars::TICK_GAP;
use super::rows::{Measures, STRIP, TICKS};
use super::style::{Shape, Style, shape_of};
use super::{Mark, Painter, Rect};
use crate::api::WorkloadKind;
use crate::trace::{LaneKind, Rule, TraceLog, What};
use crate::view::timeline::{Role, Spot, Track};

/// Marks of one shape closer together than this are one.
const MARK_GAP: f32 = 2.5;

/// A result this close to the verdict it tipped is drawn as the verdict.
const SAME: f32 = 3.5;

/// Half the size of a mark, for the edges of the window.
const HALF: f32 = 6.0;

/// Space between a flag's staff and the end of its box beyond the words, both sides together.
const BOX_PADDING: f32 = 14.0;

/// The narrowest box with words.
const BOX_FROM: f32 = 40.0;

/// From the centre of a result to the words beside it.
const COUNTER_GAP: f32 = 8.0;

/// So many verdicts are looked at for a threshold.
const LOOK: usize = 16;

/// How many results in a row make a verdict of this sort on the lane; `None` while no verdict has told.
fn threshold(log: &TraceLog, spots: &[Spot], success: bool) -> Option<u32> {
    let rules = spots
        .iter()
        .take(LOOK)
        .filter_map(|s| log.entries().get(s.entry as usize));
    rules
        .filter(|e| matches!(e.what, What::ProbeVerdict { success: s, .. } if s == success))
        .find_map(|e| match e.cause.rule {
            Rule::ProbeThreshold { threshold, .. } => Some(threshold),
            _ => None,
        })
}

/// Keeps marks of one row from covering each other.
struct Thin {
    last: [f32; Shape::COUNT],
}

impl Thin {
    fn new() -> Self {
        Thin {
            last: [f32::NEG_INFINITY; Shape::COUNT],
        }
    }

    /// Whether a mark of this shape still has room at `x`.
    fn admits(&mut self, shape: Shape, x: f32) -> bool {
        match self.last.get_mut(shape as usize) {
            Some(last) if x - *last >= MARK_GAP => {
                *last = x;
                true
            }
            _ => false,
        }
    }
}

impl Painter<'_> {
    /// The window of time in which marks can be seen.
    fn mark_window(&self) -> (i64, i64) {
        let margin = self.scale.at(HALF).saturating_sub(self.scale.from());
        (
            self.scale.from().saturating_sub(margin),
            self.scale.to().saturating_add(margin),
        )
    }

    /// How far a probe is on its way to a verdict: `2/3` beside the result.
    fn counter(&mut self, x: f32, y: f32, number: u32, threshold: u32, room: f32) {
        let words = format!("{number}/{threshold}");
        let (left, width) = (x + COUNTER_GAP - 1.0, self.req.advances.width(&words));
        if width <= room && left >= 0.0 && left + width <= self.scale.width() {
            self.text(left, y, width, Style::Note, &words);
        }
    }

    /// Instants and probe results of a row.
    pub(super) fn marks(&mut self, track: &Track, kind: LaneKind, top: f32, measures: &Measures) {
        let (from, to) = self.mark_window();
        let y = if measures.strip {
            top + measures.bar_y + measures.bar_h + STRIP / 2.0 + 2.0
        } else {
            top + measures.height / 2.0
        };
        let spots = track.spots_in(from, to);
        let spots_all = &track.spots;
        let mut thin = Thin::new();
        if matches!(kind, LaneKind::Probe(_)) {
            let verdicts: Vec<f32> = spots.iter().map(|s| self.scale.px(s.at)).collect();
            let bars = track.bars_in(from, to);
            for (place, bar) in bars.iter().enumerate().filter(|(_, b)| b.role == Role::Probes) {
                if self.run_gap(bar).is_some_and(|gap| gap < TICK_GAP) {
                    continue;
                }
                let Some(entry) = self.log.entries().get(bar.entry as usize) else {
                    continue;
                };
                let shape = shape_of(&entry.what);
                let success = shape == Shape::Disc;
                let threshold = threshold(self.log, spots_all, success);
                let counted = (!success || threshold.is_some_and(|n| n > 1)) && threshold.is_some();
                // To the next result: of this run, or the first of the next.
                let next = bars.get(place + 1).map_or(f32::INFINITY, |b| self.scale.px(b.start));
                let after = next - self.scale.px(bar.end);
                let room = self.run_gap(bar).unwrap_or(after).min(after) - COUNTER_GAP - 4.0;
                for (number, at) in self.results(bar, from, to) {
                    let x = self.scale.px(at);
                    if let Some(n) = threshold.filter(|n| counted && number < *n) {
                        self.counter(x, y, number + 1, n, room);
                    }
                    let next = verdicts.partition_point(|v| *v < x - SAME);
                    let tipped = verdicts.get(next).is_some_and(|v| (v - x).abs() <= SAME);
                    if !tipped && thin.admits(shape, x) {
                        self.list.marks.push(Mark {
                            x,
                            y,
                            shape,
                            style: bar.style,
                            entry: bar.entry,
                        });
                    }
                }
            }
        }
        // The scheduled times of a CronJob have a line of their own above everything else.
        let ticks = kind == LaneKind::Workload(WorkloadKind::CronJob);
        for spot in spots {
            let x = self.scale.px(spot.at);
            let tick = ticks && matches!(spot.shape, Shape::Disc | Shape::Ring | Shape::Cross);
            if thin.admits(spot.shape, x) {
                self.list.marks.push(Mark {
                    x,
                    y: if tick { top + TICKS } else { y },
                    shape: spot.shape,
                    style: spot.style,
                    entry: spot.entry,
                });
            }
        }
    }

    /// The steps: a flag each, and the command in a box as far as there is room before the next.
    pub(super) fn flags(&mut self, track: &Track, top: f32, measures: &Measures) {
        let (from, to) = self.mark_window();
        let y = top + measures.bar_y;
        let middle = top + measures.height / 2.0;
        let spots = track.spots_in(from, to);
        let mut thin = Thin::new();
        for (i, spot) in spots.iter().enumerate() {
            let x = self.scale.px(spot.at);
            if !thin.admits(Shape::Flag, x) {
                continue;
            }
            self.list.marks.push(Mark {
                x,
                y: middle,
                shape: Shape::Flag,
                style: Style::Step,
                entry: spot.entry,
            });
            let Some(What::Step(words)) = self.log.entries().get(spot.entry as usize).map(|e| &e.what) else {
                continue;
            };
            let next = spots.get(i + 1).map_or(self.scale.width(), |s| self.scale.px(s.at));
            let room = next.min(self.scale.width()) - x - 4.0;
            if room < BOX_FROM {
                continue;
            }
            let line = words.lines().next().unwrap_or("").trim().to_owned();
            let Some(text) = self.req.advances.fit(std::slice::from_ref(&line), room - BOX_PADDING) else {
                continue;
            };
            let width = self.req.advances.width(&text);
            self.list.rects.push(Rect {
                x,
                y,
                w: width + BOX_PADDING,
                h: measures.bar_h,
                style: Style::Step,
                entry: spot.entry,
            });
            self.text(x + BOX_PADDING / 2.0 + 1.0, middle, width + 1.0, Style::Step, &text);
        }
    }
}
