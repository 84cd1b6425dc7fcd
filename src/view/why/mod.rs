//! Why an entry is there: the rule, its sentence, the fields that set its numbers, its causes and its effects.

pub mod card;
mod workload_card;

use super::boundary::{FieldPlace, Moment, Why};
use super::lanes;
use super::origin::Origin;
use super::timeline::Timeline;
use super::words::{Facts, Lang, Subject};
use crate::time::{Duration, Instant};
use crate::trace::{Entry, EntryId, Field, LaneId, Rule, TraceLog, What};

/// The longest chain of causes that is followed.
pub const MAX_CHAIN: usize = 8;

/// More effects of one entry than this are not listed.
pub const MAX_EFFECTS: usize = 24;

/// More results in a row than this are not listed; the latest are.
const MAX_RESULTS: u32 = 12;

/// How many entries before a verdict its run of results is looked for when the trace does not say it.
const LOOK_BACK: usize = 4_096;

/// Finds the place of a field in the text: the object it belongs to (`None` for the scenario) and the field.
pub type Resolver<'a> = dyn Fn(Option<&Origin<'_>>, &Field) -> Option<FieldPlace> + 'a;

/// The causes of an entry, nearest first; not more than [`MAX_CHAIN`].
///
/// The start of an instance of a container ends the chain, and so does what is there for the second time in a row of
/// equal rounds: what led to it is that entry's own story.
pub fn chain(log: &TraceLog, id: EntryId) -> impl Iterator<Item = EntryId> + '_ {
    let before = |id: EntryId| log.get(id)?.cause.because_of.filter(|cause| *cause < id);
    let starts = |id: EntryId| log.get(id).is_some_and(|e| matches!(e.what, What::Running { .. }));
    let next = move |id: &EntryId| if starts(*id) { None } else { before(*id) };
    let mut rounds = vec![round(log, id)];
    let mut over = false;
    std::iter::successors(before(id), next)
        .take_while(move |id| {
            let here = round(log, *id);
            let go_on = !over;
            over |= here.is_some() && rounds.contains(&here);
            rounds.push(here);
            go_on
        })
        .take(MAX_CHAIN)
}

/// What makes an entry one of a round that comes again and again: its lane and kind of rule. `None` for all others.
fn round(log: &TraceLog, id: EntryId) -> Option<(LaneId, std::mem::Discriminant<Rule>)> {
    let entry = log.get(id)?;
    let again = matches!(
        entry.what,
        What::Decided(_) | What::Backoff { .. } | What::Pulling { .. }
    );
    again.then(|| (entry.lane, std::mem::discriminant(&entry.cause.rule)))
}

/// The results in a row that led to a verdict, oldest first; not more than a dozen. Empty for everything else, and
/// when the run is not to be found.
pub fn results_before(log: &TraceLog, verdict: EntryId) -> Vec<Instant> {
    let Some(entry) = log.get(verdict) else {
        return Vec::new();
    };
    let What::ProbeVerdict { success, count } = entry.what else {
        return Vec::new();
    };
    let is_run = |e: &&Entry| {
        e.lane == entry.lane && e.at <= entry.at && matches!(e.what, What::ProbeRun { success: s, .. } if s == success)
    };
    let before = log.entries().get(..verdict.0 as usize).unwrap_or(&[]);
    let said = entry.cause.because_of.and_then(|id| log.get(id)).filter(is_run);
    let Some(run) = said.or_else(|| before.iter().rev().take(LOOK_BACK).find(is_run)) else {
        return Vec::new();
    };
    let What::ProbeRun { count: all, .. } = run.what else {
        return Vec::new();
    };
    let (start, end) = (run.at.micros(), run.end.unwrap_or(run.at).micros());
    let step = end
        .saturating_sub(start)
        .checked_div(i64::from(all.saturating_sub(1)))
        .unwrap_or(0);
    // The run may have gone on after the verdict. Half a step of tolerance: the verdict is said when its last result
    // is in, which may be a little after the tick.
    let index = match step {
        0 => 0,
        step => entry.at.micros().saturating_sub(start) / step,
    };
    let last = u32::try_from(index).unwrap_or(u32::MAX).min(all.saturating_sub(1));
    let first = last.saturating_sub(count.clamp(1, MAX_RESULTS) - 1);
    (first..=last)
        .map(|i| Instant::from_micros(super::timeline::result_at(start, end, all, i)))
        .collect()
}

/// Whom an entry on this lane is about.
pub fn subject(log: &TraceLog, lane: LaneId) -> Option<Subject<'_>> {
    let name = |id: LaneId| log.lanes().get(id.0 as usize).map(|l| &*l.name);
    let lane_of = log.lanes().get(lane.0 as usize)?;
    Some(Subject {
        kind: lane_of.kind,
        name: &lane_of.name,
        container: lanes::container_of(log, lane).and_then(name),
        pod: lanes::pod_of(log, lane).and_then(name),
    })
}

/// An entry in a few words.
pub fn said(log: &TraceLog, entry: &Entry, lang: Lang) -> String {
    subject(log, entry.lane).map_or_else(String::new, |subject| {
        lang.said(&subject, &entry.what, &entry.cause.rule)
    })
}

/// An entry as one moment of a chain.
pub fn moment(log: &TraceLog, id: EntryId, lang: Lang) -> Option<Moment> {
    let entry = log.get(id)?;
    Some(Moment {
        id: id.0,
        at_us: entry.at.micros() as f64,
        text: said(log, entry, lang),
    })
}

/// The moment at which a cause had its effect at `at`: of a run of results the last one before, of work that was done by
/// then its end, else its beginning.
fn moment_before(cause: &Entry, at: Instant) -> Instant {
    let end = cause.end.unwrap_or(cause.at);
    let count = match cause.what {
        What::ProbeRun { count, .. } => count,
        What::Volumes | What::Sandbox { ready: false } | What::Creating | What::Pulling { .. } | What::Hook { .. } => {
            return if end <= at { end } else { cause.at };
        }
        _ => return cause.at,
    };
    if end <= at || count < 2 {
        return end.min(at);
    }
    let step = (end - cause.at).micros() / i64::from(count - 1);
    at.floor_to_grid(cause.at, Duration::from_micros(step)).max(cause.at)
}

/// Title and sentence of an entry.
pub fn explain(log: &TraceLog, id: EntryId, lang: Lang) -> Option<(String, String)> {
    let entry = log.get(id)?;
    let verdict = match entry.what {
        What::ProbeVerdict { .. } => Some(id),
        _ => chain(log, id).find(|id| {
            log.get(*id)
                .is_some_and(|e| matches!(e.what, What::ProbeVerdict { .. }))
        }),
    };
    let results = verdict.map(|id| results_before(log, id)).unwrap_or_default();
    // A kill explains the start that follows it, not what comes after a later start.
    let probe_kill = chain(log, id)
        .filter_map(|id| log.get(id))
        .take_while(|e| !matches!(e.what, What::Running { .. }) || matches!(e.cause.rule, Rule::ProbeKill { .. }))
        .find_map(|e| match e.cause.rule {
            Rule::ProbeKill { kind } => Some(kind),
            _ => None,
        });
    let signalled = chain(log, id)
        .filter_map(|id| log.get(id))
        .take_while(|e| !matches!(e.what, What::Running { .. }))
        .any(|e| matches!(e.what, What::Signal(_) | What::Grace { .. }));
    let because = entry.cause.because_of.and_then(|id| log.get(id));
    let facts = Facts {
        subject: subject(log, entry.lane)?,
        what: &entry.what,
        rule: entry.cause.rule,
        at: entry.at,
        end: entry.end.filter(|_| entry.slice),
        results: &results,
        because: because.map(|e| (&e.what, e.cause.rule)),
        because_at: because.map(|e| moment_before(e, entry.at)),
        probe_kill,
        signalled,
    };
    Some((lang.title(&facts), lang.sentence(&facts)))
}

/// Everything the inspector shows about an entry. `None` when there is no such entry.
pub fn why(log: &TraceLog, timeline: &Timeline, id: EntryId, lang: Lang, resolve: &Resolver<'_>) -> Option<Why> {
    let entry = log.get(id)?;
    let (title, sentence) = explain(log, id, lang)?;
    let card = card::card(&entry.cause.rule);
    let origin = Origin::of(log, entry.lane);
    Some(Why {
        id: id.0,
        at_us: entry.at.micros() as f64,
        end_us: entry.end.filter(|_| entry.slice).map(|end| end.micros() as f64),
        lane: entry.lane.0,
        title,
        sentence,
        rule: card.name.to_owned(),
        twin: card.twin.to_owned(),
        source_url: Some(card.url_of(&entry.what)),
        fields: entry
            .cause
            .fields
            .iter()
            .filter_map(|field| resolve(origin.as_ref(), field))
            .collect(),
        causes: chain(log, id).filter_map(|id| moment(log, id, lang)).collect(),
        effects: timeline
            .effects(id.0)
            .take(MAX_EFFECTS)
            .filter_map(|id| moment(log, EntryId(id), lang))
            .collect(),
    })
}

#[cfg(test)]
mod batch_tests;
#[cfg(test)]
mod tests;
