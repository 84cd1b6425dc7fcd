//! Style and shape numbers of the draw list. They are a contract with the page and never change their meaning.

use crate::trace::{Counts, CronJobRule, LaneKind, Rule, What};

/// What a bar, a text or a mark looks like. The page has a colour for each in both themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Style {
    /// Waits for the scheduler or for others.
    Pending = 0,
    /// Is being created.
    Creating = 1,
    /// Runs, and is ready.
    Running = 2,
    /// Runs, but not everything is ready.
    RunningUnready = 3,
    /// Ended well.
    Succeeded = 4,
    /// Ended badly.
    Failed = 5,
    /// Waits before another attempt.
    Waiting = 6,
    /// Is being stopped.
    Terminating = 7,
    /// An init container, or a Pod in its init containers.
    Init = 8,
    /// A sidecar.
    Sidecar = 9,
    /// A hook.
    Hook = 10,
    /// The grace period.
    Grace = 11,
    /// An image pull.
    Pulling = 12,
    /// A condition that is true.
    ConditionTrue = 13,
    /// A condition that is false or unknown.
    ConditionFalse = 14,
    /// A step of the scenario.
    Step = 15,
    /// An endpoint that takes new connections.
    EndpointReady = 16,
    /// An endpoint that answers but takes no new connections.
    EndpointDraining = 17,
    /// Everything else.
    Neutral = 18,
    /// What is left of a grace period when the process has gone before its end.
    GraceLeft = 19,
    /// What hooks and waiting have eaten of a grace period before the stop signal.
    GraceEaten = 20,
    /// Small words on the ground, beside what they speak of.
    Note = 21,
}

impl Style {
    /// Every style, in the order of their numbers.
    pub const ALL: [Style; 22] = [
        Style::Pending,
        Style::Creating,
        Style::Running,
        Style::RunningUnready,
        Style::Succeeded,
        Style::Failed,
        Style::Waiting,
        Style::Terminating,
        Style::Init,
        Style::Sidecar,
        Style::Hook,
        Style::Grace,
        Style::Pulling,
        Style::ConditionTrue,
        Style::ConditionFalse,
        Style::Step,
        Style::EndpointReady,
        Style::EndpointDraining,
        Style::Neutral,
        Style::GraceLeft,
        Style::GraceEaten,
        Style::Note,
    ];

    /// Which style stands for a pixel column that several slices share: trouble must not vanish when one zooms out.
    pub fn weight(self) -> u8 {
        match self {
            Style::Failed => 9,
            Style::Waiting => 8,
            Style::Terminating => 7,
            Style::ConditionFalse | Style::EndpointDraining => 6,
            Style::RunningUnready => 5,
            Style::Hook | Style::Grace | Style::Pulling => 4,
            Style::Init | Style::Sidecar | Style::Creating | Style::Pending => 3,
            _ => 2,
        }
    }
}

/// How an area is filled. Texture carries the state of the Pods it stands for, colour their revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Fill {
    /// Available Pods, or a Pod that is ready.
    Solid = 0,
    /// Pods that are ready and not available yet, or one that runs and is not ready.
    Hatched = 1,
    /// Pods that exist and are not ready.
    Pale = 2,
    /// Not filled: its upper edge says how many are wanted.
    Outline = 3,
    /// A stripe that says of which revision a Pod is, whatever state it is in.
    Edge = 4,
}

/// Colours of revisions: after the last one they begin again, which is why each revision has a letter, too.
pub const REVISIONS: u8 = 6;

/// A colour of an area below this is that of a revision; from here on that of a [`Style`].
pub const STYLE_HUE: u8 = 16;

/// The colour of a revision.
pub fn hue_of(revision: u8) -> u8 {
    revision % REVISIONS
}

/// The letter of a revision: A to Z, then A again.
pub fn letter_of(revision: u8) -> char {
    char::from(b'A' + revision % 26)
}

/// The form of a mark. Form carries outcome, so that colour is never the only sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Shape {
    /// Disc: a success.
    Disc = 0,
    /// Cross: a failure.
    Cross = 1,
    /// Boxed cross: the failure that tipped a threshold.
    BoxedCross = 2,
    /// Diamond: a Normal event, or an object that was stored.
    Diamond = 3,
    /// Triangle: a Warning event.
    Triangle = 4,
    /// Flag: a step.
    Flag = 5,
    /// Bolt: a signal.
    Bolt = 6,
    /// Ring: the success that tipped a threshold.
    Ring = 7,
}

impl Shape {
    /// Number of shapes.
    pub const COUNT: usize = 8;
}

/// The style of a slice or an instant on a lane of this kind.
pub fn style_of(kind: LaneKind, what: &What) -> Style {
    match what {
        What::Status { status, ready, .. } => status_style(status, ready),
        What::Phase(phase) => match &**phase {
            "Pending" => Style::Pending,
            "Running" => Style::Running,
            "Succeeded" => Style::Succeeded,
            "Failed" => Style::Failed,
            _ => Style::Neutral,
        },
        What::Condition { status, .. } if &**status == "True" => Style::ConditionTrue,
        What::Condition { .. } => Style::ConditionFalse,
        What::Volumes => Style::Pending,
        What::Sandbox { ready: false } => Style::Creating,
        What::Sandbox { ready: true } => Style::Neutral,
        What::Creating => Style::Creating,
        What::Running { .. } => match kind {
            LaneKind::InitContainer => Style::Init,
            LaneKind::Sidecar => Style::Sidecar,
            _ => Style::Running,
        },
        What::Ended { code: 0, .. } | What::Exit { code: 0 } => Style::Succeeded,
        What::Ended { .. } | What::Exit { .. } => Style::Failed,
        What::Waiting { reason } => waiting_style(reason),
        What::Backoff { .. } => Style::Waiting,
        What::Pulling { .. } => Style::Pulling,
        What::Hook { .. } => Style::Hook,
        What::Turn => Style::Waiting,
        What::Grace { .. } => Style::Grace,
        What::ProbeRun { success, .. } | What::ProbeVerdict { success, .. } => {
            if *success {
                Style::Running
            } else {
                Style::Failed
            }
        }
        What::Signal(name) if &**name == "SIGKILL" || &**name == "KILL" => Style::Failed,
        What::Signal(_) => Style::Terminating,
        What::Event { warning: true, .. } => Style::Waiting,
        What::Event { warning: false, .. } => Style::Neutral,
        What::Step(_) => Style::Step,
        What::Object(verb) if &**verb == "deleted" => Style::Terminating,
        What::Object(_) | What::Bound(_) | What::Decided(_) => Style::Neutral,
        What::Counts(Counts::Pods {
            desired,
            updated,
            available,
            ..
        }) => match (available, updated) {
            (a, u) if a >= desired && u >= desired => Style::Running,
            (0, _) => Style::Pending,
            _ => Style::RunningUnready,
        },
        What::Counts(Counts::Job { status, .. }) => match &**status {
            "Complete" => Style::Succeeded,
            "Failed" | "FailureTarget" => Style::Failed,
            "Suspended" => Style::Neutral,
            _ => Style::Running,
        },
        What::Counts(Counts::CronJob { active: 0, .. }) => Style::Neutral,
        What::Counts(Counts::CronJob { .. }) => Style::Running,
        What::Scaled { .. } => Style::Neutral,
        What::Endpoint { ready: true, .. } => Style::EndpointReady,
        What::Endpoint { serving: true, .. } => Style::EndpointDraining,
        What::Endpoint { .. } => Style::ConditionFalse,
    }
}

/// The style of a condition of this name that tells of a failure, whichever status that is; `None` for all others.
pub fn failure_of(name: &str, what: &What) -> Option<Style> {
    let What::Condition { status, .. } = what else {
        return None;
    };
    let failed = match name {
        "Failed" | "FailureTarget" | "ReplicaFailure" => "True",
        "Progressing" => "False",
        _ => return None,
    };
    (&**status == failed).then_some(Style::Failed)
}

/// How a scheduled time of a CronJob is drawn: its Job was made, it was skipped, or it was missed. `None` for what is none.
pub fn tick_of(rule: &Rule) -> Option<(Shape, Style)> {
    let Rule::CronJob(rule) = rule else { return None };
    match rule {
        CronJobRule::Due { .. } => Some((Shape::Disc, Style::Running)),
        CronJobRule::AlreadyActive { .. } => Some((Shape::Ring, Style::Waiting)),
        CronJobRule::TooLate { .. } | CronJobRule::TooManyMissed { .. } => Some((Shape::Cross, Style::Failed)),
        _ => None,
    }
}

/// The shape of an instant.
pub fn shape_of(what: &What) -> Shape {
    match what {
        What::ProbeVerdict { success: true, .. } => Shape::Ring,
        What::ProbeVerdict { success: false, .. } => Shape::BoxedCross,
        What::ProbeRun { success: true, .. } | What::Exit { code: 0 } => Shape::Disc,
        What::ProbeRun { success: false, .. } | What::Exit { .. } => Shape::Cross,
        What::Signal(_) => Shape::Bolt,
        What::Event { warning: true, .. } => Shape::Triangle,
        What::Step(_) => Shape::Flag,
        _ => Shape::Diamond,
    }
}

/// The colour of a STATUS cell: what it means for whoever waits for the Pod.
fn status_style(status: &str, ready: &str) -> Style {
    let bare = status.strip_prefix("Init:").unwrap_or(status);
    match bare {
        "Running" => match ready.split_once('/') {
            Some((a, b)) if a == b => Style::Running,
            _ => Style::RunningUnready,
        },
        "NotReady" => Style::RunningUnready,
        "Completed" | "Succeeded" => Style::Succeeded,
        "Terminating" => Style::Terminating,
        "Pending" | "SchedulingGated" => Style::Pending,
        "ContainerCreating" => Style::Creating,
        "PodInitializing" => Style::Init,
        _ if bare.len() != status.len() && bare.starts_with(|c: char| c.is_ascii_digit()) => Style::Init,
        _ => waiting_style(bare),
    }
}

/// Reasons of a waiting or broken container. Back-off waits; every other reason is a failure people have to mend.
fn waiting_style(reason: &str) -> Style {
    match reason {
        "ContainerCreating" | "PodInitializing" => Style::Pending,
        "Unknown" => Style::Neutral,
        _ if reason.ends_with("BackOff") || reason == "RestartingAllContainers" => Style::Waiting,
        _ => Style::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_contract() {
        for (i, style) in Style::ALL.iter().enumerate() {
            assert_eq!(*style as usize, i);
        }
        assert_eq!(Shape::Ring as usize + 1, Shape::COUNT);
    }

    #[test]
    fn status_words_have_colours() {
        for (status, ready, want) in [
            ("Running", "1/1", Style::Running),
            ("Running", "1/2", Style::RunningUnready),
            ("Running", "10/10", Style::Running),
            ("NotReady", "1/2", Style::RunningUnready),
            ("Pending", "0/1", Style::Pending),
            ("ContainerCreating", "0/1", Style::Creating),
            ("PodInitializing", "0/1", Style::Init),
            ("Init:0/2", "0/1", Style::Init),
            ("Init:Error", "0/1", Style::Failed),
            ("Init:CrashLoopBackOff", "0/1", Style::Waiting),
            ("CrashLoopBackOff", "0/1", Style::Waiting),
            ("ImagePullBackOff", "0/1", Style::Waiting),
            ("ErrImagePull", "0/1", Style::Failed),
            ("OOMKilled", "0/1", Style::Failed),
            ("Completed", "0/1", Style::Succeeded),
            ("Terminating", "1/1", Style::Terminating),
            ("Unknown", "1/1", Style::Neutral),
        ] {
            assert_eq!(status_style(status, ready), want, "{status} {ready}");
        }
    }
}
