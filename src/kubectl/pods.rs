//! What `exec` and `logs` share: which Pod, and which of its containers.

use std::rc::Rc;

use super::command::Target;
use super::server::{Refusal, Server};
use crate::api::{Pod, Time};
use crate::manifest::Value;
use crate::sort;

/// Names the container that `exec` and `logs` take when none is given.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// The Pod that a target stands for: itself, or the best Pod of a workload or Service. The second part is what is said
/// when there was a choice.
pub(super) fn pod(target: &Target, namespace: &str, server: &dyn Server) -> Result<(Rc<Pod>, Option<String>), Refusal> {
    let name = target.name.as_deref().unwrap_or_default();
    let object = server.object(target.kind.kind, namespace, name);
    let object = object.ok_or_else(|| Refusal::not_found(&target.kind.resource(), name))?;
    if let Some(pod) = object.pod {
        return Ok((pod, None));
    }
    let value = &object.value;
    let selector = value
        .at(&["spec", "selector", "matchLabels"])
        .or_else(|| value.at(&["spec", "selector"]));
    let wanted: Vec<(&String, &str)> = selector
        .map(Value::members)
        .unwrap_or_default()
        .iter()
        .filter_map(|(k, v)| v.as_str().map(|v| (k, v)))
        .collect();
    if wanted.is_empty() {
        return Err(Refusal::Local(format!(
            "cannot attach to {}/{name}: no pod selector",
            target.kind.qualified()
        )));
    }
    let mut pods: Vec<Rc<Pod>> = server
        .objects("Pod", Some(namespace))
        .into_iter()
        .filter_map(|o| o.pod)
        .collect();
    pods.retain(|pod| {
        wanted
            .iter()
            .all(|(k, v)| pod.metadata.labels.get(*k).map(String::as_str) == Some(*v))
    });
    sort::sort_by_key(&mut pods, |pod| rank(pod));
    let several = (pods.len() > 1).then_some(pods.len());
    let Some(pod) = pods.into_iter().next() else {
        return Err(Refusal::Local("timed out waiting for the condition".to_owned()));
    };
    let said = several.map(|n| format!("Found {n} pods, using pod/{}", pod.metadata.name));
    Ok((pod, said))
}

/// Bound before unbound, running before not, ready before not, and then the one that is so for longer.
fn rank(pod: &Pod) -> (bool, u8, bool, Option<Time>, Rc<str>) {
    let phase = match pod.status.phase.as_str() {
        "Running" => 0,
        "Unknown" => 1,
        _ => 2,
    };
    let ready = pod
        .status
        .conditions
        .iter()
        .find(|c| &*c.kind == "Ready" && &*c.status == "True");
    let since = ready
        .and_then(|c| c.last_transition_time)
        .or(pod.metadata.creation_timestamp);
    (
        pod.spec.node_name.is_empty(),
        phase,
        ready.is_none(),
        since,
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
