//! Twin: staging/src/k8s.io/endpointslice/reconciler.go (v1.36.2)
//! Covers: endpoints of one Service in slices of at most a hundred, one set of ports each; the empty slice of a Service
//! without Pods; names.
//! Left out: slices of other address families.

use std::rc::Rc;

use super::{Endpoint, reconcile};
use crate::api::Pod;
use crate::api::objects::Service;
use crate::apiserver::ApiServer;
use crate::machine::{Cx, Uid};
use crate::map::{Map, Set};
use crate::trace::{
    Cause, EndpointSlice, EntryId, LaneId, LaneKind, Rule, SliceEndpoint, SlicePort, SliceRevision, WatchKind, What,
};

/// More endpoints than this are not in one slice.
const MAX_ENDPOINTS: usize = 100;

/// The slices of one Service.
#[derive(Clone, Debug)]
pub(super) struct Slices {
    lane: LaneId,
    namespace: Rc<str>,
    service: Rc<str>,
    members: Map<Uid, Member>,
    all: Vec<Rc<EndpointSlice>>,
    /// How many slices were ever made, for their names.
    made: u32,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    endpoint: Endpoint,
    entry: EntryId,
    lane: LaneId,
}

impl Slices {
    pub fn new(lane: LaneId, (namespace, service): &(Rc<str>, Rc<str>)) -> Self {
        Slices {
            lane,
            namespace: namespace.clone(),
            service: service.clone(),
            members: Map::new(),
            all: Vec::new(),
            made: 0,
        }
    }

    /// The Pods behind the Service.
    pub fn members(&self) -> impl Iterator<Item = Uid> + '_ {
        self.members.keys().copied()
    }

    /// The same with what each is there.
    pub fn endpoints(&self) -> Vec<(Uid, Endpoint)> {
        self.members
            .iter()
            .map(|(uid, member)| (*uid, member.endpoint))
            .collect()
    }

    /// The slices as they stand.
    pub fn all(&self) -> &[Rc<EndpointSlice>] {
        &self.all
    }

    /// Brings these Pods up to date, and tells watchers of every slice that changed.
    pub fn follow(&mut self, cx: &mut Cx, api: &ApiServer, service: &Service, pods: &[Uid]) {
        let mut touched: Set<Rc<str>> = Set::new();
        let before: Vec<Rc<str>> = self.all.iter().map(|slice| slice.name.clone()).collect();
        for uid in pods {
            let stored = api.pod(*uid);
            let endpoint = stored.and_then(|stored| reconcile::endpoint(service, &stored.pod));
            match (stored, endpoint) {
                (Some(stored), Some(endpoint)) => {
                    self.draw(cx, *uid, &stored.pod, endpoint, stored.because);
                    self.place(cx, *uid, service, &stored.pod, endpoint, &mut touched);
                }
                _ => self.take_out(cx, *uid, &mut touched),
            }
        }
        self.tidy(cx, &mut touched);
        self.announce(cx, &touched, &before);
    }

    /// The Service is gone, or has no selector any more.
    pub fn remove_all(&mut self, cx: &mut Cx) {
        for member in self.members.values() {
            cx.log.end(member.entry, cx.now);
        }
        self.members.clear();
        for slice in std::mem::take(&mut self.all) {
            say(cx, WatchKind::Deleted, slice);
        }
    }

    /// Draws what a Pod is behind the Service, if that is different.
    fn draw(&mut self, cx: &mut Cx, uid: Uid, pod: &Pod, endpoint: Endpoint, because: EntryId) {
        let before = self.members.get(&uid).copied();
        let lane = match before {
            Some(before) if before.endpoint == endpoint => return,
            Some(before) => {
                cx.log.end(before.entry, cx.now);
                before.lane
            }
            None => cx.log.lane(LaneKind::Endpoint, Some(self.lane), &pod.metadata.name),
        };
        let what = What::Endpoint {
            ready: endpoint.ready,
            serving: endpoint.serving,
            terminating: endpoint.terminating,
        };
        let cause = Cause::of(Rule::EndpointsFollow).after(Some(because));
        let entry = cx.log.begin(lane, cx.now, what, cause);
        let member = Member { endpoint, entry, lane };
        self.members.insert(uid, member);
    }

    /// Puts a Pod into a slice with its ports, or renews it where it is.
    fn place(
        &mut self,
        cx: &Cx,
        uid: Uid,
        service: &Service,
        pod: &Pod,
        endpoint: Endpoint,
        touched: &mut Set<Rc<str>>,
    ) {
        let ports = reconcile::ports(service, pod);
        let new = SliceEndpoint {
            uid: uid.0,
            pod: pod.metadata.name.clone(),
            ip: pod.status.pod_ip.as_str().into(),
            node: pod.spec.node_name.clone(),
            hostname: reconcile::hostname(service, pod),
            ready: endpoint.ready,
            serving: endpoint.serving,
            terminating: endpoint.terminating,
        };
        let mut home = None;
        for slice in &mut self.all {
            let Some(at) = slice.endpoints.iter().position(|e| e.uid == uid.0) else {
                continue;
            };
            if slice.ports == ports {
                if slice.endpoints.get(at) != Some(&new) {
                    touched.insert(slice.name.clone());
                    if let Some(place) = Rc::make_mut(slice).endpoints.get_mut(at) {
                        *place = new.clone();
                    }
                }
                home = Some(());
            } else {
                touched.insert(slice.name.clone());
                Rc::make_mut(slice).endpoints.remove(at);
            }
        }
        if home.is_none()
            && let Some(slice) = self.with_room(cx, &ports)
        {
            touched.insert(slice.name.clone());
            slice.ports = ports;
            slice.endpoints.push(new);
        }
    }

    /// A slice with these ports and room, or an empty one, or a new one.
    fn with_room(&mut self, cx: &Cx, ports: &[SlicePort]) -> Option<&mut EndpointSlice> {
        let fits = |slice: &Rc<EndpointSlice>| {
            slice.endpoints.is_empty() || slice.ports == ports && slice.endpoints.len() < MAX_ENDPOINTS
        };
        let at = match self.all.iter().position(fits) {
            Some(at) => at,
            None => {
                self.add(cx);
                self.all.len() - 1
            }
        };
        self.all.get_mut(at).map(Rc::make_mut)
    }

    fn add(&mut self, cx: &Cx) {
        let suffix = crate::apiserver::slice_suffix(cx.setup.seed, &self.namespace, &self.service, self.made);
        self.made += 1;
        self.all.push(Rc::new(EndpointSlice {
            name: format!("{}-{suffix}", self.service).into(),
            namespace: self.namespace.clone(),
            service: self.service.clone(),
            ..EndpointSlice::default()
        }));
    }

    fn take_out(&mut self, cx: &mut Cx, uid: Uid, touched: &mut Set<Rc<str>>) {
        let Some(member) = self.members.remove(&uid) else {
            return;
        };
        cx.log.end(member.entry, cx.now);
        for slice in &mut self.all {
            if slice.endpoints.iter().any(|e| e.uid == uid.0) {
                touched.insert(slice.name.clone());
                Rc::make_mut(slice).endpoints.retain(|e| e.uid != uid.0);
            }
        }
    }

    /// Empty slices go but for one, which has no ports.
    fn tidy(&mut self, cx: &mut Cx, touched: &mut Set<Rc<str>>) {
        if self.all.is_empty() {
            self.add(cx);
        }
        let filled = self.all.iter().any(|slice| !slice.endpoints.is_empty());
        let mut first = true;
        let mut gone = Vec::new();
        self.all.retain(|slice| {
            let keep = !slice.endpoints.is_empty() || !filled && std::mem::take(&mut first);
            if !keep {
                gone.push(slice.clone());
            }
            keep
        });
        for slice in gone {
            touched.remove(&slice.name);
            say(cx, WatchKind::Deleted, slice);
        }
        if let Some(empty) = self.all.first_mut().filter(|slice| slice.endpoints.is_empty())
            && !empty.ports.is_empty()
        {
            Rc::make_mut(empty).ports.clear();
        }
    }

    fn announce(&self, cx: &mut Cx, touched: &Set<Rc<str>>, before: &[Rc<str>]) {
        for slice in &self.all {
            let known = before.contains(&slice.name);
            if !known || touched.contains(&slice.name) {
                let kind = if known { WatchKind::Modified } else { WatchKind::Added };
                say(cx, kind, slice.clone());
            }
        }
    }
}

fn say(cx: &mut Cx, kind: WatchKind, slice: Rc<EndpointSlice>) {
    cx.queue.keep(300 + 150 * slice.endpoints.len());
    if !cx.record.muted {
        let at = cx.now;
        cx.record.slices.push(SliceRevision { at, kind, slice });
    }
}
