//! The Pod as the API has it: what its owner wants.
//!
//! Only fields that the simulation reads are here; the stored object keeps the whole text beside it.

use std::rc::Rc;

use super::meta::ObjectMeta;
use super::quantity::Quantity;
use super::status::PodStatus;
use crate::fields;
use crate::manifest::{DecodeError, Fields, Fill, Value, fill_fields, one_of, wrong};
use crate::map::Map;

/// A Pod.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pod {
    /// Identity.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: Rc<PodSpec>,
    /// What is seen.
    pub status: PodStatus,
}

fields!(Pod { metadata, spec, status });

/// What a Pod's owner wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodSpec {
    /// Containers that run before the others; with `restartPolicy: Always` a sidecar.
    pub init_containers: Vec<Container>,
    /// The Pod's containers.
    pub containers: Vec<Container>,
    /// Containers added for debugging.
    pub ephemeral_containers: Vec<Container>,
    /// Whether containers are started again.
    pub restart_policy: RestartPolicy,
    /// Seconds between SIGTERM and SIGKILL; 30 after defaulting.
    pub termination_grace_period_seconds: Option<i64>,
    /// Seconds the Pod may be active on its node.
    pub active_deadline_seconds: Option<i64>,
    /// The node it is bound to; empty before.
    pub node_name: Rc<str>,
    /// Labels a node must have.
    pub node_selector: Map<String, String>,
    /// Nodes and Pods it must or would like to be near to or far from.
    pub affinity: Option<Value>,
    /// How evenly it is to be spread over domains.
    pub topology_spread_constraints: Vec<Value>,
    /// Taints it puts up with.
    pub tolerations: Vec<Toleration>,
    /// Holds back scheduling while not empty.
    pub scheduling_gates: Vec<Named>,
    /// Further conditions that must be True for Ready.
    pub readiness_gates: Vec<ReadinessGate>,
    /// Volumes.
    pub volumes: Vec<Volume>,
    /// Shares the node's network.
    pub host_network: bool,
    /// Host name inside; the Pod's name when empty.
    pub hostname: String,
    /// The headless Service that names the Pod.
    pub subdomain: String,
    /// All containers see each other's processes; PID 1 is the pause process.
    pub share_process_namespace: bool,
    /// Priority after admission.
    pub priority: Option<i64>,
    /// Class from which the priority comes.
    pub priority_class_name: String,
    /// `PreemptLowerPriority` or `Never`; set by admission.
    pub preemption_policy: String,
    /// Further lines of `/etc/hosts`.
    pub host_aliases: Vec<HostAlias>,
    /// Whether the token volume is left out.
    pub automount_service_account_token: Option<bool>,
    /// The scheduler that is to bind it.
    pub scheduler_name: String,
    /// The operating system of its containers, if it says so.
    pub os: Named,
    /// Secrets with credentials for the registry.
    pub image_pull_secrets: Vec<Named>,
    /// Settings of the whole Pod that can stop its start.
    pub security_context: Option<PodSecurityContext>,
    /// Shares the node's IPC namespace.
    pub host_ipc: bool,
}

fields!(PodSpec {
    init_containers,
    containers,
    ephemeral_containers,
    restart_policy,
    termination_grace_period_seconds,
    active_deadline_seconds,
    node_name,
    node_selector,
    tolerations,
    scheduling_gates,
    readiness_gates,
    volumes,
    host_network,
    hostname,
    subdomain,
    share_process_namespace,
    priority,
    priority_class_name,
    preemption_policy,
    host_aliases,
    automount_service_account_token,
    scheduler_name,
    affinity,
    topology_spread_constraints,
    os,
    image_pull_secrets,
    security_context,
    host_ipc as "hostIPC",
});

/// `restartPolicy` of a Pod or container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartPolicy {
    /// Started again whatever the exit code.
    #[default]
    Always,
    /// Started again after an exit code other than 0.
    OnFailure,
    /// Never started again.
    Never,
}

impl Fill for RestartPolicy {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let words = [("OnFailure", RestartPolicy::OnFailure), ("Never", RestartPolicy::Never)];
        *self = one_of(value, &words, RestartPolicy::Always);
        Ok(())
    }
}

/// A further line of `/etc/hosts`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostAlias {
    /// Address.
    pub ip: String,
    /// Its names.
    pub hostnames: Vec<String>,
}

fields!(HostAlias { ip, hostnames });

/// Something that only has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
}

fields!(Named { name });

/// A further condition for Ready.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadinessGate {
    /// The condition's type.
    pub condition_type: String,
}

fields!(ReadinessGate { condition_type });

/// A taint the Pod puts up with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toleration {
    /// Taint key; empty with `Exists` means all.
    pub key: String,
    /// `Equal` (default) or `Exists`.
    pub operator: String,
    /// Taint value.
    pub value: String,
    /// `NoSchedule`, `PreferNoSchedule`, `NoExecute`; empty means all.
    pub effect: String,
    /// For how long a NoExecute taint is put up with; forever when missing.
    pub toleration_seconds: Option<i64>,
}

fields!(Toleration {
    key,
    operator,
    value,
    effect,
    toleration_seconds
});

/// A container of a Pod.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Container {
    /// Name, unique in the Pod.
    pub name: Rc<str>,
    /// Image reference.
    pub image: Rc<str>,
    /// When to pull; set by defaulting.
    pub image_pull_policy: Option<PullPolicy>,
    /// Replaces the image's entrypoint.
    pub command: Vec<String>,
    /// Replaces the image's arguments.
    pub args: Vec<String>,
    /// Working directory.
    pub working_dir: String,
    /// Environment.
    pub env: Vec<EnvVar>,
    /// Environment taken whole from elsewhere.
    pub env_from: Vec<EnvFrom>,
    /// Ports, by name and number.
    pub ports: Vec<ContainerPort>,
    /// Which resources cannot be changed without starting it again.
    pub resize_policy: Vec<Value>,
    /// Requests and limits.
    pub resources: Resources,
    /// Where volumes are seen.
    pub volume_mounts: Vec<VolumeMount>,
    /// Restarts the container when it fails.
    pub liveness_probe: Option<Probe>,
    /// Decides whether the container is ready.
    pub readiness_probe: Option<Probe>,
    /// Holds the other probes until it succeeds.
    pub startup_probe: Option<Probe>,
    /// Hooks.
    pub lifecycle: Option<Lifecycle>,
    /// The container's own policy; `Always` on an init container makes a sidecar.
    pub restart_policy: Option<RestartPolicy>,
    /// Exit codes that decide before the policy.
    pub restart_policy_rules: Vec<RestartRule>,
    /// File whose text becomes the termination message.
    pub termination_message_path: String,
    /// `File` or `FallbackToLogsOnError`.
    pub termination_message_policy: String,
    /// `runAsNonRoot` and the like.
    pub security_context: Option<SecurityContext>,
    /// Standard input stays open.
    pub stdin: bool,
}

fields!(Container {
    name,
    image,
    image_pull_policy,
    command,
    args,
    working_dir,
    env,
    env_from,
    ports,
    resources,
    volume_mounts,
    liveness_probe,
    readiness_probe,
    startup_probe,
    lifecycle,
    restart_policy,
    restart_policy_rules,
    termination_message_path,
    termination_message_policy,
    security_context,
    resize_policy,
    stdin,
});

impl Container {
    /// Whether this, as an init container, is a sidecar.
    pub fn is_sidecar(&self) -> bool {
        self.restart_policy == Some(RestartPolicy::Always)
    }
}

/// When an image is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullPolicy {
    /// Before each start.
    Always,
    /// When it is missing.
    IfNotPresent,
    /// Not at all.
    Never,
}

impl Fill for Option<PullPolicy> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let words = [("IfNotPresent", PullPolicy::IfNotPresent), ("Never", PullPolicy::Never)];
        *self = Some(one_of(value, &words, PullPolicy::Always));
        Ok(())
    }
}

/// The part of a security context that can stop a start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityContext {
    /// Refuses to run as root.
    pub run_as_non_root: Option<bool>,
    /// User id.
    pub run_as_user: Option<i64>,
    /// Nothing but volumes can be written to.
    pub read_only_root_filesystem: bool,
}

fields!(SecurityContext {
    run_as_non_root,
    run_as_user,
    read_only_root_filesystem
});

/// The part of a Pod's security context that its node looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSecurityContext {
    /// Kernel parameters by name.
    pub sysctls: Vec<Named>,
}

fields!(PodSecurityContext { sysctls });

/// One variable of the environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvVar {
    /// Name.
    pub name: String,
    /// Value; `$(NAME)` is expanded.
    pub value: Option<String>,
    /// Taken from a field, ConfigMap or Secret.
    pub value_from: Option<EnvSource>,
}

fields!(EnvVar {
    name,
    value,
    value_from
});

/// Where a variable's value is taken from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvSource {
    /// A key of a ConfigMap.
    pub config_map_key_ref: Option<KeyRef>,
    /// A key of a Secret.
    pub secret_key_ref: Option<KeyRef>,
    /// A field of the Pod.
    pub field_ref: Option<FieldRef>,
    /// A resource of a container; kept as written.
    pub resource_field_ref: Option<Value>,
}

fields!(EnvSource {
    config_map_key_ref,
    secret_key_ref,
    field_ref,
    resource_field_ref
});

/// A key of a ConfigMap or Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRef {
    /// Object.
    pub name: String,
    /// Key.
    pub key: String,
    /// Whether it may be missing.
    pub optional: bool,
}

fields!(KeyRef { name, key, optional });

/// A field of the Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRef {
    /// `metadata.name`, `status.podIP`, …
    pub field_path: String,
}

fields!(FieldRef { field_path });

/// A whole ConfigMap or Secret as environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFrom {
    /// Put before each name.
    pub prefix: String,
    /// A ConfigMap.
    pub config_map_ref: Option<ObjectRef>,
    /// A Secret.
    pub secret_ref: Option<ObjectRef>,
}

fields!(EnvFrom {
    prefix,
    config_map_ref,
    secret_ref
});

/// A ConfigMap or Secret by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectRef {
    /// Object.
    pub name: String,
    /// Whether it may be missing.
    pub optional: bool,
}

fields!(ObjectRef { name, optional });

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerPort {
    /// Name that probes and Services may use.
    pub name: String,
    /// Number inside the Pod.
    pub container_port: i64,
    /// Number on the node; 0 for none.
    pub host_port: i64,
    /// `TCP` by default.
    pub protocol: String,
    /// Address of the node that the host port is bound to; all when empty.
    pub host_ip: String,
}

fields!(ContainerPort {
    name,
    container_port,
    host_port,
    protocol,
    host_ip as "hostIP"
});

/// Requests and limits by resource name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// What is reserved.
    pub requests: Map<String, Quantity>,
    /// What must not be exceeded.
    pub limits: Map<String, Quantity>,
}

fields!(Resources { requests, limits });

/// Where a volume is seen in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeMount {
    /// The volume.
    pub name: String,
    /// Path inside.
    pub mount_path: String,
    /// Path inside the volume.
    pub sub_path: String,
    /// Whether writing fails.
    pub read_only: bool,
}

fields!(VolumeMount {
    name,
    mount_path,
    sub_path,
    read_only
});

/// A volume of a Pod.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Volume {
    /// Name.
    pub name: String,
    /// Files from a ConfigMap.
    pub config_map: Option<ConfigMapVolume>,
    /// Files from a Secret.
    pub secret: Option<SecretVolume>,
    /// An empty directory that lives as long as the Pod.
    pub empty_dir: Option<Value>,
    /// A directory of the node.
    pub host_path: Option<Value>,
    /// Several sources at once; kept as written.
    pub projected: Option<Value>,
    /// The Pod's own fields as files; kept as written.
    pub downward_api: Option<Value>,
    /// A claim.
    pub persistent_volume_claim: Option<Value>,
}

fields!(Volume {
    name,
    config_map,
    secret,
    empty_dir,
    host_path,
    projected,
    downward_api as "downwardAPI",
    persistent_volume_claim
});

/// Files from a ConfigMap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigMapVolume {
    /// The ConfigMap.
    pub name: String,
    /// Whether it may be missing.
    pub optional: bool,
    /// Which keys, under which paths; all when empty.
    pub items: Vec<KeyToPath>,
}

fields!(ConfigMapVolume { name, optional, items });

/// Files from a Secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecretVolume {
    /// The Secret.
    pub secret_name: String,
    /// The same in a projected volume.
    pub name: String,
    /// Whether it may be missing.
    pub optional: bool,
    /// Which keys, under which paths; all when empty.
    pub items: Vec<KeyToPath>,
}

fields!(SecretVolume {
    secret_name,
    name,
    optional,
    items
});

/// A key and the file it becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyToPath {
    /// Key.
    pub key: String,
    /// Path in the volume.
    pub path: String,
}

fields!(KeyToPath { key, path });

/// A probe with its numbers; all set after defaulting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probe {
    /// What is checked.
    pub handler: Handler,
    /// Seconds after the container's start before the first check.
    pub initial_delay_seconds: i64,
    /// Seconds until a check counts as failed; 1 after defaulting.
    pub timeout_seconds: i64,
    /// Seconds between checks; 10 after defaulting.
    pub period_seconds: i64,
    /// Successes in a row that count; 1 after defaulting.
    pub success_threshold: i64,
    /// Failures in a row that count; 3 after defaulting.
    pub failure_threshold: i64,
    /// Grace of a kill that this probe causes.
    pub termination_grace_period_seconds: Option<i64>,
}

/// The handler's fields stand beside the numbers.
impl Fields for Probe {
    fn names(&self) -> &'static [&'static str] {
        &[
            "exec",
            "http_get",
            "tcp_socket",
            "grpc",
            "initial_delay_seconds",
            "timeout_seconds",
            "period_seconds",
            "success_threshold",
            "failure_threshold",
            "termination_grace_period_seconds",
        ]
    }

    fn field(&mut self, index: usize) -> Option<&mut dyn Fill> {
        Some(match index {
            0 => &mut self.handler.exec,
            1 => &mut self.handler.http_get,
            2 => &mut self.handler.tcp_socket,
            3 => &mut self.handler.grpc,
            4 => &mut self.initial_delay_seconds,
            5 => &mut self.timeout_seconds,
            6 => &mut self.period_seconds,
            7 => &mut self.success_threshold,
            8 => &mut self.failure_threshold,
            9 => &mut self.termination_grace_period_seconds,
            _ => return None,
        })
    }
}

impl Fill for Probe {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        fill_fields(self, value)
    }
}

fields!(@serde Probe);

/// What a probe checks or a hook does. The API allows one of these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handler {
    /// Runs a command in the container.
    pub exec: Option<ExecAction>,
    /// Asks by HTTP.
    pub http_get: Option<HttpGetAction>,
    /// Opens a connection.
    pub tcp_socket: Option<TcpSocketAction>,
    /// Asks the gRPC health service (probes only).
    pub grpc: Option<GrpcAction>,
    /// Waits (hooks only).
    pub sleep: Option<SleepAction>,
}

fields!(Handler {
    exec,
    http_get,
    tcp_socket,
    grpc,
    sleep
});

/// Runs a command in the container, without a shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecAction {
    /// Program and arguments.
    pub command: Vec<String>,
}

fields!(ExecAction { command });

/// Asks by HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpGetAction {
    /// Path; `/` after defaulting.
    pub path: String,
    /// Number or name of a port.
    pub port: IntOrString,
    /// Host; the Pod's address when empty.
    pub host: String,
    /// `HTTP` or `HTTPS`.
    pub scheme: String,
    /// Headers of the request.
    pub http_headers: Vec<HttpHeader>,
}

fields!(HttpGetAction {
    path,
    port,
    host,
    scheme,
    http_headers
});

/// A header of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpHeader {
    /// Name.
    pub name: String,
    /// Value; an empty one takes away what would be sent by itself.
    pub value: String,
}

fields!(HttpHeader { name, value });

/// Opens a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TcpSocketAction {
    /// Number or name of a port.
    pub port: IntOrString,
    /// Host; the Pod's address when empty.
    pub host: String,
}

fields!(TcpSocketAction { port, host });

/// Asks the gRPC health service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrpcAction {
    /// Port number.
    pub port: i64,
    /// Service name sent along.
    pub service: String,
}

fields!(GrpcAction { port, service });

/// Waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SleepAction {
    /// For so many seconds.
    pub seconds: i64,
}

fields!(SleepAction { seconds });

/// A number or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrString {
    /// A number.
    Int(i64),
    /// A name.
    String(String),
}

impl Default for IntOrString {
    fn default() -> Self {
        IntOrString::Int(0)
    }
}

impl Fill for IntOrString {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = match value {
            Value::Int(n) => IntOrString::Int(*n),
            Value::Str(s) => IntOrString::String(s.clone()),
            other => return Err(wrong(other, "a whole number or text")),
        };
        Ok(())
    }
}

fields!(@serde IntOrString);

/// A container's hooks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifecycle {
    /// Runs right after the start, beside the program.
    pub post_start: Option<Handler>,
    /// Runs before the stop signal.
    pub pre_stop: Option<Handler>,
    /// Signal that stops the container.
    pub stop_signal: Option<String>,
}

fields!(Lifecycle {
    post_start,
    pre_stop,
    stop_signal
});

/// An exit code rule of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestartRule {
    /// `Restart` or `RestartAllContainers`.
    pub action: String,
    /// Which codes.
    pub exit_codes: ExitCodes,
}

fields!(RestartRule { action, exit_codes });

/// A set of exit codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExitCodes {
    /// `In` or `NotIn`.
    pub operator: String,
    /// The codes.
    pub values: Vec<i64>,
}

fields!(ExitCodes { operator, values });
