//! Clients of databases as probes use them: redis-cli, pg_isready, psql, mysqladmin, mysql. Each succeeds when its server
//! takes connections; what they would ask beyond that is not played.

use super::super::images::ServerKind;
use super::super::kernel::{Cx, Kernel, Step};
use super::super::spec::NoteKind;
use super::Applet;
use crate::time::Duration;

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
        let own = matches!(self.spec.image.server, ServerKind::Port(p, _) if p == port);
        let listens =
            |p: &std::rc::Rc<crate::api::scenario::Program>| p.listens.iter().any(|l| l.port == i64::from(port));
        (own || self.spec.program.as_ref().is_some_and(listens)).then_some(applet)
    }
}

/// How long a server of a known image needs until it listens. Assumptions: an empty data directory is prepared first.
pub fn start_up(port: u16) -> Duration {
    Duration::from_millis(match port {
        REDIS => 100,
        POSTGRES => 2_500,
        MYSQL => 10_000,
        _ => 1_000,
    })
}

/// What the entrypoint of an official image says when it is not told a password; `None` when it may go on.
pub fn without_password(cx: &Cx, program: &str) -> Option<&'static str> {
    let image = &cx.k.spec.image.name;
    let set = |names: &[&str]| cx.me().is_some_and(|p| names.iter().any(|n| p.env.contains_key(*n)));
    let (repository, names, text): (_, &[&str], _) = match program {
        "postgres" => (
            "docker.io/library/postgres:",
            &[
                "POSTGRES_PASSWORD",
                "POSTGRES_PASSWORD_FILE",
                "POSTGRES_HOST_AUTH_METHOD",
            ],
            "Error: Database is uninitialized and superuser password is not specified.\n       You must specify \
             POSTGRES_PASSWORD to a non-empty value for the\n       superuser. For example, \"-e \
             POSTGRES_PASSWORD=password\" on \"docker run\".\n",
        ),
        "mysqld" => (
            "docker.io/library/mysql:",
            &[
                "MYSQL_ROOT_PASSWORD",
                "MYSQL_ROOT_PASSWORD_FILE",
                "MYSQL_ALLOW_EMPTY_PASSWORD",
                "MYSQL_RANDOM_ROOT_PASSWORD",
            ],
            "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to \
             specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - \
             MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD\n",
        ),
        _ => return None,
    };
    (image.starts_with(repository) && !set(names)).then_some(text)
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
