//! kubectl: command line, verbs, printers.

pub mod duration;
pub mod object;
pub mod printpod;
pub mod table;
pub mod write;
