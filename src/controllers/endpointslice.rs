//! Twin: staging/src/k8s.io/endpointslice/utils.go (v1.36.2)
//! Covers: which Pods are behind a Service, and whether they are ready, serving, terminating.
//! Left out: topology hints, slices of more than 100 endpoints, Services without selector.

use std::rc::Rc;

use crate::apiserver::{ApiServer, Typed, is_ready, selects};
use crate::machine::{Cx, Uid};
use crate::map::Map;
use crate::trace::{Cause, EntryId, LaneId, LaneKind, Rule, What};

/// The endpoints of all Services.
#[derive(Clone, Debug, Default)]
pub struct EndpointSlices {
    services: Map<(Rc<str>, Rc<str>), Slice>,
}

#[derive(Clone, Debug)]
struct Slice {
    lane: LaneId,
    endpoints: Map<Uid, (Endpoint, EntryId, LaneId)>,
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
    /// Follows Services and Pods.
    pub fn poll(&mut self, cx: &mut Cx, api: &ApiServer) {
        for (key, object) in api.objects() {
            let Typed::Service(service) = &object.typed else {
                continue;
            };
            let slice = self
                .services
                .entry((key.namespace.clone(), key.name.clone()))
                .or_insert_with(|| Slice {
                    lane: cx.log.lane(LaneKind::Service, None, &key.name),
                    endpoints: Map::new(),
                });
            let mut now: Map<Uid, (Endpoint, Rc<str>, EntryId)> = Map::new();
            for stored in api.pods() {
                let pod = &stored.pod;
                if !selects(service, pod) || pod.status.pod_ip.is_empty() || pod.status.phase.is_terminal() {
                    continue;
                }
                let serving = is_ready(pod);
                let terminating = pod.metadata.deletion_timestamp.is_some();
                let ready = service.spec.publish_not_ready_addresses || serving && !terminating;
                now.insert(
                    stored.uid,
                    (
                        Endpoint {
                            ready,
                            serving,
                            terminating,
                        },
                        pod.metadata.name.clone(),
                        stored.because,
                    ),
                );
            }
            slice.follow(cx, now);
        }
        let gone: Vec<_> = self
            .services
            .keys()
            .filter(|(ns, n)| api.service(ns, n).is_none())
            .cloned()
            .collect();
        for key in gone {
            if let Some(mut slice) = self.services.remove(&key) {
                slice.follow(cx, Map::new());
            }
        }
    }

    /// The endpoints of a Service, in order of the Pods' creation.
    pub fn of(&self, namespace: &str, service: &str) -> Vec<(Uid, Endpoint)> {
        let key = (Rc::from(namespace), Rc::from(service));
        self.services
            .get(&key)
            .map(|s| s.endpoints.iter().map(|(u, e)| (*u, e.0)).collect())
            .unwrap_or_default()
    }
}

impl Slice {
    fn follow(&mut self, cx: &mut Cx, now: Map<Uid, (Endpoint, Rc<str>, EntryId)>) {
        let at = cx.now;
        for (uid, (_, entry, _)) in &self.endpoints {
            if !now.contains_key(uid) {
                cx.log.end(*entry, at);
            }
        }
        let mut next = Map::new();
        for (uid, (endpoint, name, because)) in now {
            let before = self.endpoints.get(&uid);
            if let Some(same) = before.filter(|b| b.0 == endpoint) {
                next.insert(uid, *same);
                continue;
            }
            let lane = match before {
                Some((_, entry, lane)) => {
                    cx.log.end(*entry, at);
                    *lane
                }
                None => cx.log.lane(LaneKind::Endpoint, Some(self.lane), &name),
            };
            let Endpoint {
                ready,
                serving,
                terminating,
            } = endpoint;
            let what = What::Endpoint {
                ready,
                serving,
                terminating,
            };
            let entry = cx
                .log
                .begin(lane, at, what, Cause::of(Rule::EndpointsFollow).after(Some(because)));
            next.insert(uid, (endpoint, entry, lane));
        }
        self.endpoints = next;
    }
}
