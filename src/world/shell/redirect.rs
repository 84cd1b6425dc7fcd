//! Redirections of a shell.

use std::rc::Rc;

use super::super::files::Errno;
use super::super::io::Open;
use super::super::kernel::Cx;
use super::Shell;
use super::ast::{Redir, RedirKind};
use super::expand::{Expander, Trouble};

/// What a redirection asks for, once its word is expanded.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A file to read.
    Read(String),
    /// A file to write; the flag says to its end.
    Write(String, bool),
    /// Standard output and error to a file; the flag says to its end.
    Both(String, bool),
    /// Another descriptor, or `-`.
    Dup(String),
    /// A text to read.
    Text(String),
}

/// Descriptors as they were: number and what it led to.
pub type Saved = Vec<(u32, Option<u32>)>;

impl Expander<'_, '_> {
    /// Expands the words of redirections.
    pub fn redirs(&mut self, redirs: &[Redir]) -> Result<Vec<(Option<u32>, Wanted)>, Trouble> {
        let mut wanted = Vec::new();
        for redir in redirs {
            let one = match &redir.kind {
                RedirKind::Here(cell) => {
                    let word = cell.get().cloned().unwrap_or_default();
                    Wanted::Text(self.text(&word)?)
                }
                RedirKind::HereText => Wanted::Text(format!("{}\n", self.text(&redir.target)?)),
                RedirKind::Read => Wanted::Read(self.text(&redir.target)?),
                RedirKind::Write => Wanted::Write(self.text(&redir.target)?, false),
                RedirKind::Append => Wanted::Write(self.text(&redir.target)?, true),
                RedirKind::ReadWrite => Wanted::Write(self.text(&redir.target)?, true),
                RedirKind::Both(append) => Wanted::Both(self.text(&redir.target)?, *append),
                RedirKind::Dup => Wanted::Dup(self.text(&redir.target)?),
            };
            let fd = match (redir.fd, &redir.kind, &one) {
                (None, RedirKind::Dup, _) => {
                    // `<&` stands for 0 and `>&` for 1; a target of 0 tells them apart well enough.
                    Some(u32::from(!matches!(&one, Wanted::Dup(t) if t == "0")))
                }
                (fd, _, _) => fd,
            };
            wanted.push((fd, one));
        }
        Ok(wanted)
    }
}

impl Shell {
    /// Opens what redirections ask for in the shell's own process and says how to undo it.
    ///
    /// # Errors
    /// The message of the first one that fails; those before it are undone.
    pub(super) fn redirect(&mut self, wanted: &[(Option<u32>, Wanted)], cx: &mut Cx) -> Result<Saved, String> {
        let mut saved = Saved::new();
        for (fd, one) in wanted {
            if let Err(message) = self.apply(*fd, one, &mut saved, cx) {
                restore(saved, cx);
                return Err(message);
            }
        }
        Ok(saved)
    }

    fn apply(&self, fd: Option<u32>, wanted: &Wanted, saved: &mut Saved, cx: &mut Cx) -> Result<(), String> {
        match wanted {
            Wanted::Read(path) => {
                let open = open_read(path, cx).map_err(|e| self.dialect.cannot_open(path, e.text()))?;
                put(fd.unwrap_or(0), Some(open), saved, cx);
            }
            Wanted::Write(path, append) => {
                let open = open_write(path, *append, cx).map_err(|e| self.dialect.cannot_create(path, e.text()))?;
                put(fd.unwrap_or(1), Some(open), saved, cx);
            }
            Wanted::Both(path, append) => {
                let open = open_write(path, *append, cx).map_err(|e| self.dialect.cannot_create(path, e.text()))?;
                cx.k.retain(open);
                put(1, Some(open), saved, cx);
                put(2, Some(open), saved, cx);
            }
            Wanted::Text(text) => {
                let open = cx.k.open(Open::Text {
                    text: Rc::new(text.clone()),
                    pos: 0,
                });
                put(fd.unwrap_or(0), Some(open), saved, cx);
            }
            Wanted::Dup(target) => {
                let fd = fd.unwrap_or(1);
                if target == "-" {
                    put(fd, None, saved, cx);
                } else {
                    let from = target.parse::<u32>().ok().and_then(|n| cx.fd(n));
                    let Some(from) = from else {
                        return Err(format!("{target}: bad file descriptor"));
                    };
                    cx.k.retain(from);
                    put(fd, Some(from), saved, cx);
                }
            }
        }
        Ok(())
    }
}

/// Puts an open file at a descriptor, keeping what was there.
fn put(fd: u32, open: Option<u32>, saved: &mut Saved, cx: &mut Cx) {
    let Some(process) = cx.k.processes.get_mut(&cx.pid) else {
        return;
    };
    let old = match open {
        Some(open) => process.fds.insert(fd, open),
        None => process.fds.remove(&fd),
    };
    saved.push((fd, old));
}

/// Undoes redirections, the last one first.
pub(super) fn restore(saved: Saved, cx: &mut Cx) {
    for (fd, old) in saved.into_iter().rev() {
        let Some(process) = cx.k.processes.get_mut(&cx.pid) else {
            return;
        };
        let now = match old {
            Some(open) => process.fds.insert(fd, open),
            None => process.fds.remove(&fd),
        };
        if let Some(now) = now {
            cx.k.release(now);
        }
    }
}

/// Makes redirections last: what was there before is closed.
pub(super) fn keep(saved: Saved, cx: &mut Cx) {
    for (_, old) in saved {
        if let Some(old) = old {
            cx.k.release(old);
        }
    }
}

/// A device or an inherited descriptor behind a path.
fn device(path: &str, cx: &mut Cx) -> Option<u32> {
    let number = match path {
        "/dev/null" => return Some(cx.k.open(Open::Null)),
        "/dev/zero" | "/dev/urandom" | "/dev/random" => return Some(cx.k.open(Open::Endless)),
        "/dev/stdin" => "0",
        "/dev/stdout" | "/dev/tty" | "/dev/console" => "1",
        "/dev/stderr" => "2",
        path => path
            .strip_prefix("/dev/fd/")
            .or(path.strip_prefix("/proc/self/fd/"))
            .unwrap_or(""),
    };
    if let Ok(fd) = number.parse::<u32>() {
        let open = cx.fd(fd)?;
        cx.k.retain(open);
        return Some(open);
    }
    let rest = path.strip_prefix("/proc/")?;
    let (pid, fd) = rest.split_once("/fd/")?;
    let (pid, fd) = (pid.parse::<u32>().ok()?, fd.parse::<u32>().ok()?);
    let open = cx.k.processes.get(&pid)?.fds.get(&fd).copied()?;
    cx.k.retain(open);
    Some(open)
}

/// Opens a file to read.
pub fn open_read(path: &str, cx: &mut Cx) -> Result<u32, Errno> {
    let path = cx.path(path);
    if let Some(open) = device(&path, cx) {
        return Ok(open);
    }
    let text = cx.k.disk.read(&path, cx.around)?;
    Ok(cx.k.open(Open::Text { text, pos: 0 }))
}

/// Opens a file to write; it is made when missing, and emptied unless `append`.
pub fn open_write(path: &str, append: bool, cx: &mut Cx) -> Result<u32, Errno> {
    if path.is_empty() {
        return Err(Errno::NoEntry);
    }
    let path = cx.path(path);
    if let Some(open) = device(&path, cx) {
        return Ok(open);
    }
    let at = cx.at;
    if append {
        cx.k.disk.append(&path, "", at, cx.around)?;
    } else {
        cx.k.disk.truncate(&path, at, cx.around)?;
    }
    Ok(cx.k.open(Open::File { path: Rc::from(path) }))
}
