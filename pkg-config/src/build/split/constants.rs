//! Takes the constants out of the first module that only the rest refers to.

use super::linked::Linked;
use super::plan::Plan;
use super::unknown;
use crate::process::Failure;
use std::collections::BTreeSet;
use std::ops::Range;
use walrus::ir::{Instr, InstrLocId, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, LocalFunction, Module};

/// An address, and what stands there.
pub type Constants = (u32, Vec<u8>);

/// So few bytes stay: a hole costs as much.
const SHORT: usize = 8;
/// Over a gap so short the rest goes on, and writes again what is there: a segment of its own costs as much.
const GAP: u32 = 16;

/// Puts zeros in their place, and returns what stood there.
pub fn take(module: &mut Module, plan: &Plan, linked: &Linked) -> Result<Vec<Constants>, Failure> {
    let free = unused(module, plan, linked);
    let is_it = |kind: &DataKind| {
        matches!(kind, DataKind::Active { offset: ConstExpr::Value(Value::I32(at)), .. }
            if at.cast_unsigned() == linked.from)
    };
    let same = module
        .data
        .iter()
        .find(|data| is_it(&data.kind) && data.value == linked.bytes);
    let same = same.ok_or_else(|| unknown("the bindings changed its constants"))?.id();
    let segment = module.data.get_mut(same);
    let within = |run: &Range<u32>| (run.start - linked.from) as usize..(run.end - linked.from) as usize;
    for run in &free {
        if let Some(bytes) = segment.value.get_mut(within(run)) {
            bytes.fill(0);
        }
    }
    let mut gone: Vec<Range<u32>> = Vec::new();
    for run in free {
        match gone.last_mut() {
            Some(last) if run.start - last.end < GAP => last.end = run.end,
            _ => gone.push(run),
        }
    }
    let bytes = |run: &Range<u32>| linked.bytes.get(within(run)).unwrap_or_default().to_vec();
    Ok(gone.iter().map(|run| (run.start, bytes(run))).collect())
}

/// Where nothing stands that a function that stays refers to.
fn unused(module: &Module, plan: &Plan, linked: &Linked) -> Vec<Range<u32>> {
    let mut names = BTreeSet::new();
    let mut written = Written::default();
    for (id, body) in module.funcs.iter_local() {
        if plan.stay.contains(&id.index()) {
            match module.funcs.get(id).name.as_deref().filter(|name| linked.knows(name)) {
                Some(name) => drop(names.insert(name)),
                None => written.read(body),
            }
        }
    }
    let free = linked.unused_by(&names, &written.0);
    free.into_iter().filter(|run| run.len() >= SHORT).collect()
}

/// The numbers written in a function: any of them may be an address.
#[derive(Default)]
struct Written(BTreeSet<u32>);

impl Written {
    fn read(&mut self, body: &LocalFunction) {
        dfs_in_order(self, body, body.entry_block());
    }
}

impl<'a> Visitor<'a> for Written {
    fn visit_instr(&mut self, instr: &'a Instr, _: &'a InstrLocId) {
        let offset = match instr {
            Instr::Const(it) => match it.value {
                Value::I32(number) => Some(number.cast_unsigned()),
                _ => None,
            },
            Instr::Load(it) => u32::try_from(it.arg.offset).ok(),
            Instr::Store(it) => u32::try_from(it.arg.offset).ok(),
            _ => None,
        };
        self.0.extend(offset);
    }
}
