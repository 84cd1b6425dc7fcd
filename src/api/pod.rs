//! The Pod as the API has it: what its owner wants.
//!
//! Only fields that the simulation reads are here; the stored object keeps the whole text beside it.

use std::rc::Rc;

use serde::Deserialize;

use super::meta::ObjectMeta;
use super::quantity::Quantity;
use super::status::PodStatus;
use crate::manifest::Value;
use crate::map::Map;

/// A Pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    /// Identity.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: Rc<PodSpec>,
    /// What is seen.
    pub status: PodStatus,
}

/// What a Pod's owner wants.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
}

/// `restartPolicy` of a Pod or container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum RestartPolicy {
    /// Started again whatever the exit code.
    #[default]
    Always,
    /// Started again after an exit code other than 0.
    OnFailure,
    /// Never started again.
    Never,
}

/// A further line of `/etc/hosts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct HostAlias {
    /// Address.
    pub ip: String,
    /// Its names.
    pub hostnames: Vec<String>,
}

/// Something that only has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Named {
    /// The name.
    pub name: String,
}

/// A further condition for Ready.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadinessGate {
    /// The condition's type.
    pub condition_type: String,
}

/// A taint the Pod puts up with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// A container of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
}

impl Container {
    /// Whether this, as an init container, is a sidecar.
    pub fn is_sidecar(&self) -> bool {
        self.restart_policy == Some(RestartPolicy::Always)
    }
}

/// When an image is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum PullPolicy {
    /// Before each start.
    Always,
    /// When it is missing.
    IfNotPresent,
    /// Not at all.
    Never,
}

/// The part of a security context that can stop a start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecurityContext {
    /// Refuses to run as root.
    pub run_as_non_root: Option<bool>,
    /// User id.
    pub run_as_user: Option<i64>,
    /// Nothing but volumes can be written to.
    pub read_only_root_filesystem: bool,
}

/// One variable of the environment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvVar {
    /// Name.
    pub name: String,
    /// Value; `$(NAME)` is expanded.
    pub value: Option<String>,
    /// Taken from a field, ConfigMap or Secret.
    pub value_from: Option<EnvSource>,
}

/// Where a variable's value is taken from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// A key of a ConfigMap or Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyRef {
    /// Object.
    pub name: String,
    /// Key.
    pub key: String,
    /// Whether it may be missing.
    pub optional: bool,
}

/// A field of the Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldRef {
    /// `metadata.name`, `status.podIP`, …
    pub field_path: String,
}

/// A whole ConfigMap or Secret as environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvFrom {
    /// Put before each name.
    pub prefix: String,
    /// A ConfigMap.
    pub config_map_ref: Option<ObjectRef>,
    /// A Secret.
    pub secret_ref: Option<ObjectRef>,
}

/// A ConfigMap or Secret by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectRef {
    /// Object.
    pub name: String,
    /// Whether it may be missing.
    pub optional: bool,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    /// Name that probes and Services may use.
    pub name: String,
    /// Number inside the Pod.
    pub container_port: i64,
    /// Number on the node; 0 for none.
    pub host_port: i64,
    /// `TCP` by default.
    pub protocol: String,
}

/// Requests and limits by resource name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Resources {
    /// What is reserved.
    pub requests: Map<String, Quantity>,
    /// What must not be exceeded.
    pub limits: Map<String, Quantity>,
}

/// Where a volume is seen in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// A volume of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
    #[serde(rename = "downwardAPI")]
    pub downward_api: Option<Value>,
    /// A claim.
    pub persistent_volume_claim: Option<Value>,
}

/// Files from a ConfigMap.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMapVolume {
    /// The ConfigMap.
    pub name: String,
    /// Whether it may be missing.
    pub optional: bool,
    /// Which keys, under which paths; all when empty.
    pub items: Vec<KeyToPath>,
}

/// Files from a Secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// A key and the file it becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KeyToPath {
    /// Key.
    pub key: String,
    /// Path in the volume.
    pub path: String,
}

/// A probe with its numbers; all set after defaulting.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "ProbeFields")]
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

/// A probe as it is written: the handler's fields stand beside the numbers. Plain fields decode to far less code than
/// a flattened struct.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ProbeFields {
    exec: Option<ExecAction>,
    http_get: Option<HttpGetAction>,
    tcp_socket: Option<TcpSocketAction>,
    grpc: Option<GrpcAction>,
    initial_delay_seconds: i64,
    timeout_seconds: i64,
    period_seconds: i64,
    success_threshold: i64,
    failure_threshold: i64,
    termination_grace_period_seconds: Option<i64>,
}

impl From<ProbeFields> for Probe {
    fn from(f: ProbeFields) -> Self {
        Probe {
            handler: Handler {
                exec: f.exec,
                http_get: f.http_get,
                tcp_socket: f.tcp_socket,
                grpc: f.grpc,
                sleep: None,
            },
            initial_delay_seconds: f.initial_delay_seconds,
            timeout_seconds: f.timeout_seconds,
            period_seconds: f.period_seconds,
            success_threshold: f.success_threshold,
            failure_threshold: f.failure_threshold,
            termination_grace_period_seconds: f.termination_grace_period_seconds,
        }
    }
}

/// What a probe checks or a hook does. The API allows one of these.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// Runs a command in the container, without a shell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ExecAction {
    /// Program and arguments.
    pub command: Vec<String>,
}

/// Asks by HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HttpGetAction {
    /// Path; `/` after defaulting.
    pub path: String,
    /// Number or name of a port.
    pub port: IntOrString,
    /// Host; the Pod's address when empty.
    pub host: String,
    /// `HTTP` or `HTTPS`.
    pub scheme: String,
}

/// Opens a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TcpSocketAction {
    /// Number or name of a port.
    pub port: IntOrString,
    /// Host; the Pod's address when empty.
    pub host: String,
}

/// Asks the gRPC health service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GrpcAction {
    /// Port number.
    pub port: i64,
    /// Service name sent along.
    pub service: String,
}

/// Waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SleepAction {
    /// For so many seconds.
    pub seconds: i64,
}

/// A number or a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
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

/// A container's hooks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lifecycle {
    /// Runs right after the start, beside the program.
    pub post_start: Option<Handler>,
    /// Runs before the stop signal.
    pub pre_stop: Option<Handler>,
    /// Signal that stops the container.
    pub stop_signal: Option<String>,
}

/// An exit code rule of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RestartRule {
    /// `Restart` or `RestartAllContainers`.
    pub action: String,
    /// Which codes.
    pub exit_codes: ExitCodes,
}

/// A set of exit codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ExitCodes {
    /// `In` or `NotIn`.
    pub operator: String,
    /// The codes.
    pub values: Vec<i64>,
}
