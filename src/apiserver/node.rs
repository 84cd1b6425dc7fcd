//! Changes of Node objects by those who watch over nodes: conditions and taints.

use std::rc::Rc;

use super::{ApiServer, ObjectKey, StoredObject, Typed};
use crate::api::objects::{Node, Taint};
use crate::api::selects::{items, text};
use crate::machine::{Cx, Part};
use crate::manifest::Value;
use crate::time::Duration;
use crate::trace::{NodeRevision, WatchKind};

/// A condition of a Node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeCondition<'a> {
    /// `Ready`, `MemoryPressure`.
    pub kind: &'a str,
    /// `True`, `False` or `Unknown`.
    pub status: &'a str,
    /// Machine-readable reason.
    pub reason: &'a str,
    /// The same for people.
    pub message: &'a str,
}

impl NodeCondition<'_> {
    /// Writes this condition over the one of its type; its time is that of the change of `status`.
    pub fn write(&self, over: &mut Value, now: &str) {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        if text(over, "type").as_deref() != Some(self.kind) {
            return;
        }
        if text(over, "status").as_deref() != Some(self.status) {
            over.set("lastTransitionTime", now.into());
        }
        over.set("status", self.status.into());
        over.set("reason", self.reason.into());
        over.set("message", self.message.into());
    }
}

/// What watchers of a Node look at.
#[derive(PartialEq)]
struct Telling<'n> {
    labels: Option<&'n Value>,
    taints: &'n [Value],
    cordoned: bool,
    /// Type and status.
    conditions: Vec<(&'n str, &'n str)>,
}

fn telling(node: &Value) -> Telling<'_> {
    let conditions = items(node, &["status", "conditions"]).iter();
    Telling {
        labels: node.at(&["metadata", "labels"]),
        taints: items(node, &["spec", "taints"]),
        cordoned: node.at(&["spec", "unschedulable"]) == Some(&Value::Bool(true)),
        conditions: conditions.map(|c| (text(c, "type"), text(c, "status"))).collect(),
    }
}

/// Notes a watch event of a Node.
pub(super) fn record_node(cx: &mut Cx, kind: WatchKind, name: &Rc<str>, value: Rc<Value>) {
    if cx.record.muted {
        return;
    }
    let workloads = cx.record.workloads.len() + cx.record.fresh_workloads.len();
    cx.record.nodes.push(NodeRevision {
        at: cx.now,
        kind,
        name: name.clone(),
        value,
        workloads,
    });
}

impl ApiServer {
    /// A Node was stored, over the one that was there before: everybody who looks after it hears of that.
    pub(super) fn node_stored(&self, cx: &mut Cx, name: &Rc<str>, before: Option<StoredObject>) {
        let Some(stored) = self.object("Node", "", name) else {
            return;
        };
        let cordoned = |stored: &StoredObject| matches!(&stored.typed, Typed::Node(node) if node.spec.unschedulable);
        if let Some(index) = self.node_index(name)
            && before
                .as_ref()
                .is_some_and(|before| cordoned(before) != cordoned(stored))
        {
            cx.queue.alarm(Part::NodeStatus(index), Some(cx.now));
        }
        // Taints are acted on 5 ms later, as recorded.
        let later = cx.now + Duration::from_millis(5);
        cx.queue.alarm(Part::NodeLifecycle, Some(later));
        match before {
            None => record_node(cx, WatchKind::Added, name, stored.value.clone()),
            Some(before) if telling(&before.value) != telling(&stored.value) => {
                record_node(cx, WatchKind::Modified, name, stored.value.clone());
            }
            Some(_) => {}
        }
    }

    /// A Node by name.
    pub fn node(&self, name: &str) -> Option<&Rc<Node>> {
        match &self.object("Node", "", name)?.typed {
            Typed::Node(node) => Some(node),
            _ => None,
        }
    }

    /// Changes the conditions of a Node, and sees to it that its taints with this key have these effects.
    pub fn mark_node(
        &mut self,
        cx: &mut Cx,
        name: &str,
        key: &str,
        effects: &[&str],
        mut change: impl FnMut(&mut Value),
    ) {
        let Some(stored) = self.object("Node", "", name) else {
            return;
        };
        let Typed::Node(node) = &stored.typed else { return };
        let mut node: Node = (**node).clone();
        let mut value = (*stored.value).clone();
        let stays = |of: &str, effect: &str| of != key || effects.contains(&effect);
        let missing = |effect: &&&str| !node.spec.taints.iter().any(|t| t.key == key && t.effect == **effect);
        let new: Vec<&str> = effects.iter().filter(missing).copied().collect();
        node.spec.taints.retain(|t| stays(&t.key, &t.effect));
        let spec = value.entry("spec");
        let mut shown = items(spec, &["taints"]).to_vec();
        shown.retain(|t| stays(text(t, "key"), text(t, "effect")));
        for effect in new {
            node.spec.taints.push(Taint {
                key: key.to_owned(),
                effect: effect.to_owned(),
                ..Taint::default()
            });
            let added = cx.setup.calendar.rfc3339(cx.now);
            let members = [("key", key), ("effect", effect), ("timeAdded", &added)];
            let members = members.map(|(k, v)| (k.to_owned(), v.into()));
            shown.push(Value::Map(members.to_vec()));
        }
        match (shown.is_empty(), spec) {
            (true, Value::Map(members)) => members.retain(|(k, _)| k != "taints"),
            (_, spec) => spec.set("taints", Value::Seq(shown)),
        }
        if let Value::Seq(conditions) = value.entry("status").entry("conditions") {
            conditions.iter_mut().for_each(&mut change);
        }
        let key = ObjectKey {
            kind: "Node".into(),
            namespace: "".into(),
            name: name.into(),
        };
        self.put_object(cx, key, value, Typed::Node(Rc::new(node)));
    }
}
