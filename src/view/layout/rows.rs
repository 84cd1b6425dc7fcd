//! Rows: which lanes are visible under the current folding, where each lies, and what is painted in it.

use super::style::{Fill, hue_of};
use super::{Area, Painter, Row, bars};
use crate::api::WorkloadKind;
use crate::map::Set;
use crate::trace::{Lane, LaneId, LaneKind};
use crate::view::lanes::Placed;
use crate::view::timeline::Track;

/// Measures of a row, relative to its top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measures {
    /// Height without the strip for marks below the bars.
    pub height: f32,
    /// Top of the bars.
    pub bar_y: f32,
    /// Height of the bars.
    pub bar_h: f32,
    /// Whether the bars carry words.
    pub words: bool,
    /// Whether marks lie in a strip of their own below the bars, where they hide no words.
    pub strip: bool,
    /// The revision whose colour the bars have while the Pod runs.
    pub revision: Option<u8>,
    /// Whether it is one strip that stands for all that is below it: then it has no marks.
    pub compact: bool,
    /// The exit code of a Pod that has failed.
    pub exit: Option<i32>,
}

/// Height of the strip for marks.
pub(super) const STRIP: f32 = 10.0;

/// Empty space above a Pod, a Service or a node.
const GROUP_GAP: f32 = 6.0;

/// Height of the stripe under a Pod's bars that says of which revision it is.
const EDGE: f32 = 3.0;

/// Height of a strip that stands for all that is below it, and of its bars.
const COMPACT: (f32, f32) = (24.0, 16.0);

/// Height of the words above a staircase.
const COUNTS: f32 = 15.0;

/// Where the scheduled times of a CronJob are, from the top of its row.
pub(super) const TICKS: f32 = 8.0;

/// Height of one Pod in the staircase of an outermost workload, and of the whole staircase.
const STAIR: (f32, f32) = (11.0, 44.0);

/// The same of a workload that another owns.
const LOWER_STAIR: (f32, f32) = (5.0, 20.0);

/// The least height of a staircase: that of a bar.
const LEAST_STAIR: f32 = 16.0;

/// The measures of a kind of lane.
fn measures(kind: LaneKind) -> Measures {
    let m = |height, bar_h, words, strip| Measures {
        height,
        bar_y: (height - bar_h) / 2.0,
        bar_h,
        words,
        strip,
        revision: None,
        compact: false,
        exit: None,
    };
    match kind {
        LaneKind::Steps => m(32.0, 20.0, true, false),
        LaneKind::Workload(_) | LaneKind::Pod => m(32.0, 22.0, true, true),
        LaneKind::InitContainer | LaneKind::Sidecar | LaneKind::Container | LaneKind::EphemeralContainer => {
            m(28.0, 20.0, true, true)
        }
        LaneKind::Phase | LaneKind::Condition => m(22.0, 14.0, true, false),
        LaneKind::Endpoint => m(22.0, 14.0, true, false),
        LaneKind::Service | LaneKind::Node => m(26.0, 14.0, true, true),
        LaneKind::Sandbox | LaneKind::Image | LaneKind::Hook | LaneKind::Termination => m(20.0, 14.0, true, false),
        LaneKind::Probe(_) => m(20.0, 6.0, false, false),
    }
}

/// How many Pods high a staircase is, and the measures of its row: the words stand in a bar of one Pod, else above.
fn stair(peak: u32, (unit, most): (f32, f32)) -> Measures {
    let bar_h = (peak as f32 * unit).clamp(LEAST_STAIR, most);
    // Two lines of words stand beside it.
    let (bar_y, below) = if peak > 1 { (COUNTS, 5.0) } else { (8.0, 8.0) };
    Measures {
        height: bar_y + bar_h + below,
        bar_y,
        bar_h,
        words: true,
        strip: true,
        revision: None,
        compact: false,
        exit: None,
    }
}

/// A row in its place, before anything is painted in it.
struct Place<'a> {
    placed: Placed,
    lane: &'a Lane,
    track: &'a Track,
    top: f32,
    height: f32,
    measures: Measures,
    folded: bool,
    /// Whether it is in sight.
    seen: bool,
}

impl<'a> Painter<'a> {
    /// Lays out all rows and fills those in sight.
    pub(super) fn rows(&mut self) {
        let places = self.places();
        let seen = places.iter().filter(|p| p.seen).map(|p| p.track);
        self.column = bars::column_for(self.scale.width(), seen);
        for place in &places {
            self.row(place);
        }
        self.list.height = places.last().map_or(0.0, |p| p.top + p.height);
    }

    /// The rows that are not under a fold, from the top.
    fn places(&self) -> Vec<Place<'a>> {
        let (timeline, log) = (self.timeline, self.log);
        let mut hidden: Set<u32> = Set::new();
        let mut places = Vec::new();
        let mut y = 0.0;
        for placed in timeline.order(log).iter() {
            let id = placed.lane.0;
            let begins = placed.folded && self.req.opened.as_ref().is_some_and(|opened| !opened.contains(&id));
            let folded = placed.foldable && (begins || self.req.folded.contains(&id));
            let under_fold = placed.parent.is_some_and(|p| hidden.contains(&p.0));
            if under_fold || folded {
                hidden.insert(id);
            }
            let lane = log.lanes().get(id as usize).filter(|_| !under_fold);
            let (Some(lane), Some(track)) = (lane, timeline.track(placed.lane)) else {
                continue;
            };
            let place = self.place(*placed, lane, track, y, folded);
            y = place.top + place.height;
            places.push(place);
        }
        places
    }

    /// The measures of a row: a Pod that a workload owns is one strip while it is folded, counts are a staircase.
    fn measures(&self, placed: &Placed, lane: &Lane, folded: bool) -> Measures {
        let family = self.timeline.family();
        let plain = measures(lane.kind);
        let owner = family.member(placed.lane).and_then(|m| m.owner);
        match lane.kind {
            LaneKind::Workload(WorkloadKind::CronJob) => Measures {
                bar_y: COUNTS,
                height: COUNTS + LEAST_STAIR + 5.0,
                bar_h: LEAST_STAIR,
                ..plain
            },
            // One run of a CronJob.
            LaneKind::Workload(WorkloadKind::Job) if folded && owner != Some(placed.lane) => Measures {
                height: COMPACT.0,
                bar_y: (COMPACT.0 - COMPACT.1) / 2.0,
                bar_h: COMPACT.1,
                strip: false,
                compact: true,
                ..plain
            },
            LaneKind::Workload(_) => {
                let outermost = owner == Some(placed.lane);
                stair(family.peak(placed.lane), if outermost { STAIR } else { LOWER_STAIR })
            }
            LaneKind::Service if folded => stair(family.endpoints(placed.lane).len() as u32, LOWER_STAIR),
            LaneKind::Pod if owner.is_some() => {
                let revision = family.member(placed.lane).and_then(|m| m.revision);
                let (height, bar_h) = if folded { COMPACT } else { (plain.height, plain.bar_h) };
                Measures {
                    height,
                    bar_y: (height - bar_h - EDGE) / 2.0,
                    bar_h,
                    strip: !folded,
                    revision,
                    compact: folded,
                    exit: family.exit(placed.lane),
                    ..plain
                }
            }
            _ => plain,
        }
    }

    fn place(&self, placed: Placed, lane: &'a Lane, track: &'a Track, y: f32, folded: bool) -> Place<'a> {
        let measures = self.measures(&placed, lane, folded);
        let gap = if placed.depth == 0 && y > 0.0 { GROUP_GAP } else { 0.0 };
        let top = y + gap;
        // Without bars there is nothing that marks could hide. Those of a strip are in the rows that it opens into.
        let strip = measures.strip && !track.spots.is_empty() && !track.bars.is_empty();
        let height = measures.height + if strip { STRIP } else { 0.0 };
        let visible = self.req.visible;
        Place {
            placed,
            lane,
            track,
            top,
            height,
            measures: Measures { strip, ..measures },
            folded,
            seen: visible.is_none_or(|(from, to)| top + height >= from && top <= to),
        }
    }

    fn row(&mut self, place: &Place<'_>) {
        let (rects, marks, areas) = (self.list.rects.len(), self.list.marks.len(), self.list.areas.len());
        if place.seen {
            self.fill(place);
        }
        self.list.rows.push(Row {
            lane: place.placed.lane,
            y: place.top,
            height: place.height,
            middle: place.measures.height / 2.0,
            folded: place.folded,
            rects: (rects, self.list.rects.len()),
            marks: (marks, self.list.marks.len()),
            areas: (areas, self.list.areas.len()),
        });
    }

    /// Paints what is in a row.
    fn fill(&mut self, place: &Place<'_>) {
        let Place {
            track, top, measures, ..
        } = place;
        let (id, kind, top) = (place.placed.lane, place.lane.kind, *top);
        match kind {
            LaneKind::Steps => self.flags(track, top, measures),
            LaneKind::Workload(WorkloadKind::CronJob) => {
                self.tick_line(track, top);
                self.stairs(id, track, top, measures);
            }
            LaneKind::Workload(_) => self.stairs(id, track, top, measures),
            LaneKind::Service if place.folded => self.endpoints(id, top, measures),
            LaneKind::Pod => self.edge(id, track, top, measures),
            _ => {}
        }
        if kind != LaneKind::Steps {
            self.bars(track, kind, top, measures);
            if !measures.compact {
                self.marks(track, kind, top, measures);
            }
        }
        self.ghosts(id, track, kind, top, measures);
        if self.timeline.family().member(id).and_then(|m| m.owner) == Some(id) {
            self.ghost_stairs(id, track, top, measures);
        }
        self.bands_of(track, kind, top, measures);
    }

    /// The stripe in the colour of its revision under all of a Pod's life.
    fn edge(&mut self, lane: LaneId, track: &Track, top: f32, measures: &Measures) {
        let revision = self.timeline.family().lettered(lane);
        let (Some(revision), Some(first), Some(last)) = (revision, track.bars.first(), track.bars.last()) else {
            return;
        };
        let (x0, x1) = (self.span_px(first).0, self.span_px(last).1);
        if x1 > x0 {
            self.list.areas.push(Area {
                x: x0,
                y: top + measures.bar_y + measures.bar_h + 1.0,
                w: (x1 - x0).max(1.0),
                h: EDGE - 0.5,
                fill: Fill::Edge,
                hue: hue_of(revision),
                entry: first.entry,
            });
        }
    }
}
