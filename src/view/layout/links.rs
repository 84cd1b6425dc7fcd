//! The chain of causes of the selected entry, as pieces from point to point.

use super::{Link, Painter};
use crate::map::Map;
use crate::trace::{EntryId, What};
use crate::view::lanes;
use crate::view::why::{chain, results_before};

impl Painter<'_> {
    /// Draws the chain into the list.
    pub(super) fn links(&mut self) {
        let Some(selected) = self.req.selected else { return };
        let Some(entry) = self.log.get(selected) else { return };
        let middles: Map<u32, f32> = self
            .list
            .rows
            .iter()
            .map(|row| (row.lane.0, row.y + row.middle))
            .collect();
        let mut later = self.points(selected, entry.at.micros(), &middles);
        for id in chain(self.log, selected) {
            let Some(cause) = self.log.get(id) else { break };
            let points = self.points(id, cause.at.micros(), &middles);
            if let (Some(from), Some(to)) = (points.last(), later.first()) {
                self.link(*from, *to, 1);
            }
            if !points.is_empty() {
                later = points;
            }
        }
    }

    /// The points of an entry, oldest first: the results behind a verdict, else the entry alone. Draws the pieces
    /// between them. Empty when its row is nowhere to be seen.
    fn points(&mut self, id: EntryId, at: i64, middles: &Map<u32, f32>) -> Vec<(f32, f32)> {
        let Some(entry) = self.log.get(id) else {
            return Vec::new();
        };
        // A folded row stands for everything under it.
        let row = lanes::outwards(self.log, entry.lane).find_map(|lane| middles.get(&lane.0));
        let Some(y) = row.copied() else { return Vec::new() };
        let times: Vec<i64> = match entry.what {
            What::ProbeVerdict { .. } => results_before(self.log, id).iter().map(|t| t.micros()).collect(),
            _ => Vec::new(),
        };
        let times = if times.is_empty() { vec![at] } else { times };
        let points: Vec<_> = times.iter().map(|t| (self.scale.px(*t), y)).collect();
        for pair in points.windows(2) {
            if let [from, to] = pair {
                self.link(*from, *to, 0);
            }
        }
        points
    }

    fn link(&mut self, from: (f32, f32), to: (f32, f32), style: u8) {
        let width = self.scale.width();
        let outside = from.0.max(to.0) < 0.0 || from.0.min(to.0) > width;
        let same = (from.0 - to.0).abs() < 0.5 && (from.1 - to.1).abs() < 0.5;
        if !outside && !same {
            self.list.links.push(Link { from, to, style });
        }
    }
}
