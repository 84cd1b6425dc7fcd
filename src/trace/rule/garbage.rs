//! Rules of the garbage collector.

/// A rule of the garbage collector (`pkg/controller/garbagecollector`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GarbageRule {
    /// Somebody asked for the deletion of the object.
    DeletionAsked {
        /// What becomes of its dependents.
        propagation: Dependents,
    },
    /// All owners are gone, so the object goes too.
    OwnerGone,
    /// The owner is being deleted in the foreground: its dependents go first.
    OwnerWaits,
    /// No dependent is left that holds the owner back.
    NoDependents,
    /// The owner goes alone: its dependents lose the reference.
    Orphaned,
}

/// What becomes of the dependents of an object that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependents {
    /// They are deleted after it.
    GoAfter,
    /// They are deleted before it.
    GoFirst,
    /// They stay.
    Stay,
}
