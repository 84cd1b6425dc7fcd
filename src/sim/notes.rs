//! What the run itself has to say about the text: assumptions, and things that are not simulated.

use super::cluster::Cluster;
use crate::api::{Loaded, template_path};
use crate::apiserver::{ASSUMED, presupposed};
use crate::cri::{Runtime, Start};
use crate::machine::Profile;
use crate::manifest::{Diagnostic, Range, Severity, Value};
use crate::world::{Note, NoteKind};

/// Adds the remarks of all containers and of the scenario.
pub fn add(list: &mut Vec<Diagnostic>, loaded: &Loaded, cluster: &Cluster) {
    scenario(list, loaded);
    super::image_notes::add(list, loaded);
    super::gate_notes::add(list, loaded, &cluster.setup.profile);
    refused(list, loaded, cluster);
    presupposed_classes(list, loaded, cluster);
    super::assumed_nodes::add_notes(list, loaded);
    presupposed_namespaces(list, loaded);
    presupposed_accounts(list, loaded);
    for (start, note) in cluster.runtimes.iter().flat_map(Runtime::remarks) {
        remark(list, loaded, start, note);
    }
}

/// A remark of a container, at its place in the manifest: its Pod's, or the template's of what the Pod was made from.
fn remark(list: &mut Vec<Diagnostic>, loaded: &Loaded, start: &Start, note: &Note) {
    let (severity, code) = match note.kind {
        NoteKind::Assumed => (Severity::Info, "assumed"),
        NoteKind::NotModelled => (Severity::Warning, "not-supported"),
        NoteKind::Spins => (Severity::Warning, "spins"),
        NoteKind::Dropped => (Severity::Warning, "dropped"),
    };
    let field = if note.argv.is_some() { "command" } else { "image" };
    let (kind, namespace, name) = &start.origin;
    let mut objects = loaded.objects.iter();
    let object = objects
        .find(|o| *o.object.kind() == **kind && *o.object.name() == **name && *o.object.namespace() == **namespace);
    let template = template_path(kind).map_or(String::new(), |path| path.join(".") + ".");
    let path = format!("{template}spec.{}.{field}", start.place);
    let range = object
        .and_then(|o| loaded.range_of(o.document, &path))
        .unwrap_or_default();
    push(list, severity, code, note.text.clone(), range, path);
}

/// Priority classes that a Pod names and that the text, which brings none, leaves to the cluster.
fn presupposed_classes(list: &mut Vec<Diagnostic>, loaded: &Loaded, cluster: &Cluster) {
    let path = "spec.priorityClassName";
    for stored in cluster.api.pods() {
        let (meta, class) = (&stored.pod.metadata, &stored.pod.spec.priority_class_name);
        if !presupposed(&cluster.api, class) {
            continue;
        }
        let same =
            |kind: &str, name: &str, space: &str| kind == "Pod" && *name == *meta.name && *space == *meta.namespace;
        let object = loaded
            .objects
            .iter()
            .find(|o| same(o.object.kind(), o.object.name(), o.object.namespace()));
        let range = object
            .and_then(|o| loaded.range_of(o.document, path))
            .unwrap_or_default();
        let message = format!(
            "assumed: PriorityClass {class} exists with value {ASSUMED}; the text brings none, and without it the API \
             server would refuse the Pod"
        );
        push(list, Severity::Info, "assumed", message, range, path.to_owned());
    }
}

/// Namespaces that the objects of the text name and that it does not make: each is told of once.
fn presupposed_namespaces(list: &mut Vec<Diagnostic>, loaded: &Loaded) {
    let path = "metadata.namespace";
    let made = loaded.objects.iter().filter(|o| o.object.kind() == "Namespace");
    let mut known: Vec<&str> = made.map(|o| o.object.name()).collect();
    known.extend(["", "default", "kube-system", "kube-public", "kube-node-lease"]);
    for object in loaded.objects.iter().filter(|o| o.valid) {
        let namespace = object.object.namespace();
        if known.contains(&namespace) {
            continue;
        }
        known.push(namespace);
        let range = loaded.range_of(object.document, path).unwrap_or_default();
        let message = format!(
            "assumed: namespace {namespace} exists; the text does not make it, and without it the API server would \
             refuse the object"
        );
        push(list, Severity::Info, "assumed", message, range, path.to_owned());
    }
}

/// ServiceAccounts that Pods of the text name and that it does not make: each is told of once.
fn presupposed_accounts(list: &mut Vec<Diagnostic>, loaded: &Loaded) {
    let made = loaded.objects.iter().filter(|o| o.object.kind() == "ServiceAccount");
    let mut known: Vec<(&str, &str)> = made.map(|o| (o.object.namespace(), o.object.name())).collect();
    for object in loaded.objects.iter().filter(|o| o.valid) {
        let kind = object.object.kind();
        let template = template_path(kind).or((kind == "Pod").then_some(&[]));
        let Some(mut keys) = template.map(<[&str]>::to_vec) else {
            continue;
        };
        keys.extend(["spec", "serviceAccountName"]);
        let account = object.raw.at(&keys).and_then(Value::as_str).unwrap_or_default();
        let namespace = object.object.namespace();
        if matches!(account, "" | "default") || known.contains(&(namespace, account)) {
            continue;
        }
        known.push((namespace, account));
        let path = keys.join(".");
        let range = loaded.range_of(object.document, &path).unwrap_or_default();
        let message = format!(
            "assumed: ServiceAccount {account} exists in namespace {namespace}; the text does not make it, and without it \
             the API server would refuse the Pod"
        );
        push(list, Severity::Info, "assumed", message, range, path);
    }
}

/// Objects of the text that admission forbade.
fn refused(list: &mut Vec<Diagnostic>, loaded: &Loaded, cluster: &Cluster) {
    for (document, why) in cluster.refused.iter() {
        let Some(object) = loaded.objects.iter().find(|o| o.document == *document) else {
            continue;
        };
        let message = format!("pods \"{}\" is forbidden: {why}", object.object.name());
        let path = "spec.priorityClassName";
        let range = loaded.range_of(*document, path).unwrap_or_default();
        push(list, Severity::Error, "forbidden", message, range, path.to_owned());
    }
}

pub(super) fn push(
    list: &mut Vec<Diagnostic>,
    severity: Severity,
    code: &'static str,
    message: String,
    range: Range,
    path: String,
) {
    let new = Diagnostic {
        severity,
        code,
        message,
        range,
        path,
        fixes: Vec::new(),
    };
    if !list.iter().any(|d| d.message == new.message && d.range == new.range) {
        list.push(new);
    }
}

/// Versions, gates and faults of the scenario that are not played.
fn scenario(list: &mut Vec<Diagnostic>, loaded: &Loaded) {
    let Some(document) = loaded.scenario_document() else {
        return;
    };
    let spec = &loaded.scenario.spec;
    let mut warn = |path: String, message: String| {
        let range = loaded.range_of(document, &path).unwrap_or_default();
        push(list, Severity::Warning, "not-supported", message, range, path);
    };
    if let Some(version) = &spec.kubernetes
        && Profile::of(version).is_none()
    {
        let known = Profile::ALL.map(|p| p.version).join(", ");
        warn(
            "spec.kubernetes".to_owned(),
            format!("version {version} is not supported (supported: {known}); 1.36 is simulated"),
        );
    }
    for (index, step) in spec.steps.iter().enumerate() {
        if let Some(fault) = &step.fault
            && !super::faults::KINDS.contains(&fault.kind.as_str())
        {
            warn(
                format!("spec.steps[{index}].fault.kind"),
                format!("fault {} is not supported", fault.kind),
            );
        }
    }
}
