//! Twin: pkg/kubelet/kuberuntime/kuberuntime_container.go (v1.36.2)
//! Covers: startContainer: image, configuration, create, start, postStart hook.
//! Left out: the internal hooks before create and start, log directories.

use std::rc::Rc;

use super::entry::{Agent, Env, PodEntry, event};
use super::handlers::Hook;
use super::helpers;
use super::image_manager::{self, Ensured};
use super::kuberuntime_kill::ContainerKill;
use crate::machine::Latency;
use crate::time::Instant;
use crate::trace::{Cause, EntryId, FieldBase, Rule, What};

/// How a start came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartResult {
    /// It runs.
    Started,
    /// It does not.
    Refused {
        /// Waiting reason.
        reason: Rc<str>,
        /// Waiting message.
        message: Rc<str>,
        /// End of the back-off, for a crash loop.
        expiry: Option<Instant>,
    },
}

impl StartResult {
    /// A refusal without back-off.
    pub fn refused(reason: &str, message: &str) -> Self {
        StartResult::Refused {
            reason: reason.into(),
            message: message.into(),
            expiry: None,
        }
    }
}

/// A container on its way up.
#[derive(Clone, Debug)]
pub struct Starting {
    /// Position in the Pod.
    pub index: usize,
    step: Step,
    slice: Option<EntryId>,
}

#[derive(Clone, Debug)]
enum Step {
    Image { ticket: u32 },
    Create { at: Instant },
    Start { at: Instant, id: u32 },
    Settle { at: Instant, id: u32 },
    PostStart { hook: Hook, id: u32 },
    KillAfterHook { kill: Box<ContainerKill>, message: Rc<str> },
    Over { at: Instant, result: StartResult },
}

impl Starting {
    /// Begins with the image.
    pub fn begin(a: &mut Agent, p: &mut PodEntry, env: &mut Env, index: usize) -> Self {
        let now = env.now();
        let mut starting = Starting {
            index,
            step: Step::Create { at: now },
            slice: None,
        };
        match image_manager::ensure_image_exists(a, p, env, index) {
            Ensured::Present => starting.configure(a, p, env),
            Ensured::Pulling { ticket } => starting.step = Step::Image { ticket },
            Ensured::Failed { reason, message } => starting.image_failed(a, p, env, &reason, &message),
        }
        starting
    }

    /// When something is due by itself.
    pub fn poll_at(&self) -> Option<Instant> {
        match &self.step {
            Step::Image { .. } => None,
            Step::Create { at } | Step::Start { at, .. } | Step::Settle { at, .. } | Step::Over { at, .. } => Some(*at),
            Step::PostStart { hook, .. } => hook.poll_at(),
            Step::KillAfterHook { kill, .. } => kill.poll_at(),
        }
    }

    fn image_failed(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, reason: &str, message: &str) {
        event(a, p, env, Some(self.index), true, "Failed", &format!("Error: {reason}"));
        self.step = Step::Over {
            at: env.now(),
            result: StartResult::refused(reason, message),
        };
    }

    /// Puts together what the container needs; a missing ConfigMap or Secret stops it here.
    fn configure(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
        let now = env.now();
        match super::config::generate(a, p, env, self.index) {
            Ok(()) => {
                let lane = p.container_lanes(self.index).main;
                let cause = Cause::of(Rule::ContainerStarted).after(p.story_of(self.index));
                let slice = env.cx.log.begin(lane, now, What::Creating, cause);
                p.tell(self.index, slice);
                self.slice = Some(slice);
                self.step = Step::Create {
                    at: now + env.cx.draw(Latency::Create, slot(p, self.index)),
                };
            }
            Err((field, message)) => {
                let lane = p.container_lanes(self.index).main;
                let what = What::Decided(message.as_str().into());
                let cause = Cause::of(Rule::ConfigMissing)
                    .field(field_base(p, self.index), field)
                    .after(p.story_of(self.index));
                let missing = env.cx.log.instant(lane, now, what, cause);
                p.tell(self.index, missing);
                event(
                    a,
                    p,
                    env,
                    Some(self.index),
                    true,
                    "Failed",
                    &format!("Error: {message}"),
                );
                let result = StartResult::refused("CreateContainerConfigError", &message);
                self.step = Step::Over { at: now, result };
            }
        }
    }

    /// Does what is due. Returns the result once there is one.
    pub fn poll(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> Option<StartResult> {
        loop {
            let now = env.now();
            match &mut self.step {
                Step::Image { ticket } => match image_manager::take_result(a, p, env, self.index, *ticket)? {
                    Ok(()) => self.configure(a, p, env),
                    Err((reason, message)) => self.image_failed(a, p, env, &reason, &message),
                },
                Step::Create { at } => {
                    if *at > now {
                        return None;
                    }
                    self.create(a, p, env);
                }
                Step::Start { at, id } => {
                    if *at > now {
                        return None;
                    }
                    let id = *id;
                    self.start(a, p, env, id);
                }
                Step::Settle { at, id } => {
                    if *at > now {
                        return None;
                    }
                    let id = *id;
                    self.settle(a, p, env, id);
                }
                Step::PostStart { hook, id } => {
                    let id = *id;
                    match hook.poll(a, p, env)? {
                        Ok(()) => self.over(now, StartResult::Started),
                        Err(message) => self.hook_failed(a, p, env, id, &message),
                    }
                }
                Step::KillAfterHook { kill, message } => {
                    kill.poll(a, p, env, true);
                    if !kill.is_done() {
                        return None;
                    }
                    let result = StartResult::refused("PostStartHookError", message);
                    self.over(now, result);
                }
                Step::Over { at, result } => {
                    if *at > now {
                        return None;
                    }
                    return Some(result.clone());
                }
            }
        }
    }

    fn over(&mut self, at: Instant, result: StartResult) {
        self.step = Step::Over { at, result };
    }

    fn create(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
        let now = env.now();
        let spec = p.pod.spec.clone();
        let Some(container) = helpers::container_at(&spec, self.index) else {
            self.over(
                now,
                StartResult::refused("CreateContainerError", "the container is gone from the spec"),
            );
            return;
        };
        let start = super::config::start_of(a, p, env, self.index, container);
        let id = env.runtimes[usize::from(a.node)].create(start, now);
        let text = if a.profile.short_container_events {
            "Container created".to_owned()
        } else {
            format!("Created container: {}", container.name)
        };
        event(a, p, env, Some(self.index), false, "Created", &text);
        self.step = Step::Start {
            at: now + env.cx.draw(Latency::Start, slot(p, self.index)),
            id,
        };
    }

    fn start(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, id: u32) {
        let now = env.now();
        if let Some(slice) = self.slice {
            env.cx.log.end(slice, now);
        }
        let cause = Cause::of(Rule::ContainerStarted).after(self.slice.or(p.story));
        match env.wide().start(a.node, id, cause) {
            Ok(entry) => {
                p.tell(self.index, entry);
                super::pleg::notice(a, p, env);
                self.step = Step::Settle {
                    at: now + Latency::PassEnd.nominal(),
                    id,
                };
            }
            Err(message) => {
                super::pleg::notice(a, p, env);
                let lane = p.container_lanes(self.index).main;
                let base = field_base(p, self.index);
                let cause = Cause::of(Rule::StartFailed).field(base, "command").after(self.slice);
                let failed = env.cx.log.instant(lane, now, What::Exit { code: 128 }, cause);
                p.tell(self.index, failed);
                event(
                    a,
                    p,
                    env,
                    Some(self.index),
                    true,
                    "Failed",
                    &format!("Error: {message}"),
                );
                self.over(now, StartResult::refused("RunContainerError", &message));
            }
        }
    }

    fn settle(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, id: u32) {
        let now = env.now();
        let spec = p.pod.spec.clone();
        let container = helpers::container_at(&spec, self.index);
        let name = container.map(|c| c.name.clone()).unwrap_or_default();
        let text = if a.profile.short_container_events {
            "Container started".to_owned()
        } else {
            format!("Started container {name}")
        };
        event(a, p, env, Some(self.index), false, "Started", &text);
        match container
            .and_then(|c| c.lifecycle.as_ref())
            .and_then(|l| l.post_start.as_ref())
        {
            Some(handler) => {
                let hook = Hook::begin(a, p, env, self.index, id, handler, "postStart");
                self.step = Step::PostStart { hook, id };
            }
            // The next container of the pass begins a little later (start to start 90 ms).
            None => self.over(now, StartResult::Started),
        }
    }

    fn hook_failed(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, id: u32, message: &str) {
        let lane = p.container_lanes(self.index).main;
        let base = field_base(p, self.index);
        let cause = Cause::of(Rule::PostStartFailed)
            .field(base, "lifecycle.postStart")
            .after(p.story_of(self.index));
        let failed = env
            .cx
            .log
            .instant(lane, env.now(), What::Decided(message.into()), cause);
        p.tell(self.index, failed);
        event(
            a,
            p,
            env,
            Some(self.index),
            true,
            "FailedPostStartHook",
            "PostStartHook failed",
        );
        let text = Some("FailedPostStartHook");
        let kill = ContainerKill::begin(a, p, env, id, self.index, text, None, None);
        self.step = Step::KillAfterHook {
            kill: Box::new(kill),
            message: message.into(),
        };
    }
}

/// A number for draws that differ between the containers of a Pod.
fn slot(p: &PodEntry, index: usize) -> u32 {
    p.uid.0.wrapping_mul(64).wrapping_add(index as u32)
}

/// Where fields of the container at `index` begin.
pub fn field_base(p: &PodEntry, index: usize) -> FieldBase {
    let init = p.pod.spec.init_containers.len();
    let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    if index < init {
        FieldBase::InitContainer(small(index))
    } else {
        FieldBase::Container(small(index - init))
    }
}
