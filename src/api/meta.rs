//! What every object has: names, labels, times.

use std::rc::Rc;

use serde::Deserialize;

use crate::map::Map;
use crate::time::{Calendar, Instant};

/// An object's identity and bookkeeping.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// One owner of an object.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
}

/// A time inside an object.
///
/// Kept with the precision it was made with; the API shows whole seconds, cut off. Given objects are read against the
/// default calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Instant);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        Calendar::default()
            .parse(&text)
            .map(Time)
            .ok_or_else(|| serde::de::Error::custom(format!("\"{text}\" is not a time as RFC 3339 has it")))
    }
}
