//! Rules of the garbage collector.

use crate::trace::{Dependents, GarbageRule};
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: GarbageRule) -> String {
    match rule {
        GarbageRule::DeletionAsked { propagation } => match propagation {
            Dependents::GoAfter => "It is deleted in the background: it goes at once, and the garbage collector deletes what it owns afterwards.".to_owned(),
            Dependents::GoFirst => "It is deleted in the foreground: it stays until everything it owns is gone.".to_owned(),
            Dependents::Stay => "It is deleted with --cascade=orphan: what it owns stays and loses its owner.".to_owned(),
        },
        GarbageRule::OwnerGone => "Its owners are gone, so the garbage collector deletes it too.".to_owned(),
        GarbageRule::OwnerWaits => "Its owner is being deleted in the foreground and waits for it, so the garbage collector deletes it first.".to_owned(),
        GarbageRule::NoDependents => "Nothing it owns is left that would hold it back, so the garbage collector takes away its finalizer and it goes.".to_owned(),
        GarbageRule::Orphaned => "Its owner is deleted with --cascade=orphan, so the garbage collector takes away the owner reference.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &GarbageRule) -> String {
    match rule {
        GarbageRule::DeletionAsked { .. } => format!("{who} is to be deleted"),
        GarbageRule::OwnerGone => format!("the owner of {who} is gone"),
        GarbageRule::OwnerWaits => format!("the owner of {who} waits for it"),
        GarbageRule::NoDependents => format!("nothing holds {who} back any more"),
        GarbageRule::Orphaned => format!("{who} loses its owner"),
    }
}
