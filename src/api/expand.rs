//! Twin: third_party/forked/golang/expansion/expand.go (v1.36.2)
//! Covers: references to variables in commands, arguments and values.
//! Left out: nothing.

use crate::map::Map;

/// Replaces `$(NAME)` by known values; `$$` is a dollar sign; unknown names stay as they are.
pub fn expand(text: &str, known: &Map<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Behind the last bracket nothing is a reference, and nobody needs to look for its end.
    let end = text.rfind(')').map_or(0, |at| text.len() - at);
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('$') {
            out.push('$');
            rest = tail;
        } else if end > 0
            && rest.len() >= end
            && let Some((name, tail)) = rest.strip_prefix('(').and_then(|r| r.split_once(')'))
        {
            match known.get(name) {
                Some(value) => out.push_str(value),
                None => {
                    out.push_str("$(");
                    out.push_str(name);
                    out.push(')');
                }
            }
            rest = tail;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn variables_are_expanded() {
        let known = [("A".to_owned(), "1".to_owned())].into_iter().collect();
        for (text, want) in [
            ("$(A)", "1"),
            ("x$(A)y$(B)", "x1y$(B)"),
            ("$$(A)", "$(A)"),
            ("$A $", "$A $"),
            ("$(A", "$(A"),
            ("", ""),
        ] {
            assert_eq!(expand(text, &known), want, "{text}");
        }
    }
}
