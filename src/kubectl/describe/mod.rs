//! `kubectl describe`.
//!
//! Twin: staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36.2)
//! Covers: describePod with containers, probes, volumes, tolerations; describeNode, describeService, describeNamespace,
//! ConfigMap and Secret, DescribeEvents. Texts are those of the recorded client, release 1.32, where they differ; in `ConfigMapOptional`
//! a value that is set is shown, where that release shows an address.
//! Left out: workloads, and the describer of any other kind, which shows its fields as they are.

mod containers;
mod events;
mod node;
mod pod;
mod resources;
mod small;
mod volumes;
mod writer;

use super::command::{Scope, Target};
use super::run::Printed;
use super::selector::Selector;
use super::server::{Refusal, Server, Stored};
pub(super) use events::seen;

/// `kubectl describe`.
#[derive(Clone, Debug)]
pub struct Describe {
    /// What.
    pub targets: Vec<Target>,
    /// Where.
    pub scope: Scope,
    /// `-l`.
    pub selector: Option<Selector>,
    /// `--show-events`.
    pub show_events: bool,
}

/// Prints the descriptions of what is asked for.
pub(super) fn run(what: &Describe, server: &dyn Server, out: &mut Printed) {
    let mut first = true;
    let mut failed = false;
    for target in &what.targets {
        let namespace = if target.kind.namespaced {
            what.scope.name()
        } else {
            None
        };
        let mut found = server.objects(target.kind.kind, namespace);
        crate::sort::sort_by(&mut found, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        match &target.name {
            Some(name) => {
                // A name that nobody has is taken for the beginning of one.
                let exact = found.iter().any(|o| *o.name == **name);
                found.retain(|o| {
                    if exact {
                        *o.name == **name
                    } else {
                        o.name.starts_with(name.as_str())
                    }
                });
                if found.is_empty() {
                    out.fail(&Refusal::not_found(&target.kind.resource(), name).text(None));
                    failed = true;
                }
            }
            None => found.retain(|o| what.selector.as_ref().is_none_or(|s| s.matches(&o.labels))),
        }
        for object in &found {
            if !std::mem::replace(&mut first, false) {
                out.print("\n\n");
            }
            out.print(&describe(object, server, what.show_events));
        }
    }
    if first && !failed {
        let namespaced = what.targets.iter().any(|t| t.kind.namespaced);
        match &what.scope {
            Scope::Namespace(name) if namespaced => out.warn(&format!("No resources found in {name} namespace.")),
            _ => out.warn("No resources found"),
        }
    }
}

/// The description of one object as it is now.
pub fn describe(object: &Stored, server: &dyn Server, show_events: bool) -> String {
    let value = object.shown(server.calendar());
    let mut out = writer::Writer::default();
    match &*object.kind {
        "Pod" => pod::describe(&mut out, &value, server),
        "Node" => node::describe(&mut out, &value, server),
        "Service" => small::service(&mut out, &value, server),
        "Namespace" => small::namespace(&mut out, &value),
        "ConfigMap" => small::config_map(&mut out, &value),
        "Secret" => {
            small::secret(&mut out, &value);
            return out.finish();
        }
        "Endpoints" => small::endpoints(&mut out, &value),
        "EndpointSlice" => small::endpoint_slice(&mut out, &value),
        _ => small::any(&mut out, &value),
    }
    // A Namespace shows its quota instead of Events.
    if show_events && &*object.kind != "Namespace" {
        events::table(&mut out, &events::of(object, server), server.now());
    }
    out.finish()
}
