//! Bars: slices as rectangles with words in them, merged by column where they are narrower than one.

use super::rows::Measures;
use super::style::{Fill, STYLE_HUE, Style, hue_of};
use super::{Area, Painter, Rect};
use crate::trace::{LaneKind, Rule, What};
use crate::view::timeline::{Bar, OPEN, Role, Track, result_at};

/// Slices narrower than a column are merged; a column is at least so many pixels wide.
pub(super) const COLUMN: f32 = 2.0;

/// About so many rectangles may all the rows have together. Long traces get wider columns to keep to it.
const BUDGET: f32 = 16_000.0;

/// How far bars may reach over the edges of the window, so that their rounded ends are out of sight.
const OVERHANG: f32 = 12.0;

/// Space between the edge of a bar and its words.
const PADDING: f32 = 6.0;

/// Bars narrower than this carry no words at all.
const WORDS_FROM: f32 = 18.0;

/// Heights of a back-off window's step of the stairs: 10 s, 20 s, 40 s, 80 s, 160 s, and all that is longer.
const STAIRS: [f32; 6] = [4.0, 6.0, 8.0, 13.0, 16.0, 20.0];

/// Words need so much height.
const LINE: f32 = 12.0;

/// Height of the thin line of a container that has ended well.
const TAIL: f32 = 4.0;

/// Probe results closer together than this become a band.
pub(super) const TICK_GAP: f32 = 7.0;

/// Slices of one column that wait to be drawn as one rectangle.
struct Merged {
    first: i64,
    last: i64,
    style: Style,
    entry: u32,
}

/// The width of a column for a request of `width` pixels, with these rows in sight.
pub(super) fn column_for<'a>(width: f32, tracks: impl Iterator<Item = &'a Track>) -> f32 {
    let (mut slices, mut busy) = (0, 0);
    for track in tracks {
        slices += track.bars.len();
        busy += usize::from(!track.bars.is_empty());
    }
    if (slices as f32) <= BUDGET {
        return COLUMN;
    }
    (width * busy as f32 / BUDGET).clamp(COLUMN, 4.0 * COLUMN)
}

/// How a bar of an owned Pod is filled, in which colour, and the style of the words on it; `None` when it is a plain bar.
fn dress(style: Style, measures: &Measures) -> Option<(Fill, u8, Style)> {
    match (style, measures.revision) {
        (Style::Running, Some(revision)) => Some((Fill::Solid, hue_of(revision), Style::Running)),
        (Style::RunningUnready, Some(revision)) => Some((Fill::Hatched, hue_of(revision), Style::Note)),
        (Style::Succeeded | Style::Failed, _) if measures.compact => {
            Some((Fill::Pale, STYLE_HUE + style as u8, Style::Note))
        }
        _ => None,
    }
}

impl Painter<'_> {
    /// The bars of a row.
    pub(super) fn bars(&mut self, track: &Track, kind: LaneKind, top: f32, measures: &Measures) {
        let scale = self.scale;
        let margin = scale.at(OVERHANG).saturating_sub(scale.from());
        let (from, to) = (scale.from().saturating_sub(margin), scale.to().saturating_add(margin));
        let (y, h) = (top + measures.bar_y, measures.bar_h);
        let mut merged: Option<Merged> = None;
        // A wait that was refused several times is several bars, one after the other: one of them says how long it is.
        let (mut waited, mut told) = (i64::MIN, false);
        for bar in track.bars_in(from, to) {
            let (x0, x1) = self.span_px(bar);
            if x1 < -OVERHANG {
                continue;
            }
            match bar.role {
                Role::Main if x1 - x0 < self.column => {
                    let column = (x0.max(-OVERHANG) / self.column).floor() as i64;
                    merged = self.merge(merged, column, bar, y, measures);
                }
                Role::Main => {
                    self.flush(merged.take(), y, measures);
                    self.bar(bar, kind, (x0, x1), y, measures);
                }
                Role::Tail => self.line(bar, (x0, x1), y + (h - TAIL) / 2.0, TAIL),
                Role::Under => {
                    told &= bar.start <= waited;
                    waited = bar.end;
                    told |= self.stair(bar, kind, (x0, x1), y, h, told);
                }
                Role::Probes => self.band(bar, (x0, x1), y, h),
                Role::Counts => {}
            }
        }
        self.flush(merged, y, measures);
    }

    /// Left and right end of a bar in pixels, cut off outside the window.
    pub(super) fn span_px(&self, bar: &Bar) -> (f32, f32) {
        let end = match bar.end {
            OPEN => self.req.now.micros().max(bar.start),
            end => end,
        };
        let right = self.scale.width() + OVERHANG;
        let x0 = self.scale.px(bar.start).clamp(-OVERHANG, right);
        let x1 = self.scale.px(end).clamp(-OVERHANG * 2.0, right);
        (x0, x1)
    }

    fn merge(&mut self, pending: Option<Merged>, column: i64, bar: &Bar, y: f32, m: &Measures) -> Option<Merged> {
        match pending {
            Some(mut one) if one.last == column => {
                if bar.style.weight() > one.style.weight() {
                    if one.first < column {
                        // The columns before keep their own style.
                        self.flush(
                            Some(Merged {
                                last: column - 1,
                                ..one
                            }),
                            y,
                            m,
                        );
                        one.first = column;
                    }
                    (one.style, one.entry) = (bar.style, bar.entry);
                }
                Some(one)
            }
            Some(one) if one.last + 1 == column && one.style == bar.style => Some(Merged { last: column, ..one }),
            pending => {
                self.flush(pending, y, m);
                Some(Merged {
                    first: column,
                    last: column,
                    style: bar.style,
                    entry: bar.entry,
                })
            }
        }
    }

    fn flush(&mut self, merged: Option<Merged>, y: f32, measures: &Measures) {
        let Some(m) = merged else { return };
        let rect = Rect {
            x: m.first as f32 * self.column,
            y,
            w: (m.last - m.first + 1) as f32 * self.column,
            h: measures.bar_h,
            style: m.style,
            entry: m.entry,
        };
        self.put(rect, measures);
    }

    /// A rectangle. Of a Pod that a workload owns it is an area: in the colour of its revision while it runs, pale when it
    /// has ended. Returns the style of the words on it.
    fn put(&mut self, rect: Rect, measures: &Measures) -> Style {
        let Some((fill, hue, words)) = dress(rect.style, measures) else {
            self.list.rects.push(rect);
            return rect.style;
        };
        self.list.areas.push(Area {
            x: rect.x,
            y: rect.y,
            w: rect.w,
            h: rect.h,
            fill,
            hue,
            entry: rect.entry,
        });
        words
    }

    fn bar(&mut self, bar: &Bar, kind: LaneKind, (x0, x1): (f32, f32), y: f32, measures: &Measures) {
        // A hair of space between neighbours, but never at the price of the bar.
        let gap = if x1 - x0 > 4.0 { 1.0 } else { 0.0 };
        let rect = Rect {
            x: x0,
            y,
            w: x1 - x0 - gap,
            h: measures.bar_h,
            style: bar.style,
            entry: bar.entry,
        };
        let style = self.put(rect, measures);
        if bar.style == Style::Grace {
            self.grace(bar, y, measures.bar_h);
        }
        let left = rect.x.max(0.0) + PADDING;
        let right = (rect.x + rect.w).min(self.scale.width()) - PADDING;
        let room = right - left;
        if !measures.words || room + 2.0 * PADDING < WORDS_FROM {
            return;
        }
        let Some(entry) = self.log.entries().get(bar.entry as usize) else {
            return;
        };
        let wordings = match (&entry.what, measures.exit) {
            (What::Status { status, .. }, Some(code)) if measures.compact && bar.style == Style::Failed => {
                vec![format!("{status} · {}", self.req.lang.exit(code)), status.to_string()]
            }
            (What::Status { status, .. }, _) if measures.compact && bar.style == Style::Succeeded => {
                vec![status.to_string()]
            }
            _ => self.req.lang.labels(kind, &entry.what),
        };
        if let Some(words) = self.req.advances.fit(&wordings, room) {
            self.text(left, y + measures.bar_h / 2.0, room, style, &words);
        }
    }

    /// A grace period is a bar that is eaten: by hooks and waiting before the stop signal, by the process after it.
    /// What nobody needed stays behind, hollow.
    fn grace(&mut self, bar: &Bar, y: f32, h: f32) {
        let Some(entry) = self.log.entries().get(bar.entry as usize) else {
            return;
        };
        let What::Grace { seconds } = entry.what else { return };
        let right = self.scale.width() + OVERHANG;
        let px = |at: i64| self.scale.px(at).clamp(-OVERHANG, right);
        let eaten = match entry.cause.rule {
            Rule::GraceStarted { used, .. } => used.micros(),
            _ => 0,
        };
        let granted = bar.start.saturating_add(i64::from(seconds).saturating_mul(1_000_000));
        let end = if bar.end == OPEN { granted } else { bar.end };
        let pieces = [
            (px(bar.start.saturating_sub(eaten)), px(bar.start), Style::GraceEaten),
            (px(end), px(granted), Style::GraceLeft),
        ];
        for (x0, x1, style) in pieces {
            if x1 - x0 > self.column {
                self.list.rects.push(Rect {
                    x: x0,
                    y,
                    w: x1 - x0 - 1.0,
                    h,
                    style,
                    entry: bar.entry,
                });
            }
        }
    }

    /// A back-off window: each is a step higher than the one before, for each is twice as long. Whether it was said, unless
    /// it was said before (`told`), how long it is.
    fn stair(&mut self, bar: &Bar, kind: LaneKind, (x0, x1): (f32, f32), y: f32, h: f32, told: bool) -> bool {
        let Some(what) = self.log.entries().get(bar.entry as usize).map(|e| &e.what) else {
            return false;
        };
        let seconds = match what {
            What::Backoff { seconds } => *seconds,
            _ => 0,
        };
        let level = (seconds / 10).max(1).ilog2() as usize;
        let height = STAIRS.get(level).or(STAIRS.last()).copied().unwrap_or(h).min(h);
        self.line(bar, (x0, x1), y + h - height, height);
        if told {
            return false;
        }
        let left = x0.max(0.0) + PADDING;
        let room = x1.min(self.scale.width()) - PADDING - left;
        let (middle, style) = if height >= LINE {
            (y + h - height / 2.0, bar.style)
        } else if h - height >= LINE {
            (y + (h - height) / 2.0, Style::Note)
        } else {
            return false;
        };
        let wordings = self.req.lang.labels(kind, what);
        let words = self.req.advances.fit(&wordings, room);
        if let Some(words) = &words {
            self.text(left, middle, room, style, words);
        }
        words.is_some()
    }

    /// A thin line at `y`.
    fn line(&mut self, bar: &Bar, (x0, x1): (f32, f32), y: f32, h: f32) {
        self.strip(Rect {
            x: x0,
            y,
            w: (x1 - x0).max(1.0),
            h,
            style: bar.style,
            entry: bar.entry,
        });
    }

    /// Probe results too close for ticks.
    fn band(&mut self, bar: &Bar, (x0, x1): (f32, f32), y: f32, h: f32) {
        if self.run_gap(bar).is_some_and(|gap| gap < TICK_GAP) {
            self.strip(Rect {
                x: x0 - 1.5,
                y,
                w: (x1 - x0).max(0.0) + 3.0,
                h,
                style: bar.style,
                entry: bar.entry,
            });
        }
    }

    /// A rectangle that grows the one before it of the same style when they touch. Two styles may alternate, so the
    /// last few are looked at.
    fn strip(&mut self, rect: Rect) {
        let near = self.list.rects.iter_mut().rev().take(3);
        let touching = near
            .filter(|last| last.y == rect.y && last.h == rect.h && last.style == rect.style)
            .find(|last| last.x + last.w + 1.0 >= rect.x && rect.w < COLUMN * 2.0 + 3.0);
        match touching {
            Some(last) => last.w = (rect.x + rect.w - last.x).max(last.w),
            None => self.list.rects.push(rect),
        }
    }

    /// The distance in pixels between two results of a run; `None` for a single result.
    pub(super) fn run_gap(&self, bar: &Bar) -> Option<f32> {
        match &self.log.entries().get(bar.entry as usize)?.what {
            What::ProbeRun { count, .. } if *count > 1 => {
                let span = bar.end.saturating_sub(bar.start);
                Some(self.scale.len_px(span) / (*count - 1) as f32)
            }
            _ => None,
        }
    }

    /// The results of a run in `from..=to`: their number in the run, from 0, and their times.
    pub(super) fn results(&self, bar: &Bar, from: i64, to: i64) -> Vec<(u32, i64)> {
        let Some(What::ProbeRun { count, .. }) = self.log.entries().get(bar.entry as usize).map(|e| &e.what) else {
            return Vec::new();
        };
        let gaps = i64::from(count.saturating_sub(1)).max(1);
        let step = (bar.end.saturating_sub(bar.start) / gaps).max(1);
        let index = |at: i64| u32::try_from((at.saturating_sub(bar.start) / step).clamp(0, gaps)).unwrap_or(0);
        let (first, last) = (index(from).saturating_sub(1), (index(to).saturating_add(2)).min(*count));
        (first..last)
            .map(|i| (i, result_at(bar.start, bar.end, *count, i)))
            .filter(|(_, at)| (from..=to).contains(at))
            .collect()
    }
}
