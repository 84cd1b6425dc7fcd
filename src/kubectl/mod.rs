//! kubectl: command line, verbs, printers.
//!
//! A line goes through [`parse`] to a [`command::Command`]; [`run::Running`] carries it out against a [`server::Server`].

mod apply;
pub mod command;
mod debug;
mod delete;
pub mod describe;
mod drain;
pub mod duration;
pub mod edit;
mod events_verb;
mod eviction;
mod exec;
mod fields;
pub mod files;
pub mod flags;
mod get;
pub mod given;
pub mod jsonpath;
pub mod kinds;
mod logs;
mod make;
pub mod object;
pub mod parse;
pub mod patch;
mod pods;
pub mod printpod;
pub mod run;
pub mod selector;
pub mod server;
pub mod table;
pub mod tables;
mod wait;
pub mod write;
mod yaml;

pub use run::{Printed, Running, Stream, Wants};
pub use server::{Applied, ApplyMode, EventObject, ExecCall, Refusal, Server, Stored};

#[cfg(test)]
mod run_tests;
