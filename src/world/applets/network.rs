//! Tools of the network: wget, curl, nc, nslookup, getent, ping.

use super::super::around::{HttpAnswer, HttpRequest};
use super::super::images::Tools;
use super::super::kernel::{Body, Cx, Later, Step};
use super::super::net::is_loopback;
use super::super::outside;
use super::super::server::Base;
use super::super::spec::{NoteKind, Stream};
use super::{Args, Running, go_on, misc};
use crate::time::Duration;

fn later(cx: &Cx, after: Duration, out: Vec<(Stream, String)>, code: i32) -> Step {
    Step::Become(
        Body::Later(Later {
            at: cx.at + after,
            out,
            code,
        }),
        after,
    )
}

fn is_address(host: &str) -> bool {
    host.contains(':') || host.split('.').count() == 4 && host.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// The address of a host. `None` when there is none of this name.
fn address(cx: &mut Cx, host: &str) -> Option<String> {
    if is_loopback(host) {
        return Some("127.0.0.1".to_owned());
    }
    if is_address(host) {
        return Some(host.to_owned());
    }
    if let Ok(hosts) = cx.k.disk.read("/etc/hosts", cx.around) {
        for line in hosts.lines() {
            let mut words = line.split('#').next().unwrap_or("").split_whitespace();
            if let Some(ip) = words.next()
                && words.any(|w| w == host)
            {
                return Some(ip.to_owned());
            }
        }
    }
    cx.around.resolve(host)
}

/// The domains that short names are tried in.
fn domains(cx: &mut Cx) -> Vec<String> {
    let text = cx.k.disk.read("/etc/resolv.conf", cx.around).unwrap_or_default();
    let search = text.lines().find_map(|l| l.strip_prefix("search ")).unwrap_or_default();
    search.split_whitespace().map(str::to_owned).collect()
}

/// All addresses of a host, as name servers know them.
fn addresses(cx: &mut Cx, host: &str) -> Option<Vec<String>> {
    let first = address(cx, host)?;
    let all = cx.around.addresses(host);
    Some(if all.contains(&first) { all } else { vec![first] })
}

/// A URL taken apart: host, port, path, and whether it asks for TLS.
fn url(text: &str) -> (String, u16, String, bool) {
    let (tls, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme == "https", rest),
        None => (false, text),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && port.parse::<u16>().is_ok() => (host, port.parse().unwrap_or(80)),
        _ => (authority, if tls { 443 } else { 80 }),
    };
    let path = if path.is_empty() {
        "/".to_owned()
    } else {
        path.to_owned()
    };
    (host.trim_matches(['[', ']']).to_owned(), port, path, tls)
}

/// What a request came to.
enum Outcome {
    NoName,
    Answer(HttpAnswer, String),
}

/// What curl sends of itself, and wget.
const CURL: [(&str, &str); 2] = [("User-Agent", "curl/8.14.1"), ("Accept", "*/*")];
const WGET: [(&str, &str); 2] = [("User-Agent", "Wget"), ("Connection", "close")];

/// Asks, and where `follows` goes where the answers send it.
fn request(cx: &mut Cx, host: &str, port: u16, path: &str, agent: &[(&str, &str)], follows: bool) -> Outcome {
    let (mut host, mut port, mut path) = (host.to_owned(), port, path.to_owned());
    let mut left = if follows { 10 } else { 0 };
    loop {
        let Some(ip) = address(cx, &host) else {
            return Outcome::NoName;
        };
        let target = if is_loopback(&ip) { ip.clone() } else { host.clone() };
        let named = if port == 80 {
            host.clone()
        } else {
            format!("{host}:{port}")
        };
        let headers: Vec<(String, String)> = [("Host", &*named)]
            .iter()
            .chain(agent)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let asked = HttpRequest {
            path: &path,
            headers: &headers,
            from: if is_loopback(&target) { "127.0.0.1" } else { "" },
        };
        let answer = match outside::is_outside(&ip) {
            true => beyond(cx, &host),
            false => cx.k.http_from_inside(&target, port, asked, cx.around),
        };
        match &answer {
            HttpAnswer::Answer { location, .. } if left > 0 && !location.is_empty() => {
                left -= 1;
                if location.starts_with('/') {
                    path = location.to_string();
                } else {
                    (host, port, path, _) = url(location);
                }
            }
            _ => return Outcome::Answer(answer, ip),
        }
    }
}

/// What the world outside answers.
fn beyond(cx: &mut Cx, host: &str) -> HttpAnswer {
    cx.k.note(NoteKind::Assumed, format!("assumed: {host} answers 200"), Some(0));
    HttpAnswer::Answer {
        status: 200,
        takes: Duration::from_millis(80),
        body: format!("<!doctype html>\n<title>{host}</title>\n").into(),
        location: "".into(),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

fn plain_tls(cx: &mut Cx, answer: &HttpAnswer) {
    if matches!(answer, HttpAnswer::Answer { .. }) {
        cx.k.note(
            NoteKind::NotModelled,
            "TLS is not simulated: https is answered as http",
            None,
        );
    }
}

/// `wget`.
pub fn wget(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "OTtUPY");
    let quiet = args.has("q") || args.long("quiet");
    let spider = args.long("spider");
    let Some(target) = args.rest.first().cloned() else {
        cx.err("wget: missing URL\n");
        return Step::Exit(1);
    };
    let gnu = cx.k.spec.image.tools == Tools::Gnu;
    let limit = args.value("T").or(args.value("timeout")).and_then(misc::seconds);
    let (host, port, path, tls) = url(&target);
    let latencies = cx.k.spec.latencies;
    let say = |text: String| {
        if quiet && gnu {
            Vec::new()
        } else {
            vec![(Stream::Err, text)]
        }
    };
    let outcome = request(cx, &host, port, &path, &WGET, true);
    let (answer, ip) = match outcome {
        Outcome::NoName => {
            let text = format!("wget: bad address '{host}'\n");
            return later(cx, latencies.lookup_fails, say(text), if gnu { 4 } else { 1 });
        }
        Outcome::Answer(answer, ip) => (answer, ip),
    };
    let connecting = if quiet {
        String::new()
    } else {
        format!("Connecting to {host}:{port} ({ip}:{port})\n")
    };
    if tls && !outside::is_outside(&ip) {
        plain_tls(cx, &answer);
    }
    match answer {
        HttpAnswer::Refused => {
            let text = format!("{connecting}wget: can't connect to remote host ({ip}): Connection refused\n");
            later(cx, latencies.round_trip, say(text), if gnu { 4 } else { 1 })
        }
        HttpAnswer::Closed | HttpAnswer::Malformed(_) => {
            let text = format!("{connecting}wget: error getting response\n");
            later(cx, latencies.round_trip, say(text), if gnu { 4 } else { 1 })
        }
        HttpAnswer::Hangs => {
            let after = limit.unwrap_or(Duration::from_secs(900));
            later(cx, after, say(format!("{connecting}wget: download timed out\n")), 1)
        }
        HttpAnswer::Answer { takes, .. } if limit.is_some_and(|l| takes >= l) => later(
            cx,
            limit.unwrap_or(takes),
            say(format!("{connecting}wget: download timed out\n")),
            1,
        ),
        HttpAnswer::Answer { status, takes, .. } if status >= 400 => {
            let text = format!(
                "{connecting}wget: server returned error: HTTP/1.1 {status} {}\n",
                reason(status)
            );
            later(cx, takes + latencies.round_trip, say(text), if gnu { 8 } else { 1 })
        }
        HttpAnswer::Answer {
            takes, body, status, ..
        } => {
            let mut out = if quiet {
                Vec::new()
            } else {
                vec![(Stream::Err, connecting)]
            };
            if args.has("S") || args.long("server-response") {
                let head = format!(
                    "  HTTP/1.1 {status} {}\n  Content-Length: {}\n  \n",
                    reason(status),
                    body.len()
                );
                out.push((Stream::Err, head));
            }
            let name = path.split('?').next().unwrap_or("").rsplit('/').next().unwrap_or("");
            let file = args.value("O").map(str::to_owned).unwrap_or_else(|| {
                if name.is_empty() {
                    "index.html".to_owned()
                } else {
                    name.to_owned()
                }
            });
            if spider {
                if !quiet {
                    out.push((Stream::Err, "remote file exists\n".to_owned()));
                }
            } else if file == "-" {
                out.push((Stream::Out, body.to_string()));
            } else {
                let (to, at) = (cx.path(&file), cx.at);
                let done = if to == "/dev/null" {
                    Ok(())
                } else {
                    cx.k.disk
                        .truncate(&to, at, cx.around)
                        .and_then(|()| cx.k.disk.append(&to, &body, at, cx.around))
                };
                if let Err(why) = done {
                    let text = format!("wget: can't open '{file}': {}\n", why.text());
                    return later(cx, latencies.round_trip, vec![(Stream::Err, text)], 1);
                }
                if !quiet {
                    out.push((Stream::Err, format!("saving to '{file}'\n'{file}' saved\n")));
                }
            }
            later(cx, takes + latencies.round_trip, out, 0)
        }
    }
}

/// `curl`.
pub fn curl(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "oXHdwmAbceFTuxr");
    let silent = args.has("s") && !args.has("S");
    let Some(target) = args.rest.iter().find(|a| !a.is_empty()).cloned() else {
        cx.err("curl: try 'curl --help' for more information\n");
        return Step::Exit(2);
    };
    let (host, port, path, tls) = url(&target);
    let latencies = cx.k.spec.latencies;
    let limit = args
        .value("m")
        .or(args.value("max-time"))
        .or(args.value("connect-timeout"))
        .and_then(misc::seconds);
    let fail = |after: Duration, code: i32, text: String, cx: &Cx| {
        let out = if silent {
            Vec::new()
        } else {
            vec![(Stream::Err, format!("curl: ({code}) {text}\n"))]
        };
        later(cx, after, out, code)
    };
    let follows = args.has("L") || args.long("location");
    let answer = match request(cx, &host, port, &path, &CURL, follows) {
        Outcome::NoName => return fail(latencies.lookup_fails, 6, format!("Could not resolve host: {host}"), cx),
        Outcome::Answer(answer, ip) => {
            if tls && !outside::is_outside(&ip) {
                plain_tls(cx, &answer);
            }
            answer
        }
    };
    match answer {
        HttpAnswer::Refused => {
            let ms = latencies.round_trip.millis();
            let text = format!("Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server");
            fail(latencies.round_trip, 7, text, cx)
        }
        HttpAnswer::Closed => {
            let text = "Empty reply from server".to_owned();
            fail(latencies.round_trip, 52, text, cx)
        }
        HttpAnswer::Malformed(_) => {
            let text = "Received HTTP/0.9 when not allowed".to_owned();
            fail(latencies.round_trip, 1, text, cx)
        }
        HttpAnswer::Hangs => {
            let after = limit.unwrap_or(Duration::from_secs(86_400));
            fail(
                after,
                28,
                format!(
                    "Operation timed out after {} milliseconds with 0 bytes received",
                    after.millis()
                ),
                cx,
            )
        }
        HttpAnswer::Answer { takes, .. } if limit.is_some_and(|l| takes >= l) => {
            let after = limit.unwrap_or(takes);
            fail(
                after,
                28,
                format!(
                    "Operation timed out after {} milliseconds with 0 bytes received",
                    after.millis()
                ),
                cx,
            )
        }
        HttpAnswer::Answer { status, takes, .. } if status >= 400 && (args.has("f") || args.long("fail")) => fail(
            takes + latencies.round_trip,
            22,
            format!("The requested URL returned error: {status}"),
            cx,
        ),
        HttpAnswer::Answer {
            status, takes, body, ..
        } => {
            let mut text = String::new();
            if args.has("iI") {
                text.push_str(&format!("HTTP/1.1 {status} {}\r\n\r\n", reason(status)));
            }
            if !args.has("I") {
                text.push_str(&body);
            }
            let mut out = Vec::new();
            match args.value("o").or(args.value("output")) {
                Some("/dev/null") => {}
                Some(file) => {
                    let (to, at) = (cx.path(file), cx.at);
                    let done = cx.k.disk.truncate(&to, at, cx.around);
                    if done.and_then(|()| cx.k.disk.append(&to, &text, at, cx.around)).is_err() {
                        return fail(
                            latencies.round_trip,
                            23,
                            "Failure writing output to destination".to_owned(),
                            cx,
                        );
                    }
                }
                None => out.push((Stream::Out, text)),
            }
            if let Some(format) = args.value("w").or(args.value("write-out")) {
                let shown = format
                    .replace("%{http_code}", &status.to_string())
                    .replace("%{response_code}", &status.to_string());
                out.push((Stream::Out, super::escapes::unescape(&shown).0));
            }
            later(cx, takes + latencies.round_trip, out, 0)
        }
    }
}

/// `nc`: a connection, a test of one, or a listener.
pub fn nc(cx: &mut Cx, argv: &[String]) -> Step {
    let ncat = argv.first().is_some_and(|name| name.ends_with("ncat"));
    let args = Args::read(argv, if ncat { "pwsiqec" } else { "pwsiqe" });
    let latencies = cx.k.spec.latencies;
    if args.has("l") || args.long("listen") {
        if args.has("e") {
            cx.k.note(
                NoteKind::NotModelled,
                "nc -e is not supported: the program is not run",
                None,
            );
        }
        let port = args
            .value("p")
            .or(args.rest.last().map(String::as_str))
            .and_then(|p| p.parse().ok())
            .unwrap_or(0);
        let keeps = args.has("k") || args.long("keep-open");
        return super::serve::serve(cx, Base::Netcat { port, keeps });
    }
    let (Some(host), Some(port)) = (
        args.rest.first().cloned(),
        args.rest.get(1).and_then(|p| p.parse::<u16>().ok()),
    ) else {
        cx.err("nc: missing host or port\n");
        return Step::Exit(1);
    };
    let Some(ip) = address(cx, &host) else {
        return later(
            cx,
            latencies.lookup_fails,
            vec![(Stream::Err, format!("nc: bad address '{host}'\n"))],
            1,
        );
    };
    let target = if is_loopback(&ip) { ip.clone() } else { host.clone() };
    if outside::is_outside(&ip) || cx.k.tcp_from_inside(&target, port, cx.around) {
        let mut out = Vec::new();
        if args.has("v") {
            out.push((Stream::Err, format!("{host} ({ip}:{port}) open\n")));
        }
        if !args.has("z") && is_loopback(&ip) {
            out.push((Stream::Out, cx.k.says(port).to_owned()));
        }
        return later(cx, latencies.round_trip, out, 0);
    }
    let text = format!("nc: {host} ({ip}:{port}): Connection refused\n");
    let out = if args.has("v") || !args.has("z") {
        vec![(Stream::Err, text)]
    } else {
        Vec::new()
    };
    later(cx, latencies.round_trip, out, 1)
}

/// The DNS server of `/etc/resolv.conf`.
fn dns_server(cx: &mut Cx) -> String {
    let text = cx.k.disk.read("/etc/resolv.conf", cx.around).unwrap_or_default();
    let server = text
        .lines()
        .find_map(|l| l.strip_prefix("nameserver "))
        .map(|s| s.trim().to_owned());
    server.unwrap_or_else(|| "10.96.0.10".to_owned())
}

/// `nslookup`.
pub fn nslookup(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let Some(name) = args.rest.first().cloned() else {
        cx.err("nslookup: missing name\n");
        return Step::Exit(1);
    };
    let server = dns_server(cx);
    if speaks_as_of_old(cx) {
        let head = format!("Server:    {server}\nAddress 1: {server}\n\n");
        let latencies = cx.k.spec.latencies;
        return match addresses(cx, &name) {
            Some(all) => {
                let lines = all.iter().zip(1..).map(|(ip, n)| format!("Address {n}: {ip}\n"));
                let text = format!("{head}Name:      {name}\n{}", lines.collect::<String>());
                later(cx, latencies.lookup, vec![(Stream::Out, text)], 0)
            }
            None => {
                let text = format!("nslookup: can't resolve '{name}'\n");
                later(
                    cx,
                    latencies.lookup_fails,
                    vec![(Stream::Out, head), (Stream::Err, text)],
                    1,
                )
            }
        };
    }
    if cx.k.spec.image.tools == Tools::Busybox {
        return nslookup_of_today(cx, &name, &server);
    }
    let head = format!("Server:\t\t{server}\nAddress:\t{server}#53\n\n");
    let latencies = cx.k.spec.latencies;
    match addresses(cx, &name) {
        Some(all) => {
            let lines = all.iter().map(|ip| format!("Name:\t{name}\nAddress: {ip}\n"));
            let text = format!("{head}{}\n", lines.collect::<String>());
            later(cx, latencies.lookup, vec![(Stream::Out, text)], 0)
        }
        None => later(
            cx,
            latencies.lookup_fails,
            vec![(Stream::Out, format!("{head}** server can't find {name}: NXDOMAIN\n\n"))],
            1,
        ),
    }
}

/// Whether `nslookup` is that of BusyBox up to 1.28, which the examples were written for: it searches the domains and
/// succeeds when one of them knows the name. An untagged image counts as that, or the examples would never go on.
fn speaks_as_of_old(cx: &mut Cx) -> bool {
    let name = cx.k.spec.image.name.clone();
    let Some((_, tag)) = name.rsplit_once("/busybox:") else {
        return false;
    };
    if tag == "latest" {
        let text = "nslookup is taken to be that of busybox:1.28; from 1.29 on it exits with 1 for a short name: write the \
                    whole one, or the tag";
        cx.k.note(NoteKind::Assumed, text, None);
        return true;
    }
    let minor = tag
        .strip_prefix("1.")
        .and_then(|t| t.split(['.', '-']).next()?.parse::<u32>().ok());
    minor.is_some_and(|m| m < 29)
}

/// `nslookup` of BusyBox from 1.29 on: a name with a dot is asked for as it is, another one in each domain, and one answer
/// without the name makes it fail.
fn nslookup_of_today(cx: &mut Cx, name: &str, server: &str) -> Step {
    let names = match name.contains('.') {
        true => vec![name.to_owned()],
        false => domains(cx).iter().map(|domain| format!("{name}.{domain}")).collect(),
    };
    let mut out = format!("Server:\t\t{server}\nAddress:\t{server}:53\n\n");
    let mut code = 0;
    for name in &names {
        let whole =
            name.trim_end_matches('.').ends_with(".cluster.local") || outside::is_public(name) || is_address(name);
        match addresses(cx, name).filter(|_| whole || is_loopback(name)) {
            Some(all) => {
                let lines = all.iter().map(|ip| format!("Name:\t{name}\nAddress: {ip}\n"));
                out.push_str(&(lines.collect::<String>() + "\n"));
            }
            None => {
                code = 1;
                // Once for the addresses of each family.
                out.push_str(&format!("** server can't find {name}: NXDOMAIN\n\n").repeat(2));
            }
        }
    }
    let latencies = cx.k.spec.latencies;
    let after = if code == 0 {
        latencies.lookup
    } else {
        latencies.lookup_fails
    };
    later(cx, after, vec![(Stream::Out, out)], code)
}

/// `host` and `dig`.
pub fn dig(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "t");
    let name = args
        .rest
        .iter()
        .find(|a| !a.starts_with(['+', '@']))
        .cloned()
        .unwrap_or_default();
    let short = args.rest.iter().any(|a| a == "+short");
    let host = argv.first().is_some_and(|n| n.ends_with("host"));
    let latencies = cx.k.spec.latencies;
    match address(cx, &name) {
        Some(ip) => {
            let text = match (host, short) {
                (true, _) => format!("{name} has address {ip}\n"),
                (false, true) => format!("{ip}\n"),
                (false, false) => format!(";; ANSWER SECTION:\n{name}.\t30\tIN\tA\t{ip}\n"),
            };
            later(cx, latencies.lookup, vec![(Stream::Out, text)], 0)
        }
        None => {
            let text = if host {
                format!("Host {name} not found: 3(NXDOMAIN)\n")
            } else {
                String::new()
            };
            later(cx, latencies.lookup_fails, vec![(Stream::Out, text)], i32::from(host))
        }
    }
}

/// `getent hosts`.
pub fn getent(cx: &mut Cx, argv: &[String]) -> Step {
    let latencies = cx.k.spec.latencies;
    match (argv.get(1).map(String::as_str), argv.get(2).cloned()) {
        (Some("hosts" | "ahosts" | "ahostsv4"), Some(name)) => match address(cx, &name) {
            Some(ip) => later(
                cx,
                latencies.lookup,
                vec![(Stream::Out, format!("{ip:<15} {name}\n"))],
                0,
            ),
            None => later(cx, latencies.lookup_fails, Vec::new(), 2),
        },
        (Some("passwd" | "group"), Some(name)) => Step::Exit(if name == "root" || name == "0" { 0 } else { 2 }),
        _ => Step::Exit(1),
    }
}

/// `ping`.
pub fn ping(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "cWwisI");
    let Some(host) = args.rest.first().cloned() else {
        cx.err("ping: missing host\n");
        return Step::Exit(1);
    };
    let latencies = cx.k.spec.latencies;
    let Some(ip) = address(cx, &host) else {
        return later(
            cx,
            latencies.lookup_fails,
            vec![(Stream::Err, format!("ping: bad address '{host}'\n"))],
            1,
        );
    };
    cx.k.note(NoteKind::Assumed, "assumed: every address answers a ping", None);
    cx.out(&format!("PING {host} ({ip}): 56 data bytes\n"));
    let count = args.value("c").and_then(|c| c.parse().ok()).unwrap_or(u32::MAX);
    go_on(Running::Ping(0, count))
}

/// Goes on with `ping`: one answer a second.
pub(super) fn ping_on(cx: &mut Cx, argv: &[String], next: &mut u32, count: u32) -> Step {
    let host = Args::read(argv, "cWwisI").rest.first().cloned().unwrap_or_default();
    let ip = address(cx, &host).unwrap_or_default();
    cx.out(&format!("64 bytes from {ip}: seq={next} ttl=64 time=0.100 ms\n"));
    *next += 1;
    if *next >= count {
        cx.out(&format!(
            "\n--- {host} ping statistics ---\n{count} packets transmitted, {count} packets received, 0% packet loss\nround-trip min/avg/max = 0.100/0.100/0.100 ms\n"
        ));
        return Step::Exit(0);
    }
    Step::At(cx.at + Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn urls() {
        for (text, host, port, path) in [
            ("http://localhost:80", "localhost", 80, "/"),
            ("localhost:8080/x?y=1", "localhost", 8080, "/x?y=1"),
            ("https://a.b/c", "a.b", 443, "/c"),
            ("http://u:p@h/", "h", 80, "/"),
        ] {
            let (h, p, q, _) = url(text);
            assert_eq!((h.as_str(), p, q.as_str()), (host, port, path), "{text}");
        }
    }
}
