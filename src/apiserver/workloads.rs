//! The store of workloads: objects that own Pods, with everything that happens when one is written.

use std::rc::Rc;

use super::change::{Change, Changed};
use super::index::Sort;
use super::{ApiServer, uid_text};
use crate::api::workload::{Spec, Status, read_spec};
use crate::api::{ObjectMeta, Time, Workload, WorkloadKind};
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::map::Map;
use crate::trace::{Cause, EntryId, LaneId, LaneKind, Rule, WatchKind, What, WorkloadRevision};

/// A stored workload.
#[derive(Clone, Debug)]
pub struct StoredWorkload {
    /// Its identity.
    pub uid: Uid,
    /// The object as it stands.
    pub object: Rc<Workload>,
    /// The text `kubectl apply` stored last, after defaults; `None` when it never did.
    pub applied: Option<Rc<Value>>,
    /// Its lane in the trace.
    pub lane: LaneId,
    /// The entry of its creation.
    pub born: EntryId,
    /// The entry behind its last change.
    pub because: EntryId,
}

/// Kind, namespace and name.
type Key = (WorkloadKind, Rc<str>, Rc<str>);

/// All workloads.
#[derive(Clone, Debug, Default)]
pub(super) struct Workloads {
    all: Map<Uid, StoredWorkload>,
    by_name: Map<Key, Uid>,
}

impl ApiServer {
    /// All workloads in order of creation.
    pub fn workloads(&self) -> impl Iterator<Item = &StoredWorkload> {
        self.workloads.all.values()
    }

    /// A workload by identity.
    pub fn workload(&self, uid: Uid) -> Option<&StoredWorkload> {
        self.workloads.all.get(&uid)
    }

    /// A workload by name.
    pub fn workload_named(&self, kind: WorkloadKind, namespace: &str, name: &str) -> Option<&StoredWorkload> {
        let uid = self.workloads.by_name.get(&(kind, namespace.into(), name.into()))?;
        self.workload(*uid)
    }

    /// The workloads that `owner` controls, in order of creation.
    pub fn workloads_of(&self, owner: Uid) -> impl Iterator<Item = &StoredWorkload> {
        self.owners
            .workloads_of(owner)
            .iter()
            .filter_map(|uid| self.workload(*uid))
    }

    /// Stores a new workload. `raw` is the whole object with its defaults, checked before; without a name its
    /// `generateName` makes one.
    ///
    /// # Errors
    /// The API server's answer: the name is taken, or the object cannot be read.
    pub fn create_workload(
        &mut self,
        cx: &mut Cx,
        kind: WorkloadKind,
        mut raw: Value,
        because: Option<EntryId>,
    ) -> Result<Uid, CreateError> {
        let number = self.next_uid + 1;
        let uid = Uid(number);
        if let Value::Map(members) = &mut raw {
            members.retain(|(key, _)| key != "status");
        }
        let uid_text: Rc<str> = uid_text(cx.setup.seed, number).into();
        super::strategy::prepare_create(&cx.setup.profile, kind, &mut raw, &uid_text);
        let mut metadata: ObjectMeta = raw
            .get("metadata")
            .and_then(|meta| meta.decode().ok())
            .unwrap_or_default();
        if metadata.name.is_empty() {
            let suffix = super::name_suffix(cx.setup.seed, u64::from(number));
            metadata.name = super::names::generated(&metadata.generate_name, &suffix).into();
        }
        let key = (kind, metadata.namespace.clone(), metadata.name.clone());
        if self.workloads.by_name.contains_key(&key) {
            return Err(CreateError::AlreadyExists);
        }
        let (spec, status) = read_spec(kind, &raw).map_err(|why| CreateError::Other(why.to_string()))?;
        self.next_uid = number;
        metadata.uid = uid_text;
        metadata.creation_timestamp = Some(Time(cx.now));
        metadata.deletion_timestamp = None;
        metadata.deletion_grace_period_seconds = None;
        metadata.generation = i64::from(kind != WorkloadKind::ControllerRevision);
        let lane = self.workload_lane(cx, kind, &metadata);
        let born = match because {
            // On the lane of its owner the entry of the decision speaks of it.
            Some(decided) if kind == WorkloadKind::ControllerRevision && !metadata.owner_references.is_empty() => {
                decided
            }
            _ => {
                let cause = Cause::of(Rule::ApiServerStored).after(because);
                cx.log.instant(lane, cx.now, What::Object("created".into()), cause)
            }
        };
        let object = Rc::new(Workload {
            kind,
            metadata: Rc::new(metadata),
            spec,
            status,
            raw: Rc::new(raw),
        });
        self.owners.put(Sort::Workload, uid, None, &object.metadata);
        self.workloads.by_name.insert(key, uid);
        let stored = StoredWorkload {
            uid,
            object: object.clone(),
            applied: None,
            lane,
            born,
            because: born,
        };
        self.workloads.all.insert(uid, stored);
        self.announce_workload(cx, uid, lane, WatchKind::Added, None, object, Some(born));
        Ok(uid)
    }

    /// The lane of a new workload, under that of its controller. A ControllerRevision shares its owner's.
    fn workload_lane(&self, cx: &mut Cx, kind: WorkloadKind, meta: &ObjectMeta) -> LaneId {
        let parent = self.lane_of_controller(meta);
        match parent {
            Some(lane) if kind == WorkloadKind::ControllerRevision => lane,
            _ => {
                let revision = super::revision_label(meta);
                cx.log.lane_of(LaneKind::Workload(kind), parent, &meta.name, revision)
            }
        }
    }

    /// The lane of the workload that controls an object.
    pub(super) fn lane_of_controller(&self, meta: &ObjectMeta) -> Option<LaneId> {
        let owner = meta.owner_references.iter().find(|owner| owner.controller)?;
        let stored = self.workload(self.owners.number(&owner.uid)?)?;
        Some(stored.lane)
    }

    /// Writes a status, if `change` made a difference. Returns whether it did.
    pub fn update_workload_status(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>, status: Status) -> bool {
        let Some(stored) = self.workload(uid) else { return false };
        if stored.object.status == status {
            return false;
        }
        let mut object = (*stored.object).clone();
        object.status = status;
        self.replace_workload(cx, uid, object, because);
        true
    }

    /// Changes metadata, and the status if one is given, in one write that leaves the spec as it is. Returns whether
    /// anything is different.
    pub fn update_workload_meta(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        because: Option<EntryId>,
        status: Option<Status>,
        change: impl FnOnce(&mut ObjectMeta),
    ) -> bool {
        let Some(stored) = self.workload(uid) else { return false };
        let before = stored.object.clone();
        let mut metadata = (*before.metadata).clone();
        change(&mut metadata);
        let status = status.unwrap_or_else(|| before.status.clone());
        if metadata == *before.metadata && status == before.status {
            return false;
        }
        let mut object = (*before).clone();
        object.metadata = Rc::new(metadata);
        object.status = status;
        self.replace_workload(cx, uid, object, because);
        self.remove_when_free(cx, uid, because);
        true
    }

    /// Writes metadata and spec anew: `raw` is the whole object as it is to be. The generation grows when the spec
    /// differs. Returns whether anything is different.
    ///
    /// # Errors
    /// The object cannot be read.
    pub fn update_workload(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        because: Option<EntryId>,
        mut raw: Value,
    ) -> Result<bool, String> {
        let Some(stored) = self.workload(uid) else {
            return Ok(false);
        };
        let before = stored.object.clone();
        if let Value::Map(members) = &mut raw {
            members.retain(|(key, _)| key != "status");
        }
        super::strategy::prepare_update(&cx.setup.profile, &before, &mut raw);
        let given: ObjectMeta = raw
            .get("metadata")
            .and_then(|meta| meta.decode().ok())
            .unwrap_or_default();
        let metadata = ObjectMeta {
            labels: given.labels,
            annotations: given.annotations,
            finalizers: given.finalizers,
            owner_references: given.owner_references,
            ..(*before.metadata).clone()
        };
        let same_spec = spec_of(&raw) == spec_of(&before.raw);
        if same_spec && metadata == *before.metadata {
            return Ok(false);
        }
        let mut object = (*before).clone();
        object.metadata = Rc::new(metadata);
        if !same_spec {
            let (spec, _) = read_spec(before.kind, &raw).map_err(|why| why.to_string())?;
            object.spec = spec;
            Rc::make_mut(&mut object.metadata).generation += 1;
        }
        object.raw = Rc::new(raw);
        self.replace_workload(cx, uid, object, because);
        self.remove_when_free(cx, uid, because);
        Ok(true)
    }

    /// Sets `spec.replicas` and, in the same write, changes the metadata. Returns whether anything is different.
    pub fn scale_workload(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        because: Option<EntryId>,
        replicas: i64,
        change: impl FnOnce(&mut ObjectMeta),
    ) -> bool {
        let Some(stored) = self.workload(uid) else { return false };
        let before = stored.object.clone();
        let mut object = (*before).clone();
        let scaled = match &mut object.spec {
            Spec::Deployment(spec) => std::mem::replace(&mut Rc::make_mut(spec).replicas, replicas) != replicas,
            Spec::ReplicaSet(spec) => std::mem::replace(&mut Rc::make_mut(spec).replicas, replicas) != replicas,
            Spec::StatefulSet(spec) => std::mem::replace(&mut Rc::make_mut(spec).replicas, replicas) != replicas,
            _ => return false,
        };
        let metadata = Rc::make_mut(&mut object.metadata);
        change(metadata);
        if scaled {
            metadata.generation += 1;
            let mut raw = (*before.raw).clone();
            raw.entry("spec").set("replicas", replicas.into());
            object.raw = Rc::new(raw);
        } else if *object.metadata == *before.metadata {
            return false;
        }
        self.replace_workload(cx, uid, object, because);
        true
    }

    /// Gives a ControllerRevision another number. Returns whether anything is different.
    pub fn renumber_revision(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>, number: i64) -> bool {
        let Some(stored) = self.workload(uid) else { return false };
        let mut object = (*stored.object).clone();
        if !matches!(object.spec, Spec::ControllerRevision(old) if old != number) {
            return false;
        }
        object.spec = Spec::ControllerRevision(number);
        Rc::make_mut(&mut object.raw).set("revision", number.into());
        self.replace_workload(cx, uid, object, because);
        true
    }

    /// Notes that the text was stored by `kubectl apply`.
    pub fn set_workload_applied(&mut self, uid: Uid, text: Rc<Value>) {
        if let Some(stored) = self.workloads.all.get_mut(&uid) {
            stored.applied = Some(text);
        }
    }

    /// Takes a workload away and tells its watchers.
    pub(super) fn remove_workload(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let Some(stored) = self.workloads.all.remove(&uid) else {
            return;
        };
        let meta = &stored.object.metadata;
        self.workloads
            .by_name
            .remove(&(stored.object.kind, meta.namespace.clone(), meta.name.clone()));
        self.owners.remove(Sort::Workload, uid, meta);
        let before = Some(stored.object.clone());
        self.announce_workload(cx, uid, stored.lane, WatchKind::Deleted, before, stored.object, because);
    }

    fn replace_workload(&mut self, cx: &mut Cx, uid: Uid, object: Workload, because: Option<EntryId>) {
        let Some(stored) = self.workloads.all.get_mut(&uid) else {
            return;
        };
        let object = Rc::new(object);
        let before = std::mem::replace(&mut stored.object, object.clone());
        stored.because = because.unwrap_or(stored.because);
        let lane = stored.lane;
        self.owners
            .put(Sort::Workload, uid, Some(&before.metadata), &object.metadata);
        self.announce_workload(cx, uid, lane, WatchKind::Modified, Some(before), object, because);
    }

    #[allow(clippy::too_many_arguments)] // One watch event has so many parts.
    fn announce_workload(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        lane: LaneId,
        kind: WatchKind,
        before: Option<Rc<Workload>>,
        after: Rc<Workload>,
        because: Option<EntryId>,
    ) {
        self.version += 1;
        cx.record.fresh_workloads.push(WorkloadRevision {
            at: cx.now,
            kind,
            uid: uid.0,
            lane,
            object: after.clone(),
            cause: because,
        });
        self.feed.push(Change {
            kind,
            object: Changed::Workload { uid, before, after },
            because,
        });
    }
}

fn spec_of(raw: &Value) -> Option<&Value> {
    raw.get("spec")
}

impl std::fmt::Display for CreateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CreateError::AlreadyExists => f.write_str("an object of this name exists already"),
            CreateError::Other(why) => f.write_str(why),
        }
    }
}

/// Why an object was not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreateError {
    /// There is one of this name.
    AlreadyExists,
    /// In the API server's words.
    Other(String),
}
