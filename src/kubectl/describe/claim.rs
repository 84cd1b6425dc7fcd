//! The description of a PersistentVolumeClaim.

use super::writer::{Writer, annotations, pairs};
use crate::kubectl::fields::Fields;
use crate::kubectl::jsonpath::bare;
use crate::kubectl::server::Server;
use crate::kubectl::tables::{access_modes, claim_phase};
use crate::manifest::Value;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    let (name, namespace) = (v.text(&["metadata", "name"]), v.text(&["metadata", "namespace"]));
    out.field(0, "Name", &name);
    out.field(0, "Namespace", &namespace);
    out.field(0, "StorageClass", &v.text(&["spec", "storageClassName"]));
    let phase = claim_phase(v);
    match value.at(&["metadata", "deletionTimestamp"]).map(bare) {
        Some(since) => {
            let at = server.calendar().parse(&since);
            let lasts = crate::kubectl::duration::age(at, server.now(), server.calendar());
            out.field(0, "Status", &format!("{phase} (lasts {lasts})"));
        }
        None => out.field(0, "Status", &phase),
    }
    out.field(0, "Volume", &v.text(&["spec", "volumeName"]));
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    let finalizers: Vec<String> = v.items(&["metadata", "finalizers"]).iter().map(bare).collect();
    out.field(0, "Finalizers", &format!("[{}]", finalizers.join(" ")));
    out.field(0, "Capacity", &v.text(&["status", "capacity", "storage"]));
    out.field(0, "Access Modes", &access_modes(v));
    out.field(0, "VolumeMode", &v.text(&["spec", "volumeMode"]));
    let uses = |pod: &Fields| {
        let volumes = pod.items(&["spec", "volumes"]).iter();
        let mut claims = volumes.filter_map(|volume| volume.at(&["persistentVolumeClaim", "claimName"]));
        claims.any(|claim| claim.as_str() == Some(&*name))
    };
    let pods = server.objects("Pod", Some(&namespace));
    let users = pods.iter().map(|pod| (pod, Fields(&pod.value)));
    let mut users: Vec<&str> = users.filter(|(_, v)| uses(v)).map(|(pod, _)| &*pod.name).collect();
    crate::sort::sort(&mut users);
    out.several("Used By", &users.iter().map(ToString::to_string).collect::<Vec<_>>());
}
