//! The priority of a Pod: its class's value, as admission would set it. spec/12.

use super::ApiServer;
use crate::api::Pod;
use crate::manifest::Value;

/// The value of a class that the text names and does not define. Somebody who names a class means more than nothing.
const ASSUMED: i64 = 1_000;

fn int(value: &Value) -> Option<i64> {
    if let Value::Int(n) = value { Some(*n) } else { None }
}

/// The priority of a Pod: `spec.priority`, else its class's value, else that of the default class, else 0.
pub fn priority(api: &ApiServer, pod: &Pod) -> i64 {
    if let Some(priority) = pod.spec.priority {
        return priority;
    }
    let value = |name: &str| {
        let class = api.object("PriorityClass", "", name)?;
        class.value.get("value").and_then(int)
    };
    match pod.spec.priority_class_name.as_str() {
        "" => {
            let classes = api.objects().filter(|(key, _)| &*key.kind == "PriorityClass");
            let default = classes.filter(|(_, o)| o.value.get("globalDefault") == Some(&Value::Bool(true)));
            default
                .filter_map(|(_, o)| o.value.get("value").and_then(int))
                .next()
                .unwrap_or(0)
        }
        "system-node-critical" => 2_000_001_000,
        "system-cluster-critical" => 2_000_000_000,
        name => value(name).unwrap_or(ASSUMED),
    }
}
