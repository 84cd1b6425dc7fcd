//! Commands that are servers: httpd, python -m http.server, stress.

use std::rc::Rc;

use super::super::image_table::{self, Line};
use super::super::kernel::{Body, Cx, Later, Step};
use super::super::server::{Base, Server};
use super::super::spec::{NoteKind, Stream};
use super::Args;
use crate::api::quantity::Quantity;
use crate::api::scenario::{MemoryPoint, Program};
use crate::time::Duration;

/// Becomes a server, if its port is free.
pub fn serve(cx: &mut Cx, base: Base) -> Step {
    if let Some(later) = refused(cx, &base) {
        return Step::Become(Body::Later(later), Duration::ZERO);
    }
    let server = cx.server(base);
    Step::Become(Body::Server(Box::new(server)), Duration::ZERO)
}

/// The end of a server whose port another process of the Pod listens on. Programs that the scenario describes say
/// themselves how they end, and of images that are not known the port is only assumed.
pub fn refused(cx: &mut Cx, base: &Base) -> Option<Later> {
    let port = match base {
        _ if cx.k.spec.program.is_some() => return None,
        Base::Nginx { ports } => *ports.iter().find(|p| cx.k.listens(**p) || cx.around.listens(**p))?,
        Base::Files { port, .. } | Base::Netcat { port, .. } => *port,
        Base::Described | Base::Assumed { .. } | Base::Waits => return None,
    };
    if !cx.k.listens(port) && !cx.around.listens(port) {
        return None;
    }
    let apache = cx.k.spec.image.tools == super::Tools::Gnu;
    let (at, text) = match base {
        Base::Nginx { .. } => return Some(nginx_refused(cx, port)),
        Base::Netcat { .. } => (cx.at, "nc: bind: Address already in use\n".to_owned()),
        Base::Files { lists: true, .. } => (cx.at, "OSError: [Errno 98] Address already in use\n".to_owned()),
        _ if apache => {
            let text = format!(
                "(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:{port}\n\
                 no listening sockets available, shutting down\nAH00015: Unable to open logs\n"
            );
            (cx.at, text)
        }
        _ => (cx.at, "httpd: bind: Address already in use\n".to_owned()),
    };
    Some(Later {
        at,
        out: vec![(Stream::Err, text)],
        code: 1,
    })
}

/// nginx tries five times, 500 ms apart (`ngx_open_listening_sockets`).
fn nginx_refused(cx: &Cx, port: u16) -> Later {
    let (pause, pid) = (Duration::from_millis(500), cx.pid);
    let (mut at, mut text) = (cx.at, String::new());
    let mut say = |at, what: &str| {
        let stamp = super::info::format_date("+%Y/%m/%d %H:%M:%S", cx.around.unix(at));
        text.push_str(&format!("{stamp} [emerg] {pid}#{pid}: {what}\nnginx: [emerg] {what}\n"));
    };
    for _ in 0..5 {
        say(
            at,
            &format!("bind() to 0.0.0.0:{port} failed (98: Address already in use)"),
        );
        at += pause;
    }
    say(at, "still could not bind()");
    Later {
        at,
        out: vec![(Stream::Err, text)],
        code: 1,
    }
}

/// `httpd`: BusyBox's small server.
pub fn httpd(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "pchru");
    let port = args
        .value("p")
        .and_then(|p| p.rsplit(':').next()?.parse().ok())
        .unwrap_or(80);
    let root = Rc::from(cx.path(args.value("h").unwrap_or(".")));
    let base = Base::Files {
        port,
        root,
        lists: false,
    };
    if args.has("f") || cx.k.spec.image.tools == super::Tools::Gnu {
        return serve(cx, base);
    }
    // Without -f it goes to the background: a child of PID 1 serves on.
    let server = cx.server(base);
    let (init, at) = (cx.k.init, cx.at);
    if let Some(me) = cx.me() {
        let mut child =
            super::super::launch::process_like(me, init, Rc::new(argv.to_vec()), Body::Server(Box::new(server)), at);
        child.exec = None;
        cx.k.spawn(child, Duration::ZERO);
    }
    Step::Exit(0)
}

/// `python -m http.server [PORT]`; other modules and scripts are servers or are assumed to succeed.
pub fn python(cx: &mut Cx, argv: &[String]) -> Step {
    let module = argv
        .iter()
        .position(|a| a == "-m")
        .and_then(|i| argv.get(i + 1))
        .map(String::as_str);
    if matches!(module, Some("http.server" | "SimpleHTTPServer")) {
        let args = Args::read(argv, "mdb");
        let port = args.rest.iter().find_map(|a| a.parse().ok()).unwrap_or(8_000);
        let root = Rc::from(cx.path(args.value("d").or(args.value("directory")).unwrap_or(".")));
        return serve(
            cx,
            Base::Files {
                port,
                root,
                lists: true,
            },
        );
    }
    if cx.k.spec.program.is_some() {
        return serve(cx, Base::Described);
    }
    if argv.len() == 1 || argv.iter().any(|a| matches!(a.as_str(), "-c" | "-V" | "--version")) {
        cx.k.note(
            NoteKind::Assumed,
            "Python is not interpreted: the command is assumed to succeed",
            None,
        );
        return Step::Exit(0);
    }
    if cx.k.spec.ends {
        let text = "assumed: python ends with exit code 0 one second after start";
        cx.k.note(NoteKind::Assumed, text, Some(0));
        return cx.listed(Line::RUNS, argv);
    }
    let line = image_table::program("python").unwrap_or_default();
    let line = if cx.k.spec.ports.is_empty() { Line::PYTHON } else { line };
    cx.listed(line, argv)
}

/// A program that takes more and more memory: its limit ends it. Without one nothing does here.
pub fn hoard(cx: &mut Cx) -> Step {
    let limit = cx.k.spec.memory_limit;
    let over = limit.map_or(0, |limit| limit.saturating_add(1));
    let usage = Quantity::parse(&over.to_string()).unwrap_or_default();
    let program = Program {
        memory: vec![MemoryPoint {
            usage,
            ..MemoryPoint::default()
        }],
        ..Program::default()
    };
    if limit.is_none() {
        let text = "a program takes ever more memory and has no limit: the memory of the node is not used up";
        cx.k.note(NoteKind::NotModelled, text, None);
    }
    let server = Server::new(
        Base::Waits,
        Some(Rc::new(program)),
        cx.at,
        0,
        limit,
        cx.k.spec.latencies.oom,
    );
    Step::Become(Body::Server(Box::new(server)), Duration::ZERO)
}

/// `stress --vm 1 --vm-bytes 250M --timeout 10s`: uses memory, then waits.
pub fn stress(cx: &mut Cx, argv: &[String]) -> Step {
    let value = |names: [&str; 3]| {
        argv.iter().enumerate().find_map(|(i, a)| {
            names.iter().find_map(|n| {
                if a == n {
                    argv.get(i + 1).cloned()
                } else {
                    a.strip_prefix(&format!("{n}=")).map(str::to_owned)
                }
            })
        })
    };
    let bytes = value(["--vm-bytes", "-mem-total", "-mem-alloc-size"]).map(|text| {
        let decimal = text.trim_end_matches(['b', 'B']);
        // stress means powers of two by its K, M and G.
        let binary = if decimal.ends_with(['K', 'M', 'G', 'k']) {
            format!("{}i", decimal.replace('k', "K"))
        } else {
            decimal.to_owned()
        };
        Quantity::parse(&binary)
            .or_else(|| Quantity::parse(decimal))
            .unwrap_or_default()
    });
    let workers = value(["--vm", "-m", "-vm"])
        .and_then(|n| n.parse::<i128>().ok())
        .unwrap_or(1)
        .max(1);
    let span = value(["--timeout", "-t", "-timeout"]).and_then(|t| super::misc::seconds(&t));
    let program = Program {
        memory: bytes
            .map(|mut usage| {
                usage.milli = usage.milli.saturating_mul(workers);
                MemoryPoint {
                    usage,
                    ..MemoryPoint::default()
                }
            })
            .into_iter()
            .collect(),
        exits: crate::api::scenario::OneOrMany(
            span.map(|after| crate::api::scenario::Exits {
                after: Some(crate::api::scenario::Span(after)),
                code: 0,
            })
            .into_iter()
            .collect(),
        ),
        ..Program::default()
    };
    let spec = cx.k.spec.clone();
    let server = Server::new(
        Base::Waits,
        Some(Rc::new(program)),
        cx.at,
        0,
        spec.memory_limit,
        spec.latencies.oom,
    );
    Step::Become(Body::Server(Box::new(server)), Duration::ZERO)
}
