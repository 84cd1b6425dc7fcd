//! The colours of the figure, light and dark. Every ink has a contrast of at least 4.5 on its bar.

use std::fmt::Write;

/// Which colours a figure has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Whatever the reader prefers.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The colours of one theme.
pub(super) struct Palette {
    paper: u32,
    ink: u32,
    quiet: u32,
    grid: u32,
    rule: u32,
    accent: u32,
    hatch: u32,
    /// Bar and ink on it, by style.
    pub(super) styles: [(u32, u32); 22],
    /// Marks on paper, by style, where the bar's colour would be too pale.
    marks: [u32; 22],
    /// Pods of each revision. The first is that of what runs: where there is only one, it need not be told.
    pub(super) revisions: [u32; 6],
}

const WHITE: u32 = 0xffffff;
const DARK: u32 = 0x1c2130;

pub(super) const LIGHT: Palette = Palette {
    paper: 0xffffff,
    ink: 0x1c2130,
    quiet: 0x5d6478,
    grid: 0xeceef4,
    rule: 0xe2e5ee,
    accent: 0x2456d6,
    hatch: 0x8fcbab,
    styles: [
        (0xd9dce6, DARK),
        (0xf0cd63, DARK),
        (0x1f7f55, WHITE),
        (0xb4e0c8, DARK),
        (0xcfe6dc, DARK),
        (0xbb2f45, WHITE),
        (0xf3a64e, DARK),
        (0x6a7084, WHITE),
        (0x6f50c9, WHITE),
        (0x2f6f98, WHITE),
        (0xf2b066, DARK),
        (0xe7cd97, DARK),
        (0xf2d98f, DARK),
        (0x1f7f55, WHITE),
        (0xe6e8f0, DARK),
        (0xffffff, 0x2456d6),
        (0x1f7f55, WHITE),
        (0xcbdfa0, DARK),
        (0xd3d7e2, DARK),
        (0xf7eedc, DARK),
        (0xcfa55c, DARK),
        (0xffffff, 0x5d6478),
    ],
    marks: [
        0x8a90a3, 0xc79a1c, 0x2b9a68, 0x2b9a68, 0x2b9a68, 0xbb2f45, 0xd97f16, 0x6a7084, 0x6f50c9, 0x2f6f98, 0xd97f16,
        0xb08a3c, 0xc79a1c, 0x2b9a68, 0x8a90a3, 0x2456d6, 0x2b9a68, 0x86a23f, 0x8a90a3, 0xb08a3c, 0xb08a3c, 0x8a90a3,
    ],
    revisions: [0x1f7f55, 0x2f6fd0, 0xb03a8c, 0x9a6510, 0x6a4fc4, 0x0f7f8c],
};

pub(super) const NIGHT: Palette = Palette {
    paper: 0x12151c,
    ink: 0xe4e7ef,
    quiet: 0x9aa2b6,
    grid: 0x1f2430,
    rule: 0x272d3b,
    accent: 0x7ea2ff,
    hatch: 0x35664f,
    styles: [
        (0x3a4052, WHITE),
        (0x7a6118, WHITE),
        (0x23805a, WHITE),
        (0x28503f, WHITE),
        (0x2c4a40, WHITE),
        (0xb93a4f, WHITE),
        (0x95590f, WHITE),
        (0x5a6074, WHITE),
        (0x6c52bd, WHITE),
        (0x336f96, WHITE),
        (0x94581a, WHITE),
        (0x6f5b31, WHITE),
        (0x735e20, WHITE),
        (0x23805a, WHITE),
        (0x2a3040, WHITE),
        (0x12151c, 0x9db8ff),
        (0x23805a, WHITE),
        (0x56692a, WHITE),
        (0x3f465a, WHITE),
        (0x2c2820, WHITE),
        (0x8a6a2a, WHITE),
        (0x12151c, 0x9aa2b6),
    ],
    marks: [
        0x9aa2b6, 0xe0b84a, 0x46c08c, 0x46c08c, 0x46c08c, 0xf0657a, 0xf0a24a, 0x9aa2b6, 0xa48bf0, 0x67aad6, 0xf0a24a,
        0xd0b070, 0xe0b84a, 0x46c08c, 0x9aa2b6, 0x7ea2ff, 0x46c08c, 0xa9c65c, 0x9aa2b6, 0xd0b070, 0xd0b070, 0x9aa2b6,
    ],
    revisions: [0x23805a, 0x3471cc, 0xb44a94, 0x94661c, 0x7660d0, 0x17808c],
};

impl Palette {
    fn variables(&self, areas: bool) -> String {
        let mut out = String::new();
        for (i, colour) in self.revisions.iter().enumerate().filter(|_| areas) {
            let _ = write!(out, "--r{i}:#{colour:06x};");
        }
        for (name, colour) in [
            ("paper", self.paper),
            ("ink", self.ink),
            ("quiet", self.quiet),
            ("grid", self.grid),
            ("rule", self.rule),
            ("accent", self.accent),
            ("hatch", self.hatch),
        ] {
            let _ = write!(out, "--{name}:#{colour:06x};");
        }
        for (i, ((bar, ink), mark)) in self.styles.iter().zip(self.marks).enumerate() {
            let _ = write!(out, "--b{i}:#{bar:06x};--i{i}:#{ink:06x};--m{i}:#{mark:06x};");
        }
        out
    }
}

/// The style sheet of a figure, with that of its areas where it has some.
pub(super) fn css(theme: Theme, areas: bool) -> String {
    let mut out = match theme {
        Theme::Light => format!(".podscope{{{}}}", LIGHT.variables(areas)),
        Theme::Dark => format!(".podscope{{{}}}", NIGHT.variables(areas)),
        Theme::Auto => format!(
            ".podscope{{{}}}@media(prefers-color-scheme:dark){{.podscope{{{}}}}}",
            LIGHT.variables(areas),
            NIGHT.variables(areas)
        ),
    };
    out.push_str(
        ".podscope{max-width:100%;height:auto}\
         .podscope text{font:11px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"Noto Sans\",\
         \"Liberation Sans\",Arial,sans-serif;dominant-baseline:central;fill:var(--ink);white-space:pre}\
         .podscope .title{font-size:15px;font-weight:600}\
         .podscope .tick{font-size:10.5px;fill:var(--quiet);text-anchor:middle}\
         .podscope .tick.end{text-anchor:end}\
         .podscope .lane{font-size:12.5px;font-weight:600}\
         .podscope .part{font-size:12px;font-weight:400}\
         .podscope .detail{font-size:11.5px;font-weight:400;fill:var(--quiet)}\
         .podscope .paper{fill:var(--paper)}\
         .podscope .grid{stroke:var(--grid);fill:none}\
         .podscope .rule{stroke:var(--rule);fill:none}\
         .podscope .staff{stroke:var(--accent);stroke-opacity:.35;fill:none}\
         .podscope .hatch{stroke:var(--hatch);stroke-width:3;fill:none}\
         .podscope .streak{stroke:var(--paper);stroke-opacity:.3;stroke-width:2.4;fill:none}\
         .podscope .line{fill:none;stroke-width:1.7;stroke-linecap:round}\
         .podscope .cut{fill:none;stroke:var(--paper);stroke-width:1.5;stroke-linecap:round}\
         .podscope .halo{stroke:var(--paper);stroke-width:1}",
    );
    for i in 0..LIGHT.styles.len() {
        let outline = if i == 15 { ";stroke:var(--accent)" } else { "" };
        let _ = write!(
            out,
            ".podscope .s{i}{{fill:var(--b{i}){outline}}}.podscope .t{i}{{fill:var(--i{i})}}"
        );
        let _ = write!(
            out,
            ".podscope .m{i}{{fill:var(--m{i})}}.podscope .l{i}{{stroke:var(--m{i})}}"
        );
    }
    if areas {
        out.push_str(
            ".podscope .wanted{stroke:var(--ink);stroke-opacity:.6;stroke-dasharray:4 2.5;fill:none}\
             .podscope .chip{font-size:9.5px;font-weight:700;fill:#fff;text-anchor:middle}\
             .podscope .note{font-size:10.5px;font-weight:400;fill:var(--quiet)}",
        );
    }
    // After the styles, which they change.
    out.push_str(
        ".podscope .hollow{stroke:var(--m19);stroke-dasharray:3 2.5}\
         .podscope .ghost{fill-opacity:.14;stroke-width:1.2;stroke-opacity:.85;stroke-dasharray:4 3}\
         .podscope .veil{fill:var(--paper);fill-opacity:.5}\
         .podscope .reach{stroke:var(--quiet);fill:none}",
    );
    out
}
