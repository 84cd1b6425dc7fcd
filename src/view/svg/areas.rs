//! Staircases of counts and strips of Pods: texture says the state, colour the revision.

use std::fmt::Write;

use super::{Painter, num};
use crate::view::layout::Area;
use crate::view::layout::style::{Fill, REVISIONS, STYLE_HUE};

/// The variable that holds a colour.
fn colour(hue: u8) -> String {
    match hue.checked_sub(STYLE_HUE) {
        Some(style) => format!("var(--b{style})"),
        None => format!("var(--r{hue})"),
    }
}

impl Painter<'_> {
    /// A hatching for each revision, where the figure has areas.
    pub(super) fn hatchings(&self) -> String {
        if self.list.areas.is_empty() {
            return String::new();
        }
        let one = |hue: u8| {
            format!(
                "<pattern id=\"{id}-r{hue}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
                 patternTransform=\"rotate(45)\"><path stroke=\"{colour}\" stroke-width=\"4.4\" d=\"M0 0V6\"/></pattern>",
                id = self.id,
                colour = colour(hue)
            )
        };
        (0..REVISIONS).map(one).collect()
    }

    /// All areas, and the lines that say how many are wanted.
    pub(super) fn areas(&mut self) {
        let list = self.list;
        if list.areas.is_empty() {
            return;
        }
        // Without soft edges no ground shows between the steps.
        self.out.push_str("<g shape-rendering=\"crispEdges\">\n");
        for area in list.areas.iter().filter(|a| a.fill != Fill::Outline) {
            self.area(area);
        }
        self.out.push_str("</g>\n");
        let mut line = String::new();
        let mut before: Option<&Area> = None;
        for area in list.areas.iter().filter(|a| a.fill == Fill::Outline && a.h > 0.0) {
            let joined =
                before.is_some_and(|b| (b.x + b.w - area.x).abs() < 0.6 && (b.y + b.h - area.y - area.h).abs() < 0.6);
            let _ = match joined {
                true => write!(line, "V{}", num(area.y)),
                false => write!(line, "M{} {}", num(area.x), num(area.y)),
            };
            let _ = write!(line, "H{}", num(area.x + area.w));
            before = Some(area);
        }
        if !line.is_empty() {
            let _ = writeln!(self.out, "<path class=\"wanted\" d=\"{line}\"/>");
        }
    }

    fn area(&mut self, area: &Area) {
        let at = format!(
            "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            num(area.x),
            num(area.y),
            num(area.w.max(0.5)),
            num(area.h)
        );
        let colour = colour(area.hue);
        let _ = match area.fill {
            Fill::Solid | Fill::Outline => writeln!(self.out, "<rect fill=\"{colour}\" {at}/>"),
            Fill::Edge => writeln!(self.out, "<rect rx=\"1\" fill=\"{colour}\" {at}/>"),
            Fill::Pale => writeln!(self.out, "<rect fill=\"{colour}\" fill-opacity=\".22\" {at}/>"),
            Fill::Hatched => writeln!(
                self.out,
                "<rect fill=\"{colour}\" fill-opacity=\".22\" {at}/><rect fill=\"url(#{}-r{})\" fill-opacity=\".5\" {at}/>",
                self.id, area.hue
            ),
        };
    }
}
