//! Slips, their places and their repairs.

use crate::manifest::parse;

/// A slip, the place and words it gets, and the text after its fix.
#[test]
fn slips_are_found_at_their_place_and_repaired() {
    for (text, place, words, want) in [
        (
            "a: 1\nimage nginx\nb: 2\n",
            "image",
            "could not find expected ':'",
            "a: 1\nimage: nginx\nb: 2\n",
        ),
        (
            "a: 1\nspec\n  b: 2\n",
            "spec",
            "could not find expected ':'",
            "a: 1\nspec:\n  b: 2\n",
        ),
        (
            "a: 1\nimage:nginx\nb: 2\n",
            "image",
            "could not find expected ':'",
            "a: 1\nimage: nginx\nb: 2\n",
        ),
        (
            "a: 1\nkind\u{ff1a} Pod\nb: 2\n",
            "kind",
            "full-width colon",
            "a: 1\nkind: Pod\nb: 2\n",
        ),
        (
            "a: \"web\nb: 2\n",
            "\"web",
            "found unexpected end of stream",
            "a: \"web\"\nb: 2\n",
        ),
        (
            "a: 'web\nb: 2\n",
            "'web",
            "found unexpected end of stream",
            "a: 'web'\nb: 2\n",
        ),
        (
            "a: @team\nb: 2\n",
            "@team",
            "found character that cannot start any token",
            "a: \"@team\"\nb: 2\n",
        ),
        (
            "a: `x`\nb: 2\n",
            "`x`",
            "found character that cannot start any token",
            "a: \"`x`\"\nb: 2\n",
        ),
        (
            "a: *.com\nb: 2\n",
            "*.com",
            "did not find expected alphabetic",
            "a: \"*.com\"\nb: 2\n",
        ),
        (
            "a: */5 * * * *\nb: 2\n",
            "*/5 * * * *",
            "did not find expected alphabetic",
            "a: \"*/5 * * * *\"\nb: 2\n",
        ),
        ("a: *web\nb: 2\n", "*web", "unknown anchor", "a: \"*web\"\nb: 2\n"),
        (
            "a: [x, y\nb: 2\n",
            "[",
            "did not find expected ',' or ']'",
            "a: [x, y]\nb: 2\n",
        ),
        (
            "a: {x: y\nb: 2\n",
            "{",
            "did not find expected ',' or '}'",
            "a: {x: y}\nb: 2\n",
        ),
        ("a:\n\tb: 1\n\tc: 2\n", "\t", "a tab is used", "a:\n  b: 1\n  c: 2\n"),
        (
            "l:\n- a: 1\n   b: 2\n",
            "b",
            "stands right of `a`",
            "l:\n- a: 1\n  b: 2\n",
        ),
        (
            "l:\n  - a: 1\n   b: 2\n",
            "b",
            "stands left of `a`",
            "l:\n  - a: 1\n    b: 2\n",
        ),
        ("a:\n  b: 1\n c: 2\n", "c", "stands", "a:\n  b: 1\n  c: 2\n"),
        (
            "a: \"x \"y\" z\"\nb: 2\n",
            "\"x \"",
            "closed too early",
            "a: 'x \"y\" z'\nb: 2\n",
        ),
        (
            "a: \"x\\d\"\nb: 2\n",
            "\"x\\d\"",
            "found unknown escape character",
            "a: 'x\\d'\nb: 2\n",
        ),
        (
            "a: error: x\n",
            "error: x",
            "mapping values are not allowed",
            "a: \"error: x\"\n",
        ),
        (
            "a:\n\u{a0}\u{a0}b: 1\n\u{a0}\u{a0}c: 2\n",
            "\u{a0}\u{a0}",
            "no-break space (U+00A0)",
            "a:\n  b: 1\n  c: 2\n",
        ),
        (
            "{\n  \"a\": 1\n  \"b\": 2\n}\n",
            "\"a\": 1",
            "did not find expected ',' or '}'",
            "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
        ),
    ] {
        let parsed = parse(text);
        let all = parsed.guesses.first().cloned().unwrap_or_default();
        let found = all.iter().chain(&parsed.diagnostics).find_map(|d| {
            let at = text.get(d.range.start as usize..d.range.end as usize)?;
            let fix = d.fixes.first()?;
            let (from, to) = (fix.range.start as usize, fix.range.end as usize);
            let after = [text.get(..from)?, &fix.text, text.get(to..)?].concat();
            (at == place && d.message.contains(words) && after == want).then_some(())
        });
        assert!(found.is_some(), "{text:?}: {:#?}", all);
        assert!(parse(want).diagnostics.is_empty(), "{want:?}");
    }
}
