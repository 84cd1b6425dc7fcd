//! How well a run fits a recording: a mark between 0 and 1 for each kind of fact.
//!
//! A recorded fact and a simulated one match when they say the same and their instants differ by no more than the
//! tolerance, or, where the seeds' band is wider, lie within the band and its edge. A fact that another replaced soon
//! after is brief: real runs of one manifest differ in these, so one without a partner does not count, within bounds.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Fact, Facts, KINDS};

/// Instants of matching facts differ by no more than this, in ms.
const TOLERANCE: i64 = 1_600;
/// What a band is given at both ends, in ms.
const EDGE: i64 = 1_200;
/// A fact that stands for less is brief, in ms.
const BRIEF: i64 = 1_200;

/// The instants of each thing said.
pub type Times<'a> = BTreeMap<&'a str, Vec<i64>>;

/// The instants of each thing said, of one kind.
pub fn times(facts: &[Fact]) -> Times<'_> {
    let mut out = Times::new();
    for (ms, key) in facts {
        out.entry(key).or_default().push(*ms);
    }
    out
}

/// The marks of a run, and what differs.
#[derive(Clone, Debug)]
pub struct Marks {
    /// By kind.
    pub of: [f64; 3],
    /// One line for each fact without a partner.
    pub misses: Vec<String>,
}

impl Marks {
    /// Whether the run fits.
    pub fn pass(&self) -> bool {
        let [rows, events, states] = self.of;
        rows >= 0.95 && events >= 0.9 && states >= 0.9
    }
}

/// Marks a run. `limit` is when a simulated fact needs no partner any more.
pub fn marks(recorded: &Facts, simulated: &Facts, bands: &[Facts], limit: i64) -> Marks {
    let mut out = Marks {
        of: [1.0; 3],
        misses: Vec::new(),
    };
    for (kind, name) in KINDS.iter().enumerate() {
        let bands: Vec<Times> = bands.iter().map(|b| times(&b.of[kind])).collect();
        let (mark, misses) = mark(&recorded.of[kind], &simulated.of[kind], &bands, name, limit);
        out.of[kind] = mark;
        for (ms, what, key) in misses {
            let seconds = ms as f64 / 1_000.0;
            out.misses.push(format!(
                "{name:5} {seconds:9.3} s  {what:14} {}",
                key.replace('\t', " ")
            ));
        }
    }
    out
}

/// The part of a key that one fact at a time is true of; nothing for events.
fn subject<'a>(kind: &str, key: &'a str) -> Option<&'a str> {
    let words = match (kind, key.split('\t').nth(1)) {
        ("row", _) => 1,
        ("state", Some("container")) => 4,
        ("state", Some("condition")) => 3,
        ("state", _) => 2,
        _ => return None,
    };
    let end = key.match_indices('\t').nth(words - 1).map_or(key.len(), |(at, _)| at);
    key.get(..end)
}

/// The facts that something else replaced soon after.
fn brief<'a>(kind: &str, facts: &'a [Fact]) -> BTreeSet<(i64, &'a str)> {
    let mut last: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
    let mut out = BTreeSet::new();
    for (ms, key) in facts {
        let Some(who) = subject(kind, key) else { continue };
        if let Some(before) = last.insert(who, (*ms, key))
            && ms - before.0 < BRIEF
        {
            out.insert(before);
        }
    }
    out
}

/// The earliest and the latest of the seeds, if they have it and do not lie too far apart.
fn band(bands: &[Times], key: &str, occurrence: usize, at: i64) -> Option<(i64, i64)> {
    let all = || bands.iter().filter_map(|b| b.get(key)?.get(occurrence).copied());
    let (low, high) = (all().min()?, all().max()?);
    (2 * (high - low) <= 6_000 + at.max(0)).then_some((low, high))
}

type Miss<'a> = (i64, &'static str, &'a str);

fn mark<'a>(
    recorded: &'a [Fact],
    simulated: &'a [Fact],
    bands: &[Times],
    kind: &str,
    limit: i64,
) -> (f64, Vec<Miss<'a>>) {
    let mut free = times(simulated);
    let (short, short_too) = (brief(kind, recorded), brief(kind, simulated));
    let (mut matched, mut forgiven, mut late) = (0_usize, 0_usize, 0_usize);
    let mut misses: Vec<Miss> = Vec::new();
    for (key, instants) in times(recorded) {
        for (occurrence, &at) in instants.iter().enumerate() {
            let ends = band(bands, key, occurrence, at);
            let near = |x: i64| {
                (x - at).abs() <= TOLERANCE
                    || ends.is_some_and(|(low, high)| low.min(x) - EDGE <= at && at <= high.max(x) + EDGE)
            };
            let sims = free.get_mut(key);
            let best = sims.as_ref().and_then(|s| s.iter().position(|x| near(*x)));
            match (best, sims) {
                (Some(best), Some(sims)) => {
                    sims.remove(best);
                    matched += 1;
                }
                _ if short.contains(&(at, key)) => forgiven += 1,
                _ => misses.push((at, "only recorded", key)),
            }
        }
    }
    let mut alone = (recorded.len() / 3).max(4);
    for (at, key) in simulated {
        let Some(left) = free.get_mut(key.as_str()) else {
            continue;
        };
        let Some(place) = left.iter().position(|x| x == at) else {
            continue;
        };
        left.remove(place);
        if *at > limit {
            late += 1;
        } else if alone > 0 && short_too.contains(&(*at, key.as_str())) {
            alone -= 1;
            forgiven += 1;
        } else {
            misses.push((*at, "only simulated", key));
        }
    }
    misses.sort();
    let total = recorded.len() + simulated.len() - forgiven - late;
    let mark = if total == 0 {
        1.0
    } else {
        2.0 * matched as f64 / total as f64
    };
    (mark, misses)
}

/// The recorded facts that no seed comes near to: neither at the same occurrence nor within the edge of its band,
/// however wide that is. Brief ones are left out.
pub fn outside<'a>(kind: usize, recorded: &'a Facts, seeds: &[Facts]) -> Vec<&'a Fact> {
    let facts = &recorded.of[kind];
    let bands: Vec<Times> = seeds.iter().map(|b| times(&b.of[kind])).collect();
    let short = brief(KINDS[kind], facts);
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for fact in facts {
        let (at, key) = (fact.0, fact.1.as_str());
        let occurrence = count.entry(key).or_default();
        let all = || bands.iter().filter_map(|b| b.get(key)?.get(*occurrence).copied());
        let inside =
            matches!((all().min(), all().max()), (Some(low), Some(high)) if low - EDGE <= at && at <= high + EDGE);
        if !inside && !short.contains(&(at, key)) {
            out.push(fact);
        }
        *occurrence += 1;
    }
    out
}
