//! Rows: which lanes are visible under the current folding, where each lies, and what is painted in it.

use super::{Painter, Row};
use crate::map::Set;
use crate::trace::{Lane, LaneKind};
use crate::view::lanes::Placed;

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
}

/// Height of the strip for marks.
pub(super) const STRIP: f32 = 10.0;

/// Empty space above a Pod, a Service or a node.
const GROUP_GAP: f32 = 6.0;

/// The measures of a kind of lane.
pub(super) fn measures(kind: LaneKind) -> Measures {
    let m = |height, bar_h, words, strip| Measures {
        height,
        bar_y: (height - bar_h) / 2.0,
        bar_h,
        words,
        strip,
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

impl Painter<'_> {
    /// Lays out all rows and fills those in sight.
    pub(super) fn rows(&mut self) {
        let (timeline, log) = (self.timeline, self.log);
        let mut hidden: Set<u32> = Set::new();
        let mut y = 0.0;
        for placed in timeline.order().iter() {
            let id = placed.lane.0;
            let folded = placed.foldable && self.req.folded.contains(&id);
            let under_fold = placed.parent.is_some_and(|p| hidden.contains(&p.0));
            if under_fold || folded {
                hidden.insert(id);
            }
            let Some(lane) = log.lanes().get(id as usize).filter(|_| !under_fold) else {
                continue;
            };
            y = self.row(placed, lane, y, folded);
        }
        self.list.height = y;
    }

    fn row(&mut self, placed: &Placed, lane: &Lane, y: f32, folded: bool) -> f32 {
        let Some(track) = self.timeline.track(placed.lane) else {
            return y;
        };
        let measures = measures(lane.kind);
        let gap = if placed.depth == 0 && y > 0.0 { GROUP_GAP } else { 0.0 };
        let top = y + gap;
        // Without bars there is nothing that marks could hide.
        let measures = Measures {
            strip: measures.strip && !track.spots.is_empty() && !track.bars.is_empty(),
            ..measures
        };
        let strip = if measures.strip { STRIP } else { 0.0 };
        let height = measures.height + strip;
        let (rects, marks) = (self.list.rects.len(), self.list.marks.len());
        let seen = self
            .req
            .visible
            .is_none_or(|(from, to)| top + height >= from && top <= to);
        if seen {
            match lane.kind {
                LaneKind::Steps => self.flags(track, top, &measures),
                _ => {
                    self.bars(track, lane.kind, top, &measures);
                    self.marks(track, lane.kind, top, &measures);
                }
            }
            self.ghosts(placed.lane, track, lane.kind, top, &measures);
            self.bands_of(track, lane.kind, top, &measures);
        }
        self.list.rows.push(Row {
            lane: placed.lane,
            y: top,
            height,
            middle: measures.height / 2.0,
            folded,
            rects: (rects, self.list.rects.len()),
            marks: (marks, self.list.marks.len()),
        });
        top + height
    }
}
