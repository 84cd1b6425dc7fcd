//! Plain results for people: timeline, inspector, tables, SVG.
//!
//! Everything here is computed once from the trace and a request, natively testable, and only painted at the edge.
//! [`timeline`] indexes the log, [`lanes`] orders its lanes, [`layout`] makes the draw list, [`svg`] and [`markdown`]
//! paint it, [`element`] wraps it for pages, [`why`] says why, [`steps`] and [`table`] walk it, [`playground`] is what
//! the page holds. All words are in [`words`].

pub mod assumed;
pub mod boundary;
pub mod element;
pub mod endpoints;
pub mod json;
pub mod lanes;
pub mod layout;
pub mod link;
pub mod live;
pub mod markdown;
pub mod place;
pub mod playground;
pub mod run;
pub mod steps;
#[cfg(test)]
mod story;
pub mod svg;
pub mod table;
pub mod timeline;
pub mod why;
pub mod words;
