//! What every object has: names, labels, times.

use std::rc::Rc;

use crate::fields;
use crate::manifest::{DecodeError, Fill, Value};
use crate::map::Map;
use crate::time::{Calendar, Instant};

/// An object's identity and bookkeeping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectMeta {
    /// Name, unique for its kind in its namespace.
    pub name: Rc<str>,
    /// Prefix from which the API server makes a name.
    pub generate_name: String,
    /// Namespace; empty for kinds that have none.
    pub namespace: Rc<str>,
    /// Given by the API server.
    pub uid: Rc<str>,
    /// Changes with each write; given by the API server.
    pub resource_version: Rc<str>,
    /// Counts changes of the spec.
    pub generation: i64,
    /// Labels.
    pub labels: Map<String, String>,
    /// Annotations.
    pub annotations: Map<String, String>,
    /// When it was stored.
    pub creation_timestamp: Option<Time>,
    /// When it is to be gone, once it is being deleted.
    pub deletion_timestamp: Option<Time>,
    /// Seconds of grace that the deletion was granted.
    pub deletion_grace_period_seconds: Option<i64>,
    /// Names that must go before the object can.
    pub finalizers: Vec<String>,
    /// Whose object this is.
    pub owner_references: Vec<OwnerReference>,
}

fields!(ObjectMeta {
    name,
    generate_name,
    namespace,
    uid,
    resource_version,
    generation,
    labels,
    annotations,
    creation_timestamp,
    deletion_timestamp,
    deletion_grace_period_seconds,
    finalizers,
    owner_references,
});

/// One owner of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnerReference {
    /// `apps/v1`.
    pub api_version: String,
    /// `ReplicaSet`.
    pub kind: String,
    /// The owner's name.
    pub name: String,
    /// The owner's uid.
    pub uid: String,
    /// Whether this is the managing owner.
    pub controller: bool,
    /// Whether the owner has to wait for this object in a foreground deletion.
    pub block_owner_deletion: bool,
}

fields!(OwnerReference {
    api_version,
    kind,
    name,
    uid,
    controller,
    block_owner_deletion
});

/// A time inside an object.
///
/// Kept with the precision it was made with; the API shows whole seconds, cut off. Given objects are read against the
/// default calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Instant);

impl Fill for Option<Time> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let text = value.text()?;
        let time = Calendar::default().parse(text).map(Time);
        *self = Some(time.ok_or_else(|| DecodeError(format!("\"{text}\" is not a time as RFC 3339 has it")))?);
        Ok(())
    }
}
