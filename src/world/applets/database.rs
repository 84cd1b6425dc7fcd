//! Clients of databases as probes use them: redis-cli, pg_isready, psql, mysqladmin, mysql. Each succeeds when its server
//! takes connections; what they would ask beyond that is not played.

use super::super::images::ServerKind;
use super::super::kernel::{Cx, Kernel, Step};
use super::super::spec::NoteKind;
use super::Applet;

const REDIS: u16 = 6379;
const POSTGRES: u16 = 5432;
const MYSQL: u16 = 3306;

/// The client of this name and the port its server has.
fn client(name: &str) -> Option<(u16, Applet)> {
    Some(match name {
        "redis-cli" | "valkey-cli" => (REDIS, Applet(redis)),
        "pg_isready" => (POSTGRES, Applet(pg_isready)),
        "psql" => (POSTGRES, Applet(psql)),
        "mysqladmin" | "mariadb-admin" => (MYSQL, Applet(mysqladmin)),
        "mysql" | "mariadb" => (MYSQL, Applet(mysql)),
        _ => return None,
    })
}

impl Kernel {
    /// The client of a database, in its own image and beside a program that listens on its port.
    pub fn database_client(&self, name: &str) -> Option<Applet> {
        let (port, applet) = client(name)?;
        let own = self.spec.image.server == ServerKind::Listed && self.spec.image.line.ports().contains(&port);
        let listens =
            |p: &std::rc::Rc<crate::api::scenario::Program>| p.listens.iter().any(|l| l.port == i64::from(port));
        (own || self.spec.program.as_ref().is_some_and(listens)).then_some(applet)
    }
}

/// The value of an option: `-h X`, `-hX`, `--host X`, `--host=X`.
fn option<'a>(argv: &'a [String], short: &str, long: &str) -> Option<&'a str> {
    argv.iter().enumerate().skip(1).find_map(|(at, word)| {
        if word == short || word == long {
            return argv.get(at + 1).map(String::as_str);
        }
        let joined = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
        joined.or_else(|| {
            word.strip_prefix(short)
                .filter(|rest| !rest.is_empty() && !word.starts_with("--"))
        })
    })
}

struct Server {
    /// As given; `None` for the local socket.
    host: Option<String>,
    port: u16,
    up: bool,
}

fn server(cx: &mut Cx, argv: &[String], port_option: &str, port: u16) -> Server {
    let host = option(argv, "-h", "--host").map(str::to_owned);
    let port = option(argv, port_option, "--port")
        .and_then(|p| p.parse().ok())
        .unwrap_or(port);
    let up =
        cx.k.tcp_from_inside(host.as_deref().unwrap_or("127.0.0.1"), port, cx.around);
    Server { host, port, up }
}

fn redis(cx: &mut Cx, argv: &[String]) -> Step {
    let at = server(cx, argv, "-p", REDIS);
    if !at.up {
        let host = at.host.as_deref().unwrap_or("127.0.0.1");
        cx.err(&format!(
            "Could not connect to Redis at {host}:{}: Connection refused\n",
            at.port
        ));
        return Step::Exit(1);
    }
    if argv.iter().any(|word| word.eq_ignore_ascii_case("ping")) {
        cx.out("PONG\n");
    } else {
        not_asked(cx, "redis-cli");
    }
    Step::Exit(0)
}

fn pg_isready(cx: &mut Cx, argv: &[String]) -> Step {
    let at = server(cx, argv, "-p", POSTGRES);
    let host = at.host.as_deref().unwrap_or("/var/run/postgresql");
    let (text, code) = if at.up {
        ("accepting connections", 0)
    } else {
        ("no response", 2)
    };
    let line = format!("{host}:{} - {text}\n", at.port);
    if !argv.iter().any(|word| word == "-q" || word == "--quiet") {
        cx.out(&line);
    }
    Step::Exit(code)
}

fn psql(cx: &mut Cx, argv: &[String]) -> Step {
    let at = server(cx, argv, "-p", POSTGRES);
    if at.up {
        not_asked(cx, "psql");
        return Step::Exit(0);
    }
    let text = match &at.host {
        Some(host) => format!(
            "psql: error: connection to server at \"{host}\", port {} failed: Connection refused\n\tIs the server \
             running on that host and accepting TCP/IP connections?\n",
            at.port
        ),
        None => format!(
            "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.{}\" failed: No such file or \
             directory\n\tIs the server running locally and accepting connections on that socket?\n",
            at.port
        ),
    };
    cx.err(&text);
    Step::Exit(2)
}

fn mysqladmin(cx: &mut Cx, argv: &[String]) -> Step {
    let at = server(cx, argv, "-P", MYSQL);
    if at.up {
        cx.out("mysqld is alive\n");
        return Step::Exit(0);
    }
    let host = at.host.as_deref().unwrap_or("localhost");
    let text = if host == "localhost" {
        let socket = "'/var/run/mysqld/mysqld.sock'";
        format!(
            "mysqladmin: connect to server at 'localhost' failed\nerror: 'Can't connect to local MySQL server through \
             socket {socket} (2)'\nCheck that mysqld is running and that the socket: {socket} exists!\n"
        )
    } else {
        format!(
            "mysqladmin: connect to server at '{host}' failed\nerror: 'Can't connect to MySQL server on '{host}:{port}' \
             (111)'\nCheck that mysqld is running on {host} and that the port is {port}.\nYou can check this by doing \
             'telnet {host} {port}'\n",
            port = at.port
        )
    };
    cx.err(&text);
    Step::Exit(1)
}

fn mysql(cx: &mut Cx, argv: &[String]) -> Step {
    let at = server(cx, argv, "-P", MYSQL);
    if at.up {
        if option(argv, "-e", "--execute").is_some_and(|sql| sql.trim_end_matches(';').eq_ignore_ascii_case("select 1"))
        {
            cx.out("1\n1\n");
        } else {
            not_asked(cx, "mysql");
        }
        return Step::Exit(0);
    }
    let text = match at.host.as_deref().filter(|host| *host != "localhost") {
        Some(host) => format!(
            "ERROR 2003 (HY000): Can't connect to MySQL server on '{host}:{}' (111)\n",
            at.port
        ),
        None => "ERROR 2002 (HY000): Can't connect to local MySQL server through socket \
                 '/var/run/mysqld/mysqld.sock' (2)\n"
            .to_owned(),
    };
    cx.err(&text);
    Step::Exit(1)
}

/// The server takes connections; what it would answer is not played.
fn not_asked(cx: &mut Cx, tool: &str) {
    cx.k.note(
        NoteKind::Assumed,
        format!("assumed: what {tool} asks its server succeeds and prints nothing"),
        None,
    );
}
