//! The Scenario document: how the world around the objects behaves, and what people do. DESIGN §2.

use super::meta::Time;
use super::objects::Taint;
use super::quantity::Quantity;
use crate::fields;
use crate::manifest::{DecodeError, Fields, Fill, Value, fill_fields, wrong};
use crate::map::Map;
use crate::time::{Duration, Instant};

/// What a scenario says, with every default filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// `metadata.name`.
    pub name: String,
    /// `spec`.
    pub spec: ScenarioSpec,
}

/// `spec` of a Scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScenarioSpec {
    /// Shown above the timeline.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// Horizon; chosen from the story when missing.
    pub until: Option<Span>,
    /// Profile, `1.36` by default.
    pub kubernetes: Option<String>,
    /// Release of kubectl whose texts are printed, `1.32` or `1.36`; by default the newest that is not newer than
    /// `kubernetes`.
    pub kubectl: Option<String>,
    /// Feature gates by name, where they are not as the release has them.
    pub feature_gates: Map<String, bool>,
    /// 0 is the nominal run.
    pub seed: u64,
    /// The clock at t = 0.
    pub start: Option<Time>,
    /// Nodes; when empty those that the text names, else one, `node1`.
    pub nodes: Vec<NodeSetup>,
    /// What the registry holds.
    pub images: Vec<ImageSetup>,
    /// How processes behave; the first match wins.
    pub workloads: Vec<Workload>,
    /// Files that steps may name.
    pub files: Map<String, String>,
    /// What people and the world do.
    pub steps: Vec<Step>,
    /// Checked after the run.
    pub expect: Vec<Expect>,
}

fields!(ScenarioSpec {
    title,
    description,
    until,
    kubernetes,
    kubectl,
    feature_gates,
    seed,
    start,
    nodes,
    images,
    workloads,
    files,
    steps,
    expect,
});

/// A span as people write it: `90s`, `2m`, `1m30s`, `250ms`; a bare number is seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl Span {
    /// Reads a span. `None` when the text is none.
    pub fn parse(text: &str) -> Option<Span> {
        let mut rest = text.trim();
        let mut total: i64 = 0;
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| !(c.is_ascii_digit() || c == '.'))
                .unwrap_or(rest.len());
            let (number, tail) = rest.split_at(end);
            let unit_end = tail
                .find(|c: char| c.is_ascii_digit() || c == '.')
                .unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(unit_end);
            let micros: i64 = match unit {
                "us" | "µs" => 1,
                "ms" => 1_000,
                "s" | "" => 1_000_000,
                "m" => 60_000_000,
                "h" => 3_600_000_000,
                "d" => 86_400_000_000,
                _ => return None,
            };
            let (whole, frac) = number.split_once('.').unwrap_or((number, ""));
            if (whole.is_empty() && frac.is_empty()) || whole.len() > 9 || frac.contains('.') {
                return None;
            }
            let whole = if whole.is_empty() {
                0
            } else {
                whole.parse::<i64>().ok()?
            };
            let frac: i64 = format!("{:0<6}", frac.get(..6).unwrap_or(frac)).parse().ok()?;
            total = total
                .checked_add(whole.checked_mul(micros)?)?
                .checked_add(frac.checked_mul(micros)? / 1_000_000)?;
            rest = tail;
        }
        Some(Span(Duration::from_micros(total)))
    }

    /// The instant so long after t = 0.
    pub fn instant(self) -> Instant {
        Instant::ZERO + self.0
    }
}

impl Fill for Span {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let wanted = "a span such as 90s, 2m or 1m30s";
        let text = value.scalar_text(wanted)?;
        *self = Span::parse(&text).ok_or_else(|| DecodeError(format!("\"{text}\" is not {wanted}")))?;
        Ok(())
    }
}

/// A node of the cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeSetup {
    /// Name.
    pub name: String,
    /// Labels.
    pub labels: Map<String, String>,
    /// Taints.
    pub taints: Vec<Taint>,
    /// What it has; 4 CPUs, 8Gi, 100Gi of ephemeral storage and 110 Pods by default.
    pub capacity: Map<String, Quantity>,
    /// Images present before the first pull.
    pub images: Vec<String>,
    /// Version of its kubelet, when it is not the scenario's.
    pub kubelet: Option<String>,
    /// How long its crash loops may become.
    pub crash_loop_back_off: CrashLoopSetup,
    /// How long a shutdown waits for Pods; 0 (as in Kubernetes) for not at all.
    pub shutdown_grace_period: Span,
    /// The part of it that is kept for critical Pods.
    pub shutdown_grace_period_critical_pods: Span,
}

fields!(NodeSetup {
    name,
    labels,
    taints,
    capacity,
    images,
    kubelet,
    crash_loop_back_off,
    shutdown_grace_period,
    shutdown_grace_period_critical_pods,
});

/// `crashLoopBackOff` of a kubelet's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrashLoopSetup {
    /// The longest delay between restarts, 1s to 300s.
    pub max_container_restart_period: Option<Span>,
}

fields!(CrashLoopSetup {
    max_container_restart_period
});

/// An image of the registry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageSetup {
    /// Reference.
    pub name: String,
    /// Size in bytes.
    pub size: Option<Quantity>,
    /// How pulls go: one for all, or one for each attempt, the last one for all further ones.
    pub pull: OneOrMany<Pull>,
    /// A built-in profile to start from.
    pub like: Option<String>,
    /// How its program behaves.
    pub program: Option<Program>,
}

fields!(ImageSetup {
    name,
    size,
    pull,
    like,
    program
});

/// How a pull goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pull {
    /// How long it takes.
    pub takes: Option<Span>,
    /// The text it fails with.
    pub error: Option<String>,
}

fields!(Pull { takes, error });

/// One or a list; both are written alike.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    /// The one for the `n`th time, counted from 0; the last one serves all further times.
    pub fn nth(&self, n: usize) -> Option<&T> {
        self.0.get(n).or(self.0.last())
    }
}

impl<T: Fill + Default> Fill for OneOrMany<T> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        match value {
            Value::Map(_) => self.0 = vec![value.decode()?],
            Value::Seq(_) => self.0.fill(value)?,
            other => return Err(wrong(other, "an object or a list of objects")),
        }
        Ok(())
    }
}

/// How the process of matching containers behaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workload {
    /// Glob over Pod names; all when missing.
    pub pod: Option<String>,
    /// Glob over container names; all when missing.
    pub container: Option<String>,
    /// The behaviour.
    pub program: Program,
}

fields!(Workload {
    pod,
    container,
    program
});

/// How a program behaves that the simulator cannot know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Ports it listens on.
    pub listens: Vec<Listens>,
    /// What it answers by HTTP; the first match wins, a path nobody names answers 200.
    pub http: Vec<HttpRule>,
    /// What its gRPC health service answers.
    pub grpc: Vec<GrpcRule>,
    /// What commands run in it do.
    pub exec: Vec<ExecRule>,
    /// How it ends by itself, for each start of the container; the last one serves all further ones.
    pub exits: OneOrMany<Exits>,
    /// What SIGTERM (or the stop signal) does: ends with 0 at once when missing.
    pub on_term: Option<OnTerm>,
    /// Memory use over time.
    pub memory: Vec<MemoryPoint>,
    /// Lines it writes.
    pub logs: Vec<LogLine>,
}

fields!(Program {
    listens,
    http,
    grpc,
    exec,
    exits,
    on_term,
    memory,
    logs
});

/// A port a program listens on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listens {
    /// Port number.
    pub port: i64,
    /// So long after its start.
    pub after: Span,
}

fields!(Listens { port, after });

/// One answer by HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRule {
    /// Glob over paths.
    pub path: String,
    /// Status, 200 by default.
    pub status: i64,
    /// Where a status of 3xx sends the client: a path, or a whole URL.
    pub location: String,
    /// How long the answer takes.
    pub takes: Span,
    /// From this age of the instance on.
    pub from: Option<Span>,
    /// Up to this age, excluded.
    pub to: Option<Span>,
    /// 200 while this file exists in the container, else 404. `*` in it stands for what `*` in `path` matched.
    pub file: Option<String>,
}

fields!(HttpRule {
    path,
    status,
    takes,
    from,
    to,
    file,
    location,
});

impl Default for HttpRule {
    fn default() -> Self {
        HttpRule {
            path: "*".to_owned(),
            status: 200,
            location: String::new(),
            takes: Span::default(),
            from: None,
            to: None,
            file: None,
        }
    }
}

/// One answer of the gRPC health service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrpcRule {
    /// Service name.
    pub service: String,
    /// Whether it serves.
    pub serving: bool,
    /// From this age of the instance on.
    pub from: Option<Span>,
    /// Up to this age, excluded.
    pub to: Option<Span>,
}

fields!(GrpcRule {
    service,
    serving,
    from,
    to
});

impl Default for GrpcRule {
    fn default() -> Self {
        GrpcRule {
            service: String::new(),
            serving: true,
            from: None,
            to: None,
        }
    }
}

/// What a command run in the container does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecRule {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Exit code.
    pub exit: i64,
    /// How long it takes.
    pub takes: Span,
    /// What it prints.
    pub output: String,
    /// From this age of the instance on.
    pub from: Option<Span>,
    /// Up to this age, excluded.
    pub to: Option<Span>,
}

fields!(ExecRule {
    command,
    exit,
    takes,
    output,
    from,
    to
});

/// How a program ends by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exits {
    /// So long after its start; never when missing.
    pub after: Option<Span>,
    /// Exit code.
    pub code: i64,
}

fields!(Exits { after, code });

/// What a stop signal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTerm {
    /// Nothing.
    Ignore,
    /// The program ends.
    Exit {
        /// So long after the signal.
        after: Span,
        /// Exit code.
        code: i64,
    },
}

impl Fill for Option<OnTerm> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        /// `{after: 3s, code: 0}`.
        #[derive(Default)]
        struct Exit {
            after: Span,
            code: i64,
        }
        fields!(Exit { after, code });

        *self = Some(match value {
            Value::Str(word) if word == "ignore" => OnTerm::Ignore,
            Value::Str(word) => return Err(DecodeError(format!("\"{word}\" is neither ignore nor an object"))),
            other => {
                let Exit { after, code } = other.decode()?;
                OnTerm::Exit { after, code }
            }
        });
        Ok(())
    }
}

/// Memory use from an age of the instance on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryPoint {
    /// Age.
    pub at: Span,
    /// Bytes.
    pub usage: Quantity,
}

fields!(MemoryPoint { at, usage as "use" });

/// A line a program writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLine {
    /// Age of the instance.
    pub at: Span,
    /// The line.
    pub line: String,
}

fields!(LogLine { at, line });

/// What somebody or the world does at an instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// When.
    pub at: Span,
    /// A line of shell in which `kubectl` is a command.
    pub run: Option<String>,
    /// Something the world does.
    pub fault: Option<Fault>,
}

fields!(Step { at, run, fault });

/// Something the world does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fault {
    /// `kubelet-restart`, `kubelet-stop`, `kubelet-start`, `node-lost`, `node-shutdown`, `kill-container`, `sandbox-lost`,
    /// `registry-down`.
    pub kind: String,
    /// Node it happens on.
    pub node: Option<String>,
    /// Pod it happens to.
    pub pod: Option<String>,
    /// Container it happens to.
    pub container: Option<String>,
    /// Image it happens to.
    pub image: Option<String>,
    /// Signal of `kill-container`.
    pub signal: Option<String>,
    /// How long it lasts.
    pub lasts: Option<Span>,
}

fields!(Fault { kind, node, pod, container, image, signal, lasts as "for" });

/// A claim that is checked after the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// Pod it is about.
    pub pod: Option<String>,
    /// Step it is about, numbered from 0.
    pub step: Option<i64>,
    /// Glob over the step's output.
    pub output: Option<String>,
    /// The Pod becomes ready.
    pub ready: Option<Within>,
    /// Restarts of all its containers.
    pub restarts: Option<Bounds>,
    /// Phase at the end.
    pub phase: Option<String>,
    /// A word that STATUS shows at some time.
    pub status: Option<StatusSeen>,
    /// An event with this reason is seen.
    pub event: Option<String>,
    /// The object goes away.
    pub gone: Option<Within>,
    /// Exit code of the last ended instance of the container.
    pub exit: Option<ExitSeen>,
    /// Deployment it is about: `NAME` or `NAMESPACE/NAME`.
    pub deployment: Option<String>,
    /// StatefulSet it is about.
    pub stateful_set: Option<String>,
    /// DaemonSet it is about.
    pub daemon_set: Option<String>,
    /// Job it is about.
    pub job: Option<String>,
    /// CronJob it is about.
    pub cron_job: Option<String>,
    /// Glob over the names of Pods that are counted with `count`; of a Job the number of Pods it makes.
    pub pods: Option<PodsClaim>,
    /// The first complete rollout after the last change of the template.
    pub rollout: Option<Within>,
    /// Least and greatest number of available Pods after the first complete rollout.
    pub available: Option<Bounds>,
    /// The Job is complete.
    pub completed: Option<Within>,
    /// The Job fails.
    pub failed: Option<Within>,
    /// Jobs the CronJob starts.
    pub runs: Option<Bounds>,
    /// Pods that neither ended nor are being deleted.
    pub count: Option<Bounds>,
    /// When Pods are counted; at the end when missing.
    pub at: Option<Span>,
}

fields!(Expect {
    pod,
    step,
    output,
    ready,
    restarts,
    phase,
    status,
    event,
    gone,
    exit,
    deployment,
    stateful_set as "statefulset",
    daemon_set as "daemonset",
    job,
    cron_job as "cronjob",
    pods,
    rollout,
    available,
    completed,
    failed,
    runs,
    count,
    at,
});

/// `pods` of a claim: names of Pods, or how many a Job makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodsClaim {
    /// A glob over names.
    Glob(String),
    /// Bounds of a number.
    Count(Bounds),
}

impl Default for PodsClaim {
    fn default() -> Self {
        PodsClaim::Glob(String::new())
    }
}

impl Fill for PodsClaim {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = match value {
            Value::Str(glob) => PodsClaim::Glob(glob.clone()),
            other => PodsClaim::Count(other.decode()?),
        };
        Ok(())
    }
}

/// A time window. Written as `{by: 30s}`, `{after: 10s, by: 20s}` or `never`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Not later.
    pub by: Option<Span>,
    /// Not earlier.
    pub after: Option<Span>,
    /// It must not happen at all.
    pub never: bool,
}

/// `{after: 10s, by: 20s}`; a word is told from it before.
struct Window<'w>(&'w mut Within);

impl Fields for Window<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["by", "after", "never"]
    }

    fn field(&mut self, index: usize) -> Option<&mut dyn Fill> {
        Some(match index {
            0 => &mut self.0.by,
            1 => &mut self.0.after,
            2 => &mut self.0.never,
            _ => return None,
        })
    }
}

impl Fill for Within {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        match value {
            Value::Str(word) if word == "never" => self.never = true,
            Value::Str(word) => return Err(DecodeError(format!("\"{word}\" is neither never nor an object"))),
            other => fill_fields(&mut Window(self), other)?,
        }
        Ok(())
    }
}

/// Bounds of a count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub min: Option<i64>,
    /// At most.
    pub max: Option<i64>,
}

fields!(Bounds { min, max });

/// A word of the STATUS column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusSeen {
    /// The word.
    pub is: String,
    /// Not later.
    pub by: Option<Span>,
    /// Not earlier.
    pub after: Option<Span>,
}

fields!(StatusSeen { is, by, after });

/// An exit code of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExitSeen {
    /// Container; the first when missing.
    pub container: Option<String>,
    /// The code.
    pub code: i64,
}

fields!(ExitSeen { container, code });

#[cfg(test)]
mod tests {
    use super::{Duration, Span};

    #[test]
    fn spans_are_read() {
        for (text, ms) in [
            ("90s", Some(90_000)),
            ("2m", Some(120_000)),
            ("1m30s", Some(90_000)),
            ("250ms", Some(250)),
            ("1.5s", Some(1_500)),
            ("30", Some(30_000)),
            ("168h", Some(604_800_000)),
            ("", None),
            ("s", None),
            ("1x", None),
            ("-1s", None),
        ] {
            assert_eq!(Span::parse(text).map(|s| s.0), ms.map(Duration::from_millis), "{text}");
        }
    }
}
