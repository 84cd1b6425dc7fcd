//! Twin: pkg/kubelet/lifecycle/handlers.go (v1.36.2)
//! Covers: postStart and preStop by exec, httpGet and sleep; runHTTPHandler's second request without TLS.
//! Left out: servers that speak TLS: every server here speaks plain HTTP.

use std::rc::Rc;

use super::entry::{Agent, Env, PodEntry, event};
use super::helpers;
use super::kuberuntime_container::field_base;
use crate::api::pod::{Container, Handler, HttpGetAction};
use crate::cri::ExecHandle;
use crate::probe::{self, Asker};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, Rule, What};

/// A hook that runs.
#[derive(Clone, Debug)]
pub struct Hook {
    run: Run,
    what: Rc<str>,
    slice: EntryId,
}

#[derive(Clone, Debug)]
enum Run {
    /// The result is known from this instant on.
    Known { at: Instant, error: Option<Rc<str>> },
    Exec {
        node: u16,
        handle: ExecHandle,
        command: Vec<String>,
    },
}

impl Hook {
    /// Begins a hook in the container `id`, at position `index`. `stage` is `postStart` or `preStop`.
    pub fn begin(
        a: &mut Agent,
        p: &mut PodEntry,
        env: &mut Env,
        index: usize,
        id: u32,
        handler: &Handler,
        stage: &str,
    ) -> Self {
        let now = env.now();
        let meta = &p.pod.metadata;
        let pod = p.pod.clone();
        let container = helpers::container_at(&pod.spec, index);
        let name = container.map(|c| c.name.clone()).unwrap_or_default();
        let what: Rc<str> = format!(
            "for Container \"{name}\" in Pod \"{}_{}({})\" failed - error: ",
            meta.name, meta.namespace, meta.uid
        )
        .into();
        let lane = p.container_lanes(index).hook.unwrap_or(p.container_lanes(index).main);
        let path = if stage == "preStop" {
            "lifecycle.preStop"
        } else {
            "lifecycle.postStart"
        };
        let cause = Cause::of(Rule::HookRan)
            .field(field_base(p, index), path)
            .after(p.story_of(index));
        let slice = env.cx.log.begin(lane, now, What::Hook { stage: stage.into() }, cause);
        p.tell(index, slice);
        let run = if let Some(exec) = &handler.exec {
            let shown = format!("[{}]", exec.command.join(" "));
            match env.wide().exec(a.node, id, &exec.command) {
                Ok(handle) => Run::Exec {
                    node: a.node,
                    handle,
                    command: exec.command.clone(),
                },
                Err(message) => Run::Known {
                    at: now + Duration::from_millis(40),
                    error: Some(format!("Exec lifecycle hook ({shown}) {what}{message}, message: \"\"").into()),
                },
            }
        } else if let Some(get) = &handler.http_get {
            let asked = probe::request(&mut env.wide(), a.node, get, container, p.uid, Asker::Hook);
            let (spent, error) = match asked {
                Ok((spent, Ok(_))) => {
                    if get.scheme == "HTTPS" {
                        fell_back(a, p, env, container, get);
                    }
                    (spent, None)
                }
                Ok((spent, Err(text))) => (spent, Some(text)),
                Err(text) => (Duration::ZERO, Some(text)),
            };
            Run::Known {
                at: now + spent + Duration::from_millis(2),
                error: error.map(|text| format!("HTTP lifecycle hook ({}) {what}{text}", get.path).into()),
            }
        } else if let Some(sleep) = &handler.sleep {
            Run::Known {
                at: now + Duration::from_secs(sleep.seconds),
                error: None,
            }
        } else {
            Run::Known {
                at: now,
                error: Some(format!("invalid handler {what}").into()),
            }
        };
        Hook { run, what, slice }
    }

    /// When the hook ends by itself, if that is known. The end of a command wakes the worker.
    pub fn poll_at(&self) -> Option<Instant> {
        match &self.run {
            Run::Known { at, .. } => Some(*at),
            Run::Exec { .. } => None,
        }
    }

    /// The hook's result, once there is one.
    pub fn poll(&mut self, _a: &mut Agent, _p: &mut PodEntry, env: &mut Env) -> Option<Result<(), Rc<str>>> {
        let now = env.now();
        let result = match &self.run {
            Run::Known { at, error } => {
                if *at > now {
                    return None;
                }
                error.clone().map_or(Ok(()), Err)
            }
            Run::Exec { node, handle, command } => {
                let done = env.runtimes[usize::from(*node)].exec_result(handle)?;
                if done.code == 0 {
                    Ok(())
                } else {
                    let shown = command.join(" ");
                    let (code, output) = (done.code, &done.output);
                    Err(format!(
                        "Exec lifecycle hook ([{shown}]) {}command '{shown}' exited with {code}: {output}, message: {output:?}",
                        self.what
                    )
                    .into())
                }
            }
        };
        env.cx.log.end(self.slice, now);
        Some(result)
    }

    /// Whether it is a command in the container, which ends with the container.
    pub fn is_command(&self) -> bool {
        matches!(self.run, Run::Exec { .. })
    }

    /// The kubelet waits no longer. The hook itself is not stopped.
    pub fn give_up(&mut self, env: &mut Env) {
        env.cx.log.end(self.slice, env.cx.now);
    }
}

/// A server without TLS has answered an HTTPS hook, and the request without TLS that follows succeeds.
fn fell_back(a: &mut Agent, p: &PodEntry, env: &mut Env, container: Option<&Container>, get: &HttpGetAction) {
    let own = env.wide().address(a.node, p.uid);
    let host = if get.host.is_empty() { &*own } else { &get.host };
    let port = probe::resolve_port(&get.port, container).unwrap_or(0);
    let text = format!("request to HTTPS lifecycle hook {host}:{port} got HTTP response, retry with HTTP succeeded");
    event(a, p, env, None, true, "LifecycleHTTPFallback", &text);
}
