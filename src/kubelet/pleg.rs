//! Twin: pkg/kubelet/pleg/generic.go (v1.36.2)
//! Covers: Relist, RequestRelist; a relist makes one request per Pod, however many changes it finds (spec/07 §2.7).
//! Left out: evented PLEG, failed inspections.

use std::rc::Rc;

use super::entry::{Agent, Env, PodEntry, RELIST_PERIOD};
use super::helpers;
use super::pod_workers::{self, Stage, Trigger};
use crate::cri::{ContainerView, PodView, State};
use crate::machine::Part;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, Rule, What};

/// Sees to it that a relist comes for a change in the runtime.
pub fn notice(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    if let Some(at) = env.runtimes[usize::from(a.node)].take_changed(p.uid) {
        p.unseen = Some(p.unseen.map_or(at, |before| before.min(at)));
    }
    if let Some(at) = p.unseen {
        let due = if a.last_relist(at) == at { at } else { a.next_relist(at) };
        let due = if due < env.now() { a.next_relist(env.now()) } else { due };
        a.work.await_relist(p.uid);
        env.cx.queue.alarm(Part::Relist(a.node), Some(due));
    }
}

/// Compares the runtime's report with the cached one, refreshes the cache, wakes a waiting worker, and then makes one
/// request if a container or sandbox started or died.
pub fn relist(a: &mut Agent, p: &mut PodEntry, env: &mut Env, on_demand: bool) {
    let now = env.now();
    if p.unseen.is_some_and(|at| at <= now) {
        p.unseen = None;
    }
    let runtime = &mut env.runtimes[usize::from(a.node)];
    // An end that the runtime has not reported yet is for a later relist.
    p.unseen = [p.unseen, runtime.next_report(p.uid, now)].into_iter().flatten().min();
    let view = runtime.pod_view(p.uid, now, false);
    let (changed, worthy, died) = compare(&p.view, &view);
    if changed && !on_demand && env.cx.setup.common_course() && meets_pass(p, now) {
        // This relist is taken to have come before the pass; the next one sees what the pass does.
        p.unseen = Some(now + Duration::from_micros(1));
        notice(a, p, env);
        return;
    }
    let mut view = view;
    if died {
        // Of each container one ended instance is kept beside the running one.
        runtime.trim_dead(p.uid);
        view = runtime.pod_view(p.uid, now, false);
    }
    // A pass that is under way tells its own story.
    let idle = !matches!(p.worker.busy, pod_workers::Busy::Pass(_));
    if died && idle && p.worker.stage == Stage::Sync {
        tell_ends(a, p, env, &view, on_demand);
    }
    if changed {
        p.view = Rc::new(view);
    }
    if changed || on_demand {
        p.view_at = now;
    }
    let trigger = if on_demand { Trigger::OnDemand } else { Trigger::Relist };
    let was_waiting = matches!(p.worker.busy, pod_workers::Busy::AwaitFresh);
    if was_waiting {
        p.worker.trigger = trigger;
        pod_workers::release(a, p, env);
    }
    if worthy {
        pod_workers::request(a, p, env, trigger);
    }
    notice(a, p, env);
}

/// Notes for the trace which containers are seen to have ended.
fn tell_ends(a: &Agent, p: &mut PodEntry, env: &mut Env, view: &PodView, on_demand: bool) {
    let seen = |id: u32| p.view.containers.iter().any(|o| o.id == id && o.state == State::Exited);
    let newest = |c: &&ContainerView| view.newest(c.index).is_some_and(|n| n.id == c.id);
    let ended = view
        .containers
        .iter()
        .filter(newest)
        .filter(|c| c.state == State::Exited);
    let news: Vec<(u32, usize)> = ended.filter(|c| !seen(c.id)).map(|c| (c.id, c.index)).collect();
    for (id, index) in news {
        // Of a start that failed the runtime has no entry; the container's own story has.
        let exit = env.runtimes[usize::from(a.node)].exit_entry(id).or(p.story_of(index));
        let cause = Cause::of(Rule::RelistSaw { on_demand }).after(exit);
        let lane = p.container_lanes(index).main;
        let entry = env.cx.log.instant(lane, env.now(), What::Decided("".into()), cause);
        p.tell(index, entry);
    }
}

/// Whether a pass runs that began so shortly ago that most relists would not have met it. A Pod's first pass decides on
/// which grid its readiness probes are made; there every course has its natural share.
fn meets_pass(p: &PodEntry, now: Instant) -> bool {
    let pod_workers::Busy::Pass(pass) = &p.worker.busy else {
        return false;
    };
    let first = p.worker.last_sync_end.is_none();
    let spec = &p.pod.spec;
    let probed = |c: &crate::api::pod::Container| c.readiness_probe.is_some();
    now - pass.began < RELIST_PERIOD.permille(500) && !(first && helpers::all_containers(spec).any(probed))
}

/// What is different: anything at all, something that started or died, something that died.
fn compare(old: &PodView, new: &PodView) -> (bool, bool, bool) {
    if old == new {
        return (false, false, false);
    }
    let (mut worthy, mut died) = (false, false);
    for c in &new.containers {
        let before = old.containers.iter().find(|o| o.id == c.id).map(|o| o.state);
        if before == Some(c.state) {
            continue;
        }
        match c.state {
            State::Running => worthy = true,
            State::Exited => {
                worthy = true;
                died = true;
            }
            State::Created | State::Unknown => {}
        }
    }
    for c in &old.containers {
        let gone = !new.containers.iter().any(|n| n.id == c.id);
        worthy |= gone && c.state == State::Running;
    }
    for s in &new.sandboxes {
        let before = old.sandboxes.iter().find(|o| o.id == s.id).map(|o| o.ready);
        worthy |= before != Some(s.ready);
    }
    (true, worthy, died)
}
