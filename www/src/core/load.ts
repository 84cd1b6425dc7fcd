// Loads the core and hands out instances of it.

import init, * as built from 'podscope-core';
import type { Podscope as Core } from './contract.ts';

/** Fetches and compiles the core once. */
export async function loadCore(): Promise<void> {
  await init();
}

/** A fresh core. */
export function newCore(): Core {
  return new built.Podscope();
}

/** A core after a trap: in a new wasm instance, where the built package can make one. */
export function renewCore(): Core {
  const reset = (built as Record<string, unknown>)[RESET];
  if (typeof reset === 'function') reset();
  return new built.Podscope();
}

/** What wasm-bindgen calls the function that forgets an instance, when it is asked to make it. */
const RESET = '__wbg_reset_state';
