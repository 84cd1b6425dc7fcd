//! Open files, pipes and the container's log.

use std::rc::Rc;

use super::around::Around;
use super::files::Errno;
use super::kernel::{Kernel, Pid};
use super::spec::{ExecId, LogLine, NoteKind, Stream};
use crate::time::Instant;
use crate::trace::bounds::{LOG, PIPE};

/// Bytes of log kept per container.
const MAX_LOG: usize = LOG.most as usize;
/// Lines of log kept per container.
const MAX_LINES: usize = 50_000;
/// Bytes a log line may have, as the runtime splits longer ones.
const MAX_LINE: usize = 16 * 1024;
/// Bytes waiting in one pipe.
const MAX_PIPE: usize = PIPE.most as usize;
/// Bytes of output kept of one command.
const MAX_OUTPUT: usize = 1 << 18;

/// What an open file leads to. Shared by all descriptors that were duplicated from it.
#[derive(Clone, Debug)]
pub enum Open {
    /// `/dev/null`.
    Null,
    /// The container's log.
    Log(Stream),
    /// Output of a command the runtime runs.
    Collect(ExecId, Stream),
    /// An end of a pipe.
    Pipe {
        /// Which pipe.
        id: u32,
        /// The writing end.
        write: bool,
    },
    /// Text that is read: a file as it was when opened, a here-document.
    Text {
        /// The text.
        text: Rc<String>,
        /// How much is read.
        pos: usize,
    },
    /// A file that is written; writes go to its end.
    File {
        /// Where.
        path: Rc<str>,
    },
    /// `/dev/zero`, `/dev/urandom`: reads never end.
    Endless,
}

/// A pipe between processes.
#[derive(Clone, Debug, Default)]
pub struct Pipe {
    /// Text written and not yet read.
    pub buffer: String,
    /// Open files that write.
    pub writers: u32,
    /// Open files that read.
    pub readers: u32,
}

/// What a read brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Some text.
    Data(String),
    /// Nothing more, ever.
    End,
    /// Nothing yet.
    Wait,
    /// The descriptor is not open for reading.
    Bad,
    /// Zeros without end.
    Endless,
}

/// Why a write failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// Nobody reads the pipe any more.
    Broken,
    /// The descriptor is not open for writing.
    Bad,
    /// The file system says no.
    File(Errno),
}

/// The container's log.
#[derive(Clone, Debug, Default)]
pub struct Log {
    lines: Rc<Vec<LogLine>>,
    partial: [String; 2],
    bytes: usize,
}

impl Log {
    /// The lines.
    pub fn lines(&self) -> &[LogLine] {
        &self.lines
    }

    fn push(&mut self, at: Instant, stream: Stream, text: &str, partial: bool) -> bool {
        if self.bytes.saturating_add(text.len()) > MAX_LOG || self.lines.len() >= MAX_LINES {
            return false;
        }
        self.bytes += text.len();
        Rc::make_mut(&mut self.lines).push(LogLine {
            at,
            stream,
            text: Rc::from(text),
            partial,
        });
        true
    }

    /// Adds text; false when something was dropped.
    pub fn write(&mut self, at: Instant, stream: Stream, text: &str) -> bool {
        let mut kept = true;
        let slot = usize::from(stream == Stream::Err);
        let mut rest = text;
        while let Some((line, tail)) = rest.split_once('\n') {
            let head = self.partial.get_mut(slot).map(std::mem::take).unwrap_or_default();
            kept &= self.push(at, stream, &format!("{head}{line}"), false);
            rest = tail;
        }
        let mut full = None;
        if let Some(waiting) = self.partial.get_mut(slot) {
            waiting.push_str(rest);
            if waiting.len() > MAX_LINE {
                full = Some(std::mem::take(waiting));
            }
        }
        if let Some(line) = full {
            kept &= self.push(at, stream, &line, true);
        }
        kept
    }

    /// Ends the log: what has no newline becomes a line.
    pub fn finish(&mut self, at: Instant) {
        for (slot, stream) in [(0, Stream::Out), (1, Stream::Err)] {
            let rest = self.partial.get_mut(slot).map(std::mem::take).unwrap_or_default();
            if !rest.is_empty() {
                self.push(at, stream, &rest, true);
            }
        }
    }
}

impl Kernel {
    /// Registers an open file with one reference.
    pub fn open(&mut self, what: Open) -> u32 {
        if let Open::Pipe { id, write } = &what
            && let Some(pipe) = self.pipes.get_mut(id)
        {
            if *write {
                pipe.writers += 1;
            } else {
                pipe.readers += 1;
            }
        }
        self.next_open = self.next_open.wrapping_add(1);
        self.opens.insert(self.next_open, (1, what));
        self.next_open
    }

    /// A new pipe: its reading and its writing end.
    pub fn pipe(&mut self) -> (u32, u32) {
        self.next_pipe = self.next_pipe.wrapping_add(1);
        let id = self.next_pipe;
        self.pipes.insert(id, Pipe::default());
        (
            self.open(Open::Pipe { id, write: false }),
            self.open(Open::Pipe { id, write: true }),
        )
    }

    /// One more reference.
    pub fn retain(&mut self, open: u32) {
        if let Some((count, _)) = self.opens.get_mut(&open) {
            *count += 1;
        }
    }

    /// One reference less; the last one closes.
    pub fn release(&mut self, open: u32) {
        let Some((count, _)) = self.opens.get_mut(&open) else {
            return;
        };
        *count = count.saturating_sub(1);
        if *count > 0 {
            return;
        }
        if let Some((_, Open::Pipe { id, write })) = self.opens.remove(&open) {
            let mut gone = false;
            if let Some(pipe) = self.pipes.get_mut(&id) {
                if write {
                    pipe.writers = pipe.writers.saturating_sub(1);
                } else {
                    pipe.readers = pipe.readers.saturating_sub(1);
                }
                gone = pipe.writers == 0 && pipe.readers == 0;
            }
            if gone {
                self.pipes.remove(&id);
            } else {
                self.wake_pipe(id);
            }
        }
    }

    /// Wakes whoever waits on a pipe.
    fn wake_pipe(&mut self, id: u32) {
        let waiting: Vec<Pid> = self
            .processes
            .iter()
            .filter(|(_, p)| {
                (p.wake.is_none() || matches!(&p.body, super::kernel::Body::Shell(shell) if shell.reads_with_limit()))
                    && (p.reads == Some(id)
                        || p.fds
                            .values()
                            .any(|o| matches!(self.opens.get(o), Some((_, Open::Pipe { id: i, .. })) if *i == id)))
            })
            .map(|(pid, _)| *pid)
            .collect();
        for pid in waiting {
            self.wake(pid, self.now);
        }
    }

    /// Writes to an open file.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn write_open(&mut self, open: u32, text: &str, around: &mut dyn Around) -> Result<(), WriteError> {
        let Some((_, what)) = self.opens.get(&open) else {
            return Err(WriteError::Bad);
        };
        self.meter.charge_bytes(text.len());
        match what.clone() {
            Open::Null | Open::Endless => Ok(()),
            Open::Log(stream) => {
                if !self.log.write(self.now, stream, text) {
                    self.note(NoteKind::Dropped, "the log is full: later lines are dropped", None);
                    self.meter.meet(&LOG, LOG.most);
                }
                Ok(())
            }
            Open::Collect(id, stream) => {
                if let Some(exec) = self.execs.get_mut(&id) {
                    let room = MAX_OUTPUT.saturating_sub(exec.output.len());
                    let text = text.get(..room.min(text.len())).unwrap_or("");
                    exec.output.push_str(text);
                    match stream {
                        Stream::Out => exec.stdout.push_str(text),
                        Stream::Err => exec.stderr.push_str(text),
                    }
                }
                Ok(())
            }
            Open::Pipe { id, write: true } => {
                let Some(pipe) = self.pipes.get_mut(&id) else {
                    return Err(WriteError::Broken);
                };
                if pipe.readers == 0 {
                    return Err(WriteError::Broken);
                }
                if pipe.buffer.len().saturating_add(text.len()) <= MAX_PIPE {
                    pipe.buffer.push_str(text);
                } else {
                    self.note(
                        NoteKind::Dropped,
                        "a pipe is full: what is written to it is dropped",
                        None,
                    );
                    self.meter.meet(&PIPE, PIPE.most);
                }
                self.wake_pipe(id);
                Ok(())
            }
            Open::File { path } => {
                let now = self.now;
                self.disk.append(&path, text, now, around).map_err(WriteError::File)
            }
            Open::Pipe { .. } | Open::Text { .. } => Err(WriteError::Bad),
        }
    }

    /// Reads what there is from an open file.
    pub fn read_open(&mut self, open: u32) -> Read {
        let Some((_, what)) = self.opens.get_mut(&open) else {
            return Read::Bad;
        };
        match what {
            Open::Null => Read::End,
            Open::Endless => Read::Endless,
            Open::Text { text, pos } => {
                let rest = text.get(*pos..).unwrap_or("").to_owned();
                *pos = text.len();
                if rest.is_empty() { Read::End } else { Read::Data(rest) }
            }
            Open::Pipe { id, write: false } => match self.pipes.get_mut(id) {
                Some(pipe) if !pipe.buffer.is_empty() => Read::Data(std::mem::take(&mut pipe.buffer)),
                Some(pipe) if pipe.writers > 0 => Read::Wait,
                _ => Read::End,
            },
            Open::Log(_) | Open::Collect(..) => Read::End,
            Open::Pipe { .. } | Open::File { .. } => Read::Bad,
        }
    }

    /// Reads one line with its newline; at the end what is left.
    pub fn read_line(&mut self, open: u32) -> Read {
        let Some((_, what)) = self.opens.get_mut(&open) else {
            return Read::Bad;
        };
        match what {
            Open::Text { text, pos } => {
                let rest = text.get(*pos..).unwrap_or("");
                let end = rest.find('\n').map_or(rest.len(), |i| i + 1);
                let line = rest.get(..end).unwrap_or("").to_owned();
                *pos += end;
                if line.is_empty() { Read::End } else { Read::Data(line) }
            }
            Open::Pipe { id, write: false } => match self.pipes.get_mut(id) {
                Some(pipe) => match pipe.buffer.find('\n') {
                    Some(end) => Read::Data(pipe.buffer.drain(..=end).collect()),
                    None if pipe.writers > 0 => Read::Wait,
                    None if pipe.buffer.is_empty() => Read::End,
                    None => Read::Data(std::mem::take(&mut pipe.buffer)),
                },
                None => Read::End,
            },
            _ => self.read_open(open),
        }
    }
}
