//! Resource quantities: `250m`, `64Mi`, `1e3`.

use serde::Deserialize;

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

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Quantity;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a quantity")
            }
            fn visit_str<E: serde::de::Error>(self, s: &str) -> Result<Quantity, E> {
                Quantity::parse(s).ok_or_else(|| E::custom(QUANTITY_ERROR))
            }
            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Quantity, E> {
                self.visit_str(&n.to_string())
            }
            fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Quantity, E> {
                self.visit_str(&n.to_string())
            }
            fn visit_f64<E: serde::de::Error>(self, x: f64) -> Result<Quantity, E> {
                self.visit_str(&x.to_string())
            }
        }
        d.deserialize_any(Visitor)
    }
}

/// The API server's words for a text that is no quantity.
pub const QUANTITY_ERROR: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

#[cfg(test)]
mod tests {
    use super::Quantity;

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
}
