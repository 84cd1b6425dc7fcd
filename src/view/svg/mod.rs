//! The timeline as one self-contained SVG: the draw list, painted with a ruler above and lane labels beside it.
//!
//! Text stays text, colours follow the reader's theme unless one is forced, and everything from the manifest is
//! escaped. All classes and ids begin with `podscope`, so that the figure can stand inside a page.

mod areas;
mod bars;
mod marks;
mod theme;

use std::fmt::Write;

pub use theme::Theme;

use super::layout::glyphs::Advances;
use super::layout::style::{Style, hue_of, letter_of};
use super::layout::{DrawList, Over, Request, Row, lay_out_over};
use super::markdown;
use super::timeline::Timeline;
use super::words::Lang;
use crate::time::{Calendar, Instant};
use crate::trace::TraceLog;

/// Width of the column of labels, and the indentation of a level in it.
const COLUMN: (f32, f32) = (178.0, 12.0);

/// The same in a figure narrower than [`NARROW`]: names of probes with their numbers still fit.
const NARROW_COLUMN: (f32, f32) = (128.0, 6.0);

/// Below this width the plot needs the room more than the labels.
const NARROW: f32 = 560.0;

/// Empty space around everything.
const EDGE: f32 = 12.0;

/// Height of the ruler.
const RULER: f32 = 26.0;

/// Height of the title, when there is one.
const TITLE: f32 = 30.0;

/// Size of the words in bars.
const BAR_FONT: f32 = 11.0;

/// What is painted and how.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    /// Width in pixels, labels included.
    pub width: f32,
    /// The colours.
    pub theme: Theme,
    /// First instant.
    pub from: Instant,
    /// Last instant.
    pub to: Instant,
    /// How far the trace is computed.
    pub now: Instant,
    /// Title above the figure; may be empty.
    pub title: &'a str,
    /// Language of the words.
    pub lang: Lang,
    /// What is laid over the run: another run, and how much its instants vary.
    pub over: Over<'a>,
}

/// Escapes text for element content and attributes. Characters that XML does not know become a replacement sign.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A number as SVG writes it: one decimal, none when it is zero.
pub(super) fn num(x: f32) -> String {
    let x = if x.is_finite() { x.clamp(-1e6, 1e6) } else { 0.0 };
    let tenths = (x * 10.0).round() as i64;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (0, rest) if tenths < 0 => format!("-.{}", rest.abs()),
        (0, rest) => format!(".{rest}"),
        (whole, rest) => format!("{whole}.{}", rest.abs()),
    }
}

/// Paints a figure.
pub fn svg(log: &TraceLog, timeline: &Timeline, figure: &Figure<'_>) -> String {
    let width = if figure.width.is_finite() {
        figure.width.clamp(320.0, 4000.0)
    } else {
        960.0
    };
    let (gutter, indent) = if width < NARROW { NARROW_COLUMN } else { COLUMN };
    let request = Request {
        width: width - gutter - 2.0 * EDGE,
        from: figure.from,
        to: figure.to,
        now: figure.now,
        folded: timeline
            .order(log)
            .iter()
            .filter(|p| p.folded)
            .map(|p| p.lane.0)
            .collect(),
        opened: None,
        selected: None,
        advances: Advances::sans(BAR_FONT),
        visible: None,
        lang: figure.lang,
        calendar: Calendar::at(0),
    };
    let list = lay_out_over(log, timeline, &request, figure.over);
    let id = name_of(figure.title, width, list.height, log.entries().len());
    let mut painter = Painter {
        id,
        log,
        timeline,
        figure,
        list: &list,
        width,
        gutter,
        indent,
        plot: request.width,
        out: String::with_capacity(16_384),
    };
    painter.document();
    painter.out
}

/// A name for the ids of a figure, so that several can stand in one page.
fn name_of(title: &str, width: f32, height: f32, entries: usize) -> String {
    let facts = format!("{title}/{width}/{height}/{entries}");
    let hash = facts.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("podscope-{hash:08x}")
}

struct Painter<'a> {
    id: String,
    log: &'a TraceLog,
    timeline: &'a Timeline,
    figure: &'a Figure<'a>,
    list: &'a DrawList,
    width: f32,
    gutter: f32,
    indent: f32,
    plot: f32,
    out: String,
}

impl Painter<'_> {
    fn document(&mut self) {
        let title_height = if self.figure.title.is_empty() { 0.0 } else { TITLE };
        let top = EDGE + title_height + RULER;
        let height = top + self.list.height + EDGE;
        let fixed = self.figure.lang.fixed();
        let title = if self.figure.title.is_empty() {
            fixed.figure
        } else {
            self.figure.title
        };
        let _ = write!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"podscope\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
            escape(title),
            escape(&markdown::summary(self.log, self.figure.lang)),
            w = num(self.width),
            h = num(height),
            id = self.id,
        );
        let _ = writeln!(
            self.out,
            "<style>{}</style>",
            theme::css(self.figure.theme, !self.list.areas.is_empty())
        );
        let _ = writeln!(
            self.out,
            "<defs><clipPath id=\"{id}-plot\"><rect x=\"-1\" y=\"0\" width=\"{}\" height=\"{}\"/></clipPath>\
             {}{}</defs>",
            num(self.plot + 2.0),
            num(self.list.height),
            self.patterns(),
            self.hatchings(),
            id = self.id,
        );
        let _ = writeln!(
            self.out,
            "<rect class=\"paper\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
            num(self.width),
            num(height)
        );
        if !self.figure.title.is_empty() {
            let room = self.width - 2.0 * EDGE - 8.0;
            let words = Advances::sans(15.0).clip(self.figure.title, room);
            self.words("title", EDGE + 4.0, EDGE + 11.0, &words);
        }
        let _ = writeln!(
            self.out,
            "<g transform=\"translate({} {})\">",
            num(EDGE + self.gutter),
            num(top)
        );
        self.grid();
        self.labels();
        let _ = writeln!(self.out, "<g clip-path=\"url(#{id}-plot)\">", id = self.id);
        self.ghosts();
        self.areas();
        self.bars();
        self.bands();
        let _ = writeln!(self.out, "</g>");
        self.marks();
        self.texts();
        self.out.push_str("</g>\n</svg>\n");
    }

    fn words(&mut self, class: &str, x: f32, y: f32, words: &str) {
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            num(x),
            num(y),
            escape(words)
        );
    }

    fn grid(&mut self) {
        let mut lines = String::new();
        for tick in &self.list.ticks {
            let _ = write!(lines, "M{} 0V{}", num(tick.x), num(self.list.height));
        }
        let _ = writeln!(self.out, "<path class=\"grid\" d=\"{lines}\"/>");
        for tick in &self.list.ticks {
            // The last label would stand half outside.
            let end = tick.x > self.plot - 24.0;
            let class = if end { "tick end" } else { "tick" };
            let x = if end { tick.x.min(self.plot) } else { tick.x };
            self.words(class, x, -10.0, &tick.label);
        }
        let mut lines = String::new();
        for (_, row) in self.rows_in_place().iter().skip(1).filter(|(depth, _)| *depth == 0) {
            let _ = write!(lines, "M{} {}H{}", num(-self.gutter), num(row.y - 3.0), num(self.plot));
        }
        let _ = writeln!(self.out, "<path class=\"rule\" d=\"{lines}\"/>");
        let mut staffs = String::new();
        for mark in self.list.marks.iter().filter(|m| m.style == Style::Step) {
            let _ = write!(staffs, "M{} {}V{}", num(mark.x), num(mark.y), num(self.list.height));
        }
        if !staffs.is_empty() {
            let _ = writeln!(self.out, "<path class=\"staff\" d=\"{staffs}\"/>");
        }
    }

    fn labels(&mut self) {
        for (placed, row) in self.rows_in_place() {
            let label = super::lanes::label(self.log, self.timeline, row.lane, self.figure.lang);
            let (class, size) = match placed {
                0 => ("lane", 12.5),
                1 => ("lane part", 12.0),
                _ => ("lane detail", 11.5),
            };
            let mut x = 4.0 - self.gutter + f32::from(placed.min(3)) * self.indent;
            let middle = row.y + row.middle;
            if let Some(revision) = self.timeline.family().lettered(row.lane) {
                self.chip(revision, x, middle - if label.note.is_empty() { 0.0 } else { 7.0 });
                x += 17.0;
            }
            // Bold letters are about a tenth wider than the table says.
            let room = (-10.0 - x) / if placed == 0 { 1.12 } else { 1.0 };
            let words = Advances::sans(size).clip(&label.name, room);
            if label.note.is_empty() {
                self.words(class, x, middle, &words);
                continue;
            }
            self.words(class, x, middle - 7.0, &words);
            let note = Advances::sans(10.5).clip(&label.note, room);
            self.words("lane note", x, middle + 8.0, &note);
        }
    }

    /// The colour and the letter of a revision.
    fn chip(&mut self, revision: u8, x: f32, y: f32) {
        let _ = writeln!(
            self.out,
            "<rect fill=\"var(--r{})\" x=\"{}\" y=\"{}\" width=\"13\" height=\"13\" rx=\"3\"/>",
            hue_of(revision),
            num(x),
            num(y - 6.5)
        );
        self.words("chip", x + 6.5, y, &letter_of(revision).to_string());
    }

    /// Rows with their depth.
    fn rows_in_place(&self) -> Vec<(u8, Row)> {
        let mut rows = self.list.rows.iter();
        let mut out = Vec::with_capacity(self.list.rows.len());
        let mut next = rows.next();
        for placed in self.timeline.order(self.log).iter() {
            if let Some(row) = next.filter(|row| row.lane == placed.lane) {
                out.push((placed.depth, row.clone()));
                next = rows.next();
            }
        }
        out
    }

    fn marks(&mut self) {
        for mark in &self.list.ghost_marks {
            if (-1.0..=self.plot + 1.0).contains(&mark.x) {
                self.out.push_str("<g opacity=\".35\">");
                marks::paint(&mut self.out, mark);
                self.out.push_str("</g>\n");
            }
        }
        for mark in &self.list.marks {
            if (-1.0..=self.plot + 1.0).contains(&mark.x) {
                marks::paint(&mut self.out, mark);
            }
        }
    }

    fn texts(&mut self) {
        for text in &self.list.texts {
            if let Some(words) = self.list.strings.get(text.string as usize) {
                self.words(&format!("t{}", text.style as u8), text.x, text.y, words);
            }
        }
    }
}

#[cfg(test)]
mod tests;
