//! Signals by number and name.

/// A signal, by its Linux number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(pub u8);

/// The signals of Linux that scripts name.
const NAMES: [(u8, &str); 31] = [
    (1, "HUP"),
    (2, "INT"),
    (3, "QUIT"),
    (4, "ILL"),
    (5, "TRAP"),
    (6, "ABRT"),
    (7, "BUS"),
    (8, "FPE"),
    (9, "KILL"),
    (10, "USR1"),
    (11, "SEGV"),
    (12, "USR2"),
    (13, "PIPE"),
    (14, "ALRM"),
    (15, "TERM"),
    (16, "STKFLT"),
    (17, "CHLD"),
    (18, "CONT"),
    (19, "STOP"),
    (20, "TSTP"),
    (21, "TTIN"),
    (22, "TTOU"),
    (23, "URG"),
    (24, "XCPU"),
    (25, "XFSZ"),
    (26, "VTALRM"),
    (27, "PROF"),
    (28, "WINCH"),
    (29, "POLL"),
    (30, "PWR"),
    (31, "SYS"),
];

impl Signal {
    /// SIGHUP.
    pub const HUP: Signal = Signal(1);
    /// SIGINT.
    pub const INT: Signal = Signal(2);
    /// SIGQUIT.
    pub const QUIT: Signal = Signal(3);
    /// SIGKILL.
    pub const KILL: Signal = Signal(9);
    /// SIGUSR1.
    pub const USR1: Signal = Signal(10);
    /// SIGUSR2.
    pub const USR2: Signal = Signal(12);
    /// SIGPIPE.
    pub const PIPE: Signal = Signal(13);
    /// SIGTERM.
    pub const TERM: Signal = Signal(15);

    /// Reads `TERM`, `SIGTERM`, `term` or `15`. `None` for anything else, 0 included.
    pub fn parse(text: &str) -> Option<Signal> {
        if let Ok(number) = text.parse::<u8>() {
            return (1..=64).contains(&number).then_some(Signal(number));
        }
        let upper = text.to_ascii_uppercase();
        let short = upper.strip_prefix("SIG").unwrap_or(&upper);
        NAMES.iter().find(|(_, name)| *name == short).map(|(n, _)| Signal(*n))
    }

    /// The name without `SIG`; real-time signals have their number.
    pub fn name(self) -> String {
        match NAMES.iter().find(|(n, _)| *n == self.0) {
            Some((_, name)) => (*name).to_owned(),
            None => self.0.to_string(),
        }
    }

    /// The exit code of a process that dies of this signal, as a shell and a runtime report it.
    pub fn exit_code(self) -> i32 {
        128 + i32::from(self.0)
    }

    /// Whether a process without a handler survives it: CHLD, CONT, URG, WINCH, and the stopping ones, since a stopped
    /// process is not simulated.
    pub fn harmless(self) -> bool {
        matches!(self.0, 17..=23 | 28)
    }

    /// What a shell prints when a foreground child dies of it; nothing for INT and PIPE.
    pub fn death_notice(self) -> Option<&'static str> {
        match self.0 {
            1 => Some("Hangup"),
            3 => Some("Quit"),
            6 => Some("Aborted"),
            9 => Some("Killed"),
            11 => Some("Segmentation fault"),
            14 => Some("Alarm clock"),
            15 => Some("Terminated"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Signal;

    #[test]
    fn names_and_numbers() {
        for (text, n) in [
            ("TERM", Some(15)),
            ("SIGKILL", Some(9)),
            ("int", Some(2)),
            ("3", Some(3)),
            ("0", None),
            ("NOPE", None),
        ] {
            assert_eq!(Signal::parse(text).map(|s| s.0), n, "{text}");
        }
        assert_eq!(Signal::TERM.name(), "TERM");
        assert_eq!(Signal::KILL.exit_code(), 137);
    }
}
