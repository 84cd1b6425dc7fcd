//! Objects as the API shows them: what was stored, with what the cluster added.
//!
//! Field order and what is left out when empty follow the types of `k8s.io/api/core/v1`, Kubernetes 1.36.

use std::rc::Rc;

use super::apply::LAST_APPLIED;
use super::server::EventObject;
use crate::api::status::Terminated;
use crate::api::{ContainerState, ContainerStatus, ObjectMeta, Pod, PodCondition, PodStatus, Time};
use crate::manifest::Value;
use crate::time::{Calendar, Instant};

/// A Pod as `GET` answers it: `source` (the stored text after defaulting) with metadata, node and status of `pod`.
pub fn pod_value(source: &Value, pod: &Pod, calendar: Calendar) -> Value {
    let mut value = object_value("v1", "Pod", source, &pod.metadata, calendar);
    if !pod.spec.node_name.is_empty() {
        value.entry("spec").set("nodeName", text(&pod.spec.node_name));
    }
    value.set("status", status_value(&pod.status, calendar));
    value
}

/// Any object as `GET` answers it: `source` with the bookkeeping of `meta`. A `status` in `source` stays.
pub fn object_value(api_version: &str, kind: &str, source: &Value, meta: &ObjectMeta, calendar: Calendar) -> Value {
    let mut value = Fields::default();
    value.put("apiVersion", api_version.into());
    value.put("kind", kind.into());
    value.put("metadata", meta_value(source.get("metadata"), meta, calendar));
    for (key, member) in source.members() {
        if !matches!(key.as_str(), "apiVersion" | "kind" | "metadata") {
            value.put(key, member.clone());
        }
    }
    value.done()
}

fn meta_value(source: Option<&Value>, meta: &ObjectMeta, calendar: Calendar) -> Value {
    let mut value = source.cloned().unwrap_or(Value::Map(Vec::new()));
    let mut put = |key: &str, v: Option<Value>| {
        if let Some(v) = v {
            value.set(key, v);
        }
    };
    put("name", filled(&meta.name));
    put("namespace", filled(&meta.namespace));
    put("uid", filled(&meta.uid));
    put("resourceVersion", filled(&meta.resource_version));
    put(
        "generation",
        (meta.generation != 0).then_some(Value::Int(meta.generation)),
    );
    put("creationTimestamp", meta.creation_timestamp.map(|t| time(t, calendar)));
    put("deletionTimestamp", meta.deletion_timestamp.map(|t| time(t, calendar)));
    put(
        "deletionGracePeriodSeconds",
        meta.deletion_grace_period_seconds.map(Value::Int),
    );
    for (key, map) in [("labels", &meta.labels), ("annotations", &meta.annotations)] {
        let mut members: Vec<_> = map.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect();
        // The text of the last apply is kept beside the object.
        let text = source.and_then(|s| s.at(&["annotations", LAST_APPLIED]));
        members.extend(
            text.filter(|_| key == "annotations")
                .map(|text| (LAST_APPLIED.to_owned(), text.clone())),
        );
        put(key, (!members.is_empty()).then_some(Value::Map(members)));
    }
    let owners = meta.owner_references.iter().map(|owner| {
        let mut fields = Fields::default();
        fields.put("apiVersion", owner.api_version.as_str().into());
        fields.put("kind", owner.kind.as_str().into());
        fields.put("name", owner.name.as_str().into());
        fields.put("uid", owner.uid.as_str().into());
        if owner.controller {
            fields.put("controller", true.into());
        }
        if owner.block_owner_deletion {
            fields.put("blockOwnerDeletion", true.into());
        }
        fields.done()
    });
    put("ownerReferences", filled_list(owners.collect()));
    put(
        "finalizers",
        filled_list(meta.finalizers.iter().map(|f| f.as_str().into()).collect()),
    );
    value
}

/// An Event as `GET` answers it.
pub fn event_value(event: &EventObject, calendar: Calendar) -> Value {
    let at = |at: Option<Instant>| at.map_or(Value::Null, |at| time(Time(at), calendar));
    let mut meta = Fields::default();
    meta.put("name", text(&event.name));
    meta.put_text("namespace", &event.namespace);
    meta.put("creationTimestamp", at(event.first));
    let mut object = Fields::default();
    object.put("apiVersion", "v1".into());
    object.put("kind", text(&event.object_kind));
    object.put("name", text(&event.object_name));
    object.put_text("namespace", &event.namespace);
    object.put_text("uid", &event.object_uid);
    object.put_text("fieldPath", &event.field_path);
    let mut source = Fields::default();
    source.put_text("component", &event.component);
    source.put_text("host", &event.host);
    let mut fields = Fields::default();
    fields.put("apiVersion", "v1".into());
    fields.put("kind", "Event".into());
    fields.put("metadata", meta.done());
    fields.put("involvedObject", object.done());
    fields.put_text("reason", &event.reason);
    fields.put_text("message", &event.message);
    fields.put("source", source.done());
    fields.put("firstTimestamp", at(event.first));
    fields.put("lastTimestamp", at(event.last));
    fields.put_int("count", event.count);
    fields.put("type", if event.warning { "Warning" } else { "Normal" }.into());
    fields.put("eventTime", Value::Null);
    fields.put("reportingComponent", text(&event.component));
    fields.put("reportingInstance", text(&event.host));
    fields.done()
}

/// `status` of a Pod.
pub fn status_value(status: &PodStatus, calendar: Calendar) -> Value {
    let mut fields = Fields::default();
    fields.put_int("observedGeneration", status.observed_generation);
    fields.put_text("phase", status.phase.as_str());
    let conditions = status.conditions.iter().map(|c| condition(c, calendar)).collect();
    fields.put_some("conditions", filled_list(conditions));
    fields.put_text("message", &status.message);
    fields.put_text("reason", &status.reason);
    fields.put_text("nominatedNodeName", &status.nominated_node_name);
    if !status.host_ip.is_empty() {
        fields.put_text("hostIP", &status.host_ip);
        fields.put("hostIPs", Value::Seq(vec![address(&status.host_ip)]));
    }
    let mut ips: Vec<&str> = status.pod_ips.iter().map(|ip| ip.ip.as_str()).collect();
    if ips.is_empty() && !status.pod_ip.is_empty() {
        ips.push(&status.pod_ip);
    }
    if let Some(first) = ips.first() {
        fields.put_text("podIP", first);
        fields.put("podIPs", Value::Seq(ips.iter().map(|ip| address(ip)).collect()));
    }
    fields.put_some("startTime", status.start_time.map(|t| time(t, calendar)));
    let list = |all: &[ContainerStatus]| filled_list(all.iter().map(|c| container(c, calendar)).collect());
    fields.put_some("initContainerStatuses", list(&status.init_container_statuses));
    fields.put_some("containerStatuses", list(&status.container_statuses));
    fields.put_text("qosClass", &status.qos_class);
    fields.put_some("ephemeralContainerStatuses", list(&status.ephemeral_container_statuses));
    fields.done()
}

fn condition(c: &PodCondition, calendar: Calendar) -> Value {
    let mut fields = Fields::default();
    fields.put("type", text(&c.kind));
    fields.put_int("observedGeneration", c.observed_generation);
    fields.put("status", text(&c.status));
    // The kubelet never probes a condition; the field is always there and always empty.
    fields.put("lastProbeTime", Value::Null);
    fields.put("lastTransitionTime", time_or_null(c.last_transition_time, calendar));
    fields.put_text("reason", &c.reason);
    fields.put_text("message", &c.message);
    fields.done()
}

fn container(c: &ContainerStatus, calendar: Calendar) -> Value {
    let mut fields = Fields::default();
    fields.put("name", text(&c.name));
    fields.put("state", state(&c.state, calendar));
    fields.put("lastState", state(&c.last_state, calendar));
    fields.put("ready", c.ready.into());
    fields.put("restartCount", c.restart_count.into());
    fields.put("image", text(&c.image));
    fields.put("imageID", text(&c.image_id));
    fields.put_text("containerID", &c.container_id);
    fields.put_some("started", c.started.map(Value::Bool));
    fields.done()
}

fn state(state: &ContainerState, calendar: Calendar) -> Value {
    let mut fields = Fields::default();
    if let Some(waiting) = &state.waiting {
        let mut inner = Fields::default();
        inner.put_text("reason", &waiting.reason);
        inner.put_text("message", &waiting.message);
        fields.put("waiting", inner.done());
    }
    if let Some(running) = &state.running {
        let mut inner = Fields::default();
        inner.put("startedAt", time_or_null(running.started_at, calendar));
        fields.put("running", inner.done());
    }
    if let Some(ended) = &state.terminated {
        fields.put("terminated", terminated(ended, calendar));
    }
    fields.done()
}

fn terminated(ended: &Terminated, calendar: Calendar) -> Value {
    let mut fields = Fields::default();
    fields.put("exitCode", ended.exit_code.into());
    fields.put_int("signal", ended.signal);
    fields.put_text("reason", &ended.reason);
    fields.put_text("message", &ended.message);
    fields.put("startedAt", time_or_null(ended.started_at, calendar));
    fields.put("finishedAt", time_or_null(ended.finished_at, calendar));
    fields.put_text("containerID", &ended.container_id);
    fields.done()
}

fn address(ip: &str) -> Value {
    Value::Map(vec![("ip".to_owned(), ip.into())])
}

fn text(s: &Rc<str>) -> Value {
    Value::from(&**s)
}

fn filled(s: &str) -> Option<Value> {
    (!s.is_empty()).then(|| s.into())
}

fn filled_list(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::Seq(items))
}

fn time(Time(at): Time, calendar: Calendar) -> Value {
    calendar.rfc3339(at).into()
}

fn time_or_null(at: Option<Time>, calendar: Calendar) -> Value {
    at.map_or(Value::Null, |t| time(t, calendar))
}

/// A mapping in the making; the `put_…` leave out what the API leaves out when it is empty.
#[derive(Default)]
struct Fields(Vec<(String, Value)>);

impl Fields {
    fn put(&mut self, key: &str, value: Value) {
        self.0.push((key.to_owned(), value));
    }

    fn put_some(&mut self, key: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    fn put_text(&mut self, key: &str, text: &str) {
        self.put_some(key, filled(text));
    }

    fn put_int(&mut self, key: &str, n: i64) {
        self.put_some(key, (n != 0).then_some(Value::Int(n)));
    }

    fn done(self) -> Value {
        Value::Map(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a real status and writes it again.
    #[test]
    fn a_status_survives() {
        let given = r#"{"observedGeneration":1,"phase":"Running","conditions":[{"type":"Ready","observedGeneration":1,
            "status":"False","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:03Z",
            "reason":"ContainersNotReady","message":"containers with unready status: [app]"}],
            "hostIP":"10.0.0.1","hostIPs":[{"ip":"10.0.0.1"}],"podIP":"10.1.0.1",
            "podIPs":[{"ip":"10.1.0.1"},{"ip":"fd00::1"}],"startTime":"2026-01-01T00:00:00Z",
            "initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0,"reason":"Completed",
              "startedAt":"2026-01-01T00:00:01Z","finishedAt":"2026-01-01T00:00:02Z","containerID":"containerd://1"}},
              "lastState":{},"ready":true,"restartCount":0,"image":"busybox","imageID":"x",
              "containerID":"containerd://1","started":false}],
            "containerStatuses":[{"name":"app","state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}},
              "lastState":{"terminated":{"exitCode":1,"reason":"Error","startedAt":null,"finishedAt":null}},
              "ready":false,"restartCount":3,"image":"busybox","imageID":""}],
            "qosClass":"BestEffort"}"#;
        let given: serde_json::Value = serde_json::from_str(given).unwrap();
        let status: PodStatus = serde_json::from_value(given.clone()).unwrap();
        let written = serde_json::Value::from(&status_value(&status, Calendar::default()));
        assert_eq!(written.to_string(), given.to_string());
    }

    #[test]
    fn a_pod_has_what_the_cluster_added() {
        let source: Value = serde_json::from_str(
            r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","labels":{"app":"web"}},
                "spec":{"containers":[{"name":"c"}]}}"#,
        )
        .unwrap();
        let pod: Pod = serde_json::from_str(
            r#"{"metadata":{"name":"web","namespace":"default","uid":"u-1","generation":2,"labels":{"app":"web"},
                "creationTimestamp":"2026-01-01T00:00:00Z","deletionTimestamp":"2026-01-01T00:00:30Z",
                "deletionGracePeriodSeconds":30,"resourceVersion":"7"},
                "spec":{"nodeName":"node1"},"status":{"phase":"Pending"}}"#,
        )
        .unwrap();
        let value = pod_value(&source, &pod, Calendar::default());
        assert_eq!(
            value.at(&["metadata", "deletionTimestamp"]),
            Some(&"2026-01-01T00:00:30Z".into())
        );
        assert_eq!(value.at(&["metadata", "resourceVersion"]), Some(&"7".into()));
        assert_eq!(value.at(&["spec", "nodeName"]), Some(&"node1".into()));
        assert_eq!(value.at(&["spec", "containers", "0", "name"]), Some(&"c".into()));
        assert_eq!(value.at(&["status", "phase"]), Some(&"Pending".into()));
    }
}
