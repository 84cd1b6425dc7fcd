//! Which objects belong to which owner, kept with every change so that nobody has to look through all objects.

use std::rc::Rc;

use crate::api::ObjectMeta;
use crate::machine::Uid;
use crate::map::{Map, Set};

/// Objects by owner, and identities by their text.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners {
    numbers: Map<Rc<str>, Uid>,
    pods: Map<Uid, Set<Uid>>,
    workloads: Map<Uid, Set<Uid>>,
    dependents: Map<Uid, Set<Uid>>,
    /// Pods that no controller manages.
    loose: Set<Uid>,
}

/// Whether a Pod or a workload is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Pod,
    Workload,
}

static NONE: Set<Uid> = Set::new();

impl Owners {
    /// The number behind a uid's text.
    pub fn number(&self, uid: &str) -> Option<Uid> {
        self.numbers.get(uid).copied()
    }

    /// An object was stored or changed: `before` is none when it is new.
    pub fn put(&mut self, sort: Sort, uid: Uid, before: Option<&ObjectMeta>, after: &ObjectMeta) {
        if before.is_some_and(|before| before.owner_references == after.owner_references) {
            return;
        }
        match before {
            Some(before) => self.unlink(sort, uid, before),
            None => {
                self.numbers.insert(after.uid.clone(), uid);
            }
        }
        for owner in &after.owner_references {
            let Some(number) = self.number(&owner.uid) else {
                continue;
            };
            self.dependents.entry(number).or_default().insert(uid);
            if owner.controller {
                self.of(sort).entry(number).or_default().insert(uid);
            }
        }
        if sort == Sort::Pod && !after.owner_references.iter().any(|owner| owner.controller) {
            self.loose.insert(uid);
        }
    }

    /// An object is gone.
    pub fn remove(&mut self, sort: Sort, uid: Uid, last: &ObjectMeta) {
        // The number stays known: dependents may still name it.
        self.unlink(sort, uid, last);
    }

    fn unlink(&mut self, sort: Sort, uid: Uid, meta: &ObjectMeta) {
        self.loose.remove(&uid);
        for owner in &meta.owner_references {
            let Some(number) = self.number(&owner.uid) else {
                continue;
            };
            take(&mut self.dependents, number, uid);
            if owner.controller {
                take(self.of(sort), number, uid);
            }
        }
    }

    fn of(&mut self, sort: Sort) -> &mut Map<Uid, Set<Uid>> {
        match sort {
            Sort::Pod => &mut self.pods,
            Sort::Workload => &mut self.workloads,
        }
    }

    /// Pods that `owner` controls, in order of creation.
    pub fn pods_of(&self, owner: Uid) -> &Set<Uid> {
        self.pods.get(&owner).unwrap_or(&NONE)
    }

    /// Workloads that `owner` controls, in order of creation.
    pub fn workloads_of(&self, owner: Uid) -> &Set<Uid> {
        self.workloads.get(&owner).unwrap_or(&NONE)
    }

    /// All objects that name `owner` as one of their owners.
    pub fn dependents_of(&self, owner: Uid) -> &Set<Uid> {
        self.dependents.get(&owner).unwrap_or(&NONE)
    }

    /// Pods without a controller, in order of creation.
    pub fn loose(&self) -> &Set<Uid> {
        &self.loose
    }
}

fn take(map: &mut Map<Uid, Set<Uid>>, owner: Uid, uid: Uid) {
    if let Some(set) = map.get_mut(&owner) {
        set.remove(&uid);
        if set.is_empty() {
            map.remove(&owner);
        }
    }
}
