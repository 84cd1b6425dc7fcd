//! What the API server adds to a Pod at creation: tolerations, priority and service account of admission, and the QoS
//! class.

use std::rc::Rc;

use crate::api::Container;
use crate::api::pod::{Pod, PodSpec, RestartPolicy, Toleration};
use crate::machine::Profile;
use crate::manifest::Value;
use crate::rng::Stream;

/// Drops fields whose feature gate is off, as the strategy of Pods does before anything else sees them.
pub fn drop_disabled(profile: &Profile, pod: &mut Pod) {
    let spec = Rc::make_mut(&mut pod.spec);
    if !profile.sidecars {
        let own = |c: &&mut Container| c.restart_policy == Some(RestartPolicy::Always);
        let sidecars = spec.init_containers.iter_mut().filter(own);
        sidecars.for_each(|c| c.restart_policy = None);
    }
    if !profile.stop_signals {
        let hooks = spec.init_containers.iter_mut().chain(&mut spec.containers);
        hooks
            .filter_map(|c| c.lifecycle.as_mut())
            .for_each(|l| l.stop_signal = None);
    }
}

/// Adds the tolerations of DefaultTolerationSeconds: 300 s for a node that is not ready or unreachable (spec/01 §1.3).
pub fn admit(pod: &mut Pod) {
    let spec = Rc::make_mut(&mut pod.spec);
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerated = spec.tolerations.iter().any(|t| {
            (t.key == key || (t.key.is_empty() && t.operator == "Exists"))
                && (t.effect == "NoExecute" || t.effect.is_empty())
        });
        if !tolerated {
            spec.tolerations.push(Toleration {
                key: key.to_owned(),
                operator: "Exists".to_owned(),
                effect: "NoExecute".to_owned(),
                toleration_seconds: Some(300),
                ..Toleration::default()
            });
        }
    }
}

/// Where containers see the token of their service account.
pub const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// What the names of token volumes begin with.
const TOKEN_VOLUME: &str = "kube-api-access-";

/// Writes into the object what admission adds to it (spec/01 §1.3): service account and its token volume, priority,
/// tolerations. Doing it twice changes nothing more. `automount`: as the account has it, where the Pod says nothing. `spec` is the same Pod after [`admit`]; `key` names the Pod's
/// stream of randomness.
///
/// The typed Pod does without the token volume: nothing that is simulated reads it, and the kubelet's wait for it
/// follows `automountServiceAccountToken`.
pub fn show(raw: &mut Value, spec: &PodSpec, automount: bool, seed: u64, key: u64) {
    // Nothing of a service account is added to what a kubelet stores.
    let mirror = raw
        .at(&["metadata", "annotations", "kubernetes.io/config.mirror"])
        .is_some();
    let shown = raw.entry("spec");
    if !mirror && shown.get("serviceAccountName").is_none() {
        shown.set("serviceAccountName", "default".into());
        shown.set("serviceAccount", "default".into());
    }
    shown.set("priority", Value::Int(spec.priority.unwrap_or(0)));
    let policy = Some(spec.preemption_policy.as_str()).filter(|policy| !policy.is_empty());
    shown.set("preemptionPolicy", policy.unwrap_or("PreemptLowerPriority").into());
    if !spec.priority_class_name.is_empty() {
        shown.set("priorityClassName", spec.priority_class_name.as_str().into());
    }
    let tolerations = spec.tolerations.iter().map(toleration);
    shown.set("tolerations", Value::Seq(tolerations.collect()));
    if spec.automount_service_account_token.unwrap_or(automount) {
        let name = token_volume(shown).unwrap_or_else(|| {
            let name = format!("{TOKEN_VOLUME}{}", name_suffix(seed, key));
            push(shown, "volumes", token_source(&name));
            name
        });
        for list in ["containers", "initContainers"] {
            if let Some(Value::Seq(containers)) = shown.get(list).is_some().then(|| shown.entry(list)) {
                containers.iter_mut().for_each(|c| mount_token(c, &name));
            }
        }
    }
}

fn toleration(t: &Toleration) -> Value {
    let mut one = Value::Map(Vec::new());
    let fields = [
        ("key", &t.key),
        ("operator", &t.operator),
        ("value", &t.value),
        ("effect", &t.effect),
    ];
    for (key, text) in fields {
        if !text.is_empty() {
            one.set(key, text.as_str().into());
        }
    }
    if let Some(seconds) = t.toleration_seconds {
        one.set("tolerationSeconds", seconds.into());
    }
    one
}

fn push(object: &mut Value, list: &str, item: Value) {
    match object.entry(list) {
        Value::Seq(items) => items.push(item),
        other => *other = Value::Seq(vec![item]),
    }
}

fn name_of(value: &Value) -> &str {
    value.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn is_token(volume: &Value) -> bool {
    let sources = volume
        .at(&["projected", "sources"])
        .map(Value::items)
        .unwrap_or_default();
    name_of(volume).starts_with(TOKEN_VOLUME) && sources.iter().any(|s| s.get("serviceAccountToken").is_some())
}

fn token_volume(spec: &Value) -> Option<String> {
    let volumes = spec.get("volumes").map(Value::items).unwrap_or_default();
    volumes.iter().find(|v| is_token(v)).map(|v| name_of(v).to_owned())
}

/// Five characters as the API server draws them: no vowels, so that no words come about.
pub fn name_suffix(seed: u64, key: u64) -> String {
    const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut bits = Stream::keyed(seed, "name-suffix", key, 0).bits();
    let mut next = || {
        let letter = usize::try_from(bits % 27).unwrap_or(0);
        bits /= 27;
        LETTERS.get(letter).map_or('x', |b| char::from(*b))
    };
    (0..5).map(|_| next()).collect()
}

fn token_source(name: &str) -> Value {
    let map = |pairs: &[(&str, Value)]| Value::Map(pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect());
    let list = |item: Value| Value::Seq(vec![item]);
    let token = map(&[("expirationSeconds", 3607.into()), ("path", "token".into())]);
    let certificate = map(&[("key", "ca.crt".into()), ("path", "ca.crt".into())]);
    let authority = map(&[("name", "kube-root-ca.crt".into()), ("items", list(certificate))]);
    let field = map(&[("apiVersion", "v1".into()), ("fieldPath", "metadata.namespace".into())]);
    let namespace = map(&[("path", "namespace".into()), ("fieldRef", field)]);
    let sources = Value::Seq(vec![
        map(&[("serviceAccountToken", token)]),
        map(&[("configMap", authority)]),
        map(&[("downwardAPI", map(&[("items", list(namespace))]))]),
    ]);
    let projected = map(&[("sources", sources), ("defaultMode", 420.into())]);
    map(&[("name", name.into()), ("projected", projected)])
}

fn mount_token(container: &mut Value, volume: &str) {
    let mounts = container.get("volumeMounts").map(Value::items).unwrap_or_default();
    let taken = mounts
        .iter()
        .any(|m| m.get("mountPath").and_then(Value::as_str) == Some(TOKEN_PATH));
    if !taken {
        let mut mount = Value::Map(Vec::new());
        mount.set("name", volume.into());
        mount.set("readOnly", true.into());
        mount.set("mountPath", TOKEN_PATH.into());
        push(container, "volumeMounts", mount);
    }
}

/// Takes the token volume out of a typed spec that was read from the object.
pub fn without_token(spec: &mut PodSpec) {
    let token: Vec<String> = spec
        .volumes
        .iter()
        .filter(|v| v.name.starts_with(TOKEN_VOLUME) && v.projected.is_some())
        .map(|v| v.name.clone())
        .collect();
    spec.volumes.retain(|v| !token.contains(&v.name));
    let all = spec.containers.iter_mut().chain(&mut spec.init_containers);
    all.for_each(|c| c.volume_mounts.retain(|m| !token.contains(&m.name)));
}

/// `BestEffort`, `Burstable` or `Guaranteed` (spec/05 §6).
pub fn qos_class(spec: &PodSpec) -> &'static str {
    let all = || spec.init_containers.iter().chain(&spec.containers);
    let amount = |c: &Container, limits: bool, name: &str| {
        let map = if limits {
            &c.resources.limits
        } else {
            &c.resources.requests
        };
        map.get(name).map_or(0, |q| q.milli.max(0))
    };
    let sum = |limits, name| all().map(|c| amount(c, limits, name)).sum::<i128>();
    let names = ["cpu", "memory"];
    if names.iter().all(|n| sum(false, n) == 0 && sum(true, n) == 0) {
        return "BestEffort";
    }
    let limited = all().all(|c| names.iter().all(|n| amount(c, true, n) > 0));
    if limited && names.iter().all(|n| sum(false, n) == sum(true, n)) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Quantity;

    type Pairs<'a> = &'a [(&'a str, &'a str)];

    fn spec(containers: &[(Pairs, Pairs)]) -> PodSpec {
        let map = |pairs: Pairs| {
            pairs
                .iter()
                .filter_map(|(k, v)| Some(((*k).to_owned(), Quantity::parse(v)?)))
                .collect()
        };
        let mut spec = PodSpec::default();
        for (requests, limits) in containers {
            let mut c = Container::default();
            c.resources.requests = map(requests);
            c.resources.limits = map(limits);
            spec.containers.push(c);
        }
        spec
    }

    #[test]
    fn qos_follows_requests_and_limits() {
        let full: &[(&str, &str)] = &[("cpu", "1"), ("memory", "1Gi")];
        assert_eq!(qos_class(&spec(&[(&[], &[])])), "BestEffort");
        assert_eq!(qos_class(&spec(&[(full, full)])), "Guaranteed");
        assert_eq!(qos_class(&spec(&[(full, full), (&[], &[])])), "Burstable");
        assert_eq!(qos_class(&spec(&[(&[("cpu", "1")], &[])])), "Burstable");
        assert_eq!(
            qos_class(&spec(&[(&[("cpu", "500m"), ("memory", "1Gi")], full)])),
            "Burstable"
        );
    }
}
