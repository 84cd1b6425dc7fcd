//! Services of the present, and the Pods behind them.

use super::boundary::{EndpointRow, ServiceRow};
use crate::kubectl::tables;
use crate::manifest::Value;
use crate::sim::{Cluster, Reading};

/// All Services, each with what its EndpointSlices say.
pub fn services(cluster: &Cluster) -> Vec<ServiceRow> {
    let reading = Reading::of(cluster);
    let slices = reading.objects("EndpointSlice", None);
    let mut services = reading.objects("Service", None);
    crate::sort::sort_by(&mut services, |a, b| {
        (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name))
    });
    let calendar = cluster.setup.calendar;
    services
        .into_iter()
        .map(|service| {
            let mut cells = tables::cells(&service, cluster.now, calendar, true).into_iter().skip(1);
            let mut cell = || cells.next().unwrap_or_default();
            let (kind, cluster_ip, _external, ports, _age, selector) = (cell(), cell(), cell(), cell(), cell(), cell());
            let behind = slices.iter().filter(|s| {
                let of = s.labels.get("kubernetes.io/service-name").map(String::as_str);
                s.namespace == service.namespace && of == Some(&*service.name)
            });
            let endpoints = behind.flat_map(|slice| {
                let items = slice.value.get("endpoints").map(Value::items).unwrap_or_default();
                items.iter().map(endpoint).collect::<Vec<_>>()
            });
            ServiceRow {
                namespace: service.namespace.to_string(),
                name: service.name.to_string(),
                kind,
                cluster_ip,
                ports,
                selector,
                endpoints: endpoints.collect(),
            }
        })
        .collect()
}

fn endpoint(e: &Value) -> EndpointRow {
    let text = |path: &[&str]| e.at(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is = |name: &str| e.at(&["conditions", name]) == Some(&Value::Bool(true));
    EndpointRow {
        pod: text(&["targetRef", "name"]),
        address: text(&["addresses", "0"]),
        node: text(&["nodeName"]),
        ready: is("ready"),
        serving: is("serving"),
        terminating: is("terminating"),
    }
}
