//! Which functions stay, which go, and the slots of the table through which those that went are called.

use super::{NEED, unknown};
use crate::process::Failure;
use std::collections::{BTreeMap, BTreeSet};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, LocalFunction, Module, RefType, Table, TableId,
};

/// A function so small, in instructions, that a stub for it would not be smaller.
const TINY: u64 = 6;

/// The plan for one module; functions bear their numbers.
pub struct Plan {
    /// Functions with a body that stay in the first module.
    pub stay: BTreeSet<usize>,
    /// Functions that go, with the slots that they fill; none for one that only its like call.
    pub went: BTreeMap<usize, Vec<u32>>,
    /// The functions with slots made for them, behind the slots the table had, in order.
    pub added: Vec<usize>,
    /// The function that throws.
    pub need: usize,
    /// The length that the function table had.
    pub length: u32,
}

impl Plan {
    /// Decides by the numbers of the functions that ran.
    pub fn make(module: &Module, ran: &BTreeSet<usize>) -> Result<Plan, Failure> {
        let need = module
            .exports
            .get_func(NEED)
            .map_err(|_| unknown("it has no need_rest"))?;
        let table = function_table(module)?;
        let about = module.tables.get(table);
        let length = u32::try_from(about.initial).map_err(|_| unknown("its table is too long"))?;
        if about.maximum != Some(about.initial) {
            return Err(unknown("its table grows"));
        }
        let calls = callees(module);
        let stay = staying(module, ran, need.index(), &calls);
        let mut went: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (id, _) in module.funcs.iter_local() {
            if !stay.contains(&id.index()) {
                went.insert(id.index(), Vec::new());
            }
        }
        for (offset, functions) in segments(module, about)? {
            for (slot, function) in (offset..).zip(functions) {
                if let Some(slots) = went.get_mut(&function.index()) {
                    slots.push(slot);
                }
            }
        }
        // What is called by name, from a function that stays or from outside, needs a slot if it has none.
        let by_name = stay.iter().filter_map(|number| calls.get(number)).flatten().copied();
        let outside = module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(id) => Some(id.index()),
            _ => None,
        });
        let called: BTreeSet<usize> = by_name.chain(outside).collect();
        let mut added = Vec::new();
        for number in called {
            if went.get(&number).is_some_and(Vec::is_empty) {
                let slot = length + u32::try_from(added.len()).map_err(|_| unknown("too many functions"))?;
                went.insert(number, vec![slot]);
                added.push(number);
            }
        }
        Ok(Plan {
            stay,
            went,
            added,
            need: need.index(),
            length,
        })
    }
}

/// What stays: what ran, what throws, and what is so tiny that calling it costs as much as having it.
fn staying(
    module: &Module,
    ran: &BTreeSet<usize>,
    need: usize,
    calls: &BTreeMap<usize, BTreeSet<usize>>,
) -> BTreeSet<usize> {
    let tiny: BTreeSet<usize> = module
        .funcs
        .iter_local()
        .filter(|(_, body)| body.size() <= TINY)
        .map(|(id, _)| id.index())
        .collect();
    // All that the thrower calls stays, or it would call itself.
    let mut throwing = vec![need];
    let mut stay: BTreeSet<usize> = BTreeSet::new();
    while let Some(number) = throwing.pop() {
        if calls.contains_key(&number) && stay.insert(number) {
            throwing.extend(calls.get(&number).into_iter().flatten());
        }
    }
    stay.extend(module.start.map(|id| id.index()));
    stay.extend(ran.iter().filter(|number| calls.contains_key(number)));
    let mut todo: Vec<usize> = stay.iter().copied().collect();
    while let Some(number) = todo.pop() {
        for callee in calls.get(&number).into_iter().flatten() {
            if tiny.contains(callee) && stay.insert(*callee) {
                todo.push(*callee);
            }
        }
    }
    stay
}

/// The functions that each function with a body names.
fn callees(module: &Module) -> BTreeMap<usize, BTreeSet<usize>> {
    #[derive(Default)]
    struct Named(BTreeSet<usize>);
    impl<'a> Visitor<'a> for Named {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.insert(function.index());
        }
    }
    let named = |body: &LocalFunction| {
        let mut named = Named::default();
        dfs_in_order(&mut named, body, body.entry_block());
        named.0
    };
    let locals = module.funcs.iter_local();
    locals.map(|(id, body)| (id.index(), named(body))).collect()
}

/// The one table of functions.
pub fn function_table(module: &Module) -> Result<TableId, Failure> {
    let mut tables = module
        .tables
        .iter()
        .filter(|table| table.element_ty == RefType::FUNCREF);
    match (tables.next(), tables.next()) {
        (Some(table), None) if table.import.is_none() => Ok(table.id()),
        _ => Err(unknown("it has not one function table of its own")),
    }
}

/// The table's segments: where each begins, and its functions.
pub fn segments(module: &Module, table: &Table) -> Result<Vec<(u32, Vec<FunctionId>)>, Failure> {
    let odd = || unknown("a segment of its table is not a plain list at a plain place");
    let mut found = Vec::new();
    for element in module.elements.iter() {
        let ElementKind::Active { table: of, offset } = &element.kind else {
            return Err(odd());
        };
        if *of != table.id() {
            continue;
        }
        let (ConstExpr::Value(Value::I32(offset)), ElementItems::Functions(functions)) = (offset, &element.items)
        else {
            return Err(odd());
        };
        found.push((u32::try_from(*offset).map_err(|_| odd())?, functions.clone()));
    }
    Ok(found)
}

/// The functions of a module by their numbers.
pub fn by_number(module: &Module) -> BTreeMap<usize, FunctionId> {
    module
        .funcs
        .iter()
        .map(|function| (function.id().index(), function.id()))
        .collect()
}
