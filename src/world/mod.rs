//! What no Kubernetes code decides: images, the registry, and what happens inside a container.
//!
//! [`Inside`] is one running container: processes, files, listeners, a log. Shell scripts are really run, by a machine
//! whose state is plain data; time passes only when the caller polls. [`Around`] is what it sees of the rest.

pub mod applets;
pub mod around;
pub mod assume;
pub mod disk;
pub mod files;
pub mod glob;
pub mod image_table;
pub mod images;
pub mod inside;
pub mod io;
pub mod kernel;
pub mod launch;
mod meter;
pub mod misspelt;
pub mod net;
pub mod outside;
pub mod presume;
pub mod reference;
pub mod registry;
pub mod server;
pub mod shell;
pub mod signal;
pub mod spec;
pub mod workstation;

pub use around::{Around, GrpcAnswer, HttpAnswer, HttpRequest, Nothing, ProcessRow};
pub use files::Files;
pub use images::ImageProfile;
pub use inside::Inside;
pub use misspelt::misspelt;
pub use reference::Reference;
pub use registry::{PullOutcome, Registry, canonical};
pub use signal::Signal;
pub use spec::{
    ExecError, ExecId, ExecResult, Exit, Latencies, LogLine, Mount, Note, NoteKind, Request, StartError, StartSpec,
    Stream,
};
