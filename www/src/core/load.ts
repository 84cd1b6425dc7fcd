// Loads the core and hands out instances of it.

import init, { Podscope } from 'podscope-core';
import type { Podscope as Core } from './contract.ts';

/** Fetches and compiles the core once. */
export async function loadCore(): Promise<void> {
  await init();
}

/** A fresh core. */
export function newCore(): Core {
  return new Podscope();
}
