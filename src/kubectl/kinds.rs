//! Resource types by all the names kubectl knows them by.

/// A resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `Pod`.
    pub kind: &'static str,
    /// `pods`.
    pub plural: &'static str,
    /// `pod`.
    pub singular: &'static str,
    /// `po`.
    pub short: &'static [&'static str],
    /// `apps`; empty for the core group.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

impl Kind {
    /// `deployment.apps`: how messages name the type before an object's name.
    pub fn qualified(&self) -> String {
        qualify(self.singular, self.group)
    }

    /// The API server's warning about a type that has a better one, since 1.33.
    pub fn deprecation(&self) -> Option<&'static str> {
        (self.kind == "Endpoints")
            .then_some("Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
    }

    /// `deployments.apps`: how the API server names the type in errors.
    pub fn resource(&self) -> String {
        qualify(self.plural, self.group)
    }
}

fn qualify(name: &str, group: &str) -> String {
    match group {
        "" => name.to_owned(),
        group => format!("{name}.{group}"),
    }
}

const fn kind(
    kind: &'static str,
    plural: &'static str,
    singular: &'static str,
    short: &'static [&'static str],
    group: &'static str,
    namespaced: bool,
) -> Kind {
    Kind {
        kind,
        plural,
        singular,
        short,
        group,
        version: "v1",
        namespaced,
    }
}

/// The types the simulation may hold objects of.
pub const KINDS: [Kind; 49] = [
    kind("Pod", "pods", "pod", &["po"], "", true),
    kind("Service", "services", "service", &["svc"], "", true),
    kind("Endpoints", "endpoints", "endpoints", &["ep"], "", true),
    kind(
        "EndpointSlice",
        "endpointslices",
        "endpointslice",
        &[],
        "discovery.k8s.io",
        true,
    ),
    kind("Event", "events", "event", &["ev"], "", true),
    kind("ConfigMap", "configmaps", "configmap", &["cm"], "", true),
    kind("Secret", "secrets", "secret", &[], "", true),
    kind("Node", "nodes", "node", &["no"], "", false),
    kind("Namespace", "namespaces", "namespace", &["ns"], "", false),
    kind("ServiceAccount", "serviceaccounts", "serviceaccount", &["sa"], "", true),
    kind(
        "ReplicationController",
        "replicationcontrollers",
        "replicationcontroller",
        &["rc"],
        "",
        true,
    ),
    kind(
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
        "persistentvolumeclaim",
        &["pvc"],
        "",
        true,
    ),
    kind(
        "PersistentVolume",
        "persistentvolumes",
        "persistentvolume",
        &["pv"],
        "",
        false,
    ),
    kind("Deployment", "deployments", "deployment", &["deploy"], "apps", true),
    kind("ReplicaSet", "replicasets", "replicaset", &["rs"], "apps", true),
    kind("StatefulSet", "statefulsets", "statefulset", &["sts"], "apps", true),
    kind("DaemonSet", "daemonsets", "daemonset", &["ds"], "apps", true),
    kind(
        "ControllerRevision",
        "controllerrevisions",
        "controllerrevision",
        &[],
        "apps",
        true,
    ),
    kind("Job", "jobs", "job", &[], "batch", true),
    kind("CronJob", "cronjobs", "cronjob", &["cj"], "batch", true),
    kind(
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        "poddisruptionbudget",
        &["pdb"],
        "policy",
        true,
    ),
    Kind {
        version: "v2",
        ..kind(
            "HorizontalPodAutoscaler",
            "horizontalpodautoscalers",
            "horizontalpodautoscaler",
            &["hpa"],
            "autoscaling",
            true,
        )
    },
    kind(
        "PriorityClass",
        "priorityclasses",
        "priorityclass",
        &["pc"],
        "scheduling.k8s.io",
        false,
    ),
    kind("LimitRange", "limitranges", "limitrange", &["limits"], "", true),
    kind("ResourceQuota", "resourcequotas", "resourcequota", &["quota"], "", true),
    kind("PodTemplate", "podtemplates", "podtemplate", &[], "", true),
    kind("Ingress", "ingresses", "ingress", &["ing"], "networking.k8s.io", true),
    kind(
        "IngressClass",
        "ingressclasses",
        "ingressclass",
        &[],
        "networking.k8s.io",
        false,
    ),
    kind(
        "NetworkPolicy",
        "networkpolicies",
        "networkpolicy",
        &["netpol"],
        "networking.k8s.io",
        true,
    ),
    kind(
        "IPAddress",
        "ipaddresses",
        "ipaddress",
        &["ip"],
        "networking.k8s.io",
        false,
    ),
    kind(
        "ServiceCIDR",
        "servicecidrs",
        "servicecidr",
        &[],
        "networking.k8s.io",
        false,
    ),
    kind("Role", "roles", "role", &[], "rbac.authorization.k8s.io", true),
    kind(
        "RoleBinding",
        "rolebindings",
        "rolebinding",
        &[],
        "rbac.authorization.k8s.io",
        true,
    ),
    kind(
        "ClusterRole",
        "clusterroles",
        "clusterrole",
        &[],
        "rbac.authorization.k8s.io",
        false,
    ),
    kind(
        "ClusterRoleBinding",
        "clusterrolebindings",
        "clusterrolebinding",
        &[],
        "rbac.authorization.k8s.io",
        false,
    ),
    kind(
        "StorageClass",
        "storageclasses",
        "storageclass",
        &["sc"],
        "storage.k8s.io",
        false,
    ),
    kind("CSIDriver", "csidrivers", "csidriver", &[], "storage.k8s.io", false),
    kind("CSINode", "csinodes", "csinode", &[], "storage.k8s.io", false),
    kind(
        "CSIStorageCapacity",
        "csistoragecapacities",
        "csistoragecapacity",
        &[],
        "storage.k8s.io",
        true,
    ),
    kind(
        "VolumeAttributesClass",
        "volumeattributesclasses",
        "volumeattributesclass",
        &["vac"],
        "storage.k8s.io",
        false,
    ),
    kind(
        "RuntimeClass",
        "runtimeclasses",
        "runtimeclass",
        &[],
        "node.k8s.io",
        false,
    ),
    kind("Lease", "leases", "lease", &[], "coordination.k8s.io", true),
    kind(
        "CertificateSigningRequest",
        "certificatesigningrequests",
        "certificatesigningrequest",
        &["csr"],
        "certificates.k8s.io",
        false,
    ),
    kind(
        "CustomResourceDefinition",
        "customresourcedefinitions",
        "customresourcedefinition",
        &["crd", "crds"],
        "apiextensions.k8s.io",
        false,
    ),
    kind(
        "APIService",
        "apiservices",
        "apiservice",
        &[],
        "apiregistration.k8s.io",
        false,
    ),
    kind(
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        "validatingwebhookconfiguration",
        &[],
        "admissionregistration.k8s.io",
        false,
    ),
    kind(
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        "mutatingwebhookconfiguration",
        &[],
        "admissionregistration.k8s.io",
        false,
    ),
    kind(
        "FlowSchema",
        "flowschemas",
        "flowschema",
        &[],
        "flowcontrol.apiserver.k8s.io",
        false,
    ),
    kind(
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
        "prioritylevelconfiguration",
        &[],
        "flowcontrol.apiserver.k8s.io",
        false,
    ),
];

/// What `kubectl get all` stands for, in its order.
pub const ALL: [&str; 10] = [
    "Pod",
    "ReplicationController",
    "Service",
    "DaemonSet",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "HorizontalPodAutoscaler",
    "CronJob",
    "Job",
];

/// The type that `word` names: plural, singular or short, alone or with its group (`deployments.apps`,
/// `deployments.v1.apps`).
pub fn find(word: &str) -> Option<&'static Kind> {
    let word = word.to_ascii_lowercase();
    let (name, rest) = word.split_once('.').unwrap_or((&word, ""));
    KINDS.iter().find(|kind| {
        let named = kind.plural == name || kind.singular == name || kind.short.contains(&name);
        let version_and_group = rest
            .strip_prefix(kind.version)
            .map(|g| g.strip_prefix('.').unwrap_or(g));
        named && (rest.is_empty() || rest == kind.group || version_and_group == Some(kind.group))
    })
}

/// The type whose `kind` is this.
pub fn of(kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn types_have_many_names() {
        for (word, kind) in [
            ("po", Some("Pod")),
            ("Pods", Some("Pod")),
            ("deploy", Some("Deployment")),
            ("deployments.apps", Some("Deployment")),
            ("deployment.v1.apps", Some("Deployment")),
            ("deployments.batch", None),
            ("pods.v1.", Some("Pod")),
            ("podz", None),
            ("", None),
        ] {
            assert_eq!(find(word).map(|k| k.kind), kind, "{word}");
        }
    }
}
