//! Share links: a whole scenario in the fragment of an address.
//!
//! `#s=1.<payload>&t=41.2s&sel=…&view=…`. The number is the scheme. The payload of scheme 1 is base64url, without
//! padding, of raw deflate with the preset dictionary `link/dictionary-1.txt`. A scheme that was released is read for
//! ever: its dictionary never changes, a better one becomes scheme 2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// The longest text a link may hold, in bytes.
pub const MAX_TEXT: usize = 1 << 20;
/// From this length on, in characters, a link is likely to be cut by the programs it passes through.
pub const LONG_LINK: usize = 8_000;

/// The longest payload that is looked at. Text that cannot be compressed grows by a third in base64, and a bit.
const MAX_PAYLOAD: usize = 2 * MAX_TEXT;
/// Kubernetes words; those that are used most stand at the end, where a reference to them is short. Made once by
/// `pkg-config/dictionary/make.py`, from half of the documentation's manifests; `tests/links.rs` measures the other half.
const DICTIONARY: &[u8] = include_bytes!("link/dictionary-1.txt");

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The scenario's text, byte for byte.
    pub text: String,
    /// The further parameters (`t`, `sel`, `view`), decoded, in order.
    pub params: Vec<(String, String)>,
}

/// Why a link cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// There is no `s=` in it.
    NotALink,
    /// The scheme is newer than this program.
    UnknownScheme(String),
    /// The payload is damaged or cut off.
    Damaged,
    /// The text is longer than [`MAX_TEXT`].
    TooLong,
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LinkError::NotALink => f.write_str("this is no link: it lacks \"s=1.\""),
            LinkError::UnknownScheme(scheme) => {
                write!(f, "the link is of scheme \"{scheme}\"; this program reads scheme 1")
            }
            LinkError::Damaged => f.write_str("the link is damaged: a part of it is missing or was changed"),
            LinkError::TooLong => f.write_str("the link holds more than 1 MiB of text"),
        }
    }
}

/// The fragment that holds `text`: `#s=1.…`. Text longer than [`MAX_TEXT`] is written and refused when read.
pub fn encode(text: &str) -> String {
    format!("#s=1.{}", URL_SAFE_NO_PAD.encode(deflate(text.as_bytes())))
}

/// The same with parameters after it; those with an empty value are left out.
pub fn encode_with(text: &str, params: &[(&str, &str)]) -> String {
    let mut link = encode(text);
    for (key, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        link.push('&');
        link.push_str(&percent_encode(key));
        link.push('=');
        link.push_str(&percent_encode(value));
    }
    link
}

/// Reads a fragment, with or without its `#`, or a whole address.
///
/// # Errors
/// See [`LinkError`]. Whatever is handed in, time and memory stay bounded.
pub fn decode(link: &str) -> Result<Decoded, LinkError> {
    let link = link.trim();
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let mut payload = None;
    let mut params = Vec::new();
    for part in fragment.split('&') {
        match part.split_once('=') {
            Some(("s", value)) if payload.is_none() => payload = Some(value),
            Some((key, value)) => params.push((percent_decode(key), percent_decode(value))),
            None => {}
        }
    }
    let (scheme, payload) = payload.and_then(|p| p.split_once('.')).ok_or(LinkError::NotALink)?;
    if scheme != "1" {
        return Err(LinkError::UnknownScheme(scheme.chars().take(16).collect()));
    }
    if payload.len() > MAX_PAYLOAD {
        return Err(LinkError::TooLong);
    }
    let packed = URL_SAFE_NO_PAD
        .decode(payload.trim_end_matches('='))
        .map_err(|_| LinkError::Damaged)?;
    let text = String::from_utf8(inflate(&packed)?).map_err(|_| LinkError::Damaged)?;
    Ok(Decoded { text, params })
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut deflater = Compress::new(Compression::best(), false);
    // A dictionary is refused only in the middle of a stream.
    let _ = deflater.set_dictionary(DICTIONARY);
    let mut out = Vec::with_capacity(text.len() / 2 + 256);
    loop {
        let taken = usize::try_from(deflater.total_in()).unwrap_or(usize::MAX);
        let rest = text.get(taken..).unwrap_or_default();
        match deflater.compress_vec(rest, &mut out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => return out,
            Ok(_) => out.reserve(out.capacity().max(256)),
        }
    }
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, LinkError> {
    let mut inflater = Decompress::new(false);
    inflater.set_dictionary(DICTIONARY).map_err(|_| LinkError::Damaged)?;
    let mut out = Vec::with_capacity(packed.len().saturating_mul(4).clamp(1024, MAX_TEXT));
    loop {
        let (taken, made) = (inflater.total_in(), out.len());
        let rest = packed
            .get(usize::try_from(taken).unwrap_or(usize::MAX)..)
            .unwrap_or_default();
        let status = inflater.decompress_vec(rest, &mut out, FlushDecompress::Finish);
        if out.len() > MAX_TEXT {
            return Err(LinkError::TooLong);
        }
        match status {
            Ok(Status::StreamEnd) if inflater.total_in() == packed.len() as u64 => return Ok(out),
            Ok(Status::StreamEnd) | Err(_) => return Err(LinkError::Damaged),
            // Room is left and nothing came: the rest of the payload is missing.
            Ok(_) if out.len() < out.capacity() && taken == inflater.total_in() && made == out.len() => {
                return Err(LinkError::Damaged);
            }
            // Room grows a step at a time, so that a small link cannot ask for much memory.
            Ok(_) => out.reserve(out.capacity().min(1 << 16)),
        }
    }
}

/// Everything but what may stand in a fragment's value as it is becomes `%XX`.
fn percent_encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b',' | b'[' | b']' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(rest.get(..at).unwrap_or_default().as_bytes());
        let code = rest
            .get(at + 1..at + 3)
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let skip = match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                3
            }
            None => {
                bytes.push(b'%');
                1
            }
        };
        rest = rest.get(at + skip..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
