//! The second module: the functions that went, and all else imported from the first.

use super::constants::Constants;
use super::plan::{Plan, by_number, function_table};
use super::{FIRST, unknown};
use crate::process::Failure;
use std::collections::BTreeMap;
use walrus::ir::Value;
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, FunctionKind, GlobalKind, ImportKind, ImportedFunction, Module,
    TableId, passes,
};

/// What the first module has to export, by its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// A function, imported itself or not.
    Function(usize),
    /// A global.
    Global(usize),
    /// A memory.
    Memory(usize),
    /// A table.
    Table(usize),
}

/// Leaves in a module what went. Returns what it shares with the first, under the names it imports it by.
pub fn keep_rest(
    module: &mut Module,
    plan: &Plan,
    constants: &[Constants],
) -> Result<BTreeMap<Shared, String>, Failure> {
    if module.data.iter().any(|data| data.is_passive()) || module.tags.iter().next().is_some() {
        return Err(unknown("it has passive data or exceptions"));
    }
    let table = function_table(module)?;
    forget_roots(module);
    import_all(module, plan);
    fill_slots(module, plan, table);
    add_constants(module, constants)?;
    passes::gc::run(module);
    // Short names in the order of the imports.
    let mut shared = BTreeMap::new();
    for (place, import) in module.imports.iter_mut().enumerate() {
        let what = match import.kind {
            ImportKind::Function(id) => Shared::Function(id.index()),
            ImportKind::Global(id) => Shared::Global(id.index()),
            ImportKind::Memory(id) => Shared::Memory(id.index()),
            ImportKind::Table(id) => Shared::Table(id.index()),
            ImportKind::Tag(_) => return Err(unknown("it imports an exception")),
        };
        import.module = FIRST.into();
        import.name = short(place);
        shared.insert(what, import.name.clone());
    }
    Ok(shared)
}

/// Exports, start, data and segments are the first module's.
fn forget_roots(module: &mut Module) {
    module.start = None;
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    let data: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|id| module.data.delete(id));
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    module
        .memories
        .iter_mut()
        .for_each(|memory| memory.data_segments.clear());
    module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
}

/// Everything but the functions that went becomes an import; what nobody uses is thrown away later. Names come then, too.
fn import_all(module: &mut Module, plan: &Plan) {
    let numbers = by_number(module);
    for number in &plan.stay {
        let Some(id) = numbers.get(number) else { continue };
        let import = module.imports.add(FIRST, "", ImportKind::Function(*id));
        let function = module.funcs.get_mut(*id);
        let ty = function.ty();
        function.kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    let globals: Vec<_> = module.globals.iter().map(|global| global.id()).collect();
    for id in globals {
        if matches!(module.globals.get(id).kind, GlobalKind::Local(_)) {
            let import = module.imports.add(FIRST, "", ImportKind::Global(id));
            module.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
    }
    let imports = &mut module.imports;
    for memory in module.memories.iter_mut().filter(|memory| memory.import.is_none()) {
        memory.import = Some(imports.add(FIRST, "", ImportKind::Memory(memory.id())));
    }
    for table in module.tables.iter_mut().filter(|table| table.import.is_none()) {
        table.import = Some(imports.add(FIRST, "", ImportKind::Table(table.id())));
    }
}

/// One segment for each run of slots that follow each other.
fn fill_slots(module: &mut Module, plan: &Plan, table: TableId) {
    let numbers = by_number(module);
    let mut slots: Vec<(u32, usize)> = Vec::new();
    for (number, filled) in &plan.went {
        slots.extend(filled.iter().map(|slot| (*slot, *number)));
    }
    slots.sort_unstable();
    let mut runs: Vec<(u32, Vec<_>)> = Vec::new();
    for (slot, number) in slots {
        let Some(id) = numbers.get(&number) else { continue };
        match runs.last_mut() {
            Some((from, run)) if *from as usize + run.len() == slot as usize => run.push(*id),
            _ => runs.push((slot, vec![*id])),
        }
    }
    let about = module.tables.get_mut(table);
    about.initial += plan.added.len() as u64;
    about.maximum = Some(about.initial);
    for (from, run) in runs {
        let offset = ConstExpr::Value(Value::I32(from.cast_signed()));
        let element = module
            .elements
            .add(ElementKind::Active { table, offset }, ElementItems::Functions(run));
        module.tables.get_mut(table).elem_segments.insert(element);
    }
}

/// Constants are written into the memory when the module is linked.
fn add_constants(module: &mut Module, constants: &[Constants]) -> Result<(), Failure> {
    let memory = module.memories.iter().map(|memory| memory.id()).next();
    for (address, bytes) in constants {
        let memory = memory.ok_or_else(|| unknown("it has no memory"))?;
        let offset = ConstExpr::Value(Value::I32(address.cast_signed()));
        let data = module.data.add(DataKind::Active { memory, offset }, bytes.clone());
        module.memories.get_mut(memory).data_segments.insert(data);
    }
    Ok(())
}

/// The names are `$0`, `$1`, … in base 36, which no name of the bindings begins like.
fn short(mut place: usize) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((place % 36) as u32, 36).unwrap_or('0'));
        place /= 36;
        if place == 0 {
            break;
        }
    }
    digits.push('$');
    digits.iter().rev().collect()
}
