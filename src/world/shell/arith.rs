//! `$((…))`: whole numbers of 64 bits with wrapping, as shells have them.

/// How deep an expression may be nested.
const MAX_DEPTH: usize = 60;

/// Where names get and leave their values.
pub trait Names {
    /// The value of a name; empty when unset.
    fn get(&self, name: &str) -> String;
    /// Gives a name a value.
    fn set(&mut self, name: &str, value: i64);
}

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be read.
    Syntax,
    /// It divides by zero.
    DivideByZero,
}

/// The value of an expression; an empty one is 0.
///
/// # Errors
/// See [`Trouble`].
pub fn evaluate(text: &str, names: &mut dyn Names) -> Result<i64, Trouble> {
    let mut e = Evaluator {
        src: text.chars().collect(),
        pos: 0,
        names,
        depth: 0,
        dry: 0,
    };
    e.blanks();
    if e.pos == e.src.len() {
        return Ok(0);
    }
    let value = e.comma()?;
    e.blanks();
    if e.pos == e.src.len() {
        Ok(value)
    } else {
        Err(Trouble::Syntax)
    }
}

struct Evaluator<'a> {
    src: Vec<char>,
    pos: usize,
    names: &'a mut dyn Names,
    depth: usize,
    /// Above 0 in the part of `&&`, `||`, `?:` that does not count.
    dry: usize,
}

type Res = Result<i64, Trouble>;

/// Binary operators by binding, loosest first; a longer one stands before its beginning.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Evaluator<'_> {
    fn blanks(&mut self) {
        while self.src.get(self.pos).is_some_and(|c| c.is_whitespace()) {
            self.pos += 1;
        }
    }

    fn starts(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(i, c)| self.src.get(self.pos + i) == Some(&c))
    }

    fn eat(&mut self, text: &str) -> bool {
        self.blanks();
        let found = self.starts(text);
        if found {
            self.pos += text.len();
        }
        found
    }

    fn comma(&mut self) -> Res {
        let mut value = self.ternary()?;
        while self.eat(",") {
            value = self.ternary()?;
        }
        Ok(value)
    }

    fn ternary(&mut self) -> Res {
        if self.depth >= MAX_DEPTH {
            return Err(Trouble::Syntax);
        }
        self.depth += 1;
        let value = self.ternary_inner();
        self.depth -= 1;
        value
    }

    fn ternary_inner(&mut self) -> Res {
        if let Some(value) = self.assignment()? {
            return Ok(value);
        }
        let test = self.binary(0)?;
        if !self.eat("?") {
            return Ok(test);
        }
        let yes = self.dry_unless(test != 0, Self::ternary)?;
        if !self.eat(":") {
            return Err(Trouble::Syntax);
        }
        let no = self.dry_unless(test == 0, Self::ternary)?;
        Ok(if test != 0 { yes } else { no })
    }

    fn dry_unless(&mut self, counts: bool, f: impl FnOnce(&mut Self) -> Res) -> Res {
        let add = usize::from(!counts);
        self.dry += add;
        let value = f(self);
        self.dry -= add;
        value
    }

    fn name(&mut self) -> Option<String> {
        self.blanks();
        let name: String = self
            .src
            .iter()
            .skip(self.pos)
            .take_while(|c| c.is_ascii_alphanumeric() || **c == '_')
            .collect();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.pos += name.len();
        Some(name)
    }

    fn assignment(&mut self) -> Result<Option<i64>, Trouble> {
        let start = self.pos;
        let Some(name) = self.name() else {
            return Ok(None);
        };
        self.blanks();
        let operators = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "="];
        let operator = operators.into_iter().find(|op| self.starts(op));
        match operator {
            Some(op) if !(op == "=" && self.starts("==")) => {
                self.pos += op.len();
                let right = self.ternary()?;
                let value = match op.strip_suffix('=') {
                    Some("") | None => right,
                    Some(binary) => {
                        let left = self.value_of(&name)?;
                        self.apply(binary, left, right)?
                    }
                };
                if self.dry == 0 {
                    self.names.set(&name, value);
                }
                Ok(Some(value))
            }
            _ => {
                self.pos = start;
                Ok(None)
            }
        }
    }

    fn binary(&mut self, level: usize) -> Res {
        let Some(operators) = LEVELS.get(level) else {
            return self.power();
        };
        let mut left = self.binary(level + 1)?;
        loop {
            self.blanks();
            let found = operators.iter().find(|op| {
                self.starts(op)
                    // `|` must not eat half of `||`, `<` half of `<<`, and no operator the front of an assignment.
                    && !(op.len() == 1 && matches!(**op, "|" | "&" | "<" | ">") && self.starts(&op.repeat(2)))
                    && (matches!(**op, "==" | "!=" | "<=" | ">=") || !self.starts(&format!("{op}=")))
            });
            let Some(op) = found else {
                return Ok(left);
            };
            self.pos += op.len();
            left = match *op {
                "||" => {
                    let right = self.dry_unless(left == 0, |e| e.binary(level + 1))?;
                    i64::from(left != 0 || right != 0)
                }
                "&&" => {
                    let right = self.dry_unless(left != 0, |e| e.binary(level + 1))?;
                    i64::from(left != 0 && right != 0)
                }
                op => {
                    let right = self.binary(level + 1)?;
                    self.apply(op, left, right)?
                }
            };
        }
    }

    fn apply(&self, op: &str, a: i64, b: i64) -> Res {
        Ok(match op {
            "|" => a | b,
            "^" => a ^ b,
            "&" => a & b,
            "==" => i64::from(a == b),
            "!=" => i64::from(a != b),
            "<=" => i64::from(a <= b),
            ">=" => i64::from(a >= b),
            "<" => i64::from(a < b),
            ">" => i64::from(a > b),
            "<<" => a.wrapping_shl(b as u32),
            ">>" => a.wrapping_shr(b as u32),
            "+" => a.wrapping_add(b),
            "-" => a.wrapping_sub(b),
            "*" => a.wrapping_mul(b),
            "/" | "%" if b == 0 => {
                if self.dry > 0 {
                    return Ok(0);
                }
                return Err(Trouble::DivideByZero);
            }
            "/" => a.wrapping_div(b),
            "%" => a.wrapping_rem(b),
            _ => return Err(Trouble::Syntax),
        })
    }

    fn power(&mut self) -> Res {
        let base = self.unary()?;
        self.blanks();
        if !self.starts("**") {
            return Ok(base);
        }
        self.pos += 2;
        let exponent = self.ternary()?;
        Ok(base.wrapping_pow(u32::try_from(exponent).unwrap_or(0)))
    }

    fn unary(&mut self) -> Res {
        if self.depth >= MAX_DEPTH {
            return Err(Trouble::Syntax);
        }
        self.depth += 1;
        let value = self.unary_inner();
        self.depth -= 1;
        value
    }

    fn unary_inner(&mut self) -> Res {
        self.blanks();
        for (op, step) in [("++", 1), ("--", -1)] {
            if self.starts(op) {
                let start = self.pos;
                self.pos += 2;
                if let Some(name) = self.name() {
                    let value = self.value_of(&name)?.wrapping_add(step);
                    if self.dry == 0 {
                        self.names.set(&name, value);
                    }
                    return Ok(value);
                }
                self.pos = start;
            }
        }
        if self.eat("!") {
            return Ok(i64::from(self.unary()? == 0));
        }
        if self.eat("~") {
            return Ok(!self.unary()?);
        }
        if self.eat("-") {
            return Ok(self.unary()?.wrapping_neg());
        }
        if self.eat("+") {
            return self.unary();
        }
        if self.eat("(") {
            let value = self.comma()?;
            return if self.eat(")") { Ok(value) } else { Err(Trouble::Syntax) };
        }
        if let Some(name) = self.name() {
            let value = self.value_of(&name)?;
            for (op, step) in [("++", 1), ("--", -1)] {
                if self.eat(op) {
                    if self.dry == 0 {
                        self.names.set(&name, value.wrapping_add(step));
                    }
                    return Ok(value);
                }
            }
            return Ok(value);
        }
        let digits: String = self
            .src
            .iter()
            .skip(self.pos)
            .take_while(|c| c.is_ascii_alphanumeric() || **c == '#')
            .collect();
        self.pos += digits.len();
        number(&digits).ok_or(Trouble::Syntax)
    }

    fn value_of(&self, name: &str) -> Res {
        let text = self.names.get(name);
        let text = text.trim();
        if text.is_empty() {
            return Ok(0);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let value = number(digits).ok_or(Trouble::Syntax)?;
        Ok(if negative { value.wrapping_neg() } else { value })
    }
}

/// `12`, `0x1f`, `017`, `16#ff`.
fn number(text: &str) -> Option<i64> {
    let parse = |digits: &str, radix| i64::from_str_radix(digits, radix).ok();
    if let Some((base, digits)) = text.split_once('#') {
        let base = base.parse::<u32>().ok().filter(|b| (2..=36).contains(b))?;
        return parse(digits, base);
    }
    if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        return parse(hex, 16);
    }
    if text.len() > 1 && text.starts_with('0') {
        return parse(text, 8);
    }
    parse(text, 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::Map;

    impl Names for Map<String, String> {
        fn get(&self, name: &str) -> String {
            Map::get(self, name).cloned().unwrap_or_default()
        }
        fn set(&mut self, name: &str, value: i64) {
            self.insert(name.to_owned(), value.to_string());
        }
    }

    #[test]
    fn expressions() {
        let mut names = Map::from([("n".to_owned(), "3".to_owned())]);
        for (text, want) in [
            ("1 + 2 * 3", Ok(7)),
            ("(1+2)*3", Ok(9)),
            ("n+1", Ok(4)),
            ("m", Ok(0)),
            ("", Ok(0)),
            ("n > 2 && n < 5", Ok(1)),
            ("n == 3 ? 10 : 20", Ok(10)),
            ("0 ? 1/0 : 5", Ok(5)),
            ("1/0", Err(Trouble::DivideByZero)),
            ("1 +", Err(Trouble::Syntax)),
            ("-n", Ok(-3)),
            ("!0 | 4", Ok(5)),
            ("0x10 + 010", Ok(24)),
            ("1 << 4 >> 1", Ok(8)),
            ("2 ** 10", Ok(1024)),
            ("7 % 4 - 2", Ok(1)),
            ("n++ + n", Ok(7)),
            ("n += 6", Ok(10)),
            ("n--, n", Ok(9)),
            ("9223372036854775807 + 1", Ok(i64::MIN)),
        ] {
            assert_eq!(evaluate(text, &mut names), want, "{text}");
        }
        assert_eq!(evaluate(&"(".repeat(10_000), &mut names), Err(Trouble::Syntax));
        assert_eq!(evaluate(&"-".repeat(9_999), &mut names), Err(Trouble::Syntax));
    }
}
