//! Twin: pkg/scheduler/eventhandlers.go (v1.36.2)
//! Covers: which changes of Nodes and Pods let a Pod that fits nowhere be tried again, by the hints of the filters that
//! refused it (`isSchedulableAfterNodeChange` and its like). An attempt follows even if the Pod still fits nowhere.
//! Left out: changes of volumes and of the Pod itself, after which it is tried when it fits.

use std::rc::Rc;

use super::fit::{Filter, untolerated};
use super::{Scheduler, interpod, spread};
use crate::api::Pod;
use crate::api::needs::{allocatable, host_ports, requests};
use crate::api::objects::Node;
use crate::api::selects::node_fits;
use crate::apiserver::{ApiServer, Change, Changed};
use crate::machine::{Cx, Latency, Part};
use crate::trace::WatchKind;

/// All filters that may have refused a Pod, but for those of volumes.
const FILTERS: [Filter; 7] = [
    Filter::NodeUnschedulable,
    Filter::NodeAffinity,
    Filter::TaintToleration,
    Filter::NodePorts,
    Filter::NodeResourcesFit,
    Filter::PodTopologySpread,
    Filter::InterPodAffinity,
];

/// A set of filters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filters(u8);

impl Filters {
    /// The filters of these.
    pub fn of(all: impl Iterator<Item = Filter>) -> Self {
        Filters(all.fold(0, |set, filter| set | bit(filter)))
    }

    fn any(self, hint: impl Fn(Filter) -> bool) -> bool {
        FILTERS
            .into_iter()
            .any(|filter| self.0 & bit(filter) != 0 && hint(filter))
    }
}

fn bit(filter: Filter) -> u8 {
    1 << filter as u8
}

impl Scheduler {
    /// Hears of a change, and looks for Pods that it lets be tried again.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Other(key) if &*key.kind == "Node" => {
                let Some(after) = api.node(&key.name) else {
                    self.nodes.remove(&key.name);
                    return;
                };
                let before = self.nodes.insert(key.name.clone(), after.clone());
                let helps = |pod: &Pod, filter| node_helps(pod, filter, before.as_deref(), after);
                self.stir(cx, api, helps);
            }
            Changed::Pod { before, after, .. } if !self.failed.is_empty() => {
                let holds = |pod: &&Rc<Pod>| !pod.spec.node_name.is_empty() && !pod.status.phase.is_terminal();
                let was = before.as_ref().filter(holds);
                let is = Some(after).filter(|_| change.kind != WatchKind::Deleted).filter(holds);
                let same = match (was, is) {
                    (Some(was), Some(is)) => was.metadata.labels == is.metadata.labels,
                    (None, None) => true,
                    _ => false,
                };
                if !same {
                    let (was, is) = (was.map(|p| &**p), is.map(|p| &**p));
                    let helps = |pod: &Pod, filter| pod_helps(api, pod, filter, was, is);
                    self.stir(cx, api, helps);
                }
            }
            _ => {}
        }
    }

    fn stir(&mut self, cx: &mut Cx, api: &ApiServer, helps: impl Fn(&Pod, Filter) -> bool) {
        let mut any = false;
        for (uid, failed) in self.failed.iter_mut().filter(|(_, failed)| !failed.stirred) {
            let Some(stored) = api.pod(*uid) else { continue };
            failed.stirred = failed.filters.any(|filter| helps(&stored.pod, filter));
            any |= failed.stirred;
        }
        if any {
            let at = cx.now + Latency::SchedBind.nominal();
            cx.queue.alarm(Part::Scheduler, Some(at));
        }
    }
}

/// Whether a new or changed node takes away the reason of a filter.
fn node_helps(pod: &Pod, filter: Filter, before: Option<&Node>, after: &Node) -> bool {
    let spec = &pod.spec;
    let newly = |fits: &dyn Fn(&Node) -> bool| fits(after) && !before.is_some_and(fits);
    match filter {
        Filter::Other => false,
        Filter::NodeUnschedulable => newly(&|node| !node.spec.unschedulable),
        Filter::NodeAffinity => newly(&|node| node_fits(spec, node)),
        Filter::TaintToleration => newly(&|node| untolerated(spec, node).is_none()),
        Filter::NodePorts => before.is_none(),
        Filter::NodeResourcesFit => {
            let wanted = requests(spec);
            let enough = |node: &Node| wanted.iter().all(|(name, amount)| *amount <= allocatable(node, name));
            let more = |before: &Node| {
                let mut names = wanted.keys().map(String::as_str).chain(["pods"]);
                names.any(|name| allocatable(after, name) > allocatable(before, name))
            };
            newly(&enough) || enough(after) && before.is_some_and(more)
        }
        Filter::PodTopologySpread | Filter::InterPodAffinity => {
            before.is_none_or(|before| before.metadata.labels != after.metadata.labels)
        }
    }
}

/// Whether another Pod takes away the reason of a filter: as it was on its node, and as it is there.
fn pod_helps(api: &ApiServer, pod: &Pod, filter: Filter, was: Option<&Pod>, is: Option<&Pod>) -> bool {
    match filter {
        Filter::NodeResourcesFit => is.is_none(),
        Filter::NodePorts => was.filter(|_| is.is_none()).is_some_and(|gone| {
            let freed = host_ports(&gone.spec);
            let clashes = |own| freed.iter().any(|port| port.conflicts(own));
            host_ports(&pod.spec).iter().any(clashes)
        }),
        Filter::PodTopologySpread => {
            let counted = |other: Option<&Pod>| other.is_some_and(|other| spread::counts(pod, other));
            counted(was) != counted(is)
        }
        Filter::InterPodAffinity => interpod::helps(api, pod, was, is),
        Filter::Other | Filter::NodeUnschedulable | Filter::NodeAffinity | Filter::TaintToleration => false,
    }
}
