//! Warnings about containers.
//! Twin: pkg/api/pod/warnings.go (v1.36.2)
//! Covers: the part of warningsForPodSpecAndMeta about each container
//! Left out: ports, see ports.rs

use super::Warnings;
use super::pod_spec::Owner;
use crate::api::fields::{list, text};
use crate::api::validation::error::quoted;
use crate::api::validation::meta::app_armor_of;
use crate::api::validation::path::Path;
use crate::manifest::Value;
use crate::map::Set;

pub(super) const NO_SECCOMP: &str = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
const NO_APP_ARMOR: &str = "deprecated since v1.30; use the \"appArmorProfile\" field instead";

/// Lists of containers in the order in which they are looked at.
pub(super) const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// The Pod or template whose containers are looked at.
pub(super) struct Context<'v, 'p> {
    pub metadata: &'v Value,
    pub spec: &'v Value,
    /// Of the Pod or template.
    pub path: &'p Path<'p>,
    pub owner: Owner,
}

impl Context<'_, '_> {
    pub(super) fn warn(&self, all: &mut Warnings) {
        let spec = self.path.field("spec");
        for key in LISTS {
            let containers = spec.field(key);
            for (index, container) in list(self.spec, key).iter().enumerate() {
                self.container(container, &containers.index(index), all);
            }
        }
    }

    fn container(&self, container: &Value, path: &Path, all: &mut Warnings) {
        self.profiles(container, all);
        let resources = path.field("resources");
        for name in ["memory", "ephemeral-storage"] {
            for part in ["limits", "requests"] {
                if let Some(amounts) = container.at(&["resources", part]) {
                    all.fraction(amounts, name, &resources.field(part));
                }
            }
        }
        env(container, &path.field("env"), all);
    }

    /// Annotations that say what a field says today.
    fn profiles(&self, container: &Value, all: &mut Warnings) {
        let name = text(container, "name");
        let metadata = self.path.field("metadata");
        let annotations = metadata.field("annotations");
        let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
        let is_set = |field: &str| container.at(&["securityContext", field]).is_some();
        if !is_set("seccompProfile") && self.metadata.at(&["annotations", &key]).is_some() {
            all.say(&annotations.key(&key), NO_SECCOMP);
        }
        if self.owner == Owner::Itself || is_set("appArmorProfile") {
            return;
        }
        if let Some(found) = app_armor_of(self.metadata, name)
            && !says_profile(found, self.spec.at(&["securityContext", "appArmorProfile"]))
        {
            let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
            all.say(&annotations.key(&key), NO_APP_ARMOR);
        }
    }
}

/// Whether an annotation says the same as the Pod's profile.
fn says_profile(annotation: &str, profile: Option<&Value>) -> bool {
    let Some(profile) = profile else { return false };
    let local = text(profile, "localhostProfile");
    match (text(profile, "type"), annotation.strip_prefix("localhost/")) {
        ("Unconfined", None) => annotation == "unconfined",
        ("RuntimeDefault", None) => annotation == "runtime/default",
        ("Localhost", Some(name)) => !name.is_empty() && name == local,
        _ => false,
    }
}

/// A variable that is set again, and not from its earlier value.
fn env(container: &Value, path: &Path, all: &mut Warnings) {
    let mut names = Set::new();
    for (index, variable) in list(container, "env").iter().enumerate() {
        let name = text(variable, "name");
        if names.insert(name) {
            continue;
        }
        let earlier = format!("$({name})");
        let value = text(variable, "value");
        if variable.get("valueFrom").is_some() || value == earlier || !value.contains(&earlier) {
            let message = format!(
                "hides previous definition of {}, which may be dropped when using apply",
                quoted(name)
            );
            all.say(&path.index(index), &message);
        }
    }
}
