//! Commands that are servers, or speak to one: nginx, httpd, python -m http.server, stress.

use std::rc::Rc;

use super::super::kernel::{Body, Cx, Step};
use super::super::server::{Base, Server};
use super::super::signal::Signal;
use super::super::spec::NoteKind;
use super::Args;
use crate::api::quantity::Quantity;
use crate::api::scenario::{MemoryPoint, Program};
use crate::time::Duration;

fn serve(cx: &mut Cx, base: Base) -> Step {
    let server = cx.server(base);
    Step::Become(Body::Server(Box::new(server)), Duration::ZERO)
}

/// `nginx -s quit`, `nginx -t` and their like.
pub fn nginx(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "sgcp");
    if args.has("tT") {
        cx.err("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n");
        return Step::Exit(0);
    }
    if args.has("vV") {
        cx.err("nginx version: nginx/1.29.0\n");
        return Step::Exit(0);
    }
    let signal = match args.value("s") {
        Some("quit") => Signal::QUIT,
        Some("stop") => Signal::TERM,
        Some("reload") => Signal::HUP,
        Some("reopen") => Signal::USR1,
        Some(other) => {
            cx.err(&format!("nginx: invalid option: \"-s {other}\"\n"));
            return Step::Exit(1);
        }
        None => return Step::Exit(1),
    };
    let found =
        cx.k.processes
            .iter()
            .find(|(_, p)| matches!(&p.body, Body::Server(s) if s.is_nginx()))
            .map(|(pid, _)| *pid);
    match found {
        Some(pid) => {
            if cx.k.spec.image.tools == super::Tools::Gnu {
                cx.err(&format!(
                    "{} [notice] {1}#{1}: signal process started\n",
                    stamp(cx),
                    cx.pid
                ));
            }
            cx.k.signal(pid, signal, true);
            Step::Exit(0)
        }
        None => {
            cx.err("nginx: [error] open() \"/run/nginx.pid\" failed (2: No such file or directory)\n");
            Step::Exit(1)
        }
    }
}

fn stamp(cx: &Cx) -> String {
    super::info::format_date("+%Y/%m/%d %H:%M:%S", cx.around.unix(cx.at))
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
    let ports: Rc<[u16]> = if cx.k.spec.ports.is_empty() {
        Rc::from([8_000_u16])
    } else {
        Rc::from(cx.k.spec.ports.as_slice())
    };
    cx.k.note(
        NoteKind::Assumed,
        "assumed: the Python program is a server that listens one second after start and stops on SIGTERM",
        None,
    );
    serve(
        cx,
        Base::Assumed {
            ports,
            after: Duration::from_secs(1),
            code: 0,
        },
    )
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
