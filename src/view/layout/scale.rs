//! From time to pixels and back.

use crate::time::Instant;

/// A window of time over a width in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    from: i64,
    to: i64,
    width: f64,
}

impl Scale {
    /// The window `from..to` over `width` pixels. A window of no length becomes one microsecond, a width that is no
    /// positive number becomes one pixel.
    pub fn new(from: Instant, to: Instant, width: f32) -> Self {
        let from = from.micros();
        let width = if width.is_finite() && width > 1.0 {
            f64::from(width)
        } else {
            1.0
        };
        Scale {
            from,
            to: to.micros().max(from.saturating_add(1)),
            width,
        }
    }

    /// The length of the window in microseconds.
    fn span(&self) -> f64 {
        (i128::from(self.to) - i128::from(self.from)) as f64
    }

    /// Where an instant (in microseconds) lies. It may lie outside `0..width`.
    pub fn px(&self, at: i64) -> f32 {
        ((i128::from(at) - i128::from(self.from)) as f64 / self.span() * self.width) as f32
    }

    /// The instant under `x`, in microseconds.
    pub fn at(&self, x: f32) -> i64 {
        let offset = f64::from(x) / self.width * self.span();
        if offset.is_nan() {
            return self.from;
        }
        self.from.saturating_add(offset as i64)
    }

    /// How many pixels a span of `us` microseconds takes.
    pub fn len_px(&self, us: i64) -> f32 {
        (us as f64 / self.span() * self.width) as f32
    }

    /// First instant of the window, in microseconds.
    pub fn from(&self) -> i64 {
        self.from
    }

    /// Last instant of the window, in microseconds.
    pub fn to(&self) -> i64 {
        self.to
    }

    /// Width in pixels.
    pub fn width(&self) -> f32 {
        self.width as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_pixels_are_inverse() {
        let scale = Scale::new(Instant::from_secs(10), Instant::from_secs(20), 1000.0);
        assert_eq!(scale.px(15_000_000), 500.0);
        assert_eq!(scale.at(500.0), 15_000_000);
        assert_eq!(scale.px(9_000_000), -100.0);
        assert_eq!(scale.len_px(1_000_000), 100.0);
    }

    #[test]
    fn nonsense_does_not_break_it() {
        for (from, to, width) in [
            (5, 5, 100.0),
            (9, 1, 100.0),
            (0, 1, f32::NAN),
            (i64::MIN, i64::MAX, -3.0),
        ] {
            let scale = Scale::new(Instant::from_micros(from), Instant::from_micros(to), width);
            assert!(scale.px(3).is_finite());
            let _ = (scale.at(f32::NAN), scale.at(f32::INFINITY), scale.at(-1e30));
        }
    }
}
