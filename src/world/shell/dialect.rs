//! What differs between the shells that images have: above all the words of their errors.

use super::super::images::Tools;

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// BusyBox's ash.
    Ash,
    /// Debian's dash.
    Dash,
    /// bash.
    Bash,
}

impl Dialect {
    /// The shell behind a name in an image with these tools. `None` when it has none of this name.
    pub fn of(name: &str, tools: Tools) -> Option<Dialect> {
        match (name, tools) {
            ("sh" | "ash", Tools::Busybox) => Some(Dialect::Ash),
            ("sh" | "dash", Tools::Gnu) => Some(Dialect::Dash),
            ("bash" | "rbash", Tools::Gnu) => Some(Dialect::Bash),
            _ => None,
        }
    }

    /// A message as the shell prints it, newline included.
    pub fn message(self, arg0: &str, line: u32, builtin: Option<&str>, text: &str) -> String {
        let builtin_part = builtin.map(|b| format!("{b}: ")).unwrap_or_default();
        match self {
            Dialect::Ash => match builtin {
                // ash counts lines of its input only; a -c string has none.
                Some(b) => format!("{arg0}: {b}: line 0: {text}\n"),
                None => format!("{arg0}: {text}\n"),
            },
            Dialect::Dash => format!("{arg0}: {line}: {builtin_part}{text}\n"),
            Dialect::Bash => format!("{arg0}: line {line}: {builtin_part}{text}\n"),
        }
    }

    /// A command that is not there. The flag says that its name is a path.
    pub fn not_found(self, name: &str, path: bool) -> String {
        match self {
            Dialect::Bash if path => format!("{name}: No such file or directory"),
            Dialect::Bash => format!("{name}: command not found"),
            _ => format!("{name}: not found"),
        }
    }

    /// A file that cannot be opened to read.
    pub fn cannot_open(self, path: &str, why: &str) -> String {
        match (self, why) {
            (Dialect::Bash, why) => format!("{path}: {why}"),
            (Dialect::Ash, "No such file or directory") => format!("can't open {path}: no such file"),
            (Dialect::Dash, "No such file or directory") => format!("cannot open {path}: No such file"),
            (Dialect::Ash, why) => format!("can't open {path}: {why}"),
            (Dialect::Dash, why) => format!("cannot open {path}: {why}"),
        }
    }

    /// A file that cannot be opened to write.
    pub fn cannot_create(self, path: &str, why: &str) -> String {
        match (self, why) {
            (Dialect::Bash, why) => format!("{path}: {why}"),
            (Dialect::Ash, "No such file or directory") => format!("can't create {path}: nonexistent directory"),
            (Dialect::Dash, "No such file or directory") => format!("cannot create {path}: Directory nonexistent"),
            (Dialect::Ash, why) => format!("can't create {path}: {why}"),
            (Dialect::Dash, why) => format!("cannot create {path}: {why}"),
        }
    }

    /// `set -u` met a name without a value.
    pub fn unset(self, name: &str) -> String {
        match self {
            Dialect::Bash => format!("{name}: unbound variable"),
            _ => format!("{name}: parameter not set"),
        }
    }

    /// `${x:?}` met a name without a value.
    pub fn not_set(self, name: &str, or_null: bool) -> String {
        match (self, or_null) {
            (Dialect::Bash, true) => format!("{name}: parameter null or not set"),
            (Dialect::Bash, false) => format!("{name}: parameter not set"),
            (_, true) => format!("{name}: parameter not set or null"),
            (_, false) => format!("{name}: parameter not set"),
        }
    }

    /// A variable that may not change.
    pub fn readonly(self, name: &str) -> String {
        match self {
            Dialect::Bash => format!("{name}: readonly variable"),
            _ => format!("{name}: is read only"),
        }
    }

    /// The exit code after a redirection that failed.
    pub fn redirection_code(self) -> i32 {
        if self == Dialect::Dash { 2 } else { 1 }
    }

    /// The exit code of an expansion error: the shell ends with it.
    pub fn expansion_code(self) -> i32 {
        if self == Dialect::Bash { 127 } else { 2 }
    }
}
