//! Twin: pkg/kubelet/volumemanager/volume_manager.go (v1.36.2)
//! Covers: WaitForAttachAndMount with its 300 ms polls and 2 min 3 s limit; mount retries of
//! operationexecutor (0.5 s doubling to 2 min 2 s); missing ConfigMaps and Secrets.
//! Left out: persistent volumes (they count as mounted), attach operations. Each sync of the Pod mounts its volumes again
//! (ReprocessPod), which brings ConfigMaps, Secrets and fields of the Pod up to date.

use super::entry::{Agent, Env, PodEntry, event};
use super::pod_workers::{self, Busy, Outcome};
use crate::api::pod::Volume;
use crate::machine::{Latency, Part};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, Rule, What};

/// The ConfigMap that the control plane keeps in every namespace.
pub const ROOT_CA: &str = "kube-root-ca.crt";
const POLL: Duration = Duration::from_millis(300);
const LIMIT: Duration = Duration::from_secs(123);
const FIRST_RETRY: Duration = Duration::from_millis(500);
const LAST_RETRY: Duration = Duration::from_secs(122);
/// The mounting loop comes round every 100 ms; a first attempt is made this long after the Pod is seen (spec/07 §2.2).
const FIRST_ATTEMPT: Duration = Duration::from_millis(200);

/// The volumes of a Pod.
#[derive(Clone, Debug, Default)]
pub struct Volumes {
    /// All are mounted.
    pub mounted: bool,
    /// When the volume manager first heard of the Pod.
    known_at: Option<Instant>,
    /// The wait that runs: since when.
    waiting_since: Option<Instant>,
    /// Next mount attempt of volumes that failed, and their back-off.
    retry: Option<(Instant, Duration)>,
    /// The poll of the wait that will see the volumes mounted.
    seen_at: Option<Instant>,
    slice: Option<EntryId>,
}

impl Volumes {
    /// When something is due.
    pub fn poll_at(&self) -> Option<Instant> {
        let retry = self.retry.map(|r| r.0);
        let wait = self.waiting_since.map(|s| s + LIMIT);
        [retry, wait, self.seen_at].into_iter().flatten().min()
    }
}

/// Begins to wait if volumes are missing. Returns whether there is anything to wait for.
pub fn begin_wait(a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> bool {
    if p.volumes.mounted {
        if missing(p, env).is_empty() {
            super::config::remount(a, p, env);
        }
        return false;
    }
    let spec = &p.pod.spec;
    let token = spec.automount_service_account_token.unwrap_or(true);
    if spec.volumes.is_empty() && !token {
        p.volumes.mounted = true;
        return false;
    }
    let now = env.now();
    p.volumes.waiting_since = Some(now);
    if p.volumes.known_at.is_none() {
        p.volumes.known_at = Some(now);
        let cause = Cause::of(Rule::VolumesWaited).after(p.story);
        p.volumes.slice = Some(env.cx.log.begin(p.lanes.sandbox, now, What::Volumes, cause));
        if missing(p, env).is_empty() {
            // One poll: the token volume is mounted by the time of the second look.
            p.volumes.retry = Some((now + env.cx.draw(Latency::Volumes, p.uid.0), Duration::ZERO));
        } else {
            p.volumes.retry = Some((now + FIRST_ATTEMPT, FIRST_RETRY));
        }
    }
    env.cx.queue.alarm(Part::Volumes(a.node, p.uid), p.volumes.poll_at());
    true
}

/// Does what is due: a mount attempt, or the end of a wait that took too long.
pub fn poll(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    let now = env.now();
    if p.worker.stage != super::pod_workers::Stage::Sync {
        // Nothing is mounted any more for a Pod that is being stopped.
        p.volumes.retry = None;
    }
    if let Some((at, backoff)) = p.volumes.retry
        && at <= now
        && !p.volumes.mounted
        && p.volumes.seen_at.is_none()
    {
        let missing = missing(p, env);
        if missing.is_empty() {
            p.volumes.retry = None;
            // The ordinary wait is measured whole; a late mount is seen by the next poll of the wait.
            let late = backoff > Duration::ZERO;
            let since = p.volumes.waiting_since.filter(|_| late);
            p.volumes.seen_at = Some(since.map_or(now, |since| now.ceil_to_grid(since, POLL)));
        } else {
            for (volume, why) in &missing {
                let message = format!("MountVolume.SetUp failed for volume \"{volume}\" : {why}");
                event(a, p, env, None, true, "FailedMount", &message);
            }
            let next = backoff.max(FIRST_RETRY);
            let doubled = next.times(2);
            p.volumes.retry = Some((now + next, if doubled > LAST_RETRY { LAST_RETRY } else { doubled }));
        }
    }
    if p.volumes.seen_at.is_some_and(|at| at <= now) {
        p.volumes.seen_at = None;
        p.volumes.mounted = true;
        if let Some(slice) = p.volumes.slice {
            env.cx.log.end(slice, now);
        }
    }
    if matches!(p.worker.busy, Busy::Volumes) {
        if p.volumes.mounted {
            p.volumes.waiting_since = None;
            pod_workers::start_pass(a, p, env);
        } else if p.volumes.waiting_since.is_some_and(|s| s + LIMIT <= now) {
            p.volumes.waiting_since = None;
            pod_workers::finish_step(a, p, env, Outcome::Failed { expiry: None });
        }
    } else {
        p.volumes.waiting_since = None;
    }
    if !p.volumes.mounted {
        env.cx.queue.alarm(Part::Volumes(a.node, p.uid), p.volumes.poll_at());
    }
}

/// Volumes that cannot be mounted, with the reason.
fn missing(p: &PodEntry, env: &Env) -> Vec<(String, String)> {
    let namespace = &p.pod.metadata.namespace;
    p.pod
        .spec
        .volumes
        .iter()
        .filter_map(|v| {
            let sources = super::config::sources(v);
            let why: Vec<String> = sources.iter().filter_map(|s| missing_one(s, namespace, env)).collect();
            let text = match why.as_slice() {
                [] => return None,
                [one] => one.clone(),
                many => format!("[{}]", many.join(", ")),
            };
            Some((v.name.clone(), text))
        })
        .collect()
}

fn missing_one(volume: &Volume, namespace: &str, env: &Env) -> Option<String> {
    if let Some(source) = &volume.config_map
        && !source.optional
        && source.name != ROOT_CA
    {
        match env.api.config_map(namespace, &source.name) {
            None => return Some(format!("configmap \"{}\" not found", source.name)),
            Some(map) => {
                let known = |k: &String| map.data.contains_key(k) || map.binary_data.contains_key(k);
                if let Some(item) = source.items.iter().find(|i| !known(&i.key)) {
                    return Some(format!("configmap references non-existent config key: {}", item.key));
                }
            }
        }
    }
    if let Some(source) = &volume.secret
        && !source.optional
    {
        match env.api.secret(namespace, &source.secret_name) {
            None => return Some(format!("secret \"{}\" not found", source.secret_name)),
            Some(secret) => {
                let known = |k: &String| secret.data.contains_key(k) || secret.string_data.contains_key(k);
                if let Some(item) = source.items.iter().find(|i| !known(&i.key)) {
                    return Some(format!("references non-existent secret key: {}", item.key));
                }
            }
        }
    }
    None
}
