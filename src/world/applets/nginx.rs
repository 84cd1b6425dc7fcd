//! nginx: its command line, what it writes when it starts, and its log of requests.

use std::rc::Rc;

use super::super::around::{Around, HttpAnswer, HttpRequest};
use super::super::files::Kind;
use super::super::images::Tools;
use super::super::kernel::{Body, Cx, Kernel, Pid, Step};
use super::super::server::Base;
use super::super::signal::Signal;
use super::super::spec::Stream;
use super::info::format_date;
use crate::time::Duration;

const VERSION: &str = "1.29.0";

/// Where its first worker process begins to count: the scripts before it took the IDs in between.
const WORKER: Pid = 29;

/// What the command line asks for.
#[derive(Default)]
struct Options {
    asks: bool,
    tests: bool,
    version: bool,
    directives: String,
    signal: Option<String>,
}

/// The command line as `ngx_get_options` reads it.
fn options(argv: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut words = argv.iter().skip(1);
    while let Some(word) = words.next() {
        let Some(letters) = word.strip_prefix('-') else {
            return Err(format!("invalid option: \"{word}\""));
        };
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            match letter {
                '?' | 'h' => options.asks = true,
                'v' | 'V' => options.version = true,
                't' | 'T' => options.tests = true,
                'q' => {}
                'p' | 'e' | 'c' | 'g' | 's' => {
                    let own = Some(rest.as_str()).filter(|own| !own.is_empty()).map(str::to_owned);
                    let Some(value) = own.or_else(|| words.next().cloned()) else {
                        return Err(match letter {
                            'p' => "option \"-p\" requires directory name".to_owned(),
                            'e' | 'c' => format!("option \"-{letter}\" requires file name"),
                            _ => format!("option \"-{letter}\" requires parameter"),
                        });
                    };
                    match letter {
                        'g' => options.directives = value,
                        's' if !["stop", "quit", "reopen", "reload"].contains(&value.as_str()) => {
                            return Err(format!("invalid option: \"-s {value}\""));
                        }
                        's' => options.signal = Some(value),
                        _ => {}
                    }
                    break;
                }
                other => return Err(format!("invalid option: \"{other}\"")),
            }
        }
    }
    Ok(options)
}

/// `nginx` with its arguments: a server, or a command to the one that runs.
pub fn start(cx: &mut Cx, argv: &[String]) -> Step {
    let asked = match options(argv) {
        Ok(asked) => asked,
        Err(why) => {
            cx.err(&format!("nginx: {why}\n"));
            return Step::Exit(1);
        }
    };
    if asked.asks || asked.version {
        cx.err(&format!("nginx version: nginx/{VERSION}\n"));
        return Step::Exit(0);
    }
    let directives = asked.directives.trim();
    if !directives.is_empty() && !directives.ends_with([';', '}']) {
        let why = "unexpected end of parameter, expecting \";\" in command line";
        return emergency(cx, why);
    }
    if asked.tests {
        cx.err("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n");
        return Step::Exit(0);
    }
    match &asked.signal {
        Some(signal) => command(cx, signal),
        None => serve(cx, argv, directives),
    }
}

/// Says why it cannot run, in its log and again on the terminal.
fn emergency(cx: &mut Cx, why: &str) -> Step {
    cx.err(&format!(
        "{} [emerg] {1}#{1}: {why}\nnginx: [emerg] {why}\n",
        stamp(cx),
        cx.pid
    ));
    Step::Exit(1)
}

/// `nginx -s`: a signal to the one that runs.
fn command(cx: &mut Cx, name: &str) -> Step {
    let signal = match name {
        "quit" => Signal::QUIT,
        "stop" => Signal::TERM,
        "reload" => Signal::HUP,
        _ => Signal::USR1,
    };
    let found = cx.k.processes.iter();
    let found = found.filter(|(_, p)| matches!(&p.body, Body::Server(s) if s.is_nginx()));
    let Some(pid) = found.map(|(pid, _)| *pid).next() else {
        cx.err("nginx: [error] open() \"/run/nginx.pid\" failed (2: No such file or directory)\n");
        return Step::Exit(1);
    };
    if cx.k.spec.image.tools == Tools::Gnu {
        cx.err(&format!(
            "{} [notice] {1}#{1}: signal process started\n",
            stamp(cx),
            cx.pid
        ));
    }
    cx.k.signal(pid, signal, true);
    Step::Exit(0)
}

fn stamp(cx: &Cx) -> String {
    format_date("+%Y/%m/%d %H:%M:%S", cx.around.unix(cx.at))
}

/// Whether the image runs it as somebody else than root, with its files where that user may write.
fn unprivileged(cx: &Cx) -> bool {
    cx.k.spec.image.line.get("user").is_some()
}

fn serve(cx: &mut Cx, argv: &[String], directives: &str) -> Step {
    let program = cx.k.spec.program.is_some();
    if !program {
        if !cx.k.workstation && cx.k.spec.uid != 0 && !unprivileged(cx) {
            let text = "the \"user\" directive makes sense only if the master process runs with super-user privileges, \
                        ignored in /etc/nginx/nginx.conf:2";
            cx.err(&format!(
                "{} [warn] {1}#{1}: {text}\nnginx: [warn] {text}\n",
                stamp(cx),
                cx.pid
            ));
        }
        let (cache, pid) = match unprivileged(cx) {
            true => ("/tmp/client_temp", "/tmp/nginx.pid"),
            false => ("/var/cache/nginx/client_temp", "/run/nginx.pid"),
        };
        if let Some(why) = denied(cx, cache) {
            return emergency(cx, &format!("mkdir() \"{cache}\" failed ({why})"));
        }
        if let Some(why) = denied(cx, pid) {
            return emergency(cx, &format!("open() \"{pid}\" failed ({why})"));
        }
    }
    let (ports, text) = configured(cx);
    let base = Base::Nginx { ports: Rc::from(ports) };
    if let Some(later) = super::serve::refused(cx, &base) {
        return Step::Become(Body::Later(later), Duration::ZERO);
    }
    let server = cx.server(base);
    let daemon = !directives.contains("daemon off") && !text.contains("daemon off");
    if !program {
        notices(cx);
    }
    if daemon && !program {
        // A child serves on, and what was called ends.
        let (init, at) = (cx.k.init, cx.at);
        if let Some(me) = cx.me() {
            let body = Body::Server(Box::new(server));
            let mut child = super::super::launch::process_like(me, init, Rc::new(argv.to_vec()), body, at);
            child.exec = None;
            cx.k.spawn(child, Duration::ZERO);
        }
        return Step::Exit(0);
    }
    Step::Become(Body::Server(Box::new(server)), Duration::ZERO)
}

/// Why a path cannot be written to: the root file system is read-only, or belongs to root. Volumes can be.
fn denied(cx: &Cx, path: &str) -> Option<&'static str> {
    let spec = &cx.k.spec;
    let within = |dir: &str| path.starts_with(&format!("{}/", dir.trim_end_matches('/')));
    // /var/run is a link to /run.
    let alias = path.starts_with("/run/").then(|| format!("/var{path}"));
    let covers = |dir: &str| {
        within(dir)
            || alias
                .as_ref()
                .is_some_and(|a| a.starts_with(&format!("{}/", dir.trim_end_matches('/'))))
    };
    let mut mounts = spec.mounts.iter().filter(|m| covers(&m.path));
    match mounts.next() {
        Some(mount) if mount.read_only => Some("30: Read-only file system"),
        Some(_) => None,
        None if spec.read_only_root => Some("30: Read-only file system"),
        None if spec.uid != 0 && !path.starts_with("/tmp/") => Some("13: Permission denied"),
        None => None,
    }
}

/// The ports that its configuration says, and the text of the main file.
fn configured(cx: &mut Cx) -> (Vec<u16>, String) {
    let mut files = vec!["/etc/nginx/nginx.conf".to_owned()];
    let more = cx.k.disk.list("/etc/nginx/conf.d", cx.around).unwrap_or_default();
    files.extend(
        more.iter()
            .filter(|n| n.ends_with(".conf"))
            .map(|n| format!("/etc/nginx/conf.d/{n}")),
    );
    let mut ports = Vec::new();
    let mut main = String::new();
    for (index, file) in files.iter().enumerate() {
        let text = cx.k.disk.read(file, cx.around).unwrap_or_default();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or("");
            let values = line
                .split(['{', ';', '}'])
                .filter_map(|part| part.trim().strip_prefix("listen "));
            let numbers = values.filter_map(|v| v.split_whitespace().next()?.rsplit(':').next()?.parse::<u16>().ok());
            ports.extend(numbers);
        }
        if index == 0 {
            // A main file of one's own need not take in the others.
            main = text.to_string();
            if !main.contains("include") && main.contains("http") {
                break;
            }
        }
    }
    if ports.is_empty() {
        ports.push(cx.k.spec.image.line.text("port").parse().unwrap_or(80));
    }
    ports.dedup();
    (ports, main)
}

/// What the image's entrypoint writes before nginx runs.
pub fn prepare(cx: &mut Cx) {
    if cx.k.spec.program.is_some() || cx.env("NGINX_ENTRYPOINT_QUIET_LOGS").is_some() {
        return;
    }
    let script = "/docker-entrypoint.sh";
    let folder = "/docker-entrypoint.d";
    let own = "10-listen-on-ipv6-by-default.sh: info:";
    let conf = "/etc/nginx/conf.d/default.conf";
    let listen = match cx.k.disk.stat(conf, cx.around).map(|e| e.kind) {
        Ok(Kind::File(_)) if denied(cx, conf).is_some() => {
            format!("{own} can not modify {conf} (read-only file system?)\n")
        }
        Ok(Kind::File(text)) if &**text == "server { listen 80; }\n" => {
            format!("{own} Getting the checksum of {conf}\n{own} Enabled listen on IPv6 in {conf}\n")
        }
        Ok(_) => format!("{own} Getting the checksum of {conf}\n{own} {conf} differs from the packaged version\n"),
        Err(_) => format!("{own} {conf} is not a file or does not exist\n"),
    };
    cx.out(&format!(
        "{script}: {folder}/ is not empty, will attempt to perform configuration\n{script}: Looking for shell scripts in {folder}/\n\
         {script}: Launching {folder}/10-listen-on-ipv6-by-default.sh\n{listen}{script}: Sourcing {folder}/15-local-resolvers.envsh\n\
         {script}: Launching {folder}/20-envsubst-on-templates.sh\n{script}: Launching {folder}/30-tune-worker-processes.sh\n\
         {script}: Configuration complete; ready for start up\n"
    ));
}

/// The notices of its start.
fn notices(cx: &mut Cx) {
    let (head, pid) = (stamp(cx), cx.pid);
    let built = match cx.k.spec.image.tools {
        Tools::Gnu => "gcc 12.2.0 (Debian 12.2.0-14+deb12u1)",
        Tools::Busybox => "gcc 14.2.0 (Alpine 14.2.0)",
    };
    let mut text = String::new();
    for line in [
        "using the \"epoll\" event method",
        &format!("nginx/{VERSION}"),
        &format!("built by {built}"),
        "OS: Linux 6.12.0",
        "getrlimit(RLIMIT_NOFILE): 1048576:1048576",
        "start worker processes",
        &format!("start worker process {WORKER}"),
    ] {
        text.push_str(&format!("{head} [notice] {pid}#{pid}: {line}\n"));
    }
    cx.err(&text);
}

impl Kernel {
    /// The lines of a request in the logs of nginx.
    pub(in super::super) fn log_request(
        &mut self,
        pid: Pid,
        number: u32,
        request: &HttpRequest,
        missing: Option<&str>,
        answer: &HttpAnswer,
        around: &mut dyn Around,
    ) {
        let HttpAnswer::Answer { status, body, .. } = answer else {
            return;
        };
        let header = |wanted: &str| {
            let mut headers = request.headers.iter();
            let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map_or("-", |(_, value)| value.as_str())
        };
        let unix = around.unix(self.now);
        let from = if request.from.is_empty() {
            "127.0.0.1"
        } else {
            request.from
        };
        let path = request.path;
        let asked = format!("\"GET {path} HTTP/1.1\"");
        if let Some(file) = missing {
            let why = match status {
                403 => format!("directory index of \"{file}/\" is forbidden"),
                _ => format!("open() \"{file}\" failed (2: No such file or directory)"),
            };
            let head = format_date("+%Y/%m/%d %H:%M:%S", unix);
            let host = header("host");
            let text = format!(
                "{head} [error] {WORKER}#{WORKER}: *{number} {why}, client: {from}, server: localhost, request: {asked}, host: \"{host}\"\n"
            );
            self.say(pid, Stream::Err, &text, around);
        }
        let date = format_date("+%d/%b/%Y:%H:%M:%S +0000", unix);
        let (size, agent) = (body.len(), header("user-agent"));
        let text = format!("{from} - - [{date}] {asked} {status} {size} \"-\" \"{agent}\" \"-\"\n");
        self.say(pid, Stream::Out, &text, around);
    }

    /// Writes for a process that is not being run.
    fn say(&mut self, pid: Pid, stream: Stream, text: &str, around: &mut dyn Around) {
        let fd = u32::from(stream == Stream::Err) + 1;
        let open = self.processes.get(&pid).and_then(|p| p.fds.get(&fd)).copied();
        if let Some(open) = open {
            let _ = self.write_open(open, text, around);
        }
    }
}
