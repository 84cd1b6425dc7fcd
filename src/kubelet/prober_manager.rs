//! Twin: pkg/kubelet/prober/prober_manager.go (v1.36.2)
//! Covers: AddPod, StopLivenessAndStartup, RemovePod, UpdatePodStatus with its readiness trigger.
//! Left out: what is kept over a restart of the kubelet.

use super::actions::ProbeVerdicts;
use super::entry::{Agent, Env, PodEntry};
use super::helpers;
use super::prober_round::{self, Verdict};
use super::prober_worker::{self, ProbeWorker};
use crate::api::ContainerStatus;
use crate::machine::Part;
use crate::time::Duration;
use crate::trace::ProbeKind;

/// Makes the Pod's probe workers, once: for regular containers and sidecars. Their tickers start now.
pub fn add_pod(a: &Agent, p: &mut PodEntry, env: &mut Env) {
    if p.probes_added {
        return;
    }
    p.probes_added = true;
    let now = env.now();
    let spec = p.pod.spec.clone();
    let deleted = p.pod.metadata.deletion_timestamp.is_some();
    for (index, container) in helpers::all_containers(&spec).enumerate() {
        if !helpers::is_regular(&spec, index) && !helpers::is_sidecar(&spec, index) {
            continue;
        }
        for (kind, probe) in [
            (ProbeKind::Startup, &container.startup_probe),
            (ProbeKind::Readiness, &container.readiness_probe),
            (ProbeKind::Liveness, &container.liveness_probe),
        ] {
            if let Some(probe) = probe {
                let number = u16::try_from(p.probes.len()).unwrap_or(u16::MAX);
                let first = now + random_start(a, p, env, probe.period_seconds, number);
                p.probes.push(ProbeWorker::new(kind, index, probe, deleted, first));
                env.cx.queue.alarm(Part::Probe(a.node, p.uid, number), Some(first));
            }
        }
    }
}

/// Workers of a kubelet that is younger than their period wait for a random part of it, so that not all probe at once
/// (spec/03 §2).
fn random_start(a: &Agent, p: &PodEntry, env: &Env, period: i64, number: u16) -> Duration {
    let period = Duration::from_secs(period.max(1));
    if env.now() - a.started_at >= period {
        return Duration::ZERO;
    }
    if env.cx.setup.seed == 0 {
        return period.permille(500);
    }
    let mut stream = env.cx.setup.stream("probe.start", p.uid.0, u64::from(number));
    stream.uniform(Duration::ZERO, period)
}

/// Liveness and startup probes of regular containers end when the Pod is to stop; those of sidecars go on.
pub fn stop_liveness_and_startup(p: &mut PodEntry) {
    let spec = p.pod.spec.clone();
    for worker in &mut p.probes {
        if worker.kind != ProbeKind::Readiness && helpers::is_regular(&spec, worker.index) {
            worker.stop();
        }
    }
}

/// All probes end.
pub fn remove_pod(p: &mut PodEntry) {
    p.probes.iter_mut().for_each(ProbeWorker::stop);
}

fn worker(p: &PodEntry, kind: ProbeKind, index: usize) -> Option<&ProbeWorker> {
    p.probes.iter().find(|w| w.kind == kind && w.index == index)
}

/// What the startup and liveness probes say of one instance.
pub fn verdicts(p: &PodEntry, index: usize, container_id: &str) -> ProbeVerdicts {
    let of = |kind| match worker(p, kind, index).and_then(|w| w.verdict_on(container_id)) {
        Some(Verdict::Success) => Some(true),
        Some(Verdict::Failure) => Some(false),
        Some(Verdict::Unknown) | None => None,
    };
    let container = helpers::container_at(&p.pod.spec, index);
    ProbeVerdicts {
        startup: of(ProbeKind::Startup),
        liveness: of(ProbeKind::Liveness),
        has_startup: container.is_some_and(|c| c.startup_probe.is_some()),
    }
}

/// `started` and `ready` of a running container (spec/05 §4). Without workers, which happens when the kubelet has just
/// started, what the API says of the container's start stays; new versions keep the Pod's readiness too (spec/07 §2.4).
pub fn started_and_ready(a: &Agent, p: &PodEntry, index: usize, c: &ContainerStatus) -> (bool, bool) {
    let spec = &p.pod.spec;
    let probe = |kind| worker(p, kind, index).map(|w| w.verdict_on(&c.container_id));
    // Of a new instance no startup probe has said anything: `started` may be that of the one before it.
    let inherited = (c.started == Some(true)).then_some(Verdict::Success);
    let startup = probe(ProbeKind::Startup).map(|verdict| verdict.or(inherited));
    let startup = startup.or_else(|| {
        let has = helpers::container_at(spec, index).is_some_and(|c| c.startup_probe.is_some());
        let status = &p.pod.status;
        let mut all = status.init_container_statuses.iter().chain(&status.container_statuses);
        let was = has && all.any(|s| s.container_id == c.container_id && s.started == Some(true));
        (has && !was).then_some(None)
    });
    let readiness = probe(ProbeKind::Readiness).or_else(|| {
        let has = helpers::container_at(spec, index).is_some_and(|c| c.readiness_probe.is_some());
        let mut conditions = p.pod.status.conditions.iter();
        let was = has && a.profile.keeps_readiness && conditions.any(|c| &*c.kind == "Ready" && &*c.status == "True");
        (has && !was).then_some(None)
    });
    prober_round::started_and_ready(c.state.running.is_some(), startup, readiness)
}

/// A status was computed: running, started containers that are not ready are probed at once, and their ticker starts
/// anew from there (spec/03 §2, spec/07 §2.4).
pub fn ring_readiness(a: &Agent, p: &mut PodEntry, env: &mut Env) {
    let Some(status) = p.status.clone() else { return };
    let now = env.now();
    for number in 0..p.probes.len() {
        let (kind, index) = (p.probes[number].kind, p.probes[number].index);
        if kind != ProbeKind::Readiness {
            continue;
        }
        let name = helpers::container_at(&p.pod.spec, index)
            .map(|c| c.name.clone())
            .unwrap_or_default();
        let all = status.init_container_statuses.iter().chain(&status.container_statuses);
        let Some(c) = all.clone().find(|c| c.name == name) else {
            continue;
        };
        let running = c.state.running.is_some() && c.started == Some(true);
        if !running || p.probes[number].verdict_on(&c.container_id) == Some(Verdict::Success) {
            continue;
        }
        // The trigger may ring before the status is stored; then only the ticker is moved.
        let first_sight = p.probes[number].unrung(&c.container_id);
        let seed = env.cx.setup.seed;
        let lost = first_sight
            && (!a.profile.readiness_trigger_works
                || seed != 0
                    && env
                        .cx
                        .setup
                        .stream("probe.race", p.uid.0, now.micros() as u64)
                        .chance(230));
        p.probes[number].ring(&c.container_id, now, lost);
        let part = Part::Probe(a.node, p.uid, u16::try_from(number).unwrap_or(u16::MAX));
        env.cx.queue.alarm(part, p.probes[number].poll_at());
    }
}

/// Lets a probe worker do what is due.
pub fn poll(a: &mut Agent, p: &mut PodEntry, env: &mut Env, number: u16) {
    prober_worker::poll(a, p, env, usize::from(number));
    let next = p.probes.get(usize::from(number)).and_then(ProbeWorker::poll_at);
    env.cx.queue.alarm(Part::Probe(a.node, p.uid, number), next);
}

/// How long after the status is stored the trigger is taken up.
pub const TRIGGER_DELAY: Duration = Duration::from_millis(2);
