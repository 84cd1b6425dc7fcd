//! What the API server adds to a Pod at creation: tolerations of admission and the QoS class.

use std::rc::Rc;

use crate::api::Container;
use crate::api::pod::{Pod, PodSpec, Toleration};

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
