//! The API server: store, watch, admission, graceful deletion, event recorder.

mod admission;
mod deletion;
mod events_cache;
mod mirror;
mod names;
mod node;
mod priority;
mod store;

pub(crate) use admission::drop_disabled;
pub use admission::{name_suffix, without_token};
pub use deletion::{DeleteOutcome, DeleteRequest};
pub use events_cache::{EventSource, Recorder, write as write_event};
pub use mirror::{is_critical, is_static, make_mirror};
pub use names::{is_ready, selects};
pub use node::NodeCondition;
pub use priority::{ASSUMED, CRITICAL, admit_priority, presupposed, priority};
pub use store::{ApiServer, ObjectKey, StoredObject, StoredPod, Typed, uid_text};
