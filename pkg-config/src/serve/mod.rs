//! `cargo serve`: builds the release page and serves it on this machine alone.

mod http;
mod mime;
mod route;

pub use http::{Mount, Server};

use crate::build::{self, Core};
use crate::house::House;
use crate::options;
use crate::process::Failure;
use crate::progress::Progress;
use std::ffi::OsString;
use std::net::TcpListener;
use std::process::{Command, ExitCode, Stdio};

/// Where the page is looked for first.
const PORT: u16 = 4173;
/// How many ports after it are tried.
const MORE_PORTS: u16 = 100;

/// The command.
pub fn command(args: &[OsString]) -> Result<ExitCode, Failure> {
    let options = options::parse(args, &["--port", "--open", "--offline", "--quick", "-v"])?;
    let house = House::find();
    build::page(
        &house,
        Progress {
            verbose: options.verbose,
        },
        if options.quick { Core::Quick } else { Core::Release },
        options.offline,
    )?;
    let server = Server::start(listen(options.port)?, vec![Mount::new("/", house.dist())])?;
    println!("Podscope is at {} (Ctrl-C ends it)", server.url("/"));
    if options.open {
        open_in_browser(&server.url("/"));
    }
    server.wait();
    Ok(ExitCode::SUCCESS)
}

/// The port asked for, or the first free one.
fn listen(asked: Option<u16>) -> Result<TcpListener, Failure> {
    let ports = asked.map_or(PORT..=PORT + MORE_PORTS, |port| port..=port);
    let mut reason = String::new();
    for port in ports {
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => return Ok(listener),
            Err(e) => reason = format!("cannot serve at 127.0.0.1:{port}: {e}"),
        }
    }
    Err(Failure::new(reason))
}

/// Asks the system to show an address. When it cannot, the printed address is still there to click.
fn open_in_browser(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let quiet = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if quiet.is_err() {
        println!("There is no {program} to open a browser with");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over_or_named() {
        let first = listen(None).unwrap();
        let second = listen(None).unwrap();
        assert_ne!(first.local_addr().unwrap(), second.local_addr().unwrap());
        let taken = first.local_addr().unwrap().port();
        let line = listen(Some(taken)).unwrap_err().line;
        assert!(
            line.starts_with(&format!("cannot serve at 127.0.0.1:{taken}")),
            "{line}"
        );
    }
}
