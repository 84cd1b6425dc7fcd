//! Running other programs: their output kept, shown at once when asked, and cut to its tail when they fail.

use std::io::{self, PipeReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How many of the last lines of a failed program are shown.
const TAIL_LINES: usize = 60;

/// Why a step did not succeed: one line that says it, and what the program printed before.
#[derive(Debug)]
pub struct Failure {
    /// One clear line.
    pub line: String,
    /// The program's output; empty when there was no program.
    pub output: String,
}

impl Failure {
    /// A failure that one line explains.
    pub fn new(line: impl Into<String>) -> Failure {
        Failure {
            line: line.into(),
            output: String::new(),
        }
    }

    /// Prints the output's tail and then the line to standard error.
    pub fn print(&self) {
        for line in tail(&self.output) {
            eprintln!("    {line}");
        }
        eprintln!("error: {}", self.line);
    }
}

/// The last lines of an output, without Cargo's tale of what it compiles.
pub fn tail(output: &str) -> Vec<&str> {
    let tale = ["Compiling ", "Checking ", "Downloading ", "Downloaded "];
    let told = |line: &&str| !tale.iter().any(|word| line.trim_start().starts_with(word));
    let lines: Vec<&str> = output.trim_end().lines().filter(told).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].to_vec()
}

/// How a program ended and what it printed on both streams, in order.
pub struct Finished {
    /// Whether it exited with 0.
    pub ok: bool,
    /// Both streams as they were written.
    pub output: String,
}

/// Runs a program to its end without standard input. An error only says that it could not be started.
pub fn run(mut command: Command, verbose: bool) -> Result<Finished, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let cannot = |e: io::Error| Failure::new(format!("cannot run {name}: {e}"));
    let (reader, writer) = io::pipe().map_err(cannot)?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone().map_err(cannot)?)
        .stderr(writer);
    let mut child = command.spawn().map_err(cannot)?;
    drop(command); // It holds our copies of the writing ends; the reader would never see the end of the stream.
    let chunks = read_in_background(reader, verbose);
    let mut output = Vec::new();
    let status = child.wait().map_err(cannot)?;
    // A grandchild that outlives the program may keep the pipe open: wait for silence, not for the end of the stream.
    while let Ok(chunk) = chunks.recv_timeout(Duration::from_secs(1)) {
        output.extend(chunk);
    }
    Ok(Finished {
        ok: status.success(),
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

/// Runs a program that has to succeed; `line` says what it means when it does not.
pub fn must(command: Command, verbose: bool, line: &str) -> Result<String, Failure> {
    let finished = run(command, verbose)?;
    if finished.ok {
        Ok(finished.output)
    } else {
        Err(Failure {
            line: line.to_string(),
            output: finished.output,
        })
    }
}

/// Whether a program can be started and exits with 0; its output is thrown away.
pub fn succeeds(command: Command) -> bool {
    run(command, false).is_ok_and(|finished| finished.ok)
}

fn read_in_background(mut reader: PipeReader, verbose: bool) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            if verbose {
                let _ = io::stdout().write_all(&buffer[..n]).and_then(|()| io::stdout().flush());
            }
            if sender.send(buffer[..n].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_are_kept_in_order() {
        let finished = run(shell("echo one; echo two >&2; echo three; exit 3"), false).unwrap();
        assert!(!finished.ok);
        assert_eq!(finished.output, "one\ntwo\nthree\n");
    }

    #[test]
    fn a_failure_says_the_line_and_keeps_the_output() {
        let failure = must(shell("echo why; false"), false, "it broke").unwrap_err();
        assert_eq!((failure.line.as_str(), failure.output.as_str()), ("it broke", "why\n"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = must(Command::new("no-such-program"), false, "it broke").unwrap_err();
        assert!(
            failure.line.starts_with("cannot run no-such-program"),
            "{}",
            failure.line
        );
    }

    #[test]
    fn the_tail_is_the_end() {
        let long: String = (0..200).map(|n| format!("{n}\n")).collect();
        assert_eq!(tail(&long).len(), TAIL_LINES);
        assert_eq!(tail(&long).last(), Some(&"199"));
        assert_eq!(tail("   Compiling serde v1.0.0\nerror: no\n"), ["error: no"]);
        assert!(tail("").is_empty());
    }
}
