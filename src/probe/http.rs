//! Twin: pkg/probe/http/http.go (v1.36.2)
//! Twin: pkg/probe/http/request.go (v1.36.2)
//! Covers: DoHTTPProbe, its headers and redirects: what the answers of a server mean for the probe.
//! Left out: bodies over 10 KiB.

use std::rc::Rc;

use super::ProbeOutcome;
use crate::api::pod::HttpHeader;
use crate::time::Duration;
use crate::world::HttpAnswer;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Name or address.
    pub host: String,
    /// Port; 0 when it is the scheme's own and was not written.
    pub port: u16,
    /// Path with its query.
    pub path: String,
}

impl Url {
    /// `http://10.244.0.5:8080/ready`
    pub fn text(&self) -> String {
        match self.port {
            0 => format!("{}://{}{}", self.scheme, self.host, self.path),
            port => format!("{}://{}:{port}{}", self.scheme, self.host, self.path),
        }
    }

    /// The port that is connected to.
    pub fn number(&self) -> u16 {
        match (self.port, self.scheme) {
            (0, "https") => 443,
            (0, _) => 80,
            (port, _) => port,
        }
    }

    /// Where a `Location` header leads from here.
    fn follow(&self, location: &str) -> Url {
        let (scheme, rest) = match location.split_once("://") {
            Some(("https", rest)) => ("https", rest),
            Some((_, rest)) => ("http", rest),
            None => {
                let path = match self.path.rsplit_once('/') {
                    Some((folder, _)) if !location.starts_with('/') => format!("{folder}/{location}"),
                    _ => location.to_owned(),
                };
                return Url { path, ..self.clone() };
            }
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        Url {
            scheme,
            host: host.to_owned(),
            port: port.parse().unwrap_or(0),
            path: if path.is_empty() { "/" } else { path }.to_owned(),
        }
    }
}

/// Where redirects may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// To the same host only: probes.
    SameHost,
    /// Anywhere: hooks.
    Anywhere,
}

/// So many redirects are followed.
const REDIRECTS: usize = 10;

/// The headers of a request in the order of sending. `agent` is who asks unless the manifest says otherwise; an empty
/// value takes a header away.
pub fn headers(set: &[HttpHeader], url: &Url, agent: &str) -> Vec<(String, String)> {
    let value = |name: &str, usual: &str| match set.iter().rfind(|h| h.name.eq_ignore_ascii_case(name)) {
        Some(header) => header.value.clone(),
        None => usual.to_owned(),
    };
    let host = match url.port {
        0 => url.host.clone(),
        port => format!("{}:{port}", url.host),
    };
    let first = [
        ("Host", value("Host", &host)),
        ("User-Agent", value("User-Agent", agent)),
    ];
    let named = ["Host", "User-Agent", "Accept"];
    let mut rest: Vec<(String, String)> = set
        .iter()
        .filter(|h| !named.iter().any(|name| h.name.eq_ignore_ascii_case(name)))
        .map(|h| (canonical(&h.name), h.value.clone()))
        .chain([("Accept".to_owned(), value("Accept", "*/*"))])
        .collect();
    // Go sends them in the order of their names, and the end of the connection last.
    crate::sort::sort_by(&mut rest, |a, b| a.0.cmp(&b.0));
    let first = first.into_iter().map(|(name, value)| (name.to_owned(), value));
    let last = ("Connection".to_owned(), "close".to_owned());
    let all = first.chain(rest).filter(|(_, value)| !value.is_empty());
    all.chain([last]).collect()
}

/// `x-muffins` as `X-Muffins`.
fn canonical(name: &str) -> String {
    let mut upper = true;
    let each = name.chars().map(|c| {
        let c = if upper {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        };
        upper = c == '-';
        c
    });
    each.collect()
}

/// What a server's last answer was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// The body.
    pub body: Rc<str>,
}

/// Asks, and follows redirects: how long it took beside the way to and fro, and the last answer or Go's words for why
/// there is none. `limit` is how long is waited.
pub fn exchange(
    first: &Url,
    limit: Duration,
    follow: Follow,
    ask: &mut dyn FnMut(&Url) -> HttpAnswer,
) -> (Duration, Result<Reply, String>) {
    let (mut url, mut spent) = (first.clone(), Duration::ZERO);
    for _ in 0..=REDIRECTS {
        let failed = |why: &str| Err(format!("Get \"{}\": {why}", url.text()));
        let broken = "net/http: HTTP/1.x transport connection broken";
        let (status, takes, body, location) = match ask(&url) {
            HttpAnswer::Answer {
                status,
                takes,
                body,
                location,
            } => (status, takes, body, location),
            HttpAnswer::Hangs => (0, limit, "".into(), "".into()),
            HttpAnswer::Closed => return (spent, failed("EOF")),
            HttpAnswer::Malformed(line) if line.is_empty() => {
                return (spent, failed(&format!("{broken}: unexpected EOF")));
            }
            HttpAnswer::Malformed(line) => {
                return (spent, failed(&format!("{broken}: malformed HTTP response {line:?}")));
            }
            HttpAnswer::Refused => {
                let to = format!("{}:{}", url.host, url.number());
                return (spent, failed(&format!("dial tcp {to}: connect: connection refused")));
            }
        };
        spent = spent + takes;
        if spent >= limit {
            let reason = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            return (limit, failed(reason));
        }
        if matches!(status, 301 | 302 | 303 | 307 | 308) && !location.is_empty() {
            let next = url.follow(&location);
            if next.host == first.host || follow == Follow::Anywhere {
                url = next;
                continue;
            }
        }
        return (spent, Ok(Reply { status, body }));
    }
    let text = format!("Get \"{}\": stopped after {REDIRECTS} redirects", url.text());
    (spent, Err(text))
}

/// What a reply means for a probe.
pub fn outcome(reply: Result<Reply, String>) -> ProbeOutcome {
    match reply {
        Ok(Reply { status: 200..300, .. }) => ProbeOutcome::Success,
        Ok(Reply { status: 300..400, body }) => {
            ProbeOutcome::Warning(format!("Probe terminated redirects, Response body: {body}").into())
        }
        Ok(Reply { status, .. }) => {
            ProbeOutcome::Failure(format!("HTTP probe failed with statuscode: {status}").into())
        }
        Err(text) => ProbeOutcome::Failure(text.into()),
    }
}
