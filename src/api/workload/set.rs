//! Specs of Deployment, ReplicaSet, StatefulSet and DaemonSet.

use super::PodTemplate;
use crate::api::pod::IntOrString;
use crate::fields;
use crate::manifest::Value;

/// `spec` of a Deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeploymentSpec {
    /// Pods wanted.
    pub replicas: i64,
    /// Which Pods and ReplicaSets are its own.
    pub selector: Option<Value>,
    /// The template of its Pods.
    pub template: PodTemplate,
    /// How a new template replaces the old one.
    pub strategy: Strategy,
    /// Seconds a Pod must be ready to count as available.
    pub min_ready_seconds: i64,
    /// Old ReplicaSets that are kept; all when missing.
    pub revision_history_limit: Option<i64>,
    /// Changes of the template are not rolled out.
    pub paused: bool,
    /// Seconds without progress after which the rollout counts as failed.
    pub progress_deadline_seconds: Option<i64>,
}

fields!(DeploymentSpec {
    replicas,
    selector,
    template,
    strategy,
    min_ready_seconds,
    revision_history_limit,
    paused,
    progress_deadline_seconds,
});

/// `strategy` or `updateStrategy`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strategy {
    /// `RollingUpdate`, `Recreate`, `OnDelete`.
    pub kind: String,
    /// Numbers of a rolling update.
    pub rolling_update: Option<RollingUpdate>,
}

fields!(Strategy { kind as "type", rolling_update });

/// Numbers of a rolling update, in Pods or per cent of the Pods wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RollingUpdate {
    /// How many may be unavailable.
    pub max_unavailable: Option<IntOrString>,
    /// How many there may be beyond those wanted.
    pub max_surge: Option<IntOrString>,
    /// Ordinals below this keep the old template (StatefulSet).
    pub partition: i64,
}

fields!(RollingUpdate {
    max_unavailable,
    max_surge,
    partition
});

/// Which of the two numbers of a rolling update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollingUpdatePart {
    /// `maxSurge`, of which fractions round up.
    Surge,
    /// `maxUnavailable`, of which fractions round down.
    Unavailable,
}

impl RollingUpdate {
    /// `maxSurge` or `maxUnavailable` of so many Pods, rounded up when `up`. Missing and unreadable ones are 0.
    pub fn resolve(&self, part: RollingUpdatePart, of: i64, up: bool) -> i64 {
        let value = match part {
            RollingUpdatePart::Surge => &self.max_surge,
            RollingUpdatePart::Unavailable => &self.max_unavailable,
        };
        match value {
            Some(IntOrString::Int(n)) => *n,
            Some(IntOrString::String(text)) => {
                let percent = text.strip_suffix('%').and_then(|n| n.parse::<i64>().ok()).unwrap_or(0);
                let hundredths = percent.saturating_mul(of);
                if up {
                    hundredths.saturating_add(99).div_euclid(100)
                } else {
                    hundredths.div_euclid(100)
                }
            }
            None => 0,
        }
    }
}

/// `spec` of a ReplicaSet, or of a ReplicationController with its selector in the newer form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaSetSpec {
    /// Pods wanted.
    pub replicas: i64,
    /// Which Pods are its own.
    pub selector: Option<Value>,
    /// The template of its Pods.
    pub template: PodTemplate,
    /// Seconds a Pod must be ready to count as available.
    pub min_ready_seconds: i64,
}

fields!(ReplicaSetSpec {
    replicas,
    selector,
    template,
    min_ready_seconds
});

/// `spec` of a StatefulSet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatefulSetSpec {
    /// Pods wanted.
    pub replicas: i64,
    /// Which Pods are its own.
    pub selector: Option<Value>,
    /// The template of its Pods.
    pub template: PodTemplate,
    /// Claims made for each Pod.
    pub volume_claim_templates: Vec<Value>,
    /// The headless Service that names its Pods.
    pub service_name: String,
    /// `OrderedReady` or `Parallel`.
    pub pod_management_policy: String,
    /// How a new template replaces the old one.
    pub update_strategy: Strategy,
    /// Old revisions that are kept.
    pub revision_history_limit: Option<i64>,
    /// Seconds a Pod must be ready to count as available.
    pub min_ready_seconds: i64,
    /// Whether claims go with their Pods.
    pub persistent_volume_claim_retention_policy: ClaimRetention,
    /// The first ordinal.
    pub ordinals: Option<Ordinals>,
}

fields!(StatefulSetSpec {
    replicas,
    selector,
    template,
    volume_claim_templates,
    service_name,
    pod_management_policy,
    update_strategy,
    revision_history_limit,
    min_ready_seconds,
    persistent_volume_claim_retention_policy,
    ordinals,
});

/// `persistentVolumeClaimRetentionPolicy`: `Retain` or `Delete`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimRetention {
    /// When the StatefulSet is deleted.
    pub when_deleted: String,
    /// When it is scaled down.
    pub when_scaled: String,
}

fields!(ClaimRetention {
    when_deleted,
    when_scaled
});

/// `ordinals` of a StatefulSet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ordinals {
    /// The first ordinal.
    pub start: i64,
}

fields!(Ordinals { start });

/// `spec` of a DaemonSet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DaemonSetSpec {
    /// Which Pods are its own.
    pub selector: Option<Value>,
    /// The template of its Pods.
    pub template: PodTemplate,
    /// How a new template replaces the old one.
    pub update_strategy: Strategy,
    /// Seconds a Pod must be ready to count as available.
    pub min_ready_seconds: i64,
    /// Old revisions that are kept.
    pub revision_history_limit: Option<i64>,
}

fields!(DaemonSetSpec {
    selector,
    template,
    update_strategy,
    min_ready_seconds,
    revision_history_limit
});
