//! Hit testing: which entry lies under a point of the draw list.

use super::DrawList;
use super::style::{Fill, Style};

/// How far from a mark's centre a point still means it.
const MARK_REACH: f32 = 7.0;

/// How far beside a bar a point still means it. Narrow bars must be possible to hit with a finger.
const BAR_REACH: f32 = 3.0;

impl DrawList {
    /// The entry under a point: a mark if one is near, else the nearest bar, the narrower one first.
    pub fn hit(&self, x: f32, y: f32) -> Option<u32> {
        let row = self.rows.partition_point(|row| row.y + row.height <= y);
        let row = self.rows.get(row).filter(|row| row.y <= y)?;
        let marks = self.marks.get(row.marks.0..row.marks.1)?;
        let near = |dx: f32, dy: f32| dx * dx + dy * dy;
        let mark = marks
            .iter()
            .map(|m| (near(m.x - x, m.y - y), m))
            .filter(|(d, _)| *d <= MARK_REACH * MARK_REACH)
            // Of marks at one place the last is on top.
            .reduce(|best, m| if m.0 <= best.0 { m } else { best });
        if let Some((_, mark)) = mark {
            return Some(mark.entry);
        }
        let away = |x0: f32, y0: f32, w: f32, h: f32| {
            let beside = (x0 - x).max(x - (x0 + w)).max(0.0);
            let above = (y0 - y).max(y - (y0 + h)).max(0.0);
            (beside, above)
        };
        let rects = self.rects.get(row.rects.0..row.rects.1)?.iter().filter_map(|r| {
            let (beside, above) = away(r.x, r.y, r.w, r.h);
            // A step's box has words of its own, everything else fills its row.
            let reach = if r.style == Style::Step { 0.0 } else { BAR_REACH };
            (beside <= reach && above <= BAR_REACH).then_some((beside + above, r.w, r.entry))
        });
        // A step of a staircase is meant anywhere above and below it in its row.
        let areas = self.areas.get(row.areas.0..row.areas.1)?.iter();
        let areas = areas.filter(|a| a.fill != Fill::Edge).filter_map(|a| {
            let (beside, above) = away(a.x, a.y, a.w, a.h);
            (beside <= BAR_REACH).then_some((beside + above, a.w, a.entry))
        });
        rects
            .chain(areas)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)))
            .map(|(_, _, entry)| entry)
    }
}
