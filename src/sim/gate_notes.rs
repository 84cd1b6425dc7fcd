//! What is said about feature gates: unknown ones, ones that cannot be set, ones that change nothing here, and fields
//! that are dropped because a gate is off.

use super::notes::push;
use crate::api::scenario::Span;
use crate::api::{Loaded, Object, nearest};
use crate::machine::Profile;
use crate::machine::gates::{Effect, Gate, gate, gates};
use crate::manifest::{Diagnostic, Severity};
use crate::time::Duration;

/// Adds the remarks on the gates of the scenario and on what hangs on them.
pub fn add(list: &mut Vec<Diagnostic>, loaded: &Loaded, profile: &Profile) {
    if let Some(document) = loaded.scenario_document() {
        let mut say = |severity, code, path: String, message: String| {
            let range = loaded.range_of(document, &path).unwrap_or_default();
            push(list, severity, code, message, range, path);
        };
        let spec = &loaded.scenario.spec;
        for (name, on) in &spec.feature_gates {
            if let Some((severity, code, message)) = on_gate(name, *on, profile) {
                say(severity, code, format!("spec.featureGates.{name}"), message);
            }
        }
        for (index, node) in spec.nodes.iter().enumerate() {
            let path = format!("spec.nodes[{index}].crashLoopBackOff.maxContainerRestartPeriod");
            let Some(own) = node.crash_loop_back_off.max_container_restart_period else {
                continue;
            };
            let kubelet = node.kubelet.as_deref().and_then(Profile::of);
            let of_node = kubelet.map_or(*profile, |p| p.with_gates(&spec.feature_gates));
            if let Some(message) = on_crash_loop(own, &of_node) {
                say(Severity::Error, "invalid", path, message);
            }
        }
    }
    dropped(list, loaded, profile);
}

/// What there is to say about one gate.
fn on_gate(name: &str, on: bool, profile: &Profile) -> Option<(Severity, &'static str, String)> {
    let (minor, version) = (profile.minor(), profile.version);
    let Some(known) = gate(name) else {
        let hint = nearest(name, gates().map(|g| g.name));
        let hint = hint.map_or(String::new(), |near| format!("; did you mean {near}?"));
        let message = format!("unrecognized feature gate: {name}{hint}");
        return Some((Severity::Warning, "unknown-gate", message));
    };
    if known.since > minor {
        let message = format!(
            "unrecognized feature gate: {name} came with 1.{}, this is {version}",
            known.since
        );
        return Some((Severity::Warning, "unknown-gate", message));
    }
    let default = known.default_in(minor);
    if known.locked_in(minor) && on != default {
        let message = format!("cannot set feature gate {name} to {on}, feature is locked to {default}");
        return Some((Severity::Error, "locked-gate", message));
    }
    if on == default {
        let word = if on { "on" } else { "off" };
        let message = format!("feature gate {name} is {word} by default in {version}");
        return Some((Severity::Info, "default-gate", message));
    }
    without_effect(&known)
}

fn without_effect(gate: &Gate) -> Option<(Severity, &'static str, String)> {
    let name = gate.name;
    match gate.effect() {
        Effect::Played => None,
        Effect::NotModelled => {
            let message = format!("what feature gate {name} changes is not simulated; the run is the same without it");
            Some((Severity::Warning, "not-supported", message))
        }
        Effect::None => {
            let message = format!("feature gate {name} changes nothing that is simulated here");
            Some((Severity::Info, "gate-without-effect", message))
        }
    }
}

/// What a kubelet says of a longest crash-loop delay that it does not take.
fn on_crash_loop(own: Span, profile: &Profile) -> Option<String> {
    let (least, most) = (Duration::from_secs(1), Duration::from_secs(300));
    if !profile.crash_loop_max {
        Some(
            "FeatureGate KubeletCrashLoopBackOffMax not enabled, CrashLoopBackOff.MaxContainerRestartPeriod must not \
             be set"
                .to_owned(),
        )
    } else if own.0 < least || own.0 > most {
        Some("must be between 1s and 300s".to_owned())
    } else {
        None
    }
}

/// Fields that the API server drops because their gate is off.
fn dropped(list: &mut Vec<Diagnostic>, loaded: &Loaded, profile: &Profile) {
    for object in &loaded.objects {
        let Object::Pod(pod) = &object.object else { continue };
        let mut say = |path: String, gate: &str| {
            let range = loaded.range_of(object.document, &path).unwrap_or_default();
            let message = format!(
                "this field is dropped: feature gate {gate} is off in {}",
                profile.version
            );
            push(list, Severity::Warning, "dropped-field", message, range, path);
        };
        for (at, containers) in [
            ("initContainers", &pod.spec.init_containers),
            ("containers", &pod.spec.containers),
        ] {
            for (index, container) in containers.iter().enumerate() {
                let base = format!("spec.{at}[{index}]");
                let signal = container.lifecycle.as_ref().and_then(|l| l.stop_signal.as_ref());
                if signal.is_some() && !profile.stop_signals {
                    say(format!("{base}.lifecycle.stopSignal"), "ContainerStopSignals");
                }
                if container.restart_policy.is_some() {
                    let sidecar = at == "initContainers" && container.is_sidecar();
                    if sidecar && !profile.sidecars {
                        say(format!("{base}.restartPolicy"), "SidecarContainers");
                    } else if !sidecar && !profile.container_restart_rules {
                        say(format!("{base}.restartPolicy"), "ContainerRestartRules");
                    }
                }
            }
        }
    }
}
