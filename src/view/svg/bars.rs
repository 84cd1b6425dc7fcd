//! Bars, and what lies behind and over them: the other run of a comparison, and the bands of what varies.

use std::fmt::Write;

use super::{Painter, num};
use crate::view::layout::Rect;
use crate::view::layout::style::Style;

/// A rectangle's place, with rounded corners.
fn place(rect: &Rect) -> String {
    let radius = if rect.w < 5.0 { 1.0 } else { (rect.h / 4.0).min(4.0) };
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"",
        num(rect.x),
        num(rect.y),
        num(rect.w.max(0.5)),
        num(rect.h),
        num(radius)
    )
}

impl Painter<'_> {
    /// The patterns that bars refer to: what runs and is not ready, and what waits or is eaten.
    pub(super) fn patterns(&self) -> String {
        ["hatch", "streak"]
            .iter()
            .map(|name| {
                format!(
                    "<pattern id=\"{id}-{name}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
                     patternTransform=\"rotate(45)\"><path class=\"{name}\" d=\"M0 0V6\"/></pattern>",
                    id = self.id
                )
            })
            .collect()
    }

    /// The bars of the run.
    pub(super) fn bars(&mut self) {
        for rect in &self.list.rects {
            let (style, at) = (rect.style as u8, place(rect));
            // What nobody needed of a grace period is there, and empty.
            let class = if rect.style == Style::GraceLeft { "hollow " } else { "" };
            let _ = writeln!(self.out, "<rect class=\"{class}s{style}\" {at}/>");
            let over = match rect.style {
                Style::RunningUnready => "hatch",
                Style::Waiting | Style::GraceEaten => "streak",
                _ => continue,
            };
            if rect.w > 3.0 {
                let _ = writeln!(self.out, "<rect fill=\"url(#{}-{over})\" {at}/>", self.id);
            }
        }
    }

    /// Bars that another run has and this one has not: where they were, behind everything.
    pub(super) fn ghosts(&mut self) {
        for rect in &self.list.ghosts {
            let wide = Rect {
                y: rect.y - 2.5,
                h: rect.h + 5.0,
                ..*rect
            };
            let _ = writeln!(
                self.out,
                "<rect class=\"ghost s{style} l{style}\" {}/>",
                place(&wide),
                style = rect.style as u8
            );
        }
    }

    /// Between the earliest and the latest beginning of an entry: a veil over the bars, and a line with ends that says
    /// how far it reaches.
    pub(super) fn bands(&mut self) {
        let mut reach = String::new();
        for band in &self.list.bands {
            let (from, to) = (band.from.min(band.x - 1.0), band.to.max(band.x + 1.0));
            let _ = writeln!(
                self.out,
                "<rect class=\"veil\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                num(from),
                num(band.y),
                num(to - from),
                num(band.h)
            );
            let _ = write!(
                reach,
                "M{} {y}v3.5m0-1.5H{}m0-2v3.5",
                num(from),
                num(to),
                y = num(band.y + band.h)
            );
        }
        if !reach.is_empty() {
            let _ = writeln!(self.out, "<path class=\"reach\" d=\"{reach}\"/>");
        }
    }
}
