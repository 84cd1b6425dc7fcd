//! Names and addresses of Services: what the cluster's DNS and proxy would answer.

use super::ApiServer;
use crate::api::objects::Service;
use crate::api::pod::IntOrString;
use crate::api::{ObjectMeta, Pod};
use crate::machine::{Cx, Uid};
use crate::manifest::Value;

impl ApiServer {
    /// The address of a name as a Pod in `namespace` resolves it: `web`, `web.shop`, `web.shop.svc.cluster.local`, and
    /// `web-0.web` for a Pod behind a headless Service.
    pub fn resolve(&self, namespace: &str, name: &str) -> Option<String> {
        self.addresses(namespace, name).into_iter().next()
    }

    /// All addresses of a name: a headless Service has one for each Pod.
    pub fn addresses(&self, namespace: &str, name: &str) -> Vec<String> {
        let name = name.trim_end_matches('.');
        let short = name
            .strip_suffix(".svc.cluster.local")
            .or_else(|| name.strip_suffix(".svc"))
            .unwrap_or(name);
        // A name with a suffix has its namespace; others are looked for in the Pod's own first.
        let whole = short.len() < name.len();
        let labels: Vec<&str> = short.split('.').collect();
        match labels[..] {
            [service] => self.addresses_of(namespace, service),
            [host, service] if !whole => {
                let own = self.address_of_host(namespace, service, host);
                let found = own.map(|address| vec![address]);
                found.unwrap_or_else(|| self.addresses_of(service, host))
            }
            [service, namespace] => self.addresses_of(namespace, service),
            [host, service, namespace] => {
                let found = self.address_of_host(namespace, service, host);
                found.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn addresses_of(&self, namespace: &str, service: &str) -> Vec<String> {
        if service == "kubernetes" && namespace == "default" {
            return vec!["10.96.0.1".to_owned()];
        }
        let Some(found) = self.service(namespace, service) else {
            return Vec::new();
        };
        match found.spec.cluster_ip.as_str() {
            "None" => self.backends(found).map(|pod| pod.status.pod_ip.clone()).collect(),
            "" => Vec::new(),
            address => vec![address.to_owned()],
        }
    }

    /// The address of the Pod behind a headless Service that has this host name and names the Service as its subdomain.
    fn address_of_host(&self, namespace: &str, service: &str, host: &str) -> Option<String> {
        let found = self.service(namespace, service)?;
        if found.spec.cluster_ip != "None" {
            return None;
        }
        let named = |pod: &&Pod| pod.spec.hostname == host && pod.spec.subdomain == service;
        self.backends(found).find(named).map(|pod| pod.status.pod_ip.clone())
    }

    /// Ready Pods behind a Service, or all with `publishNotReadyAddresses`, in order of creation.
    pub fn backends<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Pod> + 'a {
        self.pods().map(|s| &*s.pod).filter(move |pod| {
            let ready = is_ready(pod) || service.spec.publish_not_ready_addresses;
            selects(service, pod) && ready && !pod.status.pod_ip.is_empty()
        })
    }

    /// The Pod and its port behind a Service's address and port.
    pub fn route(&self, address: &str, port: u16) -> Option<(Uid, u16)> {
        for (key, object) in self.objects() {
            let super::Typed::Service(service) = &object.typed else {
                continue;
            };
            if service.spec.cluster_ip != address || &*key.kind != "Service" {
                continue;
            }
            let wanted = service.spec.ports.iter().find(|p| p.port == i64::from(port))?;
            let pod = self.pods().find(|s| selects(service, &s.pod) && is_ready(&s.pod))?;
            let number = match &wanted.target_port {
                None => wanted.port,
                Some(IntOrString::Int(n)) => *n,
                Some(IntOrString::String(name)) => {
                    let all = pod.pod.spec.containers.iter().flat_map(|c| &c.ports);
                    all.clone().find(|p| p.name == *name)?.container_port
                }
            };
            return Some((pod.uid, u16::try_from(number).ok()?));
        }
        None
    }
}

/// Whether a Service's selector matches a Pod. A Service without selector matches none.
pub fn selects(service: &Service, pod: &Pod) -> bool {
    !service.spec.selector.is_empty()
        && service.metadata.namespace == pod.metadata.namespace
        && service
            .spec
            .selector
            .iter()
            .all(|(k, v)| pod.metadata.labels.get(k) == Some(v))
}

/// Whether the Ready condition is True.
pub fn is_ready(pod: &Pod) -> bool {
    pod.status
        .conditions
        .iter()
        .any(|c| &*c.kind == "Ready" && &*c.status == "True")
}

/// The longest name the API server makes from a `generateName` without its suffix.
const LONGEST_BASE: usize = 58;

/// A name from `generateName` and five random characters.
pub fn generated(base: &str, suffix: &str) -> String {
    let base = base.get(..LONGEST_BASE).unwrap_or(base);
    format!("{base}{suffix}")
}

/// The random part of the name of a Service's EndpointSlice; `made` slices were made before.
pub fn slice_suffix(seed: u64, namespace: &str, service: &str, made: u32) -> String {
    let bytes = ["EndpointSlice/", namespace, "/", service]
        .into_iter()
        .flat_map(str::bytes);
    // FNV-1a, which is short and spreads well enough for names.
    let number = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    super::name_suffix(seed, number.wrapping_add(u64::from(made)))
}

impl ApiServer {
    /// Gives a Pod that has none yet the name its `generateName` asks for.
    pub fn name_pod(&self, cx: &Cx, pod: &mut Pod, raw: &mut Value) {
        let meta = &mut pod.metadata;
        if meta.name.is_empty() {
            // The other half of the numbers names token volumes.
            let key = u64::from(self.next_uid) | 1 << 32;
            meta.name = generated(&meta.generate_name, &super::name_suffix(cx.setup.seed, key)).into();
            raw.entry("metadata").set("name", (&*meta.name).into());
        }
    }
}

/// The revision of its owner's template that an object was made from, as its labels say; empty for all others.
pub fn revision_label(meta: &ObjectMeta) -> &str {
    ["pod-template-hash", "controller-revision-hash"]
        .into_iter()
        .find_map(|key| meta.labels.get(key))
        .map_or("", String::as_str)
}
