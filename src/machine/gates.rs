//! Feature gates by name, as data: which release brought a gate, turned it on, locked it. spec/01 §0, spec/06 §6.

/// A feature gate of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// `KubeletCrashLoopBackOffMax`
    pub name: &'static str,
    /// Minor release that brought it.
    pub since: u8,
    /// Minor releases from the first to the last in which it is on by default.
    on: Option<(u8, u8)>,
    /// Minor release from which its default cannot be changed.
    locked: Option<u8>,
}

/// What setting a gate does to what is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The model follows it.
    Played,
    /// It would change the life of a Pod, and the model does not follow it.
    NotModelled,
    /// It changes nothing that is played.
    None,
}

/// Gates the model follows: `Profile::with_gate` names what each of them switches.
const PLAYED: [&str; 16] = [
    "ChangeContainerStatusOnKubeletRestart",
    "ContainerRestartRules",
    "ContainerStopSignals",
    "DeploymentReplicaSetTerminatingReplicas",
    "ExecProbeTimeout",
    "GracefulNodeShutdown",
    "InPlacePodVerticalScaling",
    "KubeletCrashLoopBackOffMax",
    "KubeletEnsureSecretPulledImages",
    "MaxUnavailableStatefulSet",
    "PLEGOnDemandRelist",
    "PodObservedGenerationTracking",
    "PodReadyToStartContainersCondition",
    "ReduceDefaultCrashLoopBackOffDecay",
    "RestartAllContainersOnContainerExits",
    "SidecarContainers",
];

/// Gates that would change what a Pod goes through, but are not played.
const NOT_MODELLED: [&str; 12] = [
    "EnvFiles",
    "EventedPLEG",
    "GangScheduling",
    "GracefulNodeShutdownBasedOnPodPriority",
    "HostnameOverride",
    "ImageVolume",
    "InPlacePodLevelResourcesVerticalScaling",
    "MemoryQoS",
    "NodeSwap",
    "PodLevelResources",
    "SchedulerAsyncPreemption",
    "TaintTolerationComparisonOperators",
];

const TABLE: &str = include_str!("gates.txt");

/// All gates that are known, in order of name.
pub fn gates() -> impl Iterator<Item = Gate> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(read)
}

fn read(line: &'static str) -> Option<Gate> {
    let mut words = line.split(' ');
    let (name, since, on, locked) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let on = match on.split_once("..") {
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        None => on.parse().ok().map(|first| (first, u8::MAX)),
    };
    Some(Gate {
        name,
        since: since.parse().ok()?,
        on,
        locked: locked.parse().ok(),
    })
}

/// The gate of this name.
pub fn gate(name: &str) -> Option<Gate> {
    gates().find(|gate| gate.name == name)
}

impl Gate {
    /// Whether it is on by default in 1.`minor`.
    pub fn default_in(&self, minor: u8) -> bool {
        self.on.is_some_and(|(first, last)| (first..=last).contains(&minor))
    }

    /// Whether its default cannot be changed in 1.`minor`.
    pub fn locked_in(&self, minor: u8) -> bool {
        self.locked.is_some_and(|from| from <= minor)
    }

    /// What setting it does here.
    pub fn effect(&self) -> Effect {
        if PLAYED.contains(&self.name) {
            Effect::Played
        } else if NOT_MODELLED.contains(&self.name) {
            Effect::NotModelled
        } else {
            Effect::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_gate_and_the_names_are_sorted() {
        let lines = TABLE.lines().filter(|l| !l.starts_with('#')).count();
        let all: Vec<Gate> = gates().collect();
        assert_eq!(all.len(), lines);
        assert!(all.windows(2).all(|pair| pair[0].name < pair[1].name));
        for name in PLAYED.iter().chain(&NOT_MODELLED) {
            assert!(gate(name).is_some(), "{name}");
        }
    }

    #[test]
    fn defaults_follow_the_release() {
        for (name, in_32, in_36, locked) in [
            ("KubeletCrashLoopBackOffMax", false, true, false),
            ("ReduceDefaultCrashLoopBackOffDecay", false, false, false),
            ("SidecarContainers", true, true, true),
            ("ChangeContainerStatusOnKubeletRestart", true, false, false),
            ("ContainerStopSignals", false, false, false),
        ] {
            let gate = gate(name).expect(name);
            assert_eq!((gate.default_in(32), gate.default_in(36)), (in_32, in_36), "{name}");
            assert_eq!(gate.locked_in(36), locked, "{name}");
        }
    }
}
