//! The forms of marks.

use std::fmt::Write;

use super::num;
use crate::view::layout::Mark;
use crate::view::layout::style::Shape;

/// Paints a mark.
pub(super) fn paint(out: &mut String, mark: &Mark) {
    let style = mark.style as u8;
    let (x, y) = (num(mark.x), num(mark.y));
    let at = |d: &str| format!("M{x} {y}{d}");
    let _ = match mark.shape {
        Shape::Disc => writeln!(out, "<circle class=\"m{style}\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>"),
        Shape::Cross => writeln!(
            out,
            "<path class=\"line l{style}\" d=\"{}\"/>",
            at("m-3.2-3.2l6.4 6.4m0-6.4l-6.4 6.4")
        ),
        Shape::BoxedCross => writeln!(
            out,
            "<path class=\"m{style}\" d=\"{}\"/><path class=\"cut\" d=\"{}\"/>",
            at("m-3.5-5.5h7q2 0 2 2v7q0 2-2 2h-7q-2 0-2-2v-7q0-2 2-2z"),
            at("m-2.5-2.5l5 5m0-5l-5 5")
        ),
        Shape::Diamond => writeln!(out, "<path class=\"m{style}\" d=\"{}\"/>", at("m0-4l4 4l-4 4l-4-4z")),
        Shape::Triangle => writeln!(out, "<path class=\"m{style}\" d=\"{}\"/>", at("m0-4.4l4.6 8h-9.2z")),
        Shape::Flag => writeln!(
            out,
            "<path class=\"line l{style}\" d=\"{}\"/><path class=\"m{style}\" d=\"{}\"/>",
            at("m0-10v20"),
            at("m0-10l6 2.8l-6 2.8z")
        ),
        Shape::Bolt => writeln!(
            out,
            "<path class=\"m{style} halo\" d=\"{}\"/>",
            at("m1.6-7.5l-5.4 8.7h3.2l-1.2 6.3l5.6-8.9h-3.3z")
        ),
        Shape::Ring => writeln!(
            out,
            "<circle class=\"line l{style}\" cx=\"{x}\" cy=\"{y}\" r=\"4.4\"/>\
             <circle class=\"m{style}\" cx=\"{x}\" cy=\"{y}\" r=\"1.8\"/>"
        ),
    };
}
