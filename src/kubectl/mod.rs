//! kubectl: command line, verbs, printers.

pub mod duration;
pub mod printpod;
pub mod table;
