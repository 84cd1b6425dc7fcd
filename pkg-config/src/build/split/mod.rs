//! Splits the core in two: what runs before the first picture, and the rest.
//!
//! A function of the rest leaves a stub in the first module, which calls through a slot of the function table. Until the
//! second module is there, the slot leads to a thunk that calls the core's `need_rest`, which throws. The second module
//! imports memory, table, globals and the functions it calls from the exports of the first, and its element segments put
//! its functions into their slots. Constants that only the rest refers to go with it; zeros stand in their place until it
//! writes them there. The bindings stay as they are, and the same two modules link with every instance.

mod constants;
mod first;
mod instrument;
mod linked;
mod plan;
mod profile;

mod rest;
#[cfg(test)]
mod tests;

pub use profile::{recipe, run};

use crate::process::Failure;
use linked::Linked;
use plan::Plan;
use std::collections::BTreeSet;
use walrus::{Module, ModuleConfig};

/// The function of the core that throws when the rest is needed.
const NEED: &str = "need_rest";
/// Where the second module imports everything from: the exports of the first.
const FIRST: &str = "first";

/// The two modules.
pub struct Halves {
    /// What is needed before the first picture.
    pub first: Vec<u8>,
    /// All else.
    pub rest: Vec<u8>,
    /// How many functions stayed.
    pub stayed: usize,
    /// How many went.
    pub went: usize,
    /// How many bytes of constants went.
    pub constants: usize,
}

/// Splits a module by the numbers of the functions that ran. `linked` is what the linker made, before the bindings; it
/// tells who refers to which constants, and without it they all stay.
pub fn split(module: &[u8], ran: &BTreeSet<usize>, linked: Option<&[u8]>) -> Result<Halves, Failure> {
    let (mut first, mut rest) = (read(module)?, read(module)?);
    let plan = Plan::make(&first, ran)?;
    let gone = match linked {
        Some(linked) => constants::take(&mut first, &plan, &Linked::read(linked)?)?,
        None => Vec::new(),
    };
    let shared = rest::keep_rest(&mut rest, &plan, &gone)?;
    first::keep_first(&mut first, &plan, &shared)?;
    Ok(Halves {
        first: first.emit_wasm(),
        rest: rest.emit_wasm(),
        stayed: plan.stay.len(),
        went: plan.went.len(),
        constants: gone.iter().map(|(_, bytes)| bytes.len()).sum(),
    })
}

/// Parses a module. Its functions get the same numbers every time: their places.
fn read(module: &[u8]) -> Result<Module, Failure> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let parsed = Module::from_buffer_with_config(module, &config);
    let mut module = parsed.map_err(|e| Failure::new(format!("the core's module cannot be read: {e:#}")))?;
    // Among them the linker's notes, which are of no use to an engine.
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in customs {
        module.customs.delete(id);
    }
    Ok(module)
}

/// A line for what rustc or wasm-bindgen made otherwise than this splitter knows it.
fn unknown(what: &str) -> Failure {
    Failure::new(format!("the core cannot be split: {what}"))
}
