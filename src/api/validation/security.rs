//! Security contexts. Twin of `validation.go → ValidateSecurityContext, validatePodSecurityContext,
//! ValidateAppArmorProfileField`, release 1.36. Left out: SELinux options.

use super::error::Errors;
use super::meta::{app_armor_of, descending_path};
use super::names::dns_subdomain;
use super::path::Path;
use crate::api::fields::{flag, int, list, text};
use crate::manifest::Value;
use crate::map::Set;

const ID_MAX: i64 = 2_147_483_647;

/// `securityContext` of a container.
pub fn container(container: &Value, path: &Path, errors: &mut Errors) {
    let Some(context) = container.get("securityContext") else {
        return;
    };
    ids(context, path, errors);
    seccomp(context, path, errors);
    if context.get("allowPrivilegeEscalation") == Some(&Value::Bool(false)) {
        if flag(context, "privileged") {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            errors.invalid(path, &internal(context), detail);
        }
        let add = context.get("capabilities").map_or(&[][..], |c| list(c, "add"));
        if add.iter().any(|c| c.as_str() == Some("CAP_SYS_ADMIN")) {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            errors.invalid(path, &internal(context), detail);
        }
    }
    windows(context, path, errors);
    app_armor(context, path, errors);
}

/// The context as the API server's own struct shows it in an error.
fn internal(context: &Value) -> Value {
    const NAMES: &[(&str, &str)] = &[
        ("Capabilities", "capabilities"),
        ("Privileged", "privileged"),
        ("SELinuxOptions", "seLinuxOptions"),
        ("WindowsOptions", "windowsOptions"),
        ("RunAsUser", "runAsUser"),
        ("RunAsGroup", "runAsGroup"),
        ("RunAsNonRoot", "runAsNonRoot"),
        ("ReadOnlyRootFilesystem", "readOnlyRootFilesystem"),
        ("AllowPrivilegeEscalation", "allowPrivilegeEscalation"),
        ("ProcMount", "procMount"),
        ("SeccompProfile", "seccompProfile"),
        ("AppArmorProfile", "appArmorProfile"),
    ];
    let member = |(shown, key): &(&str, &str)| {
        let value = match (context.get(key), *key) {
            (Some(caps), "capabilities") => Value::Map(vec![
                ("Add".to_owned(), caps.get("add").cloned().unwrap_or(Value::Null)),
                ("Drop".to_owned(), caps.get("drop").cloned().unwrap_or(Value::Null)),
            ]),
            (value, _) => value.cloned().unwrap_or(Value::Null),
        };
        ((*shown).to_owned(), value)
    };
    Value::Map(NAMES.iter().map(member).collect())
}

fn ids(context: &Value, path: &Path, errors: &mut Errors) {
    for key in ["runAsUser", "runAsGroup"] {
        errors.within(&path.field(key), int(context, key), 0, ID_MAX);
    }
}

/// `spec.securityContext`.
pub fn pod(spec: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let context = spec.get("securityContext").unwrap_or(&none);
    errors.within(&path.field("fsGroup"), int(context, "fsGroup"), 0, ID_MAX);
    ids(context, path, errors);
    let groups = path.field("supplementalGroups");
    for (index, group) in list(context, "supplementalGroups").iter().enumerate() {
        if let Value::Int(group) = group {
            errors.within(&groups.index(index), Some(*group), 0, ID_MAX);
        }
    }
    // Users write it in spec; the API server's own struct has it here.
    if flag(spec, "shareProcessNamespace") && flag(spec, "hostPID") {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid(&path.field("shareProcessNamespace"), &Value::Bool(true), detail);
    }
    sysctls(context, path, errors);
    for (key, known) in [
        ("fsGroupChangePolicy", &["Always", "OnRootMismatch"][..]),
        ("supplementalGroupsPolicy", &["Merge", "Strict"][..]),
        ("seLinuxChangePolicy", &["MountOption", "Recursive"][..]),
    ] {
        if context.get(key).is_some() {
            errors.one_of(&path.field(key), text(context, key), known);
        }
    }
    seccomp(context, path, errors);
    windows(context, path, errors);
    app_armor(context, path, errors);
}

fn sysctls(context: &Value, path: &Path, errors: &mut Errors) {
    const SHAPE: &str = "must have at most 253 characters and match regex \
         ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    let word = |w: &str| {
        let alphanumeric = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let b = w.as_bytes();
        let ends = b
            .first()
            .zip(b.last())
            .is_some_and(|(f, l)| alphanumeric(f) && alphanumeric(l));
        ends && b.iter().all(|b| alphanumeric(b) || matches!(b, b'-' | b'_'))
    };
    let path = path.field("sysctls");
    let mut seen: Set<String> = Set::new();
    for (index, sysctl) in list(context, "sysctls").iter().enumerate() {
        let at = path.index(index);
        let name = text(sysctl, "name");
        if name.is_empty() {
            errors.required(&at.field("name"), "");
        } else if name.len() > 253 || !name.split(['.', '/']).all(word) {
            errors.invalid_text(&at.field("name"), name, SHAPE);
        } else if !seen.insert(name.replace('/', ".")) {
            errors.duplicate(&at.field("name"), name);
        }
    }
}

fn seccomp(context: &Value, path: &Path, errors: &mut Errors) {
    let Some(profile) = context.get("seccompProfile") else {
        return;
    };
    let path = path.field("seccompProfile");
    let file_path = path.field("localhostProfile");
    match text(profile, "type") {
        "" => errors.required(&path.field("type"), "type is required when seccompProfile is set"),
        kind => errors.one_of(
            &path.field("type"),
            kind,
            &["Localhost", "RuntimeDefault", "Unconfined"],
        ),
    }
    let file = profile
        .get("localhostProfile")
        .map(|_| text(profile, "localhostProfile"));
    match (text(profile, "type") == "Localhost", file) {
        (true, None) => errors.required(&file_path, "must be set when seccomp type is Localhost"),
        (true, Some(file)) => descending_path(file, &file_path, errors),
        (false, Some(_)) => errors.invalid(&file_path, profile, "can only be set when seccomp type is Localhost"),
        (false, None) => {}
    }
}

fn app_armor(context: &Value, path: &Path, errors: &mut Errors) {
    let Some(profile) = context.get("appArmorProfile") else {
        return;
    };
    let path = path.field("appArmorProfile");
    let file_path = path.field("localhostProfile");
    let file = profile
        .get("localhostProfile")
        .map(|_| text(profile, "localhostProfile"));
    match text(profile, "type") {
        "Localhost" => match file {
            None | Some("") => errors.required(&file_path, "must be set when AppArmor type is Localhost"),
            Some(file) if file.trim() != file => {
                errors.invalid_text(&file_path, file, "must not be padded with whitespace");
            }
            Some(file) if file.len() > 4095 => errors.too_long(&file_path, 4095),
            Some(_) => {}
        },
        "RuntimeDefault" | "Unconfined" => {
            if let Some(file) = file {
                errors.invalid_text(&file_path, file, "can only be set when AppArmor type is Localhost");
            }
        }
        "" => errors.required(&path.field("type"), "type is required when appArmorProfile is set"),
        kind => errors.unsupported(
            &path.field("type"),
            kind,
            &["Localhost", "RuntimeDefault", "Unconfined"],
        ),
    }
}

fn windows(context: &Value, path: &Path, errors: &mut Errors) {
    let Some(options) = context.get("windowsOptions") else {
        return;
    };
    let path = path.field("windowsOptions");
    if options.get("gmsaCredentialSpecName").is_some() {
        let name = text(options, "gmsaCredentialSpecName");
        errors.each(&path.field("gmsaCredentialSpecName"), name, dns_subdomain(name));
    }
    if options.get("runAsUserName").is_some() {
        let at = path.field("runAsUserName");
        let name = text(options, "runAsUserName");
        if name.is_empty() {
            errors.invalid_text(&at, name, "runAsUserName cannot be an empty string");
        } else if name.chars().any(char::is_control) {
            errors.invalid_text(&at, name, "runAsUserName cannot contain control characters");
        }
    }
}

/// AppArmor annotations and fields must say the same.
pub fn app_armor_agrees(meta: &Value, spec: &Value, path: &Path, errors: &mut Errors) {
    for key in ["containers", "initContainers"] {
        let all = path.field(key);
        for (index, container) in list(spec, key).iter().enumerate() {
            let Some(annotation) = app_armor_of(meta, text(container, "name")) else {
                continue;
            };
            let own = container.at(&["securityContext", "appArmorProfile"]);
            let Some(profile) = own.or_else(|| spec.at(&["securityContext", "appArmorProfile"])) else {
                continue;
            };
            let (kind, file) = match annotation {
                "runtime/default" => ("RuntimeDefault", None),
                "unconfined" => ("Unconfined", None),
                other => match other.strip_prefix("localhost/") {
                    Some(file) => ("Localhost", Some(file)),
                    None => continue,
                },
            };
            let item = all.index(index);
            let context = item.field("securityContext");
            let at = context.field("appArmorProfile");
            if text(profile, "type") != kind {
                errors.forbidden(&at.field("type"), "apparmor type in annotation and field must match");
            } else if file.is_some_and(|file| text(profile, "localhostProfile") != file) {
                let detail = "apparmor profile in annotation and field must match";
                errors.forbidden(&at.field("localhostProfile"), detail);
            }
        }
    }
}
