//! The draw list of the timeline: rows, rectangles, marks, words, links and the ruler for one window of time.
//!
//! All coordinates are CSS pixels; `x = 0` is the left edge of the window of time, `y = 0` the top of the first row.
//! The ruler and the lane labels are painted beside it by whoever paints. What is off the window is not in the list,
//! and what is narrower than a column is merged, so the list stays small however long the trace is.

mod bars;
mod ghosts;
pub mod glyphs;
mod hit;
mod links;
mod marks;
mod numbers;
mod rows;
pub mod ruler;
pub mod scale;
mod stairs;
pub mod style;

use self::glyphs::Advances;
use self::scale::Scale;
use self::style::{Fill, Shape, Style};
use super::bands::Bands;
use super::ghost::Ghost;
use super::timeline::Timeline;
use super::words::Lang;
use crate::map::Set;
use crate::time::{Calendar, Instant};
use crate::trace::{EntryId, LaneId, TraceLog};

/// What is to be drawn.
#[derive(Clone, Debug)]
pub struct Request {
    /// Width of the window in pixels.
    pub width: f32,
    /// First instant of the window.
    pub from: Instant,
    /// Last instant of the window.
    pub to: Instant,
    /// How far the trace is computed: open slices reach to here.
    pub now: Instant,
    /// Lanes that are folded.
    pub folded: Set<u32>,
    /// Lanes that begin folded and were opened; all others that begin so are folded. `None`: only `folded` counts.
    pub opened: Option<Set<u32>>,
    /// The entry whose chain of causes is drawn.
    pub selected: Option<EntryId>,
    /// Widths of characters in bars.
    pub advances: Advances,
    /// Rows outside these y are laid out but left empty. `None`: none is.
    pub visible: Option<(f32, f32)>,
    /// Language of the words.
    pub lang: Lang,
    /// The clock of the run.
    pub calendar: Calendar,
}

/// What is laid over a run to compare it with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Over<'a> {
    /// Another run: what differs in it is drawn as ghosts.
    pub ghost: Option<&'a Ghost>,
    /// How much the beginnings of entries vary.
    pub bands: Option<&'a Bands>,
}

/// A beginning that varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Earliest.
    pub from: f32,
    /// Latest.
    pub to: f32,
    /// Where this run has it.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Height.
    pub h: f32,
}

/// A row and the parts of the list that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its lane.
    pub lane: LaneId,
    /// Top.
    pub y: f32,
    /// Height.
    pub height: f32,
    /// From its top to the middle of its bars.
    pub middle: f32,
    /// Whether its lanes below are hidden.
    pub folded: bool,
    /// Position of its first rectangle and the first after it.
    rects: (usize, usize),
    /// Position of its first mark and the first after it.
    marks: (usize, usize),
    /// Position of its first area and the first after it.
    areas: (usize, usize),
}

/// A bar, or several merged into one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Style.
    pub style: Style,
    /// The entry; of merged ones the gravest.
    pub entry: u32,
}

/// A part of a staircase of counts, or of the strip of a Pod that a workload owns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Texture.
    pub fill: Fill,
    /// Colour: of a revision, or from [`style::STYLE_HUE`] on of a style.
    pub hue: u8,
    /// The entry.
    pub entry: u32,
}

/// An instant, or several that would cover each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Centre.
    pub x: f32,
    /// Centre.
    pub y: f32,
    /// Shape.
    pub shape: Shape,
    /// Style.
    pub style: Style,
    /// The entry.
    pub entry: u32,
}

/// Words inside a bar or beside a flag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Text {
    /// Left end.
    pub x: f32,
    /// Vertical middle.
    pub y: f32,
    /// Room to the right; the words are not wider.
    pub max_w: f32,
    /// Style of the bar they stand on.
    pub style: Style,
    /// Position in [`DrawList::strings`].
    pub string: u32,
}

/// A piece of the chain of causes: from the earlier point to the later one, to be drawn as a curve that leaves and
/// arrives horizontally.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The cause.
    pub from: (f32, f32),
    /// What followed.
    pub to: (f32, f32),
    /// 0: from one result to the next of the same probe; 1: from a cause to what followed.
    pub style: u8,
}

/// Everything that is painted.
#[derive(Clone, Debug, Default)]
pub struct DrawList {
    /// Height of all rows together.
    pub height: f32,
    /// Rows from the top.
    pub rows: Vec<Row>,
    /// Bars, row by row, from the left.
    pub rects: Vec<Rect>,
    /// Staircases and strips of Pods, row by row. They lie under the bars.
    pub areas: Vec<Area>,
    /// Marks, row by row. Later ones lie over earlier ones.
    pub marks: Vec<Mark>,
    /// Words.
    pub texts: Vec<Text>,
    /// The words themselves.
    pub strings: Vec<String>,
    /// The chain of causes, from the latest to the earliest.
    pub links: Vec<Link>,
    /// The ruler.
    pub ticks: Vec<ruler::Tick>,
    /// Bars of another run that are not in this one.
    pub ghosts: Vec<Rect>,
    /// Marks of another run that are not in this one.
    pub ghost_marks: Vec<Mark>,
    /// Beginnings that vary.
    pub bands: Vec<Band>,
}

/// Everything the parts of the layout need.
struct Painter<'a> {
    log: &'a TraceLog,
    timeline: &'a Timeline,
    req: &'a Request,
    over: Over<'a>,
    scale: Scale,
    /// Width of the columns in which narrow slices are merged.
    column: f32,
    list: DrawList,
}

/// Lays out one window of time.
pub fn lay_out(log: &TraceLog, timeline: &Timeline, req: &Request) -> DrawList {
    lay_out_over(log, timeline, req, Over::default())
}

/// Lays out one window of time with what it is compared with.
pub fn lay_out_over(log: &TraceLog, timeline: &Timeline, req: &Request, over: Over<'_>) -> DrawList {
    let scale = Scale::new(req.from, req.to, req.width);
    let mut painter = Painter {
        log,
        timeline,
        req,
        over,
        scale,
        column: bars::COLUMN,
        list: DrawList {
            ticks: ruler::ticks(&scale, req.calendar),
            ..DrawList::default()
        },
    };
    painter.rows();
    painter.links();
    painter.list
}

impl Painter<'_> {
    fn text(&mut self, x: f32, y: f32, max_w: f32, style: Style, words: &str) {
        // Bars side by side often say the same: the last few strings are looked through for it.
        let known = self.list.strings.iter().rev().take(24).position(|s| s == words);
        let string = match known {
            Some(back) => self.list.strings.len() - 1 - back,
            None => {
                self.list.strings.push(words.to_owned());
                self.list.strings.len() - 1
            }
        };
        self.list.texts.push(Text {
            x,
            y,
            max_w,
            style,
            string: string as u32,
        });
    }
}

#[cfg(test)]
mod tests;
