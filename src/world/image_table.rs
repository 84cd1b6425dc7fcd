//! The table of known images and programs: `images.txt`, one line each.

use super::glob;
use super::reference::Reference;
use crate::time::{Duration, go_duration};

const TABLE: &str = include_str!("images.txt");

/// A line of the table: fields behind the names, separated by tabs. The empty line knows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    fields: &'static str,
    /// The lines that follow, the first of which may be variants of this one.
    rest: &'static str,
}

/// Lines with their names, and the text behind each.
fn lines() -> impl Iterator<Item = (&'static str, Line)> {
    let mut rest = TABLE;
    std::iter::from_fn(move || {
        loop {
            let (line, tail) = rest.split_once('\n')?;
            rest = tail;
            if let Some((names, fields)) = line.split_once('\t') {
                return Some((names, Line { fields, rest }));
            }
        }
    })
}

/// The line of an image.
pub fn image(reference: &Reference) -> Option<Line> {
    let whole = format!("/{}/{}", reference.host, reference.repository);
    let fits = |name: &str| {
        let (name, tag) = name.split_once(':').unwrap_or((name, "*"));
        glob::matches(&format!("*/{name}"), &whole) && glob::matches(tag, &reference.tag)
    };
    let mut images = lines().filter(|(names, _)| !names.starts_with(['+', '!']));
    images
        .find(|(names, _)| names.split(',').any(fits))
        .map(|(_, line)| line)
}

/// The line of a program, whatever image it comes from.
pub fn program(name: &str) -> Option<Line> {
    let mut programs = lines().filter_map(|(names, line)| Some((names.strip_prefix('!')?, line)));
    programs
        .find(|(names, _)| names.split(',').any(|n| n == name))
        .map(|(_, line)| line)
}

impl Line {
    /// A Python program with no port of its own: most frameworks take 8000.
    pub const PYTHON: Line = Line {
        fields: "port=8000\tterm=none",
        rest: "",
    };

    /// A program that does something and ends well.
    pub const RUNS: Line = Line {
        fields: "is=runs",
        rest: "",
    };

    /// Whether there is such a line at all.
    pub fn is_known(self) -> bool {
        !self.fields.is_empty()
    }

    /// A field's value; empty for a flag that is set.
    pub fn get(self, key: &str) -> Option<&'static str> {
        self.fields.split('\t').find_map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (name == key).then_some(value)
        })
    }

    /// A field's value, empty when it is missing.
    pub fn text(self, key: &str) -> &'static str {
        self.get(key).unwrap_or_default()
    }

    /// The field's ports.
    pub fn ports(self) -> Vec<u16> {
        self.text("port").split(',').filter_map(|p| p.parse().ok()).collect()
    }

    /// The image's size in bytes.
    pub fn size(self) -> Option<i64> {
        let number = |key| self.get(key)?.parse::<i64>().ok();
        number("bytes").or_else(|| Some(number("mib")?.saturating_mul(1024 * 1024)))
    }

    /// How long it takes until it listens: a second unless the table says otherwise. Assumptions, all of them.
    pub fn up(self) -> Duration {
        let told = self.get("up").and_then(|text| go_duration::parse(text).ok());
        told.unwrap_or(Duration::from_secs(1))
    }

    /// The line with these arguments: a variant that one of them names, else the line itself.
    pub fn with(self, argv: &[String]) -> Line {
        let mut rest = self.rest;
        while let Some((line, tail)) = rest.split_once('\n').filter(|(line, _)| line.starts_with('+')) {
            if let Some((word, fields)) = line.split_at_checked(1).and_then(|(_, line)| line.split_once('\t'))
                && argv.iter().any(|a| a == word)
            {
                return Line { fields, rest: "" };
            }
            rest = tail;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 27] = [
        "is", "ep", "cmd", "port", "also", "opt", "env", "up", "term", "user", "stop", "mib", "bytes", "os", "has",
        "more", "log", "ready", "need", "pair", "must", "lack", "exit", "fails", "says", "touch", "src",
    ];

    #[test]
    fn every_line_is_well_formed_and_says_where_it_comes_from() {
        let mut wrong = Vec::new();
        let mut names_seen = Vec::new();
        for (names, line) in lines() {
            let mut complain = |what: &str| wrong.push(format!("{names}: {what}"));
            let fields: Vec<(&str, &str)> = line
                .fields
                .split('\t')
                .map(|f| f.split_once('=').unwrap_or((f, "")))
                .collect();
            for (index, (key, value)) in fields.iter().enumerate() {
                let fits = match *key {
                    "also" | "more" => value.is_empty(),
                    "port" => value.split(',').all(|p| p.parse::<u16>().is_ok_and(|p| p > 0)),
                    "up" => go_duration::parse(value).is_ok(),
                    "fails" => value.ends_with('x') || go_duration::parse(value).is_ok(),
                    "term" => *value == "none" || value.parse::<i32>().is_ok(),
                    "exit" | "mib" | "bytes" => value.parse::<i32>().is_ok(),
                    "stop" => super::super::signal::Signal::parse(value).is_some(),
                    "os" => ["alpine", "none"].contains(value),
                    "is" => [
                        "tools", "runs", "waits", "none", "nginx", "httpd", "pause", "stress", "curl",
                    ]
                    .contains(value),
                    "src" => ["hub:", "gh:", "doc:"].iter().any(|kind| value.starts_with(kind)),
                    known => KEYS.contains(&known) && !value.is_empty(),
                };
                if !fits {
                    complain(&format!("{key}={value}"));
                }
                if fields.iter().take(index).any(|(k, _)| k == key) {
                    complain(&format!("{key} twice"));
                }
            }
            if line.get("src").is_none() && !names.starts_with('+') {
                complain("no source");
            }
            let lacks = ["need", "pair", "must"].iter().any(|k| line.get(k).is_some());
            if lacks != line.get("lack").is_some() {
                complain("what it needs and what it writes without it go together");
            }
            if !names.starts_with('+') {
                let mark = if names.starts_with('!') { "!" } else { "" };
                for name in names.trim_start_matches('!').split(',') {
                    let name = format!("{mark}{name}");
                    if names_seen.contains(&name) {
                        complain(&format!("{name} is there twice"));
                    }
                    names_seen.push(name);
                }
            }
        }
        assert!(names_seen.len() > 200, "only {} names", names_seen.len());
        assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
    }

    #[test]
    fn images_are_found_by_name_registry_and_tag() {
        let port = |text: &str| {
            let line = Reference::parse(text).ok().and_then(|r| image(&r));
            line.map(|line| line.text("port"))
        };
        for (name, want) in [
            ("nginx", Some("80")),
            ("nginx:1.27-alpine", Some("80")),
            ("public.ecr.aws/nginx/nginx:latest", Some("80")),
            ("nginxinc/nginx-unprivileged:1.27", Some("8080")),
            ("docker.io/bitnami/nginx", Some("8080")),
            ("registry.k8s.io/liveness", Some("8080")),
            ("team/liveness", None),
            ("php:8.3-apache", Some("80")),
            ("php:8.3-fpm-alpine", Some("9000")),
            ("php:8.3", Some("")),
            ("quay.io/prometheus/prometheus:v3.0.0", Some("9090")),
            ("mirror.example/hashicorp/http-echo:1.0", Some("5678")),
            ("team/shop:2", None),
        ] {
            assert_eq!(port(name), want, "{name}");
        }
        let words = |argv: &[&str]| argv.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
        let agnhost = image(&Reference::parse("registry.k8s.io/e2e-test-images/agnhost:2.53").unwrap()).unwrap();
        assert_eq!(agnhost.text("is"), "waits");
        assert_eq!(
            agnhost.with(&words(&["/agnhost", "serve-hostname"])).text("port"),
            "9376"
        );
        assert_eq!(agnhost.with(&words(&["/agnhost", "pause"])), agnhost);
        assert_eq!(program("kube-scheduler").map(Line::ports), Some(vec![10259]));
        assert_eq!(program("kube-second-scheduler"), None);
    }
}
