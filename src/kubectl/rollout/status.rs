//! `kubectl rollout status`: a line for each change of the object until the rollout is over.

use std::rc::Rc;

use super::{Action, Rollout};
use crate::kubectl::fields::Fields;
use crate::kubectl::files::Files;
use crate::kubectl::kinds::{self, Kind};
use crate::kubectl::run::Printed;
use crate::kubectl::server::{Server, Stored};
use crate::kubectl::workload;
use crate::time::Instant;

/// The rollouts that are still to be followed, one after the other.
#[derive(Clone, Debug)]
pub(in crate::kubectl) struct Following {
    left: Vec<(&'static Kind, Stored)>,
    /// Since when the first of them is followed.
    since: Instant,
    /// The revision of it that was spoken of.
    seen: Option<Stored>,
    /// What failed; said at the end.
    errors: Vec<String>,
}

/// Looks for what is to be followed. `None` when there is nothing.
pub(in crate::kubectl) fn start(
    rollout: &Rollout,
    files: &Files,
    server: &dyn Server,
    out: &mut Printed,
) -> Option<Following> {
    let found = match rollout.selection.find(files, server) {
        Ok(found) => found,
        Err(refusal) => {
            out.fail(&refusal.text(None));
            return None;
        }
    };
    if found.objects.is_empty() && found.missing.is_empty() {
        out.warn(&format!(
            "No resources found in {} namespace.",
            rollout.selection.namespace
        ));
        return None;
    }
    Some(Following {
        left: found.objects,
        since: server.now(),
        seen: None,
        errors: found.missing.iter().map(|refusal| refusal.text(None)).collect(),
    })
}

/// Says what has changed. Whether all of them are over.
pub(in crate::kubectl) fn go_on(
    rollout: &Rollout,
    following: &mut Following,
    server: &dyn Server,
    out: &mut Printed,
) -> bool {
    while let Some((kind, first)) = following.left.first().cloned() {
        match look(rollout, kind, &first, following, server, out) {
            Some(Ok(())) => {}
            Some(Err(text)) => following.errors.push(format!("error: {text}")),
            None => return false,
        }
        following.left.remove(0);
        following.seen = None;
        following.since = server.now();
    }
    for text in std::mem::take(&mut following.errors) {
        out.fail(&text);
    }
    true
}

/// Whether one of them is over, and why it failed.
fn look(
    rollout: &Rollout,
    kind: &Kind,
    first: &Stored,
    following: &mut Following,
    server: &dyn Server,
    out: &mut Printed,
) -> Option<Result<(), String>> {
    let Action::Status {
        watch,
        timeout,
        revision,
    } = rollout.action
    else {
        return Some(Ok(()));
    };
    if !matches!(kind.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        let group = Some(kind.group).filter(|g| !g.is_empty());
        let name = group.map_or(kind.kind.to_owned(), |group| format!("{}.{group}", kind.kind));
        return Some(Err(format!("no status viewer has been implemented for {name}")));
    }
    let now = server.object(kind.kind, &first.namespace, &first.name);
    let Some(now) = now.filter(|o| o.uid == first.uid) else {
        return Some(Err("object has been deleted".to_owned()));
    };
    if following.seen.as_ref().is_none_or(|seen| !seen.same_revision(&now)) {
        let answer = answer(&now, revision);
        following.seen = Some(now);
        match answer {
            Err(text) => return Some(Err(text)),
            Ok((text, over)) => {
                out.say(&text);
                if over || !watch {
                    return Some(Ok(()));
                }
            }
        }
    }
    let late = timeout.is_some_and(|timeout| server.now() >= following.since + timeout);
    late.then(|| Err("timed out waiting for the condition".to_owned()))
}

/// What is said of an object, and whether its rollout is over.
fn answer(object: &Stored, revision: i64) -> Result<(String, bool), String> {
    let v = Fields(&object.value);
    match &*object.kind {
        "Deployment" => deployment(v, &object.name, revision),
        "DaemonSet" => daemon_set(v, &object.name),
        _ => stateful_set(v),
    }
}

fn deployment(v: Fields, name: &Rc<str>, wanted: i64) -> Result<(String, bool), String> {
    if wanted > 0 {
        let running = v.text(&["metadata", "annotations", workload::REVISION]);
        let running: i64 = running.parse().unwrap_or(0);
        if running != wanted {
            return Err(format!(
                "desired revision ({wanted}) is different from the running revision ({running})"
            ));
        }
    }
    if !observed(v) {
        return Ok(("Waiting for deployment spec update to be observed...".to_owned(), false));
    }
    let late = v.items(&["status", "conditions"]).iter().map(Fields);
    if late
        .into_iter()
        .any(|c| c.text(&["type"]) == "Progressing" && c.text(&["reason"]) == "ProgressDeadlineExceeded")
    {
        return Err(format!("deployment \"{name}\" exceeded its progress deadline"));
    }
    let status = |field: &str| v.int(&["status", field]);
    let (wanted, all) = (v.int(&["spec", "replicas"]), status("replicas"));
    let (updated, available) = (status("updatedReplicas"), status("availableReplicas"));
    let doing = if updated < wanted {
        format!("{updated} out of {wanted} new replicas have been updated...")
    } else if all > updated {
        format!("{} old replicas are pending termination...", all - updated)
    } else if available < updated {
        format!("{available} of {updated} updated replicas are available...")
    } else {
        return Ok((format!("deployment \"{name}\" successfully rolled out"), true));
    };
    let text = format!("Waiting for deployment \"{name}\" rollout to finish: {doing}");
    Ok((text, false))
}

/// Whether the controller has seen the newest spec.
fn observed(v: Fields) -> bool {
    v.int(&["metadata", "generation"]) <= v.int(&["status", "observedGeneration"])
}

const ONLY_ROLLING: &str = "rollout status is only available for RollingUpdate strategy type";

fn daemon_set(v: Fields, name: &Rc<str>) -> Result<(String, bool), String> {
    if v.text(&["spec", "updateStrategy", "type"]) != "RollingUpdate" {
        return Err(ONLY_ROLLING.to_owned());
    }
    if !observed(v) {
        return Ok(("Waiting for daemon set spec update to be observed...".to_owned(), false));
    }
    let status = |field: &str| v.int(&["status", field]);
    let wanted = status("desiredNumberScheduled");
    let (updated, available) = (status("updatedNumberScheduled"), status("numberAvailable"));
    let doing = if updated < wanted {
        format!("{updated} out of {wanted} new pods have been updated...")
    } else if available < wanted {
        format!("{available} of {wanted} updated pods are available...")
    } else {
        return Ok((format!("daemon set \"{name}\" successfully rolled out"), true));
    };
    let text = format!("Waiting for daemon set \"{name}\" rollout to finish: {doing}");
    Ok((text, false))
}

fn stateful_set(v: Fields) -> Result<(String, bool), String> {
    if v.text(&["spec", "updateStrategy", "type"]) != "RollingUpdate" {
        return Err(ONLY_ROLLING.to_owned());
    }
    if v.int(&["status", "observedGeneration"]) == 0 || !observed(v) {
        let text = "Waiting for statefulset spec update to be observed...";
        return Ok((text.to_owned(), false));
    }
    let status = |field: &str| v.int(&["status", field]);
    let (wanted, ready, updated) = (
        v.int(&["spec", "replicas"]),
        status("readyReplicas"),
        status("updatedReplicas"),
    );
    if ready < wanted {
        return Ok((format!("Waiting for {} pods to be ready...", wanted - ready), false));
    }
    let rolling = ["spec", "updateStrategy", "rollingUpdate"];
    if v.0.at(&rolling).is_some() {
        let partition = v.int(&["spec", "updateStrategy", "rollingUpdate", "partition"]);
        return Ok(if updated < wanted - partition {
            let text = format!(
                "Waiting for partitioned roll out to finish: {updated} out of {} new pods have been updated...",
                wanted - partition
            );
            (text, false)
        } else {
            let text = format!("partitioned roll out complete: {updated} new pods have been updated...");
            (text, true)
        });
    }
    let revision = |field: &str| v.text(&["status", field]);
    let (current, update) = (revision("currentRevision"), revision("updateRevision"));
    Ok(if update != current {
        let text = format!("waiting for statefulset rolling update to complete {updated} pods at revision {update}...");
        (text, false)
    } else {
        let pods = status("currentReplicas");
        let text = format!("statefulset rolling update complete {pods} pods at revision {current}...");
        (text, true)
    })
}

/// When it is to be looked at whatever happens.
pub(in crate::kubectl) fn ends(rollout: &Rollout, following: &Following) -> Option<Instant> {
    match rollout.action {
        Action::Status { timeout, .. } => timeout.map(|timeout| following.since + timeout),
        _ => None,
    }
}

/// The kind whose changes are waited for.
pub(in crate::kubectl) fn kind_of(following: &Following) -> &'static str {
    following
        .left
        .first()
        .and_then(|(kind, _)| kinds::of(kind.kind))
        .map_or("Deployment", |kind| kind.kind)
}
