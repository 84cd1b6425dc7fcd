//! kubectl: command line, verbs, printers.
//!
//! A line goes through [`parse`] to a [`command::Command`]; [`run::Running`] carries it out against a [`server::Server`].

pub mod apply;
pub mod command;
mod cordon;
mod create;
mod debug;
mod delete;
pub mod describe;
mod drain;
pub mod duration;
pub mod edit;
mod events_verb;
mod eviction;
mod exec;
mod explain;
mod expose;
mod fields;
pub mod files;
pub mod flags;
mod get;
pub mod given;
pub mod jsonpath;
pub mod kinds;
mod label;
mod logs;
mod make;
pub mod object;
pub mod parse;
pub mod patch;
mod pods;
pub mod printpod;
mod report;
mod rollout;
pub mod run;
mod scale;
mod selection;
pub mod selector;
pub mod server;
mod set;
pub mod table;
pub mod tables;
mod taint;
mod visit;
mod wait;
mod workload;
pub mod write;
mod yaml;

pub use run::{Printed, Running, Stream, Wants};
pub use server::{
    Applied, ApplyMode, DeleteOptions, EventObject, ExecCall, Propagation, Refusal, Server, Stored, UpdateOptions,
};

#[cfg(test)]
mod run_tests;
