//! Twin: pkg/kubelet/kubelet_pods.go (v1.36.2)
//! Covers: makeEnvironmentVariables, makeMounts, the hosts file.
//! Left out: groups.

use std::rc::Rc;

use super::entry::{Agent, Env, PodEntry};
use super::helpers;
use crate::api::expand::expand;
use crate::api::pod::{Container, EnvSource, IntOrString, Pod, Probe, RestartPolicy, Volume};
use crate::api::selects::{items, text};
use crate::api::{Quantity, needs};
use crate::cri::Start;
use crate::manifest::Value;
use crate::map::Map;
use crate::time::Instant;
use crate::world::{Files, Mount, StartSpec, glob};

/// Bytes that all termination messages of a Pod may have together.
const MESSAGE_BUDGET: usize = 12 * 1024;

/// Whether everything that the container's configuration names is there.
///
/// # Errors
/// The field that asks for it, and the text of `CreateContainerConfigError`.
pub fn generate(a: &Agent, p: &PodEntry, env: &Env, index: usize) -> Result<(), Missing> {
    let Some(container) = helpers::container_at(&p.pod.spec, index) else {
        return Ok(());
    };
    environment(a, p, env, container)?;
    super::security_context::verify_run_as_non_root(p, env, container, &env.world.registry.profile(&container.image))
}

/// The field that asks for what is missing, and the error's text.
type Missing = (&'static str, String);

/// The environment: Services, `envFrom`, `env`, later ones over earlier ones.
fn environment(a: &Agent, p: &PodEntry, env: &Env, container: &Container) -> Result<Vec<(String, String)>, Missing> {
    let namespace = &p.pod.metadata.namespace;
    let mut list: Vec<(String, String)> = Vec::new();
    let mut set = |name: String, value: String| match list.iter_mut().find(|(n, _)| *n == name) {
        Some((_, old)) => *old = value,
        None => list.push((name, value)),
    };
    for from in &container.env_from {
        if let Some(source) = &from.config_map_ref {
            match env.api.config_map(namespace, &source.name) {
                Some(map) => map
                    .data
                    .iter()
                    .for_each(|(k, v)| set(format!("{}{k}", from.prefix), v.clone())),
                None if source.optional => {}
                None => return Err(("envFrom", format!("configmap \"{}\" not found", source.name))),
            }
        }
        if let Some(source) = &from.secret_ref {
            match env.api.secret(namespace, &source.name) {
                Some(secret) => {
                    secret_values(secret)
                        .into_iter()
                        .for_each(|(k, v)| set(format!("{}{k}", from.prefix), v));
                }
                None if source.optional => {}
                None => return Err(("envFrom", format!("secret \"{}\" not found", source.name))),
            }
        }
    }
    let mut known: Map<String, String> = Map::new();
    for var in &container.env {
        let value = match (&var.value, &var.value_from) {
            (Some(text), _) => Some(expand(text, &known)),
            (None, Some(source)) => from_source(a, p, env, container, source).map_err(|text| ("env", text))?,
            (None, None) => Some(String::new()),
        };
        if let Some(value) = value {
            known.insert(var.name.clone(), value.clone());
            set(var.name.clone(), value);
        }
    }
    let stored = env.api.pod(p.uid);
    let links = stored.and_then(|stored| stored.raw.at(&["spec", "enableServiceLinks"])) != Some(&Value::Bool(false));
    for (name, value) in super::envvars::of_services(env.api, namespace, links) {
        if list.iter().all(|(known, _)| *known != name) {
            list.push((name, value));
        }
    }
    Ok(list)
}

fn from_source(
    a: &Agent,
    p: &PodEntry,
    env: &Env,
    container: &Container,
    source: &EnvSource,
) -> Result<Option<String>, String> {
    if let Some(reference) = &source.resource_field_ref {
        return Ok(Some(resource_field(p, env, reference, Some(container))));
    }
    let namespace = &p.pod.metadata.namespace;
    if let Some(key) = &source.config_map_key_ref {
        return match env.api.config_map(namespace, &key.name) {
            Some(map) => match map.data.get(&key.key) {
                Some(value) => Ok(Some(value.clone())),
                None if key.optional => Ok(None),
                None => Err(format!(
                    "couldn't find key {} in ConfigMap {namespace}/{}",
                    key.key, key.name
                )),
            },
            None if key.optional => Ok(None),
            None => Err(format!("configmap \"{}\" not found", key.name)),
        };
    }
    if let Some(key) = &source.secret_key_ref {
        return match env.api.secret(namespace, &key.name) {
            Some(secret) => match secret_values(secret).remove(&key.key) {
                Some(value) => Ok(Some(value)),
                None if key.optional => Ok(None),
                None => Err(format!(
                    "couldn't find key {} in Secret {namespace}/{}",
                    key.key, key.name
                )),
            },
            None if key.optional => Ok(None),
            None => Err(format!("secret \"{}\" not found", key.name)),
        };
    }
    if let Some(field) = &source.field_ref {
        return Ok(Some(pod_field(a, p, env, &field.field_path)));
    }
    Ok(Some(String::new()))
}

fn pod_field(a: &Agent, p: &PodEntry, env: &Env, path: &str) -> String {
    let meta = &p.pod.metadata;
    let keyed = |map: &Map<String, String>, prefix: &str| {
        let key = path
            .strip_prefix(prefix)
            .and_then(|r| r.strip_suffix("']"))
            .unwrap_or_default();
        map.get(key).cloned().unwrap_or_default()
    };
    match path {
        "metadata.name" => meta.name.to_string(),
        "metadata.namespace" => meta.namespace.to_string(),
        "metadata.uid" => meta.uid.to_string(),
        "spec.nodeName" => a.name.to_string(),
        "spec.serviceAccountName" => super::token_manager::account(p, env),
        "status.hostIP" | "status.hostIPs" => a.ip.to_string(),
        "status.podIP" | "status.podIPs" => env.runtimes[usize::from(a.node)]
            .ip(p.uid)
            .map(|ip| ip.to_string())
            .unwrap_or_default(),
        "metadata.labels" => lines(&meta.labels),
        "metadata.annotations" => lines(&meta.annotations),
        _ if path.starts_with("metadata.labels['") => keyed(&meta.labels, "metadata.labels['"),
        _ if path.starts_with("metadata.annotations['") => keyed(&meta.annotations, "metadata.annotations['"),
        _ => String::new(),
    }
}

/// Labels or annotations as a file has them.
fn lines(map: &Map<String, String>) -> String {
    let lines: Vec<String> = map.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
    lines.join("\n")
}

/// A Secret's values: `stringData` over decoded `data`.
fn secret_values(secret: &crate::api::objects::Secret) -> Map<String, String> {
    use base64::Engine as _;
    let decode = |text: &str| {
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text.trim())
            .unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let mut values: Map<_, _> = secret.data.iter().map(|(k, v)| (k.clone(), decode(v))).collect();
    values.extend(secret.string_data.iter().map(|(k, v)| (k.clone(), v.clone())));
    values
}

/// What the runtime makes the container from.
pub fn start_of(a: &Agent, p: &mut PodEntry, env: &mut Env, index: usize, container: &Container) -> Start {
    let now = env.now();
    let pod = p.pod.clone();
    let list = environment(a, p, env, container).unwrap_or_default();
    let known: Map<String, String> = list.iter().cloned().collect();
    let expanded = |texts: &[String]| texts.iter().map(|t| expand(t, &known)).collect::<Vec<_>>();
    let image = env.world.registry.profile(&container.image);
    let argv = image.argv(&expanded(&container.command), &expanded(&container.args));
    let node = usize::from(a.node);
    for volume in &pod.spec.volumes {
        if !env.runtimes[node].has_volume(p.uid, &volume.name) {
            let files = volume_files(a, p, env, volume, now);
            env.runtimes[node].put_volume(p.uid, &volume.name, files);
        }
    }
    for m in container.volume_mounts.iter().filter(|m| !m.sub_path.is_empty()) {
        // The kubelet makes what a subPath names and the volume lacks.
        let path = format!("/{}", m.sub_path);
        if let Some(files) = env.runtimes[node].volume(p.uid, &m.name)
            && files.get(&path).is_none()
        {
            let _ = files.make_dirs(&path, now);
        }
    }
    let mounts = container
        .volume_mounts
        .iter()
        .map(|m| {
            let volume = pod.spec.volumes.iter().find(|v| v.name == m.name);
            let fixed = volume.is_some_and(is_fixed);
            let sub_path = match volume.and_then(host_file) {
                Some(_) => HOST_FILE.to_owned(),
                None => m.sub_path.clone(),
            };
            let mut name = m.name.clone();
            if let Some(volume) = volume.filter(|_| fixed && !m.sub_path.is_empty()) {
                // A part of a volume is what it was when the container was made.
                name = format!("{name} for {index}");
                let files = volume_files(a, p, env, volume, now);
                env.runtimes[node].put_volume(p.uid, &name, files);
            }
            Mount {
                path: m.mount_path.clone(),
                volume: name,
                sub_path,
                read_only: m.read_only || fixed,
                filled: !fixed && others_fill(env, &pod, container, &m.name),
            }
        })
        .collect();
    let restart_count = env.runtimes[node]
        .newest(p.uid, index)
        .map(|c| c.view.restart_count + 1)
        .or_else(|| former_count(p, index, &container.name))
        .unwrap_or(0);
    let ip = env.runtimes[node].ip(p.uid).unwrap_or_else(|| "".into());
    let hostname = if pod.spec.host_network {
        a.name.to_string()
    } else if pod.spec.hostname.is_empty() {
        pod.metadata.name.to_string()
    } else {
        pod.spec.hostname.clone()
    };
    let mut hosts = format!(
        "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n\
         fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n{ip}\t"
    );
    let domain = &pod.spec.subdomain;
    if !domain.is_empty() {
        let namespace = &pod.metadata.namespace;
        hosts.push_str(&format!("{hostname}.{domain}.{namespace}.svc.cluster.local\t"));
    }
    hosts.push_str(&format!("{hostname}\n"));
    if !pod.spec.host_aliases.is_empty() {
        hosts.push_str("\n# Entries added by HostAliases.\n");
        for alias in &pod.spec.host_aliases {
            hosts.push_str(&format!("{}\t{}\n", alias.ip, alias.hostnames.join("\t")));
        }
    }
    let resolv = format!(
        "search {}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
        pod.metadata.namespace
    );
    let mut files = super::token_manager::files(p, env, &container.name);
    files.push(("/etc/hosts".to_owned(), hosts));
    files.push(("/etc/resolv.conf".to_owned(), resolv));
    let lanes = p.container_lanes(index).clone();
    let total = helpers::all_containers(&pod.spec).count().max(1);
    let spec = StartSpec {
        argv,
        env: list,
        workdir: container.working_dir.clone(),
        hostname,
        program: program_of(env, &pod.metadata.name, container),
        start_number: u32::try_from(restart_count).unwrap_or(u32::MAX),
        mounts,
        files,
        read_only_root: container
            .security_context
            .as_ref()
            .is_some_and(|s| s.read_only_root_filesystem),
        memory_limit: container
            .resources
            .limits
            .get("memory")
            .map(crate::api::Quantity::units),
        stdin: container.stdin,
        pid1_shared: pod.spec.share_process_namespace,
        ports: asked_ports(&pod, container),
        ends: is_to_end(&pod, container, index),
        uid: super::security_context::uid(p, env, container, &image),
        assumed: super::security_context::assumed(p, env, container, &image),
        termination_path: container.termination_message_path.clone(),
        id: format!("{}-{index}-{restart_count}", p.uid.0),
        ..StartSpec::of(image)
    };
    Start {
        uid: p.uid,
        pod: pod.clone(),
        index,
        restart_count,
        hash: helpers::hash_container(container),
        image: container.image.clone(),
        spec,
        message_from_logs: container.termination_message_policy == "FallbackToLogsOnError",
        message_budget: MESSAGE_BUDGET / total,
        base: super::kuberuntime_container::field_base(p, index),
        lane: lanes.main,
        end_lane: lanes.termination,
        origin: origin(&pod, env),
        place: match index.checked_sub(pod.spec.init_containers.len()) {
            Some(index) => format!("containers[{index}]"),
            None => format!("initContainers[{index}]"),
        },
    }
}

/// Kind, namespace and name of the object that the Pod stands in: the last of its controllers, or itself.
fn origin(pod: &Pod, env: &Env) -> (Rc<str>, Rc<str>, Rc<str>) {
    let namespace = pod.metadata.namespace.clone();
    let (mut kind, mut name) = ("Pod".to_owned(), pod.metadata.name.to_string());
    let mut owners = pod.metadata.owner_references.clone();
    while let Some(owner) = owners.iter().find(|o| o.controller).cloned() {
        let workload = crate::api::workload::WorkloadKind::of(&owner.kind)
            .and_then(|k| env.api.workload_named(k, &namespace, &owner.name));
        owners = workload
            .map(|w| w.object.metadata.owner_references.clone())
            .unwrap_or_default();
        (kind, name) = (owner.kind.to_string(), owner.name.to_string());
    }
    (kind.into(), namespace, name.into())
}

/// Where a program of which nothing is known listens: where its probes ask, then on its `containerPort`s. A port that
/// another container of the Pod declares is that one's.
fn asked_ports(pod: &Pod, container: &Container) -> Vec<u16> {
    let foreign = |port: &i64| {
        let others = helpers::all_containers(&pod.spec).filter(|c| c.name != container.name);
        others.flat_map(|c| &c.ports).any(|p| p.container_port == *port)
    };
    let handlers = probes(container).filter(|probe| {
        let http = probe.handler.http_get.as_ref().is_none_or(|get| get.host.is_empty());
        http && probe.handler.tcp_socket.as_ref().is_none_or(|tcp| tcp.host.is_empty())
    });
    let asked = handlers.filter_map(|probe| {
        let (http, tcp) = (&probe.handler.http_get, &probe.handler.tcp_socket);
        let port = http.as_ref().map(|get| &get.port).or_else(|| Some(&tcp.as_ref()?.port));
        match port {
            Some(IntOrString::Int(port)) => Some(*port),
            Some(IntOrString::String(name)) => {
                let named = container.ports.iter().find(|p| p.name == *name);
                named.map(|p| p.container_port).or_else(|| name.parse().ok())
            }
            None => probe.handler.grpc.as_ref().map(|grpc| grpc.port),
        }
    });
    let declared: Vec<i64> = container.ports.iter().map(|p| p.container_port).collect();
    let asked = asked.filter(|port| declared.contains(port) || !foreign(port));
    let mut ports: Vec<u16> = Vec::new();
    for port in asked
        .chain(declared.iter().copied())
        .filter_map(|port| u16::try_from(port).ok())
    {
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    ports
}

fn probes(container: &Container) -> impl Iterator<Item = &Probe> {
    let probes = [
        &container.startup_probe,
        &container.liveness_probe,
        &container.readiness_probe,
    ];
    probes.into_iter().flatten()
}

/// Whether another container of the Pod writes into a volume what nobody knows: its image is not known, nor its program.
fn others_fill(env: &Env, pod: &Pod, container: &Container, volume: &str) -> bool {
    helpers::all_containers(&pod.spec).any(|other| {
        let mounts = other.volume_mounts.iter().any(|m| m.name == volume && !m.read_only);
        other.name != container.name
            && mounts
            && env.world.registry.profile(&other.image).is_little_known()
            && program_of(env, &pod.metadata.name, other).is_none()
    })
}

/// Whether the container's place says that it does something and ends: an init container that is no sidecar, or one that
/// is not started again, has no ports and is not probed.
fn is_to_end(pod: &Pod, container: &Container, index: usize) -> bool {
    if helpers::is_sidecar(&pod.spec, index) {
        return false;
    }
    let policy = container.restart_policy.unwrap_or(pod.spec.restart_policy);
    helpers::is_init(&pod.spec, index)
        || policy != RestartPolicy::Always && container.ports.is_empty() && probes(container).next().is_none()
}

/// The count after an instance that the runtime has forgotten.
fn former_count(p: &PodEntry, index: usize, name: &str) -> Option<i64> {
    let status = p.status.as_ref()?;
    let init = helpers::is_init(&p.pod.spec, index);
    let list = if init {
        &status.init_container_statuses
    } else {
        &status.container_statuses
    };
    let old = list.iter().find(|s| &*s.name == name)?;
    if old.container_id.is_empty() {
        // An instance that was taken away on purpose is counted already.
        return old.last_state.terminated.is_some().then_some(old.restart_count);
    }
    Some(old.restart_count + 1)
}

/// The behaviour the scenario gives to a container: the first workload that matches, else the image's.
pub(super) fn program_of(env: &Env, pod: &str, container: &Container) -> Option<Rc<crate::api::scenario::Program>> {
    let matches = |pattern: &Option<String>, text: &str| pattern.as_ref().is_none_or(|p| glob::matches(p, text));
    let workloads = &env.world.scenario.spec.workloads;
    workloads
        .iter()
        .find(|w| matches(&w.pod, pod) && matches(&w.container, &container.name))
        .map(|w| Rc::new(w.program.clone()))
        .or_else(|| env.world.registry.program(&container.image))
}

/// Under this name a volume that is one file of the node keeps it.
const HOST_FILE: &str = "file";

/// The path on the node, when the volume is a file there and no directory.
fn host_file(volume: &Volume) -> Option<&str> {
    let host = volume.host_path.as_ref()?;
    matches!(text(host, "type"), "File" | "FileOrCreate").then(|| text(host, "path"))
}

/// What a file of the node holds: it is empty but for the identity that every machine has.
fn host_text(a: &Agent, path: &str) -> String {
    if path != "/etc/machine-id" {
        return String::new();
    }
    let mut stream = crate::rng::Stream::new(0, &a.name);
    format!("{:016x}{:016x}\n", stream.bits(), stream.bits())
}

/// Whether a volume holds what the API has: a ConfigMap, a Secret, fields of the Pod.
fn is_fixed(volume: &Volume) -> bool {
    let files = volume.projected.is_some() || volume.downward_api.is_some();
    files || volume.config_map.is_some() || volume.secret.is_some()
}

/// Brings the volumes of a Pod up to what the API has now; one whose objects are gone stays as it is.
pub fn remount(a: &Agent, p: &PodEntry, env: &mut Env) {
    let (pod, node, now) = (p.pod.clone(), usize::from(a.node), env.now());
    for volume in pod.spec.volumes.iter().filter(|volume| is_fixed(volume)) {
        let files = volume_files(a, p, env, volume, now);
        let old = env.runtimes[node].volume(p.uid, &volume.name);
        if old.is_some_and(|old| !old.says_as(&files)) {
            env.runtimes[node].put_volume(p.uid, &volume.name, files);
        }
    }
}

/// The files of a volume when it is mounted.
fn volume_files(a: &Agent, p: &PodEntry, env: &Env, volume: &Volume, now: Instant) -> Files {
    let namespace = &p.pod.metadata.namespace;
    let mut files = Files::new();
    if volume.persistent_volume_claim.is_some() {
        // A fresh block volume has the folder of its ext4.
        let _ = files.make_dirs("/lost+found", now);
    }
    let mut write = |path: &str, text: &str| {
        let path = format!("/{}", path.trim_start_matches('/'));
        if let Some((dir, _)) = path.rsplit_once('/').filter(|(dir, _)| !dir.is_empty()) {
            let _ = files.make_dirs(dir, now);
        }
        let _ = files.write(&path, text, now);
    };
    let mut put = |data: &Map<String, String>, items: &[crate::api::pod::KeyToPath]| {
        if items.is_empty() {
            data.iter().for_each(|(key, text)| write(key, text));
        }
        for item in items {
            if let Some(text) = data.get(&item.key) {
                write(&item.path, text);
            }
        }
    };
    for source in sources(volume) {
        if let Some(source) = &source.config_map {
            match env.api.config_map(namespace, &source.name) {
                Some(map) => put(&map.data, &source.items),
                None if source.name == super::volume_manager::ROOT_CA => {
                    let authority = super::token_manager::AUTHORITY.to_owned();
                    put(&Map::from([("ca.crt".to_owned(), authority)]), &source.items);
                }
                None => {}
            }
        }
        if let Some(source) = &source.secret
            && let Some(secret) = env.api.secret(namespace, &source.secret_name)
        {
            put(&secret_values(secret), &source.items);
        }
    }
    if let Some(path) = host_file(volume) {
        write(HOST_FILE, &host_text(a, path));
    }
    let projected = volume.projected.as_ref().map_or(&[][..], |p| items(p, &["sources"]));
    for source in projected {
        if let Some(token) = source.get("serviceAccountToken") {
            write(text(token, "path"), &super::token_manager::token(p, env));
        }
    }
    let downward = projected.iter().filter_map(|source| source.get("downwardAPI"));
    for source in volume.downward_api.iter().chain(downward) {
        for item in items(source, &["items"]) {
            let field = item.at(&["fieldRef", "fieldPath"]).and_then(Value::as_str);
            let resource = item.get("resourceFieldRef");
            let value = field.map(|path| pod_field(a, p, env, path));
            let value = value.or_else(|| resource.map(|r| resource_field(p, env, r, None)));
            write(text(item, "path"), &value.unwrap_or_default());
        }
    }
    files
}

/// A volume, or each source of a projected one.
pub fn sources(volume: &Volume) -> Vec<std::borrow::Cow<'_, Volume>> {
    let Some(projected) = &volume.projected else {
        return vec![std::borrow::Cow::Borrowed(volume)];
    };
    let of = |source: &Value| {
        let mut source: Volume = source.decode().unwrap_or_default();
        if let Some(secret) = source.secret.as_mut().filter(|s| s.secret_name.is_empty()) {
            secret.secret_name = secret.name.clone();
        }
        std::borrow::Cow::Owned(source)
    };
    items(projected, &["sources"]).iter().map(of).collect()
}

/// The value of a `resourceFieldRef`: of the container itself where it names none. What has no limit gets the node's.
fn resource_field(p: &PodEntry, env: &Env, reference: &Value, own: Option<&Container>) -> String {
    let named = text(reference, "containerName");
    let container = helpers::all_containers(&p.pod.spec).find(|c| *c.name == *named).or(own);
    let (part, name) = text(reference, "resource").split_once('.').unwrap_or_default();
    let amounts = container.map(|c| {
        if part == "limits" {
            &c.resources.limits
        } else {
            &c.resources.requests
        }
    });
    let said = amounts.and_then(|amounts| amounts.get(name)).map(|q| q.milli);
    let node = || env.api.node(&p.pod.spec.node_name).map(|n| needs::allocatable(n, name));
    let milli = said.or_else(|| node().filter(|_| part == "limits")).unwrap_or(0);
    let divisor = reference
        .get("divisor")
        .and_then(Value::as_str)
        .and_then(Quantity::parse);
    // Zero, the default, is one.
    let divisor = divisor.map(|q| q.milli).filter(|n| *n > 0).unwrap_or(1000);
    // Rounded up, as the kubelet does: half a CPU is one.
    (milli.max(0) + divisor - 1).div_euclid(divisor).to_string()
}
