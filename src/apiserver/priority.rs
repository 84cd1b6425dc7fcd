//! Twin: plugin/pkg/admission/priority/admission.go (v1.36.2)
//! Covers: `priorityClassName`, the default class, what a Pod may not set by itself.
//! Left out: rules for PriorityClasses themselves (one default at most, reserved names).

use std::rc::Rc;

use super::ApiServer;
use crate::api::Pod;
use crate::manifest::Value;

/// Classes that every cluster has.
const SYSTEM: [(&str, i64); 2] = [
    ("system-cluster-critical", 2_000_000_000),
    ("system-node-critical", 2_000_001_000),
];

/// From this priority on a Pod is critical: the kubelet makes room for it, and node pressure spares it.
pub const CRITICAL: i64 = 2_000_000_000;

/// The value of a class that the scenario presupposes: it names no PriorityClass at all, so nothing is known of those of
/// its cluster. As with the registry's images, what the text leaves out is assumed to be there, and said.
pub const ASSUMED: i64 = 1_000;

struct Class {
    name: Rc<str>,
    value: i64,
    policy: String,
}

impl Class {
    fn read(name: &str, object: &Value) -> Class {
        let value = match object.get("value") {
            Some(Value::Int(n)) => *n,
            _ => 0,
        };
        let policy = object.get("preemptionPolicy").and_then(Value::as_str);
        Class {
            name: name.into(),
            value,
            policy: policy.unwrap_or("PreemptLowerPriority").to_owned(),
        }
    }

    fn find(api: &ApiServer, name: &str) -> Option<Class> {
        if let Some(stored) = api.object("PriorityClass", "", name) {
            return Some(Class::read(name, &stored.value));
        }
        let system = SYSTEM.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let value = system.or_else(|| presupposed(api, name).then_some(ASSUMED))?;
        Some(Class {
            name: name.into(),
            value,
            policy: "PreemptLowerPriority".to_owned(),
        })
    }

    /// The class of Pods that name none; of several the least.
    fn default(api: &ApiServer) -> Option<Class> {
        let classes = api.objects().filter(|(key, _)| &*key.kind == "PriorityClass");
        let marked = classes.filter(|(_, o)| o.value.get("globalDefault") == Some(&Value::Bool(true)));
        marked
            .map(|(key, o)| Class::read(&key.name, &o.value))
            .min_by_key(|class| class.value)
    }
}

/// Whether a class is one of a cluster whose classes the text does not tell: then it is taken to have the value
/// [`ASSUMED`]. As soon as the text brings one PriorityClass it tells them all, and an unknown name is a mistake.
pub fn presupposed(api: &ApiServer, name: &str) -> bool {
    let system = SYSTEM.iter().any(|(known, _)| *known == name);
    !name.is_empty() && !system && !api.tells_classes && !api.objects().any(|(key, _)| &*key.kind == "PriorityClass")
}

/// Sets priority and preemption policy of a new Pod from its class.
///
/// # Errors
/// Why the Pod is forbidden, in the API server's words.
pub fn admit_priority(api: &ApiServer, pod: &mut Pod) -> Result<(), String> {
    let named = pod.spec.priority_class_name.as_str();
    let class = if named.is_empty() {
        Class::default(api)
    } else {
        Some(Class::find(api, named).ok_or_else(|| format!("no PriorityClass with name {named} was found"))?)
    };
    let (value, policy) = class
        .as_ref()
        .map_or((0, "PreemptLowerPriority"), |c| (c.value, c.policy.as_str()));
    let given = &pod.spec;
    if let Some(own) = given.priority.filter(|own| *own != value) {
        return Err(format!(
            "the integer value of priority ({own}) must not be provided in pod spec; priority admission controller \
             computed {value} from the given PriorityClass name"
        ));
    }
    if !given.preemption_policy.is_empty() && given.preemption_policy != policy {
        return Err(format!(
            "the string value of PreemptionPolicy ({}) must not be provided in pod spec; priority admission controller \
             computed {policy} from the given PriorityClass name",
            given.preemption_policy
        ));
    }
    let spec = Rc::make_mut(&mut pod.spec);
    if let Some(class) = &class {
        spec.priority_class_name = class.name.to_string();
    }
    spec.priority = Some(value);
    spec.preemption_policy = policy.to_owned();
    Ok(())
}

/// The priority of a stored Pod.
pub fn priority(pod: &Pod) -> i64 {
    pod.spec.priority.unwrap_or(0)
}
