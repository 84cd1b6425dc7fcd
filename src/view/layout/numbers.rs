//! The draw list as columns of numbers, in the order of the contract with the page.

use super::DrawList;
use crate::view::boundary::TickLabel;

impl DrawList {
    /// `[lane, y, height, middle]` each, from the top; `middle` is that of its bars, where its name stands.
    pub fn row_numbers(&self) -> Vec<f32> {
        let rows = self.rows.iter();
        rows.flat_map(|r| [r.lane.0 as f32, r.y, r.height, r.middle]).collect()
    }

    /// `[x, y, w, h, style, entry]` each.
    pub fn rect_numbers(&self) -> Vec<f32> {
        let rects = self.rects.iter();
        rects
            .flat_map(|r| [r.x, r.y, r.w, r.h, f32::from(r.style as u8), r.entry as f32])
            .collect()
    }

    /// `[x, y, w, h, fill, colour, entry]` each.
    pub fn area_numbers(&self) -> Vec<f32> {
        let areas = self.areas.iter();
        areas
            .flat_map(|a| {
                let look = [f32::from(a.fill as u8), f32::from(a.hue), a.entry as f32];
                [a.x, a.y, a.w, a.h].into_iter().chain(look)
            })
            .collect()
    }

    /// `[x, y, shape, style, entry]` each.
    pub fn mark_numbers(&self) -> Vec<f32> {
        let marks = self.marks.iter();
        marks
            .flat_map(|m| {
                [
                    m.x,
                    m.y,
                    f32::from(m.shape as u8),
                    f32::from(m.style as u8),
                    m.entry as f32,
                ]
            })
            .collect()
    }

    /// `[x, y, max_w, style, string]` each.
    pub fn text_numbers(&self) -> Vec<f32> {
        let texts = self.texts.iter();
        texts
            .flat_map(|t| [t.x, t.y, t.max_w, f32::from(t.style as u8), t.string as f32])
            .collect()
    }

    /// `[x1, y1, x2, y2, style]` each.
    pub fn link_numbers(&self) -> Vec<f32> {
        let links = self.links.iter();
        links
            .flat_map(|l| [l.from.0, l.from.1, l.to.0, l.to.1, f32::from(l.style)])
            .collect()
    }

    /// `[x, y, w, h, style]` each: bars of another run that are not in this one.
    pub fn ghost_numbers(&self) -> Vec<f32> {
        let ghosts = self.ghosts.iter();
        ghosts
            .flat_map(|g| [g.x, g.y, g.w, g.h, f32::from(g.style as u8)])
            .collect()
    }

    /// `[x, y, shape, style]` each: marks of another run that are not in this one.
    pub fn ghost_mark_numbers(&self) -> Vec<f32> {
        let marks = self.ghost_marks.iter();
        marks
            .flat_map(|m| [m.x, m.y, f32::from(m.shape as u8), f32::from(m.style as u8)])
            .collect()
    }

    /// `[x1, x2, y, h, x]` each: a beginning at `x` that other runs of the same text have between `x1` and `x2`.
    pub fn band_numbers(&self) -> Vec<f32> {
        let bands = self.bands.iter();
        bands.flat_map(|b| [b.from, b.to, b.y, b.h, b.x]).collect()
    }

    /// The ruler.
    pub fn tick_labels(&self) -> Vec<TickLabel> {
        let ticks = self.ticks.iter().map(|t| TickLabel {
            x: t.x,
            label: t.label.clone(),
            wall: t.wall.clone(),
        });
        ticks.collect()
    }
}
