//! What `exec` and `logs` share: which Pod, and which of its containers.

use std::rc::Rc;

use super::command::Target;
use super::server::{Refusal, Server};
use crate::api::selects::selector_fits;
use crate::api::{Pod, Time};
use crate::manifest::Value;
use crate::sort;

/// Names the container that `exec` and `logs` take when none is given.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// For which command a Pod is chosen: `exec` takes the one that is Ready for longest and not being deleted, `logs` asks
/// for no such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Logs,
    Exec,
}

/// The Pods that a target stands for, the best one first: itself, or those of a workload or Service.
///
/// # Errors
/// The object is not there, or has no Pods.
pub(super) fn of(
    target: &Target,
    namespace: &str,
    purpose: Purpose,
    server: &dyn Server,
) -> Result<Vec<Rc<Pod>>, Refusal> {
    let name = target.name.as_deref().unwrap_or_default();
    let object = server.object(target.kind.kind, namespace, name);
    let object = object.ok_or_else(|| Refusal::not_found(&target.kind.resource(), name))?;
    if let Some(pod) = object.pod {
        return Ok(vec![pod]);
    }
    let kind = target.kind.kind;
    let fits: Box<dyn Fn(&Pod) -> bool> = match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" => {
            let selector = object.value.at(&["spec", "selector"]).cloned();
            Box::new(move |pod| selector_fits(selector.as_ref(), &pod.metadata.labels))
        }
        "Service" | "ReplicationController" => {
            let selector = object.value.at(&["spec", "selector"]).cloned().unwrap_or_default();
            if kind == "Service" && selector.members().is_empty() {
                let text = format!("invalid service '{name}': Service is defined without a selector");
                return Err(refused(kind, purpose, &text));
            }
            Box::new(move |pod| {
                let equal =
                    |(key, value): &(String, Value)| pod.metadata.labels.get(key).map(String::as_str) == value.as_str();
                selector.members().iter().all(equal)
            })
        }
        _ => {
            let text = format!("selector for *v1.{kind} not implemented");
            return Err(refused(kind, purpose, &text));
        }
    };
    let all = server.objects("Pod", Some(namespace)).into_iter();
    let mut pods: Vec<Rc<Pod>> = all.filter_map(|o| o.pod).filter(|pod| fits(pod)).collect();
    sort::sort_by_key(&mut pods, |pod| rank(pod, purpose));
    if pods.is_empty() {
        return Err(Refusal::Local("timed out waiting for the condition".to_owned()));
    }
    Ok(pods)
}

/// The best one of them for `exec` and `debug`.
///
/// # Errors
/// As [`of`].
pub(super) fn one(target: &Target, namespace: &str, server: &dyn Server) -> Result<Rc<Pod>, Refusal> {
    let pods = of(target, namespace, Purpose::Exec, server)?;
    let first = pods.into_iter().next();
    first.ok_or_else(|| Refusal::Local("timed out waiting for the condition".to_owned()))
}

fn refused(kind: &str, purpose: Purpose, why: &str) -> Refusal {
    let doing = match purpose {
        Purpose::Logs => "get the logs from",
        Purpose::Exec => "attach to",
    };
    Refusal::Local(format!("cannot {doing} *v1.{kind}: {why}"))
}

/// What comes first when Pods are sorted, smaller before greater. `podutils.ByLogging` and the reverse of
/// `podutils.ActivePods`; Pods alike in all of that by name.
type Rank = (bool, u8, bool, bool, Option<Time>, i64, Option<Time>, Rc<str>);

fn rank(pod: &Pod, purpose: Purpose) -> Rank {
    let phase = match (purpose, pod.status.phase.as_str()) {
        (_, "Running") => 0,
        (_, "Unknown") => 1,
        (Purpose::Logs, "Pending") => 2,
        // A phase that the list of upstream does not have counts as the first one there.
        (Purpose::Logs, _) => 0,
        (Purpose::Exec, _) => 2,
    };
    let mut conditions = pod.status.conditions.iter();
    let ready = conditions.find(|c| &*c.kind == "Ready" && &*c.status == "True");
    let deleted = purpose == Purpose::Exec && pod.metadata.deletion_timestamp.is_some();
    let restarts = pod.status.container_statuses.iter().map(|c| c.restart_count).max();
    let restarts = restarts.unwrap_or(0);
    (
        pod.spec.node_name.is_empty(),
        phase,
        ready.is_none(),
        deleted,
        ready.and_then(|c| c.last_transition_time),
        // Logs are wanted of the one that restarted most.
        if purpose == Purpose::Logs { -restarts } else { restarts },
        pod.metadata.creation_timestamp,
        pod.metadata.name.clone(),
    )
}

/// All names as messages list them: `a, b, i (init)`.
pub(super) fn container_names(pod: &Pod) -> String {
    let plain = pod.spec.containers.iter().map(|c| c.name.to_string());
    let debug = pod
        .spec
        .ephemeral_containers
        .iter()
        .map(|c| format!("{} (ephem)", c.name));
    let init = pod.spec.init_containers.iter().map(|c| format!("{} (init)", c.name));
    plain.chain(debug).chain(init).collect::<Vec<_>>().join(", ")
}

/// The container asked for, or the default one, with what is said about the choice.
///
/// # Errors
/// kubectl's text when the Pod has no such container.
pub(super) fn container(pod: &Pod, asked: Option<&str>) -> Result<(String, Option<String>), Refusal> {
    let spec = &pod.spec;
    let name = &pod.metadata.name;
    let has = |wanted: &str| {
        let mut all = spec
            .containers
            .iter()
            .chain(&spec.init_containers)
            .chain(&spec.ephemeral_containers);
        all.any(|c| &*c.name == wanted)
    };
    if let Some(wanted) = asked {
        return if has(wanted) {
            Ok((wanted.to_owned(), None))
        } else {
            Err(Refusal::Local(format!(
                "container {wanted} is not valid for pod {name} out of: {}",
                container_names(pod)
            )))
        };
    }
    let mut said = None;
    if let Some(wanted) = pod
        .metadata
        .annotations
        .get(DEFAULT_CONTAINER)
        .filter(|w| !w.is_empty())
    {
        if has(wanted) {
            return Ok((wanted.clone(), None));
        }
        said = Some(format!("Default container name \"{wanted}\" not found in pod {name}"));
    }
    let first = spec.containers.first().map(|c| c.name.to_string()).unwrap_or_default();
    if spec.containers.len() + spec.init_containers.len() + spec.ephemeral_containers.len() > 1 {
        let choice = format!("Defaulted container \"{first}\" out of: {}", container_names(pod));
        said = Some(match said {
            Some(before) => format!("{before}\n{choice}"),
            None => choice,
        });
    }
    Ok((first, said))
}
