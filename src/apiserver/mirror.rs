//! Twin: pkg/kubelet/types/pod_update.go (v1.36.2)
//! Twin: pkg/kubelet/pod/mirror_client.go (v1.36.2)
//! Covers: static Pods: how their objects look, and that they come back when they are deleted. spec/15 §8.
//! Left out: files that change while their kubelet runs, references that a static Pod may not have.
//!
//! A static Pod is told by its annotation `kubernetes.io/config.source`. The text stands for the file on the node.

use std::rc::Rc;

use super::{ApiServer, CRITICAL, priority};
use crate::api::Time;
use crate::api::meta::OwnerReference;
use crate::api::pod::{Pod, Toleration};
use crate::api::status::PodStatus;
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::trace::{Cause, Rule, WatchKind, What};

const SOURCE: &str = "kubernetes.io/config.source";
const MIRROR: &str = "kubernetes.io/config.mirror";
const HASH: &str = "kubernetes.io/config.hash";
const SEEN: &str = "kubernetes.io/config.seen";

/// Whether the Pod comes from its node and not from the API.
pub fn is_static(pod: &Pod) -> bool {
    let annotations = &pod.metadata.annotations;
    let source = annotations.get(SOURCE).is_some_and(|source| source != "api");
    source || annotations.contains_key(MIRROR)
}

/// Whether other Pods make room for it: by its priority, or as a static Pod.
pub fn is_critical(pod: &Pod) -> bool {
    priority(pod) >= CRITICAL || is_static(pod)
}

/// Makes of a static Pod's text what its kubelet stores: it is bound to its node, bears its name, and puts up with every
/// NoExecute taint.
pub fn make_mirror(cx: &Cx, api: &ApiServer, pod: &mut Pod, raw: &mut Value) {
    let spec = Rc::make_mut(&mut pod.spec);
    if spec.node_name.is_empty() {
        spec.node_name = api.first_node().unwrap_or_default();
        raw.entry("spec").set("nodeName", (&*spec.node_name).into());
    }
    let toleration = Toleration {
        operator: "Exists".to_owned(),
        effect: "NoExecute".to_owned(),
        ..Toleration::default()
    };
    if !spec.tolerations.contains(&toleration) {
        spec.tolerations.push(toleration);
    }
    // The service account's token is a Secret of the API, which a Pod from a file does not get.
    spec.automount_service_account_token = Some(false);
    let node = spec.node_name.clone();
    let meta = &mut pod.metadata;
    let suffix = format!("-{}", node.to_ascii_lowercase());
    if !meta.name.ends_with(&suffix) {
        meta.name = format!("{}{suffix}", meta.name).into();
    }
    let hash = super::uid_text(cx.setup.seed, name_number(&meta.name)).replace('-', "");
    let seen = cx.setup.calendar.rfc3339(cx.now);
    for (key, value) in [(SOURCE, "file"), (MIRROR, &hash), (HASH, &hash), (SEEN, &seen)] {
        meta.annotations.entry(key.to_owned()).or_insert(value.to_owned());
    }
    if meta.owner_references.is_empty() {
        meta.owner_references.push(OwnerReference {
            block_owner_deletion: false,
            api_version: "v1".to_owned(),
            kind: "Node".to_owned(),
            name: node.to_string(),
            uid: super::uid_text(cx.setup.seed, name_number(&node)),
            controller: true,
        });
    }
    let shown = raw.entry("metadata");
    shown.set("name", (&*meta.name).into());
    for (key, value) in meta.annotations.iter() {
        shown.entry("annotations").set(key, value.as_str().into());
    }
    let owners = meta.owner_references.iter().map(|owner| {
        let mut one = Value::Map(Vec::new());
        one.set("apiVersion", owner.api_version.as_str().into());
        one.set("controller", Value::Bool(owner.controller));
        one.set("kind", owner.kind.as_str().into());
        one.set("name", owner.name.as_str().into());
        one.set("uid", owner.uid.as_str().into());
        one
    });
    shown.set("ownerReferences", Value::Seq(owners.collect()));
}

/// A number that stands for a name.
fn name_number(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl ApiServer {
    /// Whether the Pod is static and its mirror was deleted.
    pub fn lacks_mirror(&self, uid: Uid) -> bool {
        self.pod(uid).is_none() && self.files.contains_key(&uid)
    }

    /// Static Pods of a node whose mirrors were deleted.
    pub fn without_mirror(&self, node: &str) -> Vec<Uid> {
        let all = self.files.values().filter(|s| *s.pod.spec.node_name == *node);
        all.map(|s| s.uid).collect()
    }

    /// Stores the mirror of a static Pod again: a new object without a status. Watchers see it come.
    pub fn store_mirror(&mut self, cx: &mut Cx, uid: Uid) {
        let Some(mut stored) = self.files.remove(&uid) else {
            return;
        };
        self.next_uid += 1;
        let mut pod = (*stored.pod).clone();
        let meta = &mut pod.metadata;
        meta.uid = super::uid_text(cx.setup.seed, self.next_uid).into();
        meta.creation_timestamp = Some(Time(cx.now));
        meta.deletion_timestamp = None;
        meta.deletion_grace_period_seconds = None;
        meta.generation = 1;
        pod.status = PodStatus {
            phase: crate::api::Phase::Pending,
            qos_class: pod.status.qos_class,
            ..PodStatus::default()
        };
        let cause = Cause::of(Rule::MirrorStored).after(stored.marked);
        let what = What::Decided("".into());
        stored.born = cx.log.instant(stored.lanes.pod, cx.now, what, cause);
        stored.because = stored.born;
        stored.marked = None;
        stored.pod = Rc::new(pod);
        self.put_pod(cx, stored, WatchKind::Added);
    }
}
