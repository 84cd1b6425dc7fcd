//! Plain results for people: timeline, inspector, tables, SVG.

pub mod json;
