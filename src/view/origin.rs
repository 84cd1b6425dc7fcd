//! Which object of the text an entry goes back to: the Pod itself, or the outermost workload above its lane. Everything
//! that a template made shares its fields.

use crate::api::{Loaded, LoadedObject, WorkloadKind, template_path};
use crate::trace::{Field, FieldBase, LaneId, LaneKind, TraceLog};
use crate::view::lanes;

/// An object that the text may hold, and the kind of workload whose lane an entry is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// `Pod`, or the kind of a workload.
    pub kind: &'static str,
    /// Its name.
    pub name: &'a str,
    /// The kind of the nearest workload of the lane: a Job below its CronJob.
    pub nearest: Option<WorkloadKind>,
}

/// The outermost Pod or workload of a lane.
pub fn lane_of(log: &TraceLog, lane: LaneId) -> Option<LaneId> {
    let owns = |id: &LaneId| {
        let kind = log.lanes().get(id.0 as usize).map(|l| l.kind);
        matches!(kind, Some(LaneKind::Pod | LaneKind::Workload(_)))
    };
    lanes::outwards(log, lane).filter(owns).last()
}

/// The kind of the nearest workload of a lane.
pub fn nearest_workload(log: &TraceLog, lane: LaneId) -> Option<WorkloadKind> {
    lanes::outwards(log, lane).find_map(|id| match log.lanes().get(id.0 as usize)?.kind {
        LaneKind::Workload(kind) => Some(kind),
        _ => None,
    })
}

impl<'a> Origin<'a> {
    /// The origin whose lane is `lane`.
    pub fn at(log: &'a TraceLog, lane: LaneId, nearest: Option<WorkloadKind>) -> Option<Self> {
        let lane = log.lanes().get(lane.0 as usize)?;
        let kind = match lane.kind {
            LaneKind::Pod => "Pod",
            LaneKind::Workload(kind) => kind.as_str(),
            _ => return None,
        };
        Some(Origin {
            kind,
            name: &lane.name,
            nearest,
        })
    }

    /// The origin of what is on `lane`.
    pub fn of(log: &'a TraceLog, lane: LaneId) -> Option<Self> {
        Origin::at(log, lane_of(log, lane)?, nearest_workload(log, lane))
    }

    /// Its object in the text.
    pub fn object<'b>(&self, loaded: &'b Loaded) -> Option<&'b LoadedObject> {
        let mut all = loaded.objects.iter();
        all.find(|o| o.object.kind() == self.kind && o.object.name() == self.name)
    }

    /// Where the text has the base of a field of this origin: `spec.template.spec.containers[0]`.
    pub fn base(&self, field: &Field) -> String {
        let pod_spec = || match template_path(self.kind) {
            Some(path) => format!("{}.spec", path.join(".")),
            None => "spec".to_owned(),
        };
        match field.base {
            FieldBase::Container(index) => format!("{}.containers[{index}]", pod_spec()),
            FieldBase::InitContainer(index) => format!("{}.initContainers[{index}]", pod_spec()),
            FieldBase::PodSpec => pod_spec(),
            FieldBase::Workload if self.kind == "CronJob" && self.nearest == Some(WorkloadKind::Job) => {
                "spec.jobTemplate.spec".to_owned()
            }
            FieldBase::Workload | FieldBase::Step(_) | FieldBase::Scenario => "spec".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::live::Live;
    use crate::view::playground::Playground;

    const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 7
      containers:
      - name: app
        image: nginx
        readinessProbe:
          httpGet: {path: /, port: 80}
          periodSeconds: 4
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: 90s
  steps:
  - {at: 60s, run: kubectl scale deployment/web --replicas=1}
";

    fn played(text: &str) -> Playground<Live> {
        let mut playground = Playground::new(Live::default());
        playground.set_text(text, 0.0);
        while !playground.advance(100_000).done {}
        playground
    }

    #[test]
    fn a_field_of_the_template_is_that_of_every_pod() {
        let playground = played(WEB);
        let rows = playground.table(None);
        for (needle, path, pods) in [
            (
                "4\n",
                "spec.template.spec.containers[0].readinessProbe.periodSeconds",
                3,
            ),
            ("7\n", "spec.template.spec.terminationGracePeriodSeconds", 2),
            ("nginx", "spec.template.spec.containers[0].image", 3),
        ] {
            let offset = u32::try_from(WEB.find(needle).unwrap()).unwrap();
            let shaped = playground.entries_for(offset);
            let lanes: std::collections::BTreeSet<_> = rows
                .iter()
                .filter(|row| shaped.contains(&row.id))
                .filter_map(|row| row.lane.split(", ").find(|part| part.starts_with("Pod ")))
                .collect();
            assert_eq!(lanes.len(), pods, "{needle}");
            for id in shaped {
                let fields = playground.entry(id).unwrap().fields;
                let field = fields.iter().find(|f| f.path == path).unwrap();
                assert!(WEB[field.from as usize..].starts_with(needle.trim_end()), "{field:?}");
            }
        }
    }

    #[test]
    fn the_number_of_replicas_leads_to_the_deployment_from_its_replica_set_too() {
        let playground = played(WEB);
        let offset = u32::try_from(WEB.find("3\n").unwrap()).unwrap();
        let shaped = playground.entries_for(offset);
        let rows = playground.table(None);
        let of = |kind: &str| {
            rows.iter()
                .any(|r| shaped.contains(&r.id) && r.lane.split(", ").last().is_some_and(|l| l.starts_with(kind)))
        };
        assert!(of("ReplicaSet") && of("Deployment"), "{shaped:?}");
    }

    #[test]
    fn a_job_below_its_cron_job_has_a_deeper_base() {
        let origin = |kind, nearest| Origin {
            kind,
            name: "x",
            nearest,
        };
        let field = |base| Field { base, path: "" };
        for (origin, base, want) in [
            (origin("Pod", None), FieldBase::Container(1), "spec.containers[1]"),
            (
                origin("CronJob", Some(WorkloadKind::CronJob)),
                FieldBase::Workload,
                "spec",
            ),
            (
                origin("CronJob", Some(WorkloadKind::Job)),
                FieldBase::Workload,
                "spec.jobTemplate.spec",
            ),
            (
                origin("CronJob", Some(WorkloadKind::Job)),
                FieldBase::InitContainer(0),
                "spec.jobTemplate.spec.template.spec.initContainers[0]",
            ),
            (
                origin("Deployment", Some(WorkloadKind::ReplicaSet)),
                FieldBase::Workload,
                "spec",
            ),
        ] {
            assert_eq!(origin.base(&field(base)), want);
        }
    }
}
