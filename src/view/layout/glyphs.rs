//! How wide words are, and which of several wordings fits into a bar.
//!
//! SVG has no way to ask for the width of a glyph, so a table is built in. It is that of a wide sans serif: where the
//! reader's font is narrower, a little room is left; where text is measured too wide, nothing ever spills. The page
//! hands over its own advances instead.

use std::borrow::Cow;

/// Advances of the printable ASCII characters from space, in thousandths of an em.
const SANS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, // space to /
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, // 0 to ?
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, // @ to O
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, // P to _
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, // ` to o
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838, // p to ~
];

/// The mean advance of the small letters in [`SANS`], in thousandths of an em.
const SANS_MEAN: f32 = 563.0;

/// Widths of characters in pixels at the size of the words inside bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Advances {
    ascii: [f32; 95],
    /// Letters beyond ASCII that are about as wide as a small one.
    other: f32,
    /// Ideographs and everything else that fills a square.
    wide: f32,
}

impl Advances {
    /// The built-in table at a font size in pixels.
    pub fn sans(size: f32) -> Self {
        Self::scaled(size / 1000.0)
    }

    /// The built-in table, scaled so that the small letters are `width` pixels wide on average. What is no sensible
    /// width becomes 6 pixels.
    pub fn of_mean(width: f32) -> Self {
        let width = if width.is_finite() && (1.0..=10_000.0).contains(&width) {
            width
        } else {
            6.0
        };
        Self::scaled(width / SANS_MEAN)
    }

    /// Measured advances of the 95 printable ASCII characters from space, in pixels. `None` when there are not 95, or
    /// one is no width.
    pub fn measured(ascii: &[f32]) -> Option<Self> {
        let ascii: [f32; 95] = ascii.try_into().ok()?;
        if !ascii.iter().all(|w| w.is_finite() && (0.0..=200.0).contains(w)) {
            return None;
        }
        let widest = ascii.iter().copied().fold(0.0, f32::max);
        let mean = ascii.iter().sum::<f32>() / 95.0;
        Some(Advances {
            ascii,
            other: mean.max(widest * 0.7),
            wide: widest * 1.1,
        })
    }

    fn scaled(px: f32) -> Self {
        Advances {
            ascii: SANS.map(|w| f32::from(w) * px),
            other: 660.0 * px,
            wide: 1050.0 * px,
        }
    }

    fn of(&self, c: char) -> f32 {
        let index = (c as u32).wrapping_sub(32) as usize;
        match c {
            '·' => self.ascii[14],
            '…' => self.wide,
            '×' | '−' => self.ascii[11],
            _ => match self.ascii.get(index) {
                Some(width) => *width,
                None if (c as u32) < 0x1100 => self.other,
                None => self.wide,
            },
        }
    }

    /// The width of a text on one line.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|c| self.of(c)).sum()
    }

    /// The first of several wordings, fullest first, that fits into `room`; else the fullest one, cut after a whole
    /// word, when at least two of its words remain. Never a piece of a word.
    pub fn fit<'a>(&self, wordings: &'a [String], room: f32) -> Option<Cow<'a, str>> {
        if let Some(text) = wordings.iter().find(|text| self.width(text) <= room) {
            return Some(Cow::Borrowed(text));
        }
        self.cut(wordings.first()?, room).map(Cow::Owned)
    }

    /// A name cut where it must be, with an ellipsis in place of its end: for labels, which have to say something.
    pub fn clip<'a>(&self, text: &'a str, room: f32) -> Cow<'a, str> {
        if self.width(text) <= room {
            return Cow::Borrowed(text);
        }
        let room = room - self.of('…');
        let mut width = 0.0;
        let mut kept = String::new();
        for c in text.chars() {
            width += self.of(c);
            if width > room {
                break;
            }
            kept.push(c);
        }
        kept.truncate(kept.trim_end().len());
        kept.push('…');
        Cow::Owned(kept)
    }

    /// A text cut after a whole word with an ellipsis behind it. `None` when fewer than two words would remain.
    pub fn cut(&self, text: &str, room: f32) -> Option<String> {
        let room = room - self.of('…');
        let mut width = 0.0;
        let (mut best, mut words) = (None, 0);
        let mut inside = false;
        for (i, c) in text.char_indices() {
            let letter = c.is_alphanumeric();
            if c == ' ' {
                if inside {
                    words += 1;
                    best = Some(i);
                }
                inside = false;
            } else {
                inside |= letter;
            }
            width += self.of(c);
            if width > room {
                break;
            }
        }
        let kept = text
            .get(..best?)?
            .trim_end_matches([' ', '·', '-', '—', '|', '&', ';', ',']);
        (words >= 2).then(|| format!("{kept}…"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|s| (*s).to_owned()).collect()
    }

    #[test]
    fn the_fullest_wording_that_fits_wins() {
        let a = Advances::of_mean(6.0);
        let list = words(&["Running · 1/1 · 2 restarts", "Running · 1/1", "Running"]);
        for (room, want) in [
            (400.0, Some("Running · 1/1 · 2 restarts")),
            (100.0, Some("Running · 1/1")),
            (55.0, Some("Running")),
            (20.0, None),
        ] {
            assert_eq!(a.fit(&list, room).as_deref(), want, "{room}");
        }
    }

    #[test]
    fn cuts_come_after_whole_words() {
        let a = Advances::of_mean(6.0);
        let step = words(&["kubectl delete pod web --grace-period=5"]);
        for room in 0..300 {
            let room = room as f32;
            let Some(text) = a.fit(&step, room) else { continue };
            assert!(a.width(&text) <= room, "{text} in {room}");
            if let Some(kept) = text.strip_suffix('…') {
                assert!(
                    step[0].starts_with(kept) && step[0].as_bytes()[kept.len()] == b' ',
                    "{text}"
                );
                assert!(kept.contains(' '), "{text}");
            }
        }
        assert_eq!(
            a.cut("kubectl delete pod web", 110.0).as_deref(),
            Some("kubectl delete…")
        );
        assert_eq!(a.cut("CrashLoopBackOff", 50.0), None);
        assert_eq!(a.cut("", 50.0), None);
    }

    #[test]
    fn widths_are_measured_or_assumed() {
        assert!(Advances::measured(&[6.0; 95]).is_some());
        assert!(Advances::measured(&[6.0; 94]).is_none());
        assert!(Advances::measured(&[f32::NAN; 95]).is_none());
        assert_eq!(Advances::of_mean(f32::NAN), Advances::of_mean(6.0));
        let a = Advances::sans(10.0);
        assert!(a.width("中文") > a.width("ab"));
    }
}
