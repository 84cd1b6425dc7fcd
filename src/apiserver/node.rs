//! Changes of Node objects by those who watch over nodes: conditions and taints.

use std::rc::Rc;

use super::{ApiServer, ObjectKey, Typed};
use crate::api::objects::{Node, Taint};
use crate::machine::Cx;
use crate::manifest::Value;

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

impl ApiServer {
    /// A Node by name.
    pub fn node(&self, name: &str) -> Option<&Rc<Node>> {
        match &self.object("Node", "", name)?.typed {
            Typed::Node(node) => Some(node),
            _ => None,
        }
    }

    /// Changes the conditions of a Node, and replaces its taints with this key by taints with these effects.
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
        node.spec.taints.retain(|t| t.key != key);
        node.spec.taints.extend(effects.iter().map(|effect| Taint {
            key: key.to_owned(),
            effect: (*effect).to_owned(),
            ..Taint::default()
        }));
        value
            .entry("spec")
            .set("taints", Value::Seq(node.spec.taints.iter().map(taint).collect()));
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

fn taint(taint: &Taint) -> Value {
    let mut one = Value::Map(Vec::new());
    one.set("key", taint.key.as_str().into());
    one.set("effect", taint.effect.as_str().into());
    if !taint.value.is_empty() {
        one.set("value", taint.value.as_str().into());
    }
    one
}
