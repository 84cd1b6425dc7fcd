//! Twin: pkg/controller/statefulset/stateful_pod_control.go (v1.36.2)
//! Covers: `CreateStatefulPod`, `UpdateStatefulPod` (labels and claims of a Pod that somebody changed or that was adopted).
//! Left out: the refused update of an adopted Pod that lacks the volumes of the claims.

use super::control::Failure;
use super::revisions::{Revisions, small};
use super::{Sync, pods};
use crate::api::Pod;
use crate::api::validation::validate;
use crate::apiserver::StoredWorkload;
use crate::controllers::pod_control::{PodName, create_pod};
use crate::machine::Uid;
use crate::manifest::Value;
use crate::trace::{EntryId, StatefulSetRule, Wait};

/// The name of a revision is a label of the Pods, so a StatefulSet of a longer name cannot make any.
const LONGEST_SAFE_NAME: usize = 50;

impl Sync<'_, '_> {
    /// Makes the Pod of an ordinal with its claims.
    pub(super) fn create(&mut self, ordinal: i64, revisions: &Revisions) -> Result<(), Failure> {
        let set = self.own.object.metadata.name.clone();
        let name = format!("{set}-{ordinal}");
        if self.has_stale_claim(&name) {
            self.wait = Some((small(ordinal), Wait::Claim));
            return Ok(());
        }
        let rolling = self.spec.update_strategy.rolling_update.as_ref();
        let partition = rolling.map_or(0, |numbers| numbers.partition);
        let keeps = ordinal < pods::start(&self.spec).saturating_add(partition);
        let revision = if keeps { &revisions.current } else { &revisions.update };
        let is_old = keeps && revisions.current.uid != revisions.update.uid;
        let rule = StatefulSetRule::Create {
            ordinal: small(ordinal),
            desired: small(self.spec.replicas),
            ordered: self.ordered(),
            partition: is_old.then(|| small(partition)),
        };
        let decided = self.decide(rule, &name, "replicas");
        let made = self.make(&name, ordinal, revision, decided);
        if let Err(Failure::Create(why)) = &made
            && self.api.pod_named(&self.own.object.metadata.namespace, &name).is_none()
        {
            let message = format!("Create Pod {name} in StatefulSet {set} failed error: {why}");
            self.event(Some(decided), true, "FailedCreate", &message);
        }
        made
    }

    fn make(&mut self, name: &str, ordinal: i64, revision: &StoredWorkload, decided: EntryId) -> Result<(), Failure> {
        self.make_claims(name, Some(decided))?;
        let (own, spec) = (self.own.clone(), self.spec.clone());
        let edit = |raw: &mut Value| pods::dress(raw, &own, &spec, ordinal, revision);
        if own.object.metadata.name.len() > LONGEST_SAFE_NAME {
            let mut pod = Value::Map(Vec::new());
            pod.entry("metadata").set("name", name.into());
            edit(&mut pod);
            refuse(name, &pod)?;
        }
        let given = PodName::Given(name.to_owned());
        let made = create_pod(self.cx, self.api, &own, given, Some(decided), edit);
        let uid = made.map_err(Failure::Create)?;
        self.own_claims(uid, name, false);
        let message = format!(
            "Create Pod {name} in StatefulSet {} successful",
            own.object.metadata.name
        );
        self.event(Some(decided), false, "SuccessfulCreate", &message);
        Ok(())
    }

    /// Sets the labels that name the Pod, and the owners of its claims, where they are not as they should be.
    pub(super) fn keep_identity(&mut self, ordinal: i64, uid: Uid, pod: &Pod) {
        let name = pod.metadata.name.clone();
        let named = pod
            .metadata
            .labels
            .get(pods::NAME)
            .is_some_and(|label| **label == *name);
        let claims = self.own_claims(uid, &name, false);
        if named && !claims {
            return;
        }
        let rule = StatefulSetRule::Identity {
            ordinal: small(ordinal),
        };
        let decided = self.decide(rule, &name, "");
        self.api.update_pod(self.cx, uid, Some(decided), |pod| {
            let labels = &mut pod.metadata.labels;
            labels.insert(pods::NAME.to_owned(), name.to_string());
            labels.insert(pods::INDEX.to_owned(), ordinal.to_string());
        });
        let set = &self.own.object.metadata.name;
        let message = format!("Update Pod {name} in StatefulSet {set} successful");
        self.event(Some(decided), false, "SuccessfulUpdate", &message);
    }
}

/// The API server's answer to a Pod that is not valid.
fn refuse(name: &str, pod: &Value) -> Result<(), Failure> {
    let errors: Vec<String> = validate(pod, "v1", "Pod").iter().map(ToString::to_string).collect();
    let causes = match &*errors {
        [] => return Ok(()),
        [one] => one.clone(),
        _ => format!("[{}]", errors.join(", ")),
    };
    Err(Failure::Create(format!("Pod \"{name}\" is invalid: {causes}")))
}
