//! Quick fixes are offered only where the text is better with them, the best first; and errors that a fix of another
//! error takes along are not listed beside it.

use super::load::{Loaded, load_in};
use crate::manifest::{Diagnostic, FieldPath, Fix, Range, Severity, piece_at};
use crate::sort;

/// So many bytes are read again at most to try the fixes of one text. What is not tried is not offered.
const BUDGET: usize = 1 << 18;
/// So many fixes of one error are offered.
const MAX_OFFERED: usize = 2;

/// How much is wrong with a piece of text: bytes that nobody could read, then what hides the kind of its object, and
/// with it all fields, then errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wrong {
    unread: usize,
    unknown: usize,
    errors: usize,
}

/// A piece of a text as it would be with a fix.
struct Tried {
    wrong: Wrong,
    /// The errors that are left.
    left: Vec<Diagnostic>,
}

/// Keeps of all fixes those that help, and decides between the guesses about text that is no YAML.
pub fn settle(text: &str, loaded: &mut Loaded, guesses: Vec<Vec<Diagnostic>>) {
    let mut budget = BUDGET;
    for guess in guesses {
        decide(text, loaded, guess, &mut budget);
    }
    let mut follow: Vec<(&'static str, usize)> = Vec::new();
    for at in 0..loaded.diagnostics.len() {
        let Some(said) = loaded.diagnostics.get(at).filter(|d| !d.fixes.is_empty()) else {
            continue;
        };
        let piece = piece_at(text, said.range.start);
        let before = measure(&loaded.diagnostics, piece);
        let mut helpful: Vec<(Wrong, Fix, Vec<usize>)> = Vec::new();
        for fix in &said.fixes {
            let Some(tried) = attempt(text, piece, fix, &mut budget) else {
                continue;
            };
            let better = match (said.severity, counts(said)) {
                (_, true) if tried.wrong < before => true,
                (Severity::Error, _) => tried.wrong.unread == 0 && uncovers(said, fix, &tried, &loaded.diagnostics),
                (_, true) => false,
                _ => tried.wrong <= before,
            };
            if better {
                let mut gone = consequences(&loaded.diagnostics, at, piece, &tried);
                // Errors that come back in other words, at another index, are no consequences.
                if tried.wrong.errors + gone.len() + 1 != before.errors {
                    gone.clear();
                }
                helpful.push((tried.wrong, fix.clone(), gone));
            }
        }
        // Taking text away helps always; it is offered where nothing else does.
        if helpful.iter().any(|(_, fix, _)| !fix.text.is_empty()) {
            helpful.retain(|(_, fix, _)| !fix.text.is_empty());
        }
        sort::sort_by_key(&mut helpful, |(wrong, ..)| *wrong);
        // What follows from another finding itself takes none along, or two that mend each other would both go.
        let is_gone = follow.iter().any(|(_, other)| *other == at);
        if let Some((.., gone)) = helpful.first().filter(|_| !is_gone) {
            follow.extend(gone.iter().map(|other| (said.code, *other)));
        }
        let offered = helpful.into_iter().take(MAX_OFFERED).map(|(_, fix, _)| fix).collect();
        if let Some(said) = loaded.diagnostics.get_mut(at) {
            said.fixes = offered;
        }
    }
    let mut at = 0;
    loaded.diagnostics.retain(|d| {
        at += 1;
        let follows = follow
            .iter()
            .any(|(cause, other)| *other == at - 1 && (d.code == *cause || d.fixes.is_empty()));
        !follows
    });
}

/// Whether a field that has its right name, place or type now uncovers the errors that are left: in it, where nobody has looked
/// so far, or of validation, which could not tell without it.
fn uncovers(said: &Diagnostic, fix: &Fix, tried: &Tried, all: &[Diagnostic]) -> bool {
    let above = said.path.rfind('.').and_then(|at| said.path.get(..=at)).unwrap_or("");
    let named = format!("{above}{}", fix.text.trim_matches('"'));
    let renames = fix.range == said.range;
    let known = |left: &Diagnostic| all.iter().any(|d| d.code == left.code && d.message == left.message);
    let covered = |left: &Diagnostic| left.code == "invalid" || renames && FieldPath::covers(&named, &left.path);
    matches!(said.code, "unknown-field" | "wrong-type")
        && !fix.text.is_empty()
        && tried.left.iter().all(|left| covered(left) || known(left))
}

/// Puts the guess after which least is wrong in the place of the first one.
fn decide(text: &str, loaded: &mut Loaded, guesses: Vec<Diagnostic>, budget: &mut usize) {
    let Some(first) = guesses.first().cloned() else { return };
    let piece = piece_at(text, first.range.start);
    let tried = guesses.into_iter().filter_map(|guess| {
        let wrong = attempt(text, piece, guess.fixes.first()?, budget)?.wrong;
        Some((wrong, guess))
    });
    let Some((_, best)) = tried.min_by_key(|(wrong, _)| *wrong) else {
        return;
    };
    if let Some(place) = loaded.diagnostics.iter_mut().find(|d| **d == first) {
        *place = best;
    }
}

/// The errors that are gone with the fix of the one at `at`: those of validation, and of fields that are there twice
/// because of it. Taking text away takes along the errors in it, which follow from nothing.
fn consequences(all: &[Diagnostic], at: usize, piece: Range, tried: &Tried) -> Vec<usize> {
    let Some(cause) = all.get(at).filter(|d| counts(d)) else {
        return Vec::new();
    };
    let follows = |(other, d): &(usize, &Diagnostic)| {
        *other != at
            && counts(d)
            // Several errors of one value are one answer of the server.
            && (d.code == "invalid" && d.path != cause.path || d.code == "duplicate-field" && cause.code == d.code && *other > at)
            && piece.holds(d.range.start)
            && !tried
                .left
                .iter()
                .any(|left| left.code == d.code && left.message == d.message)
    };
    all.iter().enumerate().filter(follows).map(|(other, _)| other).collect()
}

/// Errors, and fields that are there twice: kubectl takes the last one without a word.
fn counts(found: &Diagnostic) -> bool {
    found.severity == Severity::Error || found.code == "duplicate-field"
}

/// A piece of the text with a fix. `None` when it lies elsewhere, or when enough has been tried.
fn attempt(text: &str, piece: Range, fix: &Fix, budget: &mut usize) -> Option<Tried> {
    let inside = piece.start <= fix.range.start && fix.range.end <= piece.end;
    let head = text.get(piece.start as usize..fix.range.start as usize)?;
    let tail = text.get(fix.range.end as usize..piece.end as usize)?;
    let size = head.len() + tail.len() + fix.text.len();
    if !inside || size > *budget {
        return None;
    }
    *budget -= size;
    let loaded = load_in(&[head, &fix.text, tail].concat(), "default", Vec::new());
    let whole = Range {
        start: 0,
        end: u32::try_from(size).unwrap_or(u32::MAX),
    };
    let wrong = measure(&loaded.diagnostics, whole);
    let mut left = loaded.diagnostics;
    left.retain(counts);
    Some(Tried { wrong, left })
}

fn measure(all: &[Diagnostic], piece: Range) -> Wrong {
    let errors = || all.iter().filter(|d| counts(d) && piece.holds(d.range.start));
    // Nothing behind a slip of YAML has been looked at.
    let unread = errors().filter(|d| d.code.starts_with("yaml-") || d.code == "template");
    // Two keys are missing, one is, or both are there.
    let unknown = errors().filter(|d| d.code == "no-kind").map(|d| match &*d.message {
        message if message.starts_with('[') => 3,
        message if message.ends_with("not set") => 2,
        _ => 1,
    });
    Wrong {
        unread: unread
            .map(|d| piece.end.saturating_sub(d.range.start) as usize)
            .max()
            .unwrap_or(0),
        unknown: unknown.sum(),
        errors: errors().count(),
    }
}
