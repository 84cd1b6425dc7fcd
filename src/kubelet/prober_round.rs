//! Twin: pkg/kubelet/prober/worker.go (v1.36.2)
//! Covers: doProbe as a function over what the worker remembers: what a round does before the probe is run, and what
//! its result changes. Nothing here looks at a clock or at the cluster.
//! Left out: nothing.

use std::rc::Rc;

use super::helpers;
use crate::api::pod::PodSpec;
use crate::api::{ContainerStatus, PodStatus, Probe};
use crate::cri::PodView;
use crate::machine::Profile;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::ProbeKind;

/// What is held of an instance after its probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The probe's successes reached their threshold, or have not been doubted yet.
    Success,
    /// Its failures did, or it has not succeeded yet.
    Failure,
    /// A startup probe has not decided.
    Unknown,
}

/// What a worker remembers from round to round.
#[derive(Clone, Debug)]
pub struct Round {
    /// Which probe.
    pub kind: ProbeKind,
    /// The instance that is looked at.
    pub container: Option<Rc<str>>,
    /// What is published of it; `None` before the first time.
    pub verdict: Option<Verdict>,
    /// Equal results in a row; 0 after a result that ended probing.
    pub run: u32,
    /// Nothing is probed until there is another instance.
    pub on_hold: bool,
    last: Option<bool>,
}

/// What a round sees before it probes.
pub struct Seen<'a> {
    /// The Pod's status as the status manager holds it.
    pub status: Option<&'a PodStatus>,
    /// The container's part of it.
    pub container: Option<&'a ContainerStatus>,
    /// The Pod, as it was when the worker was made, was to be deleted.
    pub deleted: bool,
    /// The container is a sidecar.
    pub sidecar: bool,
    /// The container runs since before the kubelet, whose version keeps what it was then (spec/03 §3, step 4).
    pub older: bool,
    /// The container has ended and is not started again.
    pub stays: bool,
    /// The instant.
    pub now: Instant,
    /// The clock.
    pub calendar: Calendar,
}

/// How a round goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing more this time.
    Wait,
    /// The worker ends.
    End,
    /// The probe is run.
    Probe,
}

/// What a round did before the probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// A new instance got its first verdict.
    pub first: bool,
    /// A verdict to publish, with whether it is another one than before.
    pub published: Option<(bool, bool)>,
    /// How it goes on.
    pub next: Next,
}

impl Round {
    /// A worker's memory before its first round.
    pub fn new(kind: ProbeKind) -> Round {
        Round {
            kind,
            container: None,
            verdict: None,
            run: 0,
            on_hold: false,
            last: None,
        }
    }

    fn publish(&mut self, success: bool) -> (bool, bool) {
        let verdict = if success { Verdict::Success } else { Verdict::Failure };
        let changed = self.verdict != Some(verdict);
        self.verdict = Some(verdict);
        (success, changed)
    }

    /// A round up to the probe itself (spec/03 §3, steps 1 to 9).
    pub fn begin(&mut self, probe: &Probe, seen: &Seen) -> Begun {
        let mut begun = Begun {
            first: false,
            published: None,
            next: Next::Wait,
        };
        if seen.status.is_some_and(|s| s.phase.is_terminal()) {
            begun.next = Next::End;
            return begun;
        }
        let Some(c) = seen.container.filter(|c| !c.container_id.is_empty()) else {
            return begun;
        };
        let started = c.started == Some(true);
        if self.container.as_ref() != Some(&c.container_id) {
            self.container = Some(c.container_id.clone());
            self.on_hold = false;
            self.verdict = match self.kind {
                ProbeKind::Startup if seen.older => (seen.sidecar && started).then_some(Verdict::Success),
                _ if seen.older => None,
                ProbeKind::Readiness => Some(Verdict::Failure),
                ProbeKind::Liveness => Some(Verdict::Success),
                ProbeKind::Startup => Some(Verdict::Unknown),
            };
            begun.first = self.verdict.is_some();
        }
        if self.on_hold {
            return begun;
        }
        let Some(running) = &c.state.running else {
            begun.published = Some(self.publish(false));
            if c.state.terminated.is_some() && seen.stays {
                begun.next = Next::End;
            }
            return begun;
        };
        if seen.deleted && self.kind != ProbeKind::Readiness {
            begun.published = Some(self.publish(true));
            begun.next = Next::End;
            return begun;
        }
        let waits = running
            .started_at
            .is_some_and(|at| (seen.now - seen.calendar.trunc(at.0)).secs() < probe.initial_delay_seconds);
        if !waits && started != (self.kind == ProbeKind::Startup) {
            begun.next = Next::Probe;
        }
        begun
    }

    /// Counts one more success of a verdict that stands; false when that would not be all there is to it.
    pub fn again(&mut self) -> bool {
        // A startup probe is over with its first success.
        let stands = self.kind != ProbeKind::Startup
            && self.verdict == Some(Verdict::Success)
            && self.last == Some(true)
            && !self.on_hold;
        if stands {
            self.run = self.run.saturating_add(1);
        }
        stands
    }

    /// Counts a result. `Some` when it is to be published: equal results in a row, and whether the verdict is a new one
    /// (steps 11 to 14).
    pub fn finish(&mut self, probe: &Probe, success: bool) -> Option<(u32, bool)> {
        if self.last == Some(success) {
            self.run = self.run.saturating_add(1);
        } else {
            self.last = Some(success);
            self.run = 1;
        }
        let count = self.run;
        if count < threshold(probe, success) {
            return None;
        }
        let (_, changed) = self.publish(success);
        if self.kind == ProbeKind::Startup || self.kind == ProbeKind::Liveness && !success {
            self.on_hold = true;
            self.run = 0;
        }
        Some((count, changed))
    }
}

/// How many equal results in a row count.
pub fn threshold(probe: &Probe, success: bool) -> u32 {
    let threshold = if success {
        probe.success_threshold
    } else {
        probe.failure_threshold
    };
    u32::try_from(threshold.max(1)).unwrap_or(u32::MAX)
}

/// Whether a container that ended is not started again, so that there is nothing left to probe.
pub fn stays(profile: &Profile, spec: &PodSpec, index: usize, view: &PodView, status: &PodStatus, code: i64) -> bool {
    !helpers::should_all_restart(profile, spec, view, status)
        && !helpers::is_sidecar(spec, index)
        && !helpers::restartable_after(profile, spec, index, code)
}

/// Whether a container is ready and started as far as its probes say: each is `None` when there is no such probe, else
/// what is published of the instance (spec/05 §4).
pub fn started_and_ready(
    running: bool,
    startup: Option<Option<Verdict>>,
    readiness: Option<Option<Verdict>>,
) -> (bool, bool) {
    let holds = |probe: Option<Option<Verdict>>| probe.is_none_or(|verdict| verdict == Some(Verdict::Success));
    let started = running && holds(startup);
    (started, started && holds(readiness))
}

/// A container that began this long before its kubelet keeps what it was (spec/03 §3, step 4).
pub const OLDER: Duration = Duration::from_secs(10);
