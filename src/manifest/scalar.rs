//! What a scalar means: the rules of go-yaml v2 as Kubernetes' own tools use them (`sigs.k8s.io/yaml`).
//!
//! Those tools turn YAML into JSON first, so what counts is the JSON type a plain scalar ends up with: `yes` is a
//! boolean, `017` is 15, `1_000` is 1000, `1e3` is 1000, a timestamp stays text.

/// A scalar after its type was settled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// `null`, `~`, or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number. JSON knows neither infinities nor NaN; the caller refuses those.
    Float(f64),
    /// Text: the scalar's own.
    Str,
}

/// Settles the type of a plain (unquoted) scalar.
pub fn resolve_plain(text: &str) -> Resolved {
    let Some(&first) = text.as_bytes().first() else {
        return Resolved::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'0'..=b'9' => number(text),
        b'+' | b'-' => match text {
            "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
            _ => number(text),
        },
        b'.' => match text {
            ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
            ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
            _ => float(text),
        },
        _ => Resolved::Str,
    }
}

/// The words that are no text.
fn word(text: &str) -> Resolved {
    match text {
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        _ => Resolved::Str,
    }
}

/// Numbers that begin with a digit or a sign. Underscores are dropped, the base is told by the prefix.
fn number(text: &str) -> Resolved {
    let plain: std::borrow::Cow<str> = if text.contains('_') {
        text.replace('_', "").into()
    } else {
        text.into()
    };
    let (negative, digits) = match plain.as_bytes().first() {
        Some(b'-') => (true, &plain[1..]),
        Some(b'+') => (false, &plain[1..]),
        _ => (false, &plain[..]),
    };
    match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => radix(digits.get(2..), 16, negative),
        [b'0', b'b' | b'B', ..] => radix(digits.get(2..), 2, negative),
        [b'0', b'o' | b'O', ..] => radix(digits.get(2..), 8, negative),
        // A leading zero means octal; `08` is no octal number and falls back to a decimal fraction, so it is 8.
        [b'0', _, ..] => match radix(digits.get(1..), 8, negative) {
            Resolved::Str => float(&plain),
            number => number,
        },
        _ => match radix(Some(digits), 10, negative) {
            Resolved::Str => float(&plain),
            number => number,
        },
    }
}

/// A whole number in a base, or text.
fn radix(digits: Option<&str>, base: u32, negative: bool) -> Resolved {
    let Some(digits) = digits.filter(|d| !d.is_empty() && d.chars().all(|c| c.is_digit(base))) else {
        return Resolved::Str;
    };
    match u64::from_str_radix(digits, base) {
        Ok(n) if negative => 0_i64.checked_sub_unsigned(n).map_or(Resolved::Str, Resolved::Int),
        Ok(n) => i64::try_from(n).map_or(Resolved::Float(n as f64), Resolved::Int),
        Err(_) => Resolved::Str,
    }
}

/// A decimal fraction: `[-+]? (.digits | digits[.digits]) [e[-+]digits]`, or text.
fn float(text: &str) -> Resolved {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let shaped = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_shaped = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['-', '+']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    if !shaped || !exponent_shaped {
        return Resolved::Str;
    }
    match text.parse::<f64>() {
        // Written to JSON, a whole number has no fraction, so 1e3 is as good as 1000.
        Ok(x) if x.is_finite() && x.fract() == 0.0 && x.abs() < 9.0e15 => Resolved::Int(x as i64),
        Ok(x) if x.is_finite() => Resolved::Float(x),
        _ => Resolved::Str,
    }
}

/// The key a scalar becomes in JSON, where keys are text. `None` for null, which is no key.
pub fn key_text(resolved: Resolved, text: Box<str>) -> Option<Box<str>> {
    let other = match resolved {
        Resolved::Null => return None,
        Resolved::Bool(b) => b.to_string(),
        Resolved::Int(n) => n.to_string(),
        Resolved::Float(x) => x.to_string(),
        Resolved::Str => return Some(text),
    };
    Some(other.into())
}

#[cfg(test)]
mod tests {
    use super::{Resolved, resolve_plain};

    #[test]
    fn plain_scalars_are_read_as_go_yaml_v2_reads_them() {
        use Resolved::{Bool, Float, Int, Null, Str};
        for (text, want) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("nul", Str),
            ("y", Bool(true)),
            ("yes", Bool(true)),
            ("On", Bool(true)),
            ("TRUE", Bool(true)),
            ("tRUE", Str),
            ("n", Bool(false)),
            ("off", Bool(false)),
            ("017", Int(15)),
            ("08", Int(8)),
            ("0o17", Int(15)),
            ("0b101", Int(5)),
            ("-0x1F", Int(-31)),
            ("0x", Str),
            ("1_000", Int(1000)),
            ("+12", Int(12)),
            ("-", Str),
            ("1e3", Int(1000)),
            ("1.5", Float(1.5)),
            (".5", Float(0.5)),
            ("1.", Int(1)),
            ("1.2.3", Str),
            ("12abc", Str),
            ("9223372036854775807", Int(i64::MAX)),
            ("9223372036854775808", Float(9_223_372_036_854_775_808.0)),
            ("-9223372036854775808", Int(i64::MIN)),
            (".inf", Float(f64::INFINITY)),
            ("-.INF", Float(f64::NEG_INFINITY)),
            ("2026-01-01T00:00:00Z", Str),
            ("2026-01-01", Str),
            ("12:30", Str),
            ("0.5", Float(0.5)),
            ("0", Int(0)),
            ("007", Int(7)),
            ("1__0", Int(10)),
            ("nginx", Str),
        ] {
            assert_eq!(resolve_plain(text), want, "{text}");
        }
    }
}
