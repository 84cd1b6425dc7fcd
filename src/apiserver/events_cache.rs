//! Twin: staging/src/k8s.io/client-go/tools/record/events_cache.go (v1.36.2)
//! Covers: aggregation of similar events, counting of equal ones, the spam filter.
//! Left out: the limits of the client's own queue (50 events a second), the LRU of 4,096 keys.

use std::rc::Rc;

use super::ApiServer;
use crate::machine::{Cx, Uid};
use crate::map::{Map, Set};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, EventRow, LaneId, Rule, What};

/// What the message of an Event that stands for many begins with.
pub const COMBINED: &str = "(combined from similar events): ";

/// Similar events are merged from this many distinct messages on.
const MAX_DISTINCT_MESSAGES: usize = 10;
/// A group of similar events is forgotten after this long without one.
const GROUP_LIFE: Duration = Duration::from_secs(600);
/// Events of one object and type that may be written in a row.
const BURST: i64 = 25;
/// After the burst, one more is allowed each time this has gone by.
const REFILL: Duration = Duration::from_secs(300);

/// Whom an event is about and who says it.
#[derive(Clone, Debug)]
pub struct EventSource<'a> {
    /// The Pod, or another object's number.
    pub uid: Uid,
    /// `Pod/web`
    pub object: &'a str,
    /// Namespace of the object.
    pub namespace: &'a str,
    /// `spec.containers{app}` or empty.
    pub field_path: &'a str,
    /// Who says it.
    pub component: &'static str,
    /// The lane on which it is drawn.
    pub lane: LaneId,
    /// The entry it follows from.
    pub because: Option<EntryId>,
}

/// One client's recorder: what it remembers in order to count, merge and filter.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    groups: Map<GroupKey, Group>,
    counts: Map<CountKey, (u32, Instant)>,
    buckets: Map<(Uid, bool), Bucket>,
}

type GroupKey = (Uid, bool, Rc<str>);
type CountKey = (Uid, Rc<str>, bool, Rc<str>, Rc<str>);

#[derive(Clone, Debug)]
struct Group {
    messages: Set<Rc<str>>,
    last: Instant,
}

/// Tokens in microseconds of refill, so that fractions are exact.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    credit: i64,
    at: Instant,
}

impl Bucket {
    fn take(&mut self, now: Instant) -> bool {
        let full = REFILL.micros() * BURST;
        self.credit = (self.credit + (now - self.at).micros()).min(full);
        self.at = now;
        if self.credit < REFILL.micros() {
            return false;
        }
        self.credit -= REFILL.micros();
        true
    }
}

impl Recorder {
    /// Records an event: merged, counted, and written unless the filter drops it.
    pub fn event(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        source: &EventSource,
        warning: bool,
        reason: &str,
        message: &str,
    ) {
        let reason: Rc<str> = reason.into();
        let group_key = (source.uid, warning, reason.clone());
        let group = self.groups.entry(group_key).or_insert_with(|| Group {
            messages: Set::new(),
            last: cx.now,
        });
        if cx.now - group.last > GROUP_LIFE {
            group.messages.clear();
        }
        group.last = cx.now;
        group.messages.insert(message.into());
        let (key_path, key_message, text): (Rc<str>, Rc<str>, Rc<str>) =
            if group.messages.len() >= MAX_DISTINCT_MESSAGES {
                group.messages.pop_first();
                ("".into(), "".into(), format!("{COMBINED}{message}").into())
            } else {
                (source.field_path.into(), message.into(), message.into())
            };
        let key = (source.uid, key_path, warning, reason.clone(), key_message);
        let (count, first) = self.counts.entry(key).or_insert((0, cx.now));
        *count += 1;
        let (count, first) = (*count, *first);
        let bucket = self.buckets.entry((source.uid, warning)).or_insert(Bucket {
            credit: REFILL.micros() * BURST,
            at: cx.now,
        });
        if bucket.take(cx.now) {
            write(cx, api, source, warning, reason, text, count, first);
        }
    }

    /// Forgets an object that is gone.
    pub fn forget(&mut self, uid: Uid) {
        self.groups.retain(|k, _| k.0 != uid);
        self.counts.retain(|k, _| k.0 != uid);
        self.buckets.retain(|k, _| k.0 != uid);
    }
}

/// Writes an event as the newer recorder of the scheduler does, which neither merges nor filters.
#[allow(clippy::too_many_arguments)] // One Event has so many parts.
pub fn write(
    cx: &mut Cx,
    api: &mut ApiServer,
    source: &EventSource,
    warning: bool,
    reason: Rc<str>,
    message: Rc<str>,
    count: u32,
    first: Instant,
) {
    let what = What::Event {
        warning,
        reason: reason.clone(),
        message: message.clone(),
    };
    cx.log.instant(
        source.lane,
        cx.now,
        what,
        Cause::of(Rule::EventRecorded).after(source.because),
    );
    let row = EventRow {
        at: cx.now,
        object: source.object.into(),
        namespace: source.namespace.into(),
        field_path: source.field_path.into(),
        warning,
        reason,
        message,
        count,
        first,
        component: source.component,
        uid: source.uid.0,
    };
    cx.queue.keep(150 + row.message.len());
    if !cx.record.muted {
        cx.record.events.push(row.clone());
    }
    api.put_event(row);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Profile, Queue, Setup};
    use crate::time::Calendar;
    use crate::trace::{LaneKind, Record, TraceLog};

    fn play(events: &[(i64, &str)]) -> Vec<(i64, String, u32)> {
        let mut log = TraceLog::new();
        let lane = log.lane(LaneKind::Pod, None, "p");
        let (mut queue, mut record) = (Queue::default(), Record::default());
        let setup = Setup {
            seed: 0,
            calendar: Calendar::default(),
            profile: Profile::V1_36,
            client: crate::machine::Client::default(),
        };
        let mut recorder = Recorder::default();
        let mut api = ApiServer::default();
        for (second, message) in events {
            let now = Instant::from_secs(*second);
            let mut cx = Cx {
                now,
                queue: &mut queue,
                log: &mut log,
                record: &mut record,
                setup: &setup,
            };
            let source = EventSource {
                uid: Uid(1),
                object: "Pod/p",
                namespace: "default",
                field_path: "",
                component: "kubelet",
                lane,
                because: None,
            };
            recorder.event(&mut cx, &mut api, &source, true, "BackOff", message);
        }
        record
            .events
            .iter()
            .map(|e| (e.at.secs(), e.message.to_string(), e.count))
            .collect()
    }

    #[test]
    fn equal_events_are_counted_and_filtered() {
        let seen = play(&(0..70).map(|i| (i * 10, "same")).collect::<Vec<_>>());
        assert_eq!(seen.len(), 27, "25 in a row, then one at 300 s and one at 600 s");
        assert_eq!((seen[24].0, seen[24].2), (240, 25));
        assert_eq!(
            (seen[25].0, seen[25].2),
            (300, 31),
            "the count went on while events were dropped"
        );
        assert_eq!(seen[26].0, 600);
    }

    #[test]
    fn ten_distinct_messages_are_combined() {
        let texts: Vec<String> = (0..12).map(|i| format!("m{i}")).collect();
        let seen = play(
            &texts
                .iter()
                .enumerate()
                .map(|(i, t)| (i as i64, t.as_str()))
                .collect::<Vec<_>>(),
        );
        assert_eq!(seen[8].1, "m8");
        assert_eq!(seen[9].1, "(combined from similar events): m9");
        assert_eq!(
            (seen[11].1.as_str(), seen[11].2),
            ("(combined from similar events): m11", 3)
        );
    }
}
