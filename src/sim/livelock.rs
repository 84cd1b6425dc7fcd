//! Who does not let a run get past an instant.

use super::cluster::Cluster;
use crate::machine::Part;
use crate::trace::{Record, TraceLog};

/// Events that are looked at.
const LOOK: u32 = 1_000;

/// The two parts that are polled most often at the present instant, in words.
pub fn busiest(cluster: &Cluster) -> String {
    let mut cluster = cluster.clone();
    let now = cluster.now;
    let mut log = TraceLog::muted(Default::default());
    let mut record = Record {
        muted: true,
        ..Record::default()
    };
    let mut counts: Vec<(u32, String)> = Vec::new();
    for _ in 0..LOOK {
        let Some(part) = cluster.step(&mut log, &mut record, now) else {
            break;
        };
        let name = words(&cluster, part);
        match counts.iter_mut().find(|(_, known)| *known == name) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, name)),
        }
    }
    crate::sort::sort_by(&mut counts, |a, b| b.0.cmp(&a.0));
    let names: Vec<String> = counts.into_iter().take(2).map(|(_, name)| name).collect();
    match names.is_empty() {
        true => "something asks to be looked at again and again".to_owned(),
        false => format!("{} without end", names.join(" and ")),
    }
}

fn words(cluster: &Cluster, part: Part) -> String {
    let pod = |uid| {
        cluster
            .api
            .pod(uid)
            .map_or("a Pod", |stored| &*stored.pod.metadata.name)
            .to_owned()
    };
    match part {
        Part::Scheduler => "the scheduler looks at its queue".to_owned(),
        Part::KubeletWatch(_, uid) | Part::StatusWrite(_, uid) | Part::Worker(_, uid) => {
            format!("the kubelet works on {}", pod(uid))
        }
        Part::Volumes(_, uid) => format!("the volumes of {} are looked at", pod(uid)),
        Part::Probe(_, uid, _) => format!("{} is probed", pod(uid)),
        Part::RelistPod(_, uid) => format!("the containers of {} are listed", pod(uid)),
        Part::Process(..) => "processes of a container run".to_owned(),
        Part::Finalize(uid) => format!("{} is removed", pod(uid)),
        Part::Controller(id) => format!("the controller {id:?} looks at its queue"),
        Part::Steps | Part::Console(_) => "commands of the steps run".to_owned(),
        Part::Endpoints => "endpoints are written".to_owned(),
        Part::NodeLifecycle | Part::NodeStatus(_) | Part::NodeShutdown(_) => "a Node is looked at".to_owned(),
        Part::Relist(_) | Part::Tick(_) | Part::Eviction(_) | Part::Images(_) => {
            "a kubelet looks at its Pods".to_owned()
        }
        Part::KubeletStop(_) | Part::KubeletStart(_) => "a kubelet stops and starts".to_owned(),
        Part::PodGc => "Pods without a node are looked at".to_owned(),
    }
}
