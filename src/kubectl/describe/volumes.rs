//! The volumes of a Pod or a template.

use super::writer::Writer;
use crate::kubectl::fields::Fields;
use crate::kubectl::jsonpath::bare;
use crate::machine::Client;
use crate::manifest::Value;

/// The volumes of a Pod, or those of a template, which stand further in.
pub(super) fn all(out: &mut Writer, volumes: &[Value], of_template: bool, client: Client) {
    let (level, space) = if of_template { (1, " ") } else { (0, "") };
    if volumes.is_empty() {
        out.field(level, "Volumes", "<none>");
        return;
    }
    out.line(level, "Volumes:");
    for volume in volumes.iter().map(Fields) {
        out.line(1, &format!("{space}{}:", volume.text(&["name"])));
        one(out, volume, client);
    }
}

fn one(out: &mut Writer, volume: Fields, client: Client) {
    let source = volume.0.members().iter().find(|(key, _)| key != "name");
    let Some((kind, source)) = source.map(|(key, source)| (key.as_str(), Fields(source))) else {
        out.line(1, "<unknown>");
        return;
    };
    let flag = |path: &[&str]| source.is_true(path).to_string();
    let text = |path: &[&str]| source.text(path);
    let fields: &[(&str, String)] = match kind {
        "hostPath" => &[
            ("Type", "HostPath (bare host directory volume)".to_owned()),
            ("Path", text(&["path"])),
            ("HostPathType", text(&["type"])),
        ],
        "emptyDir" => &[
            (
                "Type",
                "EmptyDir (a temporary directory that shares a pod's lifetime)".to_owned(),
            ),
            ("Medium", text(&["medium"])),
            (
                "SizeLimit",
                source.0.get("sizeLimit").map_or("<unset>".to_owned(), bare),
            ),
        ],
        "secret" => &[
            ("Type", "Secret (a volume populated by a Secret)".to_owned()),
            ("SecretName", text(&["secretName"])),
            ("Optional", flag(&["optional"])),
        ],
        "configMap" => &[
            ("Type", "ConfigMap (a volume populated by a ConfigMap)".to_owned()),
            ("Name", text(&["name"])),
            ("Optional", flag(&["optional"])),
        ],
        "persistentVolumeClaim" => &[
            (
                "Type",
                "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)".to_owned(),
            ),
            ("ClaimName", text(&["claimName"])),
            ("ReadOnly", flag(&["readOnly"])),
        ],
        "nfs" => &[
            ("Type", "NFS (an NFS mount that lasts the lifetime of a pod)".to_owned()),
            ("Server", text(&["server"])),
            ("Path", text(&["path"])),
            ("ReadOnly", flag(&["readOnly"])),
        ],
        "csi" => &[
            (
                "Type",
                "CSI (a Container Storage Interface (CSI) volume source)".to_owned(),
            ),
            ("Driver", text(&["driver"])),
            ("FSType", text(&["fsType"])),
            ("ReadOnly", flag(&["readOnly"])),
        ],
        "projected" => return projected(out, source, client),
        "downwardAPI" => {
            out.field(
                2,
                "Type",
                "DownwardAPI (a volume populated by information about the pod)",
            );
            out.line(2, "Items:");
            for item in source.items(&["items"]).iter().map(Fields) {
                let from = match item.0.get("fieldRef") {
                    Some(_) => item.text(&["fieldRef", "fieldPath"]),
                    None => item.text(&["resourceFieldRef", "resource"]),
                };
                out.line(3, &format!("{from} -> {}", item.text(&["path"])));
            }
            return;
        }
        _ => {
            out.line(1, "<unknown>");
            return;
        }
    };
    for (name, value) in fields {
        out.field(2, name, value);
    }
}

fn projected(out: &mut Writer, source: Fields, client: Client) {
    out.field(
        2,
        "Type",
        "Projected (a volume that contains injected data from multiple sources)",
    );
    // Before 1.34 an optional that was not written is an empty pointer, and is shown as one.
    let optional = |of: Fields, key: &str| match of.0.at(&[key, "optional"]) {
        Some(given) => bare(given),
        None if client.is_new() => "false".to_owned(),
        None => "<nil>".to_owned(),
    };
    let [of_secret, of_map] = match client {
        Client::V1_32 => ["SecretOptionalName", "ConfigMapOptional"],
        Client::V1_36 => ["Optional"; 2],
    };
    for of in source.items(&["sources"]).iter().map(Fields) {
        if of.0.get("secret").is_some() {
            out.field(2, "SecretName", &of.text(&["secret", "name"]));
            out.field(2, of_secret, &optional(of, "secret"));
        } else if of.0.get("downwardAPI").is_some() {
            out.field(2, "DownwardAPI", "true");
        } else if of.0.get("configMap").is_some() {
            out.field(2, "ConfigMapName", &of.text(&["configMap", "name"]));
            out.field(2, of_map, &optional(of, "configMap"));
        } else if of.0.get("serviceAccountToken").is_some() {
            let seconds = of.number(&["serviceAccountToken", "expirationSeconds"]);
            out.field(2, "TokenExpirationSeconds", &seconds);
        }
    }
}
