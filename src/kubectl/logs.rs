//! `kubectl logs`: whose log it is, and why there may be none.
//!
//! The kubelet decides which instance is meant (`validateContainerLogStatus`); kubectl names the container.

use std::rc::Rc;

use super::command::Logs;
use super::pods;
use super::run::Printed;
use super::server::{Refusal, Server};
use crate::api::{ContainerStatus, Pod};
use crate::sort;
use crate::time::Calendar;

/// A log that is being printed.
#[derive(Clone, Debug)]
pub(super) struct Source {
    namespace: String,
    pod: Rc<str>,
    container: String,
    /// `containerID` of the instance.
    id: Rc<str>,
    /// Lines printed so far.
    printed: usize,
    /// Bytes that may still be printed.
    left: usize,
}

/// Prints what there is. With `-f` the logs that go on come back.
pub(super) fn start(logs: &Logs, server: &dyn Server, out: &mut Printed) -> Vec<Source> {
    let mut sources = Vec::new();
    let pods = match chosen_pods(logs, server, out) {
        Ok(pods) => pods,
        Err(refusal) => {
            out.fail(&refusal.text(None));
            return sources;
        }
    };
    for pod in &pods {
        if let Err(refusal) = one_pod(logs, pod, server, out, &mut sources) {
            out.fail(&refusal.text(None));
            return Vec::new();
        }
    }
    if logs.follow { sources } else { Vec::new() }
}

fn chosen_pods(logs: &Logs, server: &dyn Server, out: &mut Printed) -> Result<Vec<Rc<Pod>>, Refusal> {
    let namespace = logs.namespace.as_str();
    if let Some(target) = &logs.target {
        return match pods::of(target, namespace, pods::Purpose::Logs, server) {
            Ok(mut pods) => {
                if let ([first, _, ..], false) = (pods.as_slice(), logs.all_pods) {
                    out.warn(&format!("Found {} pods, using pod/{}", pods.len(), first.metadata.name));
                    pods.truncate(1);
                }
                Ok(pods)
            }
            Err(Refusal::Status {
                reason: "NotFound",
                message,
            }) => Err(Refusal::Local(format!(
                "error from server (NotFound): {message} in namespace \"{namespace}\""
            ))),
            Err(other) => Err(other),
        };
    }
    let mut found = server.objects("Pod", Some(namespace));
    found.retain(|o| logs.selector.as_ref().is_none_or(|s| s.matches(&o.labels)));
    sort::sort_by(&mut found, |a, b| a.name.cmp(&b.name));
    if found.is_empty() {
        out.warn(&format!("No resources found in {namespace} namespace."));
    }
    Ok(found.into_iter().filter_map(|o| o.pod).collect())
}

fn one_pod(
    logs: &Logs,
    pod: &Rc<Pod>,
    server: &dyn Server,
    out: &mut Printed,
    sources: &mut Vec<Source>,
) -> Result<(), Refusal> {
    let containers: Vec<String> = if logs.all_containers {
        let spec = &pod.spec;
        let all = spec
            .init_containers
            .iter()
            .chain(&spec.containers)
            .chain(&spec.ephemeral_containers);
        all.map(|c| c.name.to_string()).collect()
    } else {
        let (name, said) = pods::container(pod, logs.container.as_deref())?;
        if let Some(said) = said.filter(|_| !logs.all_pods) {
            out.warn(&said);
        }
        vec![name]
    };
    // The API server has nobody to ask yet; that is no error.
    if pod.spec.node_name.is_empty() {
        return Ok(());
    }
    for container in containers {
        let path = request(logs, pod, &container);
        server.reach_kubelet(&pod.spec.node_name, Some(&path))?;
        let id = instance(pod, &container, logs.previous)?;
        let mut source = Source {
            namespace: pod.metadata.namespace.to_string(),
            pod: pod.metadata.name.clone(),
            container,
            id,
            printed: 0,
            left: logs.limit.unwrap_or(usize::MAX),
        };
        let lines = server.logs(&source.namespace, &source.pod, &source.container, &source.id);
        let calendar = server.calendar();
        let since = logs.since.map(|d| server.now() - d);
        let since = since.or_else(|| logs.since_time.as_deref().and_then(|t| calendar.parse(t)));
        if let Some(since) = since {
            source.printed = lines.iter().filter(|(at, _)| *at < since).count();
        }
        let lines = lines.len();
        if let Some(tail) = logs.tail {
            source.printed = source.printed.max(lines.saturating_sub(tail));
        }
        source.print(logs, server, out);
        sources.push(source);
    }
    Ok(())
}

/// The path at which the API server asks the kubelet for a log, with its parameters in the order of the alphabet.
fn request(logs: &Logs, pod: &Pod, container: &str) -> String {
    let meta = &pod.metadata;
    let yes = |on: bool| on.then(|| "true".to_owned());
    let since = logs
        .since
        .map(|since| (since.millis().max(0) as u64).div_ceil(1000).to_string());
    let parameters = [
        ("follow", yes(logs.follow)),
        ("limitBytes", logs.limit.map(|limit| limit.to_string())),
        ("previous", yes(logs.previous)),
        ("sinceSeconds", since),
        (
            "sinceTime",
            logs.since_time.as_ref().map(|time| time.replace(':', "%3A")),
        ),
        ("tailLines", logs.tail.map(|tail| tail.to_string())),
        ("timestamps", yes(logs.timestamps)),
    ];
    let mut path = format!("containerLogs/{}/{}/{container}", meta.namespace, meta.name);
    let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
    for (at, (name, value)) in given.enumerate() {
        let mark = if at == 0 { '?' } else { '&' };
        path.push_str(&format!("{mark}{name}={value}"));
    }
    path
}

impl Source {
    fn print(&mut self, logs: &Logs, server: &dyn Server, out: &mut Printed) {
        let lines = server.logs(&self.namespace, &self.pod, &self.container, &self.id);
        for (at, line) in lines.iter().skip(self.printed) {
            let mut text = String::new();
            if logs.prefix || logs.all_pods {
                text.push_str(&format!("[pod/{}/{}] ", self.pod, self.container));
            }
            if logs.timestamps {
                text.push_str(&nanoseconds(*at, server.calendar()));
                text.push(' ');
            }
            text.push_str(line);
            text.push('\n');
            if text.len() > self.left {
                let end = (0..=self.left).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                text.truncate(end);
            }
            self.left -= text.len().min(self.left);
            out.print(&text);
        }
        self.printed = lines.len().max(self.printed);
    }

    /// Whether nothing can come any more.
    fn ended(&self, server: &dyn Server) -> bool {
        let pod = server.object("Pod", &self.namespace, &self.pod).and_then(|o| o.pod);
        let Some(pod) = pod else {
            return true;
        };
        let status = status_of(&pod, &self.container);
        let running = status.is_some_and(|s| s.container_id == self.id && s.state.running.is_some());
        !running
    }
}

/// Prints what is new. Whether all logs have ended.
pub(super) fn follow(logs: &Logs, sources: &mut Vec<Source>, server: &dyn Server, out: &mut Printed) -> bool {
    for source in sources.iter_mut() {
        source.print(logs, server, out);
    }
    sources.retain(|source| !source.ended(server));
    sources.is_empty()
}

fn status_of<'p>(pod: &'p Pod, container: &str) -> Option<&'p ContainerStatus> {
    let status = &pod.status;
    let all = status.container_statuses.iter().chain(&status.init_container_statuses);
    all.chain(&status.ephemeral_container_statuses)
        .find(|s| &*s.name == container)
}

/// The instance whose log is meant, as the kubelet chooses it.
fn instance(pod: &Pod, container: &str, previous: bool) -> Result<Rc<str>, Refusal> {
    let name = &pod.metadata.name;
    let who = format!("container \"{container}\" in pod \"{name}\"");
    let refuse = |text: String| Err(Refusal::bad_request(text));
    let Some(status) = status_of(pod, container) else {
        return refuse(format!("{who} is not available"));
    };
    let last = status
        .last_state
        .terminated
        .as_ref()
        .filter(|t| !t.container_id.is_empty());
    if previous {
        return match last {
            Some(last) => Ok(last.container_id.clone()),
            None => refuse(format!("previous terminated {who} not found")),
        };
    }
    let state = &status.state;
    if state.running.is_some() {
        return Ok(status.container_id.clone());
    }
    if let Some(ended) = &state.terminated {
        return match (ended.container_id.is_empty(), last) {
            (false, _) => Ok(ended.container_id.clone()),
            (true, Some(last)) => Ok(last.container_id.clone()),
            (true, None) => refuse(format!("{who} is terminated")),
        };
    }
    if let Some(last) = &status.last_state.terminated {
        return match last.container_id.is_empty() {
            false => Ok(last.container_id.clone()),
            true => refuse(format!("{who} is terminated")),
        };
    }
    match state.waiting.as_ref().map(|w| &*w.reason) {
        Some("ErrImagePull") => refuse(format!("{who} is waiting to start: image can't be pulled")),
        Some("ImagePullBackOff") => refuse(format!("{who} is waiting to start: trying and failing to pull image")),
        Some(reason) => refuse(format!("{who} is waiting to start: {reason}")),
        None => refuse(format!("{who} is waiting to start - no logs yet")),
    }
}

/// RFC 3339 with nine digits, as the runtime stamps each line.
fn nanoseconds(at: crate::time::Instant, calendar: Calendar) -> String {
    let whole = calendar.rfc3339(at);
    let fraction = at.micros().rem_euclid(1_000_000);
    format!("{}.{fraction:06}000Z", whole.trim_end_matches('Z'))
}
