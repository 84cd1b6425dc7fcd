//! Twin: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (v1.36.2)
//! Covers: the private fields that ParseQuantity leaves in a Quantity, as a dump shows them.
//! Left out: negative amounts, which no template may have.

use super::Out;
use crate::api::quantity::canonical;
use crate::manifest::Value;

/// A text that is a quantity, taken apart: `1.5Gi` is digits `15`, one of them a fraction, of 2^30.
struct Parsed {
    /// All digits, without zeros in front.
    digits: String,
    fraction: usize,
    exponent: i32,
    binary: bool,
    format: &'static str,
}

/// Writes the fields of a quantity.
pub(super) fn write(value: &Value, out: &mut Out) {
    let text = text(value);
    let parsed = parse(&text);
    if parsed.is_none() || text == "0" {
        let format = if text == "0" { "DecimalSI" } else { "" };
        return int64(0, 0, &text, format, out);
    }
    let Some(parsed) = parsed else { return };
    match fast(&parsed) {
        Some((value, scale, keeps)) => int64(value, scale, if keeps { &text } else { "" }, parsed.format, out),
        None => decimal(&parsed, out),
    }
}

/// The amount as it is stored. Empty for none.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Str(text) => canonical(text),
        Value::Int(number) => canonical(&number.to_string()),
        Value::Float(number) => canonical(&number.to_string()),
        _ => String::new(),
    }
}

fn parse(text: &str) -> Option<Parsed> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at_checked(end)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let power = |letters: &str| letters.find(suffix.get(..1)?).map(|at| at as i32);
    let (exponent, binary, format) = if suffix.is_empty() {
        (0, false, "DecimalSI")
    } else if suffix.ends_with('i') {
        ((power("KMGTPE")? + 1) * 10, true, "BinarySI")
    } else if let (1, Some(power)) = (suffix.len(), power("num.kMGTPE")) {
        ((power - 3) * 3, false, "DecimalSI")
    } else {
        let exponent = suffix.strip_prefix(['e', 'E'])?;
        (exponent.parse().ok()?, false, "DecimalExponent")
    };
    Some(Parsed {
        digits: format!("{whole}{fraction}"),
        fraction: fraction.len(),
        exponent,
        binary,
        format,
    })
}

/// The amount as an int64 with a scale, when upstream's quick way of parsing takes it, and if the text was canonical by
/// the quick look it takes at it: then the Quantity keeps the text.
fn fast(parsed: &Parsed) -> Option<(i64, i32, bool)> {
    let length = parsed.digits.len();
    let value: i64 = parsed.digits.parse().ok()?;
    if parsed.binary {
        // 15 digits less those of the suffix, as upstream counts them.
        let room = 14_usize.checked_sub(parsed.exponent.unsigned_abs() as usize * 3 / 10)?;
        if parsed.fraction > 0 || length > room {
            return None;
        }
        let result = value.checked_mul(1_i64.checked_shl(parsed.exponent.unsigned_abs())?)?;
        return Some((result, 0, parsed.exponent % 10 == 0 && value & 7 != 0));
    }
    let scale = parsed.exponent.checked_sub(i32::try_from(parsed.fraction).ok()?)?;
    if length > 18 || scale < -9 {
        return None;
    }
    let keeps = scale % 3 == 0 && !parsed.digits.ends_with("000") && !parsed.digits.starts_with('0');
    Some((value, scale, keeps))
}

fn int64(value: i64, scale: i32, text: &str, format: &str, out: &mut Out) {
    out(&format!(
        "{{i:(resource.int64Amount){{value:(int64){value} scale:(resource.Scale){scale}}} \
         d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} s:(string){text} Format:(resource.Format){format}}}"
    ));
}

/// An amount that is too large for the quick way: billionths, in words of 64 bits.
fn decimal(parsed: &Parsed, out: &mut Out) {
    let times = |n: u128, base: u128, power: i32| n.saturating_mul(base.saturating_pow(power.unsigned_abs()));
    let digits: u128 = parsed.digits.parse().unwrap_or(u128::MAX);
    let fraction = i32::try_from(parsed.fraction).unwrap_or(i32::MAX);
    let (digits, power) = if parsed.binary {
        (times(digits, 2, parsed.exponent), 9_i32.saturating_sub(fraction))
    } else {
        let power = parsed.exponent.saturating_add(9).saturating_sub(fraction);
        (digits, power)
    };
    let mut nanos = match power {
        0.. => times(digits, 10, power),
        _ => digits.div_ceil(10_u128.saturating_pow(power.unsigned_abs())),
    };
    let mut scale = 9;
    let most = u128::from(i64::MAX.unsigned_abs());
    if parsed.binary && nanos > most.saturating_mul(1_000_000_000) {
        (nanos, scale) = (most, 0);
    }
    let (low, high) = (nanos as u64, (nanos >> 64) as u64);
    let words = if high == 0 {
        low.to_string()
    } else {
        format!("{low} {high}")
    };
    out(&format!(
        "{{i:(resource.int64Amount){{value:(int64)0 scale:(resource.Scale)0}} d:(resource.infDecAmount){{\
         Dec:(*inf.Dec){{unscaled:(big.Int){{neg:(bool)false abs:(big.nat)[{words}]}} scale:(inf.Scale){scale}}}}} \
         s:(string) Format:(resource.Format){}}}",
        parsed.format
    ));
}
