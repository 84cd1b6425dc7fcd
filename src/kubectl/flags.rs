//! Flags as kubectl reads them: anywhere on the line until `--`, long and short, with the texts of its errors.

use crate::map::Map;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing, or `=true` and `=false`.
    Bool,
    /// A text; the last one counts.
    Text,
    /// A whole number.
    Int,
    /// A duration (`30s`).
    Span,
    /// A text only with `=`; without it, this.
    Optional(&'static str),
}

/// A flag of a verb.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Long name, without dashes.
    pub long: &'static str,
    /// Letter, when it has one.
    pub short: Option<char>,
    /// What it takes.
    pub takes: Takes,
}

/// A flag with a letter.
pub const fn short(long: &'static str, letter: char, takes: Takes) -> Flag {
    Flag {
        long,
        short: Some(letter),
        takes,
    }
}

/// A flag without one.
pub const fn long(long: &'static str, takes: Takes) -> Flag {
    Flag {
        long,
        short: None,
        takes,
    }
}

/// Flags of every verb. Where they only say how to reach a cluster they are read and do nothing.
pub const GLOBAL: [Flag; 10] = [
    short("namespace", 'n', Takes::Text),
    long("context", Takes::Text),
    long("cluster", Takes::Text),
    long("user", Takes::Text),
    long("kubeconfig", Takes::Text),
    short("server", 's', Takes::Text),
    long("request-timeout", Takes::Text),
    short("v", 'v', Takes::Int),
    long("as", Takes::Text),
    long("warnings-as-errors", Takes::Bool),
];

/// A line taken apart.
#[derive(Clone, Debug, Default)]
pub struct Line {
    values: Map<&'static str, Vec<String>>,
    /// Arguments that are no flags, in order.
    pub args: Vec<String>,
    /// How many of `args` came before `--`, when there was one.
    pub dash: Option<usize>,
}

impl Line {
    /// Takes `words` apart. The error is kubectl's text without `error: `, and without the hint at the help.
    pub fn read(words: &[String], own: &[Flag]) -> Result<Line, String> {
        let mut line = Line::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                line.dash = Some(line.args.len());
                line.args.extend(words.cloned());
                break;
            }
            if let Some(name) = word.strip_prefix("--") {
                let (name, given) = match name.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None => (name, None),
                };
                let flag = own.iter().chain(&GLOBAL).find(|f| f.long == name);
                let flag = flag.ok_or_else(|| format!("unknown flag: --{name}"))?;
                line.take(flag, given, &mut words, &format!("--{name}"))?;
            } else if word.len() > 1 && word.starts_with('-') {
                line.letters(word.get(1..).unwrap_or_default(), own, &mut words)?;
            } else {
                line.args.push(word.clone());
            }
        }
        Ok(line)
    }

    /// `-it`, `-nkube-system`, `-n=kube-system`.
    fn letters(&mut self, letters: &str, own: &[Flag], words: &mut std::slice::Iter<String>) -> Result<(), String> {
        let mut rest = letters;
        while let Some(letter) = rest.chars().next() {
            let flag = own.iter().chain(&GLOBAL).find(|f| f.short == Some(letter));
            let flag = flag.ok_or_else(|| format!("unknown shorthand flag: '{letter}' in -{letters}"))?;
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let shown = format!("'{letter}' in -{letters}");
            let glued = match rest.strip_prefix('=') {
                Some(value) => Some(value.to_owned()),
                None if matches!(flag.takes, Takes::Bool | Takes::Optional(_)) || rest.is_empty() => None,
                None => Some(rest.to_owned()),
            };
            if glued.is_some() {
                rest = "";
            }
            self.take(flag, glued, words, &shown)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        flag: &Flag,
        given: Option<String>,
        words: &mut std::slice::Iter<String>,
        shown: &str,
    ) -> Result<(), String> {
        let value = match (given, flag.takes) {
            (Some(value), _) => value,
            (None, Takes::Bool) => "true".to_owned(),
            (None, Takes::Optional(default)) => default.to_owned(),
            (None, _) => match words.next() {
                Some(value) => value.clone(),
                None => return Err(format!("flag needs an argument: {shown}")),
            },
        };
        let refuse = |why: String| {
            let name = match flag.short {
                Some(letter) => format!("-{letter}, --{}", flag.long),
                None => format!("--{}", flag.long),
            };
            Err(format!("invalid argument \"{value}\" for \"{name}\" flag: {why}"))
        };
        match flag.takes {
            Takes::Bool if parse_bool(&value).is_none() => {
                return refuse(format!("strconv.ParseBool: parsing \"{value}\": invalid syntax"));
            }
            Takes::Int if value.parse::<i64>().is_err() => {
                return refuse(format!("strconv.ParseInt: parsing \"{value}\": invalid syntax"));
            }
            Takes::Span if value != "0" && crate::api::scenario::Span::parse(&value).is_none() => {
                return refuse(format!("time: invalid duration \"{value}\""));
            }
            _ => self.values.entry(flag.long).or_default().push(value),
        }
        Ok(())
    }

    /// Whether a flag was given.
    pub fn has(&self, flag: &str) -> bool {
        self.values.contains_key(flag)
    }

    /// A boolean, false when it was not given.
    pub fn on(&self, flag: &str) -> bool {
        self.text(flag).and_then(parse_bool).unwrap_or(false)
    }

    /// A text, the last one given.
    pub fn text(&self, flag: &str) -> Option<&str> {
        self.all(flag).last().map(String::as_str)
    }

    /// A number.
    pub fn int(&self, flag: &str) -> Option<i64> {
        self.text(flag)?.parse().ok()
    }

    /// Every text given for the flag.
    pub fn all(&self, flag: &str) -> &[String] {
        self.values.get(flag).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [Flag; 4] = [
        short("output", 'o', Takes::Text),
        short("stdin", 'i', Takes::Bool),
        short("tty", 't', Takes::Bool),
        long("grace-period", Takes::Int),
    ];

    fn read(line: &str) -> Result<Line, String> {
        Line::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), &OWN)
    }

    #[test]
    fn flags_are_read_anywhere_and_in_all_forms() {
        let line = read("-it web -oyaml --grace-period=3 -n kube-system -- ls -l").unwrap();
        assert!(line.on("stdin") && line.on("tty"));
        assert_eq!(line.text("output"), Some("yaml"));
        assert_eq!(line.int("grace-period"), Some(3));
        assert_eq!(line.text("namespace"), Some("kube-system"));
        assert_eq!(line.args, ["web", "ls", "-l"]);
        assert_eq!(line.dash, Some(1));
        assert!(!read("--tty=false").unwrap().on("tty"));
    }

    #[test]
    fn mistakes_are_told_as_kubectl_tells_them() {
        for (line, error) in [
            ("--nope", "unknown flag: --nope"),
            ("-ix", "unknown shorthand flag: 'x' in -ix"),
            ("-o", "flag needs an argument: 'o' in -o"),
            ("--output", "flag needs an argument: --output"),
            (
                "--grace-period=x",
                "invalid argument \"x\" for \"--grace-period\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
            ),
        ] {
            assert_eq!(read(line).err().as_deref(), Some(error), "{line}");
        }
    }
}
