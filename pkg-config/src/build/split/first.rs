//! The first module: the functions that stay, and for the others stubs that call through the table.

use super::plan::{Plan, by_number, function_table};
use super::rest::Shared;
use super::unknown;
use crate::process::Failure;
use std::collections::BTreeMap;
use walrus::ir::{CallIndirect, LocalGet, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
    TableId, TypeId, passes,
};

/// Leaves in a module what stays, and exports what the second module shares.
pub fn keep_first(module: &mut Module, plan: &Plan, shared: &BTreeMap<Shared, String>) -> Result<(), Failure> {
    let table = function_table(module)?;
    let numbers = by_number(module);
    let find = |number: &usize| {
        numbers
            .get(number)
            .copied()
            .ok_or_else(|| unknown("a function got lost"))
    };
    let need = find(&plan.need)?;

    let mut thunks: BTreeMap<TypeId, FunctionId> = BTreeMap::new();
    let mut thunk = |module: &mut Module, function: FunctionId| {
        let ty = module.funcs.get(function).ty();
        *thunks.entry(ty).or_insert_with(|| thrower(module, ty, need))
    };
    // The slots that the table had.
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    for id in elements {
        let ElementItems::Functions(mut functions) = module.elements.get(id).items.clone() else {
            return Err(unknown("a segment of its table is not a plain list"));
        };
        for function in &mut functions {
            if plan.went.contains_key(&function.index()) {
                *function = thunk(module, *function);
            }
        }
        module.elements.get_mut(id).items = ElementItems::Functions(functions);
    }
    // And those that are new.
    let mut added = Vec::new();
    for number in &plan.added {
        added.push(thunk(module, find(number)?));
    }
    let about = module.tables.get_mut(table);
    about.initial += added.len() as u64;
    about.maximum = Some(about.initial);
    let offset = ConstExpr::Value(Value::I32(plan.length.cast_signed()));
    let element = module
        .elements
        .add(ElementKind::Active { table, offset }, ElementItems::Functions(added));
    module.tables.get_mut(table).elem_segments.insert(element);

    for (number, slots) in &plan.went {
        // Without a slot nobody here calls it, and the body goes with all that is unused.
        if let Some(slot) = slots.first() {
            let id = find(number)?;
            let body = stub(module, module.funcs.get(id).ty(), table, *slot);
            module.funcs.get_mut(id).kind = FunctionKind::Local(body);
        }
    }
    share(module, &numbers, shared)?;
    passes::gc::run(module);
    Ok(())
}

/// A function that throws, of a given type.
fn thrower(module: &mut Module, ty: TypeId, need: FunctionId) -> FunctionId {
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let arguments = params.iter().map(|param| module.locals.add(*param)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().call(need).unreachable();
    builder.finish(arguments, &mut module.funcs)
}

/// A body that hands its arguments to the function in a slot.
fn stub(module: &mut Module, ty: TypeId, table: TableId, slot: u32) -> LocalFunction {
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let arguments: Vec<_> = params.iter().map(|param| module.locals.add(*param)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = builder.func_body();
    for argument in &arguments {
        body.instr(LocalGet { local: *argument });
    }
    body.i32_const(slot.cast_signed()).instr(CallIndirect { ty, table });
    builder.local_func(arguments)
}

/// Exports what the second module imports, under the names it knows.
fn share(
    module: &mut Module,
    numbers: &BTreeMap<usize, FunctionId>,
    shared: &BTreeMap<Shared, String>,
) -> Result<(), Failure> {
    for (what, name) in shared {
        let item = match what {
            Shared::Function(number) => numbers.get(number).map(|id| ExportItem::Function(*id)),
            Shared::Global(number) => module
                .globals
                .iter()
                .map(|it| it.id())
                .find(|id| id.index() == *number)
                .map(ExportItem::Global),
            Shared::Memory(number) => module
                .memories
                .iter()
                .map(|it| it.id())
                .find(|id| id.index() == *number)
                .map(ExportItem::Memory),
            Shared::Table(number) => module
                .tables
                .iter()
                .map(|it| it.id())
                .find(|id| id.index() == *number)
                .map(ExportItem::Table),
        };
        let item = item.ok_or_else(|| unknown("something shared got lost"))?;
        if module.exports.iter().any(|export| export.name == *name) {
            return Err(unknown(&format!("it has an export {name} already")));
        }
        module.exports.add(name, item);
    }
    Ok(())
}
