//! A variant of the module whose functions tell that they ran: each sets a global of its own, exported under its number.

use super::read;
use crate::process::Failure;
use walrus::ir::{Const, GlobalSet, Value};
use walrus::{ConstExpr, ValType};

/// The name under which a function's global is exported begins so; its number follows.
pub const RAN: &str = "ran:";

/// Makes it. Functions bear the numbers of their places, which are the same whenever the same module is parsed.
pub fn instrument(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut module = read(module)?;
    let functions: Vec<_> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for id in functions {
        let zero = ConstExpr::Value(Value::I32(0));
        let global = module.globals.add_local(ValType::I32, true, false, zero);
        module.exports.add(&format!("{RAN}{}", id.index()), global);
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let entry = function.entry_block();
        let body = &mut function.block_mut(entry).instrs;
        let one = Const { value: Value::I32(1) };
        body.splice(
            0..0,
            [
                (one.into(), Default::default()),
                (GlobalSet { global }.into(), Default::default()),
            ],
        );
    }
    Ok(module.emit_wasm())
}
