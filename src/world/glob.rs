//! Shell patterns: `*`, `?`, `[a-z]`, `\x`.

/// Whether `text` as a whole matches `pattern`. Runs in time proportional to the product of both lengths.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut pi, mut ti) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while ti < t.len() {
        let step = match (p.get(pi), t.get(ti)) {
            (Some('*'), _) => {
                retry = Some((pi, ti));
                pi += 1;
                continue;
            }
            (Some(_), Some(&c)) => one(&p, pi, c),
            _ => None,
        };
        match (step, retry) {
            (Some(next), _) => {
                pi = next;
                ti += 1;
            }
            (None, Some((star, from))) => {
                pi = star + 1;
                ti = from + 1;
                retry = Some((star, ti));
            }
            (None, None) => return false,
        }
    }
    p.get(pi..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}

/// The longest beginning of `text` that matches `pattern`, in characters, and the steps that it took to find out: all
/// places of the pattern are followed at once, so they grow with the product of both lengths.
pub fn longest(pattern: &[char], text: &[char]) -> (Option<usize>, u64) {
    let mut at = vec![0];
    let (mut longest, mut steps) = (None, 0);
    for count in 0..=text.len() {
        // A star may stand for nothing.
        let mut i = 0;
        while let Some(&place) = at.get(i) {
            if pattern.get(place) == Some(&'*') && !at.contains(&(place + 1)) {
                at.push(place + 1);
            }
            i += 1;
        }
        if at.contains(&pattern.len()) {
            longest = Some(count);
        }
        let Some(&c) = text.get(count) else { break };
        steps += 1 + at.len() as u64;
        let mut next: Vec<usize> = Vec::new();
        for place in at {
            let to = match pattern.get(place) {
                Some('*') => Some(place),
                Some(_) => one(pattern, place, c),
                None => None,
            };
            if let Some(to) = to.filter(|to| !next.contains(to)) {
                next.push(to);
            }
        }
        if next.is_empty() {
            break;
        }
        at = next;
    }
    (longest, steps)
}

/// What the first `*` of `pattern` stands for when it matches `text`. `None` when there is no match or no star.
pub fn first_star(pattern: &str, text: &str) -> Option<String> {
    let (head, tail) = pattern.split_once('*')?;
    if !matches(pattern, text) {
        return None;
    }
    let rest = text.strip_prefix(head)?;
    // The shortest stretch that lets the rest match: as with the matcher above.
    (0..=rest.len())
        .filter(|end| rest.is_char_boundary(*end))
        .find(|end| rest.get(*end..).is_some_and(|left| matches(tail, left)))
        .and_then(|end| rest.get(..end))
        .map(str::to_owned)
}

/// Whether the text has a character that makes it a pattern.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Matches the single-character element at `pi` against `c`; the index after the element on success.
fn one(p: &[char], pi: usize, c: char) -> Option<usize> {
    match *p.get(pi)? {
        '?' => Some(pi + 1),
        '\\' => match p.get(pi + 1) {
            Some(&literal) => (literal == c).then_some(pi + 2),
            None => (c == '\\').then_some(pi + 1),
        },
        '[' => class(p, pi, c).unwrap_or_else(|| (c == '[').then_some(pi + 1)),
        literal => (literal == c).then_some(pi + 1),
    }
}

/// A bracket expression. The outer `None` means that it is not closed and stands for itself.
fn class(p: &[char], open: usize, c: char) -> Option<Option<usize>> {
    let mut i = open + 1;
    let negated = matches!(p.get(i), Some('!' | '^'));
    if negated {
        i += 1;
    }
    let (mut found, first) = (false, i);
    loop {
        match *p.get(i)? {
            ']' if i > first => return Some((found != negated).then_some(i + 1)),
            '[' if p.get(i + 1) == Some(&':') => {
                let end = (i + 2..p.len()).find(|&e| p.get(e) == Some(&':') && p.get(e + 1) == Some(&']'))?;
                let name: String = p.get(i + 2..end)?.iter().collect();
                found |= named_class(&name, c);
                i = end + 2;
            }
            low => {
                let low_at = if low == '\\' { i + 1 } else { i };
                let low = *p.get(low_at)?;
                match (p.get(low_at + 1), p.get(low_at + 2)) {
                    (Some('-'), Some(&high)) if high != ']' => {
                        found |= low <= c && c <= high;
                        i = low_at + 3;
                    }
                    _ => {
                        found |= low == c;
                        i = low_at + 1;
                    }
                }
            }
        }
    }
}

/// `[:digit:]` and its like, in the C locale.
pub fn named_class(name: &str, c: char) -> bool {
    match name {
        "alpha" => c.is_ascii_alphabetic(),
        "digit" => c.is_ascii_digit(),
        "alnum" => c.is_ascii_alphanumeric(),
        "upper" => c.is_ascii_uppercase(),
        "lower" => c.is_ascii_lowercase(),
        "space" => c.is_ascii_whitespace() || c == '\u{b}',
        "blank" => c == ' ' || c == '\t',
        "punct" => c.is_ascii_punctuation(),
        "print" => c == ' ' || c.is_ascii_graphic(),
        "graph" => c.is_ascii_graphic(),
        "cntrl" => c.is_ascii_control(),
        "xdigit" => c.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{first_star, matches};

    #[test]
    fn patterns() {
        for (p, t, yes) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("/file/*", "/file/tmp/x", true),
            ("[a-c]?", "bz", true),
            ("[!a-c]", "b", false),
            ("[", "[", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*a*b*", "xxaxxbxx", true),
            ("[[:digit:]]", "5", true),
            ("[]a]", "]", true),
        ] {
            assert_eq!(matches(p, t), yes, "{p} {t}");
        }
        assert_eq!(first_star("/file/*", "/file/tmp/x").as_deref(), Some("tmp/x"));
        assert_eq!(first_star("/a", "/a"), None);
    }
}
