//! Profiles of images: what their first process is, which files are known, how their server behaves.

use std::rc::Rc;

use super::files::{Entry, Files, Kind};
use super::image_table::{self, Line};
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
    /// nginx: files below `/usr/share/nginx/html`.
    Nginx,
    /// Apache httpd: port 80, files below `/usr/local/apache2/htdocs`.
    Httpd,
    /// As the image's line of the table says.
    Listed,
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
    /// Its line in the table of known images.
    pub line: Line,
}

/// The page of a fresh nginx.
const NGINX_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n";

const MIB: i64 = 1024 * 1024;

/// The size of images of which it is not known.
const SIZE: i64 = 60 * MIB;

impl ImageProfile {
    /// BusyBox: tools and a shell.
    pub fn busybox(name: &str) -> ImageProfile {
        ImageProfile {
            size: 2_211_000,
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
            size: SIZE,
            tools: Tools::Busybox,
            server: ServerKind::None,
            known: Known::All,
            files: Rc::new(Files::new()),
            programs: Vec::new(),
            line: Line::default(),
        }
    }

    /// nginx on Debian.
    fn nginx(name: &str, port: &str) -> ImageProfile {
        let mut files = (*system_files(Tools::Gnu)).clone();
        let server = format!("server {{ listen {port}; }}\n");
        for (path, text) in [
            ("/usr/share/nginx/html/index.html", NGINX_PAGE),
            ("/usr/share/nginx/html/50x.html", "<h1>An error occurred.</h1>\n"),
            ("/etc/nginx/nginx.conf", "user nginx;\n"),
            ("/etc/nginx/conf.d/default.conf", &server),
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
            files: Rc::new(files),
            programs: vec![
                "nginx".to_owned(),
                "docker-entrypoint.sh".to_owned(),
                "nginx-debug".to_owned(),
            ],
            ..ImageProfile::empty(name)
        }
    }

    /// The profile of a canonical reference: by its line in the table, else an assumed program.
    pub fn of(reference: &Reference) -> ImageProfile {
        let name = reference.canonical();
        match image_table::image(reference) {
            Some(line) => ImageProfile::listed(&name, line, reference.tag.contains("alpine")),
            // Its program is found by name, wherever it lies: a volume does not hide it.
            None => ImageProfile {
                entrypoint: vec![match reference.base() {
                    "" => "app".to_owned(),
                    base => base.to_owned(),
                }],
                cmd: Vec::new(),
                size: SIZE,
                known: Known::Little,
                tools: Tools::Gnu,
                files: system_files(Tools::Gnu),
                ..ImageProfile::empty(&name)
            },
        }
    }

    /// The profile that a line of the table describes.
    fn listed(name: &str, line: Line, small: bool) -> ImageProfile {
        let is = line.text("is");
        let alone = line.text("os") == "none";
        let tools = match small || matches!(line.text("os"), "alpine" | "none") {
            true => Tools::Busybox,
            false => Tools::Gnu,
        };
        let server = match is {
            "tools" | "curl" | "stress" | "none" => ServerKind::None,
            "nginx" => ServerKind::Nginx,
            "httpd" => ServerKind::Httpd,
            "pause" => ServerKind::Pause,
            _ => ServerKind::Listed,
        };
        let word = |key| line.get(key).map(str::to_owned).into_iter().collect::<Vec<_>>();
        let (entrypoint, cmd) = (word("ep"), word("cmd"));
        let own = |path: &String| path.rsplit('/').next().unwrap_or(path).to_owned();
        let all = matches!(is, "tools" | "curl" | "stress" | "nginx" | "httpd" | "pause") && line.get("more").is_none();
        let begun = match server {
            ServerKind::Nginx => ImageProfile::nginx(name, line.text("port")),
            ServerKind::Httpd => with_page(ImageProfile::empty(name)),
            _ => ImageProfile {
                programs: match is {
                    "tools" | "none" => Vec::new(),
                    _ => entrypoint.iter().chain(&cmd).map(own).collect(),
                },
                files: if alone {
                    Rc::new(Files::new())
                } else {
                    system_files(tools)
                },
                ..ImageProfile::empty(name)
            },
        };
        ImageProfile {
            entrypoint: if server == ServerKind::Nginx {
                begun.entrypoint
            } else {
                entrypoint
            },
            cmd: match cmd.is_empty() && (is != "tools" || server == ServerKind::Nginx) {
                true if server == ServerKind::Nginx => begun.cmd,
                true => Vec::new(),
                false if cmd.is_empty() => vec!["sh".to_owned()],
                false => cmd,
            },
            stop_signal: line.get("stop").and_then(Signal::parse).unwrap_or(begun.stop_signal),
            size: line.size().unwrap_or(begun.size),
            known: if all { Known::All } else { Known::Little },
            tools,
            server,
            line,
            ..begun
        }
    }

    /// Whether it may hold more than is known.
    pub fn is_little_known(&self) -> bool {
        self.known == Known::Little
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

/// Apache httpd on Debian.
fn with_page(mut profile: ImageProfile) -> ImageProfile {
    profile.programs = ["httpd-foreground", "httpd", "apachectl"].map(str::to_owned).to_vec();
    let mut files = (*system_files(Tools::Gnu)).clone();
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
