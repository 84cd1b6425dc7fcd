//! Twin: pkg/probe/http/http.go (v1.36.2)
//! Covers: DoHTTPProbe and its redirects: what the answers of a server mean for the probe.
//! Left out: request headers, which no server here reads; bodies over 10 KiB.

use super::ProbeOutcome;
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

/// So many redirects are followed.
const REDIRECTS: usize = 10;

/// Asks, and follows redirects as long as the host stays the same: how long it took beside the way to and fro, and what
/// it means. `limit` is the probe's time-out.
pub fn attempt(first: &Url, limit: Duration, ask: &mut dyn FnMut(&Url) -> HttpAnswer) -> (Duration, ProbeOutcome) {
    let (mut url, mut spent) = (first.clone(), Duration::ZERO);
    let failed = |text: String| ProbeOutcome::Failure(text.into());
    for _ in 0..=REDIRECTS {
        let (status, takes, body, location) = match ask(&url) {
            HttpAnswer::Answer {
                status,
                takes,
                body,
                location,
            } => (status, takes, body, location),
            HttpAnswer::Hangs => (0, limit, "".into(), "".into()),
            HttpAnswer::Refused => {
                let to = format!("{}:{}", url.host, url.number());
                let text = url.text();
                return (
                    spent,
                    failed(format!("Get \"{text}\": dial tcp {to}: connect: connection refused")),
                );
            }
        };
        spent = spent + takes;
        if spent >= limit {
            let reason = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            return (limit, failed(format!("Get \"{}\": {reason}", url.text())));
        }
        if matches!(status, 301 | 302 | 303 | 307 | 308) && !location.is_empty() {
            let next = url.follow(&location);
            if next.host == first.host {
                url = next;
                continue;
            }
        }
        let outcome = match status {
            200..300 => ProbeOutcome::Success,
            300..400 => ProbeOutcome::Warning(format!("Probe terminated redirects, Response body: {body}").into()),
            _ => failed(format!("HTTP probe failed with statuscode: {status}")),
        };
        return (spent, outcome);
    }
    (
        spent,
        failed(format!("Get \"{}\": stopped after {REDIRECTS} redirects", url.text())),
    )
}
