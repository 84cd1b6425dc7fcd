//! The options of the commands.

use crate::process::Failure;
use std::ffi::OsString;

/// What was asked for on the command line of any of the commands.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// `-v`: show everything the programs print.
    pub verbose: bool,
    /// `--port N`: serve at this port and no other.
    pub port: Option<u16>,
    /// `--open`: show the page in the user's browser.
    pub open: bool,
    /// `--offline`: build the page with its service worker.
    pub offline: bool,
    /// `--quick`: build the core in seconds, large and slow, for work on the page.
    pub quick: bool,
    /// `--without-browser`: leave the browser tests out on purpose.
    pub without_browser: bool,
    /// Names of steps; empty means all of them.
    pub steps: Vec<String>,
}

/// Reads the options; `allowed` are those that the command knows, `STEP` among them if it takes names.
pub fn parse(args: &[OsString], allowed: &[&str]) -> Result<Options, Failure> {
    let mut options = Options::default();
    let mut args = args.iter().map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_string(), Some(value.to_string())),
            _ => (arg, None),
        };
        let is_step = !name.starts_with('-');
        let known = if is_step { "STEP" } else { name.as_str() };
        if !allowed.contains(&known) {
            return Err(Failure::new(format!(
                "{name} is not an option here; there are: {}",
                allowed.join(" ")
            )));
        }
        match name.as_str() {
            "-v" => options.verbose = true,
            "--open" => options.open = true,
            "--offline" => options.offline = true,
            "--quick" => options.quick = true,
            "--without-browser" => options.without_browser = true,
            "--port" => {
                let value = value.or_else(|| args.next()).unwrap_or_default();
                let port = value
                    .parse()
                    .map_err(|_| Failure::new(format!("--port: {value:?} is not a port number")))?;
                options.port = Some(port);
            }
            _ => options.steps.push(name),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(args: &[&str], allowed: &[&str]) -> Result<Options, String> {
        let args: Vec<OsString> = args.iter().map(Into::into).collect();
        parse(&args, allowed).map_err(|failure| failure.line)
    }

    #[test]
    fn options_are_read() {
        let all = ["-v", "--port", "--open", "STEP"];
        assert_eq!(read(&[], &all), Ok(Options::default()));
        assert_eq!(
            read(&["--port", "80"], &all),
            Ok(Options {
                port: Some(80),
                ..Options::default()
            })
        );
        assert_eq!(
            read(&["--port=80"], &all),
            Ok(Options {
                port: Some(80),
                ..Options::default()
            })
        );
        assert_eq!(read(&["fmt", "-v"], &all).unwrap().steps, ["fmt"]);
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert!(
            read(&["--port", "x"], &["--port"])
                .unwrap_err()
                .contains("not a port number")
        );
        assert!(
            read(&["--port"], &["--port"])
                .unwrap_err()
                .contains("not a port number")
        );
        assert!(
            read(&["--fast"], &["-v"])
                .unwrap_err()
                .contains("--fast is not an option")
        );
        assert!(read(&["fmt"], &["-v"]).unwrap_err().contains("fmt is not an option"));
    }
}
