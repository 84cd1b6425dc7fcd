//! Counts as staircases: of a workload its Pods by state and revision under a line that says how many are wanted, of a
//! Service its ready endpoints.

use super::rows::{Measures, TICKS};
use super::style::{Fill, STYLE_HUE, Style, hue_of, letter_of};
use super::{Area, Painter};
use crate::api::WorkloadKind;
use crate::sort;
use crate::trace::{Counts, LaneId, LaneKind, What};
use crate::view::family::Share;
use crate::view::timeline::{Bar, OPEN, Track};

/// Space between the left end of a step and its words.
const PADDING: f32 = 6.0;

/// Words above a step that is narrower than this would not be read.
const WORDS_FROM: f32 = 18.0;

/// An area lower than this carries no letter.
const LETTER: f32 = 10.5;

/// A step of a staircase: of several within one column the one that lacks most.
#[derive(Clone, Copy)]
struct Step {
    x: (f32, f32),
    entry: u32,
    lack: u32,
}

/// Where a staircase stands.
#[derive(Clone, Copy)]
struct Stairs {
    /// The greatest count.
    peak: u32,
    /// Height of one.
    unit: f32,
    /// Its foot.
    ground: f32,
    /// Middle of the words, and whether they stand in it.
    words: f32,
    inside: bool,
}

impl Stairs {
    fn new(peak: u32, inside: bool, top: f32, measures: &Measures) -> Self {
        let peak = peak.max(1);
        let middle = top + measures.bar_y + measures.bar_h / 2.0;
        Stairs {
            peak,
            unit: measures.bar_h / peak as f32,
            ground: top + measures.bar_y + measures.bar_h,
            words: if inside { middle } else { top + measures.bar_y - 7.5 },
            inside,
        }
    }
}

/// A part of a step: so many, in this texture and colour. With a letter where it is a revision's.
struct Part {
    count: u32,
    fill: Fill,
    hue: u8,
    letter: Option<char>,
}

/// So many are missing at a count.
fn lack(what: &What) -> u32 {
    match what {
        What::Counts(Counts::Pods { desired, available, .. }) => desired.saturating_sub(*available),
        _ => 0,
    }
}

/// How many of a share are in one state.
type Counted = fn(&Share) -> u32;

/// The parts of a count of Pods from the ground up: first the available ones of all revisions, then the ready ones, then
/// the rest, so that each level can be read as a height.
fn parts(shares: &[(u8, Share)], lettered: bool) -> Vec<Part> {
    let states: [(Fill, Counted); 3] = [
        (Fill::Solid, |s| s.available),
        (Fill::Hatched, |s| s.ready - s.available),
        (Fill::Pale, |s| s.current - s.ready),
    ];
    let of = |(fill, count): (Fill, Counted)| {
        shares.iter().map(move |(revision, share)| Part {
            count: count(share),
            fill,
            hue: hue_of(*revision),
            letter: lettered.then(|| letter_of(*revision)),
        })
    };
    states.into_iter().flat_map(of).collect()
}

fn plain(count: u32, fill: Fill, style: Style) -> Part {
    Part {
        count,
        fill,
        hue: STYLE_HUE + style as u8,
        letter: None,
    }
}

impl Painter<'_> {
    /// The counts of a workload in its row.
    pub(super) fn stairs(&mut self, lane: LaneId, track: &Track, top: f32, measures: &Measures) {
        let kind = self.log.lanes().get(lane.0 as usize).map(|l| l.kind);
        let peak = self.timeline.family().peak(lane);
        let inside = peak <= 1 || measures.compact || kind == Some(LaneKind::Workload(WorkloadKind::CronJob));
        let stairs = Stairs::new(peak, inside, top, measures);
        let scale = self.scale;
        let mut pending: Option<Step> = None;
        for bar in track.bars_in(scale.from(), scale.to()) {
            let Some(entry) = self.log.entries().get(bar.entry as usize) else {
                continue;
            };
            let step = Step {
                x: self.span_px(bar),
                entry: bar.entry,
                lack: lack(&entry.what),
            };
            pending = Some(match pending {
                Some(before) if self.shares_column(&before, &step) => {
                    let worse = if before.lack > step.lack { before } else { step };
                    Step {
                        x: (before.x.0, step.x.1),
                        ..worse
                    }
                }
                before => {
                    self.counted(lane, before, &stairs);
                    step
                }
            });
        }
        self.counted(lane, pending, &stairs);
    }

    /// The line on which the scheduled times of a CronJob lie.
    pub(super) fn tick_line(&mut self, track: &Track, top: f32) {
        let (Some(first), Some(last)) = (track.bars.first(), track.bars.last()) else {
            return;
        };
        let (x0, x1) = (self.span_px(first).0, self.span_px(last).1);
        self.list.areas.push(Area {
            x: x0,
            y: top + TICKS - 0.75,
            w: x1 - x0,
            h: 1.5,
            fill: Fill::Edge,
            hue: STYLE_HUE + Style::Neutral as u8,
            entry: first.entry,
        });
    }

    /// Whether two steps one after the other are too narrow to be drawn apart.
    fn shares_column(&self, before: &Step, step: &Step) -> bool {
        step.x.1 - step.x.0 < self.column && step.x.1 - before.x.0 < 2.0 * self.column
    }

    /// One step of the counts of a workload.
    fn counted(&mut self, lane: LaneId, step: Option<Step>, stairs: &Stairs) {
        let log = self.log;
        let Some((step, entry)) = step.and_then(|s| Some((s, log.entries().get(s.entry as usize)?))) else {
            return;
        };
        let What::Counts(counts) = &entry.what else { return };
        let (parts, wanted) = match counts {
            Counts::Pods {
                desired,
                current,
                ready,
                available,
                ..
            } => {
                let whole = Share {
                    current: *current.max(ready),
                    ready: *ready,
                    available: *available.min(ready),
                };
                let lettered = self.timeline.family().revisions(lane).len() > 1;
                (parts(&self.shares(lane, step.entry, whole), lettered), *desired)
            }
            Counts::Job {
                status,
                completions,
                active,
                succeeded,
                ..
            } => {
                let failed = matches!(&**status, "Failed" | "FailureTarget");
                let lost = if failed {
                    stairs.peak.saturating_sub(*succeeded)
                } else {
                    0
                };
                let over = failed || &**status == "Complete";
                let parts = vec![
                    plain(
                        *succeeded,
                        if over { Fill::Pale } else { Fill::Solid },
                        Style::Succeeded,
                    ),
                    plain(*active, Fill::Solid, Style::Running),
                    plain(lost, Fill::Pale, Style::Failed),
                ];
                (parts, completions.unwrap_or(0))
            }
            Counts::CronJob { suspended: true, .. } => (vec![plain(stairs.peak, Fill::Pale, Style::Neutral)], 0),
            Counts::CronJob { active, .. } => (vec![plain(*active, Fill::Solid, Style::Running)], 0),
        };
        let wordings = match counts {
            Counts::CronJob {
                suspended: false,
                active: 0,
            }
            | Counts::Pods {
                desired: 0, current: 0, ..
            } => Vec::new(),
            _ => self.req.lang.labels(LaneKind::Steps, &entry.what),
        };
        self.step(&step, &parts, wanted, stairs);
        self.words_of(&step, &parts, &wordings, stairs);
    }

    /// What a count of Pods is made of: of the outermost workload by revision, else all of the lane's own.
    fn shares(&self, lane: LaneId, entry: u32, whole: Share) -> Vec<(u8, Share)> {
        let family = self.timeline.family();
        let known = family.shares(lane, entry);
        if known.is_empty() {
            let revision = family.member(lane).and_then(|m| m.revision);
            return vec![(revision.unwrap_or(0), whole)];
        }
        let revisions = 0_u8..=u8::MAX;
        revisions.zip(known.iter().copied()).collect()
    }

    /// The areas of a step, and the line over it.
    fn step(&mut self, step: &Step, parts: &[Part], wanted: u32, stairs: &Stairs) {
        let (x0, x1) = step.x;
        if x1 <= x0 {
            return;
        }
        let (unit, ground) = (stairs.unit, stairs.ground);
        let mut y = ground;
        for part in parts.iter().filter(|p| p.count > 0) {
            let h = part.count as f32 * unit;
            y -= h;
            self.list.areas.push(Area {
                x: x0,
                y,
                w: x1 - x0,
                h,
                fill: part.fill,
                hue: part.hue,
                entry: step.entry,
            });
            let Some(letter) = part.letter.filter(|_| part.fill == Fill::Solid && h >= LETTER) else {
                continue;
            };
            let left = x0.max(0.0) + PADDING;
            let room = x1.min(self.scale.width()) - PADDING - left;
            let wordings = [format!("{letter} {}", part.count), letter.to_string()];
            if let Some(words) = self.req.advances.fit(&wordings, room) {
                self.text(left, y + h / 2.0, room, Style::Running, &words);
            }
        }
        // Where nothing is wanted it is only there to be hit.
        let h = wanted as f32 * unit;
        self.list.areas.push(Area {
            x: x0,
            y: ground - h,
            w: x1 - x0,
            h,
            fill: Fill::Outline,
            hue: STYLE_HUE + Style::Neutral as u8,
            entry: step.entry,
        });
    }

    /// The numbers of a step in words: above it, or in it where one Pod is all there ever is.
    fn words_of(&mut self, step: &Step, parts: &[Part], wordings: &[String], stairs: &Stairs) {
        let (x0, x1) = step.x;
        let inside = stairs.inside;
        let left = x0.max(0.0) + if inside { PADDING } else { 2.0 };
        let room = x1.min(self.scale.width()) - left - if inside { PADDING } else { 8.0 };
        if room < WORDS_FROM {
            return;
        }
        let Some(words) = self.req.advances.fit(wordings, room) else {
            return;
        };
        let solid = parts.iter().any(|p| p.count > 0 && p.fill == Fill::Solid);
        let style = if inside && solid { Style::Running } else { Style::Note };
        self.text(left, stairs.words, room, style, &words);
    }

    /// The ready endpoints of a Service whose endpoints are folded.
    pub(super) fn endpoints(&mut self, service: LaneId, top: f32, measures: &Measures) {
        let timeline = self.timeline;
        let lanes = timeline.family().endpoints(service);
        let lanes_count = lanes.len();
        let ready = |bar: &&Bar| bar.style == Style::EndpointReady;
        let mut turns: Vec<(i64, bool, u32)> = lanes
            .iter()
            .filter_map(|lane| timeline.track(*lane))
            .flat_map(|track| track.bars.iter().filter(ready))
            .flat_map(|bar| [(bar.start, true, bar.entry), (bar.end, false, bar.entry)])
            .filter(|(at, ..)| *at != OPEN)
            .collect();
        sort::sort(&mut turns);
        let peak = turns.iter().scan(0_u32, |count, (_, more, _)| {
            *count = if *more { *count + 1 } else { count.saturating_sub(1) };
            Some(*count)
        });
        let peak = peak.max().unwrap_or(0);
        let stairs = Stairs::new(peak, lanes_count <= 1, top, measures);
        let mut count = 0_u32;
        let mut ends = turns.iter().skip(1).map(|turn| turn.0);
        let mut pending: Option<(Step, u32)> = None;
        for (at, more, entry) in &turns {
            count = if *more { count + 1 } else { count.saturating_sub(1) };
            let end = ends.next().unwrap_or(self.req.now.micros()).max(*at);
            let (x0, x1) = (self.scale.px(*at), self.scale.px(end));
            if x1 < 0.0 || x0 > self.scale.width() {
                continue;
            }
            let step = Step {
                x: (x0.max(-PADDING), x1.min(self.scale.width() + PADDING)),
                entry: *entry,
                lack: peak.saturating_sub(count),
            };
            pending = Some(match pending {
                Some((before, least)) if self.shares_column(&before, &step) => {
                    let x = (before.x.0, step.x.1);
                    let (worse, least) = if before.lack > step.lack {
                        (before, least)
                    } else {
                        (step, count)
                    };
                    (Step { x, ..worse }, least)
                }
                before => {
                    self.ready_endpoints(before, &stairs);
                    (step, count)
                }
            });
        }
        self.ready_endpoints(pending, &stairs);
    }

    fn ready_endpoints(&mut self, step: Option<(Step, u32)>, stairs: &Stairs) {
        let Some((step, count)) = step else { return };
        let parts = [plain(count, Fill::Solid, Style::EndpointReady)];
        let wordings = [self.req.lang.endpoints(count), count.to_string()];
        self.step(&step, &parts, 0, stairs);
        self.words_of(&step, &parts, &wordings, stairs);
    }
}
