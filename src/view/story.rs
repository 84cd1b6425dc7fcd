//! A made-up trace for tests: the story of the sketch, with every kind of lane and entry.

use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, FieldBase, GraceBy, LaneId, LaneKind, ProbeKind, Rule, TraceLog, What};

fn ms(ms: i64) -> Instant {
    Instant::from_millis(ms)
}

struct Story {
    log: TraceLog,
}

impl Story {
    fn slice(&mut self, lane: LaneId, from: i64, to: Option<i64>, what: What, cause: Cause) -> EntryId {
        let id = self.log.begin(lane, ms(from), what, cause);
        if let Some(to) = to {
            self.log.end(id, ms(to));
        }
        id
    }

    fn instant(&mut self, lane: LaneId, at: i64, what: What, cause: Cause) -> EntryId {
        self.log.instant(lane, ms(at), what, cause)
    }

    fn probes(&mut self, lane: LaneId, success: bool, from: i64, every: i64, count: u32, cause: Cause) -> EntryId {
        let what = What::ProbeRun {
            success,
            count: 1,
            output: if success {
                ""
            } else {
                "HTTP probe failed with statuscode: 503"
            }
            .into(),
        };
        let id = self.log.begin(lane, ms(from), what, cause);
        for i in 1..count {
            self.log.repeat(id, ms(from + every * i64::from(i)));
        }
        id
    }
}

fn status(status: &str, ready: &str, restarts: u32) -> What {
    What::Status {
        status: status.into(),
        ready: ready.into(),
        restarts,
    }
}

fn condition(status: &str, reason: &str) -> What {
    What::Condition {
        status: status.into(),
        reason: reason.into(),
    }
}

fn event(warning: bool, reason: &str, message: &str) -> What {
    What::Event {
        warning,
        reason: reason.into(),
        message: message.into(),
    }
}

fn tick(kind: ProbeKind, period: i64) -> Cause {
    Cause::of(Rule::ProbeTick {
        kind,
        period: Duration::from_secs(period),
        delay: Duration::ZERO,
    })
}

/// The story, and the entry with which web is killed.
pub fn story() -> (TraceLog, EntryId) {
    let mut s = Story { log: TraceLog::new() };
    let log = &mut s.log;
    let steps = log.lane(LaneKind::Steps, None, "");
    let node = log.lane(LaneKind::Node, None, "node1");
    let pod = log.lane(LaneKind::Pod, None, "web");
    let phase = log.lane(LaneKind::Phase, Some(pod), "phase");
    let scheduled = log.lane(LaneKind::Condition, Some(pod), "PodScheduled");
    let ready = log.lane(LaneKind::Condition, Some(pod), "Ready");
    let sandbox = log.lane(LaneKind::Sandbox, Some(pod), "sandbox");
    let migrate = log.lane(LaneKind::InitContainer, Some(pod), "migrate");
    let proxy = log.lane(LaneKind::Sidecar, Some(pod), "proxy");
    let startup = log.lane(LaneKind::Probe(ProbeKind::Startup), Some(proxy), "startup");
    let web = log.lane(LaneKind::Container, Some(pod), "web");
    let image = log.lane(LaneKind::Image, Some(web), "image");
    let post_start = log.lane(LaneKind::Hook, Some(web), "postStart");
    let liveness = log.lane(LaneKind::Probe(ProbeKind::Liveness), Some(web), "liveness");
    let readiness = log.lane(LaneKind::Probe(ProbeKind::Readiness), Some(web), "readiness");
    let pre_stop = log.lane(LaneKind::Hook, Some(web), "preStop");
    let termination = log.lane(LaneKind::Termination, Some(web), "termination");
    let service = log.lane(LaneKind::Service, None, "web");
    let endpoint = log.lane(LaneKind::Endpoint, Some(service), "10.244.0.7");
    let published = || Cause::of(Rule::StatusPublished);
    let started = || Cause::of(Rule::ContainerStarted);

    let stored = s.instant(pod, 0, What::Object("created".into()), Cause::of(Rule::ApiServerStored));
    s.slice(
        pod,
        0,
        Some(20),
        status("Pending", "0/2", 0),
        published().after(Some(stored)),
    );
    s.slice(phase, 0, Some(13_400), What::Phase("Pending".into()), published());
    s.slice(
        ready,
        20,
        Some(22_600),
        condition("False", "ContainersNotReady"),
        published(),
    );
    let bound = s.instant(
        pod,
        5,
        event(false, "Scheduled", "Successfully assigned default/web to node1"),
        Cause::of(Rule::SchedulerBound).after(Some(stored)),
    );
    s.slice(
        scheduled,
        5,
        None,
        condition("True", ""),
        Cause::of(Rule::SchedulerBound),
    );
    s.instant(
        node,
        5,
        event(false, "NodeReady", "Node is ready"),
        Cause::of(Rule::EventRecorded),
    );
    s.slice(
        pod,
        20,
        Some(8_900),
        status("Init:0/2", "0/2", 0),
        published().after(Some(bound)),
    );
    s.slice(sandbox, 20, Some(320), What::Volumes, Cause::of(Rule::VolumesWaited));
    s.slice(
        sandbox,
        320,
        Some(480),
        What::Sandbox { ready: false },
        Cause::of(Rule::SandboxCreated),
    );
    s.slice(
        sandbox,
        480,
        Some(104_000),
        What::Sandbox { ready: true },
        Cause::of(Rule::SandboxCreated),
    );
    s.slice(migrate, 480, Some(700), What::Creating, started());
    s.slice(migrate, 700, Some(8_500), What::Running { restarts: 0 }, started());
    let done = s.slice(
        migrate,
        8_500,
        None,
        What::Ended {
            code: 0,
            reason: "Completed".into(),
        },
        Cause::of(Rule::ProcessExited),
    );
    s.slice(
        pod,
        8_900,
        Some(13_400),
        status("Init:1/2", "0/2", 0),
        published().after(Some(done)),
    );
    s.slice(proxy, 8_700, Some(8_900), What::Creating, started());
    s.slice(proxy, 8_900, Some(103_500), What::Running { restarts: 0 }, started());
    s.probes(startup, false, 9_900, 2_000, 2, tick(ProbeKind::Startup, 2));
    let run = s.probes(startup, true, 13_900, 2_000, 1, tick(ProbeKind::Startup, 2));
    s.instant(
        startup,
        13_902,
        What::ProbeVerdict {
            success: true,
            count: 1,
        },
        Cause::of(Rule::ProbeThreshold {
            kind: ProbeKind::Startup,
            count: 1,
            threshold: 1,
            period: Duration::from_secs(2),
        })
        .after(Some(run)),
    );
    s.slice(
        pod,
        13_400,
        Some(14_400),
        status("PodInitializing", "1/2", 0),
        published(),
    );
    s.slice(phase, 13_400, Some(103_500), What::Phase("Running".into()), published());
    s.slice(
        image,
        13_450,
        Some(14_300),
        What::Pulling {
            image: "registry.example/team/web:7".into(),
        },
        Cause::of(Rule::ImagePulled {
            policy: crate::api::pod::PullPolicy::IfNotPresent,
        })
        .field(FieldBase::Container(0), "image"),
    );
    s.slice(web, 14_300, Some(14_400), What::Creating, started());
    s.slice(pod, 14_400, Some(22_600), status("Running", "1/2", 0), published());
    s.slice(web, 14_400, Some(58_000), What::Running { restarts: 0 }, started());
    let hook = || Cause::of(Rule::HookRan).field(FieldBase::Container(0), "lifecycle.postStart");
    s.slice(
        post_start,
        14_410,
        Some(16_800),
        What::Hook {
            stage: "postStart".into(),
        },
        hook(),
    );
    s.probes(readiness, false, 18_000, 2_000, 2, tick(ProbeKind::Readiness, 5));
    let run = s.probes(readiness, true, 22_584, 5_000, 5, tick(ProbeKind::Readiness, 5));
    s.slice(
        ready,
        22_600,
        Some(51_900),
        condition("True", ""),
        published().after(Some(run)),
    );
    s.slice(
        pod,
        22_600,
        Some(51_900),
        status("Running", "2/2", 0),
        published().after(Some(run)),
    );
    let endpoint_of = |ready, serving, terminating| What::Endpoint {
        ready,
        serving,
        terminating,
    };
    s.slice(
        endpoint,
        22_610,
        Some(51_910),
        endpoint_of(true, true, false),
        Cause::of(Rule::EndpointsFollow),
    );
    s.probes(liveness, true, 26_000, 5_000, 4, tick(ProbeKind::Liveness, 5));
    let failing = s.probes(liveness, false, 46_000, 5_000, 3, tick(ProbeKind::Liveness, 5));
    let unready = s.probes(readiness, false, 46_884, 5_000, 2, tick(ProbeKind::Readiness, 5));
    let verdict = s.instant(
        readiness,
        51_886,
        What::ProbeVerdict {
            success: false,
            count: 2,
        },
        Cause::of(Rule::ProbeThreshold {
            kind: ProbeKind::Readiness,
            count: 2,
            threshold: 2,
            period: Duration::from_secs(5),
        })
        .after(Some(unready)),
    );
    s.slice(
        ready,
        51_900,
        Some(66_000),
        condition("False", "ContainersNotReady"),
        published().after(Some(verdict)),
    );
    s.slice(
        pod,
        51_900,
        Some(58_300),
        status("Running", "1/2", 0),
        published().after(Some(verdict)),
    );
    s.instant(
        pod,
        51_910,
        event(
            true,
            "Unhealthy",
            "Readiness probe failed: HTTP probe failed with statuscode: 503",
        ),
        Cause::of(Rule::EventRecorded).after(Some(unready)),
    );
    let verdict = s.instant(
        liveness,
        56_002,
        What::ProbeVerdict {
            success: false,
            count: 3,
        },
        Cause::of(Rule::ProbeThreshold {
            kind: ProbeKind::Liveness,
            count: 3,
            threshold: 3,
            period: Duration::from_secs(5),
        })
        .field(FieldBase::Container(0), "livenessProbe.failureThreshold")
        .field(FieldBase::Container(0), "livenessProbe.periodSeconds")
        .after(Some(failing)),
    );
    let kill = s.instant(
        termination,
        56_003,
        What::Signal("SIGTERM".into()),
        Cause::of(Rule::ProbeKill {
            kind: ProbeKind::Liveness,
        })
        .after(Some(verdict)),
    );
    let grace = s.slice(
        termination,
        56_003,
        Some(58_000),
        What::Grace { seconds: 20 },
        Cause::of(Rule::GraceStarted {
            grace: Duration::from_secs(20),
            used: Duration::ZERO,
            by: GraceBy::Pod,
        })
        .field(FieldBase::PodSpec, "terminationGracePeriodSeconds")
        .after(Some(kill)),
    );
    let exit = s.instant(
        termination,
        58_000,
        What::Exit { code: 143 },
        Cause::of(Rule::ProcessExited).after(Some(grace)),
    );
    let ended = s.slice(
        web,
        58_000,
        Some(58_200),
        What::Ended {
            code: 143,
            reason: "Error".into(),
        },
        Cause::of(Rule::ProbeKill {
            kind: ProbeKind::Liveness,
        })
        .after(Some(exit)),
    );
    s.instant(
        web,
        56_010,
        event(
            false,
            "Killing",
            "Container web failed liveness probe, will be restarted",
        ),
        Cause::of(Rule::EventRecorded).after(Some(kill)),
    );
    let again = s.slice(
        web,
        58_300,
        Some(104_020),
        What::Running { restarts: 1 },
        Cause::of(Rule::RestartFree).after(Some(ended)),
    );
    s.slice(
        pod,
        58_300,
        Some(66_000),
        status("Running", "1/2", 1),
        published().after(Some(again)),
    );
    s.slice(
        post_start,
        58_310,
        Some(60_700),
        What::Hook {
            stage: "postStart".into(),
        },
        hook(),
    );
    s.probes(readiness, false, 62_000, 5_000, 1, tick(ProbeKind::Readiness, 5));
    let run = s.probes(readiness, true, 65_984, 5_000, 6, tick(ProbeKind::Readiness, 5));
    s.slice(
        ready,
        66_000,
        Some(103_500),
        condition("True", ""),
        published().after(Some(run)),
    );
    s.slice(
        pod,
        66_000,
        Some(84_000),
        status("Running", "2/2", 1),
        published().after(Some(run)),
    );
    s.slice(
        endpoint,
        66_010,
        Some(84_010),
        endpoint_of(true, true, false),
        Cause::of(Rule::EndpointsFollow),
    );
    s.probes(liveness, true, 66_000, 5_000, 4, tick(ProbeKind::Liveness, 5));
    let step = s.instant(
        steps,
        84_000,
        What::Step("kubectl delete pod web".into()),
        Cause::of(Rule::Step).field(FieldBase::Step(0), "at"),
    );
    let marked = s.instant(
        pod,
        84_000,
        What::Object("deleted".into()),
        Cause::of(Rule::DeletionMarked {
            grace: Duration::from_secs(20),
            mirror: false,
        })
        .after(Some(step)),
    );
    s.slice(
        pod,
        84_000,
        Some(104_500),
        status("Terminating", "2/2", 1),
        published().after(Some(marked)),
    );
    s.slice(
        endpoint,
        84_010,
        Some(94_000),
        endpoint_of(false, true, true),
        Cause::of(Rule::EndpointsFollow).after(Some(marked)),
    );
    s.slice(
        pre_stop,
        84_000,
        Some(94_000),
        What::Hook {
            stage: "preStop".into(),
        },
        hook().after(Some(marked)),
    );
    let grace = s.slice(
        termination,
        94_000,
        Some(104_020),
        What::Grace { seconds: 10 },
        Cause::of(Rule::GraceStarted {
            grace: Duration::from_secs(20),
            used: Duration::from_secs(10),
            by: GraceBy::Pod,
        })
        .after(Some(marked)),
    );
    s.instant(
        termination,
        94_000,
        What::Signal("SIGTERM".into()),
        Cause::of(Rule::GraceStarted {
            grace: Duration::from_secs(20),
            used: Duration::from_secs(10),
            by: GraceBy::Pod,
        })
        .after(Some(grace)),
    );
    s.instant(
        termination,
        104_000,
        What::Signal("SIGKILL".into()),
        Cause::of(Rule::GraceOver {
            grace: Duration::from_secs(20),
            used: Duration::from_secs(10),
        })
        .after(Some(grace)),
    );
    s.slice(pod, 104_500, Some(105_300), status("Error", "0/2", 1), published());
    s.instant(
        pod,
        105_300,
        What::Object("deleted".into()),
        Cause::of(Rule::DeletionFinished),
    );
    (s.log, kill)
}
