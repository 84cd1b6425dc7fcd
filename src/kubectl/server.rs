//! What kubectl asks of the cluster it talks to. The simulator implements this; tests use a small stand-in.

use std::rc::Rc;

use super::object::pod_value;
pub use crate::apiserver::Propagation;

use crate::api::Pod;
use crate::machine::Client;
use crate::manifest::Value;
use crate::map::Map;
use crate::time::{Calendar, Instant};

/// A cluster as kubectl sees it. Namespaces are never empty for kinds that have them, and empty for those that do not.
pub trait Server {
    /// The present instant.
    fn now(&self) -> Instant;

    /// The calendar of the run.
    fn calendar(&self) -> Calendar;

    /// The release of kubectl that asks.
    fn client(&self) -> Client {
        Client::default()
    }

    /// All objects of a kind (`Pod`, `Service`, …; never `Event`) in one namespace or in all. Any order.
    fn objects(&self, kind: &str, namespace: Option<&str>) -> Vec<Stored>;

    /// All Events of a namespace or of all. Any order.
    fn events(&self, namespace: Option<&str>) -> Vec<EventObject>;

    /// Stores each document of `text`, in order; `namespace` serves where a document names none. One result for each.
    fn apply(&mut self, text: &str, namespace: &str, mode: ApplyMode) -> Vec<Result<Applied, Refusal>>;

    /// Puts a changed object in place of the stored one with the same kind, namespace and name, as PATCH does at last.
    /// Tells whether anything changed.
    fn update(&mut self, kind: &str, object: &Value, how: UpdateOptions) -> Result<bool, Refusal>;

    /// Asks for an object to be deleted; gives back its uid.
    fn delete(&mut self, kind: &str, namespace: &str, name: &str, how: DeleteOptions) -> Result<Rc<str>, Refusal>;

    /// Starts a program in a container of an existing Pod. The number names the call in [`Server::exec_result`].
    ///
    /// # Errors
    /// [`Refusal::container_not_found`] when the container does not run.
    fn exec(&mut self, call: &ExecCall) -> Result<u64, Refusal>;

    /// What a program printed and its exit code, once it has ended.
    fn exec_result(&mut self, id: u64) -> Option<Result<(String, i32), Refusal>>;

    /// What one instance of a container has written so far, oldest first. `id` is its `containerID` in the status.
    fn logs(&self, namespace: &str, pod: &str, container: &str, id: &str) -> Vec<(Instant, String)>;

    /// Whether the API server reaches the kubelet of a node, which it asks for logs (`path` of the request) and to start
    /// programs.
    ///
    /// # Errors
    /// The node is unknown, or its kubelet does not answer.
    fn reach_kubelet(&self, _node: &str, _path: Option<&str>) -> Result<(), Refusal> {
        Ok(())
    }

    /// One object by name.
    fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<Stored> {
        let scope = (!namespace.is_empty()).then_some(namespace);
        self.objects(kind, scope).into_iter().find(|o| &*o.name == name)
    }

    /// Whether this very object is still there; one of the same name that came later does not count.
    fn exists(&self, kind: &str, namespace: &str, name: &str, uid: &str) -> bool {
        self.object(kind, namespace, name).is_some_and(|o| &*o.uid == uid)
    }
}

/// How an object is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpdateOptions<'a> {
    /// `""`, `"status"`, `"scale"`, `"resize"` or `"ephemeralcontainers"`.
    pub subresource: &'a str,
    /// Whether the change is only checked.
    pub dry_run: bool,
}

impl<'a> UpdateOptions<'a> {
    /// A change of a subresource.
    pub fn of(subresource: &'a str) -> Self {
        UpdateOptions {
            subresource,
            dry_run: false,
        }
    }
}

/// How an object is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// `gracePeriodSeconds`; the object's own when `None`.
    pub grace: Option<i64>,
    /// `propagationPolicy`.
    pub propagation: Propagation,
}

impl DeleteOptions {
    /// With this grace period, and dependents in the background.
    pub fn with_grace(grace: Option<i64>) -> Self {
        DeleteOptions {
            grace,
            ..DeleteOptions::default()
        }
    }
}

/// A stored object.
#[derive(Clone, Debug)]
pub struct Stored {
    /// `Pod`.
    pub kind: Rc<str>,
    /// Namespace; empty for kinds without.
    pub namespace: Rc<str>,
    /// Name.
    pub name: Rc<str>,
    /// Uid.
    pub uid: Rc<str>,
    /// Labels.
    pub labels: Map<String, String>,
    /// When it was stored.
    pub created: Option<Instant>,
    /// The object as the API shows it; of a Pod only its text after defaulting, the rest is taken from `pod`.
    pub value: Rc<Value>,
    /// The Pod, when it is one. A new `Rc` is a new revision.
    pub pod: Option<Rc<Pod>>,
}

impl Stored {
    /// The whole object as the API shows it.
    pub fn shown(&self, calendar: Calendar) -> Value {
        match &self.pod {
            Some(pod) => pod_value(&self.value, pod, calendar),
            None => (*self.value).clone(),
        }
    }

    /// Whether both are the same revision of the same object.
    pub fn same_revision(&self, other: &Stored) -> bool {
        match (&self.pod, &other.pod) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => Rc::ptr_eq(&self.value, &other.value) || self.value == other.value,
        }
    }
}

/// An Event of the API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventObject {
    /// Namespace.
    pub namespace: Rc<str>,
    /// Name: `web.18a1b2c3d4e5f607`.
    pub name: Rc<str>,
    /// Kind of the object it is about.
    pub object_kind: Rc<str>,
    /// Its name.
    pub object_name: Rc<str>,
    /// Its uid.
    pub object_uid: Rc<str>,
    /// The part of it: `spec.containers{app}`; may be empty.
    pub field_path: Rc<str>,
    /// `Warning` rather than `Normal`.
    pub warning: bool,
    /// Reason.
    pub reason: Rc<str>,
    /// Message.
    pub message: Rc<str>,
    /// How often it was seen; 0 for events of the newer kind, which count only as series.
    pub count: i64,
    /// First seen.
    pub first: Option<Instant>,
    /// Last seen.
    pub last: Option<Instant>,
    /// Who saw it: `kubelet`.
    pub component: Rc<str>,
    /// On which node; may be empty.
    pub host: Rc<str>,
}

/// How objects are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyMode {
    /// `kubectl create`: they must not be there yet.
    Create,
    /// `kubectl apply`: made or changed.
    Apply,
    /// As `Create`, but nothing is kept.
    CheckCreate,
    /// As `Apply`, but nothing is kept.
    CheckApply,
}

/// An object that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// `Pod`.
    pub kind: Rc<str>,
    /// Name.
    pub name: Rc<str>,
    /// `created`, `configured` or `unchanged`.
    pub verb: &'static str,
    /// The API server's warnings that come with the answer.
    pub warnings: Vec<String>,
}

/// A program to run in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecCall {
    /// Namespace of the Pod.
    pub namespace: String,
    /// The Pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Its standard input, when `-i` was given.
    pub stdin: Option<String>,
}

/// Why something was not done, in the API's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The API server said no.
    Status {
        /// `NotFound`, `AlreadyExists`, `BadRequest`, `Forbidden`, `Conflict`, …; empty when the API server gives none.
        reason: &'static str,
        /// `pods "web" not found`.
        message: String,
    },
    /// Validation failed.
    Invalid {
        /// `Pod`.
        kind: String,
        /// Name.
        name: String,
        /// `spec.containers[0].image: Required value`, one for each error.
        causes: Vec<String>,
    },
    /// Something on the way there: printed after `error: `, without the API server's name.
    Local(String),
}

impl Refusal {
    /// `pods "web" not found`; `resource` is plural and has its group (`deployments.apps`).
    pub fn not_found(resource: &str, name: &str) -> Self {
        Refusal::Status {
            reason: "NotFound",
            message: format!("{resource} \"{name}\" not found"),
        }
    }

    /// `pods "web" already exists`.
    pub fn already_exists(resource: &str, name: &str) -> Self {
        Refusal::Status {
            reason: "AlreadyExists",
            message: format!("{resource} \"{name}\" already exists"),
        }
    }

    /// The request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Refusal::Status {
            reason: "BadRequest",
            message: message.into(),
        }
    }

    /// The kubelet's answer to an exec into a container that does not run.
    pub fn container_not_found(container: &str) -> Self {
        Refusal::Local(format!(
            "unable to upgrade connection: container not found (\"{container}\")"
        ))
    }

    /// The message alone, as it stands inside another one.
    pub fn plain(&self) -> String {
        match self {
            Refusal::Status { message, .. } | Refusal::Local(message) => message.clone(),
            Refusal::Invalid { kind, name, causes } => {
                let group = super::kinds::of(kind).map_or("", |k| k.group);
                let dot = if group.is_empty() { "" } else { "." };
                let causes = match causes.as_slice() {
                    [one] => one.clone(),
                    many => format!("[{}]", many.join(", ")),
                };
                format!("{kind}{dot}{group} \"{name}\" is invalid: {causes}")
            }
        }
    }

    /// What kubectl prints, without the line's end. `doing` is the verb and the source of the object when it came from
    /// a file: `("creating", "pod.yaml")`.
    pub fn text(&self, doing: Option<(&str, &str)>) -> String {
        let place = match doing {
            Some((verb, file)) => format!("error when {verb} \"{file}\": "),
            None => String::new(),
        };
        match self {
            Refusal::Status { reason: "", message } => format!("Error from server: {place}{message}"),
            Refusal::Status { reason, message } => format!("Error from server ({reason}): {place}{message}"),
            Refusal::Invalid { kind, name, causes } => {
                let mut unique: Vec<&str> = Vec::new();
                for cause in causes {
                    if !unique.contains(&cause.as_str()) {
                        unique.push(cause);
                    }
                }
                match unique.as_slice() {
                    // An answer that names no object.
                    [one] if kind.is_empty() => format!("The request is invalid: {one}"),
                    [one] => format!("The {kind} \"{name}\" is invalid: {one}"),
                    many => {
                        let lines: String = many.iter().map(|cause| format!("\n* {cause}")).collect();
                        format!("The {kind} \"{name}\" is invalid: {lines}")
                    }
                }
            }
            Refusal::Local(message) => format!("error: {message}"),
        }
    }

    /// What kubectl prints when it has several errors: all in one form, without `error: `.
    pub fn among_others(&self, doing: (&str, &str)) -> String {
        match self {
            Refusal::Status { .. } => self.text(Some(doing)),
            Refusal::Invalid { .. } => {
                let (verb, file) = doing;
                format!(
                    "Error from server (Invalid): error when {verb} \"{file}\": {}",
                    self.plain()
                )
            }
            Refusal::Local(message) => message.clone(),
        }
    }
}
