//! The store: Pods typed, every other object as it was given, and the watch that tells the parts of changes.

use std::rc::Rc;

use super::change::{Change, Changed};
use super::index::Sort;
use super::node::record_node;
use crate::api::objects::{ConfigMap, Node, Secret, Service};
use crate::api::pod::Pod;
use crate::api::{PodCondition, PodStatus, Time};
use crate::machine::{Cx, Latency, Part, Uid};
use crate::manifest::Value;
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, EventRow, PodLanes, PodRevision, Rule, WatchKind, What};

/// Kind, namespace and name of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectKey {
    /// `Service`
    pub kind: Rc<str>,
    /// Empty for kinds without namespaces.
    pub namespace: Rc<str>,
    /// Name.
    pub name: Rc<str>,
}

/// A stored Pod.
#[derive(Clone, Debug)]
pub struct StoredPod {
    /// Its identity.
    pub uid: Uid,
    /// The object as it stands.
    pub pod: Rc<Pod>,
    /// What its owner wrote, after defaults.
    pub raw: Rc<Value>,
    /// What `kubectl apply` stored last, after defaults; `None` when it never did.
    pub applied: Option<Rc<Value>>,
    /// Its lanes in the trace.
    pub lanes: Rc<PodLanes>,
    /// The entry of its creation.
    pub born: EntryId,
    /// The entry that marked it for deletion.
    pub marked: Option<EntryId>,
    /// The entry behind its last change.
    pub because: EntryId,
}

/// A stored object that is not a Pod.
#[derive(Clone, Debug)]
pub struct StoredObject {
    /// What its owner wrote.
    pub source: Rc<Value>,
    /// The same with what the API server added.
    pub value: Rc<Value>,
    /// When it was stored.
    pub created: Instant,
    /// The typed object, for kinds the simulation knows.
    pub typed: Typed,
}

/// A typed object.
#[derive(Clone, Debug)]
pub enum Typed {
    /// A Service.
    Service(Rc<Service>),
    /// A ConfigMap.
    ConfigMap(Rc<ConfigMap>),
    /// A Secret.
    Secret(Rc<Secret>),
    /// A Node.
    Node(Rc<Node>),
    /// Anything else is only kept.
    Other,
}

/// What makes an Event of one Pod the same object: object, place, reason, message.
type EventKey = (Rc<str>, Rc<str>, Rc<str>, Rc<str>);

/// The API server.
#[derive(Clone, Debug, Default)]
pub struct ApiServer {
    pods: Map<Uid, StoredPod>,
    by_name: Map<(Rc<str>, Rc<str>), Uid>,
    /// Static Pods whose mirrors were deleted.
    pub(super) files: Map<Uid, StoredPod>,
    objects: Map<ObjectKey, StoredObject>,
    pub(super) next_uid: u32,
    next_service: u32,
    /// Node index by name, for the watch.
    nodes: Map<Rc<str>, u16>,
    /// The entry of what people or faults last did to a node.
    node_stories: Map<Rc<str>, EntryId>,
    /// Lanes of the Pod that is being removed.
    leaving: Option<Rc<PodLanes>>,
    /// Events by number of their Pod, then by object, place, reason and message.
    events: Map<u32, Map<EventKey, EventRow>>,
    pub(super) workloads: super::workloads::Workloads,
    pub(super) owners: super::index::Owners,
    pub(super) usage: super::usage::Usage,
    /// Changes that controllers have not been told of yet. The engine empties it after every event.
    pub feed: Vec<super::Change>,
    /// The text has a PriorityClass, be it one that is stored later: nothing is presupposed of them.
    pub tells_classes: bool,
    /// Counts changes; a watcher that polls can tell whether something is new.
    pub version: u64,
}

impl ApiServer {
    /// Makes a node's kubelet a watcher of the Pods bound to it.
    pub fn watch_node(&mut self, name: &str, index: u16) {
        self.nodes.insert(name.into(), index);
    }

    /// The same for the node with this index.
    pub fn tell_node_at(&mut self, index: u16, entry: EntryId) {
        let name = self
            .nodes
            .iter()
            .find(|(_, i)| **i == index)
            .map(|(name, _)| name.clone());
        self.tell_node(name.as_deref().unwrap_or_default(), Some(entry));
    }

    /// Notes what people or a fault did to a node.
    pub fn tell_node(&mut self, name: &str, entry: Option<EntryId>) {
        if let Some(entry) = entry {
            self.node_stories.insert(name.into(), entry);
        }
    }

    /// The entry of what people or a fault last did to a node.
    pub fn node_story(&self, name: &str) -> Option<EntryId> {
        self.node_stories.get(name).copied()
    }

    /// The node that was made first.
    pub fn first_node(&self) -> Option<Rc<str>> {
        let all = self.nodes.iter().min_by_key(|(_, index)| **index);
        all.map(|(name, _)| name.clone())
    }

    /// The index of a node.
    pub fn node_index(&self, name: &str) -> Option<u16> {
        self.nodes.get(name).copied()
    }

    /// All Pods in order of creation.
    pub fn pods(&self) -> impl Iterator<Item = &StoredPod> {
        self.pods.values()
    }

    /// A Pod by identity.
    pub fn pod(&self, uid: Uid) -> Option<&StoredPod> {
        self.pods.get(&uid)
    }

    /// The Pods that `owner` controls, in order of creation.
    pub fn pods_of(&self, owner: Uid) -> impl Iterator<Item = &StoredPod> {
        self.owners.pods_of(owner).iter().filter_map(|uid| self.pod(*uid))
    }

    /// The Pods that no controller manages, in order of creation.
    pub fn loose_pods(&self) -> impl Iterator<Item = &StoredPod> {
        self.owners.loose().iter().filter_map(|uid| self.pod(*uid))
    }

    /// The objects that name `owner` as one of their owners: Pods and workloads, in order of creation.
    pub fn dependents_of(&self, owner: Uid) -> impl Iterator<Item = Uid> + '_ {
        self.owners.dependents_of(owner).iter().copied()
    }

    /// The number of the Pod or workload with this uid.
    pub fn number_of(&self, uid: &str) -> Option<Uid> {
        self.owners.number(uid)
    }

    /// A Pod by name.
    pub fn pod_named(&self, namespace: &str, name: &str) -> Option<&StoredPod> {
        self.by_name
            .get(&(namespace.into(), name.into()))
            .and_then(|uid| self.pods.get(uid))
    }

    /// All Events, as objects with the count they have reached.
    pub fn events(&self) -> impl Iterator<Item = &EventRow> {
        self.events.values().flat_map(Map::values)
    }

    /// Stores or updates an Event.
    pub fn put_event(&mut self, row: EventRow) {
        // One object stands for all similar Events, whatever it says at last.
        let combined = row.message.starts_with(super::events_cache::COMBINED);
        let message = if combined {
            super::events_cache::COMBINED.into()
        } else {
            row.message.clone()
        };
        let key = (row.object.clone(), row.field_path.clone(), row.reason.clone(), message);
        self.version += 1;
        self.events.entry(row.uid).or_default().insert(key, row);
    }

    /// All other objects, sorted by kind, namespace and name.
    pub fn objects(&self) -> impl Iterator<Item = (&ObjectKey, &StoredObject)> {
        self.objects.iter()
    }

    /// Another object by kind and name.
    pub fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<&StoredObject> {
        self.objects.get(&ObjectKey {
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
        })
    }

    /// A Service by name.
    pub fn service(&self, namespace: &str, name: &str) -> Option<&Rc<Service>> {
        match &self.object("Service", namespace, name)?.typed {
            Typed::Service(service) => Some(service),
            _ => None,
        }
    }

    /// A ConfigMap by name.
    pub fn config_map(&self, namespace: &str, name: &str) -> Option<&Rc<ConfigMap>> {
        match &self.object("ConfigMap", namespace, name)?.typed {
            Typed::ConfigMap(map) => Some(map),
            _ => None,
        }
    }

    /// A Secret by name.
    pub fn secret(&self, namespace: &str, name: &str) -> Option<&Rc<Secret>> {
        match &self.object("Secret", namespace, name)?.typed {
            Typed::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// Stores a new Pod. `pod` has its defaults; `because` is the step that asked for it.
    ///
    /// Sets what the strategy of the API sets (spec/01 §1): uid, creation time, generation 1, phase Pending, QoS class,
    /// the condition of a gated Pod, and the tolerations of admission.
    pub fn create_pod(&mut self, cx: &mut Cx, mut pod: Pod, mut raw: Value, because: Option<EntryId>) -> Uid {
        self.next_uid += 1;
        let uid = Uid(self.next_uid);
        super::admission::drop_disabled(&cx.setup.profile, &mut pod);
        super::admission::admit(&mut pod);
        let account = raw.at(&["spec", "serviceAccountName"]).and_then(Value::as_str);
        let account = self.object("ServiceAccount", &pod.metadata.namespace, account.unwrap_or("default"));
        let off = account.and_then(|account| account.value.get("automountServiceAccountToken"));
        let automount = off != Some(&Value::Bool(false));
        super::admission::show(&mut raw, &pod.spec, automount, cx.setup.seed, u64::from(self.next_uid));
        let meta = &mut pod.metadata;
        meta.uid = uid_text(cx.setup.seed, self.next_uid).into();
        meta.creation_timestamp = Some(Time(cx.now));
        meta.deletion_timestamp = None;
        meta.deletion_grace_period_seconds = None;
        meta.generation = 1;
        pod.status = PodStatus {
            phase: crate::api::Phase::Pending,
            qos_class: super::admission::qos_class(&pod.spec).to_owned(),
            ..PodStatus::default()
        };
        if !pod.spec.scheduling_gates.is_empty() {
            pod.status.conditions.push(PodCondition {
                kind: "PodScheduled".into(),
                status: "False".into(),
                reason: "SchedulingGated".into(),
                message: "Scheduling is blocked due to non-empty scheduling gates".into(),
                ..PodCondition::default()
            });
        }
        let controller = self.lane_of_controller(&pod.metadata);
        let revision = super::revision_label(&pod.metadata).to_owned();
        let lanes = Rc::new(PodLanes::new(cx.log, &pod, controller, &revision));
        let cause = Cause::of(Rule::ApiServerStored).after(because);
        let born = cx.log.instant(lanes.pod, cx.now, What::Object("created".into()), cause);
        let stored = StoredPod {
            uid,
            pod: Rc::new(pod),
            raw: Rc::new(raw),
            applied: None,
            lanes,
            born,
            marked: None,
            because: born,
        };
        self.put_pod(cx, stored, WatchKind::Added);
        cx.queue
            .alarm(Part::Scheduler, Some(cx.now + cx.draw(Latency::SchedBind, uid.0)));
        uid
    }

    /// Keeps a Pod under its name and tells its watchers.
    pub(super) fn put_pod(&mut self, cx: &mut Cx, stored: StoredPod, kind: WatchKind) {
        let (uid, pod, born) = (stored.uid, stored.pod.clone(), stored.born);
        let name = (pod.metadata.namespace.clone(), pod.metadata.name.clone());
        self.by_name.insert(name, uid);
        self.owners.put(Sort::Pod, uid, None, &pod.metadata);
        self.usage.follow(uid, None, Some(&pod));
        self.pods.insert(uid, stored);
        self.announce(cx, uid, None, pod, kind, Some(born));
    }

    /// Changes a Pod and tells its watchers, if `change` made a difference.
    ///
    /// Returns whether it did. `cause` is the entry that led to it.
    pub fn update_pod(&mut self, cx: &mut Cx, uid: Uid, cause: Option<EntryId>, change: impl FnOnce(&mut Pod)) -> bool {
        let Some(stored) = self.pods.get_mut(&uid) else {
            return false;
        };
        let mut pod = (*stored.pod).clone();
        change(&mut pod);
        if pod == *stored.pod {
            return false;
        }
        let pod = Rc::new(pod);
        let before = std::mem::replace(&mut stored.pod, pod.clone());
        stored.because = cause.unwrap_or(stored.because);
        self.owners.put(Sort::Pod, uid, Some(&before.metadata), &pod.metadata);
        self.usage.follow(uid, Some(&before), Some(&pod));
        self.announce(cx, uid, Some(before), pod, WatchKind::Modified, cause);
        true
    }

    /// Keeps what a Pod's owner has written now.
    pub fn set_raw(&mut self, uid: Uid, raw: Value) {
        if let Some(stored) = self.pods.get_mut(&uid) {
            stored.raw = Rc::new(raw);
        }
    }

    /// Notes that an object was written by `kubectl apply`, with this text.
    pub fn note_applied(&mut self, kind: &str, namespace: &str, name: &str, text: Value) {
        if let Some(kind) = crate::api::WorkloadKind::of(kind) {
            if let Some(uid) = self.workload_named(kind, namespace, name).map(|stored| stored.uid) {
                self.set_workload_applied(uid, Rc::new(text));
            }
        } else if kind == "Pod" {
            let uid = self.pod_named(namespace, name).map(|stored| stored.uid);
            if let Some(stored) = uid.and_then(|uid| self.pods.get_mut(&uid)) {
                stored.applied = Some(Rc::new(text));
            }
        }
    }

    /// Notes the entry that marked a Pod for deletion.
    pub(super) fn set_marked(&mut self, uid: Uid, entry: EntryId) {
        if let Some(stored) = self.pods.get_mut(&uid) {
            stored.marked = Some(entry);
        }
    }

    /// Takes a Pod away and tells its watchers.
    pub(super) fn remove_pod(&mut self, cx: &mut Cx, uid: Uid, cause: Option<EntryId>) {
        let Some(stored) = self.pods.remove(&uid) else { return };
        let meta = &stored.pod.metadata;
        self.by_name.remove(&(meta.namespace.clone(), meta.name.clone()));
        self.leaving = Some(stored.lanes.clone());
        if super::is_static(&stored.pod) {
            self.files.insert(uid, stored.clone());
        }
        self.owners.remove(Sort::Pod, uid, &stored.pod.metadata);
        self.usage.follow(uid, Some(&stored.pod), None);
        let before = Some(stored.pod.clone());
        self.announce(cx, uid, before, stored.pod, WatchKind::Deleted, cause);
        cx.queue
            .alarm(Part::Scheduler, Some(cx.now + Latency::SchedBind.nominal()));
    }

    fn announce(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        before: Option<Rc<Pod>>,
        pod: Rc<Pod>,
        kind: WatchKind,
        cause: Option<EntryId>,
    ) {
        self.version += 1;
        self.feed.push(Change {
            kind,
            object: Changed::Pod {
                uid,
                before,
                after: pod.clone(),
            },
            because: cause,
        });
        if !pod.spec.node_name.is_empty() && self.node(&pod.spec.node_name).is_none() {
            cx.queue.alarm(Part::PodGc, Some(cx.now));
        }
        if let Some(node) = self.node_index(&pod.spec.node_name) {
            let latency = cx.draw(Latency::WatchToKubelet, uid.0);
            cx.queue.alarm(Part::KubeletWatch(node, uid), Some(cx.now + latency));
        }
        if pod.status.phase.is_terminal() {
            // A finished Pod holds nothing any more (spec/07 §1.6: 10 ms after its terminal status).
            cx.queue
                .alarm(Part::Scheduler, Some(cx.now + Duration::from_millis(10)));
        }
        let Some(lanes) = self
            .pods
            .get(&uid)
            .map(|s| s.lanes.clone())
            .or_else(|| self.leaving.take())
        else {
            return;
        };
        cx.record.fresh.push(PodRevision {
            at: cx.now,
            kind,
            uid: uid.0,
            lanes,
            pod,
            cause,
        });
    }

    /// Stores or replaces an object that is not a Pod. Returns whether it is new.
    pub fn put_object(&mut self, cx: &mut Cx, key: ObjectKey, mut value: Value, mut typed: Typed) -> bool {
        let source = Rc::new(value.clone());
        let before = self.objects.get(&key);
        let created = before.map_or(cx.now, |o| o.created);
        if let Typed::Service(service) = &mut typed {
            let had = before.and_then(|o| match &o.typed {
                Typed::Service(s) => Some(s.spec.cluster_ip.as_str()),
                _ => None,
            });
            let number = &mut self.next_service;
            super::service::allot(service, &mut value, had, || {
                *number += 1;
                format!("10.96.{}.{}", *number / 250, *number % 250 + 1)
            });
        }
        if &*key.kind == super::claims::CLAIM {
            super::claims::bind(&mut value, cx.setup.seed, &key);
        }
        let stored = StoredObject {
            source,
            value: Rc::new(value),
            created,
            typed,
        };
        let before = self.objects.insert(key.clone(), stored);
        let is_new = before.is_none();
        if &*key.kind == "Node" {
            self.node_stored(cx, &key.name, before);
        }
        self.feed.push(Change {
            kind: if is_new { WatchKind::Added } else { WatchKind::Modified },
            object: Changed::Other(key),
            because: None,
        });
        self.version += 1;
        cx.queue
            .alarm(Part::Scheduler, Some(cx.now + Latency::SchedBind.nominal()));
        is_new
    }

    /// Changes what the API server keeps of an object that is neither a Pod nor a workload.
    pub(super) fn change_object(&mut self, key: &ObjectKey, change: impl FnOnce(&mut Value)) {
        let Some(object) = self.objects.get_mut(key) else {
            return;
        };
        change(Rc::make_mut(&mut object.value));
        self.feed.push(Change {
            kind: WatchKind::Modified,
            object: Changed::Other(key.clone()),
            because: None,
        });
        self.version += 1;
    }

    /// Removes an object that is not a Pod. Returns whether it was there.
    pub fn remove_object(&mut self, cx: &mut Cx, key: &ObjectKey) -> bool {
        let removed = self.objects.remove(key);
        let gone = removed.is_some();
        if let Some(removed) = removed {
            self.feed.push(Change {
                kind: WatchKind::Deleted,
                object: Changed::Other(key.clone()),
                because: None,
            });
            self.version += 1;
            if &*key.kind == "Node" {
                record_node(cx, WatchKind::Deleted, &key.name, removed.value);
                cx.queue.alarm(Part::PodGc, Some(cx.now));
            }
        }
        gone
    }
}

/// A uid's text: as long and as shaped as a real one, made from seed and number.
pub fn uid_text(seed: u64, number: u32) -> String {
    let mut stream = crate::rng::Stream::keyed(seed, "uid", u64::from(number), 0);
    let (a, b) = (stream.bits(), stream.bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | (b >> 48 & 0x3fff),
        b & 0xffff_ffff_ffff
    )
}

/// A number from a name: the same in every run, and not the neighbour's.
fn number(kind: &str, namespace: &str, name: &str) -> u64 {
    let bytes = [kind, "/", namespace, "/", name].into_iter().flat_map(str::bytes);
    // FNV-1a, which is short and spreads well enough for names.
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Uid of an object that is neither a Pod nor a workload.
pub fn object_uid(seed: u64, kind: &str, namespace: &str, name: &str) -> Rc<str> {
    let number = number(kind, namespace, name);
    uid_text(seed ^ number, u32::try_from(number >> 40).unwrap_or(0)).into()
}
