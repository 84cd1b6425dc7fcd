//! Amounts and fields that a description looks up.

use super::writer::Writer;
use crate::api::Quantity;
use crate::api::quantity;
use crate::kubectl::fields::Fields;
use crate::kubectl::jsonpath::bare;
use crate::manifest::Value;

/// An amount as the API prints it.
pub(super) fn canonical(amount: &Value) -> String {
    quantity::canonical(&bare(amount))
}

/// A block of amounts by their names, in order; nothing where there are none.
pub(super) fn amounts(out: &mut Writer, level: usize, label: &str, amounts: Option<&Value>) {
    let mut all: Vec<_> = amounts.map(Value::members).unwrap_or_default().iter().collect();
    crate::sort::sort_by(&mut all, |a, b| a.0.cmp(&b.0));
    if !all.is_empty() {
        out.line(level, &format!("{label}:"));
    }
    for (name, amount) in all {
        out.field(level + 1, name, &canonical(amount));
    }
}

/// A field of the Pod's metadata. kubectl knows no other fields and shows nothing for them.
pub(super) fn metadata(pod: Fields, path: &str) -> String {
    let keyed = |map: &str| {
        let rest = path.strip_prefix(&format!("metadata.{map}['"))?;
        let key = rest.strip_suffix("']")?;
        pod.0.at(&["metadata", map, key]).map(bare)
    };
    match path {
        "metadata.name" | "metadata.namespace" | "metadata.uid" => {
            pod.text(&["metadata", path.trim_start_matches("metadata.")])
        }
        _ => keyed("labels").or_else(|| keyed("annotations")).unwrap_or_default(),
    }
}

/// The value of a `resourceFieldRef`: in units of the divisor, rounded up.
pub(super) fn of_container(container: Fields, source: Fields) -> String {
    let resource = source.text(&["resourceFieldRef", "resource"]);
    let (list, name) = resource.split_once('.').unwrap_or(("", &resource));
    let given = container.0.at(&["resources", list, name]).map(bare);
    let amount = given.and_then(|text| Quantity::parse(&text)).map_or(0, |q| q.milli);
    let divisor = source.0.at(&["resourceFieldRef", "divisor"]).map(bare);
    let divisor = divisor.and_then(|text| Quantity::parse(&text)).map_or(0, |q| q.milli);
    let divisor = if divisor <= 0 { 1_000 } else { divisor };
    let units = (amount + divisor - 1).div_euclid(divisor);
    if units == 0 && matches!(resource.as_str(), "limits.cpu" | "limits.memory") {
        return "node allocatable".to_owned();
    }
    units.to_string()
}
