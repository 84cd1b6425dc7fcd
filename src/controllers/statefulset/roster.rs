//! The Pods of a StatefulSet in one sync, by ordinal.

use std::rc::Rc;

use super::pods;
use crate::api::Pod;
use crate::api::workload::StatefulSetSpec;
use crate::apiserver::StoredWorkload;
use crate::machine::Uid;
use crate::map::Map;
use crate::sort;

/// A Pod and its identity.
pub(super) type Member = (Uid, Rc<Pod>);

/// The Pods that are wanted, and those beyond them.
pub(super) struct Roster {
    /// The first ordinal.
    pub start: i64,
    /// Pods wanted.
    pub count: i64,
    replicas: Map<i64, Member>,
    /// Pods beyond those wanted, with their ordinals, the highest first.
    pub condemned: Vec<(i64, Member)>,
}

impl Roster {
    /// Sorts these Pods.
    pub fn of(own: &StoredWorkload, spec: &StatefulSetSpec, all: &[Member]) -> Self {
        let mut roster = Roster {
            start: pods::start(spec),
            count: spec.replicas.max(0),
            replicas: Map::new(),
            condemned: Vec::new(),
        };
        let wanted = roster.start..roster.end();
        for member in all {
            let Some(ordinal) = pods::ordinal(&own.object.metadata.name, &member.1) else {
                continue;
            };
            if wanted.contains(&ordinal) {
                roster.replicas.insert(ordinal, member.clone());
            } else {
                roster.condemned.push((ordinal, member.clone()));
            }
        }
        sort::sort_by_key(&mut roster.condemned, |(ordinal, _)| -ordinal);
        roster
    }

    /// The ordinal behind the last one wanted.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.count)
    }

    /// The Pod of an ordinal that is wanted.
    pub fn at(&self, ordinal: i64) -> Option<&Member> {
        self.replicas.get(&ordinal)
    }

    /// The Pods wanted that exist, by ordinal.
    pub fn replicas(&self) -> impl DoubleEndedIterator<Item = (i64, &Member)> {
        self.replicas.iter().map(|(ordinal, member)| (*ordinal, member))
    }
}
