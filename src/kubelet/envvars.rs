//! Twin: pkg/kubelet/envvars/envvars.go (v1.36.2)
//! Covers: FromServices, and getServiceEnvVarMap of kubelet_pods.go: which Services a Pod is told of.
//! Left out: nothing.

use crate::api::objects::Service;
use crate::apiserver::{ApiServer, Typed};

/// Variables for the Services of a namespace, when the Pod asks for links, and for `kubernetes` in any case. Headless
/// Services have none.
pub fn of_services(api: &ApiServer, namespace: &str, links: bool) -> Vec<(String, String)> {
    let mut list = Vec::new();
    let mut own = false;
    for (key, object) in api.objects() {
        let Typed::Service(service) = &object.typed else {
            continue;
        };
        let master = &*key.namespace == "default" && &*key.name == "kubernetes";
        let here = links && &*key.namespace == namespace;
        if &*key.kind == "Service" && (master || here) {
            own |= master;
            add(&mut list, &key.name, service);
        }
    }
    if !own {
        port(&mut list, "KUBERNETES", "10.96.0.1", true, ("https", 443, "TCP"));
    }
    list
}

fn add(list: &mut Vec<(String, String)>, name: &str, service: &Service) {
    let address = service.spec.cluster_ip.as_str();
    if address.is_empty() || address == "None" {
        return;
    }
    let prefix = in_capitals(name);
    for (index, p) in service.spec.ports.iter().enumerate() {
        let protocol = if p.protocol.is_empty() { "TCP" } else { &p.protocol };
        port(list, &prefix, address, index == 0, (&p.name, p.port, protocol));
    }
}

/// The variables of one port; the first one also stands for the Service.
fn port(
    list: &mut Vec<(String, String)>,
    prefix: &str,
    address: &str,
    first: bool,
    (name, number, protocol): (&str, i64, &str),
) {
    let mut set = |suffix: &str, value: String| list.push((format!("{prefix}_{suffix}"), value));
    let url = format!("{}://{address}:{number}", protocol.to_lowercase());
    if first {
        set("SERVICE_HOST", address.to_owned());
        set("SERVICE_PORT", number.to_string());
        set("PORT", url.clone());
    }
    if !name.is_empty() {
        set(&format!("SERVICE_PORT_{}", in_capitals(name)), number.to_string());
    }
    let base = format!("PORT_{number}_{}", protocol.to_uppercase());
    set(&base, url);
    set(&format!("{base}_PROTO"), protocol.to_lowercase());
    set(&format!("{base}_PORT"), number.to_string());
    set(&format!("{base}_ADDR"), address.to_owned());
}

fn in_capitals(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_port_makes_seven_variables_and_its_name_one_more() {
        let mut list = Vec::new();
        port(&mut list, "REDIS_LEADER", "10.96.0.9", true, ("", 6379, "TCP"));
        let list: Vec<String> = list.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            list,
            [
                "REDIS_LEADER_SERVICE_HOST=10.96.0.9",
                "REDIS_LEADER_SERVICE_PORT=6379",
                "REDIS_LEADER_PORT=tcp://10.96.0.9:6379",
                "REDIS_LEADER_PORT_6379_TCP=tcp://10.96.0.9:6379",
                "REDIS_LEADER_PORT_6379_TCP_PROTO=tcp",
                "REDIS_LEADER_PORT_6379_TCP_PORT=6379",
                "REDIS_LEADER_PORT_6379_TCP_ADDR=10.96.0.9",
            ]
        );
        let mut named = Vec::new();
        port(&mut named, "DNS", "10.96.0.10", false, ("dns-tcp", 53, "UDP"));
        assert_eq!(named[0], ("DNS_SERVICE_PORT_DNS_TCP".to_owned(), "53".to_owned()));
        assert_eq!(
            named[1],
            ("DNS_PORT_53_UDP".to_owned(), "udp://10.96.0.10:53".to_owned())
        );
    }
}
