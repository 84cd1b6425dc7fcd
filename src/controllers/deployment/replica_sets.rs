//! Twin: pkg/controller/deployment/sync.go (v1.36.2)
//! Covers: the ReplicaSets of a Deployment: claims, which is the newest, `getNewReplicaSet`, scaling one of them,
//! `cleanupDeployment`.
//! Left out: what `scale.rs` and `status.rs` cover.

use std::rc::Rc;

use super::Sync;
use super::conditions::{condition, set_condition};
use super::numbers::{DESIRED, MAX, REVISION, REVISION_HISTORY, max_surge, new_replicas};
use crate::api::selects::selector_fits;
use crate::api::template_hash::template_hash;
use crate::api::workload::{ReplicaSetSpec, ReplicaSetStatus, Status};
use crate::api::{ObjectMeta, WorkloadKind};
use crate::apiserver::{CreateError, Propagation, StoredWorkload};
use crate::controllers::claim::controller_reference;
use crate::controllers::pod_control::reference_value;
use crate::machine::Uid;
use crate::manifest::Value;
use crate::map::Map;
use crate::sort;
use crate::trace::{DeploymentRule, EntryId, What};

/// The label that tells the Pods of one template from those of another.
const HASH: &str = "pod-template-hash";

/// The ReplicaSets of a Deployment.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets {
    /// The one with the Deployment's template.
    pub new: Option<StoredWorkload>,
    /// All others, oldest first.
    pub old: Vec<StoredWorkload>,
}

impl Sets {
    /// All of them, oldest first, the newest template last.
    pub fn all(&self) -> impl Iterator<Item = &StoredWorkload> {
        self.old.iter().chain(&self.new)
    }

    /// Pods they ask for together.
    pub fn total(&self) -> i64 {
        self.all().map(replicas).sum()
    }
}

/// Pods a ReplicaSet asks for.
pub(super) fn replicas(set: &StoredWorkload) -> i64 {
    spec_of(set).map_or(0, |spec| spec.replicas)
}

fn spec_of(set: &StoredWorkload) -> Option<&Rc<ReplicaSetSpec>> {
    set.object.replica_set().map(|(spec, _)| spec)
}

/// What a ReplicaSet's controller has counted.
pub(super) fn counted(set: &StoredWorkload) -> ReplicaSetStatus {
    set.object
        .replica_set()
        .map(|(_, status)| (**status).clone())
        .unwrap_or_default()
}

/// A number in an annotation.
pub(super) fn annotated(meta: &ObjectMeta, key: &str) -> Option<i64> {
    meta.annotations.get(key)?.parse().ok()
}

/// Whether two templates are the same but for the hash label, in whatever order their members stand.
fn same_template(a: &Value, b: &Value) -> bool {
    fn bare(template: &Value) -> Value {
        let mut template = template.clone();
        if let Value::Map(labels) = template.entry("metadata").entry("labels") {
            labels.retain(|(key, _)| key != HASH);
        }
        template
    }
    bare(a).same(&bare(b))
}

impl Sync<'_, '_> {
    /// Adopts ReplicaSets with its labels that nobody controls, and releases those that lost them.
    pub(super) fn claim(&mut self) {
        let selector = self.spec.selector.clone();
        let fits = |set: &&StoredWorkload| selector_fits(selector.as_ref(), &set.object.metadata.labels);
        let lost: Vec<Uid> = self
            .api
            .workloads_of(self.uid)
            .filter(|set| !fits(set))
            .map(|set| set.uid)
            .collect();
        for uid in lost {
            let own = self.meta.uid.clone();
            self.api.update_workload_meta(self.cx, uid, self.because, None, |meta| {
                meta.owner_references.retain(|owner| *owner.uid != *own);
            });
        }
        if self.meta.deletion_timestamp.is_some() {
            return;
        }
        let loose = |set: &&StoredWorkload| {
            let meta = &set.object.metadata;
            set.object.kind == WorkloadKind::ReplicaSet
                && meta.namespace == self.meta.namespace
                && set.object.controller().is_none()
                && meta.deletion_timestamp.is_none()
        };
        let found: Vec<Uid> = self
            .api
            .workloads()
            .filter(loose)
            .filter(fits)
            .map(|set| set.uid)
            .collect();
        for uid in found {
            let Some(owner) = self.api.workload(self.uid) else {
                return;
            };
            let reference = controller_reference(&owner.object);
            self.api.update_workload_meta(self.cx, uid, self.because, None, |meta| {
                meta.owner_references.push(reference);
            });
        }
    }

    /// Its ReplicaSets as they stand.
    pub(super) fn sets(&self) -> Sets {
        let mut all: Vec<StoredWorkload> = self.api.workloads_of(self.uid).cloned().collect();
        let Some(own) = self.api.workload(self.uid) else {
            return Sets::default();
        };
        let template = own.object.raw_template();
        // In order of creation: the oldest of several with the template counts as the new one.
        let is_new = |set: &StoredWorkload| match (template, set.object.raw_template()) {
            (Some(a), Some(b)) => same_template(a, b),
            _ => false,
        };
        let new = all.iter().position(is_new).map(|at| all.remove(at));
        Sets { new, old: all }
    }

    /// Its ReplicaSets, with the newest brought up to date, or made when `create` is set.
    pub(super) fn sets_in_sync(&mut self, create: bool) -> Sets {
        let sets = self.sets();
        let revision = 1 + sets
            .old
            .iter()
            .filter_map(|set| annotated(&set.object.metadata, REVISION))
            .max()
            .unwrap_or(0);
        match &sets.new {
            Some(new) => self.refresh(new.uid, revision),
            None if create => self.create_set(&sets, revision),
            None => return sets,
        }
        self.sets()
    }

    /// The newest ReplicaSet exists: its annotations and the Deployment's follow.
    fn refresh(&mut self, uid: Uid, revision: i64) {
        let Some(set) = self.api.workload(uid) else { return };
        let before = annotated(&set.object.metadata, REVISION).unwrap_or(0);
        let (lane, min_ready) = (set.lane, self.spec.min_ready_seconds);
        let mut meta = (*set.object.metadata).clone();
        self.annotate(&mut meta, revision);
        let other_min_ready = spec_of(set).is_some_and(|spec| spec.min_ready_seconds != min_ready);
        if meta != *set.object.metadata || other_min_ready {
            let because = if before > 0 && before < revision {
                let rule = DeploymentRule::ReusedReplicaSet {
                    from: small(before),
                    to: small(revision),
                };
                Some(self.decide(lane, rule, What::Decided("".into()), ""))
            } else {
                self.because
            };
            let mut raw = self
                .api
                .workload(uid)
                .map(|set| (*set.object.raw).clone())
                .unwrap_or_default();
            for (key, value) in &meta.annotations {
                raw.entry("metadata")
                    .entry("annotations")
                    .set(key, value.as_str().into());
            }
            keep_owners(&mut raw, &meta);
            if min_ready != 0 || other_min_ready {
                raw.entry("spec").set("minReadySeconds", min_ready.into());
            }
            // The object was stored before, so it can be read.
            let _ = self.api.update_workload(self.cx, uid, because, raw);
            return;
        }
        let revision = meta.annotations.get(REVISION).cloned().unwrap_or_default();
        let mut changed = self.set_revision(&revision);
        if self.spec.progress_deadline_seconds.is_some() && condition(&self.status.conditions, "Progressing").is_none()
        {
            let message = format!("Found new replica set \"{}\"", meta.name);
            let found = super::conditions::new_condition("Progressing", "True", "FoundNewReplicaSet", &message);
            set_condition(&mut self.status.conditions, found, self.cx.now);
            changed = true;
        }
        if changed {
            self.write_with_revision(&revision);
        }
    }

    /// Annotations of a ReplicaSet that come from the Deployment (`SetNewReplicaSetAnnotations`).
    fn annotate(&self, meta: &mut ObjectMeta, revision: i64) {
        for (key, value) in &self.meta.annotations {
            if !is_own_annotation(key) {
                meta.annotations.insert(key.clone(), value.clone());
            }
        }
        let before = annotated(meta, REVISION).unwrap_or(0);
        if before < revision
            && let Some(old) = meta.annotations.insert(REVISION.to_owned(), revision.to_string())
        {
            let history = meta
                .annotations
                .get(REVISION_HISTORY)
                .map_or(old.clone(), |h| format!("{h},{old}"));
            meta.annotations.insert(REVISION_HISTORY.to_owned(), history);
        }
    }

    fn set_revision(&mut self, revision: &str) -> bool {
        self.meta.annotations.get(REVISION).map(String::as_str) != Some(revision)
    }

    /// Writes the Deployment's status and revision in the middle of a sync.
    fn write_with_revision(&mut self, revision: &str) {
        let status = Status::Deployment(Rc::new(self.status.clone()));
        self.written |= self
            .api
            .update_workload_meta(self.cx, self.uid, self.because, Some(status), |meta| {
                meta.annotations.insert(REVISION.to_owned(), revision.to_owned());
            });
    }

    fn create_set(&mut self, sets: &Sets, revision: i64) {
        let Some(own) = self.api.workload(self.uid) else { return };
        let own = own.object.clone();
        let Some(template) = own.raw_template() else { return };
        let collisions = self.status.collision_count.and_then(|n| u32::try_from(n).ok());
        let hash = template_hash(template, collisions);
        let name = format!("{}-{hash}", own.metadata.name);
        let count = new_replicas(&self.spec, 0, sets.total());
        let mut meta = ObjectMeta::default();
        self.annotate(&mut meta, revision);
        let limit = self.spec.replicas.saturating_add(max_surge(&self.spec));
        meta.annotations
            .insert(DESIRED.to_owned(), self.spec.replicas.to_string());
        meta.annotations.insert(MAX.to_owned(), limit.to_string());
        let raw = set_object(&own, &name, &hash, count, &meta.annotations);
        let rule = DeploymentRule::NewReplicaSet {
            desired: small(self.spec.replicas),
            surge: small(max_surge(&self.spec)),
            others: small(sets.total()),
            replicas: small(count),
        };
        let decided = self.decide(self.lane, rule, What::Decided(name.as_str().into()), "template");
        match self
            .api
            .create_workload(self.cx, WorkloadKind::ReplicaSet, raw, Some(decided))
        {
            Ok(_) => self.created(&name, count, revision, decided),
            Err(CreateError::AlreadyExists) => {
                // Another template has the same hash: the next name counts the collisions.
                self.status.collision_count = Some(self.status.collision_count.unwrap_or(0).saturating_add(1));
                self.write_with_revision(&revision.to_string());
            }
            Err(CreateError::Other(why)) => {
                let message = format!("Failed to create new replica set \"{name}\": {why}");
                let failed =
                    super::conditions::new_condition("Progressing", "False", "ReplicaSetCreateError", &message);
                set_condition(&mut self.status.conditions, failed, self.cx.now);
                self.write_with_revision(&revision.to_string());
                self.event(Some(decided), true, "ReplicaSetCreateError", &message);
            }
        }
    }

    fn created(&mut self, name: &str, count: i64, revision: i64, decided: EntryId) {
        if count > 0 {
            let message = format!("Scaled up replica set {name} from 0 to {count}");
            self.event(Some(decided), false, "ScalingReplicaSet", &message);
        }
        if self.spec.progress_deadline_seconds.is_some() {
            let message = format!("Created new replica set \"{name}\"");
            let created = super::conditions::new_condition("Progressing", "True", "NewReplicaSetCreated", &message);
            set_condition(&mut self.status.conditions, created, self.cx.now);
        }
        self.write_with_revision(&revision.to_string());
    }

    /// Sets the count of a ReplicaSet, with its annotations. Returns whether the count changed.
    pub(super) fn scale_set(
        &mut self,
        set: &StoredWorkload,
        to: i64,
        rule: DeploymentRule,
        field: &'static str,
    ) -> bool {
        let from = replicas(set);
        let desired = self.spec.replicas.to_string();
        let limit = self.spec.replicas.saturating_add(max_surge(&self.spec)).to_string();
        let annotations = &set.object.metadata.annotations;
        let same = annotations.get(DESIRED) == Some(&desired) && annotations.get(MAX) == Some(&limit);
        if from == to && same {
            return false;
        }
        let because = if from == to {
            self.because
        } else {
            let what = What::Scaled {
                from: small(from),
                to: small(to),
            };
            Some(self.decide(set.lane, rule, what, field))
        };
        self.api.scale_workload(self.cx, set.uid, because, to, |meta| {
            meta.annotations.insert(DESIRED.to_owned(), desired);
            meta.annotations.insert(MAX.to_owned(), limit);
        });
        if from != to {
            let way = if to > from { "up" } else { "down" };
            let message = format!(
                "Scaled {way} replica set {} from {from} to {to}",
                set.object.metadata.name
            );
            self.event(because, false, "ScalingReplicaSet", &message);
        }
        from != to
    }

    /// Deletes the oldest ReplicaSets beyond `revisionHistoryLimit`, once the rollout is complete.
    pub(super) fn clean_up(&mut self, sets: &Sets) {
        let Some(limit) = self.spec.revision_history_limit else {
            return;
        };
        let mut old: Vec<&StoredWorkload> = sets.old.iter().filter(|set| !set.object.is_deleted()).collect();
        let surplus = old.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        sort::sort_by_key(&mut old, |set| annotated(&set.object.metadata, REVISION).unwrap_or(0));
        for set in old.into_iter().take(surplus) {
            let status = counted(set);
            let busy = status.replicas != 0 || replicas(set) != 0;
            if busy || set.object.metadata.generation > status.observed_generation {
                continue;
            }
            let rule = DeploymentRule::HistoryLimit { limit: small(limit) };
            let decided = self.decide(set.lane, rule, What::Decided("".into()), "revisionHistoryLimit");
            self.api
                .delete_workload(self.cx, set.uid, Propagation::Background, Some(decided));
        }
    }
}

/// Annotations that a Deployment does not hand on.
fn is_own_annotation(key: &str) -> bool {
    [
        "kubectl.kubernetes.io/last-applied-configuration",
        REVISION,
        REVISION_HISTORY,
        DESIRED,
        MAX,
        "deprecated.deployment.rollback.to",
    ]
    .contains(&key)
}

/// The plain data of an object that is written again, with the owners it has now.
fn keep_owners(raw: &mut Value, meta: &ObjectMeta) {
    let owners = meta.owner_references.iter().map(|owner| {
        Value::Map(vec![
            ("apiVersion".to_owned(), owner.api_version.as_str().into()),
            ("kind".to_owned(), owner.kind.as_str().into()),
            ("name".to_owned(), owner.name.as_str().into()),
            ("uid".to_owned(), owner.uid.as_str().into()),
            ("controller".to_owned(), owner.controller.into()),
            ("blockOwnerDeletion".to_owned(), owner.block_owner_deletion.into()),
        ])
    });
    let owners = Value::Seq(owners.collect());
    raw.entry("metadata").set("ownerReferences", owners);
}

fn set_object(
    own: &crate::api::Workload,
    name: &str,
    hash: &str,
    count: i64,
    annotations: &Map<String, String>,
) -> Value {
    let mut template = own.raw_template().cloned().unwrap_or_default();
    template.entry("metadata").entry("labels").set(HASH, hash.into());
    let labels = template.at(&["metadata", "labels"]).cloned().unwrap_or_default();
    let mut selector = own.raw.at(&["spec", "selector"]).cloned().unwrap_or_default();
    selector.entry("matchLabels").set(HASH, hash.into());
    let mut raw = Value::Map(vec![
        ("apiVersion".to_owned(), "apps/v1".into()),
        ("kind".to_owned(), "ReplicaSet".into()),
    ]);
    let meta = raw.entry("metadata");
    meta.set("name", name.into());
    meta.set("namespace", (&*own.metadata.namespace).into());
    meta.set("labels", labels);
    for (key, value) in annotations {
        meta.entry("annotations").set(key, value.as_str().into());
    }
    meta.set("ownerReferences", Value::Seq(vec![reference_value(own)]));
    let spec = raw.entry("spec");
    spec.set("replicas", count.into());
    if let Some(seconds) = own.raw.at(&["spec", "minReadySeconds"]) {
        spec.set("minReadySeconds", seconds.clone());
    }
    spec.set("selector", selector);
    spec.set("template", template);
    raw
}

/// A count for an entry.
pub(super) fn small(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}
