//! Plain results for people: timeline, inspector, tables, SVG.
//!
//! Everything here is computed once from the trace and a request, natively testable, and only painted at the edge.
//! [`timeline`] indexes the log, [`family`] knows whose its lanes are, [`lanes`] orders them, [`layout`] makes the draw list, [`svg`] and [`markdown`]
//! paint it, [`element`] wraps it for pages, [`chrome`] hands it to other viewers, [`why`] says why, [`steps`] and
//! [`table`] walk it, [`playground`] is what the page holds. [`origin`] finds what an entry goes back to in the text. [`outcome`] says how a run went in
//! numbers; [`compare`],
//! [`sweep`] and [`bands`] put runs of changed texts and of other seeds beside it, [`reality`] what a real cluster said;
//! [`ghost`] keeps one for the eye, and [`what_if`] writes what is to happen into the text. All words are in [`words`].

pub mod assumed;
pub mod bands;
pub mod boundary;
pub mod chrome;
pub mod compare;
pub mod element;
pub mod endpoints;
pub mod family;
pub mod ghost;
pub mod json;
pub mod lanes;
pub mod layout;
pub mod link;
pub mod live;
pub mod markdown;
pub mod numbers;
pub mod origin;
pub mod outcome;
pub mod place;
pub mod playground;
pub mod reality;
#[cfg(test)]
mod rollout;
pub mod run;
pub mod steps;
#[cfg(test)]
mod story;
pub mod svg;
pub mod sweep;
pub mod table;
pub mod timeline;
pub mod what_if;
pub mod why;
pub mod words;
