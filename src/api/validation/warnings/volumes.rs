//! Warnings about volumes.
//! Twin: pkg/api/pod/warnings.go (v1.36.2)
//! Covers: warningsForOverlappingVirtualPaths, and the deprecated kinds of volumes
//! Left out: nothing of these

use super::{Warnings, claim_spec};
use crate::api::fields::{list, text};
use crate::api::validation::error::quoted;
use crate::api::validation::path::Path;
use crate::manifest::Value;

const DEPRECATED: [(&str, &str); 9] = [
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

pub(super) fn deprecated(spec: &Value, path: &Path, all: &mut Warnings) {
    let volumes = path.field("volumes");
    for (index, volume) in list(spec, "volumes").iter().enumerate() {
        let at = volumes.index(index);
        for (key, message) in DEPRECATED {
            if volume.get(key).is_some() {
                // Upstream writes this one in Go's spelling of JSON names.
                let name = if key == "storageos" { "storageOS" } else { key };
                all.say(&at.field(name), message);
            }
        }
        if let Some(template) = volume.at(&["ephemeral", "volumeClaimTemplate"]) {
            let at = at.field("ephemeral");
            let at = at.field("volumeClaimTemplate");
            claim_spec(template.get("spec"), &at.field("spec"), all);
        }
    }
}

/// A file of a volume, and the source it comes from.
#[derive(Clone, PartialEq)]
struct File {
    path: String,
    source: String,
}

impl File {
    fn shown(&self) -> String {
        match self.source.as_str() {
            "" => quoted(&self.path),
            source => format!("{} ({source})", quoted(&self.path)),
        }
    }

    /// Whether one of the paths is the other or lies below it.
    fn overlaps(&self, other: &File) -> bool {
        let (a, b) = (format!("{}/", self.path), format!("{}/", other.path));
        !self.path.is_empty() && !other.path.is_empty() && (a.starts_with(&b) || b.starts_with(&a))
    }
}

/// Files of one volume that are in each other's way.
pub(super) fn overlaps(spec: &Value, path: &Path, all: &mut Warnings) {
    let volumes = path.field("volumes");
    for (index, volume) in list(spec, "volumes").iter().enumerate() {
        let name = quoted(text(volume, "name"));
        let place = volumes.index(index).to_string();
        let mut say = |what: &str| all.0.push((place.clone(), format!("volume {name} {what}")));
        for (key, kind) in [
            ("configMap", "ConfigMap"),
            ("secret", "Secret"),
            ("downwardAPI", "DownwardAPI"),
        ] {
            let Some(source) = volume.get(key) else { continue };
            let title = titled(source, kind);
            for overlap in collisions(files(source, "")) {
                say(&format!("({title}): overlapping paths: {overlap}"));
            }
        }
        let Some(projected) = volume.get("projected") else {
            continue;
        };
        let mut together = Vec::new();
        for source in list(projected, "sources") {
            if source.members().is_empty() {
                say("(Projected) has no sources provided");
            }
            together.extend(projection(source));
        }
        for overlap in collisions(together) {
            say(&format!("(Projected): overlapping paths: {overlap}"));
        }
    }
}

/// `ConfigMap "name"`; the downward API has no name.
fn titled(source: &Value, kind: &str) -> String {
    let name = match kind {
        "DownwardAPI" => return kind.to_owned(),
        "Secret" if source.get("secretName").is_some() => text(source, "secretName"),
        _ => text(source, "name"),
    };
    format!("{kind} {}", quoted(name))
}

fn files(source: &Value, title: &str) -> Vec<File> {
    let all = list(source, "items").iter();
    all.map(|item| file(text(item, "path"), title)).collect()
}

fn file(path: &str, source: &str) -> File {
    File {
        path: path.trim_end_matches('/').to_owned(),
        source: source.to_owned(),
    }
}

/// The files of one source of a projected volume.
fn projection(source: &Value) -> Vec<File> {
    for (key, kind) in [
        ("configMap", "ConfigMap"),
        ("secret", "Secret"),
        ("downwardAPI", "DownwardAPI"),
    ] {
        if let Some(found) = source.get(key).filter(|found| found.get("items").is_some()) {
            return files(found, &titled(found, kind));
        }
    }
    if let Some(token) = source.get("serviceAccountToken") {
        return vec![file(text(token, "path"), "ServiceAccountToken")];
    }
    if let Some(bundle) = source.get("clusterTrustBundle") {
        let name = match text(bundle, "name") {
            "" => text(bundle, "signerName"),
            name => name,
        };
        return vec![file(
            text(bundle, "path"),
            &format!("ClusterTrustBundle {}", quoted(name)),
        )];
    }
    let Some(certificate) = source.get("podCertificate") else {
        return Vec::new();
    };
    [
        ("certificateChainPath", "PodCertificate chain"),
        ("keyPath", "PodCertificate key"),
        ("credentialBundlePath", "PodCertificate credential bundle"),
    ]
    .into_iter()
    .filter(|(key, _)| !text(certificate, key).is_empty())
    .map(|(key, title)| file(text(certificate, key), title))
    .collect()
}

fn collisions(files: Vec<File>) -> Vec<String> {
    let mut out = Vec::new();
    for (index, file) in files.iter().enumerate() {
        for earlier in files.iter().take(index).filter(|earlier| earlier.overlaps(file)) {
            out.push(format!("{} with {}", file.shown(), earlier.shown()));
        }
    }
    out
}
