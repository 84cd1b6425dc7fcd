//! The API server: store, watch, admission, graceful deletion, event recorder.

mod admission;
mod change;
mod claims;
mod deletion;
mod events_cache;
mod finalizers;
mod index;
mod mirror;
mod names;
mod node;
mod priority;
mod service;
mod store;
mod strategy;
mod usage;
mod workload_value;
mod workloads;

pub(crate) use admission::drop_disabled;
pub use admission::{TOKEN_PATH, name_suffix, without_token};
pub use change::{Change, Changed};
pub use claims::{CLAIM, is_terminating_claim};
pub use deletion::{DeleteOutcome, DeleteRequest};
pub use events_cache::{EventSource, Recorder, write as write_event};
pub use finalizers::{FOREGROUND, ORPHAN, Propagation};
pub use mirror::{is_critical, is_static, make_mirror};
pub use names::{generated, is_ready, revision_label, selects, slice_suffix};
pub use node::NodeCondition;
pub use priority::{ASSUMED, CRITICAL, admit_priority, presupposed, priority};
pub use store::{ApiServer, ObjectKey, StoredObject, StoredPod, Typed, object_uid, uid_text};
pub use strategy::TEMPLATE_GENERATION;
pub use usage::NodeUsage;
pub use workload_value::status_value;
pub use workloads::{CreateError, StoredWorkload};
