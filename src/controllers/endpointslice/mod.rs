//! Twin: pkg/controller/endpointslice/endpointslice_controller.go (v1.36.2)
//! Covers: which Services have slices, and which changes of Pods and Services they follow.
//! Left out: Services without selector, topology hints, the second look a second later at a stale cache.

mod reconcile;
mod slices;

use std::rc::Rc;

use crate::api::objects::Service;
use crate::apiserver::{ApiServer, Change, Changed, Typed, selects};
use crate::machine::{Cx, Latency, Part, Uid};
use crate::map::{Map, Set};
use crate::trace::{EndpointSlice, LaneKind, WatchKind};
use slices::Slices;

/// Namespace and name of a Service.
type Key = (Rc<str>, Rc<str>);

/// The endpoints of all Services.
#[derive(Clone, Debug, Default)]
pub struct EndpointSlices {
    services: Map<Key, Slices>,
    /// Services that are new or changed.
    changed: Set<Key>,
    /// Pods that changed, by namespace.
    pods: Map<Uid, Rc<str>>,
}

/// A Pod behind a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Takes new connections.
    pub ready: bool,
    /// Answers.
    pub serving: bool,
    /// Is on its way out.
    pub terminating: bool,
}

impl EndpointSlices {
    /// Hears of a change, if it concerns a Service or a Pod that may be behind one.
    pub fn observe(&mut self, cx: &mut Cx, change: &Change) {
        match &change.object {
            Changed::Other(key) if &*key.kind == "Service" => {
                self.changed.insert((key.namespace.clone(), key.name.clone()));
            }
            Changed::Pod { uid, before, after } => {
                let same = before.as_ref().is_some_and(|before| {
                    before.metadata.labels == after.metadata.labels
                        && before.metadata.deletion_timestamp.is_some() == after.metadata.deletion_timestamp.is_some()
                        && before.status.phase.is_terminal() == after.status.phase.is_terminal()
                        && before.status.pod_ip == after.status.pod_ip
                        && crate::apiserver::is_ready(before) == crate::apiserver::is_ready(after)
                });
                let quiet = after.status.pod_ip.is_empty() || self.services.is_empty() && self.changed.is_empty();
                if change.kind != WatchKind::Deleted && (same || quiet) {
                    return;
                }
                self.pods.insert(*uid, after.metadata.namespace.clone());
            }
            _ => return,
        }
        let at = cx.now + Latency::Endpoints.nominal();
        cx.queue.alarm(Part::Endpoints, Some(at));
    }

    /// Brings the slices of every Service that is concerned up to date.
    pub fn poll(&mut self, cx: &mut Cx, api: &ApiServer) {
        let pods = std::mem::take(&mut self.pods);
        for key in std::mem::take(&mut self.changed).iter() {
            let service = api
                .service(&key.0, &key.1)
                .filter(|service| !service.spec.selector.is_empty());
            match service {
                Some(service) => self.service(cx, api, key, service),
                None => {
                    if let Some(mut slices) = self.services.remove(key) {
                        slices.remove_all(cx);
                    }
                }
            }
        }
        for (key, slices) in self.services.iter_mut() {
            let Some(service) = api.service(&key.0, &key.1) else {
                continue;
            };
            let here = pods.iter().filter(|(_, namespace)| **namespace == key.0);
            let pods: Vec<Uid> = here.map(|(uid, _)| *uid).collect();
            if !pods.is_empty() {
                slices.follow(cx, api, service, &pods);
            }
        }
    }

    fn service(&mut self, cx: &mut Cx, api: &ApiServer, key: &Key, service: &Rc<Service>) {
        let slices = self.services.entry(key.clone()).or_insert_with(|| {
            let lane = cx.log.lane(LaneKind::Service, None, &key.1);
            Slices::new(lane, key)
        });
        let mut pods: Set<Uid> = slices.members().collect();
        pods.extend(
            api.pods()
                .filter(|stored| selects(service, &stored.pod))
                .map(|stored| stored.uid),
        );
        let pods: Vec<Uid> = pods.iter().copied().collect();
        slices.follow(cx, api, service, &pods);
    }

    /// The endpoints of a Service, in order of the Pods' creation.
    pub fn of(&self, namespace: &str, service: &str) -> Vec<(Uid, Endpoint)> {
        let found = self.services.get(&(Rc::from(namespace), Rc::from(service)));
        found.map(Slices::endpoints).unwrap_or_default()
    }

    /// The slices of a Service.
    pub fn slices(&self, namespace: &str, service: &str) -> &[Rc<EndpointSlice>] {
        let found = self.services.get(&(Rc::from(namespace), Rc::from(service)));
        found.map(Slices::all).unwrap_or_default()
    }
}

/// Whether an object is a Service that has slices.
pub fn has_slices(typed: &Typed) -> bool {
    matches!(typed, Typed::Service(service) if !service.spec.selector.is_empty())
}
