//! A small module split by what ran, and put together again, in Node.

use super::instrument::{RAN, instrument};
use super::plan::Plan;
use super::{read, split};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use walrus::ir::{BinaryOp, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, InstrSeqBuilder, LocalId, Module, ModuleConfig,
    RefType, ValType,
};

/// Adds a function of so many numbers to a number, with more in it than a stub would have.
fn function(module: &mut Module, arity: usize, body: &dyn Fn(&mut InstrSeqBuilder<'_>, &[LocalId])) -> FunctionId {
    let arguments: Vec<LocalId> = (0..arity).map(|_| module.locals.add(ValType::I32)).collect();
    let mut function = FunctionBuilder::new(&mut module.types, &vec![ValType::I32; arity], &[ValType::I32]);
    let mut code = function.func_body();
    body(&mut code, &arguments);
    for _ in 0..4 {
        code.i32_const(1)
            .binop(BinaryOp::I32Add)
            .i32_const(1)
            .binop(BinaryOp::I32Sub);
    }
    function.finish(arguments, &mut module.funcs)
}

/// `maybe(n)` is `twice(n)`, but above ten it is `deep(n)`: `twice(n)` and how often `deep` was called. `by(n, slot)`
/// calls what is in a slot of the table: `twice`, or `hundred`.
fn sample(growing: bool) -> Vec<u8> {
    let mut module = Module::with_config(ModuleConfig::new());
    let nothing = module.types.add(&[], &[]);
    let (throw, _) = module.add_import_func("js", "throw", nothing);
    let zero = ConstExpr::Value(Value::I32(0));
    let state = module.globals.add_local(ValType::I32, true, false, zero.clone());
    let memory = module.memories.add_local(false, false, 1, None, None);
    let table = module
        .tables
        .add_local(false, 2, (!growing).then_some(2), RefType::FUNCREF);
    let mut need = FunctionBuilder::new(&mut module.types, &[], &[]);
    need.func_body().call(throw);
    let need = need.finish(vec![], &mut module.funcs);

    let twice = function(&mut module, 1, &|code, n| {
        code.local_get(n[0]).local_get(n[0]).binop(BinaryOp::I32Add);
    });
    let hundred = function(&mut module, 1, &|code, n| {
        code.local_get(n[0]).i32_const(100).binop(BinaryOp::I32Mul);
    });
    // Only what went calls it, so that it needs no slot.
    let deeper = function(&mut module, 1, &|code, n| {
        code.local_get(n[0])
            .call(twice)
            .global_get(state)
            .binop(BinaryOp::I32Add);
    });
    let deep = function(&mut module, 1, &|code, n| {
        code.global_get(state)
            .i32_const(1)
            .binop(BinaryOp::I32Add)
            .global_set(state);
        code.local_get(n[0]).call(deeper);
    });
    let maybe = function(&mut module, 1, &|code, n| {
        let often = |code: &mut InstrSeqBuilder<'_>| {
            code.local_get(n[0]).call(deep);
        };
        let seldom = |code: &mut InstrSeqBuilder<'_>| {
            code.local_get(n[0]).call(twice);
        };
        code.local_get(n[0]).i32_const(10).binop(BinaryOp::I32GtS);
        code.if_else(ValType::I32, often, seldom);
    });
    let ty = module.funcs.get(twice).ty();
    let by = function(&mut module, 2, &|code, n| {
        code.local_get(n[0]).local_get(n[1]).call_indirect(ty, table);
    });

    let list = ElementItems::Functions(vec![twice, hundred]);
    let segment = module.elements.add(ElementKind::Active { table, offset: zero }, list);
    module.tables.get_mut(table).elem_segments.insert(segment);
    module.exports.add("memory", memory);
    for (name, function) in [("need_rest", need), ("maybe", maybe), ("deep", deep), ("by", by)] {
        module.exports.add(name, function);
    }
    module.emit_wasm()
}

/// Runs a script over modules that lie beside it, and returns what it prints. Without Node there is nothing to see.
fn in_node(name: &str, modules: &[(&str, &[u8])], script: &str) -> Option<String> {
    // Tests run side by side in one process.
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let folder: PathBuf = std::env::temp_dir().join(format!("podscope-split-{name}-{}-{call}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (file, bytes) in modules {
        fs::write(folder.join(file), bytes).unwrap();
    }
    let load = "const { readFileSync } = require('node:fs');
        const js = { throw() { throw new Error('needed'); } };
        const load = (file, imports) => new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports).exports;\n";
    let ran = Command::new("node")
        .args(["-e", &format!("{load}{script}")])
        .current_dir(&folder)
        .output();
    fs::remove_dir_all(&folder).unwrap();
    let Ok(ran) = ran else {
        eprintln!("there is no Node here");
        return None;
    };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(String::from_utf8(ran.stdout).unwrap())
}

/// The numbers of what runs for small numbers.
fn ran() -> Option<BTreeSet<usize>> {
    let script = format!(
        "const all = load('all.wasm', {{ js }}); all.maybe(3); all.by(3, 0);
        for (const name in all) if (name.startsWith('{RAN}') && all[name].value) console.log(name.slice({}));",
        RAN.len()
    );
    let printed = in_node(
        "profile",
        &[("all.wasm", &instrument(&sample(false)).unwrap())],
        &script,
    )?;
    Some(
        printed
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect(),
    )
}

#[test]
fn what_ran_stays_and_the_rest_throws_until_it_comes() {
    let Some(ran) = ran() else { return };
    assert_eq!(ran.len(), 3, "maybe, twice and by");
    let halves = split(&sample(false), &ran, None).unwrap();
    assert_eq!((halves.stayed, halves.went), (4, 3), "need_rest stays too");
    let script = "
        const tried = (call) => { try { return call(); } catch (error) { return error.message; } };
        const rest = new WebAssembly.Module(readFileSync('rest.wasm'));
        for (const _ of [1, 2]) {
            const first = load('first.wasm', { js });
            const all = () => [first.maybe(3), first.by(3, 0), tried(() => first.maybe(30)), tried(() => first.deep(1)), tried(() => first.by(3, 1))];
            const before = all();
            new WebAssembly.Instance(rest, { first });
            console.log(JSON.stringify([before, all(), all()]));
        }";
    let printed = in_node(
        "halves",
        &[("first.wasm", &halves.first), ("rest.wasm", &halves.rest)],
        script,
    )
    .unwrap();
    let line = r#"[[6,6,"needed","needed","needed"],[6,6,61,4,300],[6,6,63,6,300]]"#;
    assert_eq!(printed, format!("{line}\n{line}\n"), "the same with every instance");
}

#[test]
fn only_what_is_called_from_the_first_module_gets_a_slot() {
    let Some(ran) = ran() else { return };
    let plan = Plan::make(&read(&sample(false)).unwrap(), &ran).unwrap();
    let mut slots: Vec<&[u32]> = plan.went.values().map(Vec::as_slice).collect();
    slots.sort();
    assert_eq!(
        slots,
        [&[][..], &[1], &[2]],
        "deeper; hundred, which had one; deep, which gets one"
    );
    assert_eq!(plan.added.len(), 1);
}

#[test]
fn the_same_module_is_split_the_same_way() {
    let Some(ran) = ran() else { return };
    let (once, again) = (
        split(&sample(false), &ran, None).unwrap(),
        split(&sample(false), &ran, None).unwrap(),
    );
    assert!(once.first == again.first && once.rest == again.rest);
}

#[test]
fn what_the_splitter_does_not_know_is_said() {
    let failure = |module: &[u8]| split(module, &BTreeSet::new(), None).map(|_| ()).unwrap_err().line;
    assert_eq!(failure(&sample(true)), "the core cannot be split: its table grows");
    let empty = Module::with_config(ModuleConfig::new()).emit_wasm();
    assert_eq!(failure(&empty), "the core cannot be split: it has no need_rest");
    assert!(failure(b"no module").starts_with("the core's module cannot be read"));
}
