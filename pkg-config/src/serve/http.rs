//! A small static file server: GET and HEAD, one thread a connection, the loopback interface only.

use super::{mime, route};
use crate::process::Failure;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Longest head of a request that is read, in bytes.
const MAX_HEAD: u64 = 16 * 1024;
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// A folder served below a path.
pub struct Mount {
    prefix: String,
    folder: PathBuf,
}

impl Mount {
    /// Serves `folder` below `prefix`, which begins and ends with a slash.
    pub fn new(prefix: &str, folder: PathBuf) -> Mount {
        Mount {
            prefix: prefix.to_string(),
            folder,
        }
    }
}

/// A running server. It ends with the program.
pub struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts to answer; the first mount whose prefix fits is used, so the root comes last.
    pub fn start(listener: TcpListener, mounts: Vec<Mount>) -> Result<Server, Failure> {
        let address = listener
            .local_addr()
            .map_err(|e| Failure::new(format!("cannot serve: {e}")))?;
        let mounts = Arc::new(mounts);
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mounts = Arc::clone(&mounts);
                // A broken connection is the browser's way to lose interest.
                thread::spawn(move || drop(talk(&stream, &mounts)));
            }
        });
        Ok(Server { address, accepting })
    }

    /// The address of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Serves until the program is ended.
    pub fn wait(self) {
        let _ = self.accepting.join();
    }
}

/// Answers the requests of one connection in turn.
fn talk(stream: &TcpStream, mounts: &[Mount]) -> io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        answer(stream, mounts, &request)?;
        if request.close {
            break;
        }
    }
    Ok(())
}

struct Request {
    method: String,
    target: String,
    close: bool,
}

impl Request {
    /// Reads the head of a request; `None` at the end of the connection. Bodies are not expected: after one we close.
    fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut head = reader.take(MAX_HEAD);
        let mut first = String::new();
        if head.read_line(&mut first)? == 0 {
            return Ok(None);
        }
        let mut words = first.split_whitespace().map(str::to_string);
        let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let mut close = version == "HTTP/1.0";
        loop {
            let mut line = String::new();
            if head.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                return Ok(Some(Request { method, target, close }));
            }
            close |=
                line == "connection: close" || line.starts_with("content-length:") || line.starts_with("transfer-");
        }
    }
}

fn answer(mut stream: &TcpStream, mounts: &[Mount], request: &Request) -> io::Result<()> {
    let mut extra = String::new();
    let (status, kind, body) = if !matches!(request.method.as_str(), "GET" | "HEAD") {
        extra = "Allow: GET, HEAD\r\n".to_string();
        (
            "405 Method Not Allowed",
            "text/plain; charset=utf-8",
            b"only GET and HEAD\n".to_vec(),
        )
    } else {
        let mount = mounts.iter().find(|mount| request.target.starts_with(&mount.prefix));
        match mount.map_or(route::Route::Missing, |m| {
            route::find(&m.folder, &m.prefix, &request.target)
        }) {
            route::Route::File(file) => ("200 OK", mime::of(&file), fs::read(&file)?),
            route::Route::Redirect(to) => {
                extra = format!("Location: {to}\r\n");
                (
                    "301 Moved Permanently",
                    "text/plain; charset=utf-8",
                    b"moved\n".to_vec(),
                )
            }
            route::Route::Missing => ("404 Not Found", "text/plain; charset=utf-8", b"not found\n".to_vec()),
        }
    };
    // Built pages change under the same address, so nothing is taken from a cache without asking.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: {}\r\n{extra}\r\n",
        body.len(),
        if request.close { "close" } else { "keep-alive" },
    );
    stream.write_all(head.as_bytes())?;
    if request.method == "HEAD" {
        Ok(())
    } else {
        stream.write_all(&body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(address: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    #[test]
    fn requests_are_answered() {
        let folder = std::env::temp_dir().join(format!("podscope-http-{}", std::process::id()));
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::write(folder.join("index.html"), "<p>hi").unwrap();
        fs::write(folder.join("a.wasm"), "wasm").unwrap();
        let mounts = vec![Mount::new("/x/y/", folder.clone()), Mount::new("/", folder.clone())];
        let server = Server::start(TcpListener::bind("127.0.0.1:0").unwrap(), mounts).unwrap();
        let get = |what: &str| {
            exchange(
                server.address,
                &format!("{what} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            )
        };

        assert!(get("GET /").ends_with("\r\n\r\n<p>hi"));
        assert!(get("GET /x/y/a.wasm").contains("Content-Type: application/wasm\r\n"));
        assert!(get("GET /none").starts_with("HTTP/1.1 404"));
        assert!(
            get("GET /sub").contains("301 Moved Permanently\r\n") && get("GET /sub").contains("Location: /sub/\r\n")
        );
        assert!(get("POST /").starts_with("HTTP/1.1 405"));
        let head = get("HEAD /");
        assert!(head.contains("Content-Length: 5\r\n") && head.ends_with("\r\n\r\n"));

        let two = "GET /a.wasm HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nconnection: close\r\n\r\n";
        let reply = exchange(server.address, two);
        assert_eq!(
            reply.matches("HTTP/1.1 200 OK").count(),
            2,
            "one connection serves several requests: {reply}"
        );
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn nonsense_is_no_request() {
        for head in ["GET\r\n\r\n", "GET / HTTP/1.1\r\n"] {
            assert!(Request::read(&mut BufReader::new(head.as_bytes())).is_err(), "{head:?}");
        }
        let endless = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(20_000));
        assert!(Request::read(&mut BufReader::new(endless.as_bytes())).is_err());
        assert!(Request::read(&mut BufReader::new(&b""[..])).unwrap().is_none());
    }
}
