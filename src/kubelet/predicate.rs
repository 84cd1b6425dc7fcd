//! Twin: pkg/kubelet/lifecycle/predicate.go (v1.36.2)
//! Twin: pkg/kubelet/sysctl/allowlist.go (v1.36.2)
//! Covers: what the kubelet itself refuses when a Pod comes to its node: pressure, shutdown, its operating system,
//! resources, labels, host ports, NoExecute taints, sysctls that are not known to be safe. spec/01 §3.3, spec/12 §9.
//! Left out: topology, AppArmor, --allowed-unsafe-sysctls; room for critical Pods is made in `preemption.rs`.

use std::rc::Rc;

use super::entry::Agent;
use super::eviction_manager::EvictionManager;
use crate::api::needs;
use crate::api::objects::{Node, Taint};
use crate::api::selects::node_fits;
use crate::api::{Pod, PodSpec};
use crate::apiserver::{ApiServer, is_critical};

/// Why a Pod is refused: reason and message.
pub type Refused = (String, String);

/// A resource of which too little is left: CPU in thousandths, all else in whole units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Its name.
    pub resource: Rc<str>,
    requested: i128,
    used: i128,
    capacity: i128,
}

impl Lack {
    /// How much is missing.
    pub fn missing(&self) -> i128 {
        self.requested - (self.capacity - self.used)
    }

    /// The text of an event.
    pub fn text(&self) -> String {
        let Lack {
            resource,
            requested,
            used,
            capacity,
        } = self;
        format!(
            "Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}"
        )
    }
}

/// Whether a Pod may run on this node beside the others. The first handler that refuses decides. What a critical Pod
/// lacks of resources is no refusal yet, but what room has to be made for (`preemption.rs`).
///
/// # Errors
/// Reason and message of the refusal.
pub fn admit(
    a: &Agent,
    api: &ApiServer,
    pod: &Pod,
    others: &[&Pod],
    eviction: &EvictionManager,
    shutting_down: bool,
) -> Result<Vec<Lack>, Refused> {
    let refuse = |reason: &str, message: String| Err((reason.to_owned(), message));
    // Others give way to a critical Pod that lacks nothing but resources.
    let may_make_room = is_critical(pod);
    if eviction.under_pressure() && pod.status.qos_class == "BestEffort" && !is_critical(pod) {
        let pressure = Taint {
            key: super::eviction_manager::TAINT.to_owned(),
            effect: "NoSchedule".to_owned(),
            ..Taint::default()
        };
        if !needs::tolerated(&pod.spec.tolerations, &pressure) {
            return refuse("Evicted", "The node had condition: [MemoryPressure]. ".to_owned());
        }
    }
    if let Some(why) = forbidden_sysctl(a.profile.minor(), &pod.spec) {
        return refuse("SysctlForbidden", format!("forbidden sysctl: {why}"));
    }
    if shutting_down {
        return refuse(
            "NodeShutdown",
            "Pod was rejected as the node is shutting down.".to_owned(),
        );
    }
    let Some(node) = api.node(&a.name) else {
        return Ok(Vec::new());
    };
    if let Some((reason, text)) = other_system(pod) {
        return refuse(reason, text.to_owned());
    }
    let lacks = lacking(pod, node, others);
    if let Some(lack) = lacks.first().filter(|_| !may_make_room) {
        return refuse(&format!("OutOf{}", lack.resource), lack.text());
    }
    let predicate = |name: &str, text: &str| refuse(name, format!("Predicate {name} failed: {text}"));
    if !node_fits(&pod.spec, node) {
        return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }
    let wanted = needs::host_ports(&pod.spec);
    let clashes = |other: &&Pod| {
        let taken = needs::host_ports(&other.spec);
        taken.iter().any(|port| wanted.iter().any(|own| own.conflicts(port)))
    };
    if !wanted.is_empty() && others.iter().any(clashes) {
        return predicate(
            "NodePorts",
            "node(s) didn't have free ports for the requested pod ports",
        );
    }
    let untolerated = |t: &&Taint| t.effect == "NoExecute" && !needs::tolerated(&pod.spec.tolerations, t);
    if node.spec.taints.iter().any(|t| untolerated(&t)) {
        return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
    }
    Ok(lacks)
}

/// Reason and message for a Pod that wants another operating system than this kubelet's
/// (`rejectPodAdmissionBasedOnOSSelector`, `rejectPodAdmissionBasedOnOSField`).
fn other_system(pod: &Pod) -> Option<(&'static str, &'static str)> {
    const LABEL: &str = "kubernetes.io/os";
    const SYSTEM: &str = "linux";
    // A label of the node that says otherwise counts for nothing there.
    if pod.metadata.labels.get(LABEL).is_some_and(|os| os != SYSTEM) {
        return Some((
            "PodOSSelectorNodeLabelDoesNotMatch",
            "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
        ));
    }
    let os = &*pod.spec.os.name;
    let message = "Failed to admit pod as the OS field doesn't match node OS";
    (!os.is_empty() && os != SYSTEM).then_some(("PodOSNotSupported", message))
}

/// The sysctls that every kubelet allows, and the release from which on (SafeSysctlAllowlist).
const SAFE: [(&str, u8); 12] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
];

/// Why a kubelet refuses the first sysctl of a Pod that it does not allow.
fn forbidden_sysctl(minor: u8, spec: &PodSpec) -> Option<String> {
    let sysctls = spec.security_context.iter().flat_map(|context| &context.sysctls);
    sysctls.map(|sysctl| &sysctl.name).find_map(|name| {
        // Slashes may stand for dots (NormalizeName).
        let first = name.find(['.', '/']).and_then(|at| name.as_bytes().get(at));
        let dotted = if first == Some(&b'/') {
            name.replace('/', ".")
        } else {
            name.clone()
        };
        let safe = SAFE.iter().any(|(safe, since)| *safe == dotted && minor >= *since);
        let shared = match dotted.split('.').next() {
            Some("kernel") if spec.host_ipc => "ipc",
            Some("net") if spec.host_network => "net",
            _ if safe => return None,
            _ => "",
        };
        Some(match shared {
            _ if !safe => format!("{dotted:?} not allowlisted"),
            shared => format!("{dotted:?} not allowed with host {shared} enabled"),
        })
    })
}

/// The resources of which too little is left.
pub fn lacking(pod: &Pod, node: &Node, others: &[&Pod]) -> Vec<Lack> {
    let whole = |name: &str, milli: i128| if name == "cpu" { milli } else { milli.div_euclid(1000) };
    let mut all = Vec::new();
    let pods = whole("pods", needs::allocatable(node, "pods"));
    if others.len() as i128 + 1 > pods {
        all.push(Lack {
            resource: "pods".into(),
            requested: 1,
            used: others.len() as i128,
            capacity: pods,
        });
    }
    let wanted = needs::requests(&pod.spec);
    if wanted.is_empty() {
        return all;
    }
    let held: Vec<_> = others.iter().map(|other| needs::requests(&other.spec)).collect();
    for (name, amount) in wanted {
        let used: i128 = held.iter().map(|r| r.get(&name).copied().unwrap_or(0)).sum();
        let has = needs::allocatable(node, &name);
        if amount == 0 || amount <= has - used {
            continue;
        }
        all.push(Lack {
            requested: whole(&name, amount),
            used: whole(&name, used),
            capacity: whole(&name, has),
            resource: name.into(),
        });
    }
    all
}
