//! Changes of stored objects, as watchers hear of them.

use std::rc::Rc;

use super::ObjectKey;
use crate::api::{Pod, Workload};
use crate::machine::Uid;
use crate::trace::{EntryId, WatchKind};

/// One change of one object. Controllers are told of each, in order.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happened to the object.
    pub kind: WatchKind,
    /// Which object.
    pub object: Changed,
    /// The entry of the trace that led to it.
    pub because: Option<EntryId>,
}

/// The object that changed, before and after.
#[derive(Clone, Debug)]
pub enum Changed {
    /// A Pod. `before` is none when it is new; when it is gone both are what it was last.
    Pod {
        /// Its identity.
        uid: Uid,
        /// As it was.
        before: Option<Rc<Pod>>,
        /// As it is.
        after: Rc<Pod>,
    },
    /// A workload, in the same way.
    Workload {
        /// Its identity.
        uid: Uid,
        /// As it was.
        before: Option<Rc<Workload>>,
        /// As it is.
        after: Rc<Workload>,
    },
    /// An object of another kind.
    Other(ObjectKey),
}
