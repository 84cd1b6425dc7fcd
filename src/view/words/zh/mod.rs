//! Simplified Chinese. Kubernetes' own words (fields, reasons, kinds, signals) stay as they are.

pub mod status;
pub mod title;
pub mod what;
pub mod why;
pub mod workload;

use super::Fixed;

/// Words that are always the same.
pub const FIXED: Fixed = Fixed {
    figure: "Pod 的一生",
    columns: ["从", "到", "何处", "内容"],
    open: "仍在继续",
    left_out: "另有 {n} 条",
};
