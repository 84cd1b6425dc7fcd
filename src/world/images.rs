//! Profiles of images: what their first process is, which files are known, how their server behaves.

use std::rc::Rc;

use super::files::{Entry, Files, Kind};
use super::reference::Reference;
use super::signal::Signal;
use crate::time::Instant;

/// Which family of small tools an image has: their words differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tools {
    /// BusyBox: `sh: foo: not found`.
    Busybox,
    /// GNU tools with dash as `sh`: `sh: 1: foo: not found`.
    Gnu,
}

/// How much is known of an image's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// All executables are known: what is not there is not found.
    All,
    /// Somebody's own image: its entrypoint, and what else it may hold, is assumed.
    Little,
}

/// What the image's server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    /// None: the image is tools or a system.
    None,
    /// nginx: port 80, files below `/usr/share/nginx/html`.
    Nginx,
    /// Apache httpd: port 80, files below `/usr/local/apache2/htdocs`.
    Httpd,
    /// A server known to listen on a port and to exit with a code on SIGTERM.
    Port(u16, i32),
    /// Waits for a signal and does nothing: the pause image.
    Pause,
}

/// What an image brings along.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageProfile {
    /// Canonical name.
    pub name: String,
    /// Entrypoint.
    pub entrypoint: Vec<String>,
    /// Default arguments.
    pub cmd: Vec<String>,
    /// Environment.
    pub env: Vec<(String, String)>,
    /// Working directory; empty for `/`.
    pub workdir: String,
    /// STOPSIGNAL.
    pub stop_signal: Signal,
    /// Size in bytes.
    pub size: i64,
    /// Family of tools.
    pub tools: Tools,
    /// Its server.
    pub server: ServerKind,
    /// How much is known of it.
    pub known: Known,
    /// Its files.
    pub files: Rc<Files>,
    /// Executables it has beyond the tools.
    pub programs: Vec<String>,
    /// What was assumed about it, when anything.
    pub assumed: Option<String>,
}

/// The page of a fresh nginx.
const NGINX_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n";

const MIB: i64 = 1024 * 1024;

impl ImageProfile {
    /// BusyBox: tools and a shell.
    pub fn busybox(name: &str) -> ImageProfile {
        ImageProfile {
            files: system_files(Tools::Busybox),
            ..ImageProfile::empty(name)
        }
    }

    /// Tools and a shell, and none of their files: what the others begin with, as filling a tree takes time.
    pub fn empty(name: &str) -> ImageProfile {
        ImageProfile {
            name: name.to_owned(),
            entrypoint: Vec::new(),
            cmd: vec!["sh".to_owned()],
            env: vec![(
                "PATH".to_owned(),
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            )],
            workdir: String::new(),
            stop_signal: Signal::TERM,
            size: 2_211_000,
            tools: Tools::Busybox,
            server: ServerKind::None,
            known: Known::All,
            files: Rc::new(Files::new()),
            programs: Vec::new(),
            assumed: None,
        }
    }

    /// nginx on Debian.
    pub fn nginx(name: &str) -> ImageProfile {
        let mut files = (*system_files(Tools::Gnu)).clone();
        for (path, text) in [
            ("/usr/share/nginx/html/index.html", NGINX_PAGE),
            ("/usr/share/nginx/html/50x.html", "<h1>An error occurred.</h1>\n"),
            ("/etc/nginx/nginx.conf", "user nginx;\n"),
            ("/etc/nginx/conf.d/default.conf", "server { listen 80; }\n"),
        ] {
            let _ = files.write(path, text, Instant::ZERO);
        }
        for dir in ["/docker-entrypoint.d", "/var/log/nginx", "/var/cache/nginx"] {
            let _ = files.make_dirs(dir, Instant::ZERO);
        }
        ImageProfile {
            entrypoint: vec!["/docker-entrypoint.sh".to_owned()],
            cmd: vec!["nginx".to_owned(), "-g".to_owned(), "daemon off;".to_owned()],
            stop_signal: Signal::QUIT,
            size: 72 * MIB,
            tools: Tools::Gnu,
            server: ServerKind::Nginx,
            files: Rc::new(files),
            programs: vec![
                "nginx".to_owned(),
                "docker-entrypoint.sh".to_owned(),
                "nginx-debug".to_owned(),
            ],
            ..ImageProfile::empty(name)
        }
    }

    /// The profile of a canonical reference: a built-in one by the name of its repository, else an assumed server.
    pub fn of(reference: &Reference) -> ImageProfile {
        let name = reference.canonical();
        let small = reference.tag.contains("alpine");
        let base = |tools| ImageProfile {
            tools,
            files: system_files(tools),
            ..ImageProfile::empty(&name)
        };
        let system = |size: i64, cmd: &str| ImageProfile {
            size: size * MIB,
            cmd: vec![cmd.to_owned()],
            ..base(Tools::Gnu)
        };
        let server = |argv: &[&str], port: u16, code: i32, size: i64| ImageProfile {
            cmd: argv.iter().map(|a| (*a).to_owned()).collect(),
            size: size * MIB,
            server: ServerKind::Port(port, code),
            known: Known::Little,
            programs: argv
                .first()
                .map(|a| (*a).to_owned())
                .into_iter()
                .chain(["docker-entrypoint.sh".to_owned()])
                .collect(),
            ..base(if small { Tools::Busybox } else { Tools::Gnu })
        };
        match reference.base() {
            "busybox" => ImageProfile::busybox(&name),
            "alpine" => ImageProfile {
                size: 4 * MIB,
                cmd: vec!["/bin/sh".to_owned()],
                ..base(Tools::Busybox)
            },
            "nginx" | "nginx-unprivileged" | "nginx-slim" if small => ImageProfile {
                tools: Tools::Busybox,
                size: 20 * MIB,
                ..ImageProfile::nginx(&name)
            },
            "nginx" | "nginx-unprivileged" | "nginx-slim" => ImageProfile::nginx(&name),
            "httpd" => ImageProfile {
                server: ServerKind::Httpd,
                stop_signal: Signal(28),
                known: Known::All,
                programs: vec![
                    "httpd-foreground".to_owned(),
                    "httpd".to_owned(),
                    "apachectl".to_owned(),
                ],
                ..with_page(server(&["httpd-foreground"], 80, 0, 57))
            },
            "debian" | "ubuntu" | "fedora" | "centos" | "rockylinux" | "amazonlinux" => system(48, "bash"),
            "bash" => ImageProfile {
                size: 6 * MIB,
                ..ImageProfile {
                    cmd: vec!["bash".to_owned()],
                    ..base(Tools::Gnu)
                }
            },
            "curl" => ImageProfile {
                size: 9 * MIB,
                cmd: vec!["curl".to_owned()],
                programs: vec!["curl".to_owned()],
                ..base(Tools::Busybox)
            },
            "pause" => ImageProfile {
                server: ServerKind::Pause,
                cmd: Vec::new(),
                entrypoint: vec!["/pause".to_owned()],
                size: MIB / 2,
                files: Rc::new(Files::new()),
                programs: vec!["pause".to_owned()],
                ..base(Tools::Busybox)
            },
            "redis" | "valkey" => entered(server(&["redis-server"], 6379, 0, 45)),
            "postgres" | "postgresql" => ImageProfile {
                stop_signal: Signal::INT,
                ..entered(server(&["postgres"], 5432, 0, 155))
            },
            "mysql" | "mariadb" => entered(server(&["mysqld"], 3306, 0, 230)),
            "mongo" => entered(server(&["mongod"], 27017, 0, 280)),
            "memcached" => entered(server(&["memcached"], 11211, 0, 30)),
            "etcd" => server(&["etcd"], 2379, 0, 60),
            "http-echo" => server(&["http-echo"], 5678, 2, 3),
            "echoserver" | "hello-app" | "echo-server" | "whoami" => server(&["app"], 8080, 0, 12),
            "stress" => ImageProfile {
                entrypoint: vec!["stress".to_owned()],
                cmd: Vec::new(),
                size: 5 * MIB,
                programs: vec!["stress".to_owned()],
                ..base(Tools::Busybox)
            },
            "agnhost" => ImageProfile {
                entrypoint: vec!["/agnhost".to_owned()],
                ..server(&["pause"], 8080, 0, 55)
            },
            "node" => ImageProfile {
                known: Known::Little,
                ..system(380, "node")
            },
            "python" => ImageProfile {
                known: Known::Little,
                ..system(360, "python3")
            },
            other => ImageProfile {
                entrypoint: vec![format!("/{}", if other.is_empty() { "app" } else { other })],
                cmd: Vec::new(),
                size: 60 * MIB,
                known: Known::Little,
                assumed: Some(format!(
                    "image {name} is not known: its size (60 MiB) and what its entrypoint does are assumed"
                )),
                ..base(Tools::Gnu)
            },
        }
    }

    /// What the container runs: `command` replaces entrypoint and command, `args` only the latter.
    pub fn argv(&self, command: &[String], args: &[String]) -> Vec<String> {
        let mut argv: Vec<String> = if command.is_empty() {
            self.entrypoint.clone()
        } else {
            command.to_vec()
        };
        // The entry points of such images put their server before arguments that begin with a dash.
        let bare = argv.is_empty() && args.first().is_some_and(|arg| arg.starts_with('-'));
        argv.extend(self.cmd.first().filter(|_| bare).cloned());
        if !args.is_empty() {
            argv.extend_from_slice(args);
        } else if command.is_empty() {
            argv.extend_from_slice(&self.cmd);
        }
        argv
    }
}

/// A server behind the usual script of official images.
fn entered(mut profile: ImageProfile) -> ImageProfile {
    profile.entrypoint = vec!["docker-entrypoint.sh".to_owned()];
    profile
}

fn with_page(mut profile: ImageProfile) -> ImageProfile {
    let mut files = (*profile.files).clone();
    let _ = files.write(
        "/usr/local/apache2/htdocs/index.html",
        "<html><body><h1>It works!</h1></body></html>\n",
        Instant::ZERO,
    );
    profile.files = Rc::new(files);
    profile
}

thread_local! {
    /// The files of both families, filled once: they are the same in every run.
    static SYSTEM: (Rc<Files>, Rc<Files>) =
        (Rc::new(fill_system(Tools::Busybox)), Rc::new(fill_system(Tools::Gnu)));
}

/// What every image with a shell has.
fn system_files(tools: Tools) -> Rc<Files> {
    SYSTEM.with(|(busybox, gnu)| match tools {
        Tools::Busybox => busybox.clone(),
        Tools::Gnu => gnu.clone(),
    })
}

fn fill_system(tools: Tools) -> Files {
    let mut files = Files::new();
    for dir in [
        "/bin",
        "/dev",
        "/etc",
        "/home",
        "/lib",
        "/mnt",
        "/opt",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/srv",
        "/sys",
        "/tmp",
        "/usr/bin",
        "/usr/lib",
        "/usr/local/bin",
        "/usr/sbin",
        "/usr/share",
        "/var/lib",
        "/var/log",
        "/var/run",
        "/var/spool",
        "/var/tmp",
        "/var/www",
    ] {
        let _ = files.make_dirs(dir, Instant::ZERO);
    }
    for (path, text) in [
        (
            "/etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n",
        ),
        ("/etc/group", "root:x:0:\nnogroup:x:65534:\n"),
        ("/etc/machine-id", ""),
    ] {
        let _ = files.write(path, text, Instant::ZERO);
    }
    let mut shells = vec!["/bin/sh"];
    if tools == Tools::Gnu {
        shells.push("/bin/bash");
        let _ = files.write("/etc/os-release", "ID=debian\n", Instant::ZERO);
        let _ = files.write("/etc/debian_version", "12\n", Instant::ZERO);
    }
    for path in shells {
        let mut entry = Entry::file(Rc::new(String::new()), Instant::ZERO);
        entry.mode = 0o755;
        let _ = files.put(path, entry);
    }
    let _ = files.update("/tmp", |e| e.mode = 0o1777);
    let link = Entry {
        kind: Kind::Link(Rc::from("/proc/mounts")),
        mode: 0o777,
        at: Instant::ZERO,
    };
    let _ = files.put("/etc/mtab", link);
    files
}
