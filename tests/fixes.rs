//! Slips of all kinds in sound manifests: each is said at its place, once, and its fix makes the manifest sound again.
#![cfg(not(target_arch = "wasm32"))]

#[path = "fixes/slips.rs"]
mod slips;

use podscope::api::load;
use podscope::manifest::{Diagnostic, Fix, LineIndex, Severity};
use slips::{BASES, SLIPS, Slip};

fn errors(text: &str) -> Vec<Diagnostic> {
    let all = load(text).diagnostics.into_iter();
    // A field that is there twice is a warning, and a slip all the same.
    all.filter(|d| d.severity == Severity::Error || d.code == "duplicate-field")
        .collect()
}

fn apply(text: &str, fix: &Fix) -> String {
    let (from, to) = (fix.range.start as usize, fix.range.end as usize);
    [&text[..from], &fix.text, &text[to..]].concat()
}

fn text_of(slip: &Slip) -> String {
    let base = BASES[slip.base];
    assert!(base.contains(slip.from), "{slip:?}");
    base.replacen(slip.from, slip.to, 1)
}

#[test]
fn the_bases_are_sound() {
    for base in BASES {
        assert_eq!(errors(base), [], "{base}");
    }
}

/// One error at the exact line and column, and its first fix makes the text valid.
#[test]
fn each_slip_is_said_at_its_place_and_repaired() {
    assert!(SLIPS.len() >= 60);
    let mut wrong = Vec::new();
    for slip in SLIPS {
        let text = text_of(slip);
        let found = errors(&text);
        let lines = LineIndex::new(&text);
        let places: Vec<String> = found
            .iter()
            .map(|d| {
                let at = lines.line_column(&text, d.range.start);
                let fixes: Vec<_> = d.fixes.iter().map(|f| (&f.title, &f.text)).collect();
                format!("{}:{} {} {fixes:?}", at.line, at.column, d.message)
            })
            .collect();
        let after = found.first().and_then(|d| d.fixes.first()).map(|fix| apply(&text, fix));
        let sound = after.as_deref().is_some_and(|after| errors(after).is_empty());
        let place = places.len() == 1 && places[0].starts_with(&format!("{} ", slip.place));
        if !sound || !place {
            wrong.push(format!(
                "{slip:?}\n  {}\n{}",
                places.join("\n  "),
                after.unwrap_or_default()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        SLIPS.len(),
        wrong.join("\n")
    );
}

/// Whether a text could not be read to its end, and how many errors it has.
fn measure(text: &str) -> (usize, usize) {
    let found = errors(text);
    (
        found.iter().filter(|d| d.code.starts_with("yaml-")).count(),
        found.len(),
    )
}

/// Two slips in one manifest, in any of its lines.
fn pairs() -> Vec<String> {
    let mut texts: Vec<String> = SLIPS.iter().map(text_of).collect();
    for (n, one) in SLIPS.iter().enumerate() {
        let text = text_of(one);
        let others = SLIPS.iter().skip(n % 5).step_by(5);
        for other in others.filter(|other| other.base == one.base && other.from != one.from) {
            if text.contains(other.from) {
                texts.push(text.replacen(other.from, other.to, 1));
            }
        }
    }
    texts
}

/// With every fix that is offered less is wrong: less that cannot be read, else fewer errors. Only a field that
/// gets its right name, place or type, or two lists that are joined, may uncover as many errors in what nobody looked at before.
#[test]
fn no_fix_makes_a_text_worse() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for text in pairs() {
        let before = measure(&text);
        for said in errors(&text) {
            for fix in &said.fixes {
                tried += 1;
                let after = measure(&apply(&text, fix));
                let placed = matches!(said.code, "unknown-field" | "wrong-type") && !fix.text.is_empty();
                let uncovers = (placed || fix.title.starts_with("Join")) && after.0 == 0;
                let unread = said.code.starts_with("yaml-") || said.code == "no-kind";
                let further = unread && after.0 <= before.0;
                if !(after < before || uncovers && after.1 <= before.1 || further) {
                    wrong.push(format!("{}: {} {before:?} {after:?}\n{text}", said.message, fix.title));
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(4)].join("\n")
    );
}

/// Pressing the first fix again and again ends with a sound text; but for two slips in the same value.
#[test]
fn fixes_lead_to_a_sound_text() {
    let mut stuck = Vec::new();
    let pairs = pairs();
    for text in &pairs {
        let mut now = text.clone();
        let mut left = 8;
        while let Some(fix) = errors(&now).into_iter().find_map(|d| d.fixes.into_iter().next()) {
            now = apply(&now, &fix);
            left -= 1;
            assert!(left > 0, "{text}");
        }
        if let Some(said) = errors(&now).first() {
            stuck.push(format!("{}\n{text}", said.message));
        }
    }
    assert!(
        stuck.len() < 3,
        "{}:\n{}",
        stuck.len(),
        stuck[..stuck.len().min(4)].join("\n")
    );
}
