//! Twin: pkg/kubelet/images/image_manager.go (v1.36.2)
//! Twin: pkg/kubelet/images/puller.go (v1.36.2)
//! Covers: EnsureImageExists, pull policies, the serial pull queue, pull back-off.
//! Left out: credentials, parallel pulls, the pull rate limit, image garbage collection.

use std::collections::VecDeque;
use std::rc::Rc;

use super::backoff::Backoff;
use super::entry::{Agent, Env, PodEntry, event};
use super::helpers;
use super::kubelet_pods::Refusal;
use super::kuberuntime_container::field_base;
use crate::api::pod::PullPolicy;
use crate::machine::{Part, Uid};
use crate::map::{Map, Set};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, Rule, What};
use crate::world::{PullOutcome, Reference, registry::canonical};

/// Images of a node: what is there, what is being pulled, what is held back.
#[derive(Clone, Debug)]
pub struct ImageManager {
    present: Set<String>,
    backoff: Backoff<(Uid, Rc<str>)>,
    last_error: Map<(Uid, Rc<str>), Rc<str>>,
    attempts: Map<String, usize>,
    queue: VecDeque<Pull>,
    running: Option<(Pull, Instant)>,
    done: Map<u32, Finished>,
    next_ticket: u32,
}

#[derive(Clone, Debug)]
struct Pull {
    ticket: u32,
    uid: Uid,
    image: Rc<str>,
    queued: Instant,
    slice: EntryId,
}

#[derive(Clone, Debug)]
struct Finished {
    result: Result<PullDone, Rc<str>>,
    slice: EntryId,
}

#[derive(Clone, Copy, Debug)]
struct PullDone {
    took: Duration,
    waited: Duration,
    bytes: i64,
}

/// What became of the wish for an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// It is there.
    Present,
    /// It is being pulled; ask with this ticket.
    Pulling {
        /// Number of the pull.
        ticket: u32,
    },
    /// It is not to be had now.
    Failed {
        /// Waiting reason.
        reason: Rc<str>,
        /// Waiting message.
        message: Rc<str>,
    },
}

impl ImageManager {
    /// When the first back-off of this Pod's pulls is over that is not over yet.
    pub fn back_off_ends(&self, uid: Uid, now: Instant) -> Option<Instant> {
        self.backoff.next_over(|key| key.0 == uid, now)
    }

    /// A node with these images.
    pub fn new(present: &[String]) -> Self {
        let ten = Duration::from_secs(10);
        let five_minutes = Duration::from_secs(300);
        ImageManager {
            present: present.iter().map(|i| canonical(i)).collect(),
            backoff: Backoff::new(ten, five_minutes, Duration::from_secs(600)),
            last_error: Map::new(),
            attempts: Map::new(),
            queue: VecDeque::new(),
            running: None,
            done: Map::new(),
            next_ticket: 0,
        }
    }

    /// What was in memory is forgotten: back-offs, errors, pulls under way.
    pub fn restart(&mut self) {
        self.backoff.clear();
        self.last_error.clear();
        self.queue.clear();
        self.running = None;
        self.done.clear();
    }

    /// When a pull ends.
    pub fn poll_at(&self) -> Option<Instant> {
        self.running.as_ref().map(|r| r.1)
    }
}

/// Sees to it that the image of the container at `index` is there (spec/01 §7.1).
pub fn ensure_image_exists(a: &mut Agent, p: &mut PodEntry, env: &mut Env, index: usize) -> Ensured {
    let Some(container) = helpers::container_at(&p.pod.spec, index) else {
        return Ensured::Failed {
            reason: "InvalidImageName".into(),
            message: "".into(),
        };
    };
    let (image, policy) = (container.image.clone(), container.image_pull_policy);
    let now = env.now();
    if let Err(why) = Reference::parse(&image) {
        let message =
            format!("Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": {why}");
        event(a, p, env, Some(index), true, "InspectFailed", &message);
        return Ensured::Failed {
            reason: "InvalidImageName".into(),
            message: message.into(),
        };
    }
    let name = canonical(&image);
    let present = a.images.present.contains(&name);
    if present && policy != Some(PullPolicy::Always) {
        let suffix = if a.profile.ensure_secret_pulled_images {
            " and can be accessed by the pod"
        } else {
            ""
        };
        let text = format!("Container image \"{image}\" already present on machine{suffix}");
        event(a, p, env, Some(index), false, "Pulled", &text);
        return Ensured::Present;
    }
    if policy == Some(PullPolicy::Never) {
        let message = format!("Container image \"{image}\" is not present with pull policy of Never");
        event(a, p, env, Some(index), true, "ErrImageNeverPull", &message);
        return Ensured::Failed {
            reason: "ErrImageNeverPull".into(),
            message: message.into(),
        };
    }
    let key = (p.uid, image.clone());
    if a.images.backoff.in_backoff_since_update(&key, now) {
        let text = format!("Back-off pulling image \"{image}\"");
        let message = match a.images.last_error.get(&key) {
            Some(error) => format!("{text}: ErrImagePull: {error}"),
            None => text.clone(),
        };
        let rule = Rule::ImagePullRefused {
            backoff: a.images.backoff.get(&key),
            until: a.images.backoff.over_at(&key).unwrap_or(now),
        };
        let cause = Cause::of(rule)
            .field(field_base(p, index), "image")
            .after(p.story_of(index));
        let lane = p.container_lanes(index).image;
        let refused = env.cx.log.instant(lane, now, What::Decided("".into()), cause);
        p.tell(index, refused);
        event(a, p, env, Some(index), false, "BackOff", &text);
        return Ensured::Failed {
            reason: "ImagePullBackOff".into(),
            message: message.into(),
        };
    }
    event(
        a,
        p,
        env,
        Some(index),
        false,
        "Pulling",
        &format!("Pulling image \"{image}\""),
    );
    let policy = policy.unwrap_or(PullPolicy::IfNotPresent);
    let cause = Cause::of(Rule::ImagePulled { policy })
        .field(field_base(p, index), "image")
        .field(field_base(p, index), "imagePullPolicy")
        .after(p.story_of(index));
    let slice = env.cx.log.begin(
        p.container_lanes(index).image,
        now,
        What::Pulling { image: image.clone() },
        cause,
    );
    a.images.next_ticket += 1;
    let ticket = a.images.next_ticket;
    a.images.queue.push_back(Pull {
        ticket,
        uid: p.uid,
        image,
        queued: now,
        slice,
    });
    begin_next(a, env);
    Ensured::Pulling { ticket }
}

/// How a pull of this image goes now: as the registry says, if it can be reached.
fn outcome(a: &Agent, env: &Env, image: &str, attempt: usize) -> PullOutcome {
    if env.runtimes[usize::from(a.node)].registry_up(env.cx.now) {
        return env.world.registry.pull(image, attempt);
    }
    let name = canonical(image);
    let error = format!(
        "failed to pull and unpack image \"{name}\": failed to resolve reference \"{name}\": failed to do request: \
         dial tcp: connect: connection refused"
    );
    PullOutcome {
        takes: Duration::from_millis(30),
        result: Err(error),
        assumed: None,
    }
}

/// Begins the next pull if none runs: the default pulls one image after another.
fn begin_next(a: &mut Agent, env: &mut Env) {
    if a.images.running.is_some() {
        return;
    }
    let Some(pull) = a.images.queue.pop_front() else { return };
    let name = canonical(&pull.image);
    let attempt = a.images.attempts.get(&name).copied().unwrap_or(0);
    let until = env.now() + takes(a, env, &pull.image, attempt);
    a.images.running = Some((pull, until));
    env.cx.queue.alarm(Part::Images(a.node), Some(until));
}

/// How long a pull takes. Of an image that is here already only the digest is asked for, unless the scenario says how
/// long its pulls take.
fn takes(a: &Agent, env: &Env, image: &str, attempt: usize) -> Duration {
    let outcome = outcome(a, env, image, attempt);
    let known = a.images.present.contains(&canonical(image));
    if known && outcome.assumed.is_some() && outcome.result.is_ok() {
        DIGEST_ASKED
    } else {
        outcome.takes
    }
}

/// Assumed: one round trip to a registry outside the cluster.
const DIGEST_ASKED: Duration = Duration::from_millis(500);

/// Ends the pull that is due. Returns the Pod that waits for it.
pub fn poll(a: &mut Agent, env: &mut Env) -> Option<Uid> {
    let now = env.now();
    if a.images.running.as_ref().is_none_or(|(_, until)| *until > now) {
        return None;
    }
    let (pull, _) = a.images.running.take()?;
    let name = canonical(&pull.image);
    let attempt = a.images.attempts.get(&name).copied().unwrap_or(0);
    let took = takes(a, env, &pull.image, attempt);
    let outcome = outcome(a, env, &pull.image, attempt);
    a.images.attempts.insert(name.clone(), attempt.saturating_add(1));
    env.cx.log.end(pull.slice, now);
    let result: Result<PullDone, Rc<str>> = match outcome.result {
        Err(error) => Err(error.into()),
        Ok(bytes) => {
            a.images.present.insert(name);
            Ok(PullDone {
                took,
                waited: now - pull.queued,
                bytes,
            })
        }
    };
    let key = (pull.uid, pull.image.clone());
    match &result {
        Ok(_) => a.images.backoff.gc(now),
        Err(error) => {
            a.images.backoff.next(key.clone(), now, now);
            a.images.last_error.insert(key, error.clone());
        }
    }
    a.images.done.insert(
        pull.ticket,
        Finished {
            result,
            slice: pull.slice,
        },
    );
    begin_next(a, env);
    Some(pull.uid)
}

/// The result of a pull, once there is one, with its events.
pub fn take_result(
    a: &mut Agent,
    p: &mut PodEntry,
    env: &mut Env,
    index: usize,
    ticket: u32,
) -> Option<Result<(), Refusal>> {
    let finished = a.images.done.remove(&ticket)?;
    let image = helpers::container_at(&p.pod.spec, index)
        .map(|c| c.image.clone())
        .unwrap_or_default();
    Some(match finished.result {
        Ok(done) => {
            let ms = |d: Duration| Duration::from_millis(d.millis());
            let text = format!(
                "Successfully pulled image \"{image}\" in {} ({} including waiting). Image size: {} bytes.",
                ms(done.took),
                ms(done.waited),
                done.bytes
            );
            p.tell(index, finished.slice);
            event(a, p, env, Some(index), false, "Pulled", &text);
            Ok(())
        }
        Err(error) => {
            let backoff = a.images.backoff.get(&(p.uid, image.clone()));
            let lane = p.container_lanes(index).image;
            let cause = Cause::of(Rule::ImagePullFailed { backoff })
                .field(field_base(p, index), "image")
                .after(Some(finished.slice));
            let what = What::Decided(error.clone());
            let failed = env.cx.log.instant(lane, env.now(), what, cause);
            p.tell(index, failed);
            let text = format!("Failed to pull image \"{image}\": {error}");
            event(a, p, env, Some(index), true, "Failed", &text);
            Err(("ErrImagePull".into(), error))
        }
    })
}
