//! The files named on the command line.
// Reading them is this program's part; the core reads no files.
#![allow(clippy::disallowed_methods)]

use std::io::Read;

use podscope::view::json::Sources;

/// How standard input is named in messages.
const STDIN: &str = "<stdin>";
/// More than this of one file is not read. Texts of the core are shorter still; a given cluster may be long.
const MAX_BYTES: u64 = 256 << 20;

/// Reads one file, `-` for standard input: its shown name and its text.
///
/// # Errors
/// Why it cannot be read.
pub fn read(file: &str) -> Result<(String, String), String> {
    let mut bytes = Vec::new();
    let (name, result) = if file == "-" {
        let stdin = std::io::stdin().lock();
        (STDIN, stdin.take(MAX_BYTES + 1).read_to_end(&mut bytes))
    } else {
        let opened = std::fs::File::open(file);
        (file, opened.and_then(|f| f.take(MAX_BYTES + 1).read_to_end(&mut bytes)))
    };
    result.map_err(|why| format!("{name}: {why}"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{name}: more than {MAX_BYTES} bytes"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name.to_owned(), text)),
        Err(why) => {
            let valid = &why.as_bytes()[..why.utf8_error().valid_up_to()];
            let line = 1 + valid.iter().filter(|b| **b == b'\n').count();
            let start = valid.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            let column = 1 + String::from_utf8_lossy(&valid[start..]).encode_utf16().count();
            Err(format!("{name}:{line}:{column}: error: this is not UTF-8"))
        }
    }
}

/// Reads the files and joins them as documents of one text.
///
/// # Errors
/// Why one cannot be read.
pub fn sources(files: &[String]) -> Result<Sources, String> {
    let texts: Result<Vec<_>, String> = files.iter().map(|file| read(file)).collect();
    Ok(Sources::new(texts?))
}
