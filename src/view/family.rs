//! Who belongs to whom: for each lane the outermost workload above it, its Pod, its revision and its place among its
//! siblings; and for each outermost workload how many of its Pods were ready of which revision whenever its counts
//! changed.
//!
//! The status of a workload counts all revisions together. Which of them the counted Pods are of is seen on the Pods'
//! own lanes: those that became ready first are the available ones.

use std::rc::Rc;

use crate::map::Map;
use crate::trace::{Counts, Entry, LaneId, LaneKind, TraceLog, What};

/// A lane among its relatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The outermost workload above it, itself included.
    pub owner: Option<LaneId>,
    /// The Pod it belongs to, itself included.
    pub pod: Option<LaneId>,
    /// Which revision of the owner's template, by order of appearance, a Pod or ReplicaSet was made from.
    pub revision: Option<u8>,
    /// Place among the lanes of its kind below the same parent.
    pub ordinal: u32,
    /// Lanes of Pods and workloads right below it.
    pub children: u32,
}

/// So many of the counted Pods are of one revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// They exist and are not on their way out.
    pub current: u32,
    /// Of these, ready ones.
    pub ready: u32,
    /// Of these, available ones.
    pub available: u32,
}

/// All lanes, in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct Family {
    members: Vec<Member>,
    /// By parent and kind, how many there are.
    siblings: Map<(u32, LaneKind), u32>,
    owners: Map<u32, Owner>,
    /// By lane of a Service.
    endpoints: Map<u32, Vec<LaneId>>,
    /// By lane of a Pod that a workload owns, the last exit code of one of its containers that was not 0.
    exits: Map<u32, i32>,
    /// By lane of a workload, the greatest count that was ever wanted or there.
    peaks: Map<u32, u32>,
}

#[derive(Clone, Debug, Default)]
struct Owner {
    revisions: Vec<Rc<str>>,
    /// How many of them had Pods so far.
    seen: usize,
    pods: Map<u32, Life>,
    /// Ready Pods, the one that has been so for longest first.
    ready: Vec<(u32, usize)>,
    /// By the entry of its counts.
    shares: Vec<(u32, Vec<Share>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life {
    revision: usize,
    /// It counts: it exists, has not ended and is not being deleted.
    counts: bool,
}

impl Family {
    /// The family of everything that `log` holds.
    pub fn of(log: &TraceLog) -> Self {
        let mut family = Family::default();
        family.add_lanes(log);
        family
    }

    /// Takes in the lanes that are new.
    pub fn add_lanes(&mut self, log: &TraceLog) {
        for (index, lane) in log.lanes().iter().enumerate().skip(self.members.len()) {
            let id = LaneId(u32::try_from(index).unwrap_or(u32::MAX));
            let parent = lane.parent.filter(|p| *p < id);
            let above = parent.and_then(|p| self.member(p)).copied();
            let owner = above
                .and_then(|m| m.owner)
                .or_else(|| matches!(lane.kind, LaneKind::Workload(_)).then_some(id));
            let revision = owner.filter(|_| !lane.revision.is_empty()).map(|owner| {
                let known = &mut self.owners.entry(owner.0).or_default().revisions;
                let at = known.iter().position(|r| *r == lane.revision).unwrap_or_else(|| {
                    known.push(lane.revision.clone());
                    known.len() - 1
                });
                u8::try_from(at).unwrap_or(u8::MAX)
            });
            let counted = self.siblings.entry((parent.map_or(u32::MAX, |p| p.0), lane.kind));
            let count = counted.or_insert(0);
            let ordinal = *count;
            *count = count.saturating_add(1);
            if let (LaneKind::Pod | LaneKind::Workload(_), Some(parent)) = (lane.kind, parent)
                && let Some(above) = self.members.get_mut(parent.0 as usize)
            {
                above.children = above.children.saturating_add(1);
            }
            if let (LaneKind::Endpoint, Some(service)) = (lane.kind, parent) {
                self.endpoints.entry(service.0).or_default().push(id);
            }
            self.members.push(Member {
                owner,
                pod: match lane.kind {
                    LaneKind::Pod => Some(id),
                    _ => above.and_then(|m| m.pod),
                },
                revision,
                ordinal,
                children: 0,
            });
        }
    }

    /// Takes in an entry. Entries come in the order of the log, and their lanes are known.
    pub fn add_entry(&mut self, log: &TraceLog, id: u32, entry: &Entry) {
        let (Some(lane), Some(member)) = (log.lanes().get(entry.lane.0 as usize), self.member(entry.lane).copied())
        else {
            return;
        };
        if let (LaneKind::Workload(_), What::Counts(counts)) = (lane.kind, &entry.what) {
            let most = most(counts);
            let peak = self.peaks.entry(entry.lane.0).or_insert(0);
            *peak = most.max(*peak);
        }
        if let (What::Ended { code, .. } | What::Exit { code }, Some(pod), Some(_)) =
            (&entry.what, member.pod, member.owner)
            && *code != 0
        {
            self.exits.insert(pod.0, *code);
        }
        let Some(owner) = member.owner.and_then(|owner| self.owners.get_mut(&owner.0)) else {
            return;
        };
        match (&entry.what, member.pod) {
            (
                What::Counts(Counts::Pods {
                    current,
                    ready,
                    available,
                    ..
                }),
                None,
            ) if member.owner == Some(entry.lane) => {
                let shares = owner.split(*current, *ready, *available);
                owner.shares.push((id, shares));
            }
            (What::Status { status, .. }, Some(pod)) if pod == entry.lane => {
                let ended = matches!(&**status, "Terminating" | "Completed" | "Evicted");
                let revision = usize::from(member.revision.unwrap_or(0));
                owner.seen = owner.seen.max(revision + 1);
                owner.pods.insert(
                    pod.0,
                    Life {
                        revision,
                        counts: !ended,
                    },
                );
                if ended {
                    owner.ready.retain(|(ready, _)| *ready != pod.0);
                }
            }
            (What::Object(verb), Some(pod)) if pod == entry.lane && &**verb == "gone" => {
                owner.pods.remove(&pod.0);
                owner.ready.retain(|(ready, _)| *ready != pod.0);
            }
            (What::Condition { status, .. }, Some(pod)) if &*lane.name == "Ready" => {
                owner.ready.retain(|(ready, _)| *ready != pod.0);
                if let Some(life) = owner.pods.get(&pod.0).filter(|life| life.counts && &**status == "True") {
                    owner.ready.push((pod.0, life.revision));
                }
            }
            _ => {}
        }
    }

    /// A lane among its relatives.
    pub fn member(&self, lane: LaneId) -> Option<&Member> {
        self.members.get(lane.0 as usize)
    }

    /// The revisions of an outermost workload by order of appearance.
    pub fn revisions(&self, owner: LaneId) -> &[Rc<str>] {
        self.owners.get(&owner.0).map_or(&[], |o| &o.revisions)
    }

    /// The revision of a lane, where its owner has several: only then it needs a letter.
    pub fn lettered(&self, lane: LaneId) -> Option<u8> {
        let member = self.member(lane)?;
        let several = self.revisions(member.owner?).len() > 1;
        member.revision.filter(|_| several)
    }

    /// What the counts of an entry on an outermost workload's lane are made of, by revision.
    pub fn shares(&self, owner: LaneId, entry: u32) -> &[Share] {
        let Some(owner) = self.owners.get(&owner.0) else {
            return &[];
        };
        let found = owner.shares.binary_search_by_key(&entry, |(id, _)| *id).ok();
        found
            .and_then(|at| owner.shares.get(at))
            .map_or(&[], |(_, shares)| shares)
    }

    /// The lanes of the endpoints of a Service.
    pub fn endpoints(&self, service: LaneId) -> &[LaneId] {
        self.endpoints.get(&service.0).map_or(&[], Vec::as_slice)
    }

    /// The last exit code other than 0 of a Pod that a workload owns.
    pub fn exit(&self, pod: LaneId) -> Option<i32> {
        self.exits.get(&pod.0).copied()
    }

    /// The greatest count that a workload ever wanted or had.
    pub fn peak(&self, lane: LaneId) -> u32 {
        self.peaks.get(&lane.0).copied().unwrap_or(0)
    }
}

/// The greatest of some counts.
fn most(counts: &Counts) -> u32 {
    match counts {
        Counts::Pods {
            desired,
            current,
            ready,
            ..
        } => *desired.max(current).max(ready),
        Counts::Job {
            completions,
            active,
            succeeded,
            ..
        } => completions.unwrap_or(0).max(active.saturating_add(*succeeded)),
        Counts::CronJob { active, .. } => *active,
    }
}

impl Owner {
    /// Which revisions the counted Pods are of.
    fn split(&self, current: u32, ready: u32, available: u32) -> Vec<Share> {
        let mut shares = vec![Share::default(); self.seen.max(1)];
        let newest = shares.len() - 1;
        let mut pods = self.ready.iter().map(|(_, revision)| *revision);
        for nth in 0..ready {
            // A Pod that the status still counts and that is no longer ready was most likely an old one.
            let revision = pods.next().unwrap_or(0).min(newest);
            if let Some(share) = shares.get_mut(revision) {
                share.ready += 1;
                share.available += u32::from(nth < available);
            }
        }
        let mut there = vec![0_u32; shares.len()];
        for life in self.pods.values().filter(|life| life.counts) {
            if let Some(count) = there.get_mut(life.revision.min(newest)) {
                *count += 1;
            }
        }
        let mut left = current.saturating_sub(ready);
        for (share, there) in shares.iter_mut().zip(there) {
            let unready = there.saturating_sub(share.ready).min(left);
            share.current = share.ready + unready;
            left -= unready;
        }
        // Counted, and not seen any more: of the newest revision.
        if let Some(share) = shares.get_mut(newest) {
            share.current += left;
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::rollout::rollout;
    use crate::view::timeline::Timeline;

    #[test]
    fn counts_are_shared_among_the_revisions_by_who_became_ready_first() {
        let (log, [web, ..]) = rollout();
        let timeline = Timeline::of(&log);
        let family = timeline.family();
        let counts = log.entries().iter().enumerate();
        let counts = counts.filter(|(_, e)| e.lane == web && matches!(e.what, What::Counts(_)));
        let got: Vec<String> = counts
            .map(|(id, entry)| {
                let shares = family.shares(web, u32::try_from(id).unwrap());
                let shares = shares
                    .iter()
                    .map(|s| format!("{}/{}/{}", s.available, s.ready, s.current));
                format!(
                    "{} {}",
                    entry.at.micros() / 1_000_000,
                    shares.collect::<Vec<_>>().join(" ")
                )
            })
            .collect();
        assert_eq!(
            got,
            [
                "0 0/0/2",
                "4 2/2/2",
                "20 2/2/2 0/0/1",
                "26 2/2/2 0/1/1",
                "36 2/2/2 1/1/1",
                "37 1/1/1 1/1/1",
            ]
        );
        assert_eq!(family.peak(web), 3);
    }

    #[test]
    fn a_revision_has_a_letter_only_where_there_are_several() {
        let (log, [web, old, new, service]) = rollout();
        let family = Family::of(&log);
        assert_eq!(family.revisions(web).len(), 2);
        assert_eq!(
            [old, new, web, service].map(|lane| family.lettered(lane)),
            [Some(0), Some(1), None, None]
        );
        assert_eq!(family.endpoints(service).len(), 3);
        assert_eq!(
            family.member(old).map(|m| (m.owner, m.ordinal, m.children)),
            Some((Some(web), 0, 2))
        );
        assert_eq!(family.member(new).map(|m| m.ordinal), Some(1));
        let mut alone = TraceLog::new();
        let set = alone.lane_of(
            LaneKind::Workload(crate::api::WorkloadKind::ReplicaSet),
            None,
            "web",
            "abc",
        );
        assert_eq!(Family::of(&alone).lettered(set), None);
    }
}
