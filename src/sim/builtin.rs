//! The objects that every cluster has, as people see them: Service and EndpointSlice `kubernetes`, and in every namespace
//! the ConfigMap `kube-root-ca.crt` and the ServiceAccount `default`.
//!
//! They are older than the run and nothing in it changes them, so they are made when somebody looks.

use std::rc::Rc;

use super::reading::Reading;
use crate::api::{ObjectMeta, Time};
use crate::apiserver::object_uid;
use crate::kubectl::object::object_value;
use crate::kubectl::server::Stored;
use crate::manifest::Value;
use crate::time::Instant;

/// A cluster is so much older than the run.
pub(super) const FOUNDED: Instant = Instant::from_secs(-86_400);

const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\n(the cluster's certificate authority)\n-----END CERTIFICATE-----\n";

/// The objects of this kind that every cluster has, in one namespace or in all. Those that the text has itself are left
/// out.
pub(super) fn builtin(reading: Reading, kind: &str, namespace: Option<&str>) -> Vec<Stored> {
    let here = |ns: &str| namespace.is_none_or(|n| n == ns);
    let mut all = Vec::new();
    match kind {
        "Service" | "EndpointSlice" | "Endpoints" if here("default") => {
            let (version, value) = match kind {
                "Service" => ("v1", service()),
                "Endpoints" => ("v1", endpoints()),
                _ => ("discovery.k8s.io/v1", slice()),
            };
            let label = match kind {
                "EndpointSlice" => ("kubernetes.io/service-name", "kubernetes"),
                _ => ("component", "apiserver"),
            };
            all.push(made(
                reading,
                version,
                kind,
                ("default", "kubernetes"),
                &[label],
                &value,
            ));
        }
        "ConfigMap" | "ServiceAccount" => {
            for namespace in reading
                .namespaces()
                .iter()
                .map(|stored| &stored.name)
                .filter(|name| here(name))
            {
                let (name, value) = match kind {
                    "ConfigMap" => {
                        let data = map(vec![("ca.crt", CERTIFICATE.into())]);
                        ("kube-root-ca.crt", map(vec![("data", data)]))
                    }
                    _ => ("default", map(Vec::new())),
                };
                all.push(made(reading, "v1", kind, (namespace, name), &[], &value));
            }
        }
        _ => {}
    }
    all.retain(|stored| reading.api.object(kind, &stored.namespace, &stored.name).is_none());
    all
}

fn map(pairs: Vec<(&str, Value)>) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn service() -> Value {
    let port = map(vec![
        ("name", "https".into()),
        ("port", 443.into()),
        ("protocol", "TCP".into()),
        ("targetPort", 6443.into()),
    ]);
    let spec = map(vec![
        ("clusterIP", "10.96.0.1".into()),
        ("clusterIPs", Value::Seq(vec!["10.96.0.1".into()])),
        ("internalTrafficPolicy", "Cluster".into()),
        ("ipFamilies", Value::Seq(vec!["IPv4".into()])),
        ("ipFamilyPolicy", "SingleStack".into()),
        ("ports", Value::Seq(vec![port])),
        ("sessionAffinity", "None".into()),
        ("type", "ClusterIP".into()),
    ]);
    let status = map(vec![("loadBalancer", map(Vec::new()))]);
    map(vec![("spec", spec), ("status", status)])
}

/// Address of the API server behind the Service.
const ADDRESS: &str = "192.168.10.2";

fn port() -> Value {
    map(vec![
        ("name", "https".into()),
        ("port", 6443.into()),
        ("protocol", "TCP".into()),
    ])
}

fn slice() -> Value {
    let endpoint = map(vec![
        ("addresses", Value::Seq(vec![ADDRESS.into()])),
        ("conditions", map(vec![("ready", true.into())])),
    ]);
    map(vec![
        ("addressType", "IPv4".into()),
        ("endpoints", Value::Seq(vec![endpoint])),
        ("ports", Value::Seq(vec![port()])),
    ])
}

fn endpoints() -> Value {
    let subset = map(vec![
        ("addresses", Value::Seq(vec![map(vec![("ip", ADDRESS.into())])])),
        ("ports", Value::Seq(vec![port()])),
    ]);
    map(vec![("subsets", Value::Seq(vec![subset]))])
}

fn made(
    reading: Reading,
    version: &str,
    kind: &str,
    (namespace, name): (&str, &str),
    labels: &[(&str, &str)],
    value: &Value,
) -> Stored {
    // A namespace of the text gets its objects with its first one.
    let old = ["default", "kube-node-lease", "kube-public", "kube-system"].contains(&namespace);
    let created = if old { FOUNDED } else { Instant::ZERO };
    let meta = ObjectMeta {
        name: name.into(),
        namespace: namespace.into(),
        uid: object_uid(reading.setup.seed, kind, namespace, name),
        creation_timestamp: Some(Time(created)),
        labels: labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..ObjectMeta::default()
    };
    Stored {
        kind: kind.into(),
        namespace: meta.namespace.clone(),
        name: meta.name.clone(),
        uid: meta.uid.clone(),
        labels: meta.labels.clone(),
        created: Some(created),
        value: Rc::new(object_value(version, kind, value, &meta, reading.setup.calendar)),
        pod: None,
    }
}
