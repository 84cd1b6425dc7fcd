//! Resource quantities: `250m`, `64Mi`, `1e3`.

use crate::manifest::{DecodeError, Fill, Value};

/// An amount with the text it was written as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantity {
    /// As written.
    pub text: String,
    /// The amount in thousandths, rounded up.
    pub milli: i128,
}

impl Quantity {
    /// Reads `1`, `1.5`, `250m`, `64Mi`, `1e3`. `None` when the text is no quantity.
    pub fn parse(text: &str) -> Option<Quantity> {
        let split = text
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
            .unwrap_or(text.len());
        let (number, suffix) = text.split_at(split);
        let (negative, digits) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, frac) = digits.split_once('.').unwrap_or((digits, ""));
        if (whole.is_empty() && frac.is_empty()) || frac.contains('.') || digits.len() > 24 {
            return None;
        }
        let binary = |power: u32| Some((1024_i128.pow(power) * 1000, 1));
        let decimal = |power: i32| {
            let e = power + 3;
            if e >= 0 {
                Some((10_i128.pow(e as u32), 1))
            } else {
                Some((1, 10_i128.pow(-e as u32)))
            }
        };
        let (times, by) = match suffix {
            "" => decimal(0),
            "n" => decimal(-9),
            "u" => decimal(-6),
            "m" => decimal(-3),
            "k" => decimal(3),
            "M" => decimal(6),
            "G" => decimal(9),
            "T" => decimal(12),
            "P" => decimal(15),
            "E" => decimal(18),
            "Ki" => binary(1),
            "Mi" => binary(2),
            "Gi" => binary(3),
            "Ti" => binary(4),
            "Pi" => binary(5),
            "Ei" => binary(6),
            _ => {
                let exponent = suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?;
                if !(-18..=18).contains(&exponent) {
                    return None;
                }
                decimal(exponent)
            }
        }?;
        let all: i128 = format!("{whole}{frac}").parse().ok()?;
        let denominator = 10_i128.checked_pow(frac.len() as u32)?.checked_mul(by)?;
        let numerator = all.checked_mul(times)?;
        let milli = (numerator + denominator - 1) / denominator;
        Some(Quantity {
            text: text.to_owned(),
            milli: if negative { -milli } else { milli },
        })
    }

    /// Reads a quantity, or says in the API server's words why it is none.
    pub fn check(text: &str) -> Result<Quantity, &'static str> {
        if let Some(quantity) = Quantity::parse(text) {
            return Ok(quantity);
        }
        let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
        let suffix_at = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(suffix_at);
        let tail = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
        let tail = tail.strip_prefix(['+', '-']).unwrap_or(tail);
        let shaped = !number.is_empty() && tail.bytes().all(|b| b.is_ascii_digit());
        if !shaped {
            Err(QUANTITY_ERROR)
        } else if number.matches('.').count() > 1 || !number.contains(|c: char| c.is_ascii_digit()) {
            Err("unable to parse numeric part of quantity")
        } else {
            Err("unable to parse quantity's suffix")
        }
    }

    /// The amount in whole units, rounded up: bytes of memory.
    pub fn units(&self) -> i64 {
        i64::try_from((self.milli + 999).div_euclid(1000)).unwrap_or(i64::MAX)
    }
}

/// How a quantity is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    Binary,
    Decimal,
    Exponent,
}

impl Quantity {
    /// Writes an amount in the shortest form of the notation that `like` is written in. A part below a thousandth is
    /// rounded up before, so it is lost.
    pub fn print(milli: i128, like: &str) -> String {
        let suffix = like.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'));
        let notation = match suffix {
            "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" => Notation::Binary,
            "E" => Notation::Decimal,
            s if s.starts_with(['e', 'E']) => Notation::Exponent,
            _ => Notation::Decimal,
        };
        if milli == 0 {
            return "0".to_owned();
        }
        // Less than 1024 in binary notation is written in decimal notation.
        if notation == Notation::Binary && milli.abs() >= 1_024_000 {
            let mut amount = (milli + 999).div_euclid(1000);
            let mut unit = 0;
            const UNITS: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
            while unit + 1 < UNITS.len() && amount % 1024 == 0 {
                amount /= 1024;
                unit += 1;
            }
            return format!("{amount}{}", UNITS.get(unit).copied().unwrap_or(""));
        }
        let mut amount = milli;
        let mut power = -3;
        while power < 18 && amount % 1000 == 0 {
            amount /= 1000;
            power += 3;
        }
        match (notation, power) {
            (Notation::Exponent, 0) => amount.to_string(),
            (Notation::Exponent, _) => format!("{amount}e{power}"),
            _ => {
                let suffix = match power {
                    -3 => "m",
                    3 => "k",
                    6 => "M",
                    9 => "G",
                    12 => "T",
                    15 => "P",
                    18 => "E",
                    _ => "",
                };
                format!("{amount}{suffix}")
            }
        }
    }
}

/// The form in which the API stores a quantity; a text that is none stays as it is.
pub fn canonical(text: &str) -> String {
    Quantity::parse(text).map_or_else(|| text.to_owned(), |quantity| Quantity::print(quantity.milli, text))
}

impl Fill for Quantity {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let text = value.scalar_text("a quantity")?;
        *self = Quantity::parse(&text).ok_or_else(|| DecodeError(QUANTITY_ERROR.to_owned()))?;
        Ok(())
    }
}

/// The API server's words for a text that is no quantity.
pub const QUANTITY_ERROR: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

#[cfg(test)]
mod tests {
    use super::{Quantity, canonical};

    #[test]
    fn quantities_are_read() {
        for (text, milli) in [
            ("1", Some(1000)),
            ("250m", Some(250)),
            ("0.5", Some(500)),
            ("64Mi", Some(64 * 1024 * 1024 * 1000)),
            ("1e3", Some(1_000_000)),
            ("1E", Some(1_000_000_000_000_000_000_000)),
            ("100u", Some(1)),
            ("-1", Some(-1000)),
            ("1.5Gi", Some(1_610_612_736_000)),
            ("", None),
            (".", None),
            ("1X", None),
            ("1.2.3", None),
            ("Mi", None),
        ] {
            assert_eq!(Quantity::parse(text).map(|q| q.milli), milli, "{text}");
        }
    }

    #[test]
    fn quantities_are_stored_in_their_shortest_form() {
        for (text, want) in [
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("500Mi", "500Mi"),
            ("1000", "1k"),
            ("128974848", "128974848"),
            ("129M", "129M"),
            ("1e3", "1e3"),
            ("0.1Ki", "102400m"),
            ("0", "0"),
            ("-1", "-1"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(canonical(text), want, "{text}");
        }
    }
}
