//! Rules of the garbage collector.

use crate::trace::{Dependents, GarbageRule};
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: GarbageRule) -> String {
    match rule {
        GarbageRule::DeletionAsked { propagation } => match propagation {
            Dependents::GoAfter => "以后台方式删除它：它立即消失，垃圾收集器随后删除它拥有的对象。".to_owned(),
            Dependents::GoFirst => "以前台方式删除它：它会保留到它拥有的所有对象都消失为止。".to_owned(),
            Dependents::Stay => "用 --cascade=orphan 删除它：它拥有的对象保留下来，不再有属主。".to_owned(),
        },
        GarbageRule::OwnerGone => "它的属主都已消失，因此垃圾收集器也删除它。".to_owned(),
        GarbageRule::OwnerWaits => "它的属主正在以前台方式删除并等待它，因此垃圾收集器先删除它。".to_owned(),
        GarbageRule::NoDependents => {
            "它拥有的对象中已没有会阻止删除的，因此垃圾收集器移除它的 finalizer，它随之消失。".to_owned()
        }
        GarbageRule::Orphaned => "它的属主用 --cascade=orphan 删除，因此垃圾收集器移除属主引用。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &GarbageRule) -> String {
    match rule {
        GarbageRule::DeletionAsked { .. } => format!("{who} 将被删除"),
        GarbageRule::OwnerGone => format!("{who} 的属主已消失"),
        GarbageRule::OwnerWaits => format!("{who} 的属主在等待它"),
        GarbageRule::NoDependents => format!("{who} 不再被阻止删除"),
        GarbageRule::Orphaned => format!("{who} 失去属主"),
    }
}
