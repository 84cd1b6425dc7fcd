//! `kubectl describe`.
//!
//! Twin: staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36.2)
//! Covers: describePod with containers, probes, volumes, tolerations; DescribePodTemplate, describeDeployment,
//! describeReplicaSet, describeReplicationController, describeStatefulSet, describeDaemonSet, describeJob,
//! describeCronJob; describePVC, describeNode, describeService, describeNamespace, ConfigMap and Secret, DescribeEvents. Texts follow
//! the scenario's client, 1.32 or 1.36; in `ConfigMapOptional` of 1.32 a value that is set is shown, where that release
//! shows an address.
//! Left out: the describers of other kinds; their fields are shown as they are.

mod claim;
mod containers;
mod cron_job;
mod daemon_set;
mod deployment;
mod events;
mod job;
mod node;
mod pod;
mod replica_set;
mod resources;
mod small;
mod stateful_set;
pub(super) mod template;
mod volumes;
pub(super) mod writer;

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
    /// Whether it is one type and one name, so that the name may be the beginning of one.
    pub prefix: bool,
    /// Where.
    pub scope: Scope,
    /// `-l`.
    pub selector: Option<Selector>,
    /// `--show-events`, when it was given.
    pub show_events: Option<bool>,
}

/// Prints the descriptions of what is asked for.
pub(super) fn run(what: &Describe, server: &dyn Server, out: &mut Printed) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for target in &what.targets {
        let mut objects = all(what, target, server);
        if let Some(name) = &target.name {
            objects.retain(|o| *o.name == **name);
            if objects.is_empty() {
                missing.push(target);
            }
        }
        found.extend(objects);
    }
    super::report::warn_of_types(what.targets.iter().map(|t| t.kind), server, out);
    // From 1.34 on Events are looked up for one object only, unless they are asked for.
    let few = !server.client().is_new() || (missing.is_empty() && found.len() < 2);
    let show_events = what.show_events.unwrap_or(few);
    if let (true, [target]) = (what.prefix, missing.as_slice()) {
        let begins = |o: &Stored| {
            target
                .name
                .as_ref()
                .is_some_and(|name| o.name.starts_with(name.as_str()))
        };
        let alike = all(what, target, server).into_iter().filter(begins);
        let texts: Vec<String> = alike.map(|o| describe(&o, server, show_events) + "\n").collect();
        if !texts.is_empty() {
            return out.print(&texts.concat());
        }
    }
    for (index, object) in found.iter().enumerate() {
        if index > 0 {
            out.print("\n\n");
        }
        out.print(&describe(object, server, show_events));
    }
    for target in &missing {
        let name = target.name.as_deref().unwrap_or_default();
        out.fail(&Refusal::not_found(&target.kind.resource(), name).text(None));
    }
    if found.is_empty() && missing.is_empty() {
        let namespaced = what.targets.iter().any(|t| t.kind.namespaced);
        match &what.scope {
            Scope::Namespace(name) if namespaced => out.warn(&format!("No resources found in {name} namespace.")),
            _ => out.warn("No resources found"),
        }
    }
}

/// The objects of a type, by namespace and name.
fn all(what: &Describe, target: &Target, server: &dyn Server) -> Vec<Stored> {
    let namespace = if target.kind.namespaced {
        what.scope.name()
    } else {
        None
    };
    let mut found = server.objects(target.kind.kind, namespace);
    found.retain(|o| what.selector.as_ref().is_none_or(|s| s.matches(&o.labels)));
    crate::sort::sort_by(&mut found, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    found
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
        "Deployment" => deployment::describe(&mut out, object, &value, server),
        "ReplicaSet" | "ReplicationController" => replica_set::describe(&mut out, object, &value, server),
        "StatefulSet" => stateful_set::describe(&mut out, object, &value, server),
        "DaemonSet" => daemon_set::describe(&mut out, object, &value, server),
        "Job" => job::describe(&mut out, &value, server),
        "CronJob" => cron_job::describe(&mut out, &value, server),
        "PersistentVolumeClaim" => claim::describe(&mut out, &value, server),
        "Endpoints" => small::endpoints(&mut out, &value),
        "EndpointSlice" => small::endpoint_slice(&mut out, &value),
        _ => small::any(&mut out, &value),
    }
    // A Namespace shows its quota instead of Events.
    if show_events && &*object.kind != "Namespace" {
        events::table(&mut out, &events::of(object, server), server);
    }
    out.finish()
}
