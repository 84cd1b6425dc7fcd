//! Backslash escapes of `echo -e`, `printf` and `$'…'`.

/// The text without escapes; true when `\c` said to stop there.
pub fn unescape(text: &str) -> (String, bool) {
    let (mut out, mut chars) = (String::new(), text.chars().peekable());
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(c) = chars.next() else {
            out.push('\\');
            break;
        };
        match c {
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'c' => return (out, true),
            'e' | 'E' => out.push('\u{1b}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\u{b}'),
            '\\' => out.push('\\'),
            '\'' => out.push('\''),
            '"' => out.push('"'),
            'x' => number(&mut chars, 16, 2, None, &mut out),
            'u' => number(&mut chars, 16, 4, None, &mut out),
            '0'..='7' => number(&mut chars, 8, if c == '0' { 3 } else { 2 }, c.to_digit(8), &mut out),
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    (out, false)
}

fn number(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    most: usize,
    first: Option<u32>,
    out: &mut String,
) {
    let mut value = first.unwrap_or(0);
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else {
            break;
        };
        chars.next();
        value = value.wrapping_mul(radix).wrapping_add(digit);
    }
    out.extend(char::from_u32(value));
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes() {
        assert_eq!(unescape("a\\tb\\n"), ("a\tb\n".to_owned(), false));
        assert_eq!(unescape("\\x41\\101\\0101\\q\\"), ("AAA\\q\\".to_owned(), false));
        assert_eq!(unescape("a\\cb"), ("a".to_owned(), true));
    }
}
