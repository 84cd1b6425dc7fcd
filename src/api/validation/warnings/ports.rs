//! Warnings about ports of containers that get in each other's way.
//! Twin: pkg/api/pod/warnings.go (v1.36.2)
//! Covers: the part of warningsForPodSpecAndMeta about ports
//! Left out: nothing of it

use super::Warnings;
use super::container::LISTS;
use crate::api::fields::{int, list, text};
use crate::api::validation::error::quoted;
use crate::api::validation::path::Path;
use crate::manifest::Value;
use crate::map::Map;

struct Port {
    path: String,
    number: i64,
    protocol: String,
    host_port: i64,
    host_ip: String,
}

pub(super) fn warn(spec: &Value, path: &Path, all: &mut Warnings) {
    let mut seen: Vec<Port> = Vec::new();
    let mut names: Map<&str, String> = Map::new();
    let mut about_names = Warnings::default();
    for key in LISTS {
        let containers = path.field(key);
        for (index, container) in list(spec, key).iter().enumerate() {
            let at = containers.index(index);
            let ports = at.field("ports");
            for (index, port) in list(container, "ports").iter().enumerate() {
                let at = ports.index(index);
                let name = text(port, "name");
                seen.push(against(port, &at, &seen, all));
                match names.get(name) {
                    _ if name.is_empty() => {}
                    Some(first) => about_names.say(
                        &at,
                        &format!(
                            "duplicate port name {} with {first}, services and probes that select ports by name will \
                             use {first}",
                            quoted(name)
                        ),
                    ),
                    None => {
                        names.insert(name, at.to_string());
                    }
                }
            }
        }
    }
    all.0.append(&mut about_names.0);
}

/// Looks at one port and at the earlier ones of the same number and protocol.
fn against(port: &Value, path: &Path, earlier: &[Port], all: &mut Warnings) -> Port {
    let port = Port {
        path: path.to_string(),
        number: int(port, "containerPort").unwrap_or(0),
        protocol: text(port, "protocol").to_owned(),
        host_port: int(port, "hostPort").unwrap_or(0),
        host_ip: text(port, "hostIP").to_owned(),
    };
    if !port.host_ip.is_empty() && port.host_port == 0 {
        let message = format!(
            "hostIP set without hostPort: {{Name: HostPort:0 ContainerPort:{} Protocol:{} HostIP:{}}}",
            port.number, port.protocol, port.host_ip
        );
        all.say(path, &message);
    }
    for other in earlier {
        if (other.number, &other.protocol) != (port.number, &port.protocol) {
            continue;
        }
        let same_port = port.host_port == other.host_port;
        let what = if same_port && port.host_ip == other.host_ip {
            "duplicate"
        } else if port.host_port == 0 || other.host_port == 0 {
            "overlapping"
        } else if same_port && port.host_ip.is_empty() != other.host_ip.is_empty() {
            "dangerously ambiguous"
        } else {
            continue;
        };
        all.say(path, &format!("{what} port definition with {}", other.path));
    }
    port
}
